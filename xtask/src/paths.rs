//! Where things are: the repository, cargo's target directory and the tools.

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The repository root. Asked at run time first: a target directory shared by several checkouts may hold a binary that
/// was compiled in another of them.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        manifest.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    })
}

/// Cargo's target directory, wherever configuration or environment put it.
pub(crate) fn target() -> Result<PathBuf> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .context("cargo metadata")?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("the answer of cargo metadata")?;
    let directory = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    directory.map(PathBuf::from).context("cargo metadata names no target directory")
}

/// The finished page and library.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The built server, at the place that the README promises.
pub(crate) fn server() -> PathBuf {
    root().join("target/release/certquote-server").with_extension(std::env::consts::EXE_EXTENSION)
}

/// The directory that holds the pinned command line tools, one directory per tool and version.
pub(crate) fn tools() -> PathBuf {
    if let Some(directory) = std::env::var_os("CERTQUOTE_TOOLS") {
        return PathBuf::from(directory);
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home =
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| OsString::from("."))).join(".cache");
    cache.unwrap_or_else(home).join("certquote/tools")
}

/// The executable of an npm package of this repository.
pub(crate) fn npm_bin(name: &str) -> PathBuf {
    root().join("node_modules/.bin").join(name)
}

/// The first of `names` that is an executable file on `PATH`.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .find_map(|name| directories.iter().map(|directory| directory.join(name)).find(|file| file.is_file()))
}
