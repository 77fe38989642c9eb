//! `cargo xtask size`: what the elements load, in bytes over the wire, against the budgets; and what else is in `dist/`.

use crate::{dist, paths};
use anyhow::{Context, Result, ensure};
use std::ffi::OsStr;
use std::path::PathBuf;

/// The most that the three elements may weigh together (wasm, its glue and the loader, which hold the styles too), brotli
/// 11, in bytes: 180 KB of 1024.
const BUDGET: u64 = 184_320;
/// The most that the half of the wasm may weigh that is loaded when somebody turns to the form: 44 KB of 1024.
const LATER_BUDGET: u64 = 45_056;
/// The most that the loader may weigh: what a page gets before an element comes near the viewport.
const LOADER_BUDGET: u64 = 3_000;
const LOADER: &str = "certquote.js";
const LATER: &str = "certquote-later-";
/// The wasm and its glue start like this, and what crates bring along is below a directory of this name.
const LOADED_NEAR: [&str; 2] = ["certquote-widget-", "snippets/"];

/// Prints the table.
///
/// # Errors
/// When `dist/` is not there or a sum is over its budget.
pub(crate) fn size() -> Result<()> {
    let dist = paths::dist();
    ensure!(dist.is_dir(), "there is no dist/: run `cargo xtask build` first");
    println!("{:<60} {:>9} {:>9}", "file", "raw", "brotli 11");
    let (mut raw, mut packed, mut loader, mut later) = (0, 0, None, None);
    let mut others = Vec::new();
    for file in dist::files(&dist)? {
        let name = file.strip_prefix(&dist)?.display().to_string();
        if !matches!(file.extension().and_then(OsStr::to_str), Some("css" | "html" | "js" | "wasm")) {
            continue;
        }
        let bytes = std::fs::metadata(&file)?.len();
        let sibling = PathBuf::from(format!("{}.br", file.display()));
        let brotli = std::fs::metadata(&sibling).with_context(|| format!("{name} has no .br"))?.len();
        if name == LOADER {
            loader = Some(brotli);
        } else if name.starts_with(LATER) {
            later = Some((name, bytes, brotli));
            continue;
        } else if !LOADED_NEAR.iter().any(|start| name.starts_with(start)) {
            others.push((name, bytes, brotli));
            continue;
        }
        println!("{name:<60} {bytes:>9} {brotli:>9}");
        raw += bytes;
        packed += brotli;
    }
    let loader = loader.context("dist/ holds no elements")?;
    println!("{:<60} {raw:>9} {packed:>9}", "the elements together");
    let (name, bytes, later) = later.context("dist/ holds no later half")?;
    println!("{:<60} {bytes:>9} {later:>9}", format!("when first needed: {name}"));
    for (name, bytes, brotli) in others {
        println!("{:<60} {bytes:>9} {brotli:>9}", format!("not loaded by the elements: {name}"));
    }
    let within = [
        within(LOADER, loader, LOADER_BUDGET),
        within("the elements together", packed, BUDGET),
        within("when first needed", later, LATER_BUDGET),
    ];
    ensure!(within == [true; 3], "over budget");
    Ok(())
}

fn within(what: &str, bytes: u64, budget: u64) -> bool {
    let (left, says) = match budget.checked_sub(bytes) {
        Some(left) => (left, "to spare"),
        None => (bytes - budget, "too many"),
    };
    println!("{what}: {bytes} of {budget} bytes, {left} {says}");
    bytes <= budget
}
