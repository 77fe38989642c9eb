//! Variants of an order side by side: a queue that asks for one price at a time, and what the prices say beside one another.
//!
//! A pure state machine: [`Comparison::next`] gives the request that is to be made, [`Comparison::settle`] takes its answer.
//! DigiCert asks for requests one after another, and a price that is known is not asked for again.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::amount::Amount;
use crate::api::order_pricing::OrderPricing;
use crate::csv::{push_amount, push_text};
use crate::date::Date;
use crate::difference;
use crate::draft::{Draft, OrderValidity};
use crate::error::{CertError, ErrorCode};
use crate::evidence::{PriceBasis, price_basis};
use crate::json;
use crate::products::Product;
use crate::quote::{LineKind, Quote};
use crate::reissue::{PerYear, coverage, per_year};
use crate::state::Ticket;
use crate::validity::check_order;

/// The most variants side by side.
pub const MAX_VARIANTS: usize = 12;
/// The most answers that are remembered.
const MAX_KNOWN: usize = 64;

/// How often in a row a request that is one too many is made again.
const MAX_REFUSED: u32 = 3;
/// The pause after such a request where its answer names none: DigiCert counts its requests within 5 seconds.
const PAUSE_MS: u32 = 5_000;
/// The longest that a timer of a browser can wait.
const LONGEST_PAUSE_MS: u32 = i32::MAX.unsigned_abs();

/// How long nothing is to be asked after this failure, in milliseconds; `None` unless it was one request too many.
#[must_use]
pub fn pause_ms(error: &CertError) -> Option<u32> {
    let pause = error.retry_after_ms.map_or(PAUSE_MS, |ms| u32::try_from(ms).unwrap_or(LONGEST_PAUSE_MS));
    (error.code == ErrorCode::RateLimited).then_some(pause.min(LONGEST_PAUSE_MS))
}

/// What is known of a variant.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Its turn comes.
    Waiting,
    /// It is being asked.
    Asking,
    /// The answer: a price, or that there is none.
    Quote(Rc<Quote>),
    /// The request failed. The others go on.
    Failed(CertError),
    /// It was not asked, because the comparison was stopped.
    Cancelled,
}

/// One order of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The order.
    pub draft: Draft,
    /// What is known of it.
    pub answer: Answer,
}

/// Why a draft did not become a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdded {
    /// There are [`MAX_VARIANTS`].
    Full,
    /// The variant with this index asks for the same.
    Listed(usize),
}

/// How far the comparison has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Variants that nothing more is coming for.
    pub done: usize,
    /// All variants.
    pub of: usize,
}

/// What a price says beside the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What a year of the order costs, where there is a price.
    pub per_year: Option<PerYear>,
    /// Whether no other costs less a year, of those that can be compared with it and of which there is more than one.
    pub is_cheapest: bool,
    /// What it costs more than the first variant, the present order; `None` for that itself, and where the two cannot be
    /// compared.
    pub difference: Option<Amount>,
}

/// Variants of an order, the first of them the present one.
///
/// ```
/// use certquote::comparison::Comparison;
/// use certquote::draft::{Draft, OrderValidity};
///
/// let mut comparison = Comparison::default();
/// let present = Draft { product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
/// let longer = Draft { order_validity: OrderValidity::Years(2), ..present.clone() };
/// assert_eq!((comparison.add(present.clone()), comparison.add(longer)), (Ok(0), Ok(1)));
/// assert_eq!(comparison.next().map(|(_, draft)| draft), Some(present));
/// // One at a time.
/// assert_eq!(comparison.next(), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    variants: Vec<Variant>,
    /// The request under way, which is for the one variant that is being asked.
    asked: Option<Ticket>,
    last: Ticket,
    /// How many requests in a row were one too many.
    refused: u32,
    /// Answers by their input, the oldest first.
    known: Vec<(String, Rc<Quote>)>,
}

/// The same for all drafts that ask for the same: the order of names and add-ons makes no price, and no word on the contract
/// means the contract price.
fn key(draft: &Draft) -> String {
    let mut draft = draft.clone();
    draft.dns_names.sort_unstable();
    draft.addons.sort_unstable();
    draft.is_out_of_contract = (price_basis(&draft) == PriceBasis::List).then_some(true);
    json::to_string(&OrderPricing { draft: &draft })
}

