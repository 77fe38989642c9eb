//! Words of the history view.

/// Words of the history view.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct HistoryWords {
    pub title: &'static str,
}

pub(super) const EN: HistoryWords = HistoryWords { title: "History" };
