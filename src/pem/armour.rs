//! PEM blocks (RFC 7468) as they come out of clipboards: with other text around them, indented, on one line, or with the line
//! ends written out as `\n`.

use super::PemProblem;
use crate::find::split_once;

pub(super) const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) body: &'a str,
}

/// The next block of `rest`, which goes on behind it.
///
/// # Errors
/// `Unfinished` for a block without an end.
pub(super) fn next<'a>(rest: &mut &'a str) -> Result<Option<Block<'a>>, PemProblem> {
    let Some((_, after)) = split_once(rest, BEGIN) else { return Ok(None) };
    let block = split_once(after, DASHES).and_then(|(label, after)| {
        let (body, after) = split_once(after, END)?;
        // The label of the end is not compared: another one would mean a block in a block, and the DER tells.
        let (_, after) = split_once(after, DASHES)?;
        Some((Block { label: label.trim(), body }, after))
    });
    let (block, after) = block.ok_or(PemProblem::Unfinished)?;
    *rest = after;
    Ok(Some(block))
}

/// The bytes of a body in Base64; `None` for anything else.
pub(super) fn decode(body: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut padding = 0;
    let mut characters = body.bytes();
    while let Some(byte) = characters.next() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            b'\\' if matches!(characters.next(), Some(b'n' | b'r')) => continue,
            _ if byte.is_ascii_whitespace() => continue,
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            // The eight highest of the bits that are left.
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    // What is left of the last group: nothing, or the four or two bits that padding stands for.
    let expected = match count {
        0 => 0,
        4 => 2,
        2 => 1,
        _ => return None,
    };
    (padding == 0 || padding == expected).then_some(bytes)
}
