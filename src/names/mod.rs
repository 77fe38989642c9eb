//! DNS names as people paste them: found in any text, normalised, each with what is wrong with it.
//!
//! Three steps, so that a change of product never reads the text again:
//! 1. [`parse`], [`parse_all`] and [`from_list`] find the names, bring them into the form that a certificate holds (lower-case
//!    A-labels) and judge what is wrong whatever the product;
//! 2. [`check`] applies the rules of one product;
//! 3. [`tally`] counts them the way DigiCert prices them, [`chips`] tells it of each.
//!
//! [`gather`] finds the names in what is copied from programs that print more than names; [`without`], [`edited`] and
//! [`Undo`] change the text that they stand in.
//!
//! A list holds its text once, and every name is a piece of it: five thousand names cost a few allocations.

mod check;
mod chips;
mod edit;
mod gather;
mod host;
mod label;
mod split;
mod tally;

use std::borrow::Cow;
use std::ops::Range;

use certquote_core::index::{Index, hash};

pub use check::{Check, ListProblem, MAX_NAMES, Refused, check};
pub use chips::{Chip, Group, chips};
pub use edit::{Undo, count, edited, without, without_all};
pub use gather::{Gathered, Layout, gather};
pub use tally::{FreeName, Tally, tally, tally_for};

/// Turns a host name that is not ASCII into A-labels (`xn--…`), or gives `None` if it cannot be one. In a browser that is its
/// own `URL`; no name that is already ASCII is ever passed.
pub type ToAscii<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A fully-qualified domain name, or a single label.
    Fqdn,
    /// A wildcard, `*.` and a domain.
    Wildcard,
    /// An IPv4 address.
    Ipv4,
}

/// What is wrong with a name. The last six depend on the product and come from [`check`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// No host in it: blank, or only a port, a path or a scheme.
    NoHost,
    /// An e-mail address.
    Email,
    /// An underscore (RFC 5280 4.2.1.6 with RFC 1034 3.5; CA/Browser Forum ballot SC-12).
    Underscore,
    /// Two dots in a row, or one in front.
    EmptyLabel,
    /// A label of more than 63 characters (RFC 1035 2.3.4).
    LabelTooLong {
        /// The label.
        label: String,
    },
    /// More than 253 characters in all (RFC 1035 2.3.4: 255 octets on the wire).
    NameTooLong {
        /// Characters, as far as they could be counted.
        length: usize,
    },
    /// Something other than letters, digits, hyphens and dots.
    BadCharacter(char),
    /// A hyphen at the start or the end of a label (RFC 1123 2.1).
    HyphenAtEdge {
        /// The label.
        label: String,
    },
    /// The last label is a number, but the whole is no IPv4 address (RFC 3696 2).
    NumericTld {
        /// The label.
        label: String,
    },
    /// Only digits and dots, but not four numbers from 0 to 255 without leading zeros.
    BadIpv4,
    /// A range of addresses, `192.0.2.0/24`.
    IpRange,
    /// An IPv6 address: DigiCert stopped issuing for them on 2019-07-31.
    Ipv6,
    /// `*` stands elsewhere than in front.
    WildcardNotLeftmost,
    /// `*` is only a part of the first label.
    PartialWildcard,
    /// A wildcard for a whole top-level domain, or for everything.
    WildcardTooBroad,
    /// Not ASCII, and no internationalised name either.
    NotIdn,
    /// A label that starts with `xn--` and is no encoded label (RFC 3492, RFC 5891 4.2.3.1).
    BadPunycode {
        /// The label.
        label: String,
    },
    /// The product takes no wildcards.
    WildcardNotAllowed,
    /// The product takes no IP addresses.
    IpNotAllowed,
    /// A private or reserved address (RFC 1918, RFC 6890); no public CA may certify it.
    PrivateIpv4,
    /// A name without a dot; no public CA may certify it.
    SingleLabel,
    /// A name below a domain that is reserved for use inside networks; no public CA may certify it.
    InternalName {
        /// The reserved domain.
        suffix: &'static str,
    },
    /// A label with hyphens in its third and fourth place that is no A-label (RFC 5890 2.3.1); no public CA may certify it
    /// (Baseline Requirements 7.1.2.7.12).
    ReservedLabel {
        /// The label.
        label: String,
    },
}

