//! What the commands need and cargo does not bring, pinned, installed only where it is missing.

use crate::paths;
use crate::run::{cargo, command, output, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const TRUNK: Pin = Pin { package: "trunk", binary: "trunk", version: "0.21.14" };
const GECKODRIVER: Pin = Pin { package: "geckodriver", binary: "geckodriver", version: "0.36.0" };
const CARGO_DENY: Pin = Pin { package: "cargo-deny", binary: "cargo-deny", version: "0.18.9" };

/// A command line tool from crates.io in the one version that is used.
struct Pin<'a> {
    package: &'a str,
    binary: &'a str,
    version: &'a str,
}

impl Pin<'_> {
    /// The directory of the tool's executables, or `None` when `PATH` has this very version already.
    fn install(&self) -> Result<Option<PathBuf>> {
        let Self { package, binary, version } = *self;
        let home = paths::tools().join(format!("{package}-{version}"));
        let directory = home.join("bin");
        if directory.join(binary).with_extension(std::env::consts::EXE_EXTENSION).is_file() {
            return Ok(Some(directory));
        }
        if is_on_path(binary, version) {
            return Ok(None);
        }
        eprintln!("installing {package} {version} in {}", home.display());
        let mut install = cargo("install --locked");
        install.arg(package).args(["--version", version, "--root"]).arg(&home);
        // Some of these ask for fat LTO, which triples the time it takes and gains nothing here. Their objects do not
        // belong into this project's target directory.
        install.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        install.env_remove("CARGO_TARGET_DIR");
        run(&mut install)?;
        Ok(Some(directory))
    }

    /// The tool's executable.
    fn executable(&self) -> Result<PathBuf> {
        Ok(self
            .install()?
            .map_or_else(|| PathBuf::from(self.binary), |directory| directory.join(self.binary)))
    }
}

fn is_on_path(binary: &str, version: &str) -> bool {
    let Ok(output) = Command::new(binary).arg("--version").output() else { return false };
    String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version)
}

/// What a build of the page needs, as directories for the front of `PATH`: Trunk, wasm-bindgen, wasm-opt, esbuild.
pub(crate) fn for_build() -> Result<Vec<PathBuf>> {
    wasm_target()?;
    npm_packages()?;
    let mut directories = vec![paths::root().join("node_modules/.bin")];
    directories.extend(TRUNK.install()?);
    directories.extend(wasm_bindgen()?);
    Ok(directories)
}

/// Whether std can be compiled along: its source is there, or rustup brings it.
pub(crate) fn rust_src() -> bool {
    let mut rustc = command("rustc");
    let Ok(sysroot) = output(rustc.args(["--print", "sysroot"])) else { return false };
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    source.is_file() || {
        let added = run(command("rustup").args(["component", "add", "rust-src"]));
        added.is_ok() && source.is_file()
    }
}

