//! `cargo xtask bench server`: our server and nginx with the equivalent configuration, in turns, under the same load.
//!
//! Both stand in front of the same sandbox on the loopback and keep no answer; then our server alone with its cache, cold
//! (another container each time) and warm. Absolute figures are those of a shared machine: compare within one run.
//!
//! What is the same: as many workers as cores, bodies up to 256 KiB, the checks, the headers taken off and put on, the key, no
//! line of log for a request (the recipe logs none; `RUST_LOG=warn`), no limit, no retry. What is not: our server keeps its
//! connections to the upstream, the recipe makes one for each request. So nginx is measured with connections kept as well.

use crate::conformance::recipes::{Behind, Running, nginx, nginx_keeping, server};
use crate::run::{command, output};
use crate::sandbox::{Sandbox, switches_off};
use crate::{build, install, paths};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const BALANCE: &str = "/api/digicert/finance/balance";
const CONNECTIONS: u32 = 64;
const ROUNDS: usize = 3;
const WORKERS: &str = "worker_processes auto;";

/// One case under load, once.
struct Figures {
    /// Requests per second.
    rate: f64,
    /// Milliseconds.
    median: f64,
    slowest: f64,
    /// CPU time of the proxy for each request, in microseconds.
    cpu: f64,
    /// Of the proxy, at the end, in MB.
    memory: f64,
}

/// A proxy and what it is asked.
struct Case {
    name: &'static str,
    proxy: Running,
    script: Option<PathBuf>,
}

