//! What the tests of the app share: settings, calls without a socket, and an upstream that does as it is told.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(unreachable_pub, reason = "a module of each test, not of a crate")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use certquote_server::config::Args;
use certquote_server::sandbox::Sandbox;
use certquote_server::upstream::Upstream;
use certquote_server::{Limits, Settings, app};
use clap::Parser as _;
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

pub const ORG: &str = "11111111-2222-3333-4444-555555555555";
pub const PRICING: &str = "/api/digicert/finance/order-pricing";
pub const BALANCE: &str = "/api/digicert/finance/balance";
pub const HISTORY: &str = "/api/digicert/finance/balance-history";
pub const SUBACCOUNT: &str = "/api/digicert/account/subaccount/42/balance";
pub const DRAFT: &str = r#"{"certificate":{"dns_names":["example.com","example.net","example.org"]},"order_validity":{"years":1},"product_name_id":"ssl_basic"}"#;

pub fn frontier_path() -> String {
    format!("/api/frontier/v1beta1/organizations/{ORG}/billing/{ORG}/balance")
}

/// The sandbox for both APIs.
pub fn sandbox() -> Settings {
    let sandbox = Arc::new(Sandbox::new(3_000));
    Settings {
        assets: PathBuf::from("/nowhere"),
        digicert: Arc::new(Upstream::Sandbox(Arc::clone(&sandbox))),
        frontier: Arc::new(Upstream::Sandbox(sandbox)),
        allowed: Default::default(),
        limits: Limits::default(),
        who: Default::default(),
        watches: Vec::new(),
        operate: Default::default(),
        asking: Default::default(),
    }
}

/// Both APIs at one address, with the credentials `the-key` and `the-id:the-secret`.
pub fn proxied(to: &str, flags: &[&str]) -> Settings {
    let fixed = ["certquote-server", "--digicert-url", to, "--frontier-url", to];
    let args = Args::try_parse_from(fixed.iter().chain(flags)).unwrap();
    args.settings(|name| {
        match name {
            "DIGICERT_API_KEY" => Some("the-key"),
            "FRONTIER_CLIENT_ID" => Some("the-id"),
            "FRONTIER_CLIENT_SECRET" => Some("the-secret"),
            _ => None,
        }
        .map(str::to_owned)
    })
    .unwrap()
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Got {
    pub async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// Whether the body is an error in the shape of the API of `path`.
    pub fn is_error_of(&self, path: &str) -> bool {
        let body = self.json();
        self.header("content-type") == Some("application/json")
            && self.header("cache-control") == Some("no-store")
            && if path.starts_with("/api/frontier") {
                body["code"].is_u64() && body["message"].is_string() && body["details"].is_array()
            } else {
                body["errors"][0]["code"].is_string() && body["errors"][0]["message"].is_string()
            }
    }
}

/// Calls a fresh app once.
pub async fn call(settings: Settings, request: Request<Body>) -> Got {
    Got::of(app(settings).oneshot(request).await.unwrap()).await
}

pub fn get(path: &str) -> Request<Body> {
    request("GET", path, &[], "")
}

pub fn post(path: &str, body: &str) -> Request<Body> {
    request("POST", path, &[("content-type", "application/json")], body)
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// What the fake upstream does with a connection.
#[derive(Clone)]
pub enum Act {
    /// Answers with these bytes and closes.
    Answer(Vec<u8>),
    /// Takes the request and says nothing.
    Hang,
    /// Takes the request and closes without a word.
    Close,
    /// Answers these bytes and keeps the connection; takes a second request on it and closes without a word.
    Once(Vec<u8>),
    /// Answers the first request of each connection with the first bytes, the second with the others; and closes.
    Twice(Vec<u8>, Vec<u8>),
    /// Answers the first request of all with the first bytes, and so on; the last ones stay. Connections are kept.
    Each(Vec<Vec<u8>>),
    /// Answers these bytes, then one byte each few milliseconds, for ever.
    Trickle(Vec<u8>),
}

/// A fake upstream: its address, the requests it has got, and how many connections began and ended.
pub struct Fake {
    pub url: String,
    pub requests: Arc<Mutex<Vec<String>>>,
    pub opened: Arc<Mutex<usize>>,
    pub ended: Arc<Mutex<usize>>,
}

impl Fake {
    pub async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/services/v2", listener.local_addr().unwrap());
        let (requests, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
        let opened = Arc::new(Mutex::new(0));
        let begun = Arc::clone(&opened);
        let (seen, gone) = (Arc::clone(&requests), Arc::clone(&ended));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *begun.lock().unwrap() += 1;
                let (act, seen, gone) = (act.clone(), Arc::clone(&seen), Arc::clone(&gone));
                tokio::spawn(async move {
                    play(stream, act, seen).await;
                    *gone.lock().unwrap() += 1;
                });
            }
        });
        Self { url, requests, opened, ended }
    }

    pub async fn answering(head: &str, body: impl AsRef<[u8]>) -> Self {
        let mut bytes = format!(
            "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.as_ref().len()
        )
        .into_bytes();
        bytes.extend_from_slice(body.as_ref());
        Self::start(Act::Answer(bytes)).await
    }

    /// Answers one head after the other, each with the same body.
    pub async fn each(heads: &[&str], body: &str) -> Self {
        let answer = |head: &&str| format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        Self::start(Act::Each(heads.iter().map(|head| answer(head).into_bytes()).collect())).await
    }

    pub fn asked(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn play(mut stream: TcpStream, act: Act, seen: Arc<Mutex<Vec<String>>>) {
    if !read_request(&mut stream, &seen).await {
        return;
    }
    let mut buffer = [0; 65_536];
    match act {
        Act::Answer(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Once(bytes) => {
            let _ = stream.write_all(&bytes).await;
            read_request(&mut stream, &seen).await;
        }
        Act::Twice(first, second) => {
            let _ = stream.write_all(&first).await;
            if read_request(&mut stream, &seen).await {
                let _ = stream.write_all(&second).await;
            }
        }
        Act::Each(answers) => loop {
            let number = seen.lock().unwrap().len() - 1;
            let answer = answers.get(number).or(answers.last()).unwrap();
            if stream.write_all(answer).await.is_err() || !read_request(&mut stream, &seen).await {
                break;
            }
        },
        Act::Close => {}
        Act::Hang => {
            let _ = stream.read(&mut buffer).await;
        }
        Act::Trickle(bytes) => {
            let _ = stream.write_all(&bytes).await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

/// Takes one request and notes it.
async fn read_request(stream: &mut TcpStream, seen: &Mutex<Vec<String>>) -> bool {
    let mut request = Vec::new();
    let mut buffer = [0; 65_536];
    while !is_whole(&request) {
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => request.extend_from_slice(&buffer[..length]),
            _ => return false,
        }
    }
    seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
    true
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned))
        .map_or(0, |length| length.parse().unwrap());
    body.len() >= length
}
