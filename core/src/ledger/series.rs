//! The balance over time as a step line of few points, without losing an extreme.

use super::{Ledger, Moment, RowId};
use crate::amount::Amount;

/// A point of the line: from `at` on the balance is `balance`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The row that it comes from.
    pub row: RowId,
    /// When.
    pub at: Moment,
    /// The balance from then on.
    pub balance: Amount,
}

/// What a mark on the line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Money came in that can expire or was paid in.
    Deposit,
    /// Funds expired.
    Expiry,
}

/// A deposit or an expiry on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which of the two.
    pub kind: MarkKind,
    /// The row; of several that fall together, the one with the largest amount.
    pub row: RowId,
    /// When.
    pub at: Moment,
    /// Its signed amount.
    pub amount: Amount,
    /// How many fall together here.
    pub count: usize,
}

/// A step line and what is marked on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The points in order of time; at most four for each column: first, lowest, highest, last.
    pub points: Vec<Point>,
    /// The marks in order of time, at most one of each kind for each column.
    pub marks: Vec<Mark>,
    /// The lowest point of all rows.
    pub lowest: Option<Point>,
    /// The highest point of all rows.
    pub highest: Option<Point>,
}

/// The line through the rows of `currency` (upper case, `""` for none), which are in order of time, for a drawing so
/// many columns wide.
#[must_use]
pub fn series(_ledger: &Ledger, _chron: &[RowId], _currency: &str, _columns: usize) -> Series {
    Series::default()
}
