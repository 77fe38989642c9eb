//! The quotes that a browser keeps, as one text for its storage: bounded, versioned, and read whatever became of it there.

use std::rc::Rc;

use crate::amount::Amount;
use crate::draft::Draft;
use crate::form::LooseDraft;
use crate::fragment::is_moment;
use crate::json::{self, Count, Fault, Flag, FromJson, Reader, Text, optional, required};
use crate::quote::{AddonLine, Line, LineKind, Quote};

/// The most quotes that are kept; a new one drives out the oldest.
pub const MAX_KEPT: usize = 50;
/// The longest text that is written or read, in bytes: a fifth of what browsers give to a site.
const MAX_TEXT: usize = 1_000_000;
const VERSION: u64 = 1;

/// Kept quotes, the newest first.
///
/// ```
/// use certquote::kept::Kept;
///
/// assert!(Kept::read("no JSON at all").quotes().is_empty());
/// assert_eq!(Kept::default().to_json(), r#"{"v":1,"quotes":[]}"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    quotes: Vec<Rc<Quote>>,
}

impl Kept {
    /// The kept quotes, the newest first.
    #[must_use]
    pub fn quotes(&self) -> &[Rc<Quote>] {
        &self.quotes
    }

    /// Keeps a quote: without its billing address unless that is asked for, and without anything about the account's money.
    /// One of the same order and moment is replaced.
    pub fn keep(&mut self, quote: &Quote, with_address: bool) {
        let mut quote = quote.clone();
        (quote.account_balance, quote.funds) = (None, None);
        if !with_address {
            quote.draft.billing_address = None;
        }
        let same = |kept: &Quote| {
            kept.priced_at == quote.priced_at
                && kept.draft.product_name_id == quote.draft.product_name_id
                && kept.draft.dns_names == quote.draft.dns_names
                && kept.draft.order_validity == quote.draft.order_validity
        };
        self.quotes.retain(|kept| !same(kept));
        self.quotes.insert(0, Rc::new(quote));
        self.quotes.truncate(MAX_KEPT);
    }

    /// Deletes the quote at a place.
    pub fn delete(&mut self, index: usize) {
        if index < self.quotes.len() {
            self.quotes.remove(index);
        }
    }

    /// Puts deleted quotes back to where they were, by their time; what is there by now stays, as long as there is room.
    pub fn restore(&mut self, deleted: &[Rc<Quote>]) {
        for quote in deleted {
            if self.quotes.len() < MAX_KEPT && !self.quotes.contains(quote) {
                let is_newer = |kept: &Rc<Quote>| kept.priced_at >= quote.priced_at;
                let place = self.quotes.iter().take_while(|kept| is_newer(kept)).count();
                self.quotes.insert(place, Rc::clone(quote));
            }
        }
    }

    /// Deletes all of them.
    pub fn clear(&mut self) {
        self.quotes.clear();
    }

    /// The text to be stored; the oldest quotes are left out where it would become too long.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::from(r#"{"v":1,"quotes":["#);
        let mut separator = "";
        for quote in &self.quotes {
            let quote = json::to_string(&**quote);
            if text.len() + quote.len() + 3 > MAX_TEXT {
                break;
            }
            text.push_str(separator);
            text.push_str(&quote);
            separator = ",";
        }
        text.push_str("]}");
        text
    }

    /// Reads a stored text. What cannot be read in it, or does not add up, is left out; a text of another version gives none.
    #[must_use]
    #[inline(never)]
    pub fn read(text: &str) -> Self {
        let mut stored = Stored::default();
        let read = |reader: &mut Reader<'_>| {
            reader.object(&mut |name, reader| match name {
                "v" => Count::read(reader).map(|Count(version)| stored.version = version),
                "quotes" => reader.array(&mut |reader| stored.take(reader)),
                _ => reader.skip(),
            })
        };
        let is_whole = text.len() <= MAX_TEXT && json::decode_with(text.as_bytes(), read).is_ok();
        if is_whole && stored.version == VERSION { Self { quotes: stored.quotes } } else { Self::default() }
    }
}

