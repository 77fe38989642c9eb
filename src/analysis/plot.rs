//! Where the balance lies on a drawing: the line, the axes, the marks. Every figure on an axis is exact.

use std::fmt;

use super::figures::{amount, units};
use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::Moment;
use crate::ledger::series::{MarkKind, Series};

/// At most so many steps between the figures of the vertical axis.
const MOST_STEPS: i64 = 4;
/// At most so many days on the horizontal axis.
const MOST_DAYS: usize = 5;
/// So many months may lie between them.
const MONTHS: [i32; 16] =
    [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 24_000, 60_000];
/// The drawing is cut into so many columns for the marks: one of each kind in each.
const MARK_COLUMNS: usize = 16;
const DAY: i64 = 86_400;

/// A place along an axis, from 0 (left, top) to [`Place::END`]; [`Display`](fmt::Display) gives it as a percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub usize);

impl Place {
    /// The right end, or the bottom.
    pub const END: Self = Self(10_000);

    /// `part` of `whole` parts. A float: a place is no figure.
    #[must_use]
    pub fn of(part: i64, whole: i64) -> Self {
        let place = part as f64 / whole as f64 * 10_000.0 + 0.5;
        // The cast keeps within its type.
        Self((place as usize).min(Self::END.0))
    }

    fn turned(self) -> Self {
        Self(Self::END.0 - self.0)
    }
}

/// In hundredths of a percent: `1250e-2%`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)?;
        f.write_str("e-2%")
    }
}

/// A drawing of the balance over time, ten thousand units wide and high.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plot {
    /// The figures of the vertical axis, the highest first, at equal distances from the top to the bottom: 3 to 5.
    pub levels: Vec<Amount>,
    /// Where the balance is zero, if that lies within.
    pub zero: Option<Place>,
    /// The days of the horizontal axis.
    pub days: Vec<Day>,
    /// The step line as the data of an SVG path.
    pub line: String,
    /// The area between the line and zero; empty where zero does not lie within.
    pub area: String,
    /// Where each point of the series lies: across, down.
    pub places: Vec<(Place, Place)>,
    /// The marks, in order of time.
    pub marks: Vec<Sign>,
}

/// A day on the horizontal axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Where.
    pub at: Place,
    /// Which.
    pub date: Date,
    /// The year, where it is the first day of one and the axis counts in years.
    pub year: Option<i32>,
}

/// Deposits or expiries that lie close together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Which of the two.
    pub kind: MarkKind,
    /// Where the largest of them is.
    pub at: Place,
    /// How many.
    pub count: usize,
    /// How much the largest comes to, in units of the axis.
    largest: i64,
}

impl Plot {
    /// Draws a series; `None` without a point, and where the figures leave the exact range.
    #[must_use]
    pub fn of(series: &Series) -> Option<Self> {
        let (first, last) = (series.points.first()?, series.points.last()?);
        let axis = Axis::of(series.lowest.as_ref()?.balance, series.highest.as_ref()?.balance)?;
        let time = Time::of(first.at, last.at);
        let mut plot =
            Self { levels: axis.levels()?, zero: axis.zero(), days: time.days(), ..Self::default() };
        for point in &series.points {
            plot.places.push((time.place(point.at), axis.place(point.balance)?));
        }
        plot.line = step_line(&plot.places);
        if let (Some(zero), Some((start, _))) = (plot.zero, plot.places.first()) {
            plot.area = [&plot.line, "V", &zero.0.to_string(), "H", &start.0.to_string(), "Z"].concat();
        }
        plot.sign(series, &time, &axis);
        Some(plot)
    }

    /// One sign for each kind and column.
    fn sign(&mut self, series: &Series, time: &Time, axis: &Axis) {
        let column = |at: Place| at.0 * MARK_COLUMNS / (Place::END.0 + 1);
        for mark in &series.marks {
            let at = time.place(mark.at);
            let size = units(mark.amount.abs(), axis.digits).unwrap_or(i64::MAX);
            let mut known = self.marks.iter_mut().rev().take(2);
            match known.find(|sign| sign.kind == mark.kind && column(sign.at) == column(at)) {
                Some(sign) => {
                    sign.count += mark.count;
                    if size > sign.largest {
                        (sign.largest, sign.at) = (size, at);
                    }
                }
                None => self.marks.push(Sign { kind: mark.kind, at, count: mark.count, largest: size }),
            }
        }
    }

    /// The last point of the series that does not lie after a place across; the first if all do.
    #[must_use]
    pub fn point_at(&self, across: Place) -> usize {
        self.places.partition_point(|(place, _)| *place <= across).saturating_sub(1)
    }
}

