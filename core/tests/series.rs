//! The balance as a line of few points.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

mod support;

use certquote_core::ledger::order::chronological;
use certquote_core::ledger::series::{MarkKind, Series, series};
use certquote_core::ledger::{Ledger, Moment, RowId};
use proptest::prelude::*;
use serde_json::Value;
use support::{SAMPLE, all, amount, cents, ledger, ledger_of, row, with};

fn line(ledger: &Ledger, columns: usize) -> Series {
    series(ledger, &chronological(ledger, &all(ledger)), "USD", columns)
}

fn points(series: &Series) -> Vec<String> {
    series.points.iter().map(|point| point.balance.to_string()).collect()
}

fn kind(row: Value, kind: &str) -> Value {
    with(row, "transaction_type", kind)
}

#[test]
fn draws_the_sample_of_the_reference() {
    let line = line(&ledger_of(SAMPLE), 400);
    assert_eq!(points(&line), ["9250.15", "8500.15"]);
    assert_eq!(line.points[0].at.to_string(), "2021-01-21 15:20:18");
    assert_eq!((line.lowest.unwrap().row, line.highest.unwrap().row), (0, 1));
    let [mark] = line.marks.try_into().unwrap();
    assert_eq!((mark.kind, mark.row, mark.count), (MarkKind::Deposit, 1, 1));
    assert_eq!(mark.amount, amount("1000.00"));
}

#[test]
fn a_column_keeps_its_first_lowest_highest_and_last() {
    let balances = ["5", "6", "9", "7", "1", "3", "4"];
    let rows: Vec<Value> =
        balances.iter().map(|balance| row("", "2024-01-01 00:00:00", "", balance)).rev().collect();
    let ledger = ledger(&rows);
    assert_eq!(points(&line(&ledger, 1)), ["5", "9", "1", "4"]);
    assert_eq!(points(&line(&ledger, 1000)), ["5", "9", "1", "4"], "one second is one column");
    assert_eq!(points(&line(&ledger, 0)), ["5", "9", "1", "4"], "no width is one column");
}

#[test]
fn nothing_one_row_and_another_currency_are_no_trouble() {
    assert_eq!(line(&ledger(&[]), 400), Series::default());
    let one = ledger(&[row("1", "2024-01-01 00:00:00", "5", "5")]);
    assert_eq!(points(&line(&one, 400)), ["5"]);
    assert_eq!(series(&one, &[0], "EUR", 400), Series::default());
    assert_eq!(points(&series(&one, &[0], "usd", 400)), ["5"]);
    let bare = ledger(&[with(row("1", "2024-01-01 00:00:00", "5", "5"), "currency", "")]);
    assert_eq!(points(&series(&bare, &[0], "", 400)), ["5"]);
    let undated = ledger(&[row("1", "once", "5", "5")]);
    assert_eq!(line(&undated, 400), Series::default());
}

#[test]
fn deposits_and_expiries_are_marked_and_nothing_else() {
    let at = |second: u32| format!("2024-01-01 00:00:{second:02}");
    let ledger = ledger(&[
        kind(row("expired", &at(8), "-3", "9"), "Account Funds Expiration"),
        kind(row("unheard of", &at(7), "7", "12"), "Bonus"),
        kind(row("sent", &at(6), "-1", "5"), "Transfer of funds to another unit in the account"),
        kind(row("received", &at(5), "1", "6"), "Transfer of funds from another unit in the account"),
        kind(row("revoked", &at(4), "1", "5"), "Credit for a revoked certificate"),
        kind(row("refund", &at(3), "1", "4"), "Refund for unit order"),
        row("charge", &at(2), "-1", "3"),
        row("small", &at(1), "2", "4"),
        row("large", &at(0), "2.5", "2"),
    ]);
    let marks = |columns| -> Vec<(String, MarkKind, usize)> {
        let marks = line(&ledger, columns).marks.into_iter();
        marks.map(|mark| (ledger.get(mark.row).unwrap().id.to_owned(), mark.kind, mark.count)).collect()
    };
    let mark = |id: &str, kind, count| (id.to_owned(), kind, count);
    let expired = || mark("expired", MarkKind::Expiry, 1);
    let (large, small, bonus) = (("large", 1), ("small", 1), ("unheard of", 1));
    let each = [large, small, bonus].map(|(id, count)| mark(id, MarkKind::Deposit, count));
    assert_eq!(marks(400), [each.to_vec(), vec![expired()]].concat());
    assert_eq!(marks(1), [mark("unheard of", MarkKind::Deposit, 3), expired()], "the largest stands for all");
}

proptest! {
    #[test]
    fn few_points_lose_no_extreme(
        rows in prop::collection::vec((0_i64..100_000, prop::option::weighted(0.95, -500_i64..500)), 1..100),
        columns in 1_usize..16,
    ) {
        let values: Vec<Value> = rows.iter().map(|&(at, balance)| {
            row("", &Moment(at).to_string(), "", &balance.map_or(String::new(), cents))
        }).collect();
        let ledger = ledger(&values);
        let chron = chronological(&ledger, &all(&ledger));
        let line = series(&ledger, &chron, "USD", columns);

        // They are rows, in their order, and few.
        let places: Vec<usize> = line.points.iter()
            .map(|point| chron.iter().position(|&row| row == point.row).unwrap()).collect();
        prop_assert!(places.is_sorted_by(|a, b| a < b));
        prop_assert!(line.points.len() <= 4 * columns);
        for point in &line.points {
            let entry = ledger.get(point.row).unwrap();
            prop_assert_eq!((Some(point.at), Some(point.balance)), (entry.at, entry.balance_after));
        }
        let stated: Vec<RowId> = chron.iter().copied().filter(|&row| ledger.get(row).unwrap().balance_after.is_some()).collect();
        let balance = |row: &RowId| ledger.get(*row).unwrap().balance_after.unwrap();
        let lowest = stated.iter().map(balance).min();
        let highest = stated.iter().map(balance).max();
        prop_assert_eq!(line.lowest.as_ref().map(|point| point.balance), lowest);
        prop_assert_eq!(line.highest.as_ref().map(|point| point.balance), highest);
        for extreme in [lowest, highest] {
            prop_assert_eq!(line.points.iter().map(|point| Some(point.balance)).find(|&balance| balance == extreme).flatten(), extreme);
        }
        prop_assert_eq!(line.points.first().map(|point| point.row), stated.first().copied());
        prop_assert_eq!(line.points.last().map(|point| point.row), stated.last().copied());

        // Each column keeps what its rows span.
        let times: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let (from, to) = (times.iter().min().unwrap(), times.iter().max().unwrap());
        let column = |at: Moment| (at.0 - from) * i64::try_from(columns).unwrap() / (to - from + 1);
        let spots: Vec<_> = stated.iter().map(|row| (ledger.get(*row).unwrap().at.map(column), balance(row))).collect();
        for number in 0..i64::try_from(columns).unwrap() {
            let rows = spots.iter().filter(|spot| spot.0 == Some(number)).map(|spot| spot.1);
            let kept = line.points.iter().filter(|point| column(point.at) == number).map(|point| point.balance);
            prop_assert!(kept.clone().count() <= 4);
            prop_assert_eq!((kept.clone().min(), kept.max()), (rows.clone().min(), rows.max()));
        }
    }
}
