//! The proxy against upstreams that behave and misbehave: what passes, what does not, and what every fault becomes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;

use std::io::Write as _;
use std::time::Duration;

use common::*;

const OK: &str = "200 OK\r\nContent-Type: application/json";

/// The proxy alone: one call for each request.
fn plain(to: &str) -> certquote_server::Settings {
    proxied(to, &["--limit=off", "--cache=off", "--backoff=off", "--retry=off"])
}

fn hurried(to: &str) -> certquote_server::Settings {
    let mut settings = plain(to);
    settings.limits.upstream = Duration::from_millis(300);
    settings
}

#[tokio::test]
async fn each_route_reaches_its_own_path_with_our_credential() {
    for (request, line, credential) in [
        (post(PRICING, DRAFT), "POST /services/v2/finance/order-pricing HTTP/1.1", "x-dc-devkey: the-key"),
        (get(BALANCE), "GET /services/v2/finance/balance HTTP/1.1", "x-dc-devkey: the-key"),
        (get(HISTORY), "GET /services/v2/finance/balance-history HTTP/1.1", "x-dc-devkey: the-key"),
        (get(SUBACCOUNT), "GET /services/v2/account/subaccount/42/balance HTTP/1.1", "x-dc-devkey: the-key"),
        (
            get(&frontier_path()),
            &format!("GET /services/v2/v1beta1/organizations/{ORG}/billing/{ORG}/balance HTTP/1.1"),
            "authorization: Basic dGhlLWlkOnRoZS1zZWNyZXQ=",
        ),
    ] {
        let fake = Fake::answering(OK, "{}").await;
        let got = call(plain(&fake.url), request).await;
        assert_eq!((got.status.as_u16(), got.text().as_str()), (200, "{}"));
        assert_eq!(got.header("cache-control"), Some("no-store"));
        assert_eq!(got.header("x-certquote-sandbox"), None);
        let asked = fake.asked();
        assert_eq!(asked[0].lines().next(), Some(line));
        assert!(asked[0].contains(credential), "{}", asked[0]);
    }
}

