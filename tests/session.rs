//! The quote form over time: the latest input wins, old figures stay, and nothing is asked that cannot be answered.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here is a failed test"
)]

use std::rc::Rc;

use certquote::address::AddressField;
use certquote::api::order_pricing::PriceEstimate;
use certquote::balance::Balance;
use certquote::config::{Attribute, Config, Connection, Unfit};
use certquote::date::Date;
use certquote::draft::{Draft, OrderValidity};
use certquote::error::{CertError, ErrorCode};
use certquote::form::{Edit, Length, Loose, LooseDraft, LooseValidity, Paste};
use certquote::funds::Verdict;
use certquote::problem::Group;
use certquote::quote::Quote;
use certquote::session::{Effect, Intent, Session};
use certquote::state::{State, Ticket};
use certquote::transport::{Response, TransportError};
use certquote::words::{EN, PlainFormats, errors};

fn today() -> Date {
    Date::new(2026, 11, 21).unwrap()
}

fn session() -> Session {
    let mut session = Session::new(&EN, Rc::new(PlainFormats), |_| None, today());
    session.apply(Intent::Attach, today());
    session
}

fn names(text: &str) -> Intent {
    Intent::Edit(Edit::Names(text.to_owned()))
}

fn apply(session: &mut Session, intent: Intent) -> Vec<Effect> {
    session.apply(intent, today())
}

/// The one request among the effects.
fn sent(effects: &[Effect]) -> (Ticket, Draft) {
    let mut sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send(ticket, draft) => Some((*ticket, draft.clone())),
        _ => None,
    });
    let first = sent.next().expect("a request");
    assert!(sent.next().is_none(), "one request");
    first
}

fn asks(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Send(..)))
}

fn aborts(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Abort))
}

fn settled(effects: &[Effect]) -> Vec<Result<String, ErrorCode>> {
    let settled = effects.iter().filter_map(|effect| match effect {
        Effect::Settle(_, Ok(quote)) => {
            Some(Ok(quote.total.map(|total| total.to_string()).unwrap_or_default()))
        }
        Effect::Settle(_, Err(error)) => Some(Err(error.code)),
        _ => None,
    });
    settled.collect()
}

fn estimate(total: &str) -> PriceEstimate {
    let json = format!(
        r#"{{"base_price":{total},"total_price":{total},"currency":"USD","tax":"0.00","tax_error":false}}"#
    );
    certquote::json::decode(json.as_bytes()).unwrap()
}

fn answer(draft: Draft, total: &str) -> Result<Quote, CertError> {
    Ok(Quote::new(draft, &estimate(total), "2026-11-21T14:05:00.000Z".to_owned()).unwrap())
}

fn failed_service() -> CertError {
    let response = Response { status: 503, ..Response::default() };
    CertError::from_response("finance/order-pricing", &response, &errors::EN)
}

fn unreachable_service() -> CertError {
    CertError::from_transport(
        "finance/order-pricing",
        TransportError::Network { offline: false },
        &errors::EN,
    )
}

/// A session that shows a price of 782 for `example.com`.
fn priced() -> Session {
    let mut session = session();
    apply(&mut session, names("example.com"));
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    apply(&mut session, Intent::Answered(ticket, answer(draft, "782")));
    assert_eq!(session.state(), State::Ready);
    session
}

fn shown(session: &Session) -> Option<String> {
    session.quote()?.total.map(|total| total.to_string())
}

#[test]
fn a_quote_goes_from_idle_over_loading_to_ready_and_the_page_hears_the_state_first() {
    let mut session = session();
    assert_eq!(session.state(), State::Idle);
    apply(&mut session, names("Example.COM, www.example.com"));
    let effects = apply(&mut session, Intent::Quote);
    let (ticket, draft) = sent(&effects);
    assert_eq!(draft.dns_names, ["example.com", "www.example.com"]);
    assert_eq!(session.state(), State::Loading);
    let effects = apply(&mut session, Intent::Answered(ticket, answer(draft, "782")));
    assert!(matches!(
        &effects[..],
        [Effect::TellState(State::Ready), Effect::TellQuote, Effect::Settle(_, Ok(_))]
    ));
    assert_eq!(shown(&session).as_deref(), Some("782"));
}

