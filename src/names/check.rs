//! The rules of one product, applied to a list that was read before.

use std::net::Ipv4Addr;

use super::{Name, NameKind, NameList, NameProblem, tally};
use crate::products::{NamesRule, Product};

/// The most names on one order, wildcards included (page "Voucher price estimate": 0 to 250 of each, 250 in all).
pub const MAX_NAMES: usize = 250;

/// Domains that are set apart for use inside networks: RFC 6762, RFC 6761, ICANN's reservation of 2024. The documentation names
/// of RFC 6761 (`test`, `example`) pass on purpose: trials and sandboxes use them.
const INTERNAL: [&str; 3] = ["internal", "local", "localhost"];

/// What is wrong with a list as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListProblem {
    /// The product needs a name, and there is none, not even a bad one.
    NoNames,
    /// More names than one order takes.
    TooMany {
        /// Names given, each counted once.
        count: usize,
        /// Names possible.
        max: usize,
    },
    /// The product takes one name (with its free `www` twin).
    OnlyOne {
        /// Names given, free ones left out.
        count: usize,
    },
    /// The product is for wildcards, and none of the names is one.
    NeedsWildcard,
}

/// A name that cannot be sent, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused<'a> {
    /// The name.
    pub name: Name<'a>,
    /// What is wrong with it.
    pub problem: NameProblem,
}

/// A list seen with the rules of a product.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    list: &'a NameList,
    product: &'a Product,
}

/// Applies the rules of a product to a list. Nothing is computed until it is asked for.
///
/// ```
/// use certquote::{names::{NameProblem, check, parse}, products::Product};
///
/// let list = parse("example.com *.example.com mailserver", &|_| None);
/// let product = Product::find("ssl_ev_basic")?;
/// let refused: Vec<_> = check(&list, &product).refused().map(|refused| (refused.name.index, refused.problem)).collect();
/// assert_eq!(refused, [(1, NameProblem::WildcardNotAllowed), (2, NameProblem::SingleLabel)]);
/// # Ok::<(), certquote::products::BadProductId>(())
/// ```
#[must_use]
pub fn check<'a>(list: &'a NameList, product: &'a Product) -> Check<'a> {
    Check { list, product }
}

impl<'a> Check<'a> {
    /// The names that cannot be sent, in order; none for a product that takes no names.
    pub fn refused(self) -> impl Iterator<Item = Refused<'a>> {
        let names = self.product.takes_names().then(|| self.list.iter());
        names
            .into_iter()
            .flatten()
            .filter_map(move |name| problem(&name, self.product).map(|problem| Refused { name, problem }))
    }

    /// What is wrong with the list as a whole.
    #[must_use]
    pub fn list_problem(self) -> Option<ListProblem> {
        let rule = self.product.names;
        match rule {
            NamesRule::None => return None,
            NamesRule::Optional => {}
            NamesRule::One | NamesRule::Many | NamesRule::WithWildcard if self.list.is_empty() => {
                return Some(ListProblem::NoNames);
            }
            NamesRule::One | NamesRule::Many | NamesRule::WithWildcard => {}
        }
        let count = self.sendable().count();
        if count > MAX_NAMES {
            return Some(ListProblem::TooMany { count, max: MAX_NAMES });
        }
        if rule == NamesRule::One && count > 1 {
            let counted = tally(self.list).counted();
            return (counted > 1).then_some(ListProblem::OnlyOne { count: counted });
        }
        let lacks_wildcard = rule == NamesRule::WithWildcard
            && count > 0
            && self.sendable().all(|name| name.kind != NameKind::Wildcard);
        lacks_wildcard.then_some(ListProblem::NeedsWildcard)
    }

    /// Whether the list can be sent as it is.
    #[must_use]
    pub fn is_fine(self) -> bool {
        self.list_problem().is_none() && self.refused().next().is_none()
    }

    /// The names as they are sent: in order, each once, refused ones left out; empty for a product that takes none.
    #[must_use]
    pub fn names_to_send(self) -> Vec<String> {
        self.sendable().map(|name| name.name.to_owned()).collect()
    }

    fn sendable(self) -> impl Iterator<Item = Name<'a>> {
        let names = self.product.takes_names().then(|| self.list.accepted());
        names.into_iter().flatten().filter(move |name| problem(name, self.product).is_none())
    }
}

/// What is wrong with a name by the rules of a product, or whatever the product.
pub(super) fn problem(name: &Name<'_>, product: &Product) -> Option<NameProblem> {
    if let Some(problem) = name.problem {
        return Some(problem.clone());
    }
    if name.duplicate_of.is_some() {
        return None;
    }
    match name.kind {
        NameKind::Ipv4 if !product.ipv4 => Some(NameProblem::IpNotAllowed),
        NameKind::Wildcard if !product.wildcards => Some(NameProblem::WildcardNotAllowed),
        _ if product.private_names => None,
        NameKind::Ipv4 => is_private(name.name).then_some(NameProblem::PrivateIpv4),
        NameKind::Fqdn | NameKind::Wildcard => public_problem(name.name),
    }
}

fn public_problem(name: &str) -> Option<NameProblem> {
    let Some((_, tld)) = name.rsplit_once('.') else { return Some(NameProblem::SingleLabel) };
    if let Some(&suffix) = INTERNAL.iter().find(|&&suffix| suffix == tld) {
        return Some(NameProblem::InternalName { suffix });
    }
    name.split('.')
        .find(|label| label.get(2..4) == Some("--") && !label.starts_with("xn"))
        .map(|label| NameProblem::ReservedLabel { label: label.to_owned() })
}

/// The ranges of IANA's special-purpose registry (RFC 6890) that are not global. The documentation ranges of RFC 5737 count as
/// public, as the documentation names do.
fn is_private(address: &str) -> bool {
    let Ok(address) = address.parse::<Ipv4Addr>() else { return false };
    let [first, second, third, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || first == 0
        || first >= 224
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second))
}
