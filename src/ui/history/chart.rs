//! The balance over time as a drawing that answers to the pointer and the keyboard, as a sentence, and as a table.
//!
//! Everything is placed by attributes in percent: it follows its width without a script, under any
//! Content-Security-Policy.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;
use yew::virtual_dom::{Listener, ListenerKind};

use super::super::el::{On, el, list};
use super::super::part::{Make, Part};
use super::super::view::{text, value};
use super::insights::Look;
use crate::analysis::plot::{Day, Place, Plot};
use crate::analysis::{Analysis, CurrencyAnalysis};
use crate::ledger::series::{MarkKind, Point};
use crate::words::{Formats, Words, fill};

/// The drawing, and the line above it that reads one point out.
pub(super) struct Chart {
    analysis: Rc<Analysis>,
    /// Which of its currencies.
    at: usize,
    words: &'static Words,
    formats: Rc<dyn Formats>,
    /// The point that is read out; the last one where nobody asks.
    chosen: Cell<Option<usize>>,
    redraw: RefCell<Option<Callback<()>>>,
}

impl Part for Chart {
    fn show_in(&self, redraw: Option<Callback<()>>) {
        self.redraw.replace(redraw);
    }

    fn draw(self: Rc<Self>) -> Html {
        let Some(one) = self.one() else { return Html::default() };
        let Some(plot) = &one.plot else { return Html::default() };
        self.view(&Look { words: &self.words.insights, formats: &*self.formats, one }, plot)
    }

    fn make(&self) -> Option<Make<'_>> {
        Some(("", [Rc::as_ptr(&self.analysis).addr(), Rc::as_ptr(&self.formats).addr(), self.at]))
    }
}

impl Chart {
    pub(super) fn new(
        analysis: &Rc<Analysis>,
        at: usize,
        words: &'static Words,
        formats: &Rc<dyn Formats>,
    ) -> Rc<Self> {
        Rc::new(Self {
            analysis: Rc::clone(analysis),
            at,
            words,
            formats: Rc::clone(formats),
            chosen: Cell::default(),
            redraw: RefCell::default(),
        })
    }

    fn one(&self) -> Option<&CurrencyAnalysis> {
        self.analysis.currencies.get(self.at)
    }

    fn view(self: &Rc<Self>, look: &Look<'_>, plot: &Plot) -> Html {
        let points = &look.one.series.points;
        let newest = points.len().saturating_sub(1);
        let at = self.chosen.get().unwrap_or(newest).min(newest);
        let reading = points.get(at).map(|point| look.reading(point)).unwrap_or_default();
        let (across, down) = plot.places.get(at).copied().unwrap_or_default();
        let (mut levels, mut lines) = (Vec::new(), Vec::new());
        for (step, level) in plot.levels.iter().enumerate() {
            levels.push(text("span", "", look.money(*level)));
            lines.push(level_line("grid-line", Place::of(step as i64, plot.levels.len() as i64 - 1)));
        }
        let cursor = self.chosen.get().map(|_| {
            let across = across.to_string();
            el!("line" "class": "cursor", "x1": across.clone(), "x2": across, "y1": "0", "y2": "100%")
        });
        let drawing = el!(
            "svg" "class": "drawing", "aria-hidden": "true";
            lines,
            path("area", &plot.area),
            plot.zero.map(|zero| level_line("zero", zero)),
            path("line", &plot.line),
            cursor,
            el!("circle" "class": "dot", "cx": across.to_string(), "cy": down.to_string(), "r": "4"),
        );
        let slider = el!(
            "input"
            "type": "range",
            "min": "0",
            "max": newest.to_string(),
            "value": JsValue::from_str(&at.to_string()),
            "aria-label": look.words.slider,
            "aria-valuetext": reading.clone();
            self.on(ListenerKind::oninput),
            self.on(ListenerKind::onblur),
        );
        let hit = el!(
            "div" "class": "hit";
            self.on(ListenerKind::onpointermove),
            self.on(ListenerKind::onpointerdown),
            self.on(ListenerKind::onpointerout),
        );
        let mut days = Vec::new();
        for (at, day) in plot.days.iter().enumerate() {
            days.push(day_label(look, at, day));
        }
        let canvas = el!(
            "div" "class": "canvas", "dir": "ltr";
            el!("div" "class": "levels", "aria-hidden": "true"; levels),
            el!("div" "class": "plot"; drawing, slider, hit),
            el!(
                "div" "class": "below", "aria-hidden": "true";
                lane(plot, MarkKind::Deposit),
                lane(plot, MarkKind::Expiry),
                el!("svg" "class": "days"; days),
            ),
        );
        list(vec![
            el!("p" "class": "readout", "part": "readout", "data-reading": at.to_string(); reading),
            canvas,
        ])
    }

    fn on(self: &Rc<Self>, kind: ListenerKind) -> On<Hand> {
        On(Hand { chart: Rc::clone(self), kind })
    }

    /// The point below the pointer.
    fn below(&self, event: &Event) -> Option<usize> {
        let area: web_sys::Element = event.target()?.unchecked_into();
        let across = event.unchecked_ref::<MouseEvent>().offset_x();
        let place = Place::of(across.into(), area.client_width().into());
        Some(self.one()?.plot.as_ref()?.point_at(place))
    }
}

/// What answers to the pointer and the keyboard.
struct Hand {
    chart: Rc<Chart>,
    kind: ListenerKind,
}

impl Listener for Hand {
    fn kind(&self) -> ListenerKind {
        self.kind.clone()
    }

