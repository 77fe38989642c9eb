//! The price: the total, the line by line account of it, and in every state what it means for the order.

use yew::prelude::*;

use super::el::el;
use super::view::{Scene, failure, figure, headline, notice, slot, text};
use super::{accept, evidence, later, share, verdict};
use crate::amount::Amount;
use crate::draft::{Draft, OrderValidity};
use crate::error::ErrorCode;
use crate::products::Product;
use crate::quote::{Line, LineKind, Quote};
use crate::session::Intent;
use crate::state::State;
use crate::words::fill;

pub(super) fn view(scene: &Scene<'_>) -> Html {
    let words = &scene.words().price;
    let state = scene.session.state();
    let busy = state == State::Loading;
    let quote = scene.session.quote().map(|quote| &**quote);
    let old = quote.is_some() && matches!(state, State::Stale | State::Loading);
    let mut error = Some(error(scene, state));
    let rows = el!("div" "class": "rows"; body(scene, quote, state), error.take_if(|_| quote.is_none()));
    let figures = el!(
        "div" "class": if old { "old" } else { "new" };
        head(scene, quote, state),
        later::is_here().then(|| share::drift(scene, quote)),
        el!("div" "class": if busy { "progress busy" } else { "progress" }),
        rows,
        verdict::view(scene),
    );
    let meta = quote.map(|quote| meta(scene, quote)).unwrap_or_default();
    let folds = quote.filter(|_| later::is_here()).map(|quote| {
        let folds =
            vec![evidence::coverage(scene, quote), evidence::view(scene, quote), share::view(scene, quote)];
        el!("div" "class": "folds"; folds)
    });
    el!(
        "section"
        "class": "card price",
        "part": "card price",
        "aria-label": words.panel,
        "aria-busy": busy.then_some("true");
        figures,
        stale(scene, state),
        error,
        accept::view(scene),
        el!("div" "class": "after", "part": "total-actions"; slot("actions")),
        el!("div" "class": "meta", "part": "meta"; meta),
        folds,
        el!("div" "class": "hidden", "role": "status"; announcement(scene, quote, state)),
    )
}

/// The total, the largest thing on the screen, or in its place why there is none.
fn head(scene: &Scene<'_>, quote: Option<&Quote>, state: State) -> Vec<Html> {
    let words = &scene.words().price;
    let Some(quote) = quote else {
        let invalid =
            scene.session.request_error().is_some_and(|error| error.code == ErrorCode::InvalidDraft);
        let (figure, hint) = match state {
            State::Error if invalid => (words.no_price, words.invalid_hint),
            State::Error => (words.no_price, "\u{a0}"),
            State::Loading => (words.loading, "\u{a0}"),
            _ => (words.idle_title, words.idle_hint),
        };
        return vec![
            text("p", "eyebrow", words.total),
            headline("figure words none", figure),
            text("p", "eyebrow", hint),
        ];
    };
    let mark = quote.sandbox.then(|| text("span", "sandbox", words.sandbox));
    let eyebrow = match quote.total {
        None => words.total,
        Some(_) if quote.tax_error => words.total_before_tax,
        Some(_) => words.total_with_tax,
    };
    let mut parts = vec![el!("p" "class": "eyebrow"; eyebrow, mark)];
    parts.push(match quote.total {
        None => headline("figure words", words.unknown_title),
        Some(total) => {
            figure(None, total, scene.session.formats().money(total, &quote.currency), &quote.currency)
        }
    });
    parts.push(text("p", "eyebrow", order(scene, &quote.draft)));
    parts
}

/// What was priced, in a few words: `Basic OV, 1 year`.
fn order(scene: &Scene<'_>, draft: &Draft) -> String {
    let words = scene.words();
    let length = match draft.order_validity {
        OrderValidity::Years(years) => scene.count(words.form.year_count, years as usize),
        OrderValidity::Days(days) => scene.count(words.form.day_count, days as usize),
        OrderValidity::CustomExpirationDate(date) => {
            fill(words.price.until, &[("date", &scene.session.formats().date(date))])
        }
    };
    let order = fill(words.price.product_length, &[("product", &product(draft)), ("length", &length)]);
    match draft.is_out_of_contract {
        Some(true) => [&order, " · ", words.price.list_price].concat(),
        _ => order,
    }
}

fn product(draft: &Draft) -> String {
    Product::find(&draft.product_name_id)
        .map_or_else(|_| draft.product_name_id.clone(), |product| product.label().to_owned())
}

fn body(scene: &Scene<'_>, quote: Option<&Quote>, state: State) -> Html {
    match quote {
        None if state == State::Loading => skeleton(),
        None => Html::default(),
        Some(quote) if quote.unknown => unknown(scene),
        Some(quote) => lines(scene, quote),
    }
}

