//! The browser's transport: `fetch`, with a time limit, and really called off when its future is dropped.

use gloo_net::http::{Request as Fetch, Response as Fetched};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestCredentials, Window};

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
        let raw: web_sys::Response = JsFuture::from(window.fetch_with_request(&fetch)).await?.dyn_into()?;
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
        let abort = Abort::after(self.timeout_ms, &window)?;
        self.fetch(&window, &abort, request).await.map_err(|reason| {
            if abort.timed_out() {
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
    window: Window,
    timer: i32,
    /// What the timer calls. It must live as long as the timer may ring.
    _on_timer: Closure<dyn FnMut()>,
    timed_out: std::rc::Rc<std::cell::Cell<bool>>,
}

impl Abort {
    fn after(timeout_ms: u32, window: &Window) -> Result<Self, TransportError> {
        let no_request = |_| TransportError::Network { offline: false };
        let controller = AbortController::new().map_err(no_request)?;
        let timed_out = std::rc::Rc::new(std::cell::Cell::new(false));
        let on_timer = Closure::<dyn FnMut()>::new({
            let (controller, timed_out) = (controller.clone(), timed_out.clone());
            move || {
                timed_out.set(true);
                // Without a reason, so that the promise is rejected with an `Error`.
                controller.abort();
            }
        });
        // Browsers keep the delay in 31 bits.
        let delay = i32::try_from(timeout_ms).unwrap_or(i32::MAX);
        let timer = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(on_timer.as_ref().unchecked_ref(), delay)
            .map_err(no_request)?;
        Ok(Self { controller, window: window.clone(), timer, _on_timer: on_timer, timed_out })
    }

    fn timed_out(&self) -> bool {
        self.timed_out.get()
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.window.clear_timeout_with_handle(self.timer);
        self.controller.abort();
    }
}
