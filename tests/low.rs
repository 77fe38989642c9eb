//! `low-balance`: when a balance is called low, and when it is well again.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use certquote::amount::Amount;
use certquote::balance::{Balance, BalanceSource};
use certquote::low::{Level, LowBalance};
use proptest::prelude::*;

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn balance(text: &str) -> Balance {
    Balance {
        source: BalanceSource::Account,
        amount: amount(text),
        currency: "USD".to_owned(),
        fetched_at: String::new(),
        available: None,
        unlimited: false,
        updated_at: None,
        details: None,
    }
}

fn level(text: &str, threshold: &str, before: Level) -> Level {
    Level::of(&balance(text), amount(threshold), before)
}

#[test]
fn the_levels_begin_exactly_at_the_threshold_and_half_as_much_again() {
    for (text, expected) in [
        ("-1000.70", Level::Low),
        ("0", Level::Low),
        ("500.00", Level::Low),
        ("500.000000001", Level::Approaching),
        ("750.00", Level::Approaching),
        ("750.01", Level::Ok),
        ("1000", Level::Ok),
    ] {
        assert_eq!(level(text, "500", Level::Ok), expected, "{text}");
    }
}

#[test]
fn what_was_low_is_well_again_only_at_twice_the_threshold() {
    for before in [Level::Approaching, Level::Low] {
        for (text, expected) in [
            ("750.01", Level::Approaching),
            ("999.999999999", Level::Approaching),
            ("1000", Level::Ok),
            ("1000.01", Level::Ok),
            ("500", Level::Low),
        ] {
            assert_eq!(level(text, "500", before), expected, "{text} after {before:?}");
        }
    }
}

#[test]
fn a_balance_that_wavers_raises_no_second_alarm() {
    let wavering = ["800", "740", "760", "740", "999", "1000", "999"];
    let mut before = Level::Ok;
    let levels = wavering.map(|text| {
        before = level(text, "500", before);
        before
    });
    use Level::{Approaching, Ok};
    assert_eq!(levels, [Ok, Approaching, Approaching, Approaching, Approaching, Ok, Ok]);
}

#[test]
fn odd_thresholds_are_compared_without_rounding() {
    assert_eq!(level("0.015", "0.01", Level::Ok), Level::Approaching);
    assert_eq!(level("0.016", "0.01", Level::Ok), Level::Ok);
    let largest = "9999999999999999999.999999999";
    assert_eq!(level(largest, largest, Level::Ok), Level::Low);
    assert_eq!(level(largest, "6666666666666666666.666666665", Level::Ok), Level::Ok);
    assert_eq!(level(largest, "6666666666666666666.666666666", Level::Ok), Level::Approaching);
}

#[test]
fn credit_without_a_limit_is_never_low() {
    let unlimited = Balance { unlimited: true, ..balance("-1000.70") };
    assert_eq!(Level::of(&unlimited, amount("500"), Level::Low), Level::Ok);
}

#[test]
fn the_page_is_told_in_plain_decimals() {
    let low = LowBalance {
        level: Level::Approaching,
        amount: amount("612.40"),
        threshold: amount("500"),
        currency: "USD".to_owned(),
    };
    assert_eq!(
        serde_json::to_value(&low).unwrap(),
        serde_json::json!({"level": "approaching", "amount": "612.40", "threshold": "500", "currency": "USD"})
    );
    for level in [Level::Ok, Level::Approaching, Level::Low] {
        assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
    }
}

proptest! {
    #[test]
    fn more_money_is_never_a_worse_level(a in 0_i64..3000, b in 0_i64..3000, threshold in 1_i64..1000, before in 0..3) {
        let before = [Level::Ok, Level::Approaching, Level::Low].into_iter().nth(usize::try_from(before)?).unwrap();
        let rank = |value: i64| Level::of(&balance(&value.to_string()), threshold.into(), before) as u8;
        prop_assert!(rank(a.max(b)) <= rank(a.min(b)));
    }
}
