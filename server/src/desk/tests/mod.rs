//! The desk before an upstream that does as it is told, in a time of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use std::fmt;

use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use tokio::task::JoinSet;

use super::windows::Window;
use super::*;

mod queue;
mod user;

type Told = Result<Answer, Fault>;
type Play = dyn Fn(usize, Call) -> BoxFuture<'static, Told> + Send + Sync;

/// An upstream that is told what to answer to its first call, its second, and so on, and notes when each came.
#[derive(Clone)]
pub struct Script {
    play: Arc<Play>,
    asked: Arc<Mutex<Vec<Instant>>>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    fn new<F: Future<Output = Told> + Send + 'static>(
        play: impl Fn(usize, Call) -> F + Send + Sync + 'static,
    ) -> Self {
        Self { play: Arc::new(move |number, call| Box::pin(play(number, call))), asked: Arc::default() }
    }

    /// One answer after the other; the last one stays.
    fn of(answers: &[Told]) -> Self {
        let answers = answers.to_vec();
        Self::new(move |number, _| {
            let answer = answers.get(number).or(answers.last()).cloned().unwrap();
            async move { answer }
        })
    }

    pub(crate) async fn answer(&self, call: &Call) -> Told {
        let number = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(Instant::now());
            asked.len() - 1
        };
        (self.play)(number, call.clone()).await
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn desk(&self, asking: Asking) -> Desk {
        Desk::new(Arc::new(Upstream::Scripted(self.clone())), asking, Limits::default(), Default::default())
    }
}

fn ok(body: &str) -> Told {
    Ok(Answer {
        status: StatusCode::OK,
        content_type: Some(HeaderValue::from_static("application/json")),
        retry_after: None,
        body: Bytes::from(body.to_owned()),
    })
}

fn status(code: u16, retry_after: Option<&'static str>) -> Told {
    ok(r#"{"errors":[]}"#).map(|answer| Answer {
        status: StatusCode::from_u16(code).unwrap(),
        retry_after: retry_after.map(HeaderValue::from_static),
        ..answer
    })
}

fn call(container: u32) -> Call {
    Call {
        endpoint: Endpoint::Balance,
        query: vec![("container_id".to_owned(), container.to_string())],
        content_type: None,
        accept: None,
        body: Bytes::new(),
    }
}

fn asker(scope: &str) -> Asker {
    Asker { scope: scope.into(), fresh: false }
}

fn in_a_hurry() -> Asker {
    Asker { scope: Arc::default(), fresh: true }
}

fn text(served: &Served) -> String {
    String::from_utf8_lossy(&served.answer.body).into_owned()
}

async fn get(desk: &Desk) -> Result<Served, Problem> {
    desk.ask(&call(1), &asker("")).await
}

async fn pass(secs: u64) {
    sleep(Duration::from_secs(secs)).await;
}

/// Without a cache, which would answer what these ask.
fn uncached() -> Asking {
    Asking { keep: flags::Keep::OFF, ..Asking::default() }
}

fn unretried() -> Asking {
    Asking { retries: 0, ..Asking::default() }
}

