//! Order lengths and certificate lives, by the rules of the day.

use certquote::date::Date;
use certquote::draft::OrderValidity::{self, CustomExpirationDate, Days, Years};
use certquote::products::{Kind, Product};
use certquote::validity::{
    RenewalHint, ValidityProblem, certificate_life, check_order, next_change, reissues, renewal_hint, rules,
};
use proptest::prelude::*;

fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

fn product(id: &str) -> Product {
    Product::find(id).unwrap_or_else(|error| unreachable!("{id}: {error}"))
}

fn length(validity: OrderValidity, id: &str) -> Result<(u32, String, bool), ValidityProblem> {
    check_order(&validity, &product(id), day("2026-11-21"))
        .map(|length| (length.days, length.ends.to_string(), length.needs_multi_year_plan))
}

#[test]
fn public_tls_lives_shorter_at_each_date() {
    for (date, days) in [
        ("2020-09-01", 397),
        ("2026-02-23", 397),
        ("2026-02-24", 199),
        ("2026-11-21", 199),
        ("2027-03-14", 199),
        ("2027-03-15", 99),
        ("2029-03-14", 99),
        ("2029-03-15", 46),
        ("2035-01-01", 46),
    ] {
        assert_eq!(certificate_life(Kind::Tls, day(date)), Some(days), "{date}");
    }
}

#[test]
fn no_life_exceeds_the_ballots() {
    for (from, ballot) in [("2020-09-01", 398), ("2026-03-15", 200), ("2027-03-15", 100), ("2029-03-15", 47)]
    {
        assert!(certificate_life(Kind::Tls, day(from)).is_some_and(|days| days < ballot), "{from}");
    }
}

#[test]
fn code_signing_changed_once_and_other_kinds_are_not_bound() {
    assert_eq!(certificate_life(Kind::CodeSigning, day("2026-02-23")), Some(1095));
    assert_eq!(certificate_life(Kind::CodeSigning, day("2026-02-24")), Some(459));
    for kind in [Kind::PrivateTls, Kind::SecureEmail, Kind::DocumentSigning, Kind::Mark, Kind::Unlisted] {
        assert_eq!(certificate_life(kind, day("2026-11-21")), None, "{kind:?}");
        assert_eq!(reissues(1095, kind, day("2026-11-21")), 0, "{kind:?}");
    }
}

#[test]
fn tells_what_changes_next() {
    let next = next_change(Kind::Tls, day("2026-11-21"));
    assert_eq!(next.map(|rule| (rule.from, rule.days)), Some((Some(day("2027-03-15")), 99)));
    assert_eq!(next_change(Kind::Tls, day("2029-03-15")), None);
    assert_eq!(next_change(Kind::PrivateTls, day("2026-11-21")), None);
}

#[test]
fn counts_reissues_through_the_dated_rules() {
    for (days, date, expected) in [
        (0, "2026-11-21", 0),
        (1, "2026-11-21", 0),
        (199, "2026-11-21", 0),
        (200, "2026-11-21", 1),
        // 199 to 2027-06-08, then 99 and 67.
        (365, "2026-11-21", 2),
        // Both certificates are issued before 2027-03-15.
        (365, "2026-03-01", 1),
        // 46 at a time.
        (365, "2030-01-01", 7),
        // 199, seven of 99 to 2029-05-01, then five of 46 to cover the last 204.
        (1096, "2026-11-21", 12),
        (u32::MAX, "2030-01-01", u32::MAX.div_ceil(46) - 1),
    ] {
        assert_eq!(reissues(days, Kind::Tls, day(date)), expected, "{days} from {date}");
    }
}

#[test]
fn public_tls_runs_one_to_three_years_and_more_than_one_needs_a_plan() {
    assert_eq!(length(Years(1), "ssl_basic"), Ok((365, "2027-11-21".to_owned(), false)));
    assert_eq!(length(Years(2), "ssl_basic"), Ok((731, "2028-11-21".to_owned(), true)));
    assert_eq!(length(Years(3), "ssl_basic"), Ok((1096, "2029-11-21".to_owned(), true)));
    for years in [0, 4, u32::MAX] {
        assert_eq!(length(Years(years), "ssl_basic"), Err(ValidityProblem::Years { max: 3 }));
    }
}

#[test]
fn days_run_to_the_end_of_the_longest_order() {
    assert_eq!(length(Days(1), "ssl_basic"), Ok((1, "2026-11-22".to_owned(), false)));
    assert_eq!(length(Days(365), "ssl_basic"), Ok((365, "2027-11-21".to_owned(), false)));
    assert_eq!(length(Days(366), "ssl_basic"), Ok((366, "2027-11-22".to_owned(), true)));
    assert_eq!(length(Days(1096), "ssl_basic"), Ok((1096, "2029-11-21".to_owned(), true)));
    for days in [0, 1097, u32::MAX] {
        assert_eq!(length(Days(days), "ssl_basic"), Err(ValidityProblem::Days { max: 1096 }));
    }
}

