//! Parts of the form with a life of their own: long lists that are drawn anew only when they change, and folds.

use std::rc::Rc;

use yew::prelude::*;

use super::view::{option, text};
use crate::address;
use crate::products::{self, Kind};
use crate::words::{FormWords, Formats};

/// The value of the choice that leads to typing an id; no product id looks like it.
pub(super) const OTHER: &str = "…";

/// Something compared by identity, not by what it holds.
#[derive(Clone, Copy)]
pub(super) struct Shared<T>(pub(super) T);

impl PartialEq for Shared<&'static FormWords> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl PartialEq for Shared<Rc<dyn Formats>> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CatalogueProps {
    pub(super) words: Shared<&'static FormWords>,
    pub(super) chosen: String,
}

/// The whole catalogue by kind: some fifty choices.
pub(super) struct Catalogue;

impl Component for Catalogue {
    type Message = ();
    type Properties = CatalogueProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let words = ctx.props().words.0;
        let chosen = &ctx.props().chosen;
        let groups = Kind::ALL.iter().map(|kind| {
            let (title, other) = match kind {
                Kind::Tls => (words.kind_tls, None),
                Kind::PrivateTls => (words.kind_private_tls, None),
                Kind::CodeSigning => (words.kind_code_signing, None),
                Kind::SecureEmail => (words.kind_secure_email, None),
                Kind::DocumentSigning => (words.kind_document_signing, None),
                Kind::Mark => (words.kind_mark, None),
                Kind::Unlisted => {
                    (words.kind_other, Some(option(OTHER, words.product_other, chosen == OTHER)))
                }
            };
            let products = products::of_kind(*kind)
                .map(|product| option(&product.name_id, product.name, product.name_id == *chosen));
            html! { <optgroup label={title}>{ for products.chain(other) }</optgroup> }
        });
        groups.collect()
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CountriesProps {
    pub(super) formats: Shared<Rc<dyn Formats>>,
    pub(super) own: &'static str,
    pub(super) chosen: String,
}

/// All countries by their names in the reader's language: 249 choices.
pub(super) struct Countries {
    names: Vec<(&'static str, String)>,
}

impl Countries {
    /// Sorted as they come: a few thousand comparisons once, and no sorting algorithm in the module.
    fn names(formats: &dyn Formats) -> Vec<(&'static str, String)> {
        let mut names: Vec<(&str, String)> = Vec::new();
        for code in address::countries() {
            let name = formats.country(code);
            let place = names.partition_point(|(_, other)| formats.compare(other, &name).is_lt());
            names.insert(place, (code, name));
        }
        names
    }
}

impl Component for Countries {
    type Message = ();
    type Properties = CountriesProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { names: Self::names(&*ctx.props().formats.0) }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &CountriesProps) -> bool {
        if old.formats != ctx.props().formats {
            self.names = Self::names(&*ctx.props().formats.0);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let CountriesProps { own, chosen, .. } = ctx.props();
        let stray = !chosen.is_empty() && !address::is_country(chosen);
        let first = [option("", own, chosen.is_empty())]
            .into_iter()
            .chain(stray.then(|| option(chosen, chosen, true)));
        first.chain(self.names.iter().map(|(code, name)| option(code, name, code == chosen))).collect()
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FoldProps {
    pub(super) title: &'static str,
    /// The present value, said while it is folded.
    pub(super) present: String,
    /// Whether there is something inside worth seeing.
    pub(super) wanted: bool,
    pub(super) children: Html,
}

/// What is rarely used, folded until there is something in it. Once open it stays so until its reader folds it.
pub(super) struct Fold {
    open: bool,
}

impl Component for Fold {
    type Message = ();
    type Properties = FoldProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { open: ctx.props().wanted }
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &FoldProps) -> bool {
        self.open |= ctx.props().wanted;
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let FoldProps { title, present, children, .. } = ctx.props();
        let present = ["· ", present].concat();
        html! {
            <details open={self.open}>
                <summary><span>{ text("b", "", *title) }{ " " }{ text("span", "", present) }</span></summary>
                <div class="fold">{ children.clone() }</div>
            </details>
        }
    }
}
