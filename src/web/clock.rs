//! The browser's clock.

use crate::date::Date;

/// Now, in RFC 3339 and UTC: `2026-11-21T14:05:00.000Z`.
#[must_use]
pub fn now() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// Today in UTC, the zone in which certificates begin and end. `None` only if the clock stands outside years 1 to 9999.
#[must_use]
pub fn today() -> Option<Date> {
    now().get(..10)?.parse().ok()
}