    fn handle(&self, event: Event) {
        let chosen = match self.kind {
            ListenerKind::oninput => value(&event).parse().ok(),
            ListenerKind::onblur | ListenerKind::onpointerout => None,
            _ => self.chart.below(&event),
        };
        let redraw = self.chart.redraw.borrow().clone();
        if self.chart.chosen.replace(chosen) != chosen
            && let Some(redraw) = redraw
        {
            redraw.emit(());
        }
    }

    fn passive(&self) -> bool {
        false
    }
}

fn level_line(class: &'static str, at: Place) -> Html {
    let y = at.to_string();
    el!("line" "class": class, "x1": "0", "x2": "100%", "y1": y.clone(), "y2": y)
}

/// A path that is stretched to the drawing.
fn path(class: &'static str, d: &str) -> Html {
    el!(
        "svg" "viewBox": "0 0 10000 10000", "preserveAspectRatio": "none";
        el!("path" "class": class, "d": d.to_owned()),
    )
}

/// The marks of one kind, in a strip of their own: they never hide the line.
fn lane(plot: &Plot, kind: MarkKind) -> Option<Html> {
    let mut signs = Vec::new();
    for sign in &plot.marks {
        if sign.kind == kind {
            signs.push(el!("svg" "x": sign.at.to_string(), "y": "7", "overflow": "visible"; shape(kind)));
        }
    }
    (!signs.is_empty()).then(|| el!("svg" "class": "lane"; signs))
}

/// ▲ or ▼, around its own middle.
fn shape(kind: MarkKind) -> Html {
    let (class, d) = match kind {
        MarkKind::Deposit => ("deposit", "M-5 4H5L0-5Z"),
        MarkKind::Expiry => ("expiry", "M-5-4H5L0 5Z"),
    };
    el!("path" "class": class, "d": d)
}

fn day_label(look: &Look<'_>, at: usize, day: &Day) -> Html {
    // On the left there is room below the figures of the other axis.
    let anchor = if day.at.0 < 9_200 { "middle" } else { "end" };
    let (says, class) = match day.year {
        Some(year) => (year.to_string(), "short"),
        None if at % 2 == 1 => (look.formats.date(day.date), "spare"),
        None => (look.formats.date(day.date), "long"),
    };
    el!("text" "class": class, "x": day.at.to_string(), "y": "13", "text-anchor": anchor; says)
}

/// What the marks mean, and how many there are.
pub(super) fn legend(look: &Look<'_>) -> Option<Html> {
    let plot = look.one.plot.as_ref()?;
    let mut keys = Vec::new();
    for (kind, plural) in [(MarkKind::Deposit, look.words.deposits), (MarkKind::Expiry, look.words.expiries)]
    {
        let mut count = 0;
        for sign in &plot.marks {
            if sign.kind == kind {
                count += sign.count;
            }
        }
        if count > 0 {
            let key = el!("svg" "class": "key", "viewBox": "-7 -7 14 14", "aria-hidden": "true"; shape(kind));
            keys.push(el!("li"; key, look.count(plural, count)));
        }
    }
    Some(el!("ul" "class": "legend", "part": "legend"; keys))
}

/// The line in one sentence.
pub(super) fn summary(look: &Look<'_>) -> Option<Html> {
    let series = &look.one.series;
    let day = |point: &Point| look.day(point.at.date());
    let extreme = |point: &Point| {
        let (amount, date) = (look.money(point.balance), day(point));
        fill(look.words.summary_day, &[("amount", &amount), ("date", &date)])
    };
    let (first, last) = (series.points.first()?, series.points.last()?);
    let values = [
        ("from", &*day(first)),
        ("to", &day(last)),
        ("lowest", &extreme(series.lowest.as_ref()?)),
        ("highest", &extreme(series.highest.as_ref()?)),
        ("now", &look.money(last.balance)),
    ];
    Some(text("p", "summary", fill(look.words.summary, &values)))
}

/// The line as a table: the balance at the end of each month or year, and what came in and went out.
pub(super) fn table(look: &Look<'_>) -> Option<Html> {
    let words = look.words;
    let periods = &look.one.periods;
    let (mut rows, mut unclear) = (Vec::new(), 0);
    for period in periods.list.iter().rev() {
        unclear += period.unclear;
        rows.push(el!(
            "tr";
            el!("th" "scope": "row"; look.formats.date(period.until)),
            text("td", "", look.stated(period.balance)),
            text("td", "", look.stated(period.credits.amount)),
            text("td", "", look.stated(period.debits.amount)),
        ));
    }
    let (title, kind) = match periods.years {
        true => (words.table_years, "years"),
        false => (words.table_months, "months"),
    };
    let heads = [words.table_until, words.table_balance, words.table_credits, words.table_debits];
    (!rows.is_empty()).then(|| {
        el!(
            "details";
            el!("summary"; text("b", "", title)),
            el!(
                "div" "class": "wide", "tabindex": "0", "role": "region", "aria-label": title;
                figures(&heads, rows, Some(kind)),
            ),
            (unclear > 0).then(|| text("p", "meta", look.count(words.table_unclear, unclear))),
        )
    })
}

/// A table of figures, and of what periods it is.
pub(super) fn figures(heads: &[&'static str], rows: Vec<Html>, periods: Option<&'static str>) -> Html {
    let mut row = Vec::new();
    for head in heads {
        row.push(el!("th" "scope": "col"; *head));
    }
    el!(
        "table" "class": "figures", "part": "figures", "data-periods": periods;
        el!("thead"; el!("tr"; row)),
        el!("tbody"; rows),
    )
}
