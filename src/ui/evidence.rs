//! What lies behind a price: what its length means, what it rests on, and what changed since the one before. Folded: the fold
//! says what matters most of it.

use std::rc::Rc;

use yew::prelude::*;

use super::aside::{self, Purpose};
use super::el::el;
use super::fold::summary;
use super::view::{Scene, button, join, text};
use crate::amount::Amount;
use crate::comparison::Answer;
use crate::date::Date;
use crate::evidence::{Changes, Evidence, Input, PriceBasis, TaxBasis};
use crate::handover::{length, line_label};
use crate::products::Product;
use crate::quote::Quote;
use crate::reissue::{self, Coverage, Limits};
use crate::validity::LifeRule;
use crate::words::fill;

/// A fold of the price panel, closed at first.
pub(super) fn fold(part: &'static str, title: &'static str, present: &str, children: Vec<Html>) -> Html {
    el!(
        "details" "class": part, "part": part;
        summary(title, present),
        el!("div" "class": "fold"; children),
    )
}

/// An amount in the currency of a quote.
pub(super) fn money(scene: &Scene<'_>, amount: Amount, quote: &Quote) -> String {
    scene.session.formats().money(amount, &quote.currency)
}

/// Adds a sentence.
#[inline(never)]
fn say(parts: &mut Vec<Html>, tag: &'static str, template: &str, values: &[(&str, &str)]) {
    parts.push(text(tag, "", fill(template, values)));
}

/// Adds something that the price rests on, unless there is none of it.
#[inline(never)]
fn fact(facts: &mut Vec<Html>, label: &'static str, value: &str) {
    if !value.is_empty() {
        // Many names scroll, which the keyboard has to reach.
        let scrolls = value.len() > 600;
        let class = if scrolls { "long" } else { "" };
        let value = el!("dd" "class": class, "tabindex": scrolls.then_some("0"); value.to_owned());
        facts.push(el!("div"; text("dt", "", label), value));
    }
}

/// What the length of the order means: what a year of it costs, and how often its certificate has to be issued.
#[inline(never)]
pub(super) fn coverage(scene: &Scene<'_>, quote: &Quote) -> Html {
    let words = &scene.words().coverage;
    let product = Product::find(&quote.draft.product_name_id).unwrap_or_default();
    let order = reissue::coverage(&quote.draft.order_validity, &product, scene.session.today());
    let Some(order) = order else { return Html::default() };
    let date = |date| scene.session.formats().date(date);
    let (from, to) = (date(order.starts), date(order.ends));
    let yearly =
        quote.total.and_then(|total| reissue::per_year(total, &quote.currency, order.starts, order.ends));
    let costs = yearly.map(|yearly| {
        let costs = fill(words.per_year, &[("amount", &money(scene, yearly.amount, quote))]);
        join(&[&costs, if quote.tax_error { scene.words().price.before_tax } else { "" }], ", ")
    });
    let costs = costs.unwrap_or_default();
    let mut parts = Vec::new();
    if let Some(yearly) = yearly {
        let rounded = if yearly.is_exact { "" } else { words.rounded };
        let says = text("b", "", costs.clone());
        parts.push(el!("p" "data-per-year": yearly.amount.to_string(); says, " ", rounded));
    }
    let days = scene.count(scene.words().form.day_count, order.days as usize);
    say(&mut parts, "p", words.covers, &[("days", &days), ("from", &from), ("to", &to)]);
    let mut times = String::new();
    for (whose, template, reissues) in [
        (Limits::DigiCert, words.times, order.reissues),
        (Limits::Forum, words.times_forum, order.reissues_forum),
    ] {
        let rules = reissue::limits(product.kind, whose);
        if !rules.is_empty() {
            let issued = reissues as usize + 1;
            if whose == Limits::DigiCert {
                times = scene.count(words.issued, issued);
            }
            say(
                &mut parts,
                "p",
                &scene.count(template, issued),
                &[("limits", &limits(scene, rules, &order))],
            );
        }
    }
    if times.is_empty() {
        say(&mut parts, "p", words.unlimited, &[]);
    }
    if order.reissues > 0 {
        let mut each = Vec::new();
        for certificate in &order.certificates {
            let (from, to) = (date(certificate.issued), date(certificate.ends));
            say(&mut each, "li", words.each_day, &[("from", &from), ("to", &to)]);
        }
        parts.push(el!("div" "class": "dates"; text("b", "", words.days), el!("ol"; each)));
    }
    parts.extend(renewal(scene, quote));
    fold("coverage", words.fold, &join(&[&costs, &times], " · "), parts)
}

