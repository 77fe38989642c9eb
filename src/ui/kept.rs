//! The quotes that this browser keeps: one more of them, and what there is to do with those that are there.

use std::rc::Rc;

use yew::prelude::*;

use super::compare::{act, open_button, title};
use super::el::el;
use super::fold::{Toggled, fold};
use super::shelf::Done;
use super::store::Store;
use super::verdict;
use super::view::{Scene, button, property, text, tick};
use crate::comparison::is_same_order;
use crate::fragment::{Drift, Price};
use crate::quote::Quote;
use crate::session::Intent;
use crate::words::fill;

/// So many names of a quote are shown.
const NAMES: usize = 3;
/// Where the focus goes when what has it goes away.
const UNDO: &str = ".done button";
const KEEP: &str = "[aria-describedby=keep-what]";

#[inline(never)]
pub(super) fn view(scene: &Scene<'_>) -> Option<Html> {
    let shelf = &scene.store.shelf;
    if !shelf.is_there() {
        return None;
    }
    let words = &scene.words().kept;
    let kept = shelf.kept.borrow();
    let present = match kept.quotes().len() {
        0 => words.none.to_owned(),
        count => scene.session.formats().integer(count),
    };
    let toggled: Toggled = |store, open| {
        store.shelf.open.set(open);
        store.read_shelf();
    };
    let inside = shelf.open.get().then(|| {
        let mut quotes = Vec::new();
        for (place, quote) in kept.quotes().iter().enumerate() {
            quotes.push(item(scene, place, quote));
        }
        let some = !quotes.is_empty();
        let list = some.then(|| el!("ul" "class": "kept", "aria-label": words.list; quotes));
        let all = kept.quotes().len() > 1;
        let delete_all = all.then(|| {
            let delete = act(scene, |store| {
                store.focus_on(UNDO);
                store.change_shelf(Done::Deleted, &mut |kept| kept.clear());
            });
            el!("div" "class": "actions"; button("button plain", words.delete_all, delete))
        });
        vec![keep(scene), list.unwrap_or_default(), delete_all.unwrap_or_default()]
    });
    Some(fold(scene, "kept", words.title, &present, toggled, inside))
}

/// The button that keeps the quote on the screen, what that is, and what was done last.
fn keep(scene: &Scene<'_>) -> Html {
    let words = &scene.words().kept;
    let shelf = &scene.store.shelf;
    let quote = scene.session.own_quote();
    let can_keep = quote.is_some() && !shelf.blocked.get();
    let onclick = act(scene, |store| {
        if let Some(quote) = store.with(|session| session.own_quote().cloned()) {
            store.keep(&quote);
        }
    });
    let shown = match quote {
        None => words.nothing.to_owned(),
        Some(quote) => [&title(scene, &quote.draft), " · ", &*total(scene, quote)].concat(),
    };
    let address = quote.and_then(|quote| quote.draft.billing_address.as_ref()).map(|address| {
        let ticked = shelf.with_address.borrow().as_ref() == Some(address);
        let (store, address) = (Rc::clone(scene.store), address.clone());
        let onchange = Callback::from(move |event: Event| {
            let checked = property(&event, "checked").as_bool().unwrap_or_default();
            store.shelf.with_address.replace(checked.then(|| address.clone()));
            store.link().redraw();
        });
        tick("checkbox", "", words.keep_address, ticked, None, onchange)
    });
    let says = match shelf.done.get() {
        _ if shelf.blocked.get() => words.blocked,
        None => "",
        Some(Done::Kept) => words.was_kept,
        Some(Done::Deleted) => words.was_deleted,
        Some(Done::Restored) => words.was_restored,
        Some(Done::Added) => words.was_added,
        Some(Done::NotAdded) => words.not_added,
        Some(Done::Full) => words.full,
        Some(Done::Refused) => words.refused,
    };
    let undo = !shelf.deleted.borrow().is_empty();
    let undo = undo.then(|| {
        button(
            "link",
            words.undo,
            act(scene, |store| {
                store.focus_on(KEEP);
                store.restore();
            }),
        )
    });
    el!(
        "div"
        "class": "start";
        el!("div" "class": "actions";
            open_button("button plain", words.keep, can_keep, "keep-what".to_owned(), onclick),
            el!("p" "class": "what", "id": "keep-what"; shown),
            address),
        text("p", "hint", words.where_kept),
        el!("p" "class": "hint done"; el!("span" "aria-live": "polite"; says), undo),
    )
}

