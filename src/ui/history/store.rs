//! Runs a [`HistorySession`] in a browser: carries out its effects over the network, the clock and the page, and tells
//! the view.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise};

use super::file::{KEPT_MS, Saved, Writer};
use crate::amount::Amount;
use crate::api::Endpoint;
use crate::api::balance_history::{BalanceHistory, NAME};
use crate::balance::Balance;
use crate::config::{HistoryConfig, Unfit};
use crate::history::History;
use crate::history_session::{Effect, FileKind, HistorySession, Intent};
use crate::state::{State, Ticket};
use crate::transport::Request;
use crate::ui::board::{self, Account};
use crate::ui::link::{Link, Queue, today};
use crate::web::IntlFormats;
use crate::web::timer::Timer;
use crate::words;

/// The pause after the last key in a field for a day, in milliseconds.
const PAUSE_MS: u32 = 400;
/// How long nothing has to happen before the rows are analysed, in milliseconds.
const QUIET_MS: u32 = 200;

/// One history, running. It outlives its view: an element that is taken out of the page and put back goes on.
pub struct HistoryStore {
    session: RefCell<HistorySession>,
    link: Link,
    effects: Queue<Effect>,
    /// Whether somebody asks for a fresh answer.
    bidden: Cell<bool>,
    /// The page is still to be told of the rows that came with this request,
    untold: RefCell<Option<(Ticket, Timer)>>,
    /// and of the state that they brought about.
    untold_state: Cell<Option<State>>,
    pause: RefCell<Option<Timer>>,
    analysis: RefCell<Option<Timer>>,
    file: RefCell<Option<Writer>>,
    /// The file that was written last, while the browser may still need it.
    saved: RefCell<Option<(Saved, Timer)>>,
    /// The row that the keyboard is at, by its place.
    pub(super) active: Cell<usize>,
    /// How far the table is scrolled, in pixels.
    pub(super) scrolled: Cell<i32>,
    /// Whether the table has to be scrolled to there.
    pub(super) scroll: Cell<bool>,
    /// The row that is to be brought into sight.
    pub(super) show: Cell<Option<usize>>,
}

impl HistoryStore {
    /// A store with nothing asked yet and default settings.
    #[must_use]
    pub fn new(emit: Function) -> Rc<Self> {
        let formats = Rc::new(IntlFormats::new(None));
        let store = Rc::new(Self {
            session: RefCell::new(HistorySession::new(&words::EN, formats, today())),
            link: Link::new(emit),
            effects: Queue::default(),
            bidden: Cell::new(false),
            untold: RefCell::default(),
            untold_state: Cell::default(),
            pause: RefCell::default(),
            analysis: RefCell::default(),
            file: RefCell::default(),
            saved: RefCell::default(),
            active: Cell::new(0),
            scrolled: Cell::new(0),
            scroll: Cell::new(false),
            show: Cell::new(None),
        });
        let reader: Weak<Self> = Rc::downgrade(&store);
        board::watch(reader);
        store
    }

    /// Looks at the session.
    pub fn with<T>(&self, look: impl FnOnce(&HistorySession) -> T) -> T {
        look(&self.session.borrow())
    }

    /// Hands an intent to the session and carries out what follows.
    pub fn dispatch(self: &Rc<Self>, intent: Intent) {
        if !matches!(intent, Intent::Analyse | Intent::Funds(_)) {
            self.tell_rows();
        }
        self.apply(intent);
        self.drain();
    }

    /// Rows up to this place are in sight. Nothing is drawn anew unless that leads to something.
    pub(super) fn see(self: &Rc<Self>, rows: usize) {
        if self.apply(Intent::See(rows)) {
            self.tell_rows();
            self.drain();
        }
    }

    /// Takes over new attributes.
    pub fn configure(self: &Rc<Self>, config: HistoryConfig, unfit: Unfit) {
        if self.with(|session| session.config().connection.locale != config.connection.locale) {
            self.session
                .borrow_mut()
                .set_formats(Rc::new(IntlFormats::new(config.connection.locale.as_deref())));
        }
        self.dispatch(Intent::Configure(config, unfit));
        self.look_for_balance();
    }

    /// Loads again; the promise settles with the first page.
    pub fn refresh(self: &Rc<Self>) -> Promise {
        self.tell_rows();
        let promise = self.link.promise(&mut || {
            self.apply(Intent::Refresh);
            self.with(HistorySession::ticket)
        });
        self.drain();
        promise
    }

    /// What ties it to its page and its view.
    pub(in crate::ui) fn link(&self) -> &Link {
        &self.link
    }

    /// Whether anything has to be done.
    fn apply(&self, intent: Intent) -> bool {
        self.bidden.set(matches!(intent, Intent::Refresh));
        let mut effects = self.session.borrow_mut().apply(intent, today());
        let mut came = false;
        for effect in &effects {
            // There before the first event, whose handler may read it.
            if let Effect::Settle(_, Ok(history)) = effect {
                self.link.set_result(Some(Rc::<History>::clone(history)));
                came = true;
            }
        }
        if came {
            // Of what the rows bring about the page hears with them.
            effects.retain(|effect| match effect {
                Effect::TellState(state) => {
                    self.untold_state.set(Some(*state));
                    false
                }
                _ => true,
            });
        }
        // Nothing of another account's.
        if self.with(|session| session.result().is_none()) {
            self.link.set_result(None);
        }
        let any = !effects.is_empty();
        self.effects.extend(effects);
        any
    }

