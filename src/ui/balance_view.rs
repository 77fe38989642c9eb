//! The `<cert-balance>`: what can be spent, how that comes about, and in every state how far the figures hold.

use std::rc::Rc;

use yew::prelude::*;

use super::balance_store::BalanceStore;
use super::el::{self, el, on};
use super::part::Part;
use super::view::{failure, figure, headline, join, misconfigured, notice, slot, text};
use crate::amount::Amount;
use crate::balance::{AccountDetails, Balance, BalanceSource};
use crate::balance_session::{BalanceSession, Intent};
use crate::low::Level;
use crate::state::State;
use crate::web::clock;
use crate::words::{BalanceWords, fill};

/// The inside of a `<cert-balance>`.
pub(super) struct BalanceView {
    pub(super) store: Rc<BalanceStore>,
}

impl Part for BalanceView {
    fn show_in(&self, redraw: Option<Callback<()>>) {
        self.store.link().show_in(redraw);
    }

    fn draw(self: Rc<Self>) -> Html {
        let refresh = {
            let store = Rc::clone(&self.store);
            Callback::from(move |_: MouseEvent| store.dispatch(Intent::Refresh))
        };
        self.store.with(|session| {
            let balance = session.balance().map(|balance| &**balance);
            Scene { session, words: &session.words().balance, balance, state: session.state(), refresh }
                .view()
        })
    }
}

/// What the view is drawn from.
struct Scene<'a> {
    session: &'a BalanceSession,
    words: &'static BalanceWords,
    balance: Option<&'a Balance>,
    state: State,
    refresh: Callback<MouseEvent>,
}

