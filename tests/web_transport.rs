//! `GlooTransport` in a real browser against a real server: the sandbox, on another origin that allows this one.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use certquote::client::Client;
use certquote::draft::Draft;
use certquote::error::ErrorCode;
use certquote::transport::{Method, Request, Transport, TransportError};
use certquote::web::{GlooTransport, clock};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SERVER: &str = match option_env!("CERTQUOTE_TEST_SERVER") {
    Some(server) => server,
    None => "http://127.0.0.1:18180",
};

fn transport() -> GlooTransport {
    GlooTransport::new(&[SERVER, "/api/digicert"].concat())
}

fn draft(name: &str) -> Draft {
    Draft { dns_names: vec![name.to_owned()], product_name_id: "ssl_basic".to_owned(), ..Draft::default() }
}

fn balance() -> Request {
    Request {
        method: Method::Get,
        path: "finance/balance".to_owned(),
        query: Vec::new(),
        body: None,
        fresh: false,
    }
}

#[wasm_bindgen_test]
async fn prices_an_order_from_another_origin() {
    let quote = Client::new(transport()).quote(&draft("example.com"), clock::now).await.unwrap();
    assert_eq!(quote.currency, "USD");
    assert!(quote.sandbox && !quote.unknown && quote.total.is_some());
}

#[wasm_bindgen_test]
async fn an_error_keeps_its_status_its_codes_and_the_time_to_wait() {
    let client = Client::new(transport());
    let denied = client.quote(&draft("denied.test"), clock::now).await.unwrap_err();
    assert_eq!((denied.code, denied.status), (ErrorCode::Unauthorized, Some(403)));
    assert_eq!(denied.upstream_codes, ["access_denied", "access_denied_invalid_key"]);
    let limited = client.quote(&draft("rate-limited.test"), clock::now).await.unwrap_err();
    assert_eq!((limited.code, limited.retry_after_ms), (ErrorCode::RateLimited, Some(5000)));
    let html = client.quote(&draft("unavailable.test"), clock::now).await.unwrap_err();
    assert_eq!((html.code, html.status), (ErrorCode::Upstream, Some(502)));
    let garbled = client.quote(&draft("garbled.test"), clock::now).await.unwrap_err();
    assert_eq!((garbled.code, garbled.status), (ErrorCode::Unreadable, Some(200)));
}

#[wasm_bindgen_test]
async fn a_slow_answer_ends_in_a_timeout_of_its_own() {
    let transport = GlooTransport { timeout_ms: 100, ..transport() };
    let error = Client::new(transport).quote(&draft("slow.test"), clock::now).await.unwrap_err();
    assert_eq!((error.code, error.status, error.retryable), (ErrorCode::Timeout, None, true));
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_a_network_error() {
    // Port 9 is the discard service, which no browser connects to.
    let answer = GlooTransport::new("http://127.0.0.1:9").send(balance()).await;
    assert_eq!(answer, Err(TransportError::Network { offline: false }));
}

#[wasm_bindgen_test]
async fn an_address_that_is_none_is_a_network_error_and_no_panic() {
    let answer = GlooTransport::new("http://[").send(balance()).await;
    assert_eq!(answer, Err(TransportError::Network { offline: false }));
}

/// A function of the page.
fn page(body: &str) -> Option<js_sys::Function> {
    Some(js_sys::Function::new_no_args(body))
}

#[wasm_bindgen_test]
async fn the_page_gives_headers_and_another_origin_has_to_allow_them() {
    let headers = page("return Promise.resolve({ Authorization: 'Bearer x', accept: 'text/html' })");
    let answer = GlooTransport { headers, ..transport() }.send(balance()).await.unwrap();
    assert_eq!(answer.status, 200);
    let headers = page("return { 'X-Not-Allowed': '1' }");
    let answer = GlooTransport { headers, ..transport() }.send(balance()).await;
    assert_eq!(answer, Err(TransportError::Network { offline: false }));
}

#[wasm_bindgen_test]
async fn headers_that_are_not_given_or_cannot_be_sent_send_nothing() {
    let via = page("throw new Error('asked')");
    for (body, error) in [
        ("throw new Error('secret')", TransportError::NoHeaders),
        ("return Promise.reject('secret')", TransportError::NoHeaders),
        ("return Promise.reject()", TransportError::NoHeaders),
        ("return null", TransportError::BadHeaders),
        ("return 'Bearer x'", TransportError::BadHeaders),
        ("return new Headers({ Authorization: 'x' })", TransportError::BadHeaders),
        ("return { Authorization: 1 }", TransportError::BadHeaders),
        ("return { 'no name': 'x' }", TransportError::BadHeaders),
        ("return { Authorization: 'a\\nb' }", TransportError::BadHeaders),
        ("return { get Authorization() { throw 1 } }", TransportError::BadHeaders),
    ] {
        let transport = GlooTransport { headers: page(body), via: via.clone(), ..transport() };
        assert_eq!(transport.send(balance()).await, Err(error), "{body}");
    }
}

#[wasm_bindgen_test]
async fn the_time_is_up_for_functions_of_the_page_that_never_end() {
    let never = page("return new Promise(() => {})");
    for (headers, via) in [(never.clone(), None), (None, never)] {
        let transport = GlooTransport { timeout_ms: 50, headers, via, ..transport() };
        assert_eq!(transport.send(balance()).await, Err(TransportError::Timeout));
    }
}

#[wasm_bindgen_test]
async fn a_401_is_asked_again_once_with_fresh_headers_and_what_it_repeats_of_them_is_blotted_out() {
    let headers = page(
        "return { Authorization: 'Bearer long-token-' + (globalThis.tokens = (globalThis.tokens ?? 0) + 1) }",
    );
    let via = Some(js_sys::Function::new_with_args(
        "request",
        "return new Response(request.headers.get('authorization') + '!', { status: 401 })",
    ));
    let answer = GlooTransport { headers, via, ..transport() }.send(balance()).await.unwrap();
    assert_eq!(answer.status, 401);
    assert_eq!(String::from_utf8(answer.body).unwrap(), "Bearer ************!");
    let tokens = js_sys::Reflect::get(&js_sys::global(), &"tokens".into()).unwrap();
    assert_eq!(tokens.as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
async fn dropping_the_future_aborts_the_fetch() {
    // The browser's own record of fetches says how long each took: a dropped one must not go on for the answer's 5 s.
    let client = Client::new(transport());
    let draft = draft("slow.test");
    let dropped = {
        let quote = client.quote(&draft, clock::now);
        let pause = JsFuture::from(js_sys::Promise::new(&mut |resolve, _| {
            web_sys::window()
                .unwrap()
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 100)
                .unwrap();
        }));
        futures_util::future::select(Box::pin(quote), Box::pin(pause)).await
    };
    assert!(
        matches!(dropped, futures_util::future::Either::Right(_)),
        "the answer takes longer than the pause"
    );
    drop(dropped);
    // The connection is free again: the next request is answered while the slow one would still be waiting.
    assert!(client.quote(&self::draft("example.com"), clock::now).await.is_ok());
}
