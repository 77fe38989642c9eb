//! Who may ask, through the whole app: the header of a proxy, the access rules, other sites, other names, new keys, and the
//! record of it all.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;

use std::net::IpAddr;

use axum::body::Body;
use axum::http::Request;
use certquote_server::who::Peer;
use common::*;
use serde_json::Value;
use tempfile::NamedTempFile;
use tower::ServiceExt as _;

const OK: &str = "200 OK\r\nContent-Type: application/json";
const SSO: [&str; 6] = [
    "--auth",
    "header:Remote-User",
    "--trusted-proxy",
    "10.0.0.0/8,fd00::/8",
    "--auth-groups-header",
    "Remote-Groups",
];

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn path(file: &NamedTempFile) -> &str {
    file.path().to_str().unwrap()
}

fn from(peer: &str, mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(Peer(peer.parse::<IpAddr>().unwrap()));
    request
}

/// Asks through the trusted proxy, as a user with groups.
fn by(user: &str, groups: &str, mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("remote-user", user.parse().unwrap());
    request.headers_mut().insert("remote-groups", groups.parse().unwrap());
    from("10.0.0.1", request)
}

fn every_endpoint() -> [Request<Body>; 5] {
    [post(PRICING, DRAFT), get(BALANCE), get(HISTORY), get(SUBACCOUNT), get(&frontier_path())]
}

#[tokio::test]
async fn the_proxys_user_may_ask_and_the_upstream_never_learns_who_it_is() {
    for request in every_endpoint() {
        let fake = Fake::answering(OK, "{}").await;
        let mut request = by("alice", "staff", request);
        request.headers_mut().insert("cookie", "sid=secret".parse().unwrap());
        assert_eq!(call(proxied(&fake.url, &SSO), request).await.status, 200);
        let asked = fake.asked()[0].to_ascii_lowercase();
        for word in ["alice", "staff", "remote-", "cookie", "secret", "10.0.0.1"] {
            assert!(
                !asked.contains(word) || word == "secret" && asked.contains("authorization: basic"),
                "{word}: {asked}"
            );
        }
    }
}

#[tokio::test]
async fn nobody_else_may_whatever_they_send() {
    let fake = Fake::answering(OK, "{}").await;
    for peer in ["192.0.2.1", "127.0.0.1", "::1", "::ffff:192.0.2.1", "11.0.0.0"] {
        for request in every_endpoint() {
            let mut request = by("alice", "staff", request);
            for header in ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip"] {
                request.headers_mut().insert(header, "10.0.0.1".parse().unwrap());
            }
            let path = request.uri().path().to_owned();
            let got = call(proxied(&fake.url, &SSO), from(peer, request)).await;
            assert_eq!((got.status.as_u16(), got.is_error_of(&path)), (403, true), "{peer} {path}");
        }
    }
    let mut doubled = by("alice", "staff", get(BALANCE));
    doubled.headers_mut().append("remote-user", "admin".parse().unwrap());
    for request in [from("10.0.0.1", get(BALANCE)), doubled] {
        let got = call(proxied(&fake.url, &SSO), request).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (401, true));
    }
    assert_eq!(call(proxied(&fake.url, &SSO), from("192.0.2.1", get("/healthz"))).await.status, 200);
    assert_eq!(call(proxied(&fake.url, &SSO), from("192.0.2.1", get("/no.js"))).await.status, 404);
    let mapped = by("alice", "", get(BALANCE));
    let mapped = from("::ffff:10.0.0.1", mapped);
    assert!(fake.asked().is_empty());
    assert_eq!(call(proxied(&fake.url, &SSO), mapped).await.status, 200);
}

