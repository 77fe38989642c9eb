//! The history over time: pages come one after the other, nothing is lost or shown twice, and what is loaded stays.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here is a failed test"
)]

use std::rc::Rc;

use certquote::api::{Endpoint, NumericId};
use certquote::config::{Attribute, HistoryConfig, Unfit};
use certquote::date::Date;
use certquote::error::{CertError, ErrorCode};
use certquote::history_session::{DateProblem, Effect, End, FileKind, Goal, HistorySession, Intent, Range};
use certquote::ledger::sort::Column;
use certquote::state::{State, Ticket};
use certquote::transport::{Response, TransportError};
use certquote::words::{EN, PlainFormats, errors};

fn today() -> Date {
    Date::new(2026, 11, 21).unwrap()
}

/// A session and the service that it asks: rows by their ids, the newest first.
struct Played {
    session: HistorySession,
    /// The request under way, and its query.
    asked: Option<(Ticket, Vec<(String, String)>)>,
    /// How many requests there were.
    requests: usize,
    log: Vec<String>,
}

impl Played {
    fn new() -> Self {
        let session = HistorySession::new(&EN, Rc::new(PlainFormats), today());
        Self { session, asked: None, requests: 0, log: Vec::new() }
    }

    fn attached() -> Self {
        let mut played = Self::new();
        played.apply(Intent::Attach);
        played
    }

