//! wasm-opt over a module that wasm-bindgen has written: everything for size.

use crate::paths;
use crate::run::{command, run};
use anyhow::Result;
use std::path::Path;

/// The flags in their order, which `bench/support/rows.mjs` reads too. What is repeated compresses better than calls, so
/// little is inlined.
const FLAGS: &str = include_str!("../../build/wasm-opt.txt");

/// The flags that name the wasm features in use.
pub(crate) fn features() -> impl Iterator<Item = &'static str> {
    FLAGS.lines().filter(|flag| flag.starts_with("--enable-"))
}

/// Writes what is left of the module at `wasm` to `to`, without names.
pub(crate) fn optimise(wasm: &Path, to: &Path) -> Result<()> {
    let mut wasm_opt = command(paths::npm_bin("wasm-opt"));
    run(wasm_opt.arg(wasm).arg("-o").arg(to).args(FLAGS.lines()))
}
