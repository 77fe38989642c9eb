//! The way to an upstream: one queue for each key, so many calls under way, so many in each window, none while it rests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::backoff::{Backoff, Cause};
use super::counters::Counters;
use super::flags::Asking;
use super::key::Key;
use super::shared::{Shared, Word};
use super::user::{Shares, Taken};
use super::windows::Log;

/// How often a replica asks whether a place among the calls under way is free; a half of it is jitter.
const POLL: Duration = Duration::from_millis(20);
/// How long a place is held beyond the deadline of its call before it is free all the same.
const GRACE: Duration = Duration::from_secs(1);

/// Why a request does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Too many wait, or the windows open too late; a slot is expected after this time.
    Busy(Duration),
    /// The user's share is used up; this is when there is some of it again.
    Share(Duration),
    /// The key is left alone for this long.
    Resting(Cause, Duration),
    /// The deadline passed in the queue.
    Late,
}

/// What came of waiting.
#[derive(Debug)]
pub enum Entered {
    /// Leave to ask.
    Slot(Slot),
    /// Another replica has the answer by now.
    Kept,
}

/// Who wants to ask.
#[derive(Clone, Copy, Debug)]
pub struct Entrant<'a> {
    /// The user; empty for the anonymous.
    pub user: &'a Arc<str>,
    /// The name of the credential.
    pub credential: &'a [u8],
    /// The kept answer that would do, and for how long.
    pub kept: Option<(&'a Key, Duration)>,
    /// By when.
    pub deadline: Instant,
}

/// How a call ended, as far as the key is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was answered well.
    Good,
    /// It failed; the upstream may ask for some time.
    Bad(Cause, Option<Duration>),
    /// It tells nothing.
    None,
}

/// Leave to ask. Dropped when the call has ended, whatever its end.
#[derive(Debug)]
pub struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
    share: Option<Taken>,
    place: Option<Place>,
    since: Instant,
    sent: Instant,
}

/// A place among the calls under way of all replicas; given back at the latest when it is dropped.
#[derive(Debug)]
struct Place {
    shared: Arc<Shared>,
    credential: Vec<u8>,
    name: String,
    /// By Redis' clock, in µs.
    sent: i64,
    held: bool,
}

impl Place {
    async fn leave(mut self, verdict: Verdict) {
        self.held = false;
        self.shared.leave(&self.credential, &self.name, self.sent, verdict).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.held
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (shared, credential) = (Arc::clone(&self.shared), std::mem::take(&mut self.credential));
            let (name, sent) = (std::mem::take(&mut self.name), self.sent);
            runtime.spawn(async move { shared.leave(&credential, &name, sent, Verdict::None).await });
        }
    }
}

/// The queue of one key.
#[derive(Debug)]
pub struct Gate {
    bounded: bool,
    in_flight: usize,
    queue: usize,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Those that wait for calls of their user's share, apart from the queue.
    apart: AtomicUsize,
    shares: Option<Shares>,
    /// Those that have a permit and wait for the windows to open.
    entering: AtomicUsize,
    /// Whoever holds it is next to be sent.
    turn: tokio::sync::Mutex<()>,
    log: Arc<Mutex<Log>>,
    /// How long a call takes, lately.
    pace: Mutex<Duration>,
    backoff: Option<Mutex<Backoff>>,
    shared: Option<Arc<Shared>>,
    counters: Arc<Counters>,
}

impl Gate {
    /// An open one.
    #[must_use]
    pub fn new(asking: &Asking, counters: &Arc<Counters>) -> Self {
        let log = Arc::new(Mutex::new(Log::new(&asking.windows)));
        let shared = asking
            .shared
            .clone()
            .map(|together| Shared::new(together, asking, Arc::clone(&log), Arc::clone(counters)));
        Self {
            bounded: !asking.windows.is_empty(),
            in_flight: asking.in_flight,
            queue: asking.queue,
            permits: Arc::new(Semaphore::new(asking.in_flight)),
            waiting: AtomicUsize::new(0),
            apart: AtomicUsize::new(0),
            shares: Shares::new(asking),
            entering: AtomicUsize::new(0),
            turn: tokio::sync::Mutex::new(()),
            log,
            pace: Mutex::new(Duration::ZERO),
            backoff: asking.backoff.map(|cap| Mutex::new(Backoff::new(cap))),
            shared,
            counters: Arc::clone(counters),
        }
    }

