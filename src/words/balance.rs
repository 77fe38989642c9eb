//! Words of the balance view.

use super::{Formats, Plural, fill};
use crate::amount::Amount;
use crate::balance::BalanceSource;
use crate::config::Subject;
use crate::low::Level;

/// Words of the balance view.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct BalanceWords {
    pub title: &'static str,
    pub account: &'static str,
    pub division: &'static str,
    pub subaccount: &'static str,
    pub frontier: &'static str,
    pub available: &'static str,
    pub unlimited: &'static str,
    pub loading: &'static str,
    pub refresh: &'static str,
    pub none: &'static str,
    pub balance: &'static str,
    pub credit_limit: &'static str,
    pub no_limit: &'static str,
    pub unpaid: &'static str,
    pub other_divisions: &'static str,
    pub sum: &'static str,
    pub stated: &'static str,
    pub stated_more: &'static str,
    pub stated_less: &'static str,
    pub not_stated: &'static str,
    pub plus: &'static str,
    pub minus: &'static str,
    pub equals: &'static str,
    pub overdrawn: &'static str,
    pub credits: Plural,
    pub with_currency: &'static str,
    pub low: &'static str,
    pub approaching: &'static str,
    pub ok: &'static str,
    pub ok_unlimited: &'static str,
    pub updated_at: &'static str,
    pub fetched_at: &'static str,
    pub stale: &'static str,
    pub age_now: &'static str,
    pub age_minutes: Plural,
    pub age_hours: Plural,
    pub age_days: Plural,
    pub stale_title: &'static str,
    pub error_title: &'static str,
    pub announce_available: &'static str,
    pub announce_balance: &'static str,
    pub announce_unlimited: &'static str,
}

impl BalanceWords {
    /// Whose balance it is: `Division 1234`.
    #[must_use]
    pub fn subject(&self, source: BalanceSource, subject: Option<&Subject>) -> String {
        match subject {
            Some(Subject::Account(Some(id))) => fill(self.division, &[("id", &id.to_string())]),
            Some(Subject::Subaccount(id)) => fill(self.subaccount, &[("id", &id.to_string())]),
            Some(Subject::Account(None) | Subject::Frontier { .. }) | None => match source {
                BalanceSource::Account => self.account.to_owned(),
                BalanceSource::Subaccount => fill(self.subaccount, &[("id", "")]).trim_end().to_owned(),
                BalanceSource::Frontier => self.frontier.to_owned(),
            },
        }
    }

    /// An amount of money, or of Frontier's virtual credits, whose code `VC` is no currency: `1,200 credits`.
    #[must_use]
    pub fn amount(&self, amount: Amount, currency: &str, formats: &dyn Formats) -> String {
        if !currency.eq_ignore_ascii_case("VC") {
            return formats.money(amount, currency);
        }
        let one = amount.abs().to_string().parse().is_ok_and(|count| formats.is_one(count));
        let template = if one { self.credits.one } else { self.credits.other };
        fill(template, &[("count", &formats.money(amount, ""))])
    }

    /// As [`amount`](Self::amount), with the code of the currency where the symbol alone may be another's.
    #[must_use]
    pub fn amount_in_full(&self, amount: Amount, currency: &str, formats: &dyn Formats) -> String {
        let text = self.amount(amount, currency, formats);
        match currency_beside(&text, currency) {
            Some(code) => fill(self.with_currency, &[("amount", &text), ("currency", &code)]),
            None => text,
        }
    }

    /// How the balance stands to the threshold.
    #[must_use]
    pub fn level(&self, level: Level, threshold: &str) -> String {
        let template = match level {
            Level::Ok => self.ok,
            Level::Approaching => self.approaching,
            Level::Low => self.low,
        };
        fill(template, &[("threshold", threshold)])
    }

    /// How old something is.
    #[must_use]
    pub fn age(&self, minutes: u64, formats: &dyn Formats) -> String {
        let (plural, count) = match minutes {
            0 => return self.age_now.to_owned(),
            1..=119 => (self.age_minutes, minutes),
            120..=2879 => (self.age_hours, minutes / 60),
            _ => (self.age_days, minutes / 1440),
        };
        super::count(plural, usize::try_from(count).unwrap_or(usize::MAX), formats)
    }
}

/// The code of the currency, where the amount as it is written does not hold it already.
#[must_use]
pub fn currency_beside(amount: &str, currency: &str) -> Option<String> {
    let code = currency.to_ascii_uppercase();
    let said = code == "VC" || amount.starts_with(&code) || amount.ends_with(&code);
    (!said).then_some(code)
}

pub(super) const EN: BalanceWords = BalanceWords {
    title: "Balance",
    account: "DigiCert account",
    division: "DigiCert division {id}",
    subaccount: "DigiCert subaccount {id}",
    frontier: "Frontier credits",
    available: "Available funds",
    unlimited: "Unlimited credit",
    loading: "Loading…",
    refresh: "Refresh",
    none: "Not available",
    balance: "Balance",
    credit_limit: "Credit limit",
    no_limit: "Unlimited",
    unpaid: "Unpaid invoices",
    other_divisions: "Used by other divisions",
    sum: "Sum of the parts",
    stated: "Available, as DigiCert states it",
    stated_more: "{amount} more than the parts add up to",
    stated_less: "{amount} less than the parts add up to",
    not_stated: "Not stated by DigiCert: {names}.",
    plus: "plus",
    minus: "minus",
    equals: "equals",
    overdrawn: "Overdrawn by {amount}",
    credits: Plural { one: "{count} credit", other: "{count} credits" },
    with_currency: "{amount} {currency}",
    low: "Low balance: at or below the threshold of {threshold}.",
    approaching: "Getting low: not far above the threshold of {threshold}.",
    ok: "Well above the threshold of {threshold}.",
    ok_unlimited: "Not low: the credit has no limit.",
    updated_at: "Updated {moment}.",
    fetched_at: "As of {moment} (fetched).",
    stale: "Balance of {moment}, {age}. It may be another by now.",
    age_now: "less than a minute ago",
    age_minutes: Plural { one: "{count} minute ago", other: "{count} minutes ago" },
    age_hours: Plural { one: "{count} hour ago", other: "{count} hours ago" },
    age_days: Plural { one: "{count} day ago", other: "{count} days ago" },
    stale_title: "Not refreshed",
    error_title: "No balance right now",
    announce_available: "Available funds {amount}.",
    announce_balance: "Balance {amount}.",
    announce_unlimited: "Unlimited credit, balance {amount}.",
};
