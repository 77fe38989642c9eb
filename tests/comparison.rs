//! Variants side by side: one request at a time, nothing asked twice, no currencies mixed; and what changed between quotes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use std::rc::Rc;

use certquote::comparison::{
    Answer, Comparison, MAX_VARIANTS, Mark, NotAdded, Progress, Variant, is_same_order, pause_ms,
};
use certquote::date::Date;
use certquote::draft::{BillingAddress, Draft, OrderValidity};
use certquote::error::{CertError, ErrorCode};
use certquote::evidence::{Changes, Evidence, Input, PriceBasis, TaxBasis, inputs};
use certquote::json;
use certquote::quote::{LineKind, Quote};
use certquote::state::Ticket;
use certquote::words::EN;
use proptest::prelude::*;

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn years(years: u32) -> Draft {
    Draft {
        dns_names: vec!["example.com".to_owned(), "www.example.com".to_owned()],
        product_name_id: "ssl_basic".to_owned(),
        order_validity: OrderValidity::Years(years),
        ..Draft::default()
    }
}

fn priced(draft: &Draft, total: &str, currency: &str, tax_error: bool) -> Rc<Quote> {
    let body = format!(
        r#"{{"base_price":{total},"total_price":{total},"tax":"0.00","currency":"{currency}","tax_error":{tax_error}}}"#
    );
    Rc::new(
        Quote::new(draft.clone(), &json::decode(body.as_bytes()).unwrap(), "2026-11-21T12:00:00Z".to_owned())
            .unwrap(),
    )
}

fn usd(draft: &Draft, total: &str) -> Rc<Quote> {
    priced(draft, total, "USD", false)
}

fn failure() -> CertError {
    CertError::cancelled("finance/order-pricing", &EN.errors)
}

fn comparison(drafts: &[Draft]) -> Comparison {
    let mut comparison = Comparison::default();
    for draft in drafts {
        comparison.add(draft.clone()).unwrap();
    }
    comparison
}

#[test]
fn tells_of_an_order_what_is_known_however_its_names_are_ordered() {
    let (one, mut turned) = (years(1), years(1));
    turned.dns_names.reverse();
    let mut comparison = Comparison::default();
    assert_eq!(comparison.answer(&one), None);
    comparison.add(one.clone()).unwrap();
    assert_eq!(comparison.answer(&turned), Some(Answer::Waiting));
    let (ticket, _) = comparison.next().unwrap();
    assert_eq!(comparison.answer(&turned), Some(Answer::Asking));
    comparison.settle(ticket, Err(failure()));
    assert_eq!(comparison.answer(&one), Some(Answer::Failed(failure())));
    // A price that came another way is known too, and the newer one is told.
    for total in ["100.00", "90.00"] {
        comparison.know(usd(&one, total));
        assert_eq!(comparison.answer(&turned), Some(Answer::Quote(usd(&one, total))));
    }
    assert_eq!(comparison.answer(&years(2)), None);
}

/// Answers whatever is asked until nothing is.
fn play(comparison: &mut Comparison, answer: impl Fn(&Draft) -> Result<Rc<Quote>, CertError>) -> usize {
    let mut asked = 0;
    while let Some((ticket, draft)) = comparison.next() {
        assert!(comparison.next().is_none());
        assert!(comparison.settle(ticket, answer(&draft)));
        asked += 1;
    }
    asked
}

