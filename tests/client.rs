//! Requests as they go out, and answers as they come back, over a closure for a transport.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use certquote::api::balance_history::{BalanceHistory, DateFilter, Sort, SortKey};
use certquote::api::{Endpoint, NumericId, Uuid};
use certquote::client::Client;
use certquote::draft::{BillingAddress, Draft, OrderValidity};
use certquote::error::{CertError, ErrorCode};
use certquote::transport::{Method, Request, Response, Transport, TransportError};
use serde_json::{Value, json};

const ORG: &str = "8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e";
const BILLING: &str = "0A3C1F00-0000-4000-8000-00000000ABCD";

/// Runs a future whose transport answers at once.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the transport of a test answers at once"),
    }
}

fn answer(status: u16, body: &str) -> impl Transport {
    let response = Response { status, body: body.as_bytes().to_vec(), ..Response::default() };
    move |_: Request| std::future::ready(Ok(response.clone()))
}

/// What `call` sends.
fn sent(call: impl AsyncFnOnce(Client<&dyn Fn(Request) -> Refused>)) -> Vec<Request> {
    let requests = RefCell::new(Vec::new());
    let transport = |request: Request| -> Refused {
        requests.borrow_mut().push(request);
        std::future::ready(Err(TransportError::Cancelled))
    };
    block_on(call(Client::new(&transport)));
    requests.into_inner()
}

type Refused = std::future::Ready<Result<Response, TransportError>>;

fn body_of(draft: &Draft) -> Value {
    let requests = sent(async |client| {
        let _ = client.order_pricing(draft).await;
    });
    let [request] = requests.as_slice() else { unreachable!("one request") };
    assert_eq!((request.method, request.path.as_str()), (Method::Post, "finance/order-pricing"));
    assert!(request.query.is_empty());
    serde_json::from_str(request.body.as_ref().unwrap()).unwrap()
}

#[test]
fn an_order_in_years_is_sent_in_both_forms() {
    let draft = Draft {
        dns_names: ["example.com", "example.net", "example.org"].map(str::to_owned).to_vec(),
        product_name_id: "ssl_basic".to_owned(),
        order_validity: OrderValidity::Years(1),
        renewal_of_order_valid_till: Some("2024-06-20".parse().unwrap()),
        ..Draft::default()
    };
    assert_eq!(
        body_of(&draft),
        json!({
            "certificate": {"dns_names": ["example.com", "example.net", "example.org"]},
            "order_validity": {"years": 1}, "validity_years": 1, "product_name_id": "ssl_basic",
            "renewal_of_order_valid_till": "2024-06-20"
        })
    );
}

#[test]
fn an_order_in_days_or_to_a_date_is_sent_in_one_form() {
    for (validity, expected) in [
        (OrderValidity::Days(199), json!({"days": 199})),
        (
            OrderValidity::CustomExpirationDate("2027-02-28".parse().unwrap()),
            json!({"custom_expiration_date": "2027-02-28"}),
        ),
    ] {
        let body = body_of(&Draft { order_validity: validity, ..Draft::default() });
        assert_eq!(body["order_validity"], expected);
        assert_eq!(body.get("validity_years"), None);
        assert_eq!(body["certificate"]["dns_names"], json!([]));
    }
}

#[test]
fn optional_fields_are_sent_only_when_given() {
    let draft = Draft {
        addons: vec!["17".to_owned()],
        is_out_of_contract: Some(true),
        billing_address: Some(BillingAddress {
            country: "IE".to_owned(),
            city: "Dublin".to_owned(),
            ..BillingAddress::default()
        }),
        ..Draft::default()
    };
    let body = body_of(&draft);
    assert_eq!(body["addons"], json!(["17"]));
    assert_eq!(body["is_out_of_contract"], json!(1));
    assert_eq!(body["billing_address"], json!({"country": "IE", "city": "Dublin"}));

    assert_eq!(
        body_of(&Draft { is_out_of_contract: Some(false), ..Draft::default() })["is_out_of_contract"],
        json!(0)
    );
    let bare = body_of(&Draft::default());
    for name in ["addons", "is_out_of_contract", "billing_address", "renewal_of_order_valid_till"] {
        assert_eq!(bare.get(name), None, "{name}");
    }

    let address = BillingAddress {
        country: "us".to_owned(),
        state: "Washington".to_owned(),
        city: "Seattle".to_owned(),
        zip: "98101".to_owned(),
    };
    let body = body_of(&Draft { billing_address: Some(address), ..Draft::default() });
    assert_eq!(
        body["billing_address"],
        json!({"country": "us", "state": "Washington", "city": "Seattle", "zip": "98101"})
    );
}

#[test]
fn the_other_four_are_gets_without_a_body() {
    let requests = sent(async |client| {
        let _ = client.finance_balance(None).await;
        let _ = client.finance_balance(Some("123456")).await;
        let _ = client.subaccount_balance("42").await;
        let _ = client.billing_balance(ORG, BILLING).await;
        let _ = client.balance_history(&BalanceHistory::default()).await;
    });
    let urls: Vec<String> = requests.iter().map(|request| request.url("/api")).collect();
    assert_eq!(
        urls,
        [
            "/api/finance/balance",
            "/api/finance/balance?container_id=123456",
            "/api/account/subaccount/42/balance",
            &format!("/api/v1beta1/organizations/{ORG}/billing/{BILLING}/balance"),
            "/api/finance/balance-history",
        ]
    );
    assert!(requests.iter().all(|request| request.method == Method::Get && request.body.is_none()));
}

