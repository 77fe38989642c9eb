//! Where the balance lies on a drawing: the line, the axes, the marks. Whole numbers throughout, so that every figure on
//! an axis is exact.

use std::fmt;

use super::figures::{amount, digits, units};
use super::periods::{month_of_year, year};
use crate::amount::Amount;
use crate::date::Date;
use crate::ledger::Moment;
use crate::ledger::series::{MarkKind, Series};

/// At most so many steps between the figures of the vertical axis.
const MOST_STEPS: i128 = 4;
/// At most so many days on the horizontal axis.
const MOST_DAYS: usize = 5;
/// The drawing is cut into so many columns for the marks: one of each kind in each.
const MARK_COLUMNS: i64 = 16;
const DAY: i64 = 86_400;

/// A place along an axis, from 0 (left, top) to [`Place::END`]; [`Display`](fmt::Display) gives it as a percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub u16);

impl Place {
    /// The right end, or the bottom.
    pub const END: Self = Self(10_000);

    /// `part` of `whole` parts.
    fn of(part: i128, whole: i128) -> Self {
        let end = i128::from(Self::END.0);
        let place = part.saturating_mul(end).checked_div(whole).unwrap_or_default();
        Self(u16::try_from(place.clamp(0, end)).unwrap_or_default())
    }

    fn turned(self) -> Self {
        Self(Self::END.0 - self.0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
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
    pub year: Option<u16>,
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
    largest: Amount,
}

impl Plot {
    /// Draws a series; `None` without a point, and where the figures leave the exact range.
    #[must_use]
    pub fn of(series: &Series) -> Option<Self> {
        let points = &series.points;
        let (first, last) = (points.first()?, points.last()?);
        let balances =
            || points.iter().chain(&series.lowest).chain(&series.highest).map(|point| point.balance);
        let axis = Axis::of(balances().min()?, balances().max()?);
        let time = Time::of(first.at, last.at);
        let places: Vec<(Place, Place)> =
            points.iter().map(|point| (time.place(point.at), axis.place(point.balance))).collect();
        let zero = axis.zero();
        let line = step_line(&places);
        let area = zero.map_or_else(String::new, |zero| area(&line, &places, zero));
        Some(Self {
            levels: axis.levels()?,
            zero,
            days: time.days(),
            line,
            area,
            marks: signs(series, &time),
            places,
        })
    }

    /// The last point of the series that does not lie after a place across; the first if all do.
    #[must_use]
    pub fn point_at(&self, across: Place) -> usize {
        self.places.partition_point(|(place, _)| *place <= across).saturating_sub(1)
    }
}

/// `M` and then, for each point, across at the old height and up or down.
fn step_line(places: &[(Place, Place)]) -> String {
    let mut line = String::with_capacity(places.len() * 12);
    let mut at = None;
    let mut write = |text: &str, number: u16| {
        line.push_str(text);
        line.push_str(&number.to_string());
    };
    for &(x, y) in places {
        match at {
            None => {
                write("M", x.0);
                write(" ", y.0);
            }
            Some((_, old)) if old == y => continue,
            Some((old, _)) => {
                if old != x {
                    write("H", x.0);
                }
                write("V", y.0);
            }
        }
        at = Some((x, y));
    }
    write("H", Place::END.0);
    line
}

fn area(line: &str, places: &[(Place, Place)], zero: Place) -> String {
    let start = places.first().map_or(0, |(x, _)| x.0);
    [line, "V", &zero.0.to_string(), "H", &start.to_string(), "Z"].concat()
}

/// One sign for each kind and column.
fn signs(series: &Series, time: &Time) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::new();
    let column = |at: Place| i64::from(at.0) * MARK_COLUMNS / (i64::from(Place::END.0) + 1);
    for mark in &series.marks {
        let at = time.place(mark.at);
        let mut known = signs.iter_mut().rev().take(2);
        match known.find(|sign| sign.kind == mark.kind && column(sign.at) == column(at)) {
            Some(sign) => {
                sign.count += mark.count;
                if mark.amount.abs() > sign.largest.abs() {
                    sign.largest = mark.amount;
                    sign.at = at;
                }
            }
            None => signs.push(Sign { kind: mark.kind, at, count: mark.count, largest: mark.amount }),
        }
    }
    signs
}

/// The vertical axis: round figures at equal distances.
struct Axis {
    low: i128,
    step: i128,
    steps: i128,
    digits: usize,
}

impl Axis {
    /// The axis that holds these two, and zero unless they are far from it and close together.
    fn of(lowest: Amount, highest: Amount) -> Self {
        // One digit more than the figures have: between two that differ by their last digit there is something too.
        let digits = digits(lowest).max(digits(highest)) + 1;
        let (mut low, mut high) = (units(lowest, digits), units(highest, digits));
        let far = low.signum() == high.signum() && low.abs().min(high.abs()) * 2 > low.abs().max(high.abs());
        if low == high || !far {
            (low, high) = (low.min(0), high.max(0));
        }
        if low == high {
            high = low + 10_i128.saturating_pow(u32::try_from(digits).unwrap_or_default()) * 100;
        }
        let mut power = 1_i128;
        loop {
            for step in [power, power * 2, power * 5] {
                let (from, to) = (low.div_euclid(step), -(-high).div_euclid(step));
                if to - from <= MOST_STEPS {
                    return Self { low: from * step, step, steps: to - from, digits };
                }
            }
            power *= 10;
        }
    }

