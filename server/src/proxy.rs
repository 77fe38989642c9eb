//! From a request to an answer: what is checked before an upstream is asked, in which order, and what comes back.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout_at};

use crate::desk::{self, Desk, Served, Source};
use crate::envelope::{Observed, RequestId, RequestIds};
use crate::files::{self, Files};
use crate::origin::{self, single};
use crate::path;
use crate::query::{self, BadParameter};
use crate::route::{Api, Endpoint};
use crate::settings::{Limits, Settings};
use crate::shape::Problem;
use crate::upstream::{Answer, Call, Upstream};
use crate::who::Peer;
use crate::who::audit::Entry;
use crate::who::order;

/// How much of a body that is too large is still read, so that its sender gets to see the answer.
const DRAIN: usize = 8 * 1024 * 1024;

/// For how long.
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// The mark of the sandbox on an answer.
pub const SANDBOX_MARK: &str = "x-certquote-sandbox";

/// The mark on an answer that was kept and stands in for a failure; its `Age` says how old it is.
pub const STALE_MARK: &str = "x-certquote-stale";

/// The request headers that a portal on another origin may send. The last two are for whatever checks its token in front of
/// this server; an upstream gets neither.
const ALLOWED_HEADERS: &str = "Accept, Content-Type, Authorization, X-CSRF-Token";

/// What every request shares.
#[derive(Debug)]
pub struct State {
    pub(crate) settings: Settings,
    pub(crate) digicert: Desk,
    pub(crate) frontier: Desk,
    pub(crate) files: Files,
    pub(crate) ids: RequestIds,
}

impl State {
    /// The state of a fresh server.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let files = Files::new(&settings.assets);
        let desk = |name, upstream: &Arc<Upstream>| {
            let operate = settings.operate.clone();
            let desk = Desk::new(Arc::clone(upstream), settings.asking.clone(), settings.limits, operate);
            desk.report(name, &settings.operate);
            desk
        };
        let digicert = desk("digicert", &settings.digicert);
        let frontier = desk("frontier", &settings.frontier);
        settings.who.report(&settings.operate);
        Self { settings, digicert, frontier, files, ids: RequestIds::default() }
    }
}

/// Answers any request.
pub async fn dispatch(state: &State, request: Request) -> Response<Body> {
    let path = request.uri().path();
    if path::is_api(path) {
        let api = Api::of(path);
        let (answer, observed) = api_answer(state, request).await;
        let mut response = answer.unwrap_or_else(|problem| problem.answer(api));
        response.extensions_mut().insert(observed);
        response
    } else if path == "/healthz" {
        let mut response = if is_read(request.method()) {
            let mut answer = files::plain(StatusCode::OK, "ok");
            if matches!(*state.settings.digicert, Upstream::Sandbox(_)) {
                answer.headers_mut().insert(SANDBOX_MARK, HeaderValue::from_static("1"));
            }
            answer
        } else {
            files::wrong_method()
        };
        response.extensions_mut().insert(Observed::at("/healthz"));
        response
    } else if let Some(mut response) =
        state.settings.operate.answer(&request, state.settings.operate.metrics_on_main)
    {
        response.extensions_mut().insert(Observed::at("operator"));
        response
    } else {
        let mut response = match preflight(state, &request, "GET, HEAD") {
            Some(answer) => {
                answer.unwrap_or_else(|_| files::plain(StatusCode::FORBIDDEN, "origin not allowed"))
            }
            // Boxed, so that the requests of the API carry no room for it.
            None => Box::pin(state.files.answer(request)).await,
        };
        response.extensions_mut().insert(Observed::at("static"));
        response
    }
}

/// Whether the method only reads.
#[must_use]
pub fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

async fn api_answer(state: &State, request: Request) -> (Result<Response<Body>, Problem>, Observed) {
    let path = request.uri().path();
    if !path::is_clean_api(path) {
        return (Err(Problem::UncleanPath), Observed::at("unclean"));
    }
    match Endpoint::of(path) {
        Err(no_route) => (Err(Problem::NoRoute(no_route)), Observed::at("unknown")),
        Ok(endpoint) => {
            let mut observed = Observed::at(endpoint.template());
            let answer = endpoint_answer(state, endpoint, request, &mut observed).await;
            (answer, observed)
        }
    }
}

async fn endpoint_answer(
    state: &State,
    endpoint: Endpoint,
    request: Request,
    observed: &mut Observed,
) -> Result<Response<Body>, Problem> {
    if let Some(answer) = preflight(state, &request, endpoint.allow()) {
        return answer;
    }
    let posts = endpoint.method() == Method::POST;
    if !(if posts { request.method() == Method::POST } else { is_read(request.method()) }) {
        return Err(Problem::Method(endpoint.allow()));
    }
    let who = &state.settings.who;
    let id = request.extensions().get::<RequestId>().map_or("", |id| &*id.0);
    let mut entry = who.audit.entry(id, &endpoint);
    let answer = known_answer(state, endpoint, request, &mut entry, observed).await;
    entry.end(answer.as_ref().map_or_else(Problem::status, Response::status).as_u16());
    answer
}

