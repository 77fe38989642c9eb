//! Accepting a quote: what stands beside the button.

/// Words about accepting a quote.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct AcceptWords {
    pub before_tax: &'static str,
    pub checking: &'static str,
    pub accepted: &'static str,
    pub no_price: &'static str,
    pub loading: &'static str,
    pub stale: &'static str,
    pub failed: &'static str,
    pub unknown: &'static str,
    pub rose: &'static str,
    pub fell: &'static str,
    pub differs: &'static str,
    pub lines_differ: &'static str,
    pub not_accepted: &'static str,
}

pub(super) const EN: AcceptWords = AcceptWords {
    before_tax: "You accept a total before tax; the tax is added when the order is placed.",
    checking: "Checking that the price still holds…",
    accepted: "Accepted at this price.",
    no_price: "There is no price to accept yet.",
    loading: "Getting the price…",
    stale: "This price is for another order.",
    failed: "The price could not be confirmed, so it cannot be accepted.",
    unknown: "An unknown price cannot be accepted.",
    rose: "The price rose by {by}: it was {before}, now it is {now}.",
    fell: "The price fell by {by}: it was {before}, now it is {now}.",
    differs: "The price changed: it was {before}, now it is {now}.",
    lines_differ: "The total is still {now}, but the lines that make it up changed.",
    not_accepted: "Nothing was accepted. Press the button again to accept the new price.",
};
