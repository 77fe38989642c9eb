//! What becomes of an answer: the rows go into the ledger and the list, the page hears of them.

use std::rc::Rc;

use super::{Effect, End, Goal, HistorySession, Listing};
use crate::api::balance_history::{self, Page, decode_rows};
use crate::error::CertError;
use crate::history::{Adjustment, History};
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
        let read = outcome.and_then(|response| {
            let taken = if flight.again {
                self.take_again(&response.body, effects)
            } else {
                self.take_page(flight.offset, &response.body)
            };
            taken.map_err(|error| {
                let errors = &self.words.errors;
                CertError::unreadable(balance_history::NAME, response.status, error, errors)
            })
        });
        match read {
            Ok(came) => {
                let history = Rc::new(self.history(flight.offset, &came));
                self.result = Some(Rc::clone(&history));
                self.failed_again = false;
                if flight.offset == 0 {
                    self.said = self.shown().total();
                }
                effects.push(Effect::TellHistory);
                effects.push(Effect::Settle(ticket, Ok(history)));
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
    fn take_page(&mut self, offset: u64, body: &[u8]) -> Result<Came, DecodeError> {
        let mut came = read(&mut self.ledger, body)?;
        let nameless = came.rows.iter().any(|&row| !has_id(&self.ledger, row));
        came.repeated = nameless && self.repeats(&came.rows);
        self.nameless = if nameless { came.rows.clone() } else { Vec::new() };
        self.shown_mut().take(offset, came.page, &came.rows, came.repeated);
        self.hear_of(&came);
        Ok(came)
    }

    /// The first page once more. Rows that were added are put on top where everything else is as it was; otherwise the
    /// page takes the place of all that was loaded.
    fn take_again(&mut self, body: &[u8], effects: &mut Vec<Effect>) -> Result<Came, DecodeError> {
        let mut ledger = Ledger::default();
        let fresh = read(&mut ledger, body)?;
        let total = fresh.page.total.map(|count| count.0);
        let found = |row: RowId| ledger.get(row).and_then(|entry| self.ledger.find(entry.id));
        let known: Vec<Option<RowId>> = fresh.rows.iter().map(|&row| found(row)).collect();
        let same = fresh.rows.iter().zip(&known).all(|(&row, known)| {
            known.is_none_or(|known| ledger.adjustment(row) == self.ledger.adjustment(known))
        });
        let shown = self.shown();
        let added = known.iter().take_while(|row| row.is_none_or(|row| !shown.contains(row))).count();
        let mut below = known.iter().skip(added).zip(shown.rows());
        let follows = below.all(|(known, row)| *known == Some(*row));
        let grown = match (shown.total(), total) {
            (Some(old), Some(new)) => old.checked_add(added as u64) == Some(new),
            (_, None) => true,
            (None, Some(_)) => false,
        };
        let grown = grown
            && (total.is_some()
                || known.len() >= super::PAGE as usize
                || known.len() == added + shown.rows().len());
        // In another order than that of time new rows lie anywhere, and which of two equals comes first is the service's business.
        let unchanged = added == 0 && (follows || !self.query.is_plain());
        let overlaps = added < known.len() || (shown.rows().is_empty() && known.is_empty());
        let goes_on = grown && overlaps && (unchanged || (self.query.is_plain() && follows));
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
        self.shown_mut().take(0, came.page, &came.rows, false);
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
        let same = |(&a, &b): (&RowId, &RowId)| self.ledger.adjustment(a) == self.ledger.adjustment(b);
        !rows.is_empty() && rows.len() == self.nameless.len() && rows.iter().zip(&self.nameless).all(same)
    }

    /// Rows of another query that are none of all adjustments are newer than these.
    fn hear_of(&mut self, came: &Came) {
        let unheard = |&row: &RowId| has_id(&self.ledger, row) && !self.base.contains(row);
        if self.base.end() == End::Complete && came.rows.iter().any(unheard) {
            self.base.set_newer();
        }
    }

    /// The page as the public type.
    fn history(&self, offset: u64, came: &Came) -> History {
        let Page { total, limit, offset: said } = came.page;
        let rows = came.rows.iter().filter_map(|&row| self.ledger.adjustment(row));
        let adjustments: Vec<Adjustment> = rows.collect();
        History {
            // Without a total there are at least those that came.
            total: total.map_or(offset.saturating_add(adjustments.len() as u64), |count| count.0),
            offset: said.map_or(offset, |count| count.0),
            limit: limit.map_or(u64::from(super::PAGE), |count| count.0),
            adjustments,
        }
    }

    pub(super) fn count(&mut self) {
        let sums = totals(&self.ledger, self.shown().rows());
        self.totals_of = self.shown().rows().len();
        self.totals = sums;
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
