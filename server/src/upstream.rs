//! What answers an endpoint: a real API with our credential, or the sandbox. Both are asked the same way.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use bytes::Bytes;
use http_body_util::Full;
use reqwest::redirect;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::pool::{Broken, Pool};
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
    /// A connection kept from an earlier call ended without a byte: to be asked anew, which cannot end so again.
    Stale,
    /// It answered, but what it said cannot be passed on.
    Unusable(&'static str),
}

/// What stands behind one API.
#[derive(Debug)]
pub enum Upstream {
    /// The built-in stand-in.
    Sandbox(Arc<Sandbox>),
    /// A real server.
    Remote(Box<Remote>),
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

/// What the client that fetches `url`, and nothing else, begins with.
pub(crate) fn client(url: &str) -> reqwest::ClientBuilder {
    // Fails only where a provider is already there, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder();
    if url.starts_with("http://") {
        // Nothing to verify, so a machine without certificates of authorities will do.
        builder = builder.tls_certs_only([]);
    }
    builder.user_agent(AGENT).redirect(redirect::Policy::none()).retry(reqwest::retry::never()).no_proxy()
}

const AGENT: &str = concat!("certquote-server/", env!("CARGO_PKG_VERSION"));

/// A real API.
#[derive(Debug)]
pub struct Remote {
    pool: Pool,
    host: HeaderValue,
    /// The path of the base URL, with a slash at its end.
    path: String,
    credential: Credential,
}

impl Remote {
    /// An API at `base`, without a trailing slash.
    ///
    /// # Errors
    /// Where it is no URL to connect to, or the TLS library finds nothing to trust.
    pub fn new(base: &str, credential: Credential) -> Result<Self, rustls::Error> {
        let no_url = || rustls::Error::General("the upstream's URL cannot be used".to_owned());
        let to: Uri = base.parse().map_err(|_| no_url())?;
        let host = to.authority().map_or("", Authority::as_str);
        let host = HeaderValue::from_str(host).map_err(|_| no_url())?;
        let path = format!("{}/", to.path().trim_end_matches('/'));
        let tls = tls(to.scheme() == Some(&Scheme::HTTPS))?;
        Ok(Self { pool: Pool::new(to, tls), host, path, credential })
    }

    async fn send(&self, call: &Call, limit: usize, anew: bool) -> Result<Answer, Fault> {
        let answer = self.pool.send(self.request(call)?, limit, anew).await.map_err(fault)?;
        let (parts, body) = answer.into_parts();
        if parts.status.is_redirection() || parts.status.is_informational() {
            return Err(Fault::Unusable("it redirects"));
        }
        // Copied out of the buffer that the whole head was read into, which an answer that is kept would hold on to.
        let header =
            |name| parts.headers.get(name).and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
        let encoding =
            parts.headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase());
        let body = match encoding.as_deref() {
            None | Some(b"" | b"identity") => body.freeze(),
            // Not asked for, but some servers compress regardless.
            Some(b"gzip" | b"x-gzip") => gunzip(&body, limit)?,
            Some(_) => return Err(Fault::Unusable("its encoding was not asked for")),
        };
        let (content_type, retry_after) = (header(header::CONTENT_TYPE), header(header::RETRY_AFTER));
        Ok(Answer { status: parts.status, content_type, retry_after, body })
    }

    fn request(&self, call: &Call) -> Result<Request<Full<Bytes>>, Fault> {
        let mut path = String::with_capacity(128);
        path.push_str(&self.path);
        path.push_str(&call.endpoint.upstream_path());
        if !call.query.is_empty() {
            path.push('?');
            path.push_str(&query::encode(&call.query));
        }
        let mut request = Request::new(Full::new(call.body.clone()));
        *request.method_mut() = call.endpoint.method();
        *request.uri_mut() = path.try_into().map_err(|_| Fault::Unreachable)?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        headers.insert(header::USER_AGENT, HeaderValue::from_static(AGENT));
        let accept = call.accept.clone().unwrap_or(HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, accept);
        headers.insert(self.credential.name.clone(), self.credential.value());
        if let Some(content_type) = &call.content_type {
            headers.insert(header::CONTENT_TYPE, content_type.clone());
        }
        if call.endpoint.method() == Method::POST && call.body.is_empty() {
            // Left out otherwise, which some servers answer with 411.
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(0));
        }
        Ok(request)
    }
}

/// TLS as far as it is needed: without it there is nothing to verify, so a machine without certificates of authorities will do.
fn tls(needed: bool) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let mut config = if needed {
        let verifier = Arc::new(Verifier::new(provider)?);
        config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
    } else {
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
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

fn fault(broken: Broken) -> Fault {
    let (cause, stale) = match broken {
        Broken::TooLarge => return Fault::Unusable("it is too large"),
        Broken::Stale(cause) => (cause, true),
        Broken::Off(cause) => (cause, false),
    };
    // Neither holds the URL with its account ids and filters.
    let mut deepest: &dyn std::error::Error = &*cause;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    if stale {
        tracing::debug!(error = %cause, cause = %deepest, "a kept connection had ended");
        Fault::Stale
    } else {
        tracing::warn!(error = %cause, cause = %deepest, "upstream unreachable");
        Fault::Unreachable
    }
}
