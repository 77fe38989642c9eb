//! A pull reader for JSON as RFC 8259 has it: the caller says what it expects next and gets it, or a [`Fault`].
//!
//! Nothing is kept of what was read. Where an error lies is put together while it travels up through the objects and
//! arrays around it, so that reading without one pays nothing for it.

use std::borrow::Cow;

use super::{DecodeErrorKind, clean};

/// How many objects and arrays may be open at a time: as many as `serde_json` allows.
const MAX_OPEN: usize = 127;
/// Deeper levels are left out of a path.
const MAX_PATH_DEPTH: usize = 32;
/// Longer member names are cut in a path.
const MAX_PATH_NAME: usize = 40;

/// What is wrong with a document, and where. A function that reads passes it on; [`decode`](super::decode) makes a
/// [`DecodeError`](super::DecodeError) of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<Trouble>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Trouble {
    kind: DecodeErrorKind,
    detail: &'static str,
    offset: usize,
    path: String,
}

impl Fault {
    /// The sort of trouble.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// The trouble in words for an engineer.
    #[must_use]
    pub fn detail(&self) -> &'static str {
        self.0.detail
    }

    /// The byte of the document at which it shows.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The path as far as the fault has travelled, without the `$` of the root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The fault as seen from the object or array around it, which is the `depth`th.
    fn inside(mut self, depth: usize, [before, step, after]: [&str; 3]) -> Self {
        if depth <= MAX_PATH_DEPTH {
            self.0.path = [before, step, after, &self.0.path].concat();
        }
        self
    }

    fn inside_member(self, depth: usize, name: &str) -> Self {
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let name = clean(name, MAX_PATH_NAME);
        self.inside(depth, if plain { [".", &name, ""] } else { ["[\"", &name, "\"]"] })
    }
}

