//! A proxy in front has signed the user on and says who it is in a header. It counts only from the proxy itself: anyone who
//! reaches this server past it could say anything.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::{IpNet, Ipv4Net};

use super::{Asker, Peer};
use crate::origin::single;
use crate::shape::Problem;

/// The networks that a trusted proxy asks from.
#[derive(Clone, Debug, Default)]
pub struct Networks(Vec<IpNet>);

/// One network as it is written: `10.0.0.0/8`, `fd00::/8`, or one address.
///
/// # Errors
/// `None` for anything else.
#[must_use]
pub fn network(text: &str) -> Option<IpNet> {
    let network = match IpNet::from_str(text) {
        Ok(network) => network,
        Err(_) => IpNet::from(IpAddr::from_str(text).ok()?),
    };
    // Peers are taken for IPv4 where they are, so networks are too.
    match network {
        IpNet::V6(v6) => match (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) {
            (Some(v4), Some(length)) => Ipv4Net::new(v4, length).ok().map(IpNet::V4),
            _ => Some(network),
        },
        IpNet::V4(_) => Some(network),
    }
}

impl Networks {
    /// Exactly these.
    #[must_use]
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Whether an address lies in one of them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The headers, and whom to believe.
#[derive(Debug)]
pub struct Sso {
    /// Holds the user's name.
    pub user: HeaderName,
    /// Holds their groups, separated by commas.
    pub groups: Option<HeaderName>,
    /// Where the proxy asks from.
    pub trusted: Networks,
}

impl Sso {
    /// Takes the proxy's word.
    ///
    /// # Errors
    /// [`Problem::UntrustedPeer`] for a request that did not come through the proxy, [`Problem::Unauthenticated`] where the
    /// header is missing, doubled, or no name.
    pub fn identify(&self, peer: Option<Peer>, headers: &HeaderMap) -> Result<Asker, Problem> {
        if !peer.is_some_and(|peer| self.trusted.contain(peer.0)) {
            return Err(Problem::UntrustedPeer);
        }
        let unknown = Problem::Unauthenticated { challenge: None };
        let user = single(headers, self.user.clone()).and_then(text).ok_or(unknown.clone())?;
        let groups = match &self.groups {
            Some(name) if headers.contains_key(name) => {
                single(headers, name.clone()).and_then(text).ok_or(unknown.clone())?
            }
            _ => "",
        };
        let groups: Vec<&str> = groups.split(',').map(str::trim).filter(|group| !group.is_empty()).collect();
        Asker::known(user, &groups).ok_or(unknown)
    }
}

fn text(value: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(value.as_bytes()).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn sso(networks: &str) -> Sso {
        Sso {
            user: HeaderName::from_static("x-user"),
            groups: Some(HeaderName::from_static("x-groups")),
            trusted: Networks::new(networks.split(' ').map(|text| network(text).unwrap()).collect()),
        }
    }

    fn identified(peer: &str, pairs: &[(&str, &[u8])]) -> Result<(String, String), u16> {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_bytes(value).unwrap()))
            .collect();
        let peer = Peer(peer.parse().unwrap());
        sso("10.0.0.0/8 fd00::/8")
            .identify(Some(peer), &headers)
            .map(|asker| (asker.user().unwrap().to_string(), asker.groups().join("|")))
            .map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn networks_end_where_they_say() {
        for (networks, inside, outside) in [
            (
                "10.0.0.0/8",
                "10.0.0.0 10.255.255.255 ::ffff:10.1.1.1",
                "9.255.255.255 11.0.0.0 ::ffff:11.0.0.0",
            ),
            ("192.168.1.64/26", "192.168.1.64 192.168.1.127", "192.168.1.63 192.168.1.128"),
            ("192.168.1.70/26", "192.168.1.64 192.168.1.127", "192.168.1.63 192.168.1.128"),
            ("127.0.0.1", "127.0.0.1 ::ffff:127.0.0.1", "127.0.0.2 ::1 0.0.0.0"),
            ("127.0.0.1/32", "127.0.0.1", "127.0.0.0 127.0.0.2"),
            ("::1", "::1", "::2 127.0.0.1 ::ffff:127.0.0.1"),
            ("fd00::/8", "fd00:: fdff:ffff::1", "fc00::1 fe00:: 253.0.0.1"),
            ("::ffff:10.0.0.0/104", "10.9.9.9 ::ffff:10.9.9.9", "11.0.0.0"),
            ("0.0.0.0/0", "1.2.3.4 ::ffff:1.2.3.4", "::1 2001:db8::1"),
            ("::/0", "::1 2001:db8::1", "1.2.3.4"),
        ] {
            let trusted = sso(networks).trusted;
            for address in inside.split(' ') {
                assert!(trusted.contain(address.parse().unwrap()), "{address} in {networks}");
            }
            for address in outside.split(' ') {
                assert!(!trusted.contain(address.parse().unwrap()), "{address} not in {networks}");
            }
        }
        for text in
            ["", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "localhost", "*", "10.0.0.0/8,", "10.0.0.0/-1"]
        {
            assert_eq!(network(text), None, "{text}");
        }
    }

    #[test]
    fn the_proxys_word_counts() {
        assert_eq!(
            identified("10.1.2.3", &[("X-User", b"alice"), ("x-groups", b"staff, finance ,,")]),
            Ok(("alice".into(), "staff|finance".into()))
        );
        assert_eq!(identified("fd00::1", &[("x-user", "änne".as_bytes())]), Ok(("änne".into(), "".into())));
        assert_eq!(
            identified("10.1.2.3", &[("x-user", b"alice"), ("x-groups", b"")]),
            Ok(("alice".into(), "".into()))
        );
    }

    #[test]
    fn nobody_elses_does() {
        for peer in ["11.0.0.1", "127.0.0.1", "::1", "::ffff:9.1.1.1"] {
            assert_eq!(identified(peer, &[("x-user", b"alice")]), Err(403), "{peer}");
            let forwarded: &[(&str, &[u8])] =
                &[("x-user", b"alice"), ("x-forwarded-for", b"10.0.0.1"), ("forwarded", b"for=10.0.0.1")];
            assert_eq!(identified(peer, forwarded), Err(403), "{peer}");
        }
        let headers = [(HeaderName::from_static("x-user"), HeaderValue::from_static("alice"))];
        let alone = sso("0.0.0.0/0 ::/0").identify(None, &headers.into_iter().collect());
        assert_eq!(alone, Err(Problem::UntrustedPeer));
    }

    #[test]
    fn a_header_that_is_missing_doubled_or_no_name_is_401() {
        let headers: [&[(&str, &[u8])]; 9] = [
            &[],
            &[("x-user", b"")],
            &[("x-user", b"  ")],
            &[("x-user", b"alice"), ("x-user", b"admin")],
            &[("x-user", b"alice"), ("x-user", b"alice")],
            &[("x-user", b"alice\tadmin")],
            &[("x-user", b"\xff")],
            &[("x_user", b"alice")],
            &[("x-user", b"alice"), ("x-groups", b"staff"), ("x-groups", b"admins")],
        ];
        for headers in headers {
            assert_eq!(identified("10.0.0.1", headers), Err(401), "{headers:?}");
        }
    }
}
