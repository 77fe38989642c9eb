//! Pages come one after the other, and nothing is lost or shown twice.

use certquote::error::ErrorCode;
use certquote::history_session::{End, Intent};
use certquote::state::State;
use certquote::transport::Response;

use super::played::{Played, broken, ids, page, rows, same};

#[test]
fn the_first_page_is_small_and_newest_first_and_no_more_is_asked_for_than_is_seen() {
    let mut played = Played::new();
    assert_eq!(played.session.state(), State::Idle);
    played.apply(Intent::Attach);
    let query: Vec<_> = [("sort", "-transaction_date,-id"), ("limit", "100"), ("offset", "0")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(played.asked.as_ref().unwrap().1, query);
    played.answer(&rows(3000, 1));
    assert_eq!(played.log, ["state ready", "TellHistory", "settle 100", "Analyse"]);
    assert_eq!(played.session.loaded(), (100, Some(3000), false));
    played.apply(Intent::See(12));
    assert_eq!((played.offset(), played.limit()), (100, 900), "once the first are seen, the rest of a page");
    played.answer(&rows(3000, 1));
    assert_eq!(played.session.loaded(), (1000, Some(3000), false));
    played.apply(Intent::See(600));
    assert!(played.asked.is_none());
    played.apply(Intent::See(900));
    assert_eq!(played.offset(), 1000, "a page ahead of what is in sight");
    played.answer(&rows(3000, 1));
    assert!(played.asked.is_none());
}

#[test]
fn every_row_comes_once_and_in_order() {
    let rows = rows(3456, 1);
    let played = Played::loaded(&rows);
    assert_eq!(played.requests, 5);
    assert_eq!(played.session.shown().end(), End::Complete);
    assert_eq!(played.session.state(), State::Ready);
}

#[test]
fn without_limit_and_total_a_full_first_page_is_not_the_last() {
    let all = rows(150, 1);
    let mut played = Played::attached();
    played.load_all_with(|played| {
        let body = page(&all, played.offset(), played.limit(), "0");
        let (rows, _) = body.split_once(r#","page""#).unwrap();
        format!("{rows}}}")
    });
    same(&played.ids(), &ids(&all));
    assert_eq!(played.requests, 2);
}

#[test]
fn exactly_full_pages_need_no_page_more() {
    assert_eq!(Played::loaded(&rows(2000, 1)).requests, 3);
    assert_eq!(Played::loaded(&rows(100, 1)).requests, 1);
}

#[test]
fn a_limit_of_zero_in_the_answer_moves_nothing() {
    let all = rows(2500, 1);
    let mut played = Played::attached();
    played.load_all_with(|played| {
        page(&all, played.offset(), 1000, "2500").replace(r#""limit":1000"#, r#""limit":0"#)
    });
    same(&played.ids(), &ids(&all));
    assert_eq!(played.requests, 3);
}

#[test]
fn without_a_total_a_short_page_is_the_last() {
    let all = rows(2500, 1);
    let mut played = Played::attached();
    played.load_all_with(|played| page(&all, played.offset(), 1000, "0").replace(r#""total":0,"#, ""));
    same(&played.ids(), &ids(&all));
    assert_eq!(played.requests, 3);
    assert_eq!(played.session.loaded(), (2500, Some(2500), true));
}

#[test]
fn rows_added_meanwhile_push_the_rest_down_and_nothing_comes_twice() {
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer(&rows(2500, 1));
    played.answer_all(&rows(2530, 1));
    same(&played.ids(), &ids(&rows(2500, 1)));
    assert!(played.session.shown().has_newer());
}

#[test]
fn rows_removed_meanwhile_pull_the_rest_up_and_nothing_slips_past() {
    let before = rows(3000, 1);
    let after: Vec<_> = before.iter().skip(40).cloned().collect();
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer(&before);
    played.answer_all(&after);
    same(&played.ids(), &ids(&before));
}

#[test]
fn many_removed_rows_are_made_up_for_page_by_page() {
    let before = rows(6000, 1);
    let after: Vec<_> = before.iter().skip(2500).cloned().collect();
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    for _ in 0..4 {
        played.answer(&before);
    }
    played.answer_all(&after);
    same(&played.ids(), &ids(&before));
}

#[test]
fn a_total_that_swings_neither_loops_nor_loses_rows() {
    let all = rows(3300, 1);
    for totals in [["3300", "900"], ["900", "3300"], ["0", "5000"], ["1", "1"]] {
        let mut played = Played::attached();
        played.apply(Intent::LoadAll);
        for turn in 0.. {
            if played.asked.is_none() {
                break;
            }
            assert!(turn < 40, "asks on and on with totals {totals:?}");
            let total = totals.get(turn % 2).unwrap();
            played.answer_with(page(&all, played.offset(), 1000, total));
        }
        same(&played.ids(), &ids(&all));
    }
}

#[test]
fn a_service_that_repeats_its_first_page_is_not_asked_for_ever() {
    let nameless = |row: String| row.replace(r#""id":"#, r#""was":"#);
    let with_ids = rows(1000, 1);
    let without: Vec<_> = with_ids.iter().cloned().map(nameless).collect();
    for rows in [with_ids, without] {
        let mut played = Played::attached();
        played.apply(Intent::LoadAll);
        for turn in 0.. {
            if played.asked.is_none() {
                break;
            }
            assert!(turn < 4, "asks on and on");
            played.answer_with(page(&rows, 0, 1000, &(5000 + 1000 * turn).to_string()));
        }
        assert_eq!(played.session.shown().end(), End::Short);
        assert_eq!(played.session.shown().rows().len(), 1000);
        assert_eq!(played.session.goal(), None, "it does not wait for ever");
    }
}

#[test]
fn an_empty_page_ends_what_was_announced() {
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    let all = rows(900, 1);
    played.answer_with(page(&all, 0, 700, "900"));
    played.answer_with(page(&[], 0, 1000, "900"));
    assert_eq!((played.session.shown().end(), played.session.state()), (End::Short, State::Ready));
    played.apply(Intent::Retry);
    assert_eq!(played.offset(), 700);
    played.answer_with(page(&all, 700, 1000, "900"));
    assert_eq!(played.session.shown().end(), End::Complete);
}

#[test]
fn an_empty_history_is_ready_and_knows_it() {
    let mut played = Played::attached();
    played.answer(&[]);
    assert_eq!(played.session.state(), State::Ready);
    assert_eq!(played.session.loaded(), (0, Some(0), true));
    assert_eq!(played.session.said(), Some(0));
}

#[test]
fn a_failed_page_keeps_what_is_loaded_and_resumes_where_it_failed() {
    let all = rows(3000, 1);
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer(&all);
    played.fail(broken());
    assert_eq!(played.session.state(), State::Stale);
    assert_eq!(played.ids().len(), 100);
    played.apply(Intent::See(100));
    assert!(played.asked.is_none(), "nothing is asked again unbidden");
    played.apply(Intent::Retry);
    assert_eq!(played.offset(), 100);
    played.answer_all(&all);
    same(&played.ids(), &ids(&all));
    assert_eq!(played.session.state(), State::Ready);
}

#[test]
fn a_page_that_breaks_off_in_the_middle_is_unreadable_and_comes_whole_later() {
    let all = rows(1500, 1);
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer(&all);
    let body = page(&all, 1000, 1000, "1500");
    played.answer_with(body.split_at(body.len() / 2).0.to_owned());
    assert_eq!(played.session.request_error().unwrap().code, ErrorCode::Unreadable);
    played.apply(Intent::Retry);
    played.answer_all(&all);
    same(&played.ids(), &ids(&all));
}

#[test]
fn a_failed_first_page_is_an_error_and_shows_no_zero() {
    let mut played = Played::attached();
    played.fail(broken());
    assert_eq!(played.log, ["state error", "TellError", "settle network"]);
    assert_eq!((played.session.loaded().1, played.session.said()), (None, None));
    played.apply(Intent::Retry);
    played.answer(&rows(3, 1));
    assert_eq!(played.session.state(), State::Ready);
}

#[test]
fn a_late_answer_has_nowhere_to_go() {
    let mut played = Played::attached();
    let (late, _) = played.asked.clone().unwrap();
    played.apply(Intent::Kind(Some(1)));
    let body = page(&rows(9, 1), 0, 1000, "9").into_bytes();
    played.apply(Intent::Answered(late, Ok(Response { status: 200, body, ..Response::default() })));
    assert_eq!((played.log.len(), played.ids().len()), (0, 0));
}

#[test]
fn a_total_that_is_less_than_what_came_is_not_told() {
    let all = rows(2500, 1);
    for totals in [[2500, 2500, 0], [0, 0, 0], [2500, 1, 7]] {
        let mut played = Played::attached();
        played.apply(Intent::LoadAll);
        for total in totals.into_iter().chain([7; 3]) {
            if played.asked.is_none() {
                break;
            }
            played.answer_with(page(&all, played.offset(), 1000, &total.to_string()));
            let (rows, total, _) = played.session.loaded();
            assert!(total.is_none_or(|total| total >= rows as u64), "{rows} of {total:?}");
        }
        assert!(played.asked.is_none(), "asks on and on with totals {totals:?}");
        same(&played.ids(), &ids(&all));
        assert_eq!(played.session.loaded(), (2500, Some(2500), true), "{totals:?}");
    }
}

#[test]
fn rows_that_were_added_to_a_total_that_stays_push_none_off_the_end() {
    let before = rows(3000, 1);
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer_with(page(&before, 0, 1000, "3000"));
    let after = rows(3005, 1);
    while played.asked.is_some() {
        played.answer_with(page(&after, played.offset(), 1000, "3000"));
        assert!(played.requests < 6, "asks on and on");
    }
    same(&played.ids(), &ids(&before));
    assert_eq!(played.session.shown().end(), End::Complete);
}

#[test]
fn rows_that_come_twice_in_place_of_others_are_said_to_lack_and_can_be_asked_for_again() {
    let all = rows(1500, 1);
    let mut odd = all.clone();
    odd.splice(1000..1010, rows(510, 501));
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer_all(&odd);
    assert_eq!(played.ids().len(), 1490);
    assert_eq!(played.session.loaded().1, Some(1500));
    assert_eq!(played.session.shown().end(), End::Short);
    played.apply(Intent::LoadAll);
    played.answer_all(&odd);
    assert_eq!((played.session.shown().end(), played.session.goal()), (End::Short, None));
    played.apply(Intent::Retry);
    played.apply(Intent::LoadAll);
    played.answer_all(&all);
    same(&played.ids(), &ids(&all));
    assert_eq!(played.session.shown().end(), End::Complete);
}
