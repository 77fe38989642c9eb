//! The names one by one, grouped by what they cost, each with a button that takes it out; what was read out of a pasted
//! text; and the way back.
//!
//! Nothing of it is drawn until it is unfolded. The buttons are one stop for the tab key: the arrows go from one to the next.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::advice;
use super::el::{el, on};
use super::store::Store;
use super::view::{Scene, button, text};
use crate::advice::{Advice, advise};
use crate::form::{Checked, Edit, Reading, Said, Source};
use crate::names::{Chip, Group, Layout, MAX_NAMES, chips};
use crate::pem::{PemProblem, Why};
use crate::problem::{Field, Problem, Reason};
use crate::session::Intent;
use crate::words::{EditorWords, Plural, fill};

/// The button at the focus, or that would get it.
const ACTIVE: &str = ".chips [tabindex='0']";
/// More of what is left out of a request is counted.
const LEFT_OUT: usize = 3;

/// What the names' part of the form keeps beside the form itself.
pub(super) struct Editor {
    pub(super) store: Rc<Store>,
    /// The part of the form.
    pub(super) place: NodeRef,
    open: Cell<bool>,
    /// Whether all advice is shown.
    pub(super) all_advice: Cell<bool>,
    /// Which chip the keyboard is at.
    active: Cell<usize>,
    /// The places of the names that have a chip.
    places: RefCell<Vec<usize>>,
    advice: RefCell<Known>,
}

/// The advice on an order, which is worked out once.
type Known = (Option<Rc<Checked>>, Rc<[Advice]>);

impl Editor {
    pub(super) fn new(store: &Rc<Store>) -> Rc<Self> {
        Rc::new(Self {
            store: Rc::clone(store),
            place: NodeRef::default(),
            open: Cell::default(),
            all_advice: Cell::default(),
            active: Cell::default(),
            places: RefCell::default(),
            advice: RefCell::new((None, Rc::new([]))),
        })
    }

    /// Changes the names; then the focus goes to `focus`.
    pub(super) fn edit(&self, edit: Edit, focus: &'static str) {
        self.store.focus_on(focus);
        self.store.dispatch(Intent::Edit(edit));
    }

    /// The advice on the present names.
    fn advice(&self, scene: &Scene<'_>) -> Rc<[Advice]> {
        let checked = scene.session.checked();
        let (of, advice) = &mut *self.advice.borrow_mut();
        if of.as_ref().is_none_or(|of| !Rc::ptr_eq(of, checked)) {
            *advice = advise(&checked.draft, &scene.form().product()).into();
            *of = Some(Rc::clone(checked));
        }
        Rc::clone(advice)
    }

    fn remove(&self, at: usize) {
        let (place, count) = {
            let places = self.places.borrow();
            (places.get(at).copied(), places.len())
        };
        if let Some(place) = place {
            self.active.set(at);
            self.edit(Edit::RemoveName(place), if count > 1 { ACTIVE } else { "#names" });
        }
    }

    fn key(&self, event: &KeyboardEvent) {
        // Other keys with these are the browser's.
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let Some(at) = chip_at(event) else { return };
        let rtl = || self.place.cast::<Element>().is_some_and(|place| place.matches(":dir(rtl)") == Ok(true));
        let last = self.places.borrow().len().saturating_sub(1);
        let to = match &*event.key() {
            "Delete" | "Backspace" => None,
            "Home" => Some(0),
            "End" => Some(last),
            "ArrowDown" => Some(at + 1),
            "ArrowUp" => Some(at.saturating_sub(1)),
            key @ ("ArrowLeft" | "ArrowRight") => {
                Some(if (key == "ArrowRight") == rtl() { at.saturating_sub(1) } else { at + 1 })
            }
            _ => return,
        };
        event.prevent_default();
        match to {
            None => self.remove(at),
            Some(to) => {
                self.active.set(to.min(last));
                self.store.focus_on(ACTIVE);
                self.store.link().redraw();
            }
        }
    }
}

/// The number of the chip that an event came from.
fn chip_at(event: &Event) -> Option<usize> {
    let target = event.target_dyn_into::<Element>()?;
    target.closest("[data-at]").ok()??.get_attribute("data-at")?.parse().ok()
}

