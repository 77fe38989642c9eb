//! The rules of the advice on names, as tables, and what holds for any names.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use certquote::advice::{Advice, MIN_HOSTS, Topic, advise};
use certquote::draft::Draft;
use certquote::names::{check, from_list, tally};
use certquote::products::{Product, catalogue};
use certquote::words::EN;
use proptest::prelude::*;

fn draft(names: &str, product: &str) -> Draft {
    Draft {
        dns_names: names.split_whitespace().map(str::to_owned).collect(),
        product_name_id: product.to_owned(),
        ..Draft::default()
    }
}

fn advice(names: &str, product: &str) -> Vec<Advice> {
    advise(&draft(names, product), &Product::find(product).unwrap())
}

fn told(names: &str, product: &str) -> Vec<(Topic, String)> {
    advice(names, product).into_iter().map(|advice| (advice.topic, advice.names.join(" "))).collect()
}

fn counted(draft: &Draft) -> usize {
    tally(&from_list(&draft.dns_names, &|_| None)).counted()
}

#[test]
fn advises_by_the_names() {
    use Topic::{Apex, Covered, Deeper, OneWildcard, Twins};
    for (names, expected) in [
        ("", vec![]),
        ("example.com", vec![(Twins, "www.example.com")]),
        ("www.example.com", vec![(Twins, "example.com")]),
        ("example.com www.example.com", vec![]),
        ("www.shop.example.com", vec![(Twins, "shop.example.com")]),
        // Nobody means www.mail.example.com.
        ("mail.example.com", vec![]),
        ("example.co.uk mail.example.co.uk", vec![(Twins, "www.example.co.uk")]),
        ("example.com www.example.org", vec![(Twins, "www.example.com example.org")]),
        ("www.com", vec![]),
        ("*.example.com", vec![(Apex, "example.com")]),
        ("*.example.com example.com", vec![]),
        (
            "*.example.com example.com a.example.com www.example.com",
            vec![(Covered, "a.example.com www.example.com")],
        ),
        ("*.example.com example.com a.b.example.com", vec![(Deeper, "a.b.example.com")]),
        (
            "*.example.com example.com *.b.example.com b.example.com a.b.example.com",
            vec![(Covered, "b.example.com"), (Covered, "a.b.example.com")],
        ),
        ("*.example.com www.example.com", vec![(Apex, "example.com"), (Covered, "www.example.com")]),
        ("*.example.com example.com *.example.org", vec![(Apex, "example.org")]),
        ("a.example.com b.example.com c.example.com", vec![]),
        (
            "a.example.com b.example.com c.example.com d.example.com",
            vec![(OneWildcard, "a.example.com b.example.com c.example.com d.example.com")],
        ),
        ("a.example.com b.example.com c.example.com x.d.example.com", vec![]),
        // Four businesses, not one domain.
        ("a.co.uk b.co.uk c.co.uk d.co.uk www.a.co.uk www.b.co.uk www.c.co.uk www.d.co.uk", vec![]),
        ("a.com b.com c.com d.com www.a.com www.b.com www.c.com www.d.com", vec![]),
        ("192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4", vec![]),
        ("bad_name.example.com *.*.example.com mailserver", vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(topic, names)| (topic, names.to_owned())).collect();
        assert_eq!(told(names, "ssl_basic"), expected, "{names}");
    }
}

#[test]
fn advises_by_the_product() {
    let hosts = "a.example.com b.example.com c.example.com d.example.com";
    for product in catalogue() {
        let told = told(&[hosts, " example.org"].concat(), &product.name_id);
        let wants_wildcard = told.iter().any(|(topic, _)| *topic == Topic::OneWildcard);
        assert!(!wants_wildcard || product.wildcards, "{}", product.name_id);
        if !product.takes_names() {
            assert!(told.is_empty(), "{}", product.name_id);
        }
    }
    assert_eq!(told(hosts, "ssl_ev_basic"), []);
    assert_eq!(told("*.example.com a.example.com", "ssl_ev_basic"), []);
    assert_eq!(told("example.com", "ssl_plus"), [(Topic::Twins, "www.example.com".to_owned())]);
    // Nobody has published how these count.
    for product in ["ssl_of_tomorrow", "vmc_basic", "code_signing"] {
        assert_eq!(told(hosts, product), [], "{product}");
    }
}

