//! What passes: headers, credentials and parameters up, headers and faults back. Seen from the suite's own upstream.

use super::http::Then;
use super::target::*;
use super::upstream::{self, Asked};
use anyhow::{Context, Result, ensure};

/// The headers that carry a credential upstream.
const CREDENTIALS: [&str; 2] = ["x-dc-devkey", "authorization"];

fn below(path: &str) -> &str {
    path.strip_prefix("/api/digicert").or_else(|| path.strip_prefix("/api/frontier")).unwrap_or(path)
}

/// The one request that reached the upstream for `path`.
fn reached(target: &Target, path: &str, send: impl FnOnce() -> Result<()>) -> Result<Asked> {
    let end = below(path).split('?').next().unwrap_or_default();
    let ((), asked) = target.upstream()?.during(end, send)?;
    ensure!(asked.len() == 1, "{path}: {} requests reached the upstream, not one", asked.len());
    let asked = asked.into_iter().next().context("a request")?;
    ensure!(asked.path().ends_with(end), "{path}: it reached {}", asked.path());
    Ok(asked)
}

pub(super) fn paths(target: &Target) -> Result<()> {
    for path in READS {
        let asked = reached(target, path, || status(&target.get(path)?, &[200]))?;
        ensure!(asked.line.starts_with("GET "), "{path}: {}", asked.line);
        ensure!(asked.body.is_empty(), "{path}: a GET with a body");
    }
    let asked = reached(target, PRICING, || status(&target.post(&[JSON], DRAFT)?, &[200]))?;
    ensure!(asked.line.starts_with("POST ") && asked.body == DRAFT, "{}: the body differs", asked.line);
    Ok(())
}

