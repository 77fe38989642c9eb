//! What a quote rests on, and what changed since another one: its inputs and assumptions one by one, its lines exactly.

use crate::amount::Amount;
use crate::difference::{self, LineChange};
use crate::draft::{BillingAddress, Draft};
use crate::quote::Quote;

/// Which price was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceBasis {
    /// That of the account's contract, where it has one: the API's default.
    Contract,
    /// The list price.
    List,
}

/// Which address the tax was estimated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxBasis<'a> {
    /// The account's own: none was given.
    Account,
    /// The one given.
    Address(&'a BillingAddress),
    /// None: the API could not estimate the tax, and the total is one before it.
    Unknown,
}

/// What a quote rests on, beside the draft itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// When it was asked, as RFC 3339.
    pub asked_at: &'a str,
    /// What was asked.
    pub draft: &'a Draft,
    /// Which price.
    pub price: PriceBasis,
    /// Which address.
    pub tax: TaxBasis<'a>,
    /// The currency of every figure, as the API wrote it: that of the account, which nobody chooses.
    pub currency: &'a str,
    /// Whether the price is an invented one.
    pub sandbox: bool,
}

/// Which price a draft asks for.
#[must_use]
pub fn price_basis(draft: &Draft) -> PriceBasis {
    if draft.is_out_of_contract == Some(true) { PriceBasis::List } else { PriceBasis::Contract }
}

impl<'a> Evidence<'a> {
    /// What `quote` rests on.
    #[must_use]
    pub fn of(quote: &'a Quote) -> Self {
        let draft = &quote.draft;
        let tax = match &draft.billing_address {
            _ if quote.tax_error => TaxBasis::Unknown,
            None => TaxBasis::Account,
            Some(address) => TaxBasis::Address(address),
        };
        let price = price_basis(draft);
        Self {
            asked_at: &quote.priced_at,
            draft,
            price,
            tax,
            currency: &quote.currency,
            sandbox: quote.sandbox,
        }
    }
}

/// A part of a draft that differs from that of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The names; both lists are empty when only their order differs.
    Names {
        /// Those that came, in order.
        added: Vec<String>,
        /// Those that went, in order.
        removed: Vec<String>,
    },
    /// The product.
    Product,
    /// The length.
    Length,
    /// The add-ons.
    Addons,
    /// Contract or list price.
    Price,
    /// The order that is renewed.
    Renewal,
    /// The billing address.
    Address,
}

/// The inputs that differ between two drafts, in the order of the form.
#[must_use]
pub fn inputs(before: &Draft, after: &Draft) -> Vec<Input> {
    let mut inputs = Vec::new();
    if before.dns_names != after.dns_names {
        inputs.push(Input::Names {
            added: lacking(&after.dns_names, &before.dns_names),
            removed: lacking(&before.dns_names, &after.dns_names),
        });
    }
    for (differs, input) in [
        (before.product_name_id != after.product_name_id, Input::Product),
        (before.order_validity != after.order_validity, Input::Length),
        (before.addons != after.addons, Input::Addons),
        (price_basis(before) != price_basis(after), Input::Price),
        (before.renewal_of_order_valid_till != after.renewal_of_order_valid_till, Input::Renewal),
        (before.billing_address != after.billing_address, Input::Address),
    ] {
        if differs {
            inputs.push(input);
        }
    }
    inputs
}

fn lacking(names: &[String], others: &[String]) -> Vec<String> {
    names.iter().filter(|name| !others.contains(name)).cloned().collect()
}

/// What changed from one quote to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// What was asked differently; none where the same order is dearer or cheaper.
    pub inputs: Vec<Input>,
    /// The lines that differ; `None` where the two cannot be compared: in different currencies, without a price, or only one
    /// of them with tax.
    pub lines: Option<Vec<LineChange>>,
    /// What the total rose by; `None` as above.
    pub total: Option<Amount>,
}

impl Changes {
    /// What changed from `before` to `after`.
    #[must_use]
    pub fn between(before: &Quote, after: &Quote) -> Self {
        Self {
            inputs: inputs(&before.draft, &after.draft),
            lines: difference::of_lines(before, after),
            total: difference::of_totals(before, after),
        }
    }
}
