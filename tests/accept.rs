//! Accepting a price: only the one on the screen, only if it still holds, and never one that nobody knows.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here is a failed test")]

use std::collections::HashSet;
use std::rc::Rc;

use certquote::api::order_pricing::PriceEstimate;
use certquote::config::{Config, Connection, Unfit};
use certquote::date::Date;
use certquote::draft::Draft;
use certquote::error::{CertError, ErrorCode};
use certquote::form::Edit;
use certquote::quote::Quote;
use certquote::session::{Acceptance, Effect, Intent, Refusal, Session, uuid};
use certquote::state::{State, Ticket};
use certquote::transport::TransportError;
use certquote::words::{EN, PlainFormats, errors};

fn apply(session: &mut Session, intent: Intent) -> Vec<Effect> {
    session.apply(intent, Date::new(2026, 11, 21).unwrap())
}

fn labelled() -> Config {
    Config { accept_label: Some("Order".to_owned()), ..Config::default() }
}

fn names(text: &str) -> Intent {
    Intent::Edit(Edit::Names(text.to_owned()))
}

fn sent(effects: &[Effect]) -> Option<(Ticket, Draft)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Send(ticket, draft) => Some((*ticket, draft.clone())),
        _ => None,
    })
}

fn accepted(effects: &[Effect]) -> Option<(Ticket, Rc<Quote>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::TellAccept(number, quote) => Some((*number, Rc::clone(quote))),
        _ => None,
    })
}

fn tells_quote(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::TellQuote))
}

fn price(draft: Draft, json: &str, at: &str) -> Result<Quote, CertError> {
    let estimate: PriceEstimate = certquote::json::decode(json.as_bytes()).unwrap();
    Ok(Quote::new(draft, &estimate, format!("2026-11-21T{at}:00.000Z")).unwrap())
}

