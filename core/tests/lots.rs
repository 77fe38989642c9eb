//! Which deposits still hold money.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod support;

use certquote_core::amount::Amount;
use certquote_core::ledger::lots::{Holdings, Lot, holdings};
use certquote_core::ledger::order::chronological;
use certquote_core::ledger::{Ledger, Moment};
use proptest::prelude::*;
use serde_json::Value;
use support::{SAMPLE, all, amount, cents, ledger, ledger_of, row, with};

fn held(ledger: &Ledger) -> Holdings {
    holdings(ledger, &chronological(ledger, &all(ledger)), "USD")
}

/// The ids of the lots and what is left of each; `?` for one that no row brought.
fn lots(rows: &[Value]) -> Vec<(String, String)> {
    let ledger = ledger(rows);
    let id = |lot: &Lot| lot.row.map_or("?".to_owned(), |row| ledger.get(row).unwrap().id.to_owned());
    held(&ledger).lots.iter().map(|lot| (id(lot), lot.left.to_string())).collect()
}

/// A row on a day of May 2024.
fn on(day: u32, id: &str, amount: &str, balance: &str) -> Value {
    row(id, &format!("2024-05-{day:02} 12:00:00"), amount, balance)
}

fn until(row: Value, date: &str) -> Value {
    with(row, "expiration_date", format!("{date} 00:00:00"))
}

fn expiry(row: Value) -> Value {
    with(row, "transaction_type", "Account Funds Expiration")
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|&(id, left)| (id.to_owned(), left.to_owned())).collect()
}

#[test]
fn the_sample_of_the_reference_spends_what_was_there_first() {
    let ledger = ledger_of(SAMPLE);
    let held = held(&ledger);
    let expires = Moment::parse("2022-01-21 00:00:00");
    let lots = [
        Lot { row: None, left: amount("7500.15"), expires: None },
        Lot { row: Some(1), left: amount("1000.00"), expires },
    ];
    assert_eq!(held, Holdings { lots: lots.to_vec(), balance: Some(amount("8500.15")) });
}

#[test]
fn the_oldest_deposit_is_spent_first() {
    let rows = [
        on(4, "spent", "-130", "170"),
        on(3, "c", "100", "300"),
        on(2, "b", "100", "200"),
        on(1, "a", "100", "100"),
    ];
    assert_eq!(lots(&rows), pairs(&[("b", "70"), ("c", "100")]));
}

#[test]
fn an_expiry_takes_from_the_deposit_that_expired() {
    let rows = |expired: &str| {
        [
            expiry(on(20, "gone", "-60", "140")),
            on(3, "c", "50", "200"),
            until(on(2, "b", "50", "150"), expired),
            on(1, "a", "100", "100"),
        ]
    };
    // The ten that the expired deposit does not have are the oldest one's.
    assert_eq!(lots(&rows("2024-05-20")), pairs(&[("a", "90"), ("c", "50")]));
    // The zone of the row may lag up to twelve hours behind UTC, not more.
    assert_eq!(lots(&rows("2024-05-21")), pairs(&[("a", "90"), ("c", "50")]));
    assert_eq!(lots(&rows("2024-05-22")), pairs(&[("a", "40"), ("b", "50"), ("c", "50")]));
}

#[test]
fn what_comes_in_fills_the_hole_first() {
    let rows =
        [on(4, "d", "20", "90"), on(3, "c", "100", "70"), on(2, "b", "-80", "-30"), on(1, "a", "50", "50")];
    assert_eq!(lots(&rows), pairs(&[("c", "70"), ("d", "20")]));
    assert_eq!(lots(rows.get(2..).unwrap()), []);
    // It may be there before the first row.
    assert_eq!(lots(&[on(1, "a", "50", "20")]), pairs(&[("a", "20")]));
}

#[test]
fn where_a_stated_balance_does_not_follow_the_difference_is_said() {
    let more = [on(2, "b", "10", "150"), on(1, "a", "100", "100")];
    assert_eq!(lots(&more), pairs(&[("a", "100"), ("b", "10"), ("?", "40")]));
    let less = [on(2, "b", "10", "90"), on(1, "a", "100", "100")];
    assert_eq!(lots(&less), pairs(&[("a", "80"), ("b", "10")]));
}

#[test]
fn an_unclear_amount_leaves_the_word_to_the_balance() {
    let both = with(on(2, "b", "-10", "70"), "credit", "4");
    assert_eq!(lots(&[both, on(1, "a", "100", "100")]), pairs(&[("a", "70")]));
    assert_eq!(lots(&[on(1, "a", "", "30")]), pairs(&[("?", "30")]));
}

