//! Sums over rows, each currency for itself.

use super::{Ledger, RowId};
use crate::amount::Amount;

/// The sums of one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The currency, upper case; empty for rows without one.
    pub currency: String,
    /// What came in.
    pub credits: Amount,
    /// What went out, negative.
    pub debits: Amount,
    /// Both together.
    pub net: Amount,
    /// How many rows were summed.
    pub rows: usize,
    /// How many rows give no clear amount and are in no sum.
    pub unclear: usize,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    credits: i64,
    debits: i64,
    rows: usize,
    unclear: usize,
}

/// The sums of `rows`, one for each currency in the order in which they occur. A currency whose sums leave the range
/// of exact figures is `None` in its place.
#[must_use]
pub fn totals(ledger: &Ledger, rows: &[RowId]) -> Vec<Option<Totals>> {
    let currencies = ledger.currencies();
    let mut sums = vec![Sums::default(); currencies.len()];
    let mut groups = Vec::new();
    for &row in rows {
        let Some(figures) = ledger.figures(row) else { continue };
        let Some(sums) = sums.get_mut(figures.group) else { continue };
        if sums.rows + sums.unclear == 0 {
            groups.push(figures.group);
        }
        match figures.amount {
            Some(amount) => {
                let sum = if amount < 0 { &mut sums.debits } else { &mut sums.credits };
                *sum = sum.saturating_add(amount);
                sums.rows += 1;
            }
            None => sums.unclear += 1,
        }
    }
    let mut totals = Vec::with_capacity(groups.len());
    for group in groups {
        totals.push(sums.get(group).and_then(|sums| sums.named(ledger, group, currencies.get(group)?)));
    }
    totals
}

impl Sums {
    fn named(&self, ledger: &Ledger, group: usize, currency: &str) -> Option<Totals> {
        Some(Totals {
            currency: currency.to_owned(),
            credits: ledger.amount(self.credits, group)?,
            debits: ledger.amount(self.debits, group)?,
            net: ledger.amount(self.credits + self.debits, group)?,
            rows: self.rows,
            unclear: self.unclear,
        })
    }
}
