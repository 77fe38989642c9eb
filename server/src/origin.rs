//! Origins: which portals may embed the widgets, and whether a request comes from our own page.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

/// `scheme://host[:port]`, lower-case, without a default port: the form in which browsers send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    https: bool,
    host: String,
    port: u16,
}

/// Why a text is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadOrigin;

impl fmt::Display for BadOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an origin is written scheme://host or scheme://host:port with http or https, without a path",
        )
    }
}

impl std::error::Error for BadOrigin {}

impl FromStr for Origin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let text = text.to_ascii_lowercase();
        let (https, authority) = match text.split_once("://") {
            Some(("http", rest)) => (false, rest),
            Some(("https", rest)) => (true, rest),
            _ => return Err(BadOrigin),
        };
        let (host, port) = split_authority(authority).ok_or(BadOrigin)?;
        Ok(Self { https, host: host.to_owned(), port: port.unwrap_or(if https { 443 } else { 80 }) })
    }
}

impl Origin {
    /// Whether `authority` (the `Host` of a request) names this origin. The scheme is left out: behind a terminator of
    /// TLS the server does not see it.
    #[must_use]
    pub fn is_at(&self, authority: &str) -> bool {
        let authority = authority.to_ascii_lowercase();
        split_authority(&authority).is_some_and(|(host, port)| {
            host == self.host && port.unwrap_or(if self.https { 443 } else { 80 }) == self.port
        })
    }
}

/// Host and port of an authority without user information.
fn split_authority(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.find(']')) {
        Some(end) => {
            let (host, rest) = authority.split_at_checked(end + 2)?;
            (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let inner = host.trim_start_matches('[').trim_end_matches(']');
    let host_ok = if host.starts_with('[') {
        !inner.is_empty()
            && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.')
    } else {
        !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    let port = match port {
        None => None,
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        Some(_) => return None,
    };
    host_ok.then_some((host, port))
}

/// The host of an authority, lower-case and without its port; `None` where it is none.
pub(crate) fn host_of(authority: &str) -> Option<String> {
    split_authority(authority).map(|(host, _)| host.to_ascii_lowercase())
}

/// The portals on other origins that may embed the widgets.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins(Vec<Origin>);

impl AllowedOrigins {
    /// Allows exactly these.
    #[must_use]
    pub fn new(origins: Vec<Origin>) -> Self {
        Self(origins)
    }

    /// Whether any portal is allowed.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The request's `Origin`, where it is allowed, as it is to be echoed.
    #[must_use]
    pub fn matching(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let value = single(headers, header::ORIGIN)?;
        let origin: Origin = value.to_str().ok()?.parse().ok()?;
        self.0.contains(&origin).then(|| value.clone())
    }

    /// Whether a request comes from our own page, from an allowed portal, or from no browser at all.
    #[must_use]
    pub fn permits(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        if self.matching(headers).is_some() {
            return true;
        }
        if headers.contains_key("sec-fetch-site") {
            // The browser's own word, which no page can forge: it holds where a reverse proxy rewrites `Host` too.
            match single(headers, HeaderName::from_static("sec-fetch-site")).map(HeaderValue::as_bytes) {
                Some(b"same-origin") => return true,
                Some(b"none") => {}
                _ => return false,
            }
        }
        !headers.contains_key(header::ORIGIN) || is_own(uri, headers)
    }
}

/// Whether the request's `Origin` is the server itself.
#[must_use]
pub fn is_own(uri: &Uri, headers: &HeaderMap) -> bool {
    let own = uri
        .authority()
        .map(|authority| authority.as_str())
        .or_else(|| single(headers, header::HOST).and_then(|host| host.to_str().ok()));
    let origin = single(headers, header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .and_then(|origin| origin.parse::<Origin>().ok());
    matches!((origin, own), (Some(origin), Some(own)) if origin.is_at(own))
}

/// The value of a header that is there exactly once.
pub(crate) fn single(headers: &HeaderMap, name: header::HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn permits(allowed: &str, pairs: &[(&'static str, &str)]) -> bool {
        let allowed = AllowedOrigins::new(allowed.split_whitespace().map(|o| o.parse().unwrap()).collect());
        allowed.permits(&Uri::from_static("/"), &headers(pairs))
    }

    #[test]
    fn takes_scheme_host_and_port_only() {
        for text in [
            "https://portal.example",
            "http://127.0.0.1:8080",
            "http://[::1]:3000",
            "HTTPS://Portal.Example:8443",
        ] {
            assert!(text.parse::<Origin>().is_ok(), "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "portal.example",
            "ftp://a",
            "https://",
            "https://a/",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a:",
            "https://a:99999",
            "https://a:+80",
            "https://a b",
            "http://[::1",
            "http://[]",
            "file://",
            "https://ä.example",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(BadOrigin), "{text}");
        }
    }

    #[test]
    fn a_default_port_is_no_difference() {
        assert_eq!("https://a.example:443".parse::<Origin>(), "https://a.example".parse());
        assert_ne!("http://a.example:443".parse::<Origin>(), "https://a.example".parse());
    }

    #[test]
    fn permits_our_own_page_and_programs() {
        assert!(permits("", &[]));
        assert!(permits("", &[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")]));
        assert!(permits(
            "",
            &[("host", "q.example"), ("origin", "https://q.example"), ("sec-fetch-site", "same-origin")]
        ));
    }

    #[test]
    fn refuses_other_sites() {
        let host = ("host", "127.0.0.1:8080");
        for origin in [
            "https://evil.example",
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
            "null",
            "http://127.0.0.1:8080.evil",
        ] {
            assert!(!permits("", &[host, ("origin", origin)]), "{origin}");
        }
        assert!(!permits("", &[host, ("sec-fetch-site", "cross-site")]));
        assert!(!permits("", &[host, ("sec-fetch-site", "same-site")]));
        assert!(!permits(
            "",
            &[host, ("origin", "http://127.0.0.1:8080"), ("origin", "https://evil.example")]
        ));
        assert!(!permits("https://portal.example", &[host, ("origin", "https://portal.example.evil")]));
    }

    #[test]
    fn takes_the_browsers_word_for_the_same_origin_where_the_host_was_rewritten() {
        let (host, origin) = (("host", "backend:8080"), ("origin", "https://portal.example"));
        assert!(permits("", &[host, origin, ("sec-fetch-site", "same-origin")]));
        for site in ["none", "same-site", "cross-site", "Same-Origin", ""] {
            assert!(!permits("", &[host, origin, ("sec-fetch-site", site)]), "{site}");
        }
        assert!(!permits("", &[host, origin]));
        let (first, second) = (("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"));
        assert!(!permits("", &[host, origin, first, second]));
    }

    #[test]
    fn permits_an_allowed_portal_across_sites() {
        let pairs =
            [("host", "q.example"), ("origin", "https://portal.example"), ("sec-fetch-site", "cross-site")];
        assert!(permits("https://portal.example", &pairs));
        assert!(!permits("https://portal.example:8443", &pairs));
    }
}
