//! Which other orders a buyer may want beside the present one: other lengths, products, prices and add-ons, each with each.

use crate::date::Date;
use crate::draft::{Draft, OrderValidity};
use crate::names::{NameList, check};
use crate::products::{Kind, Product, catalogue};
use crate::validity::check_order;

/// What is to be varied; the present order is always among what it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Lengths in years.
    pub years: Vec<u32>,
    /// Ids of products.
    pub products: Vec<String>,
    /// The list price where the present order has the contract price, and the other way round.
    pub other_price: bool,
    /// Without the add-ons of the present order.
    pub without_addons: bool,
    /// Ids of add-ons that it has not.
    pub addons: Vec<String>,
}

impl Default for Choice {
    /// Other lengths only, as far as most products are sold.
    fn default() -> Self {
        Self {
            years: vec![1, 2, 3],
            products: Vec::new(),
            other_price: false,
            without_addons: false,
            addons: Vec::new(),
        }
    }
}

impl Choice {
    /// The orders: by product, then by length. Those that the product does not allow are left out.
    ///
    /// ```
    /// use certquote::draft::{Draft, OrderValidity};
    /// use certquote::variants::Choice;
    ///
    /// let present = Draft { product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
    /// let lengths: Vec<_> =
    ///     Choice::default().drafts(&present, "2026-11-21".parse()?).iter().map(|draft| draft.order_validity).collect();
    /// assert_eq!(lengths, [1, 2, 3].map(OrderValidity::Years));
    /// # Ok::<(), certquote::date::DateError>(())
    /// ```
    #[must_use]
    pub fn drafts(&self, present: &Draft, today: Date) -> Vec<Draft> {
        let mut lengths = vec![present.order_validity];
        for years in &self.years {
            push(&mut lengths, OrderValidity::Years(*years));
        }
        let mut products = vec![&present.product_name_id];
        for product in &self.products {
            push(&mut products, product);
        }
        let mut prices = vec![present.is_out_of_contract];
        if self.other_price {
            prices.push(Some(present.is_out_of_contract != Some(true)));
        }
        let mut addons = vec![present.addons.clone()];
        if self.without_addons {
            push(&mut addons, Vec::new());
        }
        for addon in &self.addons {
            if !present.addons.contains(addon) {
                addons.push([present.addons.as_slice(), std::slice::from_ref(addon)].concat());
            }
        }
        let mut drafts = vec![present.clone()];
        for id in products {
            let product = Product::find(id).unwrap_or_default();
            for order_validity in &lengths {
                if check_order(order_validity, &product, today).is_err() {
                    continue;
                }
                for is_out_of_contract in &prices {
                    for addons in &addons {
                        let draft = Draft {
                            product_name_id: id.clone(),
                            order_validity: *order_validity,
                            is_out_of_contract: *is_out_of_contract,
                            addons: addons.clone(),
                            ..present.clone()
                        };
                        push(&mut drafts, draft);
                    }
                }
            }
        }
        drafts
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
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
