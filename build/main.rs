//! Puts the elements' style sheets together, as short as they can be, for `src/ui/element.rs` to embed.

use std::io::{Error, Result};
use std::path::Path;
use std::{env, fs};

mod css;

/// In the order of the cascade.
const SHEETS: [&str; 6] = ["quote", "editor", "accept", "balance", "history", "insights"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build");
    let mut styles = String::new();
    for sheet in SHEETS {
        let path = format!("src/ui/{sheet}.css");
        println!("cargo::rerun-if-changed={path}");
        styles.push_str(&css::minified(&fs::read_to_string(path)?));
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("elements.css"), styles)
}
