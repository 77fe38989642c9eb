//! The table of the comparison: each order a row with its figures, and below them the lines of its price. Where that is too
//! wide each order is a block, and its lines are folded.

use yew::prelude::*;

use super::compare::{act, open_button, present, title};
use super::el::el;
use super::verdict;
use super::view::{Scene, text};
use crate::comparison::{Answer, Comparison, Mark, Variant, is_same_order};
use crate::draft::Draft;
use crate::handover::line_label;
use crate::products::Product;
use crate::quote::{LineKind, Quote};
use crate::reissue::coverage;
use crate::validity::certificate_life;
use crate::words::fill;

pub(super) fn table(scene: &Scene<'_>, orders: &Comparison) -> Html {
    let words = &scene.words().compare;
    let variants = orders.variants();
    let Some(first) = variants.first() else { return Html::default() };
    let heads = [words.order, words.total, words.per_year, words.difference, words.reissues, words.funds, ""];
    let mut head = Vec::new();
    for name in heads {
        let cell = if name.is_empty() {
            el!("td" "role": "cell")
        } else {
            el!("th" "role": "columnheader", "scope": "col"; name)
        };
        head.push(cell);
    }
    // The same for all, so that each has its column.
    let mut kinds = LineKind::ALL.to_vec();
    let priced = |kind| variants.iter().filter_map(Variant::priced).any(|quote| quote.line(kind).is_some());
    kinds.retain(|kind| priced(*kind));
    let mut rows = Vec::new();
    for (place, (variant, mark)) in variants.iter().zip(orders.marks(scene.session.today())).enumerate() {
        rows.push(row(scene, (place, variants.len()), variant, &mark, &first.draft));
        rows.push(below(scene, variant, &kinds));
    }
    let is_invented = |variant: &Variant| variant.priced().is_some_and(|quote| quote.sandbox);
    let sandbox = variants.iter().any(is_invented);
    let sandbox = sandbox.then(|| el!("p"; text("span", "sandbox", scene.words().price.sandbox)));
    // Roles, because a table that is laid out in blocks is none to browsers.
    let table = el!(
        "table" "class": "compared", "part": "variants", "role": "table", "aria-label": words.title;
        el!("thead" "role": "rowgroup"; el!("tr" "role": "row"; head)),
        el!("tbody" "role": "rowgroup"; rows),
    );
    el!("div"; sandbox, table)
}

fn row(
    scene: &Scene<'_>,
    (place, count): (usize, usize),
    variant: &Variant,
    mark: &Mark,
    first: &Draft,
) -> Html {
    let words = &scene.words().compare;
    let is_in_form = present(scene.session).is_some_and(|present| is_same_order(present, &variant.draft));
    let id = ["variant-", &place.to_string()].concat();
    let says = match place {
        0 if is_in_form => Some(words.is_present),
        0 => Some(words.is_before),
        _ => None,
    };
    let mark_of = |says| text("span", "mark", says);
    let use_it = {
        let draft = variant.draft.clone();
        act(scene, move |store| store.use_order(&draft))
    };
    let name = if is_in_form { words.in_use } else { words.use_this };
    // The first is what the others are measured against.
    let remove = (place > 0).then(|| {
        let next = if place + 1 < count { place } else { place - 1 };
        let next = ["tr:has(#variant-", &next.to_string(), ") .do :last-child"].concat();
        let remove = act(scene, move |store| {
            store.focus_on(next.clone());
            store.remove_from_comparison(place);
        });
        open_button("link", words.remove, true, id.clone(), remove)
    });
    let notes = text("small", "", notes(scene, &variant.draft, first));
    let mut cells = vec![el!(
        "th" "role": "rowheader", "scope": "row", "id": id.clone();
        text("b", "", title(scene, &variant.draft)),
        notes,
        says.map(mark_of),
        mark.is_cheapest.then(|| mark_of(words.cheapest)),
    )];
    cells.extend(figures(scene, place, variant, mark));
    cells.push(el!(
        "td" "role": "cell", "class": "do";
        open_button("link", name, !is_in_form, id, use_it),
        remove,
    ));
    el!("tr" "role": "row", "part": "variant", "data-variant": variant_state(variant); cells)
}

/// Below the row of an order: the lines of its price, or why there is none.
fn below(scene: &Scene<'_>, variant: &Variant, kinds: &[LineKind]) -> Html {
    let says = match (&variant.answer, variant.priced()) {
        (_, Some(quote)) => lines(scene, quote, kinds),
        (Answer::Failed(error), _) => text("p", "bad", error.message.clone()),
        _ => return Html::default(),
    };
    el!("tr" "role": "row", "class": "by-line"; el!("td" "role": "cell", "colspan": "7"; says))
}