/// What the last change was: seen where a text was read, heard quietly in any case.
#[inline(never)]
pub(super) fn said(scene: &Scene<'_>) -> Html {
    let words = &scene.words().editor;
    let (class, says) = match scene.form().said() {
        Said::Nothing => ("hidden", String::new()),
        Said::Read(reading) => ("hint", read(scene, reading)),
        Said::Refused(problem) => ("invalid", refused(words, *problem).to_owned()),
        Said::NoText => ("invalid", words.no_text.to_owned()),
        Said::Removed(name) => ("hidden", fill(words.removed, &[("name", name)])),
        Said::Duplicates(count) => ("hidden", scene.count(words.removed_duplicates, *count)),
        Said::Advised => ("hidden", words.applied.to_owned()),
        Said::Undone => ("hidden", words.undone.to_owned()),
    };
    el!("p" "class": class, "part": "hint", "id": "names-said", "aria-live": "polite"; says)
}

fn read(scene: &Scene<'_>, reading: &Reading) -> String {
    let words = &scene.words().editor;
    let (source, rest) = match &reading.source {
        Source::Text(layout, left_out) => {
            let source = match layout {
                Layout::Table => words.table,
                Layout::Json => words.json,
                Layout::Certificate => words.printed,
            };
            let rest = (*left_out > 0).then(|| scene.count(words.left_out, *left_out));
            (source.to_owned(), rest.unwrap_or_default())
        }
        Source::Pem { requests, certificates, left_out, private_key } => {
            let (one, other) =
                (scene.count(words.request, *requests), scene.count(words.certificate, *certificates));
            let source = match (requests, certificates) {
                (_, 0) => one,
                (0, _) => other,
                _ => fill(words.and, &[("one", &one), ("other", &other)]),
            };
            let mut list = String::new();
            for left in left_out.iter().take(LEFT_OUT) {
                let one = fill(words.left_out_one, &[("text", &left.text), ("why", why(words, left.why))]);
                push(&mut list, ", ", &one);
            }
            if let Some(more) = left_out.len().checked_sub(LEFT_OUT).filter(|more| *more > 0) {
                push(&mut list, ", ", &scene.count(words.more, more));
            }
            let mut rest = String::new();
            if !list.is_empty() {
                rest = fill(words.left_out_list, &[("list", &list)]);
            }
            if *private_key {
                push(&mut rest, " ", words.key_came_along);
            }
            (source, rest)
        }
    };
    let names = scene.count(words.names, reading.names);
    let mut says = fill(words.read, &[("names", &names), ("source", &source)]);
    push(&mut says, " ", &rest);
    says
}

fn push(text: &mut String, between: &str, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push_str(between);
    }
    text.push_str(more);
}

fn why(words: &EditorWords, why: Why) -> &'static str {
    match why {
        Why::NoHost => words.no_host,
        Why::Email => words.email,
        Why::Uri => words.uri,
        Why::Address => words.address,
        Why::OtherKind => words.other_kind,
        Why::Unreadable => words.unreadable,
        Why::Authority => words.authority,
    }
}

fn refused(words: &EditorWords, problem: PemProblem) -> &'static str {
    match problem {
        PemProblem::NoBlock => words.no_block,
        PemProblem::PrivateKey => words.private_key,
        PemProblem::Unfinished => words.unfinished,
        PemProblem::NotBase64 => words.not_base64,
        PemProblem::Malformed => words.malformed,
        PemProblem::TooLarge => words.too_large,
    }
}

/// The tally, which unfolds into the names one by one and the advice on them.
#[inline(never)]
pub(super) fn view(scene: &Scene<'_>, editor: &Rc<Editor>, tally: Vec<Html>) -> Html {
    let words = &scene.words().editor;
    if scene.form().names().is_empty() || !scene.form().product().takes_names() {
        editor.open.set(false);
        return el!("p" "class": "tally", "part": "tally", "id": "names-tally"; tally);
    }
    let advice = editor.advice(scene);
    let suggestions = (!advice.is_empty())
        .then(|| text("span", "suggestions", scene.count(words.suggestions, advice.len())));
    let toggled = Rc::clone(editor);
    let ontoggle = Callback::from(move |event: Event| {
        let open = event.target_dyn_into::<Element>().is_some_and(|fold| fold.has_attribute("open"));
        if toggled.open.replace(open) != open {
            toggled.store.link().redraw();
        }
    });
    let open = editor.open.get();
    let inside =
        open.then(|| el!("div" "class": "fold"; list(scene, editor), advice::view(scene, editor, &advice)));
    el!(
        "details" "class": "named", "open": open;
        on!(ontoggle: ontoggle),
        el!("summary"; el!("span" "class": "tally", "part": "tally", "id": "names-tally"; tally, suggestions)),
        inside,
    )
}

