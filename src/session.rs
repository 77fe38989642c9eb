//! One quote form over time, as a pure state machine: intents in, effects out.
//!
//! The latest input always wins. Requests are numbered; a change of what would be sent calls off the request under way,
//! and an answer to anything but the last request is dropped. Figures once shown stay until better ones come. Whoever
//! runs the session carries out the [`Effect`]s: it knows the network, the clock and the page, the session knows none.

mod accept;

use std::rc::Rc;

use accept::Accepting;
pub use accept::{Acceptance, Change, Refusal, uuid};

use crate::api::{NumericId, order_pricing};
use crate::balance::Balance;
use crate::config::{Attribute, Config, Unfit, misconfigured};
use crate::date::Date;
use crate::draft::Draft;
use crate::error::{CertError, ErrorCode, FieldError};
use crate::form::{Checked, Edit, Form, LooseDraft, ToAscii};
use crate::funds::{Funds, Verdict};
use crate::names::ListProblem;
use crate::problem::{Group, Problem, Reason};
use crate::quote::Quote;
use crate::state::{State, Ticket};
use crate::words::{Formats, Words};

/// What somebody wants of the session.
#[derive(Debug)]
pub enum Intent {
    /// The user changed a field.
    Edit(Edit),
    /// The user left a part of the form; what is wrong with it may be said from now on.
    Leave(Group),
    /// The page set a whole draft.
    SetDraft(LooseDraft),
    /// Another order takes the place of the one in the form; what becomes of the names can be taken back.
    UseOrder(LooseDraft),
    /// The page emptied the form.
    Clear,
    /// The attributes changed.
    Configure(Config, Unfit),
    /// Price the present draft.
    Quote,
    /// The buyer accepts the quote that is shown. Its price is asked for once more; one that differs is shown instead.
    Accept,
    /// The pause after the last edit is over (`live` only).
    Paused,
    /// A request was answered.
    Answered(Ticket, Result<Quote, CertError>),
    /// A request failed at a proxy, which gave an older answer instead. It confirms no price.
    StoodIn(Ticket, Quote, CertError),
    /// The balance that the page shows of [`Session::container`], or that it shows none, or none any more.
    Balance(Option<Rc<Balance>>),
    /// The element came onto a page.
    Attach,
    /// The element left its page.
    Detach,
}

/// What has to be done for the session, in order.
#[derive(Debug)]
pub enum Effect {
    /// Send a request and come back with [`Intent::Answered`]. Whatever was under way has been aborted before.
    Send(Ticket, Draft),
    /// Call off the request under way.
    Abort,
    /// Come back with [`Intent::Paused`] 400 ms from now; an earlier pause is forgotten.
    Pause,
    /// Forget the pause.
    EndPause,
    /// Whoever waits for this request, or an earlier one, gets this.
    Settle(Ticket, Result<Rc<Quote>, CertError>),
    /// Tell the page of a new quote.
    TellQuote,
    /// Tell the page that the buyer accepted this quote. A later quote has another number, and the same quote the same one,
    /// however often it is accepted.
    TellAccept(Ticket, Rc<Quote>),
    /// Tell the page of a failure.
    TellError(CertError),
    /// Tell the page of a new state.
    TellState(State),
}

struct Flight {
    ticket: Ticket,
    draft: Draft,
    /// Whether it is to confirm the quote that is shown, which then is accepted.
    checks: bool,
}