#[test]
fn rows_without_a_balance_count_by_their_amounts() {
    let rows = [on(3, "c", "-5", ""), on(2, "b", "-10", "90"), on(1, "a", "40", "")];
    assert_eq!(lots(&rows), pairs(&[("?", "45"), ("a", "40")]));
    assert_eq!(held(&ledger(&rows)).balance, Some(amount("85")));
    let none = [on(2, "b", "-10", ""), on(1, "a", "40", "")];
    assert_eq!(held(&ledger(&none)), Holdings::default(), "nothing is known");
}

#[test]
fn only_rows_of_the_currency_count() {
    let ledger = ledger(&[
        with(on(2, "e", "7", "7"), "currency", "EUR"),
        with(on(2, "n", "9", "9"), "currency", ""),
        with(on(1, "a", "5", "5"), "currency", "usd"),
    ]);
    let chron = chronological(&ledger, &all(&ledger));
    let balance = |currency| holdings(&ledger, &chron, currency).balance;
    assert_eq!(balance("USD"), Some(amount("5")));
    assert_eq!(balance("EUR"), Some(amount("7")));
    assert_eq!(balance(""), Some(amount("9")));
    assert_eq!(balance("GBP"), None);
}

#[test]
fn what_expires_soon_is_told_from_what_should_have_expired() {
    let ledger = ledger(&[
        until(on(5, "later", "1", "5"), "2024-07-31"),
        until(on(4, "last day", "1", "4"), "2024-07-30"),
        until(on(3, "today", "1", "3"), "2024-05-31"),
        until(on(2, "past", "1", "2"), "2024-05-30"),
        on(1, "never", "1", "1"),
    ]);
    let held = held(&ledger);
    let ids = |lots: Vec<&Lot>| -> Vec<&str> {
        lots.iter().map(|lot| ledger.get(lot.row.unwrap()).unwrap().id).collect()
    };
    let today = "2024-05-31".parse().unwrap();
    assert_eq!(ids(held.expiring(today, 60)), ["today", "last day"]);
    assert_eq!(ids(held.expiring(today, 0)), ["today"]);
    assert_eq!(ids(held.expired(today)), ["past"]);
}

proptest! {
    #[test]
    fn lots_are_positive_and_come_to_the_balance(
        steps in prop::collection::vec((-300_i64..300, prop::option::weighted(0.1, -50_i64..50), 0_u8..8, prop::option::of(0_i64..5)), 1..60),
        opening in -500_i64..500,
    ) {
        let mut balance = opening;
        let mut rows = Vec::new();
        for (place, &(amount, wrong, shape, expires)) in (0_i64..).zip(&steps) {
            balance += amount + wrong.unwrap_or(0);
            let at = |days: i64| Moment((19_800 + days) * 86_400).to_string();
            let text = if shape == 0 { String::new() } else { cents(amount) };
            let mut row = row(&place.to_string(), &at(place), &text, &cents(balance));
            if let Some(days) = expires.filter(|_| amount > 0) {
                row = with(row, "expiration_date", at(place + days));
            }
            if shape < 3 && amount < 0 {
                row = expiry(row);
            }
            rows.insert(0, row);
        }
        let held = held(&ledger(&rows));
        prop_assert_eq!(held.balance, Amount::parse(&cents(balance)).ok());
        prop_assert!(held.lots.iter().all(|lot| !lot.left.is_negative() && !lot.left.is_zero()));
        let sum = held.lots.iter().fold(Amount::ZERO, |sum, lot| sum.add(lot.left).unwrap());
        prop_assert_eq!(sum, amount(&cents(balance.max(0))));
    }

    #[test]
    fn without_expiries_the_newest_deposits_hold_what_is_left(
        amounts in prop::collection::vec(-300_i64..300, 1..60),
    ) {
        let mut balance = 0;
        let mut rows = Vec::new();
        for (place, &amount) in (0_i64..).zip(&amounts) {
            balance += amount;
            let at = Moment((19_800 + place) * 86_400).to_string();
            rows.insert(0, row(&place.to_string(), &at, &cents(amount), &cents(balance)));
        }
        // From the newest deposit back, as much of each as the balance still has.
        let (mut rest, mut expected) = (balance, Vec::new());
        for (place, &amount) in amounts.iter().enumerate().rev().filter(|(_, amount)| **amount > 0) {
            let left = amount.min(rest);
            if left > 0 {
                expected.insert(0, (place.to_string(), cents(left)));
                rest -= left;
            }
        }
        prop_assert_eq!(lots(&rows), expected);
    }
}
