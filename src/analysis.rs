//! What the loaded adjustments say about the account: the check of the ledger, the line of the chart, the deposits that
//! still hold money, the pace of spending. Made in steps, so that none of them holds the browser up.

use std::rc::Rc;

use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::check::Check;
use crate::ledger::lots::Holdings;
use crate::ledger::runway::Runway;
use crate::ledger::series::Series;
use crate::ledger::{Ledger, RowId};

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
}

/// What the rows of one currency say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencyAnalysis {
    /// The currency, upper case; empty for rows without one.
    pub currency: String,
    /// The line of the chart.
    pub series: Series,
    /// Which deposits still hold money.
    pub holdings: Holdings,
    /// The pace over 30, 90 and 365 days.
    pub runway: [Option<Runway>; 3],
}

/// Makes an [`Analysis`], step by step.
pub struct Analyst {
    rows: Vec<RowId>,
    outside: Outside,
}

impl Analyst {
    /// Begins with these rows, newest first.
    #[must_use]
    pub fn new(rows: Vec<RowId>, outside: Outside) -> Self {
        Self { rows, outside }
    }

    /// Takes one step; the last one gives the analysis.
    pub fn step(&mut self, _ledger: &Ledger) -> Option<Rc<Analysis>> {
        let _ = &self.outside;
        Some(Rc::new(Analysis { rows: self.rows.len(), ..Analysis::default() }))
    }
}
