//! The quote as a reader meets it, mounted in a real browser.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

mod web;

use certquote::amount::Amount;
use certquote::ui::styles;
use certquote::web::{IntlFormats, idn};
use certquote::words::Formats;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::{Shown, pause, text};
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

wasm_bindgen_test_configure!(run_in_browser);

fn type_names(shown: &Shown, text: &str) {
    let text_box: HtmlTextAreaElement = shown.get("#names").unchecked_into();
    text_box.set_value(text);
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    let event = web_sys::Event::new_with_event_init_dict("input", &options).unwrap();
    text_box.dispatch_event(&event).unwrap();
}

async fn quote_form(attributes: &[(&str, &str)]) -> Shown {
    let shown = Shown::new("cert-quote", attributes);
    pause(0).await;
    shown
}

#[wasm_bindgen_test]
async fn three_names_give_a_price_that_adds_up_on_the_screen() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "example.com, example.net\nhttps://example.org/");
    let quote = shown.ask().await.unwrap();
    assert_eq!(shown.state(), "ready");
    assert_eq!(shown.get("[data-line=total]").get_attribute("data-amount"), Some(text(&quote, "total")));
    let rows = shown.place.query_selector_all("[data-line]").unwrap();
    let mut sum = Amount::ZERO;
    for row in (0..rows.length()).map(|index| rows.get(index).unwrap().unchecked_into::<Element>()) {
        let amount = Amount::parse(&row.get_attribute("data-amount").unwrap()).unwrap();
        if row.get_attribute("data-line").as_deref() == Some("total") {
            assert_eq!(sum, amount, "the lines add up to the total");
        }
        sum = sum.add(amount).unwrap();
    }
    assert_eq!(shown.get("[data-line=fqdns]").get_attribute("data-units").as_deref(), Some("3"));
    assert_eq!(shown.told(), ["cert-state", "cert-state", "cert-quote"]);
}

#[wasm_bindgen_test]
async fn the_result_is_one_object_in_the_property_the_promise_and_the_event() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "example.com");
    let quote = shown.ask().await.unwrap();
    assert!(js_sys::Object::is(&quote, &shown.result()));
    let event = shown
        .events
        .iter()
        .map(|event| Array::from(&event))
        .find(|event| event.get(0) == "cert-quote")
        .unwrap();
    assert!(js_sys::Object::is(&quote, &event.get(1)));
}

#[wasm_bindgen_test]
async fn a_bad_name_is_told_beside_the_box_and_nothing_is_asked() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "ok.example.com bad_name.example.com");
    let error = shown.ask().await.unwrap_err();
    assert_eq!(text(&error, "code"), "invalid_draft");
    let message = shown.get("[data-field-error='dns_names[1]']");
    let described = shown.get("#names").get_attribute("aria-describedby").unwrap();
    assert!(described.split(' ').any(|id| id == message.id()), "{described}");
    let text_box: HtmlTextAreaElement = shown.get("#names").unchecked_into();
    assert_eq!(text_box.value(), "ok.example.com bad_name.example.com", "what was typed stays");
}

#[wasm_bindgen_test]
async fn no_estimate_is_never_a_price_of_zero() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "no-estimate.test");
    let quote = shown.ask().await.unwrap();
    assert_eq!(shown.state(), "unknown");
    assert!(Reflect::get(&quote, &"total".into()).unwrap().is_null());
    assert!(shown.find("[data-line]").is_none());
}

#[wasm_bindgen_test]
async fn a_failed_quote_keeps_the_figures_and_offers_to_try_again() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "example.com");
    shown.ask().await.unwrap();
    let total = shown.get("[data-line=total]").text_content();
    type_names(&shown, "unavailable.test");
    shown.ask().await.unwrap_err();
    assert_eq!(shown.state(), "stale");
    assert_eq!(shown.get("[data-line=total]").text_content(), total);
    let alert = shown.get("[data-error=upstream]");
    assert_eq!(alert.get_attribute("role").as_deref(), Some("alert"));
    assert_eq!(alert.query_selector("button").unwrap().unwrap().text_content().as_deref(), Some("Try again"));
}

