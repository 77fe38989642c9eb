//! What the rows say of an account, step by step.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here is a failed test"
)]

use std::rc::Rc;

use certquote::amount::Amount;
use certquote::analysis::figures::{about, amount, units};
use certquote::analysis::plot::{Place, Plot};
use certquote::analysis::{Analysis, Analyst, Funds, Outside};
use certquote::api::balance_history::decode_rows;
use certquote::date::Date;
use certquote::ledger::series::{MarkKind, Point, Series};
use certquote::ledger::{Ledger, Moment, RowId};
use proptest::prelude::*;

const TODAY: &str = "2026-11-21";

fn money(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Rows, newest first, as `date kind amount balance currency expires`; `-` for what is missing.
fn ledger(rows: &[&str]) -> Ledger {
    let rows = rows.iter().enumerate().map(|(id, row)| {
        let [date, kind, amount, balance, currency, expires] =
            row.split(' ').collect::<Vec<_>>()[..].try_into().unwrap();
        let mut members = vec![format!(r#""id": "{id}", "transaction_type": "{}""#, kind.replace('_', " "))];
        let mut text = |name: &str, value: &str| {
            if value != "-" {
                members.push(format!(r#""{name}": "{value}""#));
            }
        };
        text("transaction_date", &if date == "-" { date.to_owned() } else { format!("{date} 12:00:00") });
        text(
            if amount.starts_with('-') { "debit" } else { "credit" },
            amount.strip_prefix('-').filter(|rest| !rest.is_empty()).unwrap_or(amount),
        );
        text("balance_after", balance);
        text("currency", currency);
        text(
            "expiration_date",
            &if expires == "-" { expires.to_owned() } else { format!("{expires} 00:00:00") },
        );
        format!("{{{}}}", members.join(", "))
    });
    let body = format!(r#"{{"adjustments": [{}]}}"#, rows.collect::<Vec<_>>().join(", "));
    let mut ledger = Ledger::default();
    decode_rows(body.as_bytes(), &mut |row| {
        ledger.push(&row);
    })
    .unwrap();
    ledger
}

fn analyse(ledger: &Ledger, available: Option<(Option<&str>, &str)>) -> (Rc<Analysis>, usize) {
    let available = available.map(|(amount, currency)| (amount.map(money), currency.to_owned()));
    let rows: Vec<RowId> = (0..u32::try_from(ledger.len()).unwrap()).collect();
    let mut analyst = Analyst::new(rows, Outside { today: day(TODAY), available });
    (1..10_000).find_map(|steps| Some((analyst.step(ledger)?, steps))).unwrap()
}

fn say(rows: &[&str]) -> Rc<Analysis> {
    analyse(&ledger(rows), None).0
}

#[test]
fn no_rows_say_nothing_and_the_steps_end() {
    let analysis = say(&[]);
    assert_eq!((analysis.rows, analysis.span, analysis.currencies.len()), (0, None, 0));
}

#[test]
fn a_step_reads_a_bounded_piece_so_a_long_history_takes_more_of_them() {
    let rows = |count: usize| vec!["2026-11-01 Charge -1.00 - USD -"; count];
    let (few, many) = (analyse(&ledger(&rows(10)), None).1, analyse(&ledger(&rows(50_000)), None).1);
    assert_eq!(many - few, 50_000 / 8_192, "steps");
}

#[test]
fn the_first_currency_is_that_of_the_newest_row_and_none_is_mixed_with_another() {
    let analysis = say(&[
        "2026-11-20 Charge -1.00 9.00 eur -",
        "2026-11-19 Charge -2.00 98.00 USD -",
        "2026-11-18 Wire_Deposit 10.00 10.00 EUR 2027-01-01",
        "2026-11-17 Charge -5.00 95.00 - -",
        "2026-11-16 Wire_Deposit 100.00 100.00 USD 2027-02-01",
    ]);
    let told: Vec<_> = analysis
        .currencies
        .iter()
        .map(|one| (one.currency.as_str(), one.rows, one.held.balance.map(|balance| balance.to_string())))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(told, [("EUR", 2, some("9.00")), ("USD", 2, some("98.00")), ("", 1, some("95.00"))]);
    assert_eq!(analysis.span, Some((day("2026-11-16"), day("2026-11-20"))));
    assert_eq!(analysis.currencies[1].span, Some((day("2026-11-16"), day("2026-11-19"))));
    assert_eq!(analysis.currencies[0].held.soon.amount, Some(money("9.00")), "42 days from now");
    assert_eq!(analysis.currencies[1].held.soon.count, 0, "72 days from now");
}

#[test]
fn of_very_many_currencies_the_rest_is_counted() {
    let rows: Vec<String> = (0..30).map(|n| format!("2026-11-01 Charge -1.00 5.00 X{n:02} -")).collect();
    let analysis = say(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((analysis.currencies.len(), analysis.more_currencies), (8, 22));
    assert_eq!(analysis.currencies[0].currency, "X00");
}

#[test]
fn expiring_money_is_told_nearest_first_with_its_deposit() {
    let analysis = say(&[
        "2026-11-20 Charge -30.00 370.00 USD -",
        "2026-11-10 Refund 50.00 400.00 USD -",
        "2026-11-09 Wire_Deposit 100.00 350.00 USD 2027-11-09",
        "2026-11-08 Wire_Deposit 100.00 250.00 USD 2027-01-20",
        "2026-11-07 Wire_Deposit 100.00 150.00 USD 2026-11-21",
        "2026-11-06 Wire_Deposit 50.00 50.00 USD 2026-11-20",
    ]);
    let held = &analysis.currencies[0].held;
    let lots: Vec<_> = held
        .lots
        .iter()
        .map(|lot| (lot.left.to_string(), lot.expires.to_string(), lot.days, lot.on.unwrap().to_string()))
        .collect();
    let lot = |left: &str, expires: &str, days, on: &str| {
        (left.to_owned(), expires.to_owned(), days, on.to_owned())
    };
    assert_eq!(
        lots,
        [
            lot("100.00", "2026-11-21", 0, "2026-11-07"),
            lot("100.00", "2027-01-20", 60, "2026-11-08"),
            lot("100.00", "2027-11-09", 353, "2026-11-09"),
        ]
    );
    assert_eq!((held.soon.count, held.soon.amount), (2, Some(money("200.00"))));
    assert_eq!((held.overdue.count, held.overdue.amount), (1, Some(money("20.00"))));
    assert_eq!(held.undated.amount, Some(money("50.00")));
    assert_eq!(held.unexplained.count, 0);
}

#[test]
fn money_from_before_the_first_row_has_an_unknown_expiry() {
    let analysis = say(&["2026-11-20 Charge -30.00 370.00 USD -"]);
    let held = &analysis.currencies[0].held;
    assert_eq!((held.unexplained.count, held.unexplained.amount), (1, Some(money("370.00"))));
    assert!(held.lots.is_empty());
}

#[test]
fn of_very_many_lots_the_nearest_hundred_are_told_and_the_rest_is_summed() {
    let rows: Vec<String> = (0..300)
        .map(|n| {
            // Expiries run against the order of the deposits.
            let expires = day("2027-01-01").plus_days(n).unwrap();
            format!("2026-11-01 Wire_Deposit 1.00 {}.00 USD {expires}", 300 - n)
        })
        .collect();
    let analysis = say(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let held = &analysis.currencies[0].held;
    assert_eq!((held.lots.len(), held.more.count, held.more.amount), (100, 200, Some(money("200.00"))));
    assert_eq!(held.lots[0].expires, day("2027-01-01"));
    assert!(held.lots.is_sorted_by_key(|lot| lot.expires));
    assert_eq!(held.lots[99].expires, day("2027-04-10"));
}

#[test]
fn the_runway_counts_on_the_balance_beside_it_if_that_is_of_the_same_currency() {
    let rows =
        ledger(&["2026-11-20 Charge -300.00 600.00 USD -", "2026-10-01 Wire_Deposit 900.00 900.00 USD -"]);
    let funds = |available| analyse(&rows, available).0.currencies[0].funds;
    assert_eq!(funds(None), Funds::LastBalance(money("600.00")));
    assert_eq!(funds(Some((Some("650.00"), "usd"))), Funds::Available(money("650.00")));
    assert_eq!(funds(Some((Some("650.00"), "EUR"))), Funds::LastBalance(money("600.00")));
    assert_eq!(funds(Some((None, "USD"))), Funds::Unlimited);
    let until = |available| analyse(&rows, available).0.currencies[0].runway[0].clone().unwrap().until;
    assert_eq!(until(None), day(TODAY).plus_days(60));
    assert_eq!(until(Some((Some("650.00"), "USD"))), day(TODAY).plus_days(65));
    assert_eq!(until(Some((None, "USD"))), None);
    assert_eq!(until(Some((Some("-1.00"), "USD"))), None);
}

#[test]
fn spans_that_the_rows_do_not_cover_are_left_out_and_the_days_there_are_told() {
    let analysis = say(&["2026-11-20 Charge -300.00 600.00 USD -", "2026-10-11 Charge -1.00 900.00 USD -"]);
    let one = &analysis.currencies[0];
    assert_eq!(one.days, 41);
    assert_eq!(one.runway.each_ref().map(Option::is_some), [true, false, false]);
    let young = say(&["2026-11-20 Charge -300.00 600.00 USD -"]);
    assert_eq!((young.currencies[0].days, &young.currencies[0].runway), (1, &[None, None, None]));
}

#[test]
fn an_average_is_told_with_the_digits_that_amounts_have() {
    for (average, told) in [
        ("55.1350", "55.14"),
        ("55.1349", "55.13"),
        ("-0.0050", "-0.01"),
        ("16.67", "17"),
        ("3", "3"),
        ("2.5", "2.5"),
    ] {
        assert_eq!(about(money(average)).to_string(), told, "{average}");
    }
}

#[test]
fn of_an_amount_with_too_many_digits_there_are_no_units() {
    assert_eq!(units(money("-9223372036.854775808"), 9), Some(i64::MIN));
    assert_eq!(units(money("9223372036.854775808"), 9), None);
    assert_eq!(units(money("9223372036854775808.1"), 0), None);
}

#[test]
fn months_hold_their_last_balance_and_both_sums() {
    let analysis = say(&[
        "2026-11-20 Charge -1.00 - USD -",
        "2026-11-02 Refund 3.00 12.00 USD -",
        "2026-10-31 Charge - 9.00 USD -",
        "2026-10-01 Wire_Deposit 10.00 10.00 USD -",
    ]);
    let periods = &analysis.currencies[0].periods;
    assert!(!periods.years);
    let [october, november] = &periods.list[..] else { panic!("{periods:?}") };
    assert_eq!((october.until, october.balance), (day("2026-10-31"), Some(money("9.00"))));
    assert_eq!((october.credits.amount, october.debits.amount), (Some(money("10.00")), Some(Amount::ZERO)));
    assert_eq!(october.unclear, 1);
    assert_eq!((november.until, november.balance), (day("2026-11-20"), Some(money("12.00"))));
    assert_eq!(
        (november.credits.amount, november.debits.amount),
        (Some(money("3.00")), Some(money("-1.00")))
    );
}

#[test]
fn more_than_36_months_become_years() {
    let rows = |months: u16| -> Vec<String> {
        let rows = (0..months).map(|month| {
            let at = 2026 * 12 + 10 - month;
            format!("{}-{:02}-03 Charge -1.00 {}.00 USD -", at / 12, at % 12 + 1, 500 - month)
        });
        rows.collect()
    };
    let of = |months| say(&rows(months).iter().map(String::as_str).collect::<Vec<_>>());
    let (months, years) = (of(36), of(37));
    assert_eq!((months.currencies[0].periods.years, months.currencies[0].periods.list.len()), (false, 36));
    let periods = &years.currencies[0].periods;
    assert_eq!((periods.years, periods.list.len()), (true, 4));
    assert_eq!(periods.list[3].debits.amount, Some(money("-11.00")));
    assert_eq!(periods.list[3].balance, Some(money("500.00")));
}

fn series(points: &[(i64, &str)]) -> Series {
    let points: Vec<Point> = points
        .iter()
        .map(|(at, balance)| Point { row: 0, at: Moment(*at), balance: money(balance) })
        .collect();
    let lowest = points.iter().min_by_key(|point| point.balance).cloned();
    let highest = points.iter().max_by_key(|point| point.balance).cloned();
    Series { points, marks: Vec::new(), lowest, highest }
}

fn levels(plot: &Plot) -> Vec<String> {
    plot.levels.iter().map(ToString::to_string).collect()
}

#[test]
fn the_line_is_one_of_steps() {
    let plot = Plot::of(&series(&[(0, "100"), (50, "0"), (100, "-100")])).unwrap();
    assert_eq!(levels(&plot), ["100", "50", "0", "-50", "-100"]);
    assert_eq!(plot.line, "M0 0H5000V5000H10000V10000H10000");
    assert_eq!(plot.zero, Some(Place(5_000)));
    assert_eq!(plot.area, "M0 0H5000V5000H10000V10000H10000V5000H0Z");
}

#[test]
fn zero_is_on_the_axis_unless_the_line_keeps_far_from_it() {
    let of = |low, high| Plot::of(&series(&[(0, low), (9, high)])).unwrap();
    assert_eq!(levels(&of("300", "1000")), ["1000", "500", "0"]);
    let far = of("9000.50", "9100");
    assert_eq!(
        (levels(&far).last().map(String::as_str), far.zero, far.area.as_str()),
        (Some("9000"), None, "")
    );
    assert_eq!(levels(&of("5", "5")), ["6", "4", "2", "0"]);
    assert_eq!(levels(&of("-0.01", "-0.01")), ["0", "-0.005", "-0.01"]);
    assert_eq!(levels(&of("0", "0.00")).last().map(String::as_str), Some("0"));
}

#[test]
fn of_figures_beyond_the_axis_nothing_is_drawn() {
    assert_eq!(Plot::of(&series(&[(0, "0"), (1, "9223372036854775807")])), None);
    let coarse = Plot::of(&series(&[(0, "999999999999999999.01"), (1, "999999999999999999.02")])).unwrap();
    assert!(coarse.levels[0] >= money("999999999999999999.02"));
    assert!(*coarse.levels.last().unwrap() <= money("999999999999999999.01"));
}

#[test]
fn the_days_below_are_few_and_round() {
    let days = |from: &str, to: &str| -> Vec<String> {
        let at = |text: &str| Moment::parse(text).unwrap().0;
        let plot = Plot::of(&series(&[(at(from), "1"), (at(to), "2")])).unwrap();
        plot.days.iter().map(|day| day.year.map_or(day.date.to_string(), |year| year.to_string())).collect()
    };
    assert_eq!(days("2022-11-20 10:00:00", "2026-11-20 17:00:00"), ["2023", "2024", "2025", "2026"]);
    assert_eq!(days("1990-05-01", "2026-11-20"), ["1990", "2000", "2010", "2020"][1..]);
    assert_eq!(days("2026-05-20", "2026-11-20"), ["2026-07-01", "2026-09-01", "2026-11-01"]);
    assert_eq!(
        days("2026-11-01 08:00:00", "2026-11-03 09:00:00"),
        ["2026-11-01", "2026-11-02", "2026-11-03"]
    );
    assert_eq!(days("2026-11-03 15:00:00", "2026-11-03 15:00:00"), ["2026-11-03", "2026-11-04"]);
    assert_eq!(days("2026-11-03 09:00:00", "2026-11-03 09:00:00"), ["2026-11-03"], "no room for the 2nd");
}

#[test]
fn the_pointer_finds_the_point_that_holds_at_its_place() {
    let plot = Plot::of(&series(&[(0, "100"), (50, "0"), (100, "-100")])).unwrap();
    let found = [0, 4_999, 5_000, 9_999, 10_000].map(|across| plot.point_at(Place(across)));
    assert_eq!(found, [0, 0, 1, 1, 2]);
}

#[test]
fn marks_that_lie_close_together_become_one_at_the_largest() {
    let rows: Vec<String> = (0..300)
        .map(|n| {
            let on = day("2026-11-20").plus_days(-n).unwrap();
            let (kind, amount) =
                if n % 3 == 0 { ("Account_Funds_Expiration", "-1.00") } else { ("Wire_Deposit", "5.00") };
            format!("{on} {kind} {amount} {}.00 USD -", 900 - n)
        })
        .collect();
    let analysis = say(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let plot = analysis.currencies[0].plot.as_ref().unwrap();
    for (kind, all) in [(MarkKind::Deposit, 200), (MarkKind::Expiry, 100)] {
        let signs: Vec<_> = plot.marks.iter().filter(|sign| sign.kind == kind).collect();
        assert!(signs.len() <= 16, "{} marks", signs.len());
        assert_eq!(signs.iter().map(|sign| sign.count).sum::<usize>(), all);
    }
}

#[test]
fn rows_without_a_balance_or_a_date_draw_no_line_and_break_nothing() {
    let analysis = say(&["- Charge -1.00 - USD -", "2026-11-19 Charge -2.00 - USD -"]);
    let one = &analysis.currencies[0];
    assert_eq!((one.rows, one.plot.as_ref(), one.held.balance, one.funds), (2, None, None, Funds::Unknown));
}

proptest! {
    #[test]
    fn an_axis_has_three_to_five_exact_figures_that_hold_every_balance(
        a in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,8})?", b in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,8})?",
    ) {
        let plot = Plot::of(&series(&[(0, &a), (1, &b)])).unwrap();
        prop_assert!((3..=5).contains(&plot.levels.len()), "{:?}", plot.levels);
        let (a, b) = (money(&a), money(&b));
        prop_assert!(*plot.levels.first().unwrap() >= a.max(b));
        prop_assert!(*plot.levels.last().unwrap() <= a.min(b));
        let steps: Vec<Amount> = plot.levels.windows(2).map(|pair| pair[0].sub(pair[1]).unwrap()).collect();
        prop_assert!(steps.iter().all(|step| *step == steps[0]), "{:?}", plot.levels);
        prop_assert!(plot.zero.is_none_or(|zero| zero <= Place::END));
    }

    #[test]
    fn units_and_amounts_are_the_same(text in "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,9})?") {
        let money = money(&text);
        prop_assert_eq!(units(money, 9).and_then(|units| amount(units, 9)), Some(money));
    }
}

#[test]
fn a_currency_that_none_of_the_rows_is_in_is_not_told_of() {
    let ledger = ledger(&["2026-11-20 Charge -1.00 9.00 USD -", "2026-11-19 Charge -2.00 98.00 EUR -"]);
    let mut analyst = Analyst::new(vec![0], Outside { today: day(TODAY), available: None });
    let analysis = (1..100).find_map(|_| analyst.step(&ledger)).unwrap();
    let told: Vec<_> = analysis.currencies.iter().map(|one| one.currency.as_str()).collect();
    assert_eq!((told, analysis.more_currencies), (vec!["USD"], 0));
}
