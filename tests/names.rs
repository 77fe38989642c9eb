//! Names found in text: what buyers paste, what is refused and why, and what holds for any text at all.

use certquote::names::{
    FreeName, ListProblem, NameKind, NameList, NameProblem, check, from_list, parse, parse_all, tally,
};
use certquote::products::Product;
use proptest::prelude::*;
use rustls_pki_types::DnsName;

/// What a browser's `URL` does with a host.
fn to_ascii(host: &str) -> Option<String> {
    idna::domain_to_ascii(host).ok()
}

fn read(text: &str) -> NameList {
    parse(text, &to_ascii)
}

fn accepted(text: &str) -> Vec<String> {
    read(text).accepted().map(|name| name.name.to_owned()).collect()
}

fn problems(text: &str) -> Vec<NameProblem> {
    read(text).refused().filter_map(|name| name.problem.cloned()).collect()
}

fn product(id: &str) -> Product {
    Product::find(id).unwrap_or_else(|error| unreachable!("{id}: {error}"))
}

fn refusals(text: &str, id: &str) -> Vec<NameProblem> {
    check(&read(text), &product(id)).refused().map(|refused| refused.problem).collect()
}

fn list_problem(text: &str, id: &str) -> Option<ListProblem> {
    check(&read(text), &product(id)).list_problem()
}

fn many(count: usize) -> String {
    (0..count).map(|number| format!("host{number}.example.com\n")).collect()
}

#[test]
fn splits_at_any_mix_of_separators() {
    let text =
        "\u{feff}a.test, b.test;c.test\r\n\td.test\u{a0}e.test\u{200b}f.test\u{3000}g.test、h.test|i.test";
    let expected: Vec<String> = ('a'..='i').map(|letter| format!("{letter}.test")).collect();
    assert_eq!(accepted(text), expected);
    assert!(read(" \n,;\u{feff}").is_empty());
}

#[test]
fn reduces_pasted_urls_to_their_host() {
    for text in [
        "https://shop.example.com",
        "HTTPS://Shop.Example.com:8443/path?q=1#top",
        "https://user:secret@shop.example.com:8443/",
        "//shop.example.com/path",
        r"\\shop.example.com\share",
        "shop.example.com/path,with,commas.html",
        "https://shop.example.com/wiki/Name_(city),_part;x=1",
        "shop.example.com:443",
        "shop.example.com.",
        "shop.example.com?query",
        "(https://shop.example.com/)",
        "<https://shop.example.com/a>",
    ] {
        assert_eq!(accepted(text).first().map(String::as_str), Some("shop.example.com"), "{text}");
    }
    assert_eq!(accepted("https://shop.example.com/wiki/Name_(city),_part;x=1"), ["shop.example.com"]);
}

#[test]
fn finds_every_url_of_a_list_without_blanks() {
    assert_eq!(accepted("https://a.test/,https://b.test/x,https://c.test"), ["a.test", "b.test", "c.test"]);
    assert_eq!(accepted("a.test/shop,b.test/shop"), ["a.test", "b.test"]);
    assert_eq!(accepted("[a.test](https://a.test/), [b.test](https://b.test/)"), ["a.test", "b.test"]);
}

#[test]
fn drops_what_is_pasted_around_names() {
    for text in [
        r#"["a.test", "b.test"]"#,
        "'a.test','b.test'",
        "“a.test” «b.test»",
        "* a.test\n* b.test",
        "- a.test\n- b.test",
        "1. a.test\n2. b.test",
        "1) a.test\n2) b.test",
        "• a.test\n•b.test",
        "| a.test | b.test |",
        "DNS:a.test, DNS:b.test",
        "X509v3 Subject Alternative Name:\n    DNS:a.test, DNS:b.test",
        "DNS Name=a.test\r\nDNS Name=b.test",
        "dNSName: a.test\ndNSName: b.test",
        "CN=a.test\nCN = b.test",
    ] {
        let list = read(text);
        assert_eq!(accepted(text), ["a.test", "b.test"], "{text}");
        assert_eq!(list.len(), 2, "{text}");
    }
    assert_eq!(accepted("IP Address:203.0.113.7, URI:https://a.test/"), ["203.0.113.7", "a.test"]);
}

#[test]
fn folds_case_and_keeps_what_was_typed() {
    let list = read("  WWW.Example.COM ");
    let names: Vec<(&str, &str)> = list.iter().map(|name| (name.typed, name.name)).collect();
    assert_eq!(names, [("WWW.Example.COM", "www.example.com")]);
}

