//! What the loaded adjustments say about the account: the check of the ledger, the line of the chart, the deposits that
//! still hold money, the pace of spending. Made in steps, so that none of them holds the browser up.
//!
//! [`held`] tells which money expires when, [`periods`] the balance month by month, [`plot`] where on a drawing it all lies.

pub mod figures;
pub mod held;
pub mod periods;
pub mod plot;

use std::rc::Rc;

use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::check::{self, Check};
use crate::ledger::lots::{self, Holdings};
use crate::ledger::order;
use crate::ledger::runway::{self, Runway};
use crate::ledger::series::{self, Series};
use crate::ledger::{Entry, Ledger, RowId};

use held::Held;
use periods::{Calendar, Periods};
use plot::Plot;

/// More currencies than this are not looked at; they are counted.
const MOST_CURRENCIES: usize = 8;
/// How many columns the line is reduced to; each has at most four points.
const COLUMNS: usize = 200;
/// How many rows one step reads where it reads them one by one.
const ROWS_A_STEP: usize = 8_192;

/// What is known from outside the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Today, in UTC.
    pub today: Date,
    /// What can be spent by the account's balance, and its currency, where a balance is shown on the same page; `None`
    /// for the amount when the credit is unlimited.
    pub available: Option<(Option<Amount>, String)>,
}

/// What the rows say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// How many rows it rests on.
    pub rows: usize,
    /// The oldest and the newest day among them.
    pub span: Option<(Date, Date)>,
    /// The ledger check.
    pub check: Check,
    /// One for each currency, the one of the newest row first.
    pub currencies: Vec<CurrencyAnalysis>,
    /// How many currencies more the rows have, of which nothing is said.
    pub more_currencies: usize,
}

/// What the rows of one currency say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencyAnalysis {
    /// The currency, upper case; empty for rows without one.
    pub currency: String,
    /// How many rows are in it.
    pub rows: usize,
    /// The oldest and the newest day among them.
    pub span: Option<(Date, Date)>,
    /// The line of the chart.
    pub series: Series,
    /// The drawing of that line; `None` without a single balance.
    pub plot: Option<Plot>,
    /// The line as a table.
    pub periods: Periods,
    /// Which money expires when.
    pub held: Held,
    /// What the runway counts on.
    pub funds: Funds,
    /// How many days the rows reach back from today.
    pub days: u32,
    /// The pace over 30, 90 and 365 days.
    pub runway: [Option<Runway>; 3],
}

/// What there is to spend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Funds {
    /// What the account's balance says is available, in the same currency.
    Available(Amount),
    /// Credit without a limit.
    Unlimited,
    /// The balance after the last row; no balance was shown on the page, or one in another currency.
    LastBalance(Amount),
    /// No row says.
    #[default]
    Unknown,
}

impl Funds {
    fn of(outside: &Outside, currency: &str, last: Option<Amount>) -> Self {
        match &outside.available {
            Some((available, of)) if of.eq_ignore_ascii_case(currency) => {
                available.map_or(Self::Unlimited, Self::Available)
            }
            _ => last.map_or(Self::Unknown, Self::LastBalance),
        }
    }

    /// How much it is, if it is something.
    #[must_use]
    pub fn amount(self) -> Option<Amount> {
        match self {
            Self::Available(amount) | Self::LastBalance(amount) => {
                (!amount.is_negative() && !amount.is_zero()).then_some(amount)
            }
            Self::Unlimited | Self::Unknown => None,
        }
    }
}

/// What is to be done next.
#[derive(Clone, Copy)]
enum Next {
    Order,
    Check,
    /// Reads rows from this place in the order of time on.
    Read(usize),
    Series(usize),
    Hold(usize),
    Pace(usize),
    Done,
}

/// Makes an [`Analysis`], step by step.
///
/// ```
/// use certquote::analysis::{Analyst, Outside};
/// use certquote::{date::Date, ledger::Ledger};
///
/// let ledger = Ledger::default();
/// let mut analyst = Analyst::new(Vec::new(), Outside { today: Date::EPOCH, available: None });
/// let analysis = loop {
///     if let Some(analysis) = analyst.step(&ledger) {
///         break analysis;
///     }
/// };
/// assert!(analysis.currencies.is_empty());
/// ```
pub struct Analyst {
    /// Newest first, and from the first step on in the order of time.
    rows: Vec<RowId>,
    outside: Outside,
    next: Next,
    analysis: Analysis,
    /// One for each of the currencies.
    calendars: Vec<Calendar>,
    /// Of the currency at hand.
    holdings: Holdings,
}

