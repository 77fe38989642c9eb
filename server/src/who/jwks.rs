//! The keys that tokens are verified with: a JWK set (RFC 7517) from a file or from its issuer.
//!
//! A key is bound to one algorithm by its type, whatever a token says. What cannot verify a token here (symmetric keys, other
//! curves, keys for encryption, RSA below 2048 bits) is left out.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use reqwest::Url;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::operate::Condition;

/// The largest set that an issuer may send.
const LARGEST: usize = 256 * 1024;
/// For an issuer to send its set.
const PATIENCE: Duration = Duration::from_secs(5);
/// A set this old is asked for again.
const STALE: Duration = Duration::from_secs(600);
/// An unknown key lets an issuer be asked no more often than this.
const PAUSE: Duration = Duration::from_secs(30);
/// As long as there are no keys at all.
const PAUSE_WITHOUT: Duration = Duration::from_secs(5);

/// A key and the one algorithm that it is for.
#[derive(Clone, Debug)]
pub struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    /// The public key.
    pub decoding: DecodingKey,
}

/// A set of keys.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<Key>);

/// Why a text is no usable set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKeys {
    /// It is no JSON object with a list `keys`.
    Form,
    /// None of its keys can verify a token.
    NoneUsable,
}

impl fmt::Display for BadKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "it is no JWK set: an object with a list \"keys\"",
            Self::NoneUsable => {
                "it holds no key that can verify a token (RSA from 2048 bits, EC P-256 or OKP Ed25519, for signatures)"
            }
        })
    }
}

impl std::error::Error for BadKeys {}

impl KeySet {
    /// Reads a set and keeps the keys that can be used.
    ///
    /// # Errors
    /// [`BadKeys`] where there is none.
    pub fn read(text: &[u8]) -> Result<Self, BadKeys> {
        let set: Value = serde_json::from_slice(text).map_err(|_| BadKeys::Form)?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(BadKeys::Form)?;
        let usable: Vec<Key> = keys.iter().filter_map(usable).collect();
        if usable.is_empty() {
            return Err(BadKeys::NoneUsable);
        }
        Ok(Self(usable))
    }

    /// The keys for a token. One that names no key can only mean the one there is.
    fn matching(&self, algorithm: Algorithm, id: Option<&str>) -> Vec<Key> {
        let same = self.0.iter().filter(|key| key.algorithm == algorithm);
        match id {
            Some(id) => same.filter(|key| key.id.as_deref() == Some(id)).cloned().collect(),
            None => match same.collect::<Vec<_>>().as_slice() {
                [only] => vec![(*only).clone()],
                _ => Vec::new(),
            },
        }
    }
}

fn usable(key: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
    let common = &jwk.common;
    let verifies = common.key_operations.as_ref().is_none_or(|uses| uses.contains(&KeyOperations::Verify))
        && matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    if !verifies || common.key_algorithm.is_some_and(|other| other != named) {
        return None;
    }
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    let decoding = match decoding.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            // Some issuers send the sign byte along, which a number in a JWK does not have (RFC 7518, 6.3.1.1).
            let n = n.iter().position(|byte| *byte != 0).and_then(|start| n.get(start..))?;
            if n.len() < 256 {
                return None;
            }
            DecodingKey::from_rsa_raw_components(n, e)
        }
        DecodingKeyKind::SecretOrDer(point) => {
            let length = if algorithm == Algorithm::ES256 { 65 } else { 32 };
            if point.len() != length {
                return None;
            }
            decoding
        }
    };
    Some(Key { id: common.key_id.clone(), algorithm, decoding })
}

/// Why there is no key for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKey {
    /// None is called so.
    Unknown,
    /// There is none at all: the issuer could not be asked so far.
    Unavailable,
}

/// The keys in use, and where newer ones come from.
#[derive(Debug)]
pub struct Jwks {
    keys: RwLock<Arc<KeySet>>,
    issuer: Option<Issuer>,
    /// Whether the issuer's last answer, if any, was of no use.
    failed: AtomicBool,
}

