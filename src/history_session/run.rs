//! What becomes of an intent.

use super::query::{FIRST_PAGE, PAGE, day};
use super::{
    Effect, End, Filters, Flight, Goal, HistorySession, Intent, Listing, Order, Query, Range, Typed,
};
use crate::analysis::Analyst;
use crate::api::balance_history::{self};
use crate::config::{HistoryConfig, Unfit};
use crate::date::Date;
use crate::error::CertError;
use crate::ledger::sort::Column;
use crate::ledger::{Ledger, sort};
use crate::state::Ticket;

/// So many rows are loaded ahead of what is in sight.
const AHEAD: usize = 400;

impl HistorySession {
    /// Takes in one intent as of `today` (UTC) and says what has to be done.
    pub fn apply(&mut self, intent: Intent, today: Date) -> Vec<Effect> {
        self.today = today;
        let before = self.state();
        let mut effects = Vec::new();
        self.take(intent, &mut effects);
        let after = self.state();
        if before != after {
            // The page hears of the state before it hears of what brought it about, whose handlers may read it.
            let place = effects.iter().position(|effect| {
                matches!(effect, Effect::TellHistory | Effect::TellError(_) | Effect::Settle(..))
            });
            effects.insert(place.unwrap_or(effects.len()), Effect::TellState(after));
        }
        effects
    }

    fn take(&mut self, intent: Intent, effects: &mut Vec<Effect>) {
        match intent {
            Intent::Configure(config, unfit) => self.configure(config, unfit, effects),
            Intent::Attach => {
                self.attached = true;
                if self.shown().end() == End::Unasked {
                    self.error = None;
                }
                self.go_on(effects);
                self.analyse_later(effects);
            }
            Intent::Detach => {
                self.attached = false;
                effects.push(Effect::EndPause);
                self.cancel(effects);
                self.call_off(effects);
            }
            Intent::Refresh => self.refresh(effects),
            Intent::Retry => {
                self.shown_mut().reopen();
                match self.shown().next().filter(|_| !self.failed_again) {
                    Some(offset) if self.flight.is_none() => self.send(offset, false, effects),
                    Some(_) => {}
                    None => self.refresh(effects),
                }
            }
            Intent::Kind(kind) => self.filter(Filters { kind, ..self.query.filters }, effects),
            Intent::Expires(expires) => self.filter(Filters { expires, ..self.query.filters }, effects),
            Intent::Range(range) => {
                self.range = range;
                if let Some((from, to)) = range.days(self.today) {
                    let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
                    (self.typed.from, self.typed.to) = (text(from), text(to));
                    self.typed_changed(effects);
                }
            }
            Intent::From(text) => self.type_day(true, text, effects),
            Intent::To(text) => self.type_day(false, text, effects),
            Intent::Paused => self.typed_changed(effects),
            Intent::ClearFilters => {
                effects.push(Effect::EndPause);
                self.filter(Filters::default(), effects);
            }
            Intent::Sort(column) => {
                self.want(Query { order: self.query.order.pressed(column), ..self.query }, effects)
            }
            Intent::See(rows) => {
                self.in_sight = rows;
                self.go_on(effects);
            }
            Intent::LoadAll => self.aim(Goal::All, effects),
            Intent::JumpTo(text) => self.jump(&text, effects),
            Intent::Export(file) => self.aim(Goal::Export { file, writing: false }, effects),
            Intent::Exported => self.goal = None,
            Intent::Cancel => self.cancel(effects),
            Intent::Open(row) => self.opened = row,
            Intent::NextBreak => self.next_break(effects),
            Intent::Answered(ticket, outcome) => self.answered(ticket, outcome, effects),
            Intent::Analyse => self.analyse(effects),
            Intent::Funds(funds) => {
                if funds != self.funds {
                    self.funds = funds;
                    self.analyse_later(effects);
                }
            }
        }
    }

    fn configure(&mut self, config: HistoryConfig, unfit: Unfit, effects: &mut Vec<Effect>) {
        let elsewhere = (&config.connection.proxy, &config.container)
            != (&self.config.connection.proxy, &self.config.container);
        self.config = config;
        if elsewhere {
            self.call_off(effects);
            self.cancel(effects);
            self.forget();
            (self.error, self.result) = (None, None);
            effects.push(Effect::Top);
        }
        if unfit != self.unfit {
            self.unfit = unfit;
            if let Some(error) = self.attribute_error() {
                effects.push(Effect::TellError(error));
            }
        }
        self.go_on(effects);
    }

    /// Nothing is loaded any more.
    pub(super) fn forget(&mut self) {
        self.ledger = Ledger::default();
        (self.base, self.view) = (Listing::default(), Listing::default());
        (self.analyst, self.analysis, self.analysed) = (None, None, None);
        (self.opened, self.said, self.beyond) = (None, None, None);
        self.nameless.clear();
        self.count();
    }

