//! The custom elements: `store` runs a [session](crate::session), `element` is what the page's script holds, the
//! rest is what the reader sees. For an application in Yew they are components, in [`component`].

mod accept;
mod advice;
mod aside;
mod balance_store;
mod balance_view;
mod board;
mod compare;
pub mod component;
mod editor;
mod el;
mod element;
mod evidence;
mod fold;
mod history;
mod kept;
mod later;
mod link;
mod lists;
mod mount;
mod names;
mod order;
mod panel;
mod part;
mod quote;
mod share;
mod shelf;
mod store;
mod variants;
mod verdict;
mod view;

pub use balance_store::BalanceStore;
pub use component::{
    Accepted, CertBalance, CertBalanceProps, CertHistory, CertHistoryProps, CertQuote, CertQuoteProps,
};
pub use element::{Element, styles};
pub use history::{HistoryStore, Insights};
pub use later::later;
pub use store::Store;
