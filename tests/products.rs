//! The catalogue: complete, consistent, and open to what it does not know.

use std::collections::HashSet;

use certquote::products::{
    BadProductId, Kind, Level, NamesRule, Product, catalogue, lookup, narrow, normalise_id, of_kind,
};

fn ids(products: &[Product]) -> Vec<&str> {
    products.iter().map(|product| product.name_id.as_ref()).collect()
}

#[test]
fn every_identifier_is_clean_and_there_once() {
    let mut seen = HashSet::new();
    for product in catalogue() {
        assert_eq!(normalise_id(&product.name_id).as_deref(), Ok(product.name_id.as_ref()));
        assert!(seen.insert(&product.name_id), "{}", product.name_id);
        assert!(!product.name.is_empty() && product.kind != Kind::Unlisted, "{}", product.name_id);
        assert_eq!(lookup(&product.name_id), Some(product));
    }
    assert_eq!(lookup("ssl"), None);
}

#[test]
fn kinds_follow_each_other_with_current_products_first() {
    let order: Vec<(Kind, bool)> = catalogue().iter().map(|product| (product.kind, product.legacy)).collect();
    assert!(order.is_sorted(), "{order:?}");
    let by_kind: Vec<&Product> = Kind::ALL.into_iter().flat_map(of_kind).collect();
    assert_eq!(by_kind, catalogue().iter().collect::<Vec<_>>());
    assert_eq!(of_kind(Kind::Tls).next().map(Product::label), Some("Basic OV"));
}

#[test]
fn ev_never_takes_wildcards_and_private_names_are_private() {
    for product in catalogue() {
        assert!(product.level != Some(Level::Ev) || !product.wildcards, "{}", product.name_id);
        assert_eq!(product.private_names, product.kind == Kind::PrivateTls, "{}", product.name_id);
        assert_eq!(product.level.is_some(), product.kind == Kind::Tls, "{}", product.name_id);
        assert!(product.names != NamesRule::WithWildcard || product.wildcards, "{}", product.name_id);
    }
}

#[test]
fn signing_products_take_no_names() {
    for id in ["code_signing", "code_signing_ev", "secure_email_mailbox", "client_premium", "ds_org"] {
        assert_eq!(lookup(id).map(Product::takes_names), Some(false), "{id}");
    }
    for id in ["ssl_basic", "private_ssl_flex", "vmc_basic"] {
        assert_eq!(lookup(id).map(Product::takes_names), Some(true), "{id}");
    }
}

#[test]
fn an_unknown_product_allows_everything() {
    let product = Product::find("ssl_of_tomorrow");
    let rules = product.map(|product| {
        let allows = product.wildcards && product.ipv4 && product.private_names;
        (product.names, allows, product.max_years, product.label().to_owned())
    });
    assert_eq!(rules, Ok((NamesRule::Optional, true, 6, "ssl_of_tomorrow".to_owned())));
}

#[test]
fn refuses_what_cannot_be_an_identifier() {
    for id in ["", " ", "ssl basic", "ssl-basic", "ssl.basic", "ssl_bäsic", "a\nb", &"a".repeat(65)] {
        assert_eq!(Product::find(id), Err(BadProductId), "{id:?}");
    }
    assert!(Product::find(&"a".repeat(64)).is_ok());
}

#[test]
fn narrows_to_the_list_in_its_order() {
    let narrowed = narrow(" ssl_ev_basic,SSL_BASIC,, new_one ,ssl_basic,no good,new_one");
    assert_eq!(ids(&narrowed.products), ["ssl_ev_basic", "ssl_basic", "new_one"]);
    assert_eq!(narrowed.invalid, ["no good"]);
    assert_eq!(narrow(" , "), certquote::products::Narrowed::default());
}
