//! A price as the elements show it: lines that always add up to the total.

use serde::Serialize;

use crate::amount::Amount;
use crate::api::Endpoint;
use crate::api::order_pricing::{self, AddonPrice, NamesPrice, OrderPricing, PriceEstimate};
use crate::draft::Draft;
use crate::error::CertError;
use crate::funds::Funds;
use crate::json::{Count, DecodeError};
use crate::transport::Response;
use crate::words::errors::ErrorWords;

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// The product itself.
    Base,
    /// Names without a wildcard.
    Fqdns,
    /// Names with a wildcard.
    Wildcards,
    /// Add-ons.
    Addons,
    /// The SAN package.
    SanPackage,
    /// The discount; negative.
    Discount,
    /// What the other lines leave unexplained of the total.
    Other,
    /// The estimated tax.
    Tax,
}

impl LineKind {
    /// Every kind, in the order in which a price shows them.
    pub const ALL: [Self; 8] = [
        Self::Base,
        Self::Fqdns,
        Self::Wildcards,
        Self::Addons,
        Self::SanPackage,
        Self::Discount,
        Self::Other,
        Self::Tax,
    ];

    /// The kind as it is written in `data-line`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Fqdns => "fqdns",
            Self::Wildcards => "wildcards",
            Self::Addons => "addons",
            Self::SanPackage => "san_package",
            Self::Discount => "discount",
            Self::Other => "other",
            Self::Tax => "tax",
        }
    }
}

/// One line of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is for.
    pub line: LineKind,
    /// What it adds to the total, in the digits of the API.
    pub amount: Amount,
    /// How many the API counted, where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<u64>,
}

/// One add-on in the line [`LineKind::Addons`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddonLine {
    /// The add-on's product id.
    pub product_id: String,
    /// How many.
    pub units: Option<u64>,
    /// What one costs.
    pub price: Option<Amount>,
    /// What they cost together.
    pub subtotal: Option<Amount>,
}

/// A priced order. Serialises to the `Quote` of the public interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// What was priced.
    pub draft: Draft,
    /// The lines, in the API's order: they add up to `total`. None when the price is unknown.
    pub lines: Vec<Line>,
    /// The total with tax; `None` exactly when the price is unknown.
    pub total: Option<Amount>,
    /// The currency of every figure, as the API wrote it.
    pub currency: String,
    /// Whether the API failed to determine the tax: then the line `tax` says nothing, and the total is one before tax.
    pub tax_error: bool,
    /// Whether the API could not determine a price, which it says by zeros alone.
    pub unknown: bool,
    /// The account's balance, if the answer holds it.
    pub account_balance: Option<Amount>,
    /// What the order leaves of the account's money, as far as the page shows a balance to compare with.
    pub funds: Option<Funds>,
    /// When, as RFC 3339.
    pub priced_at: String,
    /// The add-ons one by one, if the answer holds them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addon_details: Vec<AddonLine>,
    /// How many FQDNs the API counts, if it says so; the names of the draft may be more.
    #[serde(skip)]
    pub fqdns_counted: Option<u64>,
    /// How many wildcards the API counts, if it says so.
    #[serde(skip)]
    pub wildcards_counted: Option<u64>,
    /// Whether the price is an invented one, from `certquote-server`'s sandbox.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
}

