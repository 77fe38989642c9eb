//! Which rows: by type, by period, by expiry; and the jump to a date.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Scene;
use crate::history_session::{DateProblem, Intent, Range, Typed};
use crate::ledger::kinds::KINDS;
use crate::ui::el::{el, on};
use crate::ui::view::{button, label, option, text, value};

/// The spans within which funds may expire, in days.
const WITHIN: [u32; 4] = [30, 60, 90, 365];

pub(super) fn view(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let (query, typed) = (scene.session.query(), scene.session.typed());
    let filtered = query.is_filtered() || typed != &Typed::default();
    el!("div" "class": "filters", "part": "filters", "role": "group", "aria-label": words.filters;
        choice(scene, "h-kind", words.kind, kinds(scene), |value| Intent::Kind(value.parse().ok())),
        choice(scene, "h-range", words.range, ranges(scene), |value| {
            let place = value.parse::<usize>().unwrap_or_default();
            Intent::Range(Range::ALL.get(place).copied().unwrap_or_default())
        }),
        day(scene, "h-from", words.from, &typed.from, Intent::From),
        day(scene, "h-to", words.to, &typed.to, Intent::To),
        choice(scene, "h-expires", words.expires_filter, spans(scene), |value| Intent::Expires(value.parse().ok())),
        filtered.then(|| button("link", words.clear, scene.on_click(|| Intent::ClearFilters))))
}

fn kinds(scene: &Scene<'_>) -> Vec<Html> {
    let chosen = scene.session.query().filters.kind;
    let mut options = vec![option("", scene.words().kind_all, chosen.is_none())];
    for (number, kind) in &KINDS {
        options.push(option(&number.to_string(), kind, chosen == Some(*number)));
    }
    options
}

fn ranges(scene: &Scene<'_>) -> Vec<Html> {
    let words = scene.words();
    let mut options = Vec::new();
    for range in Range::ALL {
        let text = match range {
            Range::AllTime => words.range_all.to_owned(),
            Range::LastDays(days) => scene.count(words.range_days, usize::from(days)),
            Range::ThisYear => words.range_this_year.to_owned(),
            Range::LastYear => words.range_last_year.to_owned(),
            Range::Custom => words.range_custom.to_owned(),
        };
        options.push(option(&options.len().to_string(), &text, range == scene.session.range()));
    }
    options
}

fn spans(scene: &Scene<'_>) -> Vec<Html> {
    let words = scene.words();
    let chosen = scene.session.query().filters.expires;
    let mut options = vec![option("", words.expires_any, chosen.is_none())];
    for days in WITHIN {
        let text = scene.count(words.expires_within, days as usize);
        options.push(option(&days.to_string(), &text, chosen == Some(days)));
    }
    options
}

fn choice(
    scene: &Scene<'_>,
    id: &'static str,
    name: &'static str,
    options: Vec<Html>,
    intent: fn(String) -> Intent,
) -> Html {
    let store = Rc::clone(scene.store);
    let onchange = Callback::from(move |event: Event| store.dispatch(intent(value(&event))));
    el!("div" "class": "field"; label(id, name), el!("select" "id": id, "part": "control"; on!(onchange: onchange), options))
}

/// A field for a day of the period, with what is wrong with it.
fn day(
    scene: &Scene<'_>,
    id: &'static str,
    name: &'static str,
    shown: &str,
    intent: fn(String) -> Intent,
) -> Html {
    let words = scene.words();
    // Two days in the wrong order are told at the second.
    let problem = match scene.session.date_problem() {
        Some(DateProblem::Reversed) if id == "h-to" => Some(words.date_reversed),
        Some(DateProblem::Unusable) if Typed::is_unusable(shown) => Some(words.date_unusable),
        _ => None,
    };
    let store = Rc::clone(scene.store);
    let oninput = Callback::from(move |event: InputEvent| store.dispatch(intent(value(&event))));
    date_field(id, name, Some(shown.to_owned()), problem, oninput, Html::default())
}

/// The jump: where to is read from its field when it is sent.
pub(super) fn jump(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let store = Rc::clone(scene.store);
    // Enter in the field clicks the button, too. In a sandbox that allows no forms nothing would be submitted.
    let onclick = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        if let Some(go) = event.target()
            && let Some(field) = go.unchecked_into::<web_sys::Element>().previous_element_sibling()
        {
            store.dispatch(Intent::JumpTo(field.unchecked_into::<HtmlInputElement>().value()));
        }
    });
    let problem = scene.session.jump_problem().then_some(words.date_unusable);
    let go = el!("button" "class": "button plain", "part": "button plain", "type": "submit"; on!(onclick: onclick), words.go);
    el!("form" "class": "jump", "part": "jump", "novalidate": true;
        date_field("h-jump", words.jump, None, problem, Callback::noop(), go))
}

fn date_field(
    id: &'static str,
    name: &'static str,
    value: Option<String>,
    problem: Option<&'static str>,
    oninput: Callback<InputEvent>,
    beside: Html,
) -> Html {
    let message = [id, "-problem"].concat();
    let described_by = problem.map(|_| message.clone());
    let input = html! {
        <input
            {id}
            part="control"
            type="date"
            min="2000-01-01"
            max="2100-12-31"
            {value}
            aria-invalid={problem.map(|_| "true")}
            aria-describedby={described_by}
            {oninput}
        />
    };
    el!("div" "class": "field";
        label(id, name),
        el!("div" "class": "beside"; input, beside),
        problem.map(|problem| el!("p" "class": "invalid", "part": "problem", "id": message; text("span", "", problem))))
}
