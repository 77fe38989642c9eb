//! Where the elements of one page meet: a balance that one of them shows is there for the others to compare with.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use web_sys::{Url, window};

use crate::api::NumericId;
use crate::balance::Balance;

/// Whose balance it is: the same proxy (as an absolute address) and container mean the same money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    proxy: String,
    container: Option<NumericId>,
}

impl Account {
    /// `proxy` may be relative to the page, as requests take it.
    pub(super) fn new(proxy: &str, container: Option<NumericId>) -> Self {
        let directory = [proxy, "/"].concat();
        let base = window().and_then(|window| window.document()?.base_uri().ok().flatten());
        let absolute = base.and_then(|base| Url::new_with_base(&directory, &base).ok());
        Self { proxy: absolute.map_or(directory, |url| url.href()), container }
    }

    /// A name for it, another for every other account.
    pub(super) fn name(&self) -> String {
        // An address has no blanks.
        let container = self.container.as_ref().map(NumericId::to_string).unwrap_or_default();
        [&self.proxy, " ", &*container].concat()
    }
}

/// Somebody who wants to know of balances.
pub(super) trait Reader {
    /// Some balance came, changed or went.
    fn balances_changed(self: Rc<Self>);
}

/// One element's entry, gone when it is dropped.
pub(super) struct Entry(u32);

#[derive(Default)]
struct Board {
    last: u32,
    pinned: Vec<(u32, Account, Rc<Balance>)>,
    readers: Vec<Weak<dyn Reader>>,
}

thread_local! {
    static BOARD: RefCell<Board> = RefCell::default();
}

/// Shows a balance to the page's other elements for as long as the entry lives.
pub(super) fn pin(account: Account, balance: Rc<Balance>) -> Entry {
    let entry = BOARD.with_borrow_mut(|board| {
        board.last = board.last.wrapping_add(1);
        board.pinned.push((board.last, account, balance));
        board.last
    });
    tell();
    Entry(entry)
}

impl Drop for Entry {
    fn drop(&mut self) {
        BOARD.with_borrow_mut(|board| board.pinned.retain(|(entry, ..)| *entry != self.0));
        tell();
    }
}

/// The latest balance of an account that an element of this page shows.
pub(super) fn find(account: &Account) -> Option<Rc<Balance>> {
    BOARD.with_borrow(|board| {
        let mut found = board.pinned.iter().rev().filter(|(_, of, _)| of == account);
        found.next().map(|(.., balance)| Rc::clone(balance))
    })
}

/// Tells `reader` of every change for as long as it lives.
pub(super) fn watch(reader: Weak<dyn Reader>) {
    BOARD.with_borrow_mut(|board| {
        board.readers.retain(|reader| reader.strong_count() > 0);
        board.readers.push(reader);
    });
}

fn tell() {
    let readers = BOARD.with_borrow(|board| board.readers.clone());
    for reader in readers.iter().filter_map(Weak::upgrade) {
        reader.balances_changed();
    }
}
