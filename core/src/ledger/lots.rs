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
/// taken like spending; so it is where an amount is not clear. Without any stated balance nothing is known.
#[must_use]
pub fn holdings(ledger: &Ledger, chron: &[RowId], currency: &str) -> Holdings {
    let Some(group) = ledger.group(currency) else { return Holdings::default() };
    let rows = || {
        let rows = chron.iter().filter_map(|&row| Some((row, ledger.figures(row)?)));
        rows.filter(|(_, figures)| figures.group == group)
    };
    let Some(opening) = opening(&mut rows().map(|(_, figures)| (figures.amount, figures.balance))) else {
        return Holdings::default();
    };
    let mut book = Book::default();
    book.add(opening, None, None);
    for (row, figures) in rows() {
        match figures.amount {
            Some(amount) if amount < 0 && is_expiry(ledger.kind(row)) => book.expire(-amount, figures.at),
            Some(amount) => book.add(amount, Some(row), ledger.expires(row)),
            None => {}
        }
        if let Some(stated) = figures.balance {
            book.add(stated - book.balance, None, None);
        }
    }
    let lots = book.lots.iter().filter(|held| held.left > 0).filter_map(|held| {
        Some(Lot { row: held.row, left: ledger.amount(held.left, group)?, expires: held.expires })
    });
    Holdings { lots: lots.collect(), balance: ledger.amount(book.balance, group) }
}

/// The balance before the first row, from the first stated balance and the clear amounts up to it.
fn opening(rows: &mut dyn Iterator<Item = (Option<i128>, Option<i128>)>) -> Option<i128> {
    let mut moved = 0;
    for (amount, balance) in rows {
        moved += amount.unwrap_or_default();
        if let Some(balance) = balance {
            return Some(balance - moved);
        }
    }
    None
}

#[derive(Clone, Copy)]
struct Held {
    row: Option<RowId>,
    left: i128,
    expires: Option<Moment>,
}

/// The lots at some time; all that hold something lie from `oldest` on. Overdrawn, none does.
#[derive(Default)]
struct Book {
    lots: Vec<Held>,
    oldest: usize,
    balance: i128,
}

impl Book {
    /// Adds money, or takes it from the oldest on.
    fn add(&mut self, amount: i128, row: Option<RowId>, expires: Option<Moment>) {
        self.balance += amount;
        if amount < 0 {
            self.take(-amount);
        } else {
            let left = amount.min(self.balance).max(0);
            if left > 0 {
                self.lots.push(Held { row, left, expires });
            }
        }
    }

    fn take(&mut self, mut amount: i128) {
        while let Some(held) = self.lots.get_mut(self.oldest).filter(|_| amount > 0) {
            amount -= held.take(amount);
            self.oldest += usize::from(held.left == 0);
        }
    }

    /// Takes what expired until `at`.
    fn expire(&mut self, mut amount: i128, at: Option<Moment>) {
        self.balance -= amount;
        if let Some(Moment(at)) = at {
            let come =
                |held: &&mut Held| held.expires.is_some_and(|day| day.0.saturating_sub(ZONE_LAG) <= at);
            for held in self.lots.iter_mut().skip(self.oldest).filter(come) {
                amount -= held.take(amount);
                if amount == 0 {
                    break;
                }
            }
        }
        self.take(amount);
    }
}

impl Held {
    /// Takes up to `amount` and tells how much it was.
    fn take(&mut self, amount: i128) -> i128 {
        let taken = self.left.min(amount);
        self.left -= taken;
        taken
    }
}
