//! The history of one account over time, as a pure state machine: intents in, effects out.
//!
//! All rows lie in one [`Ledger`]. Two lists say which of them in which order: *base* holds all adjustments, the newest
//! first, as far as they are loaded, and *view* those of the present query when it is another one. Pages are asked for one
//! after the other, as far down as somebody looks or a [`Goal`] lies. A failed page keeps what is loaded.

mod answer;
mod listing;
mod query;
mod run;

use std::rc::Rc;

use crate::amount::Amount;
use crate::analysis::{Analysis, Analyst, Outside};
use crate::api::balance_history::{self, BalanceHistory};
use crate::config::{HistoryConfig, Unfit, misconfigured};
use crate::date::Date;
use crate::error::CertError;
use crate::history::History;
use crate::ledger::check::Break;
use crate::ledger::sort::Column;
use crate::ledger::totals::Totals;
use crate::ledger::{Ledger, RowId};
use crate::state::{State, Ticket};
use crate::transport::Response;
use crate::words::{Formats, Words};

pub use listing::{End, Listing};
pub use query::{DateProblem, FIRST_PAGE, Filters, Order, PAGE, Query, Range, Typed};

/// What somebody wants of the session.
#[derive(Debug)]
pub enum Intent {
    /// The attributes changed.
    Configure(HistoryConfig, Unfit),
    /// The element came onto a page.
    Attach,
    /// The element left its page.
    Detach,
    /// Load the present query again.
    Refresh,
    /// Ask once more for what failed.
    Retry,
    /// Show only this type of adjustment, by its number; all for `None`.
    Kind(Option<u32>),
    /// Show only this span of days.
    Range(Range),
    /// Something was typed as the first day.
    From(String),
    /// Something was typed as the last day.
    To(String),
    /// The pause after the last key is over.
    Paused,
    /// Show only deposits that expire within so many days; all rows for `None`.
    Expires(Option<u32>),
    /// Show all rows again.
    ClearFilters,
    /// The head of a column was pressed.
    Sort(Column),
    /// Rows up to this place, which does not belong to them, are in sight.
    See(usize),
    /// Load all rows of the present query.
    LoadAll,
    /// Load as far back as this day, as typed, and show it.
    JumpTo(String),
    /// Load what is missing and write a file.
    Export(FileKind),
    /// The file is written.
    Exported,
    /// Never mind the goal.
    Cancel,
    /// Show all there is to know of a row, or none.
    Open(Option<RowId>),
    /// Show the next row whose balance does not follow.
    NextBreak,
    /// A request was answered.
    Answered(Ticket, Result<Response, CertError>),
    /// It has been quiet for a while, or a step of the analysis is over.
    Analyse,
    /// What can be spent by a balance on the same page, `None` for the amount when without limit; and its currency.
    Funds(Option<(Option<Amount>, String)>),
}

/// What has to be done for the session, in order.
#[derive(Debug)]
pub enum Effect {
    /// Send a request and come back with [`Intent::Answered`]. Whatever was under way has been aborted before.
    Send(Ticket, BalanceHistory),
    /// Call off the request under way.
    Abort,
    /// Come back with [`Intent::Paused`] soon; an earlier pause is forgotten.
    Pause,
    /// Forget the pause.
    EndPause,
    /// Come back with [`Intent::Analyse`], after a while or in the next task; an earlier wish is forgotten.
    Analyse {
        /// Whether nothing has happened for a while before.
        quiet: bool,
    },
    /// Write all rows of the present query to a file and come back with [`Intent::Exported`]; what was being written is forgotten.
    Write(FileKind),
    /// Forget what was being written.
    StopWriting,
    /// Bring the row at this place into sight and put the focus on it.
    Show(usize),
    /// Other rows are shown now: begin at the top.
    Top,
    /// So many rows were put on top.
    Shift(usize),
    /// Whoever waits for this request, or an earlier one, gets this.
    Settle(Ticket, Result<Rc<History>, CertError>),
    /// Tell the page of a page of rows.
    TellHistory,
    /// Tell the page of a failure.
    TellError(CertError),
    /// Tell the page of a new state.
    TellState(State),
}

/// The sort of file to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Comma-separated values.
    Csv,
    /// The public `History`, without the place of a page.
    Json,
}

/// How far down pages are loaded, other than what is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To the end.
    All,
    /// To the end, and then a file is written.
    Export {
        /// Which.
        file: FileKind,
        /// Whether it is being written by now.
        writing: bool,
    },
    /// Until a row of this day or before is there.
    Date {
        /// Which.
        date: Date,
        /// How many rows were looked at.
        seen: usize,
    },
}

/// A request under way.
#[derive(Clone, Copy, Debug)]
struct Flight {
    ticket: Ticket,
    offset: u64,
    /// So many rows were asked for.
    limit: u32,
    /// Whether it asks for the first page of rows that are there already.
    again: bool,
}

