//! Whether a balance is low: three levels, and a recovery that has to be a real one.
//!
//! A balance that goes up and down around a limit would raise the alarm again and again. So what was low once is called
//! well only at twice the threshold; in between it stays [`Level::Approaching`].

use serde::Serialize;

use crate::amount::Amount;
use crate::balance::Balance;

/// How a balance stands to the threshold of `low-balance`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Well above the threshold, or credit without a limit.
    #[default]
    Ok,
    /// At most 150 % of the threshold, or not yet recovered to 200 % of it.
    Approaching,
    /// At most the threshold.
    Low,
}

impl Level {
    /// The level as it is written in `data-low`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Approaching => "approaching",
            Self::Low => "low",
        }
    }

    /// The level of `balance` after one of the level `before`. The threshold, above zero, has no currency of its own:
    /// it is one in whatever currency the balance has.
    #[must_use]
    pub fn of(balance: &Balance, threshold: Amount, before: Self) -> Self {
        if balance.unlimited {
            return Self::Ok;
        }
        // Sums of two and of three amounts never leave the exact range.
        let times = |amount: Amount, count: usize| {
            (1..count).try_fold(amount, |sum, _| sum.add(amount)).unwrap_or(amount)
        };
        let amount = balance.amount;
        if amount <= threshold {
            Self::Low
        } else if times(amount, 2) <= times(threshold, 3)
            || (before != Self::Ok && amount < times(threshold, 2))
        {
            Self::Approaching
        } else {
            Self::Ok
        }
    }
}

/// What `cert-low-balance` tells the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LowBalance {
    /// The new level.
    pub level: Level,
    /// The balance.
    pub amount: Amount,
    /// The threshold, in the currency of the balance.
    pub threshold: Amount,
    /// The currency of both, as the API wrote it.
    pub currency: String,
}
