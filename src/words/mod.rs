//! Every word that reaches a screen.

pub mod errors;
