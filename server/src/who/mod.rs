//! Who may ask, and for what.
//!
//! Before an upstream is asked, [`Who`] finds out who is asking ([`header`]: the portal's own sign-on in front says so;
//! [`jwt`]: a token does, checked against [`jwks`]) and whether the [`access`] rules let them read it. Each quote and each read
//! leaves a line in the [`audit`].

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};

use crate::operate::{Component, Operate};
use crate::origin::{host_of, single};
use crate::route::Endpoint;
use crate::shape::Problem;

pub mod access;
pub mod audit;
pub mod flags;
pub mod header;
pub mod jwks;
pub mod jwt;
pub mod order;
mod ring;

pub use access::Access;
pub use audit::Audit;
pub use flags::{WhoArgs, WhoError};

/// The longest name of a user or a group, in bytes.
const LONGEST_NAME: usize = 256;

/// The machine at the other end of a connection: an extension of each request that came over one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// The peer of a connection; an IPv4 address in the dress of an IPv6 one is taken for what it is.
    #[must_use]
    pub fn of(address: SocketAddr) -> Self {
        Self(address.ip().to_canonical())
    }
}

/// An asker who is known, or anonymous where nobody needs to say who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    user: Option<Arc<str>>,
    groups: Vec<Arc<str>>,
    scope: Arc<str>,
}

impl Asker {
    /// Anybody.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { user: None, groups: Vec::new(), scope: Arc::from("") }
    }

    /// A user with the groups they belong to; `None` where a name is empty, too long, or holds what a line of a log cannot.
    #[must_use]
    pub fn known(user: &str, groups: &[&str]) -> Option<Self> {
        let name = |text: &str| is_name(text).then(|| Arc::<str>::from(text));
        let user = name(user)?;
        let groups = groups.iter().map(|group| name(group)).collect::<Option<_>>()?;
        Some(Self { scope: Arc::clone(&user), user: Some(user), groups })
    }

    /// The user's name; `None` for the anonymous.
    #[must_use]
    pub fn user(&self) -> Option<&Arc<str>> {
        self.user.as_ref()
    }

    /// The groups they belong to.
    #[must_use]
    pub fn groups(&self) -> &[Arc<str>] {
        &self.groups
    }

    /// Answers may be shared between askers of the same scope and no others. It is the user's name; `""` for the anonymous,
    /// which no user is called.
    #[must_use]
    pub fn scope(&self) -> Arc<str> {
        Arc::clone(&self.scope)
    }
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len())
        && text.trim() == text
        && !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// How askers say who they are.
#[derive(Debug, Default)]
pub enum Auth {
    /// They do not.
    #[default]
    None,
    /// A proxy in front says it in a header.
    Header(header::Sso),
    /// They show a token.
    Jwt(jwt::Tokens),
}

/// Who may ask, and for what.
#[derive(Debug, Default)]
pub struct Who {
    /// How askers say who they are.
    pub auth: Auth,
    /// What each may read; everything without it.
    pub access: Option<Arc<Access>>,
    /// The record of who read what.
    pub audit: Audit,
    /// The names that the API answers to, lower-case and without a port; any, where there are none.
    pub hosts: Vec<String>,
}

impl Who {
    /// Finds out who asks.
    ///
    /// # Errors
    /// [`Problem`] where they do not say it, or cannot be believed.
    pub async fn identify(&self, peer: Option<Peer>, headers: &HeaderMap) -> Result<Asker, Problem> {
        match &self.auth {
            Auth::None => Ok(Asker::anonymous()),
            Auth::Header(sso) => sso.identify(peer, headers),
            Auth::Jwt(tokens) => tokens.identify(headers).await,
        }
    }

    /// Has `/readyz` tell whether askers can be known.
    pub fn report(&self, operate: &Operate) {
        if let Auth::Jwt(tokens) = &self.auth {
            let keys = Arc::clone(&tokens.keys);
            operate.watch(move || Component { name: "tokens", condition: keys.condition() });
        }
    }

