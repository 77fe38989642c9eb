//! The query parameters that the APIs document; nothing else passes, and what passes is encoded anew.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::route::Endpoint;

const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// How many values a filter takes, as many as three digits count.
const MOST_VALUES: usize = 1_000;
const FILTERS: [&str; 4] = ["container_id", "adjust_type", "transaction_date", "expiration_date"];

/// A documented parameter that cannot be passed on: given twice, or not plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadParameter(pub String);

/// The documented parameters of a raw query string, decoded, in their order.
///
/// # Errors
/// [`BadParameter`] where one is given twice (two servers might take two different ones), is no UTF-8 or holds controls.
pub fn documented(endpoint: &Endpoint, raw: Option<&str>) -> Result<Vec<(String, String)>, BadParameter> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for pair in raw.unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(name) = decode(name) else { continue };
        if !is_documented(endpoint, &name) {
            continue;
        }
        let Some(value) = decode(value).filter(|value| !value.chars().any(char::is_control)) else {
            return Err(BadParameter(name));
        };
        // `[]` takes one more value each time; the number of values is bounded as in the indexed form.
        let same = kept.iter().filter(|(other, _)| *other == name).count();
        if same >= if name.ends_with("[]") { MOST_VALUES } else { 1 } {
            return Err(BadParameter(name));
        }
        kept.push((name, value));
    }
    Ok(kept)
}

/// The query string for an upstream, everything but unreserved characters encoded.
#[must_use]
pub fn encode(parameters: &[(String, String)]) -> String {
    let mut query = String::new();
    for (name, value) in parameters {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name, KEEP));
        query.push('=');
        query.extend(utf8_percent_encode(value, KEEP));
    }
    query
}

fn decode(text: &str) -> Option<String> {
    let spaced: Cow<'_, str> =
        if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

fn is_documented(endpoint: &Endpoint, name: &str) -> bool {
    match endpoint {
        Endpoint::Balance => name == "container_id",
        Endpoint::History => {
            matches!(name, "container_id" | "limit" | "offset" | "sort") || filter(name).is_some()
        }
        _ => false,
    }
}

/// The property of `filters[property]`, or of `filters[property][0]` and `filters[property][]`, the forms for several values.
#[must_use]
pub fn filter(name: &str) -> Option<&'static str> {
    let inner = name.strip_prefix("filters[")?;
    let (property, rest) = inner.split_once(']')?;
    let index_ok = rest.is_empty()
        || rest
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|index| index.len() <= 3 && index.bytes().all(|byte| byte.is_ascii_digit()));
    FILTERS.into_iter().find(|known| *known == property && index_ok)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn passed(endpoint: &Endpoint, raw: &str) -> String {
        encode(&documented(endpoint, Some(raw)).unwrap())
    }

    #[test]
    fn passes_what_is_documented() {
        assert_eq!(passed(&Endpoint::Balance, "container_id=5"), "container_id=5");
        assert_eq!(
            passed(&Endpoint::History, "limit=10&offset=20&sort=-transaction_date,id&container_id=1"),
            "limit=10&offset=20&sort=-transaction_date%2Cid&container_id=1"
        );
    }

    #[test]
    fn takes_brackets_plain_and_encoded() {
        for raw in ["filters[adjust_type]=27", "filters%5Badjust_type%5D=27", "filters%5badjust_type%5d=27"] {
            assert_eq!(passed(&Endpoint::History, raw), "filters%5Badjust_type%5D=27");
        }
        assert_eq!(
            passed(
                &Endpoint::History,
                "filters[adjust_type][0]=1&filters[adjust_type][1]=9&filters[transaction_date]=%3E2026-01-01+00:00:00"
            ),
            "filters%5Badjust_type%5D%5B0%5D=1&filters%5Badjust_type%5D%5B1%5D=9&filters%5Btransaction_date%5D=%3E2026-01-01%2000%3A00%3A00"
        );
    }

    #[test]
    fn a_list_without_indices_passes_whole() {
        assert_eq!(
            passed(&Endpoint::History, "filters[adjust_type][]=1&filters%5Badjust_type%5D%5B%5D=9"),
            "filters%5Badjust_type%5D%5B%5D=1&filters%5Badjust_type%5D%5B%5D=9"
        );
        let endless = "filters[adjust_type][]=1&".repeat(1_001);
        assert!(documented(&Endpoint::History, Some(&endless)).is_err());
        assert!(
            documented(&Endpoint::History, Some("filters[adjust_type]=1&filters[adjust_type]=2")).is_err()
        );
    }

    #[test]
    fn drops_what_is_not_documented() {
        for raw in [
            "",
            "&",
            "=",
            "x=1",
            "container_ids=1",
            "Container_id=1",
            "limit=1",
            "filters[x]=1",
            "a&b&c",
            "%ff=1",
            "filters[container_id]=1",
            "api_key=1",
        ] {
            assert_eq!(passed(&Endpoint::Balance, raw), "", "{raw}");
        }
        for raw in [
            "filters[note]=x",
            "filters[id]=1",
            "filters=1",
            "filters[adjust_type]x=1",
            "filters[adjust_type][a]=1",
            "filters[adjust_type][][]=1",
            "filters[note][]=1",
        ] {
            assert_eq!(passed(&Endpoint::History, raw), "", "{raw}");
        }
        assert_eq!(passed(&Endpoint::OrderPricing, "container_id=1"), "");
    }

    #[test]
    fn refuses_doubles_and_controls() {
        for raw in [
            "container_id=1&container_id=2",
            "container_id=1&container%5Fid=2",
            "container_id=1%0d%0aX:1",
            "container_id=%00",
            "container_id=%ff",
        ] {
            assert_eq!(
                documented(&Endpoint::Balance, Some(raw)),
                Err(BadParameter("container_id".into())),
                "{raw}"
            );
        }
    }

    #[test]
    fn a_value_cannot_become_a_parameter() {
        assert_eq!(
            passed(&Endpoint::Balance, "container_id=1%26limit%3D2%23"),
            "container_id=1%26limit%3D2%23"
        );
    }

    proptest! {
        #[test]
        fn whatever_passes_is_documented_and_plain(raw in "\\PC{0,60}") {
            if let Ok(kept) = documented(&Endpoint::History, Some(&raw)) {
                prop_assert!(kept.iter().all(|(name, _)| is_documented(&Endpoint::History, name)));
                prop_assert!(encode(&kept).bytes().all(|b| b.is_ascii_graphic() && b != b'#'));
            }
        }
    }
}
