//! A draft in the fragment of a link, with the price that it had: short, versioned, and sure to be whole or refused.
//!
//! `certquote=1;p=ssl_basic;y=1;n=example.com,www..,~.,shop.;t=782.00,USD,…;x=5e0c1f2a`: fields by letters, everything but
//! letters, digits and `-._` percent-encoded. A name that ends in a dot goes on as the parent of the name before, one that ends
//! in two as the whole name before; `~` is the star of a wildcard. Links are cut off and broken in mails, so that the last field
//! is a checksum: a part of an order is never priced for the whole. Fragments stay in the browser; no server sees them.

use crate::amount::Amount;
use crate::date::Date;
use crate::draft::{BillingAddress, Draft, OrderValidity};
use crate::quote::Quote;

/// What the part of a fragment begins with that is read here; parts are separated by `&`.
pub const KEY: &str = "certquote=";
const VERSION: &str = "1";
/// Longer fragments are neither written nor read.
pub const MAX_LENGTH: usize = 32_000;
/// Names that are written by the name before are at most so long, so that no short text becomes a huge one.
const MAX_NAME: usize = 253;
const MAX_CURRENCY: usize = 16;
const MAX_MOMENT: usize = 40;

/// The price that a draft had when its link was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The total.
    pub total: Amount,
    /// Its currency, as the API wrote it.
    pub currency: String,
    /// Whether it was one before tax.
    pub tax_error: bool,
    /// When, as RFC 3339.
    pub priced_at: String,
}

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The order.
    pub draft: Draft,
    /// What it cost, if that was known.
    pub price: Option<Price>,
}

/// Why a fragment gives no draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FragmentProblem {
    /// It is none of these.
    None,
    /// It was made by a later version.
    Version,
    /// It was cut off or changed on its way.
    Damaged,
}

/// How a price of today stands to the one in the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drift {
    /// It is the same.
    Same,
    /// It rose by so much; a fall is negative.
    By(Amount),
    /// They are in different currencies, only one is with tax, or there is none today.
    NotComparable,
}

impl Price {
    /// The price of a quote, if it has one.
    #[must_use]
    pub fn of(quote: &Quote) -> Option<Self> {
        Some(Self {
            total: quote.total?,
            currency: quote.currency.clone(),
            tax_error: quote.tax_error,
            priced_at: quote.priced_at.clone(),
        })
    }

    /// How the price of today stands to this one.
    #[must_use]
    pub fn drift(&self, now: &Quote) -> Drift {
        let alike = self.tax_error == now.tax_error && self.currency.eq_ignore_ascii_case(&now.currency);
        match now.total.filter(|_| alike).and_then(|total| total.sub(self.total)) {
            None => Drift::NotComparable,
            Some(by) if by.is_zero() => Drift::Same,
            Some(by) => Drift::By(by),
        }
    }
}

/// The fragment for a draft, without `#`; the address only if it is asked for. `None` for an order that no link can hold.
///
/// ```
/// use certquote::draft::Draft;
/// use certquote::fragment::{decode, encode};
///
/// let dns_names = ["example.com", "www.example.com", "*.example.com"].map(str::to_owned).to_vec();
/// let draft = Draft { dns_names, product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
/// let fragment = encode(&draft, None, false).unwrap_or_default();
/// assert!(fragment.starts_with("certquote=1;p=ssl_basic;y=1;n=example.com,www..,~.;x="));
/// assert_eq!(decode(&fragment).map(|shared| shared.draft), Ok(draft));
/// ```
#[must_use]
pub fn encode(draft: &Draft, price: Option<&Price>, with_address: bool) -> Option<String> {
    let mut out = [KEY, VERSION].concat();
    field(&mut out, "p", &[&draft.product_name_id]);
    match draft.order_validity {
        OrderValidity::Years(years) => field(&mut out, "y", &[&years.to_string()]),
        OrderValidity::Days(days) => field(&mut out, "d", &[&days.to_string()]),
        OrderValidity::CustomExpirationDate(date) => field(&mut out, "e", &[&date.to_string()]),
    }
    if !draft.dns_names.is_empty() {
        out.push_str(";n=");
        let mut before = "";
        for (place, name) in draft.dns_names.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            push_name(&mut out, name, before);
            before = name;
        }
    }
    if !draft.addons.is_empty() {
        field(&mut out, "a", &draft.addons.iter().map(String::as_str).collect::<Vec<_>>());
    }
    if let Some(list) = draft.is_out_of_contract {
        field(&mut out, "l", &[if list { "1" } else { "0" }]);
    }
    if let Some(date) = draft.renewal_of_order_valid_till {
        field(&mut out, "r", &[&date.to_string()]);
    }
    if let Some(BillingAddress { country, state, city, zip }) =
        draft.billing_address.as_ref().filter(|_| with_address)
    {
        field(&mut out, "b", &[country, state, city, zip]);
    }
    if let Some(Price { total, currency, tax_error, priced_at }) = price {
        field(&mut out, if *tax_error { "u" } else { "t" }, &[&total.to_string(), currency, priced_at]);
    }
    let sum = checksum(&out);
    out.push_str(";x=");
    out.push_str(&sum);
    (out.len() <= MAX_LENGTH).then_some(out)
}

/// The address of a page, given in full, with this fragment: what else stands behind its `#` stays in front.
///
/// ```
/// use certquote::fragment::address;
///
/// assert_eq!(address("https://shop.example/#/quote&certquote=1;old", "certquote=1;new"), "https://shop.example/#/quote&certquote=1;new");
/// ```
#[must_use]
pub fn address(page: &str, fragment: &str) -> String {
    let (page, others) = page.split_once('#').unwrap_or((page, ""));
    let mut out = [page, "#"].concat();
    for part in others.split('&').filter(|part| !part.is_empty() && !part.starts_with(KEY)) {
        out.push_str(part);
        out.push('&');
    }
    out.push_str(fragment);
    out
}