pub(super) fn headers_up(target: &Target) -> Result<()> {
    const BROWSERS: [(&str, &str); 16] = [
        ("Cookie", "sid=of-the-browser"),
        ("X-CSRF-Token", "of-the-browser"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-Host", "of-the-browser"),
        ("X-Real-IP", "192.0.2.1"),
        ("Forwarded", "for=192.0.2.1"),
        ("X-Request-Id", "of-the-browser"),
        ("Referer", "http://of-the-browser/secret"),
        ("Accept-Language", "de"),
        ("If-None-Match", "\"1\""),
        ("Range", "bytes=0-1"),
        ("X-Http-Method-Override", "DELETE"),
        ("Proxy-Authorization", "Basic b2YtdGhlLWJyb3dzZXI="),
        ("User-Agent", "of-the-browser"),
        ("X-Nobody-Has-Listed-This", "1"),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    let allowed =
        ["accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"];
    let mut headers = BROWSERS.to_vec();
    headers.extend([JSON, ("Accept", "application/json, */*;q=0.1")]);
    let gets = READS.map(|path| {
        reached(target, path, || target.send("GET", path, &headers, b"").and_then(|a| status(&a, &[200])))
    });
    let post = reached(target, PRICING, || status(&target.post(&headers, DRAFT)?, &[200]));
    for asked in gets.into_iter().chain([post]) {
        let asked = asked?;
        for (name, value) in &asked.headers {
            ensure!(
                allowed.contains(&name.as_str()) || CREDENTIALS.contains(&name.as_str()),
                "{}: {name} reached the upstream",
                asked.line
            );
            ensure!(!value.contains("of-the-browser"), "{}: {name}: {value}", asked.line);
        }
        let accept = asked.header("accept").unwrap_or_default();
        ensure!(accept == "application/json, */*;q=0.1", "{}: Accept is {accept:?}", asked.line);
        if asked.line.starts_with("POST") {
            let kind = asked.header("content-type").unwrap_or_default();
            ensure!(kind == "application/json", "Content-Type is {kind:?}");
        }
        let encoding = asked.header("accept-encoding").unwrap_or("identity");
        ensure!(encoding == "identity", "{}: Accept-Encoding is {encoding:?}", asked.line);
    }
    Ok(())
}

pub(super) fn credentials(target: &Target) -> Result<()> {
    let forged = [("X-DC-DEVKEY", "forged"), ("Authorization", "Basic Zm9yZ2Vk")];
    for path in READS {
        let asked =
            reached(target, path, || status(&target.send("GET", path, &forged, b"")?, &[200, 401, 403]));
        let name = if path == FRONTIER { "authorization" } else { "x-dc-devkey" };
        let asked = asked?;
        for other in CREDENTIALS.into_iter().filter(|other| *other != name) {
            ensure!(asked.header(other).is_none(), "{path}: {other} went up");
        }
        let all: Vec<&(String, String)> = asked.headers.iter().filter(|(known, _)| known == name).collect();
        ensure!(all.len() == 1, "{path}: {} times {name}", all.len());
        let value = asked.header(name).unwrap_or_default();
        ensure!(
            !value.is_empty() && !value.contains("forged") && !value.contains("Zm9yZ2Vk"),
            "{path}: forged"
        );
        ensure!(name != "authorization" || value.starts_with("Basic "), "{path}: no HTTP Basic");
        for back in [target.get(path)?, target.send("DELETE", path, &[], b"")?] {
            let told =
                back.text().contains(value) || back.headers.iter().any(|(_, text)| text.contains(value));
            ensure!(!told, "{path}: the credential comes back in an answer");
        }
    }
    Ok(())
}

pub(super) fn parameters(target: &Target) -> Result<()> {
    for (path, up) in [
        (format!("{BALANCE}?container_id=5"), &["container_id=5"][..]),
        (
            format!("{HISTORY}?limit=10&offset=20&sort=-transaction_date&container_id=1"),
            &["limit=10", "offset=20", "sort=-transaction_date", "container_id=1"],
        ),
        (
            format!(
                "{HISTORY}?filters%5Badjust_type%5D=27&filters%5Btransaction_date%5D=2026-01-01...2026-02-01\
                 &filters%5Bexpiration_date%5D=2026&filters%5Bcontainer_id%5D=7"
            ),
            &[
                "filters[adjust_type]=27",
                "filters[transaction_date]=2026-01-01...2026-02-01",
                "filters[expiration_date]=2026",
                "filters[container_id]=7",
            ],
        ),
    ] {
        let asked = reached(target, &path, || status(&target.get(&path)?, &[200]))?;
        let query = decoded(asked.query());
        let mut sent: Vec<&str> = query.split('&').collect();
        let mut up = up.to_vec();
        sent.sort_unstable();
        up.sort_unstable();
        ensure!(sent == up, "{path}: {sent:?} went up, not {up:?}");
    }
    undocumented_parameters(target)
}

fn decoded(query: &str) -> String {
    query.replace("%5B", "[").replace("%5D", "]").replace("%5b", "[").replace("%5d", "]")
}

/// They are left out, or the request is refused.
fn undocumented_parameters(target: &Target) -> Result<()> {
    for path in [
        format!("{BALANCE}?container_id=5&undocumented=1"),
        format!("{BALANCE}?undocumented=1"),
        format!("{BALANCE}?undocumented"),
        format!("{BALANCE}?limit=3&undocumented=1"),
        format!("{SUBACCOUNT}?container_id=5&undocumented=1"),
        format!("{FRONTIER}?undocumented=1"),
        format!("{HISTORY}?limit=10&filters[undocumented]=x"),
        format!("{HISTORY}?limit=10&filters%5Badjust_type%5D%5Bundocumented%5D=x"),
    ] {
        let (answer, asked) = target.upstream()?.during("", || target.get(&path))?;
        match asked.first() {
            None => of(refused(&answer, &[400], &path), &path)?,
            Some(asked) => {
                let query = asked.query();
                ensure!(!query.contains("undocumented"), "{path}: {query} went up");
                let kept = path.contains("container_id=5") && path.contains(BALANCE);
                ensure!(!kept || query == "container_id=5", "{path}: {query:?} went up");
            }
        }
    }
    Ok(())
}

/// What is refused is refused here: none of it is seen upstream.
pub(super) fn refusals(target: &Target) -> Result<()> {
    let upstream = target.upstream()?;
    let cut = || {
        let path = format!("{}{PRICING}", target.place.prefix);
        let headers = [JSON, ("Content-Length", "500")];
        target.raw("POST", path.as_bytes(), &headers, b"{\"certificate\"", Then::HalfClose)?;
        let chunked = [JSON, ("Transfer-Encoding", "chunked")];
        target.raw("POST", path.as_bytes(), &chunked, b"5\r\n{\"cer", Then::HalfClose).map(|_| ())
    };
    for (what, work) in [
        ("unknown paths", &(|| super::requests::unknown_paths(target)) as &dyn Fn() -> Result<()>),
        ("wrong methods", &|| super::requests::wrong_methods(target)),
        ("other methods", &|| super::requests::trace(target)),
        ("ids of the wrong form", &|| super::requests::ids(target)),
        ("unclean paths", &|| super::requests::encoded_paths(target)),
        ("detours", &|| super::requests::detours(target)),
        ("raw bytes", &|| super::requests::raw_bytes(target)),
        ("broken queries", &|| super::requests::broken_queries(target)),
        ("a request cut off", &cut),
    ] {
        // Whether they are refused well is another check's business.
        let (_, asked) = upstream.during("", || Ok(work()))?;
        ensure!(
            asked.is_empty(),
            "{what}: {:?} reached the upstream",
            asked.first().map(|asked| &asked.line)
        );
    }
    Ok(())
}

pub(super) fn headers_back(target: &Target) -> Result<()> {
    let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::TALKS))?;
    status(&answer, &[200])?;
    of_the_api(&answer)?;
    for (name, value) in upstream::TALK {
        let came =
            answer.headers.iter().find(|(known, text)| name.eq_ignore_ascii_case(known) && text == value);
        ensure!(came.is_none(), "{name}: {value} came through");
    }
    Ok(())
}

