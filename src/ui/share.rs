//! A quote on its way: links that hold an order, taken from the page's address and made for others; copies, and a print.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{CssStyleSheet, GetRootNodeOptions, HtmlTextAreaElement, Node, ShadowRoot};
use yew::prelude::*;

use super::el::el;
use super::evidence::{fold, money};
use super::store::Store;
use super::view::{Scene, button, hint, notice, text, tick};
use crate::fragment::{self, Drift, FragmentProblem, Price};
use crate::json;
use crate::quote::Quote;
use crate::session::{Intent, Session};
use crate::words::{ShareWords, fill};
use crate::{draft::Draft, handover};

#[wasm_bindgen]
extern "C" {
    // A page without TLS has no clipboard: then this throws.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// What an element was handed over by a link, and hands on.
#[derive(Default)]
pub(super) struct Share {
    linked: RefCell<Option<Result<Linked, FragmentProblem>>>,
    /// Whether the link and the JSON hold the billing address.
    with_address: Cell<bool>,
    /// What came of the last press, and the moment of the quote that it was about.
    done: RefCell<Option<(String, Done)>>,
    text_box: NodeRef,
    /// Whether the text is to be selected once it is on the screen.
    select: Cell<bool>,
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
    /// The last fragment that an element took: each is for one element, once.
    static TAKEN: RefCell<String> = const { RefCell::new(String::new()) };
}

impl Share {
    /// What was put on the screen to be copied by hand is selected.
    pub(super) fn rendered(&self) {
        if let Some(text_box) = self.text_box.cast::<HtmlTextAreaElement>().filter(|_| self.select.take()) {
            // One that cannot be focused is left alone.
            let _ = text_box.focus();
            text_box.select();
        }
    }
}

impl Store {
    /// Takes over the order in the page's address, if there is one that no element took, and prices it.
    pub(super) fn take_link(self: &Rc<Self>) {
        let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
        if self.with(|session| session.config().share_off) || TAKEN.with_borrow(|taken| *taken == hash) {
            return;
        }
        if !hash.contains(fragment::KEY) || !self.has_later() {
            return;
        }
        let read = fragment::decode(&hash);
        if matches!(read, Err(FragmentProblem::None)) {
            return;
        }
        TAKEN.set(hash);
        let linked = read.map(|shared| {
            // A draft that was written can be read.
            if let Ok(draft) = json::decode(json::to_string(&shared.draft).as_bytes()) {
                self.dispatch(Intent::SetDraft(draft));
            }
            let draft = self.with(|session| session.checked().draft.clone());
            Linked { draft, price: shared.price }
        });
        let asks = linked.is_ok();
        self.share().linked.replace(Some(linked));
        if asks {
            self.dispatch(Intent::Quote);
        }
        self.link().redraw();
    }

    fn say(&self, done: Option<Done>) {
        let moment = self.with(|session| session.quote().map(|quote| quote.priced_at.clone()));
        self.share().select.set(matches!(done, Some(Done::Shown(_))));
        self.share().done.replace(moment.zip(done));
        self.link().redraw();
    }

    /// Copies what `make` makes of the quote, or shows it where the browser does not let the page copy.
    fn copy(self: &Rc<Self>, make: Make, says: &'static str) {
        let with_address = self.share().with_address.get();
        let made = self.with(|session| make(session, session.quote()?, with_address));
        let Some(made) = made else {
            let too_long = self.with(|session| session.words().share.too_long);
            return self.say(Some(Done::Said(too_long)));
        };
        self.say(None);
        let (store, copying) = (Rc::clone(self), write_text(&made));
        spawn_local(async move {
            let copied = match copying {
                Ok(copying) => JsFuture::from(copying).await.is_ok(),
                Err(_) => false,
            };
            store.say(Some(if copied { Done::Said(says) } else { Done::Shown(made) }));
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
        let store = Rc::clone(scene.store);
        let onchange = Callback::from(move |_| {
            store.share().with_address.set(!store.share().with_address.get());
            store.say(None);
        });
        let ticked = share.with_address.get();
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
    match (&*linked, quote) {
        (Some(Err(problem)), None) => {
            let says = if *problem == FragmentProblem::Version { words.newer } else { words.damaged };
            notice("notice warn", None, vec![text("p", "", says)])
        }
        (Some(Ok(Linked { draft, price: Some(price) })), Some(quote)) if *draft == quote.draft => {
            let same = price.drift(quote) == Drift::Same;
            el!(
                "p" "class": "drift", "data-drift": if same { "same" } else { "moved" };
                drifted(scene, words, price, quote),
            )
        }
        _ => Html::default(),
    }
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
