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
    /// Whether an answer that a proxy has kept will not do.
    pub fresh: bool,
}

impl Request {
    /// The whole URL below `base`, which may be absolute or relative, with or without a slash at its end.
    ///
    /// ```
    /// use certquote::transport::{Method, Request};
    ///
    /// let request = Request {
    ///     method: Method::Get,
    ///     path: "finance/balance-history".to_owned(),
    ///     query: vec![("filters[adjust_type]".to_owned(), "27".to_owned())],
    ///     body: None,
    ///     fresh: false,
    /// };
    /// assert_eq!(request.url("/api/digicert/"), "/api/digicert/finance/balance-history?filters%5Badjust_type%5D=27");
    /// ```
    #[must_use]
    pub fn url(&self, base: &str) -> String {
        let mut url = base.trim_end_matches('/').to_owned();
        if !base.is_empty() {
            url.push('/');
        }
        url.push_str(&self.path);
        for (position, (name, value)) in self.query.iter().enumerate() {
            url.push(if position == 0 { '?' } else { '&' });
            percent_encode(name, &mut url);
            url.push('=');
            percent_encode(value, &mut url);
        }
        url
    }
}

/// Everything but RFC 3986's unreserved characters.
fn percent_encode(text: &str, url: &mut String) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or('0');
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            url.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

/// An answer of any status: what to make of it is the client's business, not the transport's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header, unread.
    pub retry_after: Option<String>,
    /// The `X-Request-Id` header: under which the proxy's log has this request.
    pub request_id: Option<String>,
    /// The `Age` header, in seconds: how long ago a proxy that keeps answers had this one of the API.
    pub age: Option<u32>,
    /// The status of the failure that such an answer stands in for (`X-Certquote-Stale`), if the proxy met with one.
    pub stands_in_for: Option<u16>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Response {
    /// The failure that this answer stands in for.
    #[must_use]
    pub fn failure(&self) -> Option<Self> {
        let (retry_after, request_id) = (self.retry_after.clone(), self.request_id.clone());
        self.stands_in_for.map(|status| Self { status, retry_after, request_id, ..Self::default() })
    }
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
    /// The page's own function for request headers threw, or its promise was rejected: nothing was sent.
    NoHeaders,
    /// What that function gave cannot be request headers: nothing was sent.
    BadHeaders,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Network { offline: true } => "offline",
            Self::Network { offline: false } => "no connection",
            Self::Timeout => "timed out",
            Self::Cancelled => "cancelled",
            Self::NoHeaders => "no request headers",
            Self::BadHeaders => "unusable request headers",
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
/// let canned = |_: Request| async { Ok(Response { status: 200, body: b"{}".to_vec(), ..Response::default() }) };
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