#[test]
fn an_edit_makes_the_price_stale_at_once_and_typing_it_back_makes_it_fit_again() {
    let mut session = priced();
    let effects = apply(&mut session, names("example.com b.example.com"));
    assert!(matches!(&effects[..], [Effect::TellState(State::Stale)]));
    assert_eq!(shown(&session).as_deref(), Some("782"));
    apply(&mut session, names("example.com "));
    assert_eq!(session.state(), State::Ready);
}

#[test]
fn an_edit_aborts_the_request_under_way_and_its_late_answer_never_appears() {
    let mut session = priced();
    apply(&mut session, names("b.example.com"));
    let (late, draft) = sent(&apply(&mut session, Intent::Quote));
    let effects = apply(&mut session, names("c.example.com"));
    assert!(aborts(&effects));
    assert_eq!(settled(&effects), [Err(ErrorCode::Cancelled)]);
    assert!(apply(&mut session, Intent::Answered(late, answer(draft, "1"))).is_empty());
    assert_eq!((session.state(), shown(&session).as_deref()), (State::Stale, Some("782")));
    assert_eq!(session.error(), None, "being overtaken is no failure");
}

#[test]
fn an_edit_that_changes_nothing_that_is_sent_leaves_the_request_alone() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    sent(&apply(&mut session, Intent::Quote));
    assert!(apply(&mut session, names("example.com,\n")).is_empty());
    assert_eq!(session.state(), State::Loading);
}

#[test]
fn asking_twice_for_the_same_draft_asks_once_and_both_get_the_answer() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    let again = apply(&mut session, Intent::Quote);
    assert!(!asks(&again) && !aborts(&again));
    assert_eq!(session.ticket(), ticket, "whoever asked second waits for the same answer");
    assert_eq!(
        settled(&apply(&mut session, Intent::Answered(ticket, answer(draft, "5")))),
        [Ok("5".to_owned())]
    );
}

#[test]
fn a_failed_request_keeps_the_old_figures_and_the_draft() {
    let mut session = priced();
    apply(&mut session, names("b.example.com"));
    let (ticket, _) = sent(&apply(&mut session, Intent::Quote));
    assert_eq!((session.state(), shown(&session).as_deref()), (State::Loading, Some("782")));
    let effects = apply(&mut session, Intent::Answered(ticket, Err(unreachable_service())));
    assert_eq!(settled(&effects), [Err(ErrorCode::Network)]);
    assert_eq!((session.state(), shown(&session).as_deref()), (State::Stale, Some("782")));
    assert_eq!(session.form().names_text(), "b.example.com");
    assert_eq!(session.error().map(|error| error.code), Some(ErrorCode::Network));
}

#[test]
fn a_first_request_that_fails_is_an_error_and_the_next_success_clears_it() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    let (ticket, _) = sent(&apply(&mut session, Intent::Quote));
    apply(&mut session, Intent::Answered(ticket, Err(unreachable_service())));
    assert_eq!(session.state(), State::Error);
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    apply(&mut session, Intent::Answered(ticket, answer(draft, "5")));
    assert_eq!((session.state(), session.error()), (State::Ready, None));
}

#[test]
fn a_draft_that_cannot_be_sent_asks_nothing_and_names_each_field() {
    let mut session = session();
    apply(&mut session, names("ok.example.com bad_name.example.com"));
    apply(&mut session, Intent::Edit(Edit::Length(Length::Days)));
    apply(&mut session, Intent::Edit(Edit::Address(AddressField::City, "Seattle".to_owned())));
    let effects = apply(&mut session, Intent::Quote);
    assert!(!asks(&effects));
    assert_eq!(settled(&effects), [Err(ErrorCode::InvalidDraft)]);
    let fields: Vec<_> = session.error().unwrap().fields.into_iter().map(|field| field.field).collect();
    assert_eq!(fields, ["dns_names[1]", "order_validity", "billing_address.country"]);
}

