//! What an order leaves of the money that there is: the verdict of a quote.

use serde::Serialize;

use crate::amount::Amount;
use crate::balance::Balance;
use crate::quote::Quote;

/// The verdict as the page gets it with its quote. Every amount is one in the currency of the quote, which is the
/// balance's too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Funds {
    /// What is available; `None` when that has no limit.
    pub available: Option<Amount>,
    /// What is available after the order, when there is enough.
    pub after: Option<Amount>,
    /// What is missing, exactly, when there is not.
    pub shortfall: Option<Amount>,
    /// Whether credit without a limit covers it.
    pub unlimited: bool,
}

/// How a price and a balance stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They can be compared.
    Funds(Funds),
    /// They can't: they are in different currencies.
    OtherCurrency,
}

impl Verdict {
    /// The verdict on `quote` with `balance`: none when the price, or what is available, is not known.
    #[must_use]
    pub fn new(quote: &Quote, balance: &Balance) -> Option<Self> {
        let total = quote.total?;
        // The APIs write currencies in either case.
        if !quote.currency.eq_ignore_ascii_case(&balance.currency) {
            return Some(Self::OtherCurrency);
        }
        let none = Funds { available: None, after: None, shortfall: None, unlimited: balance.unlimited };
        if balance.unlimited {
            return Some(Self::Funds(none));
        }
        let available = balance.available?;
        let left = available.sub(total)?;
        let (after, shortfall) =
            if left.is_negative() { (None, Some(left.negated())) } else { (Some(left), None) };
        Some(Self::Funds(Funds { available: Some(available), after, shortfall, ..none }))
    }

    /// The figures, where there are any.
    #[must_use]
    pub fn funds(self) -> Option<Funds> {
        match self {
            Self::Funds(funds) => Some(funds),
            Self::OtherCurrency => None,
        }
    }
}
