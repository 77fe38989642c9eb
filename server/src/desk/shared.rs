//! What replicas share through Redis: the windows, the calls under way, the back-off and the answers.
//!
//! Each decision is one script, so that no two replicas can take the same slot. A slot is a moment in a log and a call
//! under way a lease that runs out: a replica that dies leaves nothing behind that would have to be cleared up.
//!
//! Every reply also brings the calls of the others, so each replica knows the whole log and holds itself to it. When
//! Redis is gone it goes on from there: each call of its own then counts as many times as there are replicas, which
//! divides what is left of the windows among them. What the others may have sent since the last reply is taken as sent.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult, Script};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::backoff::Cause;
use super::counters::Counters;
use super::flags::{Asking, Together};
use super::gate::{Verdict, lock};
use super::kept::Kept;
use super::key::{Key, hex};
use super::windows::{Log, MARGIN, Window};
use crate::upstream::Answer;

/// How long Redis may take to reply; longer counts as gone. Only what is under way at that moment waits so long.
const REPLY: Duration = Duration::from_secs(1);
/// How long a connection to it may take.
const CONNECT: Duration = Duration::from_secs(1);
/// How often it is asked what goes on, whether it is there or gone.
const BEAT: Duration = Duration::from_secs(1);
/// A reply that is older than a call known of by more than this, in µs, was not overtaken: Redis' clock was put back.
const PUT_BACK: i64 = 5_000_000;
/// Larger answers are not shared.
const LARGEST: usize = 1024 * 1024;

/// What came of asking for leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Go, at this time of Redis' clock in µs.
    Go(i64),
    /// The windows open after this time.
    Wait(Duration),
    /// Too many calls are under way.
    Full,
    /// The key is left alone.
    Resting(Cause, Duration),
    /// Another replica has the answer by now.
    Kept,
    /// Redis does not answer.
    Gone,
}

type Reply = (i64, String, i64, String, Vec<i64>);

/// The replica's side of it.
pub(super) struct Shared {
    together: Together,
    windows: Vec<Window>,
    in_flight: usize,
    cap: Duration,
    /// Tells this replica's calls from those of others.
    name: String,
    calls: AtomicU64,
    first: OnceCell<()>,
    connection: Mutex<Option<MultiplexedConnection>>,
    up: AtomicBool,
    known: Mutex<Known>,
    log: Arc<Mutex<Log>>,
    counters: Arc<Counters>,
}

/// What is known of the shared log.
struct Known {
    newest: i64,
    at: Instant,
    rest: Option<(Cause, Instant)>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shared({:?})", self.together)
    }
}

impl Shared {
    /// One of the replicas; `log` gets the calls of all of them.
    pub(super) fn new(
        together: Together,
        asking: &Asking,
        log: Arc<Mutex<Log>>,
        counters: Arc<Counters>,
    ) -> Arc<Self> {
        Arc::new(Self {
            together,
            windows: asking.windows.clone(),
            in_flight: asking.in_flight,
            cap: asking.backoff.unwrap_or_default(),
            name: format!("{:016x}", fastrand::u64(..)),
            calls: AtomicU64::new(0),
            first: OnceCell::new(),
            connection: Mutex::new(None),
            up: AtomicBool::new(true),
            known: Mutex::new(Known { newest: 0, at: Instant::now(), rest: None }),
            log,
            counters,
        })
    }

    /// Keeps in touch for as long as the desk is there.
    pub(super) fn keep_in_touch(self: &Arc<Self>, credential: Arc<dyn Fn() -> Vec<u8> + Send + Sync>) {
        // Outside of a runtime nothing can be asked either.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let shared = Arc::downgrade(self);
        runtime.spawn(async move {
            while let Some(shared) = shared.upgrade() {
                shared.look(&credential()).await;
                drop(shared);
                tokio::time::sleep(BEAT).await;
            }
        });
    }

