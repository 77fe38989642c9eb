//! Orders by column, as the API has them.

use super::{Ledger, RowId};

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `transaction_date`
    Date,
    /// `transaction_type`
    Type,
    /// The signed amount: large debits, small debits, small credits, large credits.
    Amount,
    /// `balance_after`
    Balance,
    /// `expiration_date`
    Expires,
}

/// Puts `rows` in the order of a column. What a row lacks comes first in ascending order; rows that are equal stay in
/// the order in which they are, and so do amounts from 2^61 units of the last digit on. Texts are compared byte by byte.
pub fn by(ledger: &Ledger, rows: &mut [RowId], column: Column, descending: bool) {
    let ranks = if column == Column::Type { ranks(&ledger.all_kinds()) } else { Vec::new() };
    let scale = ledger.common_scale();
    let value = |row: RowId| -> Option<i64> {
        match column {
            Column::Date | Column::Expires => ledger.seconds(row, column == Column::Expires),
            Column::Amount | Column::Balance => ledger.units_at(row, scale, column == Column::Balance),
            Column::Type => {
                ranks.get(usize::try_from(ledger.kind_number(row)?).ok()?).copied().flatten().map(i64::from)
            }
        }
    };
    order_by(rows, &value, descending);
}

/// Puts `rows` in the order of their values, which are below 2^62, those without one first; from the largest on and those without one last
/// if `descending`. Rows that are equal stay in the order in which they are.
///
/// Sorts byte by byte from the lowest on (LSD radix), leaving out the bytes in which no two values differ.
pub(super) fn order_by(rows: &mut [RowId], value: &dyn Fn(RowId) -> Option<i64>, descending: bool) {
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for value in rows.iter().filter_map(|&row| value(row)) {
        (least, most) = (least.min(value), most.max(value));
    }
    let top = most.abs_diff(least).saturating_add(1);
    let mut order = Vec::with_capacity(rows.len());
    let mut keys = Vec::with_capacity(rows.len());
    for (place, &row) in (0..).zip(rows.iter()) {
        let key = value(row).map_or(0, |value| value.abs_diff(least) + 1);
        order.push(place);
        keys.push(if descending { top - key } else { key });
    }
    let order = by_keys(order, &keys);
    let before = rows.to_vec();
    for (row, from) in rows.iter_mut().zip(order) {
        *row = before.get(place(from)).copied().unwrap_or(*row);
    }
}

/// The places in `order`, in the order of their keys.
fn by_keys(mut order: Vec<u32>, keys: &[u64]) -> Vec<u32> {
    let (any, all) = keys.iter().fold((0, u64::MAX), |(any, all), key| (any | key, all & key));
    let mut sorted = vec![0; order.len()];
    for shift in (0..64).step_by(8).filter(|&shift| ((any & !all) >> shift) & 0xFF != 0) {
        let digit = |at: u32| keys.get(place(at)).map_or(0, |key| usize::from((key >> shift) as u8));
        let mut ends = [0_u32; 256];
        for &at in &order {
            if let Some(count) = ends.get_mut(digit(at)) {
                *count += 1;
            }
        }
        let mut next = 0;
        for end in &mut ends {
            next += std::mem::replace(end, next);
        }
        for &at in &order {
            if let Some(end) = ends.get_mut(digit(at)) {
                if let Some(slot) = sorted.get_mut(place(*end)) {
                    *slot = at;
                }
                *end += 1;
            }
        }
        std::mem::swap(&mut order, &mut sorted);
    }
    order
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// For each of the texts its place in their order; `None` for an empty one.
fn ranks(texts: &[&str]) -> Vec<Option<u32>> {
    let mut order = Vec::with_capacity(texts.len());
    let mut ranks = vec![None; texts.len()];
    for text in texts {
        // Into its place among those before: there are few texts.
        let place = order.partition_point(|other| other < text);
        order.insert(place, *text);
    }
    for (text, rank) in texts.iter().zip(&mut ranks) {
        if !text.is_empty() {
            *rank = u32::try_from(order.partition_point(|other| other < text)).ok();
        }
    }
    ranks
}
