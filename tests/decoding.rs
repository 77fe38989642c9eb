//! The answers of the five endpoints: the documents' own samples, what is known to drift, and hostile bodies.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use certquote::amount::Amount;
use certquote::api::balance_history::BalanceHistory;
use certquote::api::billing_balance::{BillingBalance, Credits};
use certquote::api::finance_balance::{AccountBalance, FinanceBalance};
use certquote::api::order_pricing::{OrderPricing, PriceEstimate};
use certquote::api::subaccount_balance::{SubaccountBalance, SubaccountFunds};
use certquote::api::{Endpoint, NumericId, Uuid};
use certquote::balance::Balance;
use certquote::draft::Draft;
use certquote::history::History;
use certquote::json::{DecodeError, DecodeErrorKind};
use proptest::prelude::*;
use serde_json::json;

const UUID: &str = "8d2e7b52-3f7e-4a53-9d0c-0A9B7B1C2D3E";
const NOW: &str = "2026-11-21T12:00:00Z";

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn pricing(body: &[u8]) -> Result<PriceEstimate, DecodeError> {
    OrderPricing { draft: &Draft::default() }.decode(body)
}

fn account(body: &[u8]) -> Result<AccountBalance, DecodeError> {
    FinanceBalance::default().decode(body)
}

fn subaccount(body: &[u8]) -> Result<SubaccountFunds, DecodeError> {
    SubaccountBalance { id: NumericId::parse("1").unwrap() }.decode(body)
}

fn billing(body: &[u8]) -> Result<Credits, DecodeError> {
    BillingBalance { org_id: Uuid::parse(UUID).unwrap(), id: Uuid::parse(UUID).unwrap() }.decode(body)
}

fn history(body: &[u8]) -> Result<History, DecodeError> {
    BalanceHistory::default().decode(body)
}

#[test]
fn reads_the_documented_price_estimate() {
    let estimate = pricing(include_bytes!("fixtures/order-pricing.json")).unwrap();
    assert_eq!(estimate.base_price.to_string(), "782");
    assert_eq!(estimate.total_price.to_string(), "782");
    assert_eq!(estimate.tax.unwrap().to_string(), "0.00");
    assert_eq!(estimate.currency, "USD");
    assert_eq!(estimate.balance, Some(Amount::ZERO));
    assert_eq!(estimate.fqdns.unwrap().units.unwrap().0, 0);
    assert!(!estimate.tax_error());
    assert!(estimate.addons_price_details.is_empty());
}

#[test]
fn reads_numbers_as_strings_and_strings_as_numbers() {
    let estimate = pricing(include_bytes!("fixtures/order-pricing-full.json")).unwrap();
    assert_eq!(estimate.base_price.to_string(), "1234.50");
    assert_eq!(estimate.total_price.to_string(), "39789.23");
    assert_eq!(estimate.tax.unwrap().to_string(), "3699.23");
    assert_eq!(estimate.wildcards.unwrap().units.unwrap().0, 1);
    let ids: Vec<&str> =
        estimate.addons_price_details.iter().map(|addon| addon.product_id.as_str()).collect();
    assert_eq!(ids, ["17", "keylocker"]);
    let prices: Vec<String> =
        estimate.addons_price_details.iter().map(|addon| addon.unit_price().unwrap().to_string()).collect();
    assert_eq!(prices, ["150.00", "40.5"]);
}

