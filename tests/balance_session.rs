//! One balance over time: never two requests at once, old figures stay, and nobody ever sees another account's.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here is a failed test"
)]

use std::rc::Rc;

use certquote::amount::Amount;
use certquote::api::NumericId;
use certquote::balance::Balance;
use certquote::balance_session::{BalanceSession, Effect, Intent};
use certquote::config::{BalanceConfig, Subject, Unfit};
use certquote::error::{CertError, ErrorCode};
use certquote::json;
use certquote::low::Level;
use certquote::state::{State, Ticket};
use certquote::transport::{Response, TransportError};
use certquote::words::{EN, PlainFormats, errors};

const START: u64 = 1_795_000_000_000;
const MINUTE: u64 = 60_000;

/// A session and the time of its day.
struct Run {
    session: BalanceSession,
    now: u64,
}

impl Run {
    /// On a page with these attributes.
    fn new(attributes: &[(&str, &str)]) -> (Self, Vec<Effect>) {
        let mut run = Self { session: BalanceSession::new(&EN, Rc::new(PlainFormats)), now: START };
        let mut effects = run.configure(attributes);
        effects.extend(run.apply(Intent::Attach));
        (run, effects)
    }

    /// On a page, with a balance.
    fn ready(attributes: &[(&str, &str)], balance: &str) -> Self {
        let (mut run, effects) = Self::new(attributes);
        run.answer(sent(&effects).0, Ok(account(balance)));
        assert_eq!(run.session.state(), State::Ready);
        run
    }

    fn apply(&mut self, intent: Intent) -> Vec<Effect> {
        self.session.apply(intent, self.now)
    }

    fn configure(&mut self, attributes: &[(&str, &str)]) -> Vec<Effect> {
        let (config, unfit) = read(attributes);
        self.apply(Intent::Configure(config, unfit))
    }

    fn refresh(&mut self) -> Vec<Effect> {
        self.apply(Intent::Refresh)
    }

    fn answer(&mut self, ticket: Ticket, outcome: Result<Balance, CertError>) -> Vec<Effect> {
        self.apply(Intent::Answered(ticket, outcome))
    }

    /// Loads once more, with this outcome.
    fn reload(&mut self, outcome: Result<Balance, CertError>) -> Vec<Effect> {
        let (ticket, _) = sent(&self.refresh());
        self.answer(ticket, outcome)
    }

    fn shown(&self) -> Option<String> {
        self.session.balance().map(|balance| balance.amount.to_string())
    }
}

fn read(attributes: &[(&str, &str)]) -> (BalanceConfig, Unfit) {
    let find =
        |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    BalanceConfig::read(&find, |_| true)
}

fn account(balance: &str) -> Balance {
    let body = format!(r#"{{"balance":"{balance}","currency":"USD"}}"#);
    Balance::from_account(json::decode(body.as_bytes()).unwrap(), "2026-11-21T14:05:00.000Z".to_owned())
}

fn unreachable_service() -> CertError {
    CertError::from_transport("finance/balance", TransportError::Network { offline: false }, &errors::EN)
}

fn refused(status: u16) -> CertError {
    let response = Response { status, body: Vec::new(), ..Response::default() };
    CertError::from_response("finance/balance", &response, &errors::EN)
}

/// The one request among the effects.
fn sent(effects: &[Effect]) -> (Ticket, Subject) {
    let mut sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send(ticket, subject) => Some((*ticket, subject.clone())),
        _ => None,
    });
    let first = sent.next().expect("a request");
    assert!(sent.next().is_none(), "one request");
    first
}

fn asks(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Send(..)))
}

fn levels(effects: &[Effect]) -> Vec<(Level, String)> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::TellLow(low) => Some((low.level, low.amount.to_string())),
        _ => None,
    });
    told.collect()
}

#[test]
fn an_older_answer_in_the_place_of_one_that_could_not_be_had_is_stale_at_its_own_age() {
    let (mut run, effects) = Run::new(&[]);
    let (ticket, _) = sent(&effects);
    let effects = run.apply(Intent::StoodIn(ticket, account("454.00"), 180, refused(503)));
    assert_eq!((run.session.state(), run.shown().as_deref()), (State::Stale, Some("454.00")));
    assert_eq!(run.session.age_minutes(run.now), 3);
    assert!(run.session.error().is_some_and(|error| error.code == ErrorCode::Upstream && error.retryable));
    // Whoever waits for a refresh hears that it failed.
    assert!(matches!(
        &effects[..],
        [
            Effect::TellState(State::Stale),
            Effect::TellBalance,
            Effect::TellError(_),
            Effect::Settle(_, Err(_))
        ]
    ));
    run.reload(Ok(account("455.00")));
    assert_eq!((run.session.state(), run.session.error()), (State::Ready, None));
    // An answer to a request that nobody waits for any more.
    assert!(run.apply(Intent::StoodIn(ticket, account("1.00"), 0, refused(503))).is_empty());
}

