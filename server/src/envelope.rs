//! What surrounds every answer: request id, security headers, CORS, and one line of log.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, header};

use crate::operate::{InFlight, Operate};
use crate::path;
use crate::proxy::{self, State};

/// The policy of the page: scripts, styles, fonts and requests from the server itself only, nothing inline, no `eval`
/// (`wasm-unsafe-eval` allows compiling wasm and nothing else), Trusted Types enforced.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// The policy of an answer of the API, which may be a stranger's HTML: nothing at all runs or loads.
pub const API_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
/// What a portal on another origin may read beside the body.
const EXPOSED: &str = "Retry-After";
/// The same of an answer that was kept.
const EXPOSED_OF_KEPT: &str = "Retry-After, Age, X-Certquote-Stale";
/// The same of an error, which is told with the id under which the log has it.
const EXPOSED_OF_ERROR: &str = "Retry-After, X-Request-Id";
/// How many headers an answer has beside those it comes with.
const MOST_HEADERS: usize = 11;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the log tells of a request beyond its envelope.
#[derive(Clone, Copy, Debug)]
pub struct Observed {
    /// The route, without ids.
    pub route: &'static str,
    /// The status of the upstream, where it was asked and answered.
    pub upstream: Option<u16>,
}

impl Observed {
    /// A request for `route` that asked no upstream so far.
    #[must_use]
    pub fn at(route: &'static str) -> Self {
        Self { route, upstream: None }
    }
}

/// Gives every request an id: a random start and a count, so that ids differ between runs too.
#[derive(Debug)]
pub struct RequestIds {
    start: u32,
    next: AtomicU64,
}

impl Default for RequestIds {
    fn default() -> Self {
        let random = RandomState::new().hash_one(std::process::id());
        Self { start: (random >> 32) as u32, next: AtomicU64::new(1) }
    }
}

impl RequestIds {
    fn next(&self) -> Arc<str> {
        format!("{:08x}-{:08x}", self.start, self.next.fetch_add(1, Ordering::Relaxed)).into()
    }
}

/// The id of a request: an extension of each.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// A request under way: says so in the log if its client goes away before the answer.
struct Underway {
    id: Arc<str>,
    method: &'static str,
    started: Instant,
    answered: bool,
    operate: Operate,
    _in_flight: InFlight,
}

impl Drop for Underway {
    fn drop(&mut self) {
        if !self.answered {
            self.operate.abandoned();
            let ms = self.started.elapsed().as_millis();
            tracing::info!(id = %self.id, method = self.method, ms, "abandoned by the client");
        }
    }
}

/// Answers any request, envelope and all.
pub async fn answer(Shared(state): Shared<Arc<State>>, mut request: Request) -> Response<Body> {
    let operate = &state.settings.operate;
    let mut underway = Underway {
        id: state.ids.next(),
        method: name_of(request.method()),
        started: Instant::now(),
        answered: false,
        operate: operate.clone(),
        _in_flight: operate.in_flight(),
    };
    let allowed = &state.settings.allowed;
    let kind = Kind::of(request.uri().path());
    let origin = allowed.matching(request.headers());
    let head = request.method() == Method::HEAD;

    request.extensions_mut().insert(RequestId(Arc::clone(&underway.id)));

    let mut response = proxy::dispatch(&state, request).await;
    let failed = response.status().as_u16() >= 400;
    let headers = response.headers_mut();
    // At once what it would grow to step by step.
    headers.reserve(MOST_HEADERS);
    if let Ok(id) = HeaderValue::from_str(&underway.id) {
        headers.insert(REQUEST_ID, id);
    }
    secure(headers, kind, allowed.any());
    if allowed.any() {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        let exposed = match (failed, headers.contains_key(header::AGE)) {
            (true, _) => EXPOSED_OF_ERROR,
            (false, true) => EXPOSED_OF_KEPT,
            (false, false) => EXPOSED,
        };
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    }
    if head {
        response = without_body(response);
    }

    underway.answered = true;
    let observed = response.extensions().get::<Observed>().copied().unwrap_or(Observed::at("unknown"));
    operate.answered(observed.route, underway.method, response.status(), underway.started.elapsed());
    tracing::info!(
        id = %underway.id,
        method = underway.method,
        route = observed.route,
        status = response.status().as_u16(),
        ms = underway.started.elapsed().as_millis(),
        upstream = observed.upstream,
        "request"
    );
    response
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Api,
    Health,
    File,
}

impl Kind {
    fn of(path: &str) -> Self {
        match path {
            path if path::is_api(path) => Self::Api,
            "/healthz" | "/readyz" | "/metrics" => Self::Health,
            _ => Self::File,
        }
    }
}

fn secure(headers: &mut HeaderMap, kind: Kind, portals: bool) {
    let set = |headers: &mut HeaderMap, name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(headers, header::CONTENT_SECURITY_POLICY, if kind == Kind::Api { API_POLICY } else { PAGE_POLICY });
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    let shared = kind == Kind::File && portals;
    set(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        if shared { "cross-origin" } else { "same-origin" },
    );
    if kind != Kind::File {
        set(headers, header::CACHE_CONTROL, "no-store");
    }
}

/// The answer to `HEAD`: the headers of the one to `GET`, its length too.
fn without_body(response: Response<Body>) -> Response<Body> {
    use axum::body::HttpBody as _;
    let (mut parts, body) = response.into_parts();
    if let (Some(length), false) =
        (body.size_hint().exact(), parts.headers.contains_key(header::CONTENT_LENGTH))
    {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}

fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
