//! One balance over time, as a pure state machine: intents in, effects out, as in [`session`](crate::session).
//!
//! Never are two requests under way at once. Figures once shown stay when a refresh fails, but never when the attributes
//! name somebody else: those would be a stranger's money.

use std::rc::Rc;

use crate::amount::Amount;
use crate::balance::Balance;
use crate::config::{BalanceConfig, Subject, Unfit, misconfigured};
use crate::error::CertError;
use crate::low::{Level, LowBalance};
use crate::state::{State, Ticket};
use crate::words::{Formats, Words};

/// How old the last attempt has to be for another one when the tab comes back, in milliseconds.
const RETURN_AFTER_MS: u64 = 5 * 60 * 1000;

/// What somebody wants of the session.
#[derive(Debug)]
pub enum Intent {
    /// The attributes changed.
    Configure(BalanceConfig, Unfit),
    /// Load again; what is under way already will do.
    Refresh,
    /// The tab came back into sight.
    Shown,
    /// A request was answered.
    Answered(Ticket, Result<Balance, CertError>),
    /// A request failed at a proxy, which gave an answer instead that it had so many seconds ago.
    StoodIn(Ticket, Balance, u32, CertError),
    /// The element came onto a page.
    Attach,
    /// The element left its page.
    Detach,
}

/// What has to be done for the session, in order.
#[derive(Debug)]
pub enum Effect {
    /// Send a request and come back with [`Intent::Answered`]. Nothing else is under way.
    Send(Ticket, Subject),
    /// Call off the request under way.
    Abort,
    /// Whoever waits for this request, or an earlier one, gets this.
    Settle(Ticket, Result<Rc<Balance>, CertError>),
    /// Tell the page of a new balance.
    TellBalance,
    /// Tell the page of a failure.
    TellError(CertError),
    /// Tell the page of a new state.
    TellState(State),
    /// Tell the page that the balance came to another level of `low-balance`.
    TellLow(LowBalance),
}

/// The state of one balance.
pub struct BalanceSession {
    words: &'static Words,
    formats: Rc<dyn Formats>,
    config: BalanceConfig,
    unfit: Unfit,
    /// Whether the element is on a page; only there it loads by itself.
    attached: bool,
    flight: Option<Ticket>,
    last_ticket: Ticket,
    /// When the last request was sent, in milliseconds since 1970; `None` when it was called off.
    asked_at: Option<u64>,
    balance: Option<Rc<Balance>>,
    loaded_at: u64,
    error: Option<CertError>,
    level: Level,
    /// The level that the page believes.
    told: Level,
}

impl BalanceSession {
    /// A session with nothing to show.
    #[must_use]
    pub fn new(words: &'static Words, formats: Rc<dyn Formats>) -> Self {
        Self {
            words,
            formats,
            config: BalanceConfig::default(),
            unfit: Unfit::default(),
            attached: false,
            flight: None,
            last_ticket: Ticket::NONE,
            asked_at: None,
            balance: None,
            loaded_at: 0,
            error: None,
            level: Level::Ok,
            told: Level::Ok,
        }
    }

    /// Takes in one intent at `now`, in milliseconds since 1970, and says what has to be done.
    pub fn apply(&mut self, intent: Intent, now: u64) -> Vec<Effect> {
        let before = self.state();
        let mut effects = Vec::new();
        match intent {
            Intent::Configure(config, unfit) => self.configure(config, unfit, now, &mut effects),
            Intent::Refresh => self.refresh(now, &mut effects),
            Intent::Shown => {
                let since = self.asked_at.map_or(u64::MAX, |asked_at| now.saturating_sub(asked_at));
                if self.attached && since >= RETURN_AFTER_MS {
                    self.load(now, &mut effects);
                }
            }
            Intent::Answered(ticket, outcome) => self.answered(ticket, outcome, now, &mut effects),
            Intent::StoodIn(ticket, balance, age, error) if self.flight == Some(ticket) => {
                let loaded_at = now.saturating_sub(u64::from(age) * 1_000);
                self.answered(ticket, Ok(balance), loaded_at, &mut effects);
                // Whoever asked for a new answer has none.
                effects.retain(|effect| !matches!(effect, Effect::Settle(..)));
                self.error = Some(error.clone());
                effects.push(Effect::TellError(error.clone()));
                effects.push(Effect::Settle(ticket, Err(error)));
            }
            Intent::StoodIn(..) => {}
            Intent::Attach => {
                self.attached = true;
                // Not what was loaded before and is only put back, unless that was called off.
                if self.balance.is_none() || self.asked_at.is_none() {
                    self.load(now, &mut effects);
                }
            }
            Intent::Detach => {
                self.attached = false;
                self.call_off(&mut effects);
            }
        }
        let after = self.state();
        if before != after {
            // The page hears of the state before it hears of what brought it about, whose handlers may read it.
            let place = effects
                .iter()
                .position(|effect| {
                    matches!(effect, Effect::TellBalance | Effect::TellError(_) | Effect::Settle(..))
                })
                .unwrap_or(effects.len());
            effects.insert(place, Effect::TellState(after));
        }
        effects
    }

