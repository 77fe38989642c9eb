//! The desk: three templates for orders, the quote, the account's balance, and what the quote comes to.

use certquote::amount::Amount;
use certquote::balance::Balance;
use certquote::draft::{Draft, OrderValidity};
use certquote::quote::Quote;
use certquote::ui::{Accepted, CertBalance, CertHistory, CertQuote};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Quote,
    History,
}

/// Name of the template, names on the certificate, product.
const TEMPLATES: [(&str, &[&str], &str); 3] = [
    ("Web shop", &["shop.example.com", "www.shop.example.com", "api.shop.example.com"], "ssl_basic"),
    ("Wildcard", &["*.example.com", "example.com"], "ssl_securesite_pro"),
    ("Bank", &["bank.example.com", "www.bank.example.com"], "ssl_ev_basic"),
];

fn draft(names: &[&str], product: &str) -> Draft {
    Draft {
        dns_names: names.iter().map(|name| (*name).to_owned()).collect(),
        product_name_id: product.to_owned(),
        order_validity: OrderValidity::Years(1),
        ..Draft::default()
    }
}

/// The whole page.
#[component]
pub(crate) fn Desk() -> Html {
    let place = use_state_eq(|| Place::Quote);
    let template = use_state(|| None::<Draft>);
    let quote = use_state(|| None::<Rc<Quote>>);
    let balance = use_state(|| None::<Rc<Balance>>);
    let accepted = use_state(|| None::<Accepted>);

    let tab = |to: Place, label: &'static str| {
        let (now, place) = (*place == to, place.clone());
        let onclick = Callback::from(move |_| place.set(to));
        html! { <button role="tab" aria-selected={now.to_string()} {onclick}>{ label }</button> }
    };
    let templates = TEMPLATES.iter().map(|&(label, names, product)| {
        let template = template.clone();
        let onclick = Callback::from(move |_| template.set(Some(draft(names, product))));
        html! { <button key={label} {onclick}>{ label }</button> }
    });
    let on_quote = {
        let (quote, accepted) = (quote.clone(), accepted.clone());
        Callback::from(move |new| {
            quote.set(Some(new));
            accepted.set(None);
        })
    };
    let on_accept = {
        let accepted = accepted.clone();
        Callback::from(move |new| accepted.set(Some(new)))
    };
    let on_balance = {
        let balance = balance.clone();
        Callback::from(move |new| balance.set(Some(new)))
    };

    html! {
        <>
            <header>
                <h1>{ "Order desk" }</h1>
                <p>{ "certquote in Yew" }</p>
            </header>
            <nav role="tablist" aria-label="Places">
                { tab(Place::Quote, "Quote") }
                { tab(Place::History, "History") }
            </nav>
            <main>
                // The quote stays, out of sight, while another place is shown: it keeps what was typed.
                <section hidden={*place != Place::Quote}>
                    <div class="templates" role="group" aria-label="Templates">{ for templates }</div>
                    <CertQuote draft={(*template).clone()} accept_label="Order now" {on_quote} {on_accept} />
                </section>
                if *place == Place::History {
                    <section><CertHistory /></section>
                }
                <aside>
                    <CertBalance low_balance={Amount::from(500)} {on_balance} />
                    <Order quote={(*quote).clone()} balance={(*balance).clone()} accepted={(*accepted).clone()} />
                </aside>
            </main>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct OrderProps {
    quote: Option<Rc<Quote>>,
    balance: Option<Rc<Balance>>,
    accepted: Option<Accepted>,
}

/// The host's own words on the quote, put together from its typed values.
#[component]
fn Order(props: &OrderProps) -> Html {
    let Some(quote) = &props.quote else {
        return html! { <p class="order">{ "Nothing has been priced yet." }</p> };
    };
    let names = quote.draft.dns_names.join(", ");
    let Some(total) = quote.total else {
        return html! { <p class="order">{ format!("No estimate for {names}.") }</p> };
    };
    let available = props.balance.as_ref().filter(|balance| balance.currency == quote.currency);
    let covered = available.and_then(|balance| balance.available).map(|available| total <= available);
    html! {
        <div class="order">
            <h2>{ "Your order" }</h2>
            <p>{ names }</p>
            <p class="total"><output>{ format!("{total} {}", quote.currency) }</output></p>
            if let Some(covered) = covered {
                <p>{ if covered { "The account covers it." } else { "The account does not cover it." } }</p>
            }
            if let Some(accepted) = &props.accepted {
                <p>{ format!("Ordered. Reference {}", accepted.idempotency_key) }</p>
            }
        </div>
    }
}
