//! Tokens: which hold, and every one that must not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;
mod tokens;

use axum::Router;
use axum::http::Request;
use common::*;
use ring::signature;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokens::*;
use tower::ServiceExt as _;

const OK: &str = "200 OK\r\nContent-Type: application/json";

/// A proxy that takes the tokens of three keys, and the upstream behind it.
struct Proxy {
    rsa: Pair,
    ec: Pair,
    ed: Pair,
    fake: Fake,
    app: Router,
    _keys: NamedTempFile,
}

impl Proxy {
    async fn start() -> Self {
        Self::with(&[]).await
    }

    async fn with(more: &[&str]) -> Self {
        let (rsa, ec, ed) = (Pair::rsa("the-rsa"), Pair::ec("the-ec"), Pair::ed("the-ed"));
        let secret = json!({"kty": "oct", "k": base64("shared"), "kid": "the-secret"});
        let set = json!({"keys": [rsa.jwk(), ec.jwk(), ed.jwk(), secret]});
        let keys = NamedTempFile::new().unwrap();
        std::fs::write(keys.path(), set.to_string()).unwrap();
        let fake = Fake::answering(OK, "{}").await;
        let flags = [&flags(keys.path().to_str().unwrap())[..], more].concat();
        let app = certquote_server::app(proxied(&fake.url, &flags));
        Self { rsa, ec, ed, fake, app, _keys: keys }
    }

    async fn ask(&self, headers: &[(&str, &str)]) -> Got {
        let request = request("GET", BALANCE, headers, "");
        Got::of(self.app.clone().oneshot(request).await.unwrap()).await
    }

    async fn show(&self, token: &str) -> Got {
        self.ask(&[("authorization", &format!("Bearer {token}"))]).await
    }

    async fn refuses(&self, what: &str, token: &str) {
        let got = self.show(token).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (401, true), "{what}");
        let challenge = got.header("www-authenticate").unwrap();
        assert!(
            challenge.starts_with("Bearer ") && challenge.contains("invalid_token"),
            "{what}: {challenge}"
        );
        assert!(token.len() < 8 || !got.text().contains(token) && !challenge.contains(token), "{what}");
        assert!(self.fake.asked().is_empty(), "{what} reached the upstream");
    }
}

fn flags(keys: &str) -> Vec<&str> {
    vec!["--auth", "jwt", "--jwt-issuer", ISSUER, "--jwt-audience", AUDIENCE, "--jwt-jwks", keys]
}

