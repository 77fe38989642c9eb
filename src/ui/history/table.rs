//! The table: a real one, of which only the rows in sight are drawn.
//!
//! All rows have the height [`ROW`], which the style sheet has too. What is not drawn is stood in for by empty rows of
//! the height of many. The row that the keyboard is at is always drawn, so that the focus never gets lost.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::store::HistoryStore;
use super::{Scene, row};
use crate::history_session::{End, Intent, Listing};
use crate::ledger::sort::Column;
use crate::state::State;
use crate::ui::mount::ViewProps;
use crate::ui::view::text;

/// The height of a row in pixels, as `--row` has it in the style sheet.
const ROW: i32 = 56;
/// So many rows are drawn above and below those in sight.
const AROUND: usize = 6;
/// The most rows in sight, however high the table is made.
const MOST: usize = 120;
/// More rows would be higher than browsers let an element be.
const TALLEST: usize = 300_000;
/// The height of the table before it is measured.
const HEIGHT: i32 = 640;

/// The table of a history, drawn anew by itself when it is scrolled.
pub(super) struct Table {
    scroller: NodeRef,
    head: NodeRef,
    /// Tells that a frame is due.
    on_frame: Closure<dyn FnMut()>,
    is_due: bool,
    height: i32,
    /// What is drawn: from, and up to.
    drawn: (usize, usize),
    /// Whether the table has to be scrolled to where the store says.
    scroll: bool,
    /// Whether the focus has to be put on the active row, and whether that may scroll the page.
    focus: Option<bool>,
}

/// What happened to the table.
pub(super) enum Msg {
    /// What it shows has changed.
    Changed,
    /// It was scrolled.
    Scrolled,
    /// The browser is about to draw.
    Frame,
    /// A key was pressed in a row.
    Key(KeyboardEvent),
    /// The details of the row at this place are wanted.
    Open(usize),
}

impl Component for Table {
    type Message = Msg;
    type Properties = ViewProps<HistoryStore>;

