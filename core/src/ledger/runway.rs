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
    let mut spent = [0_i128; SPANS.len()];
    for &row in chron {
        let Some(figures) = ledger.figures(row).filter(|figures| figures.group == group) else { continue };
        let Some(day) = figures.at.and_then(Moment::day_number) else { continue };
        let ago = today.day_number() - day;
        oldest = oldest.max(Some(ago));
        let Some(amount) = figures.amount.filter(|_| ago >= 0) else { continue };
        let kind = ledger.kind(row);
        let counts = if amount < 0 { !is_expiry(kind) && !is_transfer(kind) } else { is_refund(kind) };
        if counts {
            for (spent, _) in spent.iter_mut().zip(SPANS).filter(|(_, days)| ago < i32::from(*days)) {
                *spent -= amount;
            }
        }
    }
    let scale = ledger.scale_of(group);
    let [month, quarter, year] = SPANS;
    let [in_month, in_quarter, in_year] = spent;
    [(month, in_month), (quarter, in_quarter), (year, in_year)].map(|(days, spent)| {
        oldest.filter(|&oldest| oldest >= i32::from(days))?;
        Some(Runway {
            days: u32::from(days),
            spent: Amount::from_parts(spent, scale)?,
            per_day: Amount::from_parts(divided(spent.checked_mul(100)?, i128::from(days)), scale + 2)?,
            until: available.and_then(|available| {
                let covered = days_covered(available, spent, scale, i128::from(days))?;
                today.plus_days(i32::try_from(covered).ok()?)
            }),
        })
    })
}

/// The quotient, rounded half away from zero.
fn divided(sum: i128, by: i128) -> i128 {
    (sum.abs() + by / 2) / by * sum.signum()
}

/// How many whole days `available` lasts when `spent` is gone in so many days.
fn days_covered(available: Amount, spent: i128, scale: u32, days: i128) -> Option<i128> {
    let (mantissa, own) = available.parts();
    let shifted = |units: i128, by: u32| units.checked_mul(10_i128.checked_pow(by)?);
    let available = shifted(mantissa, scale.saturating_sub(own))?;
    let spent = shifted(spent, own.saturating_sub(scale)).filter(|&spent| spent > 0)?;
    available.max(0).checked_mul(days).map(|most| most / spent)
}
