//! The steps of `cargo xtask test`, in the order in which they run: the quick ones first.

use crate::run::{cargo, command, output, run, succeeds_within};
use crate::sandbox::{Sandbox, free_port};
use crate::{build, install, paths, size};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// One named check.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn() -> Result<Outcome>,
}

/// How a step that did not fail ended.
pub(crate) enum Outcome {
    Passed,
    /// Passed as far as it could run here, and what could not.
    Partly(String),
}

const fn step(name: &'static str, about: &'static str, run: fn() -> Result<Outcome>) -> Step {
    Step { name, about, run }
}

pub(crate) const ALL: &[Step] = &[
    step("fmt", "formatting", fmt),
    step("clippy", "lints, native, without and with the elements", clippy),
    step("clippy-wasm", "lints, wasm32, with the browser tests", clippy_wasm),
    step("layers", "the library without features knows no browser", layers),
    step("native", "unit, integration and documentation tests", native),
    step("build", "the release page through Trunk, and the server", build_all),
    step("size", "the bytes of the page against the budget", size_budget),
    step("web-chromium", "wasm-bindgen-test in headless Chromium", web_chromium),
    step("web-firefox", "wasm-bindgen-test in headless Firefox", web_firefox),
    step("e2e", "the page in Chromium against the server", end_to_end),
    step("vitest", "a portal's own tests on the package's mock transport, in Chromium", vitest),
    step("doc", "rustdoc without warnings", doc),
    step("deny", "licences, sources, duplicates and advisories", deny),
];

/// Set when `build` failed in this run: what is in `dist/` is then not what is to be tested.
static BUILD_FAILED: AtomicBool = AtomicBool::new(false);

fn ran(mut command: std::process::Command) -> Result<Outcome> {
    run(&mut command)?;
    Ok(Outcome::Passed)
}

fn fmt() -> Result<Outcome> {
    install::rust_components()?;
    ran(cargo("fmt --all --check"))
}

fn clippy() -> Result<Outcome> {
    install::rust_components()?;
    run(&mut cargo("clippy --workspace --all-targets -- -D warnings"))?;
    ran(cargo("clippy --package certquote --all-targets --features ui -- -D warnings"))
}

fn clippy_wasm() -> Result<Outcome> {
    install::rust_components()?;
    install::wasm_target()?;
    let mut clippy = cargo(
        "clippy --package certquote --target wasm32-unknown-unknown --features ui --lib --bins --test web_*",
    );
    run(clippy.args(["--", "-D", "warnings"]))?;
    ran(cargo("clippy --package certquote-example-yew --target wasm32-unknown-unknown -- -D warnings"))
}

/// Browser crates must not reach the plain library, on any platform.
fn layers() -> Result<Outcome> {
    const BROWSER: [&str; 7] = [
        "gloo-net",
        "js-sys",
        "serde-wasm-bindgen",
        "wasm-bindgen",
        "wasm-bindgen-futures",
        "web-sys",
        "yew",
    ];
    let tree = output(&mut cargo(
        "tree --package certquote --edges normal --target all --prefix none --format {p}",
    ))?;
    let found = tree.lines().filter_map(|line| line.split(' ').next()).find(|name| BROWSER.contains(name));
    ensure!(found.is_none(), "certquote without features depends on {}", found.unwrap_or_default());
    Ok(Outcome::Passed)
}

fn native() -> Result<Outcome> {
    ran(cargo("test --workspace"))
}

fn build_all() -> Result<Outcome> {
    let result = build::build();
    BUILD_FAILED.store(result.is_err(), Ordering::Relaxed);
    result.map(|()| Outcome::Passed)
}

fn size_budget() -> Result<Outcome> {
    built()?;
    match size::size() {
        // Not what is shipped: a machine that is like that cannot tell.
        Err(_) if build::has_toolchain_std() => Ok(Outcome::Partly(build::TOOLCHAIN_STD.to_owned())),
        weighed => weighed.map(|()| Outcome::Passed),
    }
}

fn web_chromium() -> Result<Outcome> {
    let browsers = install::browsers()?;
    web("CHROMEDRIVER", &browsers.chromedriver, ("goog:chromeOptions", &browsers.chromium))
}

