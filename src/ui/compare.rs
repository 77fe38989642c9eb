//! The comparison: what is to be varied, and the orders with their prices below one another, each a row of a table or, where
//! that is too wide, a block of its own.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use yew::prelude::*;

use super::aside::{FRESH_S, Purpose};
use super::el::{el, on};
use super::fold::{Toggled, fold};
use super::history::file::{CSV, KEPT_MS, Saved, save};
use super::link::today;
use super::store::Store;
use super::variants;
use super::view::{Scene, button, text, tick};
use crate::comparison::{Comparison, MAX_VARIANTS, Progress, Variant, is_same_order};
use crate::draft::Draft;
use crate::form::LooseDraft;
use crate::handover;
use crate::json;
use crate::products::{Product, catalogue};
use crate::session::{Intent, Session};
use crate::variants::{Choice, Vary, offers};
use crate::web::clock;
use crate::web::timer::Timer;
use crate::words::fill;

/// The comparison's own state; its orders are the store's.
#[derive(Default)]
pub(super) struct Compare {
    pub(super) open: Cell<bool>,
    choice: RefCell<Choice>,
    /// Orders that were added one by one.
    added: RefCell<Vec<Draft>>,
    /// The file that was written last, while the browser may still need it.
    saved: RefCell<Option<(Saved, Timer)>>,
}

/// A draft as the form takes it.
pub(super) fn loose(draft: &Draft) -> LooseDraft {
    // A draft that was written can be read.
    json::decode(json::to_string(draft).as_bytes()).unwrap_or_default()
}

/// What the form would send, if it can.
pub(super) fn present(session: &Session) -> Option<&Draft> {
    let checked = session.checked();
    checked.problems.is_empty().then_some(&checked.draft)
}

impl Compare {
    /// The orders that are to be compared: the present one, those that were added, and what is chosen.
    fn wanted(&self, session: &Session) -> Vec<Draft> {
        let Some(present) = present(session) else { return Vec::new() };
        let offers = offers(present, session.form().names(), session.config());
        let mut wanted = self.choice.borrow().drafts(present, &offers, session.today());
        let mut rest = wanted.split_off(1.min(wanted.len()));
        for draft in self.added.borrow().iter() {
            if !wanted.iter().chain(&rest).any(|other| is_same_order(other, draft)) {
                wanted.push(draft.clone());
            }
        }
        wanted.append(&mut rest);
        wanted
    }
}

impl Store {
    fn start_comparison(self: &Rc<Self>) {
        self.flush();
        let wanted = self.with(|session| self.compare.wanted(session));
        if !wanted.is_empty() && wanted.len() <= MAX_VARIANTS {
            self.change_orders(Purpose::Comparing, |mut orders| {
                let gives_up = orders.clear();
                orders.forget_before(&clock::ago(Some(FRESH_S)));
                for draft in wanted {
                    // One that asks for the same as another need not be there twice.
                    let _ = orders.add(draft);
                }
                gives_up
            });
        }
    }

    /// Adds an order, and the present one before the first. Whether it is among them now.
    pub(super) fn add_to_comparison(self: &Rc<Self>, draft: &Draft) -> bool {
        let checked = self.with(|session| {
            let form = session.form().replaced(loose(draft), session.config());
            form.check(session.config(), session.today())
        });
        if !checked.problems.is_empty() {
            return false;
        }
        let first = self.with(|session| present(session).cloned());
        let draft = checked.draft;
        let mut is_there = false;
        self.change_orders(Purpose::Comparing, |mut orders| {
            if let Some(first) = first.filter(|_| orders.variants().is_empty()) {
                // There is room, and nothing to be the same as.
                let _ = orders.add(first);
            }
            let is_new = orders.add(draft.clone()).is_ok();
            is_there = orders.variants().iter().any(|variant| is_same_order(&variant.draft, &draft));
            if is_new {
                self.compare.added.borrow_mut().push(draft);
            }
            false
        });
        is_there
    }

    pub(super) fn remove_from_comparison(self: &Rc<Self>, place: usize) {
        self.change_orders(Purpose::Comparing, |mut orders| {
            if let Some(variant) = orders.variants().get(place) {
                self.compare.added.borrow_mut().retain(|draft| *draft != variant.draft);
            }
            orders.remove(place)
        });
    }

    fn save_comparison(self: &Rc<Self>) {
        let text = self.orders(Purpose::Comparing, |orders| orders.csv(today()));
        let name = ["certificate-orders-", &today().to_string(), ".csv"].concat();
        let store = Rc::downgrade(self);
        let forget = Timer::new(KEPT_MS, move || {
            if let Some(store) = store.upgrade() {
                drop(store.compare.saved.take());
            }
        });
        let saved = save(&Array::of1(&text.into()), CSV, &name);
        self.compare.saved.replace(saved.map(|saved| (saved, forget)));
    }

