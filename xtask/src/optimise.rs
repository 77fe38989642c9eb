//! wasm-opt over a module that wasm-bindgen has written: everything for size.

use crate::run::run;
use crate::{paths, run::command};
use anyhow::Result;
use std::path::Path;

/// The wasm features in use.
pub(crate) const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-mutable-globals",
];

/// In this order. What is repeated compresses better than calls, so little is inlined.
const PASSES: [&str; 14] = [
    "-Oz",
    "--low-memory-unused",
    "--zero-filled-memory",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--one-caller-inline-max-function-size=20",
    "--always-inline-max-function-size=1",
    "--skip-pass=local-cse",
    "--converge",
    "--merge-similar-functions",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
];

/// Writes what is left of the module at `wasm` to `to`, without names.
pub(crate) fn optimise(wasm: &Path, to: &Path) -> Result<()> {
    let mut wasm_opt = command(paths::npm_bin("wasm-opt"));
    run(wasm_opt.arg(wasm).arg("-o").arg(to).args(PASSES).args(FEATURES))
}
