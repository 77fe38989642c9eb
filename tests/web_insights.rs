//! What the history says as a reader meets it, drawn in a real browser from rows that are known.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

use std::cell::Cell;
use std::rc::Rc;

use certquote::amount::Amount;
use certquote::analysis::{Analysis, Analyst, Outside};
use certquote::api::balance_history::decode_rows;
use certquote::ledger::{Ledger, RowId};
use certquote::ui::{Insights, styles};
use certquote::web::IntlFormats;
use certquote::words;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::Callback;

wasm_bindgen_test_configure!(run_in_browser);

const ROWS: &str = r#"{"adjustments": [
    {"id": "4", "transaction_type": "Charge", "debit": "60.00", "transaction_date": "2026-11-20 09:00:00", "balance_after": "1200.00", "currency": "USD"},
    {"id": "3", "transaction_type": "Account Funds Expiration", "debit": "40.00", "transaction_date": "2026-11-12 09:00:00", "balance_after": "1260.00", "currency": "USD"},
    {"id": "2", "transaction_type": "Wire Deposit", "credit": "1000.00", "transaction_date": "2026-11-01 09:00:00", "balance_after": "1300.00", "currency": "USD", "expiration_date": "2027-01-10 00:00:00"},
    {"id": "1", "transaction_type": "Credit Card Deposit", "credit": "300.00", "transaction_date": "2026-10-11 09:00:00", "balance_after": "300.00", "currency": "USD", "expiration_date": "2027-10-11 00:00:00"}
]}"#;

fn analysis(body: &str, available: Option<&str>) -> Rc<Analysis> {
    let mut ledger = Ledger::default();
    decode_rows(body.as_bytes(), &mut |row| {
        ledger.push(&row);
    })
    .unwrap();
    let rows: Vec<RowId> = (0..u32::try_from(ledger.len()).unwrap()).collect();
    let available = available.map(|amount| (Some(Amount::parse(amount).unwrap()), "USD".to_owned()));
    let mut analyst = Analyst::new(rows, Outside { today: "2026-11-21".parse().unwrap(), available });
    (0..1000).find_map(|_| analyst.step(&ledger)).unwrap()
}

fn insights(analysis: Option<Rc<Analysis>>) -> Insights {
    Insights {
        analysis,
        total: Some(4),
        complete: true,
        more: false,
        loading: false,
        words: &words::EN,
        formats: Rc::new(IntlFormats::new(Some("en-GB"))),
        load_all: Callback::noop(),
    }
}

struct Shown {
    place: Element,
    take_out: Option<Box<dyn FnOnce()>>,
}

impl Shown {
    async fn new(insights: Insights) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let place = document.create_element("div").unwrap();
        let style = document.create_element("style").unwrap();
        style.set_text_content(Some(&styles()));
        let inside = document.create_element("div").unwrap();
        place.append_child(&style).unwrap();
        place.append_child(&inside).unwrap();
        document.body().unwrap().append_child(&place).unwrap();
        let take_out = insights.show(&inside);
        pause().await;
        Self { place, take_out: Some(Box::new(take_out)) }
    }

    fn get(&self, selector: &str) -> Element {
        let found = self.place.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("{selector} is not there: {}", self.place.inner_html()))
    }

    fn count(&self, selector: &str) -> u32 {
        self.place.query_selector_all(selector).unwrap().length()
    }

    fn says(&self, selector: &str) -> String {
        self.get(selector).text_content().unwrap()
    }

    fn slider(&self) -> HtmlInputElement {
        self.get("input[type=range]").unchecked_into()
    }

    async fn slide(&self, to: &str) {
        self.slider().set_value(to);
        fire(&self.slider(), "new Event('input', {bubbles: true})").await;
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(take_out) = self.take_out.take() {
            take_out();
        }
        self.place.remove();
    }
}

/// Dispatches the event that a script makes; `box` is where the target lies.
async fn fire(target: &Element, event: &str) {
    let script = ["const box = target.getBoundingClientRect(); target.dispatchEvent(", event, ");"].concat();
    Function::new_with_args("target", &script).call1(&JsValue::NULL, target).unwrap();
    pause().await;
}

async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen_test]
async fn the_newest_balance_is_read_out_and_the_keyboard_reads_the_others() {
    let shown = Shown::new(insights(Some(analysis(ROWS, None)))).await;
    assert_eq!(shown.says(".readout"), "20 Nov 2026: US$1,200.00");
    assert_eq!(shown.slider().max(), "3");
    shown.slide("1").await;
    assert_eq!(shown.says(".readout"), "1 Nov 2026: US$1,300.00");
    assert_eq!(shown.slider().get_attribute("aria-valuetext").as_deref(), Some("1 Nov 2026: US$1,300.00"));
    fire(&shown.slider(), "new FocusEvent('focusout', {bubbles: true})").await;
}

#[wasm_bindgen_test]
async fn the_pointer_reads_the_balance_of_its_place_and_leaves_no_trace() {
    let shown = Shown::new(insights(Some(analysis(ROWS, None)))).await;
    let hit = shown.get(".hit");
    fire(&hit, "new PointerEvent('pointermove', {bubbles: true, composed: true, clientX: box.left + 1, clientY: box.top + 5})").await;
    assert_eq!(shown.says(".readout"), "11 Oct 2026: US$300.00");
    assert_eq!(shown.count(".cursor"), 1);
    fire(&hit, "new PointerEvent('pointermove', {bubbles: true, composed: true, clientX: box.left + box.width * 0.6, clientY: box.top + 5})").await;
    assert_eq!(shown.says(".readout"), "1 Nov 2026: US$1,300.00");
    fire(&hit, "new PointerEvent('pointerout', {bubbles: true, composed: true})").await;
    assert_eq!(shown.says(".readout"), "20 Nov 2026: US$1,200.00");
    assert_eq!(shown.count(".cursor"), 0);
}

