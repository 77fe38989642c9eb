//! What the history says, above its table: the balance over time, the funds that expire, how long the money lasts.

use std::rc::Rc;

use yew::prelude::*;

use super::super::view::{button, notice, text};
use super::Scene;
use super::chart::{self, Chart};
use crate::amount::Amount;
use crate::analysis::figures::about;
use crate::analysis::held::{Expiring, SOON_DAYS, Sum};
use crate::analysis::{Analysis, CurrencyAnalysis, Funds};
use crate::date::Date;
use crate::history_session::{Goal, Intent};
use crate::ledger::runway::Runway;
use crate::ledger::series::Point;
use crate::state::State;
use crate::words::{self, Formats, InsightWords, Plural, Words, fill};

/// So many lots are shown at once; the others are folded away.
const SHOWN_LOTS: usize = 5;
const SPANS: [u32; 3] = [30, 90, 365];

/// What stands above the table.
pub(super) fn view(scene: &Scene<'_>) -> Html {
    let session = scene.session;
    let (loaded, total, all) = session.loaded();
    let analysis = session.analysis().map(Rc::clone);
    let rows = analysis.as_ref().map(|analysis| analysis.rows);
    if rows == Some(0) || (rows.is_none() && loaded == 0 && session.state() == State::Error) {
        return Html::default();
    }
    html! {
        <Insights
            {analysis}
            {total}
            complete={all && rows == Some(loaded)}
            more={!all}
            loading={session.goal() == Some(Goal::All)}
            words={session.words()}
            formats={Rc::clone(session.formats())}
            load_all={scene.on_click(|| Intent::LoadAll)}
        />
    }
}

/// What the insights are drawn from.
#[derive(Clone, Properties)]
pub struct InsightsProps {
    /// What the loaded rows say; `None` until that is known.
    pub analysis: Option<Rc<Analysis>>,
    /// How many rows there are in all, as far as the API says.
    pub total: Option<u64>,
    /// Whether the analysis rests on all of them.
    pub complete: bool,
    /// Whether there is more to load.
    pub more: bool,
    /// Whether all of it is being loaded.
    pub loading: bool,
    /// The words.
    pub words: &'static Words,
    /// How figures and days are written.
    pub formats: Rc<dyn Formats>,
    /// Loads what is missing.
    pub load_all: Callback<MouseEvent>,
}

impl PartialEq for InsightsProps {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.analysis, &other.analysis) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        let known = |props: &Self| (props.total, props.complete, props.more, props.loading);
        same && known(self) == known(other) && Rc::ptr_eq(&self.formats, &other.formats)
    }
}

/// The insights, drawn anew only when there is something else to say.
pub struct Insights;

impl Component for Insights {
    type Message = ();
    type Properties = InsightsProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = &props.words.insights;
        let Some(analysis) = &props.analysis else { return skeleton(words) };
        let several = analysis.currencies.len() + analysis.more_currencies;
        let several = (several > 1).then(|| {
            let mut says = vec![words::count(words.several, several, &*props.formats)];
            if analysis.more_currencies > 0 {
                says.push(words::count(words.more_currencies, analysis.more_currencies, &*props.formats));
            }
            notice("notice", None, vec![text("p", "", says.join(" "))])
        });
        let all = analysis.currencies.iter().enumerate().map(|(at, one)| {
            let look = Look { words, formats: &*props.formats, one };
            block(props, analysis, &look, at)
        });
        html! { <section class="insights" part="insights" aria-label={words.title}>{ for several }{ for all }</section> }
    }
}

/// One currency, and how it is written.
pub(super) struct Look<'a> {
    pub(super) words: &'static InsightWords,
    pub(super) formats: &'a dyn Formats,
    pub(super) one: &'a CurrencyAnalysis,
}

impl Look<'_> {
    pub(super) fn money(&self, amount: Amount) -> String {
        self.formats.money(amount, &self.one.currency)
    }

    pub(super) fn count(&self, plural: Plural, count: usize) -> String {
        words::count(plural, count, self.formats)
    }

    /// A point of the line: when, and how much.
    pub(super) fn reading(&self, point: &Point) -> String {
        let date = point.at.date().map(|day| self.formats.date(day)).unwrap_or_default();
        fill(self.words.readout, &[("date", &date), ("amount", &self.money(point.balance))])
    }

    /// A count with an amount.
    fn sum(&self, plural: Plural, sum: Sum, more: &[(&str, &str)]) -> String {
        let amount = sum.amount.map_or_else(|| self.words.not_stated.to_owned(), |amount| self.money(amount));
        let values: Vec<(&str, &str)> = more.iter().copied().chain([("amount", &*amount)]).collect();
        fill(&self.count(plural, sum.count), &values)
    }
}

