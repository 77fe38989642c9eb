//! Upstreams and clients at their worst, many at a time: every answer is in shape, the deadline holds, and nothing stays
//! behind. What one fault alone becomes is told in `proxy.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(target_os = "linux")]

mod common;
mod running;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::*;
use running::{Running, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the upstream does, by the `container_id` it is asked for.
const FAULTS: [&str; 14] = [
    "ordinary",
    "hangs",
    "trickles",
    "resets",
    "resets-in-the-body",
    "closes",
    "truncates",
    "html",
    "html-502",
    "redirects",
    "other-types",
    "no-http",
    "endless-head",
    "bursts-of-429",
];

/// An upstream with all faults at once. `open` counts its connections.
struct Chaos {
    url: String,
    open: Arc<AtomicUsize>,
}

impl Chaos {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v2", listener.local_addr().unwrap());
        let open = Arc::new(AtomicUsize::new(0));
        let (counted, bursts) = (Arc::clone(&open), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (counted, bursts) = (Arc::clone(&counted), Arc::clone(&bursts));
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    play(stream, &bursts).await;
                    counted.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { url, open }
    }
}

async fn play(mut stream: TcpStream, bursts: &AtomicUsize) {
    let (mut request, mut buffer) = (String::new(), [0; 4096]);
    while !request.contains("\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => request.push_str(&String::from_utf8_lossy(&buffer[..length])),
            _ => return,
        }
    }
    let fault = request.split("container_id=").nth(1).and_then(|rest| rest.split([' ', '&']).next());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let answer = match fault.unwrap_or("ordinary") {
        "hangs" => {
            let _ = stream.read(&mut buffer).await;
            return;
        }
        "trickles" => {
            let _ = stream.write_all(format!("{head}Content-Length: 9000\r\n\r\n{{").as_bytes()).await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            return;
        }
        "resets" => {
            stream.set_zero_linger().unwrap();
            return;
        }
        "resets-in-the-body" => {
            let _ = stream.write_all(format!("{head}Content-Length: 9000\r\n\r\n{{").as_bytes()).await;
            stream.set_zero_linger().unwrap();
            return;
        }
        "closes" => return,
        "truncates" => format!("{head}Content-Length: 9000\r\n\r\n{{\"balance\":"),
        "html" => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>".to_owned(),
        "html-502" => {
            "HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>".to_owned()
        }
        "redirects" => {
            "HTTP/1.1 307 Over\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned()
        }
        "other-types" => format!("{head}Content-Length: 20\r\n\r\n{{\"balance\":[1,{{}}]}}  "),
        "no-http" => "220 mail.example ESMTP\r\n".to_owned(),
        "endless-head" => {
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
            return;
        }
        "bursts-of-429" if bursts.fetch_add(1, Ordering::SeqCst) % 8 < 6 => {
            "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                .to_owned()
        }
        _ => format!("{head}Content-Length: 17\r\n\r\n{{\"balance\":\"1.0\"}}"),
    };
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// The flags that make every request an upstream call of its own, as far as the server has them.
fn bare() -> Vec<&'static str> {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_certquote-server")).arg("--help").output();
    let help = String::from_utf8_lossy(&help.unwrap().stdout).into_owned();
    let switches = ["--cache", "--limit", "--backoff", "--retry"];
    switches
        .into_iter()
        .filter(|flag| help.contains(&format!("{flag} ")))
        .flat_map(|flag| [flag, "off"])
        .collect()
}

async fn proxy(to: &str) -> Running {
    let flags = [bare(), vec!["--digicert-url", to, "--metrics-listen", "127.0.0.1:0"]].concat();
    start(&flags, &[("DIGICERT_API_KEY", "k"), ("RUST_LOG", "error")]).await
}

/// A number that the server tells of itself.
async fn measured(running: &Running, name: &str) -> u64 {
    let text = running::get(running.metrics.as_ref().unwrap(), "/metrics").await;
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
        .unwrap_or_else(|| panic!("no {name} in {text}"))
}

