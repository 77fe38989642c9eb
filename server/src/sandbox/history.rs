//! `GET finance/balance-history`: filters, sorting and paging over a ledger.
//!
//! Filters: a value for equality, `>A` and `<A` for strictly after and before, `A...B` with both ends included, and
//! `filters[x][0]=…&filters[x][1]=…` for any of several. A day without a time means its first second after `>` and `<`, and
//! the whole day elsewhere. Without `sort` the newest come first.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::Serialize;

use super::ledger::{Account, Adjustment, Ledger};
use super::number::{as_text, from_cents};
use super::{Refusal, clock};
use crate::query;

const MAX_LIMIT: usize = 1_000;

#[derive(Serialize)]
struct History<'a> {
    adjustments: Vec<Row<'a>>,
    page: Page,
}

#[derive(Serialize)]
struct Page {
    total: usize,
    limit: usize,
    offset: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    container: Container,
    #[serde(serialize_with = "as_text_if", skip_serializing_if = "Option::is_none")]
    credit: Option<Decimal>,
    #[serde(serialize_with = "as_text_if", skip_serializing_if = "Option::is_none")]
    debit: Option<Decimal>,
    transaction_type: &'static str,
    receipt_id: String,
    transaction_date: String,
    #[serde(serialize_with = "as_text")]
    balance_after: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    currency: &'static str,
}

#[derive(Serialize)]
struct Container {
    id: u32,
    name: &'static str,
    is_active: bool,
}

fn as_text_if<S: serde::Serializer>(amount: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => as_text(amount, serializer),
        None => serializer.serialize_none(),
    }
}

