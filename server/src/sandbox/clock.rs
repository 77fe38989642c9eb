//! Days and seconds of the Gregorian calendar (UTC), as numbers: all that a ledger and a prorated order need.

/// Days since 1970-01-01 of a day of the calendar; `None` where there is no such day.
#[must_use]
pub fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    // Years begin in March, so that the leap day is the last one (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let shifted = if month > 2 { year } else { year - 1 };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    (civil(days) == (year, month, day)).then_some(days)
}

/// Year, month and day of a number of days since 1970-01-01.
#[must_use]
pub fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
#[must_use]
pub fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut number = |length: usize| {
        let part = parts.next()?;
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if parts.next().is_some() { None } else { days_of(year, month, day) }
}

/// Seconds since 1970 of `YYYY-MM-DD hh:mm:ss`, or of a day alone, and whether it was a day alone.
#[must_use]
pub fn parse_moment(text: &str) -> Option<(i64, bool)> {
    let Some((day, time)) = text.split_once(' ') else { return Some((parse_day(text)? * 86_400, true)) };
    let mut parts = time.split(':');
    let mut number = |limit: i64| {
        let part = parts.next()?;
        let value: i64 = two_digits(part)?;
        (value < limit).then_some(value)
    };
    let (hours, minutes, seconds) = (number(24)?, number(60)?, number(60)?);
    if parts.next().is_some() {
        return None;
    }
    Some((parse_day(day)? * 86_400 + hours * 3_600 + minutes * 60 + seconds, false))
}

fn two_digits(text: &str) -> Option<i64> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// `YYYY-MM-DD hh:mm:ss`.
#[must_use]
pub fn moment(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let time = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_for_centuries() {
        for days in -300_000..300_000 {
            let (year, month, day) = civil(days);
            assert_eq!(days_of(year, month, day), Some(days));
        }
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(parse_day("2026-11-20"), Some(20_777));
    }

    #[test]
    fn refuses_days_that_do_not_exist() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-01",
            "2026-01-32",
            "26-01-01",
            "",
            "2026-01-01-01",
            "+026-01-01",
        ] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn moments_round_trip() {
        for text in ["2021-01-21 15:20:18", "2024-02-29 23:59:59"] {
            assert_eq!(parse_moment(text).map(|(seconds, _)| moment(seconds)).as_deref(), Some(text));
        }
        for text in ["2021-01-21 24:00:00", "2021-01-21 1:00:00", "2021-01-21T00:00:00", "x 00:00:00"] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }
}
