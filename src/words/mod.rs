//! Every word that reaches a screen or a screen reader, in one catalogue for each language.
//!
//! A component takes its words from here and its numbers, dates and plurals from a [`Formats`], in the browser
//! `Intl`. A language is one [`Words`] value: the compiler names whatever a new one lacks.

mod accept;
mod attributes;
mod balance;
mod buyer;
mod compare;
mod draft;
mod editor;
pub mod errors;
mod form;
mod history;
mod insights;
mod names;
mod price;
mod rests;

use std::cmp::Ordering;
use std::fmt::Write as _;

pub use accept::AcceptWords;
pub use attributes::AttributeWords;
pub use balance::{BalanceWords, currency_beside};
pub use buyer::{AdviceWords, HandoverWords};
pub use compare::{CompareWords, KeptWords};
pub use draft::DraftWords;
pub use editor::EditorWords;
pub use errors::ErrorWords;
pub use form::FormWords;
pub use history::HistoryWords;
pub use insights::InsightWords;
pub use names::NameWords;
pub use price::PriceWords;
pub use rests::{CoverageWords, EvidenceWords, ShareWords};

use crate::amount::Amount;
use crate::date::Date;

/// The whole catalogue of one language. Templates name what is filled in: `"{count} names"`.
#[derive(Debug)]
pub struct Words {
    /// Accepting a quote.
    pub accept: AcceptWords,
    /// Advice on the names of an order.
    pub advice: AdviceWords,
    /// Attributes that cannot be used.
    pub attributes: AttributeWords,
    /// A balance.
    pub balance: BalanceWords,
    /// Orders side by side.
    pub compare: CompareWords,
    /// The length of an order, looked through.
    pub coverage: CoverageWords,
    /// What is wrong with a draft, apart from its names.
    pub draft: DraftWords,
    /// Names one by one, pasted texts, and what advice on names costs.
    pub editor: EditorWords,
    /// Failures of requests.
    pub errors: ErrorWords,
    /// What a quote rests on.
    pub evidence: EvidenceWords,
    /// Labels and hints of the form.
    pub form: FormWords,
    /// A quote as text.
    pub handover: HandoverWords,
    /// The history of a balance.
    pub history: HistoryWords,
    /// What the history says: chart, expiring funds, runway.
    pub insights: InsightWords,
    /// Quotes that this browser keeps.
    pub kept: KeptWords,
    /// What is said of names.
    pub names: NameWords,
    /// The price panel.
    pub price: PriceWords,
    /// Links to a quote, copies and prints of it.
    pub share: ShareWords,
}

/// English.
pub static EN: Words = Words {
    accept: accept::EN,
    advice: buyer::ADVICE,
    attributes: attributes::EN,
    balance: balance::EN,
    compare: compare::COMPARE,
    coverage: rests::COVERAGE,
    draft: draft::EN,
    editor: editor::EN,
    errors: errors::EN,
    evidence: rests::EVIDENCE,
    form: form::EN,
    handover: buyer::HANDOVER,
    history: history::EN,
    insights: insights::EN,
    kept: compare::KEPT,
    names: names::EN,
    price: price::EN,
    share: rests::SHARE,
};

/// A template in the forms that a count chooses between: the CLDR categories that the languages of the catalogue need.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    /// For category `one`.
    pub one: &'static str,
    /// For every other category.
    pub other: &'static str,
}

/// How numbers, money, dates and plurals are written in the reader's locale.
pub trait Formats {
    /// Whether `count` takes the plural category `one`.
    fn is_one(&self, count: usize) -> bool;
    /// A whole number, grouped: `1,234`.
    fn integer(&self, count: usize) -> String;
    /// Money from its exact digits, with at least the fraction digits of its currency: `$1,190.40`. Anything that is
    /// no ISO 4217 code is written as text beside the number.
    fn money(&self, amount: Amount, currency: &str) -> String;
    /// A day: `21 Nov 2026`.
    fn date(&self, date: Date) -> String;
    /// A moment given in RFC 3339, in the reader's zone: `21 Nov 2026, 14:05`.
    fn moment(&self, rfc3339: &str) -> String;
    /// The name of a country by its ISO 3166-1 alpha-2 code.
    fn country(&self, code: &str) -> String;
    /// The order of two names in a list.
    fn compare(&self, a: &str, b: &str) -> Ordering;
}

/// Formats without a locale, for programs and tests: digits as they are, money as `782.00 USD`.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainFormats;

impl Formats for PlainFormats {
    fn is_one(&self, count: usize) -> bool {
        count == 1
    }

    fn integer(&self, count: usize) -> String {
        count.to_string()
    }

    fn money(&self, amount: Amount, currency: &str) -> String {
        format!("{amount} {currency}").trim_end().to_owned()
    }

    fn date(&self, date: Date) -> String {
        date.to_string()
    }

    fn moment(&self, rfc3339: &str) -> String {
        rfc3339.to_owned()
    }

    fn country(&self, code: &str) -> String {
        code.to_owned()
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        a.cmp(b)
    }
}

/// Fills `{name}` places of a template. A place without a value stays as it is, visibly.
///
/// ```
/// assert_eq!(certquote::words::fill("{count} of {max}", &[("count", "3"), ("max", "250")]), "3 of 250");
/// ```
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            text.push('{');
            rest = tail;
            continue;
        };
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) if value.chars().any(is_rtl) => {
                // First strong isolate … pop: what is filled in turns nothing around it.
                text.push('\u{2068}');
                text.push_str(value);
                text.push('\u{2069}');
            }
            Some((_, value)) => text.push_str(value),
            None => {
                // Writing to a string cannot fail.
                let _ = write!(text, "{{{name}}}");
            }
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Letters and digits of scripts that are written from right to left, and the mark that makes as much of its surroundings.
fn is_rtl(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{200F}')
}

/// The form of `plural` for `count`, with `{count}` filled in.
#[must_use]
pub fn count(plural: Plural, count: usize, formats: &dyn Formats) -> String {
    let template = if formats.is_one(count) { plural.one } else { plural.other };
    fill(template, &[("count", &formats.integer(count))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_without_a_value_stays_visible() {
        assert_eq!(fill("{a} and {b}", &[("a", "1")]), "1 and {b}");
        assert_eq!(fill("open { brace", &[]), "open { brace");
        assert_eq!(fill("", &[]), "");
    }

    #[test]
    fn what_runs_from_right_to_left_does_not_turn_the_sentence_around_it() {
        let says = fill("{amount} left", &[("amount", "\u{200F}٢٬٥٠٠٫٠٠ US$")]);
        assert_eq!(says, "\u{2068}\u{200F}٢٬٥٠٠٫٠٠ US$\u{2069} left");
        assert_eq!(fill("{amount} left", &[("amount", "2 500,00 €")]), "2 500,00 € left");
    }

    #[test]
    fn what_is_filled_in_is_never_filled_again() {
        assert_eq!(fill("{name}", &[("name", "{other}"), ("other", "x")]), "{other}");
    }
}
