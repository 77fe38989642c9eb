//! What could be said of the names of an order by somebody who knows how they are covered and counted.
//!
//! Advice only: nothing changes until somebody applies it, and each piece comes with the reason for leaving things as they
//! are. Nothing here knows a price. What a change costs or saves is asked: the draft of [`Advice::apply`] is estimated, and
//! [`difference::of_totals`](crate::difference::of_totals) compares the two quotes.

use crate::draft::Draft;
use crate::names::{Group, MAX_NAMES, NameKind, chips, from_list};
use crate::products::{Kind, NamesRule, Product};
use crate::words::AdviceWords;

/// From so many hosts of one domain on, a wildcard is worth asking for.
pub const MIN_HOSTS: usize = 4;

/// What a piece of advice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The names, with `www` where the listed ones have none and without where they have it, are free when listed.
    Twins,
    /// The domain of a listed wildcard is not covered by it, and free beside it when listed.
    Apex,
    /// The names are covered by a listed wildcard.
    Covered,
    /// One wildcard would cover the names.
    OneWildcard,
    /// The names are too deep for a listed wildcard, so they count. There is nothing to apply.
    Deeper,
}

/// A piece of advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What it is about.
    pub topic: Topic,
    /// The names concerned, in the order of the draft.
    pub names: Vec<String>,
    /// The wildcard, listed or advised; none for twins.
    pub wildcard: Option<String>,
    /// The names that go if it is applied.
    pub remove: Vec<String>,
    /// The names that come if it is applied.
    pub add: Vec<String>,
}

impl Advice {
    /// Whether there is something to apply.
    #[must_use]
    pub fn changes(&self) -> bool {
        !(self.remove.is_empty() && self.add.is_empty())
    }

    /// The draft with the advice applied; the first of the new names takes the place of the first old one, which may be the
    /// common name. For the text of the names box, see [`edited`](crate::names::edited).
    #[must_use]
    pub fn apply(&self, draft: &Draft) -> Draft {
        let mut draft = draft.clone();
        let names = &mut draft.dns_names;
        let place = names.iter().position(|name| self.remove.contains(name)).unwrap_or(names.len());
        names.retain(|name| !self.remove.contains(name));
        for name in self.add.iter().rev() {
            if !names.contains(name) {
                names.insert(place, name.clone());
            }
        }
        draft
    }

    /// What it says, and why one may still leave the names as they are: templates with `{names}`, `{wildcard}` and `{count}`.
    #[must_use]
    pub fn words(&self, words: &AdviceWords) -> [&'static str; 2] {
        match self.topic {
            Topic::Twins => [words.twins, words.keep_twins],
            Topic::Apex => [words.apex, words.keep_apex],
            Topic::Covered => [words.covered, words.keep_covered],
            Topic::OneWildcard => [words.one_wildcard, words.keep_one_wildcard],
            Topic::Deeper => [words.deeper, words.keep_deeper],
        }
    }
}

/// The advice on the names of a draft that can be sent, the surest first. None for products whose way of counting is not
/// published, and none beyond the [`MAX_NAMES`] that an order takes.
///
/// ```
/// use certquote::advice::{Topic, advise};
/// use certquote::draft::Draft;
/// use certquote::products::Product;
///
/// let dns_names = ["a", "b", "c", "d"].map(|host| [host, ".example.com"].concat()).to_vec();
/// let draft = Draft { dns_names, product_name_id: "ssl_basic".to_owned(), ..Draft::default() };
/// let advice = advise(&draft, &Product::find("ssl_basic")?);
/// assert_eq!(advice[0].topic, Topic::OneWildcard);
/// assert_eq!(advice[0].apply(&draft).dns_names, ["*.example.com"]);
/// # Ok::<(), certquote::products::BadProductId>(())
/// ```
#[must_use]
pub fn advise(draft: &Draft, product: &Product) -> Vec<Advice> {
    let counts_are_known = matches!(product.kind, Kind::Tls | Kind::PrivateTls);
    let list = from_list(&draft.dns_names, &|_| None);
    if !counts_are_known || product.names == NamesRule::None || list.len() > MAX_NAMES {
        return Vec::new();
    }
    let chips = chips(&list, product);
    let mut hosts = Vec::new();
    let mut domains = Vec::new();
    for chip in &chips {
        match (chip.group, chip.name.kind) {
            (Group::Fqdn | Group::Free, NameKind::Fqdn) => {
                hosts.push(Host { name: chip.name.name, counts: chip.group == Group::Fqdn });
            }
            (Group::Wildcard, _) => domains.extend(chip.name.name.strip_prefix("*.")),
            _ => {}
        }
    }
    let names = Names { hosts, domains };
    let mut advice = Vec::new();
    names.apexes(&mut advice);
    names.twins(&mut advice);
    // Each of them may be applied alone; together with what is listed none may be too many.
    advice.retain(|advice| list.accepted().count() + advice.add.len() <= MAX_NAMES);
    names.covered(&mut advice);
    if product.wildcards {
        names.one_wildcard(&mut advice);
    }
    names.deeper(&mut advice);
    advice
}

