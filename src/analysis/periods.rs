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
}

impl Calendar {
    pub(super) fn read(&mut self, day: Date, entry: &Entry<'_>) {
        let same =
            self.months.last().is_some_and(|last| last.until == day || month(last.until) == month(day));
        if !same {
            self.months.push(Period {
                until: day,
                balance: None,
                credits: Sum::default(),
                debits: Sum::default(),
                unclear: 0,
            });
        }
        let Some(period) = self.months.last_mut() else { return };
        period.until = day;
        period.balance = entry.balance_after.or(period.balance);
        match entry.amount() {
            Some(amount) if amount.is_negative() => period.debits.add(amount),
            Some(amount) => period.credits.add(amount),
            None => period.unclear += 1,
        }
    }

    pub(super) fn finish(self) -> Periods {
        if self.months.len() <= MOST_MONTHS {
            return Periods { years: false, list: self.months };
        }
        let mut list: Vec<Period> = Vec::new();
        for next in self.months {
            match list.last_mut().filter(|last| year(last.until) == year(next.until)) {
                Some(last) => {
                    last.until = next.until;
                    last.balance = next.balance.or(last.balance);
                    last.credits.join(next.credits);
                    last.debits.join(next.debits);
                    last.unclear += next.unclear;
                }
                None => list.push(next),
            }
        }
        Periods { years: true, list }
    }
}

/// The year, four digits.
pub(super) fn year(day: Date) -> u16 {
    day.to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
}

/// The month, from 1 on.
pub(super) fn month_of_year(day: Date) -> u8 {
    day.to_string().get(5..7).and_then(|month| month.parse().ok()).unwrap_or_default()
}

fn month(day: Date) -> (u16, u8) {
    (year(day), month_of_year(day))
}
