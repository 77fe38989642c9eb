//! An upstream over TLS: believed where an authority of the machine vouches for its name, and nowhere else.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod running;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/test-only-authority.pem");
const BALANCE: &str = "/api/digicert/finance/balance";

/// An upstream called `localhost`: its port, and how many handshakes came to an end.
async fn upstream() -> (u16, Arc<AtomicUsize>) {
    let chain = CertificateDer::from_pem_slice(include_bytes!("keys/test-only-localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("keys/test-only-localhost.key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shaken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&shaken);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                counted.fetch_add(1, Ordering::SeqCst);
                let mut taken = Vec::new();
                while stream.read_buf(&mut taken).await.is_ok_and(|length| length > 0) {
                    if taken.ends_with(b"\r\n\r\n") {
                        assert!(String::from_utf8_lossy(&taken).contains("x-dc-devkey: the-key"));
                        taken.clear();
                        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"balance\":\"1\"}";
                        stream.write_all(answer).await.unwrap();
                        stream.flush().await.unwrap();
                    }
                }
            });
        }
    });
    (port, shaken)
}

/// What the server answers that asks this host and trusts these authorities, twice.
async fn asked(url: &str, authorities: &str) -> [String; 2] {
    let flags = ["--digicert-url", url, "--cache=off", "--limit=off", "--backoff=off", "--retry=off"];
    let env = [("DIGICERT_API_KEY", "the-key"), ("SSL_CERT_FILE", authorities)];
    let running = running::start(&flags, &env).await;
    [running::get(&running.address, BALANCE).await, running::get(&running.address, BALANCE).await]
}

#[tokio::test]
async fn an_upstream_is_believed_whose_name_a_known_authority_vouches_for() {
    let (port, shaken) = upstream().await;
    for answer in asked(&format!("https://localhost:{port}/v2"), AUTHORITY).await {
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"balance":"1"}"#), "{answer}");
    }
    assert_eq!(shaken.load(Ordering::SeqCst), 1, "the connection is kept");
}

#[tokio::test]
async fn no_other_upstream_gets_the_key() {
    let (port, shaken) = upstream().await;
    // Under another name, by an authority that is not known, and without TLS.
    let others = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/test-only-localhost.pem");
    for (url, authorities) in [
        (format!("https://127.0.0.1:{port}/v2"), AUTHORITY),
        (format!("https://localhost:{port}/v2"), others),
        (format!("http://localhost:{port}/v2"), AUTHORITY),
    ] {
        for answer in asked(&url, authorities).await {
            assert!(answer.starts_with("HTTP/1.1 502"), "{url}: {answer}");
        }
    }
    assert_eq!(shaken.load(Ordering::SeqCst), 0);
}
