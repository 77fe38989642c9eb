//! How long an order may run, and how long each certificate of it may live, from dated rules.
//!
//! The two differ: an order of one year covers several certificates, each reissued free of charge before the last one ends.
//! Today is always a parameter; there is no clock here.

use crate::date::Date;
use crate::draft::OrderValidity;
use crate::products::{Kind, Product};

/// From a day on, certificates of a kind live at most so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeRule {
    /// First day of issue that the rule binds; `None` in the first row of a table.
    pub from: Option<Date>,
    /// The longest life of a certificate, in days.
    pub days: u32,
}

const fn rule(year: u16, month: u8, day: u8, days: u32) -> LifeRule {
    LifeRule { from: Date::new(year, month, day), days }
}

/// Public TLS. CA/Browser Forum ballot SC-081v3 (Baseline Requirements 6.3.2): 398 days, 200 from 2026-03-15, 100 from
/// 2027-03-15, 47 from 2029-03-15. DigiCert stays a day below each.
static TLS: [LifeRule; 4] = [
    // "End of 397-day public TLS certificates" (docs.digicert.com): 397 until then, 199 from 24 February 2026.
    LifeRule { from: None, days: 397 },
    rule(2026, 2, 24, 199),
    // Reported by others only; the ballot's day and its 100 less one.
    rule(2027, 3, 15, 99),
    // "By 2029 … 46 days" ("Order DV SSL", dev.digicert.com), on the ballot's day.
    rule(2029, 3, 15, 46),
];

/// Code signing. CA/Browser Forum Code Signing Baseline Requirements 6.3.2: 39 months, 460 days from 2026-03-01. DigiCert sold
/// up to 3 years, and 459 days from 24 February 2026 ("End of 2- and 3-year code signing certificates", docs.digicert.com).
static CODE_SIGNING: [LifeRule; 2] = [LifeRule { from: None, days: 1095 }, rule(2026, 2, 24, 459)];

/// The dated rules for a kind, oldest first; empty where none binds (a private CA, S/MIME, documents, marks).
#[must_use]
pub fn rules(kind: Kind) -> &'static [LifeRule] {
    match kind {
        Kind::Tls => &TLS,
        Kind::CodeSigning => &CODE_SIGNING,
        Kind::PrivateTls | Kind::SecureEmail | Kind::DocumentSigning | Kind::Mark | Kind::Unlisted => &[],
    }
}

/// The longest life, in days, of a certificate issued on `day`; `None` where no rule is known to bind.
///
/// ```
/// use certquote::products::Kind;
/// use certquote::validity::certificate_life;
///
/// assert_eq!(certificate_life(Kind::Tls, "2026-11-21".parse()?), Some(199));
/// assert_eq!(certificate_life(Kind::PrivateTls, "2026-11-21".parse()?), None);
/// # Ok::<(), certquote::date::DateError>(())
/// ```
#[must_use]
pub fn certificate_life(kind: Kind, day: Date) -> Option<u32> {
    rules(kind).iter().rev().find(|rule| rule.from <= Some(day)).map(|rule| rule.days)
}

/// The first rule for a kind that comes into force after `day`.
#[must_use]
pub fn next_change(kind: Kind, day: Date) -> Option<LifeRule> {
    rules(kind).iter().find(|rule| rule.from > Some(day)).copied()
}

/// How often the certificate of an order must be reissued for the order to be covered to its end, if every certificate is
/// issued on the day on which the one before ends and lives as long as the rules of that day allow.
///
/// ```
/// use certquote::products::Kind;
/// use certquote::validity::reissues;
///
/// // 199 days, then 166 more.
/// assert_eq!(reissues(365, Kind::Tls, "2026-03-01".parse()?), 1);
/// # Ok::<(), certquote::date::DateError>(())
/// ```
#[must_use]
pub fn reissues(order_days: u32, kind: Kind, today: Date) -> u32 {
    let mut covered = 0_u32;
    let mut certificates = 0_u32;
    let mut day = Some(today);
    while covered < order_days {
        let Some(life) = day.and_then(|day| certificate_life(kind, day)) else { break };
        if day.and_then(|day| next_change(kind, day)).is_none() {
            certificates += (order_days - covered).div_ceil(life);
            break;
        }
        certificates += 1;
        covered = covered.saturating_add(life);
        day = day.and_then(|day| day.plus_days(i32::try_from(life).ok()?));
    }
    certificates.saturating_sub(1)
}