/// The limits that are in force during an order: `199 days, 99 days from 15 Mar 2027`.
fn limits(scene: &Scene<'_>, rules: &[LifeRule], order: &Coverage) -> String {
    let words = scene.words();
    let mut limits = String::new();
    for (place, rule) in rules.iter().enumerate() {
        let is_over = rules.get(place + 1).is_some_and(|next| next.from <= Some(order.starts));
        if is_over || rule.from >= Some(order.ends) {
            continue;
        }
        let days = scene.count(words.form.day_count, rule.days as usize);
        let from = rule.from.filter(|from| *from > order.starts);
        let limit = match from {
            None => days,
            Some(from) => {
                let from = scene.session.formats().date(from);
                fill(words.coverage.limit_from, &[("days", &days), ("date", &from)])
            }
        };
        limits = join(&[&limits, &limit], ", ");
    }
    limits
}

/// What the order is credited with because it renews another: asked for when its reader wants to know.
fn renewal(scene: &Scene<'_>, quote: &Quote) -> Option<Html> {
    let words = &scene.words().coverage;
    let renewed: Date = quote.draft.renewal_of_order_valid_till?;
    let without = reissue::without_renewal(&quote.draft)?;
    let title = fill(words.renewal, &[("date", &scene.session.formats().date(renewed))]);
    let known = scene.store.orders(Purpose::Advising, |orders| orders.answer(&without));
    let (says, label) = match known {
        None | Some(Answer::Cancelled) => (String::new(), Some(words.ask_renewal)),
        Some(Answer::Waiting | Answer::Asking) => (aside::asking(scene, words.asking_renewal), None),
        Some(Answer::Failed(error)) => {
            (fill(words.failed, &[("reason", &error.message)]), Some(words.ask_renewal_again))
        }
        Some(Answer::Quote(other)) => (saved(scene, quote, &other), None),
    };
    let ask = label.map(|label| {
        let store = Rc::clone(scene.store);
        let ask = Callback::from(move |_| {
            // The button goes.
            store.focus_on("#renewed");
            store.ask_prices(vec![without.clone()]);
        });
        button("button link", label, ask)
    });
    let says = el!("p" "id": "renewed", "tabindex": "-1", "aria-live": "polite"; says);
    Some(el!("div" "class": "renewed"; text("b", "", title), says, ask))
}

fn saved(scene: &Scene<'_>, quote: &Quote, other: &Quote) -> String {
    let words = &scene.words().coverage;
    let known = reissue::renewal_credit(quote, other).zip(other.total);
    let Some((credit, total)) = known else { return words.not_comparable.to_owned() };
    let template = match credit.is_negative() {
        _ if credit.is_zero() => words.no_credit,
        true => words.dearer,
        false => words.credit,
    };
    let (amount, other) = (money(scene, credit.abs(), quote), money(scene, total, quote));
    fill(template, &[("amount", &amount), ("other", &other)])
}

/// What the price rests on, and what changed since the one before.
#[inline(never)]
pub(super) fn view(scene: &Scene<'_>, quote: &Quote) -> Html {
    let words = scene.words();
    let (says, handover, formats) = (&words.evidence, &words.handover, scene.session.formats());
    let evidence = Evidence::of(quote);
    let draft = evidence.draft;
    let (price, short) = match evidence.price {
        PriceBasis::Contract => (handover.contract_price, words.form.contract_price),
        PriceBasis::List => (handover.list_price, words.form.list_price_short),
    };
    let (tax, place) = match evidence.tax {
        TaxBasis::Account => (handover.tax_of_account, says.present_account),
        TaxBasis::Address(_) => (handover.tax_of_address, says.present_address),
        TaxBasis::Unknown => (handover.tax_unknown, words.price.before_tax),
    };
    let product = Product::find(&draft.product_name_id);
    let product = product.as_ref().map_or(&*draft.product_name_id, Product::label);
    let length = length(draft, words, &**formats);
    let order = fill(words.price.product_length, &[("product", product), ("length", &length)]);
    let renews = draft.renewal_of_order_valid_till;
    let renews = renews.map(|date| fill(handover.renews, &[("date", &formats.date(date))]));
    let currency = fill(says.own_currency, &[("currency", &evidence.currency.to_ascii_uppercase())]);
    let mut facts = Vec::new();
    let mut add = |label, value: &str| fact(&mut facts, label, value);
    add(says.asked, &formats.moment(evidence.asked_at));
    add(says.order, &order);
    add(handover.names, &draft.dns_names.join(", "));
    add(handover.addons, &draft.addons.join(", "));
    add(says.renewal, &renews.unwrap_or_default());
    add(says.price, price);
    if quote.total.is_some() {
        add(says.tax, tax);
        add(says.currency, &currency);
    }
    add(says.source, if evidence.sandbox { says.sandbox } else { "" });
    let facts = el!("dl" "class": "facts"; facts);
    let changes = scene.session.quote_before().map(|before| changes(scene, before, quote));
    fold("evidence", says.fold, &[short, ", ", place].concat(), vec![facts, changes.unwrap_or_default()])
}

