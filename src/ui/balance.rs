//! What the page's script holds of a `<cert-balance>`, as [`element`](super::element) is for the quote.

use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

use super::balance_store::BalanceStore;
use super::balance_view::BalanceView;
use super::link::to_js;
use super::mount::{Mount, attribute};
use crate::balance_session::Intent;
use crate::config::BalanceConfig;
use crate::web::intl::is_locale;

/// The inside of one `<cert-balance>`.
#[wasm_bindgen]
pub struct BalanceElement {
    store: Rc<BalanceStore>,
    view: Mount,
}

#[wasm_bindgen]
impl BalanceElement {
    /// An element that is on no page yet. It tells of events through `emit(type, detail)`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(emit: Function) -> Self {
        Self { store: BalanceStore::new(emit), view: Mount::default() }
    }

    /// Takes over the element's attributes, an object of texts; one that is absent is not in it.
    pub fn configure(&self, attributes: &Object) {
        let (config, unfit) = BalanceConfig::read(&|name| attribute(attributes, name), is_locale);
        self.store.configure(config, unfit);
    }

    /// Shows the element in a shadow root, and loads what it does not have.
    pub fn attach(&self, root: &web_sys::Node) {
        if !self.view.is_mounted() {
            self.store.attach();
            self.view.mount(root, Rc::new(BalanceView { store: Rc::clone(&self.store) }));
        }
    }

    /// Takes the element off its page: what is under way is called off. Result, state and error stay.
    pub fn detach(&self) {
        self.store.detach();
        self.view.unmount();
    }

    /// The tab came back into sight.
    pub fn shown(&self) {
        self.store.dispatch(Intent::Shown);
    }

    /// The contract's `state`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn state(&self) -> String {
        self.store.with(|session| session.state().name().to_owned())
    }

    /// The contract's `error`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn error(&self) -> JsValue {
        to_js(&self.store.with(|session| session.error()))
    }

    /// The contract's `result`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn result(&self) -> JsValue {
        self.store.link().result()
    }

    /// The contract's `refresh()`.
    pub fn refresh(&self) -> Promise {
        self.store.refresh()
    }
}
