//! The project's commands, run as `cargo xtask COMMAND` from the repository root.
//!
//! Each command installs what it needs ([`install`]) and skips what is there already. [`build`] makes `dist/` by way of
//! Trunk and [`dist`]; [`checks`] is the list of steps behind `cargo xtask test`.

mod bench;
mod build;
mod checks;
mod conformance;
mod csp;
mod cut;
mod dist;
mod docs;
mod example;
mod fuzz;
mod glue;
mod install;
mod load;
mod manifest;
mod optimise;
mod package;
mod paths;
mod run;
mod sandbox;
mod serve;
mod shorten;
mod size;
mod split;
mod steps;
mod theme;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [-- FLAGS]   build, then serve the page on the built-in sandbox (http://127.0.0.1:8080);
                                FLAGS go to certquote-server
  example NAME [--port N]       one of examples/ on the sandbox, at http://127.0.0.1:8080; without NAME: what there is
  build                         the page and the library in dist/, the server in target/release/certquote-server
  test [--only STEP,…] [--list] every check and test; ends with non-zero status if any failed
  docs                          the tables of docs/theming.md, from package/theme.json
  size                          bytes of what the page loads, against the budget
  fuzz [--minutes N]            random inputs of the corpus for so long (10); what fails is left in tests/corpus/
  conformance --url URL         what the elements rely on, held against any proxy; --help tells the flags
  bench NAME [-- FLAGS]         run bench/NAME.mjs against a fresh build; without NAME: what there is
  bench server [-- --seconds N] the server and nginx under the same load (wrk)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = args.split_first() else {
        print!("{USAGE}");
        return Ok(ExitCode::FAILURE);
    };
    match command.as_str() {
        "serve" => serve::serve(rest),
        "example" => example::example(rest),
        "build" => build::build().map(|()| ExitCode::SUCCESS),
        "test" => checks::test(rest),
        "docs" => docs::docs().map(|()| ExitCode::SUCCESS),
        "size" => size::size().map(|()| ExitCode::SUCCESS),
        "bench" => bench::bench(rest),
        "fuzz" => fuzz::fuzz(rest),
        "conformance" => conformance::conformance(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}