    pub(super) fn shown_mut(&mut self) -> &mut Listing {
        if self.query.is_plain() { &mut self.base } else { &mut self.view }
    }

    /// Something was typed as the first day, or as the last.
    fn type_day(&mut self, first: bool, text: String, effects: &mut Vec<Effect>) {
        let day = if first { &mut self.typed.from } else { &mut self.typed.to };
        *day = text;
        self.range = Range::Custom;
        effects.push(Effect::Pause);
    }

    /// Days were typed or chosen.
    fn typed_changed(&mut self, effects: &mut Vec<Effect>) {
        effects.push(Effect::EndPause);
        match self.typed.days() {
            Ok((from, to)) => {
                self.date_problem = None;
                self.want(
                    Query { filters: Filters { from, to, ..self.query.filters }, ..self.query },
                    effects,
                );
            }
            Err(problem) => self.date_problem = Some(problem),
        }
    }

    fn filter(&mut self, filters: Filters, effects: &mut Vec<Effect>) {
        if filters == Filters::default() {
            (self.range, self.typed, self.date_problem) = (Range::default(), Typed::default(), None);
        }
        self.want(Query { filters, ..self.query }, effects);
    }

    /// Other rows are wanted, or the same in another order. Where all of them are here they are shown in that order at
    /// once; whether the service still has as many is asked nevertheless.
    fn want(&mut self, query: Query, effects: &mut Vec<Effect>) {
        if query == self.query {
            return;
        }
        let rows = if query.is_plain() {
            None
        } else if !query.is_filtered() && self.base.end() == End::Complete {
            Some(self.base.rows().to_vec())
        } else if query.filters == self.query.filters && self.view.end() == End::Complete {
            Some(self.view.rows().to_vec())
        } else {
            None
        };
        self.query = query;
        let Some(mut rows) = rows else {
            self.show_other(Listing::default(), effects);
            return self.go_on(effects);
        };
        let Order { column, descending } = self.query.order;
        sort::by(&self.ledger, &mut rows, Column::Date, true);
        sort::by(&self.ledger, &mut rows, column, descending);
        self.show_other(Listing::whole(rows), effects);
        self.send(0, true, effects);
    }

    /// Shows the rows of the present query, in place of the view before.
    fn show_other(&mut self, view: Listing, effects: &mut Vec<Effect>) {
        self.call_off(effects);
        self.cancel(effects);
        (self.error, self.failed_again, self.beyond) = (None, false, None);
        self.nameless.clear();
        self.view = view;
        (self.opened, self.in_sight) = (None, 0);
        self.count();
        if self.shown().end() != End::Unasked {
            self.said = self.shown().total();
        }
        effects.push(Effect::Top);
    }

    fn refresh(&mut self, effects: &mut Vec<Effect>) {
        if self.config.container.is_none() {
            let ticket = self.next_ticket();
            if let Some(error) = self.attribute_error() {
                effects.push(Effect::Settle(ticket, Err(error)));
            }
            return;
        }
        if self.flight.is_some_and(|flight| flight.offset == 0) {
            return;
        }
        self.call_off(effects);
        self.send(0, self.shown().end() != End::Unasked, effects);
    }

    /// Asks for the next page if anybody wants it.
    pub(super) fn go_on(&mut self, effects: &mut Vec<Effect>) {
        self.go(false, effects);
    }

    /// The same; after an error only if `bidden`.
    fn go(&mut self, bidden: bool, effects: &mut Vec<Effect>) {
        if !self.attached || self.flight.is_some() || self.config.container.is_none() {
            return;
        }
        self.look(effects);
        match self.shown().next().filter(|_| self.wants_more()) {
            Some(offset) if bidden || self.error.is_none() => self.send(offset, false, effects),
            Some(_) => {}
            None => self.arrive(effects),
        }
    }

    fn wants_more(&self) -> bool {
        match self.goal {
            Some(_) => true,
            // The first rows are drawn before more of them are asked for.
            None if self.in_sight == 0 => self.shown().end() == End::Unasked,
            None => self.shown().rows().len() < self.in_sight.saturating_add(AHEAD),
        }
    }

    pub(super) fn send(&mut self, offset: u64, again: bool, effects: &mut Vec<Effect>) {
        let Some(container) = self.config.container.clone() else { return };
        let ticket = self.next_ticket();
        let limit = match offset {
            _ if self.ledger.is_empty() => FIRST_PAGE,
            _ if offset == u64::from(FIRST_PAGE) => PAGE - FIRST_PAGE,
            _ => PAGE,
        };
        self.flight = Some(Flight { ticket, offset, limit, again });
        self.error = None;
        effects.push(Effect::Send(ticket, self.query.request(container, offset, limit, self.today)));
    }