#[test]
fn turns_internationalised_names_into_a_labels() {
    assert_eq!(accepted("münchen.example"), ["xn--mnchen-3ya.example"]);
    assert_eq!(accepted("*.München.example"), ["*.xn--mnchen-3ya.example"]);
    assert_eq!(accepted("＊。例え。テスト。"), ["*.xn--r8jz45g.xn--zckzah"]);
    assert_eq!(accepted("https://bücher.example:8443/käufe"), ["xn--bcher-kva.example"]);
    assert_eq!(accepted("XN--MNCHEN-3YA.example"), ["xn--mnchen-3ya.example"]);
    assert_eq!(accepted("münchen.example xn--mnchen-3ya.example").len(), 1);
    assert_eq!(problems("mün\u{fffd}chen.example"), [NameProblem::NotIdn]);
    assert_eq!(problems("mün_chen.example"), [NameProblem::Underscore]);
    assert_eq!(problems("mün%2echen.example"), [NameProblem::BadCharacter('%')]);
    assert_eq!(problems("m*ün.example"), [NameProblem::PartialWildcard]);
    assert_eq!(problems("ü.*.example"), [NameProblem::WildcardNotLeftmost]);
}

#[test]
fn asks_for_a_labels_only_where_the_host_is_not_ascii() {
    let list = parse("a.test https://b.test/käufe *.C.test x_y.test", &|host| {
        unreachable!("{host} is ASCII");
    });
    assert_eq!(list.accepted().count(), 3);
}

#[test]
fn never_trusts_what_the_conversion_gives() {
    for answer in ["evil.test/path", "a.test b.test", "ü.test", ""] {
        let list = parse("ä.test", &|_| Some(answer.to_owned()));
        assert_eq!(list.accepted().count(), 0, "{answer}");
    }
}

#[test]
fn says_what_is_wrong_with_each_name() {
    let label = |label: &str| label.to_owned();
    let long = "a".repeat(64);
    let longest = vec!["a".repeat(63); 4].join(".");
    for (text, problem) in [
        ("under_score.example.com", NameProblem::Underscore),
        ("_dmarc.example.com", NameProblem::Underscore),
        ("a..example.com", NameProblem::EmptyLabel),
        (".example.com", NameProblem::EmptyLabel),
        ("example.com..", NameProblem::EmptyLabel),
        (&format!("{long}.com"), NameProblem::LabelTooLong { label: long.clone() }),
        (&longest, NameProblem::NameTooLong { length: 255 }),
        ("exa$mple.com", NameProblem::BadCharacter('$')),
        ("a.com]b.com", NameProblem::BadCharacter(']')),
        ("a.com:https", NameProblem::BadCharacter(':')),
        ("-a.example.com", NameProblem::HyphenAtEdge { label: label("-a") }),
        ("a.example-.com", NameProblem::HyphenAtEdge { label: label("example-") }),
        ("www.*.example.com", NameProblem::WildcardNotLeftmost),
        ("*.*.example.com", NameProblem::WildcardNotLeftmost),
        ("w*.example.com", NameProblem::PartialWildcard),
        ("*example.com", NameProblem::PartialWildcard),
        ("*.com", NameProblem::WildcardTooBroad),
        ("*", NameProblem::WildcardTooBroad),
        ("host.123", NameProblem::NumericTld { label: label("123") }),
        ("host.0x1f", NameProblem::NumericTld { label: label("0x1f") }),
        ("*.192.0.2.1", NameProblem::NumericTld { label: label("1") }),
        ("256.1.1.1", NameProblem::BadIpv4),
        ("1.2.3", NameProblem::BadIpv4),
        ("192.168.01.1", NameProblem::BadIpv4),
        ("0x7f.0.0.1", NameProblem::NumericTld { label: label("1") }),
        ("10.0.0.0/24", NameProblem::IpRange),
        ("buyer@example.com", NameProblem::Email),
        ("mailto:buyer@example.com", NameProblem::Email),
        (":443", NameProblem::NoHost),
        ("https://", NameProblem::NoHost),
        ("#", NameProblem::NoHost),
        ("xn--.example.com", NameProblem::HyphenAtEdge { label: label("xn--") }),
        ("0😀-.example.com", NameProblem::HyphenAtEdge { label: label("0😀-") }),
        ("xn--99999999.example.com", NameProblem::BadPunycode { label: label("xn--99999999") }),
    ] {
        assert_eq!(problems(text), [problem], "{text}");
    }
}

