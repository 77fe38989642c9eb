//! Runs a [`BalanceSession`] in a browser, and shows its balance to the other elements of the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};

use super::board::{self, Account, Entry};
use super::link::{Link, Queue, to_js};
use crate::balance::Balance;
use crate::balance_session::{BalanceSession, Effect, Intent};
use crate::config::{BalanceConfig, Subject, Unfit};
use crate::error::CertError;
use crate::json::ToJson;
use crate::state::{State, Ticket};
use crate::transport::{Request, Response};
use crate::web::timer::Timer;
use crate::web::{IntlFormats, clock};
use crate::words;

/// How often the age of old figures is told anew, in milliseconds.
const AGE_MS: u32 = 60_000;

/// One balance, running. It outlives its view: an element that is taken out of the page and put back goes on.
pub struct BalanceStore {
    session: RefCell<BalanceSession>,
    link: Link,
    effects: Queue<Effect>,
    /// Whether somebody asks for a fresh answer.
    bidden: Cell<bool>,
    attached: Cell<bool>,
    /// What the page has as the result.
    published: RefCell<Option<Rc<Balance>>>,
    /// The balance as the other elements see it, while this one is on the page.
    entry: RefCell<Option<Entry>>,
    aging: RefCell<Option<Timer>>,
}

impl BalanceStore {
    /// A store with nothing to show.
    #[must_use]
    pub fn new(emit: Function) -> Rc<Self> {
        let formats = Rc::new(IntlFormats::new(None));
        Rc::new(Self {
            session: RefCell::new(BalanceSession::new(&words::EN, formats)),
            link: Link::new(emit),
            effects: Queue::default(),
            bidden: Cell::new(false),
            attached: Cell::default(),
            published: RefCell::default(),
            entry: RefCell::default(),
            aging: RefCell::default(),
        })
    }

    /// Looks at the session.
    pub fn with<T>(&self, look: impl FnOnce(&BalanceSession) -> T) -> T {
        look(&self.session.borrow())
    }

    /// Hands an intent to the session and carries out what follows.
    pub fn dispatch(self: &Rc<Self>, intent: Intent) {
        self.apply(intent);
        self.drain();
    }

    /// Takes over new attributes.
    pub fn configure(self: &Rc<Self>, config: BalanceConfig, unfit: Unfit) {
        if self.with(|session| session.config().connection.locale != config.connection.locale) {
            let formats = Rc::new(IntlFormats::new(config.connection.locale.as_deref()));
            self.session.borrow_mut().set_formats(formats);
        }
        self.dispatch(Intent::Configure(config, unfit));
    }

    /// The element came onto a page.
    pub fn attach(self: &Rc<Self>) {
        self.attached.set(true);
        self.pin();
        self.dispatch(Intent::Attach);
    }

    /// The element left its page.
    pub fn detach(self: &Rc<Self>) {
        self.attached.set(false);
        self.pin();
        self.dispatch(Intent::Detach);
        self.link.show_in(None);
    }

    /// Loads again; the promise settles with the answer, also to a request that is under way already.
    pub fn refresh(self: &Rc<Self>) -> Promise {
        let promise = self.link.promise(&mut || {
            self.apply(Intent::Refresh);
            self.with(BalanceSession::ticket)
        });
        self.drain();
        promise
    }

    /// What ties it to its page and its view.
    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    fn apply(&self, intent: Intent) {
        self.bidden.set(matches!(intent, Intent::Refresh));
        let effects = self.session.borrow_mut().apply(intent, clock::now_ms());
        // There before the first event, whose handler may read it.
        let balance = self.with(|session| session.balance().cloned());
        if balance.as_ref().map(Rc::as_ptr) != self.published.borrow().as_ref().map(Rc::as_ptr) {
            self.link.set_result(balance.clone().map(|balance| -> Rc<dyn ToJson> { balance }));
            self.published.replace(balance);
            self.pin();
        }
        self.effects.extend(effects);
    }

    /// Shows the balance to the other elements, or no longer.
    fn pin(&self) {
        let pinned = self.with(|session| match &session.config().subject {
            Some(Subject::Account(id)) if self.attached.get() => {
                let account = Account::new(&session.config().connection.proxy, id.clone());
                session.balance().map(|balance| (account, Rc::clone(balance)))
            }
            _ => None,
        });
        let entry = pinned.map(|(account, balance)| board::pin(account, balance));
        // Only now, so that readers go from one balance to the next.
        let before = self.entry.replace(entry);
        drop(before);
    }

    /// Carries out what is to be done.
    fn drain(self: &Rc<Self>) {
        if self.effects.run(|effect| self.carry_out(effect)) {
            self.link.redraw();
            self.age();
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        let link = &self.link;
        match effect {
            Effect::Send(ticket, subject) => self.send(ticket, subject),
            Effect::Abort => link.abort(),
            Effect::Settle(ticket, outcome) => link.settle(ticket, outcome.as_ref().err()),
            Effect::TellBalance => link.tell("cert-balance", &link.result()),
            Effect::TellError(error) => link.tell_error(&error),
            Effect::TellState(state) => link.tell_state(state),
            Effect::TellLow(low) => link.tell("cert-low-balance", &to_js(&low)),
        }
    }

    fn send(self: &Rc<Self>, ticket: Ticket, subject: Subject) {
        let client = self.with(|session| self.link.client(&session.config().connection, session.words()));
        let (store, endpoint) = (Rc::clone(self), subject.endpoint());
        let request = Request { fresh: self.bidden.take(), ..subject.request() };
        let answered = move |answer: Result<Response, CertError>| {
            let words = &store.with(BalanceSession::words).errors;
            let behind = answer.as_ref().ok().and_then(|answer| {
                Some((answer.age.unwrap_or_default(), CertError::behind(endpoint, answer, words)?))
            });
            let balance =
                answer.and_then(|answer| Balance::read(&subject, &answer, clock::ago(answer.age), words));
            store.dispatch(match (balance, behind) {
                (Ok(balance), Some((age, error))) => Intent::StoodIn(ticket, balance, age, error),
                (balance, _) => Intent::Answered(ticket, balance),
            });
        };
        self.link.ask(client, endpoint, request, Box::new(answered));
    }

    /// Keeps telling how old the figures are while they are.
    fn age(self: &Rc<Self>) {
        let old = self.attached.get() && self.with(|session| session.state() == State::Stale);
        let timer = old.then(|| {
            let store = Rc::downgrade(self);
            Timer::new(AGE_MS, move || {
                if let Some(store) = store.upgrade() {
                    store.link.redraw();
                    store.age();
                }
            })
        });
        self.aging.replace(timer);
    }
}
