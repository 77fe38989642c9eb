//! What lies behind a price: what its length means, what it rests on, and what changed since the one before. Folded: the fold
//! says what matters most of it.

use std::rc::Rc;

use yew::prelude::*;

use super::aside::Purpose;
use super::el::el;
use super::view::{Scene, button, join, text};
use crate::amount::Amount;
use crate::comparison::{Answer, NotAdded};
use crate::date::Date;
use crate::draft::Draft;
use crate::evidence::{Changes, Evidence, Input, PriceBasis, TaxBasis};
use crate::handover::{length, line_label};
use crate::products::Product;
use crate::quote::Quote;
use crate::reissue::{self, Coverage, Limits};
use crate::validity::LifeRule;
use crate::words::fill;

/// A fold of the price panel, closed at first.
pub(super) fn fold(part: &'static str, title: &'static str, present: &str, children: Vec<Html>) -> Html {
    let present = text("span", "", [" · ", present].concat());
    el!(
        "details" "class": part, "part": part;
        el!("summary"; el!("span"; text("b", "", title), present)),
        el!("div" "class": "fold"; children),
    )
}

/// An amount in the currency of a quote.
pub(super) fn money(scene: &Scene<'_>, amount: Amount, quote: &Quote) -> String {
    scene.session.formats().money(amount, &quote.currency)
}

fn paragraph(says: String) -> Html {
    text("p", "", says)
}

/// What the length of the order means: what a year of it costs, and how often its certificate has to be issued.
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
    let issued = order.reissues as usize + 1;
    let is_limited = |whose| !reissue::limits(product.kind, whose).is_empty();
    let mut parts = Vec::new();
    if let Some(yearly) = yearly {
        let rounded = if yearly.is_exact { "" } else { words.rounded };
        let says = text("b", "", costs.clone());
        parts.push(el!("p" "data-per-year": yearly.amount.to_string(); says, " ", rounded));
    }
    let days = scene.count(scene.words().form.day_count, order.days as usize);
    parts.push(paragraph(fill(words.covers, &[("days", &days), ("from", &from), ("to", &to)])));
    let mut times = String::new();
    if is_limited(Limits::DigiCert) {
        times = scene.count(words.issued, issued);
        let forum = order.reissues_forum as usize + 1;
        for (whose, template, count) in
            [(Limits::DigiCert, words.times, issued), (Limits::Forum, words.times_forum, forum)]
        {
            if is_limited(whose) {
                let limits = limits(scene, reissue::limits(product.kind, whose), &order);
                let says = fill(&scene.count(template, count), &[("limits", &limits)]);
                parts.push(el!("p" "data-issued": count.to_string(); says));
            }
        }
        let mut each = Vec::new();
        for certificate in &order.certificates {
            let day = [("from", &*date(certificate.issued)), ("to", &date(certificate.ends))];
            each.push(text("li", "", fill(words.each_day, &day)));
        }
        if issued > 1 {
            let summary = el!("summary"; text("span", "", text("b", "", words.days)));
            parts.push(el!("details" "class": "dates"; summary, el!("ol"; each)));
        }
    } else {
        parts.push(text("p", "", words.unlimited));
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
    let answer = scene.store.orders(Purpose::Advising, |orders| {
        let same = orders.variants().iter().find(|variant| variant.draft == without);
        same.map(|variant| variant.answer.clone())
    });
    let says = match &answer {
        None | Some(Answer::Cancelled) => "".to_owned(),
        Some(Answer::Waiting | Answer::Asking) => words.asking_renewal.to_owned(),
        Some(Answer::Failed(error)) => fill(words.failed, &[("reason", &error.message)]),
        Some(Answer::Quote(other)) => {
            let credit = reissue::renewal_credit(quote, other).zip(other.total);
            let (template, amount, total) = match credit {
                None => (words.not_comparable, None, None),
                Some((credit, _)) if credit.is_zero() => (words.no_credit, Some(credit), None),
                Some((credit, total)) if credit.is_negative() => (words.dearer, Some(credit), Some(total)),
                Some((credit, total)) => (words.credit, Some(credit), Some(total)),
            };
            let written = |amount: Option<Amount>| {
                amount.map(|amount| money(scene, amount.abs(), quote)).unwrap_or_default()
            };
            fill(template, &[("amount", &written(amount)), ("other", &written(total))])
        }
    };
    let label = match answer {
        None | Some(Answer::Cancelled) => Some(words.ask_renewal),
        Some(Answer::Failed(_)) => Some(words.ask_renewal_again),
        _ => None,
    };
    let ask = label.map(|label| {
        let (store, without) = (Rc::clone(scene.store), without);
        button(
            "button link",
            label,
            Callback::from(move |_| {
                let without: Draft = without.clone();
                store.change_orders(Purpose::Advising, |mut orders| {
                    let before = orders.variants().iter().position(|variant| variant.draft == without);
                    let mut gives_up = before.is_some_and(|place| orders.remove(place));
                    if orders.add(without.clone()) == Err(NotAdded::Full) {
                        gives_up |= orders.clear();
                        // There is room now.
                        let _ = orders.add(without);
                    }
                    gives_up
                });
            }),
        )
    });
    let says = el!("p" "aria-live": "polite"; says);
    Some(el!("div" "class": "renewed"; text("b", "", title), says, ask))
}

