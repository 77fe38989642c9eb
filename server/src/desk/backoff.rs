//! Leaving a key alone: after 429 or 5xx nothing is asked for a while, and for longer each time that it happens again.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderValue, StatusCode};
use tokio::time::Instant;

/// The first back-off, before it is jittered.
const FIRST: Duration = Duration::from_secs(1);

/// What a key is left alone for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It was asked too often (429).
    Limited,
    /// The upstream fails (5xx).
    Failing,
}

impl Cause {
    /// What an answer tells, if anything.
    #[must_use]
    pub fn of(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Some(Self::Limited),
            status if status.is_server_error() => Some(Self::Failing),
            _ => None,
        }
    }
}

/// How long the `streak`th failure in a row (from 1) leaves the key alone: 1 s, 2 s, 4 s …, of which `dice` (0 to 1) takes
/// up to a half off; or what the upstream itself says, to which it adds up to a tenth. Never more than `cap`.
#[must_use]
pub fn delay(streak: u32, hint: Option<Duration>, cap: Duration, dice: f64) -> Duration {
    let dice = dice.clamp(0.0, 1.0);
    match hint {
        Some(hint) => hint.min(cap).mul_f64(1.0 + dice / 10.0),
        None => FIRST.saturating_mul(1_u32 << (streak.clamp(1, 20) - 1)).min(cap).mul_f64(1.0 - dice / 2.0),
    }
    .min(cap)
}

/// `Retry-After`, in seconds or as a date. None at all and a date that has passed (clocks differ) say nothing: else a key
/// would never be left alone by an upstream that sends such.
#[must_use]
pub fn hint(value: Option<&HeaderValue>, now: SystemTime) -> Option<Duration> {
    let text = value?.to_str().ok()?.trim();
    let hint = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // So many digits that they fit nowhere are longer than any cap.
        Duration::from_secs(text.parse::<u32>().unwrap_or(u32::MAX).into())
    } else {
        httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default()
    };
    Some(hint).filter(|hint| !hint.is_zero())
}

/// Whether a key is left alone now.
#[derive(Debug)]
pub struct Backoff {
    cap: Duration,
    streak: u32,
    since: Option<Instant>,
    until: Option<(Cause, Instant)>,
}

impl Backoff {
    /// Not yet; at most `cap` at a time.
    #[must_use]
    pub fn new(cap: Duration) -> Self {
        Self { cap, streak: 0, since: None, until: None }
    }

    /// For what and how much longer.
    #[must_use]
    pub fn resting(&self, now: Instant) -> Option<(Cause, Duration)> {
        self.until.filter(|(_, until)| *until > now).map(|(cause, until)| (cause, until - now))
    }

    /// A call failed that was sent at `sent`. One that was under way when the last failure was noted belongs to the same
    /// trouble and makes nothing longer, unless the upstream asks for more time.
    pub fn failed(&mut self, sent: Instant, now: Instant, cause: Cause, hint: Option<Duration>, dice: f64) {
        let same = self.since.is_some_and(|since| sent < since);
        if !same {
            self.streak = self.streak.saturating_add(1);
            self.since = Some(now);
        } else if hint.is_none() {
            return;
        }
        let until = now + delay(self.streak, hint, self.cap, dice);
        if self.until.is_none_or(|(_, other)| other < until) {
            self.until = Some((cause, until));
        }
    }

    /// A call succeeded that was sent at `sent`: the trouble is over, if it was not older than that.
    pub fn succeeded(&mut self, sent: Instant) {
        if self.since.is_none_or(|since| sent >= since) {
            (self.streak, self.since, self.until) = (0, None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(180);

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn grows_up_to_the_cap() {
        for (streak, hint, dice, expected) in [
            (1, None, 0.0, 1_000),
            (1, None, 1.0, 500),
            (2, None, 0.0, 2_000),
            (3, None, 0.0, 4_000),
            (3, None, 0.5, 3_000),
            (8, None, 0.0, 128_000),
            (9, None, 0.0, 180_000),
            (u32::MAX, None, 0.0, 180_000),
            (u32::MAX, None, 1.0, 90_000),
            (1, Some(20), 0.0, 20_000),
            (5, Some(20), 1.0, 22_000),
            (1, Some(0), 0.5, 0),
            (1, Some(179), 1.0, 180_000),
            (1, Some(86_400), 0.0, 180_000),
        ] {
            assert_eq!(
                delay(streak, hint.map(secs), CAP, dice),
                Duration::from_millis(expected),
                "{streak} {hint:?} {dice}"
            );
        }
    }

    #[test]
    fn reads_both_forms_of_retry_after() {
        let now = SystemTime::UNIX_EPOCH + secs(784_111_777);
        for (text, expected) in [
            ("17", Some(17)),
            (" 0 ", None),
            ("99999999999999999999", Some(u64::from(u32::MAX))),
            ("Sun, 06 Nov 1994 08:49:57 GMT", Some(20)),
            ("Sun, 06 Nov 1994 08:49:17 GMT", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let value = HeaderValue::from_static(text);
            assert_eq!(hint(Some(&value), now), expected.map(secs), "{text}");
        }
        assert_eq!(hint(None, now), None);
    }

    #[test]
    fn a_success_ends_it_and_the_next_failure_begins_anew() {
        let start = Instant::now();
        let mut backoff = Backoff::new(CAP);
        backoff.failed(start, start, Cause::Failing, None, 0.0);
        assert_eq!(backoff.resting(start), Some((Cause::Failing, secs(1))));
        assert_eq!(backoff.resting(start + secs(1)), None);
        let later = start + secs(1);
        backoff.failed(later, later, Cause::Limited, None, 0.0);
        assert_eq!(backoff.resting(later), Some((Cause::Limited, secs(2))));
        backoff.succeeded(later + secs(2));
        assert_eq!(backoff.resting(later), None);
        let last = later + secs(3);
        backoff.failed(last, last, Cause::Failing, None, 0.0);
        assert_eq!(backoff.resting(last), Some((Cause::Failing, secs(1))));
    }

    #[test]
    fn calls_that_were_under_way_together_count_as_one_trouble() {
        let start = Instant::now();
        let now = start + secs(1);
        let mut backoff = Backoff::new(CAP);
        for _ in 0..5 {
            backoff.failed(start, now, Cause::Failing, None, 0.0);
        }
        assert_eq!(backoff.resting(now), Some((Cause::Failing, secs(1))));
        backoff.succeeded(start);
        assert!(backoff.resting(now).is_some());
        backoff.failed(start, now, Cause::Limited, Some(secs(30)), 0.0);
        assert_eq!(backoff.resting(now), Some((Cause::Limited, secs(30))));
    }
}
