//! From a piece of text to the host in it, and from the host to the form that a certificate holds.

use std::borrow::Cow;

use super::{NameProblem, ToAscii};

/// More characters than any spelling of a valid name has.
const MAX_TYPED: usize = 253;

/// Cuts a URL, or what looks like a part of one, down to its host.
///
/// # Errors
/// What it is instead of a host, with as much of it as was understood.
pub(super) fn extract(token: &str) -> Result<&str, (&str, NameProblem)> {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'*');
    if token.bytes().all(is_plain) {
        return Ok(token);
    }
    // Markdown escapes the star.
    let token = token.strip_prefix('\\').filter(|rest| rest.starts_with('*')).unwrap_or(token);
    let behind_scheme = strip_scheme(token);
    let rest = behind_scheme.unwrap_or(token);
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host = match authority.rsplit_once('@') {
        None => authority,
        Some((_, host)) if behind_scheme.is_some() => host,
        Some(_) => return Err((authority, NameProblem::Email)),
    };
    if is_ipv6(host) {
        return Err((host, NameProblem::Ipv6));
    }
    let host = match host.split_once(':') {
        None => host,
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return Err((host, NameProblem::BadCharacter(':'))),
    };
    if host.is_empty() {
        return Err((host, NameProblem::NoHost));
    }
    if behind_scheme.is_none() && is_prefix_length(path) && host.parse::<std::net::Ipv4Addr>().is_ok() {
        return Err((host, NameProblem::IpRange));
    }
    Ok(host)
}

/// What follows `scheme://`, `//` or `\\`.
fn strip_scheme(token: &str) -> Option<&str> {
    if let Some(share) = token.strip_prefix(r"\\") {
        return Some(share);
    }
    let (scheme, slashes) = token.split_at_checked(token.find('/')?)?;
    let rest = slashes.strip_prefix("//")?;
    let is_scheme = match scheme.strip_suffix(':') {
        Some(name) => {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        }
        None => scheme.is_empty(),
    };
    is_scheme.then_some(rest)
}

/// Any spelling of an IPv6 address: with brackets, port, zone or an IPv4 tail.
fn is_ipv6(host: &str) -> bool {
    let address = host.split('%').next().unwrap_or_default();
    address.bytes().filter(|&byte| byte == b':').count() >= 2
        && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'[' | b']'))
}

/// `/24`.
fn is_prefix_length(path: &str) -> bool {
    path.strip_prefix('/')
        .is_some_and(|bits| (1..=2).contains(&bits.len()) && bits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The host in lower-case A-labels, without the dot that may close it.
///
/// # Errors
/// Why a host that is not ASCII cannot be written in A-labels.
pub(super) fn normalise<'a>(host: &'a str, to_ascii: ToAscii<'_>) -> Result<Cow<'a, str>, NameProblem> {
    if host.is_ascii() {
        let host = host.strip_suffix('.').unwrap_or(host);
        let folded = host.bytes().any(|byte| byte.is_ascii_uppercase());
        return Ok(if folded { Cow::Owned(host.to_ascii_lowercase()) } else { Cow::Borrowed(host) });
    }
    // The star is no part of any internationalised name.
    let base = host.strip_prefix(['*', '＊']).and_then(|rest| rest.strip_prefix(['.', '。', '．', '｡']));
    let unicode = base.unwrap_or(host);
    let length = unicode.chars().count();
    if length > MAX_TYPED {
        return Err(NameProblem::NameTooLong { length });
    }
    // Only letters reach the conversion, so that nothing in the host can end it early.
    let ascii_only = |c: &char| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.');
    match unicode.chars().find(ascii_only) {
        None => {}
        Some('_') => return Err(NameProblem::Underscore),
        Some('*') if unicode.split('.').next().is_some_and(|label| label.contains('*')) && base.is_none() => {
            return Err(NameProblem::PartialWildcard);
        }
        Some('*') => return Err(NameProblem::WildcardNotLeftmost),
        Some(c) => return Err(NameProblem::BadCharacter(c)),
    }
    let mut name =
        to_ascii(unicode).filter(|name| name.is_ascii() && !name.is_empty()).ok_or(NameProblem::NotIdn)?;
    name.make_ascii_lowercase();
    if name.ends_with('.') {
        name.pop();
    }
    if base.is_some() {
        name.insert_str(0, "*.");
    }
    Ok(Cow::Owned(name))
}
