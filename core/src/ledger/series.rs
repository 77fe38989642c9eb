//! The balance over time as a step line of few points, without losing an extreme.

use super::kinds::{is_deposit, is_expiry};
use super::{Ledger, Moment, RowId};
use crate::amount::Amount;

/// A point of the line: from `at` on the balance is `balance`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The row that it comes from.
    pub row: RowId,
    /// When.
    pub at: Moment,
    /// The balance from then on.
    pub balance: Amount,
}

/// What a mark on the line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Money was paid in: a credit that is neither a refund nor a transfer.
    Deposit,
    /// Funds expired.
    Expiry,
}

/// A deposit or an expiry on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which of the two.
    pub kind: MarkKind,
    /// The row; of several that fall together, the one with the largest amount.
    pub row: RowId,
    /// When.
    pub at: Moment,
    /// Its signed amount.
    pub amount: Amount,
    /// How many fall together here.
    pub count: usize,
}

/// A step line and what is marked on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The points in order of time; at most four for each column: first, lowest, highest, last.
    /// Columns are of equal length in time; one without rows has no points.
    pub points: Vec<Point>,
    /// The marks in order of time, at most one of each kind for each column.
    pub marks: Vec<Mark>,
    /// The lowest point of all rows; the earliest of several.
    pub lowest: Option<Point>,
    /// The highest point of all rows; the earliest of several.
    pub highest: Option<Point>,
}

/// The line through the rows of `currency` (`""` for none), which are in order of time, for a drawing so many columns
/// wide. Rows without a readable time have no place on it, and those without a balance no point.
#[must_use]
pub fn series(ledger: &Ledger, chron: &[RowId], currency: &str, columns: usize) -> Series {
    let mut series = Series::default();
    let Some(group) = ledger.group(currency) else { return series };
    let time = |&row: &RowId| ledger.figures_in(group, row)?.at;
    let (Some(first), Some(last)) = (chron.iter().find_map(time), chron.iter().rev().find_map(time)) else {
        return series;
    };
    let width = last.0 - first.0 + 1;
    let columns = i64::try_from(columns.max(1)).unwrap_or(i64::MAX);

    let (mut lowest, mut highest) = (None::<Spot>, None::<Spot>);
    let (mut column, mut now) = (Column::default(), 0);
    for &row in chron {
        let Some(figures) = ledger.figures_in(group, row) else { continue };
        let Some(at) = figures.at else { continue };
        let place = (at.0 - first.0).saturating_mul(columns) / width;
        if place > now {
            now = place;
            std::mem::take(&mut column).close(ledger, &mut series);
        }
        if let Some(units) = figures.balance {
            let spot = Spot { row, at, units };
            column.pass(spot);
            lowest = lowest.filter(|lowest| lowest.units <= units).or(Some(spot));
            highest = highest.filter(|highest| highest.units >= units).or(Some(spot));
        }
        if let Some(amount) = ledger.amount_of(row) {
            let kind = ledger.kind(row);
            let mark = if is_expiry(kind) {
                Some((MarkKind::Expiry, &mut column.expiry))
            } else if is_deposit(kind, amount) {
                Some((MarkKind::Deposit, &mut column.deposit))
            } else {
                None
            };
            if let Some((kind, slot)) = mark {
                let count = slot.as_ref().map_or(0, |mark| mark.count) + 1;
                let largest = slot.take().filter(|mark| mark.amount.abs() >= amount.abs());
                let mark = largest.unwrap_or(Mark { kind, row, at, amount, count });
                *slot = Some(Mark { count, ..mark });
            }
        }
    }
    column.close(ledger, &mut series);
    series.lowest = lowest.and_then(|spot| spot.point(ledger));
    series.highest = highest.and_then(|spot| spot.point(ledger));
    series
}

#[derive(Clone, Copy)]
struct Spot {
    row: RowId,
    at: Moment,
    units: i64,
}

impl Spot {
    fn point(self, ledger: &Ledger) -> Option<Point> {
        Some(Point { row: self.row, at: self.at, balance: ledger.balance_of(self.row)? })
    }
}

/// What is kept of the rows of one column.
#[derive(Default)]
struct Column {
    first: Option<Spot>,
    /// The lowest and the highest, the earlier one first.
    extremes: [Option<Spot>; 2],
    last: Option<Spot>,
    deposit: Option<Mark>,
    expiry: Option<Mark>,
}

impl Column {
    fn pass(&mut self, spot: Spot) {
        let first = *self.first.get_or_insert(spot);
        self.last = Some(spot);
        let [a, b] = self.extremes.map(|extreme| extreme.unwrap_or(first));
        if spot.units < a.units.min(b.units) {
            // The new lowest; the highest is the other one.
            self.extremes = [Some(if a.units >= b.units { a } else { b }), Some(spot)];
        } else if spot.units > a.units.max(b.units) {
            self.extremes = [Some(if a.units <= b.units { a } else { b }), Some(spot)];
        }
    }

    fn close(self, ledger: &Ledger, series: &mut Series) {
        let [a, b] = self.extremes;
        for spot in [self.first, a, b, self.last] {
            let Some(point) = spot.and_then(|spot| spot.point(ledger)) else { continue };
            // They are in order of time: what is there already is the last.
            if series.points.last().is_none_or(|last| last.row != point.row) {
                series.points.push(point);
            }
        }
        let time = |mark: &Option<Mark>| mark.as_ref().map(|mark| mark.at);
        let (first, second) = if time(&self.expiry) < time(&self.deposit) {
            (self.expiry, self.deposit)
        } else {
            (self.deposit, self.expiry)
        };
        series.marks.extend(first);
        series.marks.extend(second);
    }
}