    /// What is shared with other replicas.
    pub(super) fn shared(&self) -> Option<&Arc<Shared>> {
        self.shared.as_ref()
    }

    /// Waits for leave to send one call. Dropping the future gives the place up, and nothing has been used.
    ///
    /// # Errors
    /// [`Refusal`], at once where it is clear that the deadline cannot be met.
    pub async fn enter(&self, entrant: Entrant<'_>) -> Result<Entered, Refusal> {
        self.rested()?;
        let share = self.share(entrant).await?;
        let permit = if self.bounded { Some(self.permit(entrant.deadline).await?) } else { None };
        let now = Instant::now();
        let mut slot = Slot { _permit: permit, share, place: None, since: now, sent: now };
        Ok(if self.sent(&mut slot, entrant).await? { Entered::Slot(slot) } else { Entered::Kept })
    }

    /// Waits for leave to try once more, within the same slot.
    ///
    /// # Errors
    /// [`Refusal`], as [`Self::enter`].
    pub async fn again(&self, slot: &mut Slot, entrant: Entrant<'_>) -> Result<(), Refusal> {
        self.sent(slot, Entrant { kept: None, ..entrant }).await.map(|_| ())
    }

    /// A place of the user's, once calls of the user's share are left.
    async fn share(&self, entrant: Entrant<'_>) -> Result<Option<Taken>, Refusal> {
        let Some(shares) = &self.shares else { return Ok(None) };
        let taken = shares.take(entrant.user).map_err(|places| Refusal::Share(self.paced(places)))?;
        let Some((taken, opens)) = taken else { return Ok(None) };
        let now = Instant::now();
        if opens >= entrant.deadline {
            return Err(Refusal::Share(opens - now));
        }
        if opens > now {
            self.apart.fetch_add(1, Ordering::SeqCst);
            let _place = Leaving(&self.apart);
            sleep_until(opens).await;
        }
        Ok(Some(taken))
    }

