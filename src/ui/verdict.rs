//! The verdict of a quote: what the order leaves of the account's money, or what is missing.

use yew::prelude::*;

use super::el::el;
use super::view::{Scene, text};
use crate::amount::Amount;
use crate::balance::Balance;
use crate::funds::Verdict;
use crate::quote::Quote;
use crate::words::fill;

/// A verdict as it is told: what it is called, its amount, and the sentence.
fn told(
    scene: &Scene<'_>,
    verdict: Verdict,
    quote: &Quote,
    balance: &Balance,
) -> (&'static str, Option<Amount>, String) {
    let words = &scene.words().price;
    let money = |amount| scene.session.formats().money(amount, &quote.currency);
    let with = |template, amount| fill(template, &[("amount", &money(amount))]);
    let before_tax = quote.tax_error;
    match verdict {
        Verdict::OtherCurrency => {
            let codes = [
                ("balance", &*balance.currency.to_ascii_uppercase()),
                ("price", &*quote.currency.to_ascii_uppercase()),
            ];
            ("not-comparable", None, fill(words.not_comparable, &codes))
        }
        Verdict::Funds(funds) => match (funds.after, funds.shortfall) {
            (Some(after), _) => {
                let template = if before_tax { words.covered_before_tax } else { words.covered };
                ("covered", Some(after), with(template, after))
            }
            (_, Some(shortfall)) => {
                let template = if before_tax { words.short_before_tax } else { words.short };
                ("short", Some(shortfall), with(template, shortfall))
            }
            _ => ("unlimited", None, words.unlimited.to_owned()),
        },
    }
}

/// The verdict beside a total, wherever it stands.
pub(super) fn beside(scene: &Scene<'_>, quote: &Quote) -> Option<Html> {
    let balance = scene.session.balance()?;
    let (name, _, says) = told(scene, Verdict::new(quote, balance)?, quote, balance);
    Some(el!("span" "data-verdict": name; says))
}

pub(super) fn view(scene: &Scene<'_>) -> Html {
    let words = &scene.words().price;
    let formats = scene.session.formats();
    let known = scene.session.verdict().zip(scene.session.quote().zip(scene.session.balance()));
    let Some((verdict, (quote, balance))) = known else { return Html::default() };
    let money = |amount| formats.money(amount, &quote.currency);
    let (name, amount, says) = told(scene, verdict, quote, balance);
    let short = name == "short";
    let hint = quote.funds.and_then(|funds| funds.available).filter(|_| short);
    let hint =
        hint.map(|available| text("p", "", fill(words.short_hint, &[("available", &money(available))])));
    let as_of = balance.updated_at.as_ref().unwrap_or(&balance.fetched_at);
    let as_of = fill(words.balance_as_of, &[("moment", &formats.moment(as_of))]);
    el!(
        "div"
        "class": if short { "notice warn" } else { "funds" },
        "part": if short { "notice warn funds" } else { "funds" },
        "data-funds": name,
        "data-amount": amount.map(|amount| amount.to_string());
        text("b", "", says),
        hint,
        text("p", "as-of", as_of),
    )
}