#[test]
fn it_loads_when_it_comes_onto_a_page_and_the_page_hears_the_state_first() {
    let mut session = BalanceSession::new(&EN, Rc::new(PlainFormats));
    let (config, unfit) = read(&[("container-id", "7")]);
    assert!(session.apply(Intent::Configure(config, unfit), START).is_empty());
    assert_eq!(session.state(), State::Idle);
    let effects = session.apply(Intent::Attach, START);
    let (ticket, subject) = sent(&effects);
    assert_eq!(subject, Subject::Account(NumericId::parse("7")));
    assert_eq!(session.state(), State::Loading);
    let effects = session.apply(Intent::Answered(ticket, Ok(account("454.00"))), START);
    assert!(matches!(
        &effects[..],
        [Effect::TellState(State::Ready), Effect::TellBalance, Effect::Settle(_, Ok(_))]
    ));
}

#[test]
fn a_refresh_while_one_is_under_way_joins_it() {
    let (mut run, effects) = Run::new(&[]);
    let (ticket, _) = sent(&effects);
    assert!(run.refresh().is_empty());
    assert!(run.apply(Intent::Shown).is_empty());
    assert_eq!(run.session.ticket(), ticket, "the promise waits for the request under way");
    run.answer(ticket, Ok(account("454.00")));
    assert_eq!(run.shown().as_deref(), Some("454.00"));
}

#[test]
fn a_failed_refresh_keeps_the_figures_and_says_how_old_they_are() {
    let mut run = Run::ready(&[], "454.00");
    run.now += 12 * MINUTE + 59_000;
    let (ticket, _) = sent(&run.refresh());
    assert_eq!((run.session.state(), run.shown().as_deref()), (State::Loading, Some("454.00")));
    let effects = run.answer(ticket, Err(unreachable_service()));
    assert!(matches!(
        &effects[..],
        [Effect::TellState(State::Stale), Effect::TellError(_), Effect::Settle(_, Err(_))]
    ));
    assert_eq!(run.shown().as_deref(), Some("454.00"));
    assert_eq!(run.session.age_minutes(run.now), 12);
    assert_eq!(run.session.error().unwrap().code, ErrorCode::Network);
    run.reload(Ok(account("10")));
    assert_eq!((run.session.state(), run.session.error()), (State::Ready, None));
    assert_eq!(run.session.age_minutes(run.now), 0);
}

#[test]
fn a_first_failure_is_an_error_without_figures() {
    let (mut run, effects) = Run::new(&[]);
    run.answer(sent(&effects).0, Err(unreachable_service()));
    assert_eq!((run.session.state(), run.shown()), (State::Error, None));
    run.reload(Ok(account("0")));
    assert_eq!((run.session.state(), run.shown().as_deref()), (State::Ready, Some("0")));
}

#[test]
fn another_subject_calls_off_what_is_under_way_and_drops_the_other_ones_figures() {
    let mut run = Run::ready(&[("container-id", "7")], "454.00");
    let (late, _) = sent(&run.refresh());
    let effects = run.configure(&[("container-id", "8")]);
    assert!(matches!(
        &effects[..],
        [Effect::Abort, Effect::Settle(_, Err(error)), Effect::Send(..)] if error.code == ErrorCode::Cancelled
    ));
    assert_eq!((run.session.state(), run.shown()), (State::Loading, None));
    assert!(run.answer(late, Ok(account("454.00"))).is_empty(), "a late answer has nowhere to go");
    assert_eq!(run.shown(), None);
    run.answer(sent(&effects).0, Ok(account("8.00")));
    assert_eq!(run.shown().as_deref(), Some("8.00"));
}

#[test]
fn only_what_matters_loads_again() {
    for (attribute, value, loads) in [
        ("proxy", "/other", true),
        ("container-id", "8", true),
        ("source", "subaccount", false),
        ("locale", "de", false),
        ("theme", "dark", false),
        ("low-balance", "500", false),
        ("timeout-ms", "2000", false),
        ("credentials", "include", false),
    ] {
        let mut run = Run::ready(&[], "454.00");
        assert_eq!(asks(&run.configure(&[(attribute, value)])), loads, "{attribute}");
    }
}

#[test]
fn without_a_subject_nothing_is_asked_and_a_refresh_says_why() {
    for (attributes, named) in [
        (&[("source", "subaccount")][..], "subaccount-id"),
        (&[("source", "frontier"), ("org-id", "acme")], "org-id"),
        (&[("container-id", "12a")], "container-id"),
        (&[("source", "acount")], "source"),
    ] {
        let (mut run, effects) = Run::new(attributes);
        let [Effect::TellState(State::Error), Effect::TellError(error)] = &effects[..] else {
            panic!("{effects:?}")
        };
        assert_eq!(
            (error.code, error.endpoint),
            (ErrorCode::Misconfigured, run.session.config().source.endpoint())
        );
        assert!(error.fields.iter().any(|field| field.field == named), "{error:?}");
        let effects = run.refresh();
        assert!(!asks(&effects));
        assert!(matches!(&effects[..], [Effect::TellError(_), Effect::Settle(_, Err(_))]));
        assert_eq!(run.session.state(), State::Error);
        assert!(asks(&run.configure(&[])), "it recovers with its attributes");
    }
}

