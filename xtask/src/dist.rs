//! Makes `dist/` of what Trunk left and of `www/`: names with a hash of their content, minified scripts and styles,
//! compressed siblings. Put together beside `dist/` and renamed, so that a failed build never looks like a whole one.

use crate::cut::CUT;
use crate::glue::trim;
use crate::optimise::optimise;
use crate::package::integrity;
use crate::run::output;
use crate::shorten::shorten;
use crate::split::{self, split};
use crate::{csp, package, paths, run};
use anyhow::{Context, Result, bail, ensure};
use flate2::{Compression, GzBuilder};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

const WIDGET: &str = "certquote-widget";
/// The half of the wasm that is loaded when it is first needed.
const LATER: &str = "certquote-later";
const COMPRESSED: [&str; 6] = ["css", "html", "js", "json", "svg", "wasm"];
/// Edited where it is served: compressed siblings would go on telling what stood in it before.
const EDITED: &str = "config.json";
/// The oldest JavaScript that the minifier may emit: what browsers with the wasm features in use understand anyway.
pub(crate) const JS_TARGET: &str = "--target=es2022";

/// Finishes the page that Trunk left in `page`.
pub(crate) fn finish(page: &Path) -> Result<()> {
    let staging = paths::root().join("target/dist-new");
    remove(&staging)?;
    fs::create_dir_all(&staging)?;
    let names = widget(page, &staging)?;
    snippets(page, &staging)?;
    package::write(&names, &staging)?;
    let www = paths::root().join("www");
    for file in files(&www)? {
        let name = file.strip_prefix(&www)?;
        // Trunk's copy has the path of Cargo.toml resolved, and is the one that it checked.
        let source = if name == Path::new("index.html") { page.join(name) } else { file.clone() };
        place(&source, &staging.join(name), &names).with_context(|| format!("www/{}", name.display()))?;
    }
    for file in files(&staging)? {
        compress(&file).with_context(|| format!("compressing {}", file.display()))?;
    }
    swap(&staging)
}

/// The glue and its wasm, as the placeholders in `www/` and the loader name them.
pub(crate) struct Names {
    pub(crate) js: String,
    pub(crate) js_integrity: String,
    pub(crate) wasm: String,
    pub(crate) wasm_integrity: String,
    pub(crate) later: String,
    pub(crate) later_integrity: String,
}

impl Names {
    fn fill(&self, text: &str) -> Result<String> {
        let filled = [
            ("{{widget-js}}", &self.js),
            ("{{widget-js-integrity}}", &self.js_integrity),
            ("{{widget-wasm}}", &self.wasm),
        ];
        let text = filled.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        ensure!(
            !text.contains("{{widget"),
            "an unknown placeholder: {:?} are known",
            filled.map(|(name, _)| name)
        );
        Ok(text)
    }
}

/// The wasm in its two halves, and the glue. One hash over all: they only work with each other.
fn widget(page: &Path, staging: &Path) -> Result<Names> {
    let at = |name: &str| page.join(name);
    let halves = split(&fs::read(at(&format!("{WIDGET}_bg.wasm"))).context("Trunk left no wasm")?, &CUT)?;
    fs::write(at("first.wasm"), halves.first)?;
    optimise(&at("first.wasm"), &at("optimised.wasm"))?;
    let whole = fs::read_to_string(at(&format!("{WIDGET}.js")))?;
    let (glue, renamed) = shorten(&at("optimised.wasm"), &trim(&whole)?, &at("short.wasm"))?;
    fs::write(at("short.js"), glue)?;
    fs::write(at("second.wasm"), split::rename(&halves.later, &renamed.exports)?)?;
    optimise(&at("second.wasm"), &at("later.wasm"))?;
    let (wasm, later) = (fs::read(at("short.wasm"))?, fs::read(at("later.wasm"))?);
    let glue = minify(&at("short.js"), &["--format=esm", JS_TARGET])?;
    let hash = fnv1a([wasm.as_slice(), glue.as_bytes(), later.as_slice()]);
    let (js, wasm_name) = (format!("{WIDGET}-{hash:016x}.js"), format!("{WIDGET}-{hash:016x}_bg.wasm"));
    let later_name = format!("{LATER}-{hash:016x}_bg.wasm");
    fs::write(staging.join(&js), &glue)?;
    fs::write(staging.join(&wasm_name), &wasm)?;
    fs::write(staging.join(&later_name), &later)?;
    Ok(Names {
        js,
        js_integrity: integrity(glue.as_bytes()),
        wasm: wasm_name,
        wasm_integrity: integrity(&wasm),
        later: later_name,
        later_integrity: integrity(&later),
    })
}

/// JavaScript that crates bring along; wasm-bindgen puts a hash into the names.
fn snippets(page: &Path, staging: &Path) -> Result<()> {
    let source = page.join("snippets");
    if !source.is_dir() {
        return Ok(());
    }
    for file in files(&source)? {
        let target = staging.join(file.strip_prefix(page)?);
        fs::create_dir_all(target.parent().context("a snippet is in a directory")?)?;
        fs::write(target, minify(&file, &["--format=esm", JS_TARGET])?)?;
    }
    Ok(())
}