#[tokio::test(start_paused = true)]
async fn a_fresh_answer_is_served_again_with_its_age() {
    let script = Script::of(&[ok("1"), ok("2")]);
    let desk = script.desk(Asking::default());
    assert_eq!(get(&desk).await.unwrap().source, Source::Upstream);
    pass(14).await;
    let again = get(&desk).await.unwrap();
    assert_eq!((text(&again).as_str(), again.source), ("1", Source::Kept(Duration::from_secs(14))));
    pass(1).await;
    let later = get(&desk).await.unwrap();
    assert_eq!((text(&later).as_str(), later.source), ("2", Source::Upstream));
    assert_eq!((script.asked(), desk.counters().kept.get(), desk.counters().calls.get()), (2, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_shared_between_scopes() {
    let script = Script::new(|number, _| async move {
        pass(1).await;
        ok(&number.to_string())
    });
    let desk = script.desk(Asking::default());
    let (anna, ben) = (asker("anna"), asker("ben"));
    let request = call(1);
    let (one, other) = tokio::join!(desk.ask(&request, &anna), desk.ask(&request, &ben));
    assert_ne!(text(&one.unwrap()), text(&other.unwrap()));
    assert_eq!(desk.ask(&request, &asker("carl")).await.unwrap().source, Source::Upstream);
    assert_eq!(script.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_never_served_again() {
    for failure in
        [status(403, None), status(404, None), status(200, None).map(|a| Answer { content_type: None, ..a })]
    {
        let script = Script::of(&[failure, ok("1")]);
        let desk = script.desk(Asking::default());
        get(&desk).await.unwrap();
        assert_eq!(text(&get(&desk).await.unwrap()), "1");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_wants_a_fresh_answer_gets_five_in_a_row_and_then_one_each_two_seconds() {
    let script = Script::new(|number, _| async move { ok(&number.to_string()) });
    let desk = script.desk(Asking::default());
    let fresh = async || text(&desk.ask(&call(1), &in_a_hurry()).await.unwrap());
    for expected in ["0", "1", "2", "3", "4", "5", "5", "5"] {
        assert_eq!(fresh().await, expected);
    }
    for expected in ["6", "7"] {
        pass(2).await;
        assert_eq!(fresh().await, expected);
        assert_eq!(fresh().await, expected);
        assert_eq!(text(&get(&desk).await.unwrap()), expected);
    }
    // Others are not held up by it.
    assert_eq!(desk.ask(&call(2), &in_a_hurry()).await.unwrap().source, Source::Upstream);
}

#[tokio::test(start_paused = true)]
async fn identical_requests_share_one_call() {
    let script = Script::new(|number, _| async move {
        pass(1).await;
        ok(&number.to_string())
    });
    let desk = script.desk(Asking::default());
    let mut askers = JoinSet::new();
    for _ in 0..100 {
        let desk = desk.clone();
        askers.spawn(async move { get(&desk).await.unwrap() });
    }
    for served in askers.join_all().await {
        assert_eq!((text(&served).as_str(), served.source), ("0", Source::Upstream));
    }
    assert_eq!((script.asked(), desk.counters().shared.get()), (1, 99));
    assert!(lock(&desk.0.under_way).is_empty());
}

/// Tells when it is dropped.
struct Flag(Arc<AtomicU64>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_shared_call_lasts_as_long_as_one_asker() {
    let dropped = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&dropped);
    let script = Script::new(move |_, _| {
        let flag = Flag(Arc::clone(&seen));
        async move {
            pass(5).await;
            drop(flag);
            ok("1")
        }
    });
    let desk = script.desk(Asking::default());
    let spawn = || {
        let desk = desk.clone();
        tokio::spawn(async move { get(&desk).await })
    };
    let (first, second) = (spawn(), spawn());
    pass(1).await;
    first.abort();
    assert_eq!(text(&second.await.unwrap().unwrap()), "1");
    assert_eq!((script.asked(), dropped.load(Ordering::Relaxed)), (1, 1));

    pass(60).await;
    let (first, second) = (spawn(), spawn());
    pass(1).await;
    first.abort();
    second.abort();
    let _ = tokio::join!(first, second);
    assert_eq!((script.asked(), dropped.load(Ordering::Relaxed)), (2, 2));
    assert!(lock(&desk.0.under_way).is_empty());
    assert_eq!(desk.under_way(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_answered_with_what_is_kept() {
    for failure in [
        status(500, None),
        status(503, None),
        status(429, None),
        Err(Fault::Unreachable),
        Err(Fault::Unusable("it redirects")),
    ] {
        let script = Script::of(&[ok("1"), failure]);
        let desk = script.desk(unretried());
        get(&desk).await.unwrap();
        pass(60).await;
        let stale = get(&desk).await.unwrap();
        let Source::Stale(age, _) = stale.source else { panic!("{:?}", stale.source) };
        assert_eq!((text(&stale).as_str(), age), ("1", Duration::from_secs(60)));
        pass(540).await;
        assert!(matches!(get(&desk).await.unwrap().source, Source::Stale(..)));
        pass(1).await;
        assert!(!matches!(get(&desk).await, Ok(Served { source: Source::Stale(..), .. })));
    }
}

#[tokio::test(start_paused = true)]
async fn an_upstream_that_hangs_is_answered_for_with_what_is_kept_or_504() {
    let script = Script::new(|number, _| async move {
        if number > 0 {
            std::future::pending::<()>().await;
        }
        ok("1")
    });
    let desk = script.desk(Asking::default());
    get(&desk).await.unwrap();
    pass(20).await;
    assert!(matches!(get(&desk).await.unwrap().source, Source::Stale(..)));
    let start = Instant::now();
    assert_eq!(desk.ask(&call(2), &asker("")).await.unwrap_err(), Problem::UpstreamTimeout);
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_by_now_does_not_stand_in_later() {
    let script = Script::of(&[ok("1"), status(403, None), status(500, None)]);
    let desk = script.desk(Asking::default());
    for expected in [200, 403, 500] {
        assert_eq!(get(&desk).await.unwrap().answer.status, expected);
        pass(20).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_429_and_5xx_the_key_is_left_alone() {
    for (failure, expected) in [
        (status(429, None), Problem::Limited(1)),
        (status(500, None), Problem::Resting(1)),
        (status(429, Some("30")), Problem::Limited(33)),
        (status(503, Some("100000")), Problem::Resting(180)),
    ] {
        let script = Script::of(&[failure.clone(), ok("1")]);
        let desk = script.desk(uncached());
        // The answer that caused it is passed on as it is.
        let passed = get(&desk).await.unwrap().answer;
        assert_eq!(passed.status, failure.clone().unwrap().status);
        assert_eq!(passed.retry_after, failure.unwrap().retry_after);
        let (cause, left) = desk.resting().unwrap();
        let refused = desk.ask(&call(2), &asker("")).await.unwrap_err();
        match (&refused, &expected) {
            (Problem::Limited(after), Problem::Limited(most))
            | (Problem::Resting(after), Problem::Resting(most)) => {
                assert!(after <= most && *after == seconds(left), "{cause:?} {refused:?}");
            }
            _ => panic!("{refused:?}"),
        }
        assert_eq!((script.asked(), desk.counters().resting.get()), (1, 1));
        // Honest: by then it is over.
        sleep(left).await;
        assert_eq!(get(&desk).await.unwrap().answer.status, 200);
        assert_eq!(desk.resting(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn an_upstream_that_asks_for_no_time_at_all_is_left_alone_all_the_same() {
    // The date is long past, as that of an upstream whose clock is behind ours.
    for hint in ["0", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let script = Script::of(&[status(429, Some(hint))]);
        let desk = script.desk(uncached());
        assert_eq!(get(&desk).await.unwrap().answer.status, 429);
        assert_eq!(get(&desk).await.unwrap_err(), Problem::Limited(1), "{hint}");
        pass(1).await;
        get(&desk).await.unwrap();
        assert!(matches!(get(&desk).await.unwrap_err(), Problem::Limited(1 | 2)));
        assert_eq!(script.asked(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn the_back_off_grows_to_its_cap_while_the_upstream_fails() {
    let script = Script::of(&[status(500, None)]);
    let desk = script.desk(uncached());
    let mut rests = Vec::new();
    for _ in 0..12 {
        get(&desk).await.unwrap();
        let (_, left) = desk.resting().unwrap();
        rests.push(left.as_millis());
        sleep(left).await;
    }
    for (streak, rest) in rests.iter().enumerate() {
        let whole = 180_000.min(1_000 << streak);
        assert!((whole / 2..=whole).contains(rest), "{rests:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_call_is_tried_again_and_each_try_takes_its_place_in_the_windows() {
    let script = Script::of(&[Err(Fault::Unreachable), status(503, None), ok("1")]);
    let window = Window { calls: 3, length: Duration::from_secs(60) };
    let desk = script.desk(Asking { windows: vec![window], ..uncached() });
    let start = Instant::now();
    assert_eq!(text(&get(&desk).await.unwrap()), "1");
    assert!(start.elapsed() < Duration::from_millis(300));
    assert_eq!((script.asked(), desk.counters().retries.get(), desk.resting()), (3, 2, None));
    assert!(matches!(get(&desk).await.unwrap_err(), Problem::Busy(60..=61)));
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_good_fails_soon_and_as_it_is() {
    for (failure, asked) in [
        (Err(Fault::Unreachable), 3),
        (status(502, None), 3),
        (status(504, None), 3),
        (status(500, None), 1),
        (status(503, Some("5")), 1),
        (Err(Fault::Unusable("it redirects")), 1),
    ] {
        let script = Script::of(std::slice::from_ref(&failure));
        let desk = script.desk(Asking::default());
        let start = Instant::now();
        let got = get(&desk).await;
        match failure {
            Ok(answer) => assert_eq!(got.unwrap().answer.status, answer.status),
            Err(fault) => assert_eq!(got.unwrap_err(), Problem::from(Failure::Fault(fault))),
        }
        assert!(start.elapsed() < Duration::from_millis(500));
        assert_eq!(script.asked(), asked);
    }
}
