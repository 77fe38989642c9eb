//! The balance as a reader meets it, mounted in a real browser, and the verdict that it gives a quote beside it.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

use certquote::amount::Amount;
use certquote::ui::{BalanceElement, QuoteElement};
use certquote::web::IntlFormats;
use certquote::words::EN;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

const SERVER: &str = match option_env!("CERTQUOTE_TEST_SERVER") {
    Some(server) => server,
    None => "http://127.0.0.1:18180",
};
const UUID: &str = "8d2e7b52-3f7e-4a53-9d0c-0000000000";

/// An element on the page, and the events it told of.
struct Shown {
    element: BalanceElement,
    place: Element,
    events: Array,
    _emit: Closure<dyn FnMut(JsValue, JsValue)>,
}

fn place() -> Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    place
}

fn attributes(given: &[(&str, &str)]) -> Object {
    let attributes = Object::new();
    let proxy = [SERVER, "/api/digicert"].concat();
    for (name, value) in [("proxy", proxy.as_str()), ("lang", "en")].iter().chain(given) {
        Reflect::set(&attributes, &(*name).into(), &(*value).into()).unwrap();
    }
    attributes
}

impl Shown {
    fn new(given: &[(&str, &str)]) -> Self {
        let events = Array::new();
        let emit = {
            let events = events.clone();
            Closure::<dyn FnMut(JsValue, JsValue)>::new(move |name: JsValue, detail: JsValue| {
                events.push(&Array::of2(&name, &detail));
            })
        };
        let element = BalanceElement::new(emit.as_ref().unchecked_ref::<Function>().clone());
        let place = place();
        element.configure(&attributes(given));
        element.attach(&place);
        Self { element, place, events, _emit: emit }
    }

    /// With the first answer there.
    async fn settled(given: &[(&str, &str)]) -> Self {
        let shown = Self::new(given);
        let _ = shown.refresh().await;
        shown
    }

    async fn refresh(&self) -> Result<JsValue, JsValue> {
        let answer = JsFuture::from(self.element.refresh()).await;
        pause(0).await;
        answer
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.place.query_selector(selector).unwrap()
    }

    fn get(&self, selector: &str) -> Element {
        self.find(selector).unwrap_or_else(|| panic!("{selector} is not there: {}", self.place.inner_html()))
    }

    fn text(&self, selector: &str) -> String {
        self.get(selector).text_content().unwrap_or_default()
    }

