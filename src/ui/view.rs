//! What the parts of the view share: the session at hand, handlers, labels and messages.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::store::Store;
use crate::form::{Edit, Form};
use crate::problem::{Group, Problem};
use crate::session::{Intent, Session};
use crate::words::{self, Plural, Words};

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
    pub(super) fn on_input(&self, edit: impl Fn(String) -> Edit + 'static) -> Callback<InputEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                store.dispatch(Intent::Edit(edit(input.value())));
            }
        })
    }

    /// A handler for a choice of a list.
    pub(super) fn on_select(&self, edit: impl Fn(String) -> Edit + 'static) -> Callback<Event> {
        let store = Rc::clone(self.store);
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                store.dispatch(Intent::Edit(edit(select.value())));
            }
        })
    }

    /// A handler for a tick.
    pub(super) fn on_check(&self, edit: impl Fn(bool) -> Edit + 'static) -> Callback<Event> {
        let store = Rc::clone(self.store);
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                store.dispatch(Intent::Edit(edit(input.checked())));
            }
        })
    }

    /// A handler that makes one change.
    pub(super) fn on_click(&self, edit: Edit) -> Callback<MouseEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |_| store.dispatch(Intent::Edit(edit.clone())))
    }

    /// A handler for leaving a part of the form: from then on it says what is wrong with it.
    pub(super) fn on_leave(&self, group: Group) -> Callback<FocusEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |_| store.dispatch(Intent::Leave(group)))
    }

    /// The messages of one control, as many as are worth reading at once.
    pub(super) fn messages(&self, group: Group, of: impl Fn(&Problem) -> bool) -> Messages {
        const SHOWN: usize = 5;
        let mut problems = self.session.shown_problems(group).filter(|problem| of(problem));
        let shown: Vec<_> = problems
            .by_ref()
            .take(SHOWN)
            .map(|problem| (problem.field.key(), self.session.sentence(problem)))
            .collect();
        let more = problems.count();
        Messages { shown, more: (more > 0).then(|| self.count(self.words().names.more, more)) }
    }
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
        let mut ids: Vec<_> = self.shown.iter().map(|(field, _)| message_id(field)).collect();
        ids.push(hint.to_owned());
        ids.join(" ")
    }

    /// The messages themselves.
    pub(super) fn view(&self) -> Html {
        let shown = self.shown.iter().map(|(field, text)| {
            html! { <p class="invalid" id={message_id(field)} data-field-error={field.clone()}>{ text }</p> }
        });
        html! {
            <>
                { for shown }
                if let Some(more) = &self.more {
                    <p class="invalid">{ more }</p>
                }
            </>
        }
    }
}

fn message_id(field: &str) -> String {
    ["e-", &field.replace(['[', ']', '.'], "-")].concat()
}

/// A label above its control.
pub(super) fn label(id: &'static str, text: &'static str) -> Html {
    html! { <label class="label" for={id}>{ text }</label> }
}

/// A hint below its control.
pub(super) fn hint(id: &'static str, text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <p class="hint" id={id}>{ text }</p> }
}
