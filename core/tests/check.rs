//! The ledger check and the sums.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod support;

use certquote_core::ledger::Ledger;
use certquote_core::ledger::check::{Break, Check, check};
use certquote_core::ledger::order::chronological;
use certquote_core::ledger::totals::{Totals, totals};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{SAMPLE, all, amount, cents, ledger, ledger_of, row, with};

fn checked(ledger: &Ledger) -> Check {
    check(ledger, &chronological(ledger, &all(ledger)))
}

/// Rows given oldest first, a second apart.
fn spaced(rows: Vec<Value>) -> Ledger {
    let dated = |(place, row)| {
        with(row, "transaction_date", format!("2024-01-01 00:{:02}:{:02}", place / 60, place % 60))
    };
    let mut rows: Vec<Value> = rows.into_iter().enumerate().map(dated).collect();
    rows.reverse();
    ledger(&rows)
}

#[test]
fn the_sample_of_the_reference_holds() {
    assert_eq!(checked(&ledger_of(SAMPLE)), Check { breaks: vec![], followed: 1, skipped: 0 });
}

#[test]
fn a_break_is_found_at_its_row_with_the_difference() {
    let ledger = spaced(vec![
        row("0", "", "100", "100.00"),
        row("1", "", "-0.10", "99.90"),
        row("2", "", "-9.9", "95.00"),
        row("3", "", "5", "100"),
    ]);
    let found = Break {
        row: ledger.find("2").unwrap(),
        expected: amount("90.00"),
        found: amount("95.00"),
        difference: amount("5"),
    };
    assert_eq!(checked(&ledger), Check { breaks: vec![found], followed: 3, skipped: 0 });
}

#[test]
fn what_cannot_be_followed_is_counted_and_no_break() {
    let ledger = spaced(vec![
        row("0", "", "100", "100"),
        row("no amount", "", "", "90"),
        row("no balance", "", "-10", ""),
        row("after none", "", "-10", "70"),
        with(row("both", "", "-10", "50"), "credit", "3"),
        row("fine", "", "-10", "40"),
    ]);
    assert_eq!(checked(&ledger), Check { breaks: vec![], followed: 1, skipped: 4 });
}

#[test]
fn currencies_are_apart_whatever_their_case_and_divisions_are_not() {
    let euro = |row: Value, currency: &str| with(row, "currency", currency);
    let division = |row: Value, id: u32| with(row, "container", json!({"id": id, "name": "Division"}));
    let ledger = spaced(vec![
        division(row("u0", "", "100", "100"), 1),
        euro(row("e0", "", "7", "7"), "EUR"),
        division(row("u1", "", "-1", "99"), 2),
        euro(row("e1", "", "-1", "6"), "eur"),
        with(row("none", "", "1", "1"), "currency", ""),
    ]);
    assert_eq!(checked(&ledger), Check { breaks: vec![], followed: 2, skipped: 0 });
}

#[test]
fn the_largest_amounts_are_followed_exactly() {
    let most = "5764607523034234.87";
    let ledger = spaced(vec![row("0", "", "", most), row("1", "", most, "0"), row("2", "", "-1", "-1")]);
    let [found] = checked(&ledger).breaks.try_into().unwrap();
    assert_eq!(found.expected.to_string(), "11529215046068469.74");
    assert_eq!(found.difference.to_string(), "-11529215046068469.74");
}

#[test]
fn amounts_without_room_in_the_computations_are_unclear_and_keep_their_digits() {
    let beyond = "9999999999999999999.999999999";
    let ledger = spaced(vec![row("0", "", "", "1"), row("1", "", beyond, beyond), row("2", "", "1", "2")]);
    assert_eq!(checked(&ledger), Check { breaks: vec![], followed: 0, skipped: 2 });
    assert_eq!(totals(&ledger, &all(&ledger)).first().unwrap().as_ref().unwrap().unclear, 2);
    let entry = ledger.get(1).unwrap();
    assert_eq!((entry.amount(), entry.balance_after), (Some(amount(beyond)), Some(amount(beyond))));
}

#[test]
fn sums_are_by_currency_and_leave_unclear_rows_out() {
    let ledger = ledger(&[
        with(row("1", "", "-1.50", ""), "currency", "eur"),
        row("2", "", "10", ""),
        row("3", "", "-0.25", ""),
        row("4", "", "", "5"),
        with(row("5", "", "2", ""), "currency", "EUR"),
    ]);
    let sums = |currency: &str, credits: &str, debits: &str, net: &str, rows, unclear| {
        Some(Totals {
            currency: currency.to_owned(),
            credits: amount(credits),
            debits: amount(debits),
            net: amount(net),
            rows,
            unclear,
        })
    };
    let expected = [sums("EUR", "2", "-1.50", "0.50", 2, 0), sums("USD", "10", "-0.25", "9.75", 2, 1)];
    assert_eq!(totals(&ledger, &all(&ledger)), expected);
    assert_eq!(totals(&ledger, &[1]), [sums("USD", "10", "0", "10", 1, 0)]);
    assert_eq!(totals(&ledger, &[]), []);
}

#[test]
fn a_sum_that_leaves_the_exact_range_is_not_given() {
    let most = "5764607523034234.87";
    let rows: Vec<Value> = (0..20).map(|_| row("", "", most, "")).collect();
    let ledger = ledger(&[rows, vec![with(row("", "", "1", ""), "currency", "EUR")]].concat());
    let found = totals(&ledger, &all(&ledger));
    assert_eq!(found.first(), Some(&None));
    assert_eq!(found.last().unwrap().as_ref().unwrap().credits, amount("1"));
}

proptest! {
    #[test]
    fn each_wrong_balance_is_found_and_nothing_else(
        steps in prop::collection::vec((-9_999_i64..10_000, prop::option::weighted(0.1, -50_i64..50)), 1..50),
    ) {
        let (mut balance, mut expected) = (0, Vec::new());
        let mut rows = vec![row("first", "", "0", "0.00")];
        for (place, &(amount, wrong)) in steps.iter().enumerate() {
            balance += amount + wrong.unwrap_or(0);
            rows.push(row(&place.to_string(), "", &cents(amount), &cents(balance)));
            expected.extend(wrong.filter(|&wrong| wrong != 0).map(|wrong| (place.to_string(), cents(wrong))));
        }
        let ledger = spaced(rows);
        let found = checked(&ledger);
        let breaks: Vec<(String, String)> = found.breaks.iter()
            .map(|found| (ledger.get(found.row).unwrap().id.to_owned(), found.difference.to_string())).collect();
        prop_assert_eq!(breaks, expected);
        prop_assert_eq!((found.followed, found.skipped), (steps.len(), 0));
    }

    #[test]
    fn sums_are_those_of_a_plain_addition(amounts in prop::collection::vec(-1_000_000_i64..1_000_000, 1..60)) {
        let rows: Vec<Value> = amounts.iter().map(|&amount| row("", "", &cents(amount), "")).collect();
        let ledger = ledger(&rows);
        let found = totals(&ledger, &all(&ledger)).remove(0).unwrap();
        let sum = |sign: i64| cents(amounts.iter().filter(|amount| amount.signum() == sign).sum());
        prop_assert_eq!(found.credits, amount(&sum(1)));
        prop_assert_eq!(found.debits, amount(&sum(-1)));
        prop_assert_eq!(found.net, amount(&cents(amounts.iter().sum())));
    }
}
