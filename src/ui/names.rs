//! The names: a plain text box that takes any paste, the tally below it, and what is wrong with which name.
//!
//! The box is not controlled: it keeps its own text, so that a key press redraws nothing in it. A long paste is taken
//! out of the browser's hands and kept beside the box, where thousands of lines cost nothing to lay out.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlTextAreaElement};
use yew::prelude::*;

use super::editor::{self, Editor};
use super::el::{el, on};
use super::later;
use super::store::Store;
use super::view::{Scene, button, hint, label, text};
use crate::form::{Edit, Paste};
use crate::problem::{Field, Group};
use crate::session::Intent;
use crate::words::fill;

/// The files that names are read from, by how their names end.
const FILES: [&str; 6] = [".csr", ".pem", ".crt", ".cer", ".txt", ".csv"];
/// What a private key begins with.
const PRIVATE_KEY: &str = "PRIVATE KEY-----";
/// The most bytes of one.
const MAX_FILE: f64 = 262_144.0;
/// `Undo`, or the box where there is nothing more to take back.
const UNDO: &str = "#names-undo, #names";

pub(super) fn view(scene: &Scene<'_>, text_box: &NodeRef, editor: &Rc<Editor>) -> Html {
    let words = scene.words();
    let form = scene.form();
    let messages = scene.messages(Group::Names, &|_| true, "dns_names");
    let oninput = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: InputEvent| store.type_names(event.target().into()))
    };
    let onpaste = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: Event| paste(&store, &event))
    };
    let ondragover = Callback::from(|event: DragEvent| {
        // Other things are dropped by the browser.
        if event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    let ondrop = {
        let store = Rc::clone(scene.store);
        Callback::from(move |event: DragEvent| {
            let Some(files) = event.data_transfer().and_then(|data| data.files()) else { return };
            for number in 0..files.length() {
                if let Some(file) = files.item(number) {
                    event.prevent_default();
                    read_file(&store, file);
                }
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
            {ondragover}
            {ondrop}
            onblur={scene.on_leave(Group::Names)}
        />
    };
    let below = match form.names().is_empty() {
        true => hint("names-hint", words.form.dns_names_hint),
        false if !form.product().takes_names() => hint("names-hint", words.names.ignored),
        false => Html::default(),
    };
    el!(
        "div" "class": "field", "part": "names";
        &editor.place,
        el!("div" "class": "title"; label("names", words.form.dns_names), undo(scene, editor)),
        block(scene),
        text_box,
        one_by_one(scene, editor),
        below,
        messages.view(),
    )
}

/// What was changed last, and the tally with the names one by one.
fn one_by_one(scene: &Scene<'_>, editor: &Rc<Editor>) -> Vec<Html> {
    let tally = tally(scene);
    if later::is_here() {
        return vec![editor::said(scene), editor::view(scene, editor, tally)];
    }
    vec![Html::default(), el!("p" "class": "tally", "part": "tally", "id": "names-tally"; tally)]
}

/// A paste that is more than a few names is taken out of the browser's hands.
fn paste(store: &Rc<Store>, event: &Event) {
    let Some(paste) = event.dyn_ref::<web_sys::ClipboardEvent>() else { return };
    let text = paste.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
    let Some((text, text_box)) = text.zip(event.target_dyn_into::<HtmlTextAreaElement>()) else { return };
    if later::is_here() {
        if let Some(paste) = store.with(|session| session.form().paste(text)) {
            event.prevent_default();
            put(store, text_box, paste);
        }
    } else if text.contains(PRIVATE_KEY) {
        // Nothing to be shown: what warns of it is on its way.
        event.prevent_default();
        let store = Rc::clone(store);
        later::when_here(Box::new(move || {
            if let Some(paste) = store.with(|session| session.form().paste(text)) {
                put(&store, text_box, paste);
            }
        }));
    } else if text.trim().contains(char::is_whitespace) {
        // More than one name. It lands in the box as it is, and is read there when what reads it has come.
        let store = Rc::clone(store);
        later::want(Box::new(move || {
            let paste = later::is_here().then(|| store.with(|session| session.form().paste(text.clone())));
            let Some(paste) = paste.flatten() else { return };
            // As a text box has its lines; it may have been edited since.
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let at = JsString::from(text_box.value()).index_of(&text, 0);
            if let Ok(at) = usize::try_from(at) {
                store.type_names(text_box.into());
                store.dispatch(Intent::Edit(Edit::Paste(paste, at..at + text.encode_utf16().count())));
            }
        }));
    }
}

/// Puts what was pasted to where the selection is.
fn put(store: &Rc<Store>, text_box: HtmlTextAreaElement, paste: Paste) {
    // A text area has a selection, always.
    let place = |place: Result<Option<u32>, JsValue>| place.ok().flatten().unwrap_or(u32::MAX) as usize;
    let at = place(text_box.selection_start())..place(text_box.selection_end());
    store.type_names(text_box.into());
    store.dispatch(Intent::Edit(Edit::Paste(paste, at)));
}

fn read_file(store: &Rc<Store>, file: File) {
    let name = file.name().to_ascii_lowercase();
    let fits = file.size() <= MAX_FILE && FILES.iter().any(|end| name.ends_with(end));
    let store = Rc::clone(store);
    spawn_local(async move {
        let text = if fits { JsFuture::from(file.text()).await.ok() } else { None };
        let text = text.and_then(|text| text.as_string());
        later::when_here(Box::new(move || store.dispatch(Intent::Edit(Edit::File(text)))));
    });
}

/// The way back, beside the label of the box, where it moves nothing.
fn undo(scene: &Scene<'_>, editor: &Rc<Editor>) -> Option<Html> {
    let editor = Rc::clone(editor);
    let onclick = Callback::from(move |_: MouseEvent| editor.edit(Edit::Undo, UNDO));
    scene.form().can_undo().then(|| {
        el!(
            "button" "type": "button", "class": "link", "part": "link", "id": "names-undo";
            on!(onclick: onclick),
            scene.words().editor.undo,
        )
    })
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
        button("link", words.block_edit, change(scene, || Edit::UnfoldBlock)),
        button("link", words.block_remove, change(scene, || Edit::RemoveBlock)),
        text("code", "", fill(words.block_range, &[("first", first), ("last", last)])),
    )
}

/// Changes the names; what has the focus goes away with it.
fn change(scene: &Scene<'_>, edit: fn() -> Edit) -> Callback<MouseEvent> {
    let store = Rc::clone(scene.store);
    Callback::from(move |_| {
        store.focus_on("#names");
        store.dispatch(Intent::Edit(edit()));
    })
}

/// How many of what, below the box.
fn tally(scene: &Scene<'_>) -> Vec<Html> {
    let words = &scene.words().names;
    let problems = &scene.session.checked().problems;
    let tally = scene.form().tally(scene.session.checked());
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
    parts
}