/// The state of one quote form.
pub struct Session {
    words: &'static Words,
    formats: Rc<dyn Formats>,
    today: Date,
    config: Config,
    unfit: Unfit,
    form: Form,
    checked: Rc<Checked>,
    /// Parts of the form that were left once, or asked about with `Get quote`.
    visited: [bool; Group::COUNT],
    /// Whether `Get quote` was pressed for this draft: from then on it is said what is missing.
    asked: bool,
    /// Whether the element is on a page; only there `live` asks by itself.
    attached: bool,
    /// Parts of the form that hold something, or did since the last draft was set.
    filled: [bool; Group::COUNT],
    flight: Option<Flight>,
    last_ticket: Ticket,
    quote: Option<Rc<Quote>>,
    /// The quote before it, of the same proxy.
    quote_before: Option<Rc<Quote>>,
    /// Whether the quote came from the present proxy.
    quote_fits: bool,
    accepting: Accepting,
    /// What the page shows of the account's money.
    balance: Option<Rc<Balance>>,
    /// The verdict that was known when the quote settled.
    funds_at_first: Option<Funds>,
    error: Option<CertError>,
    /// The draft that the last request failed with.
    refused: Option<Draft>,
}

impl Session {
    /// An empty form with default settings.
    #[must_use]
    pub fn new(words: &'static Words, formats: Rc<dyn Formats>, to_ascii: ToAscii, today: Date) -> Self {
        let config = Config::default();
        let form = Form::new(to_ascii, &config);
        let checked = Rc::new(form.check(&config, today));
        Self {
            words,
            formats,
            today,
            config,
            unfit: Unfit::default(),
            form,
            checked,
            visited: [false; Group::COUNT],
            asked: false,
            attached: false,
            filled: [false; Group::COUNT],
            flight: None,
            last_ticket: Ticket::NONE,
            quote: None,
            quote_before: None,
            quote_fits: true,
            accepting: Accepting::default(),
            balance: None,
            funds_at_first: None,
            error: None,
            refused: None,
        }
    }

    /// Takes in one intent as of `today` (UTC) and says what has to be done.
    pub fn apply(&mut self, intent: Intent, today: Date) -> Vec<Effect> {
        self.today = today;
        let before = self.state();
        let mut effects = Vec::new();
        match intent {
            Intent::Edit(edit) => {
                self.form.edit(edit);
                self.input_changed(&mut effects);
            }
            Intent::Leave(group) => self.visit(group),
            Intent::SetDraft(draft) => {
                self.form = self.form.replaced(draft, &self.config);
                self.forget_visits();
                self.input_changed(&mut effects);
            }
            Intent::UseOrder(draft) => {
                self.form = self.form.with_order(draft, &self.config);
                self.forget_visits();
                self.input_changed(&mut effects);
            }
            Intent::Clear => {
                self.form = self.form.cleared(&self.config);
                self.forget_visits();
                self.input_changed(&mut effects);
            }
            Intent::Configure(config, unfit) => self.configure(config, unfit, &mut effects),
            Intent::Quote => self.ask(&mut effects),
            Intent::Accept => self.accept(&mut effects),
            Intent::Paused => {
                if self.is_wanting() {
                    self.ask(&mut effects);
                }
            }
            Intent::Answered(ticket, outcome) => self.answered(ticket, outcome, &mut effects),
            Intent::StoodIn(ticket, quote, error) => self.stood_in(ticket, quote, error, &mut effects),
            Intent::Balance(balance) => {
                self.balance = balance;
                self.compare();
            }
            Intent::Attach => {
                self.attached = true;
                self.resume(&mut effects);
            }
            Intent::Detach => {
                self.attached = false;
                effects.push(Effect::EndPause);
                self.call_off(&mut effects);
            }
        }
        let after = self.state();
        if before != after {
            // The page hears of the state before it hears of what brought it about, whose handlers may read it.
            let place = effects
                .iter()
                .position(|effect| {
                    matches!(
                        effect,
                        Effect::TellQuote
                            | Effect::TellAccept(..)
                            | Effect::TellError(_)
                            | Effect::Settle(..)
                    )
                })
                .unwrap_or(effects.len());
            effects.insert(place, Effect::TellState(after));
        }
        effects
    }