/// What stands there until something is known: parts of the height of real ones.
fn skeleton(words: &'static InsightWords) -> Html {
    let card = |class: &'static str, title: &'static str| {
        html! { <div {class}>{ text("h3", "", title) }<div class="bone"></div></div> }
    };
    html! {
        <section class="insights" part="insights" aria-label={words.title} aria-busy="true">
            <div class="insight">
                { card("chart", words.chart) }
                <div class="side">
                    { card("expiring", words.expiring) }
                    { card("runway", words.runway) }
                </div>
            </div>
        </section>
    }
}

fn block(props: &InsightsProps, analysis: &Rc<Analysis>, look: &Look<'_>, at: usize) -> Html {
    let words = look.words;
    let title = if analysis.currencies.len() < 2 {
        words.chart.to_owned()
    } else if look.one.currency.is_empty() {
        fill(words.no_currency, &[("title", words.chart)])
    } else {
        fill(words.in_currency, &[("title", words.chart), ("currency", &look.one.currency)])
    };
    let drawing = if chart::is_drawn(look.one) {
        let (analysis, words, formats) = (Rc::clone(analysis), props.words, Rc::clone(&props.formats));
        html! { <Chart {analysis} {at} {words} {formats} /> }
    } else {
        text("p", "meta", words.no_balance)
    };
    let load = match props.more {
        true if props.loading => text("span", "", words.loading_all),
        true => button("link", words.load_all, props.load_all.clone()),
        false => Html::default(),
    };
    let chart = html! {
        <section class="chart" part="chart" aria-label={title.clone()}>
            { text("h3", "", title) }
            <p class="basis">{ basis(props, analysis, look) }{ " " }{ load }</p>
            { drawing }
            { chart::legend(look) }
            { for chart::summary(look) }
            { chart::table(look) }
        </section>
    };
    html! {
        <div class="insight" data-currency={look.one.currency.clone()}>
            { chart }
            <div class="side">
                { card("expiring", words.expiring, expiring(look, props.complete)) }
                { card("runway", words.runway, runway(look)) }
            </div>
        </div>
    }
}

fn card(part: &'static str, title: &'static str, children: Vec<Html>) -> Html {
    html! {
        <section class={part} {part} aria-label={title}>{ text("h3", "", title) }{ for children }</section>
    }
}

/// On how many rows all this rests.
fn basis(props: &InsightsProps, analysis: &Analysis, look: &Look<'_>) -> String {
    let words = look.words;
    let rows = look.formats.integer(analysis.rows);
    let basis = match props.total.and_then(|total| usize::try_from(total).ok()) {
        _ if props.complete => look.count(words.basis_all, analysis.rows),
        Some(total) => {
            fill(words.basis_newest, &[("loaded", &rows), ("total", &look.formats.integer(total))])
        }
        None => fill(words.basis_newest_unknown, &[("loaded", &rows)]),
    };
    match analysis.span {
        Some((oldest, _)) => fill(words.since, &[("basis", &basis), ("date", &look.formats.date(oldest))]),
        None => basis,
    }
}

fn expiring(look: &Look<'_>, complete: bool) -> Vec<Html> {
    let words = look.words;
    let held = &look.one.held;
    let mut parts = Vec::new();
    if held.soon.count > 0 {
        let days = look.formats.integer(usize::try_from(SOON_DAYS).unwrap_or_default());
        let plural = if held.soon.amount.is_some() { words.soon } else { words.soon_unsummed };
        let says = look.sum(plural, held.soon, &[("days", &days)]);
        parts.push(html! {
            <div class="notice warn" data-expiring={held.soon.count.to_string()} data-amount={held.soon.amount.map(|amount| amount.to_string())}>
                { text("b", "", says) }
                { text("p", "", words.soon_hint) }
            </div>
        });
    }
    if held.overdue.count > 0 {
        parts.push(notice(
            "notice warn",
            None,
            vec![text("p", "", look.sum(words.overdue, held.overdue, &[]))],
        ));
    }
    let mut lots = held.lots.iter().map(|lot| expiring_lot(look, lot));
    let first: Vec<Html> = lots.by_ref().take(SHOWN_LOTS).collect();
    if first.is_empty() {
        let nothing = held.balance.is_some_and(|balance| balance.is_zero() || balance.is_negative());
        let says = if nothing { words.nothing_left } else { words.nothing_expires };
        parts.push(text("p", "", says));
    } else {
        parts.push(html! { <ul class="lots">{ for first }</ul> });
    }
    let others: Vec<Html> = lots.collect();
    if !others.is_empty() {
        let title = look.count(words.more_lots, others.len() + held.more.count);
        let further =
            (held.more.count > 0).then(|| text("p", "meta", look.sum(words.further_lots, held.more, &[])));
        parts.push(html! {
            <details><summary>{ text("b", "", title) }</summary><ul class="lots">{ for others }</ul>{ for further }</details>
        });
    }
    let unexplained = if complete { words.unexplained } else { words.unexplained_partial };
    for (sum, template) in [(held.undated, words.undated), (held.unexplained, unexplained)] {
        if let Some(amount) = sum.amount.filter(|_| sum.count > 0) {
            parts.push(text("p", "meta", fill(template, &[("amount", &look.money(amount))])));
        }
    }
    parts.push(text("p", "meta", words.fifo));
    parts
}