#[wasm_bindgen_test]
async fn the_drawing_has_words_for_all_it_shows_and_no_inline_style() {
    let shown = Shown::new(insights(Some(analysis(ROWS, None)))).await;
    assert_eq!(
        shown.says(".summary:not(details *)"),
        "From 11 Oct 2026 to 20 Nov 2026: lowest US$300.00 on 11 Oct 2026, highest US$1,300.00 on 1 Nov 2026, now US$1,200.00."
    );
    assert_eq!(shown.says(".legend"), "2 depositsFunds expired 1 time");
    assert_eq!((shown.count("path.deposit"), shown.count("path.expiry")), (3, 2), "marks and their keys");
    assert_eq!(shown.count("[data-periods=months] tbody tr"), 2);
    assert_eq!(shown.says("[data-periods] tbody tr"), "20 Nov 2026US$1,200.00US$1,000.00−US$100.00");
    assert_eq!(shown.count(".insights [style]"), 0, "a page's policy may forbid inline styles");
    assert_eq!(shown.says(".levels"), "US$1,500.00US$1,000.00US$500.00US$0.00");
    assert!(shown.says(".basis").starts_with("All 4 adjustments, since 11 Oct 2026"));
    assert_eq!(shown.count(".basis button"), 0);
}

#[wasm_bindgen_test]
async fn money_that_expires_soon_is_warned_of_in_words() {
    let shown = Shown::new(insights(Some(analysis(ROWS, None)))).await;
    let warning = shown.get("[data-expiring]");
    assert_eq!(warning.get_attribute("data-expiring").as_deref(), Some("1"));
    assert_eq!(warning.get_attribute("data-amount").as_deref(), Some("1000.00"));
    assert!(warning.text_content().unwrap().contains("US$1,000.00 expires within 60 days"));
    let lots = shown.says(".lots");
    assert!(
        lots.starts_with(
            "US$1,000.00 leftin 50 daysof US$1,000.00 deposited 1 Nov 2026expires 10 Jan 2027 (UTC)"
        ),
        "{lots}"
    );
    assert!(shown.says("[part=expiring]").contains("First in, first out"));
}

#[wasm_bindgen_test]
async fn the_runway_tells_pace_end_and_what_is_missing() {
    let shown = Shown::new(insights(Some(analysis(ROWS, Some("30.00"))))).await;
    let month = shown.get("[data-runway='30']");
    assert_eq!(month.get_attribute("data-amount").as_deref(), Some("2.0000"));
    assert_eq!(month.get_attribute("data-until").as_deref(), Some("2026-12-06"));
    assert_eq!(month.text_content().as_deref(), Some("30 daysabout US$2.006 Dec 2026"));
    assert_eq!(shown.says("[data-runway='90']"), "90 daysNeeds 90 days of data; 41 days so far");
    assert_eq!(shown.get("[data-runway='90']").get_attribute("data-until"), None);
    assert!(shown.says("[part=runway]").contains("the available funds from the account balance (US$30.00)"));
}

#[wasm_bindgen_test]
async fn a_part_of_the_history_says_so_and_can_be_completed() {
    let asked = Rc::new(Cell::new(0));
    let load_all = {
        let asked = Rc::clone(&asked);
        Callback::from(move |_| asked.set(asked.get() + 1))
    };
    let part = Insights {
        total: Some(3000),
        complete: false,
        more: true,
        load_all,
        ..insights(Some(analysis(ROWS, None)))
    };
    let shown = Shown::new(part).await;
    assert!(shown.says(".basis").starts_with("The newest 4 of 3,000 adjustments, since 11 Oct 2026"));
    let button: HtmlElement = shown.get(".basis button").unchecked_into();
    assert_eq!(button.text_content().as_deref(), Some("Load all adjustments"));
    button.click();
    assert_eq!(asked.get(), 1);
}

#[wasm_bindgen_test]
async fn currencies_stand_one_after_the_other_and_hostile_text_stays_text() {
    let body = r#"{"adjustments": [
        {"id": "2", "transaction_type": "Charge", "debit": "1", "transaction_date": "2026-11-20", "balance_after": "9", "currency": "<img src=x onerror=alert(1)>"},
        {"id": "1", "transaction_type": "Charge", "debit": "1", "transaction_date": "2026-11-19", "balance_after": "8"}
    ]}"#;
    let shown = Shown::new(insights(Some(analysis(body, None)))).await;
    assert_eq!((shown.count(".insight"), shown.count("img")), (2, 0));
    assert_eq!(shown.says("h3"), "Balance over time in <IMG SRC=X ONERROR=ALERT(1)>");
    assert!(shown.says(".insights > .notice").contains("2 currencies"));
    assert!(shown.says(".insight:last-child h3").contains("no currency stated"));
    assert!(shown.says(".insight:last-child [part=runway]").contains("Nothing can be said from 2 days"));
}

#[wasm_bindgen_test]
async fn until_there_is_something_to_say_parts_of_the_same_kind_stand_there() {
    let shown = Shown::new(insights(None)).await;
    assert_eq!(shown.get(".insights").get_attribute("aria-busy").as_deref(), Some("true"));
    assert_eq!(shown.count(".bone"), 3);
    assert_eq!(shown.count("[data-runway], [data-expiring], svg"), 0);
}