impl Analyst {
    /// Begins with these rows, newest first.
    #[must_use]
    pub fn new(rows: Vec<RowId>, outside: Outside) -> Self {
        Self {
            analysis: Analysis { rows: rows.len(), ..Analysis::default() },
            rows,
            outside,
            next: Next::Order,
            calendars: Vec::new(),
            holdings: Holdings::default(),
        }
    }

    /// Takes one step; the last one gives the analysis.
    pub fn step(&mut self, ledger: &Ledger) -> Option<Rc<Analysis>> {
        self.next = match self.next {
            Next::Order => {
                self.rows = order::chronological(ledger, &self.rows);
                Next::Check
            }
            Next::Check => {
                self.analysis.check = check::check(ledger, &self.rows);
                self.begin(ledger);
                Next::Read(0)
            }
            Next::Read(from) => {
                let rows = self.rows.get(from..).unwrap_or_default();
                for &row in rows.iter().take(ROWS_A_STEP) {
                    if let Some(entry) = ledger.get(row) {
                        read(&mut self.analysis, &mut self.calendars, &entry);
                    }
                }
                if rows.len() > ROWS_A_STEP { Next::Read(from + ROWS_A_STEP) } else { Next::Series(0) }
            }
            Next::Series(at) => match self.analysis.currencies.get_mut(at) {
                Some(one) => {
                    one.series = series::series(ledger, &self.rows, &one.currency, COLUMNS);
                    one.plot = Plot::of(&one.series);
                    Next::Hold(at)
                }
                None => Next::Done,
            },
            Next::Hold(at) => {
                if let Some(one) = self.analysis.currencies.get(at) {
                    self.holdings = lots::holdings(ledger, &self.rows, &one.currency);
                }
                Next::Pace(at)
            }
            Next::Pace(at) => {
                self.pace(ledger, at);
                Next::Series(at + 1)
            }
            Next::Done => Next::Done,
        };
        matches!(self.next, Next::Done).then(|| Rc::new(std::mem::take(&mut self.analysis)))
    }

    /// The currencies of the rows, the one of the newest row first.
    fn begin(&mut self, ledger: &Ledger) {
        let known = ledger.currencies();
        let newest = self.rows.last().and_then(|&row| ledger.get(row));
        let newest = newest.and_then(|entry| entry.currency).unwrap_or_default();
        let (first, others): (Vec<&str>, Vec<&str>) =
            known.into_iter().partition(|currency| currency.eq_ignore_ascii_case(newest));
        let all = first.into_iter().chain(others);
        self.analysis.currencies = all
            .map(|currency| CurrencyAnalysis { currency: currency.to_owned(), ..CurrencyAnalysis::default() })
            .collect();
        self.analysis.more_currencies = self.analysis.currencies.len().saturating_sub(MOST_CURRENCIES);
        self.analysis.currencies.truncate(MOST_CURRENCIES);
        self.calendars = self.analysis.currencies.iter().map(|_| Calendar::default()).collect();
    }

    fn pace(&mut self, ledger: &Ledger, at: usize) {
        let (Some(one), Some(calendar)) = (self.analysis.currencies.get_mut(at), self.calendars.get_mut(at))
        else {
            return;
        };
        let today = self.outside.today;
        one.periods = std::mem::take(calendar).finish();
        one.held = Held::of(ledger, &self.holdings, today);
        one.funds = Funds::of(&self.outside, &one.currency, self.holdings.balance);
        one.days = one.span.map_or(0, |(oldest, _)| u32::try_from(oldest.days_until(today)).unwrap_or(0));
        one.runway = runway::runway(ledger, &self.rows, &one.currency, today, one.funds.amount());
        self.holdings = Holdings::default();
    }
}

/// Takes in what is told row by row.
fn read(analysis: &mut Analysis, calendars: &mut [Calendar], entry: &Entry<'_>) {
    let day = entry.at.and_then(|at| at.date());
    widen(&mut analysis.span, day);
    let currency = entry.currency.unwrap_or_default();
    let mut found = analysis.currencies.iter_mut().zip(calendars);
    if let Some((one, calendar)) = found.find(|(one, _)| one.currency.eq_ignore_ascii_case(currency)) {
        one.rows += 1;
        widen(&mut one.span, day);
        if let Some(day) = day {
            calendar.read(day, entry);
        }
    }
}

fn widen(span: &mut Option<(Date, Date)>, day: Option<Date>) {
    let Some(day) = day else { return };
    *span = Some(span.map_or((day, day), |(oldest, newest)| (oldest.min(day), newest.max(day))));
}
