//! What becomes of an answer: the rows go into the ledger and the list, the page hears of them.

use std::rc::Rc;

use super::{Effect, End, Flight, Goal, HistorySession, Listing};
use crate::api::balance_history::{self, Page, decode_rows};
use crate::error::CertError;
use crate::history::History;
use crate::json::DecodeError;
use crate::ledger::totals::totals;
use crate::ledger::{Ledger, Pushed, RowId};
use crate::state::Ticket;
use crate::transport::Response;

/// A page as it came: where it lies, and its rows in their order.
struct Came {
    page: Page,
    rows: Vec<RowId>,
    /// Whether it is the page before once more.
    repeated: bool,
}

impl HistorySession {
    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        outcome: Result<Response, CertError>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(flight) = self.flight.take_if(|flight| flight.ticket == ticket) else { return };
        let mut behind = None;
        let read = outcome.and_then(|response| {
            let errors = &self.words.errors;
            behind = CertError::behind(balance_history::NAME, &response, errors);
            let taken = if flight.again {
                self.take_again(&flight, &response.body, effects)
            } else {
                self.take_page(&flight, &response.body)
            };
            taken.map_err(|error| {
                let errors = &self.words.errors;
                CertError::unreadable(balance_history::NAME, response.status, error, errors)
            })
        });
        match read {
            Ok(came) => {
                let history = Rc::new(self.history(&flight, &came));
                self.result = Some(Rc::clone(&history));
                self.failed_again = false;
                if flight.offset == 0 {
                    self.said = self.shown().total();
                }
                effects.push(Effect::TellHistory);
                effects.push(Effect::Settle(ticket, Ok(history)));
                if let Some(error) = behind {
                    self.error = Some(error.clone());
                    effects.push(Effect::TellError(error));
                }
                self.go_on(effects);
                if self.flight.is_none() {
                    self.count();
                    self.analyse_later(effects);
                }
            }
            Err(error) => {
                let error = match self.config.container {
                    Some(None) => error.about_divisions(&self.words.errors),
                    _ => error,
                };
                self.failed_again = flight.again;
                self.error = Some(error.clone());
                self.count();
                self.analyse_later(effects);
                effects.push(Effect::TellError(error.clone()));
                effects.push(Effect::Settle(ticket, Err(error)));
            }
        }
    }

    /// A page that goes on where the rows end.
    fn take_page(&mut self, flight: &Flight, body: &[u8]) -> Result<Came, DecodeError> {
        let mut came = read(&mut self.ledger, body)?;
        let nameless = came.rows.iter().any(|&row| !has_id(&self.ledger, row));
        came.repeated = nameless && self.repeats(&came.rows);
        self.nameless = if nameless { came.rows.clone() } else { Vec::new() };
        self.shown_mut().take(flight.offset, flight.limit, came.page, &came.rows, came.repeated);
        self.hear_of(&came);
        Ok(came)
    }

    /// The first page once more. Rows that were added are put on top where everything else is as it was; otherwise the
    /// page takes the place of all that was loaded.
    fn take_again(
        &mut self,
        flight: &Flight,
        body: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<Came, DecodeError> {
        let mut ledger = Ledger::default();
        let fresh = read(&mut ledger, body)?;
        let total = fresh.page.total.map(|count| count.0);
        let shown = self.shown();
        // Whether what is known is as it was, how many are new on top, and whether the rest follows as it is shown.
        let (mut same, mut added, mut follows) = (true, 0, true);
        for (place, &row) in fresh.rows.iter().enumerate() {
            let known = ledger.get(row).and_then(|entry| self.ledger.find(entry.id));
            if let Some(known) = known {
                same &= ledger.adjustment(row) == self.ledger.adjustment(known);
            }
            if place == added && known.is_none_or(|known| !shown.contains(known)) {
                added += 1;
            } else if let Some(&below) = shown.rows().get(place - added) {
                follows &= known == Some(below);
            }
        }
        let came = fresh.rows.len();
        let grown = match (shown.total(), total) {
            (Some(old), Some(new)) => old.checked_add(added as u64) == Some(new),
            (_, None) => true,
            (None, Some(_)) => false,
        };
        let grown =
            grown && (total.is_some() || came >= flight.limit as usize || came == added + shown.rows().len());
        // In another order than that of time new rows lie anywhere, and which of two equals comes first is the service's business.
        let unchanged = added == 0 && (follows || !self.query.is_plain());
        let overlaps = added < came || (shown.rows().is_empty() && came == 0);
        // Of a list that lacks rows in between it is not known where.
        let goes_on = grown
            && overlaps
            && shown.end() != End::Short
            && (unchanged || (self.query.is_plain() && follows));
        let came = if same {
            read(&mut self.ledger, body)?
        } else {
            self.forget();
            self.ledger = ledger;
            fresh
        };
        if same && goes_on {
            let new = came.rows.get(..added).unwrap_or_default();
            self.shown_mut().put_on_top(new, total);
            if added > 0 {
                effects.push(Effect::Shift(added));
            }
            return Ok(came);
        }
        self.analysed = None;
        *self.shown_mut() = Listing::default();
        self.shown_mut().take(0, flight.limit, came.page, &came.rows, false);
        self.hear_of(&came);
        if matches!(self.goal, Some(Goal::Export { writing: true, .. })) {
            effects.push(Effect::StopWriting);
        }
        if let Some(Goal::Export { writing, .. }) = &mut self.goal {
            *writing = false;
        }
        effects.push(Effect::Top);
        Ok(came)
    }

    /// Whether these are the rows of the page before, whose ids cannot tell.
    fn repeats(&self, rows: &[RowId]) -> bool {
        if rows.is_empty() || rows.len() != self.nameless.len() {
            return false;
        }
        let mut before = self.nameless.iter();
        for &row in rows {
            if before
                .next()
                .is_none_or(|&before| self.ledger.adjustment(row) != self.ledger.adjustment(before))
            {
                return false;
            }
        }
        true
    }

    /// Rows of another query that are none of all adjustments are newer than these.
    fn hear_of(&mut self, came: &Came) {
        let unheard = |&row: &RowId| has_id(&self.ledger, row) && !self.base.contains(row);
        if self.base.end() == End::Complete && came.rows.iter().any(unheard) {
            self.base.set_newer();
        }
    }

    /// The page as the public type.
    fn history(&self, flight: &Flight, came: &Came) -> History {
        let Page { total, limit, offset: said } = came.page;
        let mut adjustments = Vec::with_capacity(came.rows.len());
        for &row in &came.rows {
            adjustments.extend(self.ledger.adjustment(row));
        }
        History {
            // Without a total there are at least those that came.
            total: total.map_or(flight.offset.saturating_add(adjustments.len() as u64), |count| count.0),
            offset: said.map_or(flight.offset, |count| count.0),
            limit: limit.map_or(u64::from(flight.limit), |count| count.0),
            adjustments,
        }
    }

    pub(super) fn count(&mut self) {
        self.totals = totals(&self.ledger, self.shown().rows());
        self.totals_of = self.shown().rows().len();
    }
}

