//! A quote on its way: links that hold an order, taken from the page's address and made for others; copies, and a print.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{CssStyleSheet, GetRootNodeOptions, HtmlTextAreaElement, Node, ShadowRoot};
use yew::prelude::*;

use super::compare::loose;
use super::el::el;
use super::evidence::{fold, money};
use super::store::Store;
use super::view::{Scene, button, hint, notice, text, tick};
use crate::draft::{BillingAddress, Draft};
use crate::fragment::{self, Drift, FragmentProblem, Price, Shared};
use crate::handover;
use crate::quote::Quote;
use crate::session::{Intent, Session};
use crate::words::{ShareWords, fill};

#[wasm_bindgen]
extern "C" {
    // A page without TLS has no clipboard: then this throws.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// What an element was handed over by a link, and hands on.
#[derive(Default)]
pub(super) struct Share {
    linked: RefCell<Option<Link>>,
    /// Whether a link waits for what reads it, and whether somebody turned to the form meanwhile.
    waits: Cell<bool>,
    touched: Cell<bool>,
    /// The address that the link and the JSON hold, too.
    with_address: RefCell<Option<BillingAddress>>,
    /// What came of the last press, and the moment of the quote that it was about.
    done: RefCell<Option<(String, Done)>>,
    /// How many presses there were.
    presses: Cell<u32>,
    text_box: NodeRef,
    /// Whether the text is to be selected once it is on the screen.
    select: Cell<bool>,
}

/// What became of the link in the page's address.
enum Link {
    /// Its order was taken.
    Taken(Box<Linked>),
    /// It cannot be read; and the moment of the quote that was shown then, which is none of the link.
    Unreadable(FragmentProblem, Option<String>),
    /// It was read when somebody had turned to the form already, so it is for them to say.
    Offered(Box<Shared>),
}

/// An order out of a link.
struct Linked {
    /// As the form reads it.
    draft: Draft,
    price: Option<Price>,
}

enum Done {
    /// It is on the clipboard, or cannot be had.
    Said(&'static str),
    /// It is to be copied by hand.
    Shown(String),
}

thread_local! {
    /// The links that an element took: each is for one element, once.
    static TAKEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The link in the page's address. Some programs write its marks in another way.
fn in_address() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let hash =
        if hash.contains(fragment::KEY) { hash } else { js_sys::decode_uri_component(&hash).ok()?.into() };
    let mut parts = hash.strip_prefix('#')?.split('&');
    parts.find(|part| part.starts_with(fragment::KEY)).map(str::to_owned)
}

impl Share {
    /// What was put on the screen to be copied by hand is selected.
    pub(super) fn rendered(&self) {
        if let Some(text_box) = self.text_box.cast::<HtmlTextAreaElement>().filter(|_| self.select.take()) {
            // Who is elsewhere by now is left there.
            let root = text_box.get_root_node();
            let focused = root.dyn_ref::<ShadowRoot>().and_then(|root| root.active_element());
            if focused.is_none_or(|focused| focused.matches("[part=handover] *") == Ok(true)) {
                // One that cannot be focused is left alone.
                let _ = text_box.focus();
                text_box.select();
            }
        }
    }

    /// Somebody turns to the form.
    pub(super) fn touched(&self) {
        self.touched.set(self.waits.get());
    }

    fn has_address(&self, quote: &Quote) -> bool {
        let address = &quote.draft.billing_address;
        address.is_some() && *self.with_address.borrow() == *address
    }
}

impl Store {
    /// Takes over the order in the page's address, if there is one that no element took, and prices it.
    pub(super) fn take_link(self: &Rc<Self>) {
        let Some(link) = in_address() else { return };
        let is_over = TAKEN.with_borrow(|taken| taken.contains(&link));
        if is_over || self.with(|session| session.config().share_off) {
            self.share().waits.set(false);
            return;
        }
        if !self.has_later() {
            self.share().waits.set(true);
            return;
        }
        self.share().waits.set(false);
        let read = fragment::decode(&link);
        TAKEN.with_borrow_mut(|taken| taken.push(link));
        let shown = self.with(|session| session.quote().map(|quote| quote.priced_at.clone()));
        match read {
            Ok(shared) if self.share().touched.take() => {
                self.share().linked.replace(Some(Link::Offered(Box::new(shared))));
            }
            Ok(shared) => self.open(shared),
            Err(problem) => {
                self.share().linked.replace(Some(Link::Unreadable(problem, shown)));
            }
        }
        self.link().redraw();
    }

    /// Puts the order of a link into the form, and prices it.
    fn open(self: &Rc<Self>, shared: Shared) {
        self.dispatch(Intent::UseOrder(loose(&shared.draft)));
        let draft = self.with(|session| session.checked().draft.clone());
        self.share().linked.replace(Some(Link::Taken(Box::new(Linked { draft, price: shared.price }))));
        self.dispatch(Intent::Quote);
    }

    fn say(&self, moment: Option<String>, done: Option<Done>) {
        self.share().select.set(matches!(done, Some(Done::Shown(_))));
        self.share().done.replace(moment.zip(done));
        self.link().redraw();
    }

    /// Copies what `make` makes of the quote, or shows it where the browser does not let the page copy.
    fn copy(self: &Rc<Self>, make: Make, says: &'static str) {
        let share = self.share();
        let quote = self.with(|session| session.quote().cloned());
        let moment = quote.as_ref().map(|quote| quote.priced_at.clone());
        let made =
            quote.and_then(|quote| self.with(|session| make(session, &quote, share.has_address(&quote))));
        let press = share.presses.get() + 1;
        share.presses.set(press);
        let Some(made) = made else {
            let too_long = self.with(|session| session.words().share.too_long);
            return self.say(moment, Some(Done::Said(too_long)));
        };
        self.say(None, None);
        let (store, copying) = (Rc::clone(self), write_text(&made));
        spawn_local(async move {
            let copied = match copying {
                Ok(copying) => JsFuture::from(copying).await.is_ok(),
                Err(_) => false,
            };
            // What came of an earlier press is no news.
            if store.share().presses.get() == press {
                store.say(moment, Some(if copied { Done::Said(says) } else { Done::Shown(made) }));
            }
        });
    }
}

fn link(_: &Session, quote: &Quote, with_address: bool) -> Option<String> {
    let kept_back = quote.draft.billing_address.is_some() && !with_address;
    // The tax of the price is that of the address.
    let price = Price::of(quote).filter(|_| !kept_back);
    let fragment = fragment::encode(&quote.draft, price.as_ref(), with_address)?;
    Some(fragment::address(&web_sys::window()?.location().href().ok()?, &fragment))
}

fn as_text(session: &Session, quote: &Quote, _: bool) -> Option<String> {
    Some(handover::text(quote, session.words(), &**session.formats()))
}

fn as_json(_: &Session, quote: &Quote, with_address: bool) -> Option<String> {
    Some(handover::json(quote, with_address))
}

/// What makes a text of the quote, with the billing address or without; `None` where it cannot.
type Make = fn(&Session, &Quote, bool) -> Option<String>;

#[inline(never)]
fn press(scene: &Scene<'_>, label: &'static str, make: Make, says: &'static str) -> Html {
    let store = Rc::clone(scene.store);
    button("button link", label, Callback::from(move |_| store.copy(make, says)))
}

/// The fold with what hands the quote on.
#[inline(never)]
pub(super) fn view(scene: &Scene<'_>, quote: &Quote) -> Html {
    let words = &scene.words().share;
    let share = scene.store.share();
    let links = !scene.session.config().share_off;
    let address = quote.draft.billing_address.is_some().then(|| {
        let (store, address) = (Rc::clone(scene.store), quote.draft.billing_address.clone());
        let ticked = share.has_address(quote);
        let onchange = Callback::from(move |_| {
            store.share().with_address.replace(address.clone().filter(|_| !ticked));
            store.say(None, None);
        });
        let tick = tick("checkbox", "", words.with_address, ticked, Some("share-hint"), onchange);
        el!("div"; tick, hint("share-hint", words.with_address_hint))
    });
    let print = Callback::from(|event: MouseEvent| {
        // What cannot be marked is printed with the rest of the page.
        let _ = print(&event);
    });
    let buttons = vec![
        if links { press(scene, words.copy_link, link, words.link_copied) } else { Html::default() },
        press(scene, words.copy_text, as_text, words.text_copied),
        press(scene, words.copy_json, as_json, words.json_copied),
        button("button link", words.print, print),
    ];
    let buttons = el!("div" "class": "buttons"; buttons);
    let done = share.done.borrow();
    let done = done.as_ref().filter(|(moment, _)| *moment == quote.priced_at).map(|(_, done)| done);
    let (says, shown) = match done {
        None => ("", None),
        Some(Done::Said(says)) => (*says, None),
        Some(Done::Shown(text)) => (words.denied, Some(text)),
    };
    let shown = shown.map(|text| {
        html! { <textarea ref={&share.text_box} part="control" readonly=true rows="4" aria-label={words.to_copy} value={text.clone()} /> }
    });
    let says = el!("p" "class": "hint", "aria-live": "polite"; says);
    let present = if links { words.present } else { words.present_without_link };
    fold("handover", words.fold, present, vec![buttons, el!("div"; address, says, shown)])
}

/// What became of the order in the link that the page was opened with.
#[inline(never)]
pub(super) fn drift(scene: &Scene<'_>, quote: Option<&Quote>) -> Html {
    let words = &scene.words().share;
    let linked = scene.store.share().linked.borrow();
    let says = match (linked.as_ref(), quote) {
        (Some(Link::Unreadable(problem, shown)), _)
            if quote.map(|quote| &quote.priced_at) == shown.as_ref() =>
        {
            let says = if *problem == FragmentProblem::Version { words.newer } else { words.damaged };
            notice("notice warn", None, vec![text("p", "", says)])
        }
        (Some(Link::Offered(_)), _) => {
            let store = Rc::clone(scene.store);
            let open = Callback::from(move |_| {
                store.focus_on("#names");
                if let Some(Link::Offered(shared)) = store.share().linked.take() {
                    store.open(*shared);
                }
            });
            let open = button("button plain", words.open, open);
            notice("notice warn", None, vec![text("p", "", words.offered), open])
        }
        (Some(Link::Taken(linked)), Some(quote)) if linked.draft == quote.draft => {
            let says = linked.price.as_ref().map(|price| {
                let same = price.drift(quote) == Drift::Same;
                el!(
                    "p" "class": "drift", "data-drift": if same { "same" } else { "moved" };
                    drifted(scene, words, price, quote),
                )
            });
            says.unwrap_or_default()
        }
        _ => Html::default(),
    };
    el!("div" "aria-live": "polite"; says)
}

fn drifted(scene: &Scene<'_>, words: &ShareWords, price: &Price, quote: &Quote) -> String {
    let day = price.priced_at.get(..10).and_then(|day| day.parse().ok());
    let date = day.map_or_else(String::new, |day| scene.session.formats().date(day));
    let (template, amount) = match price.drift(quote) {
        Drift::Same => (words.same, String::new()),
        Drift::By(by) => {
            (if by.is_negative() { words.fell } else { words.rose }, money(scene, by.abs(), quote))
        }
        Drift::NotComparable => {
            (words.not_comparable, scene.session.formats().money(price.total, &price.currency))
        }
    };
    fill(template, &[("amount", &amount), ("date", &date)])
}

/// Marks the element that is printed alone, and each that it lies in.
const PRINTED: &str = "data-certquote-print";
/// Leaves of a page what is marked. While nothing is, it does nothing; nor does it reach into the shadow of another element.
const PRINT: &str = include_str!(concat!(env!("OUT_DIR"), "/print.css"));

/// Prints the quote whose button was pressed, without the rest of the page as far as that can be told from here.
fn print(event: &MouseEvent) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let mut marked = Vec::new();
    let mut inside = event.target().and_then(|target| target.dyn_into::<Node>().ok());
    while let Some(root) = inside.map(|node| node.get_root_node_with_options(&GetRootNodeOptions::new())) {
        if !marked.is_empty() {
            lay_on(&root)?;
        }
        inside = root.dyn_ref::<ShadowRoot>().map(|shadow| {
            let host = shadow.host();
            // A plain attribute can be set on any element.
            let _ = host.set_attribute(PRINTED, "");
            marked.push(host.clone());
            host.into()
        });
    }
    let over = Closure::once_into_js(move || {
        for host in marked {
            let _ = host.remove_attribute(PRINTED);
        }
    });
    let once = js_sys::Object::new();
    Reflect::set(&once, &"once".into(), &JsValue::TRUE)?;
    let listen = Reflect::get(&window, &"addEventListener".into())?.dyn_into::<js_sys::Function>()?;
    listen.call3(&window, &"afterprint".into(), &over, &once)?;
    window.print()
}

/// Gives a document or a shadow root the style sheet, once.
fn lay_on(root: &Node) -> Result<(), JsValue> {
    thread_local! {
        static SHEET: Option<CssStyleSheet> = {
            let sheet = CssStyleSheet::new().ok();
            sheet.filter(|sheet| sheet.replace_sync(PRINT).is_ok())
        };
    }
    let name = JsValue::from_str("adoptedStyleSheets");
    let sheets = Array::from(&Reflect::get(root, &name)?);
    match SHEET.with(Clone::clone) {
        Some(sheet) if !sheets.includes(&sheet, 0) => {
            sheets.push(&sheet);
            Reflect::set(root, &name, &sheets).map(drop)
        }
        _ => Ok(()),
    }
}