#[derive(Clone, Copy)]
struct Host<'a> {
    name: &'a str,
    counts: bool,
}

/// The names of a draft that can be sent.
struct Names<'a> {
    hosts: Vec<Host<'a>>,
    /// What stands behind the stars of the wildcards.
    domains: Vec<&'a str>,
}

impl Names<'_> {
    fn has(&self, name: &str) -> bool {
        self.hosts.iter().any(|host| host.name == name)
    }

    fn apexes(&self, advice: &mut Vec<Advice>) {
        for domain in self.domains.iter().filter(|domain| !self.has(domain)) {
            tell(advice, Topic::Apex, vec![(*domain).to_owned()], domain);
        }
    }

    fn twins(&self, advice: &mut Vec<Advice>) {
        let mut twins = Vec::new();
        for host in self.hosts.iter().filter(|host| host.counts) {
            let twin = match host.name.strip_prefix("www.") {
                // Beside its base this one would be free itself, and would pay no longer for its own twin.
                Some(_) if self.has(&["www.", host.name].concat()) => continue,
                Some(base) if base.contains('.') => base.to_owned(),
                None if is_shared(parent(host.name)) => ["www.", host.name].concat(),
                _ => continue,
            };
            let is_free_anyway = self.domains.contains(&twin.as_str());
            if !is_free_anyway && !self.has(&twin) && !twins.contains(&twin) {
                twins.push(twin);
            }
        }
        tell(advice, Topic::Twins, twins, "");
    }

    fn covered(&self, advice: &mut Vec<Advice>) {
        for domain in &self.domains {
            tell(advice, Topic::Covered, self.hosts_of(domain, false), domain);
        }
    }

    fn one_wildcard(&self, advice: &mut Vec<Advice>) {
        let mut seen = Vec::new();
        for host in &self.hosts {
            let domain = parent(host.name);
            if is_shared(domain) || self.domains.contains(&domain) || seen.contains(&domain) {
                continue;
            }
            seen.push(domain);
            let mut saved = self.hosts_of(domain, true);
            // Without it, a name that is free beside it would be paid for in its place.
            saved.retain(|host| !self.has(&["www.", host].concat()));
            if saved.len() >= MIN_HOSTS {
                tell(advice, Topic::OneWildcard, self.hosts_of(domain, false), domain);
            }
        }
    }

    fn deeper(&self, advice: &mut Vec<Advice>) {
        for domain in &self.domains {
            let mut names = Vec::new();
            for host in self.hosts.iter().filter(|host| host.counts) {
                let is_below = parent(host.name).strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
                if is_below {
                    names.push(host.name.to_owned());
                }
            }
            tell(advice, Topic::Deeper, names, domain);
        }
    }

    /// The hosts directly below a domain, or only those that count.
    fn hosts_of(&self, domain: &str, counting: bool) -> Vec<String> {
        let hosts =
            self.hosts.iter().filter(|host| parent(host.name) == domain && (host.counts || !counting));
        hosts.map(|host| host.name.to_owned()).collect()
    }
}

/// Adds a piece of advice, unless it concerns no name.
fn tell(advice: &mut Vec<Advice>, topic: Topic, names: Vec<String>, domain: &str) {
    if names.is_empty() {
        return;
    }
    let wildcard = (topic != Topic::Twins).then(|| ["*.", domain].concat());
    let (mut remove, mut add) = (Vec::new(), Vec::new());
    match topic {
        Topic::Twins | Topic::Apex => add.clone_from(&names),
        Topic::Covered => remove.clone_from(&names),
        Topic::OneWildcard => {
            remove.clone_from(&names);
            add.extend(wildcard.clone());
        }
        Topic::Deeper => {}
    }
    advice.push(Advice { topic, names, wildcard, remove, add });
}

fn parent(name: &str) -> &str {
    name.split_once('.').map_or("", |(_, parent)| parent)
}

/// Whether names below a domain belong to different owners: `com`, `co.uk`. The whole list of such suffixes is larger than
/// everything else here; a wildcard below one that is not recognised is refused by the CA.
fn is_shared(domain: &str) -> bool {
    match domain.split_once('.') {
        None => true,
        Some((label, country)) => {
            country.len() == 2
                && (label.len() <= 2
                    || matches!(label, "com" | "net" | "org" | "edu" | "gov" | "mil" | "gob" | "nom"))
        }
    }
}
