//! A balance as the elements show it, whichever of the three sources it comes from.

use serde::Serialize;

use crate::amount::Amount;
use crate::api::billing_balance::{self, Credits};
use crate::api::finance_balance::{self, AccountBalance};
use crate::api::subaccount_balance::{self, SubaccountFunds};
use crate::client::Client;
use crate::config::Subject;
use crate::error::CertError;
use crate::json;
use crate::transport::{Response, Transport};
use crate::words::errors::ErrorWords;

/// Where a balance comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceSource {
    /// A DigiCert account.
    #[default]
    Account,
    /// A DigiCert subaccount.
    Subaccount,
    /// A billing account in Frontier.
    Frontier,
}

impl BalanceSource {
    /// The source as it is written in the attribute `source`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Subaccount => "subaccount",
            Self::Frontier => "frontier",
        }
    }

    /// The endpoint that is asked.
    #[must_use]
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::Account => finance_balance::NAME,
            Self::Subaccount => subaccount_balance::NAME,
            Self::Frontier => billing_balance::NAME,
        }
    }
}

/// A balance. Serialises to the `Balance` of the public interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Where it comes from.
    pub source: BalanceSource,
    /// The balance itself, in the digits of the API; negative when the account owes.
    pub amount: Amount,
    /// The currency as the API wrote it; Frontier's `VC` (virtual credits) is none of ISO 4217, and may be missing.
    pub currency: String,
    /// When it was fetched, as RFC 3339.
    pub fetched_at: String,
    /// What is available for purchases, where the API says so. `None` is not zero.
    pub available: Option<Amount>,
    /// Whether the balance may go below zero without a limit.
    pub unlimited: bool,
    /// When the balance was updated, where the API says so.
    pub updated_at: Option<String>,
    /// The figures behind the available funds, for an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<AccountDetails>,
}

/// What the API says of an account beside its balance, under the API's own names; each only where it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AccountDetails {
    /// What is owed for unpaid invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpaid_invoice_balance: Option<Amount>,
    /// How far the balance may go below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative_balance_limit: Option<Amount>,
    /// What other divisions of the account owe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_credit_from_other_containers: Option<Amount>,
    /// What is available for purchases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_available_funds: Option<Amount>,
}

impl Balance {
    /// Asks for the balance of `subject`. `now` gives the time of the answer, as RFC 3339.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn fetch<T: Transport>(
        client: &Client<T>,
        subject: &Subject,
        now: impl FnOnce() -> String,
    ) -> Result<Self, CertError> {
        let response = client.fetch(subject.endpoint(), subject.request()).await?;
        Self::read(subject, &response, now(), client.words())
    }

    /// Reads the successful answer to a request for the balance of `subject`.
    ///
    /// # Errors
    /// `unreadable`.
    pub fn read(
        subject: &Subject,
        answer: &Response,
        fetched_at: String,
        words: &ErrorWords,
    ) -> Result<Self, CertError> {
        let balance = match subject {
            Subject::Account(_) => {
                json::decode(&answer.body).map(|answer| Self::from_account(answer, fetched_at))
            }
            Subject::Subaccount(_) => {
                json::decode(&answer.body).map(|answer| Self::from_subaccount(answer, fetched_at))
            }
            Subject::Frontier { .. } => {
                json::decode(&answer.body).map(|answer| Self::from_frontier(answer, fetched_at))
            }
        };
        balance.map_err(|error| CertError::unreadable(subject.endpoint(), answer.status, error, words))
    }

    /// The balance of an account.
    #[must_use]
    pub fn from_account(answer: AccountBalance, fetched_at: String) -> Self {
        Self {
            source: BalanceSource::Account,
            amount: answer.balance,
            currency: answer.currency,
            fetched_at,
            available: answer.total_available_funds,
            unlimited: answer.unlimited_negative_balance.is_some_and(|flag| flag.0),
            updated_at: None,
            details: Some(AccountDetails {
                unpaid_invoice_balance: answer.unpaid_invoice_balance,
                negative_balance_limit: answer.negative_balance_limit,
                used_credit_from_other_containers: answer.used_credit_from_other_containers,
                total_available_funds: answer.total_available_funds,
            }),
        }
    }

    /// The balance of a subaccount.
    #[must_use]
    pub fn from_subaccount(answer: SubaccountFunds, fetched_at: String) -> Self {
        Self {
            source: BalanceSource::Subaccount,
            amount: answer.amount,
            currency: answer.currency,
            fetched_at,
            available: None,
            unlimited: false,
            updated_at: None,
            details: None,
        }
    }

    /// The balance of a billing account in Frontier, in whole credits.
    #[must_use]
    pub fn from_frontier(answer: Credits, fetched_at: String) -> Self {
        Self {
            source: BalanceSource::Frontier,
            amount: answer.amount.into(),
            currency: answer.currency,
            fetched_at,
            available: None,
            unlimited: false,
            updated_at: answer.updated_at,
            details: None,
        }
    }
}

impl AccountDetails {
    /// What the documented sum gives for `balance`: balance + credit limit − unpaid invoices − used by other divisions.
    /// `None` when a part of it is not stated.
    #[must_use]
    pub fn sum(&self, balance: Amount) -> Option<Amount> {
        let spendable = balance.add(self.negative_balance_limit?)?;
        spendable.sub(self.unpaid_invoice_balance?)?.sub(self.used_credit_from_other_containers?)
    }
}
