//! Prices asked for beside the one that is shown: the variants of a comparison, and orders as they would be with a piece of
//! advice. One request at a time, and none while the form's own is under way; an answer is kept by its input.

use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;

use super::link::{Asking, today};
use super::store::Store;
use crate::api::Endpoint;
use crate::api::order_pricing::{NAME, OrderPricing};
use crate::comparison::Comparison;
use crate::draft::Draft;
use crate::quote::Quote;
use crate::session::Session;
use crate::state::{State, Ticket};

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
}

impl Aside {
    pub(super) fn new() -> Self {
        let orders = || RefCell::new(Comparison::new(today()));
        Self { orders: [orders(), orders()], asking: Asking::default(), busy: Cell::new(None) }
    }

    fn orders(&self, purpose: Purpose) -> &RefCell<Comparison> {
        let [comparing, advising] = &self.orders;
        if purpose == Purpose::Comparing { comparing } else { advising }
    }

    /// Remembers the price of an order.
    pub(super) fn know(&self, quote: &Rc<Quote>) {
        for orders in &self.orders {
            orders.borrow_mut().know(Rc::clone(quote));
        }
    }

    /// Asks for nothing more and forgets what is known, as prices of another account or proxy.
    pub(super) fn reset(&self) {
        self.stop();
        for orders in &self.orders {
            orders.replace(Comparison::new(today()));
        }
    }

    /// Asks for nothing more.
    pub(super) fn stop(&self) {
        for orders in &self.orders {
            orders.borrow_mut().cancel();
        }
        self.busy.set(None);
        self.asking.abort();
    }
}

impl Store {
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
        if gives_up && self.aside().busy.get() == Some(purpose) {
            self.aside().busy.set(None);
            self.aside().asking.abort();
        }
        self.ask_aside();
        self.link().redraw();
    }

    /// Asks for the next price, if there is one to ask for and nothing is under way.
    pub(super) fn ask_aside(self: &Rc<Self>) {
        let aside = self.aside();
        if aside.busy.get().is_some() || self.with(Session::state) == State::Loading {
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
            if let Ok(quote) = &quote {
                store.aside().know(quote);
            }
            store.change_orders(purpose, |mut orders| {
                orders.settle(ticket, quote);
                false
            });
        };
        self.aside().asking.ask(client, NAME, request, Box::new(answered));
    }
}
