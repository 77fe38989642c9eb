//! Long lists of choices, drawn anew only when they change.

use std::rc::Rc;

use yew::prelude::*;

use super::el::{self, el};
use super::part::{Make, Part, part};
use super::view::{Scene, option};
use crate::address;
use crate::products::{self, Kind};
use crate::words::{FormWords, Formats};

/// The value of the choice that leads to typing an id; no product id looks like it.
pub(super) const OTHER: &str = "…";

/// A list of choices: which one it is, what is chosen of it, and in whose words. It is drawn anew only when something else is
/// chosen of it, or it is read in another language.
struct List {
    view: fn(&Self) -> Html,
    chosen: String,
    words: &'static FormWords,
    formats: Rc<dyn Formats>,
}

impl Part for List {
    fn show_in(&self, _redraw: Option<Callback<()>>) {}

    fn draw(self: Rc<Self>) -> Html {
        (self.view)(&self)
    }

    fn make(&self) -> Option<Make<'_>> {
        Some((&self.chosen, [self.view as usize, Rc::as_ptr(&self.formats).addr(), 0]))
    }
}

fn list(scene: &Scene<'_>, chosen: &str, view: fn(&List) -> Html) -> Html {
    let (words, formats) = (&scene.words().form, Rc::clone(scene.session.formats()));
    part(Rc::new(List { view, chosen: chosen.to_owned(), words, formats }))
}

/// The whole catalogue by kind: some fifty products.
pub(super) fn catalogue(scene: &Scene<'_>, chosen: &str) -> Html {
    list(scene, chosen, |List { words, chosen, .. }| {
        let mut groups = Vec::new();
        for kind in Kind::ALL {
            let title = match kind {
                Kind::Tls => words.kind_tls,
                Kind::PrivateTls => words.kind_private_tls,
                Kind::CodeSigning => words.kind_code_signing,
                Kind::SecureEmail => words.kind_secure_email,
                Kind::DocumentSigning => words.kind_document_signing,
                Kind::Mark => words.kind_mark,
                Kind::Unlisted => words.kind_other,
            };
            let mut products = Vec::new();
            for product in products::of_kind(kind) {
                products.push(option(&product.name_id, product.name, product.name_id == *chosen));
            }
            if kind == Kind::Unlisted {
                products.push(option(OTHER, words.product_other, chosen == OTHER));
            }
            groups.push(el!("optgroup" "label": title; products));
        }
        el::list(groups)
    })
}

/// All countries by their names in the reader's language: 249.
pub(super) fn countries(scene: &Scene<'_>, chosen: &str) -> Html {
    list(scene, chosen, |List { words, chosen, formats, .. }| {
        let mut names: Vec<(&str, String)> = Vec::new();
        // Sorted as they come: a few thousand comparisons, and no sorting algorithm in the module.
        for code in address::countries() {
            let name = formats.country(code);
            let place = names.partition_point(|(_, other)| formats.compare(other, &name).is_lt());
            names.insert(place, (code, name));
        }
        let mut options = vec![option("", words.country_own, chosen.is_empty())];
        if !chosen.is_empty() && !address::is_country(chosen) {
            options.push(option(chosen, chosen, true));
        }
        for (code, name) in &names {
            options.push(option(code, name, code == chosen));
        }
        el::list(options)
    })
}
