//! The columns of a ledger.

use crate::amount::Amount;
use crate::history::Adjustment;
use crate::ledger::Moment;
use crate::row::Row;

/// The number of a row: its place in the order of arrival, from 0.
pub type RowId = u32;

/// Rows in columns, in the order in which they came; a row is never removed.
#[derive(Clone, Debug, Default)]
pub struct Ledger {}

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

impl Ledger {
    /// Adds a row, unless one with its id is there. Rows without an id are always new.
    pub fn push(&mut self, _row: &Row<'_>) -> Pushed {
        Pushed::New(0)
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row with this number.
    #[must_use]
    pub fn get(&self, _row: RowId) -> Option<Entry<'_>> {
        None
    }

    /// The row with this number as the public type.
    #[must_use]
    pub fn adjustment(&self, _row: RowId) -> Option<Adjustment> {
        None
    }

    /// The row with this id.
    #[must_use]
    pub fn find(&self, _id: &str) -> Option<RowId> {
        None
    }

    /// The currencies, in the order in which they came, upper case; a row without one adds `""`.
    #[must_use]
    pub fn currencies(&self) -> Vec<&str> {
        Vec::new()
    }
}
