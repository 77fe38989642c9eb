//! What certquote's figures rest on, and where its time goes: a crate of its own, so that a benchmark can be built of it
//! alone.
//!
//! The modules in the order in which the data flows:
//!
//! 1. [`amount`] and [`date`]: exact decimals, days of the calendar;
//! 2. [`json`]: reading JSON leniently where the APIs drift, strictly where money is at stake;
//! 3. [`row`] and [`history`]: an adjustment as it comes, and as the elements hand it out;
//! 4. [`index`]: finding things again;
//! 5. [`ledger`]: a hundred thousand of them in columns, and what can be said of them.

pub mod amount;
pub mod date;
pub mod history;
pub mod index;
pub mod json;
pub mod ledger;
pub mod row;