/// Empty lines of the height of real ones.
fn skeleton() -> Html {
    let row = || el!("div"; text("span", "", ""), text("span", "", ""));
    el!("div" "class": "lines skeleton", "aria-hidden": "true"; row(), row(), row(), row())
}

fn unknown(scene: &Scene<'_>) -> Html {
    let words = &scene.words().price;
    let mut advices = Vec::new();
    for advice in words.unknown_try {
        advices.push(text("li", "", *advice));
    }
    notice("notice warn", None, vec![text("p", "", words.unknown_reason), el!("ul"; advices)])
}

fn lines(scene: &Scene<'_>, quote: &Quote) -> Html {
    let mut rows = Vec::new();
    for line in &quote.lines {
        let unknown = line.line == LineKind::Tax && quote.tax_error;
        let (name, notes) = account(scene, quote, line);
        let class = match line.amount.is_negative() {
            _ if unknown => "words",
            true => "negative",
            false => "",
        };
        let figure = unknown.then(|| scene.words().price.tax_unknown.to_owned());
        rows.push(row(
            scene,
            quote,
            Row {
                class: "",
                name,
                notes,
                line: line.line.as_str(),
                amount: line.amount,
                units: line.units,
                figure,
                figure_class: class,
            },
        ));
    }
    if let Some(total) = quote.total {
        let words = &scene.words().price;
        let notes = if quote.tax_error { vec![words.before_tax.to_owned()] } else { Vec::new() };
        rows.push(row(
            scene,
            quote,
            Row {
                class: "sum",
                name: words.total,
                notes,
                line: "total",
                amount: total,
                units: None,
                figure: None,
                figure_class: "",
            },
        ));
    }
    el!("dl" "class": "lines", "part": "lines", "data-currency": quote.currency.clone(); rows)
}

/// One row of the account.
struct Row {
    class: &'static str,
    name: &'static str,
    notes: Vec<String>,
    line: &'static str,
    amount: Amount,
    units: Option<u64>,
    /// What stands for the amount where it says nothing.
    figure: Option<String>,
    figure_class: &'static str,
}

fn row(scene: &Scene<'_>, quote: &Quote, row: Row) -> Html {
    let figure = row.figure.unwrap_or_else(|| scene.session.formats().money(row.amount, &quote.currency));
    let mut notes = Vec::new();
    for note in row.notes {
        notes.push(text("small", "", note));
    }
    let figure = el!(
        "dd"
        "class": row.figure_class,
        "data-line": row.line,
        "data-amount": row.amount.to_string(),
        "data-units": row.units.map(|units| units.to_string());
        figure,
    );
    el!("div" "class": row.class, "part": "line"; el!("dt"; row.name, notes), figure)
}

/// What a line is for, and what there is to know about it.
fn account(scene: &Scene<'_>, quote: &Quote, line: &Line) -> (&'static str, Vec<String>) {
    let words = &scene.words().price;
    let units = |plural| match line.units.map(usize::try_from) {
        Some(Ok(units)) => vec![scene.count(plural, units)],
        _ => Vec::new(),
    };
    match line.line {
        LineKind::Base => (words.base, vec![product(&quote.draft)]),
        LineKind::Fqdns => (words.fqdns, units(words.name_units)),
        LineKind::Wildcards => (words.wildcards, units(words.name_units)),
        LineKind::Addons if quote.addon_details.is_empty() => (words.addons, units(words.addon_units)),
        LineKind::Addons => (words.addons, addons(scene, quote)),
        LineKind::SanPackage => (words.san_package, Vec::new()),
        LineKind::Discount => (words.discount, Vec::new()),
        LineKind::Other => (words.other, vec![words.other_hint.to_owned()]),
        LineKind::Tax if quote.tax_error => (words.tax, vec![words.tax_unknown_hint.to_owned()]),
        LineKind::Tax => (words.tax, vec![place(scene, quote)]),
    }
}

/// Each add-on with its own sum, by the name that the page gave it.
fn addons(scene: &Scene<'_>, quote: &Quote) -> Vec<String> {
    let words = &scene.words().price;
    let money = |amount: Option<Amount>| match amount {
        Some(amount) => scene.session.formats().money(amount, &quote.currency),
        None => words.amount_unknown.to_owned(),
    };
    let mut details = Vec::new();
    for detail in &quote.addon_details {
        let offered = scene.session.config().addons.iter().find(|addon| addon.id == detail.product_id);
        let name = offered.map_or(detail.product_id.as_str(), |addon| addon.label.as_str());
        let units = match detail.units {
            Some(units) => units.to_string(),
            None => words.amount_unknown.to_owned(),
        };
        let (price, subtotal) = (money(detail.price), money(detail.subtotal));
        details.push(fill(
            words.addon_detail,
            &[("name", name), ("units", &units), ("price", &price), ("subtotal", &subtotal)],
        ));
    }
    details
}

