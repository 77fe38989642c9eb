//! The ledger check: does each balance follow from the one before?

use super::{Ledger, RowId};
use crate::amount::Amount;

/// A balance that does not follow from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The row whose `balance_after` does not follow.
    pub row: RowId,
    /// What the balance before and the row's amount come to.
    pub expected: Amount,
    /// What the row says.
    pub found: Amount,
    /// `found − expected`.
    pub difference: Amount,
}

/// What the check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// The breaks, in the order of `chron`.
    pub breaks: Vec<Break>,
    /// How many rows could be followed: they and the one before them in their currency have what it takes.
    pub followed: usize,
    /// How many could not, because they or the one before them have no balance or no clear amount. The first row of
    /// each currency is neither: there is nothing from which it could follow.
    pub skipped: usize,
}

/// Follows the balance through rows in order of time, each currency for itself. Divisions are not told apart: the
/// balance is that of the whole account whichever of them made the row.
#[must_use]
pub fn check(ledger: &Ledger, chron: &[RowId]) -> Check {
    let mut check = Check::default();
    // For each currency: nothing before the first row, then the balance of the last one if it has one.
    let mut last: Vec<Option<Option<i64>>> = vec![None; ledger.currencies().len()];
    for &row in chron {
        let Some(figures) = ledger.figures(row) else { continue };
        let Some(last) = last.get_mut(figures.group) else { continue };
        let Some(before) = last.replace(figures.balance) else { continue };
        let (Some(before), Some(amount), Some(found)) = (before, figures.amount, figures.balance) else {
            check.skipped += 1;
            continue;
        };
        check.followed += 1;
        let expected = before + amount;
        if found != expected {
            let difference = ledger.amount(found - expected, figures.group);
            let expected = ledger.amount(expected, figures.group);
            if let (Some(expected), Some(found), Some(difference)) =
                (expected, ledger.balance_of(row), difference)
            {
                check.breaks.push(Break { row, expected, found, difference });
            }
        }
    }
    check
}
