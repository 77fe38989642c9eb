//! Ledgers from JSON, through the decoder that reads the API's answers.

#![allow(dead_code, reason = "each test uses some of it")]
#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use certquote_core::amount::Amount;
use certquote_core::ledger::{Ledger, RowId};
use certquote_core::row::decode_rows;
use serde_json::{Value, json};

/// The sample of the reference, without the trailing comma that it is printed with.
pub(crate) const SAMPLE: &str = r#"{
  "adjustments": [
    {
      "id": "5335328",
      "container": {
        "id": 123456,
        "name": "Example Company",
        "is_active": true
      },
      "debit": "750.00",
      "transaction_type": "Charge",
      "transaction_date": "2021-01-21 15:21:34",
      "balance_after": "8500.15",
      "currency": "USD"
    },
    {
      "id": "5533001",
      "container": {
        "id": 123456,
        "name": "Example Company",
        "is_active": true
      },
      "credit": "1000.00",
      "transaction_type": "Credit Card Deposit",
      "transaction_date": "2021-01-21 15:20:18",
      "balance_after": "9250.15",
      "expiration_date": "2022-01-21 00:00:00",
      "currency": "USD"
    }
  ],
  "page": {
    "total": 2,
    "limit": 1000,
    "offset": 0
  }
}"#;

/// The ledger of an answer.
pub(crate) fn ledger_of(body: &str) -> Ledger {
    let mut ledger = Ledger::default();
    decode_rows(body.as_bytes(), &mut |row| {
        ledger.push(&row);
    })
    .unwrap();
    ledger
}

/// The ledger of an answer that holds these rows.
pub(crate) fn ledger(rows: &[Value]) -> Ledger {
    ledger_of(&json!({ "adjustments": rows }).to_string())
}

/// A row in US dollars: a charge or a deposit, by the sign of its amount. Empty texts are left out.
pub(crate) fn row(id: &str, date: &str, amount: &str, balance: &str) -> Value {
    let (side, kind) = if amount.starts_with('-') { ("debit", "Charge") } else { ("credit", "Wire Deposit") };
    let mut row = json!({ "id": id, "transaction_type": kind, "currency": "USD" });
    for (name, text) in
        [(side, amount.trim_start_matches('-')), ("transaction_date", date), ("balance_after", balance)]
    {
        if !text.is_empty() {
            row = with(row, name, text);
        }
    }
    row
}

/// The row with one more member, or another value of it.
pub(crate) fn with(mut row: Value, name: &str, value: impl Into<Value>) -> Value {
    row.as_object_mut().unwrap().insert(name.to_owned(), value.into());
    row
}

/// All rows in the order in which they came.
pub(crate) fn all(ledger: &Ledger) -> Vec<RowId> {
    (0..RowId::try_from(ledger.len()).unwrap()).collect()
}

/// The ids of rows.
pub(crate) fn ids<'l>(ledger: &'l Ledger, rows: &[RowId]) -> Vec<&'l str> {
    rows.iter().map(|&row| ledger.get(row).unwrap().id).collect()
}

/// An amount.
pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

/// Cents as the API writes them.
pub(crate) fn cents(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}
