//! The ledger keeps rows as they came, in little memory.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod support;

use certquote_core::history::Adjustment;
use certquote_core::ledger::{Change, Ledger, Moment, Pushed};
use certquote_core::row::{Row, decode_rows};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{SAMPLE, all, amount, cents, ledger, ledger_of, row, with};

#[test]
fn keeps_the_sample_of_the_reference() {
    let ledger = ledger_of(SAMPLE);
    assert_eq!(ledger.len(), 2);
    let charge = ledger.get(0).unwrap();
    assert_eq!((charge.id, charge.kind, charge.currency), ("5335328", "Charge", Some("USD")));
    assert_eq!(charge.change, Change::By(amount("-750.00")));
    assert_eq!(charge.amount().unwrap().to_string(), "-750.00");
    assert_eq!(charge.balance_after.unwrap().to_string(), "8500.15");
    assert_eq!((charge.container_id, charge.container_name), (Some("123456"), Some("Example Company")));
    assert_eq!(
        (charge.at, charge.date.as_str()),
        (Moment::parse("2021-01-21 15:21:34"), "2021-01-21 15:21:34")
    );
    assert_eq!((charge.expires, charge.expiration_date, charge.note), (None, None, None));
    let deposit = ledger.get(1).unwrap();
    assert_eq!(deposit.expires, Moment::parse("2022-01-21 00:00:00"));
    assert_eq!(ledger.currencies(), ["USD"]);
    assert_eq!(ledger.kinds(), ["Charge", "Credit Card Deposit"]);
    assert_eq!((ledger.find("5533001"), ledger.find("5"), ledger.find("")), (Some(1), None, None));
}

#[test]
fn a_row_that_is_there_stays_as_it_was() {
    let mut ledger = Ledger::default();
    let mut pushed = Vec::new();
    let rows =
        [row("1", "", "5", "5"), row("1", "", "-7", "9"), row("", "", "1", "1"), row("", "", "1", "1")];
    let body = json!({ "adjustments": rows }).to_string();
    decode_rows(body.as_bytes(), &mut |row| pushed.push(ledger.push(&row))).unwrap();
    assert_eq!(pushed, [Pushed::New(0), Pushed::Known(0), Pushed::New(1), Pushed::New(2)]);
    assert_eq!(ledger.get(0).unwrap().amount(), Some(amount("5")));
    assert_eq!(ledger.len(), 3);
}

#[test]
fn both_and_neither_of_credit_and_debit_are_told_apart() {
    let both = with(row("1", "", "5.0", ""), "debit", "7");
    let ledger = ledger(&[both, row("2", "", "", "")]);
    let change = |row| ledger.get(row).unwrap().change;
    assert_eq!(change(0), Change::Both { credit: amount("5.0"), debit: amount("7") });
    assert_eq!(change(1), Change::Neither);
    assert_eq!(ledger.get(0).unwrap().amount(), None);
}

#[test]
fn currencies_are_the_same_whatever_their_case() {
    let rows = ["usd", "EUR", "USD", "", "Usd"].map(|currency| json!({ "currency": currency }));
    let ledger = ledger(&rows);
    assert_eq!(ledger.currencies(), ["USD", "EUR", ""]);
    assert_eq!(ledger.get(4).unwrap().currency, Some("Usd"));
    assert_eq!(ledger.get(3).unwrap().currency, None);
}

#[test]
fn an_empty_ledger_has_nothing() {
    let ledger = Ledger::default();
    assert!(ledger.is_empty() && ledger.get(0).is_none() && ledger.adjustment(0).is_none());
    assert!(ledger.currencies().is_empty() && ledger.kinds().is_empty() && ledger.find("1").is_none());
}

#[test]
fn a_text_longer_than_a_block_stays_whole() {
    let long = "né".repeat(50_000);
    let ledger = ledger(&[
        with(row("1", "", "", ""), "note", "short"),
        with(row("2", "", "", ""), "note", long.as_str()),
        with(row("3", "", "", ""), "note", "after"),
    ]);
    let note = |row| ledger.get(row).unwrap().note;
    assert_eq!((note(0), note(1), note(2)), (Some("short"), Some(long.as_str()), Some("after")));
}

#[test]
fn dates_come_back_from_wherever_in_the_calendar() {
    let dates = [0xF000_0000 - 1, 0xF000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000, -1, 0].map(Moment);
    let ledger = ledger(&dates.map(|at| row("", &at.to_string(), "", "")));
    for (row, at) in (0..).zip(dates) {
        let entry = ledger.get(row).unwrap();
        assert_eq!((entry.at, entry.date), (Some(at), at.to_string()));
    }
}

