//! What one quote costs more than another, exactly, and only where the two can be compared.

use crate::amount::Amount;
use crate::quote::{LineKind, Quote};

/// Whether the figures of two quotes can stand in one sum: both have a price, in one currency, and both totals are with tax or
/// both before it.
#[must_use]
pub fn is_comparable(before: &Quote, after: &Quote) -> bool {
    before.total.is_some()
        && after.total.is_some()
        && before.tax_error == after.tax_error
        // The APIs write currencies in either case.
        && before.currency.eq_ignore_ascii_case(&after.currency)
}

/// What the total rises by from `before` to `after`, in the currency of both; a fall is negative. `None` where the two cannot
/// be compared.
#[must_use]
pub fn of_totals(before: &Quote, after: &Quote) -> Option<Amount> {
    let (old, new) = (before.total?, after.total?);
    new.sub(old).filter(|_| is_comparable(before, after))
}

/// How one line changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineChange {
    /// What the line is for.
    pub line: LineKind,
    /// Its amount before; `None` where there was no such line.
    pub before: Option<Amount>,
    /// Its amount after; `None` where there is no such line any more.
    pub after: Option<Amount>,
    /// What it rises by; a fall is negative. A line that is not there adds nothing to its total.
    pub by: Amount,
}

/// The lines that differ, in the order of the lines of `after`, then those that are gone; they add up to the difference of the
/// totals. `None` where the two cannot be compared.
#[must_use]
pub fn of_lines(before: &Quote, after: &Quote) -> Option<Vec<LineChange>> {
    if !is_comparable(before, after) {
        return None;
    }
    let gone = before.lines.iter().filter(|line| after.line(line.line).is_none());
    let mut changes = Vec::new();
    for line in after.lines.iter().chain(gone) {
        let amount = |quote: &Quote| quote.line(line.line).map(|line| line.amount);
        let (old, new) = (amount(before), amount(after));
        let by = new.unwrap_or(Amount::ZERO).sub(old.unwrap_or(Amount::ZERO))?;
        if !by.is_zero() {
            changes.push(LineChange { line: line.line, before: old, after: new, by });
        }
    }
    Some(changes)
}
