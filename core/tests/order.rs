//! The order of time, and that of rows of the same second.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

mod support;

use certquote_core::ledger::check::check;
use certquote_core::ledger::order::chronological;
use certquote_core::ledger::{Ledger, RowId};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{SAMPLE, all, cents, ids, ledger, ledger_of, row, with};

const SECOND: &str = "2024-05-01 10:00:00";
const BEFORE: &str = "2024-05-01 09:59:59";
const AFTER: &str = "2024-05-01 10:00:01";

fn chron(ledger: &Ledger) -> Vec<RowId> {
    chronological(ledger, &all(ledger))
}

fn order(rows: &[Value]) -> Vec<String> {
    let ledger = ledger(rows);
    ids(&ledger, &chron(&ledger)).into_iter().map(str::to_owned).collect()
}

#[test]
fn the_sample_of_the_reference_is_newest_first() {
    let ledger = ledger_of(SAMPLE);
    assert_eq!(ids(&ledger, &chron(&ledger)), ["5533001", "5335328"]);
}

#[test]
fn rows_of_one_second_follow_the_balance_whatever_order_they_came_in() {
    let rows = [
        row("a", SECOND, "-10.00", "90.00"),
        row("b", SECOND, "5.00", "95.00"),
        row("c", SECOND, "-95.00", "0.00"),
    ];
    let first = row("0", BEFORE, "100.00", "100.00");
    for [x, y, z] in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let came = [rows[x].clone(), rows[y].clone(), rows[z].clone(), first.clone()];
        assert_eq!(order(&came), ["0", "a", "b", "c"]);
        // So they do without a balance before them.
        assert_eq!(order(&came[..3]), ["a", "b", "c"]);
    }
}

#[test]
fn a_way_back_and_forth_is_walked_whole() {
    // Twice from 100 to 110, once back: only one order of the three begins at 100.
    let rows = [
        row("back", SECOND, "-10", "100"),
        row("up", SECOND, "10", "110"),
        row("again", SECOND, "10", "110"),
        row("0", BEFORE, "100", "100"),
    ];
    let ledger = ledger(&rows);
    assert_eq!(check(&ledger, &chron(&ledger)).breaks, []);
}

#[test]
fn rows_that_come_back_to_where_they_began_lead_to_the_next_second() {
    // Without a balance before them, `up` and `down` may come in either order; `next` begins at 110.
    for pair in [["up", "down"], ["down", "up"]] {
        let pair = pair.map(|id| match id {
            "up" => row("up", SECOND, "10", "110"),
            _ => row("down", SECOND, "-10", "100"),
        });
        let rows = [row("next", AFTER, "5", "115"), pair[0].clone(), pair[1].clone()];
        assert_eq!(order(&rows), ["down", "up", "next"]);
    }
}

#[test]
fn where_balances_leave_a_choice_the_api_is_taken_at_its_word() {
    let rows = ["d", "c", "b", "a"].map(|id| row(id, SECOND, "", ""));
    assert_eq!(order(&rows), ["a", "b", "c", "d"]);
    let twins = ["d", "c", "b", "a"].map(|id| row(id, SECOND, "0", "7"));
    assert_eq!(order(&twins), ["a", "b", "c", "d"]);
}

#[test]
fn an_answer_that_is_sorted_oldest_first_is_taken_at_its_word_too() {
    let rows = [
        row("0", BEFORE, "", ""),
        row("a", SECOND, "", ""),
        row("b", SECOND, "", ""),
        row("1", AFTER, "", ""),
    ];
    assert_eq!(order(&rows), ["0", "a", "b", "1"]);
}

#[test]
fn currencies_are_followed_each_for_itself() {
    let euro = |row: Value| with(row, "currency", "eur");
    let rows = [
        row("u1", SECOND, "1", "11"),
        euro(row("e1", SECOND, "1", "21")),
        row("u2", SECOND, "1", "12"),
        euro(row("e2", SECOND, "1", "22")),
        with(row("e0", BEFORE, "20", "20"), "currency", "EUR"),
        row("u0", BEFORE, "10", "10"),
    ];
    let ledger = ledger(&rows);
    assert_eq!(check(&ledger, &chron(&ledger)).breaks, []);
    assert_eq!(ids(&ledger, &chron(&ledger))[..2], ["u0", "e0"]);
}

