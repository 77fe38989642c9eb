//! What the page's script holds of an element, whatever it shows. The script owns the custom element and its lifecycle, this
//! side its behaviour: one class for all of them, since each class is paid for in the wasm and in its glue.
//!
//! Every method takes `&self`: a page's event handler may call back in the middle of another call.

use std::rc::Rc;

use js_sys::{Function, JSON, Object, Promise};
use wasm_bindgen::prelude::*;

use super::balance_store::BalanceStore;
use super::balance_view::BalanceView;
use super::history::{HistoryStore, HistoryView};
use super::link::{Link, to_js};
use super::mount::{Mount, attribute};
use super::part::Part;
use super::quote::QuoteView;
use super::store::Store;
use crate::balance_session::Intent as BalanceIntent;
use crate::config::{BalanceConfig, Config, HistoryConfig};
use crate::history_session::Intent as HistoryIntent;
use crate::json::{self, ToJson};
use crate::session::Intent;
use crate::state::State;
use crate::web::intl::is_locale;

/// The style sheet of the elements' insides.
#[wasm_bindgen]
#[must_use]
pub fn styles() -> String {
    include_str!(concat!(env!("OUT_DIR"), "/elements.css")).to_owned()
}

/// What one kind of element does with what all of them are asked.
pub(super) trait Inside {
    fn link(&self) -> &Link;

    /// Takes over attributes; `read` gives the text of one.
    fn configure(&self, read: &dyn Fn(&str) -> Option<String>);

    /// The element came onto a page, or left it.
    fn on_page(&self, there: bool);

    /// What it looks like.
    fn view(&self) -> Rc<dyn Part>;

    /// Gives `look` the state and the error.
    fn look(&self, look: &mut dyn FnMut(State, &dyn ToJson));

    /// `quote()` or `refresh()`.
    fn ask(&self) -> Promise;

    /// The tab came back into sight, or the page's address has another fragment.
    fn shown(&self) {}

    fn draft(&self) -> JsValue {
        JsValue::UNDEFINED
    }

    fn set_draft(&self, _draft: &JsValue) -> Result<(), JsError> {
        Ok(())
    }
}

/// The inside of one custom element.
#[wasm_bindgen]
pub struct Element {
    inside: Box<dyn Inside>,
    view: Mount,
}

#[wasm_bindgen]
impl Element {
    /// An element of the given tag, empty and on no page yet. It tells of events through `emit(type, detail)`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(tag: &str, emit: Function) -> Self {
        let inside: Box<dyn Inside> = match tag {
            "cert-balance" => Box::new(BalanceStore::new(emit)),
            "cert-history" => Box::new(HistoryStore::new(emit)),
            _ => Box::new(Store::new(emit)),
        };
        Self { inside, view: Mount::default() }
    }

    /// Takes over the element's attributes, an object of texts; one that is absent is not in it.
    pub fn configure(&self, attributes: &Object) {
        self.inside.configure(&|name| attribute(attributes, name));
    }

    /// Shows the element in a shadow root, and loads what it does not have.
    pub fn attach(&self, root: &web_sys::Node) {
        if !self.view.is_mounted() {
            self.inside.on_page(true);
            self.view.mount(root, self.inside.view());
        }
    }

    /// Takes the element off its page: what is under way is called off. Everything that it has stays.
    pub fn detach(&self) {
        self.inside.on_page(false);
        self.inside.link().show_in(None);
        self.view.unmount();
    }

    /// The tab came back into sight, or the page's address has another fragment.
    pub fn shown(&self) {
        self.inside.shown();
    }

    /// The contract's property of this name; `undefined` for one that this element does not have.
    #[must_use]
    pub fn read(&self, name: &str) -> JsValue {
        let mut value = JsValue::UNDEFINED;
        match name {
            "state" => self.inside.look(&mut |state, _| value = state.name().into()),
            "error" => self.inside.look(&mut |_, error| value = to_js(error)),
            "result" => value = self.inside.link().result(),
            "draft" => value = self.inside.draft(),
            _ => {}
        }
        value
    }

    /// Sets the contract's property of this name. For the draft that is the whole form; `null` empties it.
    ///
    /// # Errors
    /// An exception that names the key whose value is of the wrong type; everything stays as it was.
    pub fn write(&self, name: &str, value: &JsValue) -> Result<(), JsError> {
        match name {
            "draft" => return self.inside.set_draft(value),
            "transport" => self.inside.link().set_via(value),
            "fetchHeaders" => self.inside.link().set_headers(value),
            _ => {}
        }
        Ok(())
    }

    /// The contract's `quote()` or `refresh()`.
    pub fn ask(&self) -> Promise {
        self.inside.ask()
    }
}

