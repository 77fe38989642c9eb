//! Accepting a price: only the one on the screen, only after it was asked for once more, and only if that made no difference.

use std::rc::Rc;

use super::{Effect, Session};
use crate::amount::Amount;
use crate::error::{CertError, ErrorCode};
use crate::quote::Quote;
use crate::state::{State, Ticket};

/// How it stands with accepting the quote that is shown.
///
/// A total before tax can be accepted: some accounts never get an estimate of their tax, and the view says what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// It can be accepted.
    Open,
    /// It is being asked whether the price still holds.
    Checking,
    /// It was accepted. To accept it again tells of it again, under the same number.
    Accepted,
    /// It cannot be accepted.
    Refused(Refusal),
}

/// Why a quote cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is none.
    NoPrice,
    /// Another one is on its way.
    Loading,
    /// It is for another order than the form now holds.
    Stale,
    /// The last request for a price failed.
    Failed,
    /// The API could not determine the price.
    Unknown,
}

/// The price before the one that is shown, which would have been accepted if it still held.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The quote before.
    pub before: Rc<Quote>,
    /// What the total rose by, exactly; a fall is negative. `None` where the two totals are no such figures: in another
    /// currency, or one with tax and one without.
    pub by: Option<Amount>,
}

/// What there is to know about acceptance beside the quote itself.
#[derive(Default)]
pub(super) struct Accepting {
    /// The request that the quote came of.
    number: Option<Ticket>,
    /// The number of the quote that was accepted last.
    accepted: Option<Ticket>,
    /// The quote before, if the present one is what the check of it brought.
    before: Option<Rc<Quote>>,
}

impl Accepting {
    /// A quote came of this request; `checked` is the quote that it was to confirm.
    pub(super) fn settled(&mut self, ticket: Ticket, checked: Option<Rc<Quote>>) {
        (self.number, self.before) = (Some(ticket), checked);
    }

    /// The check brought the same price: the quote is accepted.
    pub(super) fn confirmed(&mut self, quote: &Rc<Quote>, effects: &mut Vec<Effect>) {
        self.before = None;
        self.accepted = self.number;
        effects.extend(self.number.map(|number| Effect::TellAccept(number, Rc::clone(quote))));
    }
}

impl Session {
    /// Accepts the quote that is shown: asks for its price once more first.
    pub(super) fn accept(&mut self, effects: &mut Vec<Effect>) {
        let open = matches!(self.acceptance(), Acceptance::Open | Acceptance::Accepted);
        if open && self.config.accept_label.is_some() {
            self.ask(effects);
            if let Some(flight) = self.flight.as_mut() {
                flight.checks = true;
            }
        }
    }

    /// How it stands with accepting the quote that is shown.
    #[must_use]
    pub fn acceptance(&self) -> Acceptance {
        let failed = |error: &CertError| error.code != ErrorCode::InvalidDraft;
        Acceptance::Refused(match self.state() {
            State::Ready if self.accepting.accepted == self.accepting.number => return Acceptance::Accepted,
            State::Ready => return Acceptance::Open,
            State::Loading if self.is_checking() => return Acceptance::Checking,
            State::Loading => Refusal::Loading,
            State::Unknown => Refusal::Unknown,
            State::Stale if self.error.as_ref().is_some_and(failed) => Refusal::Failed,
            State::Stale => Refusal::Stale,
            State::Idle | State::Error => Refusal::NoPrice,
        })
    }

    /// Whether the request under way is to confirm the price that is shown.
    #[must_use]
    pub fn is_checking(&self) -> bool {
        self.flight.as_ref().is_some_and(|flight| flight.checks)
    }

    /// What the check of the quote before brought, as long as that is what the quote shown says.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        let before = Rc::clone(self.accepting.before.as_ref()?);
        let quote = self.quote.as_ref().filter(|_| self.is_current())?;
        let (old, new) = (before.total?, quote.total?);
        let alike = (before.tax_error, &before.currency) == (quote.tax_error, &quote.currency);
        Some(Change { by: new.sub(old).filter(|_| alike), before })
    }
}

/// A random UUID (version 4) of 16 random bytes.
///
/// ```
/// use certquote::session::uuid;
///
/// assert_eq!(uuid([0xab; 16]), "abababab-abab-4bab-abab-abababababab");
/// ```
#[must_use]
pub fn uuid(mut random: [u8; 16]) -> String {
    let mut text = String::new();
    for (position, byte) in random.iter_mut().enumerate() {
        match position {
            6 => *byte = *byte & 0x0F | 0x40,
            8 => *byte = *byte & 0x3F | 0x80,
            _ => {}
        }
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [*byte >> 4, *byte & 15] {
            // One digit: there is a character for it.
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}