#[test]
fn what_is_wrong_with_a_draft_goes_away_as_it_is_corrected() {
    let mut session = session();
    apply(&mut session, Intent::Quote);
    assert_eq!(session.state(), State::Error);
    apply(&mut session, names("example.com"));
    assert_eq!((session.state(), session.error()), (State::Idle, None));
}

#[test]
fn nothing_is_said_of_a_part_of_the_form_before_it_was_left() {
    let mut session = session();
    apply(&mut session, names("bad_name.example.com"));
    assert_eq!(session.shown_problems(Group::Names).count(), 0);
    apply(&mut session, Intent::Leave(Group::Names));
    assert_eq!(session.shown_problems(Group::Names).count(), 1);
}

fn live() -> Config {
    Config { live: true, ..Config::default() }
}

#[test]
fn live_asks_after_a_pause_and_only_for_what_can_be_sent() {
    let mut session = session();
    apply(&mut session, Intent::Configure(live(), Unfit::default()));
    let effects = apply(&mut session, names("bad_"));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Pause)) && !asks(&effects));
    assert!(apply(&mut session, Intent::Paused).is_empty(), "half-typed names are no failure");
    assert_eq!(session.state(), State::Idle);
    apply(&mut session, names("example.com"));
    let (ticket, draft) = sent(&apply(&mut session, Intent::Paused));
    apply(&mut session, Intent::Answered(ticket, answer(draft, "5")));
    assert!(apply(&mut session, Intent::Paused).is_empty(), "a price that fits is not asked for again");
}

#[test]
fn live_prices_a_draft_that_was_there_before_it() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    let effects = apply(&mut session, Intent::Configure(live(), Unfit::default()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Pause)));
    sent(&apply(&mut session, Intent::Paused));
}

#[test]
fn without_live_an_edit_starts_no_pause() {
    let mut session = session();
    assert!(apply(&mut session, names("example.com")).is_empty());
    assert!(apply(&mut session, Intent::Paused).is_empty());
}

#[test]
fn an_attribute_that_cannot_be_used_is_told_of_once_and_the_rest_works_on() {
    let mut session = session();
    let unfit = || Unfit { unusable: vec![Attribute::TimeoutMs], ..Unfit::default() };
    let effects = apply(&mut session, Intent::Configure(Config::default(), unfit()));
    let [Effect::TellError(error)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Misconfigured, "timeout-ms"));
    assert!(apply(&mut session, Intent::Configure(Config::default(), unfit())).is_empty());
    assert_eq!(session.state(), State::Idle);
    apply(&mut session, names("example.com"));
    sent(&apply(&mut session, Intent::Quote));
}

#[test]
fn another_proxy_makes_the_price_stale_and_aborts() {
    let mut session = priced();
    let elsewhere = Config {
        connection: Connection { proxy: "/elsewhere".to_owned(), ..Connection::default() },
        ..Config::default()
    };
    apply(&mut session, Intent::Configure(elsewhere, Unfit::default()));
    assert_eq!(session.state(), State::Stale);
}

#[test]
fn leaving_the_page_calls_off_the_request_and_keeps_the_rest() {
    let mut session = priced();
    apply(&mut session, names("b.example.com"));
    apply(&mut session, Intent::Quote);
    let effects = apply(&mut session, Intent::Detach);
    assert!(aborts(&effects));
    assert_eq!(settled(&effects), [Err(ErrorCode::Cancelled)]);
    assert_eq!((session.state(), session.form().names_text()), (State::Stale, "b.example.com"));
}

fn loose(json: serde_json::Value) -> LooseDraft {
    certquote::json::decode(json.to_string().as_bytes()).unwrap()
}

#[test]
fn a_draft_that_is_set_is_read_back_as_it_was() {
    let draft = serde_json::json!({
        "dns_names": ["example.com", "*.example.org"],
        "product_name_id": "ssl_securesite_flex",
        "order_validity": {"custom_expiration_date": "2027-05-01"},
        "addons": ["token"],
        "is_out_of_contract": true,
        "renewal_of_order_valid_till": "2026-12-24",
        "billing_address": {"country": "US", "state": "Washington", "city": "Seattle", "zip": "98101"},
    });
    let mut session = session();
    apply(&mut session, Intent::SetDraft(loose(draft.clone())));
    assert_eq!(serde_json::to_value(session.form().to_draft()).unwrap(), draft);
    let (_, sent) = sent(&apply(&mut session, Intent::Quote));
    assert_eq!(serde_json::to_value(sent).unwrap(), draft);
}