fn web_firefox() -> Result<Outcome> {
    let browsers = install::browsers()?;
    web("GECKODRIVER", &install::geckodriver()?, ("moz:firefoxOptions", &browsers.firefox))
}

/// The tests named `web_*` in one browser, with a sandbox on another origin for those that talk to a server. Both
/// addresses are the same every time where they are free, since the server's is compiled into the tests.
fn web(driver_name: &str, driver: &Path, browser: (&str, &Path)) -> Result<Outcome> {
    install::wasm_target()?;
    let runner = install::wasm_test_runner()?;
    build::server()?;
    let page = format!("127.0.0.1:{}", free_port(18181)?);
    let sandbox = Sandbox::start(free_port(18180)?, Some(&format!("http://{page}")))?;
    let mut tests =
        cargo("test --package certquote --target wasm32-unknown-unknown --features ui --test web_*");
    for other in ["CHROMEDRIVER", "GECKODRIVER", "MSEDGEDRIVER", "SAFARIDRIVER"] {
        tests.env_remove(other).env_remove(format!("{other}_REMOTE"));
    }
    tests
        .env(driver_name, driver)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CERTQUOTE_TEST_SERVER", sandbox.url())
        .env("WASM_BINDGEN_TEST_ADDRESS", page)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
        .env("WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION", "1")
        .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities(browser)?);
    ran(tests)
}

/// `webdriver.json` with the path of the browser that was found, which is not always where its driver looks.
fn capabilities((section, browser): (&str, &Path)) -> Result<std::path::PathBuf> {
    let text = std::fs::read_to_string(paths::root().join("webdriver.json")).context("webdriver.json")?;
    let mut all: serde_json::Value = serde_json::from_str(&text).context("webdriver.json")?;
    let options = all.get_mut(section).and_then(serde_json::Value::as_object_mut);
    let options = options.with_context(|| format!("webdriver.json has no {section}"))?;
    options.insert("binary".to_owned(), browser.display().to_string().into());
    let file = paths::root().join("target/webdriver.json");
    std::fs::write(&file, all.to_string()).context("target/webdriver.json")?;
    Ok(file)
}

fn end_to_end() -> Result<Outcome> {
    built()?;
    install::npm_packages()?;
    install::npm_packages_of(&paths::root().join("tests/bundlers"))?;
    let mut playwright = command(paths::npm_bin("playwright"));
    playwright.arg("test").env("CHROME", install::chromium()?).env("CERTQUOTE_SERVER", paths::server());
    ran(with_port(playwright)?)
}

fn vitest() -> Result<Outcome> {
    built()?;
    let example = paths::root().join("examples/vitest");
    install::npm_packages_of(&example)?;
    let mut vitest = command("node");
    vitest.args(["node_modules/vitest/vitest.mjs", "run"]).env("CHROME", install::chromium()?);
    vitest.current_dir(example);
    ran(vitest)
}

fn with_port(mut command: std::process::Command) -> Result<std::process::Command> {
    command.env("CERTQUOTE_E2E_PORT", free_port(0)?.to_string());
    Ok(command)
}

/// That this run has not failed to build what is to be tested, and that there is something.
fn built() -> Result<()> {
    ensure!(!BUILD_FAILED.load(Ordering::Relaxed), "not run: the build failed");
    ensure!(
        paths::dist().is_dir() && paths::server().is_file(),
        "not run: there is no build (`cargo xtask build`)"
    );
    Ok(())
}

fn doc() -> Result<Outcome> {
    let mut doc = cargo("doc --workspace --no-deps --features certquote/ui");
    doc.env("RUSTDOCFLAGS", "-D warnings");
    ran(doc)
}

fn deny() -> Result<Outcome> {
    let binary = install::cargo_deny()?;
    let deny = |arguments: &str| {
        let mut deny = command(&binary);
        deny.args(arguments.split_whitespace());
        deny
    };
    run(&mut deny("--log-level error check licenses bans sources"))?;
    if !succeeds_within(&mut deny("fetch db"), Duration::from_secs(45)) {
        return Ok(Outcome::Partly("advisories skipped: their database cannot be reached".to_owned()));
    }
    ran(deny("--log-level error check --disable-fetch advisories"))
}
