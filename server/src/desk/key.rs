//! What makes two requests the same.

use std::fmt;

use ring::digest::{Context, SHA256};

use crate::upstream::Call;

/// The digest of a request and of who may see its answer. Nothing of either can be read from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of `call` on behalf of `scope`, asked with the credential called `credential`.
    #[must_use]
    pub fn of(credential: &[u8], scope: &str, call: &Call) -> Self {
        let mut query: Vec<&(String, String)> = call.query.iter().collect();
        // Stable: the values of one name keep their order.
        query.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut digest = Context::new(&SHA256);
        // Lengths first, so that nothing can pass for the end of one part and the beginning of the next.
        let mut take = |part: &[u8]| {
            digest.update(&(part.len() as u64).to_le_bytes());
            digest.update(part);
        };
        take(credential);
        take(scope.as_bytes());
        take(call.endpoint.upstream_path().as_bytes());
        take(call.accept.as_ref().map(|value| value.as_bytes()).unwrap_or_default());
        take(call.content_type.as_ref().map(|value| value.as_bytes()).unwrap_or_default());
        take(&call.body);
        for (name, value) in query {
            take(name.as_bytes());
            take(value.as_bytes());
        }
        let mut key = Self([0; 32]);
        // Both are 32 bytes.
        key.0.iter_mut().zip(digest.finish().as_ref()).for_each(|(to, from)| *to = *from);
        key
    }

    /// In hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use bytes::Bytes;

    use super::*;
    use crate::route::Endpoint;

    fn call(endpoint: Endpoint, query: &[(&str, &str)], body: &'static str) -> Call {
        Call {
            endpoint,
            query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            content_type: None,
            accept: None,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn the_order_of_parameters_is_no_difference_but_that_of_values_is() {
        let of = |query: &[(&str, &str)]| Key::of(b"k", "", &call(Endpoint::History, query, ""));
        assert_eq!(of(&[("limit", "1"), ("offset", "2")]), of(&[("offset", "2"), ("limit", "1")]));
        assert_ne!(of(&[("f[]", "1"), ("f[]", "2")]), of(&[("f[]", "2"), ("f[]", "1")]));
    }

    #[test]
    fn all_else_is_a_difference() {
        let plain = call(Endpoint::Balance, &[("container_id", "1")], "");
        let mut keys = vec![
            Key::of(b"k", "", &plain),
            Key::of(b"other", "", &plain),
            Key::of(b"k", "anna", &plain),
            Key::of(b"", "k", &plain),
            Key::of(b"k", "", &call(Endpoint::Balance, &[("container_id", "2")], "")),
            Key::of(b"k", "", &call(Endpoint::Balance, &[], "")),
            Key::of(b"k", "", &call(Endpoint::History, &[("container_id", "1")], "")),
            Key::of(b"k", "", &call(Endpoint::SubaccountBalance { id: "1".into() }, &[], "")),
            Key::of(b"k", "", &call(Endpoint::OrderPricing, &[], "{}")),
            Key::of(b"k", "", &call(Endpoint::OrderPricing, &[], "{ }")),
            Key::of(b"k", "", &Call { accept: Some(HeaderValue::from_static("text/xml")), ..plain.clone() }),
        ];
        let all = keys.len();
        keys.sort_by_key(Key::hex);
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
