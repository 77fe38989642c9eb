//! Sets of keys: which are taken, and when an issuer is asked again.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const X: &str = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
const Y: &str = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

fn ec(kid: &str) -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "kid": kid})
}

fn ed(kid: &str) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": kid})
}

fn rsa(kid: &str, bits: usize) -> Value {
    json!({"kty": "RSA", "n": "q".repeat(bits / 6) + "g", "e": "AQAB", "kid": kid})
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

fn set(keys: &[Value]) -> Vec<u8> {
    json!({ "keys": keys }).to_string().into_bytes()
}

fn algorithms(keys: &[Value]) -> Vec<Algorithm> {
    KeySet::read(&set(keys)).map(|set| set.0.iter().map(|key| key.algorithm).collect()).unwrap_or_default()
}

#[test]
fn a_key_is_for_one_algorithm_by_its_type() {
    assert_eq!(
        algorithms(&[rsa("a", 2048), ec("b"), ed("c")]),
        [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]
    );
    for key in [
        with(ec("a"), "alg", json!("ES256")),
        with(ec("a"), "use", json!("sig")),
        with(ec("a"), "key_ops", json!(["verify"])),
        with(rsa("a", 4096), "alg", json!("RS256")),
        with(ed("a"), "alg", json!("EdDSA")),
    ] {
        assert_eq!(algorithms(std::slice::from_ref(&key)).len(), 1, "{key}");
    }
}

#[test]
fn keys_that_cannot_verify_here_are_left_out() {
    for key in [
        json!({"kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "HS256"}),
        json!({"kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "RS256"}),
        rsa("a", 1024),
        with(rsa("a", 2048), "alg", json!("PS256")),
        with(rsa("a", 2048), "alg", json!("HS256")),
        with(rsa("a", 2048), "use", json!("enc")),
        with(rsa("a", 2048), "n", json!("!")),
        with(ec("a"), "alg", json!("ES384")),
        with(ec("a"), "crv", json!("P-384")),
        with(ec("a"), "crv", json!("secp256k1")),
        with(ec("a"), "key_ops", json!(["sign"])),
        with(ec("a"), "x", json!("AAAA")),
        with(ed("a"), "crv", json!("X25519")),
        with(ed("a"), "x", json!("AAAA")),
        json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"}),
        json!("key"),
        json!(null),
    ] {
        assert_eq!(algorithms(std::slice::from_ref(&key)), [], "{key}");
        assert_eq!(algorithms(&[key.clone(), ec("b")]), [Algorithm::ES256], "{key}");
    }
    assert_eq!(KeySet::read(&set(&[])).unwrap_err(), BadKeys::NoneUsable);
    for text in [&b""[..], b"{}", b"[]", b"{\"keys\":{}}", b"<html>", b"\xff"] {
        assert_eq!(KeySet::read(text).unwrap_err(), BadKeys::Form);
    }
}

#[test]
fn the_sign_byte_of_a_modulus_is_no_part_of_it() {
    let odd = "AKqq".to_owned() + &"q".repeat(340);
    let keys = KeySet::read(&set(&[with(rsa("a", 2048), "n", json!(odd))])).unwrap();
    let DecodingKeyKind::RsaModulusExponent { n, .. } = keys.0[0].decoding.kind() else { unreachable!() };
    assert_eq!(n.first(), Some(&0xaa));
}

#[test]
fn a_token_gets_the_key_it_names_or_the_only_one() {
    let keys = KeySet::read(&set(&[ec("a"), ec("b"), ed("a")])).unwrap();
    let found = |algorithm, id| keys.matching(algorithm, id).len();
    assert_eq!(found(Algorithm::ES256, Some("a")), 1);
    assert_eq!(found(Algorithm::EdDSA, Some("a")), 1);
    assert_eq!(found(Algorithm::EdDSA, None), 1);
    assert_eq!(found(Algorithm::ES256, None), 0);
    assert_eq!(found(Algorithm::EdDSA, Some("b")), 0);
    assert_eq!(found(Algorithm::RS256, Some("a")), 0);
    assert_eq!(found(Algorithm::HS256, Some("a")), 0);
    assert_eq!(found(Algorithm::ES256, Some("")), 0);
}

/// An issuer whose answer can be changed, and how often it was asked.
struct Fake {
    url: Url,
    says: Arc<std::sync::Mutex<(u16, Vec<u8>)>>,
    asked: Arc<std::sync::Mutex<usize>>,
}

impl Fake {
    async fn saying(body: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/keys", listener.local_addr().unwrap())).unwrap();
        let says = Arc::new(std::sync::Mutex::new((200, body)));
        let asked = Arc::new(std::sync::Mutex::new(0));
        let (answer, count) = (Arc::clone(&says), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                *count.lock().unwrap() += 1;
                let (status, body) = answer.lock().unwrap().clone();
                let head = format!(
                    "HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
            }
        });
        Self { url, says, asked }
    }

    fn say(&self, status: u16, body: &[u8]) {
        *self.says.lock().unwrap() = (status, body.to_vec());
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    fn jwks(&self, pause: Duration) -> Arc<Jwks> {
        Jwks::at_with(self.url.clone(), client(&self.url).unwrap(), pause, STALE)
    }
}

async fn found(jwks: &Arc<Jwks>, id: &str) -> Result<usize, NoKey> {
    jwks.matching(Algorithm::ES256, Some(id)).await.map(|keys| keys.len())
}

#[tokio::test]
async fn an_unknown_key_asks_the_issuer_again_and_a_failure_keeps_the_old_ones() {
    let fake = Fake::saying(set(&[ec("old")])).await;
    let jwks = fake.jwks(Duration::ZERO);
    assert_eq!(fake.asked(), 0);
    assert_eq!(found(&jwks, "old").await, Ok(1));
    assert_eq!(found(&jwks, "old").await, Ok(1));
    assert_eq!(fake.asked(), 1);
    fake.say(200, &set(&[ec("new")]));
    assert_eq!(found(&jwks, "new").await, Ok(1));
    assert_eq!(found(&jwks, "old").await, Err(NoKey::Unknown));
    let large = vec![b' '; LARGEST + 1];
    for (status, body) in
        [(500, &set(&[ec("x")])[..]), (302, b""), (200, b"<html>"), (200, &set(&[])), (200, &large)]
    {
        fake.say(status, body);
        assert_eq!(found(&jwks, "x").await, Err(NoKey::Unknown), "{status}");
        assert_eq!(found(&jwks, "new").await, Ok(1), "{status}");
    }
}

#[tokio::test]
async fn a_key_that_its_issuer_withdrew_is_forgotten_once_the_set_is_old() {
    let fake = Fake::saying(set(&[ec("a"), ec("withdrawn")])).await;
    let jwks = Jwks::at_with(fake.url.clone(), client(&fake.url).unwrap(), PAUSE, Duration::ZERO);
    assert_eq!(found(&jwks, "withdrawn").await, Ok(1));
    fake.say(200, &set(&[ec("a")]));
    // Meanwhile the old set serves, so that no caller waits.
    assert_eq!(found(&jwks, "withdrawn").await, Ok(1));
    while found(&jwks, "withdrawn").await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(found(&jwks, "a").await, Ok(1));
}

#[tokio::test]
async fn unknown_keys_do_not_make_the_issuer_be_asked_again_and_again() {
    let fake = Fake::saying(set(&[ec("a")])).await;
    let jwks = fake.jwks(PAUSE);
    let guesses = (0..20).map(|id| {
        let jwks = Arc::clone(&jwks);
        tokio::spawn(async move { found(&jwks, &format!("guess-{id}")).await })
    });
    for guess in guesses.collect::<Vec<_>>() {
        assert_eq!(guess.await.unwrap(), Err(NoKey::Unknown));
    }
    assert_eq!(found(&jwks, "a").await, Ok(1));
    assert_eq!(fake.asked(), 1);
}

#[tokio::test]
async fn callers_that_leave_do_not_keep_the_keys_away_from_the_next() {
    let fake = Fake::saying(set(&[ec("a")])).await;
    let jwks = fake.jwks(PAUSE);
    {
        let mut leaving = std::pin::pin!(found(&jwks, "a"));
        // Polled once, so that the question is under way.
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(leaving.as_mut().poll(context)))
                .await
                .is_pending()
        );
    }
    assert_eq!(found(&jwks, "a").await, Ok(1));
    assert_eq!(fake.asked(), 1);
}

#[tokio::test]
async fn without_any_key_it_cannot_be_known_whether_a_token_holds() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{free}/keys")).unwrap();
    let jwks = Jwks::at(url.clone(), client(&url).unwrap());
    assert_eq!(found(&jwks, "a").await, Err(NoKey::Unavailable));
}

/// An issuer that takes every connection and says nothing.
async fn silent() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/keys", listener.local_addr().unwrap())).unwrap();
    (listener, url)
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_hangs_holds_nobody_up_longer_than_once() {
    let (_listener, url) = silent().await;
    // Shorter than the issuer takes, as it is in earnest by a hair.
    let pause = PATIENCE / 2;
    let jwks = Jwks::at_with(url.clone(), client(&url).unwrap(), pause, STALE);
    let start = Instant::now();
    let callers = (0..10).map(|id| {
        let jwks = Arc::clone(&jwks);
        tokio::spawn(async move { found(&jwks, &id.to_string()).await })
    });
    for caller in callers.collect::<Vec<_>>() {
        assert_eq!(caller.await.unwrap(), Err(NoKey::Unavailable));
    }
    assert!(start.elapsed() < PATIENCE * 2, "{:?}", start.elapsed());
    // After the pause it is asked again.
    tokio::time::sleep(pause * 2).await;
    let again = Instant::now();
    assert_eq!(found(&jwks, "a").await, Err(NoKey::Unavailable));
    assert!(again.elapsed() >= PATIENCE / 2, "{:?}", again.elapsed());
}
