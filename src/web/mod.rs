//! The browser's side of the library.

pub mod gloo;