fn list(scene: &Scene<'_>, editor: &Rc<Editor>) -> Html {
    let names = &scene.words().names;
    let words = &scene.words().editor;
    let groups = [
        (Group::Fqdn, names.tally_fqdns),
        (Group::Wildcard, names.tally_wildcards),
        (Group::Ip, names.tally_ips),
        (Group::Free, names.tally_free),
        (Group::Duplicate, names.tally_duplicates),
        (Group::Refused, names.tally_refused),
    ];
    let product = scene.form().product();
    let chips = chips(scene.form().names(), &product);
    let last = chips.len().min(MAX_NAMES).saturating_sub(1);
    editor.active.set(editor.active.get().min(last));
    editor.places.borrow_mut().clear();
    let mut parts = Vec::new();
    for (group, plural) in groups {
        parts.push(one_group(scene, editor, &chips, group, plural));
    }
    let (clicked, pressed) = (Rc::clone(editor), Rc::clone(editor));
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(at) = chip_at(&event) {
            clicked.remove(at);
        }
    });
    let onkeydown = Callback::from(move |event: KeyboardEvent| pressed.key(&event));
    let more = chips.len().saturating_sub(MAX_NAMES);
    let more = (more > 0).then(|| text("p", "hint", scene.count(words.more, more)));
    el!(
        "div" "class": "chips", "part": "chips", "role": "toolbar", "aria-label": words.chips;
        on!(onclick: onclick),
        on!(onkeydown: onkeydown),
        parts,
        more,
    )
}

/// The names of one group, of those that are shown at all.
fn one_group(
    scene: &Scene<'_>,
    editor: &Rc<Editor>,
    chips: &[Chip<'_>],
    group: Group,
    plural: Plural,
) -> Html {
    let words = &scene.words().editor;
    let of_group = |chip: &&Chip<'_>| chip.group == group;
    let count = chips.iter().filter(of_group).count();
    if count == 0 {
        return Html::default();
    }
    let mut items = Vec::new();
    let mut places = editor.places.borrow_mut();
    for chip in chips.iter().take(MAX_NAMES).filter(of_group) {
        let at = places.len();
        places.push(chip.name.index);
        items.push(one(scene, chip, at, at == editor.active.get()));
    }
    let count = scene.count(plural, count);
    let all = (group == Group::Duplicate).then(|| {
        let editor = Rc::clone(editor);
        let onclick = Callback::from(move |_: MouseEvent| editor.edit(Edit::RemoveDuplicates, ACTIVE));
        button("link", words.remove_duplicates, onclick)
    });
    let class = if group == Group::Refused { "refused" } else { "" };
    el!("div" "class": class, "role": "group", "aria-label": count.clone(); el!("p" "class": "label"; count, all), el!("ul"; items))
}

fn one(scene: &Scene<'_>, chip: &Chip<'_>, at: usize, active: bool) -> Html {
    let words = &scene.words().editor;
    let name = chip.name.shown();
    let note = match (&chip.problem, chip.free_with) {
        (Some(problem), _) => {
            let reason = Reason::Name(name.to_owned(), problem.clone());
            Some(scene.session.sentence(&Problem { field: Field::Names, reason }))
        }
        (None, Some(with)) => Some(fill(words.free_with, &[("name", with)])),
        _ => None,
    };
    // What is wrong with a name begins with it.
    let name_shown = chip.problem.is_none().then(|| el!("bdi"; name.to_owned()));
    let note = note.map(|note| text("small", "", note));
    let remove = el!(
        "button"
        "type": "button",
        "tabindex": if active { "0" } else { "-1" },
        "data-at": at.to_string(),
        "aria-label": fill(words.remove, &[("name", name)]);
        "×",
    );
    el!("li" "part": "chip"; el!("span"; name_shown, " ", note), remove)
}
