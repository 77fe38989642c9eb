//! The balance over time as a drawing that answers to the pointer and the keyboard, as a sentence, and as a table.
//!
//! Everything is placed by attributes in percent: it follows its width without a script, under any
//! Content-Security-Policy.

use std::rc::Rc;

use yew::prelude::*;

use super::super::view::text;
use super::insights::Look;
use crate::analysis::plot::{Day, Place, Plot, Sign};
use crate::analysis::{Analysis, CurrencyAnalysis};
use crate::ledger::series::{MarkKind, Point};
use crate::words::{Formats, Words, fill};

/// What a chart is drawn from.
#[derive(Clone, Properties)]
pub(super) struct ChartProps {
    pub(super) analysis: Rc<Analysis>,
    /// Which of its currencies.
    pub(super) at: usize,
    pub(super) words: &'static Words,
    pub(super) formats: Rc<dyn Formats>,
}

impl PartialEq for ChartProps {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
            && Rc::ptr_eq(&self.analysis, &other.analysis)
            && Rc::ptr_eq(&self.formats, &other.formats)
    }
}

/// The drawing, and the line above it that reads one point out.
pub(super) struct Chart {
    /// The point that is read out; the last one where nobody asks.
    chosen: Option<usize>,
}

impl Component for Chart {
    type Message = Option<usize>;
    type Properties = ChartProps;

    fn create(_: &Context<Self>) -> Self {
        Self { chosen: None }
    }

    fn update(&mut self, _: &Context<Self>, chosen: Option<usize>) -> bool {
        let changed = self.chosen != chosen;
        self.chosen = chosen;
        changed
    }

    fn changed(&mut self, _: &Context<Self>, _: &ChartProps) -> bool {
        self.chosen = None;
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let Some(one) = props.analysis.currencies.get(props.at) else { return Html::default() };
        let look = Look { words: &props.words.insights, formats: &*props.formats, one };
        match &one.plot {
            Some(plot) => self.draw(ctx, &look, plot),
            None => Html::default(),
        }
    }
}

impl Chart {
    fn draw(&self, ctx: &Context<Self>, look: &Look<'_>, plot: &Plot) -> Html {
        let points = &look.one.series.points;
        let newest = points.len().saturating_sub(1);
        let at = self.chosen.unwrap_or(newest).min(newest);
        let reading = points.get(at).map(|point| look.reading(point)).unwrap_or_default();
        let (across, down) = plot.places.get(at).copied().unwrap_or_default();
        let levels = plot.levels.iter().map(|level| text("span", "", look.money(*level)));
        let lines = (0..plot.levels.len()).map(|step| {
            let y = [&(step * 100 / (plot.levels.len() - 1)).to_string(), "%"].concat();
            rule("grid-line", ["0", "100%"].map(str::to_owned), [y.clone(), y])
        });
        let zero = plot.zero.map(|zero| {
            rule("zero", ["0", "100%"].map(str::to_owned), [zero, zero].map(|zero| zero.to_string()))
        });
        let cursor = self.chosen.map(|_| {
            rule("cursor", [across, across].map(|x| x.to_string()), ["0", "100%"].map(str::to_owned))
        });
        html! {
            <>
                <p class="readout" data-reading={at.to_string()}>{ reading.clone() }</p>
                <div class="canvas" dir="ltr">
                    <div class="levels" aria-hidden="true">{ for levels }</div>
                    <div class="plot">
                        <svg class="drawing" aria-hidden="true">
                            { for lines }
                            <svg viewBox="0 0 10000 10000" preserveAspectRatio="none">
                                <path class="area" d={plot.area.clone()} />
                            </svg>
                            { for zero }
                            <svg viewBox="0 0 10000 10000" preserveAspectRatio="none">
                                <path class="line" d={plot.line.clone()} />
                            </svg>
                            { for cursor }
                            <circle class="dot" cx={across.to_string()} cy={down.to_string()} r="4" />
                        </svg>
                        <input
                            type="range"
                            min="0"
                            max={newest.to_string()}
                            value={at.to_string()}
                            aria-label={look.words.slider}
                            aria-valuetext={reading}
                            oninput={ctx.link().callback(|event: InputEvent| slid(&event))}
                            onblur={ctx.link().callback(|_| None)}
                        />
                        <div
                            class="hit"
                            onpointermove={self.hover(ctx)}
                            onpointerdown={self.hover(ctx)}
                            onpointerout={ctx.link().callback(|_| None)}
                        ></div>
                    </div>
                    <div class="below" aria-hidden="true">
                        { lane(plot, MarkKind::Deposit) }
                        { lane(plot, MarkKind::Expiry) }
                        <svg class="days">{ for plot.days.iter().enumerate().map(|(at, day)| day_label(look, at, *day)) }</svg>
                    </div>
                </div>
            </>
        }
    }

    fn hover(&self, ctx: &Context<Self>) -> Callback<PointerEvent> {
        let props = ctx.props().clone();
        ctx.link().callback(move |event: PointerEvent| {
            let area: web_sys::Element = event.target_unchecked_into();
            let across = event.offset_x().max(0).saturating_mul(i32::from(Place::END.0));
            let across = u16::try_from(across / area.client_width().max(1)).unwrap_or(Place::END.0);
            let one = props.analysis.currencies.get(props.at);
            one.and_then(|one| one.plot.as_ref()).map(|plot| plot.point_at(Place(across)))
        })
    }
}

