//! What the history says, above its table: the balance over time, the funds that expire, how long the money lasts.

use std::rc::Rc;

use yew::prelude::*;

use super::super::el::el;
use super::super::mount::Mount;
use super::super::part::{Make, Part, part};
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
const SPANS: [usize; 3] = [30, 90, 365];

/// What stands above the table.
pub(super) fn view(scene: &Scene<'_>) -> Html {
    let session = scene.session;
    let (loaded, total, all) = session.loaded();
    let analysis = session.analysis().map(Rc::clone);
    let rows = analysis.as_ref().map(|analysis| analysis.rows);
    // Under a filter nothing is loaded but what matches it.
    let plain = session.query().is_plain();
    let waits = plain && session.state() != State::Error;
    if rows == Some(0) || (rows.is_none() && loaded == 0 && !waits) {
        return Html::default();
    }
    part(Rc::new(Insights {
        analysis,
        total: total.and_then(|total| usize::try_from(total).ok()),
        complete: all && rows == Some(loaded),
        more: plain && !all,
        loading: session.goal() == Some(Goal::All) && session.request_error().is_none(),
        words: session.words(),
        formats: Rc::clone(session.formats()),
        load_all: scene.on_click(|| Intent::LoadAll),
    }))
}

/// What the history says, drawn anew only when there is something else to say.
pub struct Insights {
    /// What the loaded rows say; `None` until that is known.
    pub analysis: Option<Rc<Analysis>>,
    /// How many rows there are in all, as far as the API says.
    pub total: Option<usize>,
    /// Whether the analysis rests on all of them.
    pub complete: bool,
    /// Whether there is more to load now.
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

impl Insights {
    /// Shows them at the end of `root`, by themselves, until what this gives is called.
    pub fn show(self, root: &web_sys::Node) -> impl FnOnce() + 'static {
        let mount = Mount::default();
        mount.mount(root, Rc::new(self));
        move || mount.unmount()
    }
}

impl Part for Insights {
    fn show_in(&self, _: Option<Callback<()>>) {}

    fn draw(self: Rc<Self>) -> Html {
        let words = &self.words.insights;
        let Some(analysis) = &self.analysis else { return skeleton(words) };
        let mut blocks = Vec::new();
        let several = analysis.currencies.len() + analysis.more_currencies;
        if several > 1 {
            let mut says = words::count(words.several, several, &*self.formats);
            if analysis.more_currencies > 0 {
                let more = words::count(words.more_currencies, analysis.more_currencies, &*self.formats);
                says = [&says, " ", &more].concat();
            }
            blocks.push(notice("notice", None, vec![text("p", "", says)]));
        }
        for (at, one) in analysis.currencies.iter().enumerate() {
            blocks.push(block(&self, analysis, &Look { words, formats: &*self.formats, one }, at));
        }
        el!("section" "class": "insights", "part": "insights", "aria-label": words.title; blocks)
    }

    fn make(&self) -> Option<Make<'_>> {
        let analysis = self.analysis.as_ref().map_or(0, |analysis| Rc::as_ptr(analysis).addr());
        let flags = [self.complete, self.more, self.loading].map(usize::from);
        let [complete, more, loading] = flags;
        let total = self.total.map_or(0, |total| total.saturating_add(1)).saturating_mul(8);
        let state = total | complete << 2 | more << 1 | loading;
        Some(("", [analysis, Rc::as_ptr(&self.formats).addr(), state]))
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

    /// An amount, or that there is none.
    pub(super) fn stated(&self, amount: Option<Amount>) -> String {
        match amount {
            Some(amount) => self.money(amount),
            None => self.words.not_stated.to_owned(),
        }
    }

    /// A day; nothing where there is none.
    pub(super) fn day(&self, day: Option<Date>) -> String {
        day.map(|day| self.formats.date(day)).unwrap_or_default()
    }

    pub(super) fn count(&self, plural: Plural, count: usize) -> String {
        words::count(plural, count, self.formats)
    }

    /// A sentence that names an amount.
    fn with(&self, template: &str, amount: Amount) -> String {
        fill(template, &[("amount", &self.money(amount))])
    }

    /// A point of the line: when, and how much.
    pub(super) fn reading(&self, point: &Point) -> String {
        let (date, amount) = (self.day(point.at.date()), self.money(point.balance));
        fill(self.words.readout, &[("date", &date), ("amount", &amount)])
    }

