//! The table: a real one, of which only the rows in sight are drawn.
//!
//! All rows have the height [`ROW`], which the style sheet has too. What is not drawn is stood in for by empty rows of
//! the height of many. The row that the keyboard is at is always drawn, so that the focus never gets lost.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};
use yew::prelude::*;
use yew::virtual_dom::Key;

use super::store::HistoryStore;
use super::{Scene, row};
use crate::history_session::{End, Intent, Listing};
use crate::ledger::sort::Column;
use crate::state::State;
use crate::ui::el::{el, on};
use crate::ui::part::Part;
use crate::ui::view::{button, text, value};

/// The height of a row in pixels, as `--row` has it in the style sheet.
const ROW: i32 = 56;
/// So many rows are drawn above and below those in sight, once these are there.
const AROUND: usize = 6;
/// The most rows in sight, however high the table is made.
const MOST: usize = 120;
/// More rows would be higher than browsers let an element be.
const TALLEST: usize = 300_000;
/// The height of the table before it is measured.
const HEIGHT: i32 = 640;

/// The table of a history, drawn anew by itself when it is scrolled.
pub(super) struct Table {
    store: Rc<HistoryStore>,
    redraw: RefCell<Option<Callback<()>>>,
    scroller: NodeRef,
    head: NodeRef,
    /// Tells that a frame is due.
    on_frame: Closure<dyn FnMut()>,
    /// The frame that was asked for.
    due: Cell<Option<i32>>,
    height: Cell<i32>,
    /// Whether the first rows had a frame of their own.
    painted: Cell<bool>,
    /// What is drawn: from, and up to.
    drawn: Cell<(usize, usize)>,
    /// Whether the focus has to be put on the active row, and whether that may scroll the page.
    focus: Cell<Option<bool>>,
}

impl Part for Table {
    fn show_in(&self, redraw: Option<Callback<()>>) {
        self.redraw.replace(redraw);
    }

    fn draw(self: Rc<Self>) -> Html {
        let store = &self.store;
        store.with(|session| self.view(&Scene { store, session }))
    }

