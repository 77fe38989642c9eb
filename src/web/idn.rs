//! Internationalised names by the browser's own `URL`, which already holds the tables of UTS #46.

/// The A-labels of a host that is not ASCII, as a URL of this browser would carry them; `None` if it would not.
///
/// ```no_run
/// assert_eq!(certquote::web::idn::to_ascii("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
/// ```
#[must_use]
pub fn to_ascii(host: &str) -> Option<String> {
    let (wildcard, host) = match host.strip_prefix("*.") {
        Some(rest) => ("*.", rest),
        None => ("", host),
    };
    // Characters that end or reshape a host inside a URL would otherwise vanish silently.
    if host.contains(['/', '\\', '?', '#', '@', ':', '%', '[', ']']) {
        return None;
    }
    let ascii = web_sys::Url::new(&["http://", host].concat()).ok()?.hostname();
    (!ascii.is_empty()).then(|| [wildcard, &ascii].concat())
}