    fn configure(&mut self, config: Config, unfit: Unfit, effects: &mut Vec<Effect>) {
        if config != self.config {
            let elsewhere = config.connection.proxy != self.config.connection.proxy;
            self.form.adapt(&self.config, &config);
            self.config = config;
            if let Some(flight) = self.flight.as_mut().filter(|_| self.config.accept_label.is_none()) {
                // Without the button there is nothing that it was pressed for.
                flight.checks = false;
            }
            if elsewhere {
                self.quote_fits = false;
                self.compare();
                self.call_off(effects);
            }
            self.input_changed(effects);
            self.resume(effects);
        }
        if unfit != self.unfit {
            self.unfit = unfit;
            if let Some(error) = self.misconfigured() {
                effects.push(Effect::TellError(error));
            }
        }
    }

    /// The form may have become another order: figures and errors for the one before are old news.
    fn input_changed(&mut self, effects: &mut Vec<Effect>) {
        for group in [Group::Address, Group::Renewal] {
            if let Some(filled) = self.filled.get_mut(group as usize) {
                *filled |= self.form.is_filled(group);
            }
        }
        let checked = self.form.check(&self.config, self.today);
        let same = checked.draft == self.checked.draft && checked.problems == self.checked.problems;
        self.checked = Rc::new(checked);
        if self.error.as_ref().is_some_and(|error| error.code == ErrorCode::InvalidDraft) {
            self.error = (!self.checked.problems.is_empty()).then(|| self.invalid_draft());
        }
        if same {
            return;
        }
        if self
            .flight
            .as_ref()
            .is_some_and(|flight| flight.draft != self.checked.draft || !self.checked.problems.is_empty())
        {
            self.call_off(effects);
        }
        // What the last request failed with was about another order.
        if self.error.as_ref().is_some_and(|error| error.code != ErrorCode::InvalidDraft) {
            self.error = None;
        }
        if self.config.live && self.attached {
            effects.push(Effect::Pause);
        }
    }

    /// Whether `live` has a price to ask for.
    fn is_wanting(&self) -> bool {
        self.config.live
            && self.attached
            && self.flight.is_none()
            && self.error.is_none()
            && self.checked.problems.is_empty()
            && !self.is_current()
    }

    /// Goes on after whatever held `live` up.
    fn resume(&mut self, effects: &mut Vec<Effect>) {
        if self.is_wanting() {
            effects.push(Effect::Pause);
        }
    }

    fn ask(&mut self, effects: &mut Vec<Effect>) {
        effects.push(Effect::EndPause);
        self.checked = Rc::new(self.form.check(&self.config, self.today));
        if !self.checked.problems.is_empty() {
            self.call_off(effects);
            (self.visited, self.asked) = ([true; Group::COUNT], true);
            let ticket = self.next_ticket();
            let error = self.invalid_draft();
            self.error = Some(error.clone());
            effects.push(Effect::TellError(error.clone()));
            effects.push(Effect::Settle(ticket, Err(error)));
            return;
        }
        if self.flight.as_ref().is_some_and(|flight| flight.draft == self.checked.draft) {
            return;
        }
        self.call_off(effects);
        let ticket = self.next_ticket();
        let draft = self.checked.draft.clone();
        self.flight = Some(Flight { ticket, draft: draft.clone(), checks: false });
        self.error = None;
        effects.push(Effect::Send(ticket, draft));
    }

