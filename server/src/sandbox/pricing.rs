//! `POST finance/order-pricing`: an estimate from the invented price list.

use std::net::Ipv4Addr;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use super::catalogue::{self, Names, Product};
use super::count::{Units, count};
use super::number::{as_number, as_text, cents, from_cents};
use super::trouble::Trouble;
use super::{Refusal, clock, tax};
use axum::http::StatusCode;

const MAX_NAMES: usize = 250;
const MAX_YEARS: i64 = 3;
/// Three years with a leap day.
const MAX_DAYS: i64 = 1_096;
/// Hundredths of a year's price for no year, one, two and three.
const YEARS: [i64; 4] = [0, 100, 190, 275];
/// Hundredths taken off under the contract.
const DISCOUNT: i64 = 12;

#[derive(Serialize)]
struct Estimate {
    #[serde(serialize_with = "as_number")]
    base_price: Decimal,
    #[serde(serialize_with = "as_number")]
    total_price: Decimal,
    #[serde(serialize_with = "as_number")]
    addons_price: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    addons_price_details: Option<Vec<AddonPrice>>,
    #[serde(serialize_with = "as_number")]
    san_package_price: Decimal,
    #[serde(serialize_with = "as_number")]
    benefits_discount_total: Decimal,
    fqdns: Share,
    wildcards: Share,
    #[serde(serialize_with = "as_number")]
    balance: Decimal,
    currency: &'static str,
    #[serde(serialize_with = "as_text")]
    tax: Decimal,
    tax_error: bool,
    /// No member of the API's answer: it marks the price as invented, wherever it is shown.
    sandbox: bool,
}

#[derive(Default, Serialize)]
struct Share {
    #[serde(serialize_with = "as_number")]
    subtotal: Decimal,
    units: usize,
}

#[derive(Serialize)]
struct AddonPrice {
    product_id: Value,
    units: usize,
    #[serde(serialize_with = "as_number")]
    subtotal: Decimal,
    #[serde(serialize_with = "as_text")]
    price: Decimal,
}

/// The length of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Years(i64),
    Days(i64),
}

impl Length {
    /// A yearly price in cents for this length, half-up to cents.
    fn price(self, yearly: i64) -> Decimal {
        let factor =
            |years: i64| usize::try_from(years).ok().and_then(|at| YEARS.get(at)).copied().unwrap_or(275);
        let hundredths = match self {
            Self::Years(years) => Decimal::from(factor(years)),
            Self::Days(days) => {
                let (years, rest) = (days / 365, days % 365);
                let step = factor(years + 1) - factor(years);
                Decimal::from(factor(years)) + Decimal::from(step * rest) / Decimal::from(365)
            }
        };
        cents(from_cents(yearly) * hundredths / Decimal::from(100))
    }
}

/// The body of the answer to a request, on a day (days since 1970) and with a balance in cents.
///
/// # Errors
/// [`Refusal`] with the API's codes.
pub fn answer(body: &[u8], today: i64, balance: i64, trouble: Option<Trouble>) -> Result<Vec<u8>, Refusal> {
    let malformed = || Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "bad_request_format".to_owned(),
        message: "The request is not a JSON object.".to_owned(),
    };
    let body: Value = serde_json::from_slice(body).map_err(|_| malformed())?;
    if !body.is_object() {
        return Err(malformed());
    }
    let names = names(&body)?;
    let product = product(&body)?;
    let length = length(&body, today)?;
    let list_price = flag(&body, "is_out_of_contract")?;
    let addons = addons(&body)?;
    if let Some(date) = body.get("renewal_of_order_valid_till").filter(|date| !date.is_null()) {
        date.as_str()
            .and_then(clock::parse_day)
            .ok_or_else(|| Refusal::invalid("renewal_of_order_valid_till", "Use YYYY-MM-DD."))?;
    }
    let (country, state) = address(&body)?;

    let mut estimate = Estimate {
        base_price: Decimal::ZERO,
        total_price: Decimal::ZERO,
        addons_price: Decimal::ZERO,
        addons_price_details: addons.as_ref().map(|_| Vec::new()),
        san_package_price: Decimal::ZERO,
        benefits_discount_total: Decimal::ZERO,
        fqdns: Share::default(),
        wildcards: Share::default(),
        balance: from_cents(balance),
        currency: "USD",
        tax: Decimal::ZERO,
        tax_error: trouble == Some(Trouble::TaxError),
        sandbox: true,
    };
    if let (Some(product), true) = (product, trouble != Some(Trouble::NoEstimate)) {
        estimate.fill(product, units(product, &names)?, length);
        if let Some(addons) = addons {
            estimate.add_addons(&addons);
        }
        estimate.sum_up(list_price, &country, &state);
    }
    serde_json::to_vec(&estimate).map_err(|_| malformed())
}