fn expiring_lot(look: &Look<'_>, lot: &Expiring) -> Html {
    let words = look.words;
    let in_days = match usize::try_from(lot.days) {
        Ok(days) if days > 0 => look.count(words.lot_days, days),
        _ => words.lot_today.to_owned(),
    };
    let on = lot.on.map(|day| look.formats.date(day)).unwrap_or_else(|| words.not_stated.to_owned());
    let deposit = match lot.deposited {
        Some(amount) => fill(words.lot_of, &[("amount", &look.money(amount)), ("date", &on)]),
        None => fill(words.lot_of_unclear, &[("date", &on)]),
    };
    let expires = fill(words.lot_date, &[("date", &look.formats.date(lot.expires))]);
    html! {
        <li data-lot={lot.expires.to_string()} data-amount={lot.left.to_string()} class={if lot.days <= SOON_DAYS { "near" } else { "far" }}>
            { text("b", "", fill(words.lot_left, &[("amount", &look.money(lot.left))])) }
            { text("span", "", in_days) }
            { text("small", "", deposit) }
            { text("small", "", expires) }
        </li>
    }
}

fn runway(look: &Look<'_>) -> Vec<Html> {
    let words = look.words;
    let spans = || SPANS.iter().zip(&look.one.runway);
    if spans().all(|(_, pace)| pace.is_none()) {
        let days = usize::try_from(look.one.days).unwrap_or_default();
        return vec![text("p", "", look.count(words.claims_nothing, days))];
    }
    let rows = spans().map(|(days, pace)| pace_row(look, *days, pace.as_ref()));
    let heads = [words.pace, words.per_day, words.lasts].map(|head| html! { <th scope="col">{ head }</th> });
    let amount = |template, amount| fill(template, &[("amount", &look.money(amount))]);
    let funds = match look.one.funds {
        Funds::Available(available) => amount(words.funds_available, available),
        Funds::LastBalance(balance) => amount(words.funds_last, balance),
        Funds::Unlimited => words.funds_unlimited.to_owned(),
        Funds::Unknown => words.funds_unknown.to_owned(),
    };
    vec![
        html! { <table class="figures"><thead><tr>{ for heads }</tr></thead><tbody>{ for rows }</tbody></table> },
        text("p", "meta", fill(words.assumes, &[("funds", &funds)])),
    ]
}

fn pace_row(look: &Look<'_>, days: u32, pace: Option<&Runway>) -> Html {
    let words = look.words;
    let span = |days: u32| look.count(words.span, usize::try_from(days).unwrap_or_default());
    let whole = |says: String| html! { <td class="words" colspan="2">{ says }</td> };
    let spent = pace.filter(|pace| !pace.spent.is_negative() && !pace.spent.is_zero());
    let (cells, until) = match (pace, spent) {
        (None, _) => {
            let there = span(look.one.days.min(days - 1));
            (vec![whole(fill(words.needs, &[("needs", &span(days)), ("there", &there)]))], None)
        }
        (Some(_), None) => {
            let says = look.count(words.nothing_spent, usize::try_from(days).unwrap_or_default());
            (vec![whole(says)], None)
        }
        (Some(_), Some(pace)) => {
            let per_day = fill(words.about, &[("amount", &look.money(about(pace.per_day)))]);
            let (until, class) = lasts(look, pace.until);
            (vec![text("td", "", per_day), text("td", class, until)], pace.until)
        }
    };
    html! {
        <tr
            data-runway={days.to_string()}
            data-amount={spent.map(|pace| pace.per_day.to_string())}
            data-until={until.map(|until| until.to_string())}
        >
            <th scope="row">{ span(days) }</th>
            { for cells }
        </tr>
    }
}

fn lasts(look: &Look<'_>, until: Option<Date>) -> (String, &'static str) {
    let words = look.words;
    match (until, look.one.funds) {
        (Some(until), _) => (fill(words.until, &[("date", &look.formats.date(until))]), ""),
        (None, Funds::Unlimited) => (words.no_end.to_owned(), "words"),
        (None, Funds::Unknown) => (words.not_stated.to_owned(), "words"),
        (None, funds) if funds.amount().is_none() => (words.no_funds.to_owned(), "words"),
        (None, _) => (words.far.to_owned(), "words"),
    }
}
