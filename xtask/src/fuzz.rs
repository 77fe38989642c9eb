//! `cargo xtask fuzz`: the targets of `tests/fuzz.rs` and `server/tests/fuzz.rs` for longer than a test run has.

use crate::run::{cargo, run};
use anyhow::{Context, Result, bail};
use std::process::ExitCode;

/// Both files of targets; the targets of one run side by side.
const PACKAGES: [&str; 2] = ["certquote", "certquote-server"];

pub(crate) fn fuzz(arguments: &[String]) -> Result<ExitCode> {
    let seconds = match arguments {
        [] => 600,
        [flag, minutes] if flag == "--minutes" => {
            minutes.parse::<u64>().context("--minutes needs a number")?.saturating_mul(60)
        }
        other => bail!("{other:?}: the only flag is --minutes N"),
    };
    let share = (seconds / 2).max(1).to_string();
    let mut result = Ok(());
    for package in PACKAGES {
        let mut test = cargo("test --test fuzz --package");
        test.arg(package).args(["--", "--nocapture"]).env("CERTQUOTE_FUZZ_SECONDS", &share);
        // Whatever the first finds, the second has its turn.
        result = result.and(run(&mut test));
    }
    result.map(|()| ExitCode::SUCCESS)
}
