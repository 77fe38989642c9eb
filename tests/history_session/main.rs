//! The history over time: pages come one after the other, nothing is lost or shown twice, and what is loaded stays.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here is a failed test"
)]

mod paging;
mod played;
mod queries;
