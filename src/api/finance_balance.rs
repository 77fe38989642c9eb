//! `GET finance/balance`: the balance of a DigiCert account.
//!
//! Reference: "View balance" in the finance section of <https://dev.digicert.com/certcentral-apis/services-api/>.

use super::{Endpoint, NumericId};
use crate::amount::Amount;
use crate::json::{self, DecodeError, Fault, Flag, FromJson, Reader, optional, required, via};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBalance {
    /// The balance; negative when the account owes.
    pub balance: Amount,
    /// The currency of every figure, as the API wrote it.
    pub currency: String,
    /// What is owed for unpaid invoices.
    pub unpaid_invoice_balance: Option<Amount>,
    /// How far the balance may go below zero; absent where that is unlimited.
    pub negative_balance_limit: Option<Amount>,
    /// What is available for purchases; absent where that is unlimited.
    pub total_available_funds: Option<Amount>,
    /// What other divisions of the account owe.
    pub used_credit_from_other_containers: Option<Amount>,
    /// Whether the balance may go below zero without a limit; absent where it may not.
    pub unlimited_negative_balance: Option<Flag>,
}

impl<'a> FromJson<'a> for AccountBalance {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut answer = Self {
            balance: Amount::ZERO,
            currency: String::new(),
            unpaid_invoice_balance: None,
            negative_balance_limit: None,
            total_available_funds: None,
            used_credit_from_other_containers: None,
            unlimited_negative_balance: None,
        };
        let currency = &mut answer.currency;
        reader.members(&mut [
            required("balance", &mut answer.balance),
            required("currency", &mut via(|reader| reader.filled().map(|text| *currency = text))),
            optional("unpaid_invoice_balance", &mut answer.unpaid_invoice_balance),
            optional("negative_balance_limit", &mut answer.negative_balance_limit),
            optional("total_available_funds", &mut answer.total_available_funds),
            optional("used_credit_from_other_containers", &mut answer.used_credit_from_other_containers),
            optional("unlimited_negative_balance", &mut answer.unlimited_negative_balance),
        ])?;
        Ok(answer)
    }
}