    fn create(ctx: &Context<Self>) -> Self {
        ctx.props().store.show_table(Some(ctx.link().callback(|()| Msg::Changed)));
        let frame = ctx.link().callback(|()| Msg::Frame);
        Self {
            scroller: NodeRef::default(),
            head: NodeRef::default(),
            on_frame: Closure::new(move || frame.emit(())),
            is_due: false,
            height: HEIGHT,
            drawn: (0, 0),
            scroll: true,
            focus: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let store = &ctx.props().store;
        match msg {
            Msg::Changed => {
                self.scroll |= store.at_top.take();
                match store.show.take() {
                    Some(place) => self.go_to(store, place),
                    None => self.keep_focus(),
                }
                true
            }
            Msg::Scrolled => {
                if !self.is_due
                    && let Some(window) = web_sys::window()
                {
                    self.is_due =
                        window.request_animation_frame(self.on_frame.as_ref().unchecked_ref()).is_ok();
                }
                false
            }
            Msg::Frame => {
                self.is_due = false;
                if let Some(scroller) = self.scroller.cast::<Element>() {
                    store.scrolled.set(scroller.scroll_top());
                    self.height = scroller.client_height();
                }
                let moves = self.range(store) != self.drawn;
                if moves {
                    self.keep_focus();
                }
                moves
            }
            Msg::Key(event) => self.key(store, &event),
            Msg::Open(place) => {
                self.open(store, place);
                false
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let store = &ctx.props().store;
        store.with(|session| self.draw(ctx, &Scene { store, session }))
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        let store = &ctx.props().store;
        let Some(scroller) = self.scroller.cast::<Element>() else { return };
        if std::mem::take(&mut self.scroll) {
            scroller.set_scroll_top(store.scrolled.get());
        }
        if let Some(scrolls) = self.focus.take()
            && let Ok(Some(row)) = scroller.query_selector("tr[tabindex='0']")
        {
            let options = FocusOptions::new();
            options.set_prevent_scroll(!scrolls);
            // A row that cannot be focused is left alone.
            let _ = row.unchecked_into::<HtmlElement>().focus_with_options(&options);
        }
        self.drawn = self.range(store);
        if first || self.height != scroller.client_height() {
            ctx.link().send_message(Msg::Scrolled);
        }
        store.see(self.drawn.1.saturating_sub(AROUND));
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        ctx.props().store.show_table(None);
    }
}

/// How many rows the table has: those to come stand in it too.
fn length(listing: &Listing) -> usize {
    let loaded = listing.rows().len();
    let all = match listing.end() {
        End::Open => listing.total().map_or(loaded.saturating_add(1), |total| {
            usize::try_from(total).unwrap_or(usize::MAX).max(loaded)
        }),
        End::Unasked | End::Complete | End::Short => loaded,
    };
    all.min(TALLEST.max(loaded))
}

/// The places in pixels of so many rows.
fn pixels(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(ROW)
}

fn rows(pixels: i32) -> usize {
    usize::try_from(pixels / ROW).unwrap_or_default()
}

impl Table {
    /// Which rows are to be drawn: from, and up to.
    fn range(&self, store: &HistoryStore) -> (usize, usize) {
        let length = store.with(|session| length(session.shown()));
        let first = rows(store.scrolled.get()).min(length);
        let last = first.saturating_add(rows(self.height).min(MOST)).saturating_add(1 + AROUND);
        (first.saturating_sub(AROUND), last.min(length))
    }

    /// A row that is drawn at another place among its neighbours loses the focus: it gets it back.
    fn keep_focus(&mut self) {
        let scroller = self.scroller.cast::<Element>();
        if scroller.is_some_and(|scroller| scroller.query_selector("tr:focus").is_ok_and(|row| row.is_some()))
        {
            self.focus.get_or_insert(false);
        }
    }

    /// Makes a row the active one, brings it into sight and puts the focus on it.
    fn go_to(&mut self, store: &HistoryStore, place: usize) {
        store.active.set(place);
        let head = self.head.cast::<HtmlElement>().map_or(0, |head| head.offset_height());
        let room = (self.height - head).max(ROW);
        let (top, scrolled) = (pixels(place), store.scrolled.get());
        let lowest = top.saturating_add(ROW - room);
        // The head of the table covers what lies under it.
        store.scrolled.set(scrolled.clamp(lowest.min(top), top).max(0));
        (self.scroll, self.focus) = (true, Some(true));
    }

    fn key(&mut self, store: &Rc<HistoryStore>, event: &KeyboardEvent) -> bool {
        let length = store.with(|session| length(session.shown()));
        let Some(last) = length.checked_sub(1) else { return false };
        let place = store.active.get().min(last);
        let page = rows(self.height).saturating_sub(2).max(1);
        let next = match event.key().as_str() {
            "ArrowUp" => place.saturating_sub(1),
            "ArrowDown" => place.saturating_add(1),
            "PageUp" => place.saturating_sub(page),
            "PageDown" => place.saturating_add(page),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                self.open(store, place);
                return false;
            }
            _ => return false,
        };
        if event.alt_key() || event.meta_key() {
            return false;
        }
        event.prevent_default();
        self.go_to(store, next.min(last));
        true
    }

    fn open(&self, store: &Rc<HistoryStore>, place: usize) {
        store.active.set(place);
        let row = store.with(|session| session.shown().rows().get(place).copied());
        store.dispatch(Intent::Open(row));
    }

    fn draw(&self, ctx: &Context<Self>, scene: &Scene<'_>) -> Html {
        let listing = scene.session.shown();
        let length = length(listing);
        let (from, to) = self.range(scene.store);
        let active = scene.store.active.get().min(length.saturating_sub(1));
        let link = ctx.link();
        let mut body = Vec::with_capacity(to - from + 4);
        let mut at = 0;
        // The active row first or last, where it lies outside of what is drawn.
        for (begin, end) in [(active, from.min(active + 1)), (from, to), (active.max(to), active + 1)] {
            let (begin, end) = (begin.min(length), end.min(length));
            if begin >= end {
                continue;
            }
            body.push(gap(at, begin));
            for place in begin..end {
                let open = link.callback(move |_: MouseEvent| Msg::Open(place));
                body.push(row::view(scene, place, listing.rows().get(place).copied(), place == active, open));
            }
            at = end;
        }
        body.push(gap(at, length));
        let unknown = listing.end() == End::Open && listing.total().is_none();
        let count = if unknown { "-1".to_owned() } else { (length + 1).to_string() };
        let words = scene.words();
        if listing.end() == End::Unasked && scene.session.state() != State::Error {
            body.extend((0..8).map(row::skeleton));
        }
        html! {
            <div class="scroll" ref={self.scroller.clone()} onscroll={link.callback(|_: Event| Msg::Scrolled)}>
                <table role="table" aria-label={words.table} aria-rowcount={count} aria-describedby="h-keys">
                    <thead role="rowgroup" ref={self.head.clone()}>
                        <tr role="row" aria-rowindex="1">
                            { for HEADS.iter().map(|head| self.column(scene, head)) }
                            <th role="columnheader" scope="col" class="c-more">{ text("span", "hidden", words.details) }</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup" onkeydown={link.callback(Msg::Key)}>{ for body }</tbody>
                </table>
            </div>
        }
    }

    /// The head of a column, with the button that sorts by it.
    fn column(&self, scene: &Scene<'_>, (column, class): &(Column, &'static str)) -> Html {
        let (column, class) = (*column, *class);
        let words = scene.words();
        let name = match column {
            Column::Date => words.date,
            Column::Type => words.kind_column,
            Column::Amount => words.amount,
            Column::Balance => words.balance,
            Column::Expires => words.expires,
        };
        let order = scene.session.query().order;
        let sorted = (order.column == column).then_some(match order.descending {
            true => "descending",
            false => "ascending",
        });
        let store = Rc::clone(scene.store);
        let onclick = Callback::from(move |_| store.dispatch(Intent::Sort(column)));
        html! {
            <th role="columnheader" scope="col" {class} aria-sort={sorted}>
                { super::button("sort", name, onclick) }
            </th>
        }
    }
}

const HEADS: [(Column, &str); 5] = [
    (Column::Date, "c-date"),
    (Column::Type, "c-kind"),
    (Column::Amount, "c-amount"),
    (Column::Balance, "c-balance"),
    (Column::Expires, "c-expires"),
];

/// Stands for the rows from one place up to another.
fn gap(from: usize, to: usize) -> Html {
    if from >= to {
        return Html::default();
    }
    html! {
        <tr key={["gap", &from.to_string()].concat()} class="gap" aria-hidden="true">
            <td colspan="6" height={pixels(to - from).to_string()}></td>
        </tr>
    }
}
