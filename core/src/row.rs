//! One adjustment of `GET finance/balance-history` as it stands in the answer, borrowed from it.
//!
//! Reference: <https://dev.digicert.com/services-api/finance/list-balance-history/>

use crate::amount::Amount;
use crate::json::{
    self, AmountOrBlank, Count, DecodeError, Fault, FromJson, Reader, Text, optional, required, via,
};

/// Where a page lies in the whole list, as far as the answer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many adjustments match.
    pub total: Option<Count>,
    /// At most so many are on a page; samples of the API hold a 0 here.
    pub limit: Option<Count>,
    /// How many were skipped.
    pub offset: Option<Count>,
}

impl<'a> FromJson<'a> for Page {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut page = Self::default();
        reader.members(&mut [
            optional("total", &mut page.total),
            optional("limit", &mut page.limit),
            optional("offset", &mut page.offset),
        ])?;
        Ok(page)
    }
}

/// One adjustment as the answer holds it, its texts borrowed from the body. Everything is optional, as samples of
/// every age lack something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// The adjustment's id; not in the order of time.
    pub id: Option<Text<'a>>,
    /// The division.
    pub container: Option<Container<'a>>,
    /// What was deposited.
    pub credit: Option<Amount>,
    /// What was withdrawn.
    pub debit: Option<Amount>,
    /// The type's text; an open set.
    pub transaction_type: Option<Text<'a>>,
    /// The receipt; `0` for credits.
    pub receipt_id: Option<Text<'a>>,
    /// When, as `YYYY-MM-DD hh:mm:ss`, without a zone.
    pub transaction_date: Option<Text<'a>>,
    /// The balance afterwards.
    pub balance_after: Option<Amount>,
    /// When a deposit expires, as `YYYY-MM-DD hh:mm:ss` in UTC.
    pub expiration_date: Option<Text<'a>>,
    /// A note.
    pub note: Option<Text<'a>>,
    /// The currency; older samples lack it.
    pub currency: Option<Text<'a>>,
    /// The order; not documented, but the API sorts by it.
    pub order_id: Option<Text<'a>>,
}

impl<'a> FromJson<'a> for Row<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut row = Self::default();
        reader.members(&mut [
            optional("id", &mut row.id),
            optional("container", &mut row.container),
            optional("credit", &mut AmountOrBlank(&mut row.credit)),
            optional("debit", &mut AmountOrBlank(&mut row.debit)),
            optional("transaction_type", &mut row.transaction_type),
            optional("receipt_id", &mut row.receipt_id),
            optional("transaction_date", &mut row.transaction_date),
            optional("balance_after", &mut AmountOrBlank(&mut row.balance_after)),
            optional("expiration_date", &mut row.expiration_date),
            optional("note", &mut row.note),
            optional("currency", &mut row.currency),
            optional("order_id", &mut row.order_id),
        ])?;
        Ok(row)
    }
}

/// A division of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container<'a> {
    /// Its id.
    pub id: Option<Text<'a>>,
    /// Its name.
    pub name: Option<Text<'a>>,
}

impl<'a> FromJson<'a> for Container<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut container = Self::default();
        reader.members(&mut [optional("id", &mut container.id), optional("name", &mut container.name)])?;
        Ok(container)
    }
}

/// Reads a page row by row, without keeping the rows: for who wants columns rather than [`Adjustment`](crate::history::Adjustment)s.
///
/// ```
/// use certquote_core::row::decode_rows;
///
/// let body = br#"{"adjustments": [{"id": "5", "credit": "195.00"}], "page": {"total": 1}}"#;
/// let mut credits = Vec::new();
/// let page = decode_rows(body, &mut |row| credits.extend(row.credit))?;
/// assert_eq!(credits.first().map(ToString::to_string).as_deref(), Some("195.00"));
/// assert_eq!(page.total.map(|count| count.0), Some(1));
/// # Ok::<(), certquote_core::json::DecodeError>(())
/// ```
///
/// # Errors
/// [`DecodeError`] when the body is no history; rows before the place at fault have been handed out by then.
pub fn decode_rows<'de>(body: &'de [u8], each: &mut dyn FnMut(Row<'de>)) -> Result<Page, DecodeError> {
    json::decode_with(body, |reader| {
        let mut page = None;
        let mut rows = via(|reader: &mut Reader<'de>| {
            reader.array(&mut |reader| {
                each(Row::read(reader)?);
                Ok(())
            })
        });
        reader.members(&mut [required("adjustments", &mut rows), optional("page", &mut page)])?;
        Ok(page.unwrap_or_default())
    })
}