pub(crate) fn bench(flags: &[String]) -> Result<ExitCode> {
    let seconds = match flags {
        [] => 10,
        [flag, seconds] if flag == "--seconds" => seconds.parse().context("--seconds needs a number")?,
        other => anyhow::bail!("{other:?}: the only flag is --seconds N"),
    };
    build::server()?;
    std::fs::create_dir_all(paths::dist())?;
    let wrk = install::wrk()?;
    let sandbox = Sandbox::bare()?;
    let behind = Behind::sandbox(&sandbox);
    let off = switches_off()?;
    let mut cases = vec![
        Case { name: "certquote-server", proxy: server(&behind, "bench-server", &off)?, script: None },
        Case { name: "nginx", proxy: nginx(&behind, "bench-nginx", None, WORKERS)?, script: None },
        Case {
            name: "nginx, connections kept",
            proxy: nginx_keeping(&sandbox, "bench-nginx-keeping", WORKERS, CONNECTIONS)?,
            script: None,
        },
    ];
    if off.contains(&"--cache") {
        // All but the cache is still off.
        let kept: Vec<&str> =
            off.chunks(2).filter(|pair| pair.first() != Some(&"--cache")).flatten().copied().collect();
        let others = paths::root().join("target/proxies/others.lua");
        let script = format!(
            "local n = 0\nrequest = function()\n  n = n + 1\n  return wrk.format('GET', '{BALANCE}?container_id=' .. (100000 + n))\nend\n"
        );
        std::fs::write(&others, script)?;
        let (cold, warm) = (server(&behind, "bench-cold", &kept)?, server(&behind, "bench-warm", &kept)?);
        cases.push(Case { name: "certquote-server, cache cold", proxy: cold, script: Some(others) });
        cases.push(Case { name: "certquote-server, cache warm", proxy: warm, script: None });
    }
    let mut measured: Vec<Vec<Figures>> = cases.iter().map(|_| Vec::new()).collect();
    for case in &cases {
        load(&wrk, case, 1)?;
    }
    for _ in 0..ROUNDS {
        for (case, all) in cases.iter().zip(&mut measured) {
            all.push(load(&wrk, case, seconds)?);
        }
    }
    println!(
        "{:<32} {:>9} {:>8} {:>8} {:>8} {:>8}",
        "{ROUNDS} rounds, median".replace("{ROUNDS}", &ROUNDS.to_string()),
        "req/s",
        "p50 ms",
        "p99 ms",
        "CPU µs",
        "MB"
    );
    for (case, all) in cases.iter().zip(&measured) {
        let of = |what: fn(&Figures) -> f64| median(all.iter().map(what).collect());
        println!(
            "{:<32} {:>9.0} {:>8.2} {:>8.2} {:>8.0} {:>8.1}",
            case.name,
            of(|f| f.rate),
            of(|f| f.median),
            of(|f| f.slowest),
            of(|f| f.cpu),
            of(|f| f.memory)
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn load(wrk: &Path, case: &Case, seconds: u64) -> Result<Figures> {
    let before = usage(case.proxy.id())?;
    let mut command = command(wrk);
    command.args(["--threads", "1", "--connections", &CONNECTIONS.to_string(), "--latency"]);
    command.args(["--duration", &format!("{seconds}s")]);
    if let Some(script) = &case.script {
        command.arg("--script").arg(script);
    }
    let told = output(command.arg(format!("{}{BALANCE}", case.proxy.url())))?;
    ensure!(!told.contains("Non-2xx"), "{} refused some:\n{told}", case.name);
    let after = usage(case.proxy.id())?;
    let told = Told::read(&told).with_context(|| format!("wrk said:\n{told}"))?;
    Ok(Figures {
        rate: told.rate,
        median: told.median,
        slowest: told.slowest,
        cpu: (after.microseconds - before.microseconds) / told.requests,
        memory: after.megabytes,
    })
}

/// What wrk said.
#[derive(Debug, PartialEq)]
struct Told {
    requests: f64,
    rate: f64,
    median: f64,
    slowest: f64,
}

impl Told {
    fn read(text: &str) -> Option<Self> {
        let after = |start: &str| {
            text.lines().find_map(|line| line.trim().strip_prefix(start)).map(|rest| rest.trim().to_owned())
        };
        let requests = text.lines().find_map(|line| line.trim().split_once(" requests in "))?.0;
        Some(Self {
            requests: requests.parse().ok()?,
            rate: after("Requests/sec:")?.parse().ok()?,
            median: milliseconds(&after("50%")?)?,
            slowest: milliseconds(&after("99%")?)?,
        })
    }
}

fn milliseconds(text: &str) -> Option<f64> {
    let number = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let factor = match text.get(number.len()..)? {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

/// CPU time and memory of a process and its children.
struct Usage {
    microseconds: f64,
    megabytes: f64,
}

fn usage(id: u32) -> Result<Usage> {
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"))
        .context("CPU time is read from /proc, which only Linux has")?;
    let mut sum = Usage { microseconds: 0.0, megabytes: 0.0 };
    for id in std::iter::once(id.to_string()).chain(children.split_whitespace().map(str::to_owned)) {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        // Behind the name, which may hold anything: user and system time, in ticks of 10 ms.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks =
            |index| fields.get(index).and_then(|text: &&str| text.parse::<f64>().ok()).unwrap_or_default();
        sum.microseconds += (ticks(11) + ticks(12)) * 10_000.0;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = resident.and_then(|text| text.trim().split(' ').next()?.parse::<f64>().ok());
        sum.megabytes += kilobytes.unwrap_or_default() / 1024.0;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::{Told, milliseconds};

    #[test]
    fn reads_what_wrk_says() {
        let text = "Running 10s test @ http://127.0.0.1:1/\n  Latency Distribution\n     50%    1.52ms\n     75%    2.00ms\n     \
                    90%    3.00ms\n     99%  500.00us\n  12345 requests in 10.01s, 5.00MB read\nRequests/sec:   1233.27\n";
        let told = Told { requests: 12345.0, rate: 1233.27, median: 1.52, slowest: 0.5 };
        assert_eq!(Told::read(text), Some(told));
        assert_eq!(milliseconds("1.50s"), Some(1500.0));
        assert_eq!(Told::read("unable to connect"), None);
    }
}
