//! A quote for others: as plain text for a mail or a ticket, and as JSON. Neither holds the billing address unless it is asked
//! for, nor anything about the account's money.

use std::borrow::Cow;

use crate::draft::{Draft, OrderValidity};
use crate::evidence::{Evidence, PriceBasis, TaxBasis};
use crate::json;
use crate::products::Product;
use crate::quote::{LineKind, Quote};
use crate::words::{Formats, PriceWords, Words, count, fill};

/// What a line is called.
#[must_use]
pub fn line_label(line: LineKind, words: &PriceWords) -> &'static str {
    match line {
        LineKind::Base => words.base,
        LineKind::Fqdns => words.fqdns,
        LineKind::Wildcards => words.wildcards,
        LineKind::Addons => words.addons,
        LineKind::SanPackage => words.san_package,
        LineKind::Discount => words.discount,
        LineKind::Other => words.other,
        LineKind::Tax => words.tax,
    }
}

/// The length of an order in words: `2 years`, `199 days`, `until 2026-11-21`.
#[must_use]
pub fn length(draft: &Draft, words: &Words, formats: &dyn Formats) -> String {
    match draft.order_validity {
        OrderValidity::Years(years) => count(words.form.year_count, years as usize, formats),
        OrderValidity::Days(days) => count(words.form.day_count, days as usize, formats),
        OrderValidity::CustomExpirationDate(date) => {
            fill(words.price.until, &[("date", &formats.date(date))])
        }
    }
}

/// A quote as text: the order, the lines, the total, what it all rests on, and when.
///
/// ```
/// use certquote::{draft::Draft, handover, quote::Quote, json, words::{EN, PlainFormats}};
///
/// let answer = br#"{"base_price":782,"total_price":782,"tax":"0.00","currency":"USD","tax_error":false}"#;
/// let draft = Draft { product_name_id: "ssl_basic".to_owned(), dns_names: vec!["example.com".to_owned()], ..Draft::default() };
/// let quote = Quote::new(draft, &json::decode(answer)?, "2026-11-21T14:05:00Z".to_owned())?;
/// let text = handover::text(&quote, &EN, &PlainFormats);
/// assert!(text.starts_with("Basic OV, 1 year\nNames: example.com\n\nBase price: 782 USD\n"));
/// # Ok::<(), json::DecodeError>(())
/// ```
#[must_use]
pub fn text(quote: &Quote, words: &Words, formats: &dyn Formats) -> String {
    let (says, price, draft) = (&words.handover, &words.price, &quote.draft);
    let evidence = Evidence::of(quote);
    let product = Product::find(&draft.product_name_id);
    let name = product.as_ref().map_or(draft.product_name_id.as_str(), |product| product.label());
    let mut out =
        fill(price.product_length, &[("product", name), ("length", &length(draft, words, formats))]);
    out.push('\n');
    for (label, values) in [(says.names, &draft.dns_names), (says.addons, &draft.addons)] {
        if !values.is_empty() {
            push(&mut out, label, &values.join(", "));
        }
    }
    if let Some(date) = draft.renewal_of_order_valid_till {
        line(&mut out, &fill(says.renews, &[("date", &formats.date(date))]));
    }
    out.push('\n');
    if quote.sandbox {
        line(&mut out, price.sandbox);
    }
    let tax = match evidence.tax {
        TaxBasis::Account => says.tax_of_account,
        TaxBasis::Address(_) => says.tax_of_address,
        TaxBasis::Unknown => says.tax_unknown,
    };
    match quote.total {
        None => {
            line(&mut out, price.unknown_title);
            line(&mut out, price.unknown_reason);
        }
        Some(total) => {
            for of in &quote.lines {
                let amount = if of.line == LineKind::Tax && quote.tax_error {
                    price.tax_unknown.to_owned()
                } else {
                    formats.money(of.amount, &quote.currency)
                };
                push(&mut out, line_label(of.line, price), &amount);
            }
            let label = if quote.tax_error { price.total_before_tax } else { price.total_with_tax };
            push(&mut out, label, &formats.money(total, &quote.currency));
        }
    }
    out.push('\n');
    line(&mut out, if evidence.price == PriceBasis::List { says.list_price } else { says.contract_price });
    if quote.total.is_some() {
        line(&mut out, tax);
    }
    let asked = if quote.unknown { price.asked_at } else { price.priced_at };
    line(&mut out, &fill(asked, &[("moment", &formats.moment(&quote.priced_at))]));
    out
}

fn push(out: &mut String, label: &str, value: &str) {
    out.push_str(label);
    out.push_str(": ");
    line(out, value);
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A quote as the JSON of the public interface.
#[must_use]
pub fn json(quote: &Quote, with_address: bool) -> String {
    let mut quote = Cow::Borrowed(quote);
    if quote.account_balance.is_some() || quote.funds.is_some() {
        let quote = quote.to_mut();
        (quote.account_balance, quote.funds) = (None, None);
    }
    if !with_address && quote.draft.billing_address.is_some() {
        quote.to_mut().draft.billing_address = None;
    }
    json::to_string(&*quote)
}