fn total(scene: &Scene<'_>, quote: &Quote) -> String {
    match quote.total {
        Some(total) => scene.session.formats().money(total, &quote.currency),
        None => scene.words().price.unknown_title.to_owned(),
    }
}

fn item(scene: &Scene<'_>, place: usize, quote: &Rc<Quote>) -> Html {
    let words = &scene.words().kept;
    let id = ["kept-", &place.to_string()].concat();
    let names = &quote.draft.dns_names;
    let mut some = names.get(..names.len().min(NAMES)).unwrap_or_default().join(", ");
    if names.len() > NAMES {
        some.push(' ');
        some.push_str(&scene.count(words.names_more, names.len() - NAMES));
    }
    let moment = scene.session.formats().moment(&quote.priced_at);
    let doing = |name: &'static str, act_on: fn(&Rc<Store>, &Quote)| {
        let quote = Rc::clone(quote);
        open_button("link", name, true, id.clone(), act(scene, move |store| act_on(store, &quote)))
    };
    let reopen = doing(words.reopen, |store, quote| {
        store.use_order(&quote.draft);
        store.dispatch(Intent::Quote);
    });
    let compare = doing(words.compare, |store, quote| {
        let is_there = store.add_to_comparison(&quote.draft);
        store.shelf.done.set(Some(if is_there { Done::Added } else { Done::NotAdded }));
        store.compare.open.set(is_there || store.compare.open.get());
        store.link().redraw();
    });
    // Other tabs may have moved it.
    let delete = doing(words.delete, |store, quote| {
        store.focus_on(UNDO);
        store.change_shelf(Done::Deleted, &mut |kept| {
            if let Some(place) = kept.quotes().iter().position(|kept| **kept == *quote) {
                kept.delete(place);
            }
        });
    });
    let sandbox = quote.sandbox.then(|| text("span", "sandbox", scene.words().price.sandbox));
    el!(
        "li" "data-kept": quote.total.map(|total| total.to_string()).unwrap_or_default();
        el!("p" "class": "what", "id": id.clone(); el!("b"; title(scene, &quote.draft)), " · ", total(scene, quote), " ", sandbox),
        (!some.is_empty()).then(|| text("p", "names", some)),
        text("p", "hint", fill(words.kept_at, &[("moment", &moment)])),
        drift(scene, quote),
        verdict::beside(scene, quote).map(|funds| text("p", "hint", funds)),
        el!("div" "class": "do"; reopen, compare, delete),
    )
}

/// How the price on the screen stands to the kept one, where it is for the same order.
fn drift(scene: &Scene<'_>, kept: &Rc<Quote>) -> Option<Html> {
    let words = &scene.words().kept;
    let now = scene.session.own_quote().filter(|now| now.priced_at != kept.priced_at)?;
    let same = match (&kept.draft.billing_address, &now.draft.billing_address) {
        // It may have been kept without the one that it had.
        (None, Some(_)) => {
            let mut draft = now.draft.clone();
            draft.billing_address = None;
            is_same_order(&kept.draft, &draft)
        }
        _ => is_same_order(&kept.draft, &now.draft),
    };
    let price = Price::of(kept).filter(|_| same)?;
    let formats = scene.session.formats();
    let drift = price.drift(now);
    let says = match drift {
        Drift::Same => words.now_same.to_owned(),
        Drift::NotComparable => words.now_incomparable.to_owned(),
        Drift::By(by) => {
            let compare = &scene.words().compare;
            let template = if by.is_negative() { compare.less } else { compare.more };
            let change = fill(template, &[("amount", &formats.money(by.abs(), &now.currency))]);
            fill(words.now, &[("amount", &total(scene, now)), ("change", &change)])
        }
    };
    let may_differ = matches!(drift, Drift::By(_)) && kept.draft.billing_address.is_none();
    let note = may_differ.then_some(words.no_address);
    Some(
        el!("p" "class": "drift", "data-drift": if drift == Drift::Same { "same" } else { "moved" }; says, " ", note),
    )
}
