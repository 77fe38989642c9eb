//! Names one by one, out of other programs' texts, taken out of a text and put back.

use certquote::names::{
    Chip, Group, Layout, NameProblem, Undo, chips, count, edited, gather, parse, tally, tally_for, without,
};
use certquote::products::Product;
use proptest::prelude::*;

fn to_ascii(host: &str) -> Option<String> {
    idna::domain_to_ascii(host).ok()
}

fn product(id: &str) -> Product {
    Product::find(id).unwrap_or_else(|error| unreachable!("{id}: {error}"))
}

fn typed(text: &str) -> Vec<String> {
    parse(text, &to_ascii).iter().map(|name| name.typed.to_owned()).collect()
}

fn groups(text: &str, id: &str) -> Vec<Group> {
    chips(&parse(text, &to_ascii), &product(id)).into_iter().map(|chip| chip.group).collect()
}

fn gathered(text: &str) -> Option<(Vec<String>, usize, Layout)> {
    gather(text, &to_ascii)
        .map(|found| (found.text.lines().map(str::to_owned).collect(), found.left_out, found.layout))
}

#[test]
fn groups_names_by_what_they_cost() {
    use Group::{Duplicate, Fqdn, Free, Ip, Refused, Wildcard};
    for (text, id, expected) in [
        ("example.com www.example.com", "ssl_basic", vec![Fqdn, Free]),
        ("www.example.com example.com", "ssl_basic", vec![Free, Fqdn]),
        (
            "*.example.com example.com a.example.com a.b.example.com",
            "ssl_basic",
            vec![Wildcard, Free, Free, Fqdn],
        ),
        ("a.test A.test https://a.test/", "ssl_basic", vec![Fqdn, Duplicate, Duplicate]),
        ("192.0.2.1 bad_name.test mailserver", "ssl_basic", vec![Ip, Refused, Refused]),
        ("mailserver 10.0.0.1", "private_ssl_flex", vec![Fqdn, Ip]),
        // A wildcard that is refused pays for nothing.
        ("*.example.com a.example.com", "ssl_ev_basic", vec![Refused, Fqdn]),
        // A product without names refuses none.
        ("*.example.com mailserver", "code_signing", vec![Wildcard, Fqdn]),
    ] {
        assert_eq!(groups(text, id), expected, "{text} {id}");
    }
}

#[test]
fn a_chip_says_what_it_is_free_with_and_what_is_wrong() {
    let list = parse("*.Example.com, shop.example.com, a_b.test", &to_ascii);
    let all: Vec<Chip<'_>> = chips(&list, &product("ssl_basic"));
    assert_eq!(
        all.iter().map(|chip| chip.free_with).collect::<Vec<_>>(),
        [None, Some("*.example.com"), None]
    );
    assert_eq!(
        all.iter().map(|chip| chip.name.typed).collect::<Vec<_>>(),
        ["*.Example.com", "shop.example.com", "a_b.test"]
    );
    assert_eq!(
        all.iter().filter_map(|chip| chip.problem.clone()).collect::<Vec<_>>(),
        [NameProblem::Underscore]
    );
}

