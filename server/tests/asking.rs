//! How little an upstream is asked, seen from outside: headers, statuses, connections, and the flags that switch it off.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;

use axum::Router;
use common::*;
use tower::ServiceExt as _;

const OK: &str = "200 OK\r\nContent-Type: application/json";
const FAILS: &str = "500 Oops\r\nContent-Type: application/json";
const LIMITED: &str = "429 Too Many Requests\r\nContent-Type: application/json";

fn app(fake: &Fake, flags: &[&str]) -> Router {
    certquote_server::app(proxied(&fake.url, flags))
}

async fn ask(app: &Router, path: &str, headers: &[(&str, &str)]) -> Got {
    Got::of(app.clone().oneshot(request("GET", path, headers, "")).await.unwrap()).await
}

#[tokio::test]
async fn the_same_request_is_asked_once_and_the_answer_tells_its_age() {
    let fake = Fake::answering(OK, r#"{"balance":"1.00"}"#).await;
    let app = app(&fake, &[]);
    let first = ask(&app, BALANCE, &[]).await;
    assert_eq!((first.status.as_u16(), first.header("age")), (200, None));
    let second = ask(&app, BALANCE, &[]).await;
    assert_eq!((second.status.as_u16(), second.header("age")), (200, Some("0")));
    assert_eq!((second.text(), second.header("content-type")), (first.text(), Some("application/json")));
    assert_eq!(second.header("cache-control"), Some("no-store"));
    assert_eq!(second.header("x-certquote-stale"), None);
    assert_eq!(fake.asked().len(), 1);

    for _ in 0..2 {
        let quoted = Got::of(app.clone().oneshot(post(PRICING, DRAFT)).await.unwrap()).await;
        assert_eq!(quoted.status, 200);
    }
    ask(&app, &frontier_path(), &[]).await;
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn a_failure_is_answered_with_what_is_kept_and_says_so() {
    for failure in [FAILS, LIMITED] {
        let fake = Fake::each(&[OK, failure], r#"{"balance":"1.00"}"#).await;
        let app = app(&fake, &["--cache", "balance=0s", "--allow-origin", "https://portal.example"]);
        let origin = [("origin", "https://portal.example")];
        let first = ask(&app, BALANCE, &origin).await;
        assert_eq!(first.header("access-control-expose-headers"), Some("Retry-After"));
        // The failure itself, and then that the key is left alone.
        let (first_failure, later) = if failure == LIMITED { ("429", "429") } else { ("500", "503") };
        for status in [first_failure, later, later] {
            let stale = ask(&app, BALANCE, &origin).await;
            assert_eq!((stale.status.as_u16(), stale.text()), (200, first.text()));
            assert_eq!((stale.header("age"), stale.header("x-certquote-stale")), (Some("0"), Some(status)));
            let exposed = stale.header("access-control-expose-headers");
            assert_eq!(exposed, Some("Retry-After, Age, X-Certquote-Stale"));
        }
        // The first failure left the key alone.
        assert_eq!(fake.asked().len(), 2);
    }
}

#[tokio::test]
async fn while_a_key_rests_the_answer_says_how_long_in_the_shape_of_the_api() {
    for (head, status) in [(LIMITED, 429), (FAILS, 503)] {
        let fake = Fake::each(&[head], "{}").await;
        let app = app(&fake, &[]);
        for path in [BALANCE, &frontier_path()] {
            let caused = ask(&app, path, &[]).await;
            assert_eq!(caused.status.as_str(), &head[..3]);
            let refused = ask(&app, path, &[]).await;
            assert_eq!((refused.status.as_u16(), refused.is_error_of(path)), (status, true));
            assert_eq!(refused.header("retry-after"), Some("1"));
        }
        // One call for each key: what one of them does is nothing to the other.
        assert_eq!(fake.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_full_window_is_429_with_the_time_until_it_opens() {
    let fake = Fake::answering(OK, "{}").await;
    let app = app(&fake, &["--limit", "2/50s"]);
    for container in 0..4 {
        let got = ask(&app, &format!("{BALANCE}?container_id={container}"), &[]).await;
        if container < 2 {
            assert_eq!(got.status, 200);
        } else {
            assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (429, true));
            let after: u64 = got.header("retry-after").unwrap().parse().unwrap();
            assert!((40..=51).contains(&after), "{after}");
            assert_eq!(got.json()["errors"][0]["code"], "request_limit_exceeded");
        }
    }
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn a_hiccup_is_nobodys_trouble() {
    for head in ["502 Bad Gateway", "503 Unavailable", "504 Timeout"] {
        let fake = Fake::each(&[head, head, OK], "{}").await;
        assert_eq!(ask(&app(&fake, &[]), BALANCE, &[]).await.status, 200, "{head}");
        assert_eq!(fake.asked().len(), 3);
    }
    let fake = Fake::start(Act::Close).await;
    assert_eq!(ask(&app(&fake, &[]), BALANCE, &[]).await.status, 502);
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn each_part_can_be_switched_off() {
    for (flag, head, status, asked) in [
        ("--cache=off", OK, 200, 2),
        ("--backoff=off", FAILS, 500, 2),
        ("--retry=off", "503 Unavailable", 503, 1),
    ] {
        let fake = Fake::each(&[head], "{}").await;
        let app = app(&fake, &[flag]);
        for _ in 0..2 {
            let got = ask(&app, BALANCE, &[]).await;
            assert_eq!((got.status.as_u16(), got.header("age")), (status, None), "{flag}");
        }
        assert_eq!(fake.asked().len(), asked, "{flag}");
    }
    let fake = Fake::start(Act::Hang).await;
    let app = app(&fake, &["--limit=off"]);
    let waiting: Vec<_> = (0..5)
        .map(|container| {
            let app = app.clone();
            tokio::spawn(async move { ask(&app, &format!("{BALANCE}?container_id={container}"), &[]).await })
        })
        .collect();
    while fake.asked().len() < 5 {
        tokio::task::yield_now().await;
    }
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_caller_may_ask_past_the_cache() {
    for headers in [
        [("cache-control", "no-cache")],
        [("cache-control", "max-age=0, No-Store")],
        [("pragma", "no-cache")],
    ] {
        let fake = Fake::answering(OK, "{}").await;
        let app = app(&fake, &[]);
        ask(&app, BALANCE, &[]).await;
        for _ in 0..5 {
            assert_eq!(ask(&app, BALANCE, &headers).await.header("age"), None);
        }
        assert_eq!(fake.asked().len(), 6);
        assert_eq!(ask(&app, BALANCE, &[]).await.header("age"), Some("0"));
        // Not without end: what is kept is fresh enough for anyone who asks that often.
        let mut more = 0;
        while ask(&app, BALANCE, &headers).await.header("age").is_none() {
            more += 1;
        }
        assert!(more < 100);
    }
}

#[tokio::test]
async fn connections_are_kept_whether_or_not_calls_are_tried_again() {
    for flags in [&["--cache=off"][..], &["--cache=off", "--retry=off"]] {
        let fake = Fake::each(&[OK], "{}").await;
        let app = app(&fake, flags);
        for _ in 0..3 {
            assert_eq!(ask(&app, BALANCE, &[]).await.status, 200);
        }
        assert_eq!((fake.asked().len(), *fake.opened.lock().unwrap()), (3, 1), "{flags:?}");
        // Closed just as it is used again: asked once more on a new one.
        let fake = Fake::start(Act::Once(whole(OK))).await;
        let app = self::app(&fake, flags);
        for _ in 0..4 {
            assert_eq!(ask(&app, BALANCE, &[]).await.status, 200);
        }
        assert_eq!((fake.asked().len(), *fake.opened.lock().unwrap()), (7, 4), "{flags:?}");
    }
}

fn whole(head: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\n{{}}").into_bytes()
}

#[tokio::test]
async fn a_kept_connection_that_breaks_off_an_answer_is_a_502_and_nothing_is_asked_twice() {
    for second in
        ["H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "no HTTP\r\n\r\n"]
    {
        let fake = Fake::start(Act::Twice(whole(OK), second.into())).await;
        let app = app(&fake, &["--cache=off", "--retry=off"]);
        assert_eq!(ask(&app, BALANCE, &[]).await.status, 200);
        let broken = ask(&app, BALANCE, &[]).await;
        assert_eq!((broken.status.as_u16(), broken.is_error_of(BALANCE)), (502, true), "{second:?}");
        assert_eq!((fake.asked().len(), *fake.opened.lock().unwrap()), (2, 1), "{second:?}");
    }
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_nobodys() {
    // Two answers to one request: the other one must not become that to the next request.
    let twice = [whole(OK), whole("403 Forbidden")].concat();
    let fake = Fake::start(Act::Each(vec![twice, whole("404 Not Found")])).await;
    let app = app(&fake, &["--cache=off", "--retry=off"]);
    assert_eq!(ask(&app, BALANCE, &[]).await.status, 200);
    assert_eq!(ask(&app, BALANCE, &[]).await.status, 404);
    assert_eq!(*fake.opened.lock().unwrap(), 2);
}

#[tokio::test]
async fn an_upstream_that_closes_what_is_kept_is_let_go() {
    let fake = Fake::start(Act::Answer(whole(OK))).await;
    let app = app(&fake, &["--cache=off", "--retry=off"]);
    for asked in 1..4 {
        assert_eq!(ask(&app, BALANCE, &[]).await.status, 200);
        while *fake.ended.lock().unwrap() < asked {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn to_ask_anew_takes_its_place_in_the_windows() {
    let fake = Fake::start(Act::Once(whole(OK))).await;
    let app = app(&fake, &["--cache=off", "--retry=off", "--limit=2/50s"]);
    assert_eq!(ask(&app, BALANCE, &[]).await.status, 200);
    let refused = ask(&app, BALANCE, &[]).await;
    assert_eq!((refused.status.as_u16(), refused.is_error_of(BALANCE)), (429, true));
    assert!(refused.header("retry-after").is_some());
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn the_sandbox_has_no_key_and_is_answered_at_once() {
    let app = certquote_server::app(sandbox());
    let limited = format!("{BALANCE}?container_id=429");
    for path in [&limited, &limited, BALANCE, BALANCE] {
        let got = ask(&app, path, &[]).await;
        assert_eq!(got.status, if path == BALANCE { 200 } else { 429 });
        assert_eq!((got.header("age"), got.header("x-certquote-sandbox")), (None, Some("1")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_comes_whole_however_it_arrives() {
    for kilobytes in [100, 300, 500, 700, 1_000, 3_000, 7_000] {
        let body = format!(r#"{{"adjustments":[],"filler":"{}"}}"#, "x".repeat(kilobytes * 1_000));
        for flags in [&[][..], &["--cache", "off", "--limit", "off", "--backoff", "off", "--retry", "off"]] {
            // The connection stays open: nothing but the bytes themselves says that there is more, or no more.
            let fake = Fake::each(&[OK], &body).await;
            let app = app(&fake, flags);
            for container in ["1", "2"] {
                let path = format!(
                    "/api/digicert/finance/balance-history?container_id={container}&limit=1000&offset=0"
                );
                let got = ask(&app, &path, &[]).await;
                assert_eq!((got.status.as_u16(), got.text().len()), (200, body.len()));
            }
        }
    }
}
