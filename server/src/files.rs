//! The static files: precompressed where the browser takes it, cached for ever where the name holds a hash.

use std::path::Path;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, StatusCode, Uri, header};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::path;
use crate::proxy::is_read;

/// Places of the single page; each is the page itself.
const PLACES: [&str; 4] = ["/", "/quote", "/balance", "/history"];
/// The page that shows every state of every element.
const GALLERY: &str = "/gallery";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const NOT_BUILT: &str = "The page is not here yet: the folder of static files holds no index.html.\n\
     Build it with `cargo xtask build`, and name its folder with --assets DIR.\n\
     The API below /api/ answers already.\n";

/// The folder of static files.
#[derive(Clone, Debug)]
pub struct Files {
    folder: ServeDir,
}

impl Files {
    /// Serves `folder`, which may come into being later.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let folder = ServeDir::new(folder)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        Self { folder }
    }

    /// Answers a request for a file.
    pub async fn answer(&self, request: Request) -> Response<Body> {
        let asked = request.uri().path();
        if !path::is_clean_static(asked) {
            return plain(StatusCode::BAD_REQUEST, "The path holds characters that are not allowed.\n");
        }
        if !is_read(request.method()) {
            return wrong_method();
        }
        let place = PLACES.contains(&asked);
        let path = if place {
            "/index.html".to_owned()
        } else if asked == GALLERY {
            "/gallery.html".to_owned()
        } else if asked.ends_with('/') {
            format!("{asked}index.html")
        } else {
            asked.to_owned()
        };
        let Ok(uri) = Uri::try_from(&path) else {
            return plain(StatusCode::BAD_REQUEST, "The path holds characters that are not allowed.\n");
        };
        let (mut parts, _) = request.into_parts();
        parts.uri = uri;
        let inner = Request::from_parts(parts, Body::empty());
        let mut response = match self.folder.clone().oneshot(inner).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        };
        match response.status() {
            StatusCode::NOT_FOUND if place => return plain(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT),
            StatusCode::NOT_FOUND => return plain(StatusCode::NOT_FOUND, "There is no such file.\n"),
            _ => {}
        }
        let unchanged = response.status() == StatusCode::NOT_MODIFIED;
        let cached = response.status().is_success() || unchanged;
        let headers = response.headers_mut();
        let policy = if cached && is_hashed(&path) { FOR_EVER } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
        if unchanged && !headers.contains_key(header::VARY) {
            // What a 200 would say (RFC 9110, 15.4.5); the folder's own 304 leaves it out.
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        let with_charset = match headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes) {
            Some(b"text/html") => Some("text/html; charset=utf-8"),
            Some(b"text/css") => Some("text/css; charset=utf-8"),
            Some(b"text/plain") => Some("text/plain; charset=utf-8"),
            _ => None,
        };
        if let Some(value) = with_charset {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(value));
        }
        response
    }
}

/// A plain text that is not to be kept.
#[must_use]
pub fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to anything but `GET` and `HEAD`.
#[must_use]
pub fn wrong_method() -> Response<Body> {
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "This is read with GET or HEAD.\n");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// Whether the name holds a hash of the content, as Trunk writes it: `app-0123456789abcdef.js`,
/// `app-0123456789abcdef_bg.wasm`. The hash is a number without leading zeros, so a few digits may be missing.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(name, hash)| {
        !name.is_empty()
            && (12..=64).contains(&hash.len())
            && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_hash_in_a_name() {
        for name in [
            "/certquote-0123456789abcdef.js",
            "/certquote-widget-0123456789abcdef_bg.wasm",
            "/a/style-fedcba9876543210.css",
            "/x-123456789abcd.js.map",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in [
            "/",
            "/index.html",
            "/certquote.js",
            "/certquote-widget.js",
            "/a-decade.css",
            "/a-0123456789ABCDEF.js",
            "/-0123456789abcdef.js",
            "/x-0123456789abcdef/inline0.js",
        ] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
