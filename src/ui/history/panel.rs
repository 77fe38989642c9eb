//! What stands around the table: how many rows there are, what they come to, whether the balances follow, what is under
//! way and what went wrong.

use yew::prelude::*;

use super::Scene;
use crate::date::Date;
use crate::history_session::{End, FileKind, Goal, Intent};
use crate::ledger::totals::Totals;
use crate::state::State;
use crate::ui::el::{el, list};
use crate::ui::view::{button, failure, misconfigured, notice, text};
use crate::words::fill;

/// Title, count, and what can be done with all rows.
pub(super) fn head(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let progress = if scene.session.state() == State::Loading { "progress busy" } else { "progress" };
    el!("div" "class": "head", "part": "head";
        el!("div"; text("h2", "", words.title), text("p", "tally", tally(scene))),
        el!("div" "class": "actions", "part": "actions";
            button("button plain", words.refresh, scene.on_click(|| Intent::Refresh)),
            button("button plain export", words.export_csv, scene.on_click(|| Intent::Export(FileKind::Csv))),
            button("button plain export", words.export_json, scene.on_click(|| Intent::Export(FileKind::Json)))),
        el!("div" "class": progress))
}

/// How many rows the present query has, and of how many.
fn tally(scene: &Scene<'_>) -> String {
    let words = scene.words();
    let session = scene.session;
    let (count, total) = scene.extent();
    let Some(total) = total.filter(|_| session.shown().end() != End::Unasked) else {
        return match session.state() {
            _ if count > 0 => loaded(scene, None, None),
            State::Loading | State::Idle => words.loading.to_owned(),
            _ => words.count_unknown.to_owned(),
        };
    };
    if session.query().is_filtered()
        && let Some(all) = session.loaded().1
        && let Ok(all) = usize::try_from(all)
    {
        let all = scene.count(words.count, all);
        return fill(words.count_of, &[("count", &scene.integer(total)), ("total", &all)]);
    }
    scene.count(words.count, total)
}

/// How many rows are loaded, of how many, on the way to which day.
fn loaded(scene: &Scene<'_>, total: Option<usize>, date: Option<Date>) -> String {
    let words = scene.words();
    let (count, _) = scene.extent();
    let (template, total, date) = match (total, date) {
        (None, _) => (words.loaded, String::new(), String::new()),
        (Some(total), None) => (words.loaded_of, scene.integer(total), String::new()),
        (Some(total), Some(date)) => (words.jumping, scene.integer(total), scene.formats().date(date)),
    };
    fill(template, &[("count", &scene.integer(count)), ("total", &total), ("date", &date)])
}

/// What is to be said before the table.
pub(super) fn notices(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let session = scene.session;
    let shown = session.shown();
    let (count, total) = scene.extent();
    let again = || scene.on_click(|| Intent::Retry);
    let mut notices = Vec::new();
    if let Some(error) = session.request_error() {
        notices.push(failure(session.words(), scene.formats(), words.error_title, error, again()));
        if count > 0 {
            notices.push(text("p", "hint", words.error_kept));
        }
    }
    let mut say = |class: &'static str, says: String, help: Html| {
        notices.push(notice(class, None, vec![text("p", "", says), help]));
    };
    if shown.has_newer() {
        let refresh = button("button plain", words.refresh, scene.on_click(|| Intent::Refresh));
        say("notice warn", words.newer.to_owned(), refresh);
    }
    if shown.end() == End::Short {
        let total = scene.integer(total.unwrap_or(usize::MAX));
        let says = fill(words.short, &[("total", &total), ("count", &scene.integer(count))]);
        say("notice warn", says, button("button plain", session.words().price.try_again, again()));
    }
    if let Some(date) = session.beyond() {
        let says = fill(words.beyond, &[("date", &scene.formats().date(date))]);
        say("notice warn", says, Html::default());
    }
    // How far it is to the goal.
    if let Some(goal) = session.goal() {
        let says = match goal {
            Goal::Export { writing: true, .. } => words.writing.to_owned(),
            Goal::Export { .. } | Goal::All => loaded(scene, total, None),
            Goal::Date { date, .. } => loaded(scene, total, Some(date)),
        };
        say("notice busy", says, button("button plain", words.cancel, scene.on_click(|| Intent::Cancel)));
    }
    notices.push(misconfigured(session.attribute_error()));
    list(notices)
}

