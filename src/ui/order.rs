//! What is ordered, apart from its names: product, add-ons, length, billing address, renewal and price list.

use yew::prelude::*;
use yew::virtual_dom::Key;

use super::el::{self, el};
use super::fold::summary;
use super::lists::{OTHER, catalogue, countries};
use super::view::{Input, Scene, Select, field, hint, join, label, option, tick};
use crate::address::{self, AddressField, Need};
use crate::draft::OrderValidity;
use crate::form::{Edit, Length};
use crate::problem::{Field, Group};
use crate::products::{Kind, Level, NamesRule, Product};
use crate::validity;
use crate::words::{FormWords, fill};

pub(super) fn product_and_addons(scene: &Scene<'_>) -> Html {
    el!("div" "class": "two"; product(scene), addons(scene))
}

fn product(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let config = scene.session.config();
    let messages = scene.messages(Group::Product, &|_| true, "product_name_id");
    let typed = form.product_typed && config.products.is_none();
    let choices = match &config.products {
        None => catalogue(scene, if typed { OTHER } else { &form.product }),
        Some(products) => {
            let mut offers = Vec::new();
            if form.product_typed {
                offers.push(option(&form.product, &form.product, true));
            }
            for product in products {
                let chosen = product.name_id == form.product;
                offers.push(option(&product.name_id, product.label(), chosen));
            }
            el::list(offers)
        }
    };
    let group = Group::Product;
    let list = Select {
        id: "product",
        name: None,
        autocomplete: None,
        group,
        messages: &messages,
        hint: "product-hint",
    };
    let edit = |id: String| if id == OTHER { Edit::OtherProduct } else { Edit::Product(id) };
    let mut parts = vec![label("product", words.product), list.view(scene, edit, choices)];
    if typed {
        let input = Input { id: "product-id", value: form.product.clone(), ..Input::default() };
        parts.push(label("product-id", words.product_id));
        parts.push(input.view(scene, group, &messages, "product-hint", Edit::ProductId));
    }
    parts.push(hint("product-hint", product_hint(words, &form.product())));
    parts.push(messages.view());
    field(Some("product"), parts)
}

/// What a product takes: `OV · several names · wildcards`.
fn product_hint(words: &FormWords, product: &Product) -> String {
    if product.kind == Kind::Unlisted {
        return if product.name_id.is_empty() { words.product_id_hint } else { words.unlisted }.to_owned();
    }
    let level = match product.level {
        None => "",
        Some(Level::Dv) => "DV",
        Some(Level::Ov) => "OV",
        Some(Level::Ev) => "EV",
        Some(Level::Qualified) => "QWAC",
    };
    let names = match product.names {
        NamesRule::None => words.takes_none,
        NamesRule::One => words.takes_one,
        NamesRule::WithWildcard => words.takes_wildcard_only,
        NamesRule::Optional | NamesRule::Many => words.takes_many,
    };
    let wildcards = match product.names {
        NamesRule::None | NamesRule::WithWildcard => "",
        _ if product.wildcards => words.takes_wildcards,
        _ => words.takes_no_wildcards,
    };
    let region = if product.eu_only { words.eu_only } else { "" };
    join(&[level, names, wildcards, region], " · ")
}

fn addons(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let offers = &scene.session.config().addons;
    let messages = scene.messages(Group::Addons, &|_| true, "addons");
    let input = Input {
        id: "addons",
        value: form.addons_text.clone(),
        placeholder: Some(words.addons_none),
        ..Input::default()
    };
    let parts = vec![
        label("addons", if offers.is_empty() { words.addons } else { words.addons_other }),
        input.view(scene, Group::Addons, &messages, "addons-hint", Edit::AddonsText),
        hint("addons-hint", words.addons_hint),
        messages.view(),
    ];
    if offers.is_empty() {
        return field(Some("addons"), parts);
    }
    let mut choices = Vec::new();
    for addon in offers {
        let id = addon.id.clone();
        let onchange = scene.on_tick(Box::new(move |wanted| Edit::Addon(id.clone(), wanted)));
        choices.push(tick("checkbox", "", &addon.label, form.addons.contains(&addon.id), None, onchange));
    }
    el!(
        "fieldset" "class": "field", "part": "addons", "aria-labelledby": "addons-legend";
        el!("legend" "class": "label", "part": "label", "id": "addons-legend"; words.addons),
        el!("div" "class": "choices"; choices),
        parts,
    )
}