#[tokio::test]
async fn what_no_rule_grants_is_403_and_reaches_nobody() {
    let rules = file(&format!(
        "[users.alice]\ncontainers = [\"5\"]\nsubaccounts = [\"42\"]\n\
         [groups.buyers]\nquote = true\n[groups.clerks]\nfrontier = [\"{ORG}/{ORG}\"]\ncontainers = [\"none\"]\n"
    ));
    let flags = [&SSO[..], &["--access", path(&rules)]].concat();
    let fake = Fake::answering(OK, "{}").await;
    for (user, groups, path) in [
        ("alice", "", BALANCE),
        ("alice", "", "/api/digicert/finance/balance?container_id=6"),
        ("alice", "", "/api/digicert/finance/balance?container_id="),
        ("alice", "", "/api/digicert/finance/balance-history?container_id=5&filters%5Bcontainer_id%5D=6"),
        ("alice", "", "/api/digicert/finance/balance-history?filters[container_id]=5"),
        (
            "alice",
            "",
            "/api/digicert/finance/balance-history?container_id=5&filters[container_id][]=5&filters[container_id][]=6",
        ),
        ("alice", "", "/api/digicert/account/subaccount/43/balance"),
        ("alice", "", PRICING),
        ("alice", "", &frontier_path()),
        ("alice", "clerks", "/api/digicert/finance/balance?container_id=7"),
        ("bob", "alice", "/api/digicert/finance/balance?container_id=5"),
        ("bob", "buyers", BALANCE),
        ("bob", "Buyers", PRICING),
        ("bob", "", PRICING),
    ] {
        let request = if path == PRICING { post(path, DRAFT) } else { get(path) };
        let got = call(proxied(&fake.url, &flags), by(user, groups, request)).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(path)), (403, true), "{user} {groups} {path}");
    }
    // Given twice, it is refused before anyone could take the first for the second.
    let twice = "/api/digicert/finance/balance?container_id=5&container_id=6";
    assert_eq!(call(proxied(&fake.url, &flags), by("alice", "", get(twice))).await.status, 400);
    assert!(fake.asked().is_empty(), "{:?}", fake.asked());
    for (user, groups, path) in [
        ("alice", "", "/api/digicert/finance/balance?container_id=5"),
        ("alice", "", "/api/digicert/finance/balance-history?container_id=5&filters[container_id]=5&limit=3"),
        ("alice", "", SUBACCOUNT),
        ("alice", "clerks", BALANCE),
        ("bob", "staff,buyers", PRICING),
        ("bob", "clerks", &frontier_path()),
    ] {
        let request = if path == PRICING { post(path, DRAFT) } else { get(path) };
        let got = call(proxied(&fake.url, &flags), by(user, groups, request)).await;
        assert_eq!(got.status, 200, "{user} {groups} {path}");
    }
}

#[tokio::test]
async fn without_authentication_rules_hold_for_everyone() {
    let rules = file("[everyone]\nquote = true\n[users.alice]\ncontainers = [\"none\"]\n");
    let flags = ["--auth", "none", "--access", path(&rules)];
    let fake = Fake::answering(OK, "{}").await;
    assert_eq!(call(proxied(&fake.url, &flags), post(PRICING, DRAFT)).await.status, 200);
    let forged = request("GET", BALANCE, &[("remote-user", "alice"), ("x-user", "alice")], "");
    assert_eq!(call(proxied(&fake.url, &flags), forged).await.status, 403);
}