    fn answered(&mut self, ticket: Ticket, outcome: Result<Quote, CertError>, effects: &mut Vec<Effect>) {
        let Some(flight) = self.flight.take_if(|flight| flight.ticket == ticket) else {
            return;
        };
        match outcome {
            Ok(mut quote) => {
                let fitted = std::mem::replace(&mut self.quote_fits, true);
                quote.funds = self.verdict_on(&quote).and_then(Verdict::funds);
                let quote = Rc::new(quote);
                let before = self.quote.replace(Rc::clone(&quote));
                let last = before.clone().filter(|_| fitted);
                let before = before.filter(|_| flight.checks);
                if before.as_ref().is_some_and(|before| before.has_same_price(&quote)) {
                    // No newer quote, but one that is known to hold.
                    self.accepting.confirmed(&quote, effects);
                } else {
                    self.quote_before = last;
                    self.accepting.settled(ticket, before);
                    self.funds_at_first = quote.funds;
                    effects.push(Effect::TellQuote);
                }
                effects.push(Effect::Settle(ticket, Ok(quote)));
            }
            Err(error) => {
                self.error = Some(error.clone());
                self.refused = Some(flight.draft);
                effects.push(Effect::TellError(error.clone()));
                effects.push(Effect::Settle(ticket, Err(error)));
            }
        }
    }

    fn stood_in(&mut self, ticket: Ticket, quote: Quote, error: CertError, effects: &mut Vec<Effect>) {
        let Some(flight) = self.flight.as_ref().filter(|flight| flight.ticket == ticket) else { return };
        if flight.checks {
            return self.answered(ticket, Err(error), effects);
        }
        self.refused = Some(flight.draft.clone());
        self.answered(ticket, Ok(quote), effects);
        // Whoever asked for a new price has none.
        effects.retain(|effect| !matches!(effect, Effect::Settle(..)));
        self.error = Some(error.clone());
        effects.push(Effect::TellError(error.clone()));
        effects.push(Effect::Settle(ticket, Err(error)));
    }

    /// Whether the request under way asks once more for what is priced, or has failed: an answer that a proxy has kept
    /// will not do.
    #[must_use]
    pub fn asks_again(&self) -> bool {
        let priced = self.quote.as_ref().map(|quote| &quote.draft);
        self.flight.as_ref().is_some_and(|flight| {
            flight.checks || [priced, self.refused.as_ref()].contains(&Some(&flight.draft))
        })
    }

    /// Gives the quote the verdict of the present balance. It becomes another quote to the page, but no newer one.
    fn compare(&mut self) {
        let funds = self.verdict().and_then(Verdict::funds);
        if let Some(quote) = self.quote.as_mut().filter(|quote| quote.funds != funds) {
            *quote = Rc::new(Quote { funds, ..Quote::clone(quote) });
        }
    }

    fn verdict_on(&self, quote: &Quote) -> Option<Verdict> {
        let balance = self.balance.as_ref().filter(|_| self.quote_fits)?;
        Verdict::new(quote, balance)
    }

    fn call_off(&mut self, effects: &mut Vec<Effect>) {
        if let Some(flight) = self.flight.take() {
            effects.push(Effect::Abort);
            effects.push(Effect::Settle(
                flight.ticket,
                Err(CertError::cancelled(order_pricing::NAME, &self.words.errors)),
            ));
        }
    }

    fn next_ticket(&mut self) -> Ticket {
        self.last_ticket = self.last_ticket.next();
        self.last_ticket
    }

    fn visit(&mut self, group: Group) {
        if let Some(visited) = self.visited.get_mut(group as usize) {
            *visited = true;
        }
    }

    fn forget_visits(&mut self) {
        (self.visited, self.filled, self.asked) = ([false; Group::COUNT], [false; Group::COUNT], false);
    }

    fn is_current(&self) -> bool {
        self.quote_fits
            && self.error.is_none()
            && self.checked.problems.is_empty()
            && self.quote.as_ref().is_some_and(|quote| quote.draft == self.checked.draft)
    }

    fn invalid_draft(&self) -> CertError {
        let mut fields = Vec::new();
        for problem in &self.checked.problems {
            fields.push(FieldError { field: problem.field.key(), message: self.sentence(problem) });
        }
        CertError::invalid_draft(fields, &self.words.errors)
    }

    fn misconfigured(&self) -> Option<CertError> {
        misconfigured(order_pricing::NAME, &self.unfit, self.words)
    }

