//! What is to be priced, as the contract's `Draft`: plain data that a page can set, read and keep.

use serde::Serialize;

use crate::date::Date;

/// A certificate order to be priced. Field names are those of DigiCert's order-pricing request where it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// The names, in order; sent lower-case, as A-labels, without duplicates.
    pub dns_names: Vec<String>,
    /// DigiCert's product identifier, e.g. `ssl_basic`.
    pub product_name_id: String,
    /// How long the order runs.
    pub order_validity: OrderValidity,
    /// Product ids of add-ons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addons: Vec<String>,
    /// Whether to ask for the list price instead of the contract price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_out_of_contract: Option<bool>,
    /// The end of the order that this one renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal_of_order_valid_till: Option<Date>,
    /// Where the order is billed; the account's own address when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<BillingAddress>,
}

/// The length of an order: exactly one of three, as the API wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderValidity {
    /// Whole years.
    Years(u32),
    /// Days.
    Days(u32),
    /// The day on which the order ends.
    CustomExpirationDate(Date),
}

impl Default for OrderValidity {
    fn default() -> Self {
        Self::Years(1)
    }
}

/// A billing address, used to estimate the tax.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BillingAddress {
    /// ISO 3166-1 alpha-2, e.g. `US`.
    pub country: String,
    /// State or province by its full name; empty where the country has none.
    pub state: String,
    /// City.
    pub city: String,
    /// ZIP or postal code; empty where the country has none.
    pub zip: String,
}
