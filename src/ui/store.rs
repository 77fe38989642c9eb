//! Runs a [`Session`] in a browser: carries out its effects over the network, the clock and the page, and tells the view.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::accept;
use super::aside::Aside;
use super::board::{self, Account};
use super::compare::Compare;
use super::later;
use super::link::{Link, Queue, today};
use super::share::Share;
use super::shelf::Shelf;
use crate::api::Endpoint;
use crate::api::order_pricing::{NAME, OrderPricing};
use crate::client::Client;
use crate::config::{Config, Unfit};
use crate::draft::Draft;
use crate::error::CertError;
use crate::form::Edit;
use crate::json::ToJson;
use crate::problem::Group;
use crate::quote::Quote;
use crate::session::{Effect, Intent, Session};
use crate::state::Ticket;
use crate::transport::{Request, Response};
use crate::web::timer::Timer;
use crate::web::{GlooTransport, IntlFormats, clock, idn};
use crate::words;

/// The pause after the last edit until `live` asks for a price, in milliseconds.
const PAUSE_MS: u32 = 400;

/// One quote form, running. It outlives its view: an element that is taken out of the page and put back goes on.
pub struct Store {
    session: RefCell<Session>,
    link: Link,
    aside: Aside,
    /// Whether the half of the wasm that is loaded later was asked for.
    needs: Cell<bool>,
    pub(super) compare: Compare,
    pub(super) shelf: Shelf,
    share: Share,
    /// Where the focus goes once all is drawn: a selector.
    focus: RefCell<Option<String>>,
    /// What the page has as the result.
    published: RefCell<Option<Rc<Quote>>>,
    effects: Queue<Effect>,
    /// What the page was told of the last accepted quote, and its number.
    accepted: RefCell<Option<(Ticket, JsValue)>>,
    pause: RefCell<Option<Timer>>,
    /// The names box, if something was typed into it that the session has not heard of.
    typed: RefCell<Option<JsValue>>,
    after_typing: RefCell<Option<Timer>>,
    /// Whether a pointer is held down inside the element, and which parts of the form were left meanwhile.
    pointer_down: Cell<bool>,
    left: RefCell<Vec<Group>>,
    after_pointer: RefCell<Option<Timer>>,
}

impl Store {
    /// A store with an empty form and default settings.
    #[must_use]
    pub fn new(emit: Function) -> Rc<Self> {
        let formats = Rc::new(IntlFormats::new(None));
        let store = Rc::new(Self {
            session: RefCell::new(Session::new(&words::EN, formats, idn::to_ascii, today())),
            link: Link::new(emit),
            aside: Aside::new(),
            needs: Cell::default(),
            compare: Compare::default(),
            shelf: Shelf::default(),
            share: Share::default(),
            focus: RefCell::default(),
            published: RefCell::default(),
            effects: Queue::default(),
            accepted: RefCell::default(),
            pause: RefCell::default(),
            typed: RefCell::default(),
            after_typing: RefCell::default(),
            pointer_down: Cell::new(false),
            left: RefCell::default(),
            after_pointer: RefCell::default(),
        });
        let reader: Weak<Self> = Rc::downgrade(&store);
        board::watch(reader);
        store
    }

    /// Looks at the session.
    pub fn with<T>(&self, look: impl FnOnce(&Session) -> T) -> T {
        look(&self.session.borrow())
    }

    /// Hands an intent to the session and carries out what follows.
    pub fn dispatch(self: &Rc<Self>, intent: Intent) {
        self.flush();
        match intent {
            Intent::Detach => self.aside.yield_turn(),
            Intent::Edit(_) | Intent::SetDraft(_) | Intent::UseOrder(_) | Intent::Quote => {
                self.share.touched();
                self.need();
            }
            _ => {}
        }
        self.apply(intent);
        self.drain();
    }

    /// Somebody turns to the form: what is loaded only then is asked for, once.
    pub(super) fn need(self: &Rc<Self>) {
        if !self.needs.replace(true) && !later::is_here() {
            self.fetch_later();
        }
    }

    /// Asks for what is loaded later.
    pub(super) fn fetch_later(self: &Rc<Self>) {
        let store = Rc::downgrade(self);
        later::want(Box::new(move || {
            if let Some(store) = store.upgrade() {
                if later::is_here() {
                    store.know();
                    store.read_shelf();
                    store.take_link();
                }
                store.link.redraw();
            }
        }));
        self.link.redraw();
    }

