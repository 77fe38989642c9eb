//! Changes of many names at once: a list that is pasted, names read out of a request or a table, a name taken out, advice that
//! is followed. Each can be taken back; what is typed goes its own way and is never lost.

use std::mem::take;
use std::ops::Range;
use std::rc::Rc;

use super::{Form, is_block};
use crate::advice::Advice;
use crate::find::find;
use crate::names::{self, Layout, Undo, count, edited, gather, without_all};
use crate::pem::{self, LeftOut, PemProblem};

/// The most changes that can be taken back.
const MAX_STEPS: usize = 100;

/// A pasted text that is not left to the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paste {
    /// It is kept outside the box, as it is.
    Long(String),
    /// Names were read out of it; and the text itself.
    Read(Reading, String),
    /// It gives no names.
    Refused(PemProblem),
}

/// Names read out of a text that holds more than names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What holds the names, one piece a line.
    text: String,
    /// How many names these are.
    pub names: usize,
    /// Where they were read.
    pub source: Source,
}

/// Where names were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In certificate requests and certificates.
    Pem {
        /// How many requests.
        requests: usize,
        /// How many certificates.
        certificates: usize,
        /// What stands there and is no name.
        left_out: Vec<LeftOut>,
        /// Whether a private key came along. Nothing of it is kept.
        private_key: bool,
    },
    /// In a text laid out like this, of which so many entries were left out.
    Text(Layout, usize),
}

/// What the last change of many names was, or why there was none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// There was none.
    #[default]
    Nothing,
    /// Names were read out of a text.
    Read(Reading),
    /// A text gave no names, and is not in the box.
    Refused(PemProblem),
    /// A file is none that names are read from.
    NoText,
    /// A name was taken out.
    Removed(String),
    /// So many repeated names were taken out.
    Duplicates(usize),
    /// Advice was followed.
    Advised,
    /// A change was taken back.
    Undone,
}

/// Changes that can be taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    steps: Vec<Step>,
    said: Said,
}

#[derive(Clone, Debug)]
struct Step {
    /// The list kept outside the box, before.
    block: Option<Rc<str>>,
    /// The change of the text in the box, if there was one.
    text: Undo,
}

/// The names as they are kept: the list outside the box, and the text in it.
type Texts = (Option<Rc<str>>, String);

impl Form {
    /// What a pasted text is, unless it lands in the box like any other.
    #[must_use]
    pub fn paste(&self, text: String) -> Option<Paste> {
        match self.reading(&text) {
            Some(Ok(reading)) => Some(Paste::Read(reading, text)),
            Some(Err(problem)) => Some(Paste::Refused(problem)),
            None => is_block(&text).then_some(Paste::Long(text)),
        }
    }

    #[inline(never)]
    fn reading(&self, text: &str) -> Option<Result<Reading, PemProblem>> {
        let (text, source) = if pem::is_pem(text) {
            let found = match pem::read(text) {
                Ok(found) => found,
                Err(problem) => return Some(Err(problem)),
            };
            let pem::Found { names, left_out, requests, certificates, private_key } = found;
            (names.join("\n"), Source::Pem { requests, certificates, left_out, private_key })
        } else {
            let found = gather(text, &self.to_ascii)?;
            (found.text, Source::Text(found.layout, found.left_out))
        };
        Some(Ok(Reading { names: count(&text), text, source }))
    }

    /// What the last change of many names was.
    #[must_use]
    pub fn said(&self) -> &Said {
        &self.changes.said
    }

