//! Errors that the server makes itself, in the shape of the API that was called.
//!
//! DigiCert: `{"errors":[{"code","message"}]}`. Frontier: `{"code","message","details"}` with the number of a gRPC code.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::route::{Api, NoRoute};

/// What went wrong on this side of the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The path could be read as another one.
    UncleanPath,
    /// No endpoint, or an id of the wrong form.
    NoRoute(NoRoute),
    /// The endpoint is asked with another method; the value is the `Allow` header.
    Method(&'static str),
    /// From a site that is not allowed.
    Origin,
    /// For a name that the API does not answer to.
    Host,
    /// Nobody who is known; the value is the `WWW-Authenticate` header, where tokens are taken.
    Unauthenticated {
        /// How to say who one is.
        challenge: Option<&'static str>,
    },
    /// Past the proxy whose word counts.
    UntrustedPeer,
    /// It cannot be found out at present who asks.
    AuthUnavailable,
    /// Known, but not granted what they ask for.
    NotPermitted,
    /// A `POST` that is not JSON.
    MediaType,
    /// The body did not arrive in time.
    SlowBody,
    /// The body broke off.
    BrokenBody,
    /// The body is above the limit.
    TooLarge,
    /// A query parameter that is given twice or cannot be passed on.
    Parameter(String),
    /// The upstream did not answer in time.
    UpstreamTimeout,
    /// The upstream cannot be reached or breaks off.
    UpstreamUnreachable,
    /// The upstream redirects, or answers in a way that cannot be passed on.
    UpstreamUnusable(&'static str),
    /// Too many requests wait for this upstream; a slot is expected in so many seconds.
    Busy(u64),
    /// Of what one user may ask of this upstream nothing is left; some is in so many seconds.
    Share(u64),
    /// The upstream said that it is asked too often; it is left alone for so many seconds more.
    Limited(u64),
    /// The upstream fails; it is left alone for so many seconds more.
    Resting(u64),
}

impl Problem {
    /// When to come back, in seconds, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<HeaderValue> {
        match self {
            Self::AuthUnavailable => Some(HeaderValue::from_static("5")),
            Self::Busy(after) | Self::Share(after) | Self::Limited(after) | Self::Resting(after) => {
                Some(HeaderValue::from(*after))
            }
            _ => None,
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoRoute(NoRoute::Unknown) => StatusCode::NOT_FOUND,
            Self::UncleanPath | Self::NoRoute(_) | Self::BrokenBody | Self::Parameter(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Origin | Self::Host | Self::UntrustedPeer | Self::NotPermitted => StatusCode::FORBIDDEN,
            Self::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
            Self::AuthUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UpstreamTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::UpstreamUnreachable | Self::UpstreamUnusable(_) => StatusCode::BAD_GATEWAY,
            Self::Busy(_) | Self::Share(_) | Self::Limited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Resting(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn digicert_code(&self) -> String {
        match self {
            Self::UncleanPath => "bad_request|path".to_owned(),
            Self::NoRoute(NoRoute::Unknown) => "not_found|route".to_owned(),
            Self::NoRoute(NoRoute::SubaccountId) => "invalid_value:subaccount_id".to_owned(),
            Self::NoRoute(NoRoute::OrgId) => "invalid_value:org_id".to_owned(),
            Self::NoRoute(NoRoute::BillingId) => "invalid_value:id".to_owned(),
            Self::Method(_) => "method_not_allowed".to_owned(),
            Self::Origin => "access_denied|origin_not_allowed".to_owned(),
            Self::Host => "access_denied|host_not_allowed".to_owned(),
            Self::Unauthenticated { .. } => "access_denied|authentication_required".to_owned(),
            Self::UntrustedPeer => "access_denied|untrusted_peer".to_owned(),
            Self::AuthUnavailable => "authentication_unavailable".to_owned(),
            Self::NotPermitted => "access_denied|not_permitted".to_owned(),
            Self::MediaType => "unsupported_media_type".to_owned(),
            Self::SlowBody => "request_timeout".to_owned(),
            Self::BrokenBody => "bad_request_format".to_owned(),
            Self::TooLarge => "request_too_large".to_owned(),
            Self::Parameter(name) => format!("invalid_value:{name}"),
            Self::UpstreamTimeout => "upstream|timeout".to_owned(),
            Self::UpstreamUnreachable => "upstream|unreachable".to_owned(),
            Self::UpstreamUnusable(_) => "upstream|unusable_answer".to_owned(),
            // The code that DigiCert itself uses.
            Self::Busy(_) | Self::Share(_) | Self::Limited(_) => "request_limit_exceeded".to_owned(),
            Self::Resting(_) => "upstream|unavailable".to_owned(),
        }
    }

    /// The gRPC code that Frontier itself would use.
    fn grpc_code(&self) -> u8 {
        match self {
            Self::NoRoute(NoRoute::Unknown) => 5,
            Self::Method(_) => 12,
            Self::Origin | Self::Host | Self::UntrustedPeer | Self::NotPermitted => 7,
            Self::Unauthenticated { .. } => 16,
            Self::SlowBody | Self::UpstreamTimeout => 4,
            Self::AuthUnavailable
            | Self::UpstreamUnreachable
            | Self::UpstreamUnusable(_)
            | Self::Resting(_) => 14,
            Self::Busy(_) | Self::Share(_) | Self::Limited(_) => 8,
            Self::UncleanPath
            | Self::NoRoute(_)
            | Self::MediaType
            | Self::BrokenBody
            | Self::TooLarge
            | Self::Parameter(_) => 3,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::UncleanPath => "The path holds characters that are not allowed.".to_owned(),
            Self::NoRoute(NoRoute::Unknown) => "There is no such endpoint.".to_owned(),
            Self::NoRoute(NoRoute::SubaccountId) => "A subaccount's id consists of digits.".to_owned(),
            Self::NoRoute(NoRoute::OrgId) => "The organisation's id must be a UUID.".to_owned(),
            Self::NoRoute(NoRoute::BillingId) => "The billing account's id must be a UUID.".to_owned(),
            Self::Method(allow) => format!("This endpoint is asked with {allow}."),
            Self::Origin => "Requests from this site are not allowed.".to_owned(),
            Self::Host => "This name is not one that the API answers to.".to_owned(),
            Self::Unauthenticated { .. } => "Sign in first: this request does not say who asks.".to_owned(),
            Self::UntrustedPeer => "Requests must come through the portal's proxy.".to_owned(),
            Self::AuthUnavailable => "At present it cannot be checked who asks.".to_owned(),
            Self::NotPermitted => "You may not read this, or not price orders.".to_owned(),
            Self::MediaType => "The request must be JSON (Content-Type: application/json).".to_owned(),
            Self::SlowBody => "The request did not arrive in time.".to_owned(),
            Self::BrokenBody => "The request broke off.".to_owned(),
            Self::TooLarge => "The request is too large.".to_owned(),
            Self::Parameter(name) => format!("{name} contains an invalid value, or is given twice."),
            Self::UpstreamTimeout => "The upstream service did not answer in time.".to_owned(),
            Self::UpstreamUnreachable => "The upstream service could not be reached.".to_owned(),
            Self::UpstreamUnusable(reason) => {
                format!("The upstream service gave an answer that cannot be used: {reason}.")
            }
            Self::Busy(after) => format!("Too many requests are waiting. Try again in {after} s."),
            Self::Share(after) => format!("You have asked too often. Try again in {after} s."),
            Self::Limited(after) => {
                format!("The upstream service was asked too often. Try again in {after} s.")
            }
            Self::Resting(after) => format!("The upstream service is failing. Try again in {after} s."),
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn answer(&self, api: Api) -> Response<Body> {
        let body = match api {
            Api::DigiCert => digicert_error(&self.digicert_code(), &self.message()),
            Api::Frontier => frontier_error(self.grpc_code(), &self.message()),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let more = match self {
            Self::Method(allow) => Some((header::ALLOW, *allow)),
            Self::Unauthenticated { challenge: Some(how) } => Some((header::WWW_AUTHENTICATE, *how)),
            _ => None,
        };
        if let Some((name, value)) = more {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if let Some(after) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}

/// A body in DigiCert's shape.
#[must_use]
pub fn digicert_error(code: &str, message: &str) -> String {
    #[derive(Serialize)]
    struct One<'a> {
        code: &'a str,
        message: &'a str,
    }
    #[derive(Serialize)]
    struct All<'a> {
        errors: [One<'a>; 1],
    }
    // Two strings always serialise; an empty body would still be an error by its status.
    serde_json::to_string(&All { errors: [One { code, message }] }).unwrap_or_default()
}

/// A body in Frontier's shape.
#[must_use]
pub fn frontier_error(code: u8, message: &str) -> String {
    #[derive(Serialize)]
    struct Status<'a> {
        code: u8,
        message: &'a str,
        details: [(); 0],
    }
    serde_json::to_string(&Status { code, message, details: [] }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_shapes_of_the_documents() {
        assert_eq!(digicert_error("a|b", "c \"d\""), r#"{"errors":[{"code":"a|b","message":"c \"d\""}]}"#);
        assert_eq!(frontier_error(5, "Not Found"), r#"{"code":5,"message":"Not Found","details":[]}"#);
    }

    #[test]
    fn a_refusal_for_now_says_for_how_long() {
        for (problem, status, words) in [
            (Problem::Busy(7), 429, "waiting. Try again in 7 s."),
            (Problem::Share(7), 429, "You have asked too often. Try again in 7 s."),
            (Problem::Limited(7), 429, "too often. Try again in 7 s."),
            (Problem::Resting(7), 503, "failing. Try again in 7 s."),
        ] {
            let answer = problem.answer(Api::DigiCert);
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers().get("retry-after").map(HeaderValue::as_bytes), Some(b"7".as_slice()));
            assert!(problem.message().ends_with(words), "{problem:?}");
        }
    }

    #[test]
    fn a_wrong_method_says_which_are_right() {
        let answer = Problem::Method("POST").answer(Api::Frontier);
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers().get("allow").map(HeaderValue::as_bytes), Some(b"POST".as_slice()));
    }
}