pub(super) fn invented_header(target: &Target) -> Result<()> {
    let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::INVENTS))?;
    status(&answer, &[200])?;
    ensure!(answer.header(upstream::INVENTED).is_none(), "{} came through", upstream::INVENTED);
    Ok(())
}

pub(super) fn redirects(target: &Target) -> Result<()> {
    let path = format!("{BALANCE}?container_id={}", upstream::REDIRECTS);
    let (answer, asked) = target.upstream()?.during("finance/balance", || target.get(&path))?;
    refused(&answer, &[502], BALANCE)?;
    ensure!(answer.header("location").is_none(), "Location came through");
    ensure!(
        asked.len() == 1,
        "{} requests reached the upstream: it was followed or asked again",
        asked.len()
    );
    Ok(())
}

pub(super) fn closes(target: &Target) -> Result<()> {
    let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::CLOSES))?;
    refused(&answer, &[502], BALANCE)?;
    let path = troubled_frontier(upstream::CLOSES);
    refused(&target.get(&path)?, &[502], &path)
}

pub(super) fn cut_off(target: &Target) -> Result<()> {
    let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::CUT_OFF))?;
    refused(&answer, &[502], BALANCE)
}

/// What is left of [`cut_off`] where a proxy passes on while it reads: that the browser can tell.
pub(super) fn cut_off_is_seen(target: &Target) -> Result<()> {
    let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::CUT_OFF))?;
    ensure!(answer.status >= 400 || !answer.whole, "half an answer came as a whole one: {}", answer.text());
    Ok(())
}

pub(super) fn hangs(target: &Target) -> Result<()> {
    let frontier = troubled_frontier(upstream::HANGS);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| target.get(&frontier));
        let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::HANGS))?;
        refused(&answer, &[504], BALANCE)?;
        let other = other.join().map_err(|_| anyhow::anyhow!("a thread ended badly"))??;
        refused(&other, &[504], &frontier)
    })
}

pub(super) fn trickles(target: &Target) -> Result<()> {
    let answer = target.get(&format!("{BALANCE}?container_id={}", upstream::TRICKLES))?;
    refused(&answer, &[504], BALANCE)
}

fn troubled_frontier(id: &str) -> String {
    format!("/api/frontier/v1beta1/organizations/{ORG}/billing/11111111-2222-3333-4444-{id:0>12}/balance")
}
