//! What the page's script holds of an element. The script owns the custom element and its lifecycle, this side its behaviour.
//!
//! Every method takes `&self`: a page's event handler may call back in the middle of another call.

use std::rc::Rc;

use js_sys::{Function, JSON, Object, Promise};
use wasm_bindgen::prelude::*;

use super::link::to_js;
use super::mount::{Mount, attribute};
use super::quote::QuoteView;
use super::store::Store;
use crate::config::Config;
use crate::json;
use crate::session::Intent;
use crate::web::intl::is_locale;

/// The style sheet of the elements' insides.
#[wasm_bindgen]
#[must_use]
pub fn styles() -> String {
    include_str!(concat!(env!("OUT_DIR"), "/elements.css")).to_owned()
}

/// The inside of one `<cert-quote>`.
#[wasm_bindgen]
pub struct QuoteElement {
    store: Rc<Store>,
    view: Mount,
}

#[wasm_bindgen]
impl QuoteElement {
    /// An element with an empty form that is on no page yet. It tells of events through `emit(type, detail)`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(emit: Function) -> Self {
        Self { store: Store::new(emit), view: Mount::default() }
    }

    /// Takes over the element's attributes, an object of texts; one that is absent is not in it.
    pub fn configure(&self, attributes: &Object) {
        let (config, unfit) = Config::read(&|name| attribute(attributes, name), is_locale);
        self.store.configure(config, unfit);
    }

    /// Shows the element in a shadow root.
    pub fn attach(&self, root: &web_sys::Node) {
        if !self.view.is_mounted() {
            self.store.dispatch(Intent::Attach);
            self.view.mount(root, QuoteView::new(&self.store));
        }
    }

    /// Takes the element off its page: what is under way is called off. Draft, result and error stay.
    pub fn detach(&self) {
        self.store.dispatch(Intent::Detach);
        self.store.link().show_in(None);
        self.view.unmount();
    }

    /// The contract's `state`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn state(&self) -> String {
        self.store.flush();
        self.store.with(|session| session.state().name().to_owned())
    }

    /// The contract's `error`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn error(&self) -> JsValue {
        self.store.flush();
        to_js(&self.store.with(|session| session.error()))
    }

    /// The contract's `result`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn result(&self) -> JsValue {
        self.store.link().result()
    }

    /// The contract's `draft`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn draft(&self) -> JsValue {
        self.store.flush();
        to_js(&self.store.with(|session| session.form().to_draft()))
    }

    /// Sets the whole form; `null` empties it.
    ///
    /// # Errors
    /// An exception that names the key whose value is of the wrong type; the form stays as it was.
    #[wasm_bindgen(setter)]
    pub fn set_draft(&self, draft: JsValue) -> Result<(), JsError> {
        if draft.is_null() || draft.is_undefined() {
            self.store.dispatch(Intent::Clear);
            return Ok(());
        }
        let unusable = |reason: &str| JsError::new(&["certquote: draft: ", reason].concat());
        let text = JSON::stringify(&draft).map_err(|_| unusable("not a plain object"))?;
        let draft =
            json::decode(String::from(text).as_bytes()).map_err(|error| unusable(&error.to_string()))?;
        self.store.dispatch(Intent::SetDraft(draft));
        Ok(())
    }

    /// The contract's `quote()`.
    pub fn quote(&self) -> Promise {
        self.store.quote()
    }
}