/// A row as the sandbox and the reference have them.
fn realistic(place: i64) -> String {
    let more = match place % 10 {
        0 => format!(r#","note":"Payment for invoice #{}""#, 100_000 + place),
        1 => r#","expiration_date":"2024-11-20 00:00:00""#.to_owned(),
        _ => String::new(),
    };
    format!(
        r#"{{"id":"{}","container":{{"id":123456,"name":"Example Company","is_active":true}},"debit":"{}",
            "transaction_type":"Charge","receipt_id":"{}","transaction_date":"{}","balance_after":"{}",
            "order_id":"{}","currency":"USD"{more}}}"#,
        5_000_000 + place * 7,
        cents(995 + place % 74_005),
        900_000 + place,
        Moment(1_700_000_000 - place * 1261),
        cents(place * 31),
        100_000_000 + place * 11,
    )
}

#[test]
fn a_hundred_thousand_rows_take_less_than_100_bytes_each() {
    let mut ledger = Ledger::default();
    for page in 0..100 {
        let rows: Vec<String> = (page * 1000..(page + 1) * 1000).map(realistic).collect();
        let body = [r#"{"adjustments":["#, &rows.join(","), "]}"].concat();
        decode_rows(body.as_bytes(), &mut |row| {
            ledger.push(&row);
        })
        .unwrap();
    }
    assert_eq!(ledger.len(), 100_000);
    let bytes = ledger.memory() / ledger.len();
    assert!((40..100).contains(&bytes), "{bytes}");
}

/// Texts that are hard to keep, and often the same.
fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![
        Just(String::new()),
        "[a-c]{1,2}",
        "\\PC{0,6}",
        "[0-9]{1,9}",
        (60_usize..200).prop_map(|count| "é".repeat(count)),
        Just("\0\n\"".to_owned()),
    ])
}

fn date() -> impl Strategy<Value = Option<String>> {
    let known = prop_oneof![0_i64..4_000_000_000, -60_000_000_000_i64..250_000_000_000];
    prop_oneof![
        known.clone().prop_map(|at| Some(Moment(at).to_string())),
        known.prop_map(|at| Some(Moment(at).to_string().replace(' ', "T") + "Z")),
        Just(Some("2024-02-29".to_owned())),
        text(),
    ]
}

fn money() -> impl Strategy<Value = Option<String>> {
    prop::option::of("-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,9})?")
}

prop_compose! {
    fn any_row()(
        texts in prop::array::uniform8(text()),
        dates in prop::array::uniform2(date()),
        amounts in prop::array::uniform3(money()),
    ) -> Value {
        let mut row = json!({});
        let [id, kind, receipt, note, currency, order, container, name] = texts;
        let ([at, expires], [credit, debit, balance]) = (dates, amounts);
        for (member, value) in [
            ("id", id), ("transaction_type", kind), ("receipt_id", receipt), ("note", note),
            ("currency", currency), ("order_id", order), ("transaction_date", at), ("expiration_date", expires),
            ("credit", credit), ("debit", debit), ("balance_after", balance),
        ] {
            if let Some(value) = value {
                row = with(row, member, value);
            }
        }
        if let (Some(container), Some(name)) = (container, name) {
            row = with(row, "container", json!({"id": container, "name": name}));
        }
        row
    }
}

proptest! {
    #[test]
    fn every_row_comes_back_as_the_reader_has_it(rows in prop::collection::vec(any_row(), 0..20)) {
        let body = json!({ "adjustments": rows }).to_string();
        let (mut ledger, mut expected) = (Ledger::default(), Vec::<Adjustment>::new());
        decode_rows(body.as_bytes(), &mut |row: Row<'_>| {
            let known = expected.iter().position(|other| !other.id.is_empty() && row.id.as_ref().is_some_and(|id| id.0 == other.id));
            let pushed = ledger.push(&row);
            let place = u32::try_from(known.unwrap_or(expected.len())).unwrap();
            assert_eq!(pushed, if known.is_some() { Pushed::Known(place) } else { Pushed::New(place) });
            if known.is_none() {
                expected.push(row.into());
            }
        }).unwrap();
        prop_assert_eq!(ledger.len(), expected.len());
        for (row, expected) in all(&ledger).into_iter().zip(&expected) {
            let found = ledger.adjustment(row).unwrap();
            prop_assert_eq!(&found, expected);
            let digits = |amount: Option<certquote_core::amount::Amount>| amount.map(|amount| amount.to_string());
            prop_assert_eq!(digits(found.amount), digits(expected.amount));
            prop_assert_eq!(digits(found.balance_after), digits(expected.balance_after));
            let entry = ledger.get(row).unwrap();
            prop_assert_eq!(entry.at, Moment::parse(&expected.date));
            prop_assert_eq!(entry.expires, expected.expiration_date.as_deref().and_then(Moment::parse));
            if !entry.id.is_empty() {
                prop_assert_eq!(ledger.find(entry.id), Some(row));
            }
        }
    }
}
