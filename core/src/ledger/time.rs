//! Moments as the API writes them: `YYYY-MM-DD hh:mm:ss`, in a zone that it does not name.

use std::fmt;

use crate::date::Date;

/// A moment without a zone, in seconds since 1970-01-01 00:00:00 of wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// Reads `YYYY-MM-DD hh:mm:ss`; also `YYYY-MM-DD` alone, and a `T` between the two.
    #[must_use]
    pub fn parse(_text: &str) -> Option<Self> {
        None
    }

    /// Its day.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        None
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
