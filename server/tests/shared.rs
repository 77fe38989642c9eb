//! Three replicas and a real Redis: together they keep the windows, and nothing depends on any one of the four.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(unix)]

mod common;

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use certquote_server::desk::{Asker, Desk, Health, Served, Source};
use certquote_server::route::Endpoint;
use certquote_server::shape::Problem;
use certquote_server::upstream::Call;
use common::*;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// A Redis of the test's own, which keeps nothing.
struct Redis {
    port: u16,
    child: Child,
}

impl Redis {
    async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        Self::at(port).await
    }

    async fn at(port: u16) -> Self {
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--dir", "/tmp", "--requirepass", "hunter2"])
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("these tests need redis-server (Debian's package of this name): {error}")
            });
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
        Self { port, child }
    }

    fn url(&self) -> String {
        format!("redis://:hunter2@127.0.0.1:{}/0", self.port)
    }

    /// Gives one command, and waits for its success.
    async fn order(&self, command: &str) {
        let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", self.port)).await.unwrap());
        for line in ["AUTH hunter2", command] {
            stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            let mut reply = String::new();
            stream.read_line(&mut reply).await.unwrap();
            assert_eq!(reply, "+OK\r\n", "{line}");
        }
    }

    async fn stop(mut self) -> u16 {
        self.child.kill().await.unwrap();
        self.port
    }
}