    fn told(&self) -> Vec<String> {
        self.events.iter().filter_map(|event| Array::from(&event).get(0).as_string()).collect()
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

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap()
}

fn text(value: &JsValue, key: &str) -> String {
    get(value, key).as_string().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_figures_on_the_screen_add_up_to_what_is_available() {
    let shown = Shown::settled(&[]).await;
    let amount = |field: &str| {
        let field = shown.get(&format!("[data-field={field}]"));
        Amount::parse(&field.get_attribute("data-amount").unwrap()).unwrap()
    };
    let sum = amount("balance").add(amount("negative_balance_limit")).unwrap();
    let sum = sum.sub(amount("unpaid_invoice_balance")).unwrap();
    let sum = sum.sub(amount("used_credit_from_other_containers")).unwrap();
    assert_eq!(sum, amount("total_available_funds"));
    assert_eq!(shown.told(), ["cert-state", "cert-state", "cert-balance"]);
    assert_eq!(shown.get("section").get_attribute("data-currency").as_deref(), Some("USD"));
}

#[wasm_bindgen_test]
async fn refreshes_join_the_load_under_way_and_get_the_one_result() {
    let shown = Shown::new(&[]);
    assert_eq!(shown.element.state(), "loading");
    let (first, second) = (shown.element.refresh(), shown.element.refresh());
    let first = JsFuture::from(first).await.unwrap();
    let second = JsFuture::from(second).await.unwrap();
    assert!(Object::is(&first, &second) && Object::is(&first, &shown.element.result()));
    assert_eq!(shown.told().iter().filter(|name| *name == "cert-balance").count(), 1);
}

#[wasm_bindgen_test]
async fn unlimited_credit_is_a_state_of_its_own() {
    let shown = Shown::settled(&[("container-id", "2"), ("low-balance", "500")]).await;
    assert_eq!(shown.text(".figure"), "Unlimited credit");
    assert_eq!(shown.get("[data-field=balance]").get_attribute("data-amount").as_deref(), Some("-1000.70"));
    assert!(shown.find("[data-field=total_available_funds]").is_none());
    assert_eq!(shown.get("[data-low]").get_attribute("data-low").as_deref(), Some("ok"));
}

#[wasm_bindgen_test]
async fn frontier_counts_whole_credits_exactly() {
    let proxy = [SERVER, "/api/frontier"].concat();
    for (last, digits, written) in [
        ("01", "1200", "1,200 credits"),
        ("02", "-350", "−350 credits"),
        ("03", "0", "0 credits"),
        ("04", "9007199254740993", "9,007,199,254,740,993 credits"),
    ] {
        let id = [UUID, last].concat();
        let shown = Shown::settled(&[
            ("proxy", proxy.as_str()),
            ("source", "frontier"),
            ("org-id", id.as_str()),
            ("billing-id", id.as_str()),
        ])
        .await;
        let figure = shown.get("[data-field=amount]");
        assert_eq!(figure.get_attribute("data-amount").as_deref(), Some(digits));
        assert_eq!(figure.text_content().as_deref(), Some(written));
    }
}

#[wasm_bindgen_test]
async fn a_first_failure_shows_a_dash_and_no_figure() {
    let shown = Shown::settled(&[("container-id", "502")]).await;
    assert_eq!(shown.element.state(), "error");
    assert!(shown.find("[data-amount]").is_none());
    assert!(shown.text(".figure").contains("Not available"));
    assert_eq!(shown.get("[data-error=upstream] button").text_content().as_deref(), Some("Try again"));
    assert!(shown.element.result().is_null());
}

#[wasm_bindgen_test]
async fn nothing_is_asked_without_the_attribute_that_names_the_account() {
    let shown = Shown::new(&[("source", "subaccount")]);
    assert_eq!(shown.element.state(), "error");
    let error = shown.refresh().await.unwrap_err();
    assert_eq!(text(&error, "code"), "misconfigured");
    assert!(shown.text("[data-error=misconfigured]").contains("subaccount-id"));
}

#[wasm_bindgen_test]
async fn another_account_takes_the_figures_of_the_one_before_away_at_once() {
    let shown = Shown::settled(&[]).await;
    shown.element.configure(&attributes(&[("container-id", "2")]));
    assert!(shown.element.result().is_null());
    pause(0).await;
    let _ = shown.refresh().await;
    assert_eq!(text(&shown.element.result(), "amount"), "-1000.70");
}

#[wasm_bindgen_test]
async fn a_quote_beside_it_gets_the_verdict_and_loses_it_with_the_balance() {
    let emit = Function::new_no_args("");
    let quote = QuoteElement::new(emit);
    let quote_place = place();
    quote.configure(&attributes(&[]));
    quote.attach(&quote_place);
    quote
        .set_draft(
            JSON::parse(
                r#"{"dns_names":["example.com"],"product_name_id":"ssl_basic","order_validity":{"years":1}}"#,
            )
            .unwrap(),
        )
        .unwrap();
    let first = JsFuture::from(quote.quote()).await.unwrap();
    assert!(get(&first, "funds").is_null());
    {
        let balance = Shown::settled(&[]).await;
        let funds = get(&quote.result(), "funds");
        assert_eq!(text(&funds, "available"), text(&balance.element.result(), "available"));
        let amount = |value: &JsValue, key: &str| Amount::parse(&text(value, key)).unwrap();
        let total = amount(&quote.result(), "total");
        assert_eq!(amount(&funds, "after").add(total), Some(amount(&funds, "available")));
        assert!(get(&first, "funds").is_null(), "the page's old object is left as it was");
        assert_eq!(quote_place.query_selector_all("[data-funds=covered]").unwrap().length(), 1);
    }
    assert!(get(&quote.result(), "funds").is_null());
    quote.detach();
    quote_place.remove();
}

#[wasm_bindgen_test]
fn credits_and_money_are_written_from_their_digits() {
    let english = IntlFormats::new(Some("en"));
    for (digits, currency, written) in [
        ("1", "vc", "1 credit"),
        ("-1", "VC", "−1 credit"),
        ("1200", "VC", "1,200 credits"),
        ("9223372036854775807", "VC", "9,223,372,036,854,775,807 credits"),
        ("1200", "EUR", "€1,200.00"),
        ("1200", "", "1,200"),
    ] {
        assert_eq!(EN.balance.amount(Amount::parse(digits).unwrap(), currency, &english), written);
    }
    let written = |currency| EN.balance.amount_in_full(Amount::from(500), currency, &english);
    assert_eq!((written("USD"), written("VC")), ("$500.00 USD".to_owned(), "500 credits".to_owned()));
}
