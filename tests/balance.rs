//! Balances of all three sources: asked for, read, and summed up exactly; and the words for them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use certquote::amount::Amount;
use certquote::api::{NumericId, Uuid};
use certquote::balance::{AccountDetails, Balance, BalanceSource};
use certquote::client::Client;
use certquote::config::Subject;
use certquote::error::{CertError, ErrorCode};
use certquote::transport::{Request, Response};
use certquote::words::{EN, PlainFormats};
use serde_json::{Value, json};

const UUID: &str = "8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e";
const NOW: &str = "2026-11-21T14:05:00.000Z";

/// Runs a future whose transport answers at once.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the transport of a test answers at once"),
    }
}

fn account() -> Subject {
    Subject::Account(None)
}

fn subaccount() -> Subject {
    Subject::Subaccount(NumericId::parse("42").unwrap())
}

fn frontier() -> Subject {
    Subject::Frontier { org_id: Uuid::parse(UUID).unwrap(), id: Uuid::parse(UUID).unwrap() }
}

fn fetch(subject: &Subject, status: u16, body: &[u8]) -> Result<Balance, CertError> {
    let response = Response { status, body: body.to_vec(), ..Response::default() };
    let client = Client::new(move |_: Request| std::future::ready(Ok(response.clone())));
    block_on(Balance::fetch(&client, subject, || NOW.to_owned()))
}