/// A page like any other, to be read before the first one comes.
const SAMPLE: &[u8] = br#"{"adjustments":[{"id":"1","container":{"id":1,"name":"a","is_active":true},"debit":"1.00","transaction_type":"a","transaction_date":"2026-01-01 00:00:00","balance_after":"1.00","currency":"USD"}],"page":{"total":1,"limit":1,"offset":0}}"#;

impl HistorySession {
    /// Does once what every row needs, and forgets it: a runtime that compiles functions when they are first called, and
    /// reads a language's rules when they are first needed, has done so when the first rows come. Nothing is changed.
    pub fn warm_up(&self) {
        if !self.ledger.is_empty() {
            return;
        }
        let mut ledger = Ledger::default();
        if let Ok(came) = read(&mut ledger, SAMPLE) {
            let amount = totals(&ledger, &came.rows).into_iter().flatten().next().map(|totals| totals.net);
            self.formats.money(amount.unwrap_or_default(), "USD");
        }
        self.formats.is_one(1);
    }
}

/// Reads a page into a ledger.
fn read(ledger: &mut Ledger, body: &[u8]) -> Result<Came, crate::json::DecodeError> {
    let mut rows = Vec::new();
    let page = decode_rows(body, &mut |row| {
        let (Pushed::New(row) | Pushed::Known(row)) = ledger.push(&row);
        rows.push(row);
    })?;
    Ok(Came { page, rows, repeated: false })
}

fn has_id(ledger: &Ledger, row: RowId) -> bool {
    ledger.get(row).is_some_and(|entry| !entry.id.is_empty())
}