#[test]
fn dates_lie_after_today_and_within_the_longest_order() {
    let date = |text| CustomExpirationDate(day(text));
    assert_eq!(length(date("2026-11-22"), "ssl_basic"), Ok((1, "2026-11-22".to_owned(), false)));
    assert_eq!(length(date("2029-11-21"), "ssl_basic"), Ok((1096, "2029-11-21".to_owned(), true)));
    let earliest = day("2026-11-22");
    for past in ["2026-11-21", "2020-01-01"] {
        assert_eq!(length(date(past), "ssl_basic"), Err(ValidityProblem::DateNotAfterToday { earliest }));
    }
    let latest = day("2029-11-21");
    for late in ["2029-11-22", "9999-12-31"] {
        assert_eq!(length(date(late), "ssl_basic"), Err(ValidityProblem::DateTooLate { latest }));
    }
}

#[test]
fn code_signing_runs_one_year_or_459_days() {
    assert_eq!(length(Years(1), "code_signing").map(|length| length.0), Ok(365));
    assert_eq!(length(Years(2), "code_signing"), Err(ValidityProblem::Years { max: 1 }));
    assert_eq!(length(Days(459), "code_signing"), Ok((459, "2028-02-23".to_owned(), false)));
    assert_eq!(length(Days(460), "code_signing"), Err(ValidityProblem::Days { max: 459 }));
}

#[test]
fn other_kinds_need_no_plan_and_unknown_products_run_long() {
    for id in ["private_ssl_flex", "secure_email_mailbox", "ds_org", "vmc_basic"] {
        assert_eq!(length(Years(3), id).map(|length| length.2), Ok(false), "{id}");
        assert_eq!(length(Years(4), id), Err(ValidityProblem::Years { max: 3 }), "{id}");
    }
    assert_eq!(length(Years(6), "ssl_of_tomorrow").map(|length| length.2), Ok(false));
    assert_eq!(length(Years(0), "ssl_of_tomorrow"), Err(ValidityProblem::Years { max: 6 }));
}

#[test]
fn a_renewal_date_is_never_refused_but_unusual_ones_are_told() {
    let today = day("2026-11-21");
    assert_eq!(renewal_hint(day("2027-02-19"), today), RenewalHint::Usual);
    assert_eq!(renewal_hint(day("2026-10-22"), today), RenewalHint::Usual);
    assert_eq!(renewal_hint(day("2027-02-20"), today), RenewalHint::Early { days_left: 91 });
    assert_eq!(renewal_hint(day("2026-10-21"), today), RenewalHint::Late { days_past: 31 });
}

#[test]
fn the_end_of_the_calendar_is_refused_without_a_panic() {
    let last = day("9999-12-31");
    for validity in [Years(1), Days(1), CustomExpirationDate(last)] {
        assert!(check_order(&validity, &product("ssl_basic"), last).is_err());
    }
    assert_eq!(reissues(1000, Kind::Tls, last), 21);
}

/// One certificate after the other, as slowly as it gets.
fn reissues_by_days(order_days: u32, today: Date) -> u32 {
    let (mut count, mut left) = (0, 0);
    for offset in 0..order_days {
        if left == 0 {
            let issue = i32::try_from(offset).ok().and_then(|offset| today.plus_days(offset));
            left = issue.and_then(|issue| certificate_life(Kind::Tls, issue)).unwrap_or(1);
            count += 1;
        }
        left -= 1;
    }
    u32::saturating_sub(count, 1)
}

proptest! {
    #[test]
    fn reissues_agree_with_counting_day_by_day(order_days in 0_u32..2200, offset in 0_i32..1500) {
        if let Some(today) = day("2025-12-01").plus_days(offset) {
            prop_assert_eq!(reissues(order_days, Kind::Tls, today), reissues_by_days(order_days, today));
        }
    }

    #[test]
    fn the_three_ways_to_say_a_length_agree(days in 0_u32..1200, offset in 0_i32..3000) {
        if let Some(today) = day("2024-02-29").plus_days(offset)
            && let Some(ends) = i32::try_from(days).ok().and_then(|days| today.plus_days(days))
        {
            let basic = product("ssl_basic");
            let by_days = check_order(&Days(days), &basic, today);
            let by_date = check_order(&CustomExpirationDate(ends), &basic, today);
            prop_assert_eq!(by_days.ok(), by_date.ok());
            if let (Ok(length), Some(year)) = (check_order(&Years(1), &basic, today), today.plus_years(1)) {
                prop_assert_eq!(length.ends, year);
            }
        }
    }
}

#[test]
fn tables_are_in_order() {
    for kind in Kind::ALL {
        assert!(
            rules(kind).is_sorted_by(|earlier, later| earlier.from < later.from && earlier.days > later.days)
        );
    }
}
