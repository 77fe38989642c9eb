//! The names: a plain text box that takes any paste, the tally below it, and what is wrong with which name.
//!
//! The box is not controlled: it keeps its own text, so that a key press redraws nothing in it. A long paste is taken
//! out of the browser's hands and kept beside the box, where thousands of lines cost nothing to lay out.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::view::{Scene, hint, label};
use crate::form::{Edit, Form};
use crate::problem::{Field, Group};
use crate::session::Intent;
use crate::words::fill;

pub(super) fn view(scene: &Scene<'_>, text_box: &NodeRef) -> Html {
    let words = scene.words();
    let form = scene.form();
    let messages =
        scene.messages(Group::Names, |problem| matches!(problem.field, Field::Names | Field::Name(_)));
    let oninput = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: InputEvent| {
            if let Some(text_box) = event.target_dyn_into::<HtmlTextAreaElement>() {
                store.dispatch(Intent::Edit(Edit::Names(text_box.value())));
            }
        })
    };
    let onpaste = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: Event| {
            let Ok(paste) = event.clone().dyn_into::<web_sys::ClipboardEvent>() else { return };
            let text = paste.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
            if let Some(text) = text.filter(|text| Form::is_block(text)) {
                event.prevent_default();
                store.dispatch(Intent::Edit(Edit::PasteBlock(text)));
            }
        })
    };
    html! {
        <div class="field" part="names">
            { label("names", words.form.dns_names) }
            { block(scene) }
            <textarea
                id="names"
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
            { tally(scene) }
            if form.names().is_empty() {
                { hint("names-hint", words.form.dns_names_hint) }
            }
            if !form.product().takes_names() && !form.names().is_empty() {
                { hint("names-ignored", words.names.ignored) }
            }
            { messages.view() }
        </div>
    }
}

/// The long list kept beside the box.
fn block(scene: &Scene<'_>) -> Html {
    let words = &scene.words().names;
    let Some(block) = scene.form().names_block() else { return Html::default() };
    let mut lines = block.split_whitespace();
    let (first, last) = (lines.next().unwrap_or_default(), lines.next_back().unwrap_or_default());
    html! {
        <div class="block">
            <span>{ scene.count(words.block, scene.form().block_lines()) }</span>
            <button type="button" class="link" onclick={scene.on_click(Edit::UnfoldBlock)}>{ words.block_edit }</button>
            <button type="button" class="link" onclick={scene.on_click(Edit::RemoveBlock)}>{ words.block_remove }</button>
            <code>{ fill(words.block_range, &[("first", first), ("last", last)]) }</code>
        </div>
    }
}

/// How many of what, below the box.
fn tally(scene: &Scene<'_>) -> Html {
    let words = &scene.words().names;
    let tally = scene.form().tally();
    let part = |plural, count| (count > 0).then(|| scene.count(plural, count));
    let free = part(words.tally_free, tally.free).map(|free| match &tally.free_with {
        Some(name) => fill(words.tally_free_with, &[("free", &free), ("name", name)]),
        None => free,
    });
    let parts = [
        part(words.tally_fqdns, tally.fqdns),
        part(words.tally_wildcards, tally.wildcards),
        part(words.tally_ips, tally.ips),
        free,
        part(words.tally_duplicates, tally.duplicates),
    ];
    let refused =
        scene.session.checked().problems.iter().filter(|problem| matches!(problem.field, Field::Name(_)));
    let refused = part(words.tally_refused, refused.count());
    html! {
        <p class="tally" id="names-tally">
            { for parts.into_iter().flatten().map(|text| html! { <span>{ text }</span> }) }
            if let Some(refused) = refused {
                <span class="refused">{ refused }</span>
            }
        </p>
    }
}
