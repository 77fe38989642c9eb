//! What can go wrong, for people (one sentence) and for programs (a code, and the evidence).

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::api::{balance_history, billing_balance, finance_balance, order_pricing, subaccount_balance};
use crate::json::{self, DecodeError, Fault, Reader, Scalar};
use crate::transport::{Response, TransportError};
use crate::words::errors::ErrorWords;
use crate::words::fill;

/// The longest text of an API that is kept, in characters.
const DETAIL_CHARS: usize = 300;
/// The longest id of a request that is kept, in characters: a trace id and then some.
const ID_CHARS: usize = 80;

/// The sort of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// No answer: no connection, a refused or a broken one, or one that CORS forbids.
    Network,
    /// No answer in time, by our own clock or by that of a gateway (408, 504).
    Timeout,
    /// Called off.
    Cancelled,
    /// Not signed in, or an API key that is not valid: 401, or any 4xx that says `access_denied_invalid_key`. Also a page
    /// whose `fetchHeaders` throws or rejects: it has no token to ask with.
    Unauthorized,
    /// Not allowed: 403.
    Forbidden,
    /// No such thing: 404.
    NotFound,
    /// Refused: every other 4xx.
    InvalidRequest,
    /// Too many requests: 429.
    RateLimited,
    /// The service failed: 5xx, or a status that no answer of the API has.
    Upstream,
    /// A successful answer that cannot be read.
    Unreadable,
    /// An attribute of the page that cannot be used, or request headers of its `fetchHeaders` that cannot be sent.
    Misconfigured,
    /// A draft that cannot be sent.
    InvalidDraft,
}

impl ErrorCode {
    /// The code as it is written in events and in `data-error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::InvalidRequest => "invalid_request",
            Self::RateLimited => "rate_limited",
            Self::Upstream => "upstream",
            Self::Unreadable => "unreadable",
            Self::Misconfigured => "misconfigured",
            Self::InvalidDraft => "invalid_draft",
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn retryable(self) -> bool {
        matches!(self, Self::Network | Self::Timeout | Self::Upstream | Self::RateLimited | Self::Unreadable)
    }

    fn from_status(status: u16) -> Self {
        match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            408 | 504 => Self::Timeout,
            429 => Self::RateLimited,
            400..=499 => Self::InvalidRequest,
            _ => Self::Upstream,
        }
    }
}

/// What is wrong with one field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// A key of [`Draft`](crate::draft::Draft), with an index where it has one: `dns_names[1]`, `billing_address.zip`.
    pub field: String,
    /// A sentence for the buyer.
    pub message: String,
}

/// An error as the elements report it. Serialises to the `CertError` of the public interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertError {
    /// The sort of trouble.
    pub code: ErrorCode,
    /// What happened and what to do, in a sentence for the buyer; never the API's own text.
    pub message: String,
    /// The endpoint that was asked, e.g. `finance/order-pricing`.
    pub endpoint: &'static str,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Whether the same request may succeed later: [`ErrorCode::retryable`].
    pub retryable: bool,
    /// How long the API asks to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The API's own codes, split into their parts, in order, each once: `["access_denied", "missing_permission"]`.
    pub upstream_codes: Vec<String>,
    /// What is wrong with which field.
    pub fields: Vec<FieldError>,
    /// Under which the proxy's log has the request (`X-Request-Id`), to be told to whoever runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What the answer itself has to say about it, if one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Box<Evidence>>,
}

/// What an engineer wants to see of an answer, and a buyer does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Where in the answer the trouble lies: `$.fqdns.units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What the API, or the reader of its answer, said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// A short piece of the answer, clean of control characters.
    pub excerpt: String,
}

impl fmt::Display for CertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} at {})", self.message, self.code.as_str(), self.endpoint)
    }
}

impl std::error::Error for CertError {}

impl CertError {
    fn new(code: ErrorCode, endpoint: &'static str, message: &str) -> Self {
        Self {
            code,
            message: message.to_owned(),
            endpoint,
            status: None,
            retryable: code.retryable(),
            retry_after_ms: None,
            upstream_codes: Vec::new(),
            fields: Vec::new(),
            request_id: None,
            evidence: None,
        }
    }

    /// The failure that a proxy met with and gave an older answer in the place of.
    #[must_use]
    pub fn behind(endpoint: &'static str, response: &Response, words: &ErrorWords) -> Option<Self> {
        response.failure().map(|failure| Self::from_response(endpoint, &failure, words))
    }

    /// A request that was called off.
    #[must_use]
    pub fn cancelled(endpoint: &'static str, words: &ErrorWords) -> Self {
        Self::new(ErrorCode::Cancelled, endpoint, words.cancelled)
    }

