//! Where the names are in a text.

use std::ops::Range;

/// What stands in front of a name in lists of subject alternative names, as printed by OpenSSL, Windows and Java. Lower-case.
const PREFIXES: [&str; 18] = [
    "subjectaltname=",
    "x509v3 subject alternative name:",
    "subject alternative name:",
    "subject alternative name=",
    "dns name=",
    "dns name:",
    "dnsname=",
    "dnsname:",
    "dns=",
    "dns:",
    "ip address=",
    "ip address:",
    "ip=",
    "ip:",
    "uri=",
    "uri:",
    "cn = ",
    "cn=",
];

const LONGEST_PREFIX: usize = 32;

/// Ends a name wherever it stands. Marks without width and marks of writing direction come along when text is copied.
fn separates(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '`' | '<' | '>' | '“' | '”' | '„' | '«' | '»' | '‹' | '›')
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Ends a name too, but may stand in the path of a URL.
fn separates_outside_paths(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '(' | ')' | '{' | '}')
        || matches!(c, '，' | '；' | '、' | '،' | '؛' | '（' | '）' | '【' | '】' | '「' | '」')
}

/// Stands around a name without being part of it.
fn wraps(c: char) -> bool {
    matches!(
        c,
        '\'' | '‘'
            | '’'
            | '['
            | ']'
            | '•'
            | '·'
            | '‣'
            | '▪'
            | '◦'
            | '●'
            | '○'
            | '■'
            | '□'
            | '–'
            | '—'
    )
}

/// The names in `text` between the bounds of `within`, in order.
pub(super) fn tokens(text: &str, within: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let text = text.get(..within.end).unwrap_or_default();
    Tokens { text, position: within.start, line_start: true }
}

struct Tokens<'a> {
    text: &'a str,
    position: usize,
    /// Only separators so far on this line.
    line_start: bool,
}

impl<'a> Tokens<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn skip_separators(&mut self) {
        let rest = self.rest();
        for (offset, c) in rest.char_indices() {
            if c.is_ascii_alphanumeric() || !(separates(c) || separates_outside_paths(c)) {
                self.position += offset;
                return;
            }
            self.line_start |= matches!(c, '\n' | '\r');
        }
        self.position = self.text.len();
    }
}

impl Iterator for Tokens<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            self.skip_separators();
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if let Some(length) = prefix_length(rest) {
                self.position += length;
                continue;
            }
            let length = token_length(rest);
            let (token, behind) = rest.split_at_checked(length)?;
            let start = self.position;
            self.position += length;
            if self.line_start && marks_list_item(token, behind) {
                continue;
            }
            let Some(inner) = unwrapped(token) else { continue };
            self.line_start = false;
            return Some(start + inner.start..start + inner.end);
        }
    }
}

fn prefix_length(rest: &str) -> Option<usize> {
    // Most texts have no such prefix, and then this is all that it costs.
    let starts_like_one = rest.starts_with(['c', 'C', 'd', 'D', 'i', 'I', 's', 'S', 'u', 'U', 'x', 'X']);
    if !starts_like_one || !rest.bytes().take(LONGEST_PREFIX).any(|byte| matches!(byte, b':' | b'=')) {
        return None;
    }
    PREFIXES
        .iter()
        .find(|prefix| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
        .map(|prefix| prefix.len())
}

/// How far the token at the start of `rest` reaches; at least one character.
///
/// Inside the path of a full URL a comma or bracket belongs to the path, unless the path is a mere `/` or another URL follows.
fn token_length(rest: &str) -> usize {
    let mut path_start: Option<usize> = None;
    // Behind the slashes of `scheme://`.
    let mut authority_start = 0;
    for (offset, c) in rest.char_indices() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') {
            continue;
        }
        if separates(c) {
            return offset;
        }
        if separates_outside_paths(c) {
            let behind = rest.get(offset + c.len_utf8()..).unwrap_or_default();
            match path_start {
                Some(path) if authority_start > 0 && offset > path + 1 && !starts_with_scheme(behind) => {}
                _ => return offset,
            }
        }
        if path_start.is_none() && matches!(c, '/' | '\\' | '?' | '#') {
            let opens_authority = match c {
                '/' if rest.get(..offset).is_some_and(|scheme| scheme.ends_with(':')) => true,
                '/' | '\\' => offset == authority_start,
                _ => false,
            };
            if opens_authority {
                authority_start = offset + 1;
            } else {
                path_start = Some(offset);
            }
        }
    }
    rest.len()
}

fn starts_with_scheme(text: &str) -> bool {
    let name = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    name.starts_with("://") && name.len() < text.len()
}

/// Whether a token that opens a line is a bullet or a number in front of a list's item.
fn marks_list_item(token: &str, behind: &str) -> bool {
    let is_number =
        |text: &str| (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if token == "*" || token.strip_suffix('.').is_some_and(is_number) {
        let item = behind.trim_start_matches([' ', '\t', '\u{a0}']);
        item.len() < behind.len() && !item.is_empty() && !item.starts_with(['\n', '\r'])
    } else {
        is_number(token) && behind.starts_with(')')
    }
}

/// The part of a token that is more than wrapping; `None` for rules, arrows and lone bullets.
fn unwrapped(token: &str) -> Option<Range<usize>> {
    let from_start = token.trim_start_matches(wraps);
    let start = token.len() - from_start.len();
    let inner = from_start.trim_end_matches(wraps);
    if inner.chars().all(|c| matches!(c, '-' | '=' | '+')) {
        return None;
    }
    // `[2001:db8::1]:443` keeps the bracket that belongs to it.
    let bracket = token.get(..start).is_some_and(|cut| cut.ends_with('['))
        && inner.contains(']')
        && !inner.contains('[');
    Some(start - usize::from(bracket)..start + inner.len())
}