impl NameProblem {
    /// Whether it depends on the product.
    #[must_use]
    pub fn is_of_product(&self) -> bool {
        matches!(
            self,
            Self::WildcardNotAllowed
                | Self::IpNotAllowed
                | Self::PrivateIpv4
                | Self::SingleLabel
                | Self::InternalName { .. }
                | Self::ReservedLabel { .. }
        )
    }
}

/// One name of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// The text it was found as, e.g. `HTTPS://Shop.Example.COM:8443/`.
    pub typed: &'a str,
    /// The name as it is sent, e.g. `shop.example.com`; where there is a problem, as far as it got.
    pub name: &'a str,
    /// What it is; a guess where there is a problem.
    pub kind: NameKind,
    /// What is wrong with it whatever the product.
    pub problem: Option<&'a NameProblem>,
    /// Its place: in the text the how-manieth name, in a list the entry it came from. Counted from 0.
    pub index: usize,
    /// It says the same as the name with this index, and is sent only once.
    pub duplicate_of: Option<usize>,
}

impl Name<'_> {
    /// Whether it is well-formed and the first of its kind, so that it is sent if the product takes it.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.problem.is_none() && self.duplicate_of.is_none()
    }
}

impl<'a> Name<'a> {
    /// The name as it is sent; one that has a problem whatever the product as it was typed.
    #[must_use]
    pub fn shown(&self) -> &'a str {
        if self.problem.is_some() { self.typed } else { self.name }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Record {
    typed: Range<usize>,
    name: Range<usize>,
    kind: NameKind,
    problem: Option<NameProblem>,
    index: usize,
    duplicate_of: Option<usize>,
}

/// The names found in a text, good and bad, in the order in which they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameList {
    /// What was typed, and behind it every name that had to be spelt anew.
    text: String,
    records: Vec<Record>,
}

impl NameList {
    /// All names: accepted, refused and repeated ones.
    pub fn iter(&self) -> impl Iterator<Item = Name<'_>> + Clone {
        self.records.iter().map(|record| Name {
            typed: self.piece(&record.typed),
            name: self.piece(&record.name),
            kind: record.kind,
            problem: record.problem.as_ref(),
            index: record.index,
            duplicate_of: record.duplicate_of,
        })
    }

    /// The names that are well-formed, each once.
    pub fn accepted(&self) -> impl Iterator<Item = Name<'_>> + Clone {
        self.iter().filter(Name::is_accepted)
    }

    /// The names with a problem whatever the product; [`check`] tells those of a product too.
    pub fn refused(&self) -> impl Iterator<Item = Name<'_>> + Clone {
        self.iter().filter(|name| name.problem.is_some())
    }

    /// The names that repeat an earlier one.
    pub fn duplicates(&self) -> impl Iterator<Item = Name<'_>> + Clone {
        self.iter().filter(|name| name.duplicate_of.is_some())
    }

    /// How many names were found, bad and repeated ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether no name was found, not even a bad one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn piece(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}

/// Finds the names in a text: separated by any mix of blanks, commas, semicolons, line breaks, quotes and brackets, as URLs, with
/// ports, as a list of subject alternative names (`DNS:a.example, DNS:b.example`), as a list with bullets or numbers.
///
/// ```
/// use certquote::names::{NameProblem, parse};
///
/// let list = parse("https://Shop.example.com:8443/cart, *.example.com; under_score.example.com", &|_| None);
/// let names: Vec<&str> = list.accepted().map(|name| name.name).collect();
/// assert_eq!(names, ["shop.example.com", "*.example.com"]);
/// let problems: Vec<_> = list.refused().map(|name| (name.typed, name.problem)).collect();
/// assert_eq!(problems, [("under_score.example.com", Some(&NameProblem::Underscore))]);
/// ```
#[must_use]
pub fn parse(text: &str, to_ascii: ToAscii<'_>) -> NameList {
    parse_all(&[text], to_ascii)
}