    async fn permit(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Refusal> {
        let permits = Arc::clone(&self.permits);
        if let Ok(permit) = Arc::clone(&permits).try_acquire_owned() {
            return Ok(permit);
        }
        let ahead = self.waiting.fetch_add(1, Ordering::SeqCst);
        let _place = Leaving(&self.waiting);
        let now = Instant::now();
        let opens = self.opens(now, ahead);
        if ahead >= self.queue {
            return Err(Refusal::Busy(self.paced(ahead).max(opens - now)));
        }
        if opens >= deadline {
            return Err(Refusal::Busy(opens - now));
        }
        match timeout_at(deadline, permits.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            // It is never closed.
            Ok(Err(_)) | Err(_) => Err(Refusal::Late),
        }
    }

    /// When the windows let a request through before which so many wait.
    fn opens(&self, now: Instant, ahead: usize) -> Instant {
        let weight = self.shared.as_ref().map_or(1, |shared| shared.weight());
        lock(&self.log).expected(now, ahead + self.entering.load(Ordering::SeqCst), weight)
    }

    /// How long those ahead take at the pace of late.
    fn paced(&self, ahead: usize) -> Duration {
        let rounds = u32::try_from(ahead / self.in_flight + 1).unwrap_or(u32::MAX);
        lock(&self.pace).saturating_mul(rounds)
    }

    /// Waits for the windows, and notes the call; `false` where its answer is there by now. Those that wait here go one by
    /// one, first come, first served.
    async fn sent(&self, slot: &mut Slot, entrant: Entrant<'_>) -> Result<bool, Refusal> {
        self.entering.fetch_add(1, Ordering::SeqCst);
        let _place = Leaving(&self.entering);
        let _turn = match self.bounded {
            true => Some(timeout_at(entrant.deadline, self.turn.lock()).await.map_err(|_| Refusal::Late)?),
            false => None,
        };
        loop {
            self.rested()?;
            let wait = match self.shared.as_ref().filter(|shared| shared.is_up()) {
                None => self.take(slot),
                Some(shared) => match self.room(1) {
                    // What is known here holds although Redis may have lost it.
                    Some(wait) => Some(wait),
                    None => match self.take_shared(shared, slot, entrant).await {
                        Word::Go(_) => None,
                        Word::Kept => return Ok(false),
                        Word::Resting(cause, left) => return Err(Refusal::Resting(cause, left)),
                        Word::Wait(wait) => Some(wait),
                        Word::Full if Instant::now() >= entrant.deadline => return Err(Refusal::Late),
                        Word::Full => {
                            sleep(POLL.mul_f64(1.0 - fastrand::f64() / 2.0)).await;
                            continue;
                        }
                        Word::Gone => continue,
                    },
                },
            };
            let Some(wait) = wait else {
                if let Some(share) = &mut slot.share {
                    share.sent();
                }
                return Ok(true);
            };
            let opens = Instant::now() + wait;
            if opens >= entrant.deadline {
                return Err(Refusal::Busy(wait));
            }
            sleep_until(opens).await;
        }
    }

    /// After which time the windows are open, where they are not.
    fn room(&self, weight: u32) -> Option<Duration> {
        let now = Instant::now();
        let mut log = lock(&self.log);
        log.forget(now);
        let opens = log.opens(now, weight);
        (opens > now).then(|| opens - now)
    }

    /// Notes the call of a slot, where the windows are open.
    fn take(&self, slot: &mut Slot) -> Option<Duration> {
        let weight = self.shared.as_ref().map_or(1, |shared| shared.weight());
        if self.bounded {
            if let Some(wait) = self.room(weight) {
                return Some(wait);
            }
            lock(&self.log).note(Instant::now(), weight);
        }
        slot.sent = Instant::now();
        None
    }

    /// The same among all replicas. The log learns of it by the reply.
    async fn take_shared(&self, shared: &Arc<Shared>, slot: &mut Slot, entrant: Entrant<'_>) -> Word {
        // There before it is asked for, so that it is given back whenever this future is dropped.
        let place = slot.place.get_or_insert_with(|| Place {
            shared: Arc::clone(shared),
            credential: entrant.credential.to_vec(),
            name: shared.name(),
            sent: 0,
            held: self.bounded,
        });
        let held = entrant.deadline.saturating_duration_since(Instant::now()) + GRACE;
        let wanted = (self.bounded && place.sent == 0).then_some((place.name.as_str(), held));
        let word = shared.enter(entrant.credential, wanted, entrant.kept).await;
        if let Word::Go(sent) = word {
            place.sent = sent;
            slot.sent = Instant::now();
        }
        word
    }

    /// How long the key is left alone, and for what.
    #[must_use]
    pub fn resting(&self) -> Option<(Cause, Duration)> {
        let now = Instant::now();
        let backoff = self.backoff.as_ref()?;
        match self.shared.as_ref().filter(|shared| shared.is_up()) {
            Some(shared) => shared.resting(now),
            None => lock(backoff).resting(now),
        }
    }

    fn rested(&self) -> Result<(), Refusal> {
        match self.resting() {
            Some((cause, left)) => Err(Refusal::Resting(cause, left)),
            None => Ok(()),
        }
    }

    /// The call of this slot has ended.
    pub async fn ended(&self, mut slot: Slot, verdict: Verdict) {
        let last = slot.since.elapsed();
        {
            let mut pace = lock(&self.pace);
            *pace = if pace.is_zero() { last } else { (*pace * 4 + last) / 5 };
        }
        let mut told = Verdict::None;
        if let Some(backoff) = &self.backoff {
            told = verdict;
            match verdict {
                Verdict::Bad(cause, hint) => {
                    self.counters.backoffs.add_one();
                    lock(backoff).failed(slot.sent, Instant::now(), cause, hint, fastrand::f64());
                }
                Verdict::Good => lock(backoff).succeeded(slot.sent),
                Verdict::None => {}
            }
        }
        if let Some(place) = slot.place.take() {
            place.leave(told).await;
        }
    }

    /// How many requests wait, for a call to end or for windows to open.
    #[must_use]
    pub fn waiting(&self) -> usize {
        [&self.waiting, &self.entering, &self.apart].iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// How many calls are under way, or next to be.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.in_flight.saturating_sub(self.permits.available_permits())
    }
}

/// Counts one off when dropped.
struct Leaving<'a>(&'a AtomicUsize);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A lock whose holders never leave anything half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
