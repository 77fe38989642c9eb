//! The balance as a reader meets it, mounted in a real browser, and the verdict that it gives a quote beside it.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

mod web;

use certquote::amount::Amount;
use certquote::web::IntlFormats;
use certquote::words::EN;
use js_sys::{JSON, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::{SERVER, Shown, attributes, get, pause, text};

wasm_bindgen_test_configure!(run_in_browser);

const UUID: &str = "8d2e7b52-3f7e-4a53-9d0c-0000000000";

/// A balance with the first answer there.
async fn settled(given: &[(&str, &str)]) -> Shown {
    let shown = Shown::new("cert-balance", given);
    let _ = shown.ask().await;
    shown
}

fn says(shown: &Shown, selector: &str) -> String {
    shown.get(selector).text_content().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_figures_on_the_screen_add_up_to_what_is_available() {
    let shown = settled(&[]).await;
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
    let shown = Shown::new("cert-balance", &[]);
    assert_eq!(shown.state(), "loading");
    let (first, second) = (shown.element.ask(), shown.element.ask());
    let first = JsFuture::from(first).await.unwrap();
    let second = JsFuture::from(second).await.unwrap();
    assert!(Object::is(&first, &second) && Object::is(&first, &shown.result()));
    assert_eq!(shown.told().iter().filter(|name| *name == "cert-balance").count(), 1);
}

#[wasm_bindgen_test]
async fn unlimited_credit_is_a_state_of_its_own() {
    let shown = settled(&[("container-id", "2"), ("low-balance", "500")]).await;
    assert_eq!(says(&shown, ".figure"), "Unlimited credit");
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
        let shown = settled(&[
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
    let shown = settled(&[("container-id", "502")]).await;
    assert_eq!(shown.state(), "error");
    assert!(shown.find("[data-amount]").is_none());
    assert!(says(&shown, ".figure").contains("Not available"));
    assert_eq!(shown.get("[data-error=upstream] button").text_content().as_deref(), Some("Try again"));
    assert!(shown.result().is_null());
}

#[wasm_bindgen_test]
async fn nothing_is_asked_without_the_attribute_that_names_the_account() {
    let shown = Shown::new("cert-balance", &[("source", "subaccount")]);
    assert_eq!(shown.state(), "error");
    let error = shown.ask().await.unwrap_err();
    assert_eq!(text(&error, "code"), "misconfigured");
    assert!(says(&shown, "[data-error=misconfigured]").contains("subaccount-id"));
}

#[wasm_bindgen_test]
async fn another_account_takes_the_figures_of_the_one_before_away_at_once() {
    let shown = settled(&[]).await;
    shown.element.configure(&attributes(&[("container-id", "2")]));
    assert!(shown.result().is_null());
    pause(0).await;
    let _ = shown.ask().await;
    assert_eq!(text(&shown.result(), "amount"), "-1000.70");
}

#[wasm_bindgen_test]
async fn a_quote_beside_it_gets_the_verdict_and_loses_it_with_the_balance() {
    let quote = Shown::new("cert-quote", &[]);
    let draft = r#"{"dns_names":["example.com"],"product_name_id":"ssl_basic","order_validity":{"years":1}}"#;
    quote.element.write("draft", &JSON::parse(draft).unwrap()).unwrap();
    let first = quote.ask().await.unwrap();
    assert!(get(&first, "funds").is_null());
    {
        let balance = settled(&[]).await;
        let funds = get(&quote.result(), "funds");
        assert_eq!(text(&funds, "available"), text(&balance.result(), "available"));
        let amount = |value: &JsValue, key: &str| Amount::parse(&text(value, key)).unwrap();
        let total = amount(&quote.result(), "total");
        assert_eq!(amount(&funds, "after").add(total), Some(amount(&funds, "available")));
        assert!(get(&first, "funds").is_null(), "the page's old object is left as it was");
        assert_eq!(quote.place.query_selector_all("[data-funds=covered]").unwrap().length(), 1);
    }
    assert!(get(&quote.result(), "funds").is_null());
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
