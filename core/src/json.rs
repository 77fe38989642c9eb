//! JSON as the two APIs really send it: lenient about types that drift, strict about money, exact about digits.
//!
//! [`Reader`] takes a document apart, [`FromJson`] says what a type makes of a value, [`decode`] reads a whole body.
//! Numbers are read from the text of the document and never pass through a float. Unknown members are ignored; a
//! known member that occurs twice is an error, because two amounts for one name leave no right one to pick.

use std::fmt;

mod reader;
mod value;

pub use reader::{Fault, Reader, Scalar};
pub use value::{
    AmountOrBlank, Count, Flag, FromJson, Int64, Member, Slot, Text, Via, optional, required, via,
};

/// The longest excerpt, in characters.
const EXCERPT_CHARS: usize = 120;
/// How much of the excerpt of a long document lies before the place of the error.
const EXCERPT_LEAD: usize = 48;

/// What kept a body from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeErrorKind {
    /// Nothing but white space.
    Empty,
    /// Not UTF-8.
    NotText,
    /// It ends before the document does.
    Truncated,
    /// Not JSON: HTML, a trailing comma, nesting without end.
    Syntax,
    /// JSON, but not of the documented shape.
    Shape,
    /// The figures are readable and leave the range in which they can be added exactly.
    Range,
}

/// Why a body could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The sort of trouble.
    pub kind: DecodeErrorKind,
    /// The trouble in words for an engineer.
    pub detail: String,
    /// The JSON path of the value at fault, e.g. `$.fqdns.units`; where the document itself is broken, that of the
    /// last value that begins before the break.
    pub path: String,
    /// The text around it: at most 120 characters, control characters replaced by blanks.
    pub excerpt: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        f.write_str(" at ")?;
        f.write_str(&self.path)
    }
}

impl std::error::Error for DecodeError {}

impl DecodeError {
    fn new(kind: DecodeErrorKind, detail: &str, path: &str, excerpt: String) -> Self {
        Self { kind, detail: detail.to_owned(), path: path.to_owned(), excerpt }
    }

    /// The error of a required member that is not there.
    pub fn missing(body: &[u8], path: &str) -> Self {
        Self::new(DecodeErrorKind::Shape, "missing", path, excerpt(body))
    }

    /// The error of figures that cannot be added exactly.
    pub fn out_of_range(path: &str) -> Self {
        Self::new(DecodeErrorKind::Range, "the sum leaves the exact range", path, String::new())
    }

    fn at_fault(text: &str, fault: &Fault) -> Self {
        let path = ["$", fault.path()].concat();
        Self::new(fault.kind(), fault.detail(), &path, excerpt_around(text, fault.offset()))
    }
}

/// Reads a body that holds one value.
///
/// ```
/// use certquote_core::amount::Amount;
/// use certquote_core::json;
///
/// let amounts: Vec<Amount> = json::decode(br#"[782.10, "0.00"]"#)?;
/// assert_eq!(amounts.first().map(ToString::to_string).as_deref(), Some("782.10"));
/// assert_eq!(json::decode::<Vec<Amount>>(b"[1, true]").unwrap_err().path, "$[1]");
/// # Ok::<(), json::DecodeError>(())
/// ```
///
/// # Errors
/// [`DecodeError`] when the body is anything else than one JSON value of that shape.
pub fn decode<'a, T: FromJson<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    decode_with(body, T::read)
}

/// Like [`decode`], with a function that says what to do with the value.
///
/// # Errors
/// [`DecodeError`], as [`decode`].
pub fn decode_with<'a, T>(
    body: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Fault>,
) -> Result<T, DecodeError> {
    let text = text_of(body)?;
    let mut reader = Reader::new(text);
    let value = read(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|fault| DecodeError::at_fault(text, &fault))
}

/// The body as text, without a byte order mark.
fn text_of(body: &[u8]) -> Result<&str, DecodeError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    std::str::from_utf8(body).map_err(|error| {
        let (valid, _) = body.split_at(error.valid_up_to());
        let mut reader = Reader::new(std::str::from_utf8(valid).unwrap_or_default());
        // The text before the first wrong byte breaks off, which tells where that is.
        let path = reader.skip().err().map_or_else(String::new, |fault| fault.path().to_owned());
        DecodeError::new(DecodeErrorKind::NotText, "invalid UTF-8", &["$", &path].concat(), excerpt(body))
    })
}

/// The beginning of a body as a short, clean text.
#[must_use]
pub fn excerpt(body: &[u8]) -> String {
    // A character takes at most 4 bytes; white space may be dropped, so some more is looked at.
    let head = body.get(..body.len().min(EXCERPT_CHARS * 8)).unwrap_or_default();
    clean(&String::from_utf8_lossy(head), EXCERPT_CHARS)
}

fn excerpt_around(text: &str, offset: usize) -> String {
    let from = text.floor_char_boundary(offset.saturating_sub(EXCERPT_LEAD));
    let to = text.floor_char_boundary(from.saturating_add(EXCERPT_CHARS * 8).min(text.len()));
    clean(text.get(from..to).unwrap_or_default(), EXCERPT_CHARS)
}

/// At most `limit` characters of `text`, each run of white space and control characters as one blank.
#[must_use]
pub fn clean(text: &str, limit: usize) -> String {
    let mut cleaned = String::new();
    let mut count = 0;
    for character in text.chars() {
        let blank = character.is_whitespace() || character.is_control() || is_invisible(character);
        if blank && (cleaned.is_empty() || cleaned.ends_with(' ')) {
            continue;
        }
        if count == limit {
            break;
        }
        cleaned.push(if blank { ' ' } else { character });
        count += 1;
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Characters that turn or hide the text around them.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
