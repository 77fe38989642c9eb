//! An issuer of tokens for the tests: real keys, and every way to misuse them.

#![allow(unreachable_pub, reason = "a module of each test, not of a crate")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use std::time::{SystemTime, UNIX_EPOCH};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use ring::rand::SystemRandom;
use ring::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RsaEncoding, RsaKeyPair,
    RsaPublicKeyComponents,
};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://issuer.example/";
pub const AUDIENCE: &str = "certquote";

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Claims that hold.
pub fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "groups": ["finance"], "iat": now(), "exp": now() + 300})
}

/// Claims that hold but for one; `null` leaves it out.
pub fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    } else {
        claims[name] = value;
    }
    claims
}

/// What is signed.
pub fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string()), base64(claims.to_string()))
}

/// A pair of keys.
pub struct Pair {
    pub kid: &'static str,
    pub alg: &'static str,
    key: Private,
}

enum Private {
    Rsa(RsaKeyPair),
    /// In PKCS #8.
    Ec(Vec<u8>),
    Ed(Ed25519KeyPair),
}

impl Pair {
    pub fn rsa(kid: &'static str) -> Self {
        let key = RsaKeyPair::from_pkcs8(include_bytes!("../keys/test-only-rsa.pk8")).unwrap();
        Self { kid, alg: "RS256", key: Private::Rsa(key) }
    }

    pub fn ec(kid: &'static str) -> Self {
        let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        Self { kid, alg: "ES256", key: Private::Ec(pair.as_ref().to_vec()) }
    }

    pub fn ed(kid: &'static str) -> Self {
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let key = Ed25519KeyPair::from_pkcs8(pair.as_ref()).unwrap();
        Self { kid, alg: "EdDSA", key: Private::Ed(key) }
    }

    /// The public key as a JWK.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.key {
            Private::Rsa(key) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({"kty": "RSA", "n": base64(public.n), "e": base64(public.e)})
            }
            Private::Ec(_) => {
                let point = self.public();
                json!({"kty": "EC", "crv": "P-256", "x": base64(&point[1..33]), "y": base64(&point[33..])})
            }
            Private::Ed(_) => json!({"kty": "OKP", "crv": "Ed25519", "x": base64(self.public())}),
        };
        (jwk["kid"], jwk["use"]) = (json!(self.kid), json!("sig"));
        jwk
    }

    /// The public key as its signature scheme writes it, which a forger could take for a shared secret.
    pub fn public(&self) -> Vec<u8> {
        match &self.key {
            Private::Rsa(key) => key.public().as_ref().to_vec(),
            Private::Ec(_) => {
                self.ec_pair(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).public_key().as_ref().to_vec()
            }
            Private::Ed(key) => key.public_key().as_ref().to_vec(),
        }
    }

    pub fn sign(&self, message: &str) -> Vec<u8> {
        match &self.key {
            Private::Rsa(_) => self.sign_rsa(&signature::RSA_PKCS1_SHA256, message),
            Private::Ec(_) => self.sign_ec(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, message),
            Private::Ed(key) => key.sign(message.as_bytes()).as_ref().to_vec(),
        }
    }

    pub fn sign_rsa(&self, encoding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
        let Private::Rsa(key) = &self.key else { unreachable!("an RSA key") };
        let mut signed = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signed).unwrap();
        signed
    }

    pub fn sign_ec(&self, algorithm: &'static EcdsaSigningAlgorithm, message: &str) -> Vec<u8> {
        self.ec_pair(algorithm).sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
    }

    fn ec_pair(&self, algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
        let Private::Ec(key) = &self.key else { unreachable!("an EC key") };
        EcdsaKeyPair::from_pkcs8(algorithm, key, &SystemRandom::new()).unwrap()
    }

    /// An honest header.
    pub fn header(&self) -> Value {
        json!({"typ": "JWT", "alg": self.alg, "kid": self.kid})
    }

    pub fn token(&self, claims: &Value) -> String {
        self.token_with(&self.header(), claims)
    }

    pub fn token_with(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        format!("{message}.{}", base64(self.sign(&message)))
    }
}

/// A token "signed" with a shared secret.
pub fn hmac(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = message(header, claims);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    format!("{message}.{}", base64(ring::hmac::sign(&key, message.as_bytes())))
}
