//! What is asked: routes, methods, ids, paths, bodies. None of it needs to see the upstream.

use super::http::{Answer, Then};
use super::target::*;
use anyhow::{Context, Result, ensure};

pub(super) fn health(target: &Target) -> Result<()> {
    let answer = target.get("/healthz")?;
    status(&answer, &[200])?;
    ensure!(answer.text().trim() == "ok", "the body is {:?}", answer.text());
    Ok(())
}

pub(super) fn answers(target: &Target) -> Result<()> {
    let price = of(target.post(&[JSON], DRAFT), PRICING)?;
    of(holds(&price, "total_price"), PRICING)?;
    for (path, field) in READS.into_iter().zip(["8123.45", "adjustments", "5000", "1200"]) {
        of(target.get(path).and_then(|answer| holds(&answer, field)), path)?;
    }
    Ok(())
}

fn holds(answer: &Answer, text: &str) -> Result<()> {
    status(answer, &[200])?;
    of_the_api(answer)?;
    ensure!(
        answer.text().contains(text),
        "no {text:?}, though the sandbox's answer has it: {}",
        answer.text()
    );
    Ok(())
}

pub(super) fn heads(target: &Target) -> Result<()> {
    for path in READS {
        let answer = of(target.send("HEAD", path, &[], b""), path)?;
        of(status(&answer, &[200, 405]), path)?;
        ensure!(answer.body.is_empty(), "{path}: a body of {} bytes", answer.body.len());
    }
    Ok(())
}

pub(super) fn unknown_paths(target: &Target) -> Result<()> {
    for path in [
        "/api/digicert",
        "/api/digicert/user/me",
        "/api/digicert/finance",
        "/api/digicert/finance/balance/",
        "/api/digicert/finance/balancex",
        "/api/digicert/FINANCE/balance",
        "/api/digicert/order/certificate",
        "/api/digicert/account/subaccount/42",
        "/api/frontier",
        "/api/frontier/v1beta1/organizations",
        "/api/frontier/finance/balance",
        "/api/other",
        "/api/",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = target.send(method, path, &[JSON], b"");
            of(answer.and_then(|answer| refused(&answer, &[404], path)), format!("{method} {path}"))?;
        }
    }
    Ok(())
}

pub(super) fn wrong_methods(target: &Target) -> Result<()> {
    for path in [PRICING].into_iter().chain(READS) {
        let right = if path == PRICING { "POST" } else { "GET" };
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            if method == right {
                continue;
            }
            let what = format!("{method} {path}");
            let answer =
                of(target.send(method, path, &[JSON], if method == "POST" { b"{}" } else { b"" }), &what)?;
            of(refused(&answer, &[405], path), &what)?;
            let allow = answer.header("allow").with_context(|| format!("{what}: no Allow"))?;
            ensure!(allow.split(',').any(|word| word.trim() == right), "{what}: Allow is {allow:?}");
            ensure!(!allow.contains(method), "{what}: Allow is {allow:?}");
        }
    }
    Ok(())
}

pub(super) fn trace(target: &Target) -> Result<()> {
    for method in ["TRACE", "CONNECT", "GET,POST", "get"] {
        let answer = target.raw(method, BALANCE.as_bytes(), &[], b"", Then::Read)?;
        of(turned_away(&answer), method)?;
    }
    Ok(())
}

pub(super) fn ids(target: &Target) -> Result<()> {
    for id in ["x", "1x", "-1", "+1", "1.0", "123456789012345678901"] {
        let path = format!("/api/digicert/account/subaccount/{id}/balance");
        of(target.get(&path).and_then(|answer| refused(&answer, &[400, 404], &path)), &path)?;
    }
    for (org, id) in [("my-org", ORG), (ORG, "1"), (ORG, "11111111-2222-3333-4444-55555555555g"), (ORG, "me")]
    {
        let path = format!("/api/frontier/v1beta1/organizations/{org}/billing/{id}/balance");
        of(target.get(&path).and_then(|answer| refused(&answer, &[400, 404], &path)), &path)?;
    }
    Ok(())
}

