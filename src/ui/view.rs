//! What the parts of the view share: the session at hand, handlers, controls and messages.
//!
//! Every element of the form that occurs more than once is built in one place here. That keeps the form even, and the
//! module small: each `html!` is some hundred bytes of code.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::el::{Child, el, on};
use super::store::Store;
use crate::amount::Amount;
use crate::error::CertError;
use crate::form::{Edit, Form};
use crate::names::MAX_NAMES;
use crate::problem::{Group, Problem};
use crate::session::{Intent, Session};
use crate::words::{self, Formats, Plural, Words};

/// More messages than this scroll.
const MANY: usize = 8;

/// What a part of the view is drawn from.
pub(super) struct Scene<'a> {
    pub(super) store: &'a Rc<Store>,
    pub(super) session: &'a Session,
}

impl<'a> Scene<'a> {
    pub(super) fn words(&self) -> &'static Words {
        self.session.words()
    }

    pub(super) fn form(&self) -> &'a Form {
        self.session.form()
    }

    pub(super) fn count(&self, plural: Plural, count: usize) -> String {
        words::count(plural, count, &**self.session.formats())
    }

    /// A handler for text as it is typed.
    pub(super) fn on_input(&self, edit: fn(String) -> Edit) -> Callback<InputEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |event: InputEvent| store.dispatch(Intent::Edit(edit(value(&event)))))
    }

    /// A handler for a choice.
    pub(super) fn on_choice(&self, edit: fn(String) -> Edit) -> Callback<Event> {
        let store = Rc::clone(self.store);
        Callback::from(move |event: Event| store.dispatch(Intent::Edit(edit(value(&event)))))
    }

    /// A handler for a tick.
    pub(super) fn on_tick(&self, edit: Box<dyn Fn(bool) -> Edit>) -> Callback<Event> {
        let store = Rc::clone(self.store);
        Callback::from(move |event: Event| {
            store.dispatch(Intent::Edit(edit(property(&event, "checked").as_bool().unwrap_or_default())));
        })
    }

    /// A handler that does what an intent says.
    pub(super) fn on_click(&self, intent: fn() -> Intent) -> Callback<MouseEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |_| store.dispatch(intent()))
    }

    /// A handler for leaving a part of the form: from then on it says what is wrong with it.
    pub(super) fn on_leave(&self, group: Group) -> Callback<FocusEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |_| store.leave(group))
    }

    /// The messages of one control: what is wrong with the present draft, or what the API said of the one that it was
    /// sent. Of more than fit an order the rest is counted.
    pub(super) fn messages(&self, group: Group, of: &dyn Fn(&Problem) -> bool, refused: &str) -> Messages {
        let mut shown = Vec::new();
        let mut more = 0;
        for problem in self.session.shown_problems(group) {
            if !of(problem) {
            } else if shown.len() < MAX_NAMES {
                shown.push((problem.field.key(), self.session.sentence(problem)));
            } else {
                more += 1;
            }
        }
        if shown.is_empty() {
            for field in self.session.refused_fields() {
                if field.field.starts_with(refused) {
                    shown.push((field.field.clone(), field.message.clone()));
                }
            }
        }
        Messages { shown, more: (more > 0).then(|| self.count(self.words().names.more, more)) }
    }
}

