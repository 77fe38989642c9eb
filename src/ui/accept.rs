//! The button that accepts the quote: what it says when it cannot, what changed since, and what the page is told.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

use super::el::{el, on};
use super::link::to_js;
use super::view::{Scene, text};
use crate::json::{ToJson, Writer};
use crate::quote::Quote;
use crate::session::{self, Acceptance, Intent, Refusal};
use crate::words::fill;

#[wasm_bindgen]
extern "C" {
    // Unlike `randomUUID` it is there on a page without TLS, too.
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill_randomly(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// The button, if the page wants one. It can be focused whatever it stands at, so that its reason can be heard.
pub(super) fn view(scene: &Scene<'_>) -> Html {
    let Some(label) = scene.session.config().accept_label.clone() else { return Html::default() };
    let words = &scene.words().accept;
    let before_tax = scene.session.quote().is_some_and(|quote| quote.tax_error);
    let (open, says) = match scene.session.acceptance() {
        Acceptance::Open => (true, if before_tax { words.before_tax } else { "" }),
        Acceptance::Accepted => (true, words.accepted),
        Acceptance::Checking => (false, words.checking),
        Acceptance::Refused(Refusal::NoPrice) => (false, words.no_price),
        Acceptance::Refused(Refusal::Loading) => (false, words.loading),
        Acceptance::Refused(Refusal::Stale) => (false, words.stale),
        Acceptance::Refused(Refusal::Failed) => (false, words.failed),
        Acceptance::Refused(Refusal::Unknown) => (false, words.unknown),
    };
    let button = el!(
        "button"
        "type": "button",
        "part": "accept",
        "aria-disabled": (!open).then_some("true"),
        "aria-describedby": if scene.session.change().is_some() { "accept-change accept-why" } else { "accept-why" };
        on!(onclick: scene.on_click(|| Intent::Accept)),
        label,
    );
    let why = el!("p" "class": "hint", "id": "accept-why", "aria-live": "polite"; says);
    el!("div" "class": "accept"; change(scene), button, why)
}

/// What the check of the price brought, instead of an acceptance.
fn change(scene: &Scene<'_>) -> Html {
    let words = &scene.words().accept;
    let known = scene.session.change().zip(scene.session.quote());
    let Some((change, quote)) = known else { return Html::default() };
    let money = |quote: &Quote| {
        quote.total.map(|total| scene.session.formats().money(total, &quote.currency)).unwrap_or_default()
    };
    let template = match change.by {
        None => words.differs,
        Some(by) if by.is_zero() => words.lines_differ,
        Some(by) if by.is_negative() => words.fell,
        Some(_) => words.rose,
    };
    let by = change.by.map(|by| scene.session.formats().money(by.abs(), &quote.currency));
    let says = fill(
        template,
        &[
            ("by", by.as_deref().unwrap_or_default()),
            ("before", &money(&change.before)),
            ("now", &money(quote)),
        ],
    );
    el!(
        "div"
        "class": "notice warn",
        "id": "accept-change",
        "role": "alert",
        "data-change": change.by.map(|by| by.to_string()).unwrap_or_default();
        text("b", "", says),
        text("p", "", words.not_accepted),
    )
}

/// What the page is told: frozen throughout. `None` only in a browser without random numbers.
pub(super) fn detail(quote: &Quote) -> Option<JsValue> {
    let random = Uint8Array::new_with_length(16);
    fill_randomly(&random).ok()?;
    let key = session::uuid(random.to_vec().try_into().ok()?);
    let detail = to_js(&Detail { quote, key });
    freeze(&detail);
    Some(detail)
}

struct Detail<'a> {
    quote: &'a Quote,
    key: String,
}

impl ToJson for Detail<'_> {
    fn write(&self, out: &mut Writer) {
        out.object().member("quote", self.quote).member("idempotency_key", &self.key);
    }
}

/// Freezes a plain object and all that it holds.
fn freeze(value: &JsValue) {
    if let Some(object) = value.dyn_ref::<Object>() {
        for inner in Object::values(object).iter() {
            freeze(&inner);
        }
        Object::freeze(object);
    }
}