    fn place(&self, balance: Amount) -> Place {
        Place::of(units(balance, self.digits) - self.low, self.step * self.steps).turned()
    }

    fn zero(&self) -> Option<Place> {
        let high = self.low + self.step * self.steps;
        (self.low <= 0 && 0 <= high).then(|| Place::of(-self.low, high - self.low).turned())
    }

    /// The figures, the highest first; `None` where one of them has more digits than an amount can have.
    fn levels(&self) -> Option<Vec<Amount>> {
        let levels = (0..=self.steps).rev().map(|step| amount(self.low + step * self.step, self.digits));
        levels.map(|level| level.map(short)).collect()
    }
}

/// A round figure without the zeros that carry no value.
fn short(level: Amount) -> Amount {
    let text = level.to_string();
    let text =
        if text.split_once('.').is_some() { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    Amount::parse(text).unwrap_or(level)
}

/// The horizontal axis.
struct Time {
    from: i64,
    to: i64,
}

impl Time {
    fn of(first: Moment, last: Moment) -> Self {
        // A single moment stands in the middle of its day.
        if last.0 > first.0 {
            Self { from: first.0, to: last.0 }
        } else {
            Self { from: first.0 - DAY / 2, to: first.0 + DAY / 2 }
        }
    }

    fn place(&self, at: Moment) -> Place {
        Place::of(i128::from(at.0) - i128::from(self.from), i128::from(self.to) - i128::from(self.from))
    }

    fn day(&self, date: Date, year: Option<u16>) -> Option<Day> {
        let at = i64::from(Date::EPOCH.days_until(date)) * DAY;
        (self.from <= at && at <= self.to).then(|| Day { at: self.place(Moment(at)), date, year })
    }

    /// A few first days of years, of months, or any.
    fn days(&self) -> Vec<Day> {
        let (Some(first), Some(last)) = (Moment(self.from).date(), Moment(self.to).date()) else {
            return Vec::new();
        };
        let (from, to) = (year(first), year(last));
        for every in [1_u16, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] {
            let years = (from..=to).filter(|year| year.is_multiple_of(every));
            let days = years.filter_map(|year| self.day(Date::new(year, 1, 1)?, Some(year)));
            let days: Vec<Day> = days.take(MOST_DAYS + 1).collect();
            if days.len() <= MOST_DAYS {
                // Two years apart tell the pace of time; one alone does not.
                if days.len() > 2 || every > 1 {
                    return days;
                }
                break;
            }
        }
        let start = i32::from(from) * 12 + i32::from(month_of_year(first)) - 1;
        for every in [1, 2, 3, 6, 12] {
            let months = (start..start + 37).filter(|month| month % every == 0);
            let days: Vec<Day> =
                months.filter_map(|month| self.day(month_start(month)?, None)).take(MOST_DAYS + 1).collect();
            if days.len() <= MOST_DAYS {
                if days.len() > 2 || every > 1 {
                    return days;
                }
                break;
            }
        }
        let span = first.days_until(last);
        let every = span / 4 + 1;
        let days = (0..).map(|step| step * every).take_while(|day| *day <= span);
        let days = days.filter_map(|day| {
            let date = first.plus_days(day)?;
            // The first day may have begun before the first row.
            self.day(date, None).or((day == 0).then_some(Day { at: Place(0), date, year: None }))
        });
        days.collect()
    }
}

fn month_start(months: i32) -> Option<Date> {
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, 1)
}
