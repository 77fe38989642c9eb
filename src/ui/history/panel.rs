//! What stands around the table: how many rows there are, what they come to, whether the balances follow, what is under
//! way and what went wrong.

use yew::prelude::*;

use super::{Scene, button};
use crate::history_session::{End, FileKind, Goal, Intent};
use crate::ledger::totals::Totals;
use crate::state::State;
use crate::ui::view::{failure, misconfigured, notice, text};
use crate::words::fill;

/// Title, count, and what can be done with all rows.
pub(super) fn head(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let state = scene.session.state();
    let busy = state == State::Loading;
    html! {
        <div class="head">
            <div>
                { text("h2", "", words.title) }
                { text("p", "tally", tally(scene)) }
            </div>
            <div class="actions">
                { button("plain", words.refresh, scene.on_click(|| Intent::Refresh)) }
                { button("plain", words.export_csv, scene.on_click(|| Intent::Export(FileKind::Csv))) }
                { button("plain", words.export_json, scene.on_click(|| Intent::Export(FileKind::Json))) }
            </div>
            <div class={if busy { "progress busy" } else { "progress" }}></div>
        </div>
    }
}

/// How many rows the present query has, and of how many.
fn tally(scene: &Scene<'_>) -> String {
    let words = scene.words();
    let shown = scene.session.shown();
    let count = |total: Option<u64>| total.and_then(|total| usize::try_from(total).ok());
    let Some(total) = count(shown.total()).filter(|_| shown.end() != End::Unasked) else {
        let loaded = shown.rows().len();
        return match scene.session.state() {
            _ if loaded > 0 => fill(words.loaded, &[("count", &scene.formats().integer(loaded))]),
            State::Loading | State::Idle => words.loading.to_owned(),
            _ => words.count_unknown.to_owned(),
        };
    };
    let filtered = scene.session.query().filters != crate::history_session::Filters::default();
    let (_, all, _) = scene.session.loaded();
    match count(all).filter(|_| filtered) {
        Some(all) => {
            let all = scene.count(words.count, all);
            fill(words.count_of, &[("count", &scene.formats().integer(total)), ("total", &all)])
        }
        None => scene.count(words.count, total),
    }
}

/// What is to be said before the table.
pub(super) fn notices(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let session = scene.session;
    let shown = session.shown();
    let mut notices = Vec::new();
    if let Some(error) = session.request_error() {
        let retry = scene.on_click(|| Intent::Retry);
        notices.push(failure(session.words(), scene.formats(), words.error_title, error, retry));
        if !shown.rows().is_empty() {
            notices.push(text("p", "hint", words.error_kept));
        }
    }
    if shown.has_newer() {
        let refresh = button("plain", words.refresh, scene.on_click(|| Intent::Refresh));
        notices.push(notice("notice warn", None, vec![text("p", "", words.newer), refresh]));
    }
    if shown.end() == End::Short {
        let number = |count: usize| scene.formats().integer(count);
        let total = shown.total().and_then(|total| usize::try_from(total).ok()).unwrap_or(usize::MAX);
        let says = fill(words.short, &[("total", &number(total)), ("count", &number(shown.rows().len()))]);
        let retry = button("plain", session.words().price.try_again, scene.on_click(|| Intent::Retry));
        notices.push(notice("notice warn", None, vec![text("p", "", says), retry]));
    }
    if let Some(date) = session.beyond() {
        let date = scene.formats().date(date);
        notices.push(notice(
            "notice warn",
            None,
            vec![text("p", "", fill(words.beyond, &[("date", &date)]))],
        ));
    }
    notices.extend(progress(scene));
    notices.push(misconfigured(session.attribute_error()));
    notices.into_iter().collect()
}

/// How far it is to the goal.
fn progress(scene: &Scene<'_>) -> Option<Html> {
    let words = scene.words();
    let shown = scene.session.shown();
    let number = |count: usize| scene.formats().integer(count);
    let count = number(shown.rows().len());
    let total = shown.total().and_then(|total| usize::try_from(total).ok());
    let values = |total: &str, date: &str| match total {
        "" => fill(words.loaded, &[("count", &count)]),
        _ if date.is_empty() => fill(words.loaded_of, &[("count", &count), ("total", total)]),
        _ => fill(words.jumping, &[("count", &count), ("total", total), ("date", date)]),
    };
    let total = total.map(number).unwrap_or_default();
    let says = match scene.session.goal()? {
        Goal::Export { writing: true, .. } => words.writing.to_owned(),
        Goal::Export { .. } | Goal::All => values(&total, ""),
        Goal::Date { date, .. } => values(&total, &scene.formats().date(date)),
    };
    let cancel = button("plain", words.cancel, scene.on_click(|| Intent::Cancel));
    Some(notice("notice busy", None, vec![text("p", "", says), cancel]))
}