fn json(base: &str, tax: &str, total: &str) -> String {
    format!(r#"{{"base_price":{base},"total_price":{total},"currency":"USD","tax":{tax},"tax_error":false}}"#)
}

/// Applies an intent that asks for a price, and answers it.
fn answered(session: &mut Session, intent: Intent, json: &str, at: &str) -> Vec<Effect> {
    let effects = apply(session, intent);
    let (ticket, draft) = sent(&effects).expect("a request");
    apply(session, Intent::Answered(ticket, price(draft, json, at)))
}

/// A session with a button that shows a price of 782.
fn priced() -> Session {
    let mut session = Session::new(&EN, Rc::new(PlainFormats), |_| None, Date::new(2026, 11, 21).unwrap());
    apply(&mut session, Intent::Attach);
    apply(&mut session, Intent::Configure(labelled(), Unfit::default()));
    apply(&mut session, names("example.com"));
    answered(&mut session, Intent::Quote, &json("782", "0.00", "782"), "14:05");
    assert_eq!(session.acceptance(), Acceptance::Open);
    session
}

fn refused(session: &mut Session) -> Refusal {
    assert!(apply(session, Intent::Accept).is_empty(), "a refusal does nothing");
    let Acceptance::Refused(refusal) = session.acceptance() else { unreachable!("it was refused") };
    refusal
}

#[test]
fn pressing_asks_once_more_and_tells_only_when_the_price_still_holds() {
    let mut session = priced();
    let effects = apply(&mut session, Intent::Accept);
    let (ticket, draft) = sent(&effects).unwrap();
    assert!(accepted(&effects).is_none());
    assert_eq!((session.state(), session.acceptance()), (State::Loading, Acceptance::Checking));
    assert!(apply(&mut session, Intent::Accept).is_empty(), "a second press while it is checked");
    let effects =
        apply(&mut session, Intent::Answered(ticket, price(draft, &json("782.00", "0", "782.00"), "14:09")));
    let (_, quote) = accepted(&effects).expect("the same money in other digits is the same price");
    assert_eq!(quote.priced_at, "2026-11-21T14:09:00.000Z", "when it was known to hold");
    assert!(!tells_quote(&effects), "it is no newer quote");
    assert!(matches!(effects.first(), Some(Effect::TellState(State::Ready))), "the state is told first");
    assert!(Rc::ptr_eq(&quote, session.quote().unwrap()));
    assert_eq!(session.acceptance(), Acceptance::Accepted);
}

#[test]
fn a_price_that_moved_is_shown_with_the_difference_and_accepted_by_a_second_press() {
    let mut session = priced();
    let effects = answered(&mut session, Intent::Accept, &json("801.10", "0.00", "801.10"), "14:09");
    assert!(accepted(&effects).is_none() && tells_quote(&effects));
    let change = session.change().unwrap();
    assert_eq!(change.before.total.unwrap().to_string(), "782");
    assert_eq!(change.by.unwrap().to_string(), "19.10");
    assert_eq!(session.acceptance(), Acceptance::Open);
    let effects = answered(&mut session, Intent::Accept, &json("801.10", "0.00", "801.10"), "14:10");
    assert_eq!(accepted(&effects).unwrap().1.total.unwrap().to_string(), "801.10");
    assert_eq!(session.change(), None);
}

#[test]
fn a_price_that_moves_again_is_shown_again() {
    let mut session = priced();
    answered(&mut session, Intent::Accept, &json("800", "0.00", "800"), "14:09");
    let effects = answered(&mut session, Intent::Accept, &json("700.5", "0.00", "700.5"), "14:10");
    assert!(accepted(&effects).is_none());
    assert_eq!(session.change().unwrap().by.unwrap().to_string(), "-99.5");
}

#[test]
fn the_same_total_of_other_lines_is_another_price() {
    let mut session = priced();
    let effects = answered(&mut session, Intent::Accept, &json("700", "82.00", "782"), "14:09");
    assert!(accepted(&effects).is_none());
    assert!(session.change().unwrap().by.unwrap().is_zero());
}

#[test]
fn totals_of_two_currencies_and_those_with_and_without_tax_have_no_difference() {
    for other in [
        r#"{"base_price":782,"total_price":782,"currency":"EUR","tax":"0.00","tax_error":false}"#,
        r#"{"base_price":782,"total_price":782,"currency":"USD","tax":"0.00","tax_error":true}"#,
    ] {
        let mut session = priced();
        assert!(accepted(&answered(&mut session, Intent::Accept, other, "14:09")).is_none(), "{other}");
        assert_eq!(session.change().unwrap().by, None, "{other}");
    }
}

#[test]
fn a_total_before_tax_can_be_accepted() {
    let mut session = priced();
    let untaxed = r#"{"base_price":9,"total_price":9,"currency":"USD","tax":"0.00","tax_error":true}"#;
    answered(&mut session, Intent::Quote, untaxed, "14:06");
    let effects = answered(&mut session, Intent::Accept, untaxed, "14:07");
    assert!(accepted(&effects).unwrap().1.tax_error, "and the page is told that it is one");
}

#[test]
fn the_same_quote_has_the_same_number_and_a_newer_one_of_the_same_price_another() {
    let same = json("782", "0.00", "782");
    let mut session = priced();
    let accept =
        |session: &mut Session| accepted(&answered(session, Intent::Accept, &same, "14:09")).unwrap().0;
    let first = accept(&mut session);
    assert_eq!(accept(&mut session), first);
    answered(&mut session, Intent::Quote, &same, "14:10");
    assert_eq!(session.acceptance(), Acceptance::Open);
    assert_ne!(accept(&mut session), first);
}

#[test]
fn an_edit_while_the_price_is_checked_calls_the_acceptance_off() {
    let mut session = priced();
    let (ticket, draft) = sent(&apply(&mut session, Intent::Accept)).unwrap();
    let effects = apply(&mut session, names("b.example.com"));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Abort)));
    let late = price(draft, &json("782", "0.00", "782"), "14:09");
    assert!(apply(&mut session, Intent::Answered(ticket, late)).is_empty());
    assert_eq!(refused(&mut session), Refusal::Stale);
    apply(&mut session, names("example.com"));
    assert_eq!(session.acceptance(), Acceptance::Open, "and typing it back accepts nothing by itself");
}

