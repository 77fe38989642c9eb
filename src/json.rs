//! JSON as the two APIs really send it: lenient about types that drift, strict about money, exact about digits.
//!
//! Numbers are read from the text of the document and never pass through a float. Unknown members are ignored; a
//! known member that occurs twice is an error, because two amounts for one name leave no right one to pick.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::amount::Amount;

mod path;

pub use path::{Place, path_at};

/// The longest excerpt, in characters.
const EXCERPT_CHARS: usize = 120;
/// How much of the excerpt of a long document lies before the place of the error.
const EXCERPT_LEAD: usize = 48;
/// The largest whole number that JavaScript holds exactly.
const MAX_COUNT: u64 = (1 << 53) - 1;

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
    /// The JSON path of the value at fault, e.g. `$.fqdns.units`.
    pub path: String,
    /// The text around it: at most 120 characters, control characters replaced by blanks.
    pub excerpt: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.detail, self.path)
    }
}

impl std::error::Error for DecodeError {}

impl DecodeError {
    /// The error of a required member that is not there.
    pub(crate) fn missing(body: &[u8], path: &str) -> Self {
        Self {
            kind: DecodeErrorKind::Shape,
            detail: "missing".to_owned(),
            path: path.to_owned(),
            excerpt: excerpt(body),
        }
    }

    /// The error of figures that cannot be added exactly.
    pub(crate) fn out_of_range(path: &str) -> Self {
        Self {
            kind: DecodeErrorKind::Range,
            detail: "the sum leaves the exact range".to_owned(),
            path: path.to_owned(),
            excerpt: String::new(),
        }
    }

    fn from_json(text: &str, error: &serde_json::Error) -> Self {
        use serde_json::error::Category;

        let mut detail = error.to_string();
        if let Some(place) = detail.rfind(" at line ") {
            detail.truncate(place);
        }
        let offset = offset_of(text, error.line(), error.column());
        let missing = detail.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
        let untouched = ["invalid type: map", "invalid type: sequence", "duplicate field"];
        let place = match missing {
            Some(name) => Place::Missing(name),
            None if untouched.iter().any(|start| detail.starts_with(start)) => Place::Next,
            None => Place::Begun,
        };
        let path = path_at(text, offset, place);
        let kind = match error.classify() {
            Category::Eof if text.trim().is_empty() => DecodeErrorKind::Empty,
            Category::Eof => DecodeErrorKind::Truncated,
            Category::Data => DecodeErrorKind::Shape,
            Category::Syntax | Category::Io => DecodeErrorKind::Syntax,
        };
        // A hostile value may be quoted in the message of the parser.
        let detail = clean(&detail, EXCERPT_CHARS);
        Self { kind, detail, path, excerpt: excerpt_around(text, offset) }
    }
}

/// Reads a document whose root is an object.
///
/// # Errors
/// [`DecodeError`] when the body is anything else than one JSON object of that shape.
pub fn decode<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, DecodeError> {
    decode_seed(body, PhantomData::<Object<T>>).map(|object| object.0)
}

/// Like [`decode`], with a seed that says what to do with the document.
///
/// # Errors
/// [`DecodeError`], as [`decode`].
pub fn decode_seed<'de, S: DeserializeSeed<'de>>(body: &'de [u8], seed: S) -> Result<S::Value, DecodeError> {
    let text = text_of(body)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    seed.deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| DecodeError::from_json(text, &error))
}

/// The body as text, without a byte order mark.
fn text_of(body: &[u8]) -> Result<&str, DecodeError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    std::str::from_utf8(body).map_err(|error| {
        let (valid, _) = body.split_at(error.valid_up_to());
        let before = std::str::from_utf8(valid).unwrap_or_default();
        DecodeError {
            kind: DecodeErrorKind::NotText,
            detail: "invalid UTF-8".to_owned(),
            path: path_at(before, before.len(), Place::Begun),
            excerpt: excerpt(body),
        }
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
pub(crate) fn clean(text: &str, limit: usize) -> String {
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
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The byte offset of a place that the parser gave as a line and a count of bytes, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before.saturating_add(column).min(text.len())
}

/// A value that is written as a JSON object. What serde derives for a struct would also take an array, and so read
/// `["454.00", "USD"]` as a balance.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// For `deserialize_with`: an object, and nothing that merely looks like one.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|object| object.0)
}

/// For `deserialize_with`: an object, or `null`.
pub(crate) fn optional_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::<Object<T>>::deserialize(deserializer).map(|object| object.map(|object| object.0))
}

/// For `deserialize_with`: an array of objects, or `null`.
pub(crate) fn optional_objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let objects = Option::<Vec<Object<T>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(objects.into_iter().map(|object| object.0).collect())
}

/// A text, or a number taken as the text it is written with; borrowed from the document where it has no escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Text<'_> {
    /// The text as a string of its own.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        match string_body(raw) {
            Some(text) if !text.contains('\\') => Ok(Self(Cow::Borrowed(text))),
            Some(_) => serde_json::from_str::<String>(raw)
                .map(|text| Self(Cow::Owned(text)))
                .map_err(|_| de::Error::custom("text: a malformed escape")),
            None if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Ok(Self(Cow::Borrowed(raw)))
            }
            None => Err(de::Error::custom("text: neither a string nor a number")),
        }
    }
}

/// What stands between the quotes of a JSON string.
fn string_body(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// For `deserialize_with`: a [`Text`] as a `String`.
pub(crate) fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer).map(Text::into_string)
}

/// For `deserialize_with`: a [`Text`] that says something.
pub(crate) fn filled_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = string(deserializer)?;
    if text.trim().is_empty() { Err(de::Error::custom("text: empty")) } else { Ok(text) }
}

/// For `deserialize_with`: a [`Text`] as a `String`, empty for `null`.
pub(crate) fn string_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<Text<'_>>::deserialize(deserializer).map(|text| text.unwrap_or_default().into_string())
}

/// For `deserialize_with`: an amount, or nothing for `null` and `""`.
pub(crate) fn amount_or_blank<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Amount>, D::Error> {
    let raw = <&'de RawValue>::deserialize(deserializer)?.get();
    match string_body(raw).unwrap_or(raw) {
        "" | "null" => Ok(None),
        text => {
            Amount::parse(text).map(Some).map_err(|error| de::Error::custom(format_args!("amount: {error}")))
        }
    }
}

/// A whole number of things, from a JSON number or string; at most 2^53 − 1, so that JavaScript holds it exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let text = string_body(raw).unwrap_or(raw);
        let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits
            .and_then(|digits| digits.parse().ok())
            .filter(|&count| count <= MAX_COUNT)
            .map(Self)
            .ok_or_else(|| de::Error::custom("count: not a whole number from 0 to 2^53 - 1"))
    }
}

/// A whole number with a sign, from a JSON string or number: the `int64` of Frontier, exact beyond 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int64(pub i64);

impl<'de> Deserialize<'de> for Int64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let text = string_body(raw).unwrap_or(raw);
        // `parse` would take a plus sign as well.
        let plain = Some(text).filter(|text| !text.starts_with('+'));
        plain
            .and_then(|text| text.parse().ok())
            .map(Self)
            .ok_or_else(|| de::Error::custom("amount: not a whole number of 64 bits"))
    }
}

/// Yes or no, however it is written: `true`, `1`, `"1"`, `"true"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        match string_body(raw).unwrap_or(raw) {
            "true" | "1" => Ok(Self(true)),
            "false" | "0" | "" => Ok(Self(false)),
            _ => Err(de::Error::custom("flag: neither true nor false")),
        }
    }
}
