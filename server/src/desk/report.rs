//! What a desk tells whoever operates it: how it is, for `/readyz`, and what it has done, for `/metrics`.

use super::{Desk, Health};
use crate::operate::{Component, Condition, Operate};
use crate::upstream::Upstream;

impl Desk {
    /// Has `/readyz` and `/metrics` ask this desk, which stands before the API called `name`. The sandbox's has nothing to tell.
    pub fn report(&self, name: &'static str, operate: &Operate) {
        if matches!(self.upstream(), Upstream::Sandbox(_)) {
            return;
        }
        let desk = self.clone();
        operate.watch(move || Component { name, condition: desk.condition() });
        let desk = self.clone();
        operate.read(move |metrics| {
            let labels = [("api", name)];
            let counters = desk.counters();
            for (count, series, help) in [
                (&counters.retries, "certquote_retries_total", "Tries after the first."),
                (&counters.shared, "certquote_shared_total", "Requests that shared a call under way."),
                (&counters.kept, "certquote_cached_total", "Requests answered from what was kept and fresh."),
                (
                    &counters.stale,
                    "certquote_stale_total",
                    "Requests answered from what was kept, in place of a failure.",
                ),
                (
                    &counters.busy,
                    "certquote_queue_refused_total",
                    "Requests that found no place in the queue.",
                ),
                (
                    &counters.overdrawn,
                    "certquote_user_refused_total",
                    "Requests refused because their user's share was used up.",
                ),
                (
                    &counters.resting,
                    "certquote_backoff_refused_total",
                    "Requests refused while the key was left alone.",
                ),
                (&counters.backoffs, "certquote_backoffs_total", "How often the key began to be left alone."),
                (
                    &counters.fallbacks,
                    "certquote_shared_state_lost_total",
                    "How often the state shared with other replicas was lost.",
                ),
            ] {
                metrics.counter(series, help, &labels).follow(count.get());
            }
            let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let rest =
                desk.resting().map_or(0, |(_, rest)| i64::try_from(rest.as_secs()).unwrap_or(i64::MAX) + 1);
            for (value, series, help) in [
                (whole(desk.waiting()), "certquote_queue_length", "Requests that wait for a call."),
                (
                    whole(desk.under_way()),
                    "certquote_calls_in_flight",
                    "Calls under way, where they are bounded.",
                ),
                (rest, "certquote_backoff_seconds", "How much longer the key is left alone."),
            ] {
                metrics.gauge(series, help, &labels).set(value);
            }
        });
    }

    fn condition(&self) -> Condition {
        match (self.resting(), self.health()) {
            (_, Health::Fallen) => {
                Condition::Limping("Redis cannot be reached: working with this replica's share".to_owned())
            }
            (Some((_, rest)), _) => {
                Condition::Limping(format!("leaving the upstream alone for {} s more", rest.as_secs() + 1))
            }
            (None, Health::Alone | Health::Shared) => Condition::Well,
        }
    }
}
