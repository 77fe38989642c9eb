//! The widget's wasm entry. Linking the library exports its elements; the page's script creates them, and nothing runs by itself.

use certquote as _;

fn main() {}
