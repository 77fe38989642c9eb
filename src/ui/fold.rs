//! A fold whose inside is drawn while it is open, and what stands for the folds below the price until the half of the wasm that
//! fills them is here.

use std::rc::Rc;

use yew::prelude::*;

use super::el::{el, on};
use super::later;
use super::store::Store;
use super::view::{Scene, button, notice, property, text};

/// What is done when a fold is opened or closed.
pub(super) type Toggled = fn(&Rc<Store>, bool);

/// A fold, open if there is something inside.
pub(super) fn fold(
    scene: &Scene<'_>,
    part: &'static str,
    title: &'static str,
    present: &str,
    toggled: Toggled,
    inside: Option<Vec<Html>>,
) -> Html {
    let store = Rc::clone(scene.store);
    let ontoggle = Callback::from(move |event: Event| {
        toggled(&store, property(&event, "open").as_bool().unwrap_or_default());
        store.link().redraw();
    });
    let open = inside.is_some();
    let inside = inside.map(|inside| el!("div" "class": "fold"; inside));
    el!(
        "details" "part": part, "open": open;
        on!(ontoggle: ontoggle),
        summary(title, present),
        inside,
    )
}

/// What is seen of a fold that is closed: its title, and what is inside in a few words, if that is known.
pub(super) fn summary(title: &'static str, present: &str) -> Html {
    let present = (!present.is_empty()).then(|| text("span", "", [" · ", present].concat()));
    el!("summary"; el!("span"; text("b", "", title), present))
}

/// The folds below the form and the price, until what fills them is here.
pub(super) fn not_yet(scene: &Scene<'_>) -> Vec<Html> {
    let words = scene.words();
    let (compare, shelf) = (&scene.store.compare, &scene.store.shelf);
    let missing = later::is_missing();
    let loading = (!missing).then(|| text("p", "hint", words.compare.loading));
    let waiting = |open: bool| open.then(|| vec![loading.clone().unwrap_or_default()]);
    let toggle: [Toggled; 2] = [
        |store, open| {
            store.compare.open.set(open);
            store.need();
        },
        |store, open| {
            store.shelf.open.set(open);
            store.need();
        },
    ];
    let [compares, keeps] = toggle;
    let kept = shelf.is_there().then(|| {
        // What cannot be read yet is not none.
        let present = if shelf.is_stored() { "" } else { words.kept.none };
        fold(scene, "kept", words.kept.title, present, keeps, waiting(shelf.open.get()))
    });
    let missing = missing.then(|| {
        let store = Rc::clone(scene.store);
        let again =
            button("button plain", words.compare.load_again, Callback::from(move |_| store.fetch_later()));
        notice("notice warn", None, vec![text("p", "", words.compare.not_loaded), again])
    });
    vec![
        fold(scene, "comparison", words.compare.title, "", compares, waiting(compare.open.get())),
        kept.unwrap_or_default(),
        missing.unwrap_or_default(),
    ]
}
