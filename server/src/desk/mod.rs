//! Asking as little as possible: what stands between a checked request and an upstream that counts and charges.
//!
//! A request for a key takes this way, and each part can be switched off ([`flags`]):
//!
//! 1. [`kept`]: a fresh answer to the same request of the same scope is served again, with its age;
//! 2. the same request under way is joined: one call for all, which goes on while anyone waits for it;
//! 3. [`gate`]: the key's one queue: calls under way, rolling [`windows`], of which each [`user`] has a share, and the
//!    [`backoff`] after 429 and 5xx;
//! 4. [`retry`]: a broken connection, 502, 503 and 504 are tried again while the deadline leaves time;
//! 5. a failure is answered with what is kept, where that is not too old, and is marked as stale.
//!
//! One deadline holds for all of it: what waiting and tries have used up is missing from the next try.
//! The sandbox has no key, so it is answered at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, StatusCode, header};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use tokio::time::{Instant, sleep, timeout_at};

use crate::operate::Operate;
use crate::route::Endpoint;
use crate::settings::Limits;
use crate::shape::Problem;
use crate::upstream::{Answer, Call, Fault, Upstream};

pub mod backoff;
pub mod bypass;
pub mod counters;
pub mod flags;
pub mod gate;
pub mod kept;
pub mod key;
mod report;
pub mod retry;
mod shared;
#[cfg(test)]
pub(crate) mod tests;
pub mod user;
pub mod windows;

pub use counters::Counters;
pub use flags::{AskArgs, Asking};

use backoff::Cause;
use bypass::Bypass;
use gate::{Entered, Entrant, Gate, Refusal, Verdict, lock};
use kept::{Kept, Shelf};
use key::Key;
use retry::{End, Next};

/// The longest that a failed call waits for the windows before what it got is passed on.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who asks, as far as the answer depends on it.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// Whose answers these are; the answers of one scope are never served to another.
    pub scope: Arc<str>,
    /// Whether a kept answer will not do.
    pub fresh: bool,
}

impl Asker {
    /// The asker of a request.
    #[must_use]
    pub fn of(scope: Arc<str>, headers: &HeaderMap) -> Self {
        let says = |name, words: &[&str]| {
            headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|value| {
                value.split(',').any(|part| words.iter().any(|word| part.trim().eq_ignore_ascii_case(word)))
            })
        };
        let fresh = says(header::CACHE_CONTROL, &["no-cache", "no-store", "max-age=0"])
            || says(header::PRAGMA, &["no-cache"]);
        Self { scope, fresh }
    }
}

/// An answer, and where it is from.
#[derive(Clone, Debug)]
pub struct Served {
    /// The answer.
    pub answer: Answer,
    /// Where it is from.
    pub source: Source,
}

/// Where an answer is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The upstream, or the sandbox.
    Upstream,
    /// Kept, and fresh at this age.
    Kept(Duration),
    /// Kept, and served at this age in place of a failure of this status.
    Stale(Duration, StatusCode),
}

/// An answer, and since when it is kept if the upstream was not asked for it.
#[derive(Clone, Debug)]
struct Reply {
    answer: Answer,
    kept: Option<Instant>,
}

type Told = Result<Reply, Problem>;
type Job = BoxFuture<'static, Told>;

/// Whether a desk works with the others of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// There are no others.
    Alone,
    /// It shares windows, back-off and answers with them.
    Shared,
    /// It cannot reach what they share, and works with its share of the windows.
    Fallen,
}

/// What asks one upstream with one key.
#[derive(Clone, Debug)]
pub struct Desk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    upstream: Arc<Upstream>,
    asking: Asking,
    limits: Limits,
    gate: Gate,
    shelf: Option<Shelf>,
    bypass: Bypass,
    under_way: Mutex<HashMap<Key, (u64, WeakShared<Job>)>>,
    jobs: AtomicU64,
    counters: Arc<Counters>,
    operate: Operate,
}

