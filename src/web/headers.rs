//! Request headers that the page gives: a token of its own, which goes into the request and nowhere else.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::Headers;

/// Shorter values are no secrets but words such as `1` or `de`.
const SECRET_BYTES: usize = 8;
/// In an answer that holds figures and ids, shorter ones may be some of these.
const SECRET_BYTES_AMONG_DATA: usize = 16;

/// Those that say what the request itself is.
const OWN: [&str; 2] = ["accept", "content-type"];

#[wasm_bindgen]
extern "C" {
    // Unlike that of js-sys it lets the page's object throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn entries(of: &JsValue) -> Result<Array, JsValue>;
}

/// Puts what the page gave on a request. Gives back the values, so that they can be kept out of errors; `None` where it is no
/// object of texts, or holds what cannot be a header.
pub(super) fn put(given: &JsValue, headers: &Headers) -> Option<Vec<String>> {
    let mut values = Vec::new();
    // A `Headers`, a `Map` or an array has no entries in this sense, or others: better said than sent without a token.
    let listed = js_sys::Reflect::has(given, &js_sys::Symbol::iterator()).ok()?;
    for entry in entries(given).ok().filter(|_| !listed)?.iter() {
        let entry: Array = entry.unchecked_into();
        let (name, value) = (entry.get(0).as_string()?, entry.get(1).as_string()?);
        if !OWN.iter().any(|own| name.eq_ignore_ascii_case(own)) {
            headers.set(&name, &value).ok()?;
            values.push(value);
        }
    }
    Some(values)
}

/// Blots out the values, with or without the name of a scheme before them as in `Bearer …`, wherever they stand in a text.
pub(super) fn blot(text: &mut [u8], values: &[String], is_data: bool) {
    let shortest = if is_data { SECRET_BYTES_AMONG_DATA } else { SECRET_BYTES };
    for value in values {
        let secret = value.rsplit(' ').next().unwrap_or_default().as_bytes();
        let mut place = 0;
        while secret.len() >= shortest
            && let Some(found) = text.get_mut(place..place + secret.len())
        {
            if found == secret {
                found.fill(b'*');
            }
            place += 1;
        }
    }
}