#[test]
fn a_subject_that_goes_takes_its_figures_along() {
    let mut run = Run::ready(&[], "454.00");
    run.configure(&[("source", "subaccount")]);
    assert_eq!((run.session.state(), run.shown()), (State::Error, None));
}

#[test]
fn an_attribute_that_cannot_be_used_is_told_once_and_the_rest_works() {
    let (mut run, effects) = Run::new(&[("low-balance", "some")]);
    let told =
        |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::TellError(_))).count();
    assert_eq!(told(&effects), 1);
    assert_eq!(told(&run.configure(&[("low-balance", "some")])), 0);
    run.answer(sent(&effects).0, Ok(account("454.00")));
    assert_eq!(run.session.state(), State::Ready);
    assert_eq!(run.session.error().unwrap().code, ErrorCode::Misconfigured);
}

#[test]
fn the_tab_that_comes_back_asks_again_only_after_five_minutes() {
    let mut run = Run::ready(&[], "454.00");
    run.now += 5 * MINUTE - 1;
    assert!(!asks(&run.apply(Intent::Shown)));
    run.now += 1;
    let (ticket, _) = sent(&run.apply(Intent::Shown));
    run.answer(ticket, Err(unreachable_service()));
    run.now += 4 * MINUTE;
    assert!(!asks(&run.apply(Intent::Shown)), "an attempt that failed is an attempt");
    run.now += MINUTE;
    assert!(asks(&run.apply(Intent::Shown)));
}

#[test]
fn taken_out_and_put_back_it_asks_only_for_what_it_lacks() {
    let mut run = Run::ready(&[], "454.00");
    run.apply(Intent::Detach);
    assert!(!asks(&run.apply(Intent::Shown)), "off the page it asks nothing");
    assert!(!asks(&run.apply(Intent::Attach)));
    assert_eq!((run.session.state(), run.shown().as_deref()), (State::Ready, Some("454.00")));

    run.refresh();
    let effects = run.apply(Intent::Detach);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Abort)));
    assert_eq!((run.session.state(), run.shown().as_deref()), (State::Ready, Some("454.00")));
    assert!(asks(&run.apply(Intent::Attach)), "what was called off is asked again");
}

#[test]
fn a_plain_400_speaks_of_divisions_only_where_none_was_named() {
    for (attributes, speaks) in [(&[][..], true), (&[("container-id", "7")], false)] {
        let (mut run, effects) = Run::new(attributes);
        run.answer(sent(&effects).0, Err(refused(400)));
        let message = run.session.error().unwrap().message;
        assert_eq!(message == errors::EN.several_divisions, speaks, "{message}");
    }
}

#[test]
fn levels_are_told_when_they_change_and_the_first_only_if_it_is_not_ok() {
    let low = [("low-balance", "500")];
    let mut run = Run::ready(&low, "5000");
    assert_eq!(run.session.low(), Some((Level::Ok, Amount::from(500))));
    assert_eq!(levels(&run.reload(Ok(account("700")))), [(Level::Approaching, "700".to_owned())]);
    assert_eq!(levels(&run.reload(Ok(account("720")))), []);
    assert_eq!(levels(&run.reload(Ok(account("499.99")))), [(Level::Low, "499.99".to_owned())]);
    assert_eq!(levels(&run.reload(Ok(account("999")))), [(Level::Approaching, "999".to_owned())]);
    assert_eq!(levels(&run.reload(Ok(account("1000")))), [(Level::Ok, "1000".to_owned())]);

    let (mut run, effects) = Run::new(&low);
    let effects = run.answer(sent(&effects).0, Ok(account("0")));
    assert!(matches!(
        &effects[..],
        [Effect::TellState(_), Effect::TellBalance, Effect::TellLow(_), Effect::Settle(..)]
    ));
}

#[test]
fn the_low_of_one_account_does_not_stay_said_of_another() {
    let mut run = Run::ready(&[("low-balance", "500")], "0");
    let effects = run.configure(&[("low-balance", "500"), ("container-id", "8")]);
    assert_eq!(run.session.low(), None);
    // Without hysteresis from the other account, and the page hears that it is well.
    let effects = run.answer(sent(&effects).0, Ok(account("900")));
    assert_eq!(levels(&effects), [(Level::Ok, "900".to_owned())]);
}

#[test]
fn a_new_threshold_is_judged_at_once() {
    let mut run = Run::ready(&[], "454.00");
    assert_eq!(run.session.low(), None);
    assert_eq!(levels(&run.configure(&[("low-balance", "454")])), [(Level::Low, "454.00".to_owned())]);
    assert_eq!(levels(&run.configure(&[("low-balance", "100")])), [(Level::Ok, "454.00".to_owned())]);
    assert!(run.configure(&[]).is_empty());
    assert_eq!(run.session.low(), None);
}
