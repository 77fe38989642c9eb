//! What the page's script holds of a `<cert-history>`.

use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;

use super::HistoryView;
use super::store::HistoryStore;
use crate::config::HistoryConfig;
use crate::history_session::Intent;
use crate::ui::link::to_js;
use crate::ui::mount::{Mount, attribute};
use crate::web::intl::is_locale;

/// The inside of one `<cert-history>`.
#[wasm_bindgen]
pub struct HistoryElement {
    store: Rc<HistoryStore>,
    view: Mount,
}

#[wasm_bindgen]
impl HistoryElement {
    /// An element that is on no page yet. It tells of events through `emit(type, detail)`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(emit: Function) -> Self {
        Self { store: HistoryStore::new(emit), view: Mount::default() }
    }

    /// Takes over the element's attributes, an object of texts; one that is absent is not in it.
    pub fn configure(&self, attributes: &Object) {
        let (config, unfit) = HistoryConfig::read(&|name| attribute(attributes, name), is_locale);
        self.store.configure(config, unfit);
    }

    /// Shows the element in a shadow root.
    pub fn attach(&self, root: &web_sys::Node) {
        if !self.view.is_mounted() {
            self.store.dispatch(Intent::Attach);
            self.view.mount(root, HistoryView::new(&self.store));
        }
    }

    /// Takes the element off its page: what is under way is called off. Everything that was loaded stays.
    pub fn detach(&self) {
        self.store.dispatch(Intent::Detach);
        self.store.link().show_in(None);
        self.view.unmount();
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