#[test]
fn takes_one_name_out_and_leaves_the_layout() {
    for (text, index, expected) in [
        ("a.test", 0, ""),
        ("a.test\nb.test\nc.te", 1, "a.test\nc.te"),
        ("a.test\nb.test\nc.te", 0, "b.test\nc.te"),
        ("a.test\nb.test\nc.te", 2, "a.test\nb.test"),
        ("a.test\nb.test\n", 1, "a.test\n"),
        ("a.test, b.test;c.test", 1, "a.test, c.test"),
        ("a.test, b.test\nc.test", 1, "a.test\nc.test"),
        ("DNS:a.test, DNS:b.test", 0, "DNS:b.test"),
        ("DNS:a.test, DNS:b.test", 1, "DNS:a.test"),
        (r#"["a.test","b.test","c.test"]"#, 0, r#"["b.test","c.test"]"#),
        (r#"["a.test","b.test","c.test"]"#, 2, r#"["a.test","b.test"]"#),
        ("1. a.test\n2. b.test\n3. c.test", 1, "1. a.test\n2. c.test"),
        ("* a.test\n* b.test", 0, "* b.test"),
        ("https://a.test/x,y b.test", 0, "b.test"),
        // A number in front of a list's item would be none at the beginning of a line.
        ("a.test 5. b.test", 0, "5.\nb.test"),
        ("a.test", 7, "a.test"),
        ("", 0, ""),
    ] {
        assert_eq!(without(text, index), expected, "{text:?} without {index}");
    }
}

#[test]
fn changes_many_names_and_drops_nothing_half_typed() {
    let remove = ["a.example.com".to_owned(), "xn--bcher-kva.example".to_owned()];
    let add = ["*.example.com".to_owned(), "b.example.com".to_owned()];
    for (text, expected) in [
        (
            "A.example.com. bücher.example, b.example.com, shop.exam",
            "b.example.com, shop.exam\n*.example.com",
        ),
        ("a.example.com\nhttps://a.example.com/\nno_name", "no_name\n*.example.com\nb.example.com"),
        ("", "*.example.com\nb.example.com"),
    ] {
        assert_eq!(edited(text, &remove, &add, &to_ascii), expected, "{text:?}");
    }
}

#[test]
fn takes_changes_back_one_by_one() {
    let mut undo = Undo::default();
    undo.record("a.test", "a.test");
    assert!(undo.is_empty());
    undo.record("", "a.test");
    undo.record("a.test", "*.test.example");
    assert_eq!(undo.undo("*.test.example").as_deref(), Some("a.test"));
    assert_eq!(undo.undo("a.test b.te").as_deref(), Some("b.te"));
    assert_eq!(undo.undo("b.te"), None);
    for step in 0..200 {
        undo.record(&step.to_string(), "x");
    }
    assert_eq!(undo.len(), 100);
}

#[test]
fn what_was_corrected_or_taken_out_since_does_not_come_back() {
    for (before, after, present, expected) in [
        (
            "a.test b.test shop.exa",
            "shop.exa\n*.test",
            "shop.example\n*.test",
            "shop.example\na.test\nb.test",
        ),
        ("x.test\na.test", "x.test\na.test\nb.test", "y.test\na.test\nb.test", "y.test\na.test"),
        // What came back by hand is there once.
        ("a.test b.test", "b.test", "c.test a.test", "c.test a.test"),
        ("a.test", "a.test b.test", "a.test DNS:", "a.test DNS:"),
    ] {
        let mut undo = Undo::default();
        undo.record(before, after);
        assert_eq!(undo.undo(present).as_deref(), Some(expected), "{before:?} {after:?} {present:?}");
    }
}

#[test]
fn a_name_that_the_product_refuses_makes_no_other_free() {
    let list = parse("*.example.com a.example.com example.com", &to_ascii);
    let (any, ev) = (tally(&list), tally_for(&list, &product("ssl_ev_basic")));
    assert_eq!((any.fqdns, any.wildcards, any.free.len(), any.refused), (0, 1, 2, 0));
    assert_eq!((ev.fqdns, ev.wildcards, ev.free.len(), ev.refused), (2, 0, 0, 1));
}

#[test]
fn finds_the_columns_of_a_spreadsheet_that_hold_names() {
    for (text, names, left_out) in [
        (
            "Host\tOwner\tSince\nwww.a.test\tJane Doe\t2026-11-21\nb.test\t\t2025-01-01\n",
            vec!["www.a.test", "b.test"],
            6,
        ),
        ("www.a.test\t1\nb.test\t2", vec!["www.a.test", "b.test"], 2),
        ("id;name;alias\r\n1;a.test;www.a.test\r\n2;b.test;\r\n", vec!["a.test", "www.a.test", "b.test"], 5),
        // One cell with several names, and one that is not right: it is for the form to refuse.
        (
            "n,hosts\n1,\"a.test, b.test\"\n2,\"c.test\"\n3,d_e.test\n",
            vec!["a.test, b.test", "c.test", "d_e.test"],
            5,
        ),
        (
            "\u{feff}\"host\",\"note\"\n\"a.test\",\"said \"\"yes\"\"\nand no\"\n\"b.test\",\"\"",
            vec!["a.test", "b.test"],
            3,
        ),
    ] {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        assert_eq!(gathered(text), Some((names, left_out, Layout::Table)), "{text}");
    }
}

#[test]
fn finds_the_names_in_json_with_objects() {
    let text = r#"{"orders":[{"host":"www.a.test","owner":"Jane","id":17,"sans":["b.test","*.c.test"],"end":null}]}"#;
    let names = ["www.a.test", "b.test", "*.c.test"].map(str::to_owned).to_vec();
    assert_eq!(gathered(text), Some((names, 2, Layout::Json)));
    assert_eq!(gathered(r#"{"dns_names":["a.test"]}"#), Some((vec!["a.test".to_owned()], 0, Layout::Json)));
}

#[test]
fn finds_the_names_in_a_certificate_that_was_printed() {
    for file in ["text.csr.txt", "text.crt.txt"] {
        let path = format!("{}/tests/corpus/csr/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let Some((names, _, Layout::Certificate)) = gathered(&text) else { unreachable!("{file}") };
        assert_eq!(
            names,
            ["www.example.com", "www.example.com", "*.example.com", "shop.example.com"],
            "{file}"
        );
    }
    let windows = "Serial Number: 01\r\nSubject Alternative Name\r\n    DNS Name=a.test\r\n    RFC822 Name=x@a.test\r\n    DNS Name=*.a.test\r\n";
    let names = ["a.test", "*.a.test"].map(str::to_owned).to_vec();
    assert_eq!(gathered(windows), Some((names, 1, Layout::Certificate)));
}

#[test]
fn finds_the_names_in_the_extension_alone() {
    let printed = "X509v3 Subject Alternative Name: critical\n    DNS:a.example.com, DNS:*.b.example.com, IP Address:10.0.0.1, email:a@b.example";
    let names = ["a.example.com", "*.b.example.com", "10.0.0.1"].map(str::to_owned).to_vec();
    assert_eq!(gathered(printed), Some((names, 1, Layout::Certificate)));
    // A table with such a column is a table.
    let table = "Subject Alternative Name\tOwner\na.example.com\tAnn\nb.example.com\tBob\n";
    let names = ["a.example.com", "b.example.com"].map(str::to_owned).to_vec();
    assert_eq!(gathered(table), Some((names, 4, Layout::Table)));
    assert_eq!(gathered("Subject Alternative Name:\nnothing that is one"), None);
}

#[test]
fn takes_a_text_of_names_as_it_is() {
    for text in [
        "",
        "a.test",
        "a.test, b.test\nc.test, d.test",
        "a.test\tb.test\nc.test\td.test",
        r#"["a.test", "b.test"]"#,
        "DNS:a.test, DNS:b.test",
        "[a.test](https://a.test/)",
        "a.test\nbad_name.test\nhalf.te",
        "no names, in here\nor there, at all",
    ] {
        assert_eq!(gathered(text), None, "{text}");
    }
}

#[test]
fn a_megabyte_of_anything_is_left_alone() {
    assert_eq!(gathered(&"a.test,b\n".repeat(100_000)), None);
    assert_eq!(gathered(&"[{".repeat(100_000)), None);
}

/// Names good and bad, with what stands around them.
fn texts() -> impl Strategy<Value = String> {
    const PIECE: &str =
        "(DNS:|https://|\\* |1\\. |\\(|\"|')?[a-zA-Z*_.ü-]{1,8}(\\.test|/a,b|:443)?(, |\n|;|\t|\"|\\) | )";
    prop::collection::vec(PIECE, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_chip_stands_for_the_name_that_the_tally_counts(text in texts(), id in "ssl_of_tomorrow|ssl_ev_basic") {
        let list = parse(&text, &to_ascii);
        let product = product(&id);
        let chips = chips(&list, &product);
        let count = |group| chips.iter().filter(|chip| chip.group == group).count();
        let tally = tally_for(&list, &product);
        prop_assert_eq!(chips.len(), list.len());
        prop_assert_eq!((count(Group::Fqdn), count(Group::Wildcard), count(Group::Ip)), (tally.fqdns, tally.wildcards, tally.ips));
        prop_assert_eq!((count(Group::Free), count(Group::Duplicate), count(Group::Refused)), (tally.free.len(), tally.duplicates, tally.refused));
    }

    #[test]
    fn without_one_name_the_others_are_all_there(text in texts(), index in 0_usize..12) {
        let mut expected = typed(&text);
        prop_assert_eq!(count(&text), expected.len());
        if index < expected.len() {
            expected.remove(index);
        }
        prop_assert_eq!(typed(&without(&text, index)), expected);
    }

    #[test]
    fn no_text_brings_it_down(text in "\\PC{0,80}|([\\[\\]{}\",:\t\n;=* .a-c-]{0,4}){0,20}", index in 0_usize..5) {
        let _ = without(&text, index);
        let _ = edited(&text, &["a.b".to_owned()], &["c".to_owned()], &to_ascii);
        let _ = gather(&text, &to_ascii);
    }

    #[test]
    fn nothing_typed_since_is_lost_by_an_undo(before in "[a-c.\n ]{0,12}", after in "[a-c.\n ]{0,12}", present in "[a-f.\n ]{0,16}") {
        let mut undo = Undo::default();
        undo.record(&before, &after);
        if let Some(text) = undo.undo(&present) {
            let left = typed(&text);
            let known = typed(&after);
            for name in typed(&present) {
                prop_assert!(known.contains(&name) || left.contains(&name), "{} of {:?}", name, text);
            }
        }
    }
}
