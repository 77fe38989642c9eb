//! The rows as CSV (RFC 4180), safe to open in a spreadsheet, and as JSON.

use std::fmt::Write as _;

use crate::amount::Amount;
use crate::json::{self, is_invisible};
use crate::ledger::{Ledger, RowId};

/// Writes the line of the column names.
pub fn write_header(out: &mut String) {
    out.push_str(
        "id,transaction_date,transaction_type,amount,currency,balance_after,expiration_date,receipt_id,note,\
         container_id,container_name,order_id\r\n",
    );
}

/// Writes a line for each of `rows`, after whatever stands in `out`.
///
/// Amounts are raw decimals and stay numbers, signed; one that is not known, or not clear, is empty. All other cells are
/// quoted texts. One that a spreadsheet could take for a formula is led by an apostrophe, and so is one that begins
/// with an apostrophe: whoever drops the first apostrophe of every text has the texts as they were.
pub fn write(ledger: &Ledger, rows: &[RowId], out: &mut String) {
    for entry in rows.iter().filter_map(|&row| ledger.get(row)) {
        push_text(Some(entry.id), ',', out);
        push_text(Some(&entry.date), ',', out);
        push_text(Some(entry.kind), ',', out);
        push_amount(entry.amount(), out);
        push_text(entry.currency, ',', out);
        push_amount(entry.balance_after, out);
        push_text(entry.expiration_date.as_deref(), ',', out);
        push_text(entry.receipt_id, ',', out);
        push_text(entry.note, ',', out);
        push_text(entry.container_id, ',', out);
        push_text(entry.container_name, ',', out);
        push_text(entry.order_id, '\r', out);
        out.push('\n');
    }
}

/// Writes the rows as JSON objects of [`Adjustment`](crate::history::Adjustment) with commas between them, for an array
/// that the caller opens and closes.
pub fn write_json(ledger: &Ledger, rows: &[RowId], out: &mut String) {
    let mut separator = "";
    for adjustment in rows.iter().filter_map(|&row| ledger.adjustment(row)) {
        out.push_str(separator);
        out.push_str(&json::to_string(&adjustment));
        separator = ",";
    }
}

pub(crate) fn push_amount(amount: Option<Amount>, out: &mut String) {
    if let Some(amount) = amount {
        // A text takes whatever is written to it.
        let _ = write!(out, "{amount}");
    }
    out.push(',');
}

pub(crate) fn push_text(text: Option<&str>, after: char, out: &mut String) {
    let text = text.unwrap_or_default();
    out.push('"');
    if needs_apostrophe(text) {
        out.push('\'');
    }
    for character in text.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    out.push('"');
    out.push(after);
}

/// Whether a spreadsheet could take a text for a formula. Some drop blanks and characters that cannot be seen first.
fn needs_apostrophe(text: &str) -> bool {
    let mut is_first = true;
    for character in text.chars() {
        match character {
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' => return true,
            '\'' | '\t' | '\r' | '\n' if is_first => return true,
            '\u{AD}' => {}
            _ if character.is_whitespace() || character.is_control() || is_invisible(character) => {}
            _ => return false,
        }
        is_first = false;
    }
    false
}
