//! `cargo xtask build`: the page through Trunk and [`dist`], the server through cargo.

use crate::run::{cargo, command, prepend_path, run};
use crate::{dist, install, paths};
use anyhow::{Context, Result};
use std::fs;
use std::process::Command;

/// What is said where the source of std cannot be had.
pub(crate) const TOOLCHAIN_STD: &str = "without the source of std (the component rust-src and its crates) the wasm holds the \
                                        words of panics that nobody reads, about 13 KB compressed";
/// In cargo's target directory: with which std the wasm there was built.
const STD: &str = "certquote-std";

/// Whether the last build had to do with the toolchain's own std.
pub(crate) fn has_toolchain_std() -> bool {
    let said = paths::target().ok().and_then(|target| fs::read_to_string(target.join(STD)).ok());
    said.as_deref() == Some("toolchain")
}

/// Leaves the page in `dist/` and the server at `target/release/certquote-server`.
pub(crate) fn build() -> Result<()> {
    page()?;
    server()
}

/// The release page. `dist/` is replaced at the very end and only by a whole one.
pub(crate) fn page() -> Result<()> {
    let tools = install::for_build()?;
    let target = paths::target()?;
    let staging = target.join("page");
    // Trunk is offline, so that it takes the tools from PATH; it hands that on to cargo.
    run(&mut cargo("fetch"))?;
    let own_std = install::rust_src() && {
        let mut fetch = cargo("fetch");
        as_wanted(&mut fetch, true);
        run(&mut fetch).is_ok()
    };
    let mut trunk = command("trunk");
    prepend_path(&mut trunk, &tools)?;
    trunk.args(["build", "--dist"]).arg(&staging);
    as_wanted(&mut trunk, own_std);
    if !own_std {
        eprintln!("warning: {TOOLCHAIN_STD}");
    }
    fs::create_dir_all(&target)?;
    fs::write(target.join(STD), if own_std { "own" } else { "toolchain" })?;
    // With NO_COLOR=1, as CI systems set it, this Trunk refuses its own command line.
    trunk.env_remove("NO_COLOR").env("TRUNK_SKIP_VERSION_CHECK", "true");
    run(&mut trunk)?;
    dist::finish(&staging)
}

/// For a command that builds more wasm the way the widget was built last.
pub(crate) fn as_the_widget(command: &mut Command) {
    as_wanted(command, !has_toolchain_std());
}

/// How the wasm is compiled. With an `own_std`, std is compiled along: for size, and with panics that are a trap and nothing
/// else (LTO cannot remove their words, formatting and locations from the std that comes with the toolchain).
/// LLVM is told to inline less than it thinks good for size: what is repeated costs more than calls once compressed.
/// Names are mangled so that they tell whose instance a generic function is, and equal functions are not merged: by its
/// name a function goes into [one half of the wasm](crate::cut) or the other.
/// Some of this is unstable in cargo and rustc, hence `RUSTC_BOOTSTRAP`; the crates themselves use no unstable feature and
/// build without all this.
fn as_wanted(command: &mut Command, own_std: bool) {
    const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
    let mut flags = std::env::var(RUSTFLAGS).unwrap_or_default();
    flags.push_str(" -Csymbol-mangling-version=v0 -Zmerge-functions=disabled");
    command.env("RUSTC_BOOTSTRAP", "1");
    if own_std {
        flags.push_str(" -Zunstable-options -Cpanic=immediate-abort -Cllvm-args=-inline-threshold=10");
        command
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
    }
    command.env(RUSTFLAGS, flags);
}

/// The release server, copied to the promised place when cargo's target directory is another.
pub(crate) fn server() -> Result<()> {
    run(&mut cargo("build --release --package certquote-server"))?;
    let wanted = paths::server();
    let name = wanted.file_name().context("the server has a file name")?;
    let built = paths::target()?.join("release").join(name);
    let directory = wanted.parent().context("the server is in a directory")?;
    fs::create_dir_all(directory)?;
    if fs::canonicalize(&built)? == fs::canonicalize(directory)?.join(name) {
        return Ok(());
    }
    // Not written in place: a running server would make that fail.
    let fresh = wanted.with_extension("new");
    fs::copy(&built, &fresh).with_context(|| format!("copying {}", built.display()))?;
    fs::rename(&fresh, &wanted).with_context(|| format!("replacing {}", wanted.display()))
}
