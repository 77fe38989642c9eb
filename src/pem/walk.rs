//! Through the DER of a certificate request (RFC 2986) or a certificate (RFC 5280) to the names in it.
//!
//! Nothing here calls itself, so that no nesting can exhaust the stack, and every value is read whole before it is looked into:
//! a wrong length anywhere on the way is an error, not a shorter list.

use der::asn1::AnyRef;
use der::{Reader, SliceReader, Tag, Tagged};

use super::{Found, Why};

/// `id-at-commonName`.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// `id-ce-subjectAltName`.
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1D, 0x11];
/// `id-ce-basicConstraints`.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
/// `extensionRequest` (RFC 2985 5.4.2).
const EXTENSION_REQUEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E];
/// The same by Microsoft's own number (`szOID_RSA_certExtensions`), as old requests of Windows have it.
const EXTENSION_REQUEST_WINDOWS: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0E];

type Take<'f, 'a> = &'f mut dyn FnMut(AnyRef<'a>) -> Option<()>;

/// Hands every value in `bytes` on; `None` as soon as one cannot be read or is not taken.
fn each<'a>(bytes: &'a [u8], take: Take<'_, 'a>) -> Option<()> {
    let mut reader = SliceReader::new(bytes).ok()?;
    while !reader.is_finished() {
        take(reader.decode().ok()?)?;
    }
    Some(())
}

/// The contents of the value that `bytes` begin with, if it is a sequence. `TRUSTED CERTIFICATE` has more behind it.
fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    contents(SliceReader::new(bytes).ok()?.decode().ok()?)
}

fn contents(value: AnyRef<'_>) -> Option<&[u8]> {
    (value.tag() == Tag::Sequence).then(|| value.value())
}

/// The first and the last of the values in a sequence, of which the first is an object identifier.
fn pair(value: AnyRef<'_>) -> Option<(&[u8], AnyRef<'_>)> {
    let (mut first, mut last) = (None, None);
    each(contents(value)?, &mut |value| {
        match first {
            None => first = Some(value),
            Some(_) => last = Some(value),
        }
        Some(())
    })?;
    let first = first.filter(|first| first.tag() == Tag::ObjectIdentifier)?;
    Some((first.value(), last?))
}

/// What one request or certificate says.
#[derive(Default)]
struct Subject<'a> {
    common_names: Vec<AnyRef<'a>>,
    alternative: Option<&'a [u8]>,
    is_authority: bool,
}

/// Adds the names of one request or certificate; `None` if it is none, or too much is found.
pub(super) fn read(der: &[u8], is_request: bool, found: &mut Found) -> Option<()> {
    let mut info = None;
    each(sequence(der)?, &mut |value| {
        info = info.or(Some(value));
        Some(())
    })?;
    let mut subject = Subject::default();
    // Of the sequences in front of the subject a request has none, a certificate those of algorithm, issuer and validity.
    let (place, mut sequences) = (if is_request { 1 } else { 4 }, 0);
    each(contents(info?)?, &mut |value| {
        match value.tag() {
            Tag::Sequence => {
                sequences += 1;
                if sequences == place {
                    return common_names(value.value(), &mut subject);
                }
            }
            tag if tag.is_context_specific() && tag.is_constructed() => {
                match (is_request, tag.number().value()) {
                    (true, 0) => return attributes(value.value(), &mut subject),
                    (false, 3) => return extensions(sequence(value.value())?, &mut subject),
                    _ => {}
                }
            }
            _ => {}
        }
        Some(())
    })?;
    // Subject and key of a request, and the four of a certificate with its key.
    if sequences != place + 1 {
        return None;
    }
    subject.tell(found)
}

/// A distinguished name: sets of pairs.
fn common_names<'a>(name: &'a [u8], subject: &mut Subject<'a>) -> Option<()> {
    each(name, &mut |set| {
        each(set.value(), &mut |value| {
            // The text may be of a kind that the reader does not know (UniversalString); then only that one is passed over.
            if let Some((COMMON_NAME, text)) = pair(value) {
                subject.common_names.push(text);
            }
            Some(())
        })
    })
}

