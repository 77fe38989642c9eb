//! The billing address: whole or not at all, with what its country has.

use certquote::address::{
    AddressField as Field, AddressProblem as Problem, Need, check, countries, is_blank, is_country, rule,
    states,
};
use certquote::draft::BillingAddress;

fn address(country: &str, state: &str, city: &str, zip: &str) -> BillingAddress {
    let [country, state, city, zip] = [country, state, city, zip].map(str::to_owned);
    BillingAddress { country, state, city, zip }
}

#[test]
fn knows_the_249_countries_in_order() {
    let codes: Vec<&str> = countries().collect();
    assert_eq!(codes.len(), 249);
    assert!(codes.is_sorted_by(|a, b| a < b));
    assert!(codes.iter().all(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())));
    for code in ["US", "us", " de ", "ZW", "AD", "SS", "CW"] {
        assert!(is_country(code), "{code}");
    }
    // `SU` and `AN` are withdrawn, `UK` and `EU` only reserved; `DA` stands across two neighbours of the list.
    for code in ["", "U", "USA", "UK", "EU", "SU", "AN", "DA", "ZZ", "дe"] {
        assert!(!is_country(code), "{code}");
    }
}

#[test]
fn every_exception_is_for_a_country() {
    let none = |need: fn(&str) -> Need| countries().filter(|code| need(code) == Need::None).count();
    assert_eq!(none(|code| rule(code).state), 119);
    assert_eq!(none(|code| rule(code).zip), 15);
    let required: Vec<&str> = countries().filter(|code| rule(code).state == Need::Required).collect();
    assert_eq!(required, ["AU", "CA", "US"]);
}

#[test]
fn asks_for_what_the_country_has() {
    for (country, state, zip) in [
        ("US", Need::Required, Need::Required),
        ("ca", Need::Required, Need::Required),
        ("AU", Need::Required, Need::Required),
        ("DE", Need::None, Need::Optional),
        ("GB", Need::None, Need::Optional),
        ("JP", Need::Optional, Need::Optional),
        ("HK", Need::Optional, Need::None),
        ("BF", Need::None, Need::None),
        ("GH", Need::Optional, Need::Optional),
    ] {
        let rule = rule(country);
        assert_eq!((rule.state, rule.zip), (state, zip), "{country}");
    }
}

#[test]
fn suggests_states_by_full_name() {
    assert!(states("us").contains(&"Washington"));
    assert!(states("CA").contains(&"Quebec"));
    assert!(states("AU").contains(&"New South Wales"));
    assert!(states("DE").is_empty());
    for country in ["US", "CA", "AU"] {
        assert!(states(country).is_sorted(), "{country}");
    }
}

#[test]
fn takes_whole_addresses_and_none_at_all() {
    for good in [
        address("us", "Washington", "Seattle", "98101"),
        address("DE", "", "Berlin", "10115"),
        address("DE", "Berlin", "Berlin", ""),
        address("HK", "", "Hong Kong", ""),
        address("", " ", "", "\t"),
    ] {
        assert_eq!(check(&good), [], "{good:?}");
    }
    assert!(is_blank(&BillingAddress::default()));
}

#[test]
fn names_every_part_that_is_missing() {
    let missing = |parts: &[Field]| parts.iter().map(|&part| (part, Problem::Missing)).collect::<Vec<_>>();
    assert_eq!(check(&address("US", "", "", "")), missing(&[Field::State, Field::City, Field::Zip]));
    assert_eq!(check(&address("", "", "", "98101")), missing(&[Field::Country, Field::City]));
    assert_eq!(check(&address("DE", "", "  ", "")), missing(&[Field::City]));
}

#[test]
fn refuses_what_the_api_would() {
    assert_eq!(check(&address("XX", "", "Town", "")), [(Field::Country, Problem::UnknownCountry)]);
    assert_eq!(check(&address("DE", "", "Ber\nlin", "")), [(Field::City, Problem::ControlCharacter)]);
    let long = |length| "ü".repeat(length);
    assert_eq!(check(&address("DE", &long(64), &long(64), &long(40))), []);
    let expected = [
        (Field::State, Problem::TooLong { length: 65, max: 64 }),
        (Field::City, Problem::TooLong { length: 65, max: 64 }),
        (Field::Zip, Problem::TooLong { length: 41, max: 40 }),
    ];
    assert_eq!(check(&address("DE", &long(65), &long(65), &long(41))), expected);
}

#[test]
fn parts_are_named_as_in_the_draft() {
    let keys = Field::ALL.map(Field::key);
    let expected =
        ["billing_address.country", "billing_address.state", "billing_address.city", "billing_address.zip"];
    assert_eq!(keys, expected);
}