/// An order's length that can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderLength {
    /// From today to the end, in days.
    pub days: u32,
    /// The day on which the order ends.
    pub ends: Date,
    /// Only accounts with a multi-year plan can place such an order: public TLS beyond one year ("DigiCert annual plans").
    pub needs_multi_year_plan: bool,
}

/// Why an order's length cannot be sent. Bounds are the ones that would be accepted, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidityProblem {
    /// Fewer than one year, or more than the product allows.
    Years {
        /// The most years.
        max: u32,
    },
    /// Fewer than one day, or more than the product allows.
    Days {
        /// The most days.
        max: u32,
    },
    /// The date is today or past.
    DateNotAfterToday {
        /// The first day possible.
        earliest: Date,
    },
    /// The date lies beyond the product's longest order.
    DateTooLate {
        /// The last day possible.
        latest: Date,
    },
}

/// The last day on which an order of the product, placed today, may end. `None` only at the end of the calendar (year 9999).
///
/// A product sold for one year whose certificates may live longer (code signing: 459 days) may be ordered for that long, by
/// days or date.
#[must_use]
pub fn latest_end(product: &Product, today: Date) -> Option<Date> {
    let by_years = today.plus_years(product.max_years)?;
    let by_life = certificate_life(product.kind, today)
        .and_then(|life| today.plus_days(i32::try_from(life).ok()?))
        .unwrap_or(by_years);
    Some(by_years.max(by_life))
}

/// Checks an order's length against what the product allows today.
///
/// ```
/// use certquote::{draft::OrderValidity, products::Product, validity::{ValidityProblem, check_order}};
///
/// let (today, basic) = ("2026-11-21".parse()?, Product::find("ssl_basic")?);
/// let length = check_order(&OrderValidity::Years(2), &basic, today);
/// assert_eq!(length.map(|length| (length.days, length.needs_multi_year_plan)), Ok((731, true)));
/// assert_eq!(check_order(&OrderValidity::Years(4), &basic, today), Err(ValidityProblem::Years { max: 3 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [`ValidityProblem`] that says what would be possible.
pub fn check_order(
    validity: &OrderValidity,
    product: &Product,
    today: Date,
) -> Result<OrderLength, ValidityProblem> {
    let latest = latest_end(product, today).unwrap_or(today);
    let max_days = days_between(today, latest);
    let ends = match *validity {
        OrderValidity::Years(years) => {
            let problem = ValidityProblem::Years { max: product.max_years };
            if years == 0 || years > product.max_years {
                return Err(problem);
            }
            today.plus_years(years).ok_or(problem)?
        }
        OrderValidity::Days(days) => {
            let problem = ValidityProblem::Days { max: max_days };
            if days == 0 || days > max_days {
                return Err(problem);
            }
            i32::try_from(days).ok().and_then(|days| today.plus_days(days)).ok_or(problem)?
        }
        OrderValidity::CustomExpirationDate(date) if date <= today => {
            let earliest = today.plus_days(1).unwrap_or(today);
            return Err(ValidityProblem::DateNotAfterToday { earliest });
        }
        OrderValidity::CustomExpirationDate(date) if date > latest => {
            return Err(ValidityProblem::DateTooLate { latest });
        }
        OrderValidity::CustomExpirationDate(date) => date,
    };
    let beyond_a_year = today.plus_years(1).is_some_and(|year| ends > year);
    Ok(OrderLength {
        days: days_between(today, ends),
        ends,
        needs_multi_year_plan: product.kind == Kind::Tls && beyond_a_year,
    })
}

fn days_between(from: Date, to: Date) -> u32 {
    u32::try_from(from.days_until(to)).unwrap_or(0)
}

/// How the end of the order to be renewed lies to today. Only a hint: any date can be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalHint {
    /// Within the usual window, 90 days before the end to 30 days after it ("Renew an SSL/TLS certificate", docs.digicert.com).
    Usual,
    /// So many days are left, more than 90.
    Early {
        /// Days until the end.
        days_left: u32,
    },
    /// The order ended so many days ago, more than 30.
    Late {
        /// Days since the end.
        days_past: u32,
    },
}

/// Where today lies in the usual window for renewing an order that ends on `valid_till`.
#[must_use]
pub fn renewal_hint(valid_till: Date, today: Date) -> RenewalHint {
    let left = today.days_until(valid_till);
    if left > 90 {
        RenewalHint::Early { days_left: left.unsigned_abs() }
    } else if left < -30 {
        RenewalHint::Late { days_past: left.unsigned_abs() }
    } else {
        RenewalHint::Usual
    }
}
