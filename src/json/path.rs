//! Where in a document an error lies. Only ever run after an error, so that reading without one pays nothing for it.

/// Deeper levels are left out of a path.
const MAX_DEPTH: usize = 32;
/// Longer member names are cut.
const MAX_NAME: usize = 40;

/// Which value an error is about, given the place where the parser stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The last value that begins before it.
    Begun,
    /// The value that begins there, of which the parser took nothing.
    Next,
    /// A member of this name, which the object that ends there lacks.
    Missing(&'a str),
}

/// The JSON path of the value that an error is about when the parser stopped at byte `offset`.
///
/// ```
/// use certquote::json::{Place, path_at};
///
/// let text = r#"{"fqdns": {"units": "many"}, "tax": 0}"#;
/// assert_eq!(path_at(text, 26, Place::Begun), "$.fqdns.units");
/// assert_eq!(path_at(text, 27, Place::Missing("subtotal")), "$.fqdns.subtotal");
/// assert_eq!(path_at(text, 9, Place::Next), "$.fqdns");
/// ```
#[must_use]
pub fn path_at(text: &str, offset: usize, place: Place<'_>) -> String {
    let end = offset.min(text.len());
    let mut scanner = Scanner::new(text);
    scanner.run(end);
    let target = match place {
        Place::Begun => scanner.last_value,
        Place::Next => end,
        Place::Missing(_) => scanner.last_closed,
    };
    let mut scanner = Scanner::new(text);
    scanner.run(target);
    let mut path = String::from("$");
    for level in &scanner.levels {
        match level.kind {
            Kind::Object => push_name(&mut path, text.get(level.name.0..level.name.1).unwrap_or_default()),
            Kind::Array => {
                path.push('[');
                path.push_str(&level.index.to_string());
                path.push(']');
            }
        }
    }
    if scanner.depth > scanner.levels.len() {
        path.push('…');
    }
    if let Place::Missing(name) = place {
        push_name(&mut path, name);
    }
    path
}

fn push_name(path: &mut String, name: &str) {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name = super::clean(name, MAX_NAME);
    if plain {
        path.push('.');
        path.push_str(&name);
    } else {
        path.push_str("[\"");
        path.push_str(&name);
        path.push_str("\"]");
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Object,
    Array,
}

/// One open object or array.
struct Level {
    kind: Kind,
    start: usize,
    /// The bytes of the member's name, in an object.
    name: (usize, usize),
    /// The position of the element, in an array.
    index: usize,
    /// Whether the next string is a member's name.
    at_name: bool,
}

/// Walks over the tokens of a document without caring whether they are in order.
struct Scanner<'a> {
    bytes: &'a [u8],
    levels: Vec<Level>,
    /// How many objects and arrays are open, those not in `levels` included.
    depth: usize,
    /// Where the last value began.
    last_value: usize,
    /// Where the object or array that was closed last began.
    last_closed: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), levels: Vec::new(), depth: 0, last_value: 0, last_closed: 0 }
    }

    fn run(&mut self, end: usize) {
        let mut at = 0;
        while at < end
            && let Some(&byte) = self.bytes.get(at)
        {
            at = self.token(at, byte);
        }
    }

    /// Takes the token that begins at `at`; gives back where the next one may begin.
    fn token(&mut self, at: usize, byte: u8) -> usize {
        match byte {
            b'{' => self.open(Kind::Object, at),
            b'[' => self.open(Kind::Array, at),
            b'}' | b']' => {
                if self.depth == self.levels.len()
                    && let Some(level) = self.levels.pop()
                {
                    self.last_closed = level.start;
                }
                self.depth = self.depth.saturating_sub(1);
            }
            b',' => {
                if let Some(level) = self.innermost() {
                    level.at_name = matches!(level.kind, Kind::Object);
                    level.index += 1;
                }
            }
            b':' => {
                if let Some(level) = self.innermost() {
                    level.at_name = false;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'"' => {
                let after = self.after_string(at + 1);
                match self.innermost() {
                    Some(level) if level.at_name => {
                        level.name = (at + 1, after.saturating_sub(1).max(at + 1))
                    }
                    _ => self.last_value = at,
                }
                return after;
            }
            _ => {
                self.last_value = at;
                let rest = self.bytes.get(at..).unwrap_or_default();
                let ends = |byte: &u8| {
                    matches!(
                        byte,
                        b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\n' | b'\r' | b'\t'
                    )
                };
                return at + rest.iter().position(ends).unwrap_or(rest.len()).max(1);
            }
        }
        at + 1
    }

    fn open(&mut self, kind: Kind, at: usize) {
        self.last_value = at;
        if self.depth == self.levels.len() && self.depth < MAX_DEPTH {
            let at_name = matches!(kind, Kind::Object);
            self.levels.push(Level { kind, start: at, name: (at, at), index: 0, at_name });
        }
        self.depth += 1;
    }

    /// The innermost open object or array, unless it lies too deep to be kept.
    fn innermost(&mut self) -> Option<&mut Level> {
        if self.depth == self.levels.len() { self.levels.last_mut() } else { None }
    }

    /// Where a string whose text begins at `at` is over, or the end of the document.
    fn after_string(&self, mut at: usize) -> usize {
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'"' => return at + 1,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.bytes.len()
    }
}
