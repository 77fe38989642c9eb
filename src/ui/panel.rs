//! The price: the total, the line by line account of it, and in every state what it means for the order.

use std::rc::Rc;

use yew::prelude::*;

use super::view::Scene;
use crate::draft::{Draft, OrderValidity};
use crate::error::{CertError, ErrorCode};
use crate::products::Product;
use crate::quote::{Line, LineKind, Quote};
use crate::session::{Intent, State};
use crate::words::fill;

pub(super) fn view(scene: &Scene<'_>) -> Html {
    let words = &scene.words().price;
    let state = scene.session.state();
    let busy = state == State::Loading;
    let quote = scene.session.quote();
    let old = matches!(state, State::Stale | State::Loading);
    html! {
        <section class="card price" part="price" aria-label={words.panel} aria-busy={busy.then_some("true")}>
            <div class={classes!(old.then_some("old"))}>
                { head(scene, quote, state) }
                <div class={classes!("progress", busy.then_some("busy"))}></div>
                <div class="rows">{ body(scene, quote, state) }</div>
            </div>
            { stale(scene, state) }
            { error(scene, state) }
            if let Some(quote) = quote {
                { meta(scene, quote) }
            }
            <div class="hidden" role="status">{ announcement(scene, quote, state) }</div>
        </section>
    }
}

