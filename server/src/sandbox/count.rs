//! Which names of an order are charged.
//!
//! Names are counted once, whatever their case. A wildcard `*.x` makes `x` and the names one label above it free; names on
//! other levels are charged. Of `x` and `www.x` the second is free when both are listed. An IPv4 address counts as an FQDN.

use std::collections::HashSet;
use std::net::Ipv4Addr;

/// The units charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
    /// Names without a wildcard.
    pub fqdns: usize,
    /// Wildcards.
    pub wildcards: usize,
}

/// Counts a list of names.
///
/// # Errors
/// The first name that is none.
pub fn count(names: &[String]) -> Result<Units, String> {
    let mut listed = HashSet::new();
    for name in names {
        let lower = name.to_ascii_lowercase();
        if !is_name(lower.strip_prefix("*.").unwrap_or(&lower))
            || (lower.starts_with("*.") && is_ip(&lower[2..]))
        {
            return Err(name.clone());
        }
        listed.insert(lower);
    }
    let wildcards = listed.iter().filter(|name| name.starts_with("*.")).count();
    let covered = |name: &str| {
        listed.contains(format!("*.{name}").as_str())
            || name.split_once('.').is_some_and(|(_, parent)| listed.contains(format!("*.{parent}").as_str()))
    };
    let twin = |name: &str| name.strip_prefix("www.").is_some_and(|bare| listed.contains(bare));
    let fqdns = listed
        .iter()
        .filter(|name| !name.starts_with("*.") && (is_ip(name) || !(covered(name) || twin(name))))
        .count();
    Ok(Units { fqdns, wildcards })
}

fn is_ip(name: &str) -> bool {
    name.parse::<Ipv4Addr>().is_ok()
}

fn is_name(name: &str) -> bool {
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let all_numeric = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    name.len() <= 253 && name.contains('.') && name.split('.').all(label_ok) && (!all_numeric || is_ip(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(names: &str) -> Result<(usize, usize), String> {
        let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
        count(&names).map(|units| (units.fqdns, units.wildcards))
    }

    #[test]
    fn counts_plain_names_once() {
        assert_eq!(units("example.com example.net example.org"), Ok((3, 0)));
        assert_eq!(units("example.com EXAMPLE.com"), Ok((1, 0)));
        assert_eq!(units("192.0.2.1 example.com"), Ok((2, 0)));
    }

    #[test]
    fn twins_are_free_when_both_are_listed() {
        assert_eq!(units("example.com www.example.com"), Ok((1, 0)));
        assert_eq!(units("www.example.com"), Ok((1, 0)));
        assert_eq!(units("www.sub.example.com sub.example.com"), Ok((1, 0)));
        assert_eq!(units("www.www.example.com www.example.com example.com"), Ok((1, 0)));
    }

    #[test]
    fn a_wildcard_covers_its_base_and_its_level_only() {
        assert_eq!(units("*.example.com example.com"), Ok((0, 1)));
        assert_eq!(units("*.example.com a.example.com www.example.com"), Ok((0, 1)));
        assert_eq!(units("*.example.com x.y.example.com"), Ok((1, 1)));
        assert_eq!(units("*.example.com *.a.example.com b.a.example.com a.example.com"), Ok((0, 2)));
    }

    #[test]
    fn names_the_bad_one() {
        for name in [
            "localhost",
            "a_b.example.com",
            "*.*.example.com",
            "a.*.com",
            "::1",
            "999.1.1.1",
            "-a.com",
            "a..b",
            "*.192.0.2.1",
            "é.com",
        ] {
            assert_eq!(units(name), Err(name.to_owned()));
        }
    }
}
