//! The binary in the hands of those who run it: what it refuses to start with, what it shows, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(unix)]

mod common;
mod running;

use std::time::Duration;

use common::*;
use running::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn ask(path: &str, header: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n{header}Connection: close\r\n\r\n").into_bytes()
}

async fn run(flags: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = command(flags).envs(env.iter().copied()).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn an_open_address_without_a_word_on_who_may_ask_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        for more in [&[][..], &["--check"]] {
            let (status, out, error) = run(&[&["--listen", address], more].concat(), &[]).await;
            assert_eq!((status, out.as_str()), (Some(1), ""), "{address}");
            assert!(error.contains("--auth none") && error.contains("--auth jwt"), "{error}");
        }
    }
    for flags in [&["--auth", "none"][..], &["--auth", "header:X-User", "--trusted-proxy", "127.0.0.1"]] {
        let running = start(&[&["--listen", "0.0.0.0:0"], flags].concat(), &[]).await;
        assert!(running.address.starts_with("0.0.0.0:"));
    }
    let env = [("CERTQUOTE_AUTH", "none")];
    assert!(start(&["--listen", "0.0.0.0:0"], &env).await.address.starts_with("0.0.0.0:"));
    assert!(start(&["--listen", "localhost:0"], &[]).await.address.contains("1:"));
}

#[tokio::test]
async fn the_peer_is_the_one_of_the_socket() {
    for (trusted, header, status) in [
        ("127.0.0.0/8", "X-User: alice\r\n", "200"),
        ("127.0.0.0/8", "", "401"),
        ("127.0.0.0/8", "X-User: alice\r\nX-User: bob\r\n", "401"),
        ("127.0.0.0/8", "X-User:\r\n", "401"),
        ("127.0.0.2", "X-User: alice\r\nX-Forwarded-For: 127.0.0.2\r\n", "403"),
    ] {
        let running = start(&["--auth", "header:x-user", "--trusted-proxy", trusted], &[]).await;
        let answer = send(&running.address, &ask(BALANCE, header)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{trusted} {header:?}: {answer}");
    }
}

#[tokio::test]
async fn check_reads_everything_and_says_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (good, bad) =
        (at("good.toml", "[everyone]\nquote = true\n"), at("bad.toml", "[everyone]\nqoute = true\n"));
    let (key, empty) = (at("key", "hunter2\n"), at("empty", "\n"));
    let digicert = ["--check", "--digicert-url", "http://127.0.0.1:1", "--digicert-api-key-file"];
    for (flags, words) in [
        (vec!["--check", "--access", &bad], "line 2"),
        (vec!["--check", "--access", "/nowhere/rules"], "/nowhere/rules"),
        ([&digicert[..], &[&empty]].concat(), "is empty"),
        ([&digicert[..], &["/nowhere/key"]].concat(), "/nowhere/key"),
        (vec!["--check", "--listen", "nowhere.invalid:1"], "cannot listen on"),
        (vec!["--check", "--metrics-listen", "9464"], "cannot listen on 9464"),
        (vec!["--check", "--auth", "jwt"], "--jwt-issuer"),
        (vec!["--check", "--audit-log", "/nowhere/audit"], "/nowhere/audit"),
        (vec!["--access", &bad], "line 2"),
    ] {
        let (status, out, error) = run(&flags, &[]).await;
        assert_eq!((status, out.as_str()), (Some(1), ""), "{flags:?}");
        assert!(error.contains(words), "{flags:?}: {error}");
    }
    let record = dir.path().join("audit");
    let more = [&key, "--access", &good, "--audit-log", record.to_str().unwrap()];
    let (status, out, _) = run(&[&digicert[..], &more].concat(), &[]).await;
    assert_eq!((status, out.as_str()), (Some(0), "the configuration can be used\n"));
    assert!(!record.exists());
}

#[tokio::test]
async fn a_key_that_the_sandbox_does_not_ask_for_is_told() {
    for flag in ["--digicert-api-key-file", "--frontier-client-secret-file"] {
        let (status, _, log) = run(&["--check", flag, "/run/key"], &[]).await;
        assert_eq!(status, Some(0));
        assert!(log.contains(flag) && log.contains("the sandbox answers"), "{log}");
    }
    assert_eq!(run(&["--check"], &[("DIGICERT_API_KEY", "k")]).await.2, "");
}