fn field(out: &mut String, letter: &str, values: &[&str]) {
    out.push(';');
    out.push_str(letter);
    for (place, value) in values.iter().enumerate() {
        out.push(if place == 0 { '=' } else { ',' });
        escape(out, value);
    }
}

/// A name, shortened by the one before where that gives it back.
fn push_name(out: &mut String, name: &str, before: &str) {
    let parent = before.split_once('.').map_or("", |(_, parent)| parent);
    for (rest, marks) in [(before, ".."), (parent, ".")] {
        let head = name.strip_suffix(rest).and_then(|head| head.strip_suffix('.'));
        if let Some(head) = head.filter(|head| !head.is_empty() && !head.ends_with('.'))
            && !rest.is_empty()
            && name.len() <= MAX_NAME
        {
            escape(out, head);
            out.push_str(marks);
            return;
        }
    }
    match name.strip_suffix('.') {
        None => escape(out, name),
        Some(name) => {
            escape(out, name);
            out.push_str("%2E");
        }
    }
}

fn escape(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b'*' => out.push('~'),
            _ => {
                out.push('%');
                push_hex(out, u32::from(byte), 2);
            }
        }
    }
}

fn push_hex(out: &mut String, value: u32, digits: u32) {
    for place in (0..digits).rev() {
        // Four bits: there is a digit for them.
        out.push(char::from_digit(value >> (4 * place) & 15, 16).unwrap_or('0').to_ascii_uppercase());
    }
}

/// FNV-1a, 32 bits: enough against accidents, and nothing here has to withstand a forger.
fn checksum(text: &str) -> String {
    let hash =
        text.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut digits = String::new();
    push_hex(&mut digits, hash, 8);
    digits
}

/// Reads a fragment, with or without its `#`.
///
/// Whatever it is, nothing panics, and what comes out is not much longer than what went in.
///
/// # Errors
/// [`FragmentProblem`] where it gives no draft.
#[inline(never)]
pub fn decode(fragment: &str) -> Result<Shared, FragmentProblem> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let part = fragment.split('&').find(|part| part.starts_with(KEY)).ok_or(FragmentProblem::None)?;
    if part.len() > MAX_LENGTH {
        return Err(FragmentProblem::Damaged);
    }
    let version = part.get(KEY.len()..).and_then(|rest| rest.split(';').next()).unwrap_or_default();
    if version != VERSION {
        let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if is_number { FragmentProblem::Version } else { FragmentProblem::Damaged });
    }
    read(part).ok_or(FragmentProblem::Damaged)
}

fn read(part: &str) -> Option<Shared> {
    let (content, sum) = part.rsplit_once(';')?;
    if sum.strip_prefix("x=") != Some(&checksum(content)) {
        return None;
    }
    let mut shared = Shared { draft: Draft::default(), price: None };
    let draft = &mut shared.draft;
    for field in content.split(';').skip(1) {
        let (letter, value) = field.split_once('=')?;
        match letter {
            "p" => draft.product_name_id = unescape(value)?,
            "y" => draft.order_validity = OrderValidity::Years(value.parse().ok()?),
            "d" => draft.order_validity = OrderValidity::Days(value.parse().ok()?),
            "e" => draft.order_validity = OrderValidity::CustomExpirationDate(value.parse().ok()?),
            "n" => draft.dns_names = names(value)?,
            "a" => draft.addons = texts(value)?,
            "l" => draft.is_out_of_contract = Some(value == "1"),
            "r" => draft.renewal_of_order_valid_till = Some(value.parse().ok()?),
            "b" => {
                let [country, state, city, zip] = texts(value)?.try_into().ok()?;
                draft.billing_address = Some(BillingAddress { country, state, city, zip });
            }
            "t" | "u" => {
                let [total, currency, priced_at] = texts(value)?.try_into().ok()?;
                let total = Amount::parse(&total).ok()?;
                if currency.len() > MAX_CURRENCY || !is_moment(&priced_at) {
                    return None;
                }
                shared.price = Some(Price { total, currency, tax_error: letter == "u", priced_at });
            }
            // What a later version may add without changing what is here.
            _ => {}
        }
    }
    Some(shared)
}

/// Whether a text begins with a day and can be a moment.
pub(crate) fn is_moment(text: &str) -> bool {
    text.len() <= MAX_MOMENT
        && text.is_ascii()
        && text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok())
}

fn texts(value: &str) -> Option<Vec<String>> {
    value.split(',').map(unescape).collect()
}

fn names(value: &str) -> Option<Vec<String>> {
    let mut names = Vec::<String>::new();
    for text in value.split(',') {
        let before = names.last().map_or("", String::as_str);
        let parent = before.split_once('.').map_or("", |(_, parent)| parent);
        let (head, rest) = match text.strip_suffix("..") {
            Some(head) => (head, Some(before)),
            None => match text.strip_suffix('.') {
                Some(head) => (head, Some(parent)),
                None => (text, None),
            },
        };
        let mut name = unescape(head)?;
        if let Some(rest) = rest {
            name.push('.');
            name.push_str(rest);
            if name.len() > MAX_NAME {
                return None;
            }
        }
        names.push(name);
    }
    Some(names)
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                // Two digits: they fit.
                (digit()? << 4 | digit()?) as u8
            }
            b'~' => b'*',
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
