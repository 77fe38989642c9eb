//! The binary and real sockets: starting, refusing, unclean bytes, clients that leave, and ending well.

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

#[tokio::test]
async fn prints_its_address_and_ends_well_on_either_signal() {
    for name in ["-TERM", "-INT"] {
        let running = start(&[], &[]).await;
        assert!(!running.address.ends_with(":0"));
        let answer =
            send(&running.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
        running.signal(name);
        assert_eq!(running.ended().await.0, Some(0), "{name}");
    }
}

#[tokio::test]
async fn finishes_what_is_in_flight() {
    let running = start(&[], &[]).await;
    let body = DRAFT.replace("example.net", "slow.test");
    let request = format!(
        "POST {PRICING} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(&running.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    // A second connection's answer tells that the first request has been read.
    send(&running.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    running.signal("-TERM");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("total_price"), "{answer}");
    assert_eq!(running.ended().await.0, Some(0));
}

#[tokio::test]
async fn refuses_to_start_in_words() {
    for (flags, words) in [
        (&["--digicert-url", "https://a/v2"][..], "DIGICERT_API_KEY"),
        (&["--frontier-url", "http://127.0.0.1:7400"], "FRONTIER_CLIENT_ID"),
        (&["--allow-origin", "*"], "--allow-origin"),
        (&["--listen", "nowhere.invalid:1"], "cannot listen on"),
        (&["--no-such-flag"], "unexpected argument"),
    ] {
        let output = command(flags).output().await.unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(words), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn the_environment_configures_too_and_empty_variables_count_as_none() {
    let env = [
        ("CERTQUOTE_DIGICERT_URL", ""),
        ("CERTQUOTE_FRONTIER_URL", ""),
        ("CERTQUOTE_METRICS_LISTEN", ""),
        ("CERTQUOTE_ALLOW_ORIGIN", "https://a.example,https://b.example"),
    ];
    let running = start(&[], &env).await;
    let request = format!(
        "GET {BALANCE} HTTP/1.1\r\nHost: x\r\nOrigin: https://b.example\r\nConnection: close\r\n\r\n"
    );
    let answer = send(&running.address, request.as_bytes()).await;
    assert!(answer.contains("access-control-allow-origin: https://b.example"), "{answer}");
    assert!(answer.contains("x-certquote-sandbox: 1"));
    assert!(start(&[], &[("CERTQUOTE_ALLOW_ORIGIN", "")]).await.address.starts_with("127.0.0.1:"));
}

#[tokio::test]
async fn a_plain_upstream_needs_no_certificates_of_authorities() {
    let env =
        [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent"), ("DIGICERT_API_KEY", "k")];
    let running = start(&["--digicert-url", "http://127.0.0.1:1"], &env).await;
    let request = format!("GET {BALANCE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(send(&running.address, request.as_bytes()).await.starts_with("HTTP/1.1 502"));
    let output = command(&["--digicert-url", "https://127.0.0.1:1"]).envs(env).output().await.unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("TLS cannot be set up"));
}

#[tokio::test]
async fn unclean_bytes_on_the_wire_are_4xx_and_reach_nobody() {
    let fake = Fake::answering("200 OK", "{}").await;
    let running = start(
        &["--digicert-url", &fake.url, "--frontier-url", &fake.url],
        &[("DIGICERT_API_KEY", "k"), ("FRONTIER_CLIENT_ID", "i"), ("FRONTIER_CLIENT_SECRET", "s")],
    )
    .await;
    for target in [
        &b"/api/digicert/finance/balance\0"[..],
        b"/api/digicert/finance/balance\x01",
        b"/api/digicert/finance/balance\r",
        b"/api/digicert/finance/balance\n",
        b"/api/digicert/finance/balance ",
        b"/api/digicert/../digicert/finance/balance",
        b"/api/digicert/finance/..%2ffinance/balance",
        b"/api/digicert//finance/balance",
        b"//api/digicert/finance/balance",
        b"/api/digicert\\finance\\balance",
        b"/api/digicert/finance/\xff",
        b"/api/digicert/finance/\xc3\xa4",
        b"/api/digicert/finance/{balance}",
        b"/api/digicert/finance/\"balance\"",
        b"/api/digicert/finance/balance|x",
        b"http://x/api/digicert/../finance/balance",
        b"api/digicert/finance/balance",
        b"*",
    ] {
        for method in [&b"GET "[..], b"OPTIONS ", b"CONNECT "] {
            let request = [method, target, b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"].concat();
            let answer = send(&running.address, &request).await;
            let shown = String::from_utf8_lossy(&request);
            assert!(
                answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4"),
                "{shown:?}: {answer:?}"
            );
        }
    }
    let smuggled = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /api/digicert/finance/balance HTTP/1.1\r\nHost: x\r\n\r\n";
    send(&running.address, smuggled).await;
    assert!(fake.asked().is_empty(), "{:?}", fake.asked());
}

#[tokio::test]
async fn a_client_that_sends_too_much_still_gets_its_answer() {
    let running = start(&[], &[]).await;
    let mut request = format!(
        "POST {PRICING} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n"
    )
    .into_bytes();
    request.resize(request.len() + 2_000_000, b' ');
    let answer = send(&running.address, &request).await;
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("request_too_large"), "{answer}");
    let waiting = format!(
        "POST {PRICING} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n"
    );
    assert!(send(&running.address, waiting.as_bytes()).await.starts_with("HTTP/1.1 413"));
}

#[tokio::test]
async fn a_body_announced_or_grown_too_large_is_413_though_the_rest_never_comes() {
    let running = start(&[], &[]).await;
    let grown = format!("{:x}\r\n{}\r\n", 300_000, " ".repeat(300_000));
    for (header, body) in [
        ("Content-Length: 2000000", String::new()),
        ("Content-Length: 2000000", "{".to_owned()),
        ("Transfer-Encoding: chunked", grown),
    ] {
        let request = format!(
            "POST {PRICING} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}"
        );
        let answer = send(&running.address, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{header}: {answer}");
    }
}

#[tokio::test]
async fn a_client_that_neither_asks_nor_reads_does_not_hold_the_end_up() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("large.bin"), vec![0; 64 * 1024 * 1024]).unwrap();
    let running = start(&["--assets", dir.path().to_str().unwrap()], &[]).await;
    let mut half = TcpStream::connect(&running.address).await.unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHo").await.unwrap();
    let mut deaf = TcpStream::connect(&running.address).await.unwrap();
    deaf.write_all(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    deaf.read_exact(&mut [0; 12]).await.unwrap();
    running.signal("-TERM");
    let (status, log) = running.ended().await;
    assert_eq!(status, Some(0));
    assert!(log.contains("leaving clients behind") && !log.contains("did not finish"), "{log}");
}

#[tokio::test]
async fn a_slow_reader_still_gets_the_whole_file_after_the_signal() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("large.bin"), vec![0; 32 * 1024 * 1024]).unwrap();
    let running = start(&["--assets", dir.path().to_str().unwrap()], &[]).await;
    let mut stream = TcpStream::connect(&running.address).await.unwrap();
    stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    stream.read_exact(&mut [0; 12]).await.unwrap();
    running.signal("-TERM");
    let (mut length, mut buffer) = (0, vec![0; 4 * 1024 * 1024]);
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => break,
            read => length += read,
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(length > 32 * 1024 * 1024, "{length}");
    assert_eq!(running.ended().await.0, Some(0));
}

#[tokio::test]
async fn a_client_that_leaves_takes_its_upstream_call_along() {
    let fake = Fake::start(Act::Hang).await;
    let running = start(&["--digicert-url", &fake.url], &[("DIGICERT_API_KEY", "k")]).await;
    let mut stream = TcpStream::connect(&running.address).await.unwrap();
    stream.write_all(format!("GET {BALANCE} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    while fake.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(*fake.ended.lock().unwrap(), 0);
    drop(stream);
    // Without that, the upstream call would last its ten seconds.
    tokio::time::timeout(Duration::from_secs(8), async {
        while *fake.ended.lock().unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_no_secret() {
    let fake = Fake::answering("200 OK\r\nContent-Type: application/json", r#"{"balance":"geheim"}"#).await;
    for format in ["text", "json"] {
        let running = start(
            &["--digicert-url", &fake.url, "--frontier-url", "http://127.0.0.1:1", "--log-format", format],
            &[
                ("DIGICERT_API_KEY", "hunter2key"),
                ("FRONTIER_CLIENT_ID", "hunter2id"),
                ("FRONTIER_CLIENT_SECRET", "hunter2secret"),
                ("RUST_LOG", "trace"),
            ],
        )
        .await;
        for path in [&format!("{BALANCE}?container_id=7654321"), &frontier_path(), SUBACCOUNT, "/nothing"] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: x\r\nCookie: hunter2cookie\r\nConnection: close\r\n\r\n"
            );
            send(&running.address, request.as_bytes()).await;
        }
        running.signal("-TERM");
        let (status, log) = running.ended().await;
        assert_eq!(status, Some(0));
        assert!(log.contains("/api/digicert/account/subaccount/{id}/balance"), "{log}");
        assert!(log.contains(if format == "json" { "\"upstream\":200" } else { "upstream=200" }), "{log}");
        for secret in ["hunter2", "aHVudGVyMmlk", "geheim"] {
            assert!(!log.contains(secret), "{secret} in {log}");
        }
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_written_ends_nothing() {
    for format in ["text", "json"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = command(&["--listen", "127.0.0.1:0", "--log-format", format]);
        let mut child = command.stderr(full).spawn().unwrap();
        let mut out = String::new();
        let mut pipe = child.stdout.take().unwrap();
        while !out.ends_with('\n') {
            let mut byte = [0];
            pipe.read_exact(&mut byte).await.unwrap();
            out.push(byte[0].into());
        }
        let address = out.trim().strip_prefix("listening on http://").unwrap().to_owned();
        for path in [BALANCE, "/healthz", BALANCE] {
            assert!(running::get(&address, path).await.starts_with("HTTP/1.1 200"), "{path}");
        }
    }
    let mut running = start(&[], &[]).await;
    drop(running.child.stderr.take());
    for path in [BALANCE, "/healthz", BALANCE] {
        assert!(running::get(&running.address, path).await.starts_with("HTTP/1.1 200"), "{path}");
    }
}

#[tokio::test]
async fn a_head_takes_no_more_memory_than_any_honest_one() {
    let running = start(&[], &[]).await;
    for (length, taken) in [(30_000, true), (300_000, false)] {
        let request = format!(
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\nConnection: close\r\n\r\n",
            "y".repeat(length)
        );
        let answer = send(&running.address, request.as_bytes()).await;
        // The refusal itself may be lost: the connection ends while the rest of the head is on its way.
        assert_eq!(answer.starts_with("HTTP/1.1 200"), taken, "{length}: {answer}");
    }
}
