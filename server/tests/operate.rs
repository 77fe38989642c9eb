//! What an operator sees: readiness, metrics, the id that an error is told with, and the order of ending.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;
#[cfg(unix)]
mod running;

use std::time::Duration;

use certquote_server::operate::{Component, Condition};
use common::*;

/// The value of the series that begins like this.
fn value(text: &str, series: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

#[tokio::test]
async fn is_ready_until_it_drains_or_a_part_is_down() {
    let settings = sandbox();
    let operate = settings.operate.clone();
    let app = certquote_server::app(settings);
    let ready =
        async || Got::of(tower::ServiceExt::oneshot(app.clone(), get("/readyz")).await.unwrap()).await;

    let got = ready().await;
    assert_eq!((got.status.as_u16(), got.text().as_str()), (200, "ready\n"));
    assert_eq!(got.header("cache-control"), Some("no-store"));

    operate.watch(|| Component {
        name: "redis",
        condition: Condition::Limping("gone; this replica keeps to a third of the windows".to_owned()),
    });
    let got = ready().await;
    assert_eq!(got.status, 200);
    assert!(got.text().contains("redis: gone; this replica keeps to a third"), "{}", got.text());

    operate.watch(|| Component { name: "key", condition: Condition::Down("refused".to_owned()) });
    let got = ready().await;
    assert_eq!(got.status, 503);
    assert!(got.text().starts_with("not ready\n") && got.text().contains("key: refused"), "{}", got.text());

    operate.drain();
    assert!(ready().await.text().contains("server: ending"));
    assert_eq!(call(sandbox(), request("POST", "/readyz", &[], "")).await.status, 405);
}

#[tokio::test]
async fn counts_requests_and_upstream_calls_without_a_word_of_the_user() {
    let fake = Fake::answering("200 OK\r\nContent-Type: application/json", r#"{"balance":"77777.77"}"#).await;
    let mut settings = proxied(&fake.url, &["--retry=off"]);
    settings.operate.metrics_on_main = true;
    settings.frontier = proxied("http://127.0.0.1:1", &[]).frontier;
    let app = certquote_server::app(settings);
    let ask = async |request| Got::of(tower::ServiceExt::oneshot(app.clone(), request).await.unwrap()).await;
    for path in [
        &format!("{BALANCE}?container_id=7654321"),
        BALANCE,
        "/api/digicert/account/subaccount/424242/balance",
        &frontier_path(),
        "/api/digicert/who-knows",
        "/nothing",
    ] {
        ask(request("GET", path, &[("cookie", "sid=1234567")], "")).await;
    }
    let got = ask(get("/metrics")).await;
    assert_eq!(got.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = got.text();
    for (series, count) in [
        (r#"certquote_requests_total{route="/api/digicert/finance/balance",method="GET",status="200"}"#, 2.0),
        (r#"certquote_requests_total{route="unknown",method="GET",status="404"}"#, 1.0),
        (r#"certquote_requests_total{route="static",method="GET",status="404"}"#, 1.0),
        (r#"certquote_request_seconds_count{route="/api/digicert/finance/balance"}"#, 2.0),
        (r#"certquote_upstream_calls_total{api="digicert",outcome="200"}"#, 3.0),
        (r#"certquote_upstream_calls_total{api="frontier",outcome="unreachable"}"#, 1.0),
        (r#"certquote_upstream_seconds_count{api="digicert"}"#, 3.0),
        // This very request.
        ("certquote_requests_in_flight", 1.0),
    ] {
        assert_eq!(value(&text, series), Some(count), "{series} in\n{text}");
    }
    for private in ["7654321", "424242", "1234567", "77777", ORG, "the-key"] {
        assert!(!text.contains(private), "{private} in\n{text}");
    }
}

#[tokio::test]
async fn metrics_stand_on_the_main_listener_only_where_they_are_told_to() {
    assert_eq!(call(sandbox(), get("/metrics")).await.status, 404);
}

#[tokio::test]
async fn a_portal_may_read_the_id_of_an_error_and_nothing_more_of_a_good_answer() {
    for (path, exposed) in [
        (BALANCE, "Retry-After"),
        ("/", "Retry-After, X-Request-Id"),
        ("/api/digicert/nothing", "Retry-After, X-Request-Id"),
        (&format!("{BALANCE}?container_id=429"), "Retry-After, X-Request-Id"),
    ] {
        let mut settings = sandbox();
        settings.allowed = proxied("http://127.0.0.1:1", &["--allow-origin", "https://a.example"]).allowed;
        let got = call(settings, request("GET", path, &[("origin", "https://a.example")], "")).await;
        assert_eq!(got.header("access-control-expose-headers"), Some(exposed), "{path}");
        assert!(got.header("x-request-id").is_some_and(|id| id.len() == 17), "{path}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_listener_of_their_own_takes_the_metrics_off_the_main_one() {
    let running = running::start(&["--metrics-listen", "127.0.0.1:0"], &[]).await;
    let own = running.metrics.clone().unwrap();
    running::get(&running.address, BALANCE).await;
    let text = running::get(&own, "/metrics").await;
    assert!(text.contains("certquote_requests_total{route=\"/api/digicert/finance/balance\""), "{text}");
    assert!(running::get(&own, "/readyz").await.ends_with("ready\n"));
    assert!(running::get(&own, "/healthz").await.ends_with("ok"));
    assert!(running::get(&own, BALANCE).await.starts_with("HTTP/1.1 404"));
    assert!(running::get(&running.address, "/metrics").await.starts_with("HTTP/1.1 404"));

    let alone = running::start(&[], &[]).await;
    assert!(running::get(&alone.address, "/metrics").await.contains("certquote_requests_in_flight 1"));
}

#[cfg(unix)]
#[tokio::test]
async fn says_that_it_ends_before_it_does() {
    let running = running::start(&["--drain", "600", "--metrics-listen", "127.0.0.1:0"], &[]).await;
    running.signal("-TERM");
    for address in [&running.address, running.metrics.as_ref().unwrap()] {
        while !running::get(address, "/readyz").await.contains("503 Service Unavailable") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert!(running::get(&running.address, BALANCE).await.starts_with("HTTP/1.1 200"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_further_signal_cuts_the_waiting_short() {
    let running = running::start(&["--drain", "3600"], &[]).await;
    running.signal("-TERM");
    while !running::get(&running.address, "/readyz").await.contains("503 Service Unavailable") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.signal("-TERM");
    let (status, log) = running.ended().await;
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains("another signal"), "{log}");
}
