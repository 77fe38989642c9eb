//! Where this browser keeps quotes: a text in its storage for each proxy, container and name that the page gives. Other tabs
//! write it too, so every change starts from what is there.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{Event, Storage, window};

use super::board::Account;
use super::later;
use super::store::Store;
use crate::draft::BillingAddress;
use crate::kept::Kept;
use crate::quote::Quote;

/// Before the account, in the name of what is stored. A later version of the text has another one.
const PREFIX: &str = "certquote.kept.1 ";

/// What was done last, or why it was not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Kept,
    Deleted,
    Restored,
    Added,
    NotAdded,
    Full,
    /// Nothing can be stored, although nothing is.
    Refused,
}

/// The kept quotes as they were last read.
#[derive(Default)]
pub(super) struct Shelf {
    /// The name of what is stored; `None` where nothing is.
    key: RefCell<Option<String>>,
    pub(super) kept: RefCell<Kept>,
    pub(super) blocked: Cell<bool>,
    pub(super) done: Cell<Option<Done>>,
    /// The address that is kept with a quote that has it.
    pub(super) with_address: RefCell<Option<BillingAddress>>,
    pub(super) open: Cell<bool>,
    /// What was deleted last.
    pub(super) deleted: RefCell<Vec<Rc<Quote>>>,
}

thread_local! {
    /// The stores of this page that keep quotes.
    static STORES: RefCell<Vec<Weak<Store>>> = RefCell::default();
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// The browser's storage; `None` where it is blocked.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

impl Shelf {
    /// Whether quotes are kept at all.
    pub(super) fn is_there(&self) -> bool {
        self.key.borrow().is_some()
    }

    /// Whether anything is stored.
    pub(super) fn is_stored(&self) -> bool {
        let key = self.key.borrow();
        let text = key.as_ref().and_then(|key| storage()?.get_item(key).ok()?);
        text.is_some()
    }

    /// Takes in what is stored.
    fn read(&self) {
        let key = self.key.borrow();
        let Some(key) = &*key else { return };
        let text = storage().and_then(|storage| storage.get_item(key).ok());
        self.blocked.set(text.is_none());
        self.kept.replace(text.flatten().map(|text| Kept::read(&text)).unwrap_or_default());
    }

    /// Stores what `change` makes of what is stored. Whether it could.
    fn write(&self, change: &mut dyn FnMut(&mut Kept)) -> bool {
        self.read();
        let mut kept = self.kept.borrow().clone();
        change(&mut kept);
        let is_stored = {
            let key = self.key.borrow();
            let (Some(key), Some(storage)) = (&*key, storage()) else { return false };
            if kept.quotes().is_empty() {
                storage.remove_item(key).is_ok()
            } else {
                storage.set_item(key, &kept.to_json()).is_ok()
            }
        };
        self.read();
        is_stored
    }
}

impl Store {
    /// Looks for the quotes of the account that the attributes name.
    pub(super) fn find_shelf(self: &Rc<Self>) {
        let key = self.with(|session| {
            let config = session.config();
            let account = Account::new(&config.connection.proxy, session.container()?.clone());
            Some([PREFIX, &account.name(), " ", config.keep.as_ref()?].concat())
        });
        if *self.shelf.key.borrow() == key {
            return;
        }
        if key.is_some() {
            watch(self);
        }
        self.shelf.key.replace(key);
        self.shelf.done.set(None);
        self.shelf.deleted.take();
        self.shelf.with_address.take();
        self.shelf.kept.take();
        self.read_shelf();
        self.link().redraw();
    }

    /// Takes in what is stored. Who has kept quotes before gets what reads them without asking.
    pub(super) fn read_shelf(self: &Rc<Self>) {
        if later::is_here() {
            self.shelf.read();
        } else if self.shelf.is_stored() {
            self.need();
        }
    }

    /// Changes the kept quotes.
    pub(super) fn change_shelf(&self, done: Done, change: &mut dyn FnMut(&mut Kept)) {
        self.shelf.read();
        let mut deleted = self.shelf.kept.borrow().quotes().to_vec();
        let is_done = self.shelf.write(change);
        let kept = self.shelf.kept.borrow();
        deleted.retain(|quote| is_done && done == Done::Deleted && !kept.quotes().contains(quote));
        self.shelf.deleted.replace(deleted);
        let failed = if kept.quotes().is_empty() { Done::Refused } else { Done::Full };
        drop(kept);
        self.shelf.done.set(Some(if is_done { done } else { failed }));
        tell(self.shelf.key.borrow().as_deref());
    }

    /// Keeps a quote.
    pub(super) fn keep(&self, quote: &Quote) {
        let with_address = *self.shelf.with_address.borrow() == quote.draft.billing_address;
        self.change_shelf(Done::Kept, &mut |kept| kept.keep(quote, with_address));
    }

    /// Puts back what was deleted last.
    pub(super) fn restore(&self) {
        let deleted = self.shelf.deleted.take();
        self.change_shelf(Done::Restored, &mut |kept| kept.restore(&deleted));
    }
}

/// Has the store hear of what is stored by others.
fn watch(store: &Rc<Store>) {
    STORES.with_borrow_mut(|stores| {
        stores.retain(|other| other.strong_count() > 0 && !std::ptr::eq(other.as_ptr(), Rc::as_ptr(store)));
        stores.push(Rc::downgrade(store));
    });
    let Some(window) = window().filter(|_| !LISTENS.replace(true)) else { return };
    let listener = Closure::<dyn Fn(Event)>::new(|event: Event| {
        // None when all is deleted.
        let key = Reflect::get(&event, &"key".into()).ok().and_then(|key| key.as_string());
        tell(key.as_deref());
    });
    // A window takes any listener. There is one for the page, which stays as long as the page.
    let _ = window.add_event_listener_with_callback("storage", listener.as_ref().unchecked_ref());
    listener.forget();
}

/// The stores that show what is stored under `key`, or whatever they show, take it in.
fn tell(key: Option<&str>) {
    let stores = STORES.with_borrow(Clone::clone);
    for store in stores.iter().filter_map(Weak::upgrade) {
        let concerned = {
            let own = store.shelf.key.borrow();
            own.is_some() && (key.is_none() || own.as_deref() == key)
        };
        if concerned {
            store.read_shelf();
            store.link().redraw();
        }
    }
}