fn told(comparison: &Comparison) -> Vec<(Option<String>, bool, Option<String>)> {
    let text = |mark: Mark| {
        let per_year = mark.per_year.map(|yearly| yearly.amount.to_string());
        (per_year, mark.is_cheapest, mark.difference.map(|by| by.to_string()))
    };
    comparison.marks(today()).into_iter().map(text).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn asks_for_one_price_at_a_time_in_order() {
    let mut comparison = comparison(&[years(1), years(2), years(3)]);
    let (first, draft) = comparison.next().unwrap();
    assert_eq!((draft, comparison.next()), (years(1), None));
    assert_eq!(comparison.progress(), Progress { done: 0, of: 3 });
    assert!(!comparison.settle(Ticket::NONE, Ok(usd(&years(1), "1"))));
    assert!(comparison.settle(first, Ok(usd(&years(1), "300"))));
    assert!(!comparison.settle(first, Ok(usd(&years(1), "999"))));
    assert_eq!(comparison.progress(), Progress { done: 1, of: 3 });
    let (second, draft) = comparison.next().unwrap();
    assert_eq!(draft, years(2));
    assert!(second > first);
}

#[test]
fn marks_the_cheapest_year_and_the_difference_to_the_present_order() {
    let mut comparison = comparison(&[years(1), years(2), years(3)]);
    let totals = |draft: &Draft| match draft.order_validity {
        OrderValidity::Years(1) => Ok(usd(draft, "300.00")),
        OrderValidity::Years(2) => Ok(usd(draft, "500.00")),
        _ => Ok(usd(draft, "900.00")),
    };
    assert_eq!(play(&mut comparison, totals), 3);
    assert_eq!(
        told(&comparison),
        [
            (some("300.00"), false, None),
            (some("250.00"), true, some("200.00")),
            (some("300.00"), false, some("600.00"))
        ]
    );
}

#[test]
fn what_fails_or_has_no_estimate_stops_nothing() {
    let mut comparison = comparison(&[years(1), years(2), years(3)]);
    play(&mut comparison, |draft| match draft.order_validity {
        OrderValidity::Years(1) => Err(failure()),
        OrderValidity::Years(2) => Ok(usd(draft, "0")),
        _ => Ok(usd(draft, "900.00")),
    });
    assert_eq!(comparison.progress(), Progress { done: 3, of: 3 });
    assert_eq!(told(&comparison), [(None, false, None), (None, false, None), (some("300.00"), false, None)]);
    // What failed or had no estimate may be asked again, what has a price is not.
    comparison.resume();
    let again = |draft: &Draft| if *draft == years(2) { unknown(draft) } else { usd(draft, "310.00") };
    assert_eq!(play(&mut comparison, |draft| Ok(again(draft))), 2);
    assert_eq!(told(&comparison)[2], (some("300.00"), true, some("590.00")));
}

/// A refusal because there were too many requests, and when the next may come.
fn too_many(retry_after_ms: Option<u64>) -> CertError {
    CertError { code: ErrorCode::RateLimited, retry_after_ms, ..failure() }
}

#[test]
fn waits_as_long_as_a_refusal_says_and_no_timer_overflows() {
    for (says, pause) in [
        (Some(12_000), 12_000),
        (Some(0), 0),
        (None, 5_000),
        (Some(1 << 31), (1 << 31) - 1),
        (Some(u64::MAX), (1 << 31) - 1),
    ] {
        assert_eq!(pause_ms(&too_many(says)), Some(pause), "{says:?}");
    }
    assert_eq!(pause_ms(&CertError { retry_after_ms: Some(1_000), ..failure() }), None);
}

#[test]
fn asks_again_what_was_one_request_too_many_but_not_for_ever() {
    let mut comparison = comparison(&[years(1), years(2)]);
    for _ in 0..3 {
        let (ticket, draft) = comparison.next().unwrap();
        assert_eq!(draft, years(1));
        comparison.settle(ticket, Err(too_many(None)));
        assert_eq!(comparison.variants()[0].answer, Answer::Waiting);
    }
    let (ticket, _) = comparison.next().unwrap();
    comparison.settle(ticket, Err(too_many(None)));
    assert_eq!(comparison.variants()[0].answer, Answer::Failed(too_many(None)));
    // The next one is refused for the first time.
    let (ticket, draft) = comparison.next().unwrap();
    assert_eq!(draft, years(2));
    comparison.settle(ticket, Err(too_many(None)));
    assert_eq!(comparison.variants()[1].answer, Answer::Waiting);
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "100.00"))), 1);
}

#[test]
fn never_compares_across_currencies_or_with_and_without_tax() {
    let mut comparison = comparison(&[years(1), years(2), years(3)]);
    play(&mut comparison, |draft| {
        Ok(match draft.order_validity {
            OrderValidity::Years(1) => usd(draft, "300.00"),
            OrderValidity::Years(2) => priced(draft, "2.00", "EUR", false),
            _ => priced(draft, "3.00", "USD", true),
        })
    });
    assert_eq!(
        told(&comparison),
        [(some("300.00"), false, None), (some("1.00"), false, None), (some("1.00"), false, None)]
    );
}

