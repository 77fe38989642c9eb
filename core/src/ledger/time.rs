//! Moments as the API writes them: `YYYY-MM-DD hh:mm:ss`, in a zone that it does not name.

use std::fmt;

use crate::date::Date;

const SECONDS_PER_DAY: i64 = 86_400;

/// A moment without a zone, in seconds since 1970-01-01 00:00:00 of wherever it is.
///
/// ```
/// use certquote_core::ledger::Moment;
///
/// assert_eq!(Moment::parse("1970-01-02 00:00:01"), Some(Moment(86_401)));
/// assert_eq!(Moment(86_401).to_string(), "1970-01-02 00:00:01");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// Reads `YYYY-MM-DD hh:mm:ss`; also `YYYY-MM-DD` alone, and a `T` between the two, then with or without a `Z` at
    /// the end. Years go from 1 to 9999, hours to 23, seconds to 59.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (day, time) = bytes.split_at_checked(10)?;
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = day else { return None };
        let year = two(y1, y2)? * 100 + two(y3, y4)?;
        let month = u8::try_from(two(m1, m2)?).ok()?;
        let date = Date::new(year, month, u8::try_from(two(d1, d2)?).ok()?)?;
        let second = match *time {
            [] => 0,
            [b' ', h1, h2, b':', m1, m2, b':', s1, s2]
            | [b'T', h1, h2, b':', m1, m2, b':', s1, s2]
            | [b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] => {
                let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
                if hour > 23 || minute > 59 || second > 59 {
                    return None;
                }
                (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second)
            }
            _ => return None,
        };
        Some(Self(i64::from(date.day_number()) * SECONDS_PER_DAY + second))
    }

    /// Its day; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        Date::from_day_number(self.day_number()?)
    }

    /// The number of its day since 1970-01-01, if there is room for it.
    pub(super) fn day_number(self) -> Option<i32> {
        i32::try_from(self.0.div_euclid(SECONDS_PER_DAY)).ok()
    }
}

/// The number that two digits are.
fn two(tens: u8, ones: u8) -> Option<u16> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// `YYYY-MM-DD hh:mm:ss`; outside the years 1 to 9999 the number of seconds.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(date) = self.date() else { return write!(f, "{}", self.0) };
        fmt::Display::fmt(&date, f)?;
        let second = self.0.rem_euclid(SECONDS_PER_DAY);
        let pairs = [(b' ', second / 3600), (b':', second / 60 % 60), (b':', second % 60)];
        for (mark, number) in pairs {
            for byte in [mark, digit(number / 10), digit(number % 10)] {
                fmt::Write::write_char(f, char::from(byte))?;
            }
        }
        Ok(())
    }
}

fn digit(number: i64) -> u8 {
    b'0' + u8::try_from(number % 10).unwrap_or_default()
}
