//! A row of a ledger as it is handed out.

use super::{Moment, RowId};
use crate::amount::Amount;

/// What became of a row that was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is a new row.
    New(RowId),
    /// A row with this id was there already. The row stays as it was.
    Known(RowId),
}

/// What an adjustment did to the balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A credit is positive, a debit negative.
    By(Amount),
    /// The answer gives both a credit and a debit.
    Both {
        /// The credit as it came.
        credit: Amount,
        /// The debit as it came.
        debit: Amount,
    },
    /// The answer gives neither.
    Neither,
}

/// One row, its texts borrowed from the ledger. Texts that are missing or empty are `None`.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The API's id; empty when the answer lacks it.
    pub id: &'a str,
    /// When, if it can be read.
    pub at: Option<Moment>,
    /// When, as the API wrote it.
    pub date: String,
    /// The type's text; an open set.
    pub kind: &'a str,
    /// What it did to the balance.
    pub change: Change,
    /// The balance afterwards.
    pub balance_after: Option<Amount>,
    /// The currency, as the API wrote it.
    pub currency: Option<&'a str>,
    /// When a deposit expires, in UTC, if it can be read.
    pub expires: Option<Moment>,
    /// When a deposit expires, as the API wrote it.
    pub expiration_date: Option<String>,
    /// A note.
    pub note: Option<&'a str>,
    /// The receipt; `0` for credits.
    pub receipt_id: Option<&'a str>,
    /// The id of the division that made it.
    pub container_id: Option<&'a str>,
    /// The name of that division.
    pub container_name: Option<&'a str>,
    /// The order that it belongs to.
    pub order_id: Option<&'a str>,
}

impl Entry<'_> {
    /// The signed amount, where the answer is clear about it.
    #[must_use]
    pub fn amount(&self) -> Option<Amount> {
        match self.change {
            Change::By(amount) => Some(amount),
            Change::Both { .. } | Change::Neither => None,
        }
    }
}
