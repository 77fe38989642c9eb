//! Request headers that the page gives: a token of its own, which goes into the request and nowhere else.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Headers;

use crate::transport::TransportError;

/// Shorter values are no secrets but words such as `1` or `de`.
const SECRET_BYTES: usize = 8;

/// Those that say what the request itself is.
const OWN: [&str; 2] = ["accept", "content-type"];

#[wasm_bindgen]
extern "C" {
    // Unlike that of js-sys it lets the page's object throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn entries(of: &JsValue) -> Result<Array, JsValue>;
}

/// Calls the page's function and puts what it gives on a request. Gives back the values, so that they can be kept out of
/// errors.
pub(super) async fn add(page: &Function, headers: &Headers) -> Result<Vec<String>, TransportError> {
    // What was thrown may tell of the token: it ends here.
    let given = page.call0(&JsValue::UNDEFINED).map_err(|_| TransportError::NoHeaders)?;
    let given = JsFuture::from(Promise::resolve(&given)).await.map_err(|_| TransportError::NoHeaders)?;
    put(&given, headers).ok_or(TransportError::BadHeaders)
}

/// `None` where it is no object of texts, or holds what cannot be a header.
fn put(given: &JsValue, headers: &Headers) -> Option<Vec<String>> {
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
pub(super) fn blot(text: &mut [u8], values: &[String]) {
    for value in values {
        let secret = value.rsplit(' ').next().unwrap_or_default().as_bytes();
        let mut place = 0;
        while secret.len() >= SECRET_BYTES
            && let Some(found) = text.get_mut(place..place + secret.len())
        {
            if found == secret {
                found.fill(b'*');
            }
            place += 1;
        }
    }
}