#[test]
fn a_length_has_to_be_one_of_three() {
    for (validity, fault) in [
        (serde_json::json!({}), EN.draft.length_missing),
        (serde_json::json!({"years": 1, "days": 30}), EN.draft.length_ambiguous),
    ] {
        let mut session = session();
        let draft = serde_json::json!({"dns_names": ["example.com"], "product_name_id": "ssl_basic", "order_validity": validity});
        apply(&mut session, Intent::SetDraft(loose(draft)));
        let effects = apply(&mut session, Intent::Quote);
        assert!(!asks(&effects));
        let error = session.error().unwrap();
        assert_eq!(
            (error.fields[0].field.as_str(), error.fields[0].message.as_str()),
            ("order_validity", fault)
        );
    }
}

#[test]
fn a_product_that_takes_no_names_sends_none_and_keeps_those_typed() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    apply(&mut session, Intent::Edit(Edit::Product("code_signing".to_owned())));
    let (_, draft) = sent(&apply(&mut session, Intent::Quote));
    assert_eq!(draft.dns_names, Vec::<String>::new());
    assert_eq!(session.form().names_text(), "example.com");
}

#[test]
fn the_products_of_the_page_are_the_only_ones() {
    let mut session = session();
    let config =
        Config { products: Some(certquote::products::narrow("ssl_ev_basic").products), ..Config::default() };
    apply(&mut session, Intent::Configure(config, Unfit::default()));
    assert_eq!(session.form().product, "ssl_ev_basic", "the form begins with one that is offered");
    apply(&mut session, Intent::Edit(Edit::Product("ssl_basic".to_owned())));
    apply(&mut session, Intent::Quote);
    let fields: Vec<_> = session.error().unwrap().fields.into_iter().map(|field| field.field).collect();
    assert!(fields.contains(&"product_name_id".to_owned()), "{fields:?}");
}

#[test]
fn attributes_that_change_later_lose_nothing_typed() {
    let mut session = session();
    apply(&mut session, names("exam"));
    apply(&mut session, Intent::Edit(Edit::AddonsText("token, 17".to_owned())));
    let addon = certquote::config::Addon { id: "token".to_owned(), label: "Hardware token".to_owned() };
    let config = Config { addons: vec![addon], ..Config::default() };
    apply(&mut session, Intent::Configure(config, Unfit::default()));
    assert_eq!(session.form().names_text(), "exam");
    assert_eq!(
        (session.form().addons.as_slice(), session.form().addons_text.as_str()),
        (&["token".to_owned()][..], "17")
    );
}

#[test]
fn a_long_paste_is_kept_beside_the_box_and_can_be_unfolded() {
    let list: String = (0..5000).map(|number| format!("host{number}.example.com\n")).collect();
    let mut session = session();
    apply(&mut session, Intent::Edit(Edit::Paste(Paste::Long(list), 0..0)));
    apply(&mut session, names("one-more.example.com"));
    assert_eq!(session.form().names_text(), "one-more.example.com");
    assert_eq!(session.form().to_draft().dns_names.len(), 5001);
    let before = session.form().names_set();
    apply(&mut session, Intent::Edit(Edit::UnfoldBlock));
    assert!(session.form().names_text().ends_with("host4999.example.com\n\none-more.example.com"));
    assert!(session.form().names_set() > before, "the box has to be filled anew");
    assert_eq!(session.form().to_draft().dns_names.len(), 5001);
}

