//! What an order's length means: certificates over the days of the rules, the cost of a year, the credit of a renewal.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use std::cmp::Ordering;

use certquote::amount::Amount;
use certquote::date::Date;
use certquote::difference;
use certquote::draft::{Draft, OrderValidity};
use certquote::json;
use certquote::products::{Kind, Product};
use certquote::quote::{LineKind, Quote};
use certquote::reissue::{Limits, certificates, coverage, limits, per_year, renewal_credit, without_renewal};
use certquote::validity;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn counts(starts: &str, ends: &str) -> (usize, usize) {
    let count = |whose| certificates(date(starts), date(ends), limits(Kind::Tls, whose)).len() - 1;
    (count(Limits::DigiCert), count(Limits::Forum))
}

fn quote(draft: &Draft, fields: &str) -> Quote {
    let body = format!(r#"{{"currency":"USD","tax":"0.00","tax_error":false,{fields}}}"#);
    Quote::new(draft.clone(), &json::decode(body.as_bytes()).unwrap(), String::new()).unwrap()
}

fn priced(total: &str) -> Quote {
    quote(&Draft::default(), &format!(r#""base_price":{total},"total_price":{total}"#))
}

#[test]
fn counts_reissues_over_the_days_of_the_rules() {
    for (starts, ends, reissues) in [
        // One certificate until the Forum's day; DigiCert's own comes three weeks earlier.
        ("2026-02-23", "2027-02-23", (0, 0)),
        ("2026-02-24", "2027-02-24", (1, 0)),
        ("2026-03-14", "2027-03-14", (1, 0)),
        ("2026-03-15", "2027-03-15", (1, 1)),
        ("2026-03-15", "2026-09-30", (0, 0)),
        ("2026-03-15", "2026-10-01", (1, 0)),
        ("2026-03-15", "2026-10-02", (1, 1)),
        // The first one is issued on the last day of 200, everything behind it lives 100.
        ("2027-03-14", "2028-03-14", (2, 2)),
        ("2027-03-15", "2028-03-15", (3, 3)),
        ("2027-03-15", "2027-06-22", (0, 0)),
        ("2027-03-15", "2027-06-23", (1, 0)),
        ("2027-03-15", "2027-06-24", (1, 1)),
        ("2029-03-14", "2030-03-14", (6, 6)),
        ("2029-03-15", "2030-03-15", (7, 7)),
        ("2029-03-15", "2029-05-01", (1, 0)),
        ("2029-03-15", "2029-05-02", (1, 1)),
        // 199, then nine of 99 and one of 46 behind them.
        ("2026-11-21", "2029-11-21", (12, 12)),
        ("2026-11-21", "2026-11-22", (0, 0)),
    ] {
        assert_eq!(counts(starts, ends), reissues, "{starts} to {ends}");
    }
}

#[test]
fn the_certificates_of_an_order_follow_one_another_to_its_end() {
    let order =
        coverage(&OrderValidity::Years(1), &Product::find("ssl_basic").unwrap(), date("2026-11-21")).unwrap();
    let spans: Vec<_> = order.certificates.iter().map(|one| (one.ends.to_string(), one.limit)).collect();
    assert_eq!(
        spans,
        [
            ("2027-06-08".to_owned(), Some(199)),
            ("2027-09-15".to_owned(), Some(99)),
            ("2027-11-21".to_owned(), Some(99))
        ]
    );
    assert_eq!((order.days, order.reissues, order.reissues_forum), (365, 2, 2));
}

#[test]
fn a_certificate_without_a_limit_is_never_reissued() {
    let private =
        coverage(&OrderValidity::Years(3), &Product::find("private_ssl_flex").unwrap(), date("2026-11-21"));
    assert_eq!(
        private.map(|order| (order.reissues, order.reissues_forum, order.certificates.len())),
        Some((0, 0, 1))
    );
    assert_eq!(
        coverage(&OrderValidity::Years(9), &Product::find("ssl_basic").unwrap(), date("2026-11-21")),
        None
    );
}

#[test]
fn a_year_costs_what_it_costs_rounded_half_away_from_zero() {
    for (total, currency, starts, ends, expected, is_exact) in [
        ("700.00", "USD", "2026-11-21", "2028-11-21", "350.00", true),
        ("782", "USD", "2026-11-21", "2027-11-21", "782.00", true),
        ("782", "USD", "2026-11-21", "2029-11-21", "260.67", false),
        ("0.01", "USD", "2026-11-21", "2028-11-21", "0.01", false),
        ("-0.01", "USD", "2026-11-21", "2028-11-21", "-0.01", false),
        ("0.03", "USD", "2026-11-21", "2028-11-21", "0.02", false),
        ("100.00", "USD", "2026-11-21", "2027-06-08", "183.42", false),
        ("1.2345", "EUR", "2026-11-21", "2028-11-21", "0.6173", false),
        ("100001", "JPY", "2026-11-21", "2028-11-21", "50001", false),
        ("100", "KWD", "2026-11-21", "2027-06-08", "183.417", false),
        ("1000", "RWF", "2026-11-21", "2027-06-08", "1834", false),
        ("100001", "jpy", "2026-11-21", "2027-11-21", "100001", true),
        // A leap day in it makes a year no dearer; 366 of 366 days left over are another year.
        ("366.00", "USD", "2027-11-21", "2028-11-21", "366.00", true),
        ("366.00", "USD", "2027-11-21", "2028-05-22", "732.00", true),
        ("365.00", "USD", "2026-11-21", "2026-11-22", "133225.00", true),
        ("0.00", "USD", "2026-11-21", "2027-11-21", "0.00", true),
    ] {
        let yearly = per_year(amount(total), currency, date(starts), date(ends)).unwrap();
        assert_eq!(
            (yearly.amount.to_string().as_str(), yearly.is_exact),
            (expected, is_exact),
            "{total} {starts} {ends}"
        );
    }
    assert_eq!(per_year(amount("1"), "USD", date("2026-11-21"), date("2026-11-21")), None);
    assert_eq!(per_year(amount("1"), "USD", date("2026-11-21"), date("2026-11-20")), None);
    assert_eq!(
        per_year(amount("9999999999999999999.999999999"), "USD", date("2026-11-21"), date("2026-11-22")),
        None
    );
}

#[test]
fn years_are_compared_by_what_they_are_not_by_what_they_round_to() {
    let yearly =
        |total: &str, ends: &str| per_year(amount(total), "USD", date("2026-11-21"), date(ends)).unwrap();
    let (one, three, bit_more) =
        (yearly("33.33", "2027-11-21"), yearly("100.00", "2029-11-21"), yearly("33.330", "2027-11-21"));
    assert_eq!(one.amount, three.amount);
    assert_eq!(one.compare(&three), Some(Ordering::Less));
    assert_eq!(three.compare(&one), Some(Ordering::Greater));
    assert_eq!(one.compare(&bit_more), Some(Ordering::Equal));
}

#[test]
fn a_renewal_is_credited_with_what_two_estimates_say() {
    let renewal = Draft { renewal_of_order_valid_till: Some(date("2026-12-20")), ..Draft::default() };
    let without = without_renewal(&renewal).unwrap();
    assert_eq!(without_renewal(&without), None);
    let price =
        |draft: &Draft, total: &str| quote(draft, &format!(r#""base_price":{total},"total_price":{total}"#));
    let credit = renewal_credit(&price(&renewal, "700.50"), &price(&without, "782"));
    assert_eq!(credit.map(|credit| credit.to_string()).as_deref(), Some("81.50"));
    assert_eq!(renewal_credit(&price(&renewal, "0"), &price(&without, "782")), None);
    // That the contract holds is the same as no word on it.
    let said = Draft { is_out_of_contract: Some(false), ..without.clone() };
    let credit = renewal_credit(&price(&renewal, "700.50"), &price(&said, "782"));
    assert_eq!(credit.map(|credit| credit.to_string()).as_deref(), Some("81.50"));
    let other = Draft { product_name_id: "ssl_ev_basic".to_owned(), ..without };
    assert_eq!(renewal_credit(&price(&renewal, "700.50"), &price(&other, "782")), None);
}

#[test]
fn only_what_can_be_compared_is() {
    let by = |before: &Quote, after: &Quote| difference::of_totals(before, after).map(|by| by.to_string());
    assert_eq!(by(&priced("782"), &priced("700.10")).as_deref(), Some("-81.90"));
    let (unknown, mut other, mut before_tax) = (priced("0"), priced("782"), priced("782"));
    assert_eq!(by(&unknown, &other), None);
    other.currency = "usd".to_owned();
    assert_eq!(by(&priced("782"), &other).as_deref(), Some("0"));
    other.currency = "EUR".to_owned();
    assert_eq!(by(&priced("782"), &other), None);
    assert_eq!(difference::of_lines(&priced("782"), &other), None);
    before_tax.tax_error = true;
    assert_eq!(by(&priced("782"), &before_tax), None);
}

#[test]
fn the_lines_that_differ_add_up_to_the_difference() {
    let draft = Draft::default();
    let before = quote(&draft, r#""base_price":700,"total_price":780,"fqdns":{"subtotal":80,"units":2}"#);
    let after =
        quote(&draft, r#""base_price":700,"total_price":850.5,"wildcards":{"subtotal":"150.50","units":1}"#);
    let changes = difference::of_lines(&before, &after).unwrap();
    let told: Vec<_> =
        changes.iter().map(|change| (change.line, change.before.is_some(), change.by.to_string())).collect();
    assert_eq!(
        told,
        [(LineKind::Wildcards, false, "150.50".to_owned()), (LineKind::Fqdns, true, "-80".to_owned())]
    );
    let sum = changes.iter().try_fold(Amount::ZERO, |sum, change| sum.add(change.by));
    assert_eq!(sum, difference::of_totals(&before, &after));
}

proptest! {
    #[test]
    fn the_count_is_the_one_that_the_form_shows(day in 0_i32..2_500, days in 1_u32..1_200) {
        let starts = date("2025-06-01").plus_days(day).unwrap();
        let ends = starts.plus_days(i32::try_from(days).unwrap()).unwrap();
        for kind in Kind::ALL {
            let all = certificates(starts, ends, limits(kind, Limits::DigiCert));
            prop_assert_eq!(all.len() - 1, validity::reissues(days, kind, starts) as usize);
            prop_assert_eq!(all.first().map(|one| one.issued), Some(starts));
            prop_assert_eq!(all.last().map(|one| one.ends), Some(ends));
            for (one, next) in all.iter().zip(all.iter().skip(1)) {
                prop_assert_eq!(one.ends, next.issued);
                prop_assert_eq!(one.limit, u32::try_from(one.issued.days_until(one.ends)).ok());
            }
        }
    }

    #[test]
    fn a_year_is_never_off_by_more_than_half_a_unit(cents in 0_i64..100_000_000, days in 1_i32..1_200) {
        let total = Amount::from_parts(i128::from(cents), 2).unwrap();
        let starts = date("2026-11-21");
        let yearly = per_year(total, "USD", starts, starts.plus_days(days).unwrap()).unwrap();
        let float = yearly.amount.to_string().parse::<f64>().unwrap();
        // 2028 has the only leap day of these years.
        let years = f64::from(days) / 365.25;
        prop_assert!((float - cents as f64 / 100.0 / years).abs() <= float * 0.003 + 0.011);
    }
}
