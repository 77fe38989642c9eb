//! The elements as Yew components, for an application written in Yew: typed properties in, typed values out, and neither a
//! custom element nor a script between. The insides are the same, in a shadow root of their own.
//!
//! Nothing in the widget names them, so nothing of them is in it.
//!
//! ```
//! use certquote::ui::{CertBalance, CertQuote};
//! use std::rc::Rc;
//! use yew::prelude::*;
//!
//! #[component]
//! fn Order() -> Html {
//!     let total = use_state(|| None);
//!     let on_quote = {
//!         let total = total.clone();
//!         Callback::from(move |quote: Rc<certquote::quote::Quote>| total.set(quote.total))
//!     };
//!     html! {
//!         <>
//!             <CertQuote proxy="/api/digicert" live={true} {on_quote} />
//!             <CertBalance proxy="/api/digicert" />
//!             if let Some(total) = *total { <p>{ total.to_string() }</p> }
//!         </>
//!     }
//! }
//! ```

mod kinds;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Document, ShadowRootInit, ShadowRootMode};
use yew::prelude::*;

use super::element::{Inside, styles};
use super::mount::Mount;
use crate::amount::Amount;
use crate::balance::{Balance, BalanceSource};
use crate::config::{Addon, Credentials};
use crate::draft::Draft;
use crate::error::CertError;
use crate::history::History;
use crate::low::Level;
use crate::quote::Quote;
use crate::state::State;

/// The properties of one kind of element, and what they mean to its store.
trait Kind: Properties + Common + Clone + 'static {
    type Store: Inside + Clone + 'static;

    fn store(emit: Function) -> Self::Store;

    /// The attribute that a custom element would have.
    fn attribute(&self, name: &str) -> Option<String>;

    /// The store tells of the event of this name.
    fn told(&self, store: &Self::Store, event: &str, seen: &Seen<'_>);

    /// The properties are others than `before`, or the first.
    fn given(&self, before: Option<&Self>, store: &Self::Store);
}

/// What came with an event, and what was told before it.
struct Seen<'a> {
    detail: &'a JsValue,
    /// Told again as it was: what a host sends with one key is always the same.
    accepted: &'a RefCell<Option<Accepted>>,
}

/// What all kinds have.
trait Common {
    /// The attribute that each of the custom elements would have.
    fn common(&self, name: &str) -> Option<String>;

    /// What requests go through instead of `fetch`, and what is asked for their headers.
    fn functions(&self) -> [&Option<Function>; 2];
}

/// One element in an application.
struct Embedded<P: Kind> {
    host: NodeRef,
    props: Rc<RefCell<P>>,
    store: P::Store,
    view: Mount,
    visible: Option<Visible>,
    _emit: Closure<dyn Fn(String, JsValue)>,
}

impl<P: Kind> Embedded<P> {
    fn new(props: &P) -> Self {
        let props = Rc::new(RefCell::new(props.clone()));
        let teller = Rc::new(OnceCell::<P::Store>::new());
        let emit = {
            let (props, teller) = (Rc::clone(&props), Rc::clone(&teller));
            let accepted = RefCell::default();
            Closure::<dyn Fn(String, JsValue)>::new(move |event: String, detail: JsValue| {
                // A callback may bring about other properties.
                let props = props.borrow().clone();
                if let Some(store) = teller.get() {
                    props.told(store, &event, &Seen { detail: &detail, accepted: &accepted });
                }
            })
        };
        let store =
            teller.get_or_init(|| P::store(emit.as_ref().unchecked_ref::<Function>().clone())).clone();
        Self { host: NodeRef::default(), props, store, view: Mount::default(), visible: None, _emit: emit }
    }

    fn configure(&self) {
        let props = self.props.borrow().clone();
        let [via, headers] = props.functions().map(|function| JsValue::from(function.clone()));
        self.store.link().set_via(&via);
        self.store.link().set_headers(&headers);
        let host = self.host.cast::<web_sys::Element>();
        self.store.configure(&|name| match (name, &host) {
            ("lang", Some(host)) => host.closest("[lang]").ok()??.get_attribute("lang"),
            _ => props.attribute(name),
        });
    }

