//! Which deposits still hold money: first in, first out.

use super::kinds::is_expiry;
use super::{Ledger, Moment, RowId};
use crate::amount::Amount;
use crate::date::Date;

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
    /// The lots that hold something, the oldest first. Together they are `balance` if that is positive.
    pub lots: Vec<Lot>,
    /// The last known balance: the last that a row states, and the clear amounts since.
    pub balance: Option<Amount>,
}

impl Holdings {
    /// The lots that expire from `today` up to and including the day so many days later, by the day in UTC.
    #[must_use]
    pub fn expiring(&self, today: Date, days: i32) -> Vec<&Lot> {
        self.lots_by_days(&|left| (0..=days).contains(&left), today)
    }

    /// The lots that still hold money by the rows although their day is before `today`: no row took it.
    #[must_use]
    pub fn expired(&self, today: Date) -> Vec<&Lot> {
        self.lots_by_days(&|left| left < 0, today)
    }

    fn lots_by_days(&self, fits: &dyn Fn(i32) -> bool, today: Date) -> Vec<&Lot> {
        let day = |lot: &Lot| lot.expires.and_then(Moment::date);
        self.lots.iter().filter(|lot| day(lot).is_some_and(|day| fits(today.days_until(day)))).collect()
    }
}

/// An expiry takes from a lot that expires up to so many seconds later by the clock: dates of expiry are in UTC, those
/// of the rows in a zone that the API does not name and that lags at most twelve hours behind.
const ZONE_LAG: i64 = 12 * 3_600;

/// What is left of the deposits of `currency` after all rows in `chron`, which are in order of time.
///
/// What was there before the first row is the oldest lot. Spending and transfers take from the oldest lot; an expiry
/// takes from the oldest one whose day of expiry has come, and from the oldest one if there is none. Overdrawn, what
/// comes in fills the hole first. Where a stated balance does not follow, the difference is a lot of its own, or is
/// taken like spending; so it is where an amount is not clear. Without any stated balance nothing is known,
/// and neither is where a sum has no room in 64 bits.
#[must_use]
pub fn holdings(ledger: &Ledger, chron: &[RowId], currency: &str) -> Holdings {
    known(ledger, chron, currency).unwrap_or_default()
}

/// `None` where nothing is known, or a sum has no room in 64 bits.
fn known(ledger: &Ledger, chron: &[RowId], currency: &str) -> Option<Holdings> {
    let group = ledger.group(currency)?;
    let mut book = Book::default();
    book.add(opening(ledger, chron, group)?, None, None)?;
    for &row in chron {
        let Some(figures) = ledger.figures_in(group, row) else { continue };
        match figures.amount {
            Some(amount) if amount < 0 && is_expiry(ledger.kind(row)) => book.expire(-amount, figures.at)?,
            Some(amount) => book.add(amount, Some(row), ledger.expires(row))?,
            None => {}
        }
        if let Some(stated) = figures.balance {
            book.add(stated.checked_sub(book.balance)?, None, None)?;
        }
    }
    let mut lots = Vec::new();
    for held in &book.lots {
        if held.left > 0 {
            lots.push(Lot { row: held.row, left: ledger.amount(held.left, group)?, expires: held.expires });
        }
    }
    Some(Holdings { lots, balance: ledger.amount(book.balance, group) })
}

/// The balance before the first row, from the first stated balance and the clear amounts up to it.
fn opening(ledger: &Ledger, chron: &[RowId], group: usize) -> Option<i64> {
    let mut moved = 0_i64;
    for &row in chron {
        let Some(figures) = ledger.figures_in(group, row) else { continue };
        moved = moved.checked_add(figures.amount.unwrap_or_default())?;
        if let Some(balance) = figures.balance {
            return balance.checked_sub(moved);
        }
    }
    None
}

#[derive(Clone, Copy)]
struct Held {
    row: Option<RowId>,
    left: i64,
    expires: Option<Moment>,
}

/// The lots at some time; all that hold something lie from `oldest` on. Overdrawn, none does.
#[derive(Default)]
struct Book {
    lots: Vec<Held>,
    oldest: usize,
    balance: i64,
}

impl Book {
    /// Adds money, or takes it from the oldest on.
    fn add(&mut self, amount: i64, row: Option<RowId>, expires: Option<Moment>) -> Option<()> {
        self.balance = self.balance.checked_add(amount)?;
        if amount < 0 {
            self.take(amount.checked_neg()?);
        } else {
            let left = amount.min(self.balance).max(0);
            if left > 0 {
                self.lots.push(Held { row, left, expires });
            }
        }
        Some(())
    }

    fn take(&mut self, mut amount: i64) {
        while let Some(held) = self.lots.get_mut(self.oldest).filter(|_| amount > 0) {
            amount -= held.take(amount);
            self.oldest += usize::from(held.left == 0);
        }
    }

    /// Takes what expired until `at`.
    fn expire(&mut self, mut amount: i64, at: Option<Moment>) -> Option<()> {
        self.balance = self.balance.checked_sub(amount)?;
        if let Some(Moment(at)) = at {
            for held in self.lots.get_mut(self.oldest..).unwrap_or_default() {
                if held.expires.is_some_and(|day| day.0 - ZONE_LAG <= at) {
                    amount -= held.take(amount);
                }
                if amount == 0 {
                    break;
                }
            }
        }
        self.take(amount);
        Some(())
    }
}

impl Held {
    /// Takes up to `amount` and tells how much it was.
    fn take(&mut self, amount: i64) -> i64 {
        let taken = self.left.min(amount);
        self.left -= taken;
        taken
    }
}