/// Waits until the process is back to what it had open before.
async fn settles(running: &Running, open: u64) {
    while measured(running, "process_open_fds").await > open
        || measured(running, "certquote_requests_in_flight").await > 0
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Without all that keeps failures from those who ask: each is to be seen as it is.
const PLAIN: [&str; 4] = ["--limit=off", "--cache=off", "--backoff=off", "--retry=off"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_gets_an_answer_in_shape_within_the_deadline() {
    let chaos = Chaos::start().await;
    // The slow ones meet a deadline that ends them; the others one that nothing here can reach.
    let app = |limit| {
        let mut settings = proxied(&chaos.url, &PLAIN);
        settings.limits.upstream = limit;
        certquote_server::app(settings)
    };
    let (hurried, patient) = (app(Duration::from_millis(300)), app(Duration::from_secs(600)));
    let mut waiting = tokio::task::JoinSet::new();
    for round in 0..6 {
        for fault in FAULTS {
            let slow = matches!(fault, "hangs" | "trickles");
            let app = if slow { hurried.clone() } else { patient.clone() };
            waiting.spawn(async move {
                let request = get(&format!("{BALANCE}?container_id={fault}"));
                let got = Got::of(tower::ServiceExt::oneshot(app, request).await.unwrap()).await;
                (round, fault, got)
            });
        }
    }
    while let Some(done) = waiting.join_next().await {
        let (round, fault, got) = done.unwrap();
        let status = got.status.as_u16();
        let wanted: &[u16] = match fault {
            "ordinary" | "html" | "other-types" => &[200],
            "bursts-of-429" => &[200, 429],
            "hangs" | "trickles" => &[504],
            _ => &[502],
        };
        assert!(wanted.contains(&status), "{fault} in round {round}: {status} {}", got.text());
        // What the upstream itself says passes as it is; what we say is in shape.
        let theirs = matches!(fault, "ordinary" | "html" | "html-502" | "other-types" | "bursts-of-429");
        assert!(theirs || got.is_error_of(BALANCE), "{fault}: {}", got.text());
        assert_eq!(got.header("cache-control"), Some("no-store"), "{fault}");
        assert_eq!(got.header("location"), None, "{fault}");
    }
    while chaos.open.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_stays_behind_of_clients_that_are_slow_huge_or_gone() {
    let chaos = Chaos::start().await;
    let running = proxy(&chaos.url).await;
    running::get(&running.address, BALANCE).await;
    let open = measured(&running, "process_open_fds").await;
    let mut memory = 0;
    for round in 0..4 {
        let mut waiting = tokio::task::JoinSet::new();
        for number in 0..40 {
            let address = running.address.clone();
            waiting.spawn(async move { client(&address, number).await });
        }
        waiting.join_all().await;
        settles(&running, open).await;
        let now = measured(&running, "process_resident_memory_bytes").await;
        // The first round fills what the allocator keeps; from then on there is a base line.
        if round == 0 {
            memory = now;
        }
        assert!(now < memory + 16 * 1024 * 1024, "{memory} bytes have become {now} in round {round}");
    }
    while chaos.open.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(running::get(&running.address, BALANCE).await.starts_with("HTTP/1.1 200"));
}

/// One client of the many.
async fn client(address: &str, number: usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let post = format!("POST {PRICING} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n");
    match number % 8 {
        // Leaves while the upstream still thinks.
        0 => {
            let asked = format!("GET {BALANCE}?container_id=hangs HTTP/1.1\r\nHost: x\r\n\r\n");
            stream.write_all(asked.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Leaves in the middle of its own body.
        1 => stream.write_all(format!("{post}Content-Length: 9000\r\n\r\n{{").as_bytes()).await.unwrap(),
        // Announces too much, and goes on sending.
        2 => {
            let announced = format!("{post}Connection: close\r\nContent-Length: 4000000\r\n\r\n");
            stream.write_all(announced.as_bytes()).await.unwrap();
            let _ = stream.write_all(&vec![b' '; 4_000_000]).await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
        }
        // A head without an end.
        3 => {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await;
            let _ = stream.write_all(&vec![b'x'; 1_000_000]).await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{answer:?}");
        }
        // Byte by byte, and in the end it gets its answer.
        4 => {
            let whole = format!("GET {BALANCE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            for byte in whole.bytes() {
                stream.write_all(&[byte]).await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        // Resets after it has asked.
        5 => {
            let asked = format!("GET {BALANCE}?container_id=trickles HTTP/1.1\r\nHost: x\r\n\r\n");
            stream.write_all(asked.as_bytes()).await.unwrap();
            stream.set_zero_linger().unwrap();
        }
        // Asks twice in one breath, and leaves after the first answer.
        6 => {
            let asked = format!("GET {BALANCE} HTTP/1.1\r\nHost: x\r\n\r\n");
            stream.write_all(asked.repeat(2).as_bytes()).await.unwrap();
            let _ = stream.read(&mut [0; 512]).await;
        }
        // Says nothing at all.
        _ => tokio::time::sleep(Duration::from_millis(20)).await,
    }
}
