//! The verdict of a quote: what is left, what is missing, and when nothing can be said.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

use certquote::amount::Amount;
use certquote::balance::Balance;
use certquote::draft::Draft;
use certquote::funds::{Funds, Verdict};
use certquote::json;
use certquote::quote::Quote;
use proptest::prelude::*;

fn quote(total: &str, currency: &str) -> Quote {
    let body = format!(
        r#"{{"base_price":{total},"total_price":{total},"tax":"0.00","currency":"{currency}","tax_error":false}}"#
    );
    Quote::new(Draft::default(), &json::decode(body.as_bytes()).unwrap(), String::new()).unwrap()
}

fn balance(json: &str) -> Balance {
    Balance::from_account(json::decode(json.as_bytes()).unwrap(), "2026-11-21T14:05:00.000Z".to_owned())
}

fn available(available: &str, currency: &str) -> Balance {
    balance(&format!(
        r#"{{"balance":"454.00","currency":"{currency}","total_available_funds":"{available}"}}"#
    ))
}

fn funds(quote: &Quote, balance: &Balance) -> Funds {
    match Verdict::new(quote, balance) {
        Some(Verdict::Funds(funds)) => funds,
        other => panic!("{other:?}"),
    }
}

fn written(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}

#[test]
fn what_is_left_and_what_is_missing_are_exact() {
    for (total, available_funds, after, shortfall) in [
        ("782", "2454.00", Some("1672.00"), None),
        ("782", "782.00", Some("0.00"), None),
        ("782", "781.99", None, Some("0.01")),
        ("1190.40", "878", None, Some("312.40")),
        ("0.1", "-0.2", None, Some("0.3")),
        ("782", "-1000.70", None, Some("1782.70")),
        ("9007199254740993.01", "9007199254740993", None, Some("0.01")),
    ] {
        let funds = funds(&quote(total, "USD"), &available(available_funds, "USD"));
        assert_eq!(written(funds.available).as_deref(), Some(available_funds));
        assert_eq!(written(funds.after).as_deref(), after, "{total} of {available_funds}");
        assert_eq!(written(funds.shortfall).as_deref(), shortfall, "{total} of {available_funds}");
        assert!(!funds.unlimited);
    }
}

#[test]
fn serialises_to_the_public_type_and_is_null_rather_than_left_out() {
    let mut quote = quote("782", "USD");
    assert!(serde_json::to_value(&quote).unwrap().get("funds").unwrap().is_null());
    quote.funds = Some(funds(&quote, &available("500.00", "USD")));
    assert_eq!(
        serde_json::to_value(&quote).unwrap().get("funds").unwrap(),
        &serde_json::json!({"available": "500.00", "after": null, "shortfall": "282.00", "unlimited": false})
    );
}

#[test]
fn unlimited_credit_covers_whatever_it_costs() {
    let unlimited = balance(
        r#"{"balance":"-1000.70","currency":"USD","unpaid_invoice_balance":"0.00","unlimited_negative_balance":true}"#,
    );
    assert_eq!(
        funds(&quote("782", "USD"), &unlimited),
        Funds { available: None, after: None, shortfall: None, unlimited: true }
    );
}

#[test]
fn currencies_are_the_same_in_either_case_and_never_converted() {
    assert!(funds(&quote("782", "USD"), &available("800", "usd")).after.is_some());
    let verdict = Verdict::new(&quote("782", "USD"), &available("800", "EUR")).unwrap();
    assert_eq!((verdict, verdict.funds()), (Verdict::OtherCurrency, None));
}

#[test]
fn what_is_not_known_is_not_judged() {
    let unknown = quote("0", "USD");
    assert!(unknown.unknown);
    assert_eq!(Verdict::new(&unknown, &available("800", "USD")), None);
    let not_stated = balance(r#"{"balance":"454.00","currency":"USD"}"#);
    assert_eq!(Verdict::new(&quote("782", "USD"), &not_stated), None);
}

proptest! {
    #[test]
    fn after_or_shortfall_always_closes_the_sum(total in 1_i64..1_000_000, available_funds in -1_000_000_i64..1_000_000) {
        let cents = |value: i64| {
            format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100)
        };
        let quote = quote(&cents(total), "USD");
        let funds = funds(&quote, &available(&cents(available_funds), "USD"));
        prop_assert!(funds.after.is_some() != funds.shortfall.is_some());
        let left = funds.after.or(funds.shortfall.map(Amount::negated)).unwrap();
        prop_assert_eq!(left.add(quote.total.unwrap()), funds.available);
    }
}