    /// Carries out what is to be done.
    fn drain(self: &Rc<Self>) {
        if self.effects.run(|effect| self.carry_out(effect)) {
            self.link.redraw();
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        let link = &self.link;
        match effect {
            Effect::Send(ticket, request) => self.send(ticket, request),
            Effect::Abort => link.abort(),
            Effect::Pause => {
                self.pause.replace(Some(self.later(PAUSE_MS, |store| store.dispatch(Intent::Paused))));
            }
            Effect::EndPause => drop(self.pause.take()),
            Effect::Analyse { quiet } => {
                let pause = if quiet { QUIET_MS } else { 0 };
                self.analysis.replace(Some(self.later(pause, |store| store.dispatch(Intent::Analyse))));
            }
            Effect::Write(file) => self.write(file),
            Effect::StopWriting => drop(self.file.take()),
            Effect::Show(place) => self.show.set(Some(place)),
            Effect::Top => {
                self.active.set(0);
                self.scrolled.set(0);
                self.scroll.set(true);
                self.show.set(None);
            }
            Effect::Shift(rows) => {
                if self.active.get() > 0 {
                    self.active.set(self.active.get().saturating_add(rows));
                }
            }
            Effect::Settle(ticket, Ok(_)) => {
                self.untold.replace(Some((ticket, self.later(0, Self::tell_rows))));
            }
            Effect::Settle(ticket, Err(error)) => link.settle(ticket, Some(&error)),
            // With the promise, which is settled right after.
            Effect::TellHistory => {}
            Effect::TellError(error) => link.tell_error(&error),
            Effect::TellState(state) => link.tell_state(state),
        }
    }

    /// Tells the page of the rows that came last, in a task after the one that shows them: making a thousand objects of them
    /// takes as long as drawing them. Whatever the page hears of next comes after that.
    fn tell_rows(self: &Rc<Self>) {
        let Some((ticket, _)) = self.untold.take() else { return };
        if let Some(state) = self.untold_state.take() {
            self.link.tell_state(state);
        }
        self.link.tell("cert-history", &self.link.result());
        self.link.settle(ticket, None);
    }

    /// Does something later, if the store is still there.
    fn later(self: &Rc<Self>, milliseconds: u32, act: fn(&Rc<Self>)) -> Timer {
        let store = Rc::downgrade(self);
        Timer::new(milliseconds, move || {
            if let Some(store) = store.upgrade() {
                act(&store);
            }
        })
    }

    fn send(self: &Rc<Self>, ticket: Ticket, request: BalanceHistory) {
        let client = self.with(|session| self.link.client(&session.config().connection, session.words()));
        let store = Rc::clone(self);
        let answered = move |answer| store.dispatch(Intent::Answered(ticket, answer));
        let request = Request { fresh: self.bidden.take(), ..request.request() };
        self.link.ask(client, NAME, request, Box::new(answered));
        // The browser reads the language's rules and compiles functions at their first use, which is better done while the answer
        // is on its way.
        self.with(HistorySession::warm_up);
    }

    /// Writes the file, some rows in each task.
    fn write(self: &Rc<Self>, file: FileKind) {
        let rows = self.with(|session| session.shown().rows().to_vec());
        self.write_on(Writer::new(file, rows));
    }

    fn write_on(self: &Rc<Self>, mut writer: Writer) {
        writer.wait(self.later(0, Self::write_some));
        self.file.replace(Some(writer));
    }

    fn write_some(self: &Rc<Self>) {
        let Some(mut writer) = self.file.take() else { return };
        if !writer.step(self.session.borrow().ledger()) {
            return self.write_on(writer);
        }
        let forget = self.later(KEPT_MS, |store| drop(store.saved.take()));
        self.saved.replace(writer.save(today()).map(|saved| (saved, forget)));
        self.dispatch(Intent::Exported);
    }

    /// Takes over what another element of the page shows of the same account.
    fn look_for_balance(self: &Rc<Self>) {
        let account = self.with(|session| {
            let config = session.config();
            Some(Account::new(&config.connection.proxy, config.container.clone()?))
        });
        let balance = account.and_then(|account| board::find(&account));
        self.dispatch(Intent::Funds(balance.as_deref().and_then(funds)));
    }
}

impl board::Reader for HistoryStore {
    fn balances_changed(self: Rc<Self>) {
        self.look_for_balance();
    }
}

/// What can be spent, where the balance says so.
fn funds(balance: &Balance) -> Option<(Option<Amount>, String)> {
    let available = if balance.unlimited { None } else { Some(balance.available?) };
    Some((available, balance.currency.clone()))
}
