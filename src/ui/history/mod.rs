//! The `<cert-history>`: `store` runs a [session](crate::history_session), `element` is what the page's script holds,
//! `file` writes what is exported, the rest is what the reader sees.

mod chart;
mod element;
mod file;
mod insights;
mod store;

use std::rc::Rc;

use yew::prelude::*;

use super::mount::ViewProps;
use crate::history_session::{HistorySession, Intent};
use crate::words::{self, Formats, HistoryWords, Plural, Words};

pub use element::HistoryElement;
pub use insights::{Insights, InsightsProps};
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

    fn all_words(&self) -> &'static Words {
        self.session.words()
    }
}

/// The inside of a `<cert-history>`.
pub struct HistoryView;

impl Component for HistoryView {
    type Message = ();
    type Properties = ViewProps<HistoryStore>;

    fn create(ctx: &Context<Self>) -> Self {
        ctx.props().store.link().show_in(Some(ctx.link().callback(|()| ())));
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let store = &ctx.props().store;
        store.with(|session| insights::view(&Scene { store, session }))
    }
}