    /// A count with an amount, and how many days off it is warned of.
    fn sum(&self, plural: Plural, sum: Sum) -> String {
        let days = self.formats.integer(SOON_DAYS.unsigned_abs() as usize);
        let values = [("amount", &*self.stated(sum.amount)), ("days", &days)];
        fill(&self.count(plural, sum.count), &values)
    }
}

/// What stands there until something is known: parts of the height of real ones.
fn skeleton(words: &'static InsightWords) -> Html {
    let card = |class: &'static str, title: &'static str| el!("div" "class": class; text("h3", "", title), el!("div" "class": "bone"));
    let side = vec![card("expiring", words.expiring), card("runway", words.runway)];
    el!(
        "section"
        "class": "insights",
        "part": "insights",
        "aria-label": words.title,
        "aria-busy": "true";
        sides(None, card("chart", words.chart), side),
    )
}

fn sides(currency: Option<String>, chart: Html, side: Vec<Html>) -> Html {
    el!("div" "class": "insight", "data-currency": currency; chart, el!("div" "class": "side"; side))
}

fn block(insights: &Insights, analysis: &Rc<Analysis>, look: &Look<'_>, at: usize) -> Html {
    let words = look.words;
    let currency = &look.one.currency;
    let several = analysis.currencies.len() > 1;
    let title = titled(look, words.chart, several);
    let drawing = match look.one.plot {
        Some(_) => part(Chart::new(analysis, at, insights.words, &insights.formats)),
        None if look.one.series.points.is_empty() => text("p", "meta", words.no_balance),
        None => Html::default(),
    };
    let load = match insights.more {
        true if insights.loading => text("span", "", words.loading_all),
        true => button("link", words.load_all, insights.load_all.clone()),
        false => Html::default(),
    };
    let chart = vec![
        el!("p" "class": "basis"; basis(insights, analysis, look, several), " ", load),
        drawing,
        chart::legend(look).unwrap_or_default(),
        chart::summary(look).unwrap_or_default(),
        chart::table(look).unwrap_or_default(),
    ];
    let side = vec![
        card("expiring", words.expiring.to_owned(), expiring(look, insights.complete)),
        card("runway", words.runway.to_owned(), runway(look)),
    ];
    sides(Some(currency.clone()), card("chart", title, chart), side)
}

fn card(part: &'static str, title: String, children: Vec<Html>) -> Html {
    let label = title.clone();
    el!("section" "class": part, "part": part, "aria-label": label; text("h3", "", title), children)
}

/// A title, or what stands for one, with the currency where there are several.
fn titled(look: &Look<'_>, title: &str, several: bool) -> String {
    let template = match &*look.one.currency {
        _ if !several => "{title}",
        "" => look.words.no_currency,
        _ => look.words.in_currency,
    };
    fill(template, &[("title", title), ("currency", &look.one.currency)])
}

/// On how many rows all this rests.
fn basis(insights: &Insights, analysis: &Analysis, look: &Look<'_>, several: bool) -> String {
    let words = look.words;
    let rows = look.formats.integer(analysis.rows);
    let newest = match insights.total {
        _ if insights.complete => titled(look, &look.count(words.basis_all, look.one.rows), several),
        Some(total) => {
            fill(words.basis_newest, &[("loaded", &rows), ("total", &look.formats.integer(total))])
        }
        None => fill(words.basis_newest_unknown, &[("loaded", &rows)]),
    };
    let template = if several && !insights.complete { words.basis_here } else { "{basis}" };
    let basis = fill(template, &[("basis", &newest), ("count", &look.formats.integer(look.one.rows))]);
    match look.one.span {
        Some((oldest, _)) => fill(words.since, &[("basis", &basis), ("date", &look.formats.date(oldest))]),
        None => basis,
    }
}

