//! Whatever an API answers and whatever a buyer pastes: nothing panics, and what is accepted holds together.
//!
//! A target is one test with one folder of `tests/corpus/`; the server's are in `server/tests/fuzz.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "support/fuzz.rs"]
mod support;

use certquote::api::balance_history::BalanceHistory;
use certquote::api::billing_balance::BillingBalance;
use certquote::api::finance_balance::FinanceBalance;
use certquote::api::order_pricing::OrderPricing;
use certquote::api::subaccount_balance::SubaccountBalance;
use certquote::api::{Endpoint, NumericId, Uuid};
use certquote::draft::Draft;
use certquote::error::CertError;
use certquote::names;
use certquote::transport::Response;
use certquote::words::errors::EN;
use certquote_core::ledger::Ledger;
use certquote_core::row::decode_rows;
use support::fuzz;

const JSON: &[&str] = &[
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "{\"",
    "\":",
    ",",
    "1e400",
    "-0",
    "0.00",
    "\"1,234.50\"",
    "\\u0000",
    "\\ud800",
    "\"balance\":",
    "\"amount\":",
    "\"adjustments\":[",
    "\"total_price\":",
    "99999999999999999999999999999999",
    "[[[[[[[[",
];

#[test]
fn decoders() {
    let uuid = || Uuid::parse("8d2e7b52-3f7e-4a53-9d0c-0A9B7B1C2D3E").unwrap();
    let subaccount = SubaccountBalance { id: NumericId::parse("1").unwrap() };
    let billing = BillingBalance { org_id: uuid(), id: uuid() };
    let draft = Draft::default();
    fuzz("decoders", JSON, |body| {
        let read = [
            OrderPricing { draft: &draft }.decode(body).is_ok(),
            FinanceBalance::default().decode(body).is_ok(),
            subaccount.decode(body).is_ok(),
            billing.decode(body).is_ok(),
            BalanceHistory::default().decode(body).is_ok(),
        ];
        // The second opinion: what we read is JSON.
        if read.contains(&true) && std::str::from_utf8(body).is_ok() {
            let other = serde_json::from_slice::<serde_json::Value>(body);
            assert!(other.is_ok(), "{other:?}: {}", String::from_utf8_lossy(body));
        }
        let mut ledger = Ledger::default();
        let _ = decode_rows(body, &mut |row| {
            let _ = ledger.push(&row);
        });
    });
}

#[test]
fn errors() {
    fuzz("errors", JSON, |body| {
        for status in [400, 403, 404, 429, 502] {
            for endpoint in ["finance/order-pricing", "v1beta1/organizations/{org_id}/billing/{id}/balance"] {
                let response = Response { status, body: body.to_vec(), ..Response::default() };
                let error = CertError::from_response(endpoint, &response, &EN);
                assert_eq!(error.status, Some(status));
                assert!(!error.message.is_empty());
                assert!(error.upstream_codes.iter().all(|code| !code.contains(char::is_control)));
            }
        }
    });
}

#[test]
fn names() {
    let words = [
        "*.",
        "..",
        "xn--",
        "://",
        "@",
        ":443",
        "\u{3002}",
        "\u{200b}",
        "ß",
        "١",
        "_",
        " ",
        "\n",
        ",",
        ";",
        "[::1]",
        "1.2.3.4",
        "-",
        "%2e",
        "localhost",
    ];
    let to_ascii = |host: &str| idna::domain_to_ascii(host).ok();
    fuzz("names", &words, |text| {
        let text = String::from_utf8_lossy(text);
        let list = names::parse(&text, &to_ascii);
        let accepted: Vec<&str> = list.accepted().map(|name| name.name).collect();
        for name in &accepted {
            assert!(name.is_ascii() && !name.is_empty() && name.len() <= 253, "{name:?}");
            assert_eq!(*name, name.to_ascii_lowercase());
        }
        // What is accepted is accepted again, as it is.
        let again = accepted.join("\n");
        let again = names::parse(&again, &to_ascii);
        assert_eq!(again.accepted().map(|name| name.name).collect::<Vec<_>>(), accepted);
    });
}