    /// Whether a change of many names can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.changes.steps.is_empty()
    }

    pub(super) fn texts(&self) -> Texts {
        (self.names_block.clone(), self.names_text.clone())
    }

    pub(super) fn insert_paste(&mut self, paste: Paste, at: &Range<usize>) {
        match paste {
            Paste::Long(text) => {
                let after = self.with(&text, at, "");
                self.change(self.texts(), after, Said::Nothing);
            }
            Paste::Read(reading, raw) => {
                let keyed = matches!(reading.source, Source::Pem { private_key: true, .. });
                let (pasted, after) = (self.with(&raw, at, ""), self.with(&reading.text, at, "\n"));
                // First the text itself comes back, then what was there before. A private key is nothing to bring back.
                if !keyed {
                    self.change(self.texts(), pasted, Said::Nothing);
                }
                self.change(self.texts(), after, Said::Read(reading));
            }
            Paste::Refused(problem) => self.changes.said = Said::Refused(problem),
        }
    }

    pub(super) fn insert_file(&mut self, text: Option<String>) {
        let Some(text) = text.filter(|text| !text.contains('\0')) else {
            self.changes.said = Said::NoText;
            return;
        };
        let end = usize::MAX..usize::MAX;
        let (text, said) = match self.reading(&text) {
            Some(Ok(mut reading)) => (take(&mut reading.text), Said::Read(reading)),
            Some(Err(problem)) => (String::new(), Said::Refused(problem)),
            None => (text, Said::Nothing),
        };
        let after = self.with(&text, &end, "\n");
        self.change(self.texts(), after, said);
    }

    #[inline(never)]
    pub(super) fn remove_name(&mut self, place: usize) {
        let name = self.names.iter().find(|name| name.index == place);
        let said = name.map_or(Said::Nothing, |name| Said::Removed(name.shown().to_owned()));
        self.remove_names(&|index| index == place, said);
    }

    #[inline(never)]
    pub(super) fn remove_duplicates(&mut self) {
        let mut repeated = vec![false; self.names.len()];
        for name in self.names.duplicates() {
            if let Some(repeated) = repeated.get_mut(name.index) {
                *repeated = true;
            }
        }
        self.remove_names(
            &|index| repeated.get(index) == Some(&true),
            Said::Duplicates(self.tally.duplicates),
        );
    }

    fn remove_names(&mut self, drops: &dyn Fn(usize) -> bool, said: Said) {
        let outside = self.names_block.as_deref().map_or(0, count);
        let block = self.names_block.as_deref().map(|block| without_all(block, drops));
        let text = without_all(&self.names_text, &|index| drops(index + outside));
        self.change(self.texts(), (shorter(&self.names_block, block), text), said);
    }

    #[inline(never)]
    pub(super) fn follow(&mut self, advice: &Advice) {
        let block = self.names_block.as_deref();
        let block = block.map(|block| edited(block, &advice.remove, &[], &self.to_ascii));
        let lacking = |name: &&String| self.names.accepted().all(|listed| listed.name != *name);
        let add: Vec<String> = advice.add.iter().filter(lacking).cloned().collect();
        let text = edited(&self.names_text, &advice.remove, &add, &self.to_ascii);
        self.change(self.texts(), (shorter(&self.names_block, block), text), Said::Advised);
    }

    /// What was said of a pasted text goes when that is typed over, or when another one comes.
    pub(super) fn typed(&mut self) {
        let is_over = match &self.changes.said {
            Said::Read(reading) => find(&self.names_text, &reading.text).is_none(),
            Said::Refused(_) | Said::NoText => true,
            _ => false,
        };
        if is_over {
            self.changes.said = Said::Nothing;
        }
    }

    pub(super) fn undo(&mut self) {
        if let Some(mut step) = self.changes.steps.pop() {
            let text = step.text.undo(&self.names_text).unwrap_or_else(|| self.names_text.clone());
            self.set_names((step.block, text));
            self.changes.said = Said::Undone;
        }
    }

    /// Changes the names, so that it can be taken back to `before`.
    pub(super) fn change(&mut self, before: Texts, after: Texts, said: Said) {
        let mut text = Undo::default();
        text.record(&before.1, &after.1);
        if !text.is_empty() || before.0 != after.0 {
            let steps = &mut self.changes.steps;
            if steps.len() == MAX_STEPS {
                steps.remove(0);
            }
            steps.push(Step { block: before.0, text });
        }
        self.set_names(after);
        self.changes.said = said;
    }

    fn set_names(&mut self, (block, text): Texts) {
        if text != self.names_text {
            self.names_set += 1;
            self.names_text = text;
        }
        self.names_block = block;
        self.read_names();
    }

    /// The names with a text in the place of what is selected, apart from its neighbours by `mark`.
    fn with(&self, text: &str, at: &Range<usize>, mark: &str) -> Texts {
        let (before, after) = around(&self.names_text, at);
        if is_block(text) {
            let block = match &self.names_block {
                Some(block) => [block, "\n", text].concat().into(),
                None => text.into(),
            };
            return (Some(block), [before, after].concat());
        }
        let apart = |blank: bool| if blank || text.is_empty() { "" } else { mark };
        let head = apart(before.is_empty() || before.ends_with(char::is_whitespace));
        let tail = apart(after.is_empty() || after.starts_with(char::is_whitespace));
        (self.names_block.clone(), [before, head, text, tail, after].concat())
    }
}

/// A list kept outside the box after a change; none that is empty.
fn shorter(old: &Option<Rc<str>>, new: Option<String>) -> Option<Rc<str>> {
    let new = new.filter(|text| names::count(text) > 0)?;
    // The same one is not copied.
    old.clone().filter(|old| **old == *new).or_else(|| Some(new.into()))
}

/// What stands before and after a range in UTF-16 units, as text boxes count.
fn around<'a>(text: &'a str, at: &Range<usize>) -> (&'a str, &'a str) {
    let (mut units, mut start, mut end) = (0, text.len(), text.len());
    for (place, character) in text.char_indices() {
        if units == at.start {
            start = place;
        }
        if units == at.end {
            end = place;
        }
        units += character.len_utf16();
    }
    (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
}
