//! Runs a [`Session`] in a browser: carries out its effects over the network, the clock and the page, and tells the view.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use js_sys::{Function, JSON, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::RequestCredentials;
use yew::Callback;

use crate::client::Client;
use crate::config::{Attribute, Config, Credentials};
use crate::date::Date;
use crate::draft::Draft;
use crate::error::CertError;
use crate::form::Edit;
use crate::problem::Group;
use crate::quote::Quote;
use crate::session::{Effect, Intent, Session, Ticket};
use crate::web::timer::Timer;
use crate::web::{GlooTransport, IntlFormats, clock, idn};
use crate::words;

/// The pause after the last edit until `live` asks for a price, in milliseconds.
const PAUSE_MS: u32 = 400;

/// One quote form, running. It outlives its view: an element that is taken out of the page and put back goes on.
pub struct Store {
    session: RefCell<Session>,
    effects: RefCell<VecDeque<Effect>>,
    draining: Cell<bool>,
    request: RefCell<Option<AbortHandle>>,
    pause: RefCell<Option<Timer>>,
    waiting: RefCell<Vec<Waiting>>,
    /// Tells the page: `emit(type, detail)`.
    emit: Function,
    /// The names box, if something was typed into it that the session has not heard of.
    typed: RefCell<Option<JsValue>>,
    after_typing: RefCell<Option<Timer>>,
    view: RefCell<Option<Callback<()>>>,
    result: RefCell<JsValue>,
    /// Whether a pointer is held down inside the element, and which parts of the form were left meanwhile.
    pointer_down: Cell<bool>,
    left: RefCell<Vec<Group>>,
    after_pointer: RefCell<Option<Timer>>,
}

/// Somebody who waits for the answer to a request.
struct Waiting {
    ticket: Ticket,
    resolve: Function,
    reject: Function,
}

impl Store {
    /// A store with an empty form and default settings.
    #[must_use]
    pub fn new(emit: Function) -> Rc<Self> {
        let formats = Rc::new(IntlFormats::new(None));
        Rc::new(Self {
            session: RefCell::new(Session::new(&words::EN, formats, idn::to_ascii, today())),
            effects: RefCell::default(),
            draining: Cell::new(false),
            request: RefCell::default(),
            pause: RefCell::default(),
            waiting: RefCell::default(),
            emit,
            typed: RefCell::default(),
            after_typing: RefCell::default(),
            view: RefCell::default(),
            result: RefCell::new(JsValue::NULL),
            pointer_down: Cell::new(false),
            left: RefCell::default(),
            after_pointer: RefCell::default(),
        })
    }

    /// Looks at the session.
    pub fn with<T>(&self, look: impl FnOnce(&Session) -> T) -> T {
        look(&self.session.borrow())
    }

    /// Hands an intent to the session and carries out what follows.
    pub fn dispatch(self: &Rc<Self>, intent: Intent) {
        self.flush();
        self.apply(intent);
        self.drain();
    }

    /// Something was typed into the names box. A text of many lines that is put in at once makes an event for each line:
    /// the names are read once, when the browser has come to rest or somebody asks.
    pub fn type_names(self: &Rc<Self>, text_box: JsValue) {
        self.typed.replace(Some(text_box));
        let store = Rc::downgrade(self);
        let timer = || {
            Timer::new(0, move || {
                if let Some(store) = store.upgrade() {
                    store.flush();
                }
            })
        };
        self.after_typing.borrow_mut().get_or_insert_with(timer);
    }

    /// Takes in what was typed.
    pub fn flush(self: &Rc<Self>) {
        let typed = self.typed.take();
        if let Some(text_box) = typed {
            self.after_typing.take();
            let text = Reflect::get(&text_box, &"value".into()).ok().and_then(|text| text.as_string());
            self.dispatch(Intent::Edit(Edit::Names(text.unwrap_or_default())));
        }
    }

    /// Takes over new attributes.
    pub fn configure(self: &Rc<Self>, config: Config, unusable: Vec<Attribute>) {
        if self.with(|session| session.config().locale != config.locale) {
            self.session.borrow_mut().set_formats(Rc::new(IntlFormats::new(config.locale.as_deref())));
        }
        self.dispatch(Intent::Configure(config, unusable));
    }

    /// Prices the present draft; the promise settles with the answer to exactly this draft.
    pub fn quote(self: &Rc<Self>) -> Promise {
        self.flush();
        let promise = Promise::new(&mut |resolve, reject| {
            self.apply(Intent::Quote);
            let ticket = self.with(Session::ticket);
            self.waiting.borrow_mut().push(Waiting { ticket, resolve, reject });
        });
        self.drain();
        promise
    }

    /// A part of the form lost the focus. Its messages move what lies below, so they wait for a pointer that is held
    /// down: the click that it is about to make must land where it was aimed.
    pub fn leave(self: &Rc<Self>, group: Group) {
        if self.pointer_down.get() {
            self.left.borrow_mut().push(group);
        } else {
            self.dispatch(Intent::Leave(group));
        }
    }