    /// An attribute with a value that cannot be used.
    #[must_use]
    pub fn unusable_attribute(endpoint: &'static str, name: &str, words: &ErrorWords) -> Self {
        Self::new(ErrorCode::Misconfigured, endpoint, &fill(words.unusable_attribute, &[("name", name)]))
    }

    /// A required attribute that is missing.
    #[must_use]
    pub fn missing_attribute(endpoint: &'static str, name: &str, words: &ErrorWords) -> Self {
        Self::new(ErrorCode::Misconfigured, endpoint, &fill(words.missing_attribute, &[("name", name)]))
    }

    /// A draft that cannot be sent, with what is wrong with each field.
    #[must_use]
    pub fn invalid_draft(fields: Vec<FieldError>, words: &ErrorWords) -> Self {
        Self { fields, ..Self::new(ErrorCode::InvalidDraft, order_pricing::NAME, words.invalid_draft) }
    }

    /// No answer.
    #[must_use]
    pub fn from_transport(endpoint: &'static str, error: TransportError, words: &ErrorWords) -> Self {
        let (code, message) = match error {
            TransportError::Network { offline: true } => (ErrorCode::Network, words.offline),
            TransportError::Network { offline: false } => (ErrorCode::Network, words.network),
            TransportError::Timeout => (ErrorCode::Timeout, words.timeout),
            TransportError::Cancelled => (ErrorCode::Cancelled, words.cancelled),
            TransportError::NoHeaders => (ErrorCode::Unauthorized, words.unauthorized),
            TransportError::BadHeaders => (ErrorCode::Misconfigured, words.bad_headers),
        };
        Self::new(code, endpoint, message)
    }

    /// An answer whose status is no success. Whatever the body is, the status decides; what can be read of the body
    /// is kept.
    #[must_use]
    pub fn from_response(endpoint: &'static str, response: &Response, words: &ErrorWords) -> Self {
        let body = ErrorBody::read(&response.body);
        let says = |code: &str| body.codes.iter().any(|known| known == code);
        let code = match ErrorCode::from_status(response.status) {
            ErrorCode::Forbidden | ErrorCode::InvalidRequest if says("access_denied_invalid_key") => {
                ErrorCode::Unauthorized
            }
            code => code,
        };
        let pricing = endpoint == order_pricing::NAME;
        let frontier = endpoint == billing_balance::NAME;
        let fields = if pricing && code == ErrorCode::InvalidRequest {
            refused_fields(&body.codes, words)
        } else {
            Vec::new()
        };
        let message = match code {
            ErrorCode::Unauthorized if says("access_denied_invalid_key") => words.invalid_key,
            ErrorCode::Unauthorized => words.unauthorized,
            ErrorCode::Forbidden if says("missing_permission") && pricing => words.missing_permission_pricing,
            ErrorCode::Forbidden if says("missing_permission") => words.missing_permission,
            ErrorCode::Forbidden if frontier && body.message.starts_with("invalid arguments") => {
                words.wrong_organization
            }
            ErrorCode::Forbidden => words.forbidden,
            ErrorCode::NotFound if frontier && body.message.starts_with("user doesn't exist") => {
                words.user_gone
            }
            ErrorCode::NotFound if frontier => words.billing_not_found,
            ErrorCode::NotFound if endpoint == subaccount_balance::NAME => words.subaccount_not_found,
            ErrorCode::NotFound => words.not_found,
            ErrorCode::InvalidRequest if !fields.is_empty() => words.invalid_fields,
            ErrorCode::InvalidRequest => words.invalid_request,
            ErrorCode::Timeout => words.timeout,
            ErrorCode::RateLimited => words.rate_limited,
            _ => words.upstream,
        };
        Self {
            status: Some(response.status),
            retry_after_ms: response.retry_after.as_deref().and_then(retry_after_ms),
            upstream_codes: body.codes,
            fields,
            request_id: response
                .request_id
                .as_deref()
                .map(|id| json::clean(id, ID_CHARS))
                .filter(|id| !id.is_empty()),
            evidence: Some(Box::new(Evidence {
                path: None,
                detail: Some(body.message).filter(|text| !text.is_empty()),
                excerpt: json::excerpt(&response.body),
            })),
            ..Self::new(code, endpoint, message)
        }
    }

    /// A successful answer that cannot be read.
    #[must_use]
    pub fn unreadable(endpoint: &'static str, status: u16, error: DecodeError, words: &ErrorWords) -> Self {
        Self {
            status: Some(status),
            evidence: Some(Box::new(Evidence {
                path: Some(error.path),
                detail: Some(error.detail),
                excerpt: error.excerpt,
            })),
            ..Self::new(ErrorCode::Unreadable, endpoint, words.unreadable)
        }
    }

