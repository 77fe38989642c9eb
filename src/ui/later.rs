//! The half of the wasm that is loaded when somebody turns to the form: the names one by one and their advice, the comparison,
//! kept quotes, and what lies behind a price.
//!
//! The build makes the cut, along the functions that `xtask/src/cut.rs` names (each is `#[inline(never)]`): whoever calls one
//! of them asks first whether the half [is here](is_here). Where the wasm is whole, as in an application in Yew, it always is.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// How far it is.
#[derive(Default)]
enum Half {
    #[default]
    Here,
    /// It can be had by calling this.
    Away(Function),
    /// It is on its way.
    Coming,
    /// It did not come, and can be tried again.
    Missing(Function),
}

thread_local! {
    static HALF: RefCell<Half> = RefCell::default();
    /// Who is told when it is here, or did not come.
    static WAITING: RefCell<Vec<Box<dyn FnOnce()>>> = RefCell::default();
}

/// The wasm is in two halves: `load` brings the other one, and promises to be done then.
#[wasm_bindgen]
pub fn later(load: Function) {
    HALF.set(Half::Away(load));
}

/// Whether all is here.
pub(super) fn is_here() -> bool {
    HALF.with_borrow(|half| matches!(half, Half::Here))
}

/// Whether the last try failed.
pub(super) fn is_missing() -> bool {
    HALF.with_borrow(|half| matches!(half, Half::Missing(_)))
}

/// Has it brought, and calls `then` when it is here or did not come.
pub(super) fn want(then: Box<dyn FnOnce()>) {
    WAITING.with_borrow_mut(|waiting| waiting.push(then));
    match HALF.take() {
        Half::Here => tell(),
        Half::Coming => HALF.set(Half::Coming),
        Half::Away(load) | Half::Missing(load) => {
            HALF.set(Half::Coming);
            spawn_local(async move {
                let came = match load.call0(&JsValue::UNDEFINED) {
                    Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await,
                    Err(error) => Err(error),
                };
                HALF.set(match came {
                    Ok(_) => Half::Here,
                    Err(_) => Half::Missing(load),
                });
                tell();
            });
        }
    }
}

/// Has it brought, and calls `then` once it is here, be it at a later try.
pub(super) fn when_here(then: Box<dyn FnOnce()>) {
    want(Box::new(move || wait(then)));
}

fn wait(then: Box<dyn FnOnce()>) {
    if is_here() {
        then();
    } else {
        WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(move || wait(then))));
    }
}

fn tell() {
    for then in WAITING.take() {
        then();
    }
}
