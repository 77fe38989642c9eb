//! The `<cert-quote>`: the form on the left, the price on the right.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::store::Store;
use super::view::Scene;
use super::{names, order, panel};
use crate::error::ErrorCode;
use crate::problem::Field;
use crate::session::Intent;

/// What a [`QuoteView`] shows.
#[derive(Clone, Properties)]
pub struct QuoteViewProps {
    /// The form and its price, running.
    pub store: Rc<Store>,
}

impl PartialEq for QuoteViewProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.store, &other.store)
    }
}

/// The inside of a `<cert-quote>`.
#[component]
pub fn QuoteView(props: &QuoteViewProps) -> Html {
    let store = &props.store;
    let text_box = use_node_ref();
    let form = use_node_ref();
    let redraw = use_force_update();
    use_effect_with(Rc::as_ptr(store), {
        let store = Rc::clone(store);
        move |_| store.show_in(Some(Callback::from(move |()| redraw.force_update())))
    });
    // The box keeps its own text; only a text that came from elsewhere is put into it.
    use_effect_with(store.with(|session| session.form().names_set()), {
        let (store, text_box) = (Rc::clone(store), text_box.clone());
        move |_| {
            if let Some(text_box) = text_box.cast::<HtmlTextAreaElement>() {
                text_box.set_value(&store.with(|session| session.form().names_text().to_owned()));
            }
        }
    });
    let onsubmit = {
        let store = Rc::clone(store);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            store.dispatch(Intent::Quote);
        })
    };
    store.with(|session| {
        let scene = Scene { store, session };
        html! {
            <div class="grid" part="quote">
                <form id="order" class="card form" part="form" novalidate=true ref={form.clone()} aria-label={scene.words().form.form} {onsubmit}>
                    { names::view(&scene, &text_box) }
                    { order::product_and_addons(&scene) }
                    { order::length(&scene) }
                    <div class="folds">
                        { order::address(&scene) }
                        { order::renewal(&scene) }
                    </div>
                    <div class="actions">
                        <button type="submit" part="button">{ scene.words().form.get_quote }</button>
                    </div>
                    { summary(&scene, &form) }
                    { misconfigured(&scene) }
                </form>
                { panel::view(&scene) }
            </div>
        }
    })
}

/// What keeps the order from being priced, with a link to each field.
fn summary(scene: &Scene<'_>, form: &NodeRef) -> Html {
    const SHOWN: usize = 8;
    let words = scene.words();
    let Some(error) = scene.session.request_error().filter(|error| error.code == ErrorCode::InvalidDraft)
    else {
        return Html::default();
    };
    let problems = &scene.session.checked().problems;
    let links = problems.iter().take(SHOWN).map(|problem| {
        let control = control(&problem.field);
        let onclick = {
            let form = form.clone();
            Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                let found =
                    form.cast::<HtmlElement>().and_then(|form| form.query_selector(control).ok().flatten());
                if let Some(control) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                    if let Ok(Some(fold)) = control.closest("details") {
                        // Setting a plain attribute cannot fail.
                        let _ = fold.set_attribute("open", "");
                    }
                    // An element that cannot be focused stays unfocused; nothing else to do.
                    let _ = control.focus();
                }
            })
        };
        html! { <li><a href={control} {onclick}>{ scene.session.sentence(problem) }</a></li> }
    });
    let more = problems.len().saturating_sub(SHOWN);
    html! {
        <div class="notice bad" role="alert" data-error={error.code.as_str()}>
            <b>{ scene.count(words.price.summary, error.fields.len()) }</b>
            <ul>
                { for links }
                if more > 0 {
                    <li>{ scene.count(words.names.more, more) }</li>
                }
            </ul>
        </div>
    }
}

/// The selector of the control that a field belongs to.
fn control(field: &Field) -> &'static str {
    use crate::address::AddressField;
    match field {
        Field::Names | Field::Name(_) => "#names",
        Field::Product => "#product-id, #product",
        Field::OrderValidity => "#length",
        Field::Addons => "#addons",
        Field::Renewal => "#renewal",
        Field::Address(AddressField::Country) => "#country",
        Field::Address(AddressField::State) => "#state",
        Field::Address(AddressField::City) => "#city",
        Field::Address(AddressField::Zip) => "#zip",
    }
}

/// Attributes that cannot be used: for the portal engineer, who looks at the page before any buyer does.
fn misconfigured(scene: &Scene<'_>) -> Html {
    let Some(error) = scene.session.attribute_error() else { return Html::default() };
    html! {
        <div class="notice warn" role="alert" data-error={error.code.as_str()}>
            { for error.fields.iter().map(|field| html! { <p>{ &field.message }</p> }) }
        </div>
    }
}
