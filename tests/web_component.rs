//! The elements as components of a Yew application: functions of the page and the acceptance of a price, as typed properties.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here is a failed test")]

mod web;

use std::cell::RefCell;
use std::rc::Rc;

use certquote::draft::{Draft, OrderValidity};
use certquote::ui::{Accepted, CertBalance, CertBalanceProps, CertQuote, CertQuoteProps};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::pause;
use web_sys::{Element, HtmlElement};
use yew::{Callback, props};

wasm_bindgen_test_configure!(run_in_browser);

const PRICE: &str = r#"{"base_price":782,"addons_price":0,"fqdns":{"subtotal":0,"units":0},"wildcards":{"subtotal":0,"units":0},"total_price":782,"balance":"454.00","currency":"USD","tax":"0.00","tax_error":false}"#;
const BALANCE: &str = r#"{"balance":"454.00","currency":"USD","unpaid_invoice_balance":"0.00","negative_balance_limit":"0.00","used_credit_from_other_containers":"0.00","total_available_funds":"454.00"}"#;

/// A place on the page for a component.
fn place() -> Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    place
}

/// Answers every request with `body`, and notes the token that it came with in a list of the page.
fn transport(list: &str, body: &str) -> Function {
    let note = format!("(globalThis.{list} ??= []).push(request.headers.get('authorization'));");
    Function::new_with_args("request", &format!("{note} return Promise.resolve(new Response('{body}'))"))
}

fn noted(list: &str) -> Array {
    Reflect::get(&js_sys::global(), &list.into()).unwrap().dyn_into().unwrap_or_default()
}

fn inside(place: &Element, selector: &str) -> Option<HtmlElement> {
    let root = place.first_element_child()?.shadow_root()?;
    root.query_selector(selector).unwrap().map(|found| found.dyn_into().unwrap())
}

/// The element inside, once it is there.
async fn wait(place: &Element, selector: &str) -> HtmlElement {
    loop {
        match inside(place, selector) {
            Some(found) => return found,
            None => pause(10).await,
        }
    }
}

#[wasm_bindgen_test]
async fn a_price_is_asked_for_through_the_page_and_accepted_with_a_key() {
    let accepted = Rc::new(RefCell::new(Vec::<Accepted>::new()));
    let on_accept = {
        let accepted = Rc::clone(&accepted);
        Callback::from(move |one| accepted.borrow_mut().push(one))
    };
    let draft = Draft {
        dns_names: vec!["example.com".to_owned()],
        product_name_id: "ssl_basic".to_owned(),
        order_validity: OrderValidity::Years(1),
        ..Draft::default()
    };
    let place = place();
    let given = props!(CertQuoteProps {
        draft: draft.clone(),
        accept_label: "Order now",
        on_accept,
        transport: transport("quotes", PRICE),
        fetch_headers: Function::new_no_args("return { Authorization: 'Bearer of-the-page' }"),
    });
    let app = yew::Renderer::<CertQuote>::with_root_and_props(place.clone(), given).render();
    wait(&place, "button[type=submit]").await.click();
    wait(&place, "[data-line=total]").await;
    let button = inside(&place, "[part=accept]").unwrap();
    assert_eq!(button.text_content().as_deref(), Some("Order now"));
    for times in 1..=2 {
        button.click();
        while accepted.borrow().len() < times {
            pause(10).await;
        }
    }
    let told = accepted.borrow();
    let first = told.first().unwrap();
    assert_eq!(first.quote.draft, draft);
    assert_eq!(first.quote.total.unwrap().to_string(), "782");
    assert_eq!(first.idempotency_key.len(), 36);
    assert_eq!(told.last(), Some(first), "one order has one key and one content");
    // The price, and once more before each acceptance.
    let tokens: Vec<_> = noted("quotes").iter().map(|token| token.as_string().unwrap()).collect();
    assert_eq!(tokens, ["Bearer of-the-page"; 3]);
    app.destroy();
}

#[wasm_bindgen_test]
async fn another_transport_counts_from_the_next_request_on() {
    let place = place();
    let given = |list, refresh| props!(CertBalanceProps { transport: transport(list, BALANCE), refresh });
    let mut app =
        yew::Renderer::<CertBalance>::with_root_and_props(place.clone(), given("first", 0)).render();
    wait(&place, "[data-field=balance]").await;
    app.update(given("second", 1));
    while noted("second").length() == 0 {
        pause(10).await;
    }
    assert_eq!((noted("first").length(), noted("second").length()), (1, 1));
    app.destroy();
}