    fn rendered(&self, first: bool) {
        let store = &self.store;
        let Some(scroller) = self.scroller.cast::<Element>() else { return };
        if store.scroll.take() || first {
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
        self.drawn.set(self.range());
        self.frame_due();
    }
}

/// How many rows the table has: those to come stand in it too.
fn length(listing: &Listing) -> usize {
    let loaded = listing.rows().len();
    let all = match (listing.end(), listing.total()) {
        (End::Open, Some(total)) => usize::try_from(total).unwrap_or(usize::MAX).max(loaded),
        (End::Open, None) => loaded.saturating_add(1),
        _ => loaded,
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
    pub(super) fn new(store: &Rc<HistoryStore>) -> Rc<Self> {
        Rc::new_cyclic(|itself: &Weak<Self>| {
            let table = Weak::clone(itself);
            Self {
                store: Rc::clone(store),
                redraw: RefCell::default(),
                scroller: NodeRef::default(),
                head: NodeRef::default(),
                on_frame: Closure::new(move || {
                    if let Some(table) = table.upgrade() {
                        table.frame();
                    }
                }),
                due: Cell::default(),
                height: Cell::new(HEIGHT),
                painted: Cell::default(),
                drawn: Cell::default(),
                focus: Cell::default(),
            }
        })
    }

    fn redraw(&self) {
        if let Some(redraw) = &*self.redraw.borrow() {
            redraw.emit(());
        }
    }

    /// What it shows has changed.
    pub(super) fn changed(&self) {
        match self.store.show.take() {
            Some(place) => self.go_to(place),
            None => {
                self.keep_focus();
                self.redraw();
            }
        }
    }

    /// It was scrolled, or drawn: what that leads to comes with the next frame, not before it.
    fn frame_due(&self) {
        if self.due.get().is_none()
            && let Some(window) = web_sys::window()
        {
            self.due.set(window.request_animation_frame(self.on_frame.as_ref().unchecked_ref()).ok());
        }
    }

    /// The browser is about to draw.
    fn frame(&self) {
        self.due.set(None);
        if self.length() > 0 && !self.painted.replace(true) {
            // Nothing is measured, drawn or asked for before the first rows are on the screen.
            return self.frame_due();
        }
        // A table that is hidden has no height, and keeps its place.
        if let Some(scroller) = self.scroller.cast::<Element>()
            && scroller.client_height() > 0
        {
            self.store.scrolled.set(scroller.scroll_top());
            self.height.set(scroller.client_height());
        }
        self.store.see(self.drawn.get().1.saturating_sub(self.around()));
        if self.range() != self.drawn.get() {
            self.keep_focus();
            self.redraw();
        }
    }

    fn length(&self) -> usize {
        self.store.with(|session| length(session.shown()))
    }

    /// How many rows are drawn above and below those in sight.
    fn around(&self) -> usize {
        if self.painted.get() { AROUND } else { 0 }
    }

    /// Which rows are to be drawn: from, and up to.
    fn range(&self) -> (usize, usize) {
        let length = self.length();
        let first = rows(self.store.scrolled.get()).min(length);
        let around = self.around();
        let last = first.saturating_add(rows(self.height.get()).min(MOST)).saturating_add(1 + around);
        (first.saturating_sub(around), last.min(length))
    }

    /// A row that is drawn at another place among its neighbours loses the focus: it gets it back.
    fn keep_focus(&self) {
        if let Some(scroller) = self.scroller.cast::<Element>()
            && let Ok(Some(_)) = scroller.query_selector("tr:focus")
            && self.focus.get().is_none()
        {
            self.focus.set(Some(false));
        }
    }

    /// Makes a row the active one, brings it into sight and puts the focus on it.
    fn go_to(&self, place: usize) {
        let store = &self.store;
        store.active.set(place);
        // The head of the table covers what lies under it.
        let head = self.head.cast::<HtmlElement>().map_or(0, |head| head.offset_height());
        let room = (self.height.get() - head).max(ROW);
        let top = pixels(place);
        let lowest = top.saturating_add(ROW - room);
        store.scrolled.set(store.scrolled.get().max(lowest).min(top).max(0));
        store.scroll.set(true);
        self.focus.set(Some(true));
        self.redraw();
    }

    /// A key was pressed in a row.
    fn key(&self, event: &KeyboardEvent) {
        let Some(last) = self.length().checked_sub(1) else { return };
        let place = self.store.active.get().min(last);
        let page = rows(self.height.get()).saturating_sub(2).max(1);
        let next = match event.key().as_str() {
            "ArrowUp" => place.saturating_sub(1),
            "ArrowDown" => place.saturating_add(1),
            "PageUp" => place.saturating_sub(page),
            "PageDown" => place.saturating_add(page),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                return self.open(place);
            }
            _ => return,
        };
        if event.alt_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        self.go_to(next.min(last));
    }

    /// Shows the details of the row at a place.
    fn open(&self, place: usize) {
        self.store.active.set(place);
        let row = self.store.with(|session| session.shown().rows().get(place).copied());
        self.store.dispatch(Intent::Open(row));
    }

    fn view(self: &Rc<Self>, scene: &Scene<'_>) -> Html {
        let listing = scene.session.shown();
        let length = length(listing);
        let (from, to) = self.range();
        let active = scene.store.active.get().min(length.saturating_sub(1));
        let mut body = Vec::new();
        let mut at = 0;
        // The active row first or last, where it lies outside of what is drawn.
        for (begin, end) in [(active, from.min(active + 1)), (from, to), (active.max(to), active + 1)] {
            let (begin, end) = (begin.min(length), end.min(length));
            if begin >= end {
                continue;
            }
            gap(&mut body, at, begin);
            for place in begin..end {
                let row = listing.rows().get(place).copied();
                body.push(row::view(scene, place, row, place == active));
            }
            at = end;
        }
        gap(&mut body, at, length);
        let unknown = listing.end() == End::Open && listing.total().is_none();
        let count = if unknown { "-1".to_owned() } else { (length + 1).to_string() };
        let words = scene.words();
        if listing.end() == End::Unasked && scene.session.state() != State::Error {
            for place in 0..8 {
                body.push(row::skeleton(place));
            }
        }
        let mut heads = Vec::new();
        for (column, name, class) in [
            (Column::Date, words.date, "c-date"),
            (Column::Type, words.kind_column, "c-kind"),
            (Column::Amount, words.amount, "c-amount"),
            (Column::Balance, words.balance, "c-balance"),
            (Column::Expires, words.expires, "c-expires"),
        ] {
            heads.push(head(scene, column, name, class));
        }
        heads.push(el!("th" "role": "columnheader", "scope": "col", "class": "c-more";
            text("span", "hidden", words.details)));
        let (scrolled, pressed, opened) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        let onscroll = Callback::from(move |_: Event| scrolled.frame_due());
        let onkeydown = Callback::from(move |event: KeyboardEvent| pressed.key(&event));
        // The buttons of the rows have their places as their values.
        let onclick = Callback::from(move |event: MouseEvent| {
            if let Ok(place) = value(&event).parse() {
                opened.open(place);
            }
        });
        el!("div" "class": "scroll"; &self.scroller, on!(onscroll: onscroll),
            el!("table" "part": "table", "role": "table", "aria-label": words.table, "aria-rowcount": count, "aria-describedby": "h-keys";
                el!("thead" "role": "rowgroup"; &self.head, el!("tr" "role": "row", "aria-rowindex": "1"; heads)),
                el!("tbody" "role": "rowgroup"; on!(onkeydown: onkeydown), on!(onclick: onclick), body)))
    }
}

impl Drop for Table {
    /// The frame must not come when what it calls is gone.
    fn drop(&mut self) {
        if let (Some(frame), Some(window)) = (self.due.get(), web_sys::window()) {
            // It fails for no frame of ours.
            let _ = window.cancel_animation_frame(frame);
        }
    }
}

/// The head of a column, with the button that sorts by it.
fn head(scene: &Scene<'_>, column: Column, name: &'static str, class: &'static str) -> Html {
    let order = scene.session.query().order;
    let sorted =
        (order.column == column).then_some(if order.descending { "descending" } else { "ascending" });
    let store = Rc::clone(scene.store);
    let onclick = Callback::from(move |_| store.dispatch(Intent::Sort(column)));
    el!("th" "role": "columnheader", "scope": "col", "class": class, "aria-sort": sorted; button("sort", name, onclick))
}

/// Stands for the rows from one place up to another.
fn gap(body: &mut Vec<Html>, from: usize, to: usize) {
    if from < to {
        let key = Key::from(["gap", &from.to_string()].concat());
        let height = pixels(to - from).to_string();
        body.push(
            el!("tr" "class": "gap", "aria-hidden": "true"; key, el!("td" "colspan": "6", "height": height)),
        );
    }
}
