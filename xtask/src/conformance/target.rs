//! The proxy under test, and what is true of every answer of it.

use super::http::{Answer, Place, Then};
use super::upstream::Upstream;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

pub(crate) const ORG: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const PRICING: &str = "/api/digicert/finance/order-pricing";
pub(crate) const BALANCE: &str = "/api/digicert/finance/balance";
pub(crate) const HISTORY: &str = "/api/digicert/finance/balance-history";
pub(crate) const SUBACCOUNT: &str = "/api/digicert/account/subaccount/42/balance";
pub(crate) const FRONTIER: &str = "/api/frontier/v1beta1/organizations/11111111-2222-3333-4444-555555555555/billing/11111111-2222-3333-4444-555555555555/balance";
pub(crate) const READS: [&str; 4] = [BALANCE, HISTORY, SUBACCOUNT, FRONTIER];
pub(crate) const DRAFT: &[u8] = br#"{"certificate":{"dns_names":["example.com"]},"order_validity":{"years":1},"product_name_id":"ssl_basic"}"#;
pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");

pub(crate) struct Target {
    pub(crate) place: Place,
    /// The portal that is allowed.
    pub(crate) origin: Option<String>,
    pub(crate) upstream: Option<Upstream>,
    /// Sent with each request, for a proxy that asks who is there.
    pub(crate) headers: Vec<(String, String)>,
}

impl Target {
    pub(crate) fn upstream(&self) -> Result<&Upstream> {
        self.upstream.as_ref().context("without --upstream-listen")
    }

    pub(crate) fn origin(&self) -> Result<&str> {
        self.origin.as_deref().context("without --origin")
    }

    pub(crate) fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
        self.send("POST", PRICING, headers, body)
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer> {
        let target = format!("{}{path}", self.place.prefix);
        let mut all = headers.to_vec();
        let length = body.len().to_string();
        if !body.is_empty() || method == "POST" {
            all.push(("Content-Length", &length));
        }
        let answer = self.raw(method, target.as_bytes(), &all, body, Then::Read)?;
        Answer::parse(&answer, method == "HEAD").with_context(|| {
            format!("{method} {path}: no answer, but {:?}", String::from_utf8_lossy(&answer))
        })
    }

    /// Sends a request whose target and framing are as they are given.
    pub(crate) fn raw(
        &self,
        method: &str,
        target: &[u8],
        headers: &[(&str, &str)],
        body: &[u8],
        then: Then,
    ) -> Result<Vec<u8>> {
        let mut bytes = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\n"].concat();
        let host = self.place.authority.as_str();
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let named = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let fixed = [("Host", host), ("Connection", "close")];
        for (name, value) in fixed.into_iter().skip(named.into()).chain(own).chain(headers.iter().copied()) {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        self.place.exchange(&bytes, then)
    }
}

/// That the answer has this status and is an error in the shape of the API of `path`.
pub(crate) fn refused(answer: &Answer, statuses: &[u16], path: &str) -> Result<()> {
    status(answer, statuses)?;
    let body: Value =
        serde_json::from_slice(&answer.body).with_context(|| format!("the body is {:?}", answer.text()))?;
    let shaped = if path.starts_with("/api/frontier") {
        let is = |name, test: fn(&Value) -> bool| body.get(name).is_some_and(test);
        is("code", Value::is_u64) && is("message", Value::is_string) && is("details", Value::is_array)
    } else {
        let first = body.get("errors").and_then(|errors| errors.get(0));
        ["code", "message"]
            .iter()
            .all(|name| first.and_then(|first| first.get(name)).is_some_and(Value::is_string))
    };
    ensure!(shaped, "the body is not in the API's error shape: {body}");
    of_the_api(answer)
}

/// What every answer of the API has.
pub(crate) fn of_the_api(answer: &Answer) -> Result<()> {
    let kind = answer.header("content-type").unwrap_or("absent");
    ensure!(kind.starts_with("application/json"), "Content-Type is {kind}");
    no_store(answer)
}

pub(crate) fn no_store(answer: &Answer) -> Result<()> {
    let all: Vec<&str> =
        answer.headers.iter().filter(|(name, _)| name == "cache-control").map(|(_, v)| v.as_str()).collect();
    ensure!(all == ["no-store"], "Cache-Control is {all:?}, not no-store");
    Ok(())
}

pub(crate) fn status(answer: &Answer, statuses: &[u16]) -> Result<()> {
    if !statuses.contains(&answer.status) {
        let body: String = answer.text().chars().take(200).collect();
        bail!("{} instead of {statuses:?}: {body}", answer.status);
    }
    Ok(())
}

/// Adds what was being tried to a failure.
pub(crate) fn of<T>(result: Result<T>, what: impl std::fmt::Display) -> Result<T> {
    result.with_context(|| what.to_string())
}
