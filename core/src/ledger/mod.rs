//! The adjustments of one account, a hundred thousand of them if need be, and what can be said of them.
//!
//! A [`Ledger`] keeps the rows in columns, in the order in which they came, and hands each out as an [`Entry`]. Everything
//! else works on lists of row numbers: [`sort`] puts them in an order, [`order`] in that of time, [`check`] follows the
//! balance from row to row, [`totals`] sums up, [`series`] draws the balance as a line of few points, [`lots`] tells which
//! deposits still hold money, [`runway`] how long it lasts. [`kinds`] are the documented
//! types. Amounts of different currencies are never summed. The computations are exact in 64 bits; an amount of 2^59 and
//! more by all its digits (5.7 × 10^15 with two after the mark) is none that they take: they have it for unclear, like one
//! that is missing, while an [`Entry`] and the files keep its digits.

pub mod check;
pub mod columns;
pub mod entry;
pub mod kinds;
pub mod lots;
pub mod order;
mod pack;
pub mod runway;
pub mod series;
pub mod sort;
pub mod time;
pub mod totals;
mod walk;

pub use columns::{Ledger, RowId};
pub use entry::{Change, Entry, Pushed};
pub use time::Moment;
