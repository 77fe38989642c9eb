//! Days of the calendar, without time or zone: all that an order's length needs.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A day of the Gregorian calendar between the years 1 and 9999, written `YYYY-MM-DD`.
///
/// ```
/// use certquote_core::date::Date;
///
/// let leap_day: Date = "2028-02-29".parse()?;
/// assert_eq!(leap_day.plus_years(1).map(|date| date.to_string()).as_deref(), Some("2029-02-28"));
/// assert_eq!(leap_day.days_until("2028-03-02".parse()?), 2);
/// # Ok::<(), certquote_core::date::DateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text that is no day of the calendar in the form `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateError;

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date in the form YYYY-MM-DD")
    }
}

impl std::error::Error for DateError {}

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Self = Self { year: 1970, month: 1, day: 1 };

    /// The day, or `None` if the calendar has no such day.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if year == 0
            || year > 9999
            || month == 0
            || month > 12
            || day == 0
            || day > days_in_month(year, month)
        {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// The months since the year 0: twelve for each year, and those of its own year before this one.
    #[must_use]
    pub fn month_number(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month) - 1
    }

    /// The first day of a month by that number.
    #[must_use]
    pub fn from_month_number(number: i32) -> Option<Self> {
        let month = u8::try_from(number.rem_euclid(12) + 1).ok()?;
        Self::new(u16::try_from(number.div_euclid(12)).ok()?, month, 1)
    }

    /// The day that lies `days` after this one (before it, if negative).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        Self::from_day_number(self.day_number().checked_add(days)?)
    }

    /// The same day `years` later; 29 February becomes 28 February where there is none.
    #[must_use]
    pub fn plus_years(self, years: u32) -> Option<Self> {
        let year = u16::try_from(u32::from(self.year).checked_add(years)?).ok()?;
        Self::new(year, self.month, self.day).or_else(|| Self::new(year, self.month, 28))
    }

    /// How many days `later` lies after this day; negative if it lies before.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        later.day_number() - self.day_number()
    }

    /// Days since 1970-01-01, by Howard Hinnant's `days_from_civil`.
    #[must_use]
    pub fn day_number(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = i32::from(self.year) - i32::from(month <= 2);
        let era = year / 400;
        let year_of_era = year % 400;
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The day so many days after 1970-01-01; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_day_number(number: i32) -> Option<Self> {
        let shifted = number.checked_add(719_468).filter(|&shifted| shifted >= 0)?;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        fn number(part: Option<&str>, width: usize) -> Result<u16, DateError> {
            let part =
                part.filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()));
            part.and_then(|part| part.parse().ok()).ok_or(DateError)
        }
        let mut parts = text.split('-');
        let (year, month, day) =
            (number(parts.next(), 4)?, number(parts.next(), 2)?, number(parts.next(), 2)?);
        if parts.next().is_some() {
            return Err(DateError);
        }
        let (month, day) =
            (u8::try_from(month).map_err(|_| DateError)?, u8::try_from(day).map_err(|_| DateError)?);
        Self::new(year, month, day).ok_or(DateError)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn knows_the_days_of_the_calendar() {
        for text in ["2026-11-21", "2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()).as_deref(), Ok(text));
        }
        for text in [
            "",
            "2026-2-1",
            "2027-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "0000-01-01",
            "2026-11-21T00",
            "21-11-2026",
            "+026-01-01",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateError), "{text}");
        }
    }

    #[test]
    fn ends_with_the_calendar() {
        let last = Date::new(9999, 12, 31);
        assert_eq!(last.and_then(|date| date.plus_days(1)), None);
        assert_eq!(last.and_then(|date| date.plus_years(1)), None);
        assert_eq!(Date::new(1, 1, 1).and_then(|date| date.plus_days(-1)), None);
    }

    proptest! {
        #[test]
        fn counting_days_forth_and_back_agrees(year in 1_u16..=9999, month in 1_u8..=12, day in 1_u8..=28, days in -40_000..40_000) {
            if let Some(date) = Date::new(year, month, day)
                && let Some(other) = date.plus_days(days)
            {
                prop_assert_eq!(date.days_until(other), days);
                prop_assert_eq!(other.plus_days(-days), Some(date));
                prop_assert_eq!(other > date, days > 0);
            }
        }
    }
}