    fn changed(&self, props: &P) {
        let before = self.props.replace(props.clone());
        self.configure();
        props.given(Some(&before), &self.store);
    }

    /// The host is on the page.
    fn attach(&mut self) {
        let Some(host) = self.host.cast::<web_sys::Element>() else { return };
        let Ok(root) = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)) else { return };
        if let Some(sheet) = sheet() {
            root.set_adopted_style_sheets(&Array::of1(&sheet));
        }
        self.configure();
        let props = self.props.borrow().clone();
        props.given(None, &self.store);
        self.store.on_page(true);
        self.view.mount(&root, self.store.view());
        let store = self.store.clone();
        self.visible = Visible::watch(move || store.shown());
    }

    fn detach(&mut self) {
        self.visible = None;
        self.store.on_page(false);
        self.store.link().show_in(None);
        self.view.unmount();
    }
}

/// The style sheet that all of them share.
fn sheet() -> Option<CssStyleSheet> {
    thread_local! {
        static SHEET: Option<CssStyleSheet> = {
            let sheet = CssStyleSheet::new().ok();
            sheet.filter(|sheet| sheet.replace_sync(&styles()).is_ok())
        };
    }
    SHEET.with(Clone::clone)
}

/// Listens for the tab coming back into sight, until it is dropped.
struct Visible {
    page: Document,
    listener: Closure<dyn Fn()>,
}

impl Visible {
    fn watch(shown: impl Fn() + 'static) -> Option<Self> {
        let page = web_sys::window()?.document()?;
        let listener = Closure::<dyn Fn()>::new({
            let page = page.clone();
            move || {
                if !page.hidden() {
                    shown();
                }
            }
        });
        page.add_event_listener_with_callback("visibilitychange", listener.as_ref().unchecked_ref()).ok()?;
        Some(Self { page, listener })
    }
}

impl Drop for Visible {
    fn drop(&mut self) {
        // It was added, so it can be taken away.
        let _ = self
            .page
            .remove_event_listener_with_callback("visibilitychange", self.listener.as_ref().unchecked_ref());
    }
}

/// A price that the buyer accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The price.
    pub quote: Rc<Quote>,
    /// A UUID. It and the quote are the same however often this price is accepted: two orders have two keys.
    pub idempotency_key: String,
}