impl Quote {
    /// The price that `estimate` gives for `draft`.
    ///
    /// The lines are the API's own, the discount as −|`benefits_discount_total`|. What they leave unexplained of the
    /// total is one line [`LineKind::Other`], so that the lines always add up. `base` and `tax` are always there;
    /// other lines only with an amount or a count. A total of zero whose every line is zero is no price but an
    /// unknown one; a zero that a discount explains is a real zero.
    ///
    /// # Errors
    /// [`DecodeError`] of the kind `Range` when the figures are too large to be added exactly.
    pub fn new(draft: Draft, estimate: &PriceEstimate, priced_at: String) -> Result<Self, DecodeError> {
        let total = estimate.total_price;
        let tax = Line {
            line: LineKind::Tax,
            // Only an answer with `tax_error` lacks it, which the reference words as "returns 0".
            amount: estimate.tax.unwrap_or(Amount::ZERO),
            units: None,
        };
        let mut lines = api_lines(estimate);
        let explained = lines.iter().chain([&tax]).try_fold(Amount::ZERO, |sum, line| sum.add(line.amount));
        let other = explained
            .and_then(|explained| total.sub(explained))
            .ok_or_else(|| DecodeError::out_of_range("$.total_price"))?;
        if !other.is_zero() {
            lines.push(Line { line: LineKind::Other, amount: other, units: None });
        }
        lines.push(tax);
        let unknown = total.is_zero() && lines.iter().all(|line| line.amount.is_zero());
        if unknown {
            lines.clear();
        } else {
            lines.retain(|line| {
                matches!(line.line, LineKind::Base | LineKind::Tax)
                    || !line.amount.is_zero()
                    || line.units.is_some_and(|units| units > 0)
            });
        }
        Ok(Self {
            draft,
            lines,
            total: (!unknown).then_some(total),
            currency: estimate.currency.clone(),
            tax_error: estimate.tax_error(),
            unknown,
            account_balance: estimate.balance,
            funds: None,
            priced_at,
            sandbox: estimate.sandbox(),
            fqdns_counted: estimate.fqdns.as_ref().and_then(|names| names.units).map(|units| units.0),
            wildcards_counted: estimate.wildcards.as_ref().and_then(|names| names.units).map(|units| units.0),
            addon_details: estimate.addons_price_details.iter().map(AddonLine::from).collect(),
        })
    }

    /// Reads the successful answer to a request for the price of `draft`.
    ///
    /// # Errors
    /// `unreadable`, also when the figures are too large to be added exactly.
    pub fn read(
        draft: Draft,
        answer: &Response,
        priced_at: String,
        words: &ErrorWords,
    ) -> Result<Self, CertError> {
        let estimate = OrderPricing { draft: &draft }.decode(&answer.body);
        estimate
            .and_then(|estimate| Self::new(draft, &estimate, priced_at))
            .map_err(|error| CertError::unreadable(order_pricing::NAME, answer.status, error, words))
    }

    /// Whether `other` asks for the same money: total, tax and every line.
    #[must_use]
    pub fn has_same_price(&self, other: &Self) -> bool {
        let sum = |quote: &Self| (quote.total, quote.tax_error);
        sum(self) == sum(other)
            && self.currency == other.currency
            && self.lines.len() == other.lines.len()
            && self.lines.iter().zip(&other.lines).all(|(a, b)| (a.line, a.amount) == (b.line, b.amount))
    }

    /// The line of that kind, if the price has one.
    #[must_use]
    pub fn line(&self, kind: LineKind) -> Option<&Line> {
        self.lines.iter().find(|line| line.line == kind)
    }
}

/// The lines that the answer itself holds, without the tax.
fn api_lines(estimate: &PriceEstimate) -> Vec<Line> {
    let mut lines = vec![Line { line: LineKind::Base, amount: estimate.base_price, units: None }];
    let mut add = |line, amount: Option<Amount>, units| {
        lines.extend(amount.map(|amount| Line { line, amount, units }));
    };
    let units = |names: &NamesPrice| names.units.map(|count| count.0);
    add(LineKind::Fqdns, estimate.fqdns.map(|names| names.subtotal), estimate.fqdns.as_ref().and_then(units));
    add(
        LineKind::Wildcards,
        estimate.wildcards.map(|names| names.subtotal),
        estimate.wildcards.as_ref().and_then(units),
    );
    add(LineKind::Addons, estimate.addons_price, addon_units(&estimate.addons_price_details));
    add(LineKind::SanPackage, estimate.san_package_price, None);
    add(LineKind::Discount, estimate.benefits_discount_total.map(|discount| discount.abs().negated()), None);
    lines
}

/// How many add-ons there are, if the answer counts each.
fn addon_units(details: &[AddonPrice]) -> Option<u64> {
    let mut counts = details.iter().map(|addon| addon.units);
    let first = counts.next()??.0;
    counts.try_fold(first, |sum, count| sum.checked_add(count?.0))
}

impl From<&AddonPrice> for AddonLine {
    fn from(addon: &AddonPrice) -> Self {
        Self {
            product_id: addon.product_id.clone(),
            units: addon.units.map(|Count(units)| units),
            price: addon.unit_price(),
            subtotal: addon.subtotal,
        }
    }
}