#[derive(Debug)]
struct Issuer {
    client: reqwest::Client,
    url: Url,
    pause: Duration,
    stale: Duration,
    /// When it was last asked; held while it is being asked.
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Jwks {
    /// These keys, until they are [replaced](Self::replace).
    #[must_use]
    pub fn fixed(keys: KeySet) -> Arc<Self> {
        Arc::new(Self { keys: RwLock::new(Arc::new(keys)), issuer: None, failed: AtomicBool::new(false) })
    }

    /// The keys that a URL gives, asked for when the first token comes.
    #[must_use]
    pub fn at(url: Url, client: reqwest::Client) -> Arc<Self> {
        Self::at_with(url, client, PAUSE, STALE)
    }

    fn at_with(url: Url, client: reqwest::Client, pause: Duration, stale: Duration) -> Arc<Self> {
        let issuer = Issuer { client, url, pause, stale, asked: Arc::default() };
        Arc::new(Self { keys: RwLock::default(), issuer: Some(issuer), failed: AtomicBool::new(false) })
    }

    /// Whether tokens can be verified. Where they cannot, the issuer is asked once more: nobody may come with a token as long
    /// as the server says so.
    #[must_use]
    pub fn condition(self: &Arc<Self>) -> Condition {
        let Some(issuer) = self.issuer.as_ref().filter(|_| self.current().0.is_empty()) else {
            return Condition::Well;
        };
        if let Ok(asked) = Arc::clone(&issuer.asked).try_lock_owned()
            && asked.is_none_or(|asked| asked.elapsed() > issuer.pause.min(PAUSE_WITHOUT))
        {
            drop(self.ask(asked));
        }
        if self.failed.load(Ordering::Relaxed) {
            Condition::Down("the keys of --jwt-jwks cannot be read, so nobody can be known".to_owned())
        } else {
            Condition::Limping("the keys of --jwt-jwks are being asked for".to_owned())
        }
    }

    /// Puts other keys to use.
    pub fn replace(&self, keys: KeySet) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys that may verify a token, asked for anew where none is known by that name.
    ///
    /// # Errors
    /// [`NoKey`] where there is none.
    pub async fn matching(
        self: &Arc<Self>,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> Result<Vec<Key>, NoKey> {
        let known = self.current().matching(algorithm, id);
        let Some(issuer) = &self.issuer else {
            return if known.is_empty() { Err(NoKey::Unknown) } else { Ok(known) };
        };
        if !known.is_empty() {
            if let Ok(asked) = Arc::clone(&issuer.asked).try_lock_owned()
                && asked.is_none_or(|asked| asked.elapsed() > issuer.stale)
            {
                drop(self.ask(asked));
            }
            return Ok(known);
        }
        let asked = Arc::clone(&issuer.asked).lock_owned().await;
        // Another request may have asked while this one waited.
        let known = self.current().matching(algorithm, id);
        if !known.is_empty() {
            return Ok(known);
        }
        let pause = if self.current().0.is_empty() { issuer.pause.min(PAUSE_WITHOUT) } else { issuer.pause };
        if asked.is_none_or(|asked| asked.elapsed() > pause)
            && let Some(asking) = self.ask(asked)
        {
            let _ = asking.await;
        }
        let current = self.current();
        match current.matching(algorithm, id) {
            keys if !keys.is_empty() => Ok(keys),
            _ if current.0.is_empty() => Err(NoKey::Unavailable),
            _ => Err(NoKey::Unknown),
        }
    }

    /// Asks the issuer in a task of its own: a caller that goes away must not take the answer along, or nobody would ever get
    /// a new key while callers come and go.
    fn ask(
        self: &Arc<Self>,
        mut asked: tokio::sync::OwnedMutexGuard<Option<Instant>>,
    ) -> Option<tokio::task::JoinHandle<()>> {
        let (client, url) = self.issuer.as_ref().map(|issuer| (issuer.client.clone(), issuer.url.clone()))?;
        let jwks = Arc::clone(self);
        Some(tokio::spawn(async move {
            *asked = Some(Instant::now());
            let fetched = fetch(&client, url).await;
            jwks.failed.store(fetched.is_err(), Ordering::Relaxed);
            match fetched {
                Ok(keys) => jwks.replace(keys),
                Err(error) => {
                    tracing::error!(%error, "the keys of --jwt-jwks cannot be read; the old ones stay")
                }
            }
            // Once more: those who waited meanwhile must not wait for an issuer that hangs one after the other.
            *asked = Some(Instant::now());
        }))
    }
}

/// The client that asks issuers: without redirects, and not for long.
///
/// # Errors
/// When the TLS library finds nothing to trust.
pub fn client(url: &Url) -> reqwest::Result<reqwest::Client> {
    let client = crate::upstream::client(url.as_str());
    client.timeout(PATIENCE).build()
}

async fn fetch(client: &reqwest::Client, url: Url) -> Result<KeySet, String> {
    let words = |error: reqwest::Error| error.without_url().to_string();
    let mut answer = client.get(url).header("accept", "application/json").send().await.map_err(words)?;
    if !answer.status().is_success() {
        return Err(format!("the answer is {}", answer.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(words)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return Err("the answer is too large".to_owned());
        }
    }
    KeySet::read(&body).map_err(|error| error.to_string())
}

#[cfg(test)]
#[path = "jwks_tests.rs"]
mod tests;
