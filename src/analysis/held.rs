//! Which money expires when, and which cannot be said to.

use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::lots::Holdings;
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
        self.amount = self.amount.and_then(|sum| sum.add(amount));
        self.count += 1;
    }
}

impl Held {
    /// Looks at the lots as of `today` (UTC).
    #[must_use]
    pub fn of(ledger: &Ledger, holdings: &Holdings, today: Date) -> Self {
        let mut held = Self { balance: holdings.balance, ..Self::default() };
        for lot in &holdings.lots {
            let Some(row) = lot.row else {
                held.unexplained.add(lot.left);
                continue;
            };
            let Some(expires) = lot.expires.and_then(Moment::date) else {
                held.undated.add(lot.left);
                continue;
            };
            let days = today.days_until(expires);
            if days < 0 {
                held.overdue.add(lot.left);
                continue;
            }
            if days <= SOON_DAYS {
                held.soon.add(lot.left);
            }
            // Lots come in the order of their deposits, which is nearly that of their expiry.
            let mut place = held.lots.len();
            while place > 0 && held.lots.get(place - 1).is_some_and(|other| other.days > days) {
                place -= 1;
            }
            if place == MOST_LOTS {
                held.more.add(lot.left);
                continue;
            }
            let mut lot = Expiring { left: lot.left, deposited: None, on: None, expires, days };
            if let Some(deposit) = ledger.get(row) {
                lot.deposited = deposit.amount();
                lot.on = deposit.at.and_then(Moment::date);
            }
            held.lots.insert(place, lot);
            if held.lots.len() > MOST_LOTS
                && let Some(last) = held.lots.pop()
            {
                held.more.add(last.left);
            }
        }
        held
    }
}