impl Estimate {
    fn fill(&mut self, product: &Product, units: Units, length: Length) {
        let (fqdn, wildcard) = (length.price(product.fqdn), length.price(product.wildcard));
        let singly = if product.packages { units.fqdns.min(catalogue::BEFORE_PACKAGES) } else { units.fqdns };
        let packages = (units.fqdns - singly).div_ceil(catalogue::PACKAGE_SIZE);
        let covered = usize::from(product.names == Names::Wildcard);
        self.base_price = length.price(product.base);
        self.fqdns = Share { subtotal: fqdn * Decimal::from(singly), units: units.fqdns };
        self.wildcards = Share {
            subtotal: wildcard * Decimal::from(units.wildcards.saturating_sub(covered)),
            units: units.wildcards,
        };
        self.san_package_price = length.price(catalogue::PACKAGE) * Decimal::from(packages);
    }

    fn add_addons(&mut self, ids: &[&'static catalogue::Addon]) {
        let mut details = Vec::new();
        for addon in &catalogue::ADDONS {
            let units = ids.iter().filter(|id| id.id == addon.id).count();
            if units > 0 {
                let price = from_cents(addon.price);
                let subtotal = price * Decimal::from(units);
                self.addons_price += subtotal;
                // Documented as a number, though requests send text: a number where it is one.
                let product_id = addon.id.parse::<u64>().map_or_else(|_| Value::from(addon.id), Value::from);
                details.push(AddonPrice { product_id, units, subtotal, price });
            }
        }
        self.addons_price_details = Some(details);
    }

    fn sum_up(&mut self, list_price: bool, country: &str, state: &str) {
        let certificate =
            self.base_price + self.fqdns.subtotal + self.wildcards.subtotal + self.san_package_price;
        if !list_price {
            self.benefits_discount_total = cents(certificate * Decimal::new(DISCOUNT, 2));
        }
        let net = certificate + self.addons_price - self.benefits_discount_total;
        if !self.tax_error {
            self.tax = tax::on(net, country, state);
        }
        self.total_price = net + self.tax;
    }
}

fn names(body: &Value) -> Result<Vec<String>, Refusal> {
    let bad = |why| Refusal::invalid("dns_names", why);
    let names: Vec<String> = body
        .get("certificate")
        .and_then(|certificate| certificate.get("dns_names"))
        .and_then(Value::as_array)
        .and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect())
        .ok_or_else(|| bad("A list of names is required."))?;
    if names.len() > MAX_NAMES { Err(bad("At most 250 names are allowed.")) } else { Ok(names) }
}

fn units(product: &Product, names: &[String]) -> Result<Units, Refusal> {
    if product.names == Names::None {
        return Ok(Units { fqdns: 0, wildcards: 0 });
    }
    let bad = |why: &str| Refusal::invalid("dns_names", why);
    let units = count(names).map_err(|name| bad(&format!("{name:?} is not a DNS name.")))?;
    if !product.id.starts_with("private_") && names.iter().any(|name| is_private(name)) {
        return Err(bad("A private address takes a private certificate."));
    }
    match (product.names, units.fqdns, units.wildcards) {
        (_, 0, 0) => Err(bad("At least one name is required.")),
        (Names::One | Names::Many, _, 1..) => Err(bad("This product takes no wildcards.")),
        (Names::One, 2.., _) => Err(bad("This product takes one name.")),
        (Names::Wildcard, _, 0) => Err(bad("This product needs a wildcard.")),
        _ => Ok(units),
    }
}

