//! Changing the names in a text without touching the rest of it, and taking such a change back.

use std::ops::Range;

use super::{ToAscii, parse, split};

/// The most changes that can be taken back.
const MAX_STEPS: usize = 100;

fn tokens(text: &str) -> Vec<Range<usize>> {
    split::tokens(text, 0..text.len()).collect()
}

fn piece(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// How many names a text holds: where one text goes on behind another, the places of its names begin here.
#[must_use]
pub fn count(text: &str) -> usize {
    split::tokens(text, 0..text.len()).count()
}

/// The text without the name at a place ([`Name::index`](super::Name::index)); the others stay as they were typed.
///
/// ```
/// use certquote::names::without;
///
/// assert_eq!(without("DNS:a.test, DNS:b.test, DNS:c.te", 1), "DNS:a.test, DNS:c.te");
/// assert_eq!(without("1. a.test\n2. b.test\n", 1), "1. a.test\n");
/// ```
#[must_use]
pub fn without(text: &str, index: usize) -> String {
    without_all(text, &|place| place == index)
}

/// The text without the names of `remove`, wherever they stand and however they are typed, and with those of `add` that it
/// lacks, each on a line of its own. Everything else stays, bad and half-typed names included.
///
/// ```
/// use certquote::names::edited;
///
/// let remove = ["a.example.com".to_owned(), "b.example.com".to_owned()];
/// let text = edited("a.example.com https://B.example.com/ shop.exa", &remove, &["*.example.com".to_owned()], &|_| None);
/// assert_eq!(text, "shop.exa\n*.example.com");
/// ```
#[must_use]
pub fn edited(text: &str, remove: &[String], add: &[String], to_ascii: ToAscii<'_>) -> String {
    let list = parse(text, to_ascii);
    let mut drops = vec![false; list.len()];
    for name in list.iter().filter(|name| name.problem.is_none()) {
        if let Some(drop) = drops.get_mut(name.index) {
            *drop = remove.iter().any(|other| other == name.name);
        }
    }
    let mut text = without_all(text, &|place| drops.get(place) == Some(&true));
    for name in add {
        if list.accepted().all(|listed| listed.name != name) {
            push_line(&mut text, name);
        }
    }
    text
}

fn push_line(text: &mut String, name: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(name);
}

/// The text without the names at the places that `drops` has. What stands in front of a name goes with it, except that the next
/// one takes its place: so lists keep their marks.
#[must_use]
pub fn without_all(text: &str, drops: &dyn Fn(usize) -> bool) -> String {
    let ranges = tokens(text);
    let mut out = String::with_capacity(text.len());
    let (mut end, mut kept) = (0, Vec::new());
    // The place in front of the first name of those that are being dropped.
    let mut lead: Option<Range<usize>> = None;
    for (place, range) in ranges.into_iter().enumerate() {
        let own = end..range.start;
        end = range.end;
        let breaks = |lead: &Range<usize>| piece(text, lead.clone()).contains('\n');
        let before = match lead.take() {
            // Lines stay lines.
            Some(lead) if kept.is_empty() || breaks(&lead) || !breaks(&own) => lead,
            _ => own,
        };
        if drops(place) {
            lead = Some(before);
        } else {
            out.push_str(piece(text, before));
            out.push_str(piece(text, range.clone()));
            kept.push(range);
        }
    }
    if !kept.is_empty() {
        out.push_str(text.get(end..).unwrap_or_default());
    }
    // A few characters mean something else at the beginning of a line. Better another layout than another name.
    let same = |found: &[Range<usize>]| {
        found.len() == kept.len()
            && found.iter().zip(&kept).all(|(a, b)| piece(&out, a.clone()) == piece(text, b.clone()))
    };
    if same(&tokens(&out)) {
        return out;
    }
    out.clear();
    for range in kept {
        push_line(&mut out, piece(text, range));
    }
    out
}

/// Changes of many names at once (a paste, advice that was followed, a list that was cleared), to be taken back one by one.
///
/// ```
/// use certquote::names::Undo;
///
/// let mut undo = Undo::default();
/// undo.record("a.test", "a.test\nb.test\nc.test");
/// // Something was typed since: it stays.
/// assert_eq!(undo.undo("a.test\nb.test\nc.test\nd.te").as_deref(), Some("a.test\nd.te"));
/// assert_eq!(undo.undo("a.test\nd.te"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undo {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    before: String,
    after: String,
}

impl Undo {
    /// Remembers a change, unless it made none. The oldest of more than a hundred are forgotten.
    pub fn record(&mut self, before: &str, after: &str) {
        if before == after {
            return;
        }
        if self.steps.len() == MAX_STEPS {
            self.steps.remove(0);
        }
        self.steps.push(Step { before: before.to_owned(), after: after.to_owned() });
    }

    /// How many changes can be taken back.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether no change can be taken back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The text from before the last change; what was typed since then follows it on lines of its own. Where names were
    /// corrected or taken out since, the text stays as it is but for what the change had brought and taken.
    pub fn undo(&mut self, present: &str) -> Option<String> {
        let Step { before, after } = self.steps.pop()?;
        if present == after {
            return Some(before);
        }
        let [old, new, now] = [&before, &after, present].map(Named::new);
        if new.all.iter().all(|name| now.has(name)) {
            let mut text = before.clone();
            for name in now.all.iter().filter(|name| !new.has(name) && !old.has(name)) {
                push_line(&mut text, name);
            }
            return Some(text);
        }
        let is_brought =
            |place: usize| now.all.get(place).is_some_and(|name: &&str| new.has(name) && !old.has(name));
        let mut text = without_all(present, &is_brought);
        for name in old.all.iter().filter(|name| !new.has(name) && !now.has(name)) {
            push_line(&mut text, name);
        }
        Some(text)
    }
}

/// The names of a text as they are typed, in order and to be looked up.
struct Named<'a> {
    all: Vec<&'a str>,
    sorted: Vec<&'a str>,
}

impl<'a> Named<'a> {
    fn new(text: &'a str) -> Self {
        let all: Vec<_> = split::tokens(text, 0..text.len()).map(|range| piece(text, range)).collect();
        let mut sorted = all.clone();
        sorted.sort_unstable();
        Self { all, sorted }
    }

    fn has(&self, name: &str) -> bool {
        self.sorted.binary_search(&name).is_ok()
    }
}
