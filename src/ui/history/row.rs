//! One row of the table.

use yew::prelude::*;
use yew::virtual_dom::Key;

use super::Scene;
use crate::amount::Amount;
use crate::ledger::{Change, Entry, RowId};
use crate::ui::el::el;
use crate::ui::view::text;
use crate::words::fill;

/// The row at a place; `row` is `None` while it is not loaded.
pub(super) fn view(scene: &Scene<'_>, place: usize, row: Option<RowId>, active: bool) -> Html {
    let (mut id, mut amount, mut balance, mut currency) = (None, None, None, None);
    let mut cells = Vec::new();
    if let Some(row) = row
        && let Some(entry) = scene.session.ledger().get(row)
    {
        id = Some(entry.id.to_owned());
        amount = written(entry.amount());
        balance = written(entry.balance_after);
        currency = entry.currency.map(str::to_owned);
        fill_cells(&mut cells, scene, row, &entry, place);
    } else {
        cells.push(el!("td" "role": "cell", "class": "wait", "colspan": "6"; "…"));
    }
    el!("tr"
        "part": "row",
        "role": "row",
        "aria-rowindex": (place + 2).to_string(),
        "tabindex": if active { "0" } else { "-1" },
        "data-adjustment": id,
        "data-amount": amount,
        "data-balance-after": balance,
        "data-currency": currency;
        Key::from(place), cells)
}

fn written(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}

/// A row without anything, while the first page is on its way.
pub(super) fn skeleton(place: usize) -> Html {
    el!("tr" "class": "wait", "aria-hidden": "true";
        Key::from(["s", &place.to_string()].concat()),
        el!("td" "class": "c-kind"; text("span", "", "")),
        el!("td" "class": "c-amount"; text("span", "", "")))
}

fn fill_cells(cells: &mut Vec<Html>, scene: &Scene<'_>, row: RowId, entry: &Entry<'_>, place: usize) {
    let words = scene.words();
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let mut cell = |class: &'static str, text: Html, note: Html| {
        cells.push(el!("td" "role": "cell", "class": class; text, note));
    };
    cell("c-date", text("span", "", or(&entry.date, words.no_date)), Html::default());
    let note = entry.note.unwrap_or_default().to_owned();
    cell("c-kind", text("b", "", or(entry.kind, words.no_kind)), small("", note));
    let (class, says) = amount(scene, entry);
    let note = if entry.currency.is_none() && entry.amount().is_some() { words.no_currency } else { "" };
    cell("c-amount", text("span", class, says), small("", note.to_owned()));
    let (mut class, mut note) = ("c-balance", String::new());
    if let Some(found) = scene.session.break_at(row) {
        let off = scene.money(found.difference.abs(), entry.currency);
        (class, note) = ("c-balance broken", fill(words.off_by, &[("amount", &off)]));
    }
    let balance = match entry.balance_after {
        Some(after) => text("span", "", scene.money(after, entry.currency)),
        None => text("span", "unsaid", words.not_stated),
    };
    cell(class, balance, small("break", note));
    let mut expires = entry.expiration_date.as_deref().unwrap_or_default();
    if entry.expires.is_some() {
        expires = expires.get(..10).unwrap_or(expires);
    }
    cell("c-expires", text("span", "", expires.to_owned()), Html::default());
    let more = el!("button"
        "type": "button",
        "class": "more",
        "tabindex": "-1",
        "aria-label": words.details,
        "value": place.to_string();
        "⋯");
    cell("c-more", more, Html::default());
}

/// What stands small in a cell, if anything.
fn small(class: &'static str, says: String) -> Html {
    if says.is_empty() { Html::default() } else { text("small", class, says) }
}

/// The amount with its sign, or why there is none.
pub(super) fn amount(scene: &Scene<'_>, entry: &Entry<'_>) -> (&'static str, String) {
    let words = scene.words();
    match entry.change {
        Change::By(amount) => {
            let class = if is_credit(amount) { "credit" } else { "debit" };
            (class, scene.signed(amount, entry.currency))
        }
        Change::Both { .. } => ("unsaid", words.both.to_owned()),
        Change::Neither => ("unsaid", words.neither.to_owned()),
    }
}

fn is_credit(amount: Amount) -> bool {
    !amount.is_negative() && !amount.is_zero()
}