impl Scene<'_> {
    fn view(&self) -> Html {
        let words = self.words;
        let busy = self.state == State::Loading;
        let aria_busy = busy.then_some("true");
        let config = self.session.config();
        let subject = words.subject(config.source, config.subject.as_ref());
        let refresh = config.subject.is_some().then(|| {
            el!(
                "button" "type": "button", "class": "refresh", "part": "link refresh", "aria-busy": aria_busy;
                on!(onclick: self.refresh.clone()),
                words.refresh,
            )
        });
        let currency = self.balance.map(|balance| balance.currency.clone());
        let name = [words.title, ", ", &subject].concat();
        let figures = el!(
            "div" "class": if self.state == State::Stale { "old" } else { "new" };
            el!("div" "class": "top"; text("p", "eyebrow", self.eyebrow()), refresh),
            self.headline(),
            text("p", "eyebrow", subject),
            el!("div" "class": if busy { "progress busy" } else { "progress" }),
            self.body(),
        );
        el!(
            "section"
            "class": "card balance",
            "part": "card balance",
            "aria-label": name,
            "aria-busy": aria_busy,
            "data-currency": currency;
            slot("heading"),
            figures,
            self.low(),
            self.stale(),
            self.error(),
            misconfigured(self.session.attribute_error()),
            el!("div" "class": "meta", "part": "meta"; self.as_of()),
            slot("help"),
            el!("div" "class": "hidden", "role": "status"; self.announcement()),
        )
    }

    fn money(&self, amount: Amount, currency: &str) -> String {
        self.words.amount(amount, currency, &**self.session.formats())
    }

    /// What the largest figure is.
    fn eyebrow(&self) -> &'static str {
        let known = self.balance.map(|balance| balance.unlimited || balance.available.is_some());
        match known {
            Some(true) => self.words.available,
            None if self.session.config().source == BalanceSource::Account => self.words.available,
            _ => self.words.balance,
        }
    }

    /// What can be spent, the largest thing on the screen, or in its place why that is not known.
    fn headline(&self) -> Html {
        let words = self.words;
        match self.balance {
            None if self.session.error().is_some() => el!(
                "p" "class": "figure none", "part": "total";
                el!("span" "aria-hidden": "true"; "—"),
                " ",
                text("small", "", words.none),
            ),
            None => headline("figure words none", words.loading),
            Some(balance) if balance.unlimited => headline("figure words", words.unlimited),
            Some(balance) => {
                let amount = balance.available.unwrap_or(balance.amount);
                let field = balance.details.is_none().then_some("amount");
                figure(field, amount, self.money(amount, &balance.currency), &balance.currency)
            }
        }
    }

    fn body(&self) -> Html {
        match self.balance {
            Some(balance) => match &balance.details {
                Some(details) => self.account(balance, details),
                None => overdrawn(self, balance),
            },
            None if self.session.error().is_some() => Html::default(),
            None if self.session.config().source == BalanceSource::Account => skeleton(self.words),
            None => Html::default(),
        }
    }

    /// The sum that gives the available funds, as a sum. What the API does not state is no part of it.
    fn account(&self, balance: &Balance, details: &AccountDetails) -> Html {
        let words = self.words;
        let mut rows = Vec::new();
        let mut missing = Vec::new();
        let mut add = |part: Summand, amount: Option<Amount>, notes| {
            let figure = match amount {
                Some(amount) => self.money(amount, &balance.currency),
                None if balance.unlimited && part.field == LIMIT => words.no_limit.to_owned(),
                None => return missing.push(part.name),
            };
            rows.push(row(part, amount, figure, notes));
        };
        add(Summand::new("", words.balance, "balance"), Some(balance.amount), overdrawn(self, balance));
        add(Summand::limit(words), details.negative_balance_limit, Html::default());
        add(Summand::unpaid(words), details.unpaid_invoice_balance, Html::default());
        let part = Summand::other_divisions(words);
        add(part, details.used_credit_from_other_containers, Html::default());
        match (details.total_available_funds, details.sum(balance.amount)) {
            (Some(stated), Some(computed)) if stated != computed => {
                add(Summand::sum(words, words.sum).computed(), Some(computed), Html::default());
                let note = stated.sub(computed).map(|difference| {
                    let template =
                        if difference.is_negative() { words.stated_less } else { words.stated_more };
                    let amount = self.money(difference.abs(), &balance.currency);
                    text("small", "", fill(template, &[("amount", &amount)]))
                });
                let stated_part = Summand { operator: "", said: "", ..Summand::sum(words, words.stated) };
                add(stated_part, Some(stated), note.unwrap_or_default());
            }
            (None, _) if balance.unlimited => {}
            (stated, _) => add(Summand::sum(words, words.available), stated, Html::default()),
        }
        let mut parts = vec![el!("dl" "class": "lines parts", "part": "lines"; rows)];
        if !missing.is_empty() {
            parts.push(text("p", "hint", fill(words.not_stated, &[("names", &join(&missing, ", "))])));
        }
        el::list(parts)
    }

    /// How the balance stands to the page's threshold.
    fn low(&self) -> Html {
        let Some(threshold) = self.session.config().low_balance else { return Html::default() };
        match self.session.low().zip(self.low_words()) {
            Some(((level, _), words)) => {
                let class = if level == Level::Ok { "level" } else { "notice warn" };
                el!("p" "class": class, "part": class, "data-low": level.as_str(); words)
            }
            None if self.session.error().is_some() => Html::default(),
            // Keeps the place.
            None => text("p", "level waiting", self.words.level(Level::Ok, &self.money(threshold, ""))),
        }
    }

    fn low_words(&self) -> Option<String> {
        let ((level, threshold), balance) = self.session.low().zip(self.balance)?;
        if balance.unlimited {
            return Some(self.words.ok_unlimited.to_owned());
        }
        let threshold = self.words.amount_in_full(threshold, &balance.currency, &**self.session.formats());
        Some(self.words.level(level, &threshold))
    }

    /// Says how old the figures are that a refresh failed to replace.
    fn stale(&self) -> Html {
        let (Some(balance), Some(_)) = (self.balance, self.session.request_error()) else {
            return Html::default();
        };
        let formats = &**self.session.formats();
        let age = self.words.age(self.session.age_minutes(clock::now_ms()), formats);
        let moment = formats.moment(&balance.fetched_at);
        let says = fill(self.words.stale, &[("moment", &moment), ("age", &age)]);
        notice("notice warn stale", None, vec![text("p", "", says)])
    }

    /// What happened. It stays while it is tried again: the button that was pressed does not go from under the focus.
    fn error(&self) -> Html {
        let Some(error) = self.session.request_error() else { return Html::default() };
        let title = if self.balance.is_some() { self.words.stale_title } else { self.words.error_title };
        failure(self.session.words(), &**self.session.formats(), title, error, self.refresh.clone())
    }

    fn as_of(&self) -> Html {
        let Some(balance) = self.balance else { return text("p", "", "\u{a0}") };
        let (template, moment) = match &balance.updated_at {
            Some(moment) => (self.words.updated_at, moment),
            None => (self.words.fetched_at, &balance.fetched_at),
        };
        text("p", "", fill(template, &[("moment", &self.session.formats().moment(moment))]))
    }

    /// What a screen reader hears, once for each balance that came.
    fn announcement(&self) -> String {
        let words = self.words;
        let Some(balance) = self.balance.filter(|_| self.state == State::Ready) else { return String::new() };
        let (template, amount) = match balance.available {
            _ if balance.unlimited => (words.announce_unlimited, balance.amount),
            Some(available) => (words.announce_available, available),
            None => (words.announce_balance, balance.amount),
        };
        let amount = self.money(amount, &balance.currency);
        let low =
            self.low_words().filter(|_| self.session.low().is_some_and(|(level, _)| level != Level::Ok));
        join(&[&fill(template, &[("amount", &amount)]), &low.unwrap_or_default()], " ")
    }
}