impl Inside for Rc<Store> {
    fn link(&self) -> &Link {
        Store::link(self)
    }

    fn configure(&self, read: &dyn Fn(&str) -> Option<String>) {
        let (config, unfit) = Config::read(read, is_locale);
        Store::configure(self, config, unfit);
    }

    fn on_page(&self, there: bool) {
        self.dispatch(if there { Intent::Attach } else { Intent::Detach });
        if there {
            self.take_link();
        }
    }

    fn view(&self) -> Rc<dyn Part> {
        QuoteView::new(self)
    }

    fn shown(&self) {
        self.take_link();
    }

    fn look(&self, look: &mut dyn FnMut(State, &dyn ToJson)) {
        self.flush();
        self.with(|session| look(session.state(), &session.error()));
    }

    fn ask(&self) -> Promise {
        self.quote()
    }

    fn draft(&self) -> JsValue {
        self.flush();
        to_js(&self.with(|session| session.form().to_draft()))
    }

    fn set_draft(&self, draft: &JsValue) -> Result<(), JsError> {
        if draft.is_null() || draft.is_undefined() {
            self.dispatch(Intent::Clear);
            return Ok(());
        }
        let unusable = |reason: &str| JsError::new(&["certquote: draft: ", reason].concat());
        let text = JSON::stringify(draft).map_err(|_| unusable("not a plain object"))?;
        let draft =
            json::decode(String::from(text).as_bytes()).map_err(|error| unusable(&error.to_string()))?;
        self.dispatch(Intent::SetDraft(draft));
        Ok(())
    }
}

impl Inside for Rc<BalanceStore> {
    fn link(&self) -> &Link {
        BalanceStore::link(self)
    }

    fn configure(&self, read: &dyn Fn(&str) -> Option<String>) {
        let (config, unfit) = BalanceConfig::read(read, is_locale);
        BalanceStore::configure(self, config, unfit);
    }

    fn on_page(&self, there: bool) {
        if there { self.attach() } else { self.detach() }
    }

    fn view(&self) -> Rc<dyn Part> {
        Rc::new(BalanceView { store: Self::clone(self) })
    }

    fn look(&self, look: &mut dyn FnMut(State, &dyn ToJson)) {
        self.with(|session| look(session.state(), &session.error()));
    }

    fn ask(&self) -> Promise {
        self.refresh()
    }

    fn shown(&self) {
        self.dispatch(BalanceIntent::Shown);
    }
}

impl Inside for Rc<HistoryStore> {
    fn link(&self) -> &Link {
        HistoryStore::link(self)
    }

    fn configure(&self, read: &dyn Fn(&str) -> Option<String>) {
        let (config, unfit) = HistoryConfig::read(read, is_locale);
        HistoryStore::configure(self, config, unfit);
    }

    fn on_page(&self, there: bool) {
        self.dispatch(if there { HistoryIntent::Attach } else { HistoryIntent::Detach });
    }

    fn view(&self) -> Rc<dyn Part> {
        HistoryView::new(self)
    }

    fn look(&self, look: &mut dyn FnMut(State, &dyn ToJson)) {
        self.with(|session| look(session.state(), &session.error()));
    }

    fn ask(&self) -> Promise {
        self.refresh()
    }
}
