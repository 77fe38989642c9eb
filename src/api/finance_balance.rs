//! `GET finance/balance`: the balance of a DigiCert account.
//!
//! Reference: "View balance" in the finance section of <https://dev.digicert.com/certcentral-apis/services-api/>.

use serde::Deserialize;

use super::{Endpoint, NumericId};
use crate::amount::Amount;
use crate::json::{self, DecodeError, Flag};
use crate::transport::Request;

/// The endpoint's name.
pub const NAME: &str = "finance/balance";

/// Asks for the balance of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinanceBalance {
    /// The division; an account with more than one requires it.
    pub container_id: Option<NumericId>,
}

impl Endpoint for FinanceBalance {
    type Answer = AccountBalance;

    fn name(&self) -> &'static str {
        NAME
    }

    fn request(&self) -> Request {
        let query = self.container_id.iter().map(|id| ("container_id".to_owned(), id.to_string())).collect();
        super::get(NAME.to_owned(), query)
    }

    fn decode(&self, body: &[u8]) -> Result<AccountBalance, DecodeError> {
        json::decode(body)
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AccountBalance {
    /// The balance; negative when the account owes.
    pub balance: Amount,
    /// The currency of every figure, as the API wrote it.
    #[serde(deserialize_with = "json::filled_string")]
    pub currency: String,
    /// What is owed for unpaid invoices.
    #[serde(default)]
    pub unpaid_invoice_balance: Option<Amount>,
    /// How far the balance may go below zero; absent where that is unlimited.
    #[serde(default)]
    pub negative_balance_limit: Option<Amount>,
    /// What is available for purchases; absent where that is unlimited.
    #[serde(default)]
    pub total_available_funds: Option<Amount>,
    /// What other divisions of the account owe.
    #[serde(default)]
    pub used_credit_from_other_containers: Option<Amount>,
    /// Whether the balance may go below zero without a limit; absent where it may not.
    #[serde(default)]
    pub unlimited_negative_balance: Option<Flag>,
}