/// The total, the largest thing on the screen, or in its place why there is none.
fn head(scene: &Scene<'_>, quote: Option<&Rc<Quote>>, state: State) -> Html {
    let words = &scene.words().price;
    let Some(quote) = quote else {
        let (text, class) = match state {
            State::Error => (words.no_price, "figure words none"),
            State::Loading => (words.loading, "figure words none"),
            _ => (words.idle_title, "figure words none"),
        };
        return html! {
            <>
                <p class="eyebrow">{ words.total }</p>
                <p class={class}>{ text }</p>
                <p class="eyebrow">{ if state == State::Idle { words.idle_hint } else { "\u{a0}" } }</p>
            </>
        };
    };
    let order = order(scene, &quote.draft);
    let sandbox = quote.sandbox.then(|| html! { <p class="sandbox">{ words.sandbox }</p> });
    match quote.total {
        None => html! {
            <>
                { sandbox }
                <p class="eyebrow">{ words.total }</p>
                <p class="figure words">{ words.unknown_title }</p>
                <p class="eyebrow">{ order }</p>
            </>
        },
        Some(total) => html! {
            <>
                { sandbox }
                <p class="eyebrow">{ if quote.tax_error { words.total_before_tax } else { words.total_with_tax } }</p>
                <p class="figure">
                    { scene.session.formats().money(total, &quote.currency) }{ " " }<small>{ quote.currency.to_ascii_uppercase() }</small>
                </p>
                <p class="eyebrow">{ order }</p>
            </>
        },
    }
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

fn body(scene: &Scene<'_>, quote: Option<&Rc<Quote>>, state: State) -> Html {
    match quote {
        None if state == State::Loading => skeleton(),
        None => Html::default(),
        Some(quote) if quote.unknown => unknown(scene),
        Some(quote) => lines(scene, quote),
    }
}

/// Empty lines of the height of real ones.
fn skeleton() -> Html {
    html! {
        <div class="lines skeleton" aria-hidden="true">
            { for (0..4).map(|_| html! { <div><span></span><span></span></div> }) }
        </div>
    }
}

fn unknown(scene: &Scene<'_>) -> Html {
    let words = &scene.words().price;
    html! {
        <div class="notice warn" data-unknown="true">
            <p>{ words.unknown_reason }</p>
            <ul>{ for words.unknown_try.iter().map(|advice| html! { <li>{ *advice }</li> }) }</ul>
        </div>
    }
}

fn lines(scene: &Scene<'_>, quote: &Quote) -> Html {
    let words = &scene.words().price;
    html! {
        <dl class="lines" part="lines" data-currency={quote.currency.clone()}>
            { for quote.lines.iter().map(|line| row(scene, quote, line)) }
            if let Some(total) = quote.total {
                <div class="sum">
                    <dt>
                        { words.total }
                        if quote.tax_error {
                            <small>{ words.total_before_tax }</small>
                        }
                    </dt>
                    <dd data-line="total" data-amount={total.to_string()}>
                        { scene.session.formats().money(total, &quote.currency) }
                    </dd>
                </div>
            }
        </dl>
    }
}

fn row(scene: &Scene<'_>, quote: &Quote, line: &Line) -> Html {
    let words = &scene.words().price;
    let (name, notes) = match line.line {
        LineKind::Base => (words.base, vec![product(&quote.draft)]),
        LineKind::Fqdns => (words.fqdns, units(scene, quote, line)),
        LineKind::Wildcards => (words.wildcards, units(scene, quote, line)),
        LineKind::Addons => (words.addons, addons(scene, quote, line)),
        LineKind::SanPackage => (words.san_package, Vec::new()),
        LineKind::Discount => (words.discount, Vec::new()),
        LineKind::Other => (words.other, vec![words.other_hint.to_owned()]),
        LineKind::Tax if quote.tax_error => (words.tax, vec![words.tax_unknown_hint.to_owned()]),
        LineKind::Tax => (words.tax, vec![place(scene, quote)]),
    };
    let tax_unknown = line.line == LineKind::Tax && quote.tax_error;
    let text = if tax_unknown {
        words.tax_unknown.to_owned()
    } else {
        scene.session.formats().money(line.amount, &quote.currency)
    };
    html! {
        <div>
            <dt>{ name }{ for notes.into_iter().map(|note| html! { <small>{ note }</small> }) }</dt>
            <dd
                class={classes!(line.amount.is_negative().then_some("negative"), tax_unknown.then_some("words"))}
                data-line={line.line.as_str()}
                data-amount={line.amount.to_string()}
                data-units={line.units.map(|units| units.to_string())}
            >{ text }</dd>
        </div>
    }
}

/// The units that the API counts, and the difference to the names given, if there is one.
fn units(scene: &Scene<'_>, quote: &Quote, line: &Line) -> Vec<String> {
    let words = &scene.words().price;
    let Some(units) = line.units.and_then(|units| usize::try_from(units).ok()) else { return Vec::new() };
    let wildcards = quote.draft.dns_names.iter().filter(|name| name.starts_with("*.")).count();
    let (given, differ) = match line.line {
        LineKind::Wildcards => (wildcards, words.units_differ_wildcards),
        _ => (quote.draft.dns_names.len() - wildcards, words.units_differ_fqdns),
    };
    let mut notes = vec![scene.count(words.name_units, units)];
    if units != given {
        let (units, given) = (scene.count(words.name_units, units), scene.count(words.name_units, given));
        notes = vec![fill(differ, &[("units", &units), ("given", &given)])];
    }
    notes
}

/// Each add-on with its own sum, by the name that the page gave it.
fn addons(scene: &Scene<'_>, quote: &Quote, line: &Line) -> Vec<String> {
    let words = &scene.words().price;
    let formats = scene.session.formats();
    let details = quote.addon_details.iter().map(|detail| {
        let offered = scene.session.config().addons.iter().find(|addon| addon.id == detail.product_id);
        let name = offered.map_or(detail.product_id.as_str(), |addon| addon.label.as_str());
        let money = |amount: Option<_>| {
            amount.map_or_else(|| "–".to_owned(), |amount| formats.money(amount, &quote.currency))
        };
        let units = detail.units.map_or_else(|| "–".to_owned(), |units| units.to_string());
        let (price, subtotal) = (money(detail.price), money(detail.subtotal));
        fill(
            words.addon_detail,
            &[("name", name), ("units", &units), ("price", &price), ("subtotal", &subtotal)],
        )
    });
    let details: Vec<_> = details.collect();
    match line.units.and_then(|units| usize::try_from(units).ok()) {
        Some(units) if details.is_empty() => vec![scene.count(words.addon_units, units)],
        _ => details,
    }
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
    let words = scene.words();
    if state != State::Stale {
        return Html::default();
    }
    let failed = scene.session.request_error().is_some_and(|error| error.code != ErrorCode::InvalidDraft);
    html! {
        <div class="notice warn" data-stale="true">
            <p>{ if failed { words.price.stale_failed } else { words.price.stale } }</p>
        </div>
    }
}

/// What happened, what it means, and what to do. What is wrong with the draft is said in the form instead.
fn error(scene: &Scene<'_>, state: State) -> Html {
    let error = scene.session.request_error().filter(|error| error.code != ErrorCode::InvalidDraft);
    match error {
        Some(error) if state != State::Loading => failure(scene, error),
        _ => Html::default(),
    }
}

fn failure(scene: &Scene<'_>, error: &CertError) -> Html {
    let words = &scene.words().price;
    let wait = error.retry_after_ms.and_then(|ms| usize::try_from(ms.div_ceil(1000)).ok());
    let status = error.status.map(|status| status.to_string());
    let code = [
        Some(error.code.as_str().to_owned()),
        status,
        (!error.upstream_codes.is_empty()).then(|| error.upstream_codes.join(" ")),
    ];
    let code = code.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let retry = {
        let store = Rc::clone(scene.store);
        Callback::from(move |_: MouseEvent| store.dispatch(Intent::Quote))
    };
    html! {
        <div class="notice bad" role="alert" data-error={error.code.as_str()}>
            <b>{ words.error_title }</b>
            <p>{ &error.message }</p>
            if let Some(wait) = wait {
                <p>{ scene.count(words.retry_after, wait) }</p>
            }
            if error.retryable {
                <button type="button" class="plain" onclick={retry}>{ words.try_again }</button>
            }
            <code class="code">{ code }</code>
        </div>
    }
}

fn meta(scene: &Scene<'_>, quote: &Quote) -> Html {
    let words = &scene.words().price;
    let formats = scene.session.formats();
    html! {
        <div class="meta">
            if let Some(balance) = quote.account_balance {
                <p data-account-balance={balance.to_string()}>
                    { fill(words.account_balance, &[("amount", &formats.money(balance, &quote.currency))]) }
                </p>
            }
            <p>{ fill(words.priced_at, &[("moment", &formats.moment(&quote.priced_at))]) }</p>
        </div>
    }
}

/// What a screen reader hears, once for each settled quote.
fn announcement(scene: &Scene<'_>, quote: Option<&Rc<Quote>>, state: State) -> String {
    let words = &scene.words().price;
    match (quote, state) {
        (Some(quote), State::Ready) => {
            let template =
                if quote.tax_error { words.announce_total_before_tax } else { words.announce_total };
            let amount = quote
                .total
                .map(|total| scene.session.formats().money(total, &quote.currency))
                .unwrap_or_default();
            fill(template, &[("amount", &amount)])
        }
        (Some(_), State::Unknown) => words.announce_unknown.to_owned(),
        _ => String::new(),
    }
}
