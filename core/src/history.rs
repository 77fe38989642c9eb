//! The adjustments of an account's balance as the elements show them.

use serde::Serialize;

use crate::amount::Amount;
use crate::json::Text;
use crate::row::Row;

/// A page of adjustments. Serialises to the `History` of the public interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct History {
    /// The adjustments, in the order of the answer.
    pub adjustments: Vec<Adjustment>,
    /// How many there are in all.
    pub total: u64,
    /// How many were skipped before these.
    pub offset: u64,
    /// At most so many were asked for; samples of the API hold a 0 here.
    pub limit: u64,
}

/// One change of the balance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Adjustment {
    /// The API's id of it; empty when the answer lacks it.
    pub id: String,
    /// When, as `YYYY-MM-DD hh:mm:ss` in a zone that the API does not name.
    pub date: String,
    /// The type's text; an open set.
    #[serde(rename = "type")]
    pub kind: String,
    /// What was added to the balance: a credit as it is, a debit negative; `None` when the answer gives neither or both.
    pub amount: Option<Amount>,
    /// The balance afterwards.
    pub balance_after: Option<Amount>,
    /// The currency, as the API wrote it.
    pub currency: Option<String>,
    /// When a deposit expires, in UTC.
    pub expiration_date: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// The receipt; `0` for credits.
    pub receipt_id: Option<String>,
    /// The id of the division that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_id: Option<String>,
    /// The name of that division.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_name: Option<String>,
    /// The order that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
}

impl Row<'_> {
    /// What this adjustment added to the balance; see [`Adjustment::amount`].
    #[must_use]
    pub fn signed_amount(&self) -> Option<Amount> {
        match (self.credit, self.debit) {
            (Some(credit), None) => Some(credit),
            (None, Some(debit)) => Some(debit.abs().negated()),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

impl From<Row<'_>> for Adjustment {
    fn from(row: Row<'_>) -> Self {
        let amount = row.signed_amount();
        let (container_id, container_name) =
            row.container.map_or((None, None), |container| (container.id, container.name));
        Self {
            id: row.id.unwrap_or_default().into_string(),
            date: row.transaction_date.unwrap_or_default().into_string(),
            kind: row.transaction_type.unwrap_or_default().into_string(),
            amount,
            balance_after: row.balance_after,
            currency: filled(row.currency),
            expiration_date: filled(row.expiration_date),
            note: filled(row.note),
            receipt_id: filled(row.receipt_id),
            container_id: filled(container_id),
            container_name: filled(container_name),
            order_id: filled(row.order_id),
        }
    }
}

/// A text that says something.
fn filled(text: Option<Text<'_>>) -> Option<String> {
    text.filter(|text| !text.0.is_empty()).map(Text::into_string)
}
