//! Orders by column, as the API has them.

use super::{Ledger, RowId};

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `transaction_date`
    Date,
    /// `transaction_type`
    Type,
    /// The signed amount: large debits, small debits, small credits, large credits.
    Amount,
    /// `balance_after`
    Balance,
    /// `expiration_date`
    Expires,
}

/// Puts `rows` in the order of a column. What a row lacks comes first in ascending order; rows that are equal stay in
/// the order in which they are.
pub fn by(_ledger: &Ledger, _rows: &mut [RowId], _column: Column, _descending: bool) {}