#[tokio::test]
async fn rules_change_while_it_runs_and_a_broken_file_changes_nothing() {
    let rules = file("[users.alice]\ncontainers = [\"none\"]\n");
    let fake = Fake::answering(OK, "{}").await;
    let mut settings = proxied(&fake.url, &[&SSO[..], &["--access", path(&rules)]].concat());
    let mut watches = std::mem::take(&mut settings.watches);
    let app = certquote_server::app(settings);
    let mut status = async |user: &str| {
        watches.iter_mut().for_each(|watch| (0..2).for_each(|_| watch.look()));
        let request = by(user, "", get(BALANCE));
        app.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    assert_eq!((status("alice").await, status("bob").await), (200, 403));
    for broken in ["[users.bob]\ncontainer = [\"none\"]\n", "[users", "\u{0}"] {
        std::fs::write(rules.path(), broken).unwrap();
        assert_eq!((status("alice").await, status("bob").await), (200, 403), "{broken}");
    }
    std::fs::write(rules.path(), "[users.bob]\ncontainers = [\"none\"]\n").unwrap();
    assert_eq!((status("alice").await, status("bob").await), (403, 200));
    std::fs::write(rules.path(), "").unwrap();
    assert_eq!((status("alice").await, status("bob").await), (403, 403));
    std::fs::remove_file(rules.path()).unwrap();
    assert_eq!((status("alice").await, status("bob").await), (403, 403));
}

#[tokio::test]
async fn keys_change_while_it_runs_and_a_broken_file_changes_nothing() {
    let (key, secret) = (file("first-key\n"), file("first-secret\n"));
    let flags = ["--digicert-api-key-file", path(&key), "--frontier-client-secret-file", path(&secret)];
    let fake = Fake::answering(OK, "{}").await;
    let mut settings = proxied(&fake.url, &flags);
    let mut watches = std::mem::take(&mut settings.watches);
    assert!(!format!("{watches:?}").contains("first"));
    let app = certquote_server::app(settings);
    let mut sent = async |what: &str| {
        watches.iter_mut().for_each(|watch| (0..2).for_each(|_| watch.look()));
        for path in [BALANCE, &frontier_path()] {
            assert_eq!(app.clone().oneshot(get(path)).await.unwrap().status(), 200, "{what}");
        }
        let asked = fake.asked();
        let value = |asked: &String, name: &str| {
            asked.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned)).unwrap()
        };
        let [.., digicert, frontier] = &asked[..] else { panic!("{asked:?}") };
        (value(digicert, "x-dc-devkey: "), value(frontier, "authorization: Basic "))
    };
    let (first, second) = ("dGhlLWlkOmZpcnN0LXNlY3JldA==".to_owned(), "dGhlLWlkOnNlY29uZA==".to_owned());
    assert_eq!(sent("at first").await, ("first-key".to_owned(), first.clone()));
    for broken in [&b""[..], b"\n", b"two words\0", b"\xff\xfe"] {
        std::fs::write(key.path(), broken).unwrap();
        std::fs::write(secret.path(), broken).unwrap();
        assert_eq!(sent("broken").await, ("first-key".to_owned(), first.clone()));
    }
    std::fs::write(key.path(), "second-key\r\n").unwrap();
    std::fs::write(secret.path(), "second").unwrap();
    assert_eq!(sent("changed").await, ("second-key".to_owned(), second.clone()));
    std::fs::remove_file(key.path()).unwrap();
    assert_eq!(sent("gone").await, ("second-key".to_owned(), second));
}

