//! What one user may take of a key: a share of the places in its queue and of the calls in each window, so that nobody keeps
//! all the others waiting.
//!
//! Whoever has used up the calls waits apart from the queue, whoever has used up the places is refused. The anonymous cannot
//! be told from each other, so nothing is divided among them. Each replica counts for itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use moka::sync::Cache;
use tokio::time::Instant;

use super::flags::Asking;
use super::gate::lock;
use super::windows::{Log, MARGIN, Window};

/// For how many users this is known at a time; who is forgotten begins anew.
const MOST: u64 = 10_000;
/// Fewer places than this are not divided: the elements of one page ask side by side.
const PLACES: usize = 8;
/// Nor are fewer calls of a window.
const CALLS: usize = 20;
/// How long a user is known beyond the longest window: longer than any deadline.
const BEYOND: Duration = Duration::from_secs(180);

/// What all users have taken.
#[derive(Debug)]
pub struct Shares {
    windows: Vec<Window>,
    places: usize,
    users: Cache<Arc<str>, Arc<Mutex<Own>>>,
}

/// So many percent of it, but at least as much as is not divided.
fn part(whole: usize, percent: u32, least: usize) -> usize {
    (whole.saturating_mul(percent as usize) / 100).max(least.min(whole))
}

/// What one user has taken.
#[derive(Debug)]
struct Own {
    /// Requests that wait or are under way.
    places: usize,
    /// Those of them that were not sent yet.
    unsent: usize,
    log: Log,
}

/// A user's place, until it is dropped.
#[derive(Debug)]
pub struct Taken {
    own: Arc<Mutex<Own>>,
    unsent: bool,
}

impl Shares {
    /// Nothing taken so far; `None` where nothing is divided.
    #[must_use]
    pub fn new(asking: &Asking) -> Option<Self> {
        let percent = asking.per_user.filter(|_| !asking.windows.is_empty())?;
        let windows: Vec<_> = asking
            .windows
            .iter()
            .map(|window| Window { calls: part(window.calls as usize, percent, CALLS) as u32, ..*window })
            .collect();
        let longest = windows.iter().map(|window| window.length).max().unwrap_or_default();
        Some(Self {
            windows,
            places: part(asking.queue.saturating_add(asking.in_flight), percent, PLACES),
            users: Cache::builder().max_capacity(MOST).time_to_idle(longest + MARGIN + BEYOND).build(),
        })
    }

    /// A place for a request of this user, and when the user's windows let it be sent. Without one: how many places are taken.
    ///
    /// # Errors
    /// How many requests of the user wait or are under way, where there may be no more.
    pub fn take(&self, user: &Arc<str>) -> Result<Option<(Taken, Instant)>, usize> {
        if user.is_empty() {
            return Ok(None);
        }
        let fresh = || Arc::new(Mutex::new(Own { places: 0, unsent: 0, log: Log::new(&self.windows) }));
        let known = self.users.get_with(Arc::clone(user), fresh);
        let mut own = lock(&known);
        if own.places >= self.places {
            return Err(own.places);
        }
        let now = Instant::now();
        own.log.forget(now);
        let opens = own.log.expected(now, own.unsent, 1);
        own.places += 1;
        own.unsent += 1;
        Ok(Some((Taken { own: Arc::clone(&known), unsent: true }, opens)))
    }
}

impl Taken {
    /// Notes a call, or a further try.
    pub fn sent(&mut self) {
        let mut own = lock(&self.own);
        if std::mem::take(&mut self.unsent) {
            own.unsent -= 1;
        }
        own.log.note(Instant::now(), 1);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut own = lock(&self.own);
        own.places -= 1;
        if self.unsent {
            own.unsent -= 1;
        }
    }
}
