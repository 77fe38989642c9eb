//! `GET finance/balance-history`: the adjustments of a DigiCert account's balance, page by page.
//!
//! Reference: <https://dev.digicert.com/services-api/finance/list-balance-history/>

use std::fmt;

use super::{Endpoint, NumericId};
use crate::date::Date;
use crate::history::{Adjustment, History};
use crate::json::DecodeError;
use crate::transport::Request;

pub use certquote_core::row::{Container, Page, Row, decode_rows};

/// The endpoint's name.
pub const NAME: &str = "finance/balance-history";

/// Asks for one page of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalanceHistory {
    /// The division; an account with more than one requires it.
    pub container_id: Option<NumericId>,
    /// At most so many adjustments. The API's maximum (and default) is taken to be 1000, as for its siblings.
    pub limit: Option<u32>,
    /// How many adjustments to skip.
    pub offset: Option<u64>,
    /// The order, the first key first; the API's own when empty.
    pub sort: Vec<Sort>,
    /// Adjustments of this type only: its number in the reference's table, not its text.
    pub adjust_type: Option<u32>,
    /// Adjustments of this division only.
    pub only_container: Option<NumericId>,
    /// Adjustments made on these days only.
    pub transaction_date: Option<DateFilter>,
    /// Deposits that expire on these days only.
    pub expiration_date: Option<DateFilter>,
}

/// One key of a sort order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by.
    pub by: SortKey,
    /// Largest first.
    pub descending: bool,
}

/// The properties that the API sorts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// `id`
    Id,
    /// `credit`
    Credit,
    /// `debit`
    Debit,
    /// `transaction_type`
    TransactionType,
    /// `receipt_id`
    ReceiptId,
    /// `transaction_date`
    TransactionDate,
    /// `balance_after`
    BalanceAfter,
    /// `order_id`
    OrderId,
    /// `expiration_date`; ascending, adjustments without one come first.
    ExpirationDate,
}

impl SortKey {
    /// The API's name of the property.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::TransactionType => "transaction_type",
            Self::ReceiptId => "receipt_id",
            Self::TransactionDate => "transaction_date",
            Self::BalanceAfter => "balance_after",
            Self::OrderId => "order_id",
            Self::ExpirationDate => "expiration_date",
        }
    }
}

/// Days to filter by, in the API's syntax for filters. It does not say whether the ends of a range belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFilter {
    /// Later than this day: `>2026-01-31`.
    After(Date),
    /// Earlier than this day: `<2026-01-31`.
    Before(Date),
    /// From one day to another: `2026-01-01...2026-01-31`.
    Between(Date, Date),
}

impl fmt::Display for DateFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::After(date) => write!(f, ">{date}"),
            Self::Before(date) => write!(f, "<{date}"),
            Self::Between(from, to) => write!(f, "{from}...{to}"),
        }
    }
}

impl Endpoint for BalanceHistory {
    type Answer = History;

    fn name(&self) -> &'static str {
        NAME
    }

    fn request(&self) -> Request {
        let mut query = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.push((name.to_owned(), value));
            }
        };
        add("container_id", self.container_id.as_ref().map(ToString::to_string));
        add("filters[container_id]", self.only_container.as_ref().map(ToString::to_string));
        add("filters[adjust_type]", self.adjust_type.map(|number| number.to_string()));
        add("filters[transaction_date]", self.transaction_date.map(|filter| filter.to_string()));
        add("filters[expiration_date]", self.expiration_date.map(|filter| filter.to_string()));
        let keys =
            self.sort.iter().map(|sort| [if sort.descending { "-" } else { "" }, sort.by.name()].concat());
        let keys: Vec<String> = keys.collect();
        add("sort", Some(keys.join(",")).filter(|keys| !keys.is_empty()));
        add("limit", self.limit.map(|limit| limit.to_string()));
        add("offset", self.offset.map(|offset| offset.to_string()));
        super::get(NAME.to_owned(), query)
    }

    fn decode(&self, body: &[u8]) -> Result<History, DecodeError> {
        let mut adjustments = Vec::new();
        let page = decode_rows(body, &mut |row| adjustments.push(Adjustment::from(row)))?;
        let offset = page.offset.map_or(self.offset.unwrap_or(0), |count| count.0);
        Ok(History {
            // Without a total there are at least those that came.
            total: page.total.map_or(offset.saturating_add(adjustments.len() as u64), |count| count.0),
            offset,
            limit: page.limit.map_or(u64::from(self.limit.unwrap_or(0)), |count| count.0),
            adjustments,
        })
    }
}