    /// Whether they may read what they ask for. `query` holds the documented parameters, all that will go upstream.
    ///
    /// # Errors
    /// [`Problem::NotPermitted`] where no rule grants it.
    pub fn permit(
        &self,
        asker: &Asker,
        endpoint: &Endpoint,
        query: &[(String, String)],
    ) -> Result<(), Problem> {
        match &self.access {
            Some(access) if !access.permits(asker, endpoint, query) => Err(Problem::NotPermitted),
            _ => Ok(()),
        }
    }

    /// Whether they may have this order priced. One that names a container is for those who may read all of them: what it
    /// means there is documented nowhere.
    ///
    /// # Errors
    /// [`Problem::NotPermitted`] where no rule grants it.
    pub fn permit_order(&self, asker: &Asker, body: &[u8]) -> Result<(), Problem> {
        let any = [("container_id".to_owned(), String::new())];
        match self.permit(asker, &Endpoint::Balance, &any) {
            Err(problem) if order::names_container(body) => Err(problem),
            _ => Ok(()),
        }
    }

    /// Whether they may see the account's balance, which an estimate tells along.
    #[must_use]
    pub fn sees_balance(&self, asker: &Asker) -> bool {
        self.permit(asker, &Endpoint::Balance, &[]).is_ok()
    }

    /// Whether the request is for a name that the API answers to: a page whose own name was made to point here asks for
    /// another one.
    #[must_use]
    pub fn answers_to(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let host = || match uri.authority() {
            Some(authority) => host_of(authority.as_str()),
            None => single(headers, HOST).and_then(|host| host_of(host.to_str().ok()?)),
        };
        self.hosts.is_empty() || host().is_some_and(|host| self.hosts.contains(&host))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_not_endless() {
        for name in ["alice", "Alice Example", "CN=alice,OU=people", "ä@example.com", "\"; rm -rf /"] {
            assert!(Asker::known(name, &[]).is_some(), "{name:?}");
        }
        for name in ["", " ", " a", "a ", "a\nb", "a\rb", "a\0", "a\u{1b}[0m", "a\u{85}b", "a\u{2028}b"] {
            assert_eq!(Asker::known(name, &[]), None, "{name:?}");
            assert_eq!(Asker::known("alice", &[name]), None, "{name:?}");
        }
        assert_eq!(Asker::known(&"a".repeat(257), &[]), None);
    }

    #[test]
    fn no_two_users_share_a_scope_and_the_anonymous_have_their_own() {
        let scope = |user| Asker::known(user, &["staff"]).unwrap().scope();
        assert_ne!(scope("alice"), scope("Alice"));
        assert_eq!(scope("alice"), Asker::known("alice", &[]).unwrap().scope());
        assert_eq!(&*Asker::anonymous().scope(), "");
    }

    #[test]
    fn an_ipv4_peer_in_the_dress_of_ipv6_is_taken_for_what_it_is() {
        let peer = |text: &str| Peer::of(text.parse().unwrap()).0.to_string();
        assert_eq!(peer("[::ffff:10.1.2.3]:80"), "10.1.2.3");
        assert_eq!(peer("[2001:db8::1]:80"), "2001:db8::1");
    }

    #[test]
    fn the_api_answers_to_the_names_given_on_any_port() {
        let who = Who { hosts: vec!["q.example".into(), "[::1]".into()], ..Who::default() };
        let answers = |hosts: &[&str], uri: &'static str| {
            let headers = hosts.iter().map(|host| (HOST, host.parse().unwrap())).collect();
            who.answers_to(&Uri::from_static(uri), &headers)
        };
        for host in ["q.example", "Q.Example:8443", "[::1]:8080"] {
            assert!(answers(&[host], "/"), "{host}");
        }
        for host in ["", "evil.example", "q.example.evil", "127.0.0.1", "q.example@evil.example", "x:y"] {
            assert!(!answers(&[host], "/"), "{host}");
        }
        assert!(!answers(&[], "/") && !answers(&["q.example", "q.example"], "/"));
        assert!(answers(&["evil.example"], "http://q.example/"));
        assert!(!answers(&["q.example"], "http://evil.example/"));
        assert!(Who::default().answers_to(&Uri::from_static("/"), &HeaderMap::new()));
    }
}
