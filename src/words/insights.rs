//! Words of the insights view.

/// Words of the insights view.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct InsightWords {
    pub title: &'static str,
}

pub(super) const EN: InsightWords = InsightWords { title: "Insights" };