/// What the price rests on, and what changed since the one before.
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
    let priced = quote.total.is_some();
    let mut facts = Vec::new();
    for (label, value) in [
        (says.asked, formats.moment(evidence.asked_at)),
        (says.order, order),
        (handover.names, draft.dns_names.join(", ")),
        (handover.addons, draft.addons.join(", ")),
        (says.renewal, renews.unwrap_or_default()),
        (says.price, price.to_owned()),
        (says.tax, if priced { tax.to_owned() } else { String::new() }),
        (says.currency, if priced { currency } else { String::new() }),
        (says.source, if evidence.sandbox { says.sandbox.to_owned() } else { String::new() }),
    ] {
        if !value.is_empty() {
            // Many names scroll, which the keyboard has to reach.
            let scrolls = value.len() > 600;
            let class = if scrolls { "long" } else { "" };
            facts.push(el!("div"; text("dt", "", label), el!("dd" "class": class, "tabindex": scrolls.then_some("0"); value)));
        }
    }
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
    if !changes.inputs.is_empty() {
        let mut inputs = String::new();
        for input in &changes.inputs {
            inputs = join(&[&inputs, &changed(scene, input)], ", ");
        }
        list.push(fill(says.asked_differently, &[("inputs", &inputs)]));
    }
    match changes.lines {
        None => list.push(says.not_comparable.to_owned()),
        Some(lines) if lines.is_empty() => {
            list.push(if list.is_empty() { says.nothing } else { says.same_lines }.to_owned());
        }
        Some(lines) => {
            for line in lines {
                let name = line_label(line.line, &words.price);
                list.push(moved(scene, quote, name, line.before, line.after, line.by));
            }
            if let Some(by) = changes.total {
                list.push(moved(scene, quote, words.price.total, before.total, quote.total, by));
            }
        }
    }
    let list: Vec<_> = list.into_iter().map(|item| text("li", "", item)).collect();
    let title = text("b", "", fill(says.since, &[("moment", &moment)]));
    el!("div" "class": "since"; title, el!("ul"; list))
}

/// A line or the total before and after: `FQDNs: $350.00, $100.00 more than before`.
fn moved(
    scene: &Scene<'_>,
    quote: &Quote,
    line: &str,
    before: Option<Amount>,
    after: Option<Amount>,
    by: Amount,
) -> String {
    let says = &scene.words().evidence;
    let template = match (before, after) {
        (None, _) => says.new,
        (_, None) => says.gone,
        _ if by.is_zero() => says.unmoved,
        _ if by.is_negative() => says.less,
        _ => says.more,
    };
    let written =
        |amount: Option<Amount>| amount.map(|amount| money(scene, amount, quote)).unwrap_or_default();
    let (before, after) = (written(before), written(after));
    let by = money(scene, by.abs(), quote);
    fill(template, &[("line", line), ("before", &before), ("after", &after), ("by", &by)])
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
