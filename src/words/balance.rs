//! Words of the balance view.

/// Words of the balance view.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct BalanceWords {
    pub title: &'static str,
}

pub(super) const EN: BalanceWords = BalanceWords { title: "Balance" };