    /// The same error of a request for the account as a whole, without a `container_id`: an account with several
    /// divisions requires one. How the API words that refusal is not documented, so every plain 400 says it as a
    /// possibility.
    #[must_use]
    pub fn about_divisions(self, words: &ErrorWords) -> Self {
        let asks_account = [finance_balance::NAME, balance_history::NAME].contains(&self.endpoint);
        if asks_account && self.status == Some(400) && self.code == ErrorCode::InvalidRequest {
            Self { message: words.several_divisions.to_owned(), ..self }
        } else {
            self
        }
    }
}

/// `Retry-After` in seconds. Its other form, a date, would need a clock; the retry policy then waits on its own terms.
fn retry_after_ms(header: &str) -> Option<u64> {
    let digits = Some(header.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse::<u64>().ok()?.checked_mul(1000)
}

/// The fields of a draft that codes such as `invalid_value:validity_years` complain of.
fn refused_fields(codes: &[String], words: &ErrorWords) -> Vec<FieldError> {
    let mut fields: Vec<FieldError> = Vec::new();
    if !codes.iter().any(|code| code == "invalid_value") {
        return fields;
    }
    for code in codes {
        let field = match code.as_str() {
            "validity_years" | "validity_days" | "custom_expiration_date" | "order_validity" => {
                "order_validity"
            }
            "dns_names" | "certificate.dns_names" => "dns_names",
            "country" | "billing_address.country" => "billing_address.country",
            "state" | "billing_address.state" => "billing_address.state",
            "city" | "billing_address.city" => "billing_address.city",
            "zip" | "billing_address.zip" => "billing_address.zip",
            same @ ("product_name_id"
            | "addons"
            | "is_out_of_contract"
            | "renewal_of_order_valid_till"
            | "billing_address") => same,
            _ => continue,
        };
        if fields.iter().all(|known| known.field != field) {
            fields.push(FieldError { field: field.to_owned(), message: words.refused_field.to_owned() });
        }
    }
    fields
}

/// What can be read of the body of an error, in any of the shapes in use: DigiCert's `{"errors": [{code, message}]}`
/// with an object for the array or `description` for `message`, Frontier's `{code, message, details}` with a number
/// or a name for the code, `{"error": …}`. A body in no such shape says nothing.
#[derive(Default)]
struct ErrorBody {
    codes: Vec<String>,
    message: String,
}

/// The `code` and the text of one of the errors that a body may hold.
#[derive(Default)]
struct Item<'a> {
    code: Option<Cow<'a, str>>,
    message: Option<Cow<'a, str>>,
    description: Option<Cow<'a, str>>,
}

impl<'a> Item<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<(), Fault> {
        let place = match name {
            "code" => &mut self.code,
            "message" => &mut self.message,
            "description" => &mut self.description,
            _ => return reader.skip(),
        };
        *place = text_if_any(reader)?;
        Ok(())
    }
}

/// A text or a number as it is written; nothing of anything else.
fn text_if_any<'a>(reader: &mut Reader<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    if reader.next_is(b'{') || reader.next_is(b'[') {
        return reader.skip().map(|()| None);
    }
    Ok(match reader.scalar()? {
        Scalar::Text(text) => Some(text),
        Scalar::Number(text) => Some(Cow::Borrowed(text)),
        Scalar::Null | Scalar::Bool(_) => None,
    })
}

impl ErrorBody {
    fn read(body: &[u8]) -> Self {
        let mut read = Self::default();
        let mut root = Item::default();
        let whole = json::decode_with(body, |reader| {
            reader.object(&mut |name, reader| match name {
                "errors" | "error" => read.items(reader),
                _ => root.member(name, reader),
            })
        });
        if whole.is_err() {
            return Self::default();
        }
        read.add(root);
        read
    }

    fn items(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        if reader.next_is(b'[') { reader.array(&mut |reader| self.item(reader)) } else { self.item(reader) }
    }

    fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let mut item = Item::default();
        if reader.next_is(b'{') {
            reader.object(&mut |name, reader| item.member(name, reader))?;
        } else {
            item.message = text_if_any(reader)?;
        }
        self.add(item);
        Ok(())
    }

    fn add(&mut self, item: Item<'_>) {
        if let Some(code) = item.code {
            self.add_codes(&code);
        }
        if let Some(message) = item.message.or(item.description) {
            self.add_message(&message);
        }
    }

    fn add_codes(&mut self, code: &str) {
        for part in code.split(['|', ':']) {
            let part = json::clean(part, DETAIL_CHARS);
            if !part.is_empty() && !self.codes.contains(&part) {
                self.codes.push(part);
            }
        }
    }

    fn add_message(&mut self, message: &str) {
        let message = json::clean(message, DETAIL_CHARS);
        if !self.message.is_empty() && !message.is_empty() {
            self.message.push(' ');
        }
        self.message.push_str(&message);
    }
}