fn expiring(look: &Look<'_>, complete: bool) -> Vec<Html> {
    let words = look.words;
    let held = &look.one.held;
    let mut parts = Vec::new();
    if held.soon.count > 0 {
        let plural = if held.soon.amount.is_some() { words.soon } else { words.soon_unsummed };
        parts.push(el!(
            "div"
            "class": "notice warn",
            "part": "notice warn",
            "data-expiring": held.soon.count.to_string(),
            "data-amount": held.soon.amount.map(|amount| amount.to_string());
            text("b", "", look.sum(plural, held.soon)),
            text("p", "", words.soon_hint),
        ));
    }
    if held.overdue.count > 0 {
        let says = look.sum(words.overdue, held.overdue);
        parts.push(notice("notice warn", None, vec![text("p", "", says)]));
    }
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for lot in &held.lots {
        let lots = if first.len() < SHOWN_LOTS { &mut first } else { &mut others };
        lots.push(expiring_lot(look, lot));
    }
    if first.is_empty() {
        let nothing = held.balance.is_some_and(|balance| balance.is_zero() || balance.is_negative());
        let says = if nothing { words.nothing_left } else { words.nothing_expires };
        parts.push(text("p", "", says));
    } else {
        parts.push(el!("ul" "class": "lots", "part": "lots"; first));
    }
    if !others.is_empty() {
        let title = look.count(words.more_lots, others.len() + held.more.count);
        parts.push(el!(
            "details";
            el!("summary"; text("b", "", title)),
            el!("ul" "class": "lots", "part": "lots"; others),
            (held.more.count > 0).then(|| text("p", "meta", look.sum(words.further_lots, held.more))),
        ));
    }
    let unexplained = if complete { words.unexplained } else { words.unexplained_partial };
    for (sum, template) in [(held.undated, words.undated), (held.unexplained, unexplained)] {
        if let Some(amount) = sum.amount.filter(|_| sum.count > 0) {
            parts.push(text("p", "meta", look.with(template, amount)));
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
    let on = lot.on.map_or_else(|| words.not_stated.to_owned(), |day| look.formats.date(day));
    let template = if lot.deposited.is_some() { words.lot_of } else { words.lot_of_unclear };
    let deposit = fill(template, &[("amount", &look.stated(lot.deposited)), ("date", &on)]);
    let expires = fill(words.lot_date, &[("date", &look.formats.date(lot.expires))]);
    el!(
        "li"
        "data-lot": lot.expires.to_string(),
        "data-amount": lot.left.to_string(),
        "class": if lot.days <= SOON_DAYS { "near" } else { "far" };
        text("b", "", look.with(words.lot_left, lot.left)),
        text("span", "", in_days),
        text("small", "", deposit),
        text("small", "", expires),
    )
}

fn runway(look: &Look<'_>) -> Vec<Html> {
    let words = look.words;
    let there = look.one.days as usize;
    let (mut rows, mut known) = (Vec::new(), false);
    for (days, pace) in SPANS.iter().zip(&look.one.runway) {
        known |= pace.is_some();
        rows.push(pace_row(look, *days, pace.as_ref()));
    }
    if !known {
        return vec![text("p", "", look.count(words.claims_nothing, there))];
    }
    let funds = match look.one.funds {
        Funds::Available(available) => look.with(words.funds_available, available),
        Funds::LastBalance(balance) => look.with(words.funds_last, balance),
        Funds::Unlimited => words.funds_unlimited.to_owned(),
        Funds::Unknown => words.funds_unknown.to_owned(),
    };
    vec![
        chart::figures(&[words.pace, words.per_day, words.lasts], rows, None),
        text("p", "meta", fill(words.assumes, &[("funds", &funds)])),
    ]
}

fn pace_row(look: &Look<'_>, days: usize, pace: Option<&Runway>) -> Html {
    let words = look.words;
    let span = look.count(words.span, days);
    let spent = pace.filter(|pace| !pace.spent.is_negative() && !pace.spent.is_zero());
    let cells = match spent {
        Some(pace) => {
            let (until, class) = lasts(look, pace.until);
            let per_day = look.with(words.about, about(pace.per_day));
            vec![text("td", "", per_day), text("td", class, until)]
        }
        None => {
            let says = match pace {
                Some(_) => look.count(words.nothing_spent, days),
                None => {
                    let there = look.count(words.span, (look.one.days as usize).min(days - 1));
                    fill(words.needs, &[("needs", &span), ("there", &there)])
                }
            };
            vec![el!("td" "class": "words", "colspan": "2"; says)]
        }
    };
    el!(
        "tr"
        "data-runway": days.to_string(),
        "data-amount": spent.map(|pace| pace.per_day.to_string()),
        "data-until": spent.and_then(|pace| pace.until).map(|until| until.to_string());
        el!("th" "scope": "row"; span),
        cells,
    )
}

fn lasts(look: &Look<'_>, until: Option<Date>) -> (String, &'static str) {
    let words = look.words;
    let says = match look.one.funds {
        _ if until.is_some() => return (fill(words.until, &[("date", &look.day(until))]), ""),
        Funds::Unlimited => words.no_end,
        Funds::Unknown => words.not_stated,
        funds if funds.amount().is_none() => words.no_funds,
        _ => words.far,
    };
    (says.to_owned(), "words")
}
