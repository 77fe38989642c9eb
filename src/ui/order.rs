//! What is ordered, apart from its names: product, add-ons, length, billing address, renewal and price list.

use yew::prelude::*;

use super::view::{Scene, hint, label};
use crate::address::{self, AddressField, Need};
use crate::draft::OrderValidity;
use crate::form::{Edit, Length};
use crate::problem::{Field, Group};
use crate::products::{self, Kind, Level, NamesRule, Product};
use crate::validity;
use crate::words::{FormWords, fill};

/// The value of the choice that leads to typing an id; no product id looks like it.
const OTHER: &str = "…";

pub(super) fn product_and_addons(scene: &Scene<'_>) -> Html {
    html! {
        <div class="two">
            { product(scene) }
            { addons(scene) }
        </div>
    }
}

fn product(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let config = scene.session.config();
    let messages = scene.messages(Group::Product, |_| true);
    let described_by = messages.described_by("product-hint");
    let onchange = scene.on_select(|id| if id == OTHER { Edit::OtherProduct } else { Edit::Product(id) });
    let chosen =
        if form.product_typed && config.products.is_none() { OTHER.to_owned() } else { form.product.clone() };
    let choices = match &config.products {
        None => html! { <Catalogue words={FormWordsRef(words)} {chosen} /> },
        Some(products) => {
            let stray = form.product_typed.then(|| option(&form.product, &form.product, true));
            let offers = products
                .iter()
                .map(|product| option(&product.name_id, product.label(), product.name_id == chosen));
            html! { <>{ stray }{ for offers }</> }
        }
    };
    html! {
        <div class="field" part="product">
            { label("product", words.product) }
            <select id="product" aria-invalid={messages.invalid()} aria-describedby={described_by.clone()} {onchange} onblur={scene.on_leave(Group::Product)}>
                { choices }
            </select>
            if form.product_typed && config.products.is_none() {
                <div class="typed">
                    { label("product-id", words.product_id) }
                    <input
                        id="product-id"
                        type="text"
                        value={form.product.clone()}
                        spellcheck="false"
                        autocapitalize="off"
                        autocomplete="off"
                        aria-invalid={messages.invalid()}
                        aria-describedby={described_by}
                        oninput={scene.on_input(Edit::ProductId)}
                        onblur={scene.on_leave(Group::Product)}
                    />
                </div>
            }
            { hint("product-hint", product_hint(words, &form.product())) }
            { messages.view() }
        </div>
    }
}

