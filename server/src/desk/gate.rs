//! The way to an upstream: one queue for each key, so many calls under way, so many in each window, none while it rests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::backoff::{Backoff, Cause};
use super::flags::Asking;
use super::windows::Log;

/// Why a request does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Too many wait, or the windows open too late; a slot is expected after this time.
    Busy(Duration),
    /// The key is left alone for this long.
    Resting(Cause, Duration),
    /// The deadline passed in the queue.
    Late,
}

/// Leave to ask. Dropped when the call has ended, whatever its end.
#[derive(Debug)]
pub struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
    since: Instant,
    sent: Instant,
}

/// The queue of one key.
#[derive(Debug)]
pub struct Gate {
    bounded: bool,
    in_flight: usize,
    queue: usize,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Those that have a permit and wait for the windows to open.
    entering: AtomicUsize,
    /// Whoever holds it is next to be sent.
    turn: tokio::sync::Mutex<()>,
    log: Mutex<Log>,
    /// How long a call takes, lately.
    pace: Mutex<Duration>,
    backoff: Option<Mutex<Backoff>>,
}

impl Gate {
    /// An open one.
    #[must_use]
    pub fn new(asking: &Asking) -> Self {
        Self {
            bounded: !asking.windows.is_empty(),
            in_flight: asking.in_flight,
            queue: asking.queue,
            permits: Arc::new(Semaphore::new(asking.in_flight)),
            waiting: AtomicUsize::new(0),
            entering: AtomicUsize::new(0),
            turn: tokio::sync::Mutex::new(()),
            log: Mutex::new(Log::new(&asking.windows)),
            pace: Mutex::new(Duration::ZERO),
            backoff: asking.backoff.map(|cap| Mutex::new(Backoff::new(cap))),
        }
    }

    /// Waits for leave to send one call. Dropping the future gives the place up, and nothing has been used.
    ///
    /// # Errors
    /// [`Refusal`], at once where it is clear that the deadline cannot be met.
    pub async fn enter(&self, deadline: Instant) -> Result<Slot, Refusal> {
        self.rested()?;
        let permit = if self.bounded { Some(self.permit(deadline).await?) } else { None };
        let sent = self.sent(deadline).await?;
        Ok(Slot { _permit: permit, since: sent, sent })
    }

    /// Waits for leave to try once more, within the same slot.
    ///
    /// # Errors
    /// [`Refusal`], as [`Self::enter`].
    pub async fn again(&self, slot: &mut Slot, deadline: Instant) -> Result<(), Refusal> {
        slot.sent = self.sent(deadline).await?;
        Ok(())
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
        lock(&self.log).expected(now, ahead + self.entering.load(Ordering::SeqCst), 1)
    }

    /// How long those ahead take at the pace of late.
    fn paced(&self, ahead: usize) -> Duration {
        let rounds = u32::try_from(ahead / self.in_flight + 1).unwrap_or(u32::MAX);
        lock(&self.pace).saturating_mul(rounds)
    }

    /// Waits for the windows, and notes the call. Those that wait here go one by one, first come, first served.
    async fn sent(&self, deadline: Instant) -> Result<Instant, Refusal> {
        if !self.bounded {
            self.rested()?;
            return Ok(Instant::now());
        }
        self.entering.fetch_add(1, Ordering::SeqCst);
        let _place = Leaving(&self.entering);
        let _turn = timeout_at(deadline, self.turn.lock()).await.map_err(|_| Refusal::Late)?;
        loop {
            self.rested()?;
            let now = Instant::now();
            let opens = {
                let mut log = lock(&self.log);
                log.forget(now);
                let opens = log.opens(now, 1);
                if opens <= now {
                    log.note(now, 1);
                    return Ok(now);
                }
                opens
            };
            if opens >= deadline {
                return Err(Refusal::Busy(opens - now));
            }
            sleep_until(opens).await;
        }
    }

    /// How long the key is left alone, and for what.
    #[must_use]
    pub fn resting(&self) -> Option<(Cause, Duration)> {
        lock(self.backoff.as_ref()?).resting(Instant::now())
    }

    fn rested(&self) -> Result<(), Refusal> {
        match self.resting() {
            Some((cause, left)) => Err(Refusal::Resting(cause, left)),
            None => Ok(()),
        }
    }

    /// Notes that the call of this slot failed; whether the key is left alone for it.
    pub fn failed(&self, slot: &Slot, cause: Cause, hint: Option<Duration>) -> bool {
        let Some(backoff) = &self.backoff else { return false };
        lock(backoff).failed(slot.sent, Instant::now(), cause, hint, fastrand::f64());
        true
    }

    /// Notes that the call of this slot was answered well.
    pub fn succeeded(&self, slot: &Slot) {
        if let Some(backoff) = &self.backoff {
            lock(backoff).succeeded(slot.sent);
        }
    }

    /// Notes how long the call of this slot took.
    pub fn took(&self, slot: &Slot) {
        let mut pace = lock(&self.pace);
        let last = slot.since.elapsed();
        *pace = if pace.is_zero() { last } else { (*pace * 4 + last) / 5 };
    }

    /// How many requests wait, for a call to end or for the windows to open.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed) + self.entering.load(Ordering::Relaxed)
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
