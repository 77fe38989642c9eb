//! The contract's `Draft` as a page gives it and reads it back: whatever each scalar is, nothing is lost on the way.

use serde::{Serialize, Serializer};

use crate::draft::{BillingAddress, Draft, OrderValidity};
use crate::json::{Fault, FromJson, Reader, Scalar, ToJson, Writer, optional};

/// The contract's `Draft` as a page may give it: every scalar whatever it is, to be judged by [`Form::check`](super::Form::check).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LooseDraft {
    /// The names.
    pub dns_names: Vec<String>,
    /// The product id.
    pub product_name_id: String,
    /// The length.
    pub order_validity: LooseValidity,
    /// Add-on ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addons: Vec<Loose>,
    /// List price.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_flag")]
    pub is_out_of_contract: Option<Loose>,
    /// Renewal date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal_of_order_valid_till: Option<Loose>,
    /// Billing address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<LooseAddress>,
}

/// An order's length as a page may give it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the contract's own keys")]
pub struct LooseValidity {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_number")]
    pub years: Option<Loose>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_number")]
    pub days: Option<Loose>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_expiration_date: Option<Loose>,
}

/// A billing address as a page may give it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the contract's own keys")]
pub struct LooseAddress {
    pub country: Loose,
    pub state: Loose,
    pub city: Loose,
    pub zip: Loose,
}

/// A scalar as text: a string, a number or a truth value, whichever the page gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loose(pub String);

impl Serialize for Loose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'a> FromJson<'a> for Loose {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        Ok(Self(match reader.scalar()? {
            Scalar::Null => String::new(),
            Scalar::Bool(flag) => flag.to_string(),
            Scalar::Number(text) => text.to_owned(),
            Scalar::Text(text) => text.into_owned(),
        }))
    }
}

impl<'a> FromJson<'a> for LooseDraft {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut draft = Self::default();
        reader.members(&mut [
            optional("dns_names", &mut draft.dns_names),
            optional("product_name_id", &mut draft.product_name_id),
            optional("order_validity", &mut draft.order_validity),
            optional("addons", &mut draft.addons),
            optional("is_out_of_contract", &mut draft.is_out_of_contract),
            optional("renewal_of_order_valid_till", &mut draft.renewal_of_order_valid_till),
            optional("billing_address", &mut draft.billing_address),
        ])?;
        Ok(draft)
    }
}

impl LooseDraft {
    /// The draft, if every scalar is what it should be and one length is chosen.
    #[must_use]
    pub fn strict(self) -> Option<Draft> {
        let validity = self.order_validity;
        let order_validity = match (validity.years, validity.days, validity.custom_expiration_date) {
            (Some(Loose(years)), None, None) => OrderValidity::Years(years.parse().ok()?),
            (None, Some(Loose(days)), None) => OrderValidity::Days(days.parse().ok()?),
            (None, None, Some(Loose(date))) => OrderValidity::CustomExpirationDate(date.parse().ok()?),
            _ => return None,
        };
        let renewal = match self.renewal_of_order_valid_till {
            Some(Loose(date)) => Some(date.parse().ok()?),
            None => None,
        };
        let mut addons = Vec::new();
        for Loose(id) in self.addons {
            addons.push(id);
        }
        Some(Draft {
            dns_names: self.dns_names,
            product_name_id: self.product_name_id,
            order_validity,
            addons,
            is_out_of_contract: self.is_out_of_contract.map(|Loose(flag)| is_true(&flag)),
            renewal_of_order_valid_till: renewal,
            billing_address: self.billing_address.map(|address| BillingAddress {
                country: address.country.0,
                state: address.state.0,
                city: address.city.0,
                zip: address.zip.0,
            }),
        })
    }
}

impl<'a> FromJson<'a> for LooseValidity {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut validity = Self::default();
        reader.members(&mut [
            optional("years", &mut validity.years),
            optional("days", &mut validity.days),
            optional("custom_expiration_date", &mut validity.custom_expiration_date),
        ])?;
        Ok(validity)
    }
}

impl<'a> FromJson<'a> for LooseAddress {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut address = Self::default();
        reader.members(&mut [
            optional("country", &mut address.country),
            optional("state", &mut address.state),
            optional("city", &mut address.city),
            optional("zip", &mut address.zip),
        ])?;
        Ok(address)
    }
}

impl ToJson for LooseDraft {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("dns_names", &self.dns_names)
            .member("product_name_id", &self.product_name_id)
            .member("order_validity", &self.order_validity)
            .filled("addons", &self.addons)
            .filled("is_out_of_contract", &self.is_out_of_contract.as_ref().map(|Loose(text)| is_true(text)))
            .filled("renewal_of_order_valid_till", &self.renewal_of_order_valid_till)
            .filled("billing_address", &self.billing_address);
    }
}

impl ToJson for LooseValidity {
    fn write(&self, out: &mut Writer) {
        out.object()
            .filled("years", &self.years.as_ref().map(Number))
            .filled("days", &self.days.as_ref().map(Number))
            .filled("custom_expiration_date", &self.custom_expiration_date);
    }
}

impl ToJson for LooseAddress {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("country", &self.country)
            .member("state", &self.state)
            .member("city", &self.city)
            .member("zip", &self.zip);
    }
}

impl ToJson for Loose {
    fn write(&self, out: &mut Writer) {
        out.text(&self.0);
    }
}

/// A count, written as a number where it is one.
struct Number<'a>(&'a Loose);

impl Number<'_> {
    fn get(&self) -> Option<u32> {
        self.0.0.trim().parse().ok()
    }
}

impl ToJson for Number<'_> {
    fn write(&self, out: &mut Writer) {
        match self.get() {
            Some(number) => number.write(out),
            None => self.0.write(out),
        }
    }
}

/// A count is written back as a number where it is one.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn as_number<S: Serializer>(value: &Option<Loose>, serializer: S) -> Result<S::Ok, S::Error> {
    match value.as_ref().map(|value| (value, Number(value).get())) {
        None => serializer.serialize_none(),
        Some((_, Some(number))) => serializer.serialize_u32(number),
        Some((text, None)) => text.serialize(serializer),
    }
}

/// A flag is written back as a truth value.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn as_flag<S: Serializer>(value: &Option<Loose>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        None => serializer.serialize_none(),
        Some(Loose(text)) => serializer.serialize_bool(is_true(text)),
    }
}

pub(super) fn is_true(text: &str) -> bool {
    matches!(text, "true" | "1")
}
