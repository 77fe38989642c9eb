//! Which deposits still hold money: first in, first out.

use super::{Ledger, Moment, RowId};
use crate::amount::Amount;

/// Money of one deposit that is not spent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The row that brought it; `None` for what was there before the first row, or cannot be explained by the rows.
    pub row: Option<RowId>,
    /// How much of it is left, positive.
    pub left: Amount,
    /// When it expires, in UTC; `None` where the API gives no date.
    pub expires: Option<Moment>,
}

/// What an account holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// The lots that hold something, the oldest first. Together they are the last known balance if that is positive.
    pub lots: Vec<Lot>,
    /// The last known balance.
    pub balance: Option<Amount>,
}

/// What is left of the deposits of `currency` after all rows in `chron`, which are in order of time. Spending, transfers and expiries
/// take from the oldest lot; where a stated balance does not follow, the difference is a lot of its own (or is taken like spending).
#[must_use]
pub fn holdings(_ledger: &Ledger, _chron: &[RowId], _currency: &str) -> Holdings {
    Holdings::default()
}
