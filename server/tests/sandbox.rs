//! The sandbox behind the same checks as the proxy: its mark, its reserved names and its reserved ids.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;

use common::*;
use serde_json::json;

async fn quote(name: &str) -> Got {
    let body = json!({
        "certificate": {"dns_names": ["example.com", name]}, "order_validity": {"years": 1}, "product_name_id": "ssl_basic",
    });
    call(sandbox(), post(PRICING, &body.to_string())).await
}

fn frontier(last: &str) -> String {
    format!("/api/frontier/v1beta1/organizations/{ORG}/billing/00000000-0000-0000-0000-{last:0>12}/balance")
}

#[tokio::test]
async fn every_endpoint_answers_with_the_mark() {
    for request in [post(PRICING, DRAFT), get(BALANCE), get(HISTORY), get(SUBACCOUNT), get(&frontier_path())]
    {
        let path = request.uri().path().to_owned();
        let got = call(sandbox(), request).await;
        assert_eq!(got.status, 200, "{path}");
        assert_eq!(got.header("x-certquote-sandbox"), Some("1"));
        assert_eq!(got.header("cache-control"), Some("no-store"));
        assert_eq!(got.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn three_names_have_a_price() {
    let answer = call(sandbox(), post(PRICING, DRAFT)).await.json();
    assert_eq!(answer["fqdns"]["units"], 3);
    assert_eq!(answer["total_price"].to_string(), "452.11");
    assert_eq!(answer["tax"], "42.03");
}

#[tokio::test]
async fn reserved_names_provoke_their_trouble() {
    let got = quote("no-estimate.test").await;
    assert_eq!((got.status.as_u16(), &got.json()["total_price"]), (200, &json!(0)));
    let got = quote("tax-error.test").await.json();
    assert_eq!((&got["tax"], &got["tax_error"]), (&json!("0.00"), &json!(true)));
    let got = quote("rate-limited.test").await;
    assert_eq!((got.status.as_u16(), got.header("retry-after")), (429, Some("5")));
    assert_eq!(got.json()["errors"][0]["code"], "request_limit_exceeded");
    let got = quote("www.denied.test").await;
    assert_eq!(got.status, 403);
    assert_eq!(got.json()["errors"][0]["code"], "access_denied|access_denied_invalid_key");
    let got = quote("unavailable.test").await;
    assert_eq!((got.status.as_u16(), got.header("content-type")), (502, Some("text/html")));
    let got = quote("garbled.test").await;
    assert_eq!(got.status, 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&got.body).is_err());
}

#[tokio::test(start_paused = true)]
async fn the_slow_name_takes_five_seconds_and_then_has_a_price() {
    let started = tokio::time::Instant::now();
    let got = quote("slow.test").await;
    assert_eq!(started.elapsed().as_secs(), 5);
    assert_eq!(got.json()["currency"], "USD");
}

#[tokio::test]
async fn reserved_ids_provoke_trouble_everywhere() {
    for (id, status) in
        [("403", 403), ("4031", 403), ("404", 404), ("429", 429), ("502", 502), ("998", 200), ("999", 200)]
    {
        for path in [
            format!("{BALANCE}?container_id={id}"),
            format!("{HISTORY}?container_id={id}"),
            format!("/api/digicert/account/subaccount/{id}/balance"),
            frontier(id),
        ] {
            let got = call(sandbox(), get(&path)).await;
            assert_eq!(got.status, status, "{path}");
            assert_eq!(got.header("retry-after").is_some(), id == "429", "{path}");
        }
    }
    assert_eq!(call(sandbox(), get(&frontier("403"))).await.json()["code"], 7);
}

#[tokio::test]
async fn accounts_are_chosen_by_id() {
    for (path, field, value) in [
        (BALANCE.to_owned(), "balance", json!("8123.45")),
        (format!("{BALANCE}?container_id=2"), "unlimited_negative_balance", json!(true)),
        (format!("{BALANCE}?container_id=3"), "balance", json!("-350.25")),
        ("/api/digicert/account/subaccount/4/balance".to_owned(), "currency", json!("EUR")),
    ] {
        assert_eq!(call(sandbox(), get(&path)).await.json()[field], value, "{path}");
    }
    for (id, amount) in
        [("2", json!("-350")), ("3", json!(null)), ("4", json!("9007199254740993")), ("9", json!("1200"))]
    {
        assert_eq!(call(sandbox(), get(&frontier(id))).await.json()["balance"]["amount"], amount, "{id}");
    }
}

#[tokio::test]
async fn the_newest_adjustment_ends_at_the_balance() {
    for container in ["1", "2", "3"] {
        let balance = call(sandbox(), get(&format!("{BALANCE}?container_id={container}"))).await.json();
        let history =
            call(sandbox(), get(&format!("{HISTORY}?container_id={container}&limit=1"))).await.json();
        assert_eq!(history["adjustments"][0]["balance_after"], balance["balance"]);
        assert_eq!(history["page"], json!({"total": 3000, "limit": 1, "offset": 0}));
    }
}
