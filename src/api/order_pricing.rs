//! `POST finance/order-pricing`: DigiCert's price estimate for a certificate order.
//!
//! Reference: <https://dev.digicert.com/certcentral-apis/services-api/finance/price-estimate.html>

use serde::{Deserialize, Serialize};

use super::Endpoint;
use crate::amount::Amount;
use crate::date::Date;
use crate::draft::{Draft, OrderValidity};
use crate::json::{self, Count, DecodeError, Flag};
use crate::transport::{Method, Request};

/// The endpoint's name.
pub const NAME: &str = "finance/order-pricing";

/// Asks for the price of an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderPricing<'a> {
    /// The order, sent as it is: names lower-case and as A-labels, the address whole or absent.
    pub draft: &'a Draft,
}

#[derive(Serialize)]
struct Body<'a> {
    certificate: Certificate<'a>,
    order_validity: OrderValidity,
    /// The older form of `order_validity.years`. The reference marks both as required and every sample of it sends
    /// this one alone; `order_validity` overrides it, so that sending both is right either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    validity_years: Option<u32>,
    product_name_id: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    addons: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    is_out_of_contract: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal_of_order_valid_till: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_address: Option<Address<'a>>,
}

#[derive(Serialize)]
struct Certificate<'a> {
    dns_names: &'a [String],
}

#[derive(Serialize)]
struct Address<'a> {
    country: &'a str,
    city: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    state: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    zip: &'a str,
}

impl Endpoint for OrderPricing<'_> {
    type Answer = PriceEstimate;

    fn name(&self) -> &'static str {
        NAME
    }

    fn request(&self) -> Request {
        let draft = self.draft;
        let body = Body {
            certificate: Certificate { dns_names: &draft.dns_names },
            order_validity: draft.order_validity,
            validity_years: match draft.order_validity {
                OrderValidity::Years(years) => Some(years),
                OrderValidity::Days(_) | OrderValidity::CustomExpirationDate(_) => None,
            },
            product_name_id: &draft.product_name_id,
            addons: &draft.addons,
            is_out_of_contract: draft.is_out_of_contract.map(u8::from),
            renewal_of_order_valid_till: draft.renewal_of_order_valid_till,
            billing_address: draft.billing_address.as_ref().map(|address| Address {
                country: &address.country,
                city: &address.city,
                state: &address.state,
                zip: &address.zip,
            }),
        };
        // Structs of texts and numbers always serialise; there is nothing to report.
        let body = serde_json::to_string(&body).ok();
        Request { method: Method::Post, path: NAME.to_owned(), query: Vec::new(), body }
    }

    fn decode(&self, body: &[u8]) -> Result<PriceEstimate, DecodeError> {
        let estimate: PriceEstimate = json::decode(body)?;
        if estimate.tax.is_none() && !estimate.tax_error() {
            return Err(DecodeError::missing(body, "$.tax"));
        }
        Ok(estimate)
    }
}

/// The answer: a price estimate. An estimate of zero in every line means that the API could not make one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PriceEstimate {
    /// The product's own price.
    pub base_price: Amount,
    /// The price of the order with tax.
    pub total_price: Amount,
    /// The price of all add-ons.
    #[serde(default)]
    pub addons_price: Option<Amount>,
    /// The add-ons one by one; absent when none was asked for.
    #[serde(default, deserialize_with = "json::optional_objects")]
    pub addons_price_details: Vec<AddonPrice>,
    /// The price of the SAN package; in the sample of the reference only.
    #[serde(default)]
    pub san_package_price: Option<Amount>,
    /// The discount, of either sign; in the sample of the reference only.
    #[serde(default)]
    pub benefits_discount_total: Option<Amount>,
    /// The names without a wildcard.
    #[serde(default, deserialize_with = "json::optional_object")]
    pub fqdns: Option<NamesPrice>,
    /// The names with a wildcard.
    #[serde(default, deserialize_with = "json::optional_object")]
    pub wildcards: Option<NamesPrice>,
    /// The account's balance.
    #[serde(default)]
    pub balance: Option<Amount>,
    /// The currency of every figure, as the API wrote it (`USD`, but `usd` was seen too).
    #[serde(deserialize_with = "json::filled_string")]
    pub currency: String,
    /// The estimated tax; only an answer with `tax_error` may lack it.
    #[serde(default)]
    pub tax: Option<Amount>,
    /// Whether the API failed to determine the tax. Its `tax` says nothing then.
    #[serde(default)]
    pub tax_error: Option<Flag>,
    /// Set by `certquote-server`'s sandbox alone: the price is invented.
    #[serde(default)]
    pub sandbox: Option<Flag>,
}

impl PriceEstimate {
    /// Whether the price is an invented one, from `certquote-server`'s sandbox.
    #[must_use]
    pub fn sandbox(&self) -> bool {
        self.sandbox.is_some_and(|flag| flag.0)
    }

    /// Whether the API failed to determine the tax.
    #[must_use]
    pub fn tax_error(&self) -> bool {
        self.tax_error.is_some_and(|flag| flag.0)
    }
}

/// The price of the names of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct NamesPrice {
    /// Their price.
    pub subtotal: Amount,
    /// How many the API counted.
    #[serde(default)]
    pub units: Option<Count>,
}

/// The price of one add-on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AddonPrice {
    /// The add-on's product id.
    #[serde(default, deserialize_with = "json::string_or_null")]
    pub product_id: String,
    /// How many.
    #[serde(default)]
    pub units: Option<Count>,
    /// What they cost together.
    #[serde(default)]
    pub subtotal: Option<Amount>,
    /// What one costs, by the reference's table.
    #[serde(default)]
    pub price: Option<Amount>,
    /// What one costs, by the reference's text.
    #[serde(default)]
    pub additional_name_price: Option<Amount>,
}

impl AddonPrice {
    /// What one costs, under either of its two names.
    #[must_use]
    pub fn unit_price(&self) -> Option<Amount> {
        self.price.or(self.additional_name_price)
    }
}
