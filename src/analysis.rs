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
use crate::ledger::lots;
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
    /// One for each currency that the rows have, in the order of their newest rows.
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
}

impl Analyst {
    /// Begins with these rows, newest first.
    #[must_use]
    pub fn new(rows: Vec<RowId>, outside: Outside) -> Self {
        let analysis = Analysis { rows: rows.len(), ..Analysis::default() };
        Self { rows, outside, next: Next::Order, analysis, calendars: Vec::new() }
    }

    /// Takes one step; the last one gives the analysis.
    pub fn step(&mut self, ledger: &Ledger) -> Option<Rc<Analysis>> {
        let currencies = &mut self.analysis.currencies;
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
                let to = from + ROWS_A_STEP;
                for at in from..to {
                    if let Some(entry) = self.rows.get(at).and_then(|&row| ledger.get(row)) {
                        self.read(&entry);
                    }
                }
                if to < self.rows.len() { Next::Read(to) } else { Next::Series(0) }
            }
            Next::Series(at) => {
                let Some(one) = currencies.get_mut(at) else {
                    return Some(Rc::new(std::mem::take(&mut self.analysis)));
                };
                one.series = series::series(ledger, &self.rows, &one.currency, COLUMNS);
                one.plot = Plot::of(&one.series);
                if let Some(calendar) = self.calendars.get_mut(at) {
                    one.periods = std::mem::take(calendar).finish();
                }
                Next::Hold(at)
            }
            Next::Hold(at) => {
                if let Some(one) = currencies.get_mut(at) {
                    let holdings = lots::holdings(ledger, &self.rows, &one.currency);
                    one.held = Held::of(ledger, &holdings, self.outside.today);
                    one.funds = Funds::of(&self.outside, &one.currency, holdings.balance);
                }
                Next::Pace(at)
            }
            Next::Pace(at) => {
                if let Some(one) = currencies.get_mut(at) {
                    let (today, funds) = (self.outside.today, one.funds.amount());
                    if let Some((oldest, _)) = one.span {
                        one.days = u32::try_from(oldest.days_until(today)).unwrap_or_default();
                    }
                    one.runway = runway::runway(ledger, &self.rows, &one.currency, today, funds);
                }
                Next::Series(at + 1)
            }
        };
        None
    }

    /// The currencies of the rows, in the order of their newest ones.
    fn begin(&mut self, ledger: &Ledger) {
        let mut known = ledger.currencies_of(&self.rows);
        self.analysis.more_currencies = known.len().saturating_sub(MOST_CURRENCIES);
        known.truncate(MOST_CURRENCIES);
        for currency in known {
            let currency = currency.to_owned();
            self.analysis.currencies.push(CurrencyAnalysis { currency, ..CurrencyAnalysis::default() });
            self.calendars.push(Calendar::default());
        }
    }

    /// Takes in what is told row by row.
    fn read(&mut self, entry: &Entry<'_>) {
        let day = entry.at.and_then(|at| at.date());
        widen(&mut self.analysis.span, day);
        let currency = entry.currency.unwrap_or_default();
        let known = &mut self.analysis.currencies;
        let Some(at) = known.iter().position(|one| one.currency.eq_ignore_ascii_case(currency)) else {
            return;
        };
        if let (Some(one), Some(calendar)) = (known.get_mut(at), self.calendars.get_mut(at)) {
            one.rows += 1;
            widen(&mut one.span, day);
            if let Some(day) = day {
                calendar.read(day, entry);
            }
        }
    }
}

fn widen(span: &mut Option<(Date, Date)>, day: Option<Date>) {
    if let Some(day) = day {
        let (oldest, newest) = span.unwrap_or((day, day));
        *span = Some((oldest.min(day), newest.max(day)));
    }
}
