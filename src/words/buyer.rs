//! What a buyer is advised, and what goes to others: advice on names, a quote as text.

/// Words of the advice on names. `{names}` are the names concerned, `{wildcard}` is the wildcard, `{count}` how many they are.
/// What begins with `keep` says why the names may be wanted all the same.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct AdviceWords {
    pub twins: &'static str,
    pub keep_twins: &'static str,
    pub apex: &'static str,
    pub keep_apex: &'static str,
    pub covered: &'static str,
    pub keep_covered: &'static str,
    pub one_wildcard: &'static str,
    pub keep_one_wildcard: &'static str,
    pub deeper: &'static str,
    pub keep_deeper: &'static str,
}

pub(super) const ADVICE: AdviceWords = AdviceWords {
    twins: "Free when listed: {names}. With or without www, one name pays for both.",
    keep_twins: "Leave them out if nothing answers there.",
    apex: "{wildcard} does not cover {names}. Listed beside the wildcard it is free.",
    keep_apex: "Leave it out if nothing answers there.",
    covered: "{wildcard} covers {names} already.",
    keep_covered: "Keep them if a program looks for the exact name, or if the wildcard may go at a renewal. Listed beside it they are free.",
    one_wildcard: "These {count} names or one wildcard: {wildcard} covers {names}.",
    keep_one_wildcard: "Keep the names if not every host of the domain may be covered, if each has its own key, or if a program takes no wildcards.",
    deeper: "{wildcard} does not cover {names}, which count on their own.",
    keep_deeper: "A wildcard stands for one part of a name only: keep them listed.",
};

/// Words of a quote that is handed on as text, beside those of the price panel.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct HandoverWords {
    pub names: &'static str,
    pub addons: &'static str,
    pub renews: &'static str,
    pub contract_price: &'static str,
    pub list_price: &'static str,
    pub tax_of_account: &'static str,
    pub tax_of_address: &'static str,
    pub tax_unknown: &'static str,
}

pub(super) const HANDOVER: HandoverWords = HandoverWords {
    names: "Names",
    addons: "Add-ons",
    renews: "Renews an order valid until {date}",
    contract_price: "Contract price, where the account has a contract",
    list_price: "List price, without the account’s contract",
    tax_of_account: "Tax estimated for the account’s own address",
    tax_of_address: "Tax estimated for the address given",
    tax_unknown: "Tax not available; it is added when the order is placed",
};
