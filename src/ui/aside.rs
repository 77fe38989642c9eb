//! Prices asked for beside the one that is shown: the variants of a comparison, and orders as they would be with a piece of
//! advice. One request at a time, and none while the form's own is under way; an answer is kept by its input.

use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;

use super::later;
use super::link::Asking;
use super::store::Store;
use super::view::Scene;
use crate::api::Endpoint;
use crate::api::order_pricing::{NAME, OrderPricing};
use crate::comparison::{Answer, Comparison, MAX_VARIANTS, pause_ms};
use crate::draft::Draft;
use crate::error::CertError;
use crate::quote::Quote;
use crate::state::{State, Ticket};
use crate::web::clock;
use crate::web::timer::Timer;

/// For how many seconds an answer is good enough for whoever asks again.
pub(super) const FRESH_S: u32 = 600;

/// What prices are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The comparison's variants.
    Comparing = 0,
    /// Orders as they would be otherwise: advice, a renewal without its credit.
    Advising = 1,
}

/// The orders that are asked for, and where the requests go out.
pub(super) struct Aside {
    orders: [RefCell<Comparison>; 2],
    asking: Asking,
    /// Whom the request under way is for.
    busy: Cell<Option<Purpose>>,
    /// How many milliseconds nothing is asked, and what ends that.
    pause: RefCell<Option<(u32, Timer)>>,
}

impl Aside {
    pub(super) fn new() -> Self {
        Self {
            orders: Default::default(),
            asking: Asking::default(),
            busy: Cell::new(None),
            pause: RefCell::default(),
        }
    }

    fn orders(&self, purpose: Purpose) -> &RefCell<Comparison> {
        let [comparing, advising] = &self.orders;
        if purpose == Purpose::Comparing { comparing } else { advising }
    }

    /// Remembers the price of an order. Where that has moved, what else is known is as old as the price before: what is compared
    /// is asked for anew, and advice when somebody wants it again.
    #[inline(never)]
    pub(super) fn know(&self, quote: &Rc<Quote>) {
        for purpose in [Purpose::Comparing, Purpose::Advising] {
            let mut orders = self.orders(purpose).borrow_mut();
            if !orders.know(Rc::clone(quote)) {
                continue;
            }
            if purpose == Purpose::Advising && orders.clear() {
                self.give_up(purpose);
            }
            orders.forget();
            orders.know(Rc::clone(quote));
        }
    }

    /// Ends the pause: a request has been answered meanwhile.
    pub(super) fn go_on(&self) {
        self.pause.take();
    }

    /// Calls off the request under way, if it is for this purpose.
    fn give_up(&self, purpose: Purpose) {
        if self.busy.get() == Some(purpose) {
            self.busy.set(None);
            self.asking.abort();
        }
    }

    /// Lets another request go first: what was being asked waits for its turn again.
    pub(super) fn yield_turn(&self) {
        for purpose in [Purpose::Comparing, Purpose::Advising] {
            if self.orders(purpose).borrow_mut().yield_turn() {
                self.give_up(purpose);
            }
        }
    }

    /// Asks for nothing more and forgets what is known, as prices of another account or proxy.
    pub(super) fn reset(&self) {
        self.yield_turn();
        self.pause.take();
        for orders in &self.orders {
            orders.take();
        }
    }
}

/// What is said of a price that is still to come.
pub(super) fn asking(scene: &Scene<'_>, says: &'static str) -> String {
    let held = scene.store.held_s();
    held.map_or_else(|| says.to_owned(), |seconds| scene.count(scene.words().compare.paused, seconds))
}

impl Store {
    /// Asks for nothing beside the form for as long as a failure wants.
    pub(super) fn hold(self: &Rc<Self>, error: &CertError) {
        let Some(pause) = pause_ms(error) else { return };
        let store = Rc::downgrade(self);
        let end = Timer::new(pause, move || {
            if let Some(store) = store.upgrade() {
                store.aside().pause.take();
                if later::is_here() {
                    store.ask_aside();
                }
                store.link().redraw();
            }
        });
        self.aside().pause.replace(Some((pause, end)));
    }

    /// For how many seconds nothing is asked, if so.
    pub(super) fn held_s(&self) -> Option<usize> {
        let pause = self.aside().pause.borrow();
        pause.as_ref().and_then(|(pause, _)| usize::try_from(pause.div_ceil(1000)).ok())
    }

    /// Asks for the prices of orders, unless they are known.
    pub(super) fn ask_prices(self: &Rc<Self>, drafts: Vec<Draft>) {
        self.change_orders(Purpose::Advising, |mut orders| {
            orders.forget_before(&clock::ago(Some(FRESH_S)));
            let full = orders.variants().len() + drafts.len() > MAX_VARIANTS;
            let gives_up = full && orders.clear();
            for draft in drafts {
                let known = matches!(orders.answer(&draft), Some(Answer::Quote(quote)) if !quote.unknown);
                // There is room, and one that is there is asked for again below.
                let _ = if known { Ok(0) } else { orders.add(draft) };
            }
            orders.resume();
            gives_up
        });
    }

    /// Looks at the orders that are asked for.
    pub(super) fn orders<T>(&self, purpose: Purpose, look: impl FnOnce(&Comparison) -> T) -> T {
        look(&self.aside().orders(purpose).borrow())
    }

    /// Changes the orders that are asked for, and asks on. `change` says whether the request under way can be given up.
    pub(super) fn change_orders(
        self: &Rc<Self>,
        purpose: Purpose,
        change: impl FnOnce(RefMut<'_, Comparison>) -> bool,
    ) {
        let gives_up = change(self.aside().orders(purpose).borrow_mut());
        self.orders_changed(purpose, gives_up);
    }

    fn orders_changed(self: &Rc<Self>, purpose: Purpose, gives_up: bool) {
        if gives_up {
            self.aside().give_up(purpose);
        }
        self.ask_aside();
        self.link().redraw();
    }

    /// Asks for the next price, if there is one to ask for and nothing is under way.
    #[inline(never)]
    pub(super) fn ask_aside(self: &Rc<Self>) {
        let aside = self.aside();
        if aside.busy.get().is_some()
            || aside.pause.borrow().is_some()
            || self.with(|session| session.state() == State::Loading || !session.is_attached())
        {
            return;
        }
        for purpose in [Purpose::Comparing, Purpose::Advising] {
            let next = aside.orders(purpose).borrow_mut().next();
            if let Some((ticket, draft)) = next {
                aside.busy.set(Some(purpose));
                return self.send_aside(purpose, ticket, draft);
            }
        }
    }

    fn send_aside(self: &Rc<Self>, purpose: Purpose, ticket: Ticket, draft: Draft) {
        let client = self.client();
        let (store, request) = (Rc::clone(self), OrderPricing { draft: &draft }.request());
        let answered = move |answer| {
            // Another order's price is not guessed from an older one.
            let quote = match store.behind(&answer) {
                Some(error) => Err(error),
                None => store.read(draft, answer).map(Rc::new),
            };
            store.aside().busy.set(None);
            match &quote {
                Ok(quote) => store.aside().know(quote),
                Err(error) => store.hold(error),
            }
            store.change_orders(purpose, |mut orders| {
                orders.settle(ticket, quote);
                false
            });
        };
        self.aside().asking.ask(client, NAME, request, Box::new(answered));
    }
}