#[test]
fn refuses_ipv6_with_the_reason() {
    for text in [
        "2001:db8::1",
        "[2001:db8::1]",
        "[2001:db8::1]:443",
        "https://[2001:db8::1]:8443/x",
        "fe80::1%eth0",
        "::",
        "::ffff:192.0.2.1",
    ] {
        assert_eq!(problems(text), [NameProblem::Ipv6], "{text}");
        assert_eq!(refusals(text, "private_ssl_flex"), [NameProblem::Ipv6], "{text}");
    }
    assert_eq!(
        read("[2001:db8::1]:443").iter().map(|name| name.typed).collect::<Vec<_>>(),
        ["[2001:db8::1]:443"]
    );
}

#[test]
fn takes_the_longest_names_there_are() {
    let label = "a".repeat(63);
    let name = format!("{label}.{label}.{label}.{}", "b".repeat(61));
    assert_eq!((name.len(), accepted(&name)), (253, vec![name.clone()]));
    let wildcard = format!("*.{}", name.get(2..).unwrap_or_default());
    assert_eq!((wildcard.len(), accepted(&wildcard).len()), (253, 1));
}

#[test]
fn merges_duplicates_at_their_first_place() {
    let list = read("b.test A.test https://b.test/ a.test. c.test");
    let names: Vec<&str> = list.accepted().map(|name| name.name).collect();
    assert_eq!(names, ["b.test", "a.test", "c.test"]);
    let repeated: Vec<_> =
        list.duplicates().map(|name| (name.typed, name.index, name.duplicate_of)).collect();
    assert_eq!(repeated, [("https://b.test/", 2, Some(0)), ("a.test.", 3, Some(1))]);
    assert_eq!(tally(&list).duplicates, 2);
}

#[test]
fn tells_the_kinds_apart() {
    let list = read("a.test *.a.test 203.0.113.7");
    let kinds: Vec<NameKind> = list.accepted().map(|name| name.kind).collect();
    assert_eq!(kinds, [NameKind::Fqdn, NameKind::Wildcard, NameKind::Ipv4]);
}

#[test]
fn reads_several_texts_as_one() {
    let list = parse_all(&["a.test", "b.test a.test"], &to_ascii);
    let names: Vec<_> = list.iter().map(|name| (name.name, name.index, name.duplicate_of)).collect();
    assert_eq!(names, [("a.test", 0, None), ("b.test", 1, None), ("a.test", 2, Some(0))]);
    assert_eq!(list, parse_all(&["a.test", "b.test a.test"], &to_ascii));
}

#[test]
fn keeps_the_place_of_a_drafts_entries() {
    let entries = ["good.test", "bad_name.test", "", "x.test y.test", "GOOD.test"].map(str::to_owned);
    let list = from_list(&entries, &to_ascii);
    let names: Vec<_> = list.iter().map(|name| (name.index, name.name, name.problem.cloned())).collect();
    let expected = [
        (0, "good.test", None),
        (1, "bad_name.test", Some(NameProblem::Underscore)),
        (2, "", Some(NameProblem::NoHost)),
        (3, "x.test", None),
        (3, "y.test", None),
        (4, "good.test", None),
    ];
    assert_eq!(names, expected);
    assert_eq!(
        list.duplicates().map(|name| (name.index, name.duplicate_of)).collect::<Vec<_>>(),
        [(4, Some(0))]
    );
}

#[test]
fn public_products_refuse_what_no_public_ca_may_certify() {
    let text = "mailserver db.internal printer.local ab--cd.example.com 192.168.1.195";
    let expected = [
        NameProblem::SingleLabel,
        NameProblem::InternalName { suffix: "internal" },
        NameProblem::InternalName { suffix: "local" },
        NameProblem::ReservedLabel { label: "ab--cd".to_owned() },
        NameProblem::PrivateIpv4,
    ];
    assert_eq!(refusals(text, "ssl_basic"), expected);
    assert_eq!(refusals(text, "private_ssl_flex"), []);
    assert_eq!(refusals(text, "product_of_tomorrow"), []);
}

#[test]
fn reserved_documentation_names_and_addresses_pass() {
    let text = "slow.test shop.example *.example.org 192.0.2.1 198.51.100.1 203.0.113.7 8.8.8.8";
    assert_eq!(refusals(text, "ssl_basic"), []);
}