fn shown(subject: &Subject, body: &[u8]) -> Value {
    serde_json::to_value(fetch(subject, 200, body).unwrap()).unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

#[test]
fn the_documented_account_is_read_whole() {
    assert_eq!(
        shown(&account(), include_bytes!("fixtures/finance-balance.json")),
        json!({
            "source": "account", "amount": "454.00", "currency": "USD", "fetched_at": NOW,
            "available": "2454.00", "unlimited": false, "updated_at": null,
            "details": {
                "unpaid_invoice_balance": "0.00", "negative_balance_limit": "2000.00",
                "used_credit_from_other_containers": "0.00", "total_available_funds": "2454.00"
            }
        })
    );
}

#[test]
fn the_documented_unlimited_account_has_no_available_sum() {
    assert_eq!(
        shown(&account(), include_bytes!("fixtures/finance-balance-unlimited.json")),
        json!({
            "source": "account", "amount": "-1000.70", "currency": "USD", "fetched_at": NOW,
            "available": null, "unlimited": true, "updated_at": null,
            "details": {"unpaid_invoice_balance": "0.00", "used_credit_from_other_containers": "0.00"}
        })
    );
}

#[test]
fn the_documented_subaccount_keeps_its_digits() {
    for (body, digits) in [
        (&include_bytes!("fixtures/subaccount-balance.json")[..], "5000"),
        (br#"{"amount":"-350","currency":"USD"}"#, "-350"),
    ] {
        let shown = shown(&subaccount(), body);
        assert_eq!(
            (shown.get("source"), shown.get("amount")),
            (Some(&json!("subaccount")), Some(&json!(digits)))
        );
        assert_eq!(shown.get("available"), Some(&Value::Null));
    }
}

#[test]
fn frontier_is_exact_past_what_a_float_holds_and_may_owe() {
    for (body, digits) in [
        (r#"{"balance":{"amount":"1200","currency":"VC","updated_at":null}}"#, "1200"),
        (r#"{"balance":{"amount":"9007199254740993","currency":"VC"}}"#, "9007199254740993"),
        (r#"{"balance":{"amount":"-350","currency":"VC"}}"#, "-350"),
        (r#"{"balance":{"currency":"VC"}}"#, "0"),
    ] {
        let shown = shown(&frontier(), body.as_bytes());
        assert_eq!(
            (shown.get("amount"), shown.get("updated_at")),
            (Some(&json!(digits)), Some(&Value::Null))
        );
    }
    let dated = r#"{"balance":{"amount":"1","currency":"","updated_at":"2024-07-13T09:54:48.253921Z"}}"#;
    assert_eq!(
        shown(&frontier(), dated.as_bytes()).get("updated_at"),
        Some(&json!("2024-07-13T09:54:48.253921Z"))
    );
}

#[test]
fn an_answer_without_its_figure_is_unreadable_and_never_zero() {
    for (subject, endpoint, body, path) in [
        (account(), "finance/balance", r#"{"currency":"USD"}"#, "$.balance"),
        (subaccount(), "account/subaccount/{id}/balance", r#"{"currency":"USD"}"#, "$.amount"),
        (frontier(), "v1beta1/organizations/{org_id}/billing/{id}/balance", "{}", "$.balance"),
        (
            frontier(),
            "v1beta1/organizations/{org_id}/billing/{id}/balance",
            r#"{"balance":{"amount":"12.5"}}"#,
            "$.balance.amount",
        ),
    ] {
        let error = fetch(&subject, 200, body.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.endpoint, error.status), (ErrorCode::Unreadable, endpoint, Some(200)));
        assert_eq!(error.evidence.unwrap().path.as_deref(), Some(path));
    }
}

#[test]
fn each_subject_asks_its_own_endpoint_and_errors_name_it() {
    let asked = RefCell::new(Vec::new());
    let transport = |request: Request| {
        asked.borrow_mut().push((request.path, request.query));
        std::future::ready(Ok(Response { status: 403, body: Vec::new(), ..Response::default() }))
    };
    let client = Client::new(transport);
    let division = Subject::Account(NumericId::parse("7"));
    for (subject, source) in [
        (account(), BalanceSource::Account),
        (division, BalanceSource::Account),
        (subaccount(), BalanceSource::Subaccount),
        (frontier(), BalanceSource::Frontier),
    ] {
        let error =
            block_on(Balance::fetch(&client, &subject, || unreachable!("no answer, no time"))).unwrap_err();
        assert_eq!((error.code, error.endpoint), (ErrorCode::Forbidden, source.endpoint()));
    }
    let billing = format!("v1beta1/organizations/{UUID}/billing/{UUID}/balance");
    let expected = [
        ("finance/balance", vec![]),
        ("finance/balance", vec![("container_id".to_owned(), "7".to_owned())]),
        ("account/subaccount/42/balance", vec![]),
        (billing.as_str(), vec![]),
    ];
    assert_eq!(asked.into_inner(), expected.map(|(path, query)| (path.to_owned(), query)));
}

#[test]
fn the_sum_is_the_documented_one_and_needs_every_part() {
    let details = AccountDetails {
        negative_balance_limit: Some(amount("2000.00")),
        unpaid_invoice_balance: Some(amount("125.5")),
        used_credit_from_other_containers: Some(amount("10")),
        total_available_funds: None,
    };
    assert_eq!(details.sum(amount("-1000.70")).unwrap().to_string(), "863.80");
    for lacking in [
        AccountDetails { negative_balance_limit: None, ..details.clone() },
        AccountDetails { unpaid_invoice_balance: None, ..details.clone() },
        AccountDetails { used_credit_from_other_containers: None, ..details },
    ] {
        assert_eq!(lacking.sum(amount("454.00")), None);
    }
}

#[test]
fn virtual_credits_are_counted_in_words_and_money_is_money() {
    for (digits, currency, written) in [
        ("1200", "VC", "1200 credits"),
        ("1", "vc", "1 credit"),
        ("-1", "VC", "-1 credit"),
        ("0", "VC", "0 credits"),
        ("5000", "USD", "5000 USD"),
    ] {
        assert_eq!(EN.balance.amount(amount(digits), currency, &PlainFormats), written);
    }
}

#[test]
fn an_age_is_told_in_the_unit_that_fits() {
    for (minutes, told) in [
        (0, "less than a minute ago"),
        (1, "1 minute ago"),
        (119, "119 minutes ago"),
        (120, "2 hours ago"),
        (2879, "47 hours ago"),
        (2880, "2 days ago"),
    ] {
        assert_eq!(EN.balance.age(minutes, &PlainFormats), told);
    }
}

#[test]
fn whose_balance_it_is_is_said() {
    let division = Subject::Account(NumericId::parse("1234"));
    for (source, subject, said) in [
        (BalanceSource::Account, Some(&account()), "DigiCert account"),
        (BalanceSource::Account, Some(&division), "DigiCert division 1234"),
        (BalanceSource::Subaccount, Some(&subaccount()), "DigiCert subaccount 42"),
        (BalanceSource::Frontier, None, "Frontier credits"),
    ] {
        assert_eq!(EN.balance.subject(source, subject), said);
    }
}
