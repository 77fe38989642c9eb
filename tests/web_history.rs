//! The table of the history in a real browser: few rows are drawn, and the keyboard never loses its place.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

mod web;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::{Shown, pause};
use web_sys::{Element, HtmlElement, HtmlSelectElement};

wasm_bindgen_test_configure!(run_in_browser);

async fn history() -> Shown {
    let shown = Shown::new("cert-history", &[]);
    shown.wait("the first rows", || row(&shown, 0).is_some() && shown.state() == "ready").await;
    shown
}

/// The row at a place.
fn row(shown: &Shown, place: usize) -> Option<HtmlElement> {
    let selector = format!("tr[data-adjustment][aria-rowindex='{}']", place + 2);
    shown.find(&selector).map(JsCast::unchecked_into)
}

fn drawn(shown: &Shown) -> u32 {
    shown.place.query_selector_all("tr").unwrap().length()
}

fn active() -> Element {
    web_sys::window().unwrap().document().unwrap().active_element().unwrap()
}

fn active_row() -> Option<String> {
    active().get_attribute("aria-rowindex")
}

async fn press(key: &str) {
    let options = web_sys::KeyboardEventInit::new();
    options.set_bubbles(true);
    options.set_key(key);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
    active().dispatch_event(&event).unwrap();
    pause(30).await;
}

#[wasm_bindgen_test]
async fn few_rows_are_drawn_and_all_are_counted() {
    let shown = history().await;
    assert_eq!(shown.get("table").get_attribute("aria-rowcount").as_deref(), Some("3001"));
    assert!(drawn(&shown) < 200);
    let scroller = shown.get(".scroll");
    scroller.set_scroll_top(2_000 * 56);
    shown.wait("row 2,005", || row(&shown, 2_005).is_some()).await;
    assert!(drawn(&shown) < 200);
    let told = || shown.events.iter().filter(|event| Array::from(event).get(0) == "cert-history").count();
    // In a task of its own, after the rows are shown.
    shown.wait("four pages told", || told() >= 4).await;
    assert_eq!(told(), 4);
}

#[wasm_bindgen_test]
async fn the_keyboard_walks_through_all_rows_and_keeps_its_place() {
    let shown = history().await;
    row(&shown, 0).unwrap().focus().unwrap();
    press("ArrowDown").await;
    assert_eq!(active_row().as_deref(), Some("3"));
    press("End").await;
    shown.wait("the last row", || row(&shown, 2_999).is_some()).await;
    assert_eq!(active_row().as_deref(), Some("3001"));
    shown.get(".scroll").set_scroll_top(0);
    shown.wait("the first row", || row(&shown, 0).is_some()).await;
    assert_eq!(active_row().as_deref(), Some("3001"), "the focus outlives scrolling");
    assert_eq!(shown.place.query_selector_all("tr[tabindex='0']").unwrap().length(), 1);
    press("Home").await;
    assert_eq!(active_row().as_deref(), Some("2"));
}

#[wasm_bindgen_test]
async fn enter_shows_all_there_is_to_know_and_closing_forgets_it() {
    let shown = history().await;
    row(&shown, 1).unwrap().focus().unwrap();
    press("ArrowDown").await;
    press("Enter").await;
    let dialog: web_sys::HtmlDialogElement = shown.get("dialog").unchecked_into();
    assert!(dialog.open());
    assert!(dialog.text_content().unwrap().contains("no time zone stated"));
    dialog.close();
    shown.wait("the end of the dialog", || shown.place.query_selector("dialog").unwrap().is_none()).await;
}

#[wasm_bindgen_test]
async fn a_filter_shows_its_rows_alone() {
    let shown = history().await;
    let kind: HtmlSelectElement = shown.get("#h-kind").unchecked_into();
    kind.set_value("27");
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    kind.dispatch_event(&web_sys::Event::new_with_event_init_dict("change", &options).unwrap()).unwrap();
    shown.wait("the filtered rows", || shown.state() == "ready").await;
    let result = shown.result();
    let rows = Array::from(&Reflect::get(&result, &"adjustments".into()).unwrap());
    assert!(rows.length() > 0);
    for row in rows.iter() {
        assert_eq!(Reflect::get(&row, &"type".into()).unwrap(), "Account Funds Expiration");
    }
}

#[wasm_bindgen_test]
async fn a_refresh_settles_with_the_first_page() {
    let shown = history().await;
    let page = JsFuture::from(shown.element.ask()).await.unwrap();
    assert_eq!(Reflect::get(&page, &"offset".into()).unwrap(), 0);
    assert!(Object::is(&page, &shown.result()));
}