/// The ledger check in a sentence.
pub(super) fn check(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let Some(analysis) = scene.session.analysis() else { return Html::default() };
    let check = &analysis.check;
    if check.followed == 0 && check.breaks.is_empty() {
        return Html::default();
    }
    let breaks = check.breaks.len();
    let mut says = Vec::new();
    if breaks == 0 {
        says.push(scene.count(words.no_breaks, analysis.rows));
    } else {
        says.push(scene.count(words.breaks, breaks));
        says.push(scene.count(words.breaks_of, analysis.rows));
    }
    if check.skipped > 0 {
        says.push(scene.count(words.check_skipped, check.skipped));
    }
    if !scene.session.loaded().2 {
        says.push(words.check_partly.to_owned());
    }
    let class = if breaks == 0 { "check-line good" } else { "check-line bad" };
    html! {
        <div {class} data-breaks={breaks.to_string()}>
            <p>{ text("b", "", words.check) }{ " " }{ says.join(" ") }</p>
            if breaks > 0 {
                { button("plain", words.next_break, scene.on_click(|| Intent::NextBreak)) }
            }
        </div>
    }
}

/// The sums, each currency for itself.
pub(super) fn totals(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let (totals, of) = scene.session.totals();
    if of == 0 {
        return Html::default();
    }
    let all = scene.session.shown().end() == End::Complete && of == scene.session.shown().rows().len();
    let of = match all {
        true => scene.count(words.totals_all, of),
        false => fill(words.totals_partly, &[("count", &scene.formats().integer(of))]),
    };
    let several = totals.len() > 1;
    let sums = totals.iter().map(|totals| match totals {
        Some(totals) => sums(scene, totals, several),
        None => notice("notice warn", None, vec![text("p", "", words.too_large)]),
    });
    html! {
        <div class="totals" part="totals">
            <p class="label">{ words.totals }{ " " }{ text("span", "optional", of) }</p>
            { for sums }
        </div>
    }
}

fn sums(scene: &Scene<'_>, totals: &Totals, several: bool) -> Html {
    let words = scene.words();
    let currency = Some(totals.currency.as_str()).filter(|currency| !currency.is_empty());
    let figures = [
        (words.money_in, totals.credits, "in"),
        (words.money_out, totals.debits, "out"),
        (words.net, totals.net, "net"),
    ];
    let figures = figures.map(|(name, amount, hook)| {
        html! {
            <div>
                { text("dt", "", name) }
                <dd data-sum={hook} data-amount={amount.to_string()}>{ scene.signed(amount, currency) }</dd>
            </div>
        }
    });
    let said = (several || currency.is_none()).then(|| {
        let currency = currency.unwrap_or(words.no_currency);
        text("p", "tally", fill(&scene.count(words.in_currency, totals.rows), &[("currency", currency)]))
    });
    let unclear = (totals.unclear > 0).then(|| text("p", "hint", scene.count(words.unclear, totals.unclear)));
    html! {
        <div class="sums" data-currency={totals.currency.clone()}>
            { said }
            <dl>{ for figures }</dl>
            { unclear }
        </div>
    }
}

/// In place of the table, where there is nothing to show.
pub(super) fn nothing(scene: &Scene<'_>) -> Option<Html> {
    let words = scene.words();
    let shown = scene.session.shown();
    let over = matches!(shown.end(), End::Complete | End::Short);
    if !over || !shown.rows().is_empty() || shown.total().is_some_and(|total| total > 0) {
        return None;
    }
    let (title, hint) = match scene.session.query().filters == crate::history_session::Filters::default() {
        true => (words.empty, words.empty_hint),
        false => (words.none_match, words.none_match_hint),
    };
    Some(html! { <div class="nothing">{ text("b", "", title) }{ text("p", "", hint) }</div> })
}

/// How far the table is loaded, below it.
pub(super) fn foot(scene: &Scene<'_>) -> Html {
    let words = scene.words();
    let shown = scene.session.shown();
    let more = shown.end() == End::Open && scene.session.goal().is_none();
    let says = more.then(|| {
        let number = |count: usize| scene.formats().integer(count);
        let count = number(shown.rows().len());
        match shown.total().and_then(|total| usize::try_from(total).ok()) {
            Some(total) => fill(words.loaded_of, &[("count", &count), ("total", &number(total))]),
            None => fill(words.loaded, &[("count", &count)]),
        }
    });
    html! {
        <div class="foot">
            if !shown.rows().is_empty() {
                <p class="hint" id="h-keys">{ words.zone }{ " " }{ words.keys }</p>
            }
            if let Some(says) = says {
                <p class="more">
                    { text("span", "tally", says) }
                    { button("link", words.load_all, scene.on_click(|| Intent::LoadAll)) }
                </p>
            }
        </div>
    }
}

/// What a screen reader hears, once for each settled query.
pub(super) fn announcement(scene: &Scene<'_>) -> String {
    let said = scene.session.said().and_then(|said| usize::try_from(said).ok());
    match said {
        Some(0) if scene.session.query().filters != crate::history_session::Filters::default() => {
            scene.words().none_match.to_owned()
        }
        Some(0) => scene.words().empty.to_owned(),
        Some(said) => scene.count(scene.words().count, said),
        None => String::new(),
    }
}
