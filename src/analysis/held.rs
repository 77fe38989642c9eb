//! Which money expires when, and which cannot be said to.

use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::lots::{Holdings, Lot};
use crate::ledger::{Ledger, Moment};

/// Money that expires within so many days is warned of.
pub const SOON_DAYS: i32 = 60;
/// So many lots are told one by one; the rest is counted.
const MOST_LOTS: usize = 100;

/// What an account holds, by when it expires.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The last known balance.
    pub balance: Option<Amount>,
    /// The money with a date to come, the nearest first, at most a hundred lots.
    pub lots: Vec<Expiring>,
    /// Further lots with a date to come.
    pub more: Sum,
    /// What expires within [`SOON_DAYS`] days.
    pub soon: Sum,
    /// What should have expired before today and is still there by the rows.
    pub overdue: Sum,
    /// What has no date, such as refunds.
    pub undated: Sum,
    /// What was there before the first row, or cannot be explained by the rows.
    pub unexplained: Sum,
}

/// What is left of one deposit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiring {
    /// How much is left.
    pub left: Amount,
    /// How much was deposited, where the answer is clear about it.
    pub deposited: Option<Amount>,
    /// When it was deposited.
    pub on: Option<Date>,
    /// The day of its expiry, in UTC.
    pub expires: Date,
    /// How many days that is from today.
    pub days: i32,
}

/// Several amounts of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: usize,
    /// Together; `None` outside the exact range.
    pub amount: Option<Amount>,
}

impl Default for Sum {
    fn default() -> Self {
        Self { count: 0, amount: Some(Amount::ZERO) }
    }
}

impl Sum {
    pub(super) fn add(&mut self, amount: Amount) {
        // A sum of one keeps its digits: zero would not add any.
        self.amount =
            if self.count == 0 { Some(amount) } else { self.amount.and_then(|sum| sum.add(amount)) };
        self.count += 1;
    }

    pub(super) fn join(&mut self, other: Self) {
        if other.count > 0 {
            self.amount = match (self.amount, other.amount) {
                (_, amount) if self.count == 0 => amount,
                (Some(one), Some(other)) => one.add(other),
                _ => None,
            };
            self.count += other.count;
        }
    }
}

impl Held {
    /// Looks at the lots as of `today` (UTC).
    #[must_use]
    pub fn of(ledger: &Ledger, holdings: &Holdings, today: Date) -> Self {
        let mut held = Self { balance: holdings.balance, ..Self::default() };
        let mut nearest: Vec<(Moment, &Lot)> = Vec::new();
        for lot in &holdings.lots {
            let Some(at) = lot.expires.filter(|_| lot.row.is_some()) else {
                let sum = if lot.row.is_some() { &mut held.undated } else { &mut held.unexplained };
                sum.add(lot.left);
                continue;
            };
            match at.date().map_or(0, |day| today.days_until(day)) {
                ..0 => {
                    held.overdue.add(lot.left);
                    continue;
                }
                0..=SOON_DAYS => held.soon.add(lot.left),
                _ => {}
            }
            // Lots come in the order of their deposits, which is nearly that of their expiry.
            let place = nearest.iter().rposition(|(other, _)| *other <= at).map_or(0, |place| place + 1);
            nearest.insert(place, (at, lot));
            if nearest.len() > MOST_LOTS
                && let Some((_, lot)) = nearest.pop()
            {
                held.more.add(lot.left);
            }
        }
        held.lots = nearest.into_iter().filter_map(|(at, lot)| expiring(ledger, lot, at, today)).collect();
        held
    }
}

fn expiring(ledger: &Ledger, lot: &Lot, at: Moment, today: Date) -> Option<Expiring> {
    let deposit = lot.row.and_then(|row| ledger.get(row));
    let expires = at.date()?;
    Some(Expiring {
        left: lot.left,
        deposited: deposit.as_ref().and_then(|entry| entry.amount()),
        on: deposit.and_then(|entry| entry.at).and_then(Moment::date),
        expires,
        days: today.days_until(expires),
    })
}
