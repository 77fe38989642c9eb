//! Which orders stand beside the present one.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use certquote::comparison::MAX_VARIANTS;
use certquote::config::{Addon, Config};
use certquote::date::Date;
use certquote::draft::{Draft, OrderValidity};
use certquote::names::{NameList, parse};
use certquote::products::{Product, catalogue, narrow};
use certquote::variants::{Choice, Vary, offers, products};

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn present() -> Draft {
    Draft {
        dns_names: vec!["example.com".to_owned()],
        product_name_id: "ssl_basic".to_owned(),
        addons: vec!["token".to_owned()],
        ..Draft::default()
    }
}

/// A choice of exactly these.
fn choice(of: &[Vary]) -> Choice {
    let mut choice = Choice::default();
    for years in 1..=3 {
        choice.toggle(&Vary::Years(years));
    }
    for vary in of {
        choice.toggle(vary);
    }
    choice
}

/// The orders where everything is on offer that a page can offer.
fn drafts(choice: &Choice, present: &Draft) -> Vec<Draft> {
    let addon = |id: &str| Addon { id: id.to_owned(), label: id.to_owned() };
    let config = Config { addons: vec![addon("token"), addon("seal")], ..Config::default() };
    let offers = offers(present, &names(&present.dns_names.join(" ")), &config);
    choice.drafts(present, &offers, today())
}

fn product(id: &str) -> Vary {
    Vary::Product(id.to_owned())
}

fn names(text: &str) -> NameList {
    parse(text, &|_| None)
}

fn ids(names: &NameList, present: &str, offered: Option<&[Product]>) -> Vec<String> {
    let present = Product::find(present).unwrap();
    products(names, &present, offered).iter().map(|product| product.name_id.to_string()).collect()
}

#[test]
fn with_nothing_to_vary_there_is_the_present_order_alone() {
    assert_eq!(drafts(&choice(&[]), &present()), [present()]);
    let ordinary = choice(&[Vary::Years(1), product("ssl_basic")]);
    assert_eq!(drafts(&ordinary, &present()), [present()]);
}

#[test]
fn what_is_chosen_is_in_the_same_order_however_it_came_about() {
    let mut other = Choice::default();
    for years in [2, 1, 1, 2] {
        other.toggle(&Vary::Years(years));
    }
    assert_eq!(other, Choice::default());
    assert!(other.has(&Vary::Years(2)) && !other.has(&Vary::NoAddons));
}

#[test]
fn every_kind_of_variation_is_combined_with_every_other_and_the_present_order_comes_first() {
    let choice = choice(&[product("ssl_ev_basic"), Vary::NoAddons, Vary::OtherPrice, Vary::Years(2)]);
    let drafts = drafts(&choice, &present());
    assert_eq!(drafts.len(), 16);
    assert_eq!(drafts.first(), Some(&present()));
    for (place, draft) in drafts.iter().enumerate() {
        assert!(!drafts.iter().take(place).any(|before| before == draft), "{draft:?} is there twice");
        assert_eq!(draft.dns_names, present().dns_names);
    }
    assert!(drafts.len() > MAX_VARIANTS);
}

#[test]
fn lengths_that_a_product_is_not_sold_for_are_left_out() {
    let signing = Draft { product_name_id: "code_signing".to_owned(), ..Draft::default() };
    assert_eq!(drafts(&Choice::default(), &signing), [signing]);
    let choice = choice(&[Vary::Years(4), Vary::Years(2)]);
    let lengths: Vec<_> = drafts(&choice, &present()).iter().map(|draft| draft.order_validity).collect();
    assert_eq!(lengths, [1, 2].map(OrderValidity::Years));
}

#[test]
fn the_other_price_of_a_list_price_is_that_of_the_contract() {
    let other = |list: Option<bool>| {
        let present = Draft { is_out_of_contract: list, ..present() };
        drafts(&choice(&[Vary::OtherPrice]), &present).last().unwrap().is_out_of_contract
    };
    assert_eq!([None, Some(false), Some(true)].map(other), [Some(true), Some(true), Some(false)]);
}

#[test]
fn an_add_on_joins_those_that_are_there() {
    let drafts =
        drafts(&choice(&[Vary::Addon("token".to_owned()), Vary::Addon("seal".to_owned())]), &present());
    let addons: Vec<_> = drafts.iter().map(|draft| draft.addons.join(" ")).collect();
    assert_eq!(addons, ["token", "token seal"]);
}

#[test]
fn only_products_that_take_the_same_names_are_others() {
    let plain = ids(&names("example.com shop.example.com"), "ssl_basic", None);
    assert!(plain.contains(&"ssl_ev_basic".to_owned()));
    for id in ["ssl_basic", "wildcard_dv_rapidssl", "private_ssl_flex", "code_signing", "ssl_plus", "eu_qwac"]
    {
        assert!(!plain.contains(&id.to_owned()), "{id}");
    }
    let wildcard = ids(&names("*.example.com"), "ssl_basic", None);
    assert!(wildcard.contains(&"wildcard_dv_rapidssl".to_owned()));
    assert!(!wildcard.contains(&"ssl_ev_basic".to_owned()));
    assert!(ids(&names(""), "code_signing", None).contains(&"code_signing_ev".to_owned()));
}

#[test]
fn a_page_that_offers_some_products_offers_no_others_here() {
    let offered = narrow("ssl_basic, ssl_plus, product_of_tomorrow, code_signing").products;
    let others = ids(&names("example.com"), "ssl_basic", Some(&offered));
    assert_eq!(others, ["ssl_plus", "product_of_tomorrow"]);
}

#[test]
fn every_other_product_of_the_catalogue_takes_the_names() {
    let list = names("example.com *.example.com");
    for product in catalogue() {
        for other in products(&list, product, None) {
            assert!(
                certquote::names::check(&list, other).is_fine(),
                "{} beside {}",
                other.name_id,
                product.name_id
            );
        }
    }
}

#[test]
fn what_is_chosen_and_not_on_offer_makes_no_order_and_stays_chosen() {
    let chosen = choice(&[product("ssl_ev_basic"), Vary::Addon("gone".to_owned())]);
    let wildcard = Draft { dns_names: vec!["*.example.com".to_owned()], ..present() };
    assert_eq!(drafts(&chosen, &wildcard), [wildcard]);
    assert_eq!(drafts(&chosen, &present()).len(), 2);
}
