//! The browser's transport: `fetch`, with a time limit, and really called off when its future is dropped.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_net::http::Response as Fetched;
use js_sys::{ArrayBuffer, Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, Window};

use super::headers;
use super::timer::Timer;
use crate::transport::{Method, Request, Response, Transport, TransportError};

/// Fetches from one base URL. Dropping a request's future aborts the request.
#[derive(Clone, Debug, PartialEq)]
pub struct GlooTransport {
    /// What the path of a request is joined to: absolute (`https://shop.example/api/digicert`) or relative to the page
    /// (`/api/digicert`).
    pub base_url: String,
    /// How long an answer may take until its last byte, in milliseconds.
    pub timeout_ms: u32,
    /// Whether cookies go along.
    pub credentials: RequestCredentials,
    /// What is called with each `Request` instead of `fetch`, and gives a promise of a `Response`.
    pub via: Option<Function>,
    /// What is called before each request and gives an object of further request headers, or a promise of one. After a 401 it
    /// is called once more, for a fresh token, and the request is repeated once. `Accept` and `Content-Type` stay what they
    /// are. Nothing that it gives, and no reason that it fails for, becomes part of an error.
    pub headers: Option<Function>,
}

impl GlooTransport {
    /// The time limit unless another is set, in milliseconds.
    pub const DEFAULT_TIMEOUT_MS: u32 = 15_000;

    /// A transport with the default time limit that sends cookies to the page's own origin only.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            timeout_ms: Self::DEFAULT_TIMEOUT_MS,
            credentials: RequestCredentials::SameOrigin,
            via: None,
            headers: None,
        }
    }

    /// Fetches, with no regard to the time.
    ///
    /// gloo-net reads the answer. The request is built and the promises are awaited here, because gloo-net panics where one of
    /// them is rejected with anything but an `Error`, as a page that wraps `fetch` may do, and its builder is 1 KB brotli.
    async fn fetch(
        &self,
        window: &Window,
        signal: &AbortSignal,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let mut fresh = self.headers.is_some();
        loop {
            let fetch = self.build(signal, request)?;
            let mut secrets = Vec::new();
            if let Some(page) = &self.headers {
                let given = match page.call0(&JsValue::UNDEFINED) {
                    Ok(given) => JsFuture::from(Promise::resolve(&given)).await,
                    thrown => thrown,
                };
                // What was thrown may tell of the token: it ends here.
                let given = given.map_err(|_| no_headers())?;
                secrets = headers::put(&given, &fetch.headers()).ok_or(TransportError::BadHeaders)?;
            }
            let answer = match &self.via {
                None => window.fetch_with_request(&fetch),
                Some(via) => Promise::resolve(&via.call1(&JsValue::UNDEFINED, &fetch)?),
            };
            let raw: web_sys::Response = JsFuture::from(answer).await?.dyn_into()?;
            let body = match raw.array_buffer() {
                Ok(body) => JsFuture::from(body).await,
                error => error.map(JsValue::from),
            };
            let response = Fetched::from(raw);
            let (status, ok) = (response.status(), response.ok());
            let mut body = match body {
                // The status of a failure says enough; that its body broke off must not hide it.
                Err(_) if !ok => Vec::new(),
                body => {
                    let body: ArrayBuffer = body?.dyn_into()?;
                    Uint8Array::new(&body).to_vec()
                }
            };
            if status == 401 && std::mem::take(&mut fresh) {
                continue;
            }
            // Whoever answers may repeat what came with the request.
            headers::blot(&mut body, &secrets, ok);
            return Ok(Response { status, retry_after: response.headers().get("Retry-After"), body });
        }
    }

    fn build(&self, signal: &AbortSignal, request: &Request) -> Result<web_sys::Request, JsValue> {
        let (init, headers) = (RequestInit::new(), Headers::new()?);
        headers.set("Accept", "application/json")?;
        if request.method == Method::Post {
            init.set_method("POST");
            headers.set("Content-Type", "application/json")?;
        }
        if let Some(body) = &request.body {
            init.set_body(&JsValue::from_str(body));
        }
        init.set_headers(&headers);
        init.set_signal(Some(signal));
        init.set_cache(RequestCache::NoStore);
        init.set_credentials(self.credentials);
        web_sys::Request::new_with_str_and_init(&request.url(&self.base_url), &init)
    }
}

impl Transport for GlooTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let window = web_sys::window().ok_or(TransportError::Network { offline: false })?;
        let abort = Abort::after(self.timeout_ms)?;
        let signal = abort.controller.signal();
        let mut answer = pin!(self.fetch(&window, &signal, &request));
        // The page's own functions may heed the signal or not: the time is up all the same.
        poll_fn(|context| {
            if abort.due.passed.get() {
                return Poll::Ready(Err(TransportError::Timeout));
            }
            abort.due.waker.set(Some(context.waker().clone()));
            answer.as_mut().poll(context)
        })
        .await
    }
}

/// Whatever a promise was rejected with: by the page itself, as by navigating away, it was called off.
impl From<JsValue> for TransportError {
    fn from(reason: JsValue) -> Self {
        if js_sys::Reflect::get(&reason, &JsValue::from_str("name")).is_ok_and(|name| name == "AbortError") {
            Self::Cancelled
        } else {
            Self::Network { offline: is_offline() }
        }
    }
}

/// A token that has to be fetched itself is not to be had without a connection.
fn no_headers() -> TransportError {
    if is_offline() { TransportError::Network { offline: true } } else { TransportError::NoHeaders }
}

fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// Aborts a request when its time is up, and when it is dropped. Aborting one that is over does nothing.
struct Abort {
    controller: AbortController,
    due: Rc<Due>,
    _timer: Timer,
}

/// Whether the time is up, and who wants to know.
#[derive(Default)]
struct Due {
    passed: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl Abort {
    fn after(timeout_ms: u32) -> Result<Self, TransportError> {
        let controller = AbortController::new().map_err(|_| TransportError::Network { offline: false })?;
        let due = Rc::new(Due::default());
        let timer = Timer::new(timeout_ms, {
            let (controller, due) = (controller.clone(), Rc::clone(&due));
            move || {
                due.passed.set(true);
                if let Some(waker) = due.waker.take() {
                    waker.wake();
                }
                // Without a reason, so that the promise is rejected with an `Error`.
                controller.abort();
            }
        });
        Ok(Self { controller, due, _timer: timer })
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