/// The ledger check in a sentence.
pub(super) fn check(scene: &Scene<'_>) -> Option<Html> {
    let words = scene.words();
    let analysis = scene.session.analysis()?;
    let check = &analysis.check;
    let breaks = check.breaks.len();
    if check.followed == 0 && breaks == 0 {
        return None;
    }
    let (class, mut says) = if breaks == 0 {
        ("check-line good", scene.count(words.no_breaks, analysis.rows))
    } else {
        ("check-line bad", scene.count(words.breaks, breaks))
    };
    let mut add = |more: &str| {
        says.push(' ');
        says.push_str(more);
    };
    if breaks > 0 {
        add(&scene.count(words.breaks_of, analysis.rows));
    }
    if check.skipped > 0 {
        add(&scene.count(words.check_skipped, check.skipped));
    }
    if !scene.session.loaded().2 {
        add(words.check_partly);
    }
    let next =
        (breaks > 0).then(|| button("button plain", words.next_break, scene.on_click(|| Intent::NextBreak)));
    Some(el!("div" "class": class, "part": "check", "data-breaks": breaks.to_string();
        el!("p"; text("b", "", words.check), " ", says),
        next))
}

/// The sums, each currency for itself.
pub(super) fn totals(scene: &Scene<'_>) -> Option<Html> {
    let words = scene.words();
    let (totals, of) = scene.session.totals();
    if of == 0 {
        return None;
    }
    let shown = scene.session.shown();
    let of = if shown.end() == End::Complete && of == shown.rows().len() {
        scene.count(words.totals_all, of)
    } else {
        fill(words.totals_partly, &[("count", &scene.integer(of))])
    };
    let label = el!("p" "class": "label"; words.totals, " ", text("span", "optional", of));
    let mut sums = vec![label];
    for one in totals {
        sums.push(match one {
            Some(one) => currency(scene, one, totals.len() > 1),
            None => notice("notice warn", None, vec![text("p", "", words.too_large)]),
        });
    }
    Some(el!("div" "class": "totals", "part": "totals"; sums))
}

/// The sums of one currency; `several` says that there are others.
fn currency(scene: &Scene<'_>, totals: &Totals, several: bool) -> Html {
    let words = scene.words();
    let currency = Some(totals.currency.as_str()).filter(|currency| !currency.is_empty());
    let mut figures = Vec::new();
    // Of what is not known there is no sum, not even 0.
    let known = totals.rows > 0;
    for (name, amount, hook) in [
        (words.money_in, totals.credits, "in"),
        (words.money_out, totals.debits, "out"),
        (words.net, totals.net, "net"),
    ] {
        let says = scene.signed(amount, currency);
        figures.push(el!("div";
            text("dt", "", name),
            el!("dd" "data-sum": hook, "data-amount": amount.to_string(); says)));
    }
    let said = (several || currency.is_none()).then(|| {
        let currency = currency.unwrap_or(words.no_currency);
        text("p", "tally", fill(&scene.count(words.in_currency, totals.rows), &[("currency", currency)]))
    });
    let unclear = (totals.unclear > 0).then(|| text("p", "hint", scene.count(words.unclear, totals.unclear)));
    el!("div" "class": "sums", "part": "sums", "data-currency": totals.currency.clone(); said, known.then(|| el!("dl"; figures)), unclear)
}

/// In place of the table, where there is nothing to show.
pub(super) fn nothing(scene: &Scene<'_>) -> Option<Html> {
    let shown = scene.session.shown();
    let over = matches!(shown.end(), End::Complete | End::Short);
    if !over || !shown.rows().is_empty() || shown.total().is_some_and(|total| total > 0) {
        return None;
    }
    let words = scene.words();
    let (title, hint) = match scene.session.query().is_filtered() {
        false => (words.empty, words.empty_hint),
        true => (words.none_match, words.none_match_hint),
    };
    Some(el!("div" "class": "nothing", "part": "empty"; text("b", "", title), text("p", "", hint)))
}

/// How far the table is loaded, below it.
pub(super) fn foot(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let (count, total) = scene.extent();
    let keys = (count > 0).then(|| el!("p" "class": "hint", "id": "h-keys"; words.zone, " ", words.keys));
    let more = scene.session.shown().end() == End::Open && scene.session.goal().is_none();
    let more = more.then(|| {
        el!("p" "class": "more";
            text("span", "tally", loaded(scene, total, None)),
            button("link", words.load_all, scene.on_click(|| Intent::LoadAll)))
    });
    el!("div" "class": "foot", "part": "foot"; keys, more)
}

/// What a screen reader hears, once for each settled query.
pub(super) fn announcement(scene: &Scene<'_>) -> String {
    let words = scene.words();
    match scene.session.said().map(usize::try_from) {
        Some(Ok(0)) if scene.session.query().is_filtered() => words.none_match.to_owned(),
        Some(Ok(0)) => words.empty.to_owned(),
        Some(Ok(said)) => scene.count(words.count, said),
        _ => String::new(),
    }
}
