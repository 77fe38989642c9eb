//! Moments: what is one, and what is none.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use certquote_core::date::Date;
use certquote_core::ledger::Moment;
use proptest::prelude::*;

#[test]
fn reads_the_ways_in_which_a_moment_is_written() {
    let seconds = |text| Moment::parse(text).map(|at| at.0);
    assert_eq!(seconds("2021-01-21 15:21:34"), Some(1_611_242_494));
    assert_eq!(seconds("2021-01-21T15:21:34"), Some(1_611_242_494));
    assert_eq!(seconds("2021-01-21T15:21:34Z"), Some(1_611_242_494));
    assert_eq!(seconds("2021-01-21"), Some(1_611_187_200));
    assert_eq!(seconds("1969-12-31 23:59:59"), Some(-1));
    assert_eq!(seconds("2000-02-29 00:00:00"), Some(951_782_400));
}

#[test]
fn refuses_anything_else() {
    for text in [
        "",
        "2021-01-21 15:21",
        "2021-01-21 15:21:60",
        "2021-01-21 24:00:00",
        "2021-01-21 15:60:00",
        "2021-02-29 00:00:00",
        "2021-13-01 00:00:00",
        "0000-01-01 00:00:00",
        "2021-01-21 15:21:34Z",
        "2021-01-21 15:21:34 ",
        " 2021-01-21 15:21:34",
        "2021-01-21T15:21:34+01:00",
        "2021-01-21T15:21:34.5Z",
        "2021-01-21T",
        "2021-01-21Z",
        "2021/01/21 15:21:34",
        "21.01.2021",
        "+021-01-21 15:21:34",
        "2021-01-21 1a:21:34",
        "２021-01-21",
    ] {
        assert_eq!(Moment::parse(text), None, "{text:?}");
    }
}

#[test]
fn a_moment_outside_the_calendar_has_no_day() {
    for at in [i64::MIN, -62_135_596_801, 253_402_300_800, i64::MAX] {
        assert_eq!(Moment(at).date(), None, "{at}");
        assert_eq!(Moment(at).to_string(), at.to_string());
    }
    assert_eq!(Moment(-62_135_596_800).to_string(), "0001-01-01 00:00:00");
    assert_eq!(Moment(253_402_300_799).to_string(), "9999-12-31 23:59:59");
}

proptest! {
    #[test]
    fn any_moment_of_the_calendar_round_trips(seconds in -62_135_596_800_i64..253_402_300_800) {
        let at = Moment(seconds);
        prop_assert_eq!(Moment::parse(&at.to_string()), Some(at));
        let day = i32::try_from(seconds.div_euclid(86_400)).unwrap();
        prop_assert_eq!(at.date(), Date::EPOCH.plus_days(day));
        prop_assert_eq!(Moment::parse(&at.date().unwrap().to_string()), Some(Moment(i64::from(day) * 86_400)));
    }

    #[test]
    fn parsing_any_text_never_panics(text in "[0-9T: Z-]{0,21}|\\PC{0,24}") {
        let _ = Moment::parse(&text);
    }
}