/// The answer once it is known that somebody asks for a quote or a balance: to those who may.
async fn known_answer(
    state: &State,
    endpoint: Endpoint,
    request: Request,
    entry: &mut Entry<'_>,
    observed: &mut Observed,
) -> Result<Response<Body>, Problem> {
    let who = &state.settings.who;
    if !who.answers_to(request.uri(), request.headers()) {
        return Err(Problem::Host);
    }
    if !state.settings.allowed.permits(request.uri(), request.headers()) {
        return Err(Problem::Origin);
    }
    let peer = request.extensions().get::<Peer>().copied();
    let asker = who.identify(peer, request.headers()).await?;
    entry.asker(&asker);
    let query = query::documented(&endpoint, request.uri().query())
        .map_err(|BadParameter(name)| Problem::Parameter(name))?;
    entry.query(&query);
    who.permit(&asker, &endpoint, &query)?;
    let posts = endpoint.method() == Method::POST;
    if posts && !is_json(request.headers()) {
        return Err(Problem::MediaType);
    }
    let (parts, body) = request.into_parts();
    let body = read_body(&parts.headers, body, &state.settings.limits).await?;
    if posts {
        who.permit_order(&asker, &body)?;
    }
    let whole = !posts || who.sees_balance(&asker);
    let asking = desk::Asker::of(asker.scope(), &parts.headers);
    let call = Call {
        query,
        content_type: single(&parts.headers, header::CONTENT_TYPE).cloned(),
        accept: single(&parts.headers, header::ACCEPT).cloned(),
        body: if posts { body } else { Bytes::new() },
        endpoint,
    };
    ask(state, &call, &asking, whole, observed).await
}

async fn ask(
    state: &State,
    call: &Call,
    asker: &desk::Asker,
    whole: bool,
    observed: &mut Observed,
) -> Result<Response<Body>, Problem> {
    let desk = match call.endpoint.api() {
        Api::DigiCert => &state.digicert,
        Api::Frontier => &state.frontier,
    };
    let Served { mut answer, source } = desk.ask(call, asker).await?;
    if !whole && answer.status.is_success() {
        let told = order::without_balance(&answer.body);
        answer.body = told.ok_or(Problem::UpstreamUnusable("it is no JSON object"))?;
    }
    let status = answer.status.as_u16();
    let mut response = pass_on(answer);
    let headers = response.headers_mut();
    match source {
        Source::Upstream => observed.upstream = Some(status),
        Source::Kept(age) => {
            headers.insert(header::AGE, HeaderValue::from(age.as_secs()));
        }
        Source::Stale(age, failure) => {
            headers.insert(header::AGE, HeaderValue::from(age.as_secs()));
            headers.insert(STALE_MARK, HeaderValue::from(failure.as_u16()));
        }
    }
    if matches!(desk.upstream(), Upstream::Sandbox(_)) {
        headers.insert(SANDBOX_MARK, HeaderValue::from_static("1"));
    }
    Ok(response)
}

fn pass_on(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    for (name, value) in
        [(header::CONTENT_TYPE, answer.content_type), (header::RETRY_AFTER, answer.retry_after)]
    {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The answer to a CORS preflight; `None` where the request is none.
fn preflight(
    state: &State,
    request: &Request,
    methods: &'static str,
) -> Option<Result<Response<Body>, Problem>> {
    let headers = request.headers();
    if request.method() != Method::OPTIONS
        || !headers.contains_key(header::ORIGIN)
        || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        || origin::is_own(request.uri(), headers)
    {
        return None;
    }
    if state.settings.allowed.matching(headers).is_none() {
        return Some(Err(Problem::Origin));
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
    answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Some(Ok(response))
}

fn is_json(headers: &HeaderMap) -> bool {
    single(headers, header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

async fn read_body(headers: &HeaderMap, mut body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    let announced = single(headers, header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    let mut too_large = announced.is_some_and(|length| length > limits.request_body as u64);
    if too_large && headers.contains_key(header::EXPECT) {
        // The sender waits for leave before it sends; it gets the answer instead.
        return Err(Problem::TooLarge);
    }
    let mut deadline = Instant::now() + if too_large { DRAIN_TIME } else { limits.request };
    let mut taken = BytesMut::new();
    let mut length = 0_usize;
    loop {
        match timeout_at(deadline, body.frame()).await {
            Err(_) if too_large => return Err(Problem::TooLarge),
            Err(_) => return Err(Problem::SlowBody),
            Ok(None) if too_large => return Err(Problem::TooLarge),
            Ok(None) => return Ok(taken.freeze()),
            Ok(Some(Err(_))) if too_large => return Err(Problem::TooLarge),
            Ok(Some(Err(_))) => return Err(Problem::BrokenBody),
            Ok(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else { continue };
                length += data.len();
                if length > DRAIN {
                    return Err(Problem::TooLarge);
                }
                if too_large {
                    continue;
                }
                if length > limits.request_body {
                    too_large = true;
                    deadline = deadline.min(Instant::now() + DRAIN_TIME);
                    continue;
                }
                taken.extend_from_slice(&data);
            }
        }
    }
}
