//! What makes a name well-formed, whatever the product: letters, digits and hyphens in labels of 63 in a name of 253.

use std::net::Ipv4Addr;

use super::{NameKind, NameProblem};

const MAX_LABEL: usize = 63;
const MAX_NAME: usize = 253;

/// Says what a name in lower-case ASCII is, and the first thing that is wrong with it.
pub(super) fn judge(name: &str) -> (NameKind, Option<NameProblem>) {
    if ends_in_number(name) {
        return (NameKind::Ipv4, judge_number(name));
    }
    match name.strip_prefix("*.") {
        Some(base) => (NameKind::Wildcard, wildcard_problem(base).or_else(|| problem(name, base))),
        None if name == "*" => (NameKind::Wildcard, Some(NameProblem::WildcardTooBroad)),
        None => (NameKind::Fqdn, problem(name, name)),
    }
}

fn last_label(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

/// As the URL Standard has it: a last label of digits, or `0x` and hexadecimal digits, makes an address of the whole.
fn ends_in_number(name: &str) -> bool {
    let last = last_label(name);
    let all = |text: &str, is_digit: fn(&u8) -> bool| text.bytes().all(|byte| is_digit(&byte));
    !last.is_empty()
        && (all(last, u8::is_ascii_digit)
            || last.strip_prefix("0x").is_some_and(|hexadecimal| all(hexadecimal, u8::is_ascii_hexdigit)))
}

/// `Ipv4Addr` reads four decimal numbers without leading zeros, and nothing else.
fn judge_number(name: &str) -> Option<NameProblem> {
    if name.parse::<Ipv4Addr>().is_ok() {
        None
    } else if name.contains('.') && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        Some(NameProblem::BadIpv4)
    } else {
        Some(NameProblem::NumericTld { label: last_label(name).to_owned() })
    }
}

fn wildcard_problem(base: &str) -> Option<NameProblem> {
    if base.contains('*') {
        Some(NameProblem::WildcardNotLeftmost)
    } else if base.contains('.') {
        None
    } else {
        Some(NameProblem::WildcardTooBroad)
    }
}

/// `labels` is the name without the star of a wildcard.
fn problem(name: &str, labels: &str) -> Option<NameProblem> {
    labels
        .split('.')
        .enumerate()
        .find_map(|(place, label)| label_problem(place, label))
        .or_else(|| (name.len() > MAX_NAME).then_some(NameProblem::NameTooLong { length: name.len() }))
}

fn label_problem(place: usize, label: &str) -> Option<NameProblem> {
    if label.is_empty() {
        return Some(NameProblem::EmptyLabel);
    }
    let is_ldh = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !label.bytes().all(is_ldh) {
        return Some(match label.chars().find(|&c| !u8::try_from(c).is_ok_and(is_ldh)) {
            Some('*') if place == 0 && label != "*" => NameProblem::PartialWildcard,
            Some('*') => NameProblem::WildcardNotLeftmost,
            Some(c) if c != '_' => NameProblem::BadCharacter(c),
            _ => NameProblem::Underscore,
        });
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Some(NameProblem::HyphenAtEdge { label: label.to_owned() });
    }
    if label.len() > MAX_LABEL {
        return Some(NameProblem::LabelTooLong { label: label.to_owned() });
    }
    label.strip_prefix("xn--").and_then(|encoded| a_label_problem(label, encoded))
}

/// The hyphen rules hold for the decoded label too (RFC 5891 4.2.3.1). Whether its characters may stand in a name is left to
/// the CA.
fn a_label_problem(label: &str, encoded: &str) -> Option<NameProblem> {
    match decode(encoded) {
        Some(decoded) if decoded.first() == Some(&'-') || decoded.last() == Some(&'-') => {
            Some(NameProblem::HyphenAtEdge { label: decoded.into_iter().collect() })
        }
        Some(decoded) if decoded.get(2..4) != Some(&['-', '-']) => None,
        _ => Some(NameProblem::BadPunycode { label: label.to_owned() }),
    }
}

/// The decoder of RFC 3492 6.2 for the part behind `xn--`, which must hold at least one character beyond ASCII.
fn decode(encoded: &str) -> Option<Vec<char>> {
    let (basic, digits) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut decoded: Vec<char> = basic.chars().collect();
    let (mut code_point, mut place, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = digits.bytes().peekable();
    digits.peek()?;
    while digits.peek().is_some() {
        let (mut delta, mut weight, mut k) = (0_u32, 1_u32, 36_u32);
        loop {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                number @ b'0'..=b'9' => u32::from(number - b'0') + 26,
                _ => return None,
            };
            delta = digit.checked_mul(weight).and_then(|step| delta.checked_add(step))?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let length = u32::try_from(decoded.len()).ok()? + 1;
        let is_first = length as usize == basic.len() + 1;
        bias = adapted(delta, length, is_first);
        let position = place.checked_add(delta)?;
        code_point = code_point.checked_add(position / length)?;
        let index = position % length;
        decoded.insert(index as usize, char::from_u32(code_point)?);
        place = index + 1;
    }
    Some(decoded)
}

/// The bias adaptation of RFC 3492 6.1.
fn adapted(delta: u32, length: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}