fn attributes<'a>(attributes: &'a [u8], subject: &mut Subject<'a>) -> Option<()> {
    each(attributes, &mut |attribute| match pair(attribute)? {
        (EXTENSION_REQUEST | EXTENSION_REQUEST_WINDOWS, values) => {
            each(values.value(), &mut |value| extensions(contents(value)?, subject))
        }
        _ => Some(()),
    })
}

fn extensions<'a>(list: &'a [u8], subject: &mut Subject<'a>) -> Option<()> {
    each(list, &mut |extension| {
        let (id, value) = pair(extension)?;
        match id {
            ALTERNATIVE_NAMES => subject.alternative = Some(sequence(value.value())?),
            BASIC_CONSTRAINTS => each(sequence(value.value())?, &mut |value| {
                subject.is_authority |= value.tag() == Tag::Boolean && value.value() != [0];
                Some(())
            })?,
            _ => {}
        }
        Some(())
    })
}

impl Subject<'_> {
    fn tell(&self, found: &mut Found) -> Option<()> {
        // A server's certificate that signed itself is often marked as an authority too; it names its hosts.
        let is_authority = self.is_authority && self.alternative.is_none();
        for name in &self.common_names {
            let text = text_of(*name);
            match text {
                Some(text) if is_authority => found.leave_out(&text, Why::Authority)?,
                Some(text) if is_host(&text) => found.add(text)?,
                Some(text) => found.leave_out(&text, Why::NoHost)?,
                None => found.leave_out("", Why::Unreadable)?,
            }
        }
        each(self.alternative.unwrap_or_default(), &mut |name| alternative(name, found))
    }
}

/// One `GeneralName` (RFC 5280 4.2.1.6).
fn alternative(name: AnyRef<'_>, found: &mut Found) -> Option<()> {
    let tag = name.tag();
    let bytes = name.value();
    let number = tag.is_context_specific().then(|| tag.number().value())?;
    let text = latin(bytes);
    match number {
        2 if text.is_ascii() && is_host(&text) => found.add(text),
        2 => found.leave_out(&text, Why::Unreadable),
        1 => found.leave_out(&text, Why::Email),
        6 => found.leave_out(&text, Why::Uri),
        7 => match *bytes {
            [_, _, _, _] => found.add(address(bytes)),
            _ => found.leave_out(&address(bytes), Why::Address),
        },
        _ => found.leave_out("", Why::OtherKind),
    }
}

/// Whether a text could be a host: it is then judged as if it had been typed.
fn is_host(text: &str) -> bool {
    let splits =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '@' | '/' | '"' | '(' | ')');
    !text.is_empty() && text.len() <= 1_000 && !text.contains(splits)
}

/// A text of any of the kinds that names are written in.
fn text_of(value: AnyRef<'_>) -> Option<String> {
    let bytes = value.value();
    match value.tag() {
        Tag::BmpString => {
            let mut units = Vec::new();
            for unit in bytes.chunks(2) {
                units.push(u16::from_be_bytes(unit.try_into().ok()?));
            }
            String::from_utf16(&units).ok()
        }
        Tag::Utf8String => String::from_utf8(bytes.to_vec()).ok(),
        Tag::PrintableString
        | Tag::TeletexString
        | Tag::Ia5String
        | Tag::VisibleString
        | Tag::NumericString => Some(latin(bytes)),
        _ => None,
    }
}

/// ASCII, and what programs write beyond it where only ASCII is allowed.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// `192.0.2.1`, and anything else in groups of hexadecimal digits.
fn address(bytes: &[u8]) -> String {
    let mut text = String::new();
    let is_v4 = bytes.len() == 4;
    for (place, &byte) in bytes.iter().enumerate() {
        if place > 0 && (is_v4 || place % 2 == 0) {
            text.push(if is_v4 { '.' } else { ':' });
        }
        if is_v4 {
            for (least, weight) in [(100, 100), (10, 10), (0, 1)] {
                if byte >= least {
                    text.push(char::from(b'0' + byte / weight % 10));
                }
            }
        } else {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
    }
    text
}
