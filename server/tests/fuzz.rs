//! Whatever is asked: nothing panics, every answer has a form, and nothing but the five endpoints reaches an upstream.
//!
//! A target is one test with one folder of `tests/corpus/`; those of the library are in its own `tests/fuzz.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod common;
#[path = "../../tests/support/fuzz.rs"]
mod support;

use axum::body::Body;
use axum::http::{Request, Uri};
use certquote_server::path::{is_api, is_clean_api, is_clean_static};
use certquote_server::query;
use certquote_server::route::Endpoint;
use certquote_server::who::access::Rules;
use certquote_server::who::{Access, Asker};
use common::*;
use hyper_util::rt::TokioIo;
use support::fuzz;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;

const PIECES: &[&str] = &[
    "/",
    "//",
    "..",
    "/../",
    "%2f",
    "%2e",
    "%00",
    "%0d%0a",
    "%",
    "%25",
    "\\",
    ";",
    "?",
    "&",
    "=",
    "#",
    "+",
    "[",
    "]",
    "[0]",
    "[]",
    "/api/",
    "digicert",
    "frontier",
    "container_id",
    "filters[adjust_type]",
    "balance",
    "\0",
    "ä",
    "~",
];

#[test]
fn requests() {
    fuzz("requests", PIECES, |input| {
        let text = String::from_utf8_lossy(input);
        let _ = is_clean_static(&text);
        if is_clean_api(&text) {
            assert!(!text.contains("..") || text.split('/').all(|segment| segment != ".."), "{text}");
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%'), "{text}");
        }
        let Ok(uri) = text.parse::<Uri>() else { return };
        let Ok(endpoint) = Endpoint::of(uri.path()) else { return };
        if !is_api(uri.path()) || !is_clean_api(uri.path()) {
            return;
        }
        let up = endpoint.upstream_path();
        assert!(up.split('/').all(|segment| !segment.is_empty() && segment != ".."), "{up}");
        let Ok(documented) = query::documented(&endpoint, uri.query()) else { return };
        for (name, value) in &documented {
            assert!(name == "container_id" || matches!(endpoint, Endpoint::History), "{name}");
            assert!(!value.contains(char::is_control), "{value:?}");
        }
        // What goes up means the same to whoever reads it next.
        let encoded = query::encode(&documented);
        assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic()), "{encoded}");
        assert_eq!(query::documented(&endpoint, Some(&encoded)), Ok(documented));
    });
}

#[test]
fn wire() {
    let pieces = [
        PIECES,
        &[
            "\r\n",
            "\n",
            "\r\n\r\n",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
            "HTTP/1.0",
            "HTTP/2.0",
            "GET ",
            "HEAD ",
            "PRI * ",
            "Expect: 100-continue\r\n",
            "Host: y\r\n",
            "Origin: null\r\n",
            "Connection: close\r\n",
        ],
    ]
    .concat();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // One that would be asked in vain: what is not one of the five endpoints has no other answer than ours.
    let app = certquote_server::app(sandbox());
    fuzz("wire", &pieces, |input| {
        let app = app.clone();
        let answer = runtime.block_on(async move {
            let (mut client, server) = tokio::io::duplex(64 * 1024);
            let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
                app.clone().oneshot(request.map(Body::new))
            });
            let served =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(server), service);
            let asked = async {
                client.write_all(input).await.unwrap();
                client.shutdown().await.unwrap();
                let mut answer = Vec::new();
                let _ = client.read_to_end(&mut answer).await;
                answer
            };
            tokio::join!(served, asked).1
        });
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1."), "{answer}");
        assert!(!answer.contains("HTTP/1.1 500"), "{answer}");
    });
}

#[test]
fn access() {
    let pieces = [
        "[everyone]\n",
        "[users.a]\n",
        "[groups.b]\n",
        "quote = true\n",
        "containers = [\"*\", \"none\", \"7\"]\n",
        "subaccounts = [\"12\"]\n",
        "frontier = [",
        "\"*\"",
        "\n",
        "=",
        "[[",
        "]]",
        "\u{feff}",
        "\"\"\"",
        "# ",
        "true",
        "1e999",
        "\0",
    ];
    let stranger = Asker::known("a stranger", &["strangers"]).unwrap();
    let balance = Endpoint::of(BALANCE).unwrap();
    fuzz("access", &pieces, |input| {
        // Whatever a file holds, it is rules or a reason; and nobody whom it does not name gets anything of it.
        if let Ok(rules) = Rules::read(input)
            && !String::from_utf8_lossy(input).contains("everyone")
        {
            let permits = Access::new(rules).permits(&stranger, &balance, &[]);
            assert!(!permits, "{}", String::from_utf8_lossy(input));
        }
    });
}