#[test]
fn private_and_reserved_addresses_are_known() {
    for address in [
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ] {
        assert_eq!(refusals(address, "ssl_basic"), [NameProblem::PrivateIpv4], "{address}");
    }
    for address in
        ["100.63.255.255", "100.128.0.0", "172.32.0.1", "192.169.0.1", "198.20.0.1", "223.255.255.255"]
    {
        assert_eq!(refusals(address, "ssl_basic"), [], "{address}");
    }
}

#[test]
fn products_decide_about_wildcards_and_counts() {
    assert_eq!(refusals("*.example.com", "ssl_ev_basic"), [NameProblem::WildcardNotAllowed]);
    assert_eq!(refusals("*.example.com", "ssl_basic"), []);
    assert_eq!(list_problem("", "ssl_basic"), Some(ListProblem::NoNames));
    assert_eq!(list_problem("under_score.test", "ssl_basic"), None);
    assert_eq!(list_problem("", "product_of_tomorrow"), None);
    assert_eq!(list_problem("a.test", "wildcard_dv_rapidssl"), Some(ListProblem::NeedsWildcard));
    assert_eq!(list_problem("a.test *.a.test", "ssl_wildcard"), None);
    assert_eq!(list_problem("a.test www.a.test", "ssl_plus"), None);
    assert_eq!(list_problem("a.test b.test", "ssl_plus"), Some(ListProblem::OnlyOne { count: 2 }));
}

#[test]
fn takes_250_names_and_lists_more_all_the_same() {
    assert_eq!(list_problem(&many(250), "ssl_basic"), None);
    let text = format!("{0}{0}", many(251));
    assert_eq!(list_problem(&text, "ssl_basic"), Some(ListProblem::TooMany { count: 251, max: 250 }));
    assert_eq!(read(&text).len(), 502);
}

#[test]
fn products_without_names_ignore_whatever_was_typed() {
    let list = read("under_score.test a.test *.b.test");
    let product = product("code_signing");
    let checked = check(&list, &product);
    assert!(checked.is_fine());
    assert_eq!(checked.names_to_send(), Vec::<String>::new());
}

#[test]
fn sends_names_lower_case_as_a_labels_without_duplicates_in_order() {
    let list = read("B.test München.example b.test bad_one.test a.test");
    let product = product("ssl_basic");
    assert_eq!(check(&list, &product).names_to_send(), ["b.test", "xn--mnchen-3ya.example", "a.test"]);
    assert!(!check(&list, &product).is_fine());
}

#[test]
fn counts_free_twins_as_the_flex_rules_do() {
    let free = |text: &str| {
        let list = read(text);
        let tally = tally(&list);
        let free: Vec<(String, String)> = tally
            .free
            .iter()
            .map(|FreeName { name, free_with }| ((*name).into(), (*free_with).into()))
            .collect();
        (tally.fqdns, tally.wildcards, free)
    };
    let pair = |name: &str, with: &str| (name.to_owned(), with.to_owned());
    assert_eq!(free("x.test www.x.test"), (1, 0, vec![pair("www.x.test", "x.test")]));
    assert_eq!(free("www.x.test x.test"), (1, 0, vec![pair("www.x.test", "x.test")]));
    assert_eq!(free("www.sub.x.test sub.x.test"), (1, 0, vec![pair("www.sub.x.test", "sub.x.test")]));
    assert_eq!(free("www.x.test"), (1, 0, vec![]));
    assert_eq!(free("x.test *.x.test"), (0, 1, vec![pair("x.test", "*.x.test")]));
    assert_eq!(free("a.x.test *.x.test"), (0, 1, vec![pair("a.x.test", "*.x.test")]));
    assert_eq!(free("x.y.x.test *.x.test"), (1, 1, vec![]));
    // A free name makes no other free.
    assert_eq!(free("www.a.x.test a.x.test *.x.test"), (1, 1, vec![pair("a.x.test", "*.x.test")]));
    assert_eq!(free("www.www.x.test www.x.test x.test"), (2, 0, vec![pair("www.x.test", "x.test")]));
}

#[test]
fn counts_every_name_once() {
    let list = read("a.test *.b.test c.b.test 203.0.113.7 a.test bad_one.test");
    let tally = tally(&list);
    assert_eq!((tally.fqdns, tally.wildcards, tally.ips), (1, 1, 1));
    assert_eq!((tally.free.len(), tally.duplicates, tally.refused, tally.counted()), (1, 1, 1, 3));
}

