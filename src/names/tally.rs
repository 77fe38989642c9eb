//! How many names of which sort DigiCert would count for the price.
//!
//! By its page on flex certificates and its change log of 2021-08-23 a listed name is free beside another listed one:
//! `www.x` beside `x` (either pays for both), `x` beside `*.x`, and every name on the level of a wildcard beside it
//! (`a.x`, not `a.b.x`, beside `*.x`). A name that is free itself makes no other free. The figures are for
//! comparison with the units of the API's answer; no price is made from them.

use certquote_core::index::{Index, hash};

use super::check::problem;
use super::{Name, NameKind, NameList};
use crate::products::Product;

/// A name that costs nothing beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeName<'a> {
    /// The free name.
    pub name: &'a str,
    /// The name that pays for it.
    pub free_with: &'a str,
}

/// A list, counted. Every name is in exactly one of the six groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally<'a> {
    /// Names that count, without wildcards and addresses.
    pub fqdns: usize,
    /// Wildcards.
    pub wildcards: usize,
    /// IPv4 addresses.
    pub ips: usize,
    /// Names that cost nothing, in order.
    pub free: Vec<FreeName<'a>>,
    /// Names that repeat an earlier one.
    pub duplicates: usize,
    /// Names with a problem.
    pub refused: usize,
}

impl Tally<'_> {
    /// Names that count for the price.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.fqdns + self.wildcards + self.ips
    }
}

/// Counts the names of a list.
///
/// ```
/// use certquote::names::{parse, tally};
///
/// let list = parse("example.com www.example.com *.example.org a.example.org a.b.example.org", &|_| None);
/// let tally = tally(&list);
/// assert_eq!((tally.fqdns, tally.wildcards, tally.free.len()), (2, 1, 2));
/// assert_eq!((tally.free[0].name, tally.free[0].free_with), ("www.example.com", "example.com"));
/// ```
#[must_use]
pub fn tally(list: &NameList) -> Tally<'_> {
    count(list, &|_| true)
}

/// The same with the rules of a product: a name that it refuses counts as refused and makes no other free.
#[must_use]
pub fn tally_for<'a>(list: &'a NameList, product: &Product) -> Tally<'a> {
    count(list, &|name| problem(name, product).is_none())
}

fn count<'a>(list: &'a NameList, counts: &dyn Fn(&Name<'a>) -> bool) -> Tally<'a> {
    let mut tally = Tally::default();
    let listed = Listed::new(list, counts);
    for name in list.iter() {
        if name.problem.is_some() || !counts(&name) {
            tally.refused += 1;
        } else if name.duplicate_of.is_some() {
            tally.duplicates += 1;
        } else {
            match name.kind {
                NameKind::Ipv4 => tally.ips += 1,
                NameKind::Wildcard => tally.wildcards += 1,
                NameKind::Fqdn => match listed.free_with(name.name) {
                    Some(free_with) => tally.free.push(FreeName { name: name.name, free_with }),
                    None => tally.fqdns += 1,
                },
            }
        }
    }
    tally
}

/// The names of a list, to be asked which of them makes another free.
pub(super) struct Listed<'a> {
    /// Places in `entries`, by the name itself, and for a wildcard by the domain under its star.
    by_domain: Index,
    entries: Vec<Entry<'a>>,
}

#[derive(Clone, Copy, Default)]
struct Entry<'a> {
    domain: &'a str,
    fqdn: Option<&'a str>,
    wildcard: Option<&'a str>,
}

impl<'a> Listed<'a> {
    /// The accepted names that count.
    pub(super) fn new(list: &'a NameList, counts: &dyn Fn(&Name<'a>) -> bool) -> Self {
        let mut listed = Self { by_domain: Index::default(), entries: Vec::new() };
        for Name { name, kind, .. } in list.accepted().filter(counts) {
            let wildcard = name.strip_prefix("*.").filter(|_| kind == NameKind::Wildcard);
            let domain = wildcard.unwrap_or(name);
            let place = listed.place(domain).unwrap_or_else(|| {
                let place = listed.entries.len();
                listed.by_domain.add(hash(&[domain]), u32::try_from(place).unwrap_or(u32::MAX));
                listed.entries.push(Entry { domain, ..Entry::default() });
                place
            });
            if let Some(entry) = listed.entries.get_mut(place) {
                if wildcard.is_some() { entry.wildcard = Some(name) } else { entry.fqdn = Some(name) }
            }
        }
        listed
    }

    fn place(&self, domain: &str) -> Option<usize> {
        let at = |number| self.entries.get(usize::try_from(number).ok()?);
        let is = |number| at(number).is_some_and(|entry| entry.domain == domain);
        usize::try_from(self.by_domain.find(hash(&[domain]), &is)?).ok()
    }

    fn entry(&self, domain: &str) -> Option<&Entry<'a>> {
        self.entries.get(self.place(domain)?)
    }

    /// The listed name that makes this one free. Of `www.www.x`, `www.x` and `x`, the one in the middle is.
    pub(super) fn free_with(&self, name: &str) -> Option<&'a str> {
        self.wildcard_over(name).or_else(|| {
            let base = self.entry(name.strip_prefix("www.")?)?.fqdn?;
            self.free_with(base).is_none().then_some(base)
        })
    }

    fn wildcard_over(&self, name: &str) -> Option<&'a str> {
        let over = |domain: &str| self.entry(domain)?.wildcard;
        over(name).or_else(|| name.split_once('.').and_then(|(_, parent)| over(parent)))
    }
}
