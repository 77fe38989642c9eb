//! The browser's transport: `fetch`, with a time limit, and really called off when its future is dropped.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_net::http::{Request as Fetch, Response as Fetched};
use js_sys::{ArrayBuffer, Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials, Window};

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
    async fn fetch(
        &self,
        window: &Window,
        signal: &AbortSignal,
        request: &Request,
    ) -> Result<Response, Fault> {
        let mut fresh = self.headers.is_some();
        loop {
            let fetch = self.build(signal, request)?;
            let secrets = match &self.headers {
                Some(page) => headers::add(page, &fetch.headers()).await?,
                None => Vec::new(),
            };
            let mut answer = self.once(window, &fetch).await?;
            // Whoever refuses a request may repeat what came with it.
            if !(200..300).contains(&answer.status) {
                headers::blot(&mut answer.body, &secrets);
            }
            if answer.status != 401 || !std::mem::take(&mut fresh) {
                return Ok(answer);
            }
        }
    }

    fn build(&self, signal: &AbortSignal, request: &Request) -> Result<web_sys::Request, Fault> {
        let url = request.url(&self.base_url);
        let builder = match request.method {
            Method::Get => Fetch::get(&url),
            Method::Post => Fetch::post(&url).header("Content-Type", "application/json"),
        };
        let builder = builder
            .header("Accept", "application/json")
            .abort_signal(Some(signal))
            .cache(RequestCache::NoStore)
            .credentials(self.credentials);
        let fetch = match &request.body {
            Some(body) => builder.body(body),
            None => builder.build(),
        };
        // A URL that cannot be one.
        Ok(fetch.map_err(|_| JsValue::UNDEFINED)?.into())
    }

    /// gloo-net builds the request and reads the headers. The promises are awaited here, because gloo-net panics where
    /// one of them is rejected with anything but an `Error`, as a page that wraps `fetch` may do.
    async fn once(&self, window: &Window, fetch: &web_sys::Request) -> Result<Response, JsValue> {
        let answer = match &self.via {
            None => window.fetch_with_request(fetch),
            Some(via) => Promise::resolve(&via.call1(&JsValue::UNDEFINED, fetch)?),
        };
        let raw: web_sys::Response = JsFuture::from(answer).await?.dyn_into()?;
        let body = body(&raw).await;
        let response = Fetched::from(raw);
        let status = response.status();
        let body = match body {
            // The status of a failure says enough; that its body broke off must not hide it.
            Err(_) if !response.ok() => Vec::new(),
            body => body?,
        };
        Ok(Response { status, retry_after: response.headers().get("Retry-After"), body })
    }
}

impl Transport for GlooTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let window = web_sys::window().ok_or(TransportError::Network { offline: false })?;
        let abort = Abort::after(self.timeout_ms)?;
        let signal = abort.controller.signal();
        let mut answer = pin!(self.fetch(&window, &signal, &request));
        // The page's own functions may heed the signal or not: the time is up all the same.
        let answer = poll_fn(|context| {
            if abort.due.passed.get() {
                return Poll::Ready(Err(Fault::Known(TransportError::Timeout)));
            }
            abort.due.waker.set(Some(context.waker().clone()));
            answer.as_mut().poll(context)
        });
        answer.await.map_err(|fault| {
            let offline = !window.navigator().on_line();
            match fault {
                // A token that has to be fetched itself is not to be had without a connection.
                Fault::Known(TransportError::NoHeaders) if offline => TransportError::Network { offline },
                Fault::Known(error) => error,
                Fault::Thrown(reason) if is_abort(&reason) => TransportError::Cancelled,
                Fault::Thrown(_) => TransportError::Network { offline },
            }
        })
    }
}

/// Why there is no answer: known, or whatever a promise was rejected with.
enum Fault {
    Known(TransportError),
    Thrown(JsValue),
}

impl From<JsValue> for Fault {
    fn from(reason: JsValue) -> Self {
        Self::Thrown(reason)
    }
}

impl From<TransportError> for Fault {
    fn from(error: TransportError) -> Self {
        Self::Known(error)
    }
}

async fn body(response: &web_sys::Response) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Whether a promise was rejected because the page itself called the request off, as by navigating away.
fn is_abort(reason: &JsValue) -> bool {
    js_sys::Reflect::get(reason, &JsValue::from_str("name")).is_ok_and(|name| name == "AbortError")
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
