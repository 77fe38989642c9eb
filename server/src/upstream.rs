//! What answers an endpoint: a real API with our credential, or the sandbox. Both are asked the same way.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use bytes::{Bytes, BytesMut};
use reqwest::redirect;

use crate::query;
use crate::route::Endpoint;
use crate::sandbox::Sandbox;

/// One checked request.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where it goes.
    pub endpoint: Endpoint,
    /// The documented query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// `Content-Type` of the browser.
    pub content_type: Option<HeaderValue>,
    /// `Accept` of the browser.
    pub accept: Option<HeaderValue>,
    /// The body of a `POST`.
    pub body: Bytes,
}

/// What comes back of an answer, and nothing else.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// `Content-Type`.
    pub content_type: Option<HeaderValue>,
    /// `Retry-After`.
    pub retry_after: Option<HeaderValue>,
    /// The body, whole.
    pub body: Bytes,
}

/// Why there is no answer to pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not reached, or broken off.
    Unreachable,
    /// It answered, but what it said cannot be passed on.
    Unusable(&'static str),
}

/// How many idle connections are kept for one upstream.
const MOST_KEPT: usize = 64;
/// And how long: less than upstreams keep them.
const KEPT: Duration = Duration::from_secs(30);

/// What stands behind one API.
#[derive(Debug)]
pub enum Upstream {
    /// The built-in stand-in.
    Sandbox(Arc<Sandbox>),
    /// A real server.
    Remote(Remote),
    /// What a test says.
    #[cfg(test)]
    Scripted(crate::desk::tests::Script),
}

impl Upstream {
    /// What tells the credential from others, without being it; `None` where none is needed.
    #[must_use]
    pub fn credential_id(&self) -> Option<CredentialId> {
        match self {
            Self::Sandbox(_) => None,
            Self::Remote(remote) => Some(remote.credential.id()),
            #[cfg(test)]
            Self::Scripted(_) => Some(*b"the test's words"),
        }
    }

    /// Asks, and takes an answer of at most `limit` bytes; `anew` on a connection that nothing was sent on before.
    /// Dropping the future drops the connection.
    ///
    /// # Errors
    /// [`Fault`] where there is nothing to pass on. The time is the caller's business.
    pub async fn send(&self, call: &Call, limit: usize, anew: bool) -> Result<Answer, Fault> {
        match self {
            Self::Sandbox(sandbox) => Ok(sandbox.answer(call).await),
            Self::Remote(remote) => remote.send(call, limit, anew).await,
            #[cfg(test)]
            Self::Scripted(script) => script.answer(call).await,
        }
    }
}

/// The header that carries a credential upstream. Its clones are one: what [replaces](Self::replace) one replaces all.
#[derive(Clone)]
pub struct Credential {
    name: HeaderName,
    held: Arc<RwLock<Held>>,
}

impl Credential {
    /// A header whose value is kept out of every log.
    #[must_use]
    pub fn new(name: HeaderName, value: HeaderValue) -> Self {
        Self { name, held: Arc::new(RwLock::new(Held::new(value))) }
    }

    /// Puts another value to use, for requests that are still to come.
    pub fn replace(&self, value: HeaderValue) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Held::new(value);
    }

    fn value(&self) -> HeaderValue {
        self.held.read().unwrap_or_else(PoisonError::into_inner).value.clone()
    }

    fn id(&self) -> CredentialId {
        self.held.read().unwrap_or_else(PoisonError::into_inner).id
    }
}

/// Tells one credential from others without being it.
pub type CredentialId = [u8; 16];

struct Held {
    value: HeaderValue,
    id: CredentialId,
}

impl Held {
    fn new(mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        let digest = ring::digest::digest(&ring::digest::SHA256, value.as_bytes());
        let mut id = CredentialId::default();
        id.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        Self { value, id }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({}: redacted)", self.name)
    }
}

