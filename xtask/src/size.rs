//! `cargo xtask size`: what the elements load, in bytes over the wire, against the budget; and what the page around
//! them is.

use crate::{dist, paths};
use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsStr;
use std::path::PathBuf;

/// The most that the three elements may weigh together (wasm, its glue and `certquote.js`, which hold the styles too),
/// brotli 11, in bytes.
const BUDGET: u64 = 160_000;
/// The demo page's own and what tests use, which no portal loads.
const PAGE: [&str; 7] =
    ["gallery.css", "gallery.html", "gallery.js", "index.html", "page.css", "page.js", "testing.js"];

/// Prints the table.
///
/// # Errors
/// When `dist/` is not there or the sum is over the budget.
pub(crate) fn size() -> Result<()> {
    let dist = paths::dist();
    ensure!(dist.is_dir(), "there is no dist/: run `cargo xtask build` first");
    println!("{:<52} {:>9} {:>9}", "file", "raw", "brotli 11");
    let (mut raw, mut packed) = (0, 0);
    let mut page = Vec::new();
    for file in dist::files(&dist)? {
        let name = file.strip_prefix(&dist)?.display().to_string();
        let bytes = std::fs::metadata(&file)?.len();
        let sibling = PathBuf::from(format!("{}.br", file.display()));
        match file.extension().and_then(OsStr::to_str) {
            Some("html" | "js" | "css") if PAGE.contains(&name.as_str()) => {
                page.push((name, bytes, std::fs::metadata(&sibling)?.len()));
            }
            Some("wasm" | "js" | "css") => {
                let brotli = std::fs::metadata(&sibling).with_context(|| format!("{name} has no .br"))?.len();
                println!("{name:<52} {bytes:>9} {brotli:>9}");
                raw += bytes;
                packed += brotli;
            }
            _ => {}
        }
    }
    ensure!(packed > 0, "dist/ holds no elements");
    println!("{:<52} {raw:>9} {packed:>9}", "the elements together");
    println!("{:<52} {:>9} {BUDGET:>9}", "budget", "");
    for (name, bytes, brotli) in page {
        println!("{:<52} {bytes:>9} {brotli:>9}", format!("the demo page's own: {name}"));
    }
    if packed > BUDGET {
        bail!("{packed} bytes are {} over the budget of {BUDGET}", packed - BUDGET);
    }
    println!("{} bytes to spare", BUDGET - packed);
    Ok(())
}
