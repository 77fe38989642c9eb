//! The `<cert-history>`: `store` runs a [session](crate::history_session),
//! `file` writes what is exported, the rest is what the reader sees.

mod chart;
mod details;
pub(super) mod file;
mod filters;
mod insights;
mod panel;
mod row;
mod store;
mod table;

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::el::el;
use super::part::{Part, part};
use super::view::slot;
use crate::amount::Amount;
use crate::history_session::{HistorySession, Intent};
use crate::words::{self, Formats, HistoryWords, Plural};

pub use insights::Insights;
pub use store::HistoryStore;

/// What a part of the view is drawn from.
pub(super) struct Scene<'a> {
    pub(super) store: &'a Rc<HistoryStore>,
    pub(super) session: &'a HistorySession,
}

impl Scene<'_> {
    /// A handler that does what an intent says.
    pub(super) fn on_click(&self, intent: fn() -> Intent) -> Callback<MouseEvent> {
        let store = Rc::clone(self.store);
        Callback::from(move |_| store.dispatch(intent()))
    }

    fn words(&self) -> &'static HistoryWords {
        &self.session.words().history
    }

    fn formats(&self) -> &dyn Formats {
        &**self.session.formats()
    }

    fn count(&self, plural: Plural, count: usize) -> String {
        words::count(plural, count, self.formats())
    }

    fn integer(&self, count: usize) -> String {
        self.formats().integer(count)
    }

    /// How many rows are loaded, and how many there are in all, if known.
    fn extent(&self) -> (usize, Option<usize>) {
        let shown = self.session.shown();
        (shown.rows().len(), shown.total().and_then(|total| usize::try_from(total).ok()))
    }

    fn money(&self, amount: Amount, currency: Option<&str>) -> String {
        self.formats().money(amount, currency.unwrap_or_default())
    }

    /// Money with its sign, be it a plus.
    fn signed(&self, amount: Amount, currency: Option<&str>) -> String {
        let money = self.money(amount, currency);
        if amount.is_negative() || amount.is_zero() { money } else { ["+", &money].concat() }
    }
}

/// The inside of a `<cert-history>`.
pub(super) struct HistoryView {
    store: Rc<HistoryStore>,
    table: Rc<table::Table>,
    dialog: NodeRef,
}

impl Part for HistoryView {
    fn show_in(&self, redraw: Option<Callback<()>>) {
        let Some(redraw) = redraw else { return };
        let table = Rc::clone(&self.table);
        let changed = Callback::from(move |()| {
            redraw.emit(());
            table.changed();
        });
        self.store.link().show_in(Some(changed));
    }

    fn draw(self: Rc<Self>) -> Html {
        self.store.with(|session| self.view(&Scene { store: &self.store, session }))
    }

    fn rendered(&self, _first: bool) {
        if let Some(dialog) = self.dialog.cast::<HtmlDialogElement>()
            && !dialog.open()
        {
            // It fails for a dialog on no page alone.
            let _ = dialog.show_modal();
        }
    }
}

impl HistoryView {
    pub(super) fn new(store: &Rc<HistoryStore>) -> Rc<Self> {
        Rc::new(Self { store: Rc::clone(store), table: table::Table::new(store), dialog: NodeRef::default() })
    }

    fn view(&self, scene: &Scene<'_>) -> Html {
        let rows = match panel::nothing(scene) {
            Some(nothing) => nothing,
            None => part(Rc::<table::Table>::clone(&self.table)),
        };
        el!("div" "class": "history", "part": "history";
            el!("section" "class": "card", "part": "card", "aria-label": scene.words().title;
                slot("heading"),
                panel::head(scene),
                panel::notices(scene),
                insights::view(scene),
                filters::view(scene),
                el!("div" "class": "above"; panel::totals(scene), filters::jump(scene)),
                panel::check(scene),
                rows,
                panel::foot(scene),
                slot("help")),
            details::view(scene, &self.dialog),
            el!("div" "class": "hidden", "role": "status"; panel::announcement(scene)))
    }
}
