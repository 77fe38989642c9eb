//! Rolling windows, kept exactly: a log of what was sent, not a bucket.
//!
//! The known crates for rate limits count by buckets that refill (GCRA, token buckets, fixed windows). Over some span as
//! long as the window these let up to twice the number pass, or, halved to be safe, waste half of what the key may do.
//! The log costs 24 bytes for each call of the longest window.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// What a window is longer here than there: the upstream counts when calls arrive, and the later of two may travel faster.
pub const MARGIN: Duration = Duration::from_millis(250);

/// At most `calls` in any span of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many.
    pub calls: u32,
    /// In how long.
    pub length: Duration,
}

/// What was sent, and when more may be.
#[derive(Clone, Debug)]
pub struct Log {
    windows: Vec<Window>,
    /// Oldest first, each with how many calls it stands for.
    sent: VecDeque<(Instant, u32)>,
}

impl Log {
    /// Nothing sent so far.
    #[must_use]
    pub fn new(windows: &[Window]) -> Self {
        Self { windows: windows.to_vec(), sent: VecDeque::new() }
    }

    /// When a call that stands for `weight` calls may be sent: `now` or later.
    #[must_use]
    pub fn opens(&self, now: Instant, weight: u32) -> Instant {
        self.windows.iter().filter_map(|window| self.opens_in(*window, weight)).fold(now, Instant::max)
    }

    /// The moment at which enough has left the window.
    fn opens_in(&self, window: Window, weight: u32) -> Option<Instant> {
        let room = window.calls.saturating_sub(weight);
        let mut taken = 0_u32;
        self.sent.iter().rev().find_map(|(at, weight)| {
            taken = taken.saturating_add(*weight);
            (taken > room).then_some(*at + window.length + MARGIN)
        })
    }

    /// Notes what is sent.
    pub fn note(&mut self, at: Instant, weight: u32) {
        let place = self.sent.partition_point(|(other, _)| *other <= at);
        self.sent.insert(place, (at, weight));
    }

    /// Forgets what has left every window.
    pub fn forget(&mut self, now: Instant) {
        let longest = self.windows.iter().map(|window| window.length).max().unwrap_or_default() + MARGIN;
        while self.sent.front().is_some_and(|(at, _)| *at + longest <= now) {
            self.sent.pop_front();
        }
    }

    /// When a call may be sent before which `ahead` others go.
    #[must_use]
    pub fn expected(&self, now: Instant, ahead: usize, weight: u32) -> Instant {
        let mut all: Vec<(Instant, u32)> = self.sent.iter().copied().collect();
        let total = all.iter().fold(0_u32, |total, (_, weight)| total.saturating_add(*weight));
        // For each window: how many have left it, and what the others stand for.
        let mut windows: Vec<_> = self.windows.iter().map(|window| (*window, 0, total)).collect();
        let mut at = now;
        for _ in 0..=ahead {
            for (window, left, taken) in &mut windows {
                while *taken > window.calls.saturating_sub(weight)
                    && let Some((sent, weight)) = all.get(*left)
                {
                    at = at.max(*sent + window.length + MARGIN);
                    *taken -= weight;
                    *left += 1;
                }
                *taken = taken.saturating_add(weight);
            }
            all.push((at, weight));
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn log(windows: &[(u32, u64)]) -> Log {
        let windows: Vec<_> = windows
            .iter()
            .map(|(calls, secs)| Window { calls: *calls, length: SECOND * *secs as u32 })
            .collect();
        Log::new(&windows)
    }

    #[test]
    fn a_window_opens_when_its_oldest_call_has_left() {
        let start = Instant::now();
        let mut log = log(&[(2, 5)]);
        assert_eq!(log.opens(start, 1), start);
        log.note(start, 1);
        log.note(start + SECOND, 1);
        assert_eq!(log.opens(start + SECOND, 1), start + SECOND * 5 + MARGIN);
        log.note(start + SECOND * 6, 1);
        assert_eq!(log.opens(start + SECOND * 6, 1), start + SECOND * 6 + MARGIN);
    }

    #[test]
    fn the_fullest_window_decides() {
        let start = Instant::now();
        let mut log = log(&[(3, 100), (1, 2)]);
        for second in [0, 10, 20] {
            log.note(start + SECOND * second, 1);
        }
        assert_eq!(log.opens(start + SECOND * 21, 1), start + SECOND * 100 + MARGIN);
    }

    #[test]
    fn one_call_may_stand_for_several() {
        let start = Instant::now();
        let mut log = log(&[(10, 5)]);
        for _ in 0..3 {
            assert_eq!(log.opens(start, 3), start);
            log.note(start, 3);
        }
        assert!(log.opens(start, 3) > start);
        assert_eq!(log.opens(start, 1), start);
    }

    #[test]
    fn those_ahead_are_reckoned_with() {
        let start = Instant::now();
        let log = log(&[(2, 5)]);
        let round = SECOND * 5 + MARGIN;
        for (ahead, rounds) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (9, 4)] {
            assert_eq!(log.expected(start, ahead, 1), start + round * rounds, "{ahead}");
        }
    }

    #[test]
    fn nothing_is_kept_that_no_window_needs() {
        let start = Instant::now();
        let mut log = log(&[(2, 5), (9, 60)]);
        for second in 0..70 {
            log.note(start + SECOND * second, 1);
        }
        log.forget(start + SECOND * 70);
        assert_eq!(log.sent.len(), 60);
    }

    proptest! {
        #[test]
        fn no_span_ever_holds_more(pauses in proptest::collection::vec(0_u64..900, 1..200)) {
            let start = Instant::now();
            let windows = [(5_u32, 3_u64), (12, 20)];
            let mut log = log(&windows);
            let (mut now, mut sent) = (start, Vec::new());
            for pause in pauses {
                now += Duration::from_millis(pause);
                prop_assert_eq!(log.expected(now, 0, 1), log.opens(now, 1));
                now = log.opens(now, 1);
                log.forget(now);
                log.note(now, 1);
                sent.push(now);
            }
            for (calls, secs) in windows {
                for (place, first) in sent.iter().enumerate() {
                    let span = sent.iter().skip(place).take_while(|at| **at - *first <= SECOND * secs as u32);
                    prop_assert!(span.count() <= calls as usize);
                }
            }
        }
    }
}
