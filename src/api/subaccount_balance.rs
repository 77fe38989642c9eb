//! `GET account/subaccount/{id}/balance`: the balance of a DigiCert subaccount.
//!
//! Reference: "Balance details" in the subaccount section of <https://dev.digicert.com/certcentral-apis/services-api/>.

use super::{Endpoint, NumericId};
use crate::amount::Amount;
use crate::json::{self, DecodeError, Fault, FromJson, Reader, required, via};
use crate::transport::Request;

/// The endpoint's name.
pub const NAME: &str = "account/subaccount/{id}/balance";

/// Asks for the balance of a subaccount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubaccountBalance {
    /// The subaccount.
    pub id: NumericId,
}

impl Endpoint for SubaccountBalance {
    type Answer = SubaccountFunds;

    fn name(&self) -> &'static str {
        NAME
    }

    fn request(&self) -> Request {
        super::get(["account/subaccount/", &self.id.0, "/balance"].concat(), Vec::new())
    }

    fn decode(&self, body: &[u8]) -> Result<SubaccountFunds, DecodeError> {
        json::decode(body)
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubaccountFunds {
    /// The balance.
    pub amount: Amount,
    /// The subaccount's display currency, as the API wrote it; not every one is a currency that DigiCert bills in.
    pub currency: String,
}

impl<'a> FromJson<'a> for SubaccountFunds {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let (mut amount, mut currency) = (Amount::ZERO, String::new());
        reader.members(&mut [
            required("amount", &mut amount),
            required("currency", &mut via(|reader| reader.filled().map(|text| currency = text))),
        ])?;
        Ok(Self { amount, currency })
    }
}