#[test]
fn a_number_of_years_that_is_none_is_a_problem_of_the_length() {
    let mut session = session();
    let years = Some(Loose("many".to_owned()));
    let order_validity = LooseValidity { years, ..LooseValidity::default() };
    let draft = LooseDraft {
        dns_names: vec!["example.com".to_owned()],
        product_name_id: "ssl_basic".to_owned(),
        order_validity,
        ..LooseDraft::default()
    };
    apply(&mut session, Intent::SetDraft(draft));
    apply(&mut session, Intent::Quote);
    assert_eq!(session.error().unwrap().fields[0].field, "order_validity");
    apply(&mut session, Intent::Edit(Edit::Years("2".to_owned())));
    assert_eq!(sent(&apply(&mut session, Intent::Quote)).1.order_validity, OrderValidity::Years(2));
}

#[test]
fn a_product_that_was_chosen_stays_when_the_offer_changes() {
    let offer =
        |ids| Config { products: Some(certquote::products::narrow(ids).products), ..Config::default() };
    let mut session = session();
    apply(&mut session, Intent::Configure(offer("ssl_ev_basic,ssl_basic"), Unfit::default()));
    apply(&mut session, Intent::Edit(Edit::Product("ssl_basic".to_owned())));
    apply(&mut session, Intent::Configure(offer("ssl_ev_basic,ssl_plus"), Unfit::default()));
    assert_eq!(session.form().product, "ssl_basic");
}

#[test]
fn a_draft_that_chose_no_length_is_not_read_back_as_one_that_did() {
    for validity in [serde_json::json!({}), serde_json::json!({"years": 1, "days": 30})] {
        let mut session = session();
        let draft =
            serde_json::json!({"dns_names": [], "product_name_id": "ssl_basic", "order_validity": validity});
        apply(&mut session, Intent::SetDraft(loose(draft.clone())));
        assert_eq!(serde_json::to_value(session.form().to_draft()).unwrap(), draft);
    }
}

#[test]
fn live_rests_while_off_the_page_and_goes_on_when_it_is_back() {
    let pauses = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Pause));
    let mut session = session();
    apply(&mut session, Intent::Configure(live(), Unfit::default()));
    apply(&mut session, Intent::Detach);
    assert!(!pauses(&apply(&mut session, names("example.com"))));
    assert!(!asks(&apply(&mut session, Intent::Paused)));
    assert!(pauses(&apply(&mut session, Intent::Attach)));
    sent(&apply(&mut session, Intent::Paused));
}

#[test]
fn an_error_about_an_earlier_order_goes_with_it() {
    let mut session = priced();
    apply(&mut session, names("b.example.com"));
    let (ticket, _) = sent(&apply(&mut session, Intent::Quote));
    apply(&mut session, Intent::Answered(ticket, Err(unreachable_service())));
    apply(&mut session, names("example.com"));
    assert_eq!((session.state(), session.error()), (State::Ready, None), "the price fits this order");
}