pub(super) fn length(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let group = Group::Length;
    let messages = scene.messages(group, &|_| true, "order_validity");
    let choice = |length, name| {
        let onchange = scene.on_tick(Box::new(move |_| Edit::Length(length)));
        tick("radio", "length", name, form.length == length, None, onchange)
    };
    let choices = vec![
        choice(Length::Years, words.years),
        choice(Length::Days, words.days),
        choice(Length::Date, words.expiration_date),
    ];
    let input = |kind, name, value: &str| Input {
        id: "length",
        kind: Some(kind),
        name: Some(name),
        value: value.to_owned(),
        ..Input::default()
    };
    let control = match form.length {
        Length::Years => {
            let name = Some(words.years);
            let list = Select {
                id: "length",
                name,
                autocomplete: None,
                group,
                messages: &messages,
                hint: "length-hint",
            };
            list.view(scene, Edit::Years, el::list(years(scene)))
        }
        Length::Days => {
            input("number", words.days, &form.days).view(scene, group, &messages, "length-hint", Edit::Days)
        }
        Length::Date => input("date", words.expiration_date, &form.date).view(
            scene,
            group,
            &messages,
            "length-hint",
            Edit::Date,
        ),
    };
    el!(
        "div" "class": "field", "part": "length", "role": "radiogroup", "aria-labelledby": "length-label";
        el!("span" "class": "label", "part": "label", "id": "length-label"; words.order_length),
        el!("div" "class": "segments", "part": "segments"; choices),
        control,
        hint("length-hint", length_hint(scene)),
        messages.view(),
    )
}

/// The years that the product can be ordered for, and what a draft asked for beyond them.
fn years(scene: &Scene<'_>) -> Vec<Html> {
    let words = &scene.words().form;
    let form = scene.form();
    let product = form.product();
    let asked = form.years.trim();
    let mut choices = Vec::new();
    if !asked.parse::<u32>().is_ok_and(|years| 0 < years && years <= product.max_years) {
        choices.push(option(asked, asked, true));
    }
    for years in 1..product.max_years.saturating_add(1) {
        let length = scene.count(words.year_count, years as usize);
        let checked = validity::check_order(&OrderValidity::Years(years), &product, scene.session.today());
        let text = match checked {
            Ok(order) if order.needs_multi_year_plan => fill(words.needs_plan, &[("length", &length)]),
            _ => length,
        };
        let value = years.to_string();
        choices.push(option(&value, &text, value == asked));
    }
    choices
}

/// When the order ends, and how long each of its certificates may live today.
fn length_hint(scene: &Scene<'_>) -> String {
    let words = &scene.words().form;
    let Some(order) = scene.session.checked().length else { return String::new() };
    let product = scene.form().product();
    let mut hint = fill(words.ends_on, &[("date", &scene.session.formats().date(order.ends))]);
    let mut add = |sentence: &str| {
        hint += " ";
        hint += sentence;
    };
    if order.needs_multi_year_plan {
        add(words.needs_plan_hint);
    }
    if let Some(life) = validity::certificate_life(product.kind, scene.session.today()) {
        let days = scene.count(words.day_count, life as usize);
        add(&fill(words.certificate_life, &[("days", &days)]));
        match validity::reissues(order.days, product.kind, scene.session.today()) {
            0 => add(words.no_reissue),
            times => add(&scene.count(words.reissues, times as usize)),
        }
    }
    hint
}

/// What is rarely used, folded until there is something in it. Once open it stays so until its reader folds it.
fn fold(
    scene: &Scene<'_>,
    group: Group,
    part: &'static str,
    title: &'static str,
    present: &str,
    children: Vec<Html>,
) -> Html {
    el!(
        "details" "part": part, "open": scene.session.is_filled(group);
        summary(title, present),
        el!("div" "class": "fold"; children),
    )
}

