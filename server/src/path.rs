//! Clean paths. Below `/api/` only the plainest bytes pass, so that no decoding of any server behind us can turn a path
//! into another one; static files may be percent-encoded, but not into a separator, a dot segment or a control.

use percent_encoding::percent_decode_str;

/// Whether a path below `/api/` consists of plain segments only.
#[must_use]
pub fn is_clean_api(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| {
        rest.split('/').enumerate().all(|(index, segment)| {
            // One trailing slash is clean, though no route has it.
            (!segment.is_empty() || rest.split('/').count() == index + 1)
                && segment != "."
                && segment != ".."
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        })
    })
}

/// Whether the path of a static file names one below the folder, however it is decoded.
#[must_use]
pub fn is_clean_static(path: &str) -> bool {
    let Ok(decoded) = percent_decode_str(path).decode_utf8() else { return false };
    path.starts_with('/')
        && decoded.matches('/').count() == path.matches('/').count()
        && !decoded.contains("//")
        && !decoded.contains(['\\', '%', ':'])
        && !decoded.chars().any(char::is_control)
        && decoded.split('/').all(|segment| !segment.starts_with('.'))
        && !has_broken_escape(path)
}

fn has_broken_escape(path: &str) -> bool {
    path.split('%')
        .skip(1)
        .any(|rest| !rest.as_bytes().get(..2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)))
}

/// Whether a path belongs to the APIs, clean or not: what looks like it is never taken for a file.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_api_paths_are_clean() {
        for path in [
            "/api/digicert/finance/balance",
            "/api/digicert/account/subaccount/12/balance",
            "/api/",
            "/api/a/",
        ] {
            assert!(is_clean_api(path), "{path}");
        }
    }

    #[test]
    fn no_api_path_can_mean_another() {
        for path in [
            "",
            "*",
            "api",
            "//api/digicert",
            "/api//digicert",
            "/api/./a",
            "/api/../a",
            "/api/digicert/..",
            "/api/a//",
            "/api/%2e%2e/a",
            "/api/a%2fb",
            "/api/a%2Fb",
            "/api/a%00",
            "/api/a%0d%0aX",
            "/api/a\0",
            "/api/a\r\n",
            "/api/a;b=c",
            "/api/a\\b",
            "/api/a b",
            "/api/ä",
            "/api/a%",
            "/api/a:b",
            "/api/a@b",
            "/api/a|b",
            "/api/a~",
            "/api/%61",
        ] {
            assert!(!is_clean_api(path), "{path:?}");
        }
    }

    #[test]
    fn static_paths_stay_below_the_folder() {
        for path in ["/", "/index.html", "/a%20b.css", "/snippets/x-1/y.js", "/%C3%A4.svg"] {
            assert!(is_clean_static(path), "{path}");
        }
        for path in [
            "",
            "*",
            "//a",
            "/a//b",
            "/../a",
            "/a/..",
            "/./a",
            "/%2e%2e/a",
            "/.%2e/a",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%0d%0a",
            "/.git/config",
            "/a%zz",
            "/a%2",
            "/%252e%252e/a",
            "/%ff",
            "/c:/a",
            "/%2fetc/passwd",
        ] {
            assert!(!is_clean_static(path), "{path:?}");
        }
    }
}
