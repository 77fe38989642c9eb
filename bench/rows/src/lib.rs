//! The widget's reading and sorting of rows, compiled as the widget is, for `bench/history.mjs` to call: exports that
//! the widget itself does without.

use std::cell::RefCell;

use certquote_core::ledger::sort::{self, Column};
use certquote_core::ledger::{Ledger, RowId};
use certquote_core::row::decode_rows;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

thread_local! {
    static BODY: RefCell<Vec<u8>> = RefCell::default();
    static LEDGER: RefCell<Ledger> = RefCell::default();
}

/// Makes room for an answer of so many bytes, and tells where.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    BODY.with_borrow_mut(|body| {
        *body = vec![0; bytes];
        body.as_mut_ptr()
    })
}

/// Reads the answer and keeps nothing: how many amounts were in it.
#[unsafe(no_mangle)]
pub extern "C" fn decode() -> usize {
    let mut amounts = 0;
    let page = BODY.with_borrow(|body| {
        decode_rows(body, &mut |row| amounts += usize::from(row.signed_amount().is_some())).is_ok()
    });
    if page { amounts } else { 0 }
}

/// Reads the answer into the ledger: how many rows are there now.
#[unsafe(no_mangle)]
pub extern "C" fn load() -> usize {
    LEDGER.with_borrow_mut(|ledger| {
        let page = BODY.with_borrow(|body| {
            decode_rows(body, &mut |row| {
                ledger.push(&row);
            })
            .is_ok()
        });
        if page { ledger.len() } else { 0 }
    })
}

/// Forgets all rows.
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    LEDGER.take();
}

/// Sorts all rows by amount: the number of the first.
#[unsafe(no_mangle)]
pub extern "C" fn sort_by_amount() -> RowId {
    LEDGER.with_borrow(|ledger| {
        let mut rows: Vec<RowId> = (0..RowId::try_from(ledger.len()).unwrap_or_default()).collect();
        sort::by(ledger, &mut rows, Column::Amount, false);
        rows.first().copied().unwrap_or_default()
    })
}

/// The bytes that the ledger holds on to.
#[unsafe(no_mangle)]
pub extern "C" fn ledger_bytes() -> usize {
    LEDGER.with_borrow(Ledger::memory)
}
