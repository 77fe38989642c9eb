//! Quotes certificate orders and reads account balances: the typed client, the pure middle and the custom elements.
//!
//! The modules in the order in which the data flows:
//!
//! 1. [`draft`]: what is to be priced, as plain data, and the rules that say whether it can be sent
//!    ([`names`], [`products`], [`validity`], [`address`], [`date`]);
//! 2. [`api`]: one request and one answer type for each of the five endpoints;
//! 3. [`transport`] and [`client`]: how a request gets out and an answer comes back;
//! 4. [`error`]: what can go wrong, for people and for programs;
//! 5. [`quote`], [`balance`], [`history`]: the answers as the public types of the elements; [`funds`] and [`low`]: what
//!    a balance means for an order, and whether it runs out;
//! 6. [`config`], [`form`], [`problem`], [`session`]: the attributes, the fields, what is wrong with them, and the state of
//!    one quote form as a pure reducer; [`balance_session`]: that of one balance;
//! 7. what a buyer decides by: [`pem`] finds the names of a certificate request, [`advice`] says what could be said of them,
//!    [`comparison`] prices variants, [`difference`] compares two quotes, [`reissue`] tells what an order's length means,
//!    [`evidence`] what a quote rests on; [`fragment`], [`kept`] and [`handover`] carry it into links, storage and text;
//! 8. [`words`]: every word that reaches a screen; [`csv`]: the adjustments as files;
//! 9. `web` and `ui` (features `web` and `ui`): the browser's side and the elements themselves.
//!
//! Without features this is a client library with neither browser nor Yew in its dependencies. Money is
//! [`amount::Amount`] everywhere: exact decimals, digits as the API wrote them.

pub mod address;
pub mod advice;
pub mod analysis;
pub mod api;
pub mod balance;
pub mod balance_session;
pub mod client;
pub mod comparison;
pub mod config;
pub mod csv;
pub mod difference;
pub mod draft;
pub mod error;
pub mod evidence;
mod find;
pub mod form;
pub mod fragment;
pub mod funds;
pub mod handover;
pub mod history_session;
pub mod json;
pub mod kept;
pub mod low;
pub mod names;
pub mod pem;
pub mod problem;
pub mod products;
mod public;
pub mod quote;
pub mod reissue;
pub mod session;
pub mod state;
pub mod transport;
pub mod validity;
pub mod variants;
pub mod words;

pub use certquote_core::{amount, date, history, ledger};

#[cfg(feature = "ui")]
pub mod ui;
#[cfg(feature = "web")]
pub mod web;