    /// Whether all is here. What is not is asked for.
    pub(super) fn has_later(self: &Rc<Self>) -> bool {
        self.need();
        later::is_here()
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
    pub fn configure(self: &Rc<Self>, config: Config, unfit: Unfit) {
        if self.with(|session| session.config().connection.locale != config.connection.locale) {
            self.session
                .borrow_mut()
                .set_formats(Rc::new(IntlFormats::new(config.connection.locale.as_deref())));
        }
        let is_of_other = self.with(|session| {
            let (old, new) = (session.config(), &config);
            old.connection.proxy != new.connection.proxy
                || old.connection.credentials != new.connection.credentials
                || old.container_id != new.container_id
        });
        if is_of_other {
            self.aside.reset();
        }
        self.dispatch(Intent::Configure(config, unfit));
        self.find_shelf();
        self.compare();
    }

    /// Looks for the balance to compare the quote with.
    fn compare(self: &Rc<Self>) {
        let found = self.with(|session| {
            let proxy = &session.config().connection.proxy;
            let balance = session.container().and_then(|id| board::find(&Account::new(proxy, id.clone())));
            let same = balance.as_ref().map(Rc::as_ptr) == session.balance().map(Rc::as_ptr);
            (!same).then_some(balance)
        });
        if let Some(balance) = found {
            self.apply(Intent::Balance(balance));
            self.drain();
        }
    }

    /// Prices the present draft; the promise settles with the answer to exactly this draft.
    pub fn quote(self: &Rc<Self>) -> Promise {
        self.flush();
        self.need();
        let promise = self.link.promise(&mut || {
            self.apply(Intent::Quote);
            self.with(Session::ticket)
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

    /// What ties it to its page and its view.
    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    fn apply(&self, intent: Intent) {
        let effects = self.session.borrow_mut().apply(intent, today());
        // There before the first event, whose handler may read it.
        let quote = self.with(|session| session.quote().cloned());
        if quote.as_ref().map(Rc::as_ptr) != self.published.borrow().as_ref().map(Rc::as_ptr) {
            self.link.set_result(quote.clone().map(|quote| -> Rc<dyn ToJson> { quote }));
            self.published.replace(quote);
            self.know();
        }
        self.effects.extend(effects);
    }

    /// Remembers the price that is shown, so that nobody asks for it again.
    fn know(&self) {
        if later::is_here()
            && let Some(quote) = self.with(|session| session.own_quote().cloned())
        {
            self.aside.know(&quote);
        }
    }

    /// Carries out what is to be done.
    fn drain(self: &Rc<Self>) {
        if self.effects.run(|effect| self.carry_out(effect)) {
            // What waited for the form's own request goes out when that is answered or called off.
            if later::is_here() {
                self.ask_aside();
            }
            self.link.redraw();
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        let link = &self.link;
        match effect {
            Effect::Send(ticket, draft) => self.send(ticket, draft),
            Effect::Abort => link.abort(),
            Effect::Pause => self.start_pause(),
            Effect::EndPause => drop(self.pause.take()),
            Effect::Settle(ticket, outcome) => link.settle(ticket, outcome.as_ref().err()),
            Effect::TellQuote => link.tell("cert-quote", &link.result()),
            Effect::TellAccept(number, quote) => self.tell_accept(number, &quote),
            Effect::TellError(error) => link.tell_error(&error),
            Effect::TellState(state) => link.tell_state(state),
        }
    }

    fn send(self: &Rc<Self>, ticket: Ticket, draft: Draft) {
        // One request at a time, and what is in the form first.
        self.aside.yield_turn();
        let store = Rc::clone(self);
        let fresh = self.with(Session::asks_again);
        let request = Request { fresh, ..OrderPricing { draft: &draft }.request() };
        let answered = move |answer: Result<Response, CertError>| {
            let behind = store.behind(&answer);
            let quote = store.read(draft, answer);
            match &quote {
                Ok(_) => store.aside.go_on(),
                Err(error) => store.hold(error),
            }
            store.dispatch(match (quote, behind) {
                (Ok(quote), Some(error)) => Intent::StoodIn(ticket, quote, error),
                (quote, _) => Intent::Answered(ticket, quote),
            });
        };
        self.link.ask(self.client(), NAME, request, Box::new(answered));
    }

    /// A client as the attributes want it now.
    pub(super) fn client(&self) -> Client<GlooTransport> {
        self.with(|session| self.link.client(&session.config().connection, session.words()))
    }

    /// The quote that an answer holds.
    pub(super) fn read(&self, draft: Draft, answer: Result<Response, CertError>) -> Result<Quote, CertError> {
        let (words, answer) = (&self.with(Session::words).errors, answer?);
        Quote::read(draft, &answer, clock::ago(answer.age), words)
    }

    /// The failure that an older answer stands in for.
    pub(super) fn behind(&self, answer: &Result<Response, CertError>) -> Option<CertError> {
        CertError::behind(NAME, answer.as_ref().ok()?, &self.with(Session::words).errors)
    }

    /// The prices asked for beside the one that is shown.
    pub(super) fn aside(&self) -> &Aside {
        &self.aside
    }

    /// Puts the focus elsewhere once all is drawn, because what has it goes away.
    pub(super) fn focus_on(&self, selector: impl Into<String>) {
        self.focus.replace(Some(selector.into()));
    }

    /// Where the focus is to go, once.
    pub(super) fn take_focus(&self) -> Option<String> {
        self.focus.take()
    }

    /// Links to the quote, and copies of it.
    pub(super) fn share(&self) -> &Share {
        &self.share
    }

    /// The same quote is told of in the same words, with the same key, so that a page can tell one order pressed twice from two.
    fn tell_accept(&self, number: Ticket, quote: &Quote) {
        let known = self.accepted.take().filter(|(known, _)| *known == number);
        let told = known.or_else(|| Some((number, accept::detail(quote)?)));
        self.accepted.replace(told.clone());
        if let Some((_, detail)) = told {
            self.link.tell("cert-accept", &detail);
        }
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
}

impl board::Reader for Store {
    fn balances_changed(self: Rc<Self>) {
        self.compare();
    }
}
