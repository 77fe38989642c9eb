//! Puts the elements' style sheets together, as short as they can be, for `src/ui/element.rs` and `share.rs` to embed.

use std::io::{Error, Result};
use std::path::Path;
use std::{env, fs};

mod css;

/// In the order of the cascade.
const SHEETS: [&str; 8] =
    ["quote", "editor", "accept", "compare", "evidence", "balance", "history", "insights"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build");
    let mut styles = String::new();
    for sheet in SHEETS {
        styles.push_str(&read(sheet)?);
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("elements.css"), styles)?;
    fs::write(Path::new(&out).join("print.css"), read("print")?)
}

fn read(sheet: &str) -> Result<String> {
    let path = format!("src/ui/{sheet}.css");
    println!("cargo::rerun-if-changed={path}");
    Ok(css::minified(&fs::read_to_string(path)?))
}
