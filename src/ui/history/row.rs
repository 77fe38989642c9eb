//! One row of the table.

use yew::prelude::*;

use super::Scene;
use crate::amount::Amount;
use crate::ledger::{Change, Entry, RowId};
use crate::ui::view::text;
use crate::words::fill;

/// The row at a place; `row` is `None` while it is not loaded.
pub(super) fn view(
    scene: &Scene<'_>,
    place: usize,
    row: Option<RowId>,
    active: bool,
    open: Callback<MouseEvent>,
) -> Html {
    let session = scene.session;
    let entry = row.and_then(|row| session.ledger().get(row));
    let cells = match &entry {
        Some(entry) => cells(scene, row, entry, open),
        None => vec![html! { <td role="cell" class="wait" colspan="6">{ "…" }</td> }],
    };
    let entry = entry.as_ref();
    html! {
        <tr
            key={place.to_string()}
            role="row"
            aria-rowindex={(place + 2).to_string()}
            tabindex={if active { "0" } else { "-1" }}
            data-adjustment={entry.map(|entry| entry.id.to_owned())}
            data-amount={entry.and_then(Entry::amount).map(|amount| amount.to_string())}
            data-balance-after={entry.and_then(|entry| entry.balance_after).map(|amount| amount.to_string())}
            data-currency={entry.and_then(|entry| entry.currency).map(str::to_owned)}
        >{ for cells }</tr>
    }
}

/// A row without anything, while the first page is on its way.
pub(super) fn skeleton(place: usize) -> Html {
    html! {
        <tr key={["s", &place.to_string()].concat()} class="wait" aria-hidden="true">
            <td class="c-kind">{ text("span", "", "") }</td>
            <td class="c-amount">{ text("span", "", "") }</td>
        </tr>
    }
}

fn cells(scene: &Scene<'_>, row: Option<RowId>, entry: &Entry<'_>, open: Callback<MouseEvent>) -> Vec<Html> {
    let words = scene.words();
    let or =
        |text: &str, other: &'static str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let mut kind = vec![text("b", "", or(entry.kind, words.no_kind))];
    kind.extend(entry.note.map(|note| text("small", "", note.to_owned())));
    let (class, amount) = amount(scene, entry);
    let mut balance = vec![match entry.balance_after {
        Some(after) => text("span", "", scene.money(after, entry.currency)),
        None => text("span", "unsaid", words.not_stated),
    }];
    let found = row.and_then(|row| scene.session.break_at(row));
    balance.extend(found.map(|found| {
        let off = scene.money(found.difference.abs(), entry.currency);
        text("small", "break", fill(words.off_by, &[("amount", &off)]))
    }));
    let mut amounts = vec![text("span", class, amount)];
    if entry.currency.is_none() && entry.amount().is_some() {
        amounts.push(text("small", "", words.no_currency));
    }
    let expires = entry.expiration_date.as_deref().map_or("", |date| match entry.expires {
        Some(_) => date.get(..10).unwrap_or(date),
        None => date,
    });
    vec![
        cell("c-date", vec![text("span", "", or(&entry.date, words.no_date))]),
        cell("c-kind", kind),
        cell("c-amount", amounts),
        cell(if found.is_some() { "c-balance broken" } else { "c-balance" }, balance),
        cell("c-expires", vec![text("span", "", expires.to_owned())]),
        cell(
            "c-more",
            vec![html! {
                <button type="button" class="more" tabindex="-1" aria-label={words.details} onclick={open}>{ "⋯" }</button>
            }],
        ),
    ]
}

fn cell(class: &'static str, children: Vec<Html>) -> Html {
    html! { <td role="cell" {class}>{ for children }</td> }
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
