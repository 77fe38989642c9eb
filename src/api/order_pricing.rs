//! `POST finance/order-pricing`: DigiCert's price estimate for a certificate order.
//!
//! Reference: <https://dev.digicert.com/certcentral-apis/services-api/finance/price-estimate.html>

use super::Endpoint;
use crate::amount::Amount;
use crate::draft::{BillingAddress, Draft, OrderValidity};
use crate::json::{
    self, Count, DecodeError, Fault, Flag, FromJson, Reader, Text, ToJson, Writer, optional, required, via,
};
use crate::transport::{Method, Request};

/// The endpoint's name.
pub const NAME: &str = "finance/order-pricing";

/// Asks for the price of an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderPricing<'a> {
    /// The order, sent as it is: names lower-case and as A-labels, the address whole or absent.
    pub draft: &'a Draft,
}

impl ToJson for OrderPricing<'_> {
    fn write(&self, out: &mut Writer) {
        let draft = self.draft;
        let mut body = out.object();
        body.member("certificate", &Certificate(draft)).member("order_validity", &draft.order_validity);
        if let OrderValidity::Years(years) = &draft.order_validity {
            // The older form of `order_validity.years`. The reference marks both as required and every sample of it sends
            // this one alone; `order_validity` overrides it, so that sending both is right either way.
            body.member("validity_years", years);
        }
        body.member("product_name_id", &draft.product_name_id)
            .filled("addons", &draft.addons)
            .filled("is_out_of_contract", &draft.is_out_of_contract.map(u32::from))
            .filled("renewal_of_order_valid_till", &draft.renewal_of_order_valid_till)
            .filled("billing_address", &draft.billing_address.as_ref().map(Address));
    }
}

struct Certificate<'a>(&'a Draft);

impl ToJson for Certificate<'_> {
    fn write(&self, out: &mut Writer) {
        out.object().member("dns_names", &self.0.dns_names);
    }
}

struct Address<'a>(&'a BillingAddress);

impl ToJson for Address<'_> {
    fn write(&self, out: &mut Writer) {
        let BillingAddress { country, state, city, zip } = self.0;
        let mut address = out.object();
        address.member("country", country).member("city", city);
        if !state.is_empty() {
            address.member("state", state);
        }
        if !zip.is_empty() {
            address.member("zip", zip);
        }
    }
}

impl Endpoint for OrderPricing<'_> {
    type Answer = PriceEstimate;

    fn name(&self) -> &'static str {
        NAME
    }

    fn request(&self) -> Request {
        let body = Some(json::to_string(self));
        Request { method: Method::Post, path: NAME.to_owned(), query: Vec::new(), body, fresh: false }
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceEstimate {
    /// The product's own price.
    pub base_price: Amount,
    /// The price of the order with tax.
    pub total_price: Amount,
    /// The price of all add-ons.
    pub addons_price: Option<Amount>,
    /// The add-ons one by one; absent when none was asked for.
    pub addons_price_details: Vec<AddonPrice>,
    /// The price of the SAN package; in the sample of the reference only.
    pub san_package_price: Option<Amount>,
    /// The discount, of either sign; in the sample of the reference only.
    pub benefits_discount_total: Option<Amount>,
    /// The names without a wildcard.
    pub fqdns: Option<NamesPrice>,
    /// The names with a wildcard.
    pub wildcards: Option<NamesPrice>,
    /// The account's balance.
    pub balance: Option<Amount>,
    /// The currency of every figure, as the API wrote it (`USD`, but `usd` was seen too).
    pub currency: String,
    /// The estimated tax; only an answer with `tax_error` may lack it.
    pub tax: Option<Amount>,
    /// Whether the API failed to determine the tax. Its `tax` says nothing then.
    pub tax_error: Option<Flag>,
    /// Set by `certquote-server`'s sandbox alone: the price is invented.
    pub sandbox: Option<Flag>,
}

impl<'a> FromJson<'a> for PriceEstimate {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut answer = Self {
            base_price: Amount::ZERO,
            total_price: Amount::ZERO,
            addons_price: None,
            addons_price_details: Vec::new(),
            san_package_price: None,
            benefits_discount_total: None,
            fqdns: None,
            wildcards: None,
            balance: None,
            currency: String::new(),
            tax: None,
            tax_error: None,
            sandbox: None,
        };
        let (currency, mut addons) = (&mut answer.currency, None::<Vec<AddonPrice>>);
        reader.members(&mut [
            required("base_price", &mut answer.base_price),
            required("total_price", &mut answer.total_price),
            optional("addons_price", &mut answer.addons_price),
            optional("addons_price_details", &mut addons),
            optional("san_package_price", &mut answer.san_package_price),
            optional("benefits_discount_total", &mut answer.benefits_discount_total),
            optional("fqdns", &mut answer.fqdns),
            optional("wildcards", &mut answer.wildcards),
            optional("balance", &mut answer.balance),
            required("currency", &mut via(|reader| reader.filled().map(|text| *currency = text))),
            optional("tax", &mut answer.tax),
            optional("tax_error", &mut answer.tax_error),
            optional("sandbox", &mut answer.sandbox),
        ])?;
        answer.addons_price_details = addons.unwrap_or_default();
        Ok(answer)
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamesPrice {
    /// Their price.
    pub subtotal: Amount,
    /// How many the API counted.
    pub units: Option<Count>,
}

impl<'a> FromJson<'a> for NamesPrice {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut answer = Self { subtotal: Amount::ZERO, units: None };
        reader.members(&mut [
            required("subtotal", &mut answer.subtotal),
            optional("units", &mut answer.units),
        ])?;
        Ok(answer)
    }
}

/// The price of one add-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonPrice {
    /// The add-on's product id.
    pub product_id: String,
    /// How many.
    pub units: Option<Count>,
    /// What they cost together.
    pub subtotal: Option<Amount>,
    /// What one costs, by the reference's table.
    pub price: Option<Amount>,
    /// What one costs, by the reference's text.
    pub additional_name_price: Option<Amount>,
}

impl<'a> FromJson<'a> for AddonPrice {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut product_id = None::<Text<'a>>;
        let mut answer = Self {
            product_id: String::new(),
            units: None,
            subtotal: None,
            price: None,
            additional_name_price: None,
        };
        reader.members(&mut [
            optional("product_id", &mut product_id),
            optional("units", &mut answer.units),
            optional("subtotal", &mut answer.subtotal),
            optional("price", &mut answer.price),
            optional("additional_name_price", &mut answer.additional_name_price),
        ])?;
        answer.product_id = product_id.unwrap_or_default().into_string();
        Ok(answer)
    }
}

impl AddonPrice {
    /// What one costs, under either of its two names.
    #[must_use]
    pub fn unit_price(&self) -> Option<Amount> {
        self.price.or(self.additional_name_price)
    }
}
