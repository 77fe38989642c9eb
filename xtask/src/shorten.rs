//! Short names for what the wasm and its glue know each other by. wasm-bindgen's are long and hashed, and stand in both
//! files: together some three kilobytes, compressed.

use crate::optimise::features;
use crate::run::output;
use crate::{paths, run};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::Path;

/// What wasm-opt renamed: module, old name and new name of each import; old and new name of each export.
#[derive(Deserialize)]
pub(crate) struct Renamed {
    imports: Vec<(String, String, String)>,
    pub(crate) exports: Vec<(String, String)>,
}

/// Renames imports and exports of the module at `wasm`, which is written to `to`; gives back the glue that fits it, and
/// what was renamed.
pub(crate) fn shorten(wasm: &Path, glue: &str, to: &Path) -> Result<(String, Renamed)> {
    let mut wasm_opt = run::command(paths::npm_bin("wasm-opt"));
    wasm_opt.arg("--minify-imports-and-exports-and-modules").args(features()).arg(wasm).arg("-o").arg(to);
    let renamed: Renamed = serde_json::from_str(&output(&mut wasm_opt)?).context("what wasm-opt renamed")?;
    Ok((rename(glue, &renamed)?, renamed))
}

fn rename(glue: &str, renamed: &Renamed) -> Result<String> {
    let mut glue = glue.to_owned();
    let mut modules: Vec<&str> = renamed.imports.iter().map(|(module, ..)| module.as_str()).collect();
    modules.dedup();
    ensure!(modules.len() <= 1, "the wasm imports from several modules: {modules:?}");
    for module in modules {
        glue = replace(&glue, &format!("\"{module}\":"), "a:")?;
    }
    for (_, old, new) in &renamed.imports {
        glue = replace(&glue, &format!(" {old}: "), &format!(" {new}: "))?;
    }
    for (old, new) in &renamed.exports {
        let used = format!("wasm.{old}");
        let mut whole = String::with_capacity(glue.len());
        let mut rest = glue.as_str();
        while let Some((before, after)) = rest.split_once(&used) {
            whole.push_str(before);
            let goes_on =
                after.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '$');
            whole.push_str(&if goes_on { used.clone() } else { format!("wasm.{new}") });
            rest = after;
        }
        whole.push_str(rest);
        glue = whole;
    }
    ensure!(!glue.contains("wasm.__wb"), "the glue calls an export that was not renamed");
    Ok(glue)
}

fn replace(glue: &str, old: &str, new: &str) -> Result<String> {
    ensure!(glue.matches(old).count() == 1, "the glue has not exactly one {old:?}");
    Ok(glue.replace(old, new))
}

#[cfg(test)]
mod tests {
    use super::{Renamed, rename};

    fn renamed() -> Renamed {
        Renamed {
            imports: vec![("./w_bg.js".into(), "__wbg_now_1f".into(), "b".into())],
            exports: vec![("free".into(), "c".into()), ("free_all".into(), "d".into())],
        }
    }

    #[test]
    fn names_change_in_both_places_and_longer_names_are_others() -> anyhow::Result<()> {
        let glue = "{ __wbg_now_1f: function() {} } \"./w_bg.js\": x; wasm.free(); wasm.free_all(); free();";
        assert_eq!(rename(glue, &renamed())?, "{ b: function() {} } a: x; wasm.c(); wasm.d(); free();");
        Ok(())
    }

    #[test]
    fn a_glue_that_does_not_fit_is_an_error() {
        assert!(rename("\"./w_bg.js\": x", &renamed()).is_err());
    }
}
