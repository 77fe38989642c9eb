//! What the length of an order really means: what a year of it costs, and how often its certificate has to be issued anew on
//! the way.
//!
//! An order runs longer than any certificate of it may live. What the limits are, and from which day on, stands in
//! [`validity`]; here they are laid along an order. Nothing is said of money that the API did not say: what a
//! renewal is credited with is the difference of two estimates, because no rule for it is published.

use std::cmp::Ordering;

use crate::amount::Amount;
use crate::comparison::is_same_order;
use crate::date::Date;
use crate::difference;
use crate::draft::{Draft, OrderValidity};
use crate::products::{Kind, Product};
use crate::quote::Quote;
use crate::validity::{self, LifeRule, check_order};

/// Whose limits on the life of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// DigiCert's own, a day below those of the Forum.
    DigiCert,
    /// Those that the CA/Browser Forum sets for everybody.
    Forum,
}

/// Public TLS. CA/Browser Forum Baseline Requirements 6.3.2, as of ballot SC-081v3.
static FORUM_TLS: [LifeRule; 4] = [
    LifeRule { from: None, days: 398 },
    LifeRule { from: Date::new(2026, 3, 15), days: 200 },
    LifeRule { from: Date::new(2027, 3, 15), days: 100 },
    LifeRule { from: Date::new(2029, 3, 15), days: 47 },
];

/// The dated limits for a kind, oldest first; empty where none is known to bind.
#[must_use]
pub fn limits(kind: Kind, whose: Limits) -> &'static [LifeRule] {
    match (whose, kind) {
        (Limits::DigiCert, _) => validity::rules(kind),
        (Limits::Forum, Kind::Tls) => &FORUM_TLS,
        (Limits::Forum, _) => &[],
    }
}

/// One certificate of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The day on which it is issued.
    pub issued: Date,
    /// The day on which it ends, and the next one is issued; that of the last one is the end of the order.
    pub ends: Date,
    /// How many days a certificate of that day may live; `None` where nothing limits it.
    pub limit: Option<u32>,
}

/// The certificates that cover an order, if each is issued on the day on which the one before ends and lives as long as it
/// may. All but the first are reissues.
///
/// ```
/// use certquote::products::Kind;
/// use certquote::reissue::{Limits, certificates, limits};
///
/// let days: Vec<_> = certificates("2026-11-21".parse()?, "2027-11-21".parse()?, limits(Kind::Tls, Limits::DigiCert))
///     .iter().map(|certificate| certificate.issued.to_string()).collect();
/// // 199 days, then 99 and 67 more.
/// assert_eq!(days, ["2026-11-21", "2027-06-08", "2027-09-15"]);
/// # Ok::<(), certquote::date::DateError>(())
/// ```
#[must_use]
pub fn certificates(starts: Date, ends: Date, limits: &[LifeRule]) -> Vec<Certificate> {
    let mut certificates = Vec::new();
    let mut issued = starts;
    while issued < ends {
        let limit = limits.iter().rev().find(|rule| rule.from <= Some(issued)).map(|rule| rule.days.max(1));
        let until =
            limit.and_then(|days| issued.plus_days(i32::try_from(days).ok()?)).unwrap_or(ends).min(ends);
        certificates.push(Certificate { issued, ends: until, limit });
        issued = until;
    }
    certificates
}

/// An order's length, looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The day of the order.
    pub starts: Date,
    /// The day on which it ends.
    pub ends: Date,
    /// How many days that are.
    pub days: u32,
    /// The certificates under DigiCert's limits.
    pub certificates: Vec<Certificate>,
    /// How often the certificate has to be reissued under DigiCert's limits.
    pub reissues: u32,
    /// The same under those of the CA/Browser Forum: no CA can do with fewer.
    pub reissues_forum: u32,
}

/// What an order of this length means if it is placed today; `None` if it cannot be.
#[must_use]
pub fn coverage(validity: &OrderValidity, product: &Product, today: Date) -> Option<Coverage> {
    let length = check_order(validity, product, today).ok()?;
    let under = |whose| certificates(today, length.ends, limits(product.kind, whose));
    let reissues =
        |certificates: &[Certificate]| u32::try_from(certificates.len()).unwrap_or(0).saturating_sub(1);
    let certificates = under(Limits::DigiCert);
    Some(Coverage {
        starts: today,
        ends: length.ends,
        days: length.days,
        reissues: reissues(&certificates),
        reissues_forum: reissues(&under(Limits::Forum)),
        certificates,
    })
}

