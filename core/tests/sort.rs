//! Orders by column against the standard library's stable sort.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod support;

use std::cmp::Reverse;

use certquote_core::amount::Amount;
use certquote_core::ledger::sort::{Column, by};
use certquote_core::ledger::{Entry, Ledger, Moment, RowId};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{SAMPLE, all, ids, ledger, ledger_of, row, with};

fn sorted(ledger: &Ledger, column: Column, descending: bool) -> Vec<RowId> {
    let mut rows = all(ledger);
    by(ledger, &mut rows, column, descending);
    rows
}

#[test]
fn sorts_the_sample_of_the_reference() {
    let ledger = ledger_of(SAMPLE);
    for (column, first) in [
        (Column::Date, "5533001"),
        (Column::Type, "5335328"),
        (Column::Amount, "5335328"),
        (Column::Balance, "5335328"),
        (Column::Expires, "5335328"),
    ] {
        assert_eq!(ids(&ledger, &sorted(&ledger, column, false)).first(), Some(&first), "{column:?}");
        assert_eq!(ids(&ledger, &sorted(&ledger, column, true)).last(), Some(&first), "{column:?}");
    }
}

#[test]
fn amounts_go_from_large_debits_to_large_credits_whatever_their_digits() {
    let amounts = [
        "0.3",
        "-9223372036854775808.123456789",
        "",
        "20",
        "-5.00",
        "9999999999999999999.999999999",
        "-5",
        "0",
    ];
    let ledger = ledger(&amounts.map(|amount| row(amount, "", amount, "")));
    assert_eq!(
        sorted(&ledger, Column::Amount, false),
        [2, 1, 4, 6, 7, 0, 3, 5],
        "missing, debits, zero, credits; -5.00 and -5 as they came"
    );
    assert_eq!(sorted(&ledger, Column::Amount, true), [5, 3, 0, 7, 4, 6, 1, 2]);
}

#[test]
fn some_rows_are_sorted_without_the_others() {
    let ledger = ledger(&["3", "1", "2"].map(|balance| row("", "", "", balance)));
    let mut rows = [0, 2];
    by(&ledger, &mut rows, Column::Balance, false);
    assert_eq!(rows, [2, 0]);
    let mut unknown = [7, 0, 1];
    by(&ledger, &mut unknown, Column::Balance, false);
    assert_eq!(unknown, [7, 1, 0], "a row that is not there lacks everything");
}

fn reference<K: Ord>(ledger: &Ledger, descending: bool, key: impl Fn(&Entry<'_>) -> Option<K>) -> Vec<RowId> {
    let mut rows = all(ledger);
    let key = |row: &RowId| key(&ledger.get(*row).unwrap());
    if descending {
        rows.sort_by_key(|row| Reverse(key(row)))
    } else {
        rows.sort_by_key(key)
    }
    rows
}

fn any_row() -> impl Strategy<Value = Value> {
    let amount = || prop::option::of("-?(0|[1-9][0-9]{0,2}|[1-9][0-9]{8,9})(\\.[0-9]{1,7})?");
    let date = || prop::option::of(prop_oneof![0_i64..100, -60_000_000_000..250_000_000_000_i64]);
    (amount(), amount(), date(), date(), "[A-C]{0,3}|é").prop_map(|(credit, balance, at, expires, kind)| {
        let mut row = json!({ "transaction_type": kind });
        for (name, value) in [
            ("credit", credit),
            ("balance_after", balance),
            ("transaction_date", at.map(|at| Moment(at).to_string())),
            ("expiration_date", expires.map(|at| Moment(at).to_string())),
        ] {
            if let Some(value) = value {
                row = with(row, name, value);
            }
        }
        row
    })
}

proptest! {
    #[test]
    fn every_order_is_that_of_a_stable_sort(rows in prop::collection::vec(any_row(), 0..80), descending: bool) {
        let ledger = ledger(&rows);
        let sorted = |column| sorted(&ledger, column, descending);
        prop_assert_eq!(sorted(Column::Amount), reference::<Amount>(&ledger, descending, |row| row.amount()));
        prop_assert_eq!(sorted(Column::Balance), reference::<Amount>(&ledger, descending, |row| row.balance_after));
        prop_assert_eq!(sorted(Column::Date), reference(&ledger, descending, |row| row.at));
        prop_assert_eq!(sorted(Column::Expires), reference(&ledger, descending, |row| row.expires));
        let kind = |row: &Entry<'_>| Some(row.kind.to_owned()).filter(|kind| !kind.is_empty());
        prop_assert_eq!(sorted(Column::Type), reference(&ledger, descending, kind));
    }
}
