//! The widget's wasm entry. Linking the library exports its elements; the page's script creates them, and nothing runs by itself.

use certquote as _;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {}