#[tokio::test]
async fn reads_from_other_sites_are_403_unless_their_origin_is_allowed() {
    let flags = ["--allow-origin", "https://portal.example"];
    let (portal, evil) = (("origin", "https://portal.example"), ("origin", "https://evil.example"));
    let site = |site| ("sec-fetch-site", site);
    let fake = Fake::answering(OK, "{}").await;
    for path in [BALANCE, HISTORY, SUBACCOUNT, &frontier_path()] {
        for headers in [
            vec![evil],
            vec![evil, site("cross-site")],
            vec![evil, site("same-site")],
            vec![site("cross-site")],
            vec![site("cross-site"), ("sec-fetch-mode", "navigate")],
            vec![site("same-site")],
            vec![("origin", "null"), site("cross-site")],
            vec![site("same-origin"), site("cross-site")],
            vec![portal, evil],
        ] {
            for method in ["GET", "HEAD"] {
                let got = call(proxied(&fake.url, &flags), request(method, path, &headers, "")).await;
                assert_eq!(got.status, 403, "{method} {path} {headers:?}");
                assert!(method == "HEAD" || got.is_error_of(path));
                assert_eq!(got.header("access-control-allow-origin"), None);
            }
        }
    }
    assert!(fake.asked().is_empty());
    for headers in [
        vec![],
        vec![site("none"), ("sec-fetch-mode", "navigate")],
        vec![site("same-origin")],
        vec![portal],
        vec![portal, site("cross-site")],
        vec![portal, site("same-site")],
        vec![("origin", "http://127.0.0.1:8080"), site("same-origin")],
    ] {
        let got = call(proxied(&fake.url, &flags), request("GET", BALANCE, &headers, "")).await;
        assert_eq!(got.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn the_api_answers_to_its_own_names_only_where_they_are_given() {
    let fake = Fake::answering(OK, "{}").await;
    let ask = |host: &str, path: &str, flags: &[&str]| {
        let mut request = get(path);
        request.headers_mut().insert("host", host.parse().unwrap());
        call(proxied(&fake.url, flags), request)
    };
    let flags = ["--host", "q.example,127.0.0.1"];
    for host in ["evil.example", "q.example.evil.example", "localhost:8080", "127.0.0.1.nip.io"] {
        let got = ask(host, BALANCE, &flags).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (403, true), "{host}");
    }
    assert!(fake.asked().is_empty());
    for host in ["q.example", "Q.EXAMPLE:8443", "127.0.0.1:9"] {
        assert_eq!(ask(host, BALANCE, &flags).await.status, 200, "{host}");
    }
    assert_eq!(ask("evil.example", "/healthz", &flags).await.status, 200);
    assert_eq!(ask("any.example", BALANCE, &[]).await.status, 200);
}

#[tokio::test]
async fn each_quote_and_each_read_leaves_a_line_without_amounts_and_names() {
    let (rules, record) = (file("[users.alice]\nquote = true\ncontainers = [\"5\"]\n"), file(""));
    let flags = [&SSO[..], &["--access", path(&rules), "--audit-log", path(&record)]].concat();
    let fake = Fake::answering(OK, r#"{"balance":"8123.45"}"#).await;
    let app = certquote_server::app(proxied(&fake.url, &flags));
    let mut ids = Vec::new();
    let history =
        "/api/digicert/finance/balance-history?container_id=5&filters[container_id]=geheim&limit=77";
    for request in [
        by("alice", "", post(PRICING, DRAFT)),
        by("alice", "", get("/api/digicert/finance/balance?container_id=5")),
        by("alice", "", get(history)),
        by("bob", "", get(&frontier_path())),
        from("10.0.0.1", get(SUBACCOUNT)),
        by("\"},{\"status\":200,\"user\":\"x", "", get(BALANCE)),
    ] {
        let got = Got::of(app.clone().oneshot(request).await.unwrap()).await;
        ids.push((got.header("x-request-id").unwrap().to_owned(), got.status.as_u16()));
    }
    for request in [get("/healthz"), get("/x.js"), get("/api/nothing"), request("OPTIONS", BALANCE, &[], "")]
    {
        app.clone().oneshot(request).await.unwrap();
    }
    let text = std::fs::read_to_string(record.path()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        // Times and ids hold any digits.
        let mut told = line.as_object().unwrap().clone();
        assert!(told.remove("time").is_some() && told.remove("id").is_some());
        let told = Value::from(told).to_string();
        for word in ["8123", "example.", "geheim", "77", "dns", "the-key"] {
            assert!(!told.contains(word), "{word} in {told}");
        }
    }
    let of =
        |line: &Value| (line["id"].as_str().unwrap().to_owned(), line["status"].as_u64().unwrap() as u16);
    assert_eq!(lines.iter().map(of).collect::<Vec<_>>(), ids);
    assert_eq!(ids.iter().map(|(_, status)| *status).collect::<Vec<_>>(), [200, 200, 403, 403, 401, 403]);
    assert_eq!((&lines[0]["user"], &lines[0]["route"]), (&"alice".into(), &PRICING.into()));
    assert_eq!(lines[1]["containers"], serde_json::json!(["5"]));
    assert_eq!(lines[2]["containers"], serde_json::json!(["5", "other"]));
    assert_eq!((&lines[3]["org"], &lines[3]["billing"]), (&ORG.into(), &ORG.into()));
    assert_eq!((&lines[4]["user"], &lines[4]["subaccount"]), (&Value::Null, &"42".into()));
    assert_eq!(lines[5]["user"], "\"},{\"status\":200,\"user\":\"x");
}

#[tokio::test]
async fn what_another_site_or_name_tries_is_in_the_record_too() {
    let record = file("");
    let fake = Fake::answering(OK, "{}").await;
    let flags = ["--host", "127.0.0.1", "--audit-log", path(&record)];
    let app = certquote_server::app(proxied(&fake.url, &flags));
    let json = ("content-type", "application/json");
    let mut rebound = get(BALANCE);
    rebound.headers_mut().insert("host", "evil.example".parse().unwrap());
    for request in [
        request("POST", PRICING, &[json, ("origin", "https://evil.example")], DRAFT),
        request("GET", SUBACCOUNT, &[("sec-fetch-site", "cross-site")], ""),
        rebound,
    ] {
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 403);
    }
    let text = std::fs::read_to_string(record.path()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines.iter().map(|line| (&line["route"], &line["user"], &line["status"])).collect();
    let (none, refused) = (Value::Null, Value::from(403));
    let [pricing, subaccount, balance] =
        [PRICING, "/api/digicert/account/subaccount/{id}/balance", BALANCE].map(Value::from);
    assert_eq!(
        told,
        [(&pricing, &none, &refused), (&subaccount, &none, &refused), (&balance, &none, &refused)]
    );
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn a_client_that_leaves_is_in_the_record_too() {
    let record = file("");
    let fake = Fake::start(Act::Hang).await;
    let app = certquote_server::app(proxied(&fake.url, &["--audit-log", path(&record)]));
    let asking = tokio::spawn(app.oneshot(get(BALANCE)));
    while fake.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    let line: Value = serde_json::from_str(&std::fs::read_to_string(record.path()).unwrap()).unwrap();
    assert_eq!((&line["status"], &line["route"]), (&Value::Null, &BALANCE.into()));
}

#[tokio::test]
async fn an_answer_kept_for_one_user_is_never_given_to_another() {
    let fake = Fake::answering(OK, r#"{"balance":"1.00"}"#).await;
    let app = certquote_server::app(proxied(&fake.url, &SSO));
    for (user, asked) in [("alice", 1), ("alice", 1), ("bob", 2), ("alice", 2)] {
        let got = Got::of(app.clone().oneshot(by(user, "staff", get(BALANCE))).await.unwrap()).await;
        assert_eq!((got.status.as_u16(), fake.asked().len()), (200, asked), "{user}");
    }
}

#[tokio::test]
async fn who_may_only_quote_reads_no_balance_by_it() {
    let rules = file(
        "[everyone]\nquote = true\n[users.whole]\ncontainers = [\"none\"]\n[users.all]\ncontainers = [\"none\", \"*\"]\n",
    );
    let estimate = r#"{"total_price":782.10,"balance":8123.45,"tax":"0.00"}"#;
    let fake = Fake::answering(OK, estimate).await;
    let app = certquote_server::app(proxied(&fake.url, &[&SSO[..], &["--access", path(&rules)]].concat()));
    let quote = async |user: &str, body: &str| {
        Got::of(app.clone().oneshot(by(user, "", post(PRICING, body))).await.unwrap()).await
    };
    // Kept or not: what is taken out for one is there for the other.
    for _ in 0..2 {
        assert_eq!(quote("alice", DRAFT).await.text(), r#"{"tax":"0.00","total_price":782.10}"#);
        assert_eq!(quote("whole", DRAFT).await.text(), estimate);
    }
    assert_eq!(fake.asked().len(), 2);
    for body in [r#"{"container":{"id":5}}"#, r#"{"a":{"container_id":"5"},"a":0}"#, "{", ""] {
        for user in ["alice", "whole"] {
            let got = quote(user, body).await;
            assert_eq!((got.status.as_u16(), got.is_error_of(PRICING)), (403, true), "{user} {body}");
        }
        assert_eq!(quote("all", body).await.text(), estimate, "{body}");
    }
    assert_eq!(fake.asked().len(), 6);

    // A refusal passes as it is; an estimate that cannot be read is none.
    for (head, body, status) in [
        ("403 Forbidden\r\nContent-Type: application/json", r#"{"errors":[]}"#, 403),
        (OK, r#"{"balance":8123.45"#, 502),
        ("200 OK\r\nContent-Type: text/html", "<b>8123.45</b>", 502),
    ] {
        let fake = Fake::answering(head, body).await;
        let settings = proxied(&fake.url, &[&SSO[..], &["--access", path(&rules)]].concat());
        let got = call(settings, by("alice", "", post(PRICING, DRAFT))).await;
        assert_eq!((got.status.as_u16(), got.text().contains("8123")), (status, false), "{body}");
    }
}
