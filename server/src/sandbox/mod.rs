//! The stand-in for both APIs. **Every price, rate, balance and adjustment in it is invented.**
//!
//! What provokes trouble is listed in the [crate's documentation](crate).
//!
//! # How a price is made
//! - [`catalogue`]: a base price, a price per FQDN and one per wildcard for each product, per year. Two years cost 1.9
//!   and three 2.75 times as much; days and expiration dates are prorated between those points, half-up to cents.
//! - [`count`]: FQDNs and wildcards are counted without duplicates and free twins. The first name is counted like any
//!   other; products for one name have it in their base price, the others charge every name counted.
//! - Multi-domain products sell the names past the tenth in packages of 25 (`san_package_price`).
//! - The contract discount is 12 % of all but add-ons, unless `is_out_of_contract` is 1. Add-ons cost the same for any
//!   length. A renewal date changes nothing.
//! - [`tax`]: by country and, in the United States, by state, on everything less the discount, half-up to cents; without an
//!   address the account's own, in Seattle, counts.
//!
//! An id that is in no list but well-formed gets the API's answer of zeros: no estimate.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;

use crate::route::{Api, Endpoint};
use crate::shape::{digicert_error, frontier_error};
use crate::upstream::{Answer, Call};

pub mod balance;
pub mod catalogue;
pub mod clock;
pub mod count;
pub mod history;
pub mod ledger;
pub mod number;
pub mod pricing;
pub mod tax;
pub mod trouble;

use ledger::{Account, Ledger};
use trouble::Trouble;

/// How long the slow answers take.
pub const SLOW: Duration = Duration::from_secs(5);

/// The stand-in; its ledgers are made when first asked for.
#[derive(Debug)]
pub struct Sandbox {
    adjustments: usize,
    ledgers: [OnceLock<Ledger>; 3],
}

/// An answer that refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// DigiCert's code.
    pub code: String,
    /// The sentence.
    pub message: String,
}

impl Refusal {
    /// `400 invalid_value:<field>`.
    #[must_use]
    pub fn invalid(field: &str, why: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: format!("invalid_value:{field}"),
            message: format!("{field} contains an invalid value. {why}"),
        }
    }
}

impl Sandbox {
    /// A sandbox whose histories hold `adjustments` adjustments each.
    #[must_use]
    pub fn new(adjustments: usize) -> Self {
        Self { adjustments, ledgers: Default::default() }
    }

    /// Answers like the API.
    pub async fn answer(&self, call: &Call) -> Answer {
        let trouble = trouble::of(call);
        if trouble == Some(Trouble::Slow) {
            tokio::time::sleep(SLOW).await;
        }
        if let Some(answer) = trouble.and_then(|trouble| trouble.answer(call.endpoint.api())) {
            return answer;
        }
        let answer = match &call.endpoint {
            Endpoint::OrderPricing => pricing::answer(&call.body, today(), Account::Main.balance(), trouble),
            Endpoint::Balance => Ok(balance::account(Account::of(container(call)))),
            Endpoint::History => {
                let account = Account::of(container(call));
                history::answer(self.ledger(account), account, &call.query)
            }
            Endpoint::SubaccountBalance { id } => Ok(balance::subaccount(id)),
            Endpoint::FrontierBalance { id, .. } => Ok(balance::frontier(id)),
        };
        match answer {
            Ok(body) => json(StatusCode::OK, body),
            Err(refusal) => refused(call.endpoint.api(), &refusal),
        }
    }

    fn ledger(&self, account: Account) -> &Ledger {
        let [main, unlimited, overdrawn] = &self.ledgers;
        let ledger = match account {
            Account::Main => main,
            Account::Unlimited => unlimited,
            Account::Overdrawn => overdrawn,
        };
        ledger.get_or_init(|| Ledger::generate(account, self.adjustments))
    }
}

fn container(call: &Call) -> Option<&str> {
    call.query.iter().find(|(name, _)| name == "container_id").map(|(_, value)| value.as_str())
}

/// The day today in UTC, as days since 1970.
fn today() -> i64 {
    let seconds =
        SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    i64::try_from(seconds / 86_400).unwrap_or_default()
}

fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    Answer {
        status,
        content_type: Some(HeaderValue::from_static("application/json")),
        retry_after: None,
        body: body.into(),
    }
}

fn refused(api: Api, refusal: &Refusal) -> Answer {
    let body = match api {
        Api::DigiCert => digicert_error(&refusal.code, &refusal.message),
        Api::Frontier => frontier_error(3, &refusal.message),
    };
    json(refusal.status, body)
}