/// What a year of an order costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerYear {
    /// The cost, rounded half away from zero: to the digits of the currency, or those of the total if it has more.
    pub amount: Amount,
    /// Whether nothing had to be rounded.
    pub is_exact: bool,
    /// The cost as a fraction, in units of the last of `scale` decimal places.
    numerator: i128,
    denominator: i128,
    scale: u32,
}

impl PerYear {
    /// Which of two costs is the lower one, by the exact values; `None` beyond the exact range. The currencies are the
    /// caller's to compare.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let side = |this: &Self, that: &Self| {
            shifted(this.numerator.checked_mul(that.denominator)?, that.scale.saturating_sub(this.scale))
        };
        Some(side(self, other)?.cmp(&side(other, self)?))
    }
}

/// What a year costs of an order that runs from `starts` to `ends` for `total`.
///
/// Whole years count as years, whatever leap days are in them, and what is left over as its share of the year that it begins:
/// two years for 700.00 are 350.00 a year, and 199 days for 100.00 are 100.00 × 365 ∕ 199 = 183.42 (183.4170…).
/// `None` for an order without length, or beyond the exact range.
///
/// ```
/// use certquote::amount::Amount;
/// use certquote::reissue::per_year;
///
/// let yearly = per_year(Amount::parse("100.00")?, "USD", "2026-11-21".parse()?, "2027-06-08".parse()?);
/// assert_eq!(yearly.map(|yearly| (yearly.amount.to_string(), yearly.is_exact)), Some(("183.42".to_owned(), false)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn per_year(total: Amount, currency: &str, starts: Date, ends: Date) -> Option<PerYear> {
    let anniversary = |years| starts.plus_years(years);
    let mut years = 0;
    while anniversary(years + 1)? <= ends {
        years += 1;
    }
    let last = anniversary(years)?;
    let rest = i128::from(last.days_until(ends));
    let year = if rest == 0 { 1 } else { i128::from(last.days_until(anniversary(years + 1)?)) };
    let denominator = i128::from(years) * year + rest;
    if rest < 0 || denominator == 0 {
        return None;
    }
    let (units, scale) = total.parts();
    let numerator = units.checked_mul(year)?;
    let digits = fraction_digits(currency).max(scale);
    let exact = shifted(numerator, digits - scale)?;
    // Half away from zero; an odd denominator has no half.
    let half = denominator / 2 * exact.signum();
    let rounded = exact.checked_add(half)? / denominator;
    Some(PerYear {
        amount: Amount::from_parts(rounded, digits)?,
        is_exact: exact % denominator == 0,
        numerator,
        denominator,
        scale,
    })
}

/// `value` with so many zeros behind it.
fn shifted(value: i128, zeros: u32) -> Option<i128> {
    (0..zeros).try_fold(value, |value, _| value.checked_mul(10))
}

/// The digits after the decimal mark, by ISO 4217 for the currencies that have none or three; two for any other.
fn fraction_digits(currency: &str) -> u32 {
    const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
    let is_of = |codes: &str| codes.split(' ').any(|code| code.eq_ignore_ascii_case(currency));
    match () {
        () if is_of(NONE) => 0,
        () if is_of(THREE) => 3,
        () => 2,
    }
}

/// The order as if it renewed none: the estimate of it tells what the renewal is credited with. `None` if it renews none.
#[must_use]
pub fn without_renewal(draft: &Draft) -> Option<Draft> {
    draft.renewal_of_order_valid_till?;
    Some(Draft { renewal_of_order_valid_till: None, ..draft.clone() })
}

/// What the order costs less because it renews another: the difference of two estimates that differ in nothing else. Negative
/// where it costs more; `None` where the two cannot be compared.
#[must_use]
pub fn renewal_credit(renewal: &Quote, without: &Quote) -> Option<Amount> {
    let same = without_renewal(&renewal.draft).is_some_and(|draft| is_same_order(&draft, &without.draft));
    difference::of_totals(renewal, without).filter(|_| same)
}