/// One file of `www/`.
fn place(source: &Path, target: &Path, names: &Names) -> Result<()> {
    fs::create_dir_all(target.parent().context("a file is in a directory")?)?;
    let text = || -> Result<String> { names.fill(&fs::read_to_string(source)?) };
    match source.extension().and_then(OsStr::to_str) {
        Some("html") => {
            let html = without_trunk_link(&text()?);
            csp::check(&html).context("the page's Content-Security-Policy blocks this")?;
            fs::write(target, html)?;
        }
        Some("js") => {
            // Filled in first: the placeholder is not JavaScript everywhere. esbuild must read it from a file.
            fs::write(target, text()?)?;
            fs::write(target, minify(target, &["--format=esm", JS_TARGET])?)?;
        }
        Some("css") => fs::write(target, minify(source, &[])?)?,
        Some("json") => {
            serde_json::from_str::<serde_json::Value>(&text()?)?;
            fs::copy(source, target)?;
        }
        _ => {
            fs::copy(source, target)?;
        }
    }
    Ok(())
}

/// With script injection off Trunk leaves its own `<link data-trunk>` in the page.
fn without_trunk_link(html: &str) -> String {
    let mut rest = html;
    let mut out = String::with_capacity(html.len());
    while let Some((before, tag)) = rest.split_once("<link data-trunk") {
        out.push_str(before.trim_end_matches([' ', '\t']));
        rest = tag.split_once('>').map_or("", |(_, after)| after.trim_start_matches([' ', '\t']));
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
    out
}

pub(crate) fn minify(file: &Path, flags: &[&str]) -> Result<String> {
    let mut esbuild = run::command(paths::npm_bin("esbuild"));
    output(
        esbuild.arg("--minify").arg("--log-level=warning").arg("--legal-comments=none").args(flags).arg(file),
    )
}

/// Writes the brotli and gzip siblings, without times or names in them: the same input gives the same bytes.
fn compress(file: &Path) -> Result<()> {
    let extension = file.extension().and_then(OsStr::to_str).unwrap_or_default();
    if !COMPRESSED.contains(&extension) || file.ends_with(EDITED) {
        return Ok(());
    }
    let bytes = fs::read(file)?;
    let sibling = |suffix: &str| PathBuf::from(format!("{}.{suffix}", file.display()));
    fs::write(sibling("br"), brotli(&bytes)?)?;
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    fs::write(sibling("gz"), gzip.finish()?)?;
    Ok(())
}

/// Brotli, quality 11, window 2^22 (browsers take up to 24; nothing here is longer than 4 MB).
fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters)?;
    Ok(out)
}

/// FNV-1a, 64 bits: tells versions apart, guards nothing.
fn fnv1a<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let bytes = parts.into_iter().flatten();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Puts the finished directory in the place of `dist/`.
fn swap(staging: &Path) -> Result<()> {
    let dist = paths::dist();
    let old = paths::root().join("target/dist-old");
    remove(&old)?;
    if dist.exists() {
        fs::rename(&dist, &old).context("moving the old dist/ away")?;
    }
    fs::rename(staging, &dist).context("moving the new dist/ into place")?;
    remove(&old)
}

fn remove(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", directory.display()))
        }
        _ => Ok(()),
    }
}

/// Every file below `directory`, in a fixed order; hidden ones and links are left out.
pub(crate) fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = BTreeMap::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("reading {}", next.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                pending.push(entry.path());
            } else if kind.is_file() {
                found.insert(entry.path(), ());
            } else {
                bail!("{} is neither a file nor a directory", entry.path().display());
            }
        }
    }
    Ok(found.into_keys().collect())
}

#[cfg(test)]
mod tests {
    use super::{Names, brotli, fnv1a, without_trunk_link};

    #[test]
    fn placeholders_become_file_names_and_unknown_ones_are_refused() {
        let names = Names {
            js: "w-1.js".into(),
            js_integrity: "sha384-a".into(),
            wasm: "w-1_bg.wasm".into(),
            wasm_integrity: "sha384-b".into(),
            later: "l-1_bg.wasm".into(),
            later_integrity: "sha384-c".into(),
        };
        assert_eq!(
            names.fill("{{widget-js}} {{widget-js-integrity}} {{widget-wasm}}").ok().as_deref(),
            Some("w-1.js sha384-a w-1_bg.wasm")
        );
        assert!(names.fill("{{widget-css}}").is_err());
    }

    #[test]
    fn only_trunks_own_link_goes() {
        let page = "<head>\n  <link data-trunk rel=\"rust\" href=\"x\">\n<link rel=\"icon\" href=\"y\">";
        assert_eq!(without_trunk_link(page), "<head>\n<link rel=\"icon\" href=\"y\">");
    }

    #[test]
    fn hash_is_the_published_fnv1a() {
        assert_eq!(fnv1a([b"foo".as_slice(), b"bar".as_slice()]), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn brotli_gives_back_what_went_in() -> anyhow::Result<()> {
        let text = "certificate ".repeat(400);
        let packed = brotli(text.as_bytes())?;
        let mut out = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut out)?;
        assert!(packed.len() < 100 && out == text.as_bytes());
        Ok(())
    }
}
