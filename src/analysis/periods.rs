//! The balance month by month, or year by year: the chart as a table.

use super::held::Sum;
use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::Entry;

/// More months than this become years.
const MOST_MONTHS: usize = 36;

/// The months or years in which there are adjustments, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Periods {
    /// Whether they are years.
    pub years: bool,
    /// Each of them.
    pub list: Vec<Period>,
}

/// A month or a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The day of its last adjustment.
    pub until: Date,
    /// The balance after that, where a row says so.
    pub balance: Option<Amount>,
    /// What came in.
    pub credits: Sum,
    /// What went out, negative.
    pub debits: Sum,
    /// How many adjustments give no clear amount and are in neither sum.
    pub unclear: usize,
}

/// Reads rows in the order of time into periods.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    months: Vec<Period>,
    years: Vec<Period>,
}

impl Calendar {
    pub(super) fn read(&mut self, day: Date, entry: &Entry<'_>) {
        read(&mut self.months, 1, day, entry);
        read(&mut self.years, 12, day, entry);
    }

    pub(super) fn finish(self) -> Periods {
        let years = self.months.len() > MOST_MONTHS;
        Periods { years, list: if years { self.years } else { self.months } }
    }
}

/// Reads a row into the last of the periods of so many months, or into a new one.
fn read(periods: &mut Vec<Period>, months: i32, day: Date, entry: &Entry<'_>) {
    let number = day.month_number() / months;
    if periods.last().is_none_or(|last| last.until.month_number() / months != number) {
        let (credits, debits) = (Sum::default(), Sum::default());
        periods.push(Period { until: day, balance: None, credits, debits, unclear: 0 });
    }
    let Some(period) = periods.last_mut() else { return };
    period.until = day;
    period.balance = entry.balance_after.or(period.balance);
    match entry.amount() {
        Some(amount) if amount.is_negative() => period.debits.add(amount),
        Some(amount) => period.credits.add(amount),
        None => period.unclear += 1,
    }
}
