//! A portal on another origin: what it may do, and that no other may.

use super::http::Answer;
use super::target::*;
use anyhow::{Result, ensure};

const EVIL: &str = "https://evil.example";

fn preflight(target: &Target, path: &str, origin: &str, method: &str) -> Result<Answer> {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", "content-type"),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    target.send("OPTIONS", path, &headers, b"")
}

/// Whether one of the values of a list names `wanted`.
fn lists(answer: &Answer, name: &str, wanted: &str) -> Result<()> {
    let all = answer.headers.iter().filter(|(known, _)| known == name);
    let values: Vec<&str> = all.flat_map(|(_, value)| value.split(',')).map(str::trim).collect();
    ensure!(values.iter().any(|value| value.eq_ignore_ascii_case(wanted)), "{name} is {values:?}");
    Ok(())
}

fn let_in(answer: &Answer, origin: &str) -> Result<()> {
    let all: Vec<_> =
        answer.headers.iter().filter(|(name, _)| name == "access-control-allow-origin").collect();
    ensure!(all.len() == 1, "{} times Access-Control-Allow-Origin", all.len());
    let allowed = answer.header("access-control-allow-origin").unwrap_or_default();
    ensure!(allowed == origin, "Access-Control-Allow-Origin is {allowed:?}");
    ensure!(answer.header("access-control-allow-credentials") == Some("true"), "no Allow-Credentials");
    lists(answer, "vary", "origin")
}

pub(super) fn allowed(target: &Target) -> Result<()> {
    let origin = target.origin()?;
    for (path, method) in [(PRICING, "POST")].into_iter().chain(READS.map(|path| (path, "GET"))) {
        let answer = preflight(target, path, origin, method)?;
        of(status(&answer, &[200, 204]).and_then(|()| let_in(&answer, origin)), format!("preflight {path}"))?;
        lists(&answer, "access-control-allow-methods", method)?;
        lists(&answer, "access-control-allow-headers", "content-type")?;
    }
    let headers = [JSON, ("Origin", origin), ("Sec-Fetch-Site", "cross-site")];
    for answer in [target.post(&headers, DRAFT)?, target.send("GET", BALANCE, &headers, b"")?] {
        status(&answer, &[200])?;
        let_in(&answer, origin)?;
        lists(&answer, "access-control-expose-headers", "retry-after")?;
    }
    let error = target.send("GET", "/api/digicert/nothing", &headers, b"")?;
    of(refused(&error, &[404], BALANCE).and_then(|()| let_in(&error, origin)), "an error")
}

pub(super) fn others(target: &Target) -> Result<()> {
    for path in [PRICING, BALANCE, FRONTIER] {
        let answer = preflight(target, path, EVIL, "POST")?;
        ensure!(answer.header("access-control-allow-origin").is_none(), "preflight {path}: let in");
    }
    for origin in [EVIL, "null", "https://portal.example.evil.example"] {
        for path in [BALANCE, "/", "/healthz"] {
            let answer = target.send("GET", path, &[("Origin", origin)], b"")?;
            ensure!(
                answer.header("access-control-allow-origin").is_none(),
                "GET {path} from {origin}: let in"
            );
        }
    }
    Ok(())
}
