//! The browser's transport: `fetch`, with a time limit, and really called off when its future is dropped.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Request as Fetch, Response as Fetched};
use js_sys::{ArrayBuffer, Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestCredentials, Window};

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
        }
    }

    /// Fetches, with no regard to the time.
    ///
    /// gloo-net builds the request and reads the headers. The promises are awaited here, because gloo-net panics where
    /// one of them is rejected with anything but an `Error`, as a page that wraps `fetch` may do.
    async fn fetch(&self, window: &Window, abort: &Abort, request: Request) -> Result<Response, JsValue> {
        let url = request.url(&self.base_url);
        let builder = match request.method {
            Method::Get => Fetch::get(&url),
            Method::Post => Fetch::post(&url).header("Content-Type", "application/json"),
        };
        let builder = builder
            .header("Accept", "application/json")
            .abort_signal(Some(&abort.controller.signal()))
            .cache(RequestCache::NoStore)
            .credentials(self.credentials);
        let fetch = match request.body {
            Some(body) => builder.body(body),
            None => builder.build(),
        };
        // A URL that cannot be one.
        let fetch: web_sys::Request = fetch.map_err(|_| JsValue::UNDEFINED)?.into();
        let answer = match &self.via {
            None => window.fetch_with_request(&fetch),
            Some(via) => Promise::resolve(&via.call1(&JsValue::UNDEFINED, &fetch)?),
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
        self.fetch(&window, &abort, request).await.map_err(|reason| {
            if abort.timed_out.get() {
                TransportError::Timeout
            } else if is_abort(&reason) {
                TransportError::Cancelled
            } else {
                TransportError::Network { offline: !window.navigator().on_line() }
            }
        })
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
    timed_out: Rc<Cell<bool>>,
    _timer: Timer,
}

impl Abort {
    fn after(timeout_ms: u32) -> Result<Self, TransportError> {
        let controller = AbortController::new().map_err(|_| TransportError::Network { offline: false })?;
        let timed_out = Rc::new(Cell::new(false));
        let timer = Timer::new(timeout_ms, {
            let (controller, timed_out) = (controller.clone(), Rc::clone(&timed_out));
            move || {
                timed_out.set(true);
                // Without a reason, so that the promise is rejected with an `Error`.
                controller.abort();
            }
        });
        Ok(Self { controller, timed_out, _timer: timer })
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