impl Desk {
    /// The desk before an upstream.
    #[must_use]
    pub fn new(upstream: Arc<Upstream>, asking: Asking, limits: Limits, operate: Operate) -> Self {
        let counters = Arc::new(Counters::default());
        let gate = Gate::new(&asking, &counters);
        if let (Some(shared), Some(_)) = (gate.shared(), upstream.credential_id()) {
            let upstream = Arc::clone(&upstream);
            shared.keep_in_touch(Arc::new(move || upstream.credential_id().unwrap_or_default().to_vec()));
        }
        Self(Arc::new(Inner {
            gate,
            shelf: asking.keep.any().then(|| Shelf::new(&asking)),
            bypass: Bypass::default(),
            upstream,
            asking,
            limits,
            under_way: Mutex::default(),
            jobs: AtomicU64::new(0),
            counters,
            operate,
        }))
    }

    /// What it stands before.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.0.upstream
    }

    /// Whether it works with the others of its key.
    #[must_use]
    pub fn health(&self) -> Health {
        match self.0.gate.shared().filter(|_| self.0.upstream.credential_id().is_some()) {
            None => Health::Alone,
            Some(shared) if shared.is_up() => Health::Shared,
            Some(_) => Health::Fallen,
        }
    }

    /// What it has done.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// How many requests wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.gate.waiting()
    }

    /// How many calls are under way; always 0 without windows.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.0.gate.under_way()
    }

    /// How much longer the key is left alone, and for what.
    #[must_use]
    pub fn resting(&self) -> Option<(Cause, Duration)> {
        self.0.gate.resting()
    }

    /// Answers a request. Dropping the future leaves the queue; a call under way ends when nobody waits for it any more.
    ///
    /// # Errors
    /// [`Problem`] where there is neither an answer nor a kept one that may stand in.
    pub async fn ask(&self, call: &Call, asker: &Asker) -> Result<Served, Problem> {
        let desk = &self.0;
        let since = Instant::now();
        let deadline = since + desk.limits.upstream;
        let Some(credential) = desk.upstream.credential_id() else {
            let answer = desk.send(call, deadline, false).await.map_err(Problem::from)?;
            return Ok(Served { answer, source: Source::Upstream });
        };
        if desk.shelf.is_none() {
            let reply = desk.get(call, None, asker, deadline).await?;
            return Ok(Served { answer: reply.answer, source: Source::Upstream });
        }
        let key = Key::of(&credential, &asker.scope, call);
        let life = kept::life(desk.asking.keep, &call.endpoint);
        if let Some(kept) = desk.kept(&key).await {
            let age = kept.age();
            if age < life && !(asker.fresh && desk.bypass.leave(&key)) {
                desk.counters.kept.add_one();
                return Ok(Served { answer: kept.answer, source: Source::Kept(age) });
            }
        }
        let told = match desk.join(call, key, asker, since, deadline) {
            // The job has the deadline of whoever began it, each asker one of its own.
            Joined::Job(job) => timeout_at(deadline, job).await.unwrap_or(Err(Problem::UpstreamTimeout)),
            Joined::Done(answer) => Ok(Reply { answer, kept: None }),
        };
        let failed = match &told {
            Ok(reply) => {
                let Answer { status, retry_after, .. } = &reply.answer;
                Cause::of(*status).map(|_| (*status, retry_after.clone()))
            }
            Err(problem) => Some((problem.status(), problem.retry_after())),
        };
        if let Some((status, retry_after)) = failed
            && let Some(kept) = desk.stand_in(&key).await
        {
            desk.counters.stale.add_one();
            let source = Source::Stale(kept.age(), status);
            return Ok(Served { source, answer: Answer { retry_after, ..kept.answer } });
        }
        told.map(|reply| Served {
            answer: reply.answer,
            source: reply.kept.map_or(Source::Upstream, |at| Source::Kept(at.elapsed())),
        })
    }
}