/// A component and its properties, with what all three have in common.
macro_rules! component {
    (
        $(#[$about:meta])*
        $name:ident takes $props:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        #[doc = concat!("The properties of [`", stringify!($name), "`]; each has a default.")]
        #[derive(Clone, Debug, PartialEq, Properties)]
        pub struct $props {
            /// Base URL of the proxy; `/api/digicert` by default, `/api/frontier` for Frontier's balances.
            #[prop_or_default]
            pub proxy: Option<AttrValue>,
            /// The container (division) whose money it is.
            #[prop_or_default]
            pub container_id: Option<AttrValue>,
            /// BCP 47 tag; by default the page's `lang`, then the browser's.
            #[prop_or_default]
            pub locale: Option<AttrValue>,
            /// `auto` (the page's `color-scheme`), `light` or `dark`.
            #[prop_or_default]
            pub theme: Option<AttrValue>,
            /// Milliseconds until a request is given up; 15,000 by default, 600,000 at most.
            #[prop_or_default]
            pub timeout_ms: Option<u32>,
            /// Whether cookies go along.
            #[prop_or_default]
            pub credentials: Credentials,
            /// What is called with each `Request` instead of `fetch`, and gives a promise of a `Response`: in tests
            /// `mockTransport()` of `certquote/testing`.
            #[prop_or_default]
            pub transport: Option<Function>,
            /// What is called before each request and gives an object of further request headers, or a promise of one; after a
            /// 401 once more, for a fresh token. Nothing that it gives becomes part of an error.
            #[prop_or_default]
            pub fetch_headers: Option<Function>,
            /// Another number than before asks again.
            #[prop_or_default]
            pub refresh: u32,
            /// A request failed, or a property cannot be used.
            #[prop_or_default]
            pub on_error: Callback<CertError>,
            /// It came to another state.
            #[prop_or_default]
            pub on_state: Callback<State>,
            $($(#[$doc])* #[prop_or_default] pub $field: $type,)*
        }

        impl Common for $props {
            fn common(&self, name: &str) -> Option<String> {
                let given = |value: &Option<AttrValue>| value.as_ref().map(ToString::to_string);
                match name {
                    "proxy" => given(&self.proxy),
                    "container-id" => given(&self.container_id),
                    "locale" => given(&self.locale),
                    "theme" => given(&self.theme),
                    "timeout-ms" => self.timeout_ms.map(|limit| limit.to_string()),
                    "credentials" => Some(
                        match self.credentials {
                            Credentials::SameOrigin => "same-origin",
                            Credentials::Include => "include",
                            Credentials::Omit => "omit",
                        }
                        .to_owned(),
                    ),
                    _ => None,
                }
            }

            fn functions(&self) -> [&Option<Function>; 2] {
                [&self.transport, &self.fetch_headers]
            }
        }

        $(#[$about])*
        pub struct $name(Embedded<$props>);

        impl Component for $name {
            type Message = ();
            type Properties = $props;

            fn create(ctx: &Context<Self>) -> Self {
                Self(Embedded::new(ctx.props()))
            }

            fn changed(&mut self, ctx: &Context<Self>, _: &$props) -> bool {
                self.0.changed(ctx.props());
                true
            }

            fn view(&self, ctx: &Context<Self>) -> Html {
                html! { <div ref={&self.0.host} theme={ctx.props().theme.clone()} /> }
            }

            fn rendered(&mut self, _: &Context<Self>, first: bool) {
                if first {
                    self.0.attach();
                }
            }

            fn destroy(&mut self, _: &Context<Self>) {
                self.0.detach();
            }
        }
    };
}

component! {
    /// The quote form and the price breakdown: `<cert-quote>` as a Yew component.
    CertQuote takes CertQuoteProps {
        /// What the form holds. Another draft than before replaces the whole form; `None` leaves it to the buyer.
        draft: Option<Draft>,
        /// Whether the form prices itself while it is edited.
        live: bool,
        /// The only products offered; all of them when empty.
        products: Vec<AttrValue>,
        /// The add-ons offered by name.
        addons: Vec<Addon>,
        /// What the button says that accepts the price; without it there is none.
        accept_label: Option<AttrValue>,
        /// Whose quotes the browser keeps, where several people or accounts share it; `off` keeps none.
        keep: Option<AttrValue>,
        /// Whether links to an order are neither made nor taken from the page's address.
        share_off: bool,
        /// A price came, or the answer that none can be determined.
        on_quote: Callback<Rc<Quote>>,
        /// The buyer accepted the price, which was just found to hold. It comes from the browser: who takes the order prices it
        /// once more.
        on_accept: Callback<Accepted>,
    }
}

component! {
    /// One balance: `<cert-balance>` as a Yew component.
    CertBalance takes CertBalanceProps {
        /// Which balance it is.
        source: BalanceSource,
        /// The number of the subaccount; required for that source.
        subaccount_id: Option<AttrValue>,
        /// UUID of the organization; required for Frontier.
        org_id: Option<AttrValue>,
        /// UUID of its billing account; required for Frontier.
        billing_id: Option<AttrValue>,
        /// The balance from which on it is low, in its own currency; more than zero.
        low_balance: Option<Amount>,
        /// A balance came.
        on_balance: Callback<Rc<Balance>>,
        /// The balance came to another level of `low_balance`.
        on_low: Callback<Level>,
    }
}

component! {
    /// The adjustments of an account: `<cert-history>` as a Yew component.
    CertHistory takes CertHistoryProps {
        /// A page of adjustments came.
        on_history: Callback<Rc<History>>,
    }
}