#[test]
fn the_history_filters_sorts_and_pages_as_documented() {
    let request = BalanceHistory {
        container_id: NumericId::parse("7"),
        limit: Some(1000),
        offset: Some(2000),
        sort: vec![
            Sort { by: SortKey::TransactionDate, descending: true },
            Sort { by: SortKey::Id, descending: false },
        ],
        adjust_type: Some(27),
        only_container: NumericId::parse("8"),
        transaction_date: Some(DateFilter::Between(
            "2026-01-01".parse().unwrap(),
            "2026-01-31".parse().unwrap(),
        )),
        expiration_date: Some(DateFilter::After("2026-11-21".parse().unwrap())),
    }
    .request();
    let pairs: Vec<(&str, &str)> =
        request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        pairs,
        [
            ("container_id", "7"),
            ("filters[container_id]", "8"),
            ("filters[adjust_type]", "27"),
            ("filters[transaction_date]", "2026-01-01...2026-01-31"),
            ("filters[expiration_date]", ">2026-11-21"),
            ("sort", "-transaction_date,id"),
            ("limit", "1000"),
            ("offset", "2000"),
        ]
    );
    assert!(request.url("").ends_with(
        "&filters%5Bexpiration_date%5D=%3E2026-11-21&sort=-transaction_date%2Cid&limit=1000&offset=2000"
    ));
    assert_eq!(DateFilter::Before("2026-01-02".parse().unwrap()).to_string(), "<2026-01-02");
}

#[test]
fn an_id_that_is_none_is_misconfigured_and_nothing_is_sent() {
    for bad in ["", "../1", "1/2", "1%2f", "１", "-1", " 1", "123456789012345678901", "abc"] {
        let requests = sent(async |client| {
            let error = client.subaccount_balance(bad).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::Misconfigured, "{bad:?}");
            assert!(error.message.contains("subaccount-id"), "{error}");
            assert_eq!(error.endpoint, "account/subaccount/{id}/balance");
            assert!(!error.retryable);
            let error = client.finance_balance(Some(bad)).await.unwrap_err();
            assert!(error.message.contains("container-id"), "{error}");
            let error = client.billing_balance(ORG, bad).await.unwrap_err();
            assert!(error.message.contains("billing-id"), "{error}");
            let error = client.billing_balance(bad, BILLING).await.unwrap_err();
            assert!(error.message.contains("org-id"), "{error}");
        });
        assert_eq!(requests, [], "{bad:?}");
    }
    assert_eq!(Uuid::parse("8d2e7b523f7e4a539d0c0a9b7b1c2d3e"), None);
    assert_eq!(Uuid::parse("8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3g"), None);
}

#[test]
fn base_urls_are_joined_with_one_slash() {
    let request =
        Request { method: Method::Get, path: "a/b".to_owned(), query: Vec::new(), body: None, fresh: false };
    for (base, url) in [
        ("/api/digicert", "/api/digicert/a/b"),
        ("/api/digicert/", "/api/digicert/a/b"),
        ("https://shop.example/x//", "https://shop.example/x/a/b"),
        ("api", "api/a/b"),
        ("/", "/a/b"),
        ("", "a/b"),
    ] {
        assert_eq!(request.url(base), url);
    }
}

#[test]
fn a_quote_comes_from_the_documented_answer() {
    let client = Client::new(answer(200, include_str!("fixtures/order-pricing.json")));
    let draft = Draft { product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
    let quote = block_on(client.quote(&draft, || "2026-11-21T12:00:00Z".to_owned())).unwrap();
    assert_eq!(quote.total.unwrap().to_string(), "782");
    assert_eq!(quote.draft, draft);
}

#[test]
fn the_status_is_read_before_the_body() {
    let client = Client::new(answer(502, "{\"balance\":\"1.00\",\"currency\":\"USD\"}"));
    let error = block_on(client.finance_balance(None)).unwrap_err();
    assert_eq!((error.code, error.status), (ErrorCode::Upstream, Some(502)));
}

#[test]
fn a_success_that_cannot_be_read_keeps_status_path_and_excerpt() {
    for status in [200, 201, 204] {
        let client = Client::new(answer(status, "{\"balance\":[\"1.00\"],\"currency\":\"USD\"}"));
        let error: CertError = block_on(client.finance_balance(None)).unwrap_err();
        assert_eq!((error.code, error.status, error.retryable), (ErrorCode::Unreadable, Some(status), true));
        let evidence = error.evidence.unwrap();
        assert!(evidence.path.unwrap().starts_with("$.balance"));
        assert_eq!(evidence.excerpt, "{\"balance\":[\"1.00\"],\"currency\":\"USD\"}");
    }
}