    /// Puts an order into the form.
    pub(super) fn use_order(self: &Rc<Self>, draft: &Draft) {
        self.dispatch(Intent::UseOrder(loose(draft)));
    }
}

/// A handler that does something to the store.
pub(super) fn act(scene: &Scene<'_>, act: impl Fn(&Rc<Store>) + 'static) -> Callback<MouseEvent> {
    act_on(scene, Box::new(act))
}

type Act = Box<dyn Fn(&Rc<Store>)>;

/// Compiled once for all of them.
fn act_on(scene: &Scene<'_>, act: Act) -> Callback<MouseEvent> {
    let store = Rc::clone(scene.store);
    Callback::from(move |_| act(&store))
}

/// A button that can be focused whatever it stands at; `about` is the id of what it says more by.
pub(super) fn open_button(
    class: &'static str,
    text: &'static str,
    open: bool,
    about: String,
    onclick: Callback<MouseEvent>,
) -> Html {
    let onclick = if open { onclick } else { Callback::noop() };
    el!(
        "button"
        "type": "button",
        "class": class,
        "part": class,
        "aria-disabled": (!open).then_some("true"),
        "aria-describedby": about;
        on!(onclick: onclick),
        text,
    )
}

#[inline(never)]
pub(super) fn view(scene: &Scene<'_>) -> Html {
    let words = &scene.words().compare;
    scene.store.orders(Purpose::Comparing, |orders| {
        let progress = orders.progress();
        let present = match progress.of {
            0 => words.present.to_owned(),
            of if progress.done < of => under_way(scene, progress),
            of => scene.count(words.compared, of),
        };
        let toggled: Toggled = |store, open| store.compare.open.set(open);
        let open = scene.store.compare.open.get();
        let inside =
            open.then(|| vec![choices(scene), actions(scene, orders), variants::table(scene, orders)]);
        fold(scene, "comparison", words.title, &present, toggled, inside)
    })
}

fn under_way(scene: &Scene<'_>, progress: Progress) -> String {
    let formats = scene.session.formats();
    let (done, of) = (formats.integer(progress.done), formats.integer(progress.of));
    fill(scene.words().compare.under_way, &[("done", &done), ("of", &of)])
}

/// What is to be varied.
fn choices(scene: &Scene<'_>) -> Html {
    let words = &scene.words().compare;
    let Some(present) = present(scene.session) else { return Html::default() };
    let config = scene.session.config();
    let (mut lengths, mut others, mut more) = (Vec::new(), Vec::new(), Vec::new());
    for vary in offers(present, scene.form().names(), config) {
        let (group, label) = match &vary {
            Vary::Years(years) => (&mut lengths, scene.count(scene.words().form.year_count, *years as usize)),
            Vary::Product(id) => {
                let offered = config.products.as_deref().unwrap_or_else(|| catalogue());
                let product = offered.iter().find(|product| product.name_id == *id);
                (&mut others, product.map_or(id.as_str(), Product::label).to_owned())
            }
            Vary::OtherPrice if present.is_out_of_contract == Some(true) => {
                (&mut more, words.other_contract.to_owned())
            }
            Vary::OtherPrice => (&mut more, words.other_list.to_owned()),
            Vary::NoAddons => (&mut more, words.without_addons.to_owned()),
            Vary::Addon(id) => {
                let addon = config.addons.iter().find(|addon| addon.id == *id);
                let name = addon.map_or(id, |addon| &addon.label);
                (&mut more, fill(words.with_addon, &[("name", name)]))
            }
        };
        group.push(choose(scene, &label, vary));
    }
    if others.is_empty() {
        others.push(text("p", "hint", words.no_other_product));
    }
    let mut groups = Vec::new();
    for (id, name, choices) in [
        ("vary-length", words.vary_length, lengths),
        ("vary-more", words.vary_more, more),
        ("vary-product", words.vary_product, others),
    ] {
        if !choices.is_empty() {
            groups.push(el!(
                "div" "class": "vary", "role": "group", "aria-labelledby": id;
                el!("span" "class": "label", "part": "label", "id": id; name),
                el!("div"; choices),
            ));
        }
    }
    el!("div" "class": "vary-all"; groups)
}