#[tokio::test]
async fn print_config_shows_what_is_in_effect_and_no_secret() {
    let env = [("DIGICERT_API_KEY", "hunter2"), ("CERTQUOTE_HOST", "q.example")];
    let (status, out, error) =
        run(&["--print-config", "--digicert-url", "http://127.0.0.1:1/v2"], &env).await;
    assert_eq!((status, error.as_str()), (Some(0), ""));
    assert!(!out.contains("hunter2"));
    for line in [
        "--listen = \"127.0.0.1:8080\"  # default",
        "--digicert-url = \"http://127.0.0.1:1/v2\"  # flag",
        "--host = \"q.example\"  # CERTQUOTE_HOST",
        "DIGICERT_API_KEY  # set, not shown",
    ] {
        assert!(out.lines().any(|other| other == line), "{line} in\n{out}");
    }
}

#[tokio::test]
async fn a_key_and_rules_that_change_are_in_use_soon() {
    let dir = tempfile::tempdir().unwrap();
    let (key, rules) = (dir.path().join("key"), dir.path().join("rules"));
    std::fs::write(&key, "first\n").unwrap();
    std::fs::write(&rules, "").unwrap();
    let fake = Fake::answering("200 OK", "{}").await;
    let flags = [
        "--digicert-url",
        &fake.url,
        "--digicert-api-key-file",
        key.to_str().unwrap(),
        "--access",
        rules.to_str().unwrap(),
    ];
    let running = start(&flags, &[]).await;
    assert!(send(&running.address, &ask(BALANCE, "")).await.starts_with("HTTP/1.1 403"));
    // As an orchestrator does it: another file in the place of the old one.
    for (path, text) in [(&key, "second\n"), (&rules, "[everyone]\ncontainers = [\"none\"]\n")] {
        let fresh = dir.path().join("fresh");
        std::fs::write(&fresh, text).unwrap();
        std::fs::rename(&fresh, path).unwrap();
    }
    let changed = async {
        while !fake.asked().last().is_some_and(|asked| asked.contains("x-dc-devkey: second")) {
            send(&running.address, &ask(BALANCE, "")).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), changed).await.unwrap();
    std::fs::write(&key, "").unwrap();
    running.signal("-TERM");
    let (status, log) = running.ended().await;
    assert_eq!(status, Some(0));
    assert!(
        log.contains("the key changed and is in use") && log.contains("the access rules changed"),
        "{log}"
    );
    assert!(!log.contains("second"));
}

#[tokio::test]
async fn the_end_comes_in_time_whatever_is_in_flight() {
    let fake = Fake::start(Act::Hang).await;
    let running = start(&["--digicert-url", &fake.url, "--grace", "0"], &[("DIGICERT_API_KEY", "k")]).await;
    let mut stream = TcpStream::connect(&running.address).await.unwrap();
    stream.write_all(&ask(BALANCE, "")).await.unwrap();
    while fake.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.signal("-TERM");
    let (status, log) = running.ended().await;
    assert_eq!(status, Some(0));
    assert!(log.contains("did not finish"), "{log}");
    let _ = stream.read(&mut [0; 16]).await;
    for seconds in ["-1", "3601", "soon"] {
        assert_eq!(run(&["--grace", seconds], &[]).await.0, Some(2), "{seconds}");
    }
}

#[tokio::test]
async fn the_log_tells_who_read_what_in_both_forms() {
    for (form, words) in [("text", "audit: access id=\""), ("json", "\"target\":\"audit\"")] {
        let running =
            start(&["--auth", "header:x-user", "--trusted-proxy", "127.0.0.1", "--log-format", form], &[])
                .await;
        let hostile = "X-User: a\" status=200 user=\"root\r\n";
        send(&running.address, &ask(&format!("{BALANCE}?container_id=5"), hostile)).await;
        running.signal("-TERM");
        let (_, log) = running.ended().await;
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(words)).collect();
        assert_eq!(lines.len(), 1, "{log}");
        assert!(lines[0].contains("a\\\" status=200 user=\\\"root"), "{}", lines[0]);
        assert!(!log.contains("8123.45"));
    }
}
