//! Attributes, filters, orders, refreshes, exports and jumps.

use certquote::api::NumericId;
use certquote::config::{Attribute, HistoryConfig, Unfit};
use certquote::date::Date;
use certquote::error::{CertError, ErrorCode};
use certquote::history_session::{DateProblem, End, FileKind, Goal, Intent, Range};
use certquote::ledger::sort::Column;
use certquote::state::State;
use certquote::transport::Response;
use certquote::words::errors;

use super::played::{Played, broken, ids, page, row, rows, same};

#[test]
fn an_account_with_several_divisions_is_told_where_to_set_one() {
    let refusal = Response { status: 400, body: b"{}".to_vec(), ..Response::default() };
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
    assert_eq!(played.offset(), 100);
    played.apply(Intent::Kind(Some(27)));
    assert_eq!(played.log, ["abort", "settle cancelled", "Top", "send"]);
    assert_eq!(played.offset(), 0);
    assert_eq!(played.parameter("filters[adjust_type]").as_deref(), Some("27"));
    assert_eq!(played.session.shown().rows().len(), 0);
    played.answer_with(page(&rows(1200, 1195), 0, 1000, "6"));
    assert_eq!(played.session.loaded(), (100, Some(3000), false), "all adjustments are counted as before");
    assert_eq!(played.ids().len(), 6);
    let requests = played.requests;
    played.apply(Intent::ClearFilters);
    assert_eq!((played.requests, played.ids().len()), (requests, 100), "back without asking");
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
    assert_eq!(played.offset(), 100);
    played.fail(broken());
    assert!(played.session.goal().is_some(), "it is not forgotten");
    played.apply(Intent::Retry);
    played.apply(Intent::Cancel);
    played.answer(&all);
    assert!(played.asked.is_none() && played.session.goal().is_none());
    played.apply(Intent::Export(FileKind::Json));
    played.answer_all(&all);
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
fn after_a_failed_refresh_what_is_there_is_exported_and_jumped_in() {
    let mut played = Played::loaded(&rows(300, 1));
    played.apply(Intent::Refresh);
    played.fail(broken());
    played.apply(Intent::Export(FileKind::Csv));
    assert!(played.log.contains(&"write Csv".to_owned()), "{:?}", played.log);
    played.apply(Intent::Exported);
    played.apply(Intent::JumpTo("2025-01-02".to_owned()));
    assert!(played.log.contains(&"show 101".to_owned()), "{:?}", played.log);
    played.apply(Intent::LoadAll);
    assert_eq!((played.session.goal(), played.session.state()), (None, State::Stale));
}

#[test]
fn after_a_failed_page_whoever_wants_more_asks_again() {
    let all = rows(2500, 1);
    for wish in [Intent::LoadAll, Intent::Export(FileKind::Csv), Intent::JumpTo("2024-01-01".to_owned())] {
        let mut played = Played::attached();
        played.answer(&all);
        played.apply(Intent::See(100));
        played.fail(broken());
        played.apply(wish);
        assert_eq!(played.offset(), 100);
        played.answer_all(&all);
        same(&played.ids(), &ids(&all));
    }
}

#[test]
fn another_container_is_not_told_of_a_jump_in_the_one_before() {
    let mut played = Played::loaded(&rows(20, 1));
    played.apply(Intent::JumpTo("2024-01-01".to_owned()));
    assert!(played.session.beyond().is_some());
    let config = HistoryConfig { container: Some(NumericId::parse("7")), ..HistoryConfig::default() };
    played.apply(Intent::Configure(config, Unfit::default()));
    assert_eq!(played.session.beyond(), None);
}
