//! Which rows: by type, by period, by expiry; and the jump to a date.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use super::{Scene, button};
use crate::history_session::{DateProblem, Filters, Intent, Range};
use crate::ledger::kinds::KINDS;
use crate::ui::view::{label, option, text, value};

/// The spans within which funds may expire, in days.
const WITHIN: [u32; 4] = [30, 60, 90, 365];

pub(super) fn view(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let filtered = scene.session.query().filters != Filters::default()
        || scene.session.typed() != &crate::history_session::Typed::default();
    html! {
        <div class="filters" role="group" aria-label={words.filters}>
            { kind(scene) }
            { range(scene) }
            { day(scene, "h-from", words.from, &scene.session.typed().from, Intent::From) }
            { day(scene, "h-to", words.to, &scene.session.typed().to, Intent::To) }
            { expires(scene) }
            if filtered {
                { button("link", words.clear, scene.on_click(|| Intent::ClearFilters)) }
            }
        </div>
    }
}

fn kind(scene: &Scene<'_>) -> Html {
    let chosen = scene.session.query().filters.kind;
    let all = option("", scene.words().kind_all, chosen.is_none());
    let kinds = KINDS.iter().map(|(number, kind)| option(&number.to_string(), kind, chosen == Some(*number)));
    let options = std::iter::once(all).chain(kinds).collect();
    choice(scene, "h-kind", scene.words().kind, options, |value| Intent::Kind(value.parse().ok()))
}

fn range(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let options = Range::ALL.iter().enumerate().map(|(place, range)| {
        let text = match range {
            Range::AllTime => words.range_all.to_owned(),
            Range::LastDays(days) => scene.count(words.range_days, usize::from(*days)),
            Range::ThisYear => words.range_this_year.to_owned(),
            Range::LastYear => words.range_last_year.to_owned(),
            Range::Custom => words.range_custom.to_owned(),
        };
        option(&place.to_string(), &text, *range == scene.session.range())
    });
    let read = |value: String| {
        let place = value.parse::<usize>().unwrap_or_default();
        Intent::Range(Range::ALL.get(place).copied().unwrap_or_default())
    };
    choice(scene, "h-range", words.range, options.collect(), read)
}

fn expires(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let chosen = scene.session.query().filters.expires;
    let any = option("", words.expires_any, chosen.is_none());
    let spans = WITHIN.iter().map(|days| {
        let text = scene.count(words.expires_within, *days as usize);
        option(&days.to_string(), &text, chosen == Some(*days))
    });
    let options = std::iter::once(any).chain(spans).collect();
    choice(scene, "h-expires", words.expires_filter, options, |value| Intent::Expires(value.parse().ok()))
}

fn choice(
    scene: &Scene<'_>,
    id: &'static str,
    name: &'static str,
    options: Html,
    intent: fn(String) -> Intent,
) -> Html {
    let store = Rc::clone(scene.store);
    let onchange = Callback::from(move |event: Event| store.dispatch(intent(value(&event))));
    html! {
        <div class="field">
            { label(id, name) }
            <select {id} {onchange}>{ options }</select>
        </div>
    }
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
        Some(DateProblem::Unusable) if crate::history_session::Typed::is_unusable(shown) => {
            Some(words.date_unusable)
        }
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
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|form| form.dyn_into::<web_sys::Element>().ok());
        let field = form.and_then(|form| form.query_selector("input").ok().flatten());
        if let Some(field) = field {
            store.dispatch(Intent::JumpTo(field.unchecked_into::<HtmlInputElement>().value()));
        }
    });
    let problem = scene.session.jump_problem().then_some(words.date_unusable);
    let go = html! { <button class="plain" type="submit">{ words.go }</button> };
    html! {
        <form class="jump" novalidate=true {onsubmit}>
            { date_field("h-jump", words.jump, None, problem, Callback::noop(), go) }
        </form>
    }
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
    html! {
        <div class="field">
            { label(id, name) }
            <div class="beside">
                <input
                    {id}
                    type="date"
                    min="2000-01-01"
                    max="2100-12-31"
                    {value}
                    aria-invalid={problem.map(|_| "true")}
                    aria-describedby={problem.map(|_| message.clone())}
                    {oninput}
                />
                { beside }
            </div>
            if let Some(problem) = problem {
                <p class="invalid" id={message}>{ text("span", "", problem) }</p>
            }
        </div>
    }
}