fn choose(scene: &Scene<'_>, label: &str, vary: Vary) -> Html {
    let chosen = scene.store.compare.choice.borrow().has(&vary);
    let store = Rc::clone(scene.store);
    let onchange = Callback::from(move |_: Event| {
        store.compare.choice.borrow_mut().toggle(&vary);
        store.link().redraw();
    });
    tick("checkbox", "", label, chosen, None, onchange)
}

/// The buttons, and how far it has come.
fn actions(scene: &Scene<'_>, orders: &Comparison) -> Html {
    let words = &scene.words().compare;
    let formats = scene.session.formats();
    let wanted = scene.store.compare.wanted(scene.session).len();
    let max = formats.integer(MAX_VARIANTS);
    let says = match wanted {
        0 => words.invalid.to_owned(),
        1 => words.nothing_chosen.to_owned(),
        _ if wanted > MAX_VARIANTS => {
            fill(words.too_many, &[("count", &formats.integer(wanted)), ("max", &max)])
        }
        _ => scene.count(words.chosen, wanted),
    };
    let can_start = (2..=MAX_VARIANTS).contains(&wanted);
    let start = open_button(
        "button plain",
        words.start,
        can_start,
        "compare-hint".to_owned(),
        act(scene, Store::start_comparison),
    );
    let variants = orders.variants();
    let progress = orders.progress();
    let running = progress.done < progress.of;
    let ask = |change: fn(&mut Comparison) -> bool| {
        act(scene, move |store| {
            // The button becomes another one, or goes.
            store.focus_on("[aria-describedby=compare-hint]");
            store.change_orders(Purpose::Comparing, |mut orders| change(&mut orders));
        })
    };
    let go_on = if running {
        Some(button("button plain", words.stop, ask(Comparison::cancel)))
    } else {
        let again = || {
            ask(|orders| {
                orders.resume();
                false
            })
        };
        variants.iter().any(Variant::is_lacking).then(|| button("button plain", words.ask_again, again()))
    };
    let (mut full, mut add_present) = (None, None);
    if let Some(present) = present(scene.session).filter(|_| !variants.is_empty())
        && !variants.iter().any(|variant| is_same_order(&variant.draft, present))
    {
        let room = variants.len() < MAX_VARIANTS;
        full = (!room).then(|| fill(words.full, &[("max", &max)]));
        let add = {
            let present = present.clone();
            act(scene, move |store| {
                store.focus_on("[aria-describedby=compare-hint]");
                store.add_to_comparison(&present);
            })
        };
        add_present =
            Some(open_button("button plain", words.add_present, room, "compare-hint".to_owned(), add));
    }
    let export = (!variants.is_empty())
        .then(|| button("button plain", words.export, act(scene, Store::save_comparison)));
    let bar = running.then(|| {
        let (done, of) = (progress.done.to_string(), progress.of.to_string());
        let bar = el!("progress" "aria-label": words.progress, "value": done, "max": of);
        el!("p" "class": "under-way"; bar, under_way(scene, progress))
    });
    let held = scene.store.held_s().filter(|_| running);
    let held = held.map(|seconds| text("p", "warn", scene.count(words.paused, seconds)));
    el!(
        "div"
        "class": "start";
        el!("div" "class": "actions"; start, go_on, add_present, export),
        el!("p" "class": "hint", "id": "compare-hint"; says, " ", full),
        bar,
        el!("div" "aria-live": "polite"; held),
        el!("div" "class": "hidden", "aria-live": "polite"; announcement(scene, orders, running)),
    )
}

/// Said once, when all is there.
fn announcement(scene: &Scene<'_>, orders: &Comparison, running: bool) -> Option<String> {
    let words = &scene.words().compare;
    let variants = orders.variants();
    if running || variants.is_empty() {
        return None;
    }
    let compared = scene.count(words.compared, variants.len());
    let mut cheapest = String::new();
    for (variant, mark) in variants.iter().zip(orders.marks(scene.session.today())) {
        if mark.is_cheapest {
            if !cheapest.is_empty() {
                cheapest.push_str("; ");
            }
            cheapest.push_str(&title(scene, &variant.draft));
        }
    }
    if cheapest.is_empty() {
        return Some(compared);
    }
    Some(fill(words.announce, &[("orders", &compared), ("cheapest", &cheapest)]))
}

/// An order in a few words: `Basic OV, 2 years`.
pub(super) fn title(scene: &Scene<'_>, draft: &Draft) -> String {
    let product = Product::find(&draft.product_name_id);
    let name = product.as_ref().map_or(draft.product_name_id.as_str(), Product::label);
    let length = handover::length(draft, scene.words(), &**scene.session.formats());
    fill(scene.words().price.product_length, &[("product", name), ("length", &length)])
}