#[test]
fn equals_are_cheapest_together() {
    let mut comparison = comparison(&[years(1), years(2)]);
    play(&mut comparison, |draft| Ok(usd(draft, if *draft == years(1) { "100" } else { "200.00" })));
    assert_eq!(told(&comparison).iter().filter(|(_, cheapest, _)| *cheapest).count(), 2);
}

#[test]
fn asks_for_nothing_twice() {
    let mut comparison = Comparison::default();
    comparison.know(usd(&years(1), "300"));
    assert_eq!(comparison.add(years(1)), Ok(0));
    assert_eq!(comparison.add(years(2)), Ok(1));
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "500"))), 1);
    assert!(!comparison.clear());
    let mut same = years(2);
    same.dns_names.reverse();
    same.is_out_of_contract = Some(false);
    assert_eq!(comparison.add(same), Ok(0));
    assert_eq!((comparison.add(years(2)), comparison.next()), (Err(NotAdded::Listed(0)), None));
    for different in [
        Draft { is_out_of_contract: Some(true), ..years(2) },
        Draft { addons: vec!["7".to_owned()], ..years(2) },
        Draft { order_validity: OrderValidity::Days(2), ..years(2) },
        Draft { renewal_of_order_valid_till: Some(today()), ..years(2) },
        Draft { billing_address: Some(BillingAddress::default()), ..years(2) },
    ] {
        assert!(comparison.add(different).is_ok());
    }
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "1"))), 5);
    comparison.forget();
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "2"))), 6);
}

#[test]
fn takes_twelve_variants() {
    let mut comparison = Comparison::default();
    for days in 1..=MAX_VARIANTS as u32 {
        let draft = Draft { order_validity: OrderValidity::Days(days), ..years(1) };
        assert!(comparison.add(draft).is_ok());
    }
    assert_eq!(comparison.add(years(1)), Err(NotAdded::Full));
    assert!(!comparison.remove(99));
    assert!(!comparison.remove(3));
    assert_eq!(comparison.add(years(1)), Ok(11));
}

#[test]
fn a_stopped_comparison_takes_no_late_answer_and_can_go_on() {
    let mut comparison = comparison(&[years(1), years(2), years(3)]);
    let (ticket, draft) = comparison.next().unwrap();
    assert!(comparison.cancel());
    assert!(!comparison.settle(ticket, Ok(usd(&draft, "1"))));
    assert!(comparison.next().is_none());
    assert!(comparison.variants().iter().all(|variant| variant.answer == Answer::Cancelled));
    assert_eq!(comparison.progress(), Progress { done: 3, of: 3 });
    comparison.resume();
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "1"))), 3);
    assert!(!comparison.cancel());
}

#[test]
fn a_variant_may_go_while_it_is_asked() {
    let mut comparison = comparison(&[years(1), years(2)]);
    let (ticket, _) = comparison.next().unwrap();
    assert!(comparison.remove(0));
    assert!(!comparison.settle(ticket, Ok(usd(&years(1), "1"))));
    assert_eq!(comparison.next().unwrap().1, years(2));
}

#[test]
fn exports_what_is_known_and_no_formula() {
    let evil = Draft {
        product_name_id: "=cmd|'/c calc'!A1".to_owned(),
        addons: vec!["-1+1".to_owned()],
        ..years(1)
    };
    let mut comparison = comparison(&[years(2), evil]);
    play(&mut comparison, |draft| match draft.order_validity {
        OrderValidity::Years(2) => Ok(usd(draft, "782.10")),
        _ => Err(failure()),
    });
    let csv = comparison.csv(today());
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "\"ssl_basic\",\"Basic OV\",\"example.com www.example.com\",\"2 years\",\"2028-11-21\",\"6\",\"contract\",\"\",\"\",\"priced\",\
         782.10,,,,,,,0.00,782.10,\"USD\",391.05,\"\",,\"2026-11-21T12:00:00Z\""
    );
    assert!(lines[2].starts_with("\"'=cmd|'/c calc'!A1\""), "{}", lines[2]);
    assert!(lines[2].contains("\"'-1+1\"") && lines[2].contains("\"cancelled\""), "{}", lines[2]);
    let columns = |line: &str| line.split(',').count();
    assert_eq!((columns(lines[1]), columns(lines[2])), (columns(lines[0]), columns(lines[0])));
}