pub(super) fn encoded_paths(target: &Target) -> Result<()> {
    for path in [
        "/api/digicert/../digicert/finance/balance",
        "/api/digicert/./finance/balance",
        "/api/digicert/finance/x/../balance",
        "/api/digicert//finance/balance",
        "/api/digicert/finance/balance//",
        "/api/digicert/finance%2fbalance",
        "/api/digicert/finance%2Fbalance",
        "/api/digicert/%2e%2e/finance/balance",
        "/api/digicert/.%2E/digicert/finance/balance",
        "/api/digicert/finance/%62alance",
        "/api/digicert/finance/balance%00",
        "/api/digicert/finance/balance%0d%0aX:1",
        "/api/digicert/finance/balance%0a",
        "/api/digicert/finance/balance%20",
        "/api/digicert/finance/balance;a=b",
        "/api/digicert/account/subaccount/1%2f..%2f2/balance",
        "/api/digicert/account/subaccount/%31/balance",
        "/api/digicert/account/subaccount/../balance",
        "/api/frontier/v1beta1/organizations/../../x",
        "/api/frontier/../digicert/finance/balance",
    ] {
        of(target.get(path).and_then(|answer| refused(&answer, &[400, 404], path)), path)?;
    }
    Ok(())
}

pub(super) fn detours(target: &Target) -> Result<()> {
    for path in [
        "//api/digicert/finance/balance",
        "/x/../api/digicert/finance/balance",
        "/./api/digicert/finance/balance",
        "/%61pi/digicert/finance/balance",
        "/api%2fdigicert/finance/balance",
        "/api/../healthz",
        "/api/digicert/../../index.html",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/index.html%00",
        "//index.html",
    ] {
        of(target.get(path).and_then(|answer| status(&answer, &[400, 403, 404])), path)?;
    }
    Ok(())
}

pub(super) fn raw_bytes(target: &Target) -> Result<()> {
    for end in ["\0", "\x01", "\r", "\n", "\r\nX: y", "\u{e4}", "{", "|", "\"", "\\", "\t", "\x7f"] {
        let bytes = format!("{}{BALANCE}{end}", target.place.prefix).into_bytes();
        let answer = target.raw("GET", &bytes, &[], b"", Then::Read)?;
        of(turned_away(&answer), format!("{:?}", String::from_utf8_lossy(&bytes)))?;
    }
    for whole in ["http://x/api/digicert/../finance/balance", "api/digicert/finance/balance", "*"] {
        let answer = target.raw("GET", whole.as_bytes(), &[], b"", Then::Read)?;
        of(turned_away(&answer), format!("{whole:?}"))?;
    }
    Ok(())
}

/// That nothing of the API came back: a 4xx, a 501, or a connection that was closed on it.
fn turned_away(answer: &[u8]) -> Result<()> {
    let text = String::from_utf8_lossy(answer);
    ensure!(!text.contains("8123.45"), "it was answered: {text}");
    let Some(first) = text.lines().next() else { return Ok(()) };
    let status = first.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
    // What is taken for HTTP/0.9 is answered without a status.
    let without = !first.starts_with("HTTP/") && first.contains("\"errors\"");
    ensure!(
        without || status.is_some_and(|status| matches!(status, 400..=499 | 501 | 505)),
        "answered {first:?}"
    );
    Ok(())
}

pub(super) fn sizes(target: &Target) -> Result<()> {
    let sized = |length: usize| [DRAFT, &vec![b' '; length - DRAFT.len()]].concat();
    let most = target.post(&[JSON], &sized(262_144))?;
    of(status(&most, &[200]), "262,144 bytes")?;
    let more = target.post(&[JSON], &sized(262_145))?;
    of(refused(&more, &[413], PRICING), "262,145 bytes")?;
    let large = target.post(&[JSON], &sized(2_000_000))?;
    of(refused(&large, &[413], PRICING), "2,000,000 bytes")?;
    let chunk = [b"493e0\r\n".as_slice(), &[b' '; 300_000], b"\r\n0\r\n\r\n"].concat();
    let path = format!("{}{PRICING}", target.place.prefix);
    let headers = [JSON, ("Transfer-Encoding", "chunked")];
    let answer = target.raw("POST", path.as_bytes(), &headers, &chunk, Then::Read)?;
    let answer = Answer::parse(&answer, false).context("300,000 bytes in a chunk: no answer")?;
    of(refused(&answer, &[413], PRICING), "300,000 bytes in a chunk")
}