/// Whether two drafts ask for the same.
#[must_use]
pub fn is_same_order(a: &Draft, b: &Draft) -> bool {
    // The rest costs more to look at.
    let alike = a.product_name_id == b.product_name_id && a.order_validity == b.order_validity;
    alike && (a == b || key(a) == key(b))
}

impl Comparison {
    /// The variants, in the order in which they were added.
    #[must_use]
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Remembers a quote, so that nobody asks for it again: the one on the screen, for a start. A variant takes it over, unless
    /// it is being asked. `true` where the order had another price before: then the other answers are as old as that.
    pub fn know(&mut self, quote: Rc<Quote>) -> bool {
        let key = key(&quote.draft);
        let has_moved = self.known(&key).is_some_and(|known| !known.has_same_price(&quote));
        for variant in &mut self.variants {
            if variant.answer != Answer::Asking && is_same_order(&variant.draft, &quote.draft) {
                variant.answer = Answer::Quote(Rc::clone(&quote));
            }
        }
        self.known.retain(|(known, _)| *known != key);
        if self.known.len() == MAX_KNOWN {
            self.known.remove(0);
        }
        // That there was no price is nothing to rely on later.
        if !quote.unknown {
            self.known.push((key, quote));
        }
        has_moved
    }

    /// Adds an order that can be sent. It waits for its turn, unless its price is known.
    ///
    /// # Errors
    /// [`NotAdded`] where there are too many, or one is the same.
    pub fn add(&mut self, draft: Draft) -> Result<usize, NotAdded> {
        let wanted = key(&draft);
        if let Some(place) = self.variants.iter().position(|variant| key(&variant.draft) == wanted) {
            return Err(NotAdded::Listed(place));
        }
        if self.variants.len() == MAX_VARIANTS {
            return Err(NotAdded::Full);
        }
        let answer = self.known(&wanted).map_or(Answer::Waiting, Answer::Quote);
        self.variants.push(Variant { draft, answer });
        Ok(self.variants.len() - 1)
    }

    /// Removes a variant. `true` if the request under way was for it and can be given up.
    pub fn remove(&mut self, index: usize) -> bool {
        if index >= self.variants.len() {
            return false;
        }
        let gives_up = matches!(self.variants.remove(index).answer, Answer::Asking);
        if gives_up {
            self.asked = None;
        }
        gives_up
    }

    /// Removes all variants. `true` if a request is under way and can be given up. The answers stay known.
    pub fn clear(&mut self) -> bool {
        self.variants.clear();
        self.asked.take().is_some()
    }

    /// Forgets the answers, so that every price is asked for anew.
    pub fn forget(&mut self) {
        self.known.clear();
        for variant in &mut self.variants {
            if matches!(variant.answer, Answer::Quote(_)) {
                variant.answer = Answer::Waiting;
            }
        }
    }

    /// Forgets the answers from before a time, as [`Quote::priced_at`] writes it.
    pub fn forget_before(&mut self, time: &str) {
        let is_old = |quote: &Quote| quote.priced_at.as_str() < time;
        self.known.retain(|(_, quote)| !is_old(quote));
        for variant in &mut self.variants {
            if matches!(&variant.answer, Answer::Quote(quote) if is_old(quote)) {
                variant.answer = Answer::Waiting;
            }
        }
    }

    /// Gives the turn up: what is being asked waits again. `true` if a request is under way and can be given up.
    pub fn yield_turn(&mut self) -> bool {
        for variant in &mut self.variants {
            if matches!(variant.answer, Answer::Asking) {
                variant.answer = Answer::Waiting;
            }
        }
        self.asked.take().is_some()
    }

    /// The request that is to be made now, with its number; `None` while one is under way, and when all is done.
    #[expect(clippy::should_implement_trait, reason = "it is `None` in between, so this is no iterator")]
    pub fn next(&mut self) -> Option<(Ticket, Draft)> {
        if self.asked.is_some() {
            return None;
        }
        let next = self.variants.iter_mut().find(|variant| matches!(variant.answer, Answer::Waiting))?;
        next.answer = Answer::Asking;
        self.last = self.last.next();
        self.asked = Some(self.last);
        Some((self.last, next.draft.clone()))
    }