/// What every client of ours has in common: it asks `url` and nobody else.
pub(crate) fn client(url: &str) -> reqwest::ClientBuilder {
    // Fails only where a provider is already there, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder();
    if url.starts_with("http://") {
        // Nothing to verify, so a machine without certificates of authorities will do.
        builder = builder.tls_certs_only([]);
    }
    builder
        .user_agent(concat!("certquote-server/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
}

/// A real API.
#[derive(Debug)]
pub struct Remote {
    /// Each call on a connection of its own.
    client: reqwest::Client,
    /// Keeps connections, where calls are tried again.
    keeping: Option<reqwest::Client>,
    base: String,
    credential: Credential,
}

impl Remote {
    /// An API at `base`, without a trailing slash. Connections are kept for the next call where `keep` says so.
    ///
    /// # Errors
    /// When the TLS library finds nothing to trust.
    pub fn new(base: String, credential: Credential, keep: bool) -> Result<Self, reqwest::Error> {
        let client = |kept| client(&base).pool_max_idle_per_host(kept).pool_idle_timeout(KEPT).build();
        // A kept connection that the upstream closes just as it is used again cannot be told from one that it cut off.
        // So connections are kept only where calls are tried again, on a new one; else every failure is to be told.
        let keeping = if keep { Some(client(MOST_KEPT)?) } else { None };
        Ok(Self { client: client(0)?, keeping, base, credential })
    }

    async fn send(&self, call: &Call, limit: usize, anew: bool) -> Result<Answer, Fault> {
        let mut url = format!("{}/{}", self.base, call.endpoint.upstream_path());
        if !call.query.is_empty() {
            url.push('?');
            url.push_str(&query::encode(&call.query));
        }
        let accept = call.accept.clone().unwrap_or(HeaderValue::from_static("application/json"));
        let client = self.keeping.as_ref().filter(|_| !anew).unwrap_or(&self.client);
        let mut request = client
            .request(call.endpoint.method(), url)
            .header(header::ACCEPT, accept)
            .header(self.credential.name.clone(), self.credential.value());
        if let Some(content_type) = &call.content_type {
            request = request.header(header::CONTENT_TYPE, content_type.clone());
        }
        if call.endpoint.method() == Method::POST {
            if call.body.is_empty() {
                // Left out otherwise, which some servers answer with 411.
                request = request.header(header::CONTENT_LENGTH, 0);
            }
            request = request.body(call.body.clone());
        }
        let response = request.send().await.map_err(unreachable)?;
        if response.status().is_redirection() || response.status().is_informational() {
            return Err(Fault::Unusable("it redirects"));
        }
        take(response, limit).await
    }
}

async fn take(mut response: reqwest::Response, limit: usize) -> Result<Answer, Fault> {
    let too_large = Fault::Unusable("it is too large");
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large);
    }
    let status = response.status();
    // Copied out of the buffer that the whole head was read into, which an answer that is kept would hold on to.
    let header =
        |name| response.headers().get(name).and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
    let (content_type, retry_after) = (header(header::CONTENT_TYPE), header(header::RETRY_AFTER));
    let encoding = header(header::CONTENT_ENCODING);
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > limit {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    let encoding = encoding.map(|value| value.as_bytes().to_ascii_lowercase());
    let body = match encoding.as_deref() {
        None | Some(b"" | b"identity") => body.freeze(),
        // Not asked for, but some servers compress regardless.
        Some(b"gzip" | b"x-gzip") => gunzip(&body, limit)?,
        Some(_) => return Err(Fault::Unusable("its encoding was not asked for")),
    };
    Ok(Answer { status, content_type, retry_after, body })
}

fn gunzip(packed: &[u8], limit: usize) -> Result<Bytes, Fault> {
    let mut body = Vec::new();
    flate2::read::MultiGzDecoder::new(packed)
        .take(limit as u64 + 1)
        .read_to_end(&mut body)
        .map_err(|_| Fault::Unusable("its compression is broken"))?;
    if body.len() > limit {
        return Err(Fault::Unusable("it is too large"));
    }
    Ok(body.into())
}

fn unreachable(error: reqwest::Error) -> Fault {
    // The URL holds account ids and filters; the rest of the chain tells what broke.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    tracing::warn!(error = %error, cause = %cause, "upstream unreachable");
    Fault::Unreachable
}