impl Inner {
    /// Asks, or joins whoever asks the same; one that asked at `since` may have been overtaken by such an answer.
    fn join(
        self: &Arc<Self>,
        call: &Call,
        key: Key,
        asker: &Asker,
        since: Instant,
        deadline: Instant,
    ) -> Joined {
        let mut under_way = lock(&self.under_way);
        if let Some(job) = under_way.get(&key).and_then(|(_, job)| job.upgrade()) {
            self.counters.shared.add_one();
            return Joined::Job(job);
        }
        if let Some(kept) =
            self.shelf.as_ref().and_then(|shelf| shelf.get(&key)).filter(|kept| kept.at > since)
        {
            self.counters.shared.add_one();
            return Joined::Done(kept.answer.clone());
        }
        let number = self.jobs.fetch_add(1, Ordering::Relaxed);
        let gone = Gone { desk: Arc::clone(self), key, number };
        let (call, asker) = (call.clone(), asker.clone());
        let job: Job = Box::pin(async move {
            let gone = gone;
            gone.desk.get(&call, Some(key), &asker, deadline).await
        });
        let job = job.shared();
        if let Some(weak) = job.downgrade() {
            under_way.insert(key, (number, weak));
        }
        Joined::Job(job)
    }

    /// Asks: waits for a slot, tries, tries again, and keeps what may be kept.
    async fn get(&self, call: &Call, key: Option<Key>, asker: &Asker, deadline: Instant) -> Told {
        let credential = self.upstream.credential_id().unwrap_or_default();
        let life = kept::life(self.asking.keep, &call.endpoint);
        let wanted = key.as_ref().filter(|_| !asker.fresh).map(|key| (key, life));
        let mut entrant = Entrant { user: &asker.scope, credential: &credential, kept: wanted, deadline };
        let mut slot = loop {
            match self.gate.enter(entrant).await.map_err(|refusal| self.refused(refusal))? {
                Entered::Slot(slot) => break slot,
                Entered::Kept => {
                    if let Some((key, _)) = entrant.kept.take()
                        && let Some(kept) = self.kept(key).await
                    {
                        self.counters.kept.add_one();
                        return Ok(Reply { answer: kept.answer, kept: Some(kept.at) });
                    }
                }
            }
        };
        let (mut tried, mut anew) = (0, false);
        let (told, hint) = loop {
            self.counters.calls.add_one();
            let told = self.send(call, deadline, std::mem::replace(&mut anew, true)).await;
            if let Err(Failure::Fault(Fault::Stale)) = told {
                // No trouble of the upstream's, so this is none of the retries, and nothing is told of it; but the upstream
                // may have counted the call, so the windows do.
                self.gate.again(&mut slot, entrant).await.map_err(|refusal| self.refused(refusal))?;
                self.counters.retries.add_one();
                continue;
            }
            tried += 1;
            let hint = told.as_ref().ok().and_then(|answer| answer.retry_after.as_ref());
            let hint = backoff::hint(hint, SystemTime::now());
            match retry::next(end(&told), tried, self.asking.retries, hint, fastrand::f64()) {
                Next::Wait(wait) if Instant::now() + wait < deadline => sleep(wait).await,
                _ => break (told, hint),
            }
            // The slot is still held: nobody else tries meanwhile what has just failed.
            let patience = Entrant { deadline: deadline.min(Instant::now() + PATIENCE), ..entrant };
            if self.gate.again(&mut slot, patience).await.is_err() {
                break (told, hint);
            }
            self.counters.retries.add_one();
        };
        let verdict = match &told {
            Ok(answer) => Cause::of(answer.status).map_or(Verdict::Good, |cause| Verdict::Bad(cause, hint)),
            Err(_) => Verdict::None,
        };
        if let (Ok(answer), Some(key)) = (&told, key) {
            self.keep(key, answer).await;
        }
        self.gate.ended(slot, verdict).await;
        told.map(|answer| Reply { answer, kept: None }).map_err(Problem::from)
    }