/// The rest of what the tests need from rustup.
pub(crate) fn rust_components() -> Result<()> {
    for (component, program) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let there =
            Command::new("cargo").args([program, "--version"]).output().is_ok_and(|out| out.status.success());
        if !there {
            run(command("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// `wasm-bindgen-test-runner`, of the same version as the crate.
pub(crate) fn wasm_test_runner() -> Result<PathBuf> {
    let name = "wasm-bindgen-test-runner";
    Ok(wasm_bindgen()?.map_or_else(|| PathBuf::from(name), |directory| directory.join(name)))
}

/// `geckodriver`, which Debian does not package.
pub(crate) fn geckodriver() -> Result<PathBuf> {
    GECKODRIVER.executable()
}

/// `cargo-deny`.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    CARGO_DENY.executable()
}

/// The command line tool `wasm-bindgen`, of the same version as the crate.
pub(crate) fn wasm_bindgen_cli() -> Result<PathBuf> {
    let name = "wasm-bindgen";
    Ok(wasm_bindgen()?.map_or_else(|| PathBuf::from(name), |directory| directory.join(name)))
}

fn wasm_bindgen() -> Result<Option<PathBuf>> {
    let lock = std::fs::read_to_string(paths::root().join("Cargo.lock")).context("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    Pin { package: "wasm-bindgen-cli", binary: "wasm-bindgen", version }.install()
}

/// The version of `package` in the text of a Cargo.lock, where the version is the line after the name.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// The standard library for wasm32, asked of rustc itself, which need not come from rustup.
pub(crate) fn wasm_target() -> Result<()> {
    let target = "wasm32-unknown-unknown";
    let libdir = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output()?;
    if !Path::new(String::from_utf8_lossy(&libdir.stdout).trim()).is_dir() {
        run(command("rustup").args(["target", "add", target]))?;
    }
    Ok(())
}

/// The npm packages of the repository's own package-lock.json.
pub(crate) fn npm_packages() -> Result<()> {
    npm_packages_of(paths::root())
}

/// The npm packages of the package-lock.json in `directory`. A copy of the lock that was installed tells whether it still
/// is the same.
pub(crate) fn npm_packages_of(directory: &Path) -> Result<()> {
    let stamp = directory.join("node_modules/.installed-lock.json");
    let lock = std::fs::read(directory.join("package-lock.json")).context("package-lock.json")?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if paths::on_path(&["npm", "npm.cmd"]).is_none() {
        bail!("npm is missing: install Node.js 20 or newer with npm, then run this again");
    }
    let mut npm = command("npm");
    npm.args(["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(npm.current_dir(directory))?;
    std::fs::write(&stamp, &lock).context("node_modules")
}

/// The browsers of the tests and the driver of the first.
pub(crate) struct Browsers {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
    pub(crate) firefox: PathBuf,
}

/// Chromium alone, which the benchmarks and the end-to-end tests use.
pub(crate) fn chromium() -> Result<PathBuf> {
    find_or_install(find_chromium, &["chromium"], "Chromium or Chrome (or set CHROME to its path)")
}

/// `redis-server`, which the tests of replicas share their state through.
pub(crate) fn redis() -> Result<PathBuf> {
    find_or_install(|| paths::on_path(&["redis-server"]), &["redis-server"], "redis-server on PATH")
}

/// Both browsers and Chromium's driver.
pub(crate) fn browsers() -> Result<Browsers> {
    Ok(Browsers {
        chromium: chromium()?,
        chromedriver: find_or_install(
            || from_env("CHROMEDRIVER").or_else(|| paths::on_path(&["chromedriver"])),
            &["chromium-driver"],
            "chromedriver of Chromium's version (or set CHROMEDRIVER to its path)",
        )?,
        firefox: find_or_install(
            || from_env("FIREFOX").or_else(|| paths::on_path(&["firefox", "firefox-esr"])),
            &["firefox-esr"],
            "Firefox (or set FIREFOX to its path)",
        )?,
    })
}

/// nginx, and its list of media types.
pub(crate) struct Nginx {
    pub(crate) program: PathBuf,
    pub(crate) types: PathBuf,
}

/// nginx of the system, or Debian's, unpacked.
pub(crate) fn nginx() -> Result<Nginx> {
    let system = paths::on_path(&["nginx"]).or_else(|| existing("/usr/sbin/nginx"));
    if let (Some(program), Some(types)) = (system, existing("/etc/nginx/mime.types")) {
        return Ok(Nginx { program, types });
    }
    let root = unpacked("nginx", &["nginx", "nginx-common"], "usr/sbin/nginx")?;
    Ok(Nginx { program: root.join("usr/sbin/nginx"), types: root.join("etc/nginx/mime.types") })
}

/// Caddy of the system, or Debian's, unpacked.
pub(crate) fn caddy() -> Result<PathBuf> {
    match paths::on_path(&["caddy"]) {
        Some(system) => Ok(system),
        None => Ok(unpacked("caddy", &["caddy"], "usr/bin/caddy")?.join("usr/bin/caddy")),
    }
}

/// wrk, which puts a server under load.
pub(crate) fn wrk() -> Result<PathBuf> {
    find_or_install(|| paths::on_path(&["wrk"]), &["wrk"], "wrk")
}

fn existing(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(path)).filter(|file| file.is_file())
}

/// Debian's `packages` in a directory of their own, where `program` then is. Installed in the ordinary way they would
/// start a service on port 80.
fn unpacked(name: &str, packages: &[&str], program: &str) -> Result<PathBuf> {
    let root = paths::tools().join(format!("debian-{name}"));
    if root.join(program).is_file() {
        return Ok(root);
    }
    if paths::on_path(&["apt-get"]).is_none() || paths::on_path(&["dpkg-deb"]).is_none() {
        bail!("{name} is missing, and there is no apt to get it from");
    }
    let fresh = root.with_extension("new");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh)?;
    }
    std::fs::create_dir_all(&fresh)?;
    let download = || run(command("apt-get").arg("download").args(packages).current_dir(&fresh));
    if download().is_err() {
        apt(&["update"])?;
        download()?;
    }
    for file in std::fs::read_dir(&fresh)? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "deb") {
            run(command("dpkg-deb").arg("-x").arg(&file).arg(&fresh))?;
            std::fs::remove_file(&file)?;
        }
    }
    let version = if name == "caddy" { "version" } else { "-v" };
    let works = Command::new(fresh.join(program)).arg(version).output().is_ok_and(|out| out.status.success());
    if !works {
        bail!("Debian's {name} does not run here: install {name} yourself, then run this again");
    }
    std::fs::rename(&fresh, &root)?;
    Ok(root)
}

fn find_chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    from_env("CHROME").or_else(|| paths::on_path(&names))
}

fn from_env(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|file| file.is_file())
}

fn find_or_install(find: impl Fn() -> Option<PathBuf>, packages: &[&str], what: &str) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if paths::on_path(&["apt-get"]).is_some() {
        apt(&["update"])?;
        apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())?;
    }
    find().with_context(|| format!("this needs {what}: install it, then run this again"))
}

fn apt(arguments: &[&str]) -> Result<()> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0"));
    let mut apt = if is_root {
        command("apt-get")
    } else if paths::on_path(&["sudo"]).is_some() {
        let mut sudo = command("sudo");
        sudo.arg("apt-get");
        sudo
    } else {
        bail!("apt-get needs root: run `apt-get {}` as root, then run this again", arguments.join(" "));
    };
    run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.79\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