fn changes(scene: &Scene<'_>, before: &Quote, quote: &Quote) -> Html {
    let words = scene.words();
    let says = &words.evidence;
    let changes = Changes::between(before, quote);
    let moment = scene.session.formats().moment(&before.priced_at);
    let mut list = Vec::new();
    let mut inputs = String::new();
    for input in &changes.inputs {
        inputs = join(&[&inputs, &changed(scene, input)], ", ");
    }
    if !inputs.is_empty() {
        say(&mut list, "li", says.asked_differently, &[("inputs", &inputs)]);
    }
    match changes.lines {
        None => say(&mut list, "li", says.not_comparable, &[]),
        Some(lines) if lines.is_empty() => {
            say(&mut list, "li", if inputs.is_empty() { says.nothing } else { says.same_lines }, &[]);
        }
        Some(lines) => {
            let mut moved =
                |line, before, after, by| moved(scene, quote, &mut list, line, (before, after, by));
            for line in lines {
                moved(line_label(line.line, &words.price), line.before, line.after, line.by);
            }
            if let Some(by) = changes.total {
                moved(words.price.total, before.total, quote.total, by);
            }
        }
    }
    let title = text("b", "", fill(says.since, &[("moment", &moment)]));
    el!("div" "class": "since"; title, el!("ul"; list))
}

/// Adds a line or the total, before and after: `FQDNs: $350.00, $100.00 more than before`.
#[inline(never)]
fn moved(
    scene: &Scene<'_>,
    quote: &Quote,
    list: &mut Vec<Html>,
    line: &str,
    (before, after, by): (Option<Amount>, Option<Amount>, Amount),
) {
    let says = &scene.words().evidence;
    let is_less = |before: Amount, after: Amount| {
        // A discount is more where it takes more off.
        by.is_negative() != (before.is_negative() && after.is_negative())
    };
    let template = match (before, after) {
        (None, _) => says.new,
        (_, None) => says.gone,
        _ if by.is_zero() => says.unmoved,
        (Some(before), Some(after)) if is_less(before, after) => says.less,
        _ => says.more,
    };
    // What is not there is not filled in either.
    let written = |amount: Option<Amount>| money(scene, amount.unwrap_or_default(), quote);
    let values = [
        ("line", line),
        ("before", &written(before)),
        ("after", &written(after)),
        ("by", &written(Some(by.abs()))),
    ];
    say(list, "li", template, &values);
}

fn changed(scene: &Scene<'_>, input: &Input) -> String {
    let says = &scene.words().evidence;
    match input {
        Input::Names { added, removed } if added.is_empty() && removed.is_empty() => says.reordered,
        Input::Names { added, removed } => {
            let of = |template, names: &[String]| match names {
                [] => String::new(),
                names => fill(template, &[("names", &some(scene, names))]),
            };
            return join(&[&of(says.added, added), &of(says.removed, removed)], ", ");
        }
        Input::Product => says.product,
        Input::Length => says.length,
        Input::Addons => says.addons,
        Input::Price => says.basis,
        Input::Renewal => says.renewed,
        Input::Address => says.address,
    }
    .to_owned()
}

/// The first of some names, and how many more there are.
fn some(scene: &Scene<'_>, names: &[String]) -> String {
    const SHOWN: usize = 3;
    let (shown, rest) = names.split_at(names.len().min(SHOWN));
    let more =
        if rest.is_empty() { String::new() } else { scene.count(scene.words().evidence.others, rest.len()) };
    join(&[&shown.join(", "), &more], ", ")
}
