//! The browser's side: the transport over `fetch`, IDN by the browser's own `URL`, formats by its `Intl`, its clock.

pub mod clock;
pub mod gloo;
mod headers;
pub mod idn;
pub mod intl;
pub mod timer;

pub use gloo::GlooTransport;
pub use intl::IntlFormats;
