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
/// the order in which they are. Texts are compared byte by byte.
pub fn by(ledger: &Ledger, rows: &mut [RowId], column: Column, descending: bool) {
    let ranks = if column == Column::Type { ranks(&ledger.all_kinds()) } else { Vec::new() };
    let scale = ledger.common_scale();
    let value = |row: RowId| -> Option<i128> {
        match column {
            Column::Date | Column::Expires => ledger.seconds(row, column == Column::Expires).map(i128::from),
            Column::Amount | Column::Balance => ledger.units_at(row, scale, column == Column::Balance),
            Column::Type => {
                ranks.get(usize::try_from(ledger.kind_number(row)?).ok()?).copied().flatten().map(i128::from)
            }
        }
    };
    order_by(rows, &value, descending);
}

/// Puts `rows` in the order of their values, those without one first; from the largest on and those without one last
/// if `descending`. Rows that are equal stay in the order in which they are.
///
/// Sorts byte by byte from the lowest on (LSD radix), leaving out the bytes in which no two values differ.
pub(super) fn order_by(rows: &mut [RowId], value: &dyn Fn(RowId) -> Option<i128>, descending: bool) {
    let values = rows.iter().filter_map(|&row| value(row));
    let (least, most) =
        values.fold((i128::MAX, i128::MIN), |(least, most), value| (least.min(value), most.max(value)));
    let Some(span) = most.checked_sub(least) else { return };
    let top = span.unsigned_abs().saturating_add(1);
    let mut order: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
    for half in 0..if top >> 64 == 0 { 1 } else { 2 } {
        let keys: Vec<u64> = rows
            .iter()
            .map(|&row| {
                let key = value(row).map_or(0, |value| value.abs_diff(least) + 1);
                let key = if descending { top - key } else { key };
                u64::try_from((key >> (64 * half)) & u128::from(u64::MAX)).unwrap_or_default()
            })
            .collect();
        order = by_keys(order, &keys);
    }
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
    let mut heap: Vec<u32> = (0..u32::try_from(texts.len()).unwrap_or(u32::MAX)).collect();
    let text = |heap: &[u32], at: usize| heap.get(at).and_then(|&number| texts.get(place(number)).copied());
    // A heap sort: small, and never slow. There are few texts.
    let sift = |heap: &mut [u32], mut at: usize| {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let child = if text(heap, right) > text(heap, left) { right } else { left };
            if text(heap, child) <= text(heap, at) {
                break;
            }
            heap.swap(at, child);
            at = child;
        }
    };
    for at in (0..heap.len() / 2).rev() {
        sift(&mut heap, at);
    }
    let mut ranks = vec![None; texts.len()];
    while let Some(last) = heap.len().checked_sub(1) {
        heap.swap(0, last);
        if let Some(largest) =
            heap.pop().and_then(|number| Some((texts.get(place(number))?, ranks.get_mut(place(number))?)))
            && let (text, rank) = largest
            && !text.is_empty()
        {
            *rank = u32::try_from(last).ok();
        }
        sift(&mut heap, 0);
    }
    ranks
}