/// The point that the slider stands at.
fn slid(event: &InputEvent) -> Option<usize> {
    let slider: web_sys::HtmlInputElement = event.target_unchecked_into();
    slider.value().parse().ok()
}

fn rule(class: &'static str, [x1, x2]: [String; 2], [y1, y2]: [String; 2]) -> Html {
    html! { <line {class} {x1} {x2} {y1} {y2} /> }
}

/// The marks of one kind, in a strip of their own: they never hide the line.
fn lane(plot: &Plot, kind: MarkKind) -> Html {
    let signs = plot.marks.iter().filter(|sign| sign.kind == kind);
    let mut signs = signs.map(|sign| sign_at(*sign)).peekable();
    if signs.peek().is_none() {
        return Html::default();
    }
    html! { <svg class="lane">{ for signs }</svg> }
}

fn sign_at(sign: Sign) -> Html {
    html! { <svg x={sign.at.to_string()} y="7" overflow="visible">{ shape(sign.kind) }</svg> }
}

/// ▲ or ▼, around its own middle.
fn shape(kind: MarkKind) -> Html {
    let (class, d) = match kind {
        MarkKind::Deposit => ("deposit", "M-5 4H5L0-5Z"),
        MarkKind::Expiry => ("expiry", "M-5-4H5L0 5Z"),
    };
    html! { <path {class} {d} /> }
}

fn day_label(look: &Look<'_>, at: usize, day: Day) -> Html {
    let anchor = match day.at.0 {
        0..=800 => "start",
        801..=9_199 => "middle",
        _ => "end",
    };
    let (says, class) = match day.year {
        Some(year) => (year.to_string(), "short"),
        None if at % 2 == 1 => (look.formats.date(day.date), "spare"),
        None => (look.formats.date(day.date), "long"),
    };
    html! { <text {class} x={day.at.to_string()} y="13" text-anchor={anchor}>{ says }</text> }
}

/// What the marks mean, and how many there are.
pub(super) fn legend(look: &Look<'_>) -> Html {
    let Some(plot) = &look.one.plot else { return Html::default() };
    let count = |kind: MarkKind| -> usize {
        plot.marks.iter().filter(|sign| sign.kind == kind).map(|sign| sign.count).sum()
    };
    let kinds =
        [(MarkKind::Deposit, look.words.deposits), (MarkKind::Expiry, look.words.expiries)].into_iter();
    let shown = kinds.filter(|(kind, _)| count(*kind) > 0).map(|(kind, plural)| {
        let says = look.count(plural, count(kind));
        html! {
            <li><svg class="key" viewBox="-7 -7 14 14" aria-hidden="true">{ shape(kind) }</svg>{ says }</li>
        }
    });
    html! { <ul class="legend">{ for shown }</ul> }
}

/// The line in one sentence.
pub(super) fn summary(look: &Look<'_>) -> Option<Html> {
    let series = &look.one.series;
    let day = |point: &Point| point.at.date().map(|day| look.formats.date(day)).unwrap_or_default();
    let extreme = |point: &Option<Point>| {
        let point = point.as_ref()?;
        let (amount, date) = (look.money(point.balance), day(point));
        Some(fill(look.words.summary_day, &[("amount", &amount), ("date", &date)]))
    };
    let (first, last) = (series.points.first()?, series.points.last()?);
    let (lowest, highest) = (extreme(&series.lowest)?, extreme(&series.highest)?);
    let (from, to, now) = (day(first), day(last), look.money(last.balance));
    let values =
        [("from", &*from), ("to", &*to), ("lowest", &*lowest), ("highest", &*highest), ("now", &*now)];
    Some(text("p", "summary", fill(look.words.summary, &values)))
}

/// The line as a table: the balance at the end of each month or year, and what came in and went out.
pub(super) fn table(look: &Look<'_>) -> Html {
    let words = look.words;
    let periods = &look.one.periods;
    if periods.list.is_empty() {
        return Html::default();
    }
    let title = if periods.years { words.table_years } else { words.table_months };
    let money = |amount: Option<_>| match amount {
        Some(amount) => look.money(amount),
        None => words.not_stated.to_owned(),
    };
    let cell = |figure: String| text("td", "", figure);
    let rows = periods.list.iter().rev().map(|period| {
        html! {
            <tr>
                <th scope="row">{ look.formats.date(period.until) }</th>
                { cell(money(period.balance)) }
                { cell(money(period.credits.amount)) }
                { cell(money(period.debits.amount)) }
            </tr>
        }
    });
    let heads = [words.table_until, words.table_balance, words.table_credits, words.table_debits];
    let heads = heads.map(|head| html! { <th scope="col">{ head }</th> });
    let unclear: usize = periods.list.iter().map(|period| period.unclear).sum();
    let unclear = (unclear > 0).then(|| text("p", "meta", look.count(words.table_unclear, unclear)));
    html! {
        <details>
            <summary>{ text("b", "", title) }</summary>
            <div class="wide" tabindex="0" role="region" aria-label={title}>
                <table class="figures" data-periods={if periods.years { "years" } else { "months" }}>
                    <thead><tr>{ for heads }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            { for unclear }
        </details>
    }
}

/// Whether there is anything to draw.
pub(super) fn is_drawn(one: &CurrencyAnalysis) -> bool {
    one.plot.is_some()
}
