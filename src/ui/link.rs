//! What every element has, whatever it shows: a page that it tells of events, promises that wait for an answer, a request under way,
//! a view that is drawn anew, and effects that are carried out one after the other.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use js_sys::{Function, JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::RequestCredentials;
use yew::Callback;

use crate::client::Client;
use crate::config::{Connection, Credentials};
use crate::date::Date;
use crate::error::CertError;
use crate::json::{self, ToJson, Writer};
use crate::state::{State, Ticket};
use crate::transport::{Request, Response};
use crate::web::{GlooTransport, clock};
use crate::words::Words;

/// The ties of one element to its page and its view.
pub(super) struct Link {
    /// Tells the page: `emit(type, detail)`.
    emit: Function,
    request: Asking,
    waiting: RefCell<Vec<Waiting>>,
    result: RefCell<JsValue>,
    /// The result, as long as the page has not looked at it.
    unread: RefCell<Option<Rc<dyn ToJson>>>,
    view: RefCell<Option<Callback<()>>>,
    /// What the page sends requests through, if not `fetch`.
    via: RefCell<Option<Function>>,
    /// What the page gives request headers by.
    headers: RefCell<Option<Function>>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, CertError>>>>;

/// A request under way, until its answer is there or it is called off.
#[derive(Default)]
struct UnderWay {
    answer: RefCell<Option<Answer>>,
    off: Cell<bool>,
}

impl UnderWay {
    /// `None` when it was called off. While it is looked at it is nobody's: the page's own code, which it may run, can call
    /// it off meanwhile.
    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Response, CertError>>> {
        let Some(mut answer) = self.answer.take() else { return Poll::Ready(None) };
        let polled = answer.as_mut().poll(context);
        if self.off.get() {
            return Poll::Ready(None);
        }
        if polled.is_pending() {
            self.answer.replace(Some(answer));
        }
        polled.map(Some)
    }

    /// Dropping it aborts the fetch, and then nothing wakes what waits for it.
    fn call_off(&self) {
        self.off.set(true);
        let answer = self.answer.take();
        drop(answer);
    }
}

/// Where requests go out, one at a time.
#[derive(Default)]
pub(super) struct Asking(RefCell<Rc<UnderWay>>);

impl Asking {
    /// Asks; `answered` gets the successful answer unread, or the error, unless the request is called off before. Only one
    /// request is under way at a time.
    pub(super) fn ask(
        &self,
        client: Client<GlooTransport>,
        endpoint: &'static str,
        request: Request,
        answered: Box<dyn FnOnce(Result<Response, CertError>)>,
    ) {
        let answer = Box::pin(async move { client.fetch(endpoint, request).await });
        let request = Rc::new(UnderWay { answer: RefCell::new(Some(answer)), off: Cell::new(false) });
        let before = self.0.replace(Rc::clone(&request));
        before.call_off();
        spawn_local(async move {
            if let Some(answer) = poll_fn(|context| request.poll(context)).await {
                answered(answer);
            }
        });
    }

    /// Calls off the request under way.
    pub(super) fn abort(&self) {
        let request = self.0.take();
        request.call_off();
    }
}

/// Somebody who waits for the answer to a request.
struct Waiting {
    ticket: Ticket,
    resolve: Function,
    reject: Function,
}

impl Link {
    pub(super) fn new(emit: Function) -> Self {
        Self {
            emit,
            request: Asking::default(),
            waiting: RefCell::default(),
            result: RefCell::new(JsValue::NULL),
            unread: RefCell::default(),
            view: RefCell::default(),
            via: RefCell::default(),
            headers: RefCell::default(),
        }
    }

    /// Takes what requests go through from now on, instead of `fetch`; anything but a function is none.
    pub(super) fn set_via(&self, via: &JsValue) {
        self.via.replace(via.dyn_ref::<Function>().cloned());
    }

    /// Takes what is asked for headers before each request from now on; anything but a function is none.
    pub(super) fn set_headers(&self, headers: &JsValue) {
        self.headers.replace(headers.dyn_ref::<Function>().cloned());
    }

    /// A client as the attributes want it.
    pub(super) fn client(&self, connection: &Connection, words: &Words) -> Client<GlooTransport> {
        let transport = GlooTransport {
            base_url: connection.proxy.clone(),
            timeout_ms: connection.timeout_ms,
            credentials: match connection.credentials {
                Credentials::SameOrigin => RequestCredentials::SameOrigin,
                Credentials::Include => RequestCredentials::Include,
                Credentials::Omit => RequestCredentials::Omit,
            },
            via: self.via.borrow().clone(),
            headers: self.headers.borrow().clone(),
        };
        Client::new(transport).with_words(words.errors)
    }

