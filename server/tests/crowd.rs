//! A thousand people at one key, by a clock of the test's own: the upstream counts every call that reaches it over a socket.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use common::*;
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, sleep};
use tower::ServiceExt as _;

const USERS: u32 = 1_000;
/// Answers that each of them wants.
const WANTED: u32 = 2;
const STEP: Duration = Duration::from_millis(20);

/// The sandbox, and when it was called.
async fn counting() -> (String, Arc<Mutex<Vec<Instant>>>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&times);
    let app = certquote_server::app(sandbox()).layer(from_fn(move |request: Request, next: Next| {
        noted.lock().unwrap().push(Instant::now());
        next.run(request)
    }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/digicert", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, times)
}

/// Asks for two balances that nobody else asks for; comes back whenever it is told to. Gives how often it was sent away.
async fn user(app: Router, number: u32) -> u32 {
    let mut sent_away = 0;
    for answer in 0..WANTED {
        loop {
            let path = format!("{BALANCE}?container_id={}", 100_000 + number * WANTED + answer);
            let got = Got::of(app.clone().oneshot(get(&path)).await.unwrap()).await;
            if got.status == 200 {
                break;
            }
            assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (429, true), "{}", got.text());
            sleep(Duration::from_secs(got.header("retry-after").unwrap().parse().unwrap())).await;
            sent_away += 1;
        }
    }
    sent_away
}

#[tokio::test(start_paused = true)]
async fn a_thousand_users_never_exceed_the_windows_of_the_upstream() {
    // As long as something blocks, the clock goes on only where it is told to below; else it would jump over whatever is
    // under way on a socket.
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let holding = tokio::task::spawn_blocking(move || held.recv());
    let (url, times) = counting().await;
    let app = certquote_server::app(proxied(&url, &[]));
    let mut users: JoinSet<u32> = (0..USERS).map(|number| user(app.clone(), number)).collect();
    let mut sent_away = 0;
    while !users.is_empty() {
        let before = times.lock().unwrap().len();
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        while let Some(done) = users.try_join_next() {
            sent_away += done.unwrap();
        }
        let quiet = times.lock().unwrap().len() == before;
        advance(if quiet { STEP * 5 } else { STEP }).await;
    }
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), (USERS * WANTED) as usize, "each answer was asked for once");
    assert!(sent_away > 0, "so many do not fit at once");
    for (calls, length) in [(100, Duration::from_secs(5)), (1_000, Duration::from_secs(180))] {
        for span in times.windows(calls + 1) {
            let taken = span[calls] - span[0];
            assert!(taken > length, "{} calls within {taken:?}", calls + 1);
        }
    }
    drop(hold);
    let _ = holding.await;
}