/// A property of the element that an event came from; read before anything is awaited, when it would be the host.
pub(super) fn property(event: &Event, name: &str) -> JsValue {
    let target = event.target().map_or(JsValue::UNDEFINED, JsValue::from);
    Reflect::get(&target, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

pub(super) fn value(event: &Event) -> String {
    property(event, "value").as_string().unwrap_or_default()
}

/// The messages beside a control.
pub(super) struct Messages {
    shown: Vec<(String, String)>,
    more: Option<String>,
}

impl Messages {
    /// `aria-invalid` of the control.
    pub(super) fn invalid(&self) -> Option<&'static str> {
        (!self.shown.is_empty()).then_some("true")
    }

    /// `aria-describedby` of the control: its messages, then its hint.
    pub(super) fn described_by(&self, hint: &str) -> String {
        let mut ids = String::new();
        for (field, _) in &self.shown {
            ids.push_str(&message_id(field));
            ids.push(' ');
        }
        ids.push_str(hint);
        ids
    }

    /// The messages themselves.
    pub(super) fn view(&self) -> Html {
        let mut messages = Vec::new();
        for (field, text) in &self.shown {
            let id = message_id(field);
            messages
                .push(el!("p" "class": "invalid", "part": "problem", "id": id, "data-field-error": field.clone(); text.clone()));
        }
        if let Some(more) = &self.more {
            messages.push(text("p", "invalid", more.clone()));
        }
        // Many scroll in a box of their own, which the keyboard has to reach.
        let scrolls = self.shown.len() > MANY;
        el!(
            "div"
            "class": if scrolls { "messages many" } else { "messages" },
            "tabindex": scrolls.then_some("0");
            messages,
        )
    }
}

fn message_id(field: &str) -> String {
    ["e-", &field.replace(['[', ']', '.'], "-")].concat()
}

/// A text in an element of its own.
pub(super) fn text(tag: &'static str, class: &'static str, text: impl Child) -> Html {
    el!(tag "class": class; text)
}

/// What is not blank of some texts, with something between them.
pub(super) fn join(parts: &[&str], between: &str) -> String {
    let mut joined = String::new();
    for part in parts {
        let part = part.trim();
        if !part.is_empty() {
            if !joined.is_empty() {
                joined += between;
            }
            joined += part;
        }
    }
    joined
}

/// A label above its control.
pub(super) fn label(id: &'static str, text: &'static str) -> Html {
    el!("label" "class": "label", "part": "label", "for": id; text)
}

/// A hint below its control.
pub(super) fn hint(id: &'static str, text: impl Child) -> Html {
    el!("p" "class": "hint", "part": "hint", "id": id; text)
}

/// A part of the form: a control with its label, hint and messages.
pub(super) fn field(part: Option<&'static str>, children: Vec<Html>) -> Html {
    el!("div" "class": "field", "part": part; children)
}

/// An input of one line.
#[derive(Default)]
pub(super) struct Input {
    pub(super) id: &'static str,
    /// `type`; text by default.
    pub(super) kind: Option<&'static str>,
    pub(super) value: String,
    /// Its name, where no label stands above it.
    pub(super) name: Option<&'static str>,
    pub(super) placeholder: Option<&'static str>,
    pub(super) autocomplete: Option<&'static str>,
    pub(super) list: Option<&'static str>,
    pub(super) required: bool,
}

impl Input {
    pub(super) fn view(
        self,
        scene: &Scene<'_>,
        group: Group,
        messages: &Messages,
        hint: &str,
        edit: fn(String) -> Edit,
    ) -> Html {
        html! {
            <input
                key={self.id}
                id={self.id}
                part="control"
                type={self.kind.unwrap_or("text")}
                value={self.value}
                aria-label={self.name}
                placeholder={self.placeholder}
                autocomplete={self.autocomplete.unwrap_or("off")}
                autocapitalize="off"
                spellcheck="false"
                list={self.list}
                aria-required={self.required.then_some("true")}
                aria-invalid={messages.invalid()}
                aria-describedby={messages.described_by(hint)}
                oninput={scene.on_input(edit)}
                onblur={scene.on_leave(group)}
            />
        }
    }
}

/// A choice of a list.
pub(super) struct Select<'a> {
    pub(super) id: &'static str,
    /// Its name, where no label stands above it.
    pub(super) name: Option<&'static str>,
    pub(super) autocomplete: Option<&'static str>,
    pub(super) group: Group,
    pub(super) messages: &'a Messages,
    pub(super) hint: &'a str,
}

impl Select<'_> {
    pub(super) fn view(self, scene: &Scene<'_>, edit: fn(String) -> Edit, options: Html) -> Html {
        el!(
            "select"
            "part": "control",
            "id": self.id,
            "aria-label": self.name,
            "autocomplete": self.autocomplete,
            "aria-invalid": self.messages.invalid(),
            "aria-describedby": self.messages.described_by(self.hint);
            on!(onchange: scene.on_choice(edit)),
            on!(onblur: scene.on_leave(self.group)),
            options,
        )
    }
}