/// Whether the name is an address that no public authority can vouch for.
fn is_private(name: &str) -> bool {
    name.parse::<Ipv4Addr>().is_ok_and(|address| {
        address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified()
    })
}

/// The product, or `None` for an id that is well-formed but in no list.
fn product(body: &Value) -> Result<Option<&'static Product>, Refusal> {
    let bad = |why| Refusal::invalid("product_name_id", why);
    let id =
        body.get("product_name_id").and_then(Value::as_str).ok_or_else(|| bad("A product is required."))?;
    let well_formed = (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !well_formed {
        return Err(bad("A product's id consists of lower-case letters, digits and underscores."));
    }
    Ok(catalogue::find(id))
}

/// `order_validity` before `validity_years`; in it the expiration date before days before years.
fn length(body: &Value, today: i64) -> Result<Length, Refusal> {
    let order = body.get("order_validity").filter(|order| !order.is_null());
    let field = |name: &str| order.and_then(|order| order.get(name)).filter(|value| !value.is_null());
    let within = |value: &Value, max: i64| value.as_i64().filter(|number| (1..=max).contains(number));
    if let Some(date) = field("custom_expiration_date") {
        let bad = |why| Refusal::invalid("custom_expiration_date", why);
        let day = date.as_str().and_then(clock::parse_day).ok_or_else(|| bad("Use YYYY-MM-DD."))?;
        return match day - today {
            days @ 1..=MAX_DAYS => Ok(Length::Days(days)),
            _ => Err(bad("It must lie between tomorrow and three years ahead.")),
        };
    }
    if let Some(days) = field("days") {
        return within(days, MAX_DAYS)
            .map(Length::Days)
            .ok_or_else(|| Refusal::invalid("validity_days", "An order lasts one day to three years."));
    }
    let years = match order {
        Some(_) => field("years"),
        None => body.get("validity_years"),
    };
    years
        .and_then(|years| within(years, MAX_YEARS))
        .map(Length::Years)
        .ok_or_else(|| Refusal::invalid("validity_years", "An order lasts one to three years."))
}

fn flag(body: &Value, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(Value::Number(number)) if number.as_i64() == Some(0) => Ok(false),
        Some(Value::Number(number)) if number.as_i64() == Some(1) => Ok(true),
        Some(_) => Err(Refusal::invalid(name, "Use 0 or 1.")),
    }
}

fn addons(body: &Value) -> Result<Option<Vec<&'static catalogue::Addon>>, Refusal> {
    let Some(list) = body.get("addons").filter(|list| !list.is_null()) else { return Ok(None) };
    let bad = |why: &str| Refusal::invalid("addons", why);
    let list = list.as_array().ok_or_else(|| bad("A list of ids is expected."))?;
    list.iter()
        .map(|id| {
            let id = id.as_str().ok_or_else(|| bad("A list of ids is expected."))?;
            catalogue::ADDONS
                .iter()
                .find(|addon| addon.id == id)
                .ok_or_else(|| bad(&format!("The sandbox does not know the add-on {id:?}.")))
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Country and state of the billing address; the account's own without one.
fn address(body: &Value) -> Result<(String, String), Refusal> {
    let Some(address) = body.get("billing_address").filter(|address| !address.is_null()) else {
        return Ok(("us".to_owned(), "Washington".to_owned()));
    };
    let text = |name: &str| match address.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Refusal::invalid(&format!("billing_address.{name}"), "Text is expected.")),
    };
    let (country, state) = (text("country")?, text("state")?);
    text("zip")?;
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(Refusal::invalid("billing_address.country", "A code of two letters is expected."));
    }
    if text("city")?.trim().is_empty() {
        return Err(Refusal::invalid("billing_address.city", "A city is required."));
    }
    Ok((country, state))
}

#[cfg(test)]
#[path = "pricing_tests.rs"]
mod tests;
