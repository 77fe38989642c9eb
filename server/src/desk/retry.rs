//! Whether a call is tried again: all five requests only read, so any of them may be. A kept connection that had ended is
//! none of this: the desk asks anew without counting it as a try.

use std::time::Duration;

/// The wait before the first try after the first, before it is jittered.
const FIRST: Duration = Duration::from_millis(100);
/// What an upstream may ask to wait without its answer being passed on instead.
const LONGEST_HINT: Duration = Duration::from_secs(1);

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Not reached, or broken off.
    Broken,
    /// An answer of this status.
    Status(u16),
    /// Out of time, or an answer that cannot be passed on.
    Other,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// What there is goes to the asker.
    Stop,
    /// Another try after this time.
    Wait(Duration),
}

/// What comes after the `tried`th try (from 1), where `retries` may follow the first and the upstream asked for `hint`;
/// `dice` (0 to 1) takes up to a half off the wait.
#[must_use]
pub fn next(end: End, tried: u32, retries: u32, hint: Option<Duration>, dice: f64) -> Next {
    let worth = matches!(end, End::Broken | End::Status(502..=504));
    if !worth || tried > retries || hint.is_some_and(|hint| hint > LONGEST_HINT) {
        return Next::Stop;
    }
    let wait =
        FIRST.saturating_mul(1_u32 << (tried.clamp(1, 5) - 1)).mul_f64(1.0 - dice.clamp(0.0, 1.0) / 2.0);
    Next::Wait(hint.map_or(wait, |hint| hint.max(wait)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_or_waits() {
        let wait = |ms| Next::Wait(Duration::from_millis(ms));
        for (end, tried, retries, hint, dice, expected) in [
            (End::Broken, 1, 2, None, 0.0, wait(100)),
            (End::Broken, 1, 2, None, 1.0, wait(50)),
            (End::Broken, 2, 2, None, 0.0, wait(200)),
            (End::Broken, 3, 2, None, 0.0, Next::Stop),
            (End::Broken, 1, 0, None, 0.0, Next::Stop),
            (End::Other, 1, 2, None, 0.0, Next::Stop),
            (End::Status(502), 1, 2, None, 0.0, wait(100)),
            (End::Status(503), 1, 2, None, 0.0, wait(100)),
            (End::Status(504), 1, 2, None, 0.0, wait(100)),
            (End::Status(503), 1, 2, Some(0), 0.0, wait(100)),
            (End::Status(503), 1, 2, Some(1), 0.0, wait(1_000)),
            (End::Status(503), 1, 2, Some(2), 0.0, Next::Stop),
            (End::Status(200), 1, 2, None, 0.0, Next::Stop),
            (End::Status(403), 1, 2, None, 0.0, Next::Stop),
            (End::Status(408), 1, 2, None, 0.0, Next::Stop),
            (End::Status(429), 1, 2, Some(0), 0.0, Next::Stop),
            (End::Status(500), 1, 2, None, 0.0, Next::Stop),
            (End::Status(501), 1, 2, None, 0.0, Next::Stop),
            (End::Status(505), 1, 2, None, 0.0, Next::Stop),
        ] {
            let hint = hint.map(Duration::from_secs);
            assert_eq!(
                next(end, tried, retries, hint, dice),
                expected,
                "{end:?} {tried} {retries} {hint:?} {dice}"
            );
        }
    }
}
