//! The table of the history in a real browser: few rows are drawn, and the keyboard never loses its place.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

use certquote::ui::{HistoryElement, styles};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlSelectElement};

wasm_bindgen_test_configure!(run_in_browser);

const SERVER: &str = match option_env!("CERTQUOTE_TEST_SERVER") {
    Some(server) => server,
    None => "http://127.0.0.1:18180",
};

/// An element on the page, and the events it told of.
struct Shown {
    element: HistoryElement,
    place: Element,
    events: Array,
    _emit: Closure<dyn FnMut(JsValue, JsValue)>,
}

impl Shown {
    async fn new() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let place = document.create_element("div").unwrap();
        let style = document.create_element("style").unwrap();
        style.set_text_content(Some(&styles()));
        place.append_child(&style).unwrap();
        document.body().unwrap().append_child(&place).unwrap();
        let given = Object::new();
        let proxy = [SERVER, "/api/digicert"].concat();
        for (name, value) in [("proxy", proxy.as_str()), ("lang", "en")] {
            Reflect::set(&given, &name.into(), &value.into()).unwrap();
        }
        let events = Array::new();
        let emit = {
            let events = events.clone();
            Closure::<dyn FnMut(JsValue, JsValue)>::new(move |name: JsValue, detail: JsValue| {
                events.push(&Array::of2(&name, &detail));
            })
        };
        let element = HistoryElement::new(emit.as_ref().unchecked_ref::<Function>().clone());
        element.configure(&given);
        element.attach(&place);
        let shown = Self { element, place, events, _emit: emit };
        shown.wait("the first rows", || shown.row(0).is_some() && shown.element.state() == "ready").await;
        shown
    }

    fn get(&self, selector: &str) -> Element {
        let found = self.place.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("{selector} is not there: {}", self.place.inner_html()))
    }

    /// The row at a place.
    fn row(&self, place: usize) -> Option<HtmlElement> {
        let selector = format!("tr[data-adjustment][aria-rowindex='{}']", place + 2);
        self.place.query_selector(&selector).unwrap().map(JsCast::unchecked_into)
    }

    fn drawn(&self) -> u32 {
        self.place.query_selector_all("tr").unwrap().length()
    }

    fn active(&self) -> Option<String> {
        let active = web_sys::window().unwrap().document().unwrap().active_element();
        active.and_then(|row| row.get_attribute("aria-rowindex"))
    }

    async fn press(&self, key: &str) {
        let options = web_sys::KeyboardEventInit::new();
        options.set_bubbles(true);
        options.set_key(key);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
        let active = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
        active.dispatch_event(&event).unwrap();
        pause(30).await;
    }

    async fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..1000 {
            if is_so() {
                return;
            }
            pause(10).await;
        }
        panic!("{what} did not come: {}", self.place.inner_html());
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.element.detach();
        self.place.remove();
    }
}

async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen_test]
async fn few_rows_are_drawn_and_all_are_counted() {
    let shown = Shown::new().await;
    assert_eq!(shown.get("table").get_attribute("aria-rowcount").as_deref(), Some("3001"));
    assert!(shown.drawn() < 200);
    let scroller = shown.get(".scroll");
    scroller.set_scroll_top(2_000 * 56);
    shown.wait("row 2,005", || shown.row(2_005).is_some()).await;
    assert!(shown.drawn() < 200);
    assert_eq!(shown.events.iter().filter(|event| Array::from(event).get(0) == "cert-history").count(), 3);
}

#[wasm_bindgen_test]
async fn the_keyboard_walks_through_all_rows_and_keeps_its_place() {
    let shown = Shown::new().await;
    shown.row(0).unwrap().focus().unwrap();
    shown.press("ArrowDown").await;
    assert_eq!(shown.active().as_deref(), Some("3"));
    shown.press("End").await;
    shown.wait("the last row", || shown.row(2_999).is_some()).await;
    assert_eq!(shown.active().as_deref(), Some("3001"));
    shown.get(".scroll").set_scroll_top(0);
    shown.wait("the first row", || shown.row(0).is_some()).await;
    assert_eq!(shown.active().as_deref(), Some("3001"), "the focus outlives scrolling");
    assert_eq!(shown.place.query_selector_all("tr[tabindex='0']").unwrap().length(), 1);
    shown.press("Home").await;
    assert_eq!(shown.active().as_deref(), Some("2"));
}

#[wasm_bindgen_test]
async fn enter_shows_all_there_is_to_know_and_closing_forgets_it() {
    let shown = Shown::new().await;
    shown.row(1).unwrap().focus().unwrap();
    shown.press("ArrowDown").await;
    shown.press("Enter").await;
    let dialog: web_sys::HtmlDialogElement = shown.get("dialog").unchecked_into();
    assert!(dialog.open());
    assert!(dialog.text_content().unwrap().contains("no time zone stated"));
    dialog.close();
    shown.wait("the end of the dialog", || shown.place.query_selector("dialog").unwrap().is_none()).await;
}

#[wasm_bindgen_test]
async fn a_filter_shows_its_rows_alone() {
    let shown = Shown::new().await;
    let kind: HtmlSelectElement = shown.get("#h-kind").unchecked_into();
    kind.set_value("27");
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    kind.dispatch_event(&web_sys::Event::new_with_event_init_dict("change", &options).unwrap()).unwrap();
    shown.wait("the filtered rows", || shown.element.state() == "ready").await;
    let result = shown.element.result();
    let rows = Array::from(&Reflect::get(&result, &"adjustments".into()).unwrap());
    assert!(rows.length() > 0);
    for row in rows.iter() {
        assert_eq!(Reflect::get(&row, &"type".into()).unwrap(), "Account Funds Expiration");
    }
}

#[wasm_bindgen_test]
async fn a_refresh_settles_with_the_first_page() {
    let shown = Shown::new().await;
    let page = JsFuture::from(shown.element.refresh()).await.unwrap();
    assert_eq!(Reflect::get(&page, &"offset".into()).unwrap(), 0);
    assert!(Object::is(&page, &shown.element.result()));
}
