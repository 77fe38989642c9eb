//! `cargo xtask example NAME`: puts one of `examples/` together in `target/examples/NAME` and becomes the server on it.
//!
//! What an example's folder holds says what is done with it: `public/` is served as it is, a `package.json` has a script
//! `build` that bundles, a `Cargo.toml` is an application in wasm. The elements' own files are in `certquote/`, as a portal
//! would lay them down.

use crate::run::{cargo, command, run};
use crate::serve::{self, Options};
use crate::{build, dist, install, paths};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Beside the examples: how all of them look.
const STYLE: &str = "page.css";

/// Serves an example. The server itself prints its address once it is bound and answers.
pub(crate) fn example(arguments: &[String]) -> Result<ExitCode> {
    let examples = paths::root().join("examples");
    let Some((name, rest)) = arguments.split_first() else {
        for name in names(&examples)? {
            println!("{name}");
        }
        return Ok(ExitCode::SUCCESS);
    };
    let known = names(&examples)?;
    ensure!(known.contains(name), "there is no example `{name}`; there are {}", known.join(", "));
    let options = Options::parse(rest)?;
    if !paths::dist().is_dir() || !paths::server().is_file() {
        build::build()?;
    }
    let stage = paths::root().join("target/examples").join(name);
    put_together(&examples, name, &stage)?;
    serve::start(&options, &stage)
}

/// The folders in `examples` that hold a page.
fn names(examples: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(examples).context("examples/")? {
        let entry = entry?;
        if entry.path().join("public").is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn put_together(examples: &Path, name: &str, stage: &Path) -> Result<()> {
    let source = examples.join(name);
    if stage.exists() {
        fs::remove_dir_all(stage).with_context(|| format!("removing {}", stage.display()))?;
    }
    copy(&source.join("public"), stage)?;
    copy(&paths::dist(), &stage.join("certquote"))?;
    fs::copy(examples.join(STYLE), stage.join(STYLE)).context(STYLE)?;
    if source.join("package.json").is_file() {
        install::npm_packages()?;
        install::npm_packages_of(&source)?;
        run(command("npm").args(["run", "--silent", "build"]).current_dir(&source))?;
    }
    if source.join("Cargo.toml").is_file() {
        application(name, stage)?;
    }
    Ok(())
}

/// The application of the package `certquote-example-NAME`, as `app.js` and its wasm. In the profile for developing: the
/// browser tests have most of it compiled already.
fn application(name: &str, stage: &Path) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    install::wasm_target()?;
    let package = format!("certquote-example-{name}");
    run(&mut cargo(&format!("build --package {package} --target {TARGET}")))?;
    let wasm = paths::target()?.join(TARGET).join("debug").join(&package).with_extension("wasm");
    let mut bindgen = command(install::wasm_bindgen_cli()?);
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "app", "--out-dir"]).arg(stage);
    run(bindgen.arg(wasm))
}

/// Copies what is below one directory to another.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        bail!("{} is missing", from.display());
    }
    for file in dist::files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().context("a file is in a directory")?)?;
        fs::copy(&file, &target).with_context(|| format!("copying {}", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{copy, names};
    use std::fs;

    #[test]
    fn every_example_has_a_page() -> anyhow::Result<()> {
        let examples = crate::paths::root().join("examples");
        let names = names(&examples)?;
        assert_eq!(names, ["htmx", "plain", "react", "vue", "yew"]);
        for name in names {
            assert!(examples.join(&name).join("public/index.html").is_file(), "{name}");
        }
        Ok(())
    }

    #[test]
    fn a_copy_has_the_folders_of_the_original() -> anyhow::Result<()> {
        let place = std::env::temp_dir().join(format!("certquote-copy-{}", std::process::id()));
        fs::create_dir_all(place.join("from/deep"))?;
        fs::write(place.join("from/deep/file"), "text")?;
        copy(&place.join("from"), &place.join("to"))?;
        let copied = fs::read_to_string(place.join("to/deep/file"));
        let missing = copy(&place.join("none"), &place.join("to")).is_err();
        fs::remove_dir_all(&place)?;
        assert_eq!((copied?.as_str(), missing), ("text", true));
        Ok(())
    }
}