pub(super) fn media_types(target: &Target) -> Result<()> {
    for kind in [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json-seq",
        "application/json, text/plain",
    ] {
        let answer = of(target.post(&[("Content-Type", kind)], DRAFT), kind)?;
        of(refused(&answer, &[415], PRICING), kind)?;
    }
    of(refused(&target.post(&[], DRAFT)?, &[415], PRICING), "no Content-Type")?;
    for kind in ["application/json; charset=utf-8", "Application/JSON"] {
        of(status(&target.post(&[("Content-Type", kind)], DRAFT)?, &[200]), kind)?;
    }
    Ok(())
}

pub(super) fn sites(target: &Target) -> Result<()> {
    let own = format!("http://{}", target.place.authority.trim_end_matches(":80"));
    let (evil, cross) = (("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"));
    let twin = format!("{own}.evil.example");
    for headers in [
        &[JSON, evil][..],
        &[JSON, evil, cross],
        &[JSON, cross],
        &[JSON, ("Sec-Fetch-Site", "same-site")],
        &[JSON, ("Origin", "null")],
        &[JSON, ("Origin", &twin)],
    ] {
        let answer = target.post(headers, DRAFT)?;
        of(refused(&answer, &[403], PRICING), format!("{headers:?}"))?;
        ensure!(answer.header("access-control-allow-origin").is_none(), "{headers:?}: it is let in by CORS");
    }
    for headers in [
        &[JSON][..],
        &[JSON, ("Origin", &own)],
        &[JSON, ("Origin", &own), ("Sec-Fetch-Site", "same-origin")],
        &[JSON, ("Sec-Fetch-Site", "none")],
    ] {
        of(status(&target.post(headers, DRAFT)?, &[200]), format!("{headers:?}"))?;
    }
    Ok(())
}

/// What the sandbox (or the suite's upstream) refuses itself.
pub(super) fn upstream_errors(target: &Target) -> Result<()> {
    for number in [403, 404, 429] {
        let path = format!("{BALANCE}?container_id={number}");
        let answer = of(target.get(&path), &path)?;
        of(refused(&answer, &[number], BALANCE), &path)?;
        if number == 429 {
            ensure!(answer.header("retry-after") == Some("5"), "Retry-After did not come through");
        }
    }
    Ok(())
}

pub(super) fn broken_queries(target: &Target) -> Result<()> {
    for (path, query) in [
        (BALANCE, "container_id=1%0d%0aX:1"),
        (BALANCE, "container_id=1&container_id=2"),
        (BALANCE, "container_id=%00"),
        (HISTORY, "filters[container_id]=1&filters[container_id]=2"),
        // One name, written in two ways.
        (HISTORY, "filters[container_id]=1&filters%5Bcontainer_id%5D=2"),
        (HISTORY, "filters%5Badjust_type%5D=1&limit=1&filters%5badjust_type%5d=2"),
    ] {
        let asked = format!("{path}?{query}");
        of(target.get(&asked).and_then(|answer| refused(&answer, &[400], path)), query)?;
    }
    Ok(())
}

pub(super) fn smuggling(target: &Target) -> Result<()> {
    let path = format!("{}{PRICING}", target.place.prefix);
    let hidden = format!("0\r\n\r\nGET {BALANCE} HTTP/1.1\r\nHost: x\r\n\r\n");
    let both = [JSON, ("Content-Length", "4"), ("Transfer-Encoding", "chunked")];
    let answer = target.raw("POST", path.as_bytes(), &both, hidden.as_bytes(), Then::HalfClose)?;
    ensure!(!String::from_utf8_lossy(&answer).contains("8123.45"), "the hidden request was answered");
    for headers in [
        &[JSON, ("Content-Length", "2"), ("Content-Length", "3")][..],
        &[JSON, ("Transfer-Encoding", "chunked, identity")],
        &[JSON, ("Content-Length", "+2")],
    ] {
        let answer = target.raw("POST", path.as_bytes(), headers, b"{}\r\n", Then::HalfClose)?;
        let answer = Answer::parse(&answer, false);
        ensure!(
            answer.as_ref().is_none_or(|answer| matches!(answer.status, 400..=499 | 501)),
            "{headers:?}: answered {:?}",
            answer.map(|answer| answer.status)
        );
    }
    Ok(())
}
