//! Answers kept for a while: served again while they are fresh, and in place of a failure for some time after.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use moka::sync::Cache;
use serde::de::IgnoredAny;
use tokio::time::Instant;

use super::flags::{Asking, Keep};
use super::key::Key;
use crate::route::Endpoint;
use crate::upstream::Answer;

/// What an entry weighs beside its body.
const ENTRY: usize = 512;

/// How long the answers of an endpoint are fresh.
#[must_use]
pub fn life(keep: Keep, endpoint: &Endpoint) -> Duration {
    match endpoint {
        Endpoint::OrderPricing => keep.quote,
        Endpoint::History => keep.history,
        Endpoint::Balance | Endpoint::SubaccountBalance { .. } | Endpoint::FrontierBalance { .. } => {
            keep.balance
        }
    }
}

/// How long an answer is kept at most: while it is fresh, and while it may stand in for a failure.
#[must_use]
pub fn longest(asking: &Asking) -> Duration {
    asking.keep.longest().max(asking.stale.unwrap_or_default())
}

/// Whether an answer may be kept: a success, in JSON that is whole.
#[must_use]
pub fn keepable(answer: &Answer) -> bool {
    let essence = answer.content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    answer.status == StatusCode::OK
        && (essence == "application/json" || essence.ends_with("+json"))
        && serde_json::from_slice::<IgnoredAny>(&answer.body).is_ok()
}

/// An answer and since when it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The answer.
    pub answer: Answer,
    /// When it came.
    pub at: Instant,
}

impl Kept {
    /// How old it is.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.at.elapsed()
    }
}

/// The answers kept in memory, bounded by their bytes.
#[derive(Debug)]
pub struct Shelf(Cache<Key, Arc<Kept>>);

impl Shelf {
    /// An empty one.
    #[must_use]
    pub fn new(asking: &Asking) -> Self {
        let weigher =
            |_: &Key, kept: &Arc<Kept>| u32::try_from(kept.answer.body.len() + ENTRY).unwrap_or(u32::MAX);
        Self(
            Cache::builder()
                .max_capacity(asking.cache_bytes)
                .weigher(weigher)
                .time_to_live(longest(asking) + Duration::from_secs(1))
                .build(),
        )
    }

    /// What is kept, however old.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        self.0.get(key)
    }

    /// Keeps an answer.
    pub fn put(&self, key: Key, kept: Kept) {
        self.0.insert(key, Arc::new(kept));
    }

    /// Forgets an answer.
    pub fn forget(&self, key: &Key) {
        self.0.invalidate(key);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use bytes::Bytes;

    use super::*;

    fn answer(status: u16, content_type: &'static str, body: &'static str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            content_type: Some(HeaderValue::from_static(content_type)),
            retry_after: None,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn keeps_whole_json_of_a_success_only() {
        for (status, content_type, body, expected) in [
            (200, "application/json", "{}", true),
            (200, "application/JSON; charset=utf-8", r#"{"balance":"1.00"}"#, true),
            (200, "application/hal+json", "[]", true),
            (200, "application/json", r#"{"balance":"1.0"#, false),
            (200, "application/json", "", false),
            (200, "text/html", "{}", false),
            (200, "", "{}", false),
            (201, "application/json", "{}", false),
            (204, "application/json", "{}", false),
            (403, "application/json", "{}", false),
            (429, "application/json", "{}", false),
            (500, "application/json", "{}", false),
        ] {
            assert_eq!(
                keepable(&answer(status, content_type, body)),
                expected,
                "{status} {content_type} {body}"
            );
        }
    }

    #[test]
    fn each_kind_has_its_time() {
        let keep = Keep::default();
        let id = || "1".to_owned();
        for (endpoint, secs) in [
            (Endpoint::OrderPricing, 60),
            (Endpoint::History, 60),
            (Endpoint::Balance, 15),
            (Endpoint::SubaccountBalance { id: id() }, 15),
            (Endpoint::FrontierBalance { org_id: id(), id: id() }, 15),
        ] {
            assert_eq!(life(keep, &endpoint), Duration::from_secs(secs));
        }
    }
}