/// An upstream that notes when each call came.
async fn counting() -> (String, Arc<Mutex<Vec<Instant>>>) {
    let asked: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let app = Router::new().fallback(move || {
        seen.lock().unwrap().push(Instant::now());
        async { ([("content-type", "application/json")], r#"{"balance":"1.00"}"#) }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, asked)
}

/// So many replicas.
fn replicas(count: usize, upstream: &str, redis: &str, flags: &[&str]) -> Vec<Desk> {
    let flags = [&["--shared", redis, "--replicas", "3"], flags].concat();
    (0..count)
        .map(|_| {
            let settings = proxied(upstream, &flags);
            Desk::new(settings.digicert, settings.asking, settings.limits, settings.operate)
        })
        .collect()
}

fn balance(container: usize) -> Call {
    Call {
        endpoint: Endpoint::Balance,
        query: vec![("container_id".to_owned(), container.to_string())],
        content_type: None,
        accept: None,
        body: Default::default(),
    }
}

async fn ask(desk: &Desk, container: usize) -> Result<Served, Problem> {
    desk.ask(&balance(container), &Asker::default()).await
}

/// The most calls in any span of this length.
fn fullest(asked: &[Instant], length: Duration) -> usize {
    let from = |place: usize| asked[place..].iter().take_while(|at| **at - asked[place] <= length).count();
    (0..asked.len()).map(from).max().unwrap_or_default()
}

/// Asks at all replicas until so many calls have been answered.
async fn press(desks: &[Desk], first: usize, each: usize) {
    let mut users = JoinSet::new();
    for (replica, desk) in desks.iter().enumerate() {
        for number in 0..each {
            let desk = desk.clone();
            users.spawn(async move {
                loop {
                    match ask(&desk, first + replica * each + number).await {
                        Ok(served) => return assert_eq!(served.answer.status, 200),
                        Err(Problem::Busy(_) | Problem::UpstreamTimeout) => {
                            sleep(Duration::from_millis(50)).await
                        }
                        Err(problem) => panic!("{problem:?}"),
                    }
                }
            });
        }
    }
    users.join_all().await;
}

#[tokio::test]
async fn three_replicas_keep_the_windows_together() {
    let (redis, (url, asked)) = (Redis::start().await, counting().await);
    let desks = replicas(3, &url, &redis.url(), &["--limit", "9/500ms,30/2s"]);
    press(&desks, 0, 20).await;
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 60);
    // One is under way at a time: whatever holds a machine up, at most that one arrives late.
    assert!(fullest(&asked, Duration::from_millis(500)) <= 10);
    assert!(fullest(&asked, Duration::from_secs(2)) <= 31);
    assert!(desks.iter().all(|desk| desk.health() == Health::Shared));
}

#[tokio::test]
async fn an_answer_serves_all_replicas_and_no_other_key() {
    let (redis, (url, asked)) = (Redis::start().await, counting().await);
    let desks = replicas(3, &url, &redis.url(), &[]);
    let mut users = JoinSet::new();
    for desk in desks.iter().cycle().take(30) {
        let desk = desk.clone();
        users.spawn(async move { ask(&desk, 1).await.unwrap().answer.body });
    }
    assert!(users.join_all().await.iter().all(|body| body == r#"{"balance":"1.00"}"#));
    assert_eq!(asked.lock().unwrap().len(), 1);
    assert!(matches!(ask(&desks[2], 1).await.unwrap().source, Source::Kept(_)));

    let settings = proxied(&url, &["--shared", &redis.url()]);
    let other = Desk::new(settings.frontier, settings.asking, settings.limits, settings.operate);
    assert_eq!(ask(&other, 1).await.unwrap().source, Source::Upstream);
    let scoped = Asker { scope: "anna".into(), fresh: false };
    assert_eq!(desks[0].ask(&balance(1), &scoped).await.unwrap().source, Source::Upstream);
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn what_one_replica_is_told_all_of_them_heed() {
    for head in ["429 Too Many Requests", "503 Unavailable"] {
        let redis = Redis::start().await;
        let fake = Fake::answering(&format!("{head}\r\nRetry-After: 100"), "{}").await;
        let desks = replicas(3, &fake.url, &redis.url(), &[]);
        assert_eq!(ask(&desks[0], 1).await.unwrap().answer.status.as_str(), &head[..3]);
        for desk in &desks {
            let (limited, after) = match ask(desk, 2).await {
                Err(Problem::Limited(after)) => (true, after),
                Err(Problem::Resting(after)) => (false, after),
                other => panic!("{other:?}"),
            };
            assert!(limited == head.starts_with("429") && (60..=110).contains(&after), "{after}");
        }
        assert_eq!(fake.asked().len(), 1);
    }
}

#[tokio::test]
async fn the_back_off_ends_for_all_when_it_ends_for_one() {
    let redis = Redis::start().await;
    let heads = ["500 Oops", "500 Oops", "200 OK\r\nContent-Type: application/json", "500 Oops"];
    let fake = Fake::each(&heads, "{}").await;
    let desks = replicas(3, &fake.url, &redis.url(), &["--cache=off"]);
    let mut rests = Vec::new();
    for desk in desks.iter().cycle().take(heads.len()) {
        let served = loop {
            match ask(desk, 1).await {
                Ok(served) => break served,
                Err(Problem::Resting(_)) => sleep(Duration::from_millis(20)).await,
                Err(problem) => panic!("{problem:?}"),
            }
        };
        assert!(served.answer.status == 200 || served.answer.status == 500);
        rests.push(desk.resting().map_or(0, |(_, left)| left.as_millis()));
    }
    // The second failure in a row counts double, the one after the success is the first again.
    assert!(rests[0] <= 1_000 && rests[1] <= 2_000 && rests[2] == 0 && rests[3] <= 1_000, "{rests:?}");
    assert_eq!(fake.asked().len(), heads.len());
}

struct Server {
    child: Child,
    address: String,
}

async fn server(flags: &[&str]) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certquote-server"));
    command.args(["--listen", "127.0.0.1:0"]).args(flags).env("DIGICERT_API_KEY", "the-key");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    Server { child, address: line.strip_prefix("listening on http://").unwrap().to_owned() }
}

async fn send(address: &str, container: usize) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        format!("GET {BALANCE}?container_id={container} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_replica_killed_in_mid_flight_loses_nothing() {
    let redis = Redis::start().await;
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    // The second call hangs.
    let fake = Fake::start(Act::Each(vec![answer.into(), Vec::new(), answer.into()])).await;
    let flags =
        ["--digicert-url", &fake.url, "--shared", &redis.url(), "--deadline", "3s", "--cache", "balance=10m"];
    let (mut dies, lives, other) = (server(&flags).await, server(&flags).await, server(&flags).await);
    assert!(send(&dies.address, 1).await.starts_with("HTTP/1.1 200"));
    let address = dies.address.clone();
    let hanging = tokio::spawn(async move { send(&address, 2).await });
    while fake.asked().len() < 2 {
        sleep(Duration::from_millis(5)).await;
    }
    dies.child.kill().await.unwrap();
    assert_eq!(hanging.await.unwrap(), "");
    // What it had learnt is there, at once.
    let kept = send(&lives.address, 1).await;
    assert!(kept.contains("\r\nage: "), "{kept}");
    // The place that it held is free again after its deadline.
    let (one, two) =
        tokio::join!(async { while !send(&lives.address, 3).await.starts_with("HTTP/1.1 200") {} }, async {
            while !send(&other.address, 4).await.starts_with("HTTP/1.1 200") {}
        });
    assert_eq!((one, two, fake.asked().len()), ((), (), 4));
}

#[tokio::test]
async fn without_redis_each_replica_keeps_to_its_share_and_comes_back_by_itself() {
    let (redis, (url, asked)) = (Redis::start().await, counting().await);
    let desks = replicas(3, &url, &redis.url(), &["--limit", "12/1s", "--deadline", "5s"]);
    press(&desks, 0, 4).await;
    let port = redis.stop().await;
    press(&desks, 100, 8).await;
    assert!(desks.iter().all(|desk| desk.health() == Health::Fallen));
    assert!(desks.iter().all(|desk| desk.counters().fallbacks.get() > 0));

    let _redis = Redis::at(port).await;
    let back = async || {
        while desks.iter().any(|desk| desk.health() != Health::Shared) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), back()).await.unwrap();
    press(&desks, 200, 8).await;
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 60);
    // Alone each has one call under way: at most these arrive late.
    assert!(fullest(&asked, Duration::from_secs(1)) <= 15, "{}", fullest(&asked, Duration::from_secs(1)));
}

#[tokio::test]
async fn a_redis_that_can_be_read_but_not_written_counts_as_gone_until_it_can() {
    // Out of memory, and a replica that took the place of its master; without room on its disk it is the same.
    for (fault, mended) in
        [("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"), ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    {
        let (redis, (url, asked)) = (Redis::start().await, counting().await);
        let desks = replicas(1, &url, &redis.url(), &["--limit", "30/1s", "--deadline", "3s"]);
        press(&desks, 0, 2).await;
        redis.order(fault).await;
        for container in 100..140 {
            assert_eq!(ask(&desks[0], container).await.unwrap().answer.status, 200, "{fault}");
        }
        assert_eq!((desks[0].health(), desks[0].counters().fallbacks.get()), (Health::Fallen, 1), "{fault}");
        redis.order(mended).await;
        let back = async || {
            while desks[0].health() != Health::Shared {
                sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), back()).await.unwrap();
        press(&desks, 200, 2).await;
        assert_eq!(asked.lock().unwrap().len(), 44);
    }
}

#[tokio::test]
async fn a_clock_of_redis_that_was_put_back_stops_nobody_and_makes_nothing_young() {
    let (redis, (url, asked)) = (Redis::start().await, counting().await);
    let desks = replicas(1, &url, &redis.url(), &["--limit", "30/1s", "--cache", "balance=10m"]);
    ask(&desks[0], 1).await.unwrap();
    assert!(matches!(ask(&desks[0], 1).await.unwrap().source, Source::Kept(_)));
    // What was written before lies centuries ahead: calls, a place under way, the back-off, the answer.
    let ahead = "for _, sent in ipairs(redis.call('KEYS', '*:sent')) do \
         local all = string.sub(sent, 1, -5) \
         for call = 1, 40 do redis.call('ZADD', sent, 9e15, call) end \
         redis.call('ZADD', all .. 'way', 9e12, 'x') \
         redis.call('HSET', all .. 'rest', 'since', '9000000000000000', 'streak', 3, 'until', '9000000000000', 'cause', 'failing') \
         for _, key in ipairs(redis.call('KEYS', all .. '*')) do \
         if redis.call('TYPE', key).ok == 'hash' and redis.call('HEXISTS', key, 'at') == 1 then redis.call('HSET', key, 'at', '9000000000000') end \
         end end return redis.status_reply('OK')";
    redis.order(&format!("EVAL \"{ahead}\" 0")).await;
    // As the last reply had it, so that it is Redis that decides.
    while desks[0].resting().is_some() {
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(ask(&desks[0], 1).await.unwrap().source, Source::Upstream);
    assert!(
        matches!(ask(&desks[0], 1).await.unwrap().source, Source::Kept(age) if age < Duration::from_secs(60))
    );
    assert_eq!((asked.lock().unwrap().len(), desks[0].health()), (2, Health::Shared));
}

#[tokio::test]
async fn a_redis_that_hangs_holds_no_request_up() {
    let (silent, (url, asked)) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), counting().await);
    let redis = format!("redis://{}", silent.local_addr().unwrap());
    let desks = replicas(1, &url, &redis, &["--limit", "100/100ms"]);
    for container in 0..5 {
        assert_eq!(ask(&desks[0], container).await.unwrap().answer.status, 200);
    }
    assert_eq!((asked.lock().unwrap().len(), desks[0].health()), (5, Health::Fallen));
}

#[tokio::test]
async fn the_log_says_that_redis_is_gone_and_no_password() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (url, _) = counting().await;
    let redis = format!("redis://:hunter2@{free}");
    let server = server(&["--digicert-url", &url, "--shared", &redis, "--limit", "100/100ms"]).await;
    for container in 0..3 {
        assert!(send(&server.address, container).await.starts_with("HTTP/1.1 200"));
    }
    let id = server.child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let output = server.child.wait_with_output().await.unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(log.matches("the shared state is gone").count(), 1, "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}
