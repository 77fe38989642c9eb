//! What the desk has done, as numbers for whoever watches.

use crate::metrics::Counter;

/// What happened at one key since the start.
#[derive(Debug, Default)]
pub struct Counters {
    /// Calls sent upstream, tries after the first among them.
    pub calls: Counter,
    /// Tries after the first.
    pub retries: Counter,
    /// Requests that shared a call under way.
    pub shared: Counter,
    /// Requests answered from what was kept and fresh.
    pub kept: Counter,
    /// Requests answered from what was kept, in place of a failure.
    pub stale: Counter,
    /// Requests refused because the queue was full or no slot in sight before the deadline.
    pub busy: Counter,
    /// Requests refused because their user's share was used up.
    pub overdrawn: Counter,
    /// Requests refused because the key was left alone.
    pub resting: Counter,
    /// How often the key began to be left alone, or was for longer.
    pub backoffs: Counter,
    /// How often the shared state could not be reached, and the desk worked with its share.
    pub fallbacks: Counter,
}