    /// The state for the contract's `state`.
    #[must_use]
    pub fn state(&self) -> State {
        match (&self.quote, &self.error) {
            _ if self.flight.is_some() => State::Loading,
            (Some(quote), None) if self.is_current() => {
                if quote.unknown {
                    State::Unknown
                } else {
                    State::Ready
                }
            }
            (Some(_), _) => State::Stale,
            (None, Some(_)) => State::Error,
            (None, None) => State::Idle,
        }
    }

    /// The last error: of the last request, or else of the attributes.
    #[must_use]
    pub fn error(&self) -> Option<CertError> {
        self.error.clone().or_else(|| self.misconfigured())
    }

    /// The last request's error alone.
    #[must_use]
    pub fn request_error(&self) -> Option<&CertError> {
        self.error.as_ref()
    }

    /// The attributes' error alone.
    #[must_use]
    pub fn attribute_error(&self) -> Option<CertError> {
        self.misconfigured()
    }

    /// Whether the element is on a page.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        self.attached
    }

    /// The last quote, if it came from the present proxy.
    #[must_use]
    pub fn own_quote(&self) -> Option<&Rc<Quote>> {
        self.quote.as_ref().filter(|_| self.quote_fits)
    }

    /// The last quote, which may be stale.
    #[must_use]
    pub fn quote(&self) -> Option<&Rc<Quote>> {
        self.quote.as_ref()
    }

    /// The quote before it, unless that came through another proxy.
    #[must_use]
    pub fn quote_before(&self) -> Option<&Rc<Quote>> {
        self.quote_before.as_ref()
    }

    /// Whose balance the quote is compared with: the account's, or that of one of its divisions. `None` when the attribute that
    /// names it cannot be used.
    #[must_use]
    pub fn container(&self) -> Option<&Option<NumericId>> {
        let known = !self.unfit.unusable.contains(&Attribute::ContainerId);
        known.then_some(&self.config.container_id)
    }

    /// The balance that the quote is compared with.
    #[must_use]
    pub fn balance(&self) -> Option<&Rc<Balance>> {
        self.balance.as_ref()
    }

    /// How the quote and the balance stand to each other.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.verdict_on(self.quote.as_ref()?)
    }

    /// The verdict that was known when the quote settled. What comes later is not announced again.
    #[must_use]
    pub fn funds_at_first(&self) -> Option<Funds> {
        self.funds_at_first
    }

    /// The form.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// What the form would send.
    #[must_use]
    pub fn checked(&self) -> &Rc<Checked> {
        &self.checked
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The number of the last request, answered or not.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.last_ticket
    }

    /// Today, in UTC.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
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

    /// The problems of a part of the form that may be shown by now.
    pub fn shown_problems(&self, group: Group) -> impl Iterator<Item = &Problem> {
        let visited = self.visited.get(group as usize).is_some_and(|visited| *visited);
        let asked = self.asked;
        let problems =
            self.checked.problems.iter().filter(move |problem| visited && problem.field.group() == group);
        problems.filter(move |problem| asked || problem.reason != Reason::Names(ListProblem::NoNames))
    }

    /// What the API refused of the draft that it was sent, while the form still holds that draft.
    #[must_use]
    pub fn refused_fields(&self) -> &[FieldError] {
        match &self.error {
            Some(error)
                if error.code != ErrorCode::InvalidDraft
                    && self.refused.as_ref() == Some(&self.checked.draft) =>
            {
                &error.fields
            }
            _ => &[],
        }
    }

    /// Whether a part of the form that may stay folded holds something, or did: it must not fold while it is being emptied.
    #[must_use]
    pub fn is_filled(&self, group: Group) -> bool {
        self.filled.get(group as usize).is_some_and(|filled| *filled)
    }

    /// A problem in words.
    #[must_use]
    pub fn sentence(&self, problem: &Problem) -> String {
        problem.sentence(self.words, &*self.formats)
    }
}