/// The state of one history.
pub struct HistorySession {
    words: &'static Words,
    formats: Rc<dyn Formats>,
    today: Date,
    config: HistoryConfig,
    unfit: Unfit,
    attached: bool,
    ledger: Ledger,
    base: Listing,
    view: Listing,
    query: Query,
    range: Range,
    typed: Typed,
    date_problem: Option<DateProblem>,
    /// What was typed as the day to jump to cannot be used.
    jump_problem: bool,
    /// No row is as old as the day that was jumped to.
    beyond: Option<Date>,
    /// One past the last row in sight.
    in_sight: usize,
    goal: Option<Goal>,
    flight: Option<Flight>,
    last_ticket: Ticket,
    error: Option<CertError>,
    /// What the last request was: whether it asked again for what is there.
    failed_again: bool,
    result: Option<Rc<History>>,
    /// The rows of the last page if some of them have no id: they alone tell whether the next page is the same.
    nameless: Vec<RowId>,
    totals: Vec<Option<Totals>>,
    /// How many rows `totals` rests on.
    totals_of: usize,
    /// What is said to a screen reader: how many rows the last settled query has.
    said: Option<u64>,
    analyst: Option<Analyst>,
    analysis: Option<Rc<Analysis>>,
    /// What the analysis rests on: so many rows, and what is known from outside.
    analysed: Option<(usize, Outside)>,
    funds: Option<(Option<Amount>, String)>,
    opened: Option<RowId>,
    /// The place among the breaks that was shown last.
    break_shown: Option<usize>,
}

impl HistorySession {
    /// Nothing asked yet, with default settings.
    #[must_use]
    pub fn new(words: &'static Words, formats: Rc<dyn Formats>, today: Date) -> Self {
        Self {
            words,
            formats,
            today,
            config: HistoryConfig { container: Some(None), ..HistoryConfig::default() },
            unfit: Unfit::default(),
            attached: false,
            ledger: Ledger::default(),
            base: Listing::default(),
            view: Listing::default(),
            query: Query::default(),
            range: Range::default(),
            typed: Typed::default(),
            date_problem: None,
            jump_problem: false,
            beyond: None,
            in_sight: 0,
            goal: None,
            flight: None,
            last_ticket: Ticket::NONE,
            error: None,
            failed_again: false,
            result: None,
            nameless: Vec::new(),
            totals: Vec::new(),
            totals_of: 0,
            said: None,
            analyst: None,
            analysis: None,
            analysed: None,
            funds: None,
            opened: None,
            break_shown: None,
        }
    }

    /// The state for the contract's `state`.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.shown().end(), &self.error) {
            _ if self.flight.is_some() => State::Loading,
            (End::Unasked, Some(_)) => State::Error,
            (End::Unasked, None) if self.config.container.is_none() => State::Error,
            (End::Unasked, None) => State::Idle,
            (_, Some(_)) => State::Stale,
            (_, None) => State::Ready,
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
        misconfigured(balance_history::NAME, &self.unfit, self.words)
    }

    /// The last page that came.
    #[must_use]
    pub fn result(&self) -> Option<&Rc<History>> {
        self.result.as_ref()
    }

    /// The rows, all of them that ever came.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// All adjustments, the newest first, as far as they are loaded.
    #[must_use]
    pub fn base(&self) -> &Listing {
        &self.base
    }

    /// The rows of the present query.
    #[must_use]
    pub fn shown(&self) -> &Listing {
        if self.query.is_plain() { &self.base } else { &self.view }
    }

    /// Of all adjustments, whatever the query: how many are loaded, how many there are, if known, and whether these are all.
    #[must_use]
    pub fn loaded(&self) -> (usize, Option<u64>, bool) {
        (self.base.rows().len(), self.base.total(), self.base.end() == End::Complete)
    }

    /// Filters and order.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The span of days that is chosen.
    #[must_use]
    pub fn range(&self) -> Range {
        self.range
    }

    /// The days as they stand in their fields.
    #[must_use]
    pub fn typed(&self) -> &Typed {
        &self.typed
    }

    /// What is wrong with these days.
    #[must_use]
    pub fn date_problem(&self) -> Option<DateProblem> {
        self.date_problem
    }

    /// Whether the day to jump to cannot be used.
    #[must_use]
    pub fn jump_problem(&self) -> bool {
        self.jump_problem
    }

    /// The day that was jumped to in vain: all rows are newer.
    #[must_use]
    pub fn beyond(&self) -> Option<Date> {
        self.beyond
    }

    /// How far down is loaded, other than what is in sight.
    #[must_use]
    pub fn goal(&self) -> Option<Goal> {
        self.goal
    }

    /// The sums of the rows of the present query, one for each currency, and how many rows they rest on.
    #[must_use]
    pub fn totals(&self) -> (&[Option<Totals>], usize) {
        (&self.totals, self.totals_of)
    }

    /// How many rows the last settled query has.
    #[must_use]
    pub fn said(&self) -> Option<u64> {
        self.said
    }

    /// What all adjustments say, as far as they were loaded when it was quiet last.
    #[must_use]
    pub fn analysis(&self) -> Option<&Rc<Analysis>> {
        self.analysis.as_ref()
    }

    /// The break of the ledger at a row.
    #[must_use]
    pub fn break_at(&self, row: RowId) -> Option<&Break> {
        self.analysis.as_ref()?.check.breaks.iter().find(|found| found.row == row)
    }

    /// The row of which all is shown.
    #[must_use]
    pub fn opened(&self) -> Option<RowId> {
        self.opened
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &HistoryConfig {
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

    fn outside(&self) -> Outside {
        Outside { today: self.today, available: self.funds.clone() }
    }
}
