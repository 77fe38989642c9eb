//! All there is to know of one row, in a dialog of its own.

use std::rc::Rc;

use yew::prelude::*;

use super::{Scene, row};
use crate::history_session::Intent;
use crate::ledger::{Change, Entry};
use crate::ui::view::text;
use crate::words::fill;

/// The dialog; `place` is what the view opens.
pub(super) fn view(scene: &Scene<'_>, place: &NodeRef) -> Html {
    let Some(number) = scene.session.opened() else { return Html::default() };
    let Some(entry) = scene.session.ledger().get(number) else { return Html::default() };
    let words = scene.words();
    let title = match entry.id {
        "" => words.adjustment_plain.to_owned(),
        id => fill(words.adjustment, &[("id", id)]),
    };
    let store = Rc::clone(scene.store);
    let onclose = Callback::from(move |_: Event| store.dispatch(Intent::Open(None)));
    let (class, amount) = row::amount(scene, &entry);
    let found = scene.session.break_at(number).map(|found| {
        let money = |amount| scene.money(amount, entry.currency);
        let (expected, stated) = (money(found.expected), money(found.found));
        text("p", "break", fill(words.off_by_sum, &[("expected", &expected), ("found", &stated)]))
    });
    html! {
        <dialog class="details" ref={place} aria-labelledby="h-details" {onclose}>
            <h3 id="h-details">{ title }</h3>
            { text("p", if class == "unsaid" { "figure words" } else { "figure" }, amount) }
            { found }
            <dl class="facts">{ for facts(scene, &entry) }</dl>
            // The browser closes the dialog itself, puts the focus back, and tells of it.
            <form method="dialog">
                <button class="plain">{ words.close }</button>
            </form>
        </dialog>
    }
}

fn facts(scene: &Scene<'_>, entry: &Entry<'_>) -> Vec<Html> {
    let words = scene.words();
    let money = |amount| scene.money(amount, entry.currency);
    let (credit, debit) = match entry.change {
        Change::Both { credit, debit } => (Some(money(credit)), Some(money(debit))),
        Change::By(_) | Change::Neither => (None, None),
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let kept = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    // Those without a value are left out where that is the rule, and said to lack where it is not.
    let facts = [
        (words.kind_column, kept(entry.kind), Some(words.no_kind)),
        (words.date_long, kept(&entry.date), Some(words.no_date)),
        (words.credit, credit, None),
        (words.debit, debit, None),
        (words.balance_after, entry.balance_after.map(money), Some(words.not_stated)),
        (words.currency, owned(entry.currency), Some(words.not_stated)),
        (words.expires_long, entry.expiration_date.clone(), None),
        (words.note, owned(entry.note), None),
        (words.division, owned(entry.container_name), Some("—")),
        (words.division_id, owned(entry.container_id), Some("—")),
        (words.receipt, owned(entry.receipt_id), Some("—")),
        (words.order, owned(entry.order_id), None),
        (words.id, kept(entry.id), Some("—")),
    ];
    let shown = facts.into_iter().filter_map(|(name, value, otherwise)| {
        let value = value.or(otherwise.map(str::to_owned))?;
        Some(html! { <div>{ text("dt", "", name) }{ text("dd", "", value) }</div> })
    });
    shown.collect()
}