    /// Takes the answer to a request; `false` if nobody waits for it any more. One that was too many is made again: the pause
    /// before it ([`pause_ms`]) is up to the caller.
    pub fn settle(&mut self, ticket: Ticket, answer: Result<Rc<Quote>, CertError>) -> bool {
        if self.asked.take_if(|asked| *asked == ticket).is_none() {
            return false;
        }
        let refused = std::mem::take(&mut self.refused);
        let asked = self.variants.iter().position(|variant| matches!(variant.answer, Answer::Asking));
        let answer = match answer {
            Ok(quote) => {
                self.know(Rc::clone(&quote));
                Answer::Quote(quote)
            }
            Err(error) if pause_ms(&error).is_some() && refused < MAX_REFUSED => {
                self.refused = refused + 1;
                Answer::Waiting
            }
            // It may have become known otherwise meanwhile.
            Err(error) => {
                let draft =
                    asked.and_then(|place| self.variants.get(place)).map(|variant| key(&variant.draft));
                let known = draft.and_then(|draft| self.known(&draft));
                known.map_or(Answer::Failed(error), Answer::Quote)
            }
        };
        if let Some(variant) = asked.and_then(|place| self.variants.get_mut(place)) {
            variant.answer = answer;
        }
        true
    }

    /// Stops: nothing more is asked. `true` if a request is under way and can be given up.
    pub fn cancel(&mut self) -> bool {
        for variant in &mut self.variants {
            if matches!(variant.answer, Answer::Waiting | Answer::Asking) {
                variant.answer = Answer::Cancelled;
            }
        }
        self.asked.take().is_some()
    }

    /// Puts everything that failed, was cancelled or had no estimate into the queue again; what has a price keeps it.
    pub fn resume(&mut self) {
        for variant in &mut self.variants {
            if variant.is_lacking() {
                variant.answer = Answer::Waiting;
            }
        }
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let waits = |variant: &&Variant| matches!(variant.answer, Answer::Waiting | Answer::Asking);
        let of = self.variants.len();
        Progress { done: of - self.variants.iter().filter(waits).count(), of }
    }

    /// What is known of an order: a price, wherever it was asked for, or how its variant stands. `None` if nobody asked.
    #[must_use]
    pub fn answer(&self, draft: &Draft) -> Option<Answer> {
        let wanted = key(draft);
        let variant = || self.variants.iter().find(|variant| key(&variant.draft) == wanted);
        let known = self.known(&wanted).map(Answer::Quote);
        known.or_else(|| variant().map(|variant| variant.answer.clone()))
    }

    fn known(&self, key: &str) -> Option<Rc<Quote>> {
        self.known.iter().find(|(known, _)| known == key).map(|(_, quote)| Rc::clone(quote))
    }

    /// What the prices say beside one another, for each variant, if the orders are placed today (UTC). They are measured against the first one that has a price,
    /// and only those in its currency, with tax or without like it, can be the cheapest.
    #[must_use]
    pub fn marks(&self, today: Date) -> Vec<Mark> {
        let measure = self.variants.iter().find_map(Variant::priced);
        let mut marks = Vec::new();
        let (mut best, mut compared): (Option<PerYear>, _) = (None, 0);
        for (place, variant) in self.variants.iter().enumerate() {
            let per_year = variant.per_year(today);
            let is_compared = match (measure, variant.priced()) {
                (Some(measure), Some(quote)) => difference::is_comparable(measure, quote),
                _ => false,
            };
            let candidate = per_year.filter(|_| is_compared);
            if let Some(candidate) = candidate {
                compared += 1;
                if best.is_none_or(|best| candidate.compare(&best) == Some(Ordering::Less)) {
                    best = Some(candidate);
                }
            }
            let present = self.variants.first().filter(|_| place > 0).and_then(Variant::priced);
            let difference = present.zip(variant.priced()).and_then(|(a, b)| difference::of_totals(a, b));
            marks.push((candidate, Mark { per_year, is_cheapest: false, difference }));
        }
        let is_best = |candidate: Option<PerYear>| {
            let order = candidate.zip(best).and_then(|(candidate, best)| candidate.compare(&best));
            compared > 1 && order == Some(Ordering::Equal)
        };
        marks.into_iter().map(|(candidate, mark)| Mark { is_cheapest: is_best(candidate), ..mark }).collect()
    }