/// A value that is neither an object nor an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as the document writes it.
    Number(&'a str),
    /// A string; borrowed from the document where it has no escapes.
    Text(Cow<'a, str>),
}

/// Reads a document from its beginning to its end, value by value.
///
/// ```
/// use certquote_core::json::{Reader, Scalar};
///
/// let mut reader = Reader::new(r#"{"units": 2, "note": ["anything", {}]}"#);
/// let mut units = None;
/// reader.object(&mut |name, reader| match name {
///     "units" => reader.scalar().map(|scalar| units = Some(scalar)),
///     _ => reader.skip(),
/// })?;
/// reader.end()?;
/// assert_eq!(units, Some(Scalar::Number("2")));
/// # Ok::<(), certquote_core::json::Fault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where the last value began.
    began: usize,
    /// How many objects and arrays are open.
    depth: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, began: 0, depth: 0 }
    }

    /// Takes an object: `each` gets the name of each member and has to take its value.
    ///
    /// # Errors
    /// [`Fault`] when the next value is no object, when it is no JSON, and whatever `each` gives.
    pub fn object(
        &mut self,
        each: &mut dyn FnMut(&str, &mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(b'{', "not an object")?;
        let depth = self.depth;
        let mut last = None;
        let result = self.items(b'}', &mut |reader| {
            let name = reader.name()?;
            each(last.insert(name), reader)
        });
        result.map_err(|fault| match &last {
            Some(name) => fault.inside_member(depth, name),
            None => fault,
        })
    }

    /// Takes an array: `each` has to take each of its values.
    ///
    /// # Errors
    /// [`Fault`] when the next value is no array, when it is no JSON, and whatever `each` gives.
    pub fn array(&mut self, each: &mut dyn FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.open(b'[', "not an array")?;
        let depth = self.depth;
        let mut begun = 0_usize;
        let result = self.items(b']', &mut |reader| {
            begun += 1;
            each(reader)
        });
        result.map_err(|fault| match begun.checked_sub(1) {
            Some(index) => fault.inside(depth, ["[", &index.to_string(), "]"]),
            None => fault,
        })
    }

    /// Takes a value that is neither an object nor an array.
    ///
    /// # Errors
    /// [`Fault`] when it is one, or no JSON.
    pub fn scalar(&mut self) -> Result<Scalar<'a>, Fault> {
        match self.begin()? {
            b'"' => self.string().map(Scalar::Text),
            b'-' | b'0'..=b'9' => self.number().map(Scalar::Number),
            b't' => self.literal("true").map(|()| Scalar::Bool(true)),
            b'f' => self.literal("false").map(|()| Scalar::Bool(false)),
            b'n' => self.literal("null").map(|()| Scalar::Null),
            b'{' | b'[' => Err(self.unfit("an object or an array in the place of a plain value")),
            _ => Err(self.malformed("not a JSON value")),
        }
    }

    /// Takes any value and makes sure that it is JSON.
    ///
    /// # Errors
    /// [`Fault`] when it is not.
    pub fn skip(&mut self) -> Result<(), Fault> {
        match self.begin()? {
            b'{' => self.object(&mut |_, reader| reader.skip()),
            b'[' => self.array(&mut Self::skip),
            _ => self.scalar().map(|_| ()),
        }
    }

    /// Whether the next value begins with this byte, e.g. `[`; takes nothing of it.
    pub fn next_is(&mut self, first: u8) -> bool {
        self.blank();
        self.peek() == Some(first)
    }

    /// Makes sure that nothing follows.
    ///
    /// # Errors
    /// [`Fault`] when something else than white space does.
    pub fn end(&mut self) -> Result<(), Fault> {
        self.blank();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.malformed("more than one JSON value")),
        }
    }

    /// For a value that is JSON, but not what it should be; it is the last one that has begun.
    #[must_use]
    pub fn unfit(&self, detail: &'static str) -> Fault {
        self.fault(DecodeErrorKind::Shape, detail, self.began)
    }

    /// For a member that is missing in the object that began at `start` and has been taken.
    pub(super) fn missing(&self, start: usize, name: &str) -> Fault {
        self.fault(DecodeErrorKind::Shape, "missing", start).inside_member(self.depth + 1, name)
    }

    #[cold]
    fn fault(&self, kind: DecodeErrorKind, detail: &'static str, offset: usize) -> Fault {
        let path = if self.depth > MAX_PATH_DEPTH { "…" } else { "" };
        Fault(Box::new(Trouble { kind, detail, offset, path: path.to_owned() }))
    }

    fn malformed(&self, detail: &'static str) -> Fault {
        self.fault(DecodeErrorKind::Syntax, detail, self.at)
    }

    /// For a byte that cannot stand here, or the end of the text.
    fn unexpected(&self, detail: &'static str) -> Fault {
        if self.at < self.text.len() {
            self.malformed(detail)
        } else {
            self.fault(DecodeErrorKind::Truncated, "the document breaks off", self.at)
        }
    }

    /// The first byte of the next value; takes nothing of it.
    pub(super) fn begin(&mut self) -> Result<u8, Fault> {
        self.blank();
        self.began = self.at;
        match self.peek() {
            Some(byte) => Ok(byte),
            None if self.depth == 0 => Err(self.fault(DecodeErrorKind::Empty, "nothing", self.at)),
            None => Err(self.unexpected("")),
        }
    }

    /// Where the last value began.
    pub(super) fn began(&self) -> usize {
        self.began
    }

    /// Takes the bracket that opens an object or an array.
    fn open(&mut self, bracket: u8, unfit: &'static str) -> Result<(), Fault> {
        let first = self.begin()?;
        if first != bracket {
            if first != b'{' && first != b'[' {
                self.scalar()?;
            }
            return Err(self.unfit(unfit));
        }
        if self.depth == MAX_OPEN {
            return Err(self.malformed("nested too deeply"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Takes what stands between the brackets of an object or an array, and the closing one.
    fn items(
        &mut self,
        bracket: u8,
        each: &mut dyn FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.blank();
        if self.peek() != Some(bracket) {
            loop {
                each(self)?;
                self.blank();
                if !self.eat(b',') {
                    break;
                }
                self.blank();
                if self.peek() == Some(bracket) {
                    return Err(self.malformed("a comma with nothing after it"));
                }
            }
            if self.peek() != Some(bracket) {
                return Err(self.unexpected("neither a comma nor the end of the object or array"));
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }

    /// Takes the name of a member and the colon behind it.
    fn name(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.blank();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("no name of a member"));
        }
        let name = self.string()?;
        self.blank();
        if !self.eat(b':') {
            return Err(self.unexpected("no colon behind the name of a member"));
        }
        Ok(name)
    }

    /// Takes a string, whose quotation mark is next.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let mut unescaped: Option<String> = None;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let end = self.at + plain.unwrap_or(rest.len());
            let piece = self.text.get(self.at..end).unwrap_or_default();
            self.at = end;
            if self.eat(b'"') {
                return Ok(match unescaped {
                    None => Cow::Borrowed(piece),
                    Some(text) => Cow::Owned(text + piece),
                });
            }
            if !self.eat(b'\\') {
                return Err(self.unexpected("a control character in a string"));
            }
            let character = self.escape()?;
            let text = unescaped.get_or_insert_default();
            text.push_str(piece);
            text.push(character);
        }
    }

    /// Takes what follows a backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return Err(self.unexpected("an unknown escape in a string")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Takes `u` and four digits, and once more `\u` and four digits for a character beyond them.
    fn code_point(&mut self) -> Result<char, Fault> {
        const LONE: &str = "half a surrogate pair in a string";
        let mut code = self.code_unit()?;
        if let high @ 0xD800..0xDC00 = code {
            if !self.eat(b'\\') || self.peek() != Some(b'u') {
                return Err(self.unexpected(LONE));
            }
            let low = self.code_unit()?;
            if !(0xDC00..0xE000).contains(&low) {
                return Err(self.malformed(LONE));
            }
            code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        }
        char::from_u32(code).ok_or_else(|| self.malformed(LONE))
    }

    /// Takes a `u` and four digits.
    fn code_unit(&mut self) -> Result<u32, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or_else(|| self.unexpected("an escape without four digits"))?;
        }
        self.at += 1;
        Ok(unit)
    }

    /// Takes a number, which begins the value.
    fn number(&mut self) -> Result<&'a str, Fault> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        Ok(self.text.get(self.began..self.at).unwrap_or_default())
    }

    /// Takes one digit or more.
    fn digits(&mut self) -> Result<(), Fault> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == from { Err(self.unexpected("no digit where a number needs one")) } else { Ok(()) }
    }

    fn literal(&mut self, word: &str) -> Result<(), Fault> {
        for byte in word.bytes() {
            if !self.eat(byte) {
                return Err(self.unexpected("not a JSON value"));
            }
        }
        Ok(())
    }

    /// Takes white space. This and the two below are most of the work: as calls they take half of the time again, and a
    /// build for size makes calls of them.
    #[inline(always)]
    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
