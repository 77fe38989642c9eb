//! How a request gets out and an answer comes back: one trait, so that a test, a browser and a server can each bring their own.

use std::fmt;
use std::future::Future;

/// The method of a [`Request`]; the five endpoints need no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`, without a body.
    Get,
    /// `POST`, with a JSON body.
    Post,
}

/// A request as plain data. The base URL (the proxy) belongs to the transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path below the base URL, percent-encoded, without a leading slash: `finance/balance`.
    pub path: String,
    /// Query parameters in order, not yet encoded: `("filters[adjust_type]", "27")`.
    pub query: Vec<(String, String)>,
    /// The JSON body of a `POST`.
    pub body: Option<String>,
}

/// An answer of any status: what to make of it is the client's business, not the transport's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header, unread.
    pub retry_after: Option<String>,
    /// The body as it came.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// Nothing came back: no connection, a refused one, a broken one, or (in a browser) one that CORS forbids.
    Network {
        /// Whether the browser knows itself to be offline.
        offline: bool,
    },
    /// No complete answer within the time allowed.
    Timeout,
    /// Called off by the caller.
    Cancelled,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Network { offline: true } => "offline",
            Self::Network { offline: false } => "no connection",
            Self::Timeout => "timed out",
            Self::Cancelled => "cancelled",
        })
    }
}

impl std::error::Error for TransportError {}

/// Sends one request and gives back whatever answer came. Dropping the future calls the request off.
///
/// No `Send` bound: the futures of a browser have none. A closure is a transport:
///
/// ```
/// use certquote::transport::{Request, Response, Transport};
///
/// let canned = |_: Request| async { Ok(Response { status: 200, retry_after: None, body: b"{}".to_vec() }) };
/// fn is_transport(_: impl Transport) {}
/// is_transport(canned);
/// ```
pub trait Transport {
    /// Sends `request`.
    ///
    /// # Errors
    /// [`TransportError`] when no answer came; an answer of any status is `Ok`.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>>;
}

impl<F, Answer> Transport for F
where
    F: Fn(Request) -> Answer,
    Answer: Future<Output = Result<Response, TransportError>>,
{
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>> {
        self(request)
    }
}
