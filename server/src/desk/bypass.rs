//! Who asks past the cache may do so a few times in a row, and then now and again.

use std::time::Duration;

use moka::sync::Cache;
use tokio::time::Instant;

use super::key::Key;

/// How often in a row.
const BURST: u32 = 5;
/// How long it takes to earn one more.
const EACH: Duration = Duration::from_secs(2);
/// For how many requests this is known at a time; what is forgotten has its burst again.
const MOST: u64 = 10_000;

/// When the last leave of each request will have been earned (GCRA).
#[derive(Debug)]
pub struct Bypass(Cache<Key, Instant>);

impl Default for Bypass {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_idle(EACH * BURST * 2).build())
    }
}

impl Bypass {
    /// Whether this request may go past the cache now; if so, that is noted.
    #[must_use]
    pub fn leave(&self, key: &Key) -> bool {
        let now = Instant::now();
        let earned = self.0.get(key).map_or(now, |earned| earned.max(now)) + EACH;
        let leave = earned - now <= EACH * BURST;
        if leave {
            self.0.insert(*key, earned);
        }
        leave
    }
}
