//! Which other orders a buyer may want beside the present one: other lengths, products, prices and add-ons, each with each.

use crate::config::Config;
use crate::date::Date;
use crate::draft::{Draft, OrderValidity};
use crate::names::{NameList, check};
use crate::products::{Kind, Product, catalogue};
use crate::validity::check_order;

/// One way in which an order may be another than the present one. What is of one kind stands for itself; different kinds are
/// combined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vary {
    /// It runs for so many years.
    Years(u32),
    /// It is for the product with this id.
    Product(String),
    /// At the list price where the present order has the contract price, and the other way round.
    OtherPrice,
    /// Without the add-ons of the present order.
    NoAddons,
    /// With the add-on with this id, too.
    Addon(String),
}

impl Vary {
    fn kind(&self) -> u8 {
        match self {
            Self::Years(_) => 0,
            Self::Product(_) => 1,
            Self::OtherPrice => 2,
            Self::NoAddons | Self::Addon(_) => 3,
        }
    }

    fn apply(&self, draft: &mut Draft) {
        match self {
            Self::Years(years) => draft.order_validity = OrderValidity::Years(*years),
            Self::Product(id) => draft.product_name_id.clone_from(id),
            Self::OtherPrice => draft.is_out_of_contract = Some(draft.is_out_of_contract != Some(true)),
            Self::NoAddons => draft.addons.clear(),
            Self::Addon(id) if draft.addons.contains(id) => {}
            Self::Addon(id) => draft.addons.push(id.clone()),
        }
    }
}

/// What is to be varied; the present order is always among what it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice(Vec<Vary>);

impl Default for Choice {
    /// Other lengths only, as far as most products are sold.
    fn default() -> Self {
        Self(vec![Vary::Years(1), Vary::Years(2), Vary::Years(3)])
    }
}

impl Choice {
    /// Whether this is chosen.
    #[must_use]
    pub fn has(&self, vary: &Vary) -> bool {
        self.0.contains(vary)
    }

    /// Chooses it, or no longer.
    pub fn toggle(&mut self, vary: &Vary) {
        let place = self.0.iter().take_while(|other| *other < vary).count();
        if self.has(vary) {
            self.0.remove(place);
        } else {
            self.0.insert(place, vary.clone());
        }
    }

    /// The orders, the present one first. What is chosen and not [on offer](offers) stays chosen and makes no order; those
    /// that a product does not allow are left out.
    ///
    /// ```
    /// use certquote::draft::{Draft, OrderValidity};
    /// use certquote::variants::{Choice, Vary};
    ///
    /// let present = Draft { product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
    /// let offers = [2, 3].map(Vary::Years);
    /// let drafts = Choice::default().drafts(&present, &offers, "2026-11-21".parse()?);
    /// let lengths: Vec<_> = drafts.iter().map(|draft| draft.order_validity).collect();
    /// assert_eq!(lengths, [1, 2, 3].map(OrderValidity::Years));
    /// # Ok::<(), certquote::date::DateError>(())
    /// ```
    #[must_use]
    pub fn drafts(&self, present: &Draft, offers: &[Vary], today: Date) -> Vec<Draft> {
        // Without the names, which are the same for all and many.
        let mut draft = present.clone();
        let names = std::mem::take(&mut draft.dns_names);
        let mut drafts = vec![draft];
        let (mut kind, mut base) = (u8::MAX, Vec::new());
        for vary in self.0.iter().filter(|vary| offers.contains(vary)) {
            if kind != vary.kind() {
                (kind, base) = (vary.kind(), drafts.clone());
            }
            for draft in &base {
                let mut draft = draft.clone();
                vary.apply(&mut draft);
                if !drafts.contains(&draft) {
                    drafts.push(draft);
                }
            }
        }
        drafts.retain_mut(|draft| {
            let product = Product::find(&draft.product_name_id).unwrap_or_default();
            draft.dns_names.clone_from(&names);
            check_order(&draft.order_validity, &product, today).is_ok()
        });
        drafts
    }
}

/// In which ways an order may be another than the present one, by kind.
#[must_use]
pub fn offers(present: &Draft, names: &NameList, config: &Config) -> Vec<Vary> {
    let product = Product::find(&present.product_name_id).unwrap_or_default();
    let mut offers = Vec::new();
    for years in 1..=product.max_years {
        if present.order_validity != OrderValidity::Years(years) {
            offers.push(Vary::Years(years));
        }
    }
    for product in products(names, &product, config.products.as_deref()) {
        offers.push(Vary::Product(product.name_id.to_string()));
    }
    offers.push(Vary::OtherPrice);
    if !present.addons.is_empty() {
        offers.push(Vary::NoAddons);
    }
    for addon in &config.addons {
        if !present.addons.contains(&addon.id) {
            offers.push(Vary::Addon(addon.id.clone()));
        }
    }
    offers
}

/// The products beside `present` that take the names as they are: of those that are offered, or else of the catalogue's current
/// ones.
#[must_use]
pub fn products<'a>(names: &NameList, present: &Product, offered: Option<&'a [Product]>) -> Vec<&'a Product> {
    let is_alike = |product: &Product| match (present.kind, product.kind) {
        (Kind::Unlisted, _) | (_, Kind::Unlisted) => true,
        (present, kind) => present == kind,
    };
    let is_current = |product: &Product| !product.legacy && product.eu_only == present.eu_only;
    let mut products = Vec::new();
    for product in offered.unwrap_or_else(|| catalogue()) {
        if product.name_id != present.name_id
            && is_alike(product)
            && (offered.is_some() || is_current(product))
            && product.takes_names() == (present.takes_names() && !names.is_empty())
            && check(names, product).is_fine()
        {
            products.push(product);
        }
    }
    products
}