    /// The comparison as of today (UTC) as CSV (RFC 4180), a line for each variant, safe to open in a spreadsheet.
    ///
    /// Amounts are raw decimals; what is not known is empty. `status` is `priced`, `unknown`, `waiting`, `cancelled` or the
    /// code of an error.
    #[must_use]
    pub fn csv(&self, today: Date) -> String {
        let mut out = String::from(
            "product_name_id,product,dns_names,order_length,ends,reissues,price_basis,addons,renewal_of_order_valid_till,status,\
             base,fqdns,wildcards,addons_price,san_package,discount,other,tax,total,currency,per_year,cheapest_per_year,\
             difference,priced_at\r\n",
        );
        for (variant, mark) in self.variants.iter().zip(self.marks(today)) {
            variant.write(&mark, today, &mut out);
        }
        out
    }
}

impl Variant {
    /// Whether there is no price, and none is on its way.
    #[must_use]
    pub fn is_lacking(&self) -> bool {
        match &self.answer {
            Answer::Failed(_) | Answer::Cancelled => true,
            Answer::Quote(quote) => quote.unknown,
            Answer::Waiting | Answer::Asking => false,
        }
    }

    /// The quote, if it has a price.
    #[must_use]
    pub fn priced(&self) -> Option<&Quote> {
        match &self.answer {
            Answer::Quote(quote) if quote.total.is_some() => Some(quote),
            _ => None,
        }
    }

    fn product(&self) -> Product {
        Product::find(&self.draft.product_name_id).unwrap_or_default()
    }

    fn per_year(&self, today: Date) -> Option<PerYear> {
        let quote = self.priced()?;
        let length = check_order(&self.draft.order_validity, &self.product(), today).ok()?;
        per_year(quote.total?, &quote.currency, today, length.ends)
    }

    fn status(&self) -> &'static str {
        match &self.answer {
            Answer::Waiting | Answer::Asking => "waiting",
            Answer::Cancelled => "cancelled",
            Answer::Failed(error) => error.code.as_str(),
            Answer::Quote(quote) if quote.unknown => "unknown",
            Answer::Quote(_) => "priced",
        }
    }

    fn write(&self, mark: &Mark, today: Date, out: &mut String) {
        let (draft, product, quote) = (&self.draft, self.product(), self.priced());
        let order = coverage(&draft.order_validity, &product, today);
        let length = match draft.order_validity {
            OrderValidity::Years(years) => [&years.to_string(), " years"].concat(),
            OrderValidity::Days(days) => [&days.to_string(), " days"].concat(),
            OrderValidity::CustomExpirationDate(date) => ["until ", &date.to_string()].concat(),
        };
        let text = |text: &str, out: &mut String| push_text(Some(text), ',', out);
        text(&draft.product_name_id, out);
        text(product.label(), out);
        text(&draft.dns_names.join(" "), out);
        text(&length, out);
        text(&order.as_ref().map(|order| order.ends.to_string()).unwrap_or_default(), out);
        text(&order.map(|order| order.reissues.to_string()).unwrap_or_default(), out);
        text(if price_basis(draft) == PriceBasis::List { "list" } else { "contract" }, out);
        text(&draft.addons.join(" "), out);
        text(&draft.renewal_of_order_valid_till.map(|date| date.to_string()).unwrap_or_default(), out);
        text(self.status(), out);
        for kind in LineKind::ALL {
            let says_nothing = kind == LineKind::Tax && quote.is_some_and(|quote| quote.tax_error);
            let line = quote.and_then(|quote| quote.line(kind)).filter(|_| !says_nothing);
            push_amount(line.map(|line| line.amount), out);
        }
        push_amount(quote.and_then(|quote| quote.total), out);
        text(quote.map_or("", |quote| &quote.currency), out);
        push_amount(mark.per_year.map(|yearly| yearly.amount), out);
        text(if mark.is_cheapest { "yes" } else { "" }, out);
        push_amount(mark.difference, out);
        push_text(quote.map(|quote| quote.priced_at.as_str()), '\r', out);
        out.push('\n');
    }
}
