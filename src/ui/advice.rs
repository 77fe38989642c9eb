//! The advice on the names, with what following it would cost: asked for on request, from an estimate of the changed order.

use std::rc::Rc;

use yew::prelude::*;
use yew::virtual_dom::Key;

use super::aside::{self, Purpose};
use super::editor::Editor;
use super::el::{self, el, on};
use super::verdict;
use super::view::{Scene, button, text};
use crate::advice::{Advice, Topic};
use crate::amount::Amount;
use crate::comparison::Answer;
use crate::difference;
use crate::form::{Edit, Said};
use crate::quote::Quote;
use crate::session::Intent;
use crate::words::fill;

/// So many pieces of advice at first.
const FEW: usize = 3;
/// So many names in one.
const NAMES: usize = 4;
pub(super) fn view(scene: &Scene<'_>, editor: &Rc<Editor>, advice: &[Advice]) -> Html {
    let words = &scene.words().editor;
    let applied = (*scene.form().said() == Said::Advised).then(|| {
        let editor = Rc::clone(editor);
        let onclick = Callback::from(move |_: MouseEvent| editor.edit(Edit::Undo, "#names"));
        let undo = el!(
            "button" "type": "button", "class": "link", "part": "link", "id": "advice-undo";
            on!(onclick: onclick),
            words.take_back,
        );
        el!("li"; Key::from("applied"), el!("p"; words.applied, " ", undo))
    });
    let shown = if editor.all_advice.get() { advice.len() } else { FEW };
    let mut items = Vec::new();
    for (number, advice) in advice.iter().take(shown).enumerate() {
        items.push(one(scene, editor, number, advice));
    }
    let more = advice.len().saturating_sub(shown);
    let more = (more > 0).then(|| {
        let editor = Rc::clone(editor);
        let onclick = Callback::from(move |_: MouseEvent| {
            editor.all_advice.set(true);
            // The button goes.
            editor.store.focus_on(["#advice-", &FEW.to_string()].concat());
            editor.store.link().redraw();
        });
        let says = scene.count(words.more, more);
        el!("button" "type": "button", "class": "link", "part": "link"; on!(onclick: onclick), says)
    });
    if items.is_empty() && applied.is_none() {
        return Html::default();
    }
    el!("div" "class": "advice", "part": "advice"; el!("ul"; applied, items), more)
}

fn one(scene: &Scene<'_>, editor: &Rc<Editor>, number: usize, advice: &Advice) -> Html {
    let mut names = String::new();
    for name in advice.names.iter().take(NAMES) {
        if !names.is_empty() {
            names.push_str(", ");
        }
        names.push_str(name);
    }
    if let Some(more) = advice.names.len().checked_sub(NAMES).filter(|more| *more > 0) {
        names.push_str(", ");
        names.push_str(&scene.count(scene.words().editor.more, more));
    }
    let wildcard = advice.wildcard.as_deref().unwrap_or_default();
    let count = scene.session.formats().integer(advice.names.len());
    let says = |template| fill(template, &[("names", &names), ("wildcard", wildcard), ("count", &count)]);
    let [what, keep] = advice.words(&scene.words().advice);
    let topic = match advice.topic {
        Topic::Twins => "twins ",
        Topic::Apex => "apex ",
        Topic::Covered => "covered ",
        Topic::OneWildcard => "one ",
        Topic::Deeper => "deeper ",
    };
    let id = ["advice-", &number.to_string()].concat();
    let actions = advice.changes().then(|| actions(scene, editor, advice, &id, number));
    el!(
        "li";
        Key::from([topic, wildcard].concat()),
        el!("p" "id": id, "tabindex": "-1"; says(what)),
        text("p", "hint", says(keep)),
        actions,
    )
}

/// What it would cost, and the button that does it.
fn actions(scene: &Scene<'_>, editor: &Rc<Editor>, advice: &Advice, id: &str, number: usize) -> Html {
    let words = &scene.words().editor;
    let present = &scene.session.checked().draft;
    let changed = advice.apply(present);
    let answers =
        scene.store.orders(Purpose::Advising, |orders| (orders.answer(present), orders.answer(&changed)));
    let mut funds = None;
    let lacks = |answer: &Option<Answer>| matches!(answer, Some(Answer::Quote(quote)) if quote.unknown);
    let lacking = lacks(&answers.0) || lacks(&answers.1);
    let (says, asks) = match answers {
        (Some(Answer::Quote(before)), Some(Answer::Quote(after))) => {
            funds = verdict::beside(scene, &after);
            (cost(scene, &before, &after), lacking.then_some(words.ask_again))
        }
        (_, Some(Answer::Failed(error))) | (Some(Answer::Failed(error)), _) => {
            (error.message, Some(words.ask_again))
        }
        (Some(Answer::Waiting | Answer::Asking), _) | (_, Some(Answer::Waiting | Answer::Asking)) => {
            (aside::asking(scene, words.asking), None)
        }
        _ => (String::new(), Some(words.ask)),
    };
    let cost_id = ["advice-cost-", &number.to_string()].concat();
    let ask = asks.map(|asks| {
        let (editor, advice, cost) = (Rc::clone(editor), advice.clone(), ["#", &cost_id].concat());
        let onclick = Callback::from(move |_| {
            // The button goes.
            editor.store.focus_on(cost.clone());
            ask(&editor, &advice);
        });
        button("link", asks, onclick)
    });
    let apply = {
        let (editor, advice) = (Rc::clone(editor), advice.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            editor.edit(Edit::Follow(Box::new(advice.clone())), "#advice-undo");
        });
        el!(
            "button" "type": "button", "class": "link", "part": "link", "aria-describedby": id.to_owned();
            on!(onclick: onclick),
            words.apply,
        )
    };
    el::list(vec![
        el!("p" "class": "cost", "id": cost_id, "tabindex": "-1", "aria-live": "polite"; says, " ", funds),
        el!("div" "class": "act"; ask, apply),
    ])
}

/// Asks for the price of the order as it would be, and of the present one unless it is known. An order that cannot be sent says
/// first what is wrong with it.
fn ask(editor: &Editor, advice: &Advice) {
    let store = &editor.store;
    store.flush();
    let Some(present) = store.with(|session| {
        let checked = session.checked();
        checked.problems.is_empty().then(|| checked.draft.clone())
    }) else {
        return store.dispatch(Intent::Quote);
    };
    let changed = advice.apply(&present);
    store.ask_prices(vec![present, changed]);
}

/// What one order costs more or less than another.
fn cost(scene: &Scene<'_>, before: &Quote, after: &Quote) -> String {
    let words = &scene.words().editor;
    let money = |amount: Amount, quote: &Quote| scene.session.formats().money(amount, &quote.currency);
    let total = |quote: &Quote| {
        let total = quote.total.map(|total| money(total, quote))?;
        Some(if quote.tax_error { [&total, ", ", scene.words().price.before_tax].concat() } else { total })
    };
    let Some(new) = total(after) else { return words.no_estimate.to_owned() };
    let Some(old) = total(before) else { return words.no_present_estimate.to_owned() };
    let (template, amount) = match difference::of_totals(before, after) {
        None => (words.not_comparable, Amount::ZERO),
        Some(by) if by.is_zero() => (words.costs_same, by),
        Some(by) if by.is_negative() => (words.saves, by.negated()),
        Some(by) => (words.costs_more, by),
    };
    fill(template, &[("amount", &money(amount, after)), ("total", &new), ("before", &old)])
}