/// The API's name of the part that credit without a limit lacks.
const LIMIT: &str = "negative_balance_limit";

/// One part of the sum.
#[derive(Clone, Copy)]
struct Summand {
    operator: &'static str,
    /// The operator as it is spoken.
    said: &'static str,
    name: &'static str,
    /// The API's name; empty for what is not the API's.
    field: &'static str,
}

impl Summand {
    fn new(operator: &'static str, name: &'static str, field: &'static str) -> Self {
        Self { operator, said: "", name, field }
    }

    /// The same part as one that is not the API's own.
    fn computed(self) -> Self {
        Self { field: "", ..self }
    }

    fn limit(words: &BalanceWords) -> Self {
        Self { said: words.plus, ..Self::new("+", words.credit_limit, LIMIT) }
    }

    fn unpaid(words: &BalanceWords) -> Self {
        Self { said: words.minus, ..Self::new("−", words.unpaid, "unpaid_invoice_balance") }
    }

    fn other_divisions(words: &BalanceWords) -> Self {
        Self {
            said: words.minus,
            ..Self::new("−", words.other_divisions, "used_credit_from_other_containers")
        }
    }

    fn sum(words: &BalanceWords, name: &'static str) -> Self {
        Self { said: words.equals, ..Self::new("=", name, "total_available_funds") }
    }
}

fn row(part: Summand, amount: Option<Amount>, figure: String, notes: Html) -> Html {
    let negative = amount.is_some_and(Amount::is_negative);
    let field = (amount.is_some() && !part.field.is_empty()).then_some(part.field);
    let operator = el!("span" "class": "operator", "aria-hidden": "true"; part.operator);
    let said = (!part.said.is_empty()).then(|| el!("span" "class": "hidden"; part.said, " "));
    let figure = el!(
        "dd"
        "class": if negative { "owed" } else { "" },
        "data-field": field,
        "data-amount": amount.map(|amount| amount.to_string());
        figure,
    );
    let name = el!("dt"; operator, said, part.name, notes);
    el!("div" "class": if part.operator == "=" { "sum" } else { "" }, "part": "line"; name, figure)
}

/// A balance below zero, in words.
fn overdrawn(scene: &Scene<'_>, balance: &Balance) -> Html {
    if !balance.amount.is_negative() {
        return Html::default();
    }
    let amount = scene.money(balance.amount.abs(), &balance.currency);
    text("small", "owed", fill(scene.words.overdrawn, &[("amount", &amount)]))
}

/// The sum before its figures: of the same height, since its words are the same.
fn skeleton(words: &BalanceWords) -> Html {
    let row = |part: Summand| row(part.computed(), None, String::new(), Html::default());
    el!(
        "dl" "class": "lines parts waiting", "aria-hidden": "true";
        row(Summand::new("", words.balance, "")),
        row(Summand::limit(words)),
        row(Summand::unpaid(words)),
        row(Summand::other_divisions(words)),
        row(Summand::sum(words, words.available)),
    )
}