/// Text made of what names are made of, so that many are nearly right.
fn nearly_names() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        8 => "[a-z0-9]{1,5}",
        4 => Just(".".to_owned()),
        2 => "[A-Z]{1,3}",
        1 => "(-|--|_|\\*|\\*\\.|xn--|www\\.|\\.test|\\.com|1\\.2\\.3\\.4|a{62})",
        1 => "(https?://|//|/|:|:443|@|#|\\?|DNS:|DNS Name=|\\[|\\]|\\(|\\)|,|;|\\n| |\\u{a0}|'|\\\\)",
        1 => "(ü|ß|例|。|＊|\\u{200b}|\\u{200d}|\\u{ad}|é|İ|１|•|😀)",
    ];
    proptest::collection::vec(bit, 0..24).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), other in nearly_names()) {
        let list = parse_all(&[&text, &other], &to_ascii);
        let _ = tally(&list);
        for id in ["ssl_basic", "private_ssl_flex", "ssl_plus", "ssl_wildcard"] {
            let product = product(id);
            let checked = check(&list, &product);
            let _ = (checked.list_problem(), checked.refused().count(), checked.names_to_send());
        }
        let _ = from_list(&[text, other], &to_ascii);
    }

    #[test]
    fn accepted_names_parse_to_themselves(text in nearly_names()) {
        let first = accepted(&text);
        for name in &first {
            prop_assert_eq!(accepted(name), std::slice::from_ref(name), "from {:?}", text);
        }
        prop_assert_eq!(accepted(&first.join("\n")), first.clone());
        prop_assert_eq!(accepted(&first.join(", ")), first);
    }

    #[test]
    fn accepted_names_satisfy_a_second_implementation(text in nearly_names()) {
        let list = read(&text);
        let product = product("ssl_basic");
        for name in check(&list, &product).names_to_send() {
            if name.parse::<std::net::Ipv4Addr>().is_ok() {
                continue;
            }
            let domain = name.strip_prefix("*.").unwrap_or(&name);
            prop_assert!(DnsName::try_from(domain.to_owned()).is_ok(), "{} from {:?}", name, text);
            // Whether a decoded A-label is in use is more than the parser knows where it was typed as one.
            if !text.to_ascii_lowercase().contains("xn--") {
                let strict = idna::domain_to_ascii_strict(domain);
                prop_assert_eq!(strict.as_deref().ok(), Some(domain), "{} from {:?}", name, text);
            }
        }
    }

    #[test]
    fn a_labels_of_any_letters_are_taken(label in "[a-zà-öø-ÿα-ωа-я一-龥]{1,15}") {
        let host = format!("{label}.test");
        if let Ok(expected) = idna::domain_to_ascii_strict(&host) {
            prop_assert_eq!(accepted(&host), std::slice::from_ref(&expected));
            prop_assert_eq!(accepted(&expected), [expected]);
        }
    }

    #[test]
    fn ordinary_host_names_are_always_taken(name in "([a-z0-9]([a-z0-9]{0,20}[a-z0-9])?\\.){1,5}[a-z]{2,10}") {
        prop_assert_eq!(accepted(&name), std::slice::from_ref(&name));
        prop_assert_eq!(accepted(&format!("https://{}:8443/x", name.to_uppercase())), [name]);
    }

    #[test]
    fn typed_text_is_never_lost(text in nearly_names()) {
        let list = read(&text);
        let mut rest = text.as_str();
        for name in list.iter() {
            let (_, behind) = rest.split_once(name.typed).ok_or(TestCaseError::fail("typed text is not in order"))?;
            rest = behind;
        }
        prop_assert_eq!(list.iter().map(|name| name.index).collect::<Vec<_>>(), (0..list.len()).collect::<Vec<_>>());
    }

    #[test]
    fn duplicates_are_merged_and_nothing_else(numbers in proptest::collection::vec(0_u8..12, 0..40)) {
        let text: String = numbers.iter().map(|number| format!("h{number}.test ")).collect();
        let mut expected: Vec<String> = Vec::new();
        for number in &numbers {
            let name = format!("h{number}.test");
            if !expected.contains(&name) {
                expected.push(name);
            }
        }
        let list = read(&text);
        prop_assert_eq!(list.duplicates().count(), numbers.len() - expected.len());
        prop_assert_eq!(accepted(&text), expected);
    }

    #[test]
    fn the_tally_has_every_name_in_one_group(text in nearly_names()) {
        let list = read(&text);
        let tally = tally(&list);
        prop_assert_eq!(tally.counted() + tally.free.len() + tally.duplicates + tally.refused, list.len());
    }
}
