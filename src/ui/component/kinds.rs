//! What the properties of each component mean to the store of its element.

use std::rc::Rc;

use js_sys::{Function, Reflect};
use yew::Callback;

use super::{Accepted, CertBalanceProps, CertHistoryProps, CertQuoteProps, Common, Kind, Seen};
use crate::balance_session::Intent as BalanceIntent;
use crate::config::Addon;
use crate::history_session::Intent as HistoryIntent;
use crate::json::{self, ToJson, Writer};
use crate::session::Intent;
use crate::ui::balance_store::BalanceStore;
use crate::ui::history::HistoryStore;
use crate::ui::store::Store;

/// The attribute `addons`.
struct Offered<'a>(&'a [Addon]);

impl ToJson for Offered<'_> {
    fn write(&self, out: &mut Writer) {
        let mut list = out.array();
        for addon in self.0 {
            list.item(&Pair(addon));
        }
    }
}

struct Pair<'a>(&'a Addon);

impl ToJson for Pair<'_> {
    fn write(&self, out: &mut Writer) {
        out.object().member("id", &self.0.id).member("label", &self.0.label);
    }
}

fn tell<T>(callback: &Callback<T>, value: Option<T>) {
    if let Some(value) = value {
        callback.emit(value);
    }
}

impl Kind for CertQuoteProps {
    type Store = Rc<Store>;

    fn store(emit: Function) -> Rc<Store> {
        Store::new(emit)
    }

    fn attribute(&self, name: &str) -> Option<String> {
        match name {
            "live" => self.live.then(String::new),
            "products" => (!self.products.is_empty()).then(|| self.products.join(",")),
            "accept-label" => self.accept_label.as_ref().map(ToString::to_string),
            "keep" => self.keep.as_ref().map(ToString::to_string),
            "share" => self.share_off.then(|| "off".to_owned()),
            "addons" => (!self.addons.is_empty()).then(|| json::to_string(&Offered(&self.addons))),
            _ => self.common(name),
        }
    }

    fn told(&self, store: &Rc<Store>, event: &str, seen: &Seen<'_>) {
        match event {
            "cert-accept" => {
                let key = Reflect::get(seen.detail, &"idempotency_key".into()).ok();
                let Some(key) = key.and_then(|key| key.as_string()) else { return };
                let before = seen.accepted.take().filter(|before| before.idempotency_key == key);
                let quote = store.with(|session| session.quote().cloned());
                let accepted = before.or_else(|| Some(Accepted { quote: quote?, idempotency_key: key }));
                seen.accepted.replace(accepted.clone());
                tell(&self.on_accept, accepted);
            }
            "cert-quote" => tell(&self.on_quote, store.with(|session| session.quote().cloned())),
            "cert-error" => tell(&self.on_error, store.with(|session| session.error())),
            "cert-state" => tell(&self.on_state, Some(store.with(|session| session.state()))),
            _ => {}
        }
    }

    fn given(&self, before: Option<&Self>, store: &Rc<Store>) {
        if let Some(draft) = &self.draft
            && before.is_none_or(|before| before.draft != self.draft)
            // A draft that was written can be read.
            && let Ok(draft) = json::decode(json::to_string(draft).as_bytes())
        {
            store.dispatch(Intent::SetDraft(draft));
        }
        if before.is_some_and(|before| before.refresh != self.refresh) {
            store.dispatch(Intent::Quote);
        }
    }
}

impl Kind for CertBalanceProps {
    type Store = Rc<BalanceStore>;

    fn store(emit: Function) -> Rc<BalanceStore> {
        BalanceStore::new(emit)
    }

    fn attribute(&self, name: &str) -> Option<String> {
        match name {
            "source" => Some(self.source.as_str().to_owned()),
            "subaccount-id" => self.subaccount_id.as_ref().map(ToString::to_string),
            "org-id" => self.org_id.as_ref().map(ToString::to_string),
            "billing-id" => self.billing_id.as_ref().map(ToString::to_string),
            "low-balance" => self.low_balance.map(|amount| amount.to_string()),
            _ => self.common(name),
        }
    }

    fn told(&self, store: &Rc<BalanceStore>, event: &str, _: &Seen<'_>) {
        match event {
            "cert-balance" => tell(&self.on_balance, store.with(|session| session.balance().cloned())),
            "cert-low-balance" => {
                tell(&self.on_low, store.with(|session| session.low().map(|(level, _)| level)));
            }
            "cert-error" => tell(&self.on_error, store.with(|session| session.error())),
            "cert-state" => tell(&self.on_state, Some(store.with(|session| session.state()))),
            _ => {}
        }
    }

    fn given(&self, before: Option<&Self>, store: &Rc<BalanceStore>) {
        if before.is_some_and(|before| before.refresh != self.refresh) {
            store.dispatch(BalanceIntent::Refresh);
        }
    }
}

impl Kind for CertHistoryProps {
    type Store = Rc<HistoryStore>;

    fn store(emit: Function) -> Rc<HistoryStore> {
        HistoryStore::new(emit)
    }

    fn attribute(&self, name: &str) -> Option<String> {
        self.common(name)
    }

    fn told(&self, store: &Rc<HistoryStore>, event: &str, _: &Seen<'_>) {
        match event {
            "cert-history" => tell(&self.on_history, store.with(|session| session.result().cloned())),
            "cert-error" => tell(&self.on_error, store.with(|session| session.error())),
            "cert-state" => tell(&self.on_state, Some(store.with(|session| session.state()))),
            _ => {}
        }
    }

    fn given(&self, before: Option<&Self>, store: &Rc<HistoryStore>) {
        if before.is_some_and(|before| before.refresh != self.refresh) {
            store.dispatch(HistoryIntent::Refresh);
        }
    }
}
