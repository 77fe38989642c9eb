//! What is asked of the history: filters and an order, as the reader chooses them and as the API takes them.

use crate::api::NumericId;
use crate::api::balance_history::{BalanceHistory, DateFilter, Sort, SortKey};
use crate::date::Date;
use crate::ledger::sort::Column;

/// The most rows of a page.
pub const PAGE: u32 = 1_000;

/// The rows of the very first page: what is seen at once, sooner there than a thousand. The next one completes them to
/// [`PAGE`].
pub const FIRST_PAGE: u32 = 100;

/// The first and the last day that can be filtered by: a year that is still being typed lies outside.
const FIRST: Option<Date> = Date::new(2000, 1, 1);
const LAST: Option<Date> = Date::new(2100, 12, 31);

/// The order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub column: Column,
    /// Largest, or newest, first.
    pub descending: bool,
}

impl Default for Order {
    /// The newest first.
    fn default() -> Self {
        Self { column: Column::Date, descending: true }
    }
}

impl Order {
    /// The order after a press on a column's head: the other way round, or else what one looks for first in that column.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        let descending = if self.column == column { !self.descending } else { column != Column::Type };
        Self { column, descending }
    }

    /// The keys to sort by. The time and the id break ties, which keeps the pages stable.
    fn keys(self) -> Vec<Sort> {
        let (by, more) = match self.column {
            Column::Date => (SortKey::TransactionDate, None),
            Column::Type => (SortKey::TransactionType, None),
            Column::Balance => (SortKey::BalanceAfter, None),
            Column::Expires => (SortKey::ExpirationDate, None),
            // Signed: the largest debits stand at one end, the largest credits at the other.
            Column::Amount if self.descending => (SortKey::Credit, Some(SortKey::Debit)),
            Column::Amount => (SortKey::Debit, Some(SortKey::Credit)),
        };
        let mut keys = vec![Sort { by, descending: self.descending || more.is_some() }];
        if let Some(by) = more {
            keys.push(Sort { by, descending: false });
        }
        let mut newest = true;
        if by == SortKey::TransactionDate {
            newest = self.descending;
        } else {
            keys.push(Sort { by: SortKey::TransactionDate, descending: true });
        }
        keys.push(Sort { by: SortKey::Id, descending: newest });
        keys
    }
}

/// The filters in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Only this type: its number in the reference's table.
    pub kind: Option<u32>,
    /// Nothing before this day.
    pub from: Option<Date>,
    /// Nothing after this day.
    pub to: Option<Date>,
    /// Only deposits that expire within so many days.
    pub expires: Option<u32>,
}

/// Filters and order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Which rows.
    pub filters: Filters,
    /// In which order.
    pub order: Order,
}

impl Query {
    /// Whether it asks for all rows, the newest first.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it leaves any rows out.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filters != Filters::default()
    }

    /// The request for `limit` rows from `offset` on.
    #[must_use]
    pub fn request(
        &self,
        container: Option<NumericId>,
        offset: u64,
        limit: u32,
        today: Date,
    ) -> BalanceHistory {
        let Filters { kind, from, to, expires } = self.filters;
        let later = |days: u32| i32::try_from(days).ok().and_then(|days| today.plus_days(days));
        let between = |from: Option<Date>, to: Option<Date>| Some(DateFilter::Between(from?, to?));
        // The API's days may be ahead of ours.
        let dates = (from.is_some() || to.is_some()).then(|| between(from.or(FIRST), to.or(later(1))));
        BalanceHistory {
            container_id: container,
            limit: Some(limit),
            offset: Some(offset),
            sort: self.order.keys(),
            adjust_type: kind,
            only_container: None,
            transaction_date: dates.flatten(),
            expiration_date: expires.and_then(|days| between(Some(today), later(days))),
        }
    }
}

/// A span of days to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    /// Everything.
    #[default]
    AllTime,
    /// So many days back.
    LastDays(u16),
    /// Since 1 January.
    ThisYear,
    /// The whole year before.
    LastYear,
    /// From and to as typed.
    Custom,
}

impl Range {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::AllTime, Self::LastDays(30), Self::LastDays(90), Self::ThisYear, Self::LastYear, Self::Custom];

    /// Its first and last day; `None` for [`Custom`](Self::Custom).
    #[must_use]
    pub fn days(self, today: Date) -> Option<(Option<Date>, Option<Date>)> {
        let year = today.to_string().get(..4).and_then(|year| year.parse::<u16>().ok()).unwrap_or_default();
        let before = year.saturating_sub(1);
        Some(match self {
            Self::AllTime => (None, None),
            Self::LastDays(days) => (today.plus_days(-i32::from(days)), None),
            Self::ThisYear => (Date::new(year, 1, 1), None),
            Self::LastYear => (Date::new(before, 1, 1), Date::new(before, 12, 31)),
            Self::Custom => return None,
        })
    }
}

/// What is wrong with the days that were typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// No day between 2000 and 2100.
    Unusable,
    /// The last day lies before the first.
    Reversed,
}

/// The first and the last day as they stand in their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// `From`.
    pub from: String,
    /// `To`.
    pub to: String,
}

impl Typed {
    /// The days, where they can be filtered by.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn days(&self) -> Result<(Option<Date>, Option<Date>), DateProblem> {
        let (from, to) = (read(&self.from)?, read(&self.to)?);
        match (from, to) {
            (Some(from), Some(to)) if from > to => Err(DateProblem::Reversed),
            days => Ok(days),
        }
    }
}

impl Typed {
    /// Whether a field holds what is no day to filter by.
    #[must_use]
    pub fn is_unusable(text: &str) -> bool {
        read(text).is_err()
    }
}

/// The day in a field, if it is filled.
fn read(text: &str) -> Result<Option<Date>, DateProblem> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some).ok_or(DateProblem::Unusable) }
}

/// A day that the history can have.
pub(super) fn day(text: &str) -> Option<Date> {
    let date = text.parse().ok()?;
    (FIRST <= Some(date) && Some(date) <= LAST).then_some(date)
}
