//! How long the money lasts at the pace of the past.

use super::{Ledger, RowId};
use crate::amount::Amount;
use crate::date::Date;

/// The pace of a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runway {
    /// The length of the span: 30, 90 or 365.
    pub days: u32,
    /// What was spent in it, refunds taken off, positive; zero or less when nothing was.
    pub spent: Amount,
    /// `spent / days`, rounded half away from zero to two digits more than the amounts have.
    pub per_day: Amount,
    /// The last whole day that the available funds cover, where something was spent and the day is before 9999.
    pub until: Option<Date>,
}

/// The pace of the last 30, 90 and 365 days before `today`; `None` for a span that the rows do not cover.
///
/// Spending is every debit but expiries and transfers between units; refunds and credits for revoked certificates take from it.
/// `complete` says that there is nothing before the first row: the rows still have to reach 30 days back, and for a
/// longer span that far.
#[must_use]
pub fn runway(
    _ledger: &Ledger,
    _chron: &[RowId],
    _currency: &str,
    _today: Date,
    _available: Option<Amount>,
) -> [Option<Runway>; 3] {
    [None, None, None]
}
