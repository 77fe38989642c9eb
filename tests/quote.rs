//! From a price estimate to a quote: lines that add up, digits that stay, and an unknown price that is no zero.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use certquote::amount::Amount;
use certquote::api::Endpoint;
use certquote::api::order_pricing::OrderPricing;
use certquote::draft::Draft;
use certquote::json::DecodeErrorKind;
use certquote::quote::{LineKind, Quote};
use proptest::prelude::*;
use serde_json::{Value, json};

fn quote(body: &[u8]) -> Quote {
    let draft = Draft { product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
    let estimate = OrderPricing { draft: &draft }.decode(body).unwrap();
    Quote::new(draft, &estimate, "2026-11-21T12:00:00Z".to_owned()).unwrap()
}

fn lines(quote: &Quote) -> Value {
    serde_json::to_value(&quote.lines).unwrap()
}

fn sum(quote: &Quote) -> Amount {
    quote.lines.iter().try_fold(Amount::ZERO, |sum, line| sum.add(line.amount)).unwrap()
}

#[test]
fn the_documented_sample_becomes_the_documented_quote() {
    assert_eq!(
        serde_json::to_value(quote(include_bytes!("fixtures/order-pricing.json"))).unwrap(),
        json!({
            "draft": {"dns_names": [], "product_name_id": "ssl_basic", "order_validity": {"years": 1}},
            "lines": [{"line": "base", "amount": "782"}, {"line": "tax", "amount": "0.00"}],
            "total": "782", "currency": "USD", "tax_error": false, "unknown": false,
            "account_balance": "0", "funds": null, "priced_at": "2026-11-21T12:00:00Z"
        })
    );
}

#[test]
fn every_line_keeps_its_place_and_its_digits() {
    let quote = quote(include_bytes!("fixtures/order-pricing-full.json"));
    assert_eq!(
        lines(&quote),
        json!([
            {"line": "base", "amount": "1234.50"},
            {"line": "fqdns", "amount": "34103.0", "units": 3},
            {"line": "wildcards", "amount": "500", "units": 1},
            {"line": "addons", "amount": "340.5", "units": 3},
            {"line": "san_package", "amount": "12.00"},
            {"line": "discount", "amount": "-100.00"},
            {"line": "tax", "amount": "3699.23"}
        ])
    );
    assert_eq!(quote.total.unwrap().to_string(), "39789.23");
    assert_eq!(quote.account_balance.unwrap().to_string(), "-1000.70");
    assert_eq!(
        serde_json::to_value(&quote.addon_details).unwrap(),
        json!([
            {"product_id": "17", "units": 2, "price": "150.00", "subtotal": "300"},
            {"product_id": "keylocker", "units": 1, "price": "40.5", "subtotal": "40.50"}
        ])
    );
}

#[test]
fn what_the_lines_leave_unexplained_is_a_line_of_its_own_before_the_tax() {
    let quote = quote(br#"{"base_price":100,"total_price":"110.5","tax":"10.00","currency":"USD","fqdns":{"subtotal":0,"units":2}}"#);
    assert_eq!(
        lines(&quote),
        json!([
            {"line": "base", "amount": "100"},
            {"line": "fqdns", "amount": "0", "units": 2},
            {"line": "other", "amount": "0.50"},
            {"line": "tax", "amount": "10.00"}
        ])
    );
}

#[test]
fn a_discount_is_negative_whichever_sign_the_api_gives_it() {
    for discount in ["\"30.00\"", "\"-30.00\"", "30.00", "-30.00"] {
        let body = format!(
            r#"{{"base_price":100,"total_price":70,"tax":0,"currency":"USD","benefits_discount_total":{discount}}}"#
        );
        let quote = quote(body.as_bytes());
        assert_eq!(quote.line(LineKind::Discount).unwrap().amount.to_string(), "-30.00");
        assert_eq!(quote.line(LineKind::Other), None);
    }
}

#[test]
fn zeros_alone_are_an_unknown_price() {
    let quote = quote(
        br#"{"base_price":0,"total_price":"0.00","tax":0,"currency":"USD","fqdns":{"subtotal":0,"units":3},"balance":"9.50"}"#,
    );
    assert!(quote.unknown);
    assert_eq!(quote.total, None);
    assert!(quote.lines.is_empty());
    assert_eq!(quote.account_balance.unwrap().to_string(), "9.50");
    assert_eq!(serde_json::to_value(&quote).unwrap()["total"], Value::Null);
}

#[test]
fn a_zero_that_a_discount_explains_is_a_real_zero() {
    let quote = quote(
        br#"{"base_price":782,"total_price":0,"tax":"0.00","currency":"USD","benefits_discount_total":782}"#,
    );
    assert!(!quote.unknown);
    assert_eq!(quote.total.unwrap().to_string(), "0");
    assert_eq!(
        lines(&quote),
        json!([
            {"line": "base", "amount": "782"}, {"line": "discount", "amount": "-782"}, {"line": "tax", "amount": "0.00"}
        ])
    );
}

#[test]
fn a_zero_with_an_unexplained_remainder_is_no_unknown_price() {
    let quote = quote(br#"{"base_price":782,"total_price":0,"tax":0,"currency":"USD"}"#);
    assert!(!quote.unknown);
    assert_eq!(quote.line(LineKind::Other).unwrap().amount.to_string(), "-782");
}

#[test]
fn a_failed_tax_is_said_and_its_line_stays() {
    for tax in ["", r#""tax":"0.00","#] {
        let body = format!(r#"{{"base_price":5,"total_price":5,{tax}"currency":"USD","tax_error":true}}"#);
        let quote = quote(body.as_bytes());
        assert!(quote.tax_error);
        assert!(quote.line(LineKind::Tax).unwrap().amount.is_zero());
    }
}

#[test]
fn figures_too_large_to_add_exactly_are_unreadable() {
    let largest = "9999999999999999999.999999999";
    let body = |lines: &str, total: &str| {
        format!(
            r#"{{"base_price":{lines},"tax":{lines},"san_package_price":{lines},"addons_price":{lines},
            "fqdns":{{"subtotal":{lines}}},"wildcards":{{"subtotal":{lines}}},
            "benefits_discount_total":{largest},"total_price":{total},"currency":"USD"}}"#
        )
    };
    let draft = Draft::default();
    let large = quote(body(largest, largest).as_bytes());
    assert_eq!(Some(sum(&large)), large.total);

    let too_large = body(&format!("-{largest}"), largest);
    let estimate = OrderPricing { draft: &draft }.decode(too_large.as_bytes()).unwrap();
    let error = Quote::new(draft, &estimate, String::new()).unwrap_err();
    assert_eq!((error.kind, error.path.as_str()), (DecodeErrorKind::Range, "$.total_price"));
}

/// An amount as the API may write it, and its digits.
fn money() -> impl Strategy<Value = (String, String)> {
    ("-?(0|[1-9][0-9]{0,13})(\\.[0-9]{1,4})?", any::<bool>()).prop_map(|(text, quoted)| {
        let zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        let digits = if zero { text.trim_start_matches('-').to_owned() } else { text.clone() };
        (if quoted { format!("\"{text}\"") } else { text }, digits)
    })
}

proptest! {
    #[test]
    fn lines_add_up_for_any_answer(
        base in money(), total in money(), tax in money(), addons in proptest::option::of(money()),
        san in proptest::option::of(money()), discount in proptest::option::of(money()),
        fqdns in proptest::option::of((money(), 0_u64..300)), wildcards in proptest::option::of((money(), 0_u64..300)),
    ) {
        let mut body = format!(
            r#"{{"base_price":{},"total_price":{},"tax":{},"currency":"USD""#, base.0, total.0, tax.0
        );
        for (name, value) in [("addons_price", addons), ("san_package_price", san), ("benefits_discount_total", discount)] {
            if let Some((json, _)) = value {
                body += &format!(r#","{name}":{json}"#);
            }
        }
        for (name, value) in [("fqdns", &fqdns), ("wildcards", &wildcards)] {
            if let Some(((json, _), units)) = value {
                body += &format!(r#","{name}":{{"subtotal":{json},"units":{units}}}"#);
            }
        }
        body.push('}');
        let quote = quote(body.as_bytes());
        prop_assert_eq!(quote.unknown, quote.total.is_none());
        prop_assert_eq!(quote.unknown, quote.lines.is_empty());
        if let Some(shown) = quote.total {
            prop_assert_eq!(sum(&quote), shown);
            prop_assert_eq!(shown.to_string(), total.1);
            prop_assert_eq!(quote.line(LineKind::Base).unwrap().amount.to_string(), base.1);
            prop_assert_eq!(quote.line(LineKind::Tax).unwrap().amount.to_string(), tax.1);
            prop_assert!(quote.line(LineKind::Discount).is_none_or(|line| line.amount.is_negative()));
            for (kind, names) in [(LineKind::Fqdns, fqdns), (LineKind::Wildcards, wildcards)] {
                if let (Some(line), Some(((_, digits), units))) = (quote.line(kind), names) {
                    prop_assert_eq!(line.amount.to_string(), digits);
                    prop_assert_eq!(line.units, Some(units));
                }
            }
        } else {
            prop_assert!([base.1, total.1, tax.1].iter().all(|digits| Amount::parse(digits).unwrap().is_zero()));
        }
    }
}