#[tokio::test]
async fn no_header_of_the_browser_goes_up_but_two() {
    let fake = Fake::answering(OK, "{}").await;
    let headers = [
        ("content-type", "application/json; charset=utf-8"),
        ("accept", "application/json, */*;q=0.1"),
        ("cookie", "sid=secret"),
        ("authorization", "Bearer stolen"),
        ("x-csrf-token", "of-the-portal"),
        ("x-dc-devkey", "other-key"),
        ("x-forwarded-for", "1.2.3.4"),
        ("x-request-id", "mine"),
        ("accept-encoding", "br"),
        ("accept-language", "de"),
        ("user-agent", "browser"),
        ("referer", "http://127.0.0.1:8080/secret"),
        ("origin", "http://127.0.0.1:8080"),
        ("if-none-match", "x"),
        ("te", "trailers"),
    ];
    call(plain(&fake.url), request("POST", PRICING, &headers, DRAFT)).await;
    let asked = fake.asked();
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    let mut names: Vec<String> =
        head.lines().skip(1).map(|line| line.split(':').next().unwrap().to_ascii_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent", "x-dc-devkey"]);
    assert!(head.contains("content-type: application/json; charset=utf-8\r\n"));
    assert!(head.contains("accept: application/json, */*;q=0.1"));
    assert!(head.contains("user-agent: certquote-server/") && head.contains("x-dc-devkey: the-key"));
    assert_eq!(body, DRAFT);
}

#[tokio::test]
async fn no_header_of_the_upstream_comes_back_but_two() {
    let head = "429 Too Many\r\nContent-Type: application/json\r\nRetry-After: 17\r\nSet-Cookie: a=b\r\nServer: nginx\r\n\
                X-Cdn: Imperva\r\nAccess-Control-Allow-Origin: *\r\nETag: \"1\"\r\nLocation: http://x/\r\nWWW-Authenticate: Basic\r\n\
                Cache-Control: public, max-age=60\r\nContent-Security-Policy: script-src *\r\nX-Certquote-Sandbox: 1\r\nX-Request-Id: theirs";
    let fake = Fake::answering(head, r#"{"errors":[{"code":"request_limit_exceeded","message":"m"}]}"#).await;
    let got = call(plain(&fake.url), get(BALANCE)).await;
    assert_eq!(got.status, 429);
    assert_eq!(got.header("retry-after"), Some("17"));
    assert_eq!(got.header("cache-control"), Some("no-store"));
    for name in [
        "set-cookie",
        "server",
        "x-cdn",
        "access-control-allow-origin",
        "etag",
        "location",
        "www-authenticate",
        "x-certquote-sandbox",
    ] {
        assert_eq!(got.header(name), None, "{name}");
    }
    assert_ne!(got.header("x-request-id"), Some("theirs"));
    assert!(got.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert_eq!(got.json()["errors"][0]["code"], "request_limit_exceeded");
}

#[tokio::test]
async fn only_documented_query_parameters_go_up() {
    for (path, query, up) in [
        (BALANCE, "container_id=5&x=1&limit=3&_=2", "/finance/balance?container_id=5 "),
        (BALANCE, "x=1", "/finance/balance "),
        (
            HISTORY,
            "filters%5Badjust_type%5D=27&filters[note]=x&sort=-id&limit=5&offset=0",
            "/finance/balance-history?filters%5Badjust_type%5D=27&sort=-id&limit=5&offset=0 ",
        ),
        (SUBACCOUNT, "container_id=5", "/account/subaccount/42/balance "),
    ] {
        let fake = Fake::answering(OK, "{}").await;
        call(plain(&fake.url), get(&format!("{path}?{query}"))).await;
        assert!(fake.asked()[0].contains(up), "{}", fake.asked()[0]);
    }
    let fake = Fake::answering(OK, "{}").await;
    for query in ["container_id=1&container_id=2", "container_id=1%0d%0aX:1"] {
        let got = call(plain(&fake.url), get(&format!("{BALANCE}?{query}"))).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (400, true));
    }
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn any_status_but_a_redirect_passes_with_its_body() {
    for (head, body) in [
        ("400 Bad\r\nContent-Type: application/json", r#"{"errors":[]}"#),
        ("403 No\r\nContent-Type: application/json", "{}"),
        ("500 Oops\r\nContent-Type: text/plain", "oops"),
        ("502 Bad Gateway\r\nContent-Type: text/html", "<html>"),
        ("200 OK", ""),
    ] {
        let fake = Fake::answering(head, body).await;
        let got = call(plain(&fake.url), get(BALANCE)).await;
        assert_eq!(got.status.as_str(), &head[..3]);
        assert_eq!(got.text(), body);
        assert_eq!(got.header("content-type"), head.split(": ").nth(1));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Fake::answering(OK, "{}").await;
    for status in ["301", "302", "303", "304", "307", "308"] {
        let fake = Fake::answering(&format!("{status} Moved\r\nLocation: {}", other.url), "").await;
        for request in [get(BALANCE), post(PRICING, DRAFT), get(&frontier_path())] {
            let path = request.uri().path().to_owned();
            let got = call(plain(&fake.url), request).await;
            assert_eq!((got.status.as_u16(), got.is_error_of(&path)), (502, true), "{status} {path}");
            assert_eq!(got.header("location"), None);
        }
    }
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn an_upstream_that_hangs_is_504() {
    let fake = Fake::start(Act::Hang).await;
    for request in [get(BALANCE), post(PRICING, DRAFT), get(&frontier_path())] {
        let path = request.uri().path().to_owned();
        let got = call(hurried(&fake.url), request).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(&path)), (504, true), "{path}");
    }
    assert_eq!(call(hurried(&fake.url), get(&frontier_path())).await.json()["code"], 4);
}

#[tokio::test]
async fn the_time_is_for_the_whole_answer() {
    let head =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{".to_vec();
    let fake = Fake::start(Act::Trickle(head)).await;
    assert_eq!(call(hurried(&fake.url), get(BALANCE)).await.status, 504);
    let fake = Fake::start(Act::Trickle(b"HTTP/1.1 200 OK\r\nX-Slow:".to_vec())).await;
    assert_eq!(call(hurried(&fake.url), get(BALANCE)).await.status, 504);
}

#[tokio::test]
async fn an_upstream_that_breaks_off_is_502() {
    for act in [
        Act::Close,
        Act::Answer(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a".to_vec(),
        ),
        Act::Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\"".to_vec()),
        Act::Answer(b"HTTP/1.1 200 OK\r\nContent-".to_vec()),
        Act::Answer(b"this is no HTTP at all\r\n\r\n".to_vec()),
    ] {
        let fake = Fake::start(act).await;
        for path in [BALANCE, &frontier_path()] {
            let got = call(plain(&fake.url), get(path)).await;
            assert_eq!((got.status.as_u16(), got.is_error_of(path)), (502, true));
        }
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_upstream_closes_is_not_the_users_trouble() {
    let bytes = format!("HTTP/1.1 {OK}\r\nContent-Length: 2\r\n\r\n{{}}").into_bytes();
    let fake = Fake::start(Act::Once(bytes)).await;
    let app = certquote_server::app(plain(&fake.url));
    for _ in 0..2 {
        let got = tower::ServiceExt::oneshot(app.clone(), post(PRICING, DRAFT)).await.unwrap();
        assert_eq!(got.status(), 200);
    }
    let asked = fake.asked();
    // The second twice: into the connection as it ended, and on a new one.
    assert_eq!((asked.len(), *fake.opened.lock().unwrap()), (3, 2));
    assert!(asked.iter().all(|request| request.ends_with(DRAFT)), "{asked:?}");
}

#[tokio::test]
async fn an_upstream_that_closes_is_asked_once() {
    for request in [get(BALANCE), post(PRICING, DRAFT), get(&frontier_path())] {
        let fake = Fake::start(Act::Close).await;
        assert_eq!(call(plain(&fake.url), request).await.status, 502);
        assert_eq!(fake.asked().len(), 1);
    }
    let broken = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a".to_vec();
    let fake = Fake::start(Act::Answer(broken)).await;
    assert_eq!(call(plain(&fake.url), get(BALANCE)).await.status, 502);
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn an_empty_post_says_that_it_is_empty() {
    let fake = Fake::answering(OK, "{}").await;
    call(plain(&fake.url), post(PRICING, "")).await;
    assert_eq!(fake.asked()[0].matches("content-length: 0\r\n").count(), 1, "{}", fake.asked()[0]);
    call(plain(&fake.url), get(BALANCE)).await;
    assert!(!fake.asked()[1].contains("content-length"), "{}", fake.asked()[1]);
}

#[tokio::test]
async fn an_upstream_that_refuses_or_has_no_name_is_502() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for url in [format!("http://{free}"), "http://nowhere.invalid".to_owned()] {
        let got = call(plain(&url), post(PRICING, DRAFT)).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (502, true));
        assert!(!got.text().contains("nowhere") && !got.text().contains("the-key"));
    }
}

#[tokio::test]
async fn an_upstream_that_speaks_no_tls_is_502() {
    let fake = Fake::answering(OK, "{}").await;
    let mut settings = plain(&fake.url.replace("http://", "https://"));
    settings.limits.upstream = Duration::from_millis(500);
    let got = call(settings, get(BALANCE)).await;
    assert!(matches!(got.status.as_u16(), 502 | 504) && got.is_error_of(BALANCE));
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_502() {
    let fake = Fake::answering(OK, vec![b' '; 5_000_000]).await;
    let got = call(plain(&fake.url), post(PRICING, DRAFT)).await;
    assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (502, true));
    let history = call(plain(&fake.url), get(HISTORY)).await;
    assert_eq!((history.status.as_u16(), history.body.len()), (200, 5_000_000));
    let fake =
        Fake::start(Act::Answer([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![b' '; 2_000_000]].concat()))
            .await;
    assert_eq!(call(plain(&fake.url), get(BALANCE)).await.status, 502);
}

#[tokio::test]
async fn compression_that_was_not_asked_for_is_undone_or_refused() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(br#"{"balance":"454.00"}"#).unwrap();
    let packed = packer.finish().unwrap();
    for encoding in ["gzip", "GZIP", "X-Gzip"] {
        let fake = Fake::answering(&format!("{OK}\r\nContent-Encoding: {encoding}"), &packed).await;
        let got = call(plain(&fake.url), get(BALANCE)).await;
        assert_eq!(got.text(), r#"{"balance":"454.00"}"#, "{encoding}");
        assert_eq!(got.header("content-encoding"), None);
    }
    let head = format!("{OK}\r\nContent-Encoding: gzip");

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b' '; 3_000_000]).unwrap();
    let fake = Fake::answering(&head, bomb.finish().unwrap()).await;
    assert_eq!(call(plain(&fake.url), get(BALANCE)).await.status, 502);
    for (encoding, body) in [("gzip", "no gzip"), ("br", "x"), ("gzip, gzip", "x")] {
        let fake = Fake::answering(&format!("{OK}\r\nContent-Encoding: {encoding}"), body).await;
        assert_eq!(call(plain(&fake.url), get(BALANCE)).await.status, 502, "{encoding}");
    }
}

#[tokio::test]
async fn head_asks_the_upstream_and_leaves_the_body_out() {
    let fake = Fake::answering(OK, "{\"a\":1}").await;
    let got = call(plain(&fake.url), request("HEAD", BALANCE, &[], "")).await;
    assert_eq!((got.status.as_u16(), got.body.len(), got.header("content-length")), (200, 0, Some("7")));
    assert!(fake.asked()[0].starts_with("GET "));
}

#[tokio::test]
async fn one_slow_upstream_holds_nothing_else_up() {
    let (slow, quick) = (Fake::start(Act::Hang).await, Fake::answering(OK, "{}").await);
    let mut settings = plain(&slow.url);
    settings.limits.upstream = Duration::from_secs(600);
    settings.frontier = plain(&quick.url).frontier;
    let app = certquote_server::app(settings);
    let waiting = tokio::spawn(tower::ServiceExt::oneshot(app.clone(), get(BALANCE)));
    while slow.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    let got = tower::ServiceExt::oneshot(app, get(&frontier_path())).await.unwrap();
    assert_eq!(got.status(), 200);
    assert!(!waiting.is_finished());
    waiting.abort();
}