pub(super) fn address(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let address = &scene.form().address;
    let rule = address::rule(&address.country);
    let blank = address::is_blank(address);
    let present = if blank {
        words.address_own.to_owned()
    } else {
        let country = scene.session.formats().country(&address.country);
        join(&[&address.city, &address.state, &address.zip, &country], " ")
    };
    let messages = |part: AddressField| {
        let key = Field::Address(part).key();
        scene.messages(Group::Address, &|problem| problem.field == Field::Address(part), &key)
    };
    let part = |part: AddressField, value: &str, id, name: &'static str, need: Need, autocomplete, edit| {
        // What was typed for another country still shows, or it would be sent unseen.
        if need == Need::None && value.trim().is_empty() {
            return Html::default();
        }
        let messages = messages(part);
        let suggested = part == AddressField::State && !address::states(&address.country).is_empty();
        let input = Input {
            id,
            value: value.to_owned(),
            autocomplete: Some(autocomplete),
            list: suggested.then_some("states"),
            required: need == Need::Required && !blank,
            ..Input::default()
        };
        let mark = (need == Need::Optional).then_some(words.optional);
        let mark = el!("span" "class": "optional", "aria-hidden": "true"; " ", mark);
        let label = el!("label" "class": "label", "part": "label", "for": id; name, mark);
        let input = input.view(scene, Group::Address, &messages, "address-hint", edit);
        el!("div" "class": "field"; Key::from(id), label, input, messages.view())
    };
    let country = messages(AddressField::Country);
    let list = Select {
        id: "country",
        name: None,
        autocomplete: Some("billing country"),
        group: Group::Address,
        messages: &country,
        hint: "address-hint",
    };
    let countries = countries(scene, &address.country);
    let city = part(
        AddressField::City,
        &address.city,
        "city",
        words.city,
        Need::Required,
        "billing address-level2",
        |text| Edit::Address(AddressField::City, text),
    );
    let zip =
        part(AddressField::Zip, &address.zip, "zip", words.zip, rule.zip, "billing postal-code", |text| {
            Edit::Address(AddressField::Zip, text)
        });
    let state = part(
        AddressField::State,
        &address.state,
        "state",
        words.state,
        rule.state,
        "billing address-level1",
        |text| Edit::Address(AddressField::State, text),
    );
    let mut states = Vec::new();
    for state in address::states(&address.country) {
        states.push(el!("option" "value": *state));
    }
    let children = vec![
        field(
            None,
            vec![
                label("country", words.country),
                list.view(scene, |code| Edit::Address(AddressField::Country, code), countries),
                hint("address-hint", words.address_hint),
                country.view(),
            ],
        ),
        el!("div" "class": "two"; city, zip),
        state,
        el!("datalist" "id": "states"; states),
    ];
    fold(scene, Group::Address, "address", words.address, &present, children)
}

pub(super) fn renewal(scene: &Scene<'_>) -> Html {
    let words = &scene.words().form;
    let form = scene.form();
    let messages = scene.messages(Group::Renewal, &|_| true, "renewal_of_order_valid_till");
    let list_price = form.list_price == Some(true);
    let renews = match form.renewal.parse() {
        Ok(date) => fill(words.renews_until, &[("date", &scene.session.formats().date(date))]),
        Err(_) => words.new_order.to_owned(),
    };
    let price = if list_price { words.list_price_short } else { words.contract_price };
    let present = [&renews, ", ", price].concat();
    let input = Input { id: "renewal", kind: Some("date"), value: form.renewal.clone(), ..Input::default() };
    let children = vec![
        field(
            None,
            vec![
                label("renewal", words.renewal),
                input.view(scene, Group::Renewal, &messages, "renewal-hint", Edit::Renewal),
                hint("renewal-hint", words.renewal_hint),
                messages.view(),
            ],
        ),
        field(
            None,
            vec![
                tick(
                    "checkbox",
                    "",
                    words.list_price,
                    list_price,
                    Some("list-hint"),
                    scene.on_tick(Box::new(Edit::ListPrice)),
                ),
                hint("list-hint", words.list_price_hint),
            ],
        ),
    ];
    fold(scene, Group::Renewal, "renewal", words.renewal_fold, &present, children)
}