/// [`parse`] over several texts in turn, e.g. what stands in a text box and a long list kept outside it.
#[must_use]
pub fn parse_all(texts: &[&str], to_ascii: ToAscii<'_>) -> NameList {
    let mut reader = Reader::new(texts.iter().copied());
    for range in &reader.pieces {
        for token in split::tokens(&reader.text, range.clone()) {
            let index = reader.records.len();
            reader.records.push(read(&reader.text, token, index, &mut reader.spelt, to_ascii));
        }
    }
    reader.finish()
}

/// The names of a `Draft`: [`Name::index`] is the entry's place in the list. An entry without a name in it is refused, one with
/// several gives several names with the same index.
#[must_use]
pub fn from_list(entries: &[String], to_ascii: ToAscii<'_>) -> NameList {
    let mut reader = Reader::new(entries.iter().map(String::as_str));
    for (index, range) in reader.pieces.iter().enumerate() {
        let before = reader.records.len();
        for token in split::tokens(&reader.text, range.clone()) {
            reader.records.push(read(&reader.text, token, index, &mut reader.spelt, to_ascii));
        }
        if reader.records.len() == before {
            reader.records.push(Record {
                typed: range.clone(),
                name: range.start..range.start,
                kind: NameKind::Fqdn,
                problem: Some(NameProblem::NoHost),
                index,
                duplicate_of: None,
            });
        }
    }
    reader.finish()
}

/// A list in the making.
struct Reader {
    text: String,
    pieces: Vec<Range<usize>>,
    /// Names that differ from the text, one behind the other; they move behind the text at the end.
    spelt: String,
    records: Vec<Record>,
}

impl Reader {
    fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut reader =
            Self { text: String::new(), pieces: Vec::new(), spelt: String::new(), records: Vec::new() };
        for text in texts {
            let start = reader.text.len();
            reader.text.push_str(text);
            reader.pieces.push(start..reader.text.len());
            reader.text.push('\n');
        }
        reader
    }

    fn finish(mut self) -> NameList {
        self.text.push_str(&self.spelt);
        let text = self.text;
        let name = |record: &Record| text.get(record.name.clone()).unwrap_or_default();
        let mut names = Index::default();
        for number in 0..self.records.len() {
            let (before, rest) = self.records.split_at_mut(number);
            let Some(record) = rest.first_mut().filter(|record| record.problem.is_none()) else { continue };
            let sought = name(record);
            let earlier = |number: u32| usize::try_from(number).ok().and_then(|number| before.get(number));
            let hash = hash(&[sought]);
            match names.find(hash, &|number| earlier(number).is_some_and(|record| name(record) == sought)) {
                Some(first) => record.duplicate_of = earlier(first).map(|first| first.index),
                None => names.add(hash, u32::try_from(number).unwrap_or(u32::MAX)),
            }
        }
        NameList { text, records: self.records }
    }
}

/// Reads the name that stands at `token`.
fn read(text: &str, token: Range<usize>, index: usize, spelt: &mut String, to_ascii: ToAscii<'_>) -> Record {
    let typed = text.get(token.clone()).unwrap_or_default();
    let (name, kind, problem) = match host::extract(typed) {
        Err((host, problem)) => (Cow::Borrowed(host), NameKind::Fqdn, Some(problem)),
        Ok(host) => match host::normalise(host, to_ascii) {
            Err(problem) => (Cow::Borrowed(host), NameKind::Fqdn, Some(problem)),
            Ok(name) => {
                let (kind, problem) = label::judge(&name);
                (name, kind, problem)
            }
        },
    };
    let name = match name {
        Cow::Borrowed(piece) => {
            let start = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            start..start + piece.len()
        }
        Cow::Owned(name) => {
            let start = text.len() + spelt.len();
            spelt.push_str(&name);
            start..start + name.len()
        }
    };
    Record { typed: token, name, kind, problem, index, duplicate_of: None }
}
