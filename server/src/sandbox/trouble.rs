//! Trouble on purpose: which names and ids provoke it, and what it looks like.

use axum::http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::{Answer, json};
use crate::route::{Api, Endpoint};
use crate::shape::{digicert_error, frontier_error};
use crate::upstream::Call;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The key is refused.
    Denied,
    /// The key lacks a role.
    MissingRole,
    /// The account is not known.
    NotFound,
    /// Too many requests.
    RateLimited,
    /// An HTML page instead of an answer.
    Unavailable,
    /// JSON that is cut off.
    Garbled,
    /// An answer without its balance.
    NoBalance,
    /// No estimate can be determined.
    NoEstimate,
    /// The tax cannot be calculated.
    TaxError,
    /// The ordinary answer, late.
    Slow,
}

/// The reserved names, the most drastic first: it wins where several are on one order.
const NAMES: [(&str, Trouble); 7] = [
    ("denied.test", Trouble::Denied),
    ("rate-limited.test", Trouble::RateLimited),
    ("unavailable.test", Trouble::Unavailable),
    ("garbled.test", Trouble::Garbled),
    ("slow.test", Trouble::Slow),
    ("no-estimate.test", Trouble::NoEstimate),
    ("tax-error.test", Trouble::TaxError),
];

const IDS: [(&str, Trouble); 8] = [
    ("403", Trouble::Denied),
    ("4031", Trouble::MissingRole),
    ("404", Trouble::NotFound),
    ("429", Trouble::RateLimited),
    ("502", Trouble::Unavailable),
    ("998", Trouble::NoBalance),
    ("999", Trouble::Garbled),
    ("5000", Trouble::Slow),
];

/// What the reserved names and ids of a request provoke.
#[must_use]
pub fn of(call: &Call) -> Option<Trouble> {
    match &call.endpoint {
        Endpoint::OrderPricing => by_names(&call.body),
        Endpoint::Balance | Endpoint::History => super::container(call).and_then(by_id),
        Endpoint::SubaccountBalance { id } => by_id(id),
        Endpoint::FrontierBalance { id, .. } => by_id(last_group(id)),
    }
}

/// The last group of a UUID without its leading zeros.
pub(super) fn last_group(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or_default().trim_start_matches('0')
}

fn by_id(id: &str) -> Option<Trouble> {
    IDS.into_iter().find(|(reserved, _)| *reserved == id).map(|(_, trouble)| trouble)
}

fn by_names(body: &[u8]) -> Option<Trouble> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let names: Vec<String> = body
        .get("certificate")?
        .get("dns_names")?
        .as_array()?
        .iter()
        .filter_map(|name| name.as_str().map(str::to_ascii_lowercase))
        .collect();
    NAMES.into_iter().find(|(reserved, _)| names.iter().any(|name| is_below(name, reserved))).map(|(_, t)| t)
}

fn is_below(name: &str, reserved: &str) -> bool {
    name.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl Trouble {
    /// The answer that it is, or `None` where it only changes the ordinary one.
    #[must_use]
    pub fn answer(self, api: Api) -> Option<Answer> {
        let refuse = |status: StatusCode, code: &str, grpc: u8, message: &str| {
            json(
                status,
                match api {
                    Api::DigiCert => digicert_error(code, message),
                    Api::Frontier => frontier_error(grpc, message),
                },
            )
        };
        match self {
            Self::Denied => Some(refuse(
                StatusCode::FORBIDDEN,
                "access_denied|access_denied_invalid_key",
                7,
                match api {
                    Api::DigiCert => "Access denied due to access_denied_invalid_key.",
                    Api::Frontier => "not authorized",
                },
            )),
            Self::MissingRole => Some(refuse(
                StatusCode::FORBIDDEN,
                "access_denied|missing_permission",
                7,
                match api {
                    Api::DigiCert => "Access denied due to missing_permission.",
                    Api::Frontier => "not authorized",
                },
            )),
            Self::NotFound => Some(refuse(
                StatusCode::NOT_FOUND,
                "not_found",
                5,
                match api {
                    Api::DigiCert => "The account could not be found.",
                    Api::Frontier => "customer doesn't exist",
                },
            )),
            Self::RateLimited => {
                let message = "Service unavailable, please limit request volume";
                let mut answer = refuse(StatusCode::TOO_MANY_REQUESTS, "request_limit_exceeded", 8, message);
                answer.retry_after = Some(HeaderValue::from_static("5"));
                Some(answer)
            }
            Self::Unavailable => {
                let page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>\
                            <body><h1>502 Bad Gateway</h1></body></html>\n";
                let mut answer = json(StatusCode::BAD_GATEWAY, page);
                answer.content_type = Some(HeaderValue::from_static("text/html"));
                Some(answer)
            }
            Self::Garbled => Some(json(
                StatusCode::OK,
                match api {
                    Api::DigiCert => r#"{"base_price":782,"balance":"454.0"#,
                    Api::Frontier => r#"{"balance":{"amount":"12"#,
                },
            )),
            Self::NoBalance => Some(json(
                StatusCode::OK,
                match api {
                    Api::DigiCert => r#"{"currency":"USD"}"#,
                    Api::Frontier => r#"{"balance":null}"#,
                },
            )),
            Self::NoEstimate | Self::TaxError | Self::Slow => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &str) -> Option<Trouble> {
        by_names(format!(r#"{{"certificate":{{"dns_names":{names}}}}}"#).as_bytes())
    }

    #[test]
    fn reserved_names_count_anywhere_in_the_list() {
        assert_eq!(named(r#"["example.com","denied.test"]"#), Some(Trouble::Denied));
        assert_eq!(named(r#"["*.slow.test","WWW.Slow.Test"]"#), Some(Trouble::Slow));
        assert_eq!(named(r#"["slow.test","garbled.test"]"#), Some(Trouble::Garbled));
    }

    #[test]
    fn other_names_provoke_nothing() {
        for names in [
            r#"["example.test"]"#,
            r#"["notdenied.test"]"#,
            r#"["denied.test.example.com"]"#,
            "[]",
            "[1]",
            "{}",
        ] {
            assert_eq!(named(names), None, "{names}");
        }
    }

    #[test]
    fn ids_of_frontier_are_the_last_group() {
        assert_eq!(last_group("00000000-0000-0000-0000-000000000403"), "403");
        assert_eq!(by_id(last_group("11111111-2222-3333-4444-555555555555")), None);
    }
}
