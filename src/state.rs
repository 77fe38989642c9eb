//! What the elements' sessions share: the states that the contract names, and the numbers of requests.

/// The state of an element, as the contract names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing asked yet.
    Idle,
    /// An answer is awaited.
    Loading,
    /// The figures fit the present input.
    Ready,
    /// Old figures: the input is newer, or a new request failed.
    Stale,
    /// The API could not determine a price.
    Unknown,
    /// No figures at all, and an error.
    Error,
}

impl State {
    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::Error => "error",
        }
    }
}

/// The number of a request; a later one has a higher number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u32);

impl Ticket {
    /// Before the first request.
    pub const NONE: Self = Self(0);

    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}
