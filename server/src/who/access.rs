//! The access rules: which containers, subaccounts and Frontier accounts a user or a group may read, and whether they may
//! price orders. Rules only grant; what none grants is refused.
//!
//! ```toml
//! [everyone]                           # whoever has said who they are, and the anonymous under `--auth none`
//! quote = true
//!
//! [users."alice@example.com"]
//! containers = ["none", "123"]         # "none": the account as a whole, asked for without a container_id
//!
//! [groups.finance]
//! containers = ["none", "*"]           # "*": any one container
//! subaccounts = ["42"]
//! frontier = ["0b0c0d0e-0000-4000-8000-00000000000a/*"]   # organisation/billing account
//! ```

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;

use super::Asker;
use crate::query;
use crate::route::{Endpoint, is_uuid};

/// The rules in use.
#[derive(Debug)]
pub struct Access(RwLock<Arc<Rules>>);

/// A file of rules.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    everyone: Grant,
    users: HashMap<String, Grant>,
    groups: HashMap<String, Grant>,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Grant {
    containers: Vec<Container>,
    subaccounts: Vec<Subaccount>,
    frontier: Vec<Account>,
    quote: bool,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
enum Container {
    /// Any that is named.
    Any,
    /// No container: the account as a whole.
    None,
    One(String),
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
enum Subaccount {
    Any,
    One(String),
}

/// A billing account of Frontier's: organisation and id, in lower case; `None` for any.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Account {
    org: Option<String>,
    billing: Option<String>,
}

impl TryFrom<String> for Container {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "*" => Ok(Self::Any),
            "none" => Ok(Self::None),
            id if is_id(id) => Ok(Self::One(text)),
            _ => Err(format!("{text:?} is no container: write its number, \"none\" or \"*\"")),
        }
    }
}

impl TryFrom<String> for Subaccount {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "*" => Ok(Self::Any),
            id if is_id(id) => Ok(Self::One(text)),
            _ => Err(format!("{text:?} is no subaccount: write its number or \"*\"")),
        }
    }
}

impl TryFrom<String> for Account {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let id = |text: &str| is_uuid(text).then(|| text.to_ascii_lowercase());
        let wrong = || {
            format!(
                "{text:?} is no account of Frontier's: write ORG/BILLING with their UUIDs, \"ORG/*\" or \"*\""
            )
        };
        match text.split_once('/') {
            None if text == "*" => Ok(Self { org: None, billing: None }),
            Some((org, "*")) => Ok(Self { org: Some(id(org).ok_or_else(wrong)?), billing: None }),
            Some((org, billing)) => Ok(Self {
                org: Some(id(org).ok_or_else(wrong)?),
                billing: Some(id(billing).ok_or_else(wrong)?),
            }),
            None => Err(wrong()),
        }
    }
}

/// A number as an API writes it: without a sign and without leading zeros, so that one id has one form.
fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Rules {
    /// Reads a file of rules.
    ///
    /// # Errors
    /// What is wrong with it, with the line.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is no UTF-8".to_owned())?;
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())
    }

    fn of<'a>(&'a self, asker: &'a Asker) -> impl Iterator<Item = &'a Grant> + Clone {
        let user = asker.user().and_then(|user| self.users.get(&**user));
        let groups = asker.groups().iter().filter_map(|group| self.groups.get(&**group));
        std::iter::once(&self.everyone).chain(user).chain(groups)
    }

    fn permits(&self, asker: &Asker, endpoint: &Endpoint, query: &[(String, String)]) -> bool {
        let grants = || self.of(asker);
        match endpoint {
            Endpoint::OrderPricing => grants().any(|grant| grant.quote),
            Endpoint::SubaccountBalance { id } => {
                grants().flat_map(|grant| &grant.subaccounts).any(|granted| match granted {
                    Subaccount::Any => true,
                    Subaccount::One(one) => one == id,
                })
            }
            Endpoint::FrontierBalance { org_id, id } => {
                let is = |granted: &Option<String>, asked: &str| {
                    granted.as_ref().is_none_or(|granted| granted.eq_ignore_ascii_case(asked))
                };
                grants()
                    .flat_map(|grant| &grant.frontier)
                    .any(|granted| is(&granted.org, org_id) && is(&granted.billing, id))
            }
            Endpoint::Balance | Endpoint::History => {
                let granted = |asked: &dyn Fn(&Container) -> bool| {
                    grants().flat_map(|grant| &grant.containers).any(asked)
                };
                let (any, whole) =
                    (granted(&|one| *one == Container::Any), granted(&|one| *one == Container::None));
                // Without a container_id the answer is about the whole account. A filter may be understood otherwise than
                // it is here, so it never narrows what is asked for.
                let scoped = query.iter().any(|(name, _)| name == "container_id");
                (scoped || whole)
                    && containers(query).all(|id| {
                        // Empty, `0`, `>5`, `1,2`: whatever an API takes it for, those who may read all may ask.
                        if is_id(id) {
                            any || granted(&|one| matches!(one, Container::One(one) if one == id))
                        } else {
                            any && whole
                        }
                    })
            }
        }
    }
}

/// Every value that names containers, as it was given.
pub(super) fn containers(query: &[(String, String)]) -> impl Iterator<Item = &str> {
    query
        .iter()
        .filter(|(name, _)| name == "container_id" || query::filter(name) == Some("container_id"))
        .map(|(_, value)| value.as_str())
}

impl Access {
    /// These rules, until they are [replaced](Self::replace).
    #[must_use]
    pub fn new(rules: Rules) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(rules))))
    }

    /// Puts other rules to use, from the next request on.
    pub fn replace(&self, rules: Rules) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// Whether some rule grants the request.
    #[must_use]
    pub fn permits(&self, asker: &Asker, endpoint: &Endpoint, query: &[(String, String)]) -> bool {
        let rules = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        rules.permits(asker, endpoint, query)
    }
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