#[test]
fn tells_what_a_quote_rests_on() {
    let quote = usd(&years(1), "300");
    let evidence = Evidence::of(&quote);
    assert_eq!(
        (evidence.price, evidence.tax, evidence.currency),
        (PriceBasis::Contract, TaxBasis::Account, "USD")
    );
    let address = BillingAddress { country: "US".to_owned(), ..BillingAddress::default() };
    let draft = Draft { is_out_of_contract: Some(true), billing_address: Some(address.clone()), ..years(1) };
    let quote = usd(&draft, "300");
    assert_eq!(
        (Evidence::of(&quote).price, Evidence::of(&quote).tax),
        (PriceBasis::List, TaxBasis::Address(&address))
    );
    assert_eq!(Evidence::of(&priced(&draft, "300", "USD", true)).tax, TaxBasis::Unknown);
}

#[test]
fn tells_what_changed_input_by_input_and_line_by_line() {
    let mut after = Draft { is_out_of_contract: Some(true), addons: vec!["7".to_owned()], ..years(2) };
    after.dns_names = vec!["*.example.com".to_owned(), "example.com".to_owned()];
    let changes = Changes::between(&usd(&years(1), "300"), &usd(&after, "512.50"));
    let names =
        Input::Names { added: vec!["*.example.com".to_owned()], removed: vec!["www.example.com".to_owned()] };
    assert_eq!(changes.inputs, [names, Input::Length, Input::Addons, Input::Price]);
    assert_eq!(changes.total.map(|by| by.to_string()), some("212.50"));
    assert_eq!(changes.lines.unwrap().iter().map(|change| change.line).collect::<Vec<_>>(), [LineKind::Base]);
    assert_eq!(inputs(&years(1), &Draft { is_out_of_contract: Some(false), ..years(1) }), []);
    let elsewhere = Changes::between(&usd(&years(1), "300"), &priced(&years(1), "300", "EUR", false));
    assert_eq!((elsewhere.inputs, elsewhere.lines, elsewhere.total), (vec![], None, None));
}

#[derive(Clone, Debug)]
enum Step {
    Add(u32),
    Remove(usize),
    Next,
    Settle(bool),
    Cancel,
    Resume,
    Forget,
}

proptest! {
    #[test]
    fn whatever_happens_one_request_is_under_way_at_most(steps in prop::collection::vec(
        prop_oneof![
            (1_u32..30).prop_map(Step::Add), (0_usize..12).prop_map(Step::Remove), Just(Step::Next), Just(Step::Next),
            any::<bool>().prop_map(Step::Settle), Just(Step::Cancel), Just(Step::Resume), Just(Step::Forget),
        ], 0..60))
    {
        let mut comparison = Comparison::default();
        let mut under_way = None;
        for step in steps {
            match step {
                Step::Add(days) => drop(comparison.add(Draft { order_validity: OrderValidity::Days(days), ..years(1) })),
                Step::Remove(index) => if comparison.remove(index) { under_way = None },
                Step::Next => if let Some(request) = comparison.next() {
                    prop_assert!(under_way.is_none());
                    under_way = Some(request);
                },
                Step::Settle(fine) => if let Some((ticket, draft)) = under_way.take() {
                    let answer = if fine { Ok(usd(&draft, "5")) } else { Err(failure()) };
                    prop_assert!(comparison.settle(ticket, answer));
                },
                Step::Cancel => if comparison.cancel() { under_way = None },
                Step::Resume => comparison.resume(),
                Step::Forget => comparison.forget(),
            }
            let asking = comparison.variants().iter().filter(|variant| variant.answer == Answer::Asking).count();
            prop_assert_eq!(asking, usize::from(under_way.is_some()));
            prop_assert!(comparison.variants().len() <= MAX_VARIANTS);
            prop_assert_eq!(comparison.marks(today()).len(), comparison.variants().len());
            for variant in comparison.variants() {
                if let Answer::Quote(quote) = &variant.answer {
                    prop_assert_eq!(&quote.draft, &variant.draft);
                }
            }
        }
    }
}

