//! The browser's clock.

use crate::date::Date;

/// Now, in RFC 3339 and UTC: `2026-11-21T14:05:00.000Z`.
#[must_use]
pub fn now() -> String {
    ago(None)
}

/// So many seconds ago, in the same way; now for none.
#[must_use]
pub fn ago(seconds: Option<u32>) -> String {
    let at = js_sys::Date::now() - f64::from(seconds.unwrap_or_default()) * 1_000.0;
    js_sys::Date::new(&at.into()).to_iso_string().into()
}

/// Now, in milliseconds since 1970.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole, and a negative one saturates to zero"
)]
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Today in UTC, the zone in which certificates begin and end. `None` only if the clock stands outside years 1 to 9999.
#[must_use]
pub fn today() -> Option<Date> {
    now().get(..10)?.parse().ok()
}