fn lines(scene: &Scene<'_>, quote: &Quote, kinds: &[LineKind]) -> Html {
    let words = scene.words();
    let mut lines = Vec::new();
    for &kind in kinds {
        let amount = match quote.line(kind) {
            None => words.compare.no_line.to_owned(),
            Some(_) if kind == LineKind::Tax && quote.tax_error => words.price.tax_unknown.to_owned(),
            Some(line) => scene.session.formats().money(line.amount, &quote.currency),
        };
        lines.push(el!(
            "div" "data-of": kind.as_str();
            text("dt", "", line_label(kind, &words.price)),
            text("dd", "", amount),
        ));
    }
    el!("details"; text("summary", "", words.compare.lines), el!("dl"; lines))
}

fn variant_state(variant: &Variant) -> &'static str {
    match &variant.answer {
        Answer::Waiting => "waiting",
        Answer::Asking => "asking",
        Answer::Quote(quote) if quote.unknown => "unknown",
        Answer::Quote(_) => "priced",
        Answer::Failed(_) => "failed",
        Answer::Cancelled => "stopped",
    }
}

fn figures(scene: &Scene<'_>, place: usize, variant: &Variant, mark: &Mark) -> Vec<Html> {
    let words = &scene.words().compare;
    let formats = scene.session.formats();
    let cell = |name: &'static str, says: Html| el!("td" "role": "cell", "data-name": name; says);
    let line = |says: String| text("span", "", says);
    let priced = variant.priced();
    let money = |amount| priced.map(|quote| formats.money(amount, &quote.currency)).unwrap_or_default();
    let total = match (&variant.answer, priced.and_then(|quote| Some((quote, quote.total?)))) {
        (_, Some((quote, total))) => {
            let tax = quote.tax_error.then(|| text("small", "", words.before_tax));
            el!("b" "data-total": total.to_string(); money(total), tax)
        }
        (Answer::Waiting, _) => text("span", "wait", words.waiting),
        (Answer::Asking, _) => text("span", "wait", words.asking),
        (Answer::Cancelled, _) => text("span", "wait", words.stopped),
        (Answer::Failed(_), _) => text("span", "bad", words.failed),
        (Answer::Quote(_), None) => text("span", "warn", words.unknown),
    };
    let per_year = mark.per_year.map(|yearly| {
        let amount = money(yearly.amount);
        line(if yearly.is_exact { amount } else { fill(words.about, &[("amount", &amount)]) })
    });
    let difference = priced.filter(|_| place > 0).map(|_| {
        line(match mark.difference {
            None => words.incomparable.to_owned(),
            Some(by) if by.is_zero() => words.same.to_owned(),
            Some(by) => {
                let template = if by.is_negative() { words.less } else { words.more };
                fill(template, &[("amount", &money(by.abs()))])
            }
        })
    });
    let product = Product::find(&variant.draft.product_name_id).unwrap_or_default();
    let is_limited = certificate_life(product.kind, scene.session.today()).is_some();
    let coverage = coverage(&variant.draft.order_validity, &product, scene.session.today());
    let reissues = coverage.filter(|_| is_limited).map(|coverage| {
        line(match coverage.reissues {
            0 => words.no_reissue.to_owned(),
            times => fill(words.at_least, &[("count", &formats.integer(times as usize))]),
        })
    });
    let funds = priced.and_then(|quote| verdict::beside(scene, quote));
    vec![
        cell(words.total, total),
        cell(words.per_year, per_year.unwrap_or_default()),
        cell(words.difference, difference.unwrap_or_default()),
        cell(words.reissues, reissues.unwrap_or_default()),
        cell(words.funds, funds.unwrap_or_default()),
    ]
}

/// What else an order has otherwise than the first one.
fn notes(scene: &Scene<'_>, draft: &Draft, first: &Draft) -> String {
    let words = &scene.words().compare;
    let lacks =
        |of: &Draft, than: &Draft| than.dns_names.iter().filter(|name| !of.dns_names.contains(name)).count();
    let mut notes = Vec::new();
    if draft.dns_names != first.dns_names {
        for (plural, count) in
            [(words.names_more, lacks(first, draft)), (words.names_fewer, lacks(draft, first))]
        {
            if count > 0 {
                notes.push(scene.count(plural, count));
            }
        }
    }
    let is_list = |draft: &Draft| draft.is_out_of_contract == Some(true);
    if is_list(draft) != is_list(first) {
        notes.push(if is_list(draft) { words.list_price } else { words.contract_price }.to_owned());
    }
    if draft.addons != first.addons {
        if draft.addons.is_empty() {
            notes.push(words.without_addons.to_owned());
        }
        for id in &draft.addons {
            if !first.addons.contains(id) {
                let offered = scene.session.config().addons.iter().find(|addon| addon.id == *id);
                let name = offered.map_or(id, |addon| &addon.label);
                notes.push(fill(words.with_addon, &[("name", name)]));
            }
        }
    }
    if draft.billing_address != first.billing_address {
        notes.push(words.other_address.to_owned());
    }
    if draft.renewal_of_order_valid_till != first.renewal_of_order_valid_till {
        notes.push(words.other_renewal.to_owned());
    }
    notes.join(" · ")
}
