//! Makes the npm package `certquote` of `package/` and of the wasm with its glue. In `package/`, `loader/` is bundled into
//! [`ENTRIES`], `package.template.json` is filled in, `surface.json` and `theme.json` become `custom-elements.json`; every other file is copied.

use crate::dist::{JS_TARGET, Names, files, minify};
use crate::theme::Theme;
use crate::{manifest, paths};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha384};
use std::fs;
use std::path::Path;

/// What is bundled of `package/loader/`.
const ENTRIES: [&str; 2] = ["certquote.js", "pure.js"];
/// What the package exports as modules: the path, and the file without its extension. Each has types beside it.
const MODULES: [(&str, &str); 3] = [(".", "certquote"), ("./pure", "pure"), ("./testing", "testing")];
/// What it exports as data.
const DATA: [&str; 3] = [MANIFEST, INTEGRITY, "package.json"];
const MANIFEST: &str = "custom-elements.json";
const INTEGRITY: &str = "integrity.json";
/// Not called package.json: esbuild would read it.
const TEMPLATE: &str = "package.template.json";
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Writes the package into `staging`, which holds nothing but the wasm with its glue so far, and tells the hashes.
pub(crate) fn write(names: &Names, staging: &Path) -> Result<()> {
    let source = paths::root().join("package");
    for entry in ENTRIES {
        fs::write(staging.join(entry), bundle(&source.join("loader").join(entry), names)?)?;
    }
    for file in files(&source)? {
        let name = file.strip_prefix(&source)?;
        let built = name.starts_with("loader")
            || [TEMPLATE, "surface.json", "theme.json"].iter().any(|n| name == Path::new(n));
        if !built {
            let target = staging.join(name);
            fs::create_dir_all(target.parent().context("a file is in a directory")?)?;
            fs::copy(&file, target)?;
        }
    }
    for licence in LICENCES {
        fs::copy(paths::root().join(licence), staging.join(licence))?;
    }
    let surface = fs::read_to_string(source.join("surface.json")).context("package/surface.json")?;
    fs::write(
        staging.join(MANIFEST),
        manifest::of(&surface, &Theme::read()?).context("package/surface.json")?,
    )?;
    let template = fs::read_to_string(source.join(TEMPLATE)).context(TEMPLATE)?;
    fs::write(staging.join("package.json"), package_json(&template, staging)?)?;
    fs::write(staging.join(INTEGRITY), hashes(staging)?)?;
    Ok(())
}

/// One script of all that it needs, except for the wasm and its glue.
fn bundle(entry: &Path, names: &Names) -> Result<String> {
    let filled = [
        ("VERSION", env!("CARGO_PKG_VERSION")),
        ("WIDGET_JS", &format!("./{}", names.js)),
        ("WIDGET_JS_INTEGRITY", &names.js_integrity),
        ("WIDGET_WASM", &format!("./{}", names.wasm)),
        ("WIDGET_WASM_INTEGRITY", &names.wasm_integrity),
        ("WIDGET_LATER", &format!("./{}", names.later)),
        ("WIDGET_LATER_INTEGRITY", &names.later_integrity),
    ];
    let filled = filled.map(|(name, value)| format!("--define:{name}=\"{value}\""));
    let mut flags = vec!["--bundle", "--format=esm", JS_TARGET];
    flags.extend(filled.iter().map(String::as_str));
    let script = minify(entry, &flags)?;
    // The minifier drops what keeps bundlers from taking the glue, whose bytes are known, apart.
    ensure!(script.matches("import(").count() == 1, "{} has not exactly one import()", entry.display());
    Ok(script.replace("import(", "import(/*webpackIgnore:true*//*@vite-ignore*/"))
}

/// The template with the version, with exports of what is there, and with the list of what is in the package.
fn package_json(template: &str, staging: &Path) -> Result<String> {
    let mut exports = Vec::new();
    for (path, name) in MODULES {
        if staging.join(format!("{name}.js")).is_file() {
            let types = format!("{name}.d.ts");
            ensure!(staging.join(&types).is_file(), "package/{types} is missing");
            exports.push(format!(r#""{path}": {{ "types": "./{types}", "default": "./{name}.js" }}"#));
        }
    }
    exports.extend(DATA.iter().map(|name| format!(r#""./{name}": "./{name}""#)));
    let mut held: Vec<String> = names(staging)?.into_iter().map(|name| format!("\"{name}\"")).collect();
    held.push(format!("\"{INTEGRITY}\""));
    let list = |items: Vec<String>| items.join(",\n    ");
    let text = template
        .replace("{{version}}", env!("CARGO_PKG_VERSION"))
        .replace("\"{{exports}}\"", &list(exports))
        .replace("\"{{files}}\"", &list(held));
    let json: serde_json::Value = serde_json::from_str(&text).context(TEMPLATE)?;
    ensure!(!text.contains("{{"), "{TEMPLATE} has an unknown placeholder: {json}");
    Ok(text)
}

/// A line for each file, which is printed too: what a page puts into `integrity`.
fn hashes(staging: &Path) -> Result<String> {
    let mut lines = Vec::new();
    for name in names(staging)? {
        let hash = integrity(&fs::read(staging.join(&name))?);
        println!("{hash}  {name}");
        lines.push(format!("  \"{name}\": \"{hash}\""));
    }
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

/// The files below `directory`, as paths of the package.
fn names(directory: &Path) -> Result<Vec<String>> {
    let name =
        |file: std::path::PathBuf| Ok(file.strip_prefix(directory)?.display().to_string().replace('\\', "/"));
    files(directory)?.into_iter().map(name).collect()
}

/// The hash of `bytes` as an attribute `integrity` has it.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::integrity;

    #[test]
    fn the_hash_is_the_one_of_the_specification_of_subresource_integrity() {
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }
}
