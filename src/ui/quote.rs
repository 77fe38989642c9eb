//! The `<cert-quote>`: the form on the left, the price on the right.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::editor::Editor;
use super::el::{el, on};
use super::part::Part;
use super::store::Store;
use super::view::{Scene, misconfigured, notice, slot, text};
use super::{compare, fold, kept, later, names, order, panel};
use crate::address::AddressField;
use crate::error::ErrorCode;
use crate::problem::Field;
use crate::session::Intent;

/// The inside of a `<cert-quote>`.
pub(super) struct QuoteView {
    store: Rc<Store>,
    whole: NodeRef,
    form: NodeRef,
    text_box: NodeRef,
    editor: Rc<Editor>,
    /// Which of the form's own texts the names box holds; between them it keeps what is typed.
    text_shown: Cell<Option<u32>>,
}

impl Part for QuoteView {
    fn show_in(&self, redraw: Option<Callback<()>>) {
        self.store.link().show_in(redraw);
    }

    fn draw(self: Rc<Self>) -> Html {
        self.store.with(|session| self.view(&Scene { store: &self.store, session }))
    }

    fn rendered(&self, _first: bool) {
        let set = self.store.with(|session| session.form().names_set());
        if self.text_shown.get() != Some(set)
            && let Some(text_box) = self.text_box.cast::<HtmlTextAreaElement>()
        {
            set_text(&text_box, &self.store.with(|session| session.form().names_text().to_owned()));
            self.text_shown.set(Some(set));
        }
        self.store.share().rendered();
        if let Some(control) = self.store.take_focus() {
            focus(&self.whole, &control);
        }
    }
}

impl QuoteView {
    pub(super) fn new(store: &Rc<Store>) -> Rc<Self> {
        Rc::new(Self {
            store: Rc::clone(store),
            whole: NodeRef::default(),
            form: NodeRef::default(),
            text_box: NodeRef::default(),
            editor: Editor::new(store),
            text_shown: Cell::new(None),
        })
    }

    fn view(&self, scene: &Scene<'_>) -> Html {
        let words = &scene.words().form;
        // Enter in a field clicks the button, too, and in a sandbox that allows no forms that is all that comes of it: no `submit`.
        let onclick = {
            let store = Rc::clone(scene.store);
            Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                store.dispatch(Intent::Quote);
            })
        };
        let onsubmit = Callback::from(|event: SubmitEvent| event.prevent_default());
        let onfocusin = {
            let store = Rc::clone(scene.store);
            Callback::from(move |_: FocusEvent| store.need())
        };
        let pointer = |down: bool| {
            let store = Rc::clone(scene.store);
            Callback::from(move |_: PointerEvent| store.pointer(down))
        };
        let submit =
            el!("button" "type": "submit", "part": "button submit"; on!(onclick: onclick), words.get_quote);
        let form = el!(
            "form" "class": "card form", "part": "card form", "novalidate": true, "aria-label": words.form;
            &self.form,
            on!(onsubmit: onsubmit),
            on!(onfocusin: onfocusin),
            names::view(scene, &self.text_box, &self.editor),
            order::product_and_addons(scene),
            order::length(scene),
            el!("div" "class": "folds"; order::address(scene), order::renewal(scene)),
            el!("div" "class": "actions", "part": "actions"; submit),
            self.summary(scene),
            misconfigured(scene.session.attribute_error()),
            slot("help"),
        );
        el!(
            "div" "part": "quote";
            &self.whole,
            on!(onpointerdown: pointer(true)),
            on!(onpointerup: pointer(false)),
            on!(onpointercancel: pointer(false)),
            // A grid of their own: what sticks in it moves no further than its end.
            el!("div" "class": "grid"; slot("heading"), form, panel::view(scene)),
            el!("div" "class": "card decide", "part": "card decide"; decide(scene)),
        )
    }

    /// What keeps the order from being priced, with a link to each field.
    fn summary(&self, scene: &Scene<'_>) -> Html {
        const SHOWN: usize = 8;
        let words = scene.words();
        let Some(error) = scene.session.request_error().filter(|error| error.code == ErrorCode::InvalidDraft)
        else {
            return Html::default();
        };
        let problems = &scene.session.checked().problems;
        let mut links = Vec::new();
        for problem in problems.iter().take(SHOWN) {
            let control = control(problem.field);
            let form = self.form.clone();
            let onclick = Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                focus(&form, control);
            });
            let link = el!("a" "href": control; on!(onclick: onclick), scene.session.sentence(problem));
            links.push(text("li", "", link));
        }
        let more = problems.len().saturating_sub(SHOWN);
        if more > 0 {
            links.push(text("li", "", scene.count(words.names.more, more)));
        }
        let title = text("b", "", scene.count(words.price.summary, problems.len()));
        notice("notice error", Some(error.code.as_str()), vec![title, el!("ul"; links)])
    }
}

/// What helps to decide: other orders, and quotes that were kept.
fn decide(scene: &Scene<'_>) -> Vec<Html> {
    if later::is_here() {
        // As many as before, so that a fold stays the element that it was.
        vec![compare::view(scene), kept::view(scene).unwrap_or_default(), Html::default()]
    } else {
        fold::not_yet(scene)
    }
}

/// Puts another text into the names box. The caret stays in front of what it was in front of, where that is still the end.
fn set_text(text_box: &HtmlTextAreaElement, text: &str) {
    let old = text_box.value();
    let caret = text_box.selection_end().ok().flatten();
    let behind: Vec<u16> =
        old.encode_utf16().skip(caret.map_or(usize::MAX, |caret| caret as usize)).collect();
    text_box.set_value(text);
    let mut new: Vec<u16> = text.encode_utf16().collect();
    let has_grown = text.len() > old.len();
    if new.ends_with(&behind) {
        new.truncate(new.len() - behind.len());
        // Nor in the line of the next name, where a list was put in front of that.
        if has_grown && !behind.is_empty() && new.last() == Some(&u16::from(b'\n')) {
            new.pop();
        }
        let place = u32::try_from(new.len()).unwrap_or(u32::MAX);
        // A text area has a selection, always.
        let _ = text_box.set_selection_range(place, place);
    }
}

/// Moves the focus to a control, unfolding what it lies in.
fn focus(part: &NodeRef, control: &str) {
    let found = part.cast::<HtmlElement>().and_then(|part| part.query_selector(control).ok().flatten());
    if let Some(control) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        if let Ok(Some(fold)) = control.closest("details") {
            // Setting a plain attribute cannot fail, and a control that cannot be focused is left alone.
            let _ = fold.set_attribute("open", "");
        }
        let _ = control.focus();
    }
}

/// The selector of the control that a field belongs to.
fn control(field: Field) -> &'static str {
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