#[test]
fn leaving_the_page_and_another_proxy_call_the_acceptance_off() {
    let connection = Connection { proxy: "/elsewhere".to_owned(), ..Connection::default() };
    let elsewhere = Config { connection, ..labelled() };
    for intent in [Intent::Detach, Intent::Configure(elsewhere, Unfit::default())] {
        let mut session = priced();
        let (ticket, draft) = sent(&apply(&mut session, Intent::Accept)).unwrap();
        apply(&mut session, intent);
        let late = price(draft, &json("782", "0.00", "782"), "14:09");
        assert!(apply(&mut session, Intent::Answered(ticket, late)).is_empty());
    }
}

#[test]
fn without_its_button_nothing_is_accepted() {
    let mut session = priced();
    let (ticket, draft) = sent(&apply(&mut session, Intent::Accept)).unwrap();
    apply(&mut session, Intent::Configure(Config::default(), Unfit::default()));
    let same = price(draft, &json("782", "0.00", "782"), "14:09");
    let effects = apply(&mut session, Intent::Answered(ticket, same));
    assert!(accepted(&effects).is_none() && tells_quote(&effects), "what was asked is a quote as any other");
    assert!(apply(&mut session, Intent::Accept).is_empty());
}

#[test]
fn a_check_that_fails_accepts_nothing_and_keeps_the_figures() {
    let mut session = priced();
    let (ticket, _) = sent(&apply(&mut session, Intent::Accept)).unwrap();
    let error = CertError::from_transport("x", TransportError::Timeout, &errors::EN);
    let effects = apply(&mut session, Intent::Answered(ticket, Err(error)));
    assert!(accepted(&effects).is_none());
    assert_eq!(session.error().map(|error| error.code), Some(ErrorCode::Timeout));
    assert_eq!((session.state(), refused(&mut session)), (State::Stale, Refusal::Failed));
}

#[test]
fn a_check_that_ends_without_a_price_accepts_nothing() {
    let mut session = priced();
    let effects = answered(&mut session, Intent::Accept, &json("0", "0.00", "0"), "14:09");
    assert!(accepted(&effects).is_none());
    assert_eq!((session.state(), refused(&mut session)), (State::Unknown, Refusal::Unknown));
    assert_eq!(session.change(), None, "there is nothing to compare with");
}

#[test]
fn what_is_not_the_price_of_this_order_is_refused_with_its_reason() {
    let mut session = Session::new(&EN, Rc::new(PlainFormats), |_| None, Date::new(2026, 11, 21).unwrap());
    apply(&mut session, Intent::Configure(labelled(), Unfit::default()));
    assert_eq!(refused(&mut session), Refusal::NoPrice);
    apply(&mut session, names("example.com"));
    apply(&mut session, Intent::Quote);
    assert_eq!(refused(&mut session), Refusal::Loading);
    let mut session = priced();
    apply(&mut session, names("example.com b.example.com"));
    assert_eq!(refused(&mut session), Refusal::Stale);
    apply(&mut session, names("bad_name"));
    apply(&mut session, Intent::Quote);
    assert_eq!(refused(&mut session), Refusal::Stale, "what is wrong with the draft is said in the form");
}

#[test]
fn whoever_asks_for_a_quote_meanwhile_gets_the_answer_of_the_check() {
    let mut session = priced();
    let (ticket, draft) = sent(&apply(&mut session, Intent::Accept)).unwrap();
    assert!(sent(&apply(&mut session, Intent::Quote)).is_none());
    assert_eq!(session.ticket(), ticket);
    let effects =
        apply(&mut session, Intent::Answered(ticket, price(draft, &json("782", "0.00", "782"), "14:09")));
    assert!(accepted(&effects).is_some());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Settle(of, Ok(_)) if *of == ticket)));
}

#[test]
fn a_key_is_a_uuid_of_version_4_and_every_other_bit_is_random() {
    let key = uuid([0; 16]);
    assert_eq!(key, "00000000-0000-4000-8000-000000000000");
    assert_eq!(uuid([0xFF; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    let keys: HashSet<_> = (0..128_u8).map(|bit| uuid((1_u128 << bit).to_le_bytes())).collect();
    assert_eq!(keys.len(), 128 - 6 + 1, "but six that say what it is");
}
