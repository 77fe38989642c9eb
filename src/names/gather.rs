//! The names in what is copied from programs that print more than names: spreadsheets, JSON, certificates as text.
//!
//! A text that holds names and nothing else needs none of this, [`parse`](super::parse) finds them; here the columns, members
//! and lines that hold them are told from the others.

use super::{ToAscii, parse};
use crate::find::{find, split_once};
use crate::json::{Fault, Reader, Scalar};

/// Longer texts are left as they are.
const MAX_TEXT: usize = 512 * 1024;
/// What stands in front of a name where a certificate is printed by OpenSSL, Windows, Java and browsers. Lower-case.
const NAME_MARKS: [&str; 7] =
    ["dns:", "dns name=", "dns name:", "dnsname:", "dnsname=", "ip address:", "ip address="];
/// What stands in front of the other names there.
const OTHER_MARKS: [&str; 7] =
    ["email:", "rfc822 name=", "rfc822name:", "uri:", "url=", "othername:", "registered id:"];

/// How a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Cells in rows, as spreadsheets and CSV files have them.
    Table,
    /// A JSON document with objects in it.
    Json,
    /// A certificate or a request as text.
    Certificate,
}

/// The names found in a text that holds more than names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// What holds names, one piece a line, to go into the names box.
    pub text: String,
    /// How many cells, values or entries were left out: headings, owners, dates, e-mail addresses.
    pub left_out: usize,
    /// How the text is laid out.
    pub layout: Layout,
}

/// Finds the names in a pasted text that holds more than names. `None` for one that can be taken as it is.
///
/// ```
/// use certquote::names::gather;
///
/// let text = "Host,Owner\nwww.example.com,\"Doe, Jane\"\nshop.example.com,Web team\n";
/// let gathered = gather(text, &|_| None).map(|gathered| (gathered.text, gathered.left_out));
/// assert_eq!(gathered, Some(("www.example.com\nshop.example.com".to_owned(), 4)));
/// assert_eq!(gather("www.example.com, shop.example.com", &|_| None), None);
/// ```
#[must_use]
pub fn gather(text: &str, to_ascii: ToAscii<'_>) -> Option<Gathered> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let mut pile = Pile { text: String::new(), left_out: 0, to_ascii };
    let text = text.trim_start_matches('\u{feff}');
    let layout = if pile.json(text) {
        Layout::Json
    } else if pile.certificate(text) {
        Layout::Certificate
    } else if pile.table(text) {
        Layout::Table
    } else {
        return None;
    };
    // A table with names in every cell is as good as a list.
    let something = !pile.text.is_empty() && (pile.left_out > 0 || layout != Layout::Table);
    something.then_some(Gathered { text: pile.text, left_out: pile.left_out, layout })
}

struct Pile<'t> {
    text: String,
    left_out: usize,
    to_ascii: ToAscii<'t>,
}

impl Pile<'_> {
    /// Whether a piece of text holds full names and nothing else.
    fn is_names(&self, text: &str) -> bool {
        let list = parse(text, self.to_ascii);
        !list.is_empty() && list.iter().all(|name| name.problem.is_none() && name.name.contains('.'))
    }

    fn take(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text.trim());
    }

    fn json(&mut self, text: &str) -> bool {
        // An array of texts needs nothing: its quotes and commas end names as they are.
        if !text.trim_start().starts_with(['{', '[']) || !text.contains('{') {
            return false;
        }
        let mut reader = Reader::new(text);
        let read = self.json_value(&mut reader).and_then(|()| reader.end());
        if read.is_err() {
            self.text.clear();
            self.left_out = 0;
        }
        read.is_ok()
    }

    /// The reader ends nesting without end.
    fn json_value(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        if reader.next_is(b'{') {
            return reader.object(&mut |_, reader| self.json_value(reader));
        }
        if reader.next_is(b'[') {
            return reader.array(&mut |reader| self.json_value(reader));
        }
        match reader.scalar()? {
            Scalar::Text(text) if self.is_names(&text) => self.take(&text),
            Scalar::Null => {}
            _ => self.left_out += 1,
        }
        Ok(())
    }

    fn certificate(&mut self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        let has = |mark: &str| find(&lower, mark).is_some();
        let has_marks = |has: &dyn Fn(&str) -> bool| has("subject alternative name") || has("subjectaltern");
        // The extension alone, as OpenSSL prints it, begins with its name; a table has columns there.
        let first = lower.trim_start().lines().next().unwrap_or_default();
        let begins = has_marks(&|mark| find(first, mark).is_some()) && !first.contains(['\t', ',', ';']);
        let is_whole = ["signature algorithm", "public key", "serial number"].iter().any(|mark| has(mark));
        if !(begins || is_whole && has_marks(&has)) {
            return false;
        }
        for line in text.lines().map(str::trim) {
            let common_name = line.strip_prefix("Subject:").and_then(|name| split_once(name, "CN"));
            if let Some((_, name)) = common_name {
                let name = name.trim_start_matches([' ', '=']);
                let name = name.split([',', '/', '+']).next().unwrap_or_default();
                if self.is_names(name) {
                    self.take(name);
                }
            }
            for part in line.split(',').map(str::trim) {
                if let Some(name) = behind(part, &NAME_MARKS) {
                    self.take(name);
                } else if behind(part, &OTHER_MARKS).is_some() {
                    self.left_out += 1;
                }
            }
        }
        true
    }

    fn table(&mut self, text: &str) -> bool {
        let Some(rows) = ['\t', ';', ','].iter().find_map(|&mark| rows(text, mark)) else { return false };
        let names: Vec<Vec<bool>> =
            rows.iter().map(|row| row.iter().map(|cell| self.is_names(cell)).collect()).collect();
        let heads = usize::from(names.first().is_some_and(|row| !row.contains(&true)));
        let columns = rows.first().map_or(0, Vec::len);
        let mut is_names = vec![false; columns];
        for (column, is_names) in is_names.iter_mut().enumerate() {
            let (mut filled, mut named) = (0, 0);
            for (row, names) in rows.iter().zip(&names).skip(heads) {
                filled += usize::from(row.get(column).is_some_and(|cell| !cell.trim().is_empty()));
                named += usize::from(names.get(column) == Some(&true));
            }
            *is_names = named * 2 > filled;
        }
        for (place, row) in rows.iter().enumerate() {
            for (cell, &holds_names) in row.iter().zip(&is_names) {
                if cell.trim().is_empty() {
                } else if holds_names && place >= heads {
                    self.take(cell);
                } else {
                    self.left_out += 1;
                }
            }
        }
        true
    }
}

fn behind<'a>(part: &'a str, marks: &[&str]) -> Option<&'a str> {
    marks.iter().find_map(|mark| {
        let (start, rest) = part.split_at_checked(mark.len())?;
        start.eq_ignore_ascii_case(mark).then_some(rest)
    })
}

/// The cells of a table (RFC 4180, with any mark between them): two rows or more, two columns or more, all rows alike.
fn rows(text: &str, mark: char) -> Option<Vec<Vec<String>>> {
    if !text.contains(mark) {
        return None;
    }
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut characters = text.trim_end().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ if character == mark && !quoted => row.push(std::mem::take(&mut cell)),
            _ => cell.push(character),
        }
    }
    row.push(cell);
    rows.push(row);
    let columns = rows.first().map_or(0, Vec::len);
    let even = rows.iter().all(|row| row.len() == columns);
    (!quoted && even && columns > 1 && rows.len() > 1).then_some(rows)
}
