//! `GET v1beta1/organizations/{org_id}/billing/{id}/balance`: the credits of a billing account in Raystack Frontier.
//!
//! Reference: "Get billing balance" in the REST API of <https://github.com/raystack/frontier>, which served it up to v0.90. Newer
//! releases answer in a shape that leaves a zero `amount` out; both are read.

use super::{Endpoint, Uuid};
use crate::json::{self, DecodeError, Fault, FromJson, Int64, Reader, Text, optional, required, via};
use crate::transport::Request;

/// The endpoint's name.
pub const NAME: &str = "v1beta1/organizations/{org_id}/billing/{id}/balance";

/// Asks for the balance of a billing account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingBalance {
    /// The organisation.
    pub org_id: Uuid,
    /// The billing account.
    pub id: Uuid,
}

impl Endpoint for BillingBalance {
    type Answer = Credits;

    fn name(&self) -> &'static str {
        NAME
    }

    fn request(&self) -> Request {
        let path = ["v1beta1/organizations/", &self.org_id.0, "/billing/", &self.id.0, "/balance"].concat();
        super::get(path, Vec::new())
    }

    fn decode(&self, body: &[u8]) -> Result<Credits, DecodeError> {
        json::decode(body)
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credits {
    /// Whole credits; negative when overdrawn. The newer API leaves a zero out, which is read as the 0 it means;
    /// `null`, which neither generation sends, is not.
    pub amount: i64,
    /// `VC` (virtual credits) as far as is known, or nothing; no ISO 4217 currency.
    pub currency: String,
    /// When the balance was updated (RFC 3339); no known release of Frontier says so.
    pub updated_at: Option<String>,
}

impl<'a> FromJson<'a> for Credits {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let (mut amount, mut currency, mut updated_at) = (Int64(0), None::<Text<'_>>, None::<Text<'_>>);
        let mut balance = via(|reader| {
            reader.members(&mut [
                optional("amount", &mut amount),
                optional("currency", &mut currency),
                optional("updated_at", &mut updated_at),
            ])
        });
        reader.members(&mut [required("balance", &mut balance)])?;
        let currency = currency.unwrap_or_default().into_string();
        // Protobuf's zero time stands for none.
        let time = updated_at.filter(|time| !time.0.is_empty() && !time.0.starts_with("0001-01-01"));
        Ok(Self { amount: amount.0, currency, updated_at: time.map(Text::into_string) })
    }
}