    /// Whether Redis answers.
    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::SeqCst)
    }

    /// What a call of this replica counts for: itself, or while Redis is gone those of the others too.
    pub(super) fn weight(&self) -> u32 {
        if self.is_up() { 1 } else { self.together.replicas }
    }

    /// The back-off, as of the last reply.
    pub(super) fn resting(&self, now: Instant) -> Option<(Cause, Duration)> {
        let (cause, until) = lock(&self.known).rest?;
        (until > now).then(|| (cause, until - now))
    }

    /// A name for a call of this replica.
    pub(super) fn name(&self) -> String {
        format!("{}-{}", self.name, self.calls.fetch_add(1, Ordering::Relaxed))
    }

    /// Asks for leave to send one call; `place` is its name and how long it is under way at most, where it needs a place
    /// among them, `kept` the answer that will do and its life.
    pub(super) async fn enter(
        &self,
        credential: &[u8],
        place: Option<(&str, Duration)>,
        kept: Option<(&Key, Duration)>,
    ) -> Word {
        let script = Script::new(include_str!("lua/enter.lua"));
        let mut call = script.prepare_invoke();
        call.key(of(credential, "sent")).key(of(credential, "way")).key(of(credential, "rest"));
        call.key(kept.map_or_else(|| of(credential, "none"), |(key, _)| answer_of(credential, key)));
        let (name, held) = place.map_or(("", 0), |(name, held)| (name, millis(held)));
        call.arg(self.name()).arg(name).arg(held).arg(self.in_flight).arg(lock(&self.known).newest);
        call.arg(kept.map_or(0, |(_, life)| millis(life)));
        for window in &self.windows {
            call.arg(window.calls).arg((window.length + MARGIN).as_micros().to_string());
        }
        let reply = self.with(async |mut connection| call.invoke_async::<Reply>(&mut connection).await).await;
        let Some((now, word, number, cause, unknown)) = reply else { return Word::Gone };
        self.learn(now, &word, number, &cause, &unknown);
        let number = u64::try_from(number).unwrap_or_default();
        match word.as_str() {
            "go" => Word::Go(now),
            "wait" => Word::Wait(Duration::from_micros(number)),
            "full" => Word::Full,
            "rest" => Word::Resting(cause_of(&cause), Duration::from_millis(number)),
            _ => Word::Kept,
        }
    }

    /// Gives a place back and says how its call ended, which was sent at `sent`.
    pub(super) async fn leave(&self, credential: &[u8], place: &str, sent: i64, verdict: Verdict) {
        let script = Script::new(include_str!("lua/leave.lua"));
        let mut call = script.prepare_invoke();
        call.key(of(credential, "way")).key(of(credential, "rest")).arg(place);
        let (word, cause, hint) = match verdict {
            Verdict::Good => ("good", "", None),
            Verdict::None => ("none", "", None),
            Verdict::Bad(Cause::Limited, hint) => ("bad", "limited", hint),
            Verdict::Bad(Cause::Failing, hint) => ("bad", "failing", hint),
        };
        call.arg(word).arg(sent).arg(cause).arg(hint.map_or(-1, millis));
        call.arg(millis(self.cap)).arg(fastrand::f64());
        let rest =
            self.with(async |mut connection| call.invoke_async::<(i64, String)>(&mut connection).await).await;
        if let Some((left, cause)) = rest.filter(|_| verdict != Verdict::None) {
            lock(&self.known).rest = rest_of(left, &cause);
        }
    }

    /// The kept answer; `None` too where Redis is gone.
    pub(super) async fn read(&self, credential: &[u8], key: &Key) -> Option<Kept> {
        let script = Script::new(include_str!("lua/read.lua"));
        let mut call = script.prepare_invoke();
        call.key(answer_of(credential, key));
        type Found = (i64, Vec<u8>, Vec<u8>);
        let (age, content_type, body) =
            self.with(async |mut connection| call.invoke_async::<Found>(&mut connection).await).await?;
        let at = Instant::now().checked_sub(Duration::from_millis(u64::try_from(age).ok()?))?;
        let content_type = Some(HeaderValue::from_bytes(&content_type).ok()?);
        let answer = Answer { status: StatusCode::OK, content_type, retry_after: None, body: body.into() };
        Some(Kept { answer, at })
    }

    /// Keeps an answer for all replicas.
    pub(super) async fn keep(&self, credential: &[u8], key: &Key, answer: &Answer, life: Duration) {
        if answer.body.len() > LARGEST {
            return self.forget(credential, key).await;
        }
        let script = Script::new(include_str!("lua/keep.lua"));
        let mut call = script.prepare_invoke();
        let content_type = answer.content_type.as_ref().map(HeaderValue::as_bytes).unwrap_or_default();
        call.key(answer_of(credential, key)).arg(content_type).arg(&*answer.body).arg(millis(life));
        self.with(async |mut connection| call.invoke_async::<i64>(&mut connection).await).await;
    }

    /// Forgets an answer.
    pub(super) async fn forget(&self, credential: &[u8], key: &Key) {
        let del = redis::cmd("DEL").arg(answer_of(credential, key)).to_owned();
        self.with(async |mut connection| del.query_async::<i64>(&mut connection).await).await;
    }

    /// Learns what goes on, and whether Redis is there.
    async fn look(&self, credential: &[u8]) {
        if !self.is_up() {
            self.connect().await;
        }
        let script = Script::new(include_str!("lua/look.lua"));
        let mut call = script.prepare_invoke();
        call.key(of(credential, "sent")).key(of(credential, "rest")).key(of(credential, "look"));
        call.arg(lock(&self.known).newest);
        let reply = self.with(async |mut connection| call.invoke_async::<Reply>(&mut connection).await).await;
        if let Some((now, word, number, cause, unknown)) = reply {
            self.learn(now, &word, number, &cause, &unknown);
            let connection = lock(&self.connection);
            if connection.is_some() && !self.up.swap(true, Ordering::SeqCst) {
                tracing::info!("the shared state is back");
            }
        }
    }

    /// Takes the calls of the others, and this replica's own, into the log.
    fn learn(&self, now: i64, word: &str, number: i64, cause: &str, unknown: &[i64]) {
        let mut known = lock(&self.known);
        let mut log = lock(&self.log);
        let here = Instant::now();
        if known.newest.saturating_sub(now) > PUT_BACK {
            known.newest = now;
        }
        for sent in unknown {
            // A reply that was overtaken brings what is known by now.
            if *sent > known.newest {
                let age = Duration::from_micros(u64::try_from(now - sent).unwrap_or_default());
                log.note(here.checked_sub(age).unwrap_or(here), 1);
            }
        }
        known.newest = unknown.iter().copied().fold(known.newest, i64::max);
        known.at = here;
        known.rest = if word == "rest" { rest_of(number, cause) } else { None };
    }

    /// Runs a command, where there is a connection; a failure ends it.
    async fn with<T>(&self, run: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<T>) -> Option<T> {
        self.first.get_or_init(|| self.connect()).await;
        let Some(connection) = lock(&self.connection).clone() else {
            self.fell(&"not connected");
            return None;
        };
        match run(connection).await {
            Ok(value) => Some(value),
            Err(error) => {
                self.fell(&error);
                None
            }
        }
    }

    async fn connect(&self) {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(REPLY));
        match self.together.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => *lock(&self.connection) = Some(connection),
            Err(error) => self.fell(&error),
        }
    }

    /// Goes on alone. What the others may have sent since the last reply counts as sent just now.
    fn fell(&self, error: &dyn std::fmt::Display) {
        let mut connection = lock(&self.connection);
        *connection = None;
        if !self.is_up() {
            return;
        }
        self.counters.fallbacks.add_one();
        let replicas = self.together.replicas;
        tracing::warn!(%error, replicas, "the shared state is gone; going on with this replica's share");
        let silent = lock(&self.known).at.elapsed();
        let most = |window: &Window| {
            let spans = silent.as_nanos() / window.length.as_nanos().max(1) + 1;
            window.calls.saturating_mul(u32::try_from(spans).unwrap_or(u32::MAX))
        };
        if let Some(unknown) = self.windows.iter().map(most).min() {
            lock(&self.log).note(Instant::now(), unknown);
        }
        // Last, so that nobody goes on before that is noted.
        self.up.store(false, Ordering::SeqCst);
    }
}

/// The name of a thing of one credential; the braces keep them on one node of a cluster.
fn of(credential: &[u8], what: &str) -> String {
    format!("certquote:{{{}}}:{what}", hex(credential))
}

fn answer_of(credential: &[u8], key: &Key) -> String {
    of(credential, &key.hex())
}

fn cause_of(text: &str) -> Cause {
    if text == "limited" { Cause::Limited } else { Cause::Failing }
}

fn rest_of(left: i64, cause: &str) -> Option<(Cause, Instant)> {
    let left = u64::try_from(left).ok().filter(|left| *left > 0)?;
    Some((cause_of(cause), Instant::now() + Duration::from_millis(left)))
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