/// A balance of so much available, as a `<cert-balance>` of the page has it.
fn balance(available: &str, currency: &str) -> Intent {
    let body =
        format!(r#"{{"balance":"1.00","currency":"{currency}","total_available_funds":"{available}"}}"#);
    let answer = certquote::json::decode(body.as_bytes()).unwrap();
    Intent::Balance(Some(Rc::new(Balance::from_account(answer, "2026-11-21T14:05:00.000Z".to_owned()))))
}

fn after(session: &Session) -> Option<String> {
    session.quote()?.funds?.after.map(|after| after.to_string())
}

#[test]
fn a_quote_settles_with_the_verdict_of_the_balance_that_is_there() {
    let mut session = session();
    apply(&mut session, balance("500.00", "usd"));
    apply(&mut session, names("example.com"));
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    let effects = apply(&mut session, Intent::Answered(ticket, answer(draft, "782")));
    let settled = effects.iter().find_map(|effect| match effect {
        Effect::Settle(_, Ok(quote)) => Some(Rc::clone(quote)),
        _ => None,
    });
    let settled = settled.unwrap();
    assert_eq!(settled.funds.unwrap().shortfall, certquote::amount::Amount::parse("282.00").ok());
    assert!(Rc::ptr_eq(&settled, session.quote().unwrap()));
    assert_eq!(session.funds_at_first(), settled.funds);
}

#[test]
fn a_balance_that_comes_later_makes_another_quote_without_telling_of_one() {
    let mut session = priced();
    let first = Rc::clone(session.quote().unwrap());
    assert_eq!(first.funds, None);
    assert!(apply(&mut session, balance("1000.00", "USD")).is_empty());
    assert_eq!(after(&session).as_deref(), Some("218.00"));
    assert!(!Rc::ptr_eq(&first, session.quote().unwrap()), "the page's old object is left as it was");
    assert_eq!(session.funds_at_first(), None, "and nothing is announced again");
    assert_eq!(session.state(), State::Ready);
    let second = Rc::clone(session.quote().unwrap());
    apply(&mut session, balance("1000.00", "USD"));
    assert!(Rc::ptr_eq(&second, session.quote().unwrap()), "the same verdict is the same quote");
    apply(&mut session, Intent::Balance(None));
    assert_eq!((after(&session), session.verdict()), (None, None));
}

#[test]
fn balances_in_another_currency_give_words_and_no_figures() {
    let mut session = priced();
    apply(&mut session, balance("1000.00", "EUR"));
    assert_eq!(session.quote().unwrap().funds, None);
    assert_eq!(session.verdict(), Some(Verdict::OtherCurrency));
}

#[test]
fn a_price_of_another_proxy_is_not_compared() {
    let mut session = priced();
    apply(&mut session, balance("1000.00", "USD"));
    let connection = Connection { proxy: "/other".to_owned(), ..Connection::default() };
    apply(&mut session, Intent::Configure(Config { connection, ..Config::default() }, Unfit::default()));
    assert_eq!((after(&session), session.verdict()), (None, None));
}

#[test]
fn a_container_that_cannot_be_used_is_compared_with_nobody() {
    let mut session = session();
    assert_eq!(session.container(), Some(&None));
    let unfit = Unfit { unusable: vec![Attribute::ContainerId], ..Unfit::default() };
    apply(&mut session, Intent::Configure(Config::default(), unfit));
    assert_eq!(session.container(), None);
}

#[test]
fn an_older_price_in_the_place_of_one_that_could_not_be_had_is_stale_and_can_be_asked_for_again() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    apply(&mut session, Intent::StoodIn(ticket, answer(draft, "782").unwrap(), failed_service()));
    assert_eq!((session.state(), shown(&session).as_deref()), (State::Stale, Some("782")));
    assert!(session.error().is_some_and(|error| error.code == ErrorCode::Upstream && error.retryable));
    assert!(!session.asks_again());
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    // A price that is kept somewhere will not do now.
    assert!(session.asks_again());
    apply(&mut session, Intent::Answered(ticket, answer(draft, "783")));
    assert_eq!((session.state(), shown(&session).as_deref()), (State::Ready, Some("783")));
}

#[test]
fn the_quote_before_is_the_last_one_that_differed_and_of_the_same_proxy() {
    let next = |session: &mut Session, total: &str| {
        let (ticket, draft) = sent(&apply(session, Intent::Quote));
        apply(session, Intent::Answered(ticket, answer(draft, total)));
    };
    let before = |session: &Session| session.quote_before()?.total.map(|total| total.to_string());
    let mut session = priced();
    assert_eq!(before(&session), None);
    next(&mut session, "800");
    assert_eq!(before(&session).as_deref(), Some("782"));
    let elsewhere = Connection { proxy: "/other".to_owned(), ..Connection::default() };
    let config = Config { connection: elsewhere, ..Config::default() };
    apply(&mut session, Intent::Configure(config, Unfit::default()));
    next(&mut session, "900");
    assert_eq!((shown(&session).as_deref(), before(&session)), (Some("900"), None));
}

#[test]
fn a_quote_of_another_proxy_is_shown_and_is_not_the_own_one() {
    let mut session = session();
    apply(&mut session, names("example.com"));
    let (ticket, draft) = sent(&apply(&mut session, Intent::Quote));
    apply(&mut session, Intent::Answered(ticket, answer(draft, "100.00")));
    assert!(session.own_quote().is_some());
    let connection = Connection { proxy: "/api/other".to_owned(), ..Connection::default() };
    apply(&mut session, Intent::Configure(Config { connection, ..Config::default() }, Unfit::default()));
    assert!(session.quote().is_some() && session.own_quote().is_none());
}