#[test]
fn an_estimate_needs_its_money() {
    for (body, path) in [
        (r#"{"total_price":1,"tax":0,"currency":"USD"}"#, "$.base_price"),
        (r#"{"base_price":1,"tax":0,"currency":"USD"}"#, "$.total_price"),
        (r#"{"base_price":1,"total_price":1,"currency":"USD"}"#, "$.tax"),
        (r#"{"base_price":1,"total_price":1,"tax":null,"currency":"USD"}"#, "$.tax"),
        (r#"{"base_price":1,"total_price":1,"tax":0}"#, "$.currency"),
        (r#"{"base_price":1,"total_price":1,"tax":0,"currency":null}"#, "$.currency"),
        (r#"{"base_price":1,"total_price":1,"tax":0,"currency":" "}"#, "$.currency"),
        (r#"{"base_price":null,"total_price":1,"tax":0,"currency":"USD"}"#, "$.base_price"),
        (r#"{"base_price":1,"total_price":"","tax":0,"currency":"USD"}"#, "$.total_price"),
        (r#"{"base_price":1,"total_price":1e3,"tax":0,"currency":"USD"}"#, "$.total_price"),
        (
            r#"{"base_price":1,"total_price":1,"tax":0,"currency":"USD","fqdns":{"units":1}}"#,
            "$.fqdns.subtotal",
        ),
        (
            r#"{"base_price":1,"total_price":1,"tax":0,"fqdns":{"subtotal":0,"units":"many"}}"#,
            "$.fqdns.units",
        ),
        (r#"{"base_price":1,"total_price":1,"tax":0,"fqdns":{"units":-1,"subtotal":0}}"#, "$.fqdns.units"),
        (r#"{"base_price":1,"total_price":1,"tax":0,"wildcards":[0, 1]}"#, "$.wildcards"),
        (
            r#"{"base_price":1,"addons_price_details":[{"product_id":1},{"product_id":2,"price":"free"}]}"#,
            "$.addons_price_details[1].price",
        ),
        (
            r#"{"base_price":1,"addons_price_details":[{"product_id":{}}]}"#,
            "$.addons_price_details[0].product_id",
        ),
        (r#"{"base_price":1,"total_price":1,"tax":0,"tax_error":"perhaps"}"#, "$.tax_error"),
        (r#"{"base_price":1,"total_price":1,"base_price":2}"#, "$.base_price"),
    ] {
        let error = pricing(body.as_bytes()).unwrap_err();
        assert_eq!(error.path, path, "{body}: {error}");
        assert_eq!(error.kind, DecodeErrorKind::Shape, "{body}: {error}");
        assert!(!error.excerpt.is_empty(), "{body}");
    }
}

#[test]
fn an_estimate_without_tax_is_readable_when_the_tax_failed() {
    for flag in ["true", "1", "\"1\"", "\"true\""] {
        let body = format!(r#"{{"base_price":1,"total_price":1,"currency":"USD","tax_error":{flag}}}"#);
        let estimate = pricing(body.as_bytes()).unwrap();
        assert!(estimate.tax_error());
        assert_eq!(estimate.tax, None);
    }
}

#[test]
fn what_is_not_documented_as_required_may_be_missing_or_null() {
    let body = br#"{"base_price":1,"total_price":1,"tax":0,"currency":"XYZ","fqdns":null,"wildcards":null,
        "addons_price":null,"addons_price_details":null,"san_package_price":null,"balance":null,"tax_error":null}"#;
    let estimate = pricing(body).unwrap();
    assert_eq!((estimate.fqdns, estimate.addons_price, estimate.balance), (None, None, None));
    assert_eq!(estimate.currency, "XYZ");
}

#[test]
fn reads_the_documented_account_balances() {
    let answer = account(include_bytes!("fixtures/finance-balance.json")).unwrap();
    assert_eq!(
        serde_json::to_value(Balance::from_account(answer, NOW.to_owned())).unwrap(),
        json!({
            "source": "account", "amount": "454.00", "currency": "USD", "fetched_at": NOW,
            "available": "2454.00", "unlimited": false, "updated_at": null,
            "details": {
                "unpaid_invoice_balance": "0.00", "negative_balance_limit": "2000.00",
                "used_credit_from_other_containers": "0.00", "total_available_funds": "2454.00"
            }
        })
    );
    let answer = account(include_bytes!("fixtures/finance-balance-unlimited.json")).unwrap();
    let balance = Balance::from_account(answer, NOW.to_owned());
    assert_eq!(balance.amount.to_string(), "-1000.70");
    assert!(balance.unlimited);
    assert_eq!(balance.available, None);
}

#[test]
fn a_missing_balance_is_an_error_and_never_zero() {
    for (body, path) in [
        (r#"{"currency":"USD"}"#, "$.balance"),
        (r#"{"balance":null,"currency":"USD"}"#, "$.balance"),
        (r#"{"balance":"","currency":"USD"}"#, "$.balance"),
        (r#"{"balance":true,"currency":"USD"}"#, "$.balance"),
        (r#"{"balance":{},"currency":"USD"}"#, "$.balance"),
        (r#"{"balance":"1.00"}"#, "$.currency"),
        (r#"{"balance":"1.00","currency":["USD"]}"#, "$.currency"),
        (r#"{"balance":"1.00","balance":"2.00","currency":"USD"}"#, "$.balance"),
        (r#"{"balance":"1.00","currency":"USD","total_available_funds":"n/a"}"#, "$.total_available_funds"),
        ("{}", "$.balance"),
    ] {
        assert_eq!(account(body.as_bytes()).unwrap_err().path, path, "{body}");
    }
    for body in [r#"{"currency":"USD"}"#, r#"{"amount":null,"currency":"USD"}"#, r#"{"amount":5000}"#] {
        assert!(subaccount(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn an_array_is_no_object_however_well_its_elements_fit() {
    assert_eq!(account(br#"["454.00","USD",0,0,0,0,false]"#).unwrap_err().kind, DecodeErrorKind::Shape);
    assert!(history(br#"[[]]"#).is_err());
    assert!(history(br#"{"adjustments":[["5"]]}"#).is_err());
    assert!(billing(br#"{"balance":["5","VC"]}"#).is_err());
}

#[test]
fn reads_the_documented_subaccount_balance() {
    let answer = subaccount(include_bytes!("fixtures/subaccount-balance.json")).unwrap();
    let value = serde_json::to_value(Balance::from_subaccount(answer, NOW.to_owned())).unwrap();
    assert_eq!(
        value,
        json!({
            "source": "subaccount", "amount": "5000", "currency": "USD", "fetched_at": NOW,
            "available": null, "unlimited": false, "updated_at": null
        })
    );
    assert_eq!(subaccount(br#"{"amount":"12.30","currency":"JPY"}"#).unwrap().amount.to_string(), "12.30");
}

#[test]
fn reads_every_generation_of_frontier() {
    let credits = |amount| Credits { amount, currency: "VC".to_owned(), updated_at: None };
    assert_eq!(billing(include_bytes!("fixtures/billing-balance.json")), Ok(credits(1200)));
    assert_eq!(billing(include_bytes!("fixtures/billing-balance-zero-left-out.json")), Ok(credits(0)));
    for (body, amount) in [
        (r#"{"balance":{"amount":"0","currency":"VC","updated_at":null}}"#, 0),
        (r#"{"balance":{"amount":"-350","currency":"VC","updated_at":null}}"#, -350),
        (r#"{"balance":{"amount":10000,"currency":"VC"}}"#, 10_000),
        (r#"{"balance":{"amount":"9007199254740993","currency":"VC"}}"#, 9_007_199_254_740_993),
        (r#"{"balance":{"amount":9223372036854775807,"currency":"VC"}}"#, i64::MAX),
        (r#"{"balance":{"amount":"-9223372036854775808","currency":"VC"}}"#, i64::MIN),
        (r#"{ "balance" : { "currency":"VC", "updated_at":"0001-01-01T00:00:00Z", "amount" : "1" } }"#, 1),
    ] {
        assert_eq!(billing(body.as_bytes()), Ok(credits(amount)), "{body}");
    }
    let answer =
        billing(br#"{"balance":{"amount":"5","currency":"","updated_at":"2024-07-13T09:54:48.253921Z"}}"#);
    let value = serde_json::to_value(Balance::from_frontier(answer.unwrap(), NOW.to_owned())).unwrap();
    assert_eq!(
        value,
        json!({
            "source": "frontier", "amount": "5", "currency": "", "fetched_at": NOW,
            "available": null, "unlimited": false, "updated_at": "2024-07-13T09:54:48.253921Z"
        })
    );
}

#[test]
fn frontier_without_a_whole_balance_is_unreadable() {
    for (body, path) in [
        (r"{}", "$.balance"),
        (r#"{"balance":null}"#, "$.balance"),
        (r#"{"balance":5}"#, "$.balance"),
        (r#"{"balance":{"amount":"12.5","currency":"VC"}}"#, "$.balance.amount"),
        (r#"{"balance":{"amount":12.0,"currency":"VC"}}"#, "$.balance.amount"),
        (r#"{"balance":{"amount":"","currency":"VC"}}"#, "$.balance.amount"),
        (r#"{"balance":{"amount":null,"currency":"VC"}}"#, "$.balance.amount"),
        (r#"{"balance":{"amount":"string","currency":"string"}}"#, "$.balance.amount"),
        (r#"{"balance":{"amount":"+5","currency":"VC"}}"#, "$.balance.amount"),
        (r#"{"balance":{"amount":"9223372036854775808","currency":"VC"}}"#, "$.balance.amount"),
        (r#"{"balance":{"currency":7.5,"amount":1e3}}"#, "$.balance.amount"),
    ] {
        assert_eq!(billing(body.as_bytes()).unwrap_err().path, path, "{body}");
    }
}

#[test]
fn reads_the_documented_history() {
    let page = history(include_bytes!("fixtures/balance-history.json")).unwrap();
    let value = serde_json::to_value(&page).unwrap();
    assert_eq!((page.total, page.offset, page.limit), (2, 0, 1000));
    assert_eq!(
        value.pointer("/adjustments").unwrap(),
        &json!([
            {
                "id": "5335328", "date": "2021-01-21 15:21:34", "type": "Charge", "amount": "-750.00",
                "balance_after": "8500.15", "currency": "USD", "expiration_date": null, "note": null,
                "receipt_id": null, "container_id": "123456", "container_name": "Example Company"
            },
            {
                "id": "5533001", "date": "2021-01-21 15:20:18", "type": "Credit Card Deposit", "amount": "1000.00",
                "balance_after": "9250.15", "currency": "USD", "expiration_date": "2022-01-21 00:00:00", "note": null,
                "receipt_id": null, "container_id": "123456", "container_name": "Example Company"
            }
        ])
    );
}

#[test]
fn the_history_as_printed_is_no_json_and_is_not_guessed_at() {
    let error = history(include_bytes!("fixtures/balance-history-as-printed.json")).unwrap_err();
    assert_eq!(error.kind, DecodeErrorKind::Syntax);
    assert!(error.path.starts_with("$.adjustments[1]"), "{error}");
}

#[test]
fn reads_older_histories_and_a_limit_of_zero() {
    let page = history(include_bytes!("fixtures/balance-history-older.json")).unwrap();
    assert_eq!((page.total, page.limit), (14, 0));
    let [credit, debit] = page.adjustments.as_slice() else { unreachable!("two rows") };
    assert_eq!(credit.amount, Some(amount("195.00")));
    assert_eq!(credit.kind, "Credit");
    assert_eq!(credit.note.as_deref(), Some("Payment for invoice #100001"));
    assert_eq!(credit.receipt_id.as_deref(), Some("0"));
    assert_eq!(credit.currency, None);
    assert_eq!(debit.amount, Some(amount("-750.00")));
}

#[test]
fn a_row_is_signed_and_its_amount_unknown_with_neither_or_both() {
    let body = br#"{"page":{"total":"7","limit":"2"},"extra":[{}],"adjustments":[
        {"id":1,"credit":5},{"id":2,"debit":"-5.0"},{"id":3,"credit":"1","debit":"2"},{"id":4},
        {"id":5,"credit":null,"debit":""},{"id":6,"credit":"0.00"},
        {"note":"a \"quoted\" \u20ac <b>note</b>\n","order_id":99,"container":null}]}"#;
    let page = history(body).unwrap();
    let amounts: Vec<Option<String>> =
        page.adjustments.iter().map(|row| row.amount.map(|amount| amount.to_string())).collect();
    let expected = [Some("5"), Some("-5.0"), None, None, None, Some("0.00"), None];
    assert_eq!(amounts, expected.map(|text| text.map(str::to_owned)));
    let last = page.adjustments.last().unwrap();
    assert_eq!(last.note.as_deref(), Some("a \"quoted\" € <b>note</b>\n"));
    assert_eq!(last.order_id.as_deref(), Some("99"));
    assert_eq!(last.id, "");
    assert_eq!((page.total, page.offset, page.limit), (7, 0, 2));
}

#[test]
fn a_history_without_a_page_counts_what_came() {
    let request = BalanceHistory { offset: Some(40), limit: Some(10), ..BalanceHistory::default() };
    let page = request.decode(br#"{"adjustments":[{"id":"1"},{"id":"2"}]}"#).unwrap();
    assert_eq!((page.total, page.offset, page.limit), (42, 40, 10));
}

#[test]
fn a_history_names_the_row_at_fault() {
    for (body, path) in [
        (r#"{"page":{}}"#, "$.adjustments"),
        (r#"{"adjustments":null}"#, "$.adjustments"),
        (r#"{"adjustments":[{"id":"1"},{"credit":"1,000.00","id":"2"}]}"#, "$.adjustments[1].credit"),
        (
            r#"{"adjustments":[{"id":"1","note":"x","balance_after":"?"}, {}]}"#,
            "$.adjustments[0].balance_after",
        ),
        (r#"{"adjustments":[{"id":"1"}, 7, {}]}"#, "$.adjustments[1]"),
        (r#"{"adjustments":[{"id":"1"}, [7], {}]}"#, "$.adjustments[1]"),
        (r#"{"adjustments": {"id":"1"}}"#, "$.adjustments"),
        (r#"{"adjustments":[],"page":{"total":-1}}"#, "$.page.total"),
        (r#"{"adjustments":[],"adjustments":[]}"#, "$.adjustments"),
        (r#"{"adjustments":[{"note":"\ud800"}]}"#, "$.adjustments[0].note"),
    ] {
        assert_eq!(history(body.as_bytes()).unwrap_err().path, path, "{body}");
    }
}

#[test]
fn bodies_that_are_no_answer_say_what_they_are() {
    use DecodeErrorKind::{Empty, NotText, Shape, Syntax, Truncated};

    let html = b"<!DOCTYPE html>\r\n<html>\t<body>502 Bad Gateway</body></html>";
    let nested = "[".repeat(200_000);
    let nested_in_object = format!(r#"{{"extra":{}}}"#, "[".repeat(200_000));
    let cases: [(&[u8], DecodeErrorKind, &str); 14] = [
        (b"", Empty, "$"),
        (b" \r\n\t", Empty, "$"),
        (html, Syntax, "$"),
        (br#"{"balance":"454.00","curr"#, Truncated, "$.balance"),
        (br#"{"balance":"454.00","currency":"US"#, Truncated, "$.currency"),
        (br#"{"balance":"454.00","currency":"USD"}}"#, Syntax, "$"),
        (br#"{"balance":"454.00","currency":"USD",}"#, Syntax, "$.currency"),
        (b"{\"balance\":\"454.00\0\",\"currency\":\"USD\"}", Syntax, "$.balance"),
        (b"{\"balance\":\"454.00\",\"currency\":\"U\xFFD\"}", NotText, "$.currency"),
        (b"\xFF\xFE{\0", NotText, "$"),
        (b"null", Shape, "$"),
        (b"\"454.00\"", Shape, "$"),
        (nested.as_bytes(), Shape, "$"),
        (nested_in_object.as_bytes(), Syntax, "$.extra"),
    ];
    for (body, kind, path) in cases {
        let error = account(body).unwrap_err();
        let shown = String::from_utf8_lossy(body.get(..body.len().min(60)).unwrap());
        assert_eq!(error.kind, kind, "{shown}: {error}");
        assert!(error.path.starts_with(path), "{shown}: {error}");
        assert!(error.path.len() < 200, "{shown}: {error}");
        assert!(error.excerpt.chars().count() <= 120);
        assert!(!error.excerpt.contains(char::is_control));
    }
    assert_eq!(
        account(html).unwrap_err().excerpt,
        "<!DOCTYPE html> <html> <body>502 Bad Gateway</body></html>"
    );
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    assert!(account(b"\xEF\xBB\xBF{\"balance\":\"1\",\"currency\":\"USD\"}").is_ok());
}

#[test]
fn five_megabytes_are_read_and_refused_alike() {
    let padding = "x".repeat(5 << 20);
    let body = format!(r#"{{"padding":"{padding}","balance":"1.50","currency":"USD"}}"#);
    assert_eq!(account(body.as_bytes()).unwrap().balance, amount("1.50"));
    let error = account(format!(r#"{{"{padding}":1,"balance":"{padding}"}}"#).as_bytes()).unwrap_err();
    assert_eq!(error.path, "$.balance");
    assert!(error.detail.len() < 400 && error.excerpt.chars().count() <= 120, "{error}");
}

proptest! {
    #[test]
    fn any_amount_reaches_the_balance_digit_for_digit(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,9})?", quoted: bool) {
        let quote = if quoted { "\"" } else { "" };
        let body = format!(r#"{{"balance": {quote}{text}{quote}, "currency": "USD"}}"#);
        let balance = Balance::from_account(account(body.as_bytes())?, NOW.to_owned());
        let zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        let expected = if zero { text.trim_start_matches('-') } else { &text };
        prop_assert_eq!(&serde_json::to_value(balance)?["amount"], expected);
    }

    #[test]
    fn reading_any_bytes_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (pricing(&bytes), account(&bytes), subaccount(&bytes), billing(&bytes), history(&bytes));
    }

    #[test]
    fn reading_a_mutilated_sample_never_panics(at in 0_usize..400, byte: u8, cut in 0_usize..900) {
        let samples: [&[u8]; 4] = [
            include_bytes!("fixtures/order-pricing-full.json"),
            include_bytes!("fixtures/finance-balance.json"),
            include_bytes!("fixtures/balance-history.json"),
            include_bytes!("fixtures/billing-balance.json"),
        ];
        for sample in samples {
            let mut bytes = sample.to_vec();
            bytes.truncate(cut);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            for result in [pricing(&bytes).err(), account(&bytes).err(), billing(&bytes).err(), history(&bytes).err()] {
                prop_assert!(result.is_none_or(|error| error.path.starts_with('$')));
            }
        }
    }
}
