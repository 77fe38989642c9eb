//! The five endpoints: for each a request as plain data and the answer as the API documents it.
//!
//! | endpoint | request | answer |
//! |---|---|---|
//! | `POST finance/order-pricing` | [`order_pricing::OrderPricing`] | [`order_pricing::PriceEstimate`] |
//! | `GET finance/balance` | [`finance_balance::FinanceBalance`] | [`finance_balance::AccountBalance`] |
//! | `GET finance/balance-history` | [`balance_history::BalanceHistory`] | [`crate::history::History`] |
//! | `GET account/subaccount/{id}/balance` | [`subaccount_balance::SubaccountBalance`] | [`subaccount_balance::SubaccountFunds`] |
//! | `GET v1beta1/organizations/{org_id}/billing/{id}/balance` | [`billing_balance::BillingBalance`] | [`billing_balance::Credits`] |
//!
//! The first four are DigiCert's Services API v2, the last is Raystack Frontier's.

use std::fmt;

use crate::json::DecodeError;
use crate::transport::{Method, Request};

pub mod balance_history;
pub mod billing_balance;
pub mod finance_balance;
pub mod order_pricing;
pub mod subaccount_balance;

/// One endpoint with its parameters: what to send, and how to read what comes back.
pub trait Endpoint {
    /// What a successful answer says.
    type Answer;

    /// The path of the endpoint with its placeholders, as errors name it: `finance/order-pricing`.
    fn name(&self) -> &'static str;

    /// The request as plain data.
    fn request(&self) -> Request;

    /// Reads the body of a successful answer.
    ///
    /// # Errors
    /// [`DecodeError`] when the body is not what the API documents, as far as money is concerned.
    fn decode(&self, body: &[u8]) -> Result<Self::Answer, DecodeError>;
}

/// An identifier of DigiCert's, which is a whole number: a container, a subaccount.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumericId(String);

impl NumericId {
    /// The identifier, or `None` if `text` is anything else than 1 to 20 digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for NumericId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An identifier of Frontier's: a UUID in its usual form, `8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e`, in either case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uuid(String);

impl Uuid {
    /// The identifier, or `None` if `text` is no UUID.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 36
            && text.bytes().enumerate().all(|(position, byte)| match position {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        well_formed.then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A `GET` of `path`.
fn get(path: String, query: Vec<(String, String)>) -> Request {
    Request { method: Method::Get, path, query, body: None, fresh: false }
}
