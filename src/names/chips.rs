//! The names one by one, each with what it costs: what a list of chips shows.

use super::check::problem;
use super::tally::Listed;
use super::{Name, NameKind, NameList, NameProblem};
use crate::products::Product;

/// What a name costs, as far as that can be said without a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// It counts as a name.
    Fqdn,
    /// It counts as a wildcard.
    Wildcard,
    /// It counts, and is an IPv4 address.
    Ip,
    /// It costs nothing beside another.
    Free,
    /// It repeats an earlier one and is sent once.
    Duplicate,
    /// It cannot be sent.
    Refused,
}

/// One name of a list, to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip<'a> {
    /// The name: as typed, as it is sent, and the place that [`without`](super::without) takes.
    pub name: Name<'a>,
    /// What it costs.
    pub group: Group,
    /// Beside which name it costs nothing.
    pub free_with: Option<&'a str>,
    /// Why it cannot be sent.
    pub problem: Option<NameProblem>,
}

/// Every name of a list, in order, seen with the rules of a product. A name that the product refuses makes no other free.
///
/// ```
/// use certquote::names::{Group, chips, parse};
/// use certquote::products::Product;
///
/// let list = parse("example.com, www.example.com, EXAMPLE.com, *.example.org", &|_| None);
/// let groups: Vec<_> = chips(&list, &Product::find("ssl_ev_basic")?).into_iter().map(|chip| chip.group).collect();
/// assert_eq!(groups, [Group::Fqdn, Group::Free, Group::Duplicate, Group::Refused]);
/// # Ok::<(), certquote::products::BadProductId>(())
/// ```
#[must_use]
pub fn chips<'a>(list: &'a NameList, product: &Product) -> Vec<Chip<'a>> {
    let refused = |name: &Name<'_>| match product.takes_names() {
        true => problem(name, product),
        false => name.problem.cloned(),
    };
    let listed = Listed::new(list, &|name| refused(name).is_none());
    let mut chips = Vec::with_capacity(list.len());
    for name in list.iter() {
        let problem = refused(&name);
        let mut free_with = None;
        let group = if problem.is_some() {
            Group::Refused
        } else if name.duplicate_of.is_some() {
            Group::Duplicate
        } else {
            match name.kind {
                NameKind::Ipv4 => Group::Ip,
                NameKind::Wildcard => Group::Wildcard,
                NameKind::Fqdn => {
                    free_with = listed.free_with(name.name);
                    if free_with.is_some() { Group::Free } else { Group::Fqdn }
                }
            }
        };
        chips.push(Chip { name, group, free_with, problem });
    }
    chips
}
