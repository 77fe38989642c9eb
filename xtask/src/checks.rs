//! `cargo xtask test`: runs every step, whatever became of the others, and ends with a table.

use crate::run::command;
use crate::steps::{self, Outcome, Step};
use anyhow::{Context, Result, bail};
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(crate) fn test(arguments: &[String]) -> Result<ExitCode> {
    let chosen = choose(arguments)?;
    if arguments.iter().any(|argument| argument == "--list") {
        for step in chosen {
            println!("{:<14} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let commit = command("git").args(["rev-parse", "--short", "HEAD"]).output();
    let commit = commit.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default();
    println!("{} steps{}{commit}", chosen.len(), if commit.is_empty() { "" } else { " on " });
    let rows: Vec<Row> = chosen.into_iter().map(run).collect();
    Ok(report(&rows))
}

/// All steps, or those that `--only` names.
fn choose(arguments: &[String]) -> Result<Vec<&'static Step>> {
    let mut chosen: Vec<&Step> = steps::ALL.iter().collect();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let list = match argument.as_str() {
            "--list" => continue,
            "--only" => rest.next().context("--only needs the names of steps")?,
            other => match other.strip_prefix("--only=") {
                Some(list) => list,
                None => bail!("`{other}` is not a flag of `test`"),
            },
        };
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        for name in &names {
            if !steps::ALL.iter().any(|step| step.name == *name) {
                bail!("there is no step `{name}`; `cargo xtask test --list` tells them");
            }
        }
        chosen.retain(|step| names.contains(&step.name));
    }
    Ok(chosen)
}

struct Row {
    name: &'static str,
    took: Duration,
    result: Result<Outcome>,
}

fn run(step: &'static Step) -> Row {
    println!("\n━━ {}: {}", step.name, step.about);
    let start = Instant::now();
    let result = (step.run)();
    if let Err(error) = &result {
        println!("✗ {}: {error:#}", step.name);
    }
    Row { name: step.name, took: start.elapsed(), result }
}

fn report(rows: &[Row]) -> ExitCode {
    println!("\n{:<14} {:>8}  result", "step", "seconds");
    let (mut passed, mut failed) = (0, 0);
    for Row { name, took, result } in rows {
        let words = match result {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Partly(what)) => format!("passed; {what}"),
            Err(error) => format!("FAILED: {error:#}"),
        };
        *(if result.is_ok() { &mut passed } else { &mut failed }) += 1;
        println!("{name:<14} {:>8.1}  {words}", took.as_secs_f64());
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Row, choose, report};
    use std::process::ExitCode;
    use std::time::Duration;

    #[test]
    fn only_narrows_in_the_fixed_order_and_refuses_what_is_unknown() -> anyhow::Result<()> {
        let names: Vec<_> =
            choose(&["--only".into(), "deny,fmt".into()])?.iter().map(|step| step.name).collect();
        assert_eq!(names, ["fmt", "deny"]);
        assert!(choose(&["--only=nothing".into()]).is_err() && choose(&["fmt".into()]).is_err());
        Ok(())
    }

    #[test]
    fn one_failed_step_fails_the_whole() {
        let row = |result| Row { name: "x", took: Duration::ZERO, result };
        let partly = || Ok(Outcome::Partly("half".into()));
        assert_eq!(report(&[row(Ok(Outcome::Passed)), row(partly())]), ExitCode::SUCCESS);
        assert_eq!(report(&[row(Err(anyhow::anyhow!("no"))), row(partly())]), ExitCode::FAILURE);
    }
}