    /// Asks, as [`Asking::ask`].
    pub(super) fn ask(
        &self,
        client: Client<GlooTransport>,
        endpoint: &'static str,
        request: Request,
        answered: Box<dyn FnOnce(Result<Response, CertError>)>,
    ) {
        self.request.ask(client, endpoint, request, answered);
    }

    /// Calls off the request under way.
    pub(super) fn abort(&self) {
        self.request.abort();
    }

    /// A promise that settles with the request of the number that `ask` gives back.
    pub(super) fn promise(&self, ask: &mut dyn FnMut() -> Ticket) -> Promise {
        Promise::new(&mut |resolve, reject| {
            let ticket = ask();
            self.waiting.borrow_mut().push(Waiting { ticket, resolve, reject });
        })
    }

    /// Settles the promises of this request and of earlier ones: with the present result, or with an error.
    pub(super) fn settle(&self, ticket: Ticket, error: Option<&CertError>) {
        let (done, waiting): (Vec<_>, _) =
            self.waiting.take().into_iter().partition(|waiting| waiting.ticket <= ticket);
        self.waiting.replace(waiting);
        for waiting in done {
            let (settle, value) = match error {
                None => (&waiting.resolve, self.result()),
                Some(error) => (&waiting.reject, to_js(error)),
            };
            // A promise's own functions do not throw.
            let _ = settle.call1(&JsValue::UNDEFINED, &value);
        }
    }

    /// The last result as the page gets it: the same object until there is another.
    pub(super) fn result(&self) -> JsValue {
        if let Some(unread) = self.unread.take() {
            self.result.replace(to_js(&*unread));
        }
        self.result.borrow().clone()
    }

    /// Takes a result, of which JavaScript's form is made when it is looked at.
    pub(super) fn set_result(&self, result: Option<Rc<dyn ToJson>>) {
        self.result.replace(JsValue::NULL);
        self.unread.replace(result);
    }

    pub(super) fn tell(&self, name: &str, detail: &JsValue) {
        // A handler that throws is reported by the browser; it does not concern the element.
        let _ = self.emit.call2(&JsValue::UNDEFINED, &name.into(), detail);
    }

    pub(super) fn tell_error(&self, error: &CertError) {
        self.tell("cert-error", &to_js(error));
    }

    pub(super) fn tell_state(&self, state: State) {
        self.tell("cert-state", &to_js(&StateDetail(state)));
    }

    /// Who is told when something changed.
    pub(super) fn show_in(&self, view: Option<Callback<()>>) {
        self.view.replace(view);
    }

    /// Something changed.
    pub(super) fn redraw(&self) {
        let view = self.view.borrow().clone();
        if let Some(view) = view {
            view.emit(());
        }
    }
}

/// Effects that wait to be carried out. The page's handlers may call back into the element; what they bring about queues up.
pub(super) struct Queue<E> {
    waiting: RefCell<VecDeque<E>>,
    running: Cell<bool>,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { waiting: RefCell::default(), running: Cell::new(false) }
    }
}

impl<E> Queue<E> {
    pub(super) fn extend(&self, effects: Vec<E>) {
        self.waiting.borrow_mut().extend(effects);
    }

    /// Carries out all that waits. Whether it did: a call from within leaves it to the one that is running.
    pub(super) fn run(&self, mut carry_out: impl FnMut(E)) -> bool {
        if self.running.replace(true) {
            return false;
        }
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            let Some(effect) = next else { break };
            carry_out(effect);
        }
        self.running.set(false);
        true
    }
}

/// What `cert-state` tells.
struct StateDetail(State);

impl ToJson for StateDetail {
    fn write(&self, out: &mut Writer) {
        out.object().member("state", &self.0.name());
    }
}

/// A public value as the page gets it: plain objects, `null` for what is not there.
pub(super) fn to_js(value: &dyn ToJson) -> JsValue {
    JSON::parse(&json::to_string(value)).unwrap_or(JsValue::NULL)
}

/// Today in UTC.
pub(super) fn today() -> Date {
    clock::today().unwrap_or(Date::EPOCH)
}
