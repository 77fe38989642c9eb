//! A token says who asks: a JWT (RFC 7519) in `Authorization: Bearer`, signed by one issuer for one audience.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, header};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde_json::{Map, Value};

use super::Asker;
use super::jwks::{Jwks, NoKey};
use crate::origin::single;
use crate::shape::Problem;

/// How far clocks may differ, in seconds.
const SKEW: u64 = 60;
/// The longest token, in bytes.
const LONGEST: usize = 16 * 1024;

const MISSING: &str = "Bearer realm=\"certquote\"";
const INVALID: &str = "Bearer realm=\"certquote\", error=\"invalid_token\"";
const EXPIRED: &str =
    "Bearer realm=\"certquote\", error=\"invalid_token\", error_description=\"The token has expired\"";

/// What a token must be.
#[derive(Debug)]
pub struct Tokens {
    /// Its `iss`.
    pub issuer: String,
    /// One of these must be among its `aud`.
    pub audience: Vec<String>,
    /// The claim that names the user.
    pub user_claim: String,
    /// The claim that names their groups, with dots where it lies deeper.
    pub groups_claim: String,
    /// What it is signed with.
    pub keys: Arc<Jwks>,
}

impl Tokens {
    /// Takes the token's word.
    ///
    /// # Errors
    /// [`Problem::Unauthenticated`] without a token or with one that does not hold, [`Problem::AuthUnavailable`] where the
    /// issuer's keys could not be had so far.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Asker, Problem> {
        if !headers.contains_key(header::AUTHORIZATION) {
            return Err(refused(MISSING));
        }
        let token = bearer(headers).ok_or(refused(INVALID))?;
        let head = decode_header(token).map_err(|_| refused(INVALID))?;
        // `crit` names what must be understood, and nothing beyond the RFC is.
        let plain = matches!(head.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA)
            && head.crit.is_none()
            && !head.extras.inner().contains_key("b64");
        if !plain {
            return Err(refused(INVALID));
        }
        let keys = self.keys.matching(head.alg, head.kid.as_deref()).await.map_err(|none| match none {
            NoKey::Unknown => refused(INVALID),
            NoKey::Unavailable => Problem::AuthUnavailable,
        })?;
        super::ring::install();
        let validation = self.validation(head.alg);
        let mut challenge = INVALID;
        for key in &keys {
            match decode::<Map<String, Value>>(token, &key.decoding, &validation) {
                Ok(data) => return self.asker(&data.claims).ok_or(refused(INVALID)),
                Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => challenge = EXPIRED,
                Err(_) => {}
            }
        }
        Err(refused(challenge))
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = SKEW;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&self.audience);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation
    }

    /// The asker that claims name, where they are of the right form.
    fn asker(&self, claims: &Map<String, Value>) -> Option<Asker> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        // Issued in the future: its issuer's clock is not to be believed for `exp` either.
        let issued =
            claims.get("iat").is_none_or(|at| at.as_f64().is_some_and(|at| at <= (now + SKEW) as f64));
        if !issued || !claims.get("iss").is_some_and(Value::is_string) {
            return None;
        }
        let user = claim(claims, &self.user_claim)?.as_str()?;
        let groups = match claim(claims, &self.groups_claim) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(all)) => all.iter().map(Value::as_str).collect::<Option<_>>()?,
            Some(_) => return None,
        };
        Asker::known(user, &groups)
    }
}

/// A claim by its name, or by the way to it: `realm_access.roles`.
fn claim<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    claims.get(name).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        claim(claims.get(first)?.as_object()?, rest)
    })
}

/// The token of `Authorization`, where that is there once and in the one form (RFC 6750, 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = single(headers, header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= LONGEST).then_some(token)
}

fn refused(challenge: &'static str) -> Problem {
    Problem::Unauthenticated { challenge: Some(challenge) }
}