/// What a product takes: `OV · several names · wildcards`.
fn product_hint(words: &FormWords, product: &Product) -> String {
    if product.kind == Kind::Unlisted {
        return if product.name_id.is_empty() { words.product_id_hint } else { words.unlisted }.to_owned();
    }
    let level = product.level.map(|level| match level {
        Level::Dv => "DV",
        Level::Ov => "OV",
        Level::Ev => "EV",
        Level::Qualified => "QWAC",
    });
    let names = match product.names {
        NamesRule::None => words.takes_none,
        NamesRule::One => words.takes_one,
        NamesRule::WithWildcard => words.takes_wildcard_only,
        NamesRule::Optional | NamesRule::Many => words.takes_many,
    };
    let wildcards = match product.names {
        NamesRule::None | NamesRule::WithWildcard => None,
        _ if product.wildcards => Some(words.takes_wildcards),
        _ => Some(words.takes_no_wildcards),
    };
    let parts = [level, Some(names), wildcards, product.eu_only.then_some(words.eu_only)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The words by identity, so that the list below is drawn once.
#[derive(Clone, Copy)]
struct FormWordsRef(&'static FormWords);

impl PartialEq for FormWordsRef {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CatalogueProps {
    words: FormWordsRef,
    chosen: String,
}

/// The whole catalogue by kind: some fifty choices that are drawn anew only when another one is chosen.
#[component]
fn Catalogue(props: &CatalogueProps) -> Html {
    let words = props.words.0;
    let groups = Kind::ALL.iter().filter_map(|kind| {
        let title = match kind {
            Kind::Tls => words.kind_tls,
            Kind::PrivateTls => words.kind_private_tls,
            Kind::CodeSigning => words.kind_code_signing,
            Kind::SecureEmail => words.kind_secure_email,
            Kind::DocumentSigning => words.kind_document_signing,
            Kind::Mark => words.kind_mark,
            Kind::Unlisted => return None,
        };
        let products = products::of_kind(*kind)
            .map(|product| option(&product.name_id, product.name, product.name_id == props.chosen));
        Some(html! { <optgroup label={title}>{ for products }</optgroup> })
    });
    html! {
        <>
            { for groups }
            <optgroup label={words.kind_other}>{ option(OTHER, words.product_other, props.chosen == OTHER) }</optgroup>
        </>
    }
}

fn option(value: &str, text: &str, selected: bool) -> Html {
    html! { <option value={value.to_owned()} {selected}>{ text.to_owned() }</option> }
}

fn addons(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let offers = &scene.session.config().addons;
    let messages = scene.messages(Group::Addons, |_| true);
    let input = |placeholder: &'static str| {
        html! {
            <input
                id="addons"
                type="text"
                value={form.addons_text.clone()}
                {placeholder}
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                aria-invalid={messages.invalid()}
                aria-describedby={messages.described_by("addons-hint")}
                oninput={scene.on_input(Edit::AddonsText)}
                onblur={scene.on_leave(Group::Addons)}
            />
        }
    };
    if offers.is_empty() {
        return html! {
            <div class="field" part="addons">
                { label("addons", words.addons) }
                { input(words.addons_none) }
                { hint("addons-hint", words.addons_hint) }
                { messages.view() }
            </div>
        };
    }
    let choices = offers.iter().map(|addon| {
        let id = addon.id.clone();
        let onchange = scene.on_check(move |wanted| Edit::Addon(id.clone(), wanted));
        html! {
            <label class="check" key={addon.id.clone()}>
                <input type="checkbox" checked={form.addons.contains(&addon.id)} value={addon.id.clone()} {onchange} />
                <span>{ &addon.label }</span>
            </label>
        }
    });
    html! {
        <fieldset class="field" part="addons">
            <legend class="label">{ words.addons }</legend>
            <div class="choices">{ for choices }</div>
            { label("addons", words.addons_other) }
            { input(words.addons_none) }
            { hint("addons-hint", words.addons_hint) }
            { messages.view() }
        </fieldset>
    }
}

pub(super) fn length(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let messages = scene.messages(Group::Length, |_| true);
    let choice = |length: Length, text: &'static str, value: &'static str| {
        html! {
            <label>
                <input type="radio" name="length" {value} checked={form.length == length} onchange={scene.on_check(move |_| Edit::Length(length))} />
                <span>{ text }</span>
            </label>
        }
    };
    let described_by = messages.described_by("length-hint");
    let onblur = scene.on_leave(Group::Length);
    let control = match form.length {
        Length::Years => html! {
            <select id="length" key="years" aria-label={words.years} aria-invalid={messages.invalid()} aria-describedby={described_by} onchange={scene.on_select(Edit::Years)} {onblur}>
                { for years(scene) }
            </select>
        },
        Length::Days => html! {
            <input id="length" key="days" type="number" min="1" step="1" inputmode="numeric" value={form.days.clone()} aria-label={words.days} aria-invalid={messages.invalid()} aria-describedby={described_by} oninput={scene.on_input(Edit::Days)} {onblur} />
        },
        Length::Date => html! {
            <input id="length" key="date" type="date" value={form.date.clone()} aria-label={words.expiration_date} aria-invalid={messages.invalid()} aria-describedby={described_by} oninput={scene.on_input(Edit::Date)} {onblur} />
        },
    };
    html! {
        <div class="field" part="length" role="radiogroup" aria-labelledby="length-label">
            <span class="label" id="length-label">{ words.order_length }</span>
            <div class="segments">
                { choice(Length::Years, words.years, "years") }
                { choice(Length::Days, words.days, "days") }
                { choice(Length::Date, words.expiration_date, "date") }
            </div>
            { control }
            { hint("length-hint", length_hint(scene)) }
            { messages.view() }
        </div>
    }
}

/// The years that the product can be ordered for, and what a draft asked for beyond them.
fn years(scene: &Scene<'_>) -> Vec<Html> {
    let words = &scene.words().form;
    let form = scene.form();
    let product = form.product();
    let mut choices: Vec<Html> = (1..=product.max_years)
        .map(|years| {
            let length = scene.count(words.year_count, years as usize);
            let checked =
                validity::check_order(&OrderValidity::Years(years), &product, scene.session.today());
            let text = match checked {
                Ok(order) if order.needs_multi_year_plan => fill(words.needs_plan, &[("length", &length)]),
                _ => length,
            };
            let value = years.to_string();
            let selected = value == form.years.trim();
            option(&value, &text, selected)
        })
        .collect();
    let asked = form.years.trim();
    if !asked.parse::<u32>().is_ok_and(|years| (1..=product.max_years).contains(&years)) {
        choices.insert(0, option(asked, asked, true));
    }
    choices
}

/// When the order ends, and how long each of its certificates may live today.
fn length_hint(scene: &Scene<'_>) -> String {
    let words = &scene.words().form;
    let Some(order) = scene.session.checked().length else { return String::new() };
    let product = scene.form().product();
    let mut parts = vec![fill(words.ends_on, &[("date", &scene.session.formats().date(order.ends))])];
    if order.needs_multi_year_plan {
        parts.push(words.needs_plan_hint.to_owned());
    }
    if let Some(life) = validity::certificate_life(product.kind, scene.session.today()) {
        let days = scene.count(words.day_count, life as usize);
        parts.push(fill(words.certificate_life, &[("days", &days)]));
        parts.push(match validity::reissues(order.days, product.kind, scene.session.today()) {
            0 => words.no_reissue.to_owned(),
            times => scene.count(words.reissues, times as usize),
        });
    }
    parts.join(" ")
}

#[derive(Clone, PartialEq, Properties)]
struct FoldProps {
    title: &'static str,
    /// The present value, said while it is folded.
    present: String,
    /// Whether there is something inside worth seeing.
    wanted: bool,
    children: Html,
}

/// What is rarely used, folded until there is something in it. Once open it stays so until its reader folds it.
#[component]
fn Fold(props: &FoldProps) -> Html {
    let opened = use_mut_ref(|| false);
    let open = *opened.borrow() || props.wanted;
    opened.replace(open);
    html! {
        <details open={open}>
            <summary><b>{ props.title }</b><span>{ "· " }{ &props.present }</span></summary>
            <div class="fold">{ props.children.clone() }</div>
        </details>
    }
}

pub(super) fn address(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let address = &scene.form().address;
    let rule = address::rule(&address.country);
    let present = match address::is_blank(address) {
        true => words.address_own.to_owned(),
        false => {
            let country = scene.session.formats().country(&address.country);
            let parts = [address.city.trim(), address.state.trim(), address.zip.trim(), country.trim()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
    };
    let part =
        |field: AddressField, id: &'static str, text: &'static str, need: Need, complete: &'static str| {
            // What was typed for another country still shows, or it would be sent unseen.
            if need == Need::None && field.of(address).is_empty() {
                return Html::default();
            }
            let messages = scene.messages(Group::Address, |problem| problem.field == Field::Address(field));
            html! {
                <div class="field" key={id}>
                    <label class="label" for={id}>
                        { text }
                        if need == Need::Optional {
                            <span class="optional" aria-hidden="true">{ " " }{ words.optional }</span>
                        }
                    </label>
                    <input
                        {id}
                        type="text"
                        value={field.of(address).to_owned()}
                        autocomplete={complete}
                        list={(field == AddressField::State).then_some("states")}
                        aria-required={(need == Need::Required).then_some("true")}
                        aria-invalid={messages.invalid()}
                        aria-describedby={messages.described_by("address-hint")}
                        oninput={scene.on_input(move |text| Edit::Address(field, text))}
                        onblur={scene.on_leave(Group::Address)}
                    />
                    { messages.view() }
                </div>
            }
        };
    let country =
        scene.messages(Group::Address, |problem| problem.field == Field::Address(AddressField::Country));
    let states = address::states(&address.country);
    html! {
        <Fold title={words.address} {present} wanted={!address::is_blank(address)}>
                <div class="field">
                    { label("country", words.country) }
                    <select
                        id="country"
                        autocomplete="billing country"
                        aria-invalid={country.invalid()}
                        aria-describedby={country.described_by("address-hint")}
                        onchange={scene.on_select(|code| Edit::Address(AddressField::Country, code))}
                        onblur={scene.on_leave(Group::Address)}
                    >
                        <Countries locale={scene.session.config().locale.clone()} own={words.country_own} chosen={address.country.clone()} formats={FormatsRef(scene.session.formats().clone())} />
                    </select>
                    { hint("address-hint", words.address_hint) }
                    { country.view() }
                </div>
                <div class="two">
                    { part(AddressField::City, "city", words.city, Need::Required, "billing address-level2") }
                    { part(AddressField::Zip, "zip", words.zip, rule.zip, "billing postal-code") }
                </div>
                { part(AddressField::State, "state", words.state, rule.state, "billing address-level1") }
                if !states.is_empty() {
                    <datalist id="states">{ for states.iter().map(|state| html! { <option value={*state}></option> }) }</datalist>
                }
        </Fold>
    }
}

#[derive(Clone)]
struct FormatsRef(std::rc::Rc<dyn crate::words::Formats>);

impl PartialEq for FormatsRef {
    fn eq(&self, other: &Self) -> bool {
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CountriesProps {
    locale: Option<String>,
    own: &'static str,
    chosen: String,
    formats: FormatsRef,
}

/// All countries by their names in the reader's language: 249 choices that are drawn anew only when another one is chosen.
#[component]
fn Countries(props: &CountriesProps) -> Html {
    let names = use_memo(props.formats.clone(), |formats| {
        let mut names: Vec<(&str, String)> = Vec::new();
        // Sorted as they come: a few thousand comparisons once, and no sorting algorithm in the module.
        for code in address::countries() {
            let name = formats.0.country(code);
            let place = names.partition_point(|(_, other)| formats.0.compare(other, &name).is_lt());
            names.insert(place, (code, name));
        }
        names
    });
    let stray = (!props.chosen.is_empty() && !address::is_country(&props.chosen))
        .then(|| option(&props.chosen, &props.chosen, true));
    html! {
        <>
            { option("", props.own, props.chosen.is_empty()) }
            { stray }
            { for names.iter().map(|(code, name)| option(code, name, *code == props.chosen)) }
        </>
    }
}

pub(super) fn renewal(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let messages = scene.messages(Group::Renewal, |_| true);
    let list_price = form.list_price == Some(true);
    let renews = match form.renewal.parse() {
        Ok(date) => fill(words.renews_until, &[("date", &scene.session.formats().date(date))]),
        Err(_) => words.new_order.to_owned(),
    };
    let price = if list_price { words.list_price_short } else { words.contract_price };
    let present = [&renews, ", ", price].concat();
    html! {
        <Fold title={words.renewal_fold} {present} wanted={list_price || !form.renewal.is_empty()}>
                <div class="field">
                    { label("renewal", words.renewal) }
                    <input id="renewal" type="date" value={form.renewal.clone()} aria-invalid={messages.invalid()} aria-describedby={messages.described_by("renewal-hint")} oninput={scene.on_input(Edit::Renewal)} onblur={scene.on_leave(Group::Renewal)} />
                    { hint("renewal-hint", words.renewal_hint) }
                    { messages.view() }
                </div>
                <div class="field">
                    <label class="check">
                        <input type="checkbox" checked={list_price} aria-describedby="list-hint" onchange={scene.on_check(Edit::ListPrice)} />
                        <span>{ words.list_price }</span>
                    </label>
                    { hint("list-hint", words.list_price_hint) }
                </div>
        </Fold>
    }
}