    fn configure(&mut self, config: BalanceConfig, unfit: Unfit, now: u64, effects: &mut Vec<Effect>) {
        let other =
            config.subject != self.config.subject || config.connection.proxy != self.config.connection.proxy;
        let threshold = config.low_balance != self.config.low_balance;
        self.config = config;
        if unfit != self.unfit {
            self.unfit = unfit;
            if let Some(error) = self.attribute_error() {
                effects.push(Effect::TellError(error));
            }
        }
        if other {
            self.call_off(effects);
            (self.balance, self.error, self.level) = (None, None, Level::Ok);
            if self.attached {
                self.load(now, effects);
            }
        } else if threshold {
            self.level = Level::Ok;
            self.judge(effects);
        }
    }

    fn refresh(&mut self, now: u64, effects: &mut Vec<Effect>) {
        if self.config.subject.is_none() {
            let ticket = self.next_ticket();
            if let Some(error) = self.attribute_error() {
                effects.push(Effect::TellError(error.clone()));
                effects.push(Effect::Settle(ticket, Err(error)));
            }
        }
        self.load(now, effects);
    }

    fn load(&mut self, now: u64, effects: &mut Vec<Effect>) {
        if self.flight.is_some() {
            return;
        }
        let Some(subject) = self.config.subject.clone() else { return };
        let ticket = self.next_ticket();
        (self.flight, self.asked_at) = (Some(ticket), Some(now));
        effects.push(Effect::Send(ticket, subject));
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        outcome: Result<Balance, CertError>,
        now: u64,
        effects: &mut Vec<Effect>,
    ) {
        if self.flight.take_if(|flight| *flight == ticket).is_none() {
            return;
        }
        match outcome {
            Ok(balance) => {
                let balance = Rc::new(balance);
                (self.balance, self.loaded_at, self.error) = (Some(Rc::clone(&balance)), now, None);
                effects.push(Effect::TellBalance);
                self.judge(effects);
                effects.push(Effect::Settle(ticket, Ok(balance)));
            }
            Err(error) => {
                let error = match &self.config.subject {
                    Some(Subject::Account(None)) => error.about_divisions(&self.words.errors),
                    _ => error,
                };
                self.error = Some(error.clone());
                effects.push(Effect::TellError(error.clone()));
                effects.push(Effect::Settle(ticket, Err(error)));
            }
        }
    }

    /// The level of the balance; the page hears of it when it is another one than it believes.
    fn judge(&mut self, effects: &mut Vec<Effect>) {
        let Some((balance, threshold)) = self.balance.clone().zip(self.config.low_balance) else {
            (self.level, self.told) = (Level::Ok, Level::Ok);
            return;
        };
        self.level = Level::of(&balance, threshold, self.level);
        if self.level != self.told {
            self.told = self.level;
            effects.push(Effect::TellLow(LowBalance {
                level: self.level,
                amount: balance.amount,
                threshold,
                currency: balance.currency.clone(),
            }));
        }
    }

    fn call_off(&mut self, effects: &mut Vec<Effect>) {
        if let Some(ticket) = self.flight.take() {
            self.asked_at = None;
            let error = CertError::cancelled(self.config.source.endpoint(), &self.words.errors);
            effects.push(Effect::Abort);
            effects.push(Effect::Settle(ticket, Err(error)));
        }
    }

    fn next_ticket(&mut self) -> Ticket {
        self.last_ticket = self.last_ticket.next();
        self.last_ticket
    }

    /// The state for the contract's `state`.
    #[must_use]
    pub fn state(&self) -> State {
        match (&self.balance, &self.error) {
            _ if self.flight.is_some() => State::Loading,
            (Some(_), None) => State::Ready,
            (Some(_), Some(_)) => State::Stale,
            (None, Some(_)) => State::Error,
            (None, None) if self.config.subject.is_none() && self.attribute_error().is_some() => State::Error,
            (None, None) => State::Idle,
        }
    }

    /// The last error: of the last request, or else of the attributes.
    #[must_use]
    pub fn error(&self) -> Option<CertError> {
        self.error.clone().or_else(|| self.attribute_error())
    }

    /// The last request's error alone.
    #[must_use]
    pub fn request_error(&self) -> Option<&CertError> {
        self.error.as_ref()
    }

    /// The attributes' error alone.
    #[must_use]
    pub fn attribute_error(&self) -> Option<CertError> {
        misconfigured(self.config.source.endpoint(), &self.unfit, self.words)
    }

    /// The last balance, which may be stale.
    #[must_use]
    pub fn balance(&self) -> Option<&Rc<Balance>> {
        self.balance.as_ref()
    }

    /// How long ago the last balance came, in whole minutes.
    #[must_use]
    pub fn age_minutes(&self, now: u64) -> u64 {
        now.saturating_sub(self.loaded_at) / 60_000
    }

    /// How the balance stands to `low-balance`, with that threshold; `None` without either.
    #[must_use]
    pub fn low(&self) -> Option<(Level, Amount)> {
        self.balance.as_ref().and(self.config.low_balance).map(|threshold| (self.level, threshold))
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &BalanceConfig {
        &self.config
    }

    /// The number of the last request, answered or not.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.last_ticket
    }

    /// The catalogue.
    #[must_use]
    pub fn words(&self) -> &'static Words {
        self.words
    }

    /// The formats.
    #[must_use]
    pub fn formats(&self) -> &Rc<dyn Formats> {
        &self.formats
    }

    /// Changes the locale's formats.
    pub fn set_formats(&mut self, formats: Rc<dyn Formats>) {
        self.formats = formats;
    }
}