#[tokio::test]
async fn tokens_of_all_three_algorithms_hold() {
    let proxy = Proxy::start().await;
    for pair in [&proxy.rsa, &proxy.ec, &proxy.ed] {
        assert_eq!(proxy.show(&pair.token(&claims())).await.status, 200, "{}", pair.alg);
        let nameless = pair.token_with(&json!({"alg": pair.alg}), &claims());
        assert_eq!(proxy.show(&nameless).await.status, 200, "{} without a kid", pair.alg);
    }
    let token = proxy.ed.token(&claims());
    for value in [format!("bearer {token}"), format!("BEARER  {token}")] {
        assert_eq!(proxy.ask(&[("authorization", &value)]).await.status, 200);
    }
    for asked in proxy.fake.asked() {
        assert!(!asked.to_ascii_lowercase().contains("authorization") && !asked.contains(&token), "{asked}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute_and_audiences_be_several() {
    let proxy = Proxy::start().await;
    for (name, value) in [
        ("exp", json!(now() - 30)),
        ("exp", json!(now() as f64 + 100.5)),
        ("nbf", json!(now() + 30)),
        ("iat", json!(now() + 30)),
        ("iat", Value::Null),
        ("aud", json!(["other", AUDIENCE])),
        ("groups", Value::Null),
        ("groups", json!("finance")),
        ("groups", json!([])),
    ] {
        let token = proxy.ed.token(&claims_with(name, value.clone()));
        assert_eq!(proxy.show(&token).await.status, 200, "{name} {value}");
    }
}

#[tokio::test]
async fn claims_that_do_not_hold_are_401() {
    let proxy = Proxy::start().await;
    for (name, value) in [
        ("exp", json!(now() - 70)),
        ("exp", Value::Null),
        ("exp", json!((now() + 300).to_string())),
        ("exp", json!(-1)),
        ("exp", json!([now() + 300])),
        ("exp", json!(true)),
        ("nbf", json!(now() + 120)),
        ("nbf", json!("soon")),
        ("iat", json!(now() + 120)),
        ("iat", json!("now")),
        ("iss", Value::Null),
        ("iss", json!("https://issuer.example")),
        ("iss", json!("https://issuer.example/evil")),
        ("iss", json!("")),
        ("iss", json!([ISSUER, "https://evil.example/"])),
        ("iss", json!({ISSUER: true})),
        ("aud", Value::Null),
        ("aud", json!("other")),
        ("aud", json!("certquote-other")),
        ("aud", json!("CERTQUOTE")),
        ("aud", json!([])),
        ("aud", json!(["other"])),
        ("aud", json!([[AUDIENCE]])),
        ("aud", json!({"x": AUDIENCE})),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("sub", json!(" ")),
        ("sub", json!(7)),
        ("sub", json!(["alice"])),
        ("sub", json!("alice\nstatus=200")),
        ("sub", json!("a".repeat(257))),
        ("groups", json!({"admins": true})),
        ("groups", json!(["finance", 7])),
        ("groups", json!(["finance", ""])),
        ("groups", json!(7)),
    ] {
        for pair in [&proxy.ec, &proxy.ed] {
            let token = pair.token(&claims_with(name, value.clone()));
            proxy.refuses(&format!("{name} {value}"), &token).await;
        }
    }
    let expired = proxy.show(&proxy.ed.token(&claims_with("exp", json!(now() - 70)))).await;
    assert!(expired.header("www-authenticate").unwrap().contains("expired"));
    let message = format!(
        "{}.{}",
        base64(proxy.ed.header().to_string()),
        base64(format!("{{\"iss\":\"x\",{}", &claims().to_string()[1..]))
    );
    proxy.refuses("two issuers", &format!("{message}.{}", base64(proxy.ed.sign(&message)))).await;
    for claims in [json!([]), json!("alice"), json!(null)] {
        proxy.refuses("claims that are no object", &proxy.ed.token(&claims)).await;
    }
}

#[tokio::test]
async fn the_algorithm_is_the_keys_and_never_the_tokens_choice() {
    let proxy = Proxy::start().await;
    let (rsa, ec, ed) = (&proxy.rsa, &proxy.ec, &proxy.ed);
    let claims = claims();
    for alg in ["none", "None", "NONE", "nOnE", "", "HS256", "RS1", "ES256K", "Ed25519"] {
        for kid in [Some("the-rsa"), Some("the-ed"), Some("the-secret"), None] {
            let header = json!({"alg": alg, "kid": kid});
            proxy.refuses(alg, &format!("{}.", message(&header, &claims))).await;
            proxy.refuses(alg, &ed.token_with(&header, &claims)).await;
        }
    }
    proxy.refuses("no alg", &ed.token_with(&json!({"kid": "the-ed"}), &claims)).await;
    proxy
        .refuses("a list of algs", &ed.token_with(&json!({"alg": ["EdDSA"], "kid": "the-ed"}), &claims))
        .await;

    // The public key taken for a shared secret, in each form in which a forger finds it.
    for pair in [rsa, ec, ed] {
        let public = pair.public();
        let jwk = pair.jwk();
        let texts = [jwk.to_string(), jwk["n"].to_string(), jwk["x"].to_string(), base64(&public)];
        for secret in texts.iter().map(String::as_bytes).chain([&public[..], b"", b"shared"]) {
            for alg in ["HS256", pair.alg] {
                for kid in [pair.kid, "the-secret"] {
                    proxy
                        .refuses("a shared secret", &hmac(&json!({"alg": alg, "kid": kid}), &claims, secret))
                        .await;
                }
            }
        }
    }

    // A good signature under another name.
    for (signer, alg, kid) in [
        (rsa, "RS256", "the-ec"),
        (rsa, "ES256", "the-rsa"),
        (rsa, "PS256", "the-rsa"),
        (rsa, "RS512", "the-rsa"),
        (ec, "RS256", "the-ec"),
        (ec, "ES384", "the-ec"),
        (ec, "EdDSA", "the-ed"),
        (ed, "ES256", "the-ec"),
        (ed, "EdDSA", "the-ec"),
    ] {
        let token = signer.token_with(&json!({"alg": alg, "kid": kid}), &claims);
        proxy.refuses(&format!("{} as {alg} of {kid}", signer.kid), &token).await;
    }
    for (alg, encoding) in [
        ("PS256", &signature::RSA_PSS_SHA256 as &'static dyn signature::RsaEncoding),
        ("RS512", &signature::RSA_PKCS1_SHA512),
        ("RS256", &signature::RSA_PSS_SHA256),
        ("RS256", &signature::RSA_PKCS1_SHA512),
    ] {
        let message = message(&json!({"alg": alg, "kid": "the-rsa"}), &claims);
        proxy.refuses(alg, &format!("{message}.{}", base64(rsa.sign_rsa(encoding, &message)))).await;
    }
}

#[tokio::test]
async fn forged_and_broken_signatures_are_401() {
    let proxy = Proxy::start().await;
    let claims = claims();
    for (pair, length) in [(&proxy.rsa, 256), (&proxy.ec, 64), (&proxy.ed, 64)] {
        let message = message(&pair.header(), &claims);
        let good = pair.sign(&message);
        assert_eq!(good.len(), length);
        let mut flipped = good.clone();
        flipped[length / 2] ^= 1;
        let longer = [&good[..], &[0]].concat();
        for signed in [&[][..], &vec![0; length], &vec![255; length], &good[1..], &longer, &flipped] {
            proxy.refuses(pair.alg, &format!("{message}.{}", base64(signed))).await;
        }
        let other = tokens::message(&pair.header(), &claims_with("sub", json!("admin")));
        proxy.refuses("other claims", &format!("{other}.{}", base64(&good))).await;
    }
    let message = message(&proxy.ec.header(), &claims);
    let der = proxy.ec.sign_ec(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &message);
    proxy.refuses("a signature in DER", &format!("{message}.{}", base64(der))).await;
}

#[tokio::test]
async fn keys_come_from_the_set_alone() {
    let proxy = Proxy::start().await;
    let (evil_ec, evil_ed) = (Pair::ec("the-ec"), Pair::ed("evil"));
    proxy.refuses("another key of the same name", &evil_ec.token(&claims())).await;
    proxy.refuses("a key of its own", &evil_ed.token(&claims())).await;
    for (name, value) in [
        ("jwk", evil_ed.jwk()),
        ("jku", json!(format!("{}/keys", proxy.fake.url))),
        ("x5u", json!(format!("{}/keys", proxy.fake.url))),
        ("x5c", json!([base64(evil_ed.public())])),
    ] {
        for kid in ["evil", "the-ed"] {
            let mut header = json!({"alg": "EdDSA", "kid": kid});
            header[name] = value.clone();
            proxy.refuses(name, &evil_ed.token_with(&header, &claims())).await;
        }
    }
    for kid in
        [json!("../../dev/null"), json!("' OR 1=1"), json!(""), json!(7), json!(["the-ed"]), json!("THE-ED")]
    {
        let header = json!({"alg": "EdDSA", "kid": kid});
        proxy.refuses(&kid.to_string(), &proxy.ed.token_with(&header, &claims())).await;
    }
}

#[tokio::test]
async fn a_header_that_changes_the_meaning_is_401() {
    let proxy = Proxy::start().await;
    for (name, value) in
        [("crit", json!(["b64"])), ("crit", json!(["exp"])), ("crit", json!([])), ("b64", json!(false))]
    {
        let mut header = proxy.ed.header();
        header[name] = value;
        proxy.refuses(name, &proxy.ed.token_with(&header, &claims())).await;
    }
}

#[tokio::test]
async fn what_is_no_token_is_401() {
    let proxy = Proxy::start().await;
    let token = proxy.ed.token(&claims());
    let parts: Vec<&str> = token.split('.').collect();
    for text in [
        "",
        ".",
        "..",
        "...",
        "x",
        "null",
        &token[1..],
        &format!("{token}."),
        &format!(".{token}"),
        &format!("{token}.{}", parts[2]),
        &format!("{token}=="),
        &format!("{token} {token}"),
        &format!("\"{token}\""),
        &format!("{}..{}", parts[0], parts[2]),
        &format!("{}.{}", parts[0], parts[1]),
        &format!(".{}.{}", parts[1], parts[2]),
        &"a".repeat(20_000),
        &format!("{}.{}.{}", parts[0], "e".repeat(20_000), parts[2]),
    ] {
        proxy.refuses(text, text).await;
    }
}

#[tokio::test]
async fn a_token_is_shown_in_one_place_and_once() {
    let proxy = Proxy::start().await;
    let token = proxy.ed.token(&claims());
    let bearer = format!("Bearer {token}");
    for headers in [
        vec![],
        vec![("cookie", &bearer)],
        vec![("x-authorization", &bearer)],
        vec![("proxy-authorization", &bearer)],
        vec![("authorization", &bearer), ("authorization", &bearer)],
        vec![("authorization", &token)],
    ] {
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let got = proxy.ask(&headers).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (401, true), "{headers:?}");
        assert!(got.header("www-authenticate").unwrap().starts_with("Bearer realm="));
    }
    let uri = format!("{BALANCE}?access_token={token}");
    assert_eq!(Got::of(proxy.app.clone().oneshot(get(&uri)).await.unwrap()).await.status, 401);
    for scheme in ["Basic", "Digest", "DPoP", "Bearer,"] {
        let value = format!("{scheme} {token}");
        assert_eq!(proxy.ask(&[("authorization", &value)]).await.status, 401, "{scheme}");
    }
    assert!(proxy.fake.asked().is_empty());
}

#[tokio::test]
async fn every_endpoint_needs_a_token_and_nothing_else_does() {
    let proxy = Proxy::with(&["--allow-origin", "https://portal.example"]).await;
    let ask = |request: Request<axum::body::Body>| {
        let app = proxy.app.clone();
        async move { Got::of(app.oneshot(request).await.unwrap()).await }
    };
    for request in [post(PRICING, DRAFT), get(BALANCE), get(HISTORY), get(SUBACCOUNT), get(&frontier_path())]
    {
        let path = request.uri().path().to_owned();
        let got = ask(request).await;
        assert_eq!((got.status.as_u16(), got.is_error_of(&path)), (401, true), "{path}");
        assert!(path != frontier_path() || got.json()["code"] == 16);
    }
    assert_eq!(ask(get("/healthz")).await.status, 200);
    assert_eq!(ask(get("/nothing.js")).await.status, 404);
    let preflight = [
        ("origin", "https://portal.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization"),
    ];
    assert_eq!(ask(request("OPTIONS", BALANCE, &preflight, "")).await.status, 204);
    let got = ask(request("GET", BALANCE, &[("origin", "https://portal.example")], "")).await;
    assert_eq!(got.header("access-control-allow-origin"), Some("https://portal.example"));
    assert!(proxy.fake.asked().is_empty());
}

#[tokio::test]
async fn claims_may_lie_deeper() {
    let proxy =
        Proxy::with(&["--jwt-user-claim", "https://x.example/user", "--jwt-groups-claim", "realm.roles"])
            .await;
    let mut claims = claims_with("https://x.example/user", json!("alice"));
    claims["realm"] = json!({"roles": ["finance"]});
    let good = proxy.ed.token(&claims);
    claims["realm"]["roles"] = json!(7);
    proxy.refuses("roles", &proxy.ed.token(&claims)).await;
    proxy.refuses("no user", &proxy.ed.token(&tokens::claims())).await;
    assert_eq!(proxy.show(&good).await.status, 200);
}

#[tokio::test]
async fn the_keys_of_an_issuer_are_fetched_once_and_503_says_that_there_are_none() {
    let ed = Pair::ed("the-ed");
    let issuer = Fake::answering(OK, json!({"keys": [ed.jwk()]}).to_string()).await;
    let app = certquote_server::app(proxied("http://127.0.0.1:1", &flags(&issuer.url)));
    for (pair, status) in [(&ed, 502), (&Pair::ed("other"), 401), (&Pair::ed("another"), 401), (&ed, 502)] {
        let bearer = format!("Bearer {}", pair.token(&claims()));
        let request = request("GET", BALANCE, &[("authorization", &bearer)], "");
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status, "{}", pair.kid);
    }
    assert_eq!(issuer.asked().len(), 1);
    assert!(!issuer.asked()[0].to_ascii_lowercase().contains("authorization"));

    let gone = certquote_server::app(proxied("http://127.0.0.1:1", &flags("http://127.0.0.1:1/keys")));
    let bearer = format!("Bearer {}", ed.token(&claims()));
    let got =
        Got::of(gone.oneshot(request("GET", BALANCE, &[("authorization", &bearer)], "")).await.unwrap())
            .await;
    assert_eq!((got.status.as_u16(), got.is_error_of(BALANCE)), (503, true));
    assert_eq!(got.header("retry-after"), Some("5"));
}

#[tokio::test]
async fn a_file_of_keys_is_read_again_and_a_broken_one_changes_nothing() {
    let (old, new) = (Pair::ed("old"), Pair::ec("new"));
    let file = NamedTempFile::new().unwrap();
    let write = |text: &str| std::fs::write(file.path(), text).unwrap();
    write(&json!({"keys": [old.jwk()]}).to_string());
    let mut settings = proxied("http://127.0.0.1:1", &flags(file.path().to_str().unwrap()));
    let mut watches = std::mem::take(&mut settings.watches);
    let app = certquote_server::app(settings);
    let mut shown = async |pair: &Pair| {
        watches.iter_mut().for_each(|watch| (0..2).for_each(|_| watch.look()));
        let bearer = format!("Bearer {}", pair.token(&claims()));
        let request = request("GET", BALANCE, &[("authorization", &bearer)], "");
        app.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    assert_eq!((shown(&old).await, shown(&new).await), (502, 401));
    write("{");
    assert_eq!((shown(&old).await, shown(&new).await), (502, 401));
    write(&json!({"keys": [new.jwk()]}).to_string());
    assert_eq!((shown(&old).await, shown(&new).await), (401, 502));
}

#[tokio::test]
async fn without_keys_it_is_not_ready_and_finds_out_by_itself_when_it_is() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let app = certquote_server::app(proxied("http://127.0.0.1:1", &flags(&format!("http://{address}/keys"))));
    let ready = async || Got::of(app.clone().oneshot(get("/readyz")).await.unwrap()).await;
    // Nobody has come with a token so far.
    let got = loop {
        let got = ready().await;
        if got.status != 200 {
            break got;
        }
        assert!(got.text().contains("tokens: "), "{}", got.text());
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!(got.status, 503);
    assert!(got.text().contains("tokens: the keys of --jwt-jwks cannot be read"), "{}", got.text());

    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let keys = json!({"keys": [Pair::ed("the-ed").jwk()]}).to_string();
    tokio::spawn(async move {
        axum::serve(listener, axum::Router::new().fallback(move || async move { keys.clone() })).await
    });
    while ready().await.text() != "ready\n" {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!({"keys": [Pair::ed("the-ed").jwk()]}).to_string()).unwrap();
    let settings = proxied("http://127.0.0.1:1", &flags(file.path().to_str().unwrap()));
    assert_eq!(call(settings, get("/readyz")).await.text(), "ready\n");
}