    /// What is kept, however old.
    async fn kept(&self, key: &Key) -> Option<Kept> {
        let shelf = self.shelf.as_ref()?;
        if let (Some(shared), Some(credential)) = (self.gate.shared(), self.upstream.credential_id()) {
            let kept = shared.read(&credential, key).await;
            if shared.is_up() {
                // At hand should Redis be gone when it is needed.
                if let Some(kept) = &kept
                    && shelf.get(key).is_none_or(|own| own.at < kept.at)
                {
                    shelf.put(*key, kept.clone());
                }
                return kept;
            }
        }
        shelf.get(key).map(|kept| Kept::clone(&kept))
    }

    async fn keep(&self, key: Key, answer: &Answer) {
        let Some(shelf) = &self.shelf else { return };
        let shared = self.gate.shared().zip(self.upstream.credential_id());
        if kept::keepable(answer) {
            shelf.put(key, Kept { answer: answer.clone(), at: Instant::now() });
            if let Some((shared, credential)) = shared {
                shared.keep(&credential, &key, answer, kept::longest(&self.asking)).await;
            }
        } else if answer.status.is_client_error() && Cause::of(answer.status).is_none() {
            // Refused or gone by now: what was once allowed must not stand in for a failure later.
            shelf.forget(&key);
            if let Some((shared, credential)) = shared {
                shared.forget(&credential, &key).await;
            }
        }
    }

    /// The kept answer that may stand in for a failure.
    async fn stand_in(&self, key: &Key) -> Option<Kept> {
        let oldest = self.asking.stale?;
        self.kept(key).await.filter(|kept| kept.age() <= oldest)
    }

    async fn send(&self, call: &Call, deadline: Instant, anew: bool) -> Result<Answer, Failure> {
        let limit = if call.endpoint == Endpoint::History {
            self.limits.history_body
        } else {
            self.limits.answer_body
        };
        let started = std::time::Instant::now();
        let told = timeout_at(deadline, self.upstream.send(call, limit, anew)).await;
        self.operate.called(call.endpoint.api(), told.as_ref().ok(), started);
        match told {
            Err(_) => Err(Failure::Late),
            Ok(Err(fault)) => Err(Failure::Fault(fault)),
            Ok(Ok(answer)) => Ok(answer),
        }
    }

    fn refused(&self, refusal: Refusal) -> Problem {
        match refusal {
            Refusal::Busy(after) => {
                self.counters.busy.add_one();
                Problem::Busy(seconds(after))
            }
            Refusal::Share(after) => {
                self.counters.overdrawn.add_one();
                Problem::Share(seconds(after))
            }
            Refusal::Resting(cause, after) => {
                self.counters.resting.add_one();
                match cause {
                    Cause::Limited => Problem::Limited(seconds(after)),
                    Cause::Failing => Problem::Resting(seconds(after)),
                }
            }
            Refusal::Late => Problem::UpstreamTimeout,
        }
    }
}

/// What a request that is not the first of its kind finds.
enum Joined {
    Job(Shared<Job>),
    Done(Answer),
}

/// Takes a job off the list when it has ended, or when nobody waits for it any more.
struct Gone {
    desk: Arc<Inner>,
    key: Key,
    number: u64,
}

impl Drop for Gone {
    fn drop(&mut self) {
        let mut under_way = lock(&self.desk.under_way);
        if under_way.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            under_way.remove(&self.key);
        }
    }
}

/// Why a try brought no answer.
#[derive(Clone, Copy, Debug)]
enum Failure {
    Late,
    Fault(Fault),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Late => Self::UpstreamTimeout,
            Failure::Fault(Fault::Unreachable | Fault::Stale) => Self::UpstreamUnreachable,
            Failure::Fault(Fault::Unusable(reason)) => Self::UpstreamUnusable(reason),
        }
    }
}

fn end(told: &Result<Answer, Failure>) -> End {
    match told {
        Ok(answer) => End::Status(answer.status.as_u16()),
        Err(Failure::Fault(Fault::Unreachable)) => End::Broken,
        Err(_) => End::Other,
    }
}

/// Whole seconds, never too few.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0).max(u64::from(time.as_secs() == 0))
}