    /// A pointer went down or up inside the element.
    pub fn pointer(self: &Rc<Self>, down: bool) {
        /// A pointer that was let go elsewhere is not waited for any longer.
        const LONGEST_CLICK_MS: u32 = 1_000;
        self.pointer_down.set(down);
        let store = Rc::downgrade(self);
        // The click itself comes after the pointer went up.
        let after = Timer::new(if down { LONGEST_CLICK_MS } else { 0 }, move || {
            if let Some(store) = store.upgrade() {
                store.pointer_down.set(false);
                for group in store.left.take() {
                    store.dispatch(Intent::Leave(group));
                }
            }
        });
        self.after_pointer.replace(Some(after));
    }

    /// Who is told when something changed.
    pub fn show_in(&self, view: Option<Callback<()>>) {
        self.view.replace(view);
    }

    /// The last quote as the page gets it: the same object until there is another.
    #[must_use]
    pub fn result(&self) -> JsValue {
        self.result.borrow().clone()
    }

    fn apply(&self, intent: Intent) {
        let effects = self.session.borrow_mut().apply(intent, today());
        for effect in &effects {
            // There before the first event, whose handler may read it.
            if let Effect::Settle(_, Ok(quote)) = effect {
                self.result.replace(to_js(&**quote));
            }
        }
        self.effects.borrow_mut().extend(effects);
    }

    /// Carries out what is to be done. The page's handlers may call back into the store; what they bring about queues up.
    fn drain(self: &Rc<Self>) {
        if self.draining.replace(true) {
            return;
        }
        loop {
            let next = self.effects.borrow_mut().pop_front();
            let Some(effect) = next else { break };
            self.carry_out(effect);
        }
        self.draining.set(false);
        let view = self.view.borrow().clone();
        if let Some(view) = view {
            view.emit(());
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Send(ticket, draft) => self.send(ticket, draft),
            Effect::Abort => {
                if let Some(request) = self.request.take() {
                    request.abort();
                }
            }
            Effect::Pause => self.start_pause(),
            Effect::EndPause => drop(self.pause.take()),
            Effect::Settle(ticket, outcome) => self.settle(ticket, &outcome),
            Effect::TellQuote => self.emit("cert-quote", &self.result()),
            Effect::TellError(error) => self.emit("cert-error", &to_js(&error)),
            Effect::TellState(state) => self.emit("cert-state", &to_js(&StateDetail { state: state.name() })),
        }
    }

    fn send(self: &Rc<Self>, ticket: Ticket, draft: Draft) {
        let client = self.with(|session| {
            let config = session.config();
            let transport = GlooTransport {
                base_url: config.proxy.clone(),
                timeout_ms: config.timeout_ms,
                credentials: credentials(config.credentials),
            };
            Client::new(transport).with_words(session.words().errors)
        });
        let store = Rc::clone(self);
        // Dropping the future aborts the fetch; an aborted future is never answered.
        let (answer, handle) = abortable(async move { client.quote(&draft, clock::now).await });
        self.request.replace(Some(handle));
        spawn_local(async move {
            if let Ok(outcome) = answer.await {
                store.dispatch(Intent::Answered(ticket, outcome));
            }
        });
    }

    fn start_pause(self: &Rc<Self>) {
        let store = Rc::downgrade(self);
        let pause = Timer::new(PAUSE_MS, move || {
            if let Some(store) = store.upgrade() {
                store.dispatch(Intent::Paused);
            }
        });
        self.pause.replace(Some(pause));
    }

    fn settle(&self, ticket: Ticket, outcome: &Result<Rc<Quote>, CertError>) {
        let (done, waiting) = self.waiting.take().into_iter().partition(|waiting| waiting.ticket <= ticket);
        self.waiting.replace(waiting);
        let done: Vec<Waiting> = done;
        for waiting in done {
            let settle = if outcome.is_ok() { &waiting.resolve } else { &waiting.reject };
            let value = match outcome {
                Ok(_) => self.result(),
                Err(error) => to_js(error),
            };
            // A promise's own functions do not throw.
            let _ = settle.call1(&JsValue::UNDEFINED, &value);
        }
    }

    fn emit(&self, name: &str, detail: &JsValue) {
        // A handler that throws is reported by the browser; it does not concern the store.
        let _ = self.emit.call2(&JsValue::UNDEFINED, &name.into(), detail);
    }
}

#[derive(Serialize)]
struct StateDetail {
    state: &'static str,
}

/// A public value as the page gets it: plain objects, `null` for what is not there.
pub(super) fn to_js(value: &impl Serialize) -> JsValue {
    serde_json::to_string(value).ok().and_then(|json| JSON::parse(&json).ok()).unwrap_or(JsValue::NULL)
}

fn credentials(mode: Credentials) -> RequestCredentials {
    match mode {
        Credentials::SameOrigin => RequestCredentials::SameOrigin,
        Credentials::Include => RequestCredentials::Include,
        Credentials::Omit => RequestCredentials::Omit,
    }
}

fn today() -> Date {
    clock::today().unwrap_or(Date::EPOCH)
}
