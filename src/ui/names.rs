//! The names: a plain text box that takes any paste, the tally below it, and what is wrong with which name.
//!
//! The box is not controlled: it keeps its own text, so that a key press redraws nothing in it. A long paste is taken
//! out of the browser's hands and kept beside the box, where thousands of lines cost nothing to lay out.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::el::el;
use super::view::{Scene, button, field, hint, label, text};
use crate::form::{Edit, Form};
use crate::problem::{Field, Group};
use crate::session::Intent;
use crate::words::fill;

pub(super) fn view(scene: &Scene<'_>, text_box: &NodeRef) -> Html {
    let words = scene.words();
    let form = scene.form();
    let messages = scene.messages(Group::Names, &|_| true, "dns_names");
    let oninput = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: InputEvent| store.type_names(event.target().into()))
    };
    let onpaste = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: Event| {
            let Some(paste) = event.dyn_ref::<web_sys::ClipboardEvent>() else { return };
            let text = paste.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            if let Some(text) = text.filter(|text| Form::is_block(text)) {
                event.prevent_default();
                if let Some(text_box) = event.target_dyn_into::<HtmlTextAreaElement>() {
                    // What is selected is replaced, as by any other paste. Without a text this cannot fail.
                    let _ = text_box.set_range_text("");
                    store.type_names(text_box.into());
                }
                store.dispatch(Intent::Edit(Edit::PasteBlock(text)));
            }
        })
    };
    let text_box = html! {
        <textarea
            id="names"
            part="control"
            ref={text_box}
            rows="4"
            spellcheck="false"
            autocapitalize="off"
            autocomplete="off"
            aria-invalid={messages.invalid()}
            aria-describedby={messages.described_by("names-hint names-tally")}
            {oninput}
            {onpaste}
            onblur={scene.on_leave(Group::Names)}
        />
    };
    let below = match form.names().is_empty() {
        true => hint("names-hint", words.form.dns_names_hint),
        false if !form.product().takes_names() => hint("names-hint", words.names.ignored),
        false => Html::default(),
    };
    field(
        Some("names"),
        vec![
            label("names", words.form.dns_names),
            block(scene),
            text_box,
            tally(scene),
            below,
            messages.view(),
        ],
    )
}

/// The long list kept beside the box.
fn block(scene: &Scene<'_>) -> Html {
    let words = &scene.words().names;
    let Some(block) = scene.form().names_block() else { return Html::default() };
    let mut entries = block.split_whitespace();
    let (first, last) = (entries.next().unwrap_or_default(), entries.next_back().unwrap_or_default());
    el!(
        "div" "class": "block";
        text("span", "", scene.count(words.block, scene.form().block_entries())),
        button("link", words.block_edit, scene.on_click(|| Intent::Edit(Edit::UnfoldBlock))),
        button("link", words.block_remove, scene.on_click(|| Intent::Edit(Edit::RemoveBlock))),
        text("code", "", fill(words.block_range, &[("first", first), ("last", last)])),
    )
}

/// How many of what, below the box.
fn tally(scene: &Scene<'_>) -> Html {
    let words = &scene.words().names;
    let problems = &scene.session.checked().problems;
    let tally = scene.form().tally().less(problems);
    let refused = problems.iter().filter(|problem| matches!(problem.field, Field::Name(_))).count();
    let mut parts = Vec::new();
    let mut add = |plural, count, class, with: Option<&str>| {
        if count > 0 {
            let mut says = scene.count(plural, count);
            if let Some(name) = with {
                says = fill(words.tally_free_with, &[("free", &says), ("name", name)]);
            }
            parts.push(text("span", class, says));
        }
    };
    add(words.tally_fqdns, tally.fqdns, "", None);
    add(words.tally_wildcards, tally.wildcards, "", None);
    add(words.tally_ips, tally.ips, "", None);
    add(words.tally_free, tally.free, "", tally.free_with.as_deref());
    add(words.tally_duplicates, tally.duplicates, "", None);
    add(words.tally_refused, refused, "refused", None);
    el!("p" "class": "tally", "part": "tally", "id": "names-tally"; parts)
}