#[derive(Default)]
struct Stored {
    version: u64,
    quotes: Vec<Rc<Quote>>,
}

impl Stored {
    fn take(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let mut attempt = reader.clone();
        let quote = StoredQuote::read(&mut attempt).ok().and_then(StoredQuote::quote);
        if let Some(quote) = quote.filter(|_| self.quotes.len() < MAX_KEPT) {
            self.quotes.push(Rc::new(quote));
        }
        reader.skip()
    }
}

/// A quote as the public interface writes it.
#[derive(Default)]
struct StoredQuote {
    draft: LooseDraft,
    lines: Vec<StoredLine>,
    total: Option<Amount>,
    currency: String,
    tax_error: Option<Flag>,
    priced_at: String,
    addons: Vec<StoredAddon>,
    sandbox: Option<Flag>,
}

impl<'a> FromJson<'a> for StoredQuote {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut quote = Self::default();
        reader.members(&mut [
            required("draft", &mut quote.draft),
            required("lines", &mut quote.lines),
            optional("total", &mut quote.total),
            required("currency", &mut quote.currency),
            required("tax_error", &mut quote.tax_error),
            required("priced_at", &mut quote.priced_at),
            optional("addon_details", &mut quote.addons),
            optional("sandbox", &mut quote.sandbox),
        ])?;
        Ok(quote)
    }
}

impl StoredQuote {
    fn quote(self) -> Option<Quote> {
        let draft: Draft = self.draft.strict()?;
        let mut lines = Vec::new();
        for line in self.lines {
            lines.push(line.line()?);
        }
        let sum = lines.iter().try_fold(Amount::ZERO, |sum, line| sum.add(line.amount))?;
        let adds_up = match self.total {
            Some(total) => total == sum,
            None => lines.is_empty(),
        };
        if !adds_up || self.currency.is_empty() || !is_moment(&self.priced_at) {
            return None;
        }
        let mut addon_details = Vec::new();
        for StoredAddon(addon) in self.addons {
            addon_details.push(addon);
        }
        let is = |flag: Option<Flag>| flag.is_some_and(|flag| flag.0);
        let mut quote = Quote {
            draft,
            lines,
            total: self.total,
            currency: self.currency,
            tax_error: is(self.tax_error),
            unknown: self.total.is_none(),
            account_balance: None,
            funds: None,
            priced_at: self.priced_at,
            addon_details,
            fqdns_counted: None,
            wildcards_counted: None,
            sandbox: is(self.sandbox),
        };
        quote.fqdns_counted = quote.line(LineKind::Fqdns).and_then(|line| line.units);
        quote.wildcards_counted = quote.line(LineKind::Wildcards).and_then(|line| line.units);
        Some(quote)
    }
}

#[derive(Default)]
struct StoredLine {
    kind: String,
    amount: Amount,
    units: Option<Count>,
}

impl<'a> FromJson<'a> for StoredLine {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut line = Self::default();
        reader.members(&mut [
            required("line", &mut line.kind),
            required("amount", &mut line.amount),
            optional("units", &mut line.units),
        ])?;
        Ok(line)
    }
}

impl StoredLine {
    fn line(self) -> Option<Line> {
        let line = LineKind::ALL.into_iter().find(|kind| kind.as_str() == self.kind)?;
        Some(Line { line, amount: self.amount, units: self.units.map(|Count(units)| units) })
    }
}

struct StoredAddon(AddonLine);

impl<'a> FromJson<'a> for StoredAddon {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let (mut product_id, mut units) = (None::<Text<'a>>, None::<Count>);
        let (mut price, mut subtotal) = (None, None);
        reader.members(&mut [
            optional("product_id", &mut product_id),
            optional("units", &mut units),
            optional("price", &mut price),
            optional("subtotal", &mut subtotal),
        ])?;
        let product_id = product_id.map(Text::into_string).unwrap_or_default();
        Ok(Self(AddonLine { product_id, units: units.map(|Count(units)| units), price, subtotal }))
    }
}