    fn next_ticket(&mut self) -> Ticket {
        self.last_ticket = self.last_ticket.next();
        self.last_ticket
    }

    fn call_off(&mut self, effects: &mut Vec<Effect>) {
        if let Some(flight) = self.flight.take() {
            effects.push(Effect::Abort);
            let error = CertError::cancelled(balance_history::NAME, &self.words.errors);
            effects.push(Effect::Settle(flight.ticket, Err(error)));
        }
    }

    /// Loads as far as `goal`.
    fn aim(&mut self, goal: Goal, effects: &mut Vec<Effect>) {
        self.cancel(effects);
        self.goal = Some(goal);
        self.shown_mut().reopen();
        self.go(true, effects);
    }

    /// Does what the goal was for, once it is reached.
    fn arrive(&mut self, effects: &mut Vec<Effect>) {
        let ends = matches!(self.shown().end(), End::Complete | End::Short);
        match self.goal {
            Some(Goal::All) if ends => self.goal = None,
            Some(Goal::Export { file, writing: false }) if ends => {
                self.goal = Some(Goal::Export { file, writing: true });
                effects.push(Effect::Write(file));
            }
            _ => {}
        }
    }

    fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.goal.take(), Some(Goal::Export { writing: true, .. })) {
            effects.push(Effect::StopWriting);
        }
    }

    fn jump(&mut self, text: &str, effects: &mut Vec<Effect>) {
        let date = day(text);
        self.jump_problem = date.is_none();
        let Some(date) = date else { return };
        self.want(Query { order: Order::default(), ..self.query }, effects);
        self.beyond = None;
        self.aim(Goal::Date { date, seen: 0 }, effects);
    }

    /// Ends a jump when the row is there.
    fn look(&mut self, effects: &mut Vec<Effect>) {
        let Some(Goal::Date { date, seen }) = self.goal else { return };
        let shown = self.shown();
        let loaded = shown.rows().len();
        let mut found = None;
        for (place, &row) in shown.rows().iter().enumerate().skip(seen) {
            let day = self.ledger.get(row).and_then(|entry| entry.at?.date());
            if day.is_some_and(|day| day <= date) {
                found = Some(place);
                break;
            }
        }
        let ends = matches!(shown.end(), End::Complete | End::Short);
        match found {
            Some(place) => effects.push(Effect::Show(place)),
            None if ends => {
                self.beyond = Some(date);
                if let Some(last) = loaded.checked_sub(1) {
                    effects.push(Effect::Show(last));
                }
            }
            None => {
                self.goal = Some(Goal::Date { date, seen: loaded });
                return;
            }
        }
        self.goal = None;
    }

    fn next_break(&mut self, effects: &mut Vec<Effect>) {
        let Some(analysis) = &self.analysis else { return };
        let breaks = &analysis.check.breaks;
        // From the newest down, which is how the rows stand.
        let next = self.break_shown.unwrap_or(breaks.len()).checked_sub(1).or(breaks.len().checked_sub(1));
        let Some(row) = next.and_then(|next| breaks.get(next)).map(|found| found.row) else { return };
        (self.range, self.typed, self.date_problem) = (Range::default(), Typed::default(), None);
        self.want(Query::default(), effects);
        self.break_shown = next;
        if let Some(place) = self.base.rows().iter().position(|&known| known == row) {
            effects.push(Effect::Show(place));
        }
    }

    /// Asks for an analysis when it has been quiet for a while.
    pub(super) fn analyse_later(&mut self, effects: &mut Vec<Effect>) {
        self.analyst = None;
        let wanted = (self.base.rows().len(), self.outside());
        if self.analysed.as_ref() == Some(&wanted) {
            return;
        }
        if self.attached && self.flight.is_none() && self.base.end() != End::Unasked {
            effects.push(Effect::Analyse { quiet: true });
        }
    }

    fn analyse(&mut self, effects: &mut Vec<Effect>) {
        if self.flight.is_some() || !self.attached {
            return;
        }
        let mut analyst = match self.analyst.take() {
            Some(analyst) => analyst,
            None => Analyst::new(self.base.rows().to_vec(), self.outside()),
        };
        match analyst.step(&self.ledger) {
            Some(analysis) => {
                (self.analysis, self.break_shown) = (Some(analysis), None);
                self.analysed = Some((self.base.rows().len(), self.outside()));
            }
            None => {
                self.analyst = Some(analyst);
                effects.push(Effect::Analyse { quiet: false });
            }
        }
    }
}