/// One choice of a list.
pub(super) fn option(value: &str, text: &str, selected: bool) -> Html {
    el!("option" "value": value.to_owned(), "selected": selected; text.to_owned())
}

/// A box with its label behind it.
pub(super) fn tick(
    kind: &'static str,
    name: &'static str,
    label: &str,
    checked: bool,
    hint: Option<&'static str>,
    onchange: Callback<Event>,
) -> Html {
    let class = if kind == "radio" { "" } else { "check" };
    let name = (!name.is_empty()).then_some(name);
    let input = html! { <input type={kind} {name} {checked} aria-describedby={hint} {onchange} /> };
    el!("label" "class": class; input, el!("span"; label.to_owned()))
}

/// A block that says something about the state of things.
pub(super) fn notice(class: &'static str, error: Option<&'static str>, children: Vec<Html>) -> Html {
    let role = error.is_some().then_some("alert");
    el!("div" "class": class, "part": class, "role": role, "data-error": error; children)
}

/// Words where the largest thing on the screen stands.
pub(super) fn headline(class: &'static str, says: &'static str) -> Html {
    el!("p" "class": class, "part": "total"; says)
}

/// The largest thing on the screen: an amount, as it is written, with the code of its currency where the symbol may be
/// another's. `field` is the name that the API has for it.
pub(super) fn figure(field: Option<&'static str>, amount: Amount, written: String, currency: &str) -> Html {
    let currency = words::currency_beside(&written, currency).map(|code| text("small", "", code));
    let data = field.map(|_| amount.to_string());
    // Longer ones would be broken in the middle of a number.
    let class = if written.len() > 17 { "figure long" } else { "figure" };
    el!("p" "class": class, "part": "total"; el!("bdi" "data-field": field, "data-amount": data; written), " ", currency)
}

/// Where a page puts something of its own; without it there is nothing.
pub(super) fn slot(name: &'static str) -> Html {
    el!("slot" "name": name)
}

/// A button that does something other than submit the form.
pub(super) fn button(class: &'static str, text: &'static str, onclick: Callback<MouseEvent>) -> Html {
    el!("button" "type": "button", "class": class, "part": class; on!(onclick: onclick), text)
}

/// An error that a request ended with: what happened, what to do, `retry` where that may help, and the raw codes small.
pub(super) fn failure(
    words: &Words,
    formats: &dyn Formats,
    title: &'static str,
    error: &CertError,
    retry: Callback<MouseEvent>,
) -> Html {
    let words = &words.price;
    let mut parts = vec![text("b", "", title), text("p", "", error.message.clone())];
    if let Some(wait) = error.retry_after_ms.and_then(|ms| usize::try_from(ms.div_ceil(1000)).ok()) {
        parts.push(text("p", "", words::count(words.retry_after, wait, formats)));
    }
    if error.retryable {
        parts.push(button("button plain", words.try_again, retry));
    }
    let status = error.status.map(|status| status.to_string()).unwrap_or_default();
    let mut codes = vec![error.code.as_str(), &*status];
    for code in &error.upstream_codes {
        codes.push(code);
    }
    parts.push(text("code", "code", join(&codes, " · ")));
    if let Some(id) = &error.request_id {
        parts.push(text("code", "code", join(&[words.request_id, id], " ")));
    }
    notice("notice error", Some(error.code.as_str()), parts)
}

/// Attributes that cannot be used: for the portal engineer, who looks at the page before any buyer does.
pub(super) fn misconfigured(error: Option<CertError>) -> Html {
    let Some(error) = error else { return Html::default() };
    let mut messages = vec![text("b", "", error.message)];
    for field in error.fields {
        messages.push(text("p", "", field.message));
    }
    notice("notice warn", Some(error.code.as_str()), messages)
}