#[test]
fn a_price_that_comes_from_elsewhere_is_taken_over_by_its_variant_unless_it_is_being_asked() {
    let mut comparison = comparison(&[years(1), years(2), years(3)]);
    let (ticket, _) = comparison.next().unwrap();
    for (years_, total) in [(1, "1"), (2, "2")] {
        comparison.know(usd(&years(years_), total));
    }
    assert_eq!(comparison.variants()[0].answer, Answer::Asking);
    assert_eq!(comparison.variants()[1].answer, Answer::Quote(usd(&years(2), "2")));
    assert_eq!(comparison.variants()[2].answer, Answer::Waiting);
    assert!(comparison.settle(ticket, Ok(usd(&years(1), "3"))));
    assert_eq!(comparison.variants()[0].answer, Answer::Quote(usd(&years(1), "3")));
    // A newer price of the same order.
    comparison.know(usd(&years(2), "4"));
    assert_eq!(comparison.variants()[1].answer, Answer::Quote(usd(&years(2), "4")));
}

#[test]
fn orders_are_the_same_whatever_the_order_of_their_names() {
    let mut other = years(1);
    other.dns_names.reverse();
    other.is_out_of_contract = Some(false);
    assert!(is_same_order(&years(1), &other));
    assert!(!is_same_order(&years(1), &Draft { is_out_of_contract: Some(true), ..years(1) }));
    assert!(!is_same_order(&years(1), &years(2)));
}

fn unknown(draft: &Draft) -> Rc<Quote> {
    usd(draft, "0.00")
}

#[test]
fn a_price_that_moved_makes_the_others_old() {
    let mut comparison = comparison(&[years(1), years(2)]);
    play(&mut comparison, |draft| Ok(usd(draft, "100")));
    assert!(!comparison.know(usd(&years(1), "100")), "it is the same");
    assert!(comparison.know(usd(&years(1), "150")));
    comparison.forget();
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "150"))), 2);
}

#[test]
fn answers_from_before_a_time_are_asked_for_anew() {
    let mut comparison = comparison(&[years(1), years(2)]);
    play(&mut comparison, |draft| Ok(usd(draft, "100")));
    comparison.forget_before("2026-11-21T12:00:00Z");
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "100"))), 0);
    comparison.forget_before("2026-11-21T12:00:01Z");
    assert_eq!(comparison.answer(&years(1)), Some(Answer::Waiting));
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "100"))), 2);
}

#[test]
fn an_order_without_an_estimate_can_be_asked_for_again() {
    let mut comparison = comparison(&[years(1), years(2)]);
    assert_eq!(play(&mut comparison, |draft| Ok(unknown(draft))), 2);
    assert!(comparison.variants().iter().all(Variant::is_lacking));
    comparison.resume();
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "100"))), 2);
    assert!(!comparison.variants().iter().any(Variant::is_lacking));
    // Nor is it remembered for another comparison.
    comparison.know(unknown(&years(3)));
    assert_eq!(comparison.add(years(3)), Ok(2));
    assert_eq!(comparison.next().map(|(_, draft)| draft), Some(years(3)));
}

#[test]
fn what_is_being_asked_waits_where_another_request_goes_first() {
    let mut comparison = comparison(&[years(1), years(2)]);
    assert!(!comparison.yield_turn(), "nothing is under way");
    let (ticket, _) = comparison.next().unwrap();
    assert!(comparison.yield_turn());
    assert_eq!(comparison.variants()[0].answer, Answer::Waiting);
    assert!(!comparison.settle(ticket, Ok(usd(&years(1), "1"))), "it was given up");
    assert_eq!(play(&mut comparison, |draft| Ok(usd(draft, "100"))), 2);
}

#[test]
fn an_order_does_not_fail_whose_price_is_known_by_then() {
    let mut comparison = comparison(&[years(1)]);
    let (ticket, _) = comparison.next().unwrap();
    comparison.know(usd(&years(1), "100"));
    assert!(comparison.settle(ticket, Err(failure())));
    assert_eq!(comparison.variants()[0].answer, Answer::Quote(usd(&years(1), "100")));
}