#[test]
fn a_row_without_a_clear_amount_bridges_to_its_balance() {
    let unclear = with(row("unclear", SECOND, "-1", "200"), "credit", "2");
    let rows = [
        row("b", SECOND, "5", "205"),
        unclear,
        row("a", SECOND, "10", "110"),
        row("0", BEFORE, "100", "100"),
    ];
    assert_eq!(order(&rows), ["0", "a", "unclear", "b"]);
}

#[test]
fn a_row_without_a_readable_time_stays_beside_its_older_neighbour() {
    for date in ["", "yesterday", "2024-05-01 24:00:00"] {
        let rows = [row("c", AFTER, "", ""), row("lost", date, "", ""), row("a", BEFORE, "", "")];
        assert_eq!(order(&rows), ["a", "lost", "c"], "{date}");
    }
    let rows = [row("b", AFTER, "", ""), row("a", BEFORE, "", ""), row("lost", "", "", "")];
    assert_eq!(order(&rows), ["lost", "a", "b"]);
    let none = ["c", "b", "a"].map(|id| row(id, "", "", ""));
    assert_eq!(order(&none), ["a", "b", "c"]);
}

#[test]
fn a_hundred_thousand_rows_of_one_second_are_walked_in_one_go() {
    // In steps of 7 cents from 0 up, then all the way down again, given in an order of no use.
    let count = 50_000_i64;
    let mut rows = Vec::new();
    for place in 0..count {
        let place = place * 7919 % count;
        rows.push(row("", SECOND, "0.07", &cents((place + 1) * 7)));
        rows.push(row("", SECOND, "-0.07", &cents(place * 7)));
    }
    rows.push(row("0", BEFORE, "0", "0.00"));
    let ledger = ledger(&rows);
    let chron = chron(&ledger);
    assert_eq!(chron.len(), rows.len());
    assert_eq!(check(&ledger, &chron).breaks, []);
}

/// How often the balance follows from the one before.
fn held(ledger: &Ledger, rows: &[RowId]) -> usize {
    let check = check(ledger, rows);
    check.followed - check.breaks.len()
}

fn permutations(rows: &[RowId]) -> Vec<Vec<RowId>> {
    if rows.len() < 2 {
        return vec![rows.to_vec()];
    }
    let each = |place: usize| {
        let mut rest = rows.to_vec();
        let first = rest.remove(place);
        permutations(&rest).into_iter().map(move |tail| [vec![first], tail].concat())
    };
    (0..rows.len()).flat_map(each).collect()
}

proptest! {
    #[test]
    fn any_ledger_that_holds_is_found_again(
        steps in prop::collection::vec((-3_i64..4, prop::bool::weighted(0.6)), 1..60),
        shuffle in prop::collection::vec(any::<u32>(), 60),
    ) {
        // Rows that often share their second, shuffled; the first stands alone.
        let (mut balance, mut second) = (0, 0);
        let mut rows = vec![(0, row("0", "2024-05-01 00:00:00", "0", "0.00"))];
        for (place, &(amount, same)) in steps.iter().enumerate() {
            balance += amount;
            second += i64::from(!same || place == 0);
            let date = format!("2024-05-01 00:{:02}:{:02}", second / 60, second % 60);
            rows.push((shuffle[place], row(&format!("r{place}"), &date, &cents(amount), &cents(balance))));
        }
        rows.sort_by_key(|(key, _)| *key);
        let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
        let ledger = ledger(&rows);
        let chron = chron(&ledger);
        prop_assert_eq!(held(&ledger, &chron), rows.len() - 1);
        let mut sorted = chron.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, all(&ledger), "each row once");
    }

    #[test]
    fn in_no_order_of_a_second_do_more_balances_follow(
        rows in prop::collection::vec((prop::option::weighted(0.9, -2_i64..3), prop::option::weighted(0.9, 0_i64..5)), 1..6),
        start in prop::option::of(0_i64..5),
    ) {
        let text = |value: Option<i64>| value.map_or(String::new(), cents);
        let mut values: Vec<Value> = rows.iter().enumerate()
            .map(|(place, &(amount, balance))| row(&format!("r{place}"), SECOND, &text(amount), &text(balance)))
            .collect();
        values.extend(start.map(|start| json!({"id": "0", "transaction_date": BEFORE, "currency": "USD", "balance_after": cents(start)})));
        let ledger = ledger(&values);
        let found = chron(&ledger);
        let begin: Vec<RowId> = found[..found.len() - rows.len()].to_vec();
        let best = permutations(&found[begin.len()..]).iter()
            .map(|order| held(&ledger, &[begin.clone(), order.clone()].concat())).max().unwrap();
        prop_assert_eq!(held(&ledger, &found), best);
    }
}
