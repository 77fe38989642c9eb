//! How long the money lasts.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod support;

use certquote_core::amount::Amount;
use certquote_core::date::Date;
use certquote_core::ledger::Ledger;
use certquote_core::ledger::order::chronological;
use certquote_core::ledger::runway::{Runway, runway};
use proptest::prelude::*;
use serde_json::Value;
use support::{SAMPLE, all, amount, cents, ledger, ledger_of, row, with};

fn paces(ledger: &Ledger, today: &str, available: Option<&str>) -> [Option<Runway>; 3] {
    let chron = chronological(ledger, &all(ledger));
    runway(ledger, &chron, "USD", today.parse().unwrap(), available.map(amount))
}

fn month(ledger: &Ledger, available: Option<&str>) -> Runway {
    let [month, _, _] = paces(ledger, "2024-03-31", available);
    month.unwrap()
}

/// A row 30 days before 2024-03-31, and those given.
fn since(rows: &[Value]) -> Ledger {
    ledger(&[rows, &[row("oldest", "2024-03-01 23:59:59", "0", "")]].concat())
}

fn spent(date: &str, amount: &str) -> Value {
    row("", date, amount, "")
}

#[test]
fn the_sample_of_the_reference_tells_a_pace_only_after_thirty_days() {
    let ledger = ledger_of(SAMPLE);
    assert_eq!(paces(&ledger, "2021-02-19", Some("8500.15")), [None, None, None]);
    let [month, quarter, year] = paces(&ledger, "2021-02-20", Some("8500.15"));
    assert_eq!((quarter, year), (None, None));
    // The charge is 30 days old and lies before the span.
    let nothing = Runway { days: 30, spent: amount("0"), per_day: amount("0"), until: None };
    assert_eq!(month, Some(nothing));
}

#[test]
fn a_span_reaches_from_the_day_after_it_began_to_today() {
    let ledger = since(&[
        spent("2024-04-01 00:00:00", "-1000"),
        spent("2024-03-31 23:59:59", "-1"),
        spent("2024-03-02 00:00:00", "-2"),
        spent("2024-03-01 23:59:59", "-4"),
    ]);
    assert_eq!(month(&ledger, None).spent, amount("3"));
}

#[test]
fn expiries_and_transfers_are_not_spent_and_refunds_come_back() {
    let on = |kind: &str, amount: &str| with(spent("2024-03-20 12:00:00", amount), "transaction_type", kind);
    let ledger = since(&[
        on("Charge", "-100"),
        on("Sale from Account Balance", "-10"),
        on("Something new", "-1"),
        on("Account Funds Expiration", "-5000"),
        on("Transfer of funds to another unit in the account", "-5000"),
        on("Transfer of funds from another unit in the account", "5000"),
        on("Wire Deposit", "5000"),
        on("Refund", "2"),
        on("Refund for Subaccount Order", "3"),
        on("Refund for unit order", "4"),
        on("Credit for a revoked certificate", "5"),
        with(on("Charge", "-5000"), "currency", "EUR"),
        with(on("Charge", "-5000"), "credit", "1"),
    ]);
    assert_eq!(month(&ledger, None).spent, amount("97"));
}

#[test]
fn the_last_day_is_computed_from_what_was_spent_and_not_from_the_rounded_pace() {
    // 0.10 in 30 days are 0.00333… a day; 100 lasts 30,000 days, with the rounded 0.0033 it would be 30,303.
    let pace = month(&since(&[spent("2024-03-20 12:00:00", "-0.10")]), Some("100"));
    assert_eq!(pace.per_day.to_string(), "0.0033");
    assert_eq!(pace.until, "2024-03-31".parse::<Date>().unwrap().plus_days(30_000));
}

#[test]
fn the_pace_is_rounded_half_away_from_zero() {
    let per_day =
        |amount: &str| month(&since(&[spent("2024-03-20 12:00:00", amount)]), None).per_day.to_string();
    assert_eq!(per_day("-30"), "1.00");
    assert_eq!(per_day("-20"), "0.67");
    assert_eq!(per_day("-0.15"), "0.0050");
    assert_eq!(per_day("-0.0015"), "0.000050");
    assert_eq!(per_day("-0.00045"), "0.0000150");
    let back = with(spent("2024-03-20 12:00:00", "20.00"), "transaction_type", "Refund");
    assert_eq!(month(&since(&[back]), None).per_day.to_string(), "-0.6667");
}

#[test]
fn the_last_day_is_claimed_only_where_it_can_be() {
    let ledger = since(&[spent("2024-03-20 12:00:00", "-30.00")]);
    let until = |available| month(&ledger, available).until.map(|day| day.to_string());
    assert_eq!(until(None), None);
    assert_eq!(until(Some("0")).as_deref(), Some("2024-03-31"));
    assert_eq!(until(Some("-5")).as_deref(), Some("2024-03-31"));
    assert_eq!(until(Some("0.999")).as_deref(), Some("2024-03-31"));
    assert_eq!(until(Some("1")).as_deref(), Some("2024-04-01"));
    assert_eq!(until(Some("9999999999999")), None, "beyond the calendar");
    let back = with(spent("2024-03-20 12:00:00", "5"), "transaction_type", "Refund");
    assert_eq!(month(&since(&[back]), Some("100")).until, None, "nothing was spent");
}

proptest! {
    #[test]
    fn every_span_is_a_plain_sum(
        rows in prop::collection::vec((-10_i32..500, -100_000_i64..20_000), 0..60),
        available in 0_i64..10_000_000,
    ) {
        let today = Date::new(2024, 6, 1).unwrap();
        let values: Vec<Value> = rows.iter().map(|&(ago, amount)| {
            let date = today.plus_days(-ago).unwrap();
            let row = row("", &format!("{date} 08:00:00"), &cents(amount), "0.00");
            if amount < 0 { row } else { with(row, "transaction_type", "Refund") }
        }).collect();
        let ledger = ledger(&values);
        let paces = runway(&ledger, &all(&ledger), "USD", today, Amount::parse(&cents(available)).ok());
        let oldest = rows.iter().map(|row| row.0).max();
        for (pace, days) in paces.into_iter().zip([30, 90, 365]) {
            prop_assert_eq!(pace.is_some(), oldest.is_some_and(|oldest| oldest >= days));
            let Some(pace) = pace else { continue };
            let sum: i64 = rows.iter().filter(|row| (0..days).contains(&row.0)).map(|row| -row.1).sum();
            prop_assert_eq!(pace.spent, amount(&cents(sum)));
            let until = (sum > 0).then(|| today.plus_days(i32::try_from(available * i64::from(days) / sum).unwrap())).flatten();
            prop_assert_eq!(pace.until, until);
        }
    }
}
