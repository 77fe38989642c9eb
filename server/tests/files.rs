//! Static files: types, compression, caching, headers, and staying inside the folder.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod common;

use certquote_server::Settings;
use common::*;

fn dist() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("dist");
    std::fs::create_dir_all(inside.join("gallery")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html>page"),
        ("gallery.html", "<!doctype html>states"),
        ("gallery/index.html", "<!doctype html>gallery"),
        ("certquote.js", "export {}"),
        ("app-0123456789abcdef.js", "js"),
        ("app-0123456789abcdef.js.br", "br"),
        ("app-0123456789abcdef.js.gz", "gz"),
        ("app-0123456789abcdef_bg.wasm", "\0asm"),
        ("style-fedcba9876543210.css", "a{}"),
        ("config.json", "{}"),
        ("icon.svg", "<svg/>"),
        ("font.woff2", "w"),
        (".secret", "s"),
        ("../outside.txt", "o"),
    ] {
        std::fs::write(inside.join(name), content).unwrap();
    }
    dir
}

fn settings(dir: &tempfile::TempDir) -> Settings {
    Settings { assets: dir.path().join("dist"), ..sandbox() }
}

#[tokio::test]
async fn files_have_their_types() {
    let dir = dist();
    for (path, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/gallery/", "text/html; charset=utf-8"),
        ("/certquote.js", "text/javascript"),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/style-fedcba9876543210.css", "text/css; charset=utf-8"),
        ("/config.json", "application/json"),
        ("/icon.svg", "image/svg+xml"),
        ("/font.woff2", "font/woff2"),
    ] {
        let got = call(settings(&dir), get(path)).await;
        assert_eq!((got.status.as_u16(), got.header("content-type")), (200, Some(content_type)), "{path}");
    }
}

#[tokio::test]
async fn the_places_of_the_page_are_the_page() {
    let dir = dist();
    for path in ["/", "/quote", "/balance", "/history", "/balance?x=1"] {
        assert_eq!(call(settings(&dir), get(path)).await.text(), "<!doctype html>page", "{path}");
    }
    assert_eq!(call(settings(&dir), get("/other")).await.status, 404);
}

#[tokio::test]
async fn the_gallery_is_a_page_of_its_own_and_may_be_missing() {
    let dir = dist();
    for path in ["/gallery", "/gallery?theme=dark", "/gallery.html"] {
        let got = call(settings(&dir), get(path)).await;
        assert_eq!((got.status.as_u16(), got.text().as_str()), (200, "<!doctype html>states"), "{path}");
    }
    std::fs::remove_file(dir.path().join("dist/gallery.html")).unwrap();
    assert_eq!(call(settings(&dir), get("/gallery")).await.status, 404);
}

#[tokio::test]
async fn packed_siblings_are_negotiated() {
    let dir = dist();
    for (accepted, encoding, body) in [
        ("br, gzip", Some("br"), "br"),
        ("gzip", Some("gzip"), "gz"),
        ("identity", None, "js"),
        ("br;q=0, gzip", Some("gzip"), "gz"),
    ] {
        let asked = request("GET", "/app-0123456789abcdef.js", &[("accept-encoding", accepted)], "");
        let got = call(settings(&dir), asked).await;
        assert_eq!((got.header("content-encoding"), got.text().as_str()), (encoding, body), "{accepted}");
        assert_eq!(got.header("content-type"), Some("text/javascript"));
        assert!(got.header("vary").unwrap().to_ascii_lowercase().contains("accept-encoding"));
    }
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever_and_others_are_checked() {
    let dir = dist();
    for path in ["/app-0123456789abcdef.js", "/app-0123456789abcdef_bg.wasm", "/style-fedcba9876543210.css"] {
        let got = call(settings(&dir), get(path)).await;
        assert_eq!(got.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
    }
    for path in ["/", "/certquote.js", "/config.json"] {
        let got = call(settings(&dir), get(path)).await;
        assert_eq!(got.header("cache-control"), Some("no-cache"), "{path}");
        let etag = got.header("etag").unwrap().to_owned();
        let again = call(settings(&dir), request("GET", path, &[("if-none-match", &etag)], "")).await;
        assert_eq!(again.status, 304, "{path}");
        assert!(again.headers.get_all("vary").iter().any(|value| value == "accept-encoding"), "{path}");
    }
    let missing = call(settings(&dir), get("/gone-0123456789abcdef.js")).await;
    assert_eq!((missing.status.as_u16(), missing.header("cache-control")), (404, Some("no-store")));
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let dir = dist();
    for path in ["/", "/certquote.js", "/missing", "/healthz", "/api/nothing", BALANCE] {
        let got = call(settings(&dir), get(path)).await;
        let policy = got.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(got.header(name), Some(value), "{path}");
        }
        assert!(got.header("permissions-policy").is_some() && got.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn the_files_alone_are_shared_where_portals_are_allowed() {
    let dir = dist();
    for (path, shared) in [("/certquote.js", "cross-origin"), (BALANCE, "same-origin")] {
        let mut settings = settings(&dir);
        settings.allowed =
            certquote_server::origin::AllowedOrigins::new(vec!["https://portal.example".parse().unwrap()]);
        let got = call(settings, get(path)).await;
        assert_eq!(got.header("cross-origin-resource-policy"), Some(shared), "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let dir = dist();
    for path in [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/gallery/../../outside.txt",
        "/.secret",
        "/%2esecret",
        "//index.html",
        "/index.html%00",
        "/a%0d%0ab",
        "/..%5coutside.txt",
        "/%252e%252e/outside.txt",
    ] {
        let got = call(settings(&dir), get(path)).await;
        assert_eq!(got.status, 400, "{path}");
    }
}

#[tokio::test]
async fn files_are_only_read() {
    let dir = dist();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let got = call(settings(&dir), request(method, "/index.html", &[], "")).await;
        assert_eq!((got.status.as_u16(), got.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
    let got = call(settings(&dir), request("HEAD", "/", &[], "")).await;
    assert_eq!((got.status.as_u16(), got.body.len(), got.header("content-length")), (200, 0, Some("19")));
}

#[tokio::test]
async fn a_missing_folder_is_explained() {
    for path in ["/", "/history"] {
        let got = call(sandbox(), get(path)).await;
        assert_eq!(got.status, 503);
        assert!(got.text().contains("cargo xtask build"));
    }
    assert_eq!(call(sandbox(), get("/x.js")).await.status, 404);
    assert_eq!(call(sandbox(), post(PRICING, DRAFT)).await.status, 200);
}
