//! An element of the widget on a page of its own making, asked as the page's script asks it.
#![allow(dead_code, unreachable_pub, reason = "each test file is a crate of its own and uses its share")]

use certquote::ui;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// Where the sandbox listens.
pub const SERVER: &str = match option_env!("CERTQUOTE_TEST_SERVER") {
    Some(server) => server,
    None => "http://127.0.0.1:18180",
};

/// An element on the page, and the events it told of.
pub struct Shown {
    pub element: ui::Element,
    pub place: Element,
    pub events: Array,
    _emit: Closure<dyn FnMut(JsValue, JsValue)>,
}

impl Shown {
    pub fn new(tag: &str, given: &[(&str, &str)]) -> Self {
        let events = Array::new();
        let emit = {
            let events = events.clone();
            Closure::<dyn FnMut(JsValue, JsValue)>::new(move |name: JsValue, detail: JsValue| {
                events.push(&Array::of2(&name, &detail));
            })
        };
        let element = ui::Element::new(tag, emit.as_ref().unchecked_ref::<Function>().clone());
        let document = web_sys::window().unwrap().document().unwrap();
        let place = document.create_element("div").unwrap();
        let style = document.create_element("style").unwrap();
        style.set_text_content(Some(&ui::styles()));
        place.append_child(&style).unwrap();
        document.body().unwrap().append_child(&place).unwrap();
        element.configure(&attributes(given));
        element.attach(&place);
        Self { element, place, events, _emit: emit }
    }

    /// `quote()` or `refresh()`, and the drawing of what came of it.
    pub async fn ask(&self) -> Result<JsValue, JsValue> {
        let answer = JsFuture::from(self.element.ask()).await;
        pause(0).await;
        answer
    }

    pub fn state(&self) -> String {
        self.element.read("state").as_string().unwrap()
    }

    pub fn result(&self) -> JsValue {
        self.element.read("result")
    }

    pub fn find(&self, selector: &str) -> Option<Element> {
        self.place.query_selector(selector).unwrap()
    }

    pub fn get(&self, selector: &str) -> Element {
        self.find(selector).unwrap_or_else(|| panic!("{selector} is not there: {}", self.place.inner_html()))
    }

    pub fn told(&self) -> Vec<String> {
        self.events.iter().filter_map(|event| Array::from(&event).get(0).as_string()).collect()
    }

    pub async fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
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

/// The attributes as the page's script gathers them.
pub fn attributes(given: &[(&str, &str)]) -> Object {
    let attributes = Object::new();
    let proxy = [SERVER, "/api/digicert"].concat();
    for (name, value) in [("proxy", proxy.as_str()), ("lang", "en")].iter().chain(given) {
        Reflect::set(&attributes, &(*name).into(), &(*value).into()).unwrap();
    }
    attributes
}

pub async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

pub fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap()
}

pub fn text(value: &JsValue, key: &str) -> String {
    get(value, key).as_string().unwrap_or_default()
}