/// The body of the answer.
///
/// # Errors
/// [`Refusal`] for a filter, a sort or a page that the API does not document.
pub fn answer(
    ledger: &Ledger,
    account: Account,
    parameters: &[(String, String)],
) -> Result<Vec<u8>, Refusal> {
    let filters = filters(parameters)?;
    let sort = sort(parameters)?;
    let limit = number(parameters, "limit", MAX_LIMIT)?.min(MAX_LIMIT);
    let offset = number(parameters, "offset", 0)?;
    // Newest first, and of the same second the later one.
    let mut rows: Vec<&Adjustment> = ledger
        .adjustments
        .iter()
        .rev()
        .filter(|row| filters.iter().all(|filter| filter.takes(row)))
        .collect();
    if !sort.is_empty() {
        rows.sort_by(|a, b| {
            sort.iter().map(|key| key.compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
    }
    let total = rows.len();
    let adjustments = rows.into_iter().skip(offset).take(limit).map(|row| show(row, account)).collect();
    let history = History { adjustments, page: Page { total, limit, offset } };
    serde_json::to_vec(&history).map_err(|_| Refusal::invalid("limit", ""))
}

fn show(row: &Adjustment, account: Account) -> Row<'_> {
    let amount = from_cents(row.amount.abs());
    Row {
        id: row.id.to_string(),
        container: Container {
            id: row.container,
            name: match row.container {
                101 => "Example Division",
                102 => "Example Laboratory",
                _ if account == Account::Main => "Example Company",
                _ => "Example Overdraft",
            },
            is_active: row.container != 102,
        },
        credit: (row.amount > 0).then_some(amount),
        debit: (row.amount <= 0).then_some(amount),
        transaction_type: row.type_text(),
        receipt_id: receipt(row).to_string(),
        transaction_date: clock::moment(row.at),
        balance_after: from_cents(row.balance_after),
        expiration_date: row.expires.map(clock::moment),
        order_id: row.order_id,
        note: row.note.as_deref(),
        currency: "USD",
    }
}

/// Zero for all credits, as documented.
fn receipt(row: &Adjustment) -> u64 {
    if row.amount > 0 { 0 } else { row.id - 4_000_000 }
}

fn number(parameters: &[(String, String)], name: &str, default: usize) -> Result<usize, Refusal> {
    match parameters.iter().find(|(given, _)| given == name) {
        None => Ok(default),
        Some((_, text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map_err(|_| Refusal::invalid(name, "A whole number is expected."))
        }
        Some(_) => Err(Refusal::invalid(name, "A whole number is expected.")),
    }
}

struct SortKey {
    property: Property,
    descending: bool,
}

#[derive(Clone, Copy)]
enum Property {
    Id,
    Credit,
    Debit,
    TransactionType,
    ReceiptId,
    TransactionDate,
    BalanceAfter,
    OrderId,
    ExpirationDate,
}

impl SortKey {
    /// What a row lacks comes before everything in ascending order.
    fn compare(&self, a: &Adjustment, b: &Adjustment) -> Ordering {
        let order = match self.property {
            Property::Id => a.id.cmp(&b.id),
            Property::Credit => credit(a).cmp(&credit(b)),
            Property::Debit => debit(a).cmp(&debit(b)),
            Property::TransactionType => a.type_text().cmp(b.type_text()),
            Property::ReceiptId => receipt(a).cmp(&receipt(b)),
            Property::TransactionDate => a.at.cmp(&b.at),
            Property::BalanceAfter => a.balance_after.cmp(&b.balance_after),
            Property::OrderId => a.order_id.cmp(&b.order_id),
            Property::ExpirationDate => a.expires.cmp(&b.expires),
        };
        if self.descending { order.reverse() } else { order }
    }
}

fn credit(row: &Adjustment) -> Option<i64> {
    (row.amount > 0).then_some(row.amount)
}

fn debit(row: &Adjustment) -> Option<i64> {
    (row.amount <= 0).then_some(-row.amount)
}

fn sort(parameters: &[(String, String)]) -> Result<Vec<SortKey>, Refusal> {
    let Some((_, text)) = parameters.iter().find(|(name, _)| name == "sort") else { return Ok(Vec::new()) };
    text.split(',')
        .map(|key| {
            let (name, descending) = match key.trim().strip_prefix('-') {
                Some(name) => (name, true),
                None => (key.trim(), false),
            };
            let property = match name {
                "id" => Property::Id,
                "credit" => Property::Credit,
                "debit" => Property::Debit,
                "transaction_type" => Property::TransactionType,
                "receipt_id" => Property::ReceiptId,
                "transaction_date" => Property::TransactionDate,
                "balance_after" => Property::BalanceAfter,
                "order_id" => Property::OrderId,
                "expiration_date" => Property::ExpirationDate,
                _ => return Err(Refusal::invalid("sort", "It names a property that cannot be sorted by.")),
            };
            Ok(SortKey { property, descending })
        })
        .collect()
}

/// The ranges that a property may lie in, both ends included; any of them will do.
struct Filter {
    property: &'static str,
    ranges: Vec<(i64, i64)>,
}

impl Filter {
    fn takes(&self, row: &Adjustment) -> bool {
        let value = match self.property {
            "container_id" => Some(i64::from(row.container)),
            "adjust_type" => Some(i64::from(row.adjust_type)),
            "transaction_date" => Some(row.at),
            _ => row.expires,
        };
        value.is_some_and(|value| self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&value)))
    }
}

fn filters(parameters: &[(String, String)]) -> Result<Vec<Filter>, Refusal> {
    let mut filters: Vec<Filter> = Vec::new();
    for (name, text) in parameters {
        let Some(property) = query::filter(name) else { continue };
        let range =
            range(property, text).ok_or_else(|| Refusal::invalid(name, "It is not a value to filter by."))?;
        match filters.iter_mut().find(|filter| filter.property == property) {
            Some(filter) => filter.ranges.push(range),
            None => filters.push(Filter { property, ranges: vec![range] }),
        }
    }
    Ok(filters)
}

fn range(property: &str, text: &str) -> Option<(i64, i64)> {
    // The first and the last second (or the number itself, twice) that a text stands for.
    let ends = |text: &str| {
        if property.ends_with("_date") {
            let (start, whole_day) = clock::parse_moment(text.trim())?;
            Some((start, if whole_day { start + 86_399 } else { start }))
        } else {
            let number = text.trim();
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.then(|| number.parse::<i64>().ok())??;
            Some((number, number))
        }
    };
    if let Some(text) = text.strip_prefix('>') {
        return Some((ends(text)?.0.checked_add(1)?, i64::MAX));
    }
    if let Some(text) = text.strip_prefix('<') {
        return Some((i64::MIN, ends(text)?.0.checked_sub(1)?));
    }
    match text.split_once("...") {
        Some((from, to)) => Some((ends(from)?.0, ends(to)?.1)),
        None => ends(text),
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
