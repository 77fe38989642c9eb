//! JSON: [reading](certquote_core::json) as the APIs need it, and writing.

mod write;

pub use certquote_core::json::*;
pub use write::{Array, Object, ToJson, Writer, to_string};