#[test]
fn applying_changes_the_names_and_nothing_else() {
    let hosts = "shop.example.org a.example.com b.example.com c.example.com d.example.com example.com";
    let before =
        Draft { addons: vec!["7".to_owned()], is_out_of_contract: Some(true), ..draft(hosts, "ssl_basic") };
    let advice = advise(&before, &Product::find("ssl_basic").unwrap());
    let one = advice.iter().find(|advice| advice.topic == Topic::OneWildcard).unwrap();
    let after = one.apply(&before);
    assert_eq!(after.dns_names, ["shop.example.org", "*.example.com", "example.com"]);
    assert_eq!(Draft { dns_names: before.dns_names.clone(), ..after.clone() }, before);
    assert_eq!(one.apply(&after), after);
    let deeper =
        advise(&draft("*.a.test a.test x.y.a.test", "ssl_basic"), &Product::find("ssl_basic").unwrap());
    assert!(!deeper[0].changes());
}

#[test]
fn adds_nothing_to_a_full_order() {
    let names: Vec<_> = (0..250).map(|number| format!("host{number}.com")).collect();
    assert_eq!(told(&names.join(" "), "ssl_basic"), []);
    assert_eq!(told(&names[..125].join(" "), "ssl_basic").len(), 1);
    assert_eq!(told(&[names.join(" "), " one.more.com".to_owned()].concat(), "ssl_basic"), []);
}

#[test]
fn every_piece_says_why_one_may_leave_it() {
    for advice in
        advice("*.a.test x.y.a.test b.a.test c.test m.d.test n.d.test o.d.test p.d.test", "ssl_basic")
    {
        let [says, keep] = advice.words(&EN.advice);
        assert!(says.contains("{names}") && !keep.is_empty(), "{:?}", advice.topic);
        assert_eq!(says.contains("{wildcard}"), advice.wildcard.is_some(), "{:?}", advice.topic);
    }
}

#[test]
fn a_name_that_pays_for_another_is_not_counted_as_saved() {
    let one =
        |names: &str| advice(names, "ssl_basic").iter().any(|advice| advice.topic == Topic::OneWildcard);
    assert!(one("a.y.test b.y.test e.y.test www.y.test"));
    assert!(!one("a.y.test b.y.test e.y.test www.y.test www.www.y.test"));
}

proptest! {
    #[test]
    fn what_is_called_free_is_and_what_is_applied_can_be_sent(
        names in prop::collection::btree_set("(\\*\\.)?((www|a|b|c|d|e)\\.){0,3}(x|y)\\.(test|co\\.uk)", 0..24)
    ) {
        let names: Vec<_> = names.into_iter().collect();
        let before = draft(&names.join(" "), "ssl_basic");
        let product = Product::find("ssl_basic").unwrap();
        for advice in advise(&before, &product) {
            let after = advice.apply(&before);
            match advice.topic {
                Topic::Twins | Topic::Apex | Topic::Covered => prop_assert_eq!(counted(&after), counted(&before), "{:?}", advice),
                Topic::OneWildcard => prop_assert!(counted(&after) + MIN_HOSTS <= counted(&before) + 1, "{:?}", advice),
                Topic::Deeper => prop_assert_eq!(&after, &before),
            }
            prop_assert!(check(&from_list(&after.dns_names, &|_| None), &product).is_fine());
            // What was followed is not advised again.
            prop_assert!(!advice.changes() || !advise(&after, &product).contains(&advice));
        }
    }
}