    fn apply(&mut self, intent: Intent) {
        self.log.clear();
        for effect in self.session.apply(intent, today()) {
            self.log.push(match effect {
                Effect::Send(ticket, request) => {
                    assert!(self.asked.is_none(), "never two requests at once");
                    self.asked = Some((ticket, request.request().query));
                    self.requests += 1;
                    "send".to_owned()
                }
                Effect::Abort => {
                    assert!(self.asked.take().is_some(), "nothing to abort");
                    "abort".to_owned()
                }
                Effect::Settle(_, Ok(history)) => format!("settle {}", history.adjustments.len()),
                Effect::Settle(_, Err(error)) => format!("settle {}", error.code.as_str()),
                Effect::Show(place) => format!("show {place}"),
                Effect::Shift(rows) => format!("shift {rows}"),
                Effect::Write(file) => format!("write {file:?}"),
                Effect::TellState(state) => format!("state {}", state.name()),
                other => format!("{other:?}").split([' ', '(', '{']).next().unwrap().to_owned(),
            });
        }
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.asked.as_ref().expect("a request");
        query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    fn offset(&self) -> usize {
        self.parameter("offset").unwrap().parse().unwrap()
    }

    fn answer_with(&mut self, body: String) {
        let (ticket, _) = self.asked.take().expect("a request");
        let response = Response { status: 200, retry_after: None, body: body.into_bytes() };
        self.apply(Intent::Answered(ticket, Ok(response)));
    }

    /// Answers from a list that has these rows by now, at most 1000 of them.
    fn answer(&mut self, rows: &[String]) {
        let page = page(rows, self.offset(), 1000, &rows.len().to_string());
        self.answer_with(page);
    }

    fn answer_all(&mut self, rows: &[String]) {
        for _ in 0..200 {
            if self.asked.is_none() {
                return;
            }
            self.answer(rows);
        }
        panic!("asks on and on");
    }

    fn fail(&mut self, error: CertError) {
        let (ticket, _) = self.asked.take().expect("a request");
        self.apply(Intent::Answered(ticket, Err(error)));
    }

    fn ids(&self) -> Vec<String> {
        let session = &self.session;
        let ids = session.shown().rows().iter().map(|&row| session.ledger().get(row).unwrap().id.to_owned());
        ids.collect()
    }

    fn loaded(rows: &[String]) -> Self {
        let mut played = Self::attached();
        played.apply(Intent::LoadAll);
        played.answer_all(rows);
        assert_eq!(played.ids(), ids(rows));
        played
    }
}

/// The row with an id; its money and its day follow from the id.
fn row(id: usize) -> String {
    let (day, month) = (1 + id / 100 % 28, 1 + id / 2800 % 12);
    format!(
        r#"{{"id":"{id}","credit":"{}.00","transaction_type":"Refund","transaction_date":"2025-{month:02}-{day:02} 10:00:00","balance_after":"{id}.00","currency":"USD"}}"#,
        1 + id % 7,
    )
}

/// Rows from the newest id down to the oldest.
fn rows(newest: usize, oldest: usize) -> Vec<String> {
    (oldest..=newest).rev().map(row).collect()
}

fn ids(rows: &[String]) -> Vec<String> {
    rows.iter().map(|row| row.split('"').nth(3).unwrap().to_owned()).collect()
}

fn page(rows: &[String], offset: usize, limit: usize, total: &str) -> String {
    let here: Vec<_> = rows.iter().skip(offset).take(limit).cloned().collect();
    format!(
        r#"{{"adjustments":[{}],"page":{{"total":{total},"limit":{limit},"offset":{offset}}}}}"#,
        here.join(",")
    )
}

/// Says where two lists part.
#[track_caller]
fn same(found: &[String], wanted: &[String]) {
    assert_eq!(found.len(), wanted.len(), "length");
    for (place, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert_eq!(found, wanted, "at {place}");
    }
}

fn broken() -> CertError {
    CertError::from_transport(
        "finance/balance-history",
        TransportError::Network { offline: false },
        &errors::EN,
    )
}

#[test]
fn the_first_page_is_asked_for_on_a_page_newest_first_and_no_more_than_is_seen() {
    let mut played = Played::new();
    assert_eq!(played.session.state(), State::Idle);
    played.apply(Intent::Attach);
    let query: Vec<_> = [("sort", "-transaction_date,-id"), ("limit", "1000"), ("offset", "0")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(played.asked.as_ref().unwrap().1, query);
    played.answer(&rows(3000, 1));
    assert_eq!(played.log, ["state ready", "TellHistory", "settle 1000", "Analyse"]);
    assert_eq!(played.session.loaded(), (1000, Some(3000), false));
    played.apply(Intent::See(500));
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
    assert_eq!(played.requests, 4);
    assert_eq!(played.session.shown().end(), End::Complete);
    assert_eq!(played.session.state(), State::Ready);
}

#[test]
fn exactly_full_pages_need_no_page_more() {
    assert_eq!(Played::loaded(&rows(2000, 1)).requests, 2);
}

#[test]
fn a_limit_of_zero_in_the_answer_moves_nothing() {
    let all = rows(2500, 1);
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    while played.asked.is_some() {
        let body = page(&all, played.offset(), 1000, "2500").replace(r#""limit":1000"#, r#""limit":0"#);
        played.answer_with(body);
    }
    same(&played.ids(), &ids(&all));
    assert_eq!(played.requests, 3);
}

#[test]
fn without_a_total_a_short_page_is_the_last() {
    let all = rows(2500, 1);
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    while played.asked.is_some() {
        let body = page(&all, played.offset(), 1000, "0").replace(r#""total":0,"#, "");
        played.answer_with(body);
    }
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
    played.answer_with(page(&rows(700, 1), 0, 1000, "900"));
    played.answer_with(page(&[], 0, 1000, "900"));
    assert_eq!((played.session.shown().end(), played.session.state()), (End::Short, State::Ready));
    played.apply(Intent::Retry);
    assert_eq!(played.offset(), 700);
    played.answer_with(page(&rows(200, 1), 0, 1000, "900"));
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
    assert_eq!(played.ids().len(), 1000);
    played.apply(Intent::See(1000));
    assert!(played.asked.is_none(), "nothing is asked again unbidden");
    played.apply(Intent::Retry);
    assert_eq!(played.offset(), 1000);
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
fn an_account_with_several_divisions_is_told_where_to_set_one() {
    let refusal = Response { status: 400, retry_after: None, body: b"{}".to_vec() };
    let error = || CertError::from_response("finance/balance-history", &refusal, &errors::EN);
    let mut played = Played::attached();
    played.fail(error());
    assert!(played.session.request_error().unwrap().message.contains("container-id"));
    let mut played = Played::new();
    let container = Some(NumericId::parse("101"));
    let config = HistoryConfig { container, ..HistoryConfig::default() };
    played.apply(Intent::Configure(config, Unfit::default()));
    played.apply(Intent::Attach);
    assert_eq!(played.parameter("container_id").as_deref(), Some("101"));
    played.fail(error());
    assert!(!played.session.request_error().unwrap().message.contains("container-id"));
}

#[test]
fn a_container_that_cannot_be_used_is_an_error_and_nothing_is_asked() {
    let mut played = Played::new();
    let unfit = Unfit { unusable: vec![Attribute::ContainerId], missing: Vec::new() };
    played.apply(Intent::Configure(HistoryConfig { container: None, ..HistoryConfig::default() }, unfit));
    played.apply(Intent::Attach);
    played.apply(Intent::Refresh);
    assert_eq!(played.log, ["settle misconfigured"]);
    assert_eq!((played.requests, played.session.state()), (0, State::Error));
    assert_eq!(played.session.error().unwrap().code, ErrorCode::Misconfigured);
}

#[test]
fn a_filter_aborts_what_is_under_way_and_begins_at_the_top() {
    let mut played = Played::attached();
    played.apply(Intent::LoadAll);
    played.answer(&rows(3000, 1));
    assert_eq!(played.offset(), 1000);
    played.apply(Intent::Kind(Some(27)));
    assert_eq!(played.log, ["abort", "settle cancelled", "Top", "send"]);
    assert_eq!(played.offset(), 0);
    assert_eq!(played.parameter("filters[adjust_type]").as_deref(), Some("27"));
    assert_eq!(played.session.shown().rows().len(), 0);
    played.answer_with(page(&rows(1200, 1195), 0, 1000, "6"));
    assert_eq!(played.session.loaded(), (1000, Some(3000), false), "all adjustments are counted as before");
    assert_eq!(played.ids().len(), 6);
    let requests = played.requests;
    played.apply(Intent::ClearFilters);
    assert_eq!((played.requests, played.ids().len()), (requests, 1000), "back without asking");
}

#[test]
fn the_same_filter_again_asks_nothing() {
    let mut played = Played::attached();
    played.answer(&rows(5, 1));
    played.apply(Intent::Kind(None));
    played.apply(Intent::Range(Range::AllTime));
    assert!(played.asked.is_none());
}

#[test]
fn periods_and_expiry_become_ranges_of_days() {
    let mut played = Played::attached();
    let dates = |played: &Played| played.parameter("filters[transaction_date]");
    for (range, wanted) in [
        (Range::LastDays(30), "2026-10-22...2026-11-22"),
        (Range::ThisYear, "2026-01-01...2026-11-22"),
        (Range::LastYear, "2025-01-01...2025-12-31"),
    ] {
        played.apply(Intent::Range(range));
        assert_eq!(dates(&played).as_deref(), Some(wanted));
    }
    played.apply(Intent::From(String::new()));
    played.apply(Intent::Paused);
    assert_eq!(dates(&played).as_deref(), Some("2000-01-01...2025-12-31"));
    played.apply(Intent::Expires(Some(60)));
    assert_eq!(played.parameter("filters[expiration_date]").as_deref(), Some("2026-11-21...2027-01-20"));
    played.apply(Intent::Range(Range::AllTime));
    assert_eq!(dates(&played), None);
}

#[test]
fn days_in_the_wrong_order_and_half_typed_years_are_not_asked_about() {
    let mut played = Played::attached();
    played.answer(&rows(5, 1));
    for (from, to, problem) in [
        ("2026-05-02", "2026-05-01", DateProblem::Reversed),
        ("0002-05-01", "", DateProblem::Unusable),
        ("", "2101-01-01", DateProblem::Unusable),
    ] {
        played.apply(Intent::From(from.to_owned()));
        assert_eq!(played.log, ["Pause"]);
        played.apply(Intent::To(to.to_owned()));
        played.apply(Intent::Paused);
        assert_eq!(played.session.date_problem(), Some(problem));
        assert!(played.asked.is_none());
    }
    assert_eq!(played.ids().len(), 5, "the rows stay");
    played.apply(Intent::ClearFilters);
    assert_eq!(played.session.date_problem(), None);
}

#[test]
fn columns_are_sorted_by_the_keys_of_the_api() {
    let mut played = Played::attached();
    for (column, wanted) in [
        (Column::Date, "transaction_date,id"),
        (Column::Type, "transaction_type,-transaction_date,-id"),
        (Column::Type, "-transaction_type,-transaction_date,-id"),
        (Column::Amount, "-credit,debit,-transaction_date,-id"),
        (Column::Amount, "-debit,credit,-transaction_date,-id"),
        (Column::Balance, "-balance_after,-transaction_date,-id"),
        (Column::Expires, "-expiration_date,-transaction_date,-id"),
        (Column::Date, "-transaction_date,-id"),
    ] {
        played.apply(Intent::Sort(column));
        assert_eq!(played.parameter("sort").as_deref(), Some(wanted));
    }
}

#[test]
fn a_loaded_list_is_sorted_at_once_and_asked_about_once() {
    let all = rows(1700, 1);
    let mut played = Played::loaded(&all);
    played.apply(Intent::Sort(Column::Amount));
    let amount = |played: &Played, place: usize| {
        let row = *played.session.shown().rows().get(place).unwrap();
        played.session.ledger().get(row).unwrap().amount().unwrap().to_string()
    };
    assert_eq!((amount(&played, 0), amount(&played, 1699)), ("7.00".to_owned(), "1.00".to_owned()));
    assert_eq!(played.session.shown().end(), End::Complete);
    let order = played.ids();
    played.answer(&all);
    assert!(played.asked.is_none());
    same(&played.ids(), &order);
    played.apply(Intent::Sort(Column::Date));
    assert!(played.asked.is_none());
    same(&played.ids(), &ids(&all));
}

#[test]
fn a_sorted_list_that_has_grown_is_loaded_anew() {
    let mut played = Played::loaded(&rows(1700, 1));
    played.apply(Intent::Sort(Column::Balance));
    played.answer(&rows(1702, 1));
    assert_eq!(played.ids().len(), 1000);
    played.apply(Intent::LoadAll);
    played.answer_all(&rows(1702, 1));
    same(&played.ids(), &ids(&rows(1702, 1)));
    played.apply(Intent::Sort(Column::Date));
    assert!(played.session.shown().has_newer(), "and the whole list is known to be behind");
}

#[test]
fn a_refresh_puts_new_rows_on_top_and_keeps_the_rest() {
    let mut played = Played::loaded(&rows(2500, 1));
    played.apply(Intent::Refresh);
    assert_eq!(played.session.state(), State::Loading);
    assert_eq!(played.ids().len(), 2500, "the old rows stay meanwhile");
    played.answer(&rows(2503, 1));
    assert!(played.log.contains(&"shift 3".to_owned()));
    same(&played.ids(), &ids(&rows(2503, 1)));
    assert_eq!(played.session.loaded(), (2503, Some(2503), true));
}

#[test]
fn a_refresh_that_does_not_fit_replaces_what_was_loaded() {
    let replaced = |rows: Vec<String>| {
        let mut played = Played::loaded(&self::rows(2500, 1));
        played.apply(Intent::Refresh);
        played.answer(&rows);
        (played.ids().len(), played.session.loaded())
    };
    let gone: Vec<_> = rows(2500, 1).into_iter().skip(1).collect();
    assert_eq!(replaced(gone), (1000, (1000, Some(2499), false)));
    assert_eq!(replaced(rows(9000, 6000)), (1000, (1000, Some(3001), false)));
    let mut changed = rows(2500, 1);
    *changed.get_mut(5).unwrap() = row(2495).replace("Refund", "Charge");
    assert_eq!(replaced(changed), (1000, (1000, Some(2500), false)));
}

#[test]
fn a_failed_refresh_keeps_the_rows_and_is_tried_again() {
    let mut played = Played::loaded(&rows(10, 1));
    played.apply(Intent::Refresh);
    played.fail(broken());
    assert_eq!((played.session.state(), played.ids().len()), (State::Stale, 10));
    played.apply(Intent::Retry);
    assert_eq!(played.offset(), 0);
    played.answer(&rows(11, 1));
    assert_eq!((played.session.state(), played.ids().len()), (State::Ready, 11));
}

#[test]
fn refreshing_twice_asks_once() {
    let mut played = Played::loaded(&rows(10, 1));
    played.apply(Intent::Refresh);
    let ticket = played.session.ticket();
    played.apply(Intent::Refresh);
    assert_eq!((played.session.ticket(), played.log.len()), (ticket, 0));
}

#[test]
fn an_export_waits_for_all_rows_and_can_be_cancelled_and_resumed() {
    let all = rows(2500, 1);
    let mut played = Played::attached();
    played.answer(&all);
    played.apply(Intent::Export(FileKind::Csv));
    assert_eq!(played.offset(), 1000);
    played.fail(broken());
    assert!(played.session.goal().is_some(), "it is not forgotten");
    played.apply(Intent::Retry);
    played.apply(Intent::Cancel);
    played.answer(&all);
    assert!(played.asked.is_none() && played.session.goal().is_none());
    played.apply(Intent::Export(FileKind::Json));
    played.answer(&all);
    assert!(played.log.contains(&"write Json".to_owned()));
    assert_eq!(played.session.goal(), Some(Goal::Export { file: FileKind::Json, writing: true }));
    played.apply(Intent::Exported);
    assert_eq!(played.session.goal(), None);
    let (totals, of) = played.session.totals();
    assert_eq!(of, 2500);
    let sum: usize = (1..=2500).map(|id| 1 + id % 7).sum();
    assert_eq!(totals.first().unwrap().as_ref().unwrap().net.to_string(), format!("{sum}.00"));
}

#[test]
fn a_jump_loads_as_far_back_as_needed_and_stops_there() {
    let all = rows(5000, 1);
    let mut played = Played::attached();
    played.answer(&all);
    played.apply(Intent::JumpTo("2025-01-20".to_owned()));
    while played.asked.is_some() {
        played.answer(&all);
    }
    // Ids up to 1999 lie on 20 January or before.
    assert!(played.log.contains(&"show 3001".to_owned()), "{:?}", played.log);
    assert_eq!(played.ids().len(), 4000);
    played.apply(Intent::JumpTo("2024-01-01".to_owned()));
    played.answer_all(&all);
    assert!(played.log.contains(&"show 4999".to_owned()));
    assert_eq!(played.session.beyond(), Date::new(2024, 1, 1));
}

#[test]
fn a_jump_goes_back_to_the_order_of_time() {
    let mut played = Played::loaded(&rows(300, 1));
    played.apply(Intent::Sort(Column::Amount));
    played.apply(Intent::JumpTo("2025-01-02".to_owned()));
    assert!(played.session.query().is_plain());
    assert!(played.log.contains(&"show 101".to_owned()), "{:?}", played.log);
    played.apply(Intent::JumpTo("0002-01-02".to_owned()));
    assert!(played.session.jump_problem());
}

#[test]
fn leaving_the_page_calls_off_and_coming_back_asks_only_for_what_is_missing() {
    let mut played = Played::attached();
    played.apply(Intent::Detach);
    assert!(played.log.contains(&"abort".to_owned()));
    played.apply(Intent::Attach);
    played.answer(&rows(20, 1));
    played.apply(Intent::Detach);
    played.apply(Intent::Attach);
    assert!(played.asked.is_none());
    assert_eq!((played.session.state(), played.ids().len()), (State::Ready, 20));
}

#[test]
fn another_container_begins_anew() {
    let mut played = Played::loaded(&rows(20, 1));
    let config =
        |id: &str| HistoryConfig { container: Some(NumericId::parse(id)), ..HistoryConfig::default() };
    played.apply(Intent::Configure(config("7"), Unfit::default()));
    assert_eq!((played.ids().len(), played.session.result().is_none()), (0, true));
    played.answer(&rows(3, 1));
    assert_eq!(played.ids().len(), 3);
}

#[test]
fn a_late_answer_has_nowhere_to_go() {
    let mut played = Played::attached();
    let (late, _) = played.asked.clone().unwrap();
    played.apply(Intent::Kind(Some(1)));
    let body = page(&rows(9, 1), 0, 1000, "9").into_bytes();
    played.apply(Intent::Answered(late, Ok(Response { status: 200, retry_after: None, body })));
    assert_eq!((played.log.len(), played.ids().len()), (0, 0));
}