/// `M` and then, for each point of another height, across at the old height and up or down.
fn step_line(places: &[(Place, Place)]) -> String {
    let mut line = String::new();
    let mut height = None;
    for &(x, y) in places {
        if height != Some(y) {
            let (across, down) = if height.is_none() { ("M", " ") } else { ("H", "V") };
            for text in [across, &x.0.to_string(), down, &y.0.to_string()] {
                line.push_str(text);
            }
            height = Some(y);
        }
    }
    line.push_str("H10000");
    line
}

/// The vertical axis: round figures at equal distances.
struct Axis {
    low: i64,
    step: i64,
    steps: i64,
    digits: u32,
}

impl Axis {
    /// The axis that holds these two, and zero unless they are far from it and close together.
    fn of(lowest: Amount, highest: Amount) -> Option<Self> {
        // One digit more than the figures have: between two that differ by their last digit there is something too.
        let exact = lowest.parts().1.max(highest.parts().1) + 1;
        let mut digits = exact;
        let (mut low, mut high) = loop {
            let room = |amount| units(amount, digits).filter(|units| units.abs() < i64::MAX / 8);
            if let (Some(low), Some(high)) = (room(lowest), room(highest)) {
                break (low, high);
            }
            digits = digits.checked_sub(1)?;
        };
        if digits < exact {
            // Of what was cut off there is room too.
            (low, high) = (low - 1, high + 1);
        }
        let far = (low > 0 || high < 0) && low.abs().min(high.abs()) * 2 > low.abs().max(high.abs());
        if low == high || !far {
            (low, high) = (low.min(0), high.max(0));
        }
        if low == high {
            high = units(Amount::from(100), digits)?;
        }
        let mut power = 1;
        loop {
            for step in [power, power * 2, power * 5] {
                let (from, to) = (low.div_euclid(step), -(-high).div_euclid(step));
                if to - from <= MOST_STEPS {
                    return Some(Self { low: from * step, step, steps: to - from, digits });
                }
            }
            power *= 10;
        }
    }

    fn place(&self, balance: Amount) -> Option<Place> {
        Some(Place::of(units(balance, self.digits)? - self.low, self.step * self.steps).turned())
    }

    fn zero(&self) -> Option<Place> {
        let whole = self.step * self.steps;
        (self.low <= 0 && 0 <= self.low + whole).then(|| Place::of(-self.low, whole).turned())
    }

    /// The figures, the highest first; `None` where one of them has more digits than an amount can have.
    fn levels(&self) -> Option<Vec<Amount>> {
        let mut levels = Vec::new();
        for step in 0..=self.steps {
            levels.push(amount(self.low + (self.steps - step) * self.step, self.digits)?);
        }
        Some(levels)
    }
}

/// The horizontal axis.
struct Time {
    from: i64,
    to: i64,
}

impl Time {
    fn of(first: Moment, last: Moment) -> Self {
        // A single moment stands in the middle of its day.
        let half = if last > first { 0 } else { DAY / 2 };
        Self { from: first.0 - half, to: last.0 + half }
    }

    fn place(&self, at: Moment) -> Place {
        Place::of(at.0 - self.from, self.to - self.from)
    }

    fn day(&self, date: Date, year: Option<i32>) -> Day {
        Day { at: self.place(midnight(date)), date, year }
    }

    /// The first days of every so many months, few enough; in less than three months any days.
    fn days(&self) -> Vec<Day> {
        let mut days = Vec::new();
        let (Some(first), Some(last)) = (Moment(self.from).date(), Moment(self.to).date()) else {
            return days;
        };
        for every in MONTHS {
            days.clear();
            let mut month = first.month_number() / every * every;
            while month <= last.month_number() && days.len() <= MOST_DAYS {
                if let Some(date) = Date::from_month_number(month)
                    && midnight(date).0 >= self.from
                {
                    days.push(self.day(date, (every >= 12).then_some(month / 12)));
                }
                month += every;
            }
            if days.len() <= MOST_DAYS {
                if days.len() > 2 || every > 1 {
                    return days;
                }
                break;
            }
        }
        days.clear();
        let span = first.days_until(last);
        let mut day = 0;
        while let Some(date) = first.plus_days(day).filter(|_| day <= span) {
            // The first day may have begun before the first row: it stands at the edge, if there is room before the next.
            let here = self.day(date, None);
            if here.at.0 < 2_000 {
                days.clear();
            }
            days.push(here);
            day += span / 4 + 1;
        }
        days
    }
}

/// When a day begins.
fn midnight(date: Date) -> Moment {
    Moment(i64::from(date.day_number()) * DAY)
}