/// The difference between the names that the API counts and those of the order, if there is one.
fn counted(scene: &Scene<'_>, quote: &Quote) -> Option<String> {
    let words = &scene.words().price;
    let wildcards = quote.draft.dns_names.iter().filter(|name| name.starts_with("*.")).count();
    let fqdns = quote.draft.dns_names.len() - wildcards;
    let counted = |units: Option<u64>, given: usize| {
        units.and_then(|units| usize::try_from(units).ok()).unwrap_or(given)
    };
    let (fqdns_counted, wildcards_counted) =
        (counted(quote.fqdns_counted, fqdns), counted(quote.wildcards_counted, wildcards));
    if (fqdns, wildcards) == (fqdns_counted, wildcards_counted) {
        return None;
    }
    let names = |fqdns, wildcards| {
        let (fqdns, wildcards) =
            (scene.count(words.fqdn_units, fqdns), scene.count(words.wildcard_units, wildcards));
        fill(words.names_of_both, &[("fqdns", &fqdns), ("wildcards", &wildcards)])
    };
    let (counted, given) = (names(fqdns_counted, wildcards_counted), names(fqdns, wildcards));
    Some(fill(words.units_differ, &[("counted", &counted), ("given", &given)]))
}

/// Which address the tax was estimated for.
fn place(scene: &Scene<'_>, quote: &Quote) -> String {
    let words = &scene.words().price;
    let Some(address) = &quote.draft.billing_address else { return words.tax_own_address.to_owned() };
    let country = scene.session.formats().country(&address.country);
    let place = fill(
        words.tax_address,
        &[("city", &address.city), ("state", &address.state), ("zip", &address.zip), ("country", &country)],
    );
    let place = place.split_whitespace().collect::<Vec<_>>().join(" ");
    fill(words.tax_estimated, &[("place", &place)])
}

/// Says that the figures are for an earlier order.
fn stale(scene: &Scene<'_>, state: State) -> Html {
    let words = &scene.words().price;
    if state != State::Stale {
        return Html::default();
    }
    let failed = scene.session.request_error().is_some_and(|error| error.code != ErrorCode::InvalidDraft);
    let says = if failed { words.stale_failed } else { words.stale };
    notice("notice warn stale", None, vec![text("p", "", says)])
}

/// What happened, what it means, and what to do. What is wrong with the draft is said in the form instead.
fn error(scene: &Scene<'_>, state: State) -> Html {
    let error = scene.session.request_error().filter(|error| error.code != ErrorCode::InvalidDraft);
    match error {
        Some(error) if state != State::Loading => {
            let title = scene.words().price.error_title;
            let retry = scene.on_click(|| Intent::Quote);
            failure(scene.words(), &**scene.session.formats(), title, error, retry)
        }
        _ => Html::default(),
    }
}

fn meta(scene: &Scene<'_>, quote: &Quote) -> Vec<Html> {
    let words = &scene.words().price;
    let formats = scene.session.formats();
    let mut notes = Vec::new();
    if !quote.unknown
        && let Some(note) = counted(scene, quote)
    {
        notes.push(text("p", "", note));
    }
    if let Some(balance) = quote.account_balance {
        let amount = formats.money(balance, &quote.currency);
        notes.push(text("p", "own", fill(words.account_balance, &[("amount", &amount)])));
    }
    let priced = if quote.unknown { words.asked_at } else { words.priced_at };
    notes.push(text("p", "", fill(priced, &[("moment", &formats.moment(&quote.priced_at))])));
    notes
}

/// What a screen reader hears, once for each settled quote.
fn announcement(scene: &Scene<'_>, quote: Option<&Quote>, state: State) -> String {
    let words = &scene.words().price;
    match (quote, state) {
        // Said once: while the order is being changed, or the price is checked, the words stay as they are.
        (Some(quote), State::Ready | State::Stale | State::Loading)
            if !quote.unknown && (state != State::Loading || scene.session.is_checking()) =>
        {
            let template =
                if quote.tax_error { words.announce_total_before_tax } else { words.announce_total };
            let money = |amount| scene.session.formats().money(amount, &quote.currency);
            let total = fill(template, &[("amount", &quote.total.map(money).unwrap_or_default())]);
            match scene.session.funds_at_first().and_then(|funds| funds.shortfall) {
                Some(shortfall) => {
                    let short = fill(words.short, &[("amount", &money(shortfall))]);
                    fill(words.announce_short, &[("total", &total), ("short", &short)])
                }
                None => total,
            }
        }
        (Some(_), State::Unknown | State::Stale) => words.announce_unknown.to_owned(),
        _ => String::new(),
    }
}