#[wasm_bindgen_test]
async fn taking_the_element_out_and_putting_it_back_loses_nothing() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "example.com half-typed");
    let draft = JSON::stringify(&shown.element.read("draft")).unwrap();
    shown.element.detach();
    assert!(shown.find("#names").is_none());
    shown.element.attach(&shown.place);
    let text =
        || shown.find("#names").map(|text_box| text_box.unchecked_into::<HtmlTextAreaElement>().value());
    for _ in 0..100 {
        if text().is_some_and(|text| !text.is_empty()) {
            break;
        }
        pause(10).await;
    }
    assert_eq!(text().as_deref(), Some("example.com half-typed"));
    assert_eq!(JSON::stringify(&shown.element.read("draft")).unwrap(), draft);
}

#[wasm_bindgen_test]
async fn a_draft_of_the_wrong_type_is_refused_with_the_place_and_changes_nothing() {
    let shown = quote_form(&[]).await;
    type_names(&shown, "example.com");
    let draft = JSON::parse(r#"{"dns_names": 7}"#).unwrap();
    assert!(shown.element.write("draft", &draft).is_err());
    assert_eq!(
        text(&Reflect::get(&shown.element.read("draft"), &"dns_names".into()).unwrap(), "0"),
        "example.com"
    );
}

#[wasm_bindgen_test]
async fn an_attribute_that_cannot_be_used_is_shown_and_named() {
    let shown = quote_form(&[("timeout-ms", "soon")]).await;
    let notice: HtmlElement = shown.get("[data-error=misconfigured]").unchecked_into();
    assert!(notice.inner_text().contains("timeout-ms"));
    assert_eq!(text(&shown.element.read("error"), "code"), "misconfigured");
    type_names(&shown, "example.com");
    shown.ask().await.unwrap();
}

#[wasm_bindgen_test]
async fn words_and_controls_are_where_a_screen_reader_looks() {
    let shown = quote_form(&[("addons", r#"[{"id":"sandbox-token","label":"Hardware token"}]"#)]).await;
    assert_eq!(shown.get("label[for=names]").text_content().as_deref(), Some("DNS names"));
    assert_eq!(shown.get("fieldset legend").text_content().as_deref(), Some("Add-ons"));
    assert_eq!(shown.get("[role=radiogroup] #length").get_attribute("aria-label").as_deref(), Some("Years"));
    assert_eq!(shown.get("#country option[value=DE]").text_content().as_deref(), Some("Germany"));
    assert!(styles().contains(":focus-visible"));
}

#[wasm_bindgen_test]
fn money_is_written_from_its_exact_digits() {
    let english = IntlFormats::new(Some("en"));
    for (amount, currency, written) in [
        ("782", "USD", "$782.00"),
        ("1190.40", "usd", "$1,190.40"),
        ("-94.00", "USD", "−$94.00"),
        ("12345678901234.56", "USD", "$12,345,678,901,234.56"),
        ("782.00", "JPY", "¥782"),
        ("782.5", "JPY", "¥782.5"),
        ("0.0825", "USD", "$0.0825"),
        ("7.5", "BHD", "BHD\u{a0}7.500"),
        ("1200", "VC", "1,200\u{a0}VC"),
        ("3", "", "3"),
    ] {
        assert_eq!(english.money(Amount::parse(amount).unwrap(), currency), written);
    }
    let german = IntlFormats::new(Some("de"));
    assert_eq!(german.money(Amount::parse("1190.4").unwrap(), "EUR"), "1.190,40\u{a0}€");
    assert_eq!(german.country("DE"), "Deutschland");
    assert!(IntlFormats::new(Some("not a locale")).is_one(1));
}

#[wasm_bindgen_test]
fn international_names_become_a_labels() {
    assert_eq!(idn::to_ascii("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
    assert_eq!(idn::to_ascii("*.bücher.example").as_deref(), Some("*.xn--bcher-kva.example"));
    assert_eq!(idn::to_ascii("ＥＸＡＭＰＬＥ。com").as_deref(), Some("example.com"));
    for host in ["b/ü", "ü?x", "ü:80", "ü@x", "%ü"] {
        assert_eq!(idn::to_ascii(host), None, "{host}");
    }
}
