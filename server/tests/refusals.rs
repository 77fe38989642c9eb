//! What never reaches an upstream, and in which shape it is refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;

use axum::body::Body;
use common::*;
use http_body_util::channel::Channel;

/// Calls a proxy whose upstream would answer, and makes sure that it was not asked.
async fn refused(request: axum::http::Request<Body>, flags: &[&str]) -> Got {
    let fake = Fake::answering("200 OK", "{}").await;
    let got = call(proxied(&fake.url, flags), request).await;
    assert!(fake.asked().is_empty(), "reached the upstream: {:?}", fake.asked());
    got
}

#[tokio::test]
async fn unknown_paths_are_404_in_the_shape_of_their_api() {
    for path in [
        "/api",
        "/api/",
        "/api/other",
        "/api/digicert",
        "/api/digicert/",
        "/api/digicert/user/me",
        "/api/digicert/finance",
        "/api/digicert/finance/balance/",
        "/api/digicert/finance/voucher-pricing",
        "/api/frontier",
        "/api/frontier/",
        "/api/frontier/v1beta1/organizations",
        "/api/frontier/finance/balance",
        "/api/sandbox.json",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let got = refused(request(method, path, &[], ""), &[]).await;
            assert_eq!((got.status.as_u16(), got.is_error_of(path)), (404, true), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn wrong_methods_are_405_and_say_which_is_right() {
    for (path, allow) in [
        (PRICING, "POST"),
        (BALANCE, "GET, HEAD"),
        (HISTORY, "GET, HEAD"),
        (SUBACCOUNT, "GET, HEAD"),
        (&frontier_path(), "GET, HEAD"),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            if allow.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let got =
                refused(request(method, path, &[("content-type", "application/json")], "{}"), &[]).await;
            assert_eq!((got.status.as_u16(), got.header("allow")), (405, Some(allow)), "{method} {path}");
            assert!(method == "HEAD" || got.is_error_of(path), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn ids_of_the_wrong_form_are_400() {
    for path in [
        "/api/digicert/account/subaccount/x/balance",
        "/api/digicert/account/subaccount/1x/balance",
        "/api/digicert/account/subaccount/-1/balance",
        &format!("/api/frontier/v1beta1/organizations/my-org/billing/{ORG}/balance"),
        &format!("/api/frontier/v1beta1/organizations/{ORG}/billing/1/balance"),
    ] {
        let got = refused(get(path), &[]).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(path)), (400, true), "{path}");
    }
}

#[tokio::test]
async fn unclean_paths_are_400() {
    for path in [
        "/api/digicert/../digicert/finance/balance",
        "/api/digicert/./finance/balance",
        "/api/digicert//finance/balance",
        "/api/digicert/finance%2fbalance",
        "/api/digicert/finance%2Fbalance",
        "/api/digicert/%2e%2e/finance/balance",
        "/api/digicert/finance/balance%00",
        "/api/digicert/finance/balance%0d%0aX:1",
        "/api/digicert/finance/balance%20",
        "/api/digicert/finance/balance;a=b",
        "/api/digicert/finance\\balance",
        "/api/digicert/finance/%62alance",
        "/api/digicert/account/subaccount/1%2f..%2f2/balance",
        "/api/digicert/account/subaccount/../balance",
        "/api/digicert/account/subaccount/%31/balance",
        "/api/frontier/v1beta1/organizations/../../x",
    ] {
        let got = refused(get(path), &[]).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(path)), (400, true), "{path}");
    }
    for path in [
        "//api/digicert/finance/balance",
        "/x/../api/digicert/finance/balance",
        "/%61pi/digicert/finance/balance",
        "/api%2fdigicert/finance/balance",
    ] {
        assert!(refused(get(path), &[]).await.status.is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn bodies_above_256_kib_are_413() {
    let sized = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    let got = refused(post(PRICING, &sized(262_145)), &[]).await;
    assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (413, true));
    let fake = Fake::answering("200 OK", "{}").await;
    assert_eq!(call(proxied(&fake.url, &[]), post(PRICING, &sized(262_144))).await.status, 200);
    assert_eq!(refused(request("GET", BALANCE, &[], &sized(262_145)), &[]).await.status, 413);
}

#[tokio::test]
async fn bodies_of_unknown_length_are_413_too() {
    let (mut sender, body) = Channel::<bytes::Bytes>::new(4);
    tokio::spawn(async move {
        for _ in 0..5 {
            let _ = sender.send_data(vec![b' '; 65_536].into()).await;
        }
    });
    let mut request = post(PRICING, "");
    *request.body_mut() = Body::new(body);
    let got = refused(request, &[]).await;
    assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (413, true));
}

#[tokio::test]
async fn a_post_that_is_not_json_is_415() {
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonx"),
        Some("application/json-patch+json"),
        Some(""),
    ] {
        let headers: Vec<_> = content_type.iter().map(|value| ("content-type", *value)).collect();
        let got = refused(request("POST", PRICING, &headers, DRAFT), &[]).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (415, true), "{content_type:?}");
    }
    let twice = [("content-type", "application/json"), ("content-type", "text/plain")];
    assert_eq!(refused(request("POST", PRICING, &twice, DRAFT), &[]).await.status, 415);
    for content_type in ["application/json", "Application/JSON", "application/json;charset=UTF-8"] {
        let got = call(sandbox(), request("POST", PRICING, &[("content-type", content_type)], DRAFT)).await;
        assert_eq!(got.status, 200, "{content_type}");
    }
}

#[tokio::test]
async fn a_cross_site_post_is_403_unless_its_origin_is_allowed() {
    let json = ("content-type", "application/json");
    let flags = ["--allow-origin", "https://portal.example"];
    for headers in [
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("origin", "http://127.0.0.1:9999")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "http://portal.example")],
        vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-site")],
    ] {
        let mut headers = headers;
        headers.push(json);
        let got = refused(request("POST", PRICING, &headers, DRAFT), &flags).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (403, true), "{headers:?}");
        assert_eq!(got.header("access-control-allow-origin"), None);
    }
    for headers in [
        vec![json, ("origin", "https://portal.example"), ("sec-fetch-site", "cross-site")],
        vec![json, ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")],
        vec![json, ("origin", "https://before-the-proxy.example"), ("sec-fetch-site", "same-origin")],
        vec![json],
    ] {
        let fake = Fake::answering("200 OK", "{}").await;
        let got = call(proxied(&fake.url, &flags), request("POST", PRICING, &headers, DRAFT)).await;
        assert_eq!(got.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn an_allowed_portal_gets_cors_headers_on_answers_and_errors() {
    let flags = ["--allow-origin", "https://portal.example,http://localhost:3000"];
    let fake = Fake::answering("200 OK", "{}").await;
    for (path, origin) in [
        (BALANCE, "https://portal.example"),
        ("/api/nothing", "http://localhost:3000"),
        ("/x.js", "https://portal.example"),
        ("/healthz", "https://portal.example"),
    ] {
        let got = call(proxied(&fake.url, &flags), request("GET", path, &[("origin", origin)], "")).await;
        assert_eq!(got.header("access-control-allow-origin"), Some(origin), "{path}");
        assert_eq!(got.header("access-control-allow-credentials"), Some("true"));
        let exposed = if got.status.is_success() { "Retry-After" } else { "Retry-After, X-Request-Id" };
        assert_eq!(got.header("access-control-expose-headers"), Some(exposed));
        assert!(got.headers.get_all("vary").iter().any(|value| value == "Origin"));
    }
    for flags in [&flags[..], &[]] {
        let got = call(
            proxied(&fake.url, flags),
            request("GET", BALANCE, &[("origin", "https://evil.example")], ""),
        )
        .await;
        assert_eq!(got.header("access-control-allow-origin"), None);
        assert_eq!(got.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn preflights_are_answered_for_allowed_portals_only() {
    let flags = ["--allow-origin", "https://portal.example"];
    let ask = |origin, method| {
        [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", "content-type"),
        ]
    };
    for (path, method) in [(PRICING, "POST"), (BALANCE, "GET, HEAD"), ("/certquote.js", "GET, HEAD")] {
        let got = refused(request("OPTIONS", path, &ask("https://portal.example", "POST"), ""), &flags).await;
        assert_eq!(got.status, 204, "{path}");
        assert_eq!(got.header("access-control-allow-origin"), Some("https://portal.example"));
        assert_eq!(got.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(got.header("access-control-allow-methods"), Some(method));
        let allowed = got.header("access-control-allow-headers").unwrap().to_ascii_lowercase();
        for header in ["content-type", "authorization", "x-csrf-token"] {
            assert!(allowed.split(", ").any(|name| name == header), "{header} of {allowed}");
        }
        let got = refused(request("OPTIONS", path, &ask("https://evil.example", "POST"), ""), &flags).await;
        assert_eq!((got.status.as_u16(), got.header("access-control-allow-origin")), (403, None), "{path}");
    }
}

#[tokio::test]
async fn healthz_asks_nobody() {
    let got = refused(get("/healthz"), &[]).await;
    assert_eq!((got.status.as_u16(), got.text().as_str()), (200, "ok"));
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(refused(post("/healthz", ""), &[]).await.status, 405);
}
