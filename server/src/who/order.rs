//! What an order that is to be priced may name, and what its estimate may tell, for those whom the rules hold to less than
//! everything: `quote` grants prices, no container and no balance.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Whether an order names a container: in any member whose name speaks of one, however deep, though it stand there twice.
/// The API documents none for an estimate, but its orders have one. `true` too where it cannot be read: the API may read it.
#[must_use]
pub fn names_container(body: &[u8]) -> bool {
    serde_json::from_slice::<Named>(body).map_or(true, |Named(named)| named)
}

/// An estimate without the account's balance, which it tells along; `None` where it is no JSON object.
#[must_use]
pub fn without_balance(estimate: &[u8]) -> Option<Bytes> {
    // As it was sent but for the order of its members: no figure is read and written anew.
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_slice(estimate).ok()?;
    members.remove("balance");
    serde_json::to_vec(&members).ok().map(Bytes::from)
}

struct Named(bool);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Named, A::Error> {
        let mut named = false;
        while let Some(name) = members.next_key::<String>()? {
            named |= name.to_ascii_lowercase().contains("container") | members.next_value::<Named>()?.0;
        }
        Ok(Named(named))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Named, A::Error> {
        let mut named = false;
        while let Some(Named(one)) = items.next_element()? {
            named |= one;
        }
        Ok(Named(named))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Named, E> {
        Ok(Named(false))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Named, E> {
        Ok(Named(false))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Named, E> {
        Ok(Named(false))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Named, E> {
        Ok(Named(false))
    }

    fn visit_str<E>(self, _: &str) -> Result<Named, E> {
        Ok(Named(false))
    }

    fn visit_unit<E>(self) -> Result<Named, E> {
        Ok(Named(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_found_wherever_it_stands() {
        for body in [
            r#"{"container":{"id":5}}"#,
            r#"{"container_id":5}"#,
            r#"{"containerId":"5"}"#,
            r#"{"CONTAINER":null}"#,
            r#"{"organization":{"container":{"id":5}}}"#,
            r#"{"a":[1,[{"container":1}]]}"#,
            r#"{"a":{"container":1},"a":{}}"#,
            r#"{"a":{},"a":{"container":1}}"#,
            r#"{"conta\u0069ner":5}"#,
            "",
            "{",
            "{} {}",
            "{'container':5}",
            "\u{feff}{}",
            r#"{"a":"\ud800"}"#,
        ] {
            assert!(names_container(body.as_bytes()), "{body}");
        }
        assert!(names_container(b"{\"a\":\"\xff\"}"));
        assert!(names_container(format!("{}{}", "[".repeat(300), "]".repeat(300)).as_bytes()));
        for body in [
            "{}",
            "null",
            r#"{"certificate":{"dns_names":["container.example"]},"validity_years":1,"is_out_of_contract":0}"#,
            r#"{"a":[true,-1,1.5e300,"x",null,[]]}"#,
        ] {
            assert!(!names_container(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn an_estimate_loses_its_balance_and_nothing_else() {
        let kept = |text: &str| {
            without_balance(text.as_bytes()).map(|body| String::from_utf8_lossy(&body).into_owned())
        };
        assert_eq!(
            kept(r#"{"base_price":782.10,"balance":9007199254740993.5,"tax":"0.00","fqdns":{"units": 1}}"#),
            Some(r#"{"base_price":782.10,"fqdns":{"units": 1},"tax":"0.00"}"#.to_owned())
        );
        assert_eq!(kept(r#"{"balance":1,"bal\u0061nce":2}"#), Some("{}".to_owned()));
        for text in ["", "[]", "null", r#"{"balance":5"#, r#"{"balance":5}x"#] {
            assert_eq!(kept(text), None, "{text}");
        }
    }
}
