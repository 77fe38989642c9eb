//! All there is to know of one row, in a dialog of its own.

use std::rc::Rc;

use yew::prelude::*;

use super::{Scene, row};
use crate::history_session::Intent;
use crate::ledger::{Change, Entry};
use crate::ui::el::{el, on};
use crate::ui::view::{button, text};
use crate::words::fill;

/// The dialog; `place` is what the view opens.
pub(super) fn view(scene: &Scene<'_>, place: &NodeRef) -> Option<Html> {
    let number = scene.session.opened()?;
    let entry = scene.session.ledger().get(number)?;
    let words = scene.words();
    let title = match entry.id {
        "" => words.adjustment_plain.to_owned(),
        id => fill(words.adjustment, &[("id", id)]),
    };
    let store = Rc::clone(scene.store);
    let onclose = Callback::from(move |_: Event| store.dispatch(Intent::Open(None)));
    let (class, amount) = row::amount(scene, &entry);
    let figure = if class == "unsaid" { "figure words" } else { "figure" };
    let found = scene.session.break_at(number).map(|found| {
        let expected = scene.money(found.expected, entry.currency);
        let stated = scene.money(found.found, entry.currency);
        text("p", "break", fill(words.off_by_sum, &[("expected", &expected), ("found", &stated)]))
    });
    // Not by a form: a sandbox may allow none. The browser puts the focus back, and tells of it.
    let dialog = place.clone();
    let close = Callback::from(move |_: MouseEvent| {
        if let Some(dialog) = dialog.cast::<web_sys::HtmlDialogElement>() {
            dialog.close();
        }
    });
    Some(el!("dialog" "class": "card details", "part": "card details", "aria-labelledby": "h-details";
        place,
        on!(onclose: onclose),
        el!("h3" "id": "h-details"; title),
        text("p", figure, amount),
        found,
        el!("dl" "class": "facts"; facts(scene, &entry)),
        button("button plain", words.close, close)))
}

fn facts(scene: &Scene<'_>, entry: &Entry<'_>) -> Vec<Html> {
    let words = scene.words();
    let (mut credit, mut debit, mut after) = (String::new(), String::new(), String::new());
    if let Change::Both { credit: added, debit: taken } = entry.change {
        credit = scene.money(added, entry.currency);
        debit = scene.money(taken, entry.currency);
    }
    if let Some(balance) = entry.balance_after {
        after = scene.money(balance, entry.currency);
    }
    let mut facts = Vec::new();
    // Those without a value are left out where that is the rule, and said to lack where it is not.
    for (name, value, otherwise) in [
        (words.kind_column, entry.kind, words.no_kind),
        (words.date_long, &entry.date, words.no_date),
        (words.credit, &credit, ""),
        (words.debit, &debit, ""),
        (words.balance_after, &after, words.not_stated),
        (words.currency, entry.currency.unwrap_or_default(), words.not_stated),
        (words.expires_long, entry.expiration_date.as_deref().unwrap_or_default(), ""),
        (words.note, entry.note.unwrap_or_default(), ""),
        (words.division, entry.container_name.unwrap_or_default(), "—"),
        (words.division_id, entry.container_id.unwrap_or_default(), "—"),
        (words.receipt, entry.receipt_id.unwrap_or_default(), "—"),
        (words.order, entry.order_id.unwrap_or_default(), ""),
        (words.id, entry.id, "—"),
    ] {
        let value = if value.is_empty() { otherwise } else { value };
        if !value.is_empty() {
            facts.push(el!("div"; text("dt", "", name), text("dd", "", value.to_owned())));
        }
    }
    facts
}
