//! How long the money lasts at the pace of the past.

use super::kinds::{is_expiry, is_refund, is_transfer};
use super::{Ledger, Moment, RowId};
use crate::amount::Amount;
use crate::date::Date;

/// The lengths of the spans, in days.
const SPANS: [u16; 3] = [30, 90, 365];

/// The pace of a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runway {
    /// The length of the span: 30, 90 or 365.
    pub days: u32,
    /// What was spent in it, refunds taken off, positive; zero or less when nothing was.
    pub spent: Amount,
    /// `spent / days`, rounded half away from zero to two digits more than the amounts have.
    pub per_day: Amount,
    /// The last whole day that the available funds cover at this pace; `None` where they are not known, nothing was
    /// spent, or the day lies beyond the calendar. `today` where nothing is available.
    pub until: Option<Date>,
}

/// The pace of the last 30, 90 and 365 days, `today` among them; `None` for a span that the rows do not cover.
///
/// Spending is every debit of `currency` but expiries and transfers between units; refunds and credits for revoked
/// certificates take from it. A span is covered when the oldest row lies before it. `available` is in the same currency.
#[must_use]
pub fn runway(
    ledger: &Ledger,
    chron: &[RowId],
    currency: &str,
    today: Date,
    available: Option<Amount>,
) -> [Option<Runway>; 3] {
    let Some(group) = ledger.group(currency) else { return [None, None, None] };
    let mut oldest = None::<i32>;
    let mut spent = [Some(0_i64); SPANS.len()];
    for &row in chron {
        let Some(figures) = ledger.figures_in(group, row) else { continue };
        let Some(day) = figures.at.and_then(Moment::day_number) else { continue };
        let ago = today.day_number() - day;
        oldest = oldest.max(Some(ago));
        let Some(amount) = figures.amount.filter(|_| ago >= 0) else { continue };
        let kind = ledger.kind(row);
        let counts = if amount < 0 { !is_expiry(kind) && !is_transfer(kind) } else { is_refund(kind) };
        if counts {
            for (spent, days) in spent.iter_mut().zip(SPANS) {
                if ago < i32::from(days) {
                    *spent = spent.and_then(|spent| spent.checked_sub(amount));
                }
            }
        }
    }
    let scale = ledger.scale_of(group);
    let span = |days: u16, spent: Option<i64>| {
        oldest.filter(|&oldest| oldest >= i32::from(days))?;
        let spent = spent?;
        Some(Runway {
            days: u32::from(days),
            spent: Amount::from_units(spent, scale)?,
            per_day: Amount::from_units(divided(spent.checked_mul(100)?, i64::from(days))?, scale + 2)?,
            until: available.and_then(|available| {
                let covered = days_covered(available, spent, scale, i64::from(days))?;
                today.plus_days(i32::try_from(covered).ok()?)
            }),
        })
    };
    let ([month, quarter, year], [in_month, in_quarter, in_year]) = (SPANS, spent);
    [span(month, in_month), span(quarter, in_quarter), span(year, in_year)]
}

/// The quotient, rounded half away from zero.
fn divided(sum: i64, by: i64) -> Option<i64> {
    let rounding = by / 2 * sum.signum();
    sum.checked_add(rounding)?.checked_div(by)
}

/// How many whole days `available` lasts when `spent` is gone in so many days.
fn days_covered(available: Amount, spent: i64, scale: u32, days: i64) -> Option<i64> {
    let common = scale.max(available.scale());
    let spent = Amount::from_units(spent, scale)?.units(common).filter(|&spent| spent > 0)?;
    available.units(common)?.max(0).checked_mul(days)?.checked_div(spent)
}
