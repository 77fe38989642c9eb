//! Quotes and drafts that leave the page and come back: links, kept quotes, text, JSON.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use std::rc::Rc;

use certquote::amount::Amount;
use certquote::date::Date;
use certquote::draft::{BillingAddress, Draft, OrderValidity};
use certquote::form::LooseDraft;
use certquote::fragment::{Drift, FragmentProblem, MAX_LENGTH, Price, Shared, decode, encode};
use certquote::handover;
use certquote::json;
use certquote::kept::{Kept, MAX_KEPT};
use certquote::quote::Quote;
use certquote::words::{EN, PlainFormats};
use proptest::prelude::*;

fn address() -> BillingAddress {
    BillingAddress {
        country: "US".to_owned(),
        state: "Washington".to_owned(),
        city: "São Paulo; & Co, =".to_owned(),
        zip: "98101".to_owned(),
    }
}

fn draft(names: &str) -> Draft {
    Draft {
        dns_names: names.split_whitespace().map(str::to_owned).collect(),
        product_name_id: "ssl_basic".to_owned(),
        ..Draft::default()
    }
}

fn priced(draft: &Draft, total: &str, currency: &str) -> Quote {
    let body = format!(
        r#"{{"base_price":{total},"total_price":{total},"tax":"0.00","currency":"{currency}","tax_error":false,
            "fqdns":{{"subtotal":0,"units":2}},"addons_price":0,"addons_price_details":[{{"product_id":7,"units":1,"price":"0"}}],
            "balance":"454.00"}}"#
    );
    Quote::new(draft.clone(), &json::decode(body.as_bytes()).unwrap(), "2026-11-21T14:05:00.000Z".to_owned())
        .unwrap()
}

fn fragment(draft: &Draft) -> String {
    encode(draft, None, true).unwrap()
}

#[test]
fn a_link_is_short_and_can_be_read() {
    let names =
        "example.com www.example.com *.example.com shop.example.com b.shop.example.com xn--bcher-kva.example";
    let full = Draft {
        order_validity: OrderValidity::CustomExpirationDate("2027-06-08".parse().unwrap()),
        addons: vec!["7".to_owned(), "key locker".to_owned()],
        is_out_of_contract: Some(true),
        renewal_of_order_valid_till: Some("2026-12-20".parse().unwrap()),
        billing_address: Some(address()),
        ..draft(names)
    };
    let price = Price::of(&priced(&full, "782.10", "USD")).unwrap();
    let link = encode(&full, Some(&price), false).unwrap();
    assert_eq!(
        link.split_once(";x=").unwrap().0,
        "certquote=1;p=ssl_basic;e=2027-06-08;n=example.com,www..,~.,shop.,b..,xn--bcher-kva.example;a=7,key%20locker;l=1;\
         r=2026-12-20;t=782.10,USD,2026-11-21T14%3A05%3A00.000Z"
    );
    let shared = decode(&["#", &link].concat()).unwrap();
    assert_eq!(shared.price, Some(price));
    assert_eq!(shared.draft, Draft { billing_address: None, ..full.clone() });
    assert_eq!(decode(&fragment(&full)).unwrap().draft, full);
    // It may stand beside what the page itself keeps there.
    assert_eq!(decode(&["#tab=2&", &link, "&q=a;b"].concat()).unwrap().draft.dns_names.len(), 6);
}

#[test]
fn a_link_ends_in_a_letter_or_digit_and_has_nothing_that_breaks_in_a_mail() {
    let link = fragment(&draft("*.example.com a_b.test. ü.test (a) <b> \"c\" d,e;f&g=h#i%j~k"));
    assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%;,=".contains(&byte)), "{link}");
    assert!(link.ends_with(|last: char| last.is_ascii_alphanumeric()), "{link}");
}

#[test]
fn a_full_order_fits_into_a_link_and_a_huge_one_is_refused() {
    let names = (0..250).map(|number| format!("host{number}.shop.example.com ")).collect::<String>();
    assert!(fragment(&draft(&names)).len() < 2_500);
    let huge = (0..4_000).map(|number| format!("host{number}.number{number}.example ")).collect::<String>();
    assert_eq!(encode(&draft(&huge), None, false), None);
}

#[test]
fn a_part_of_a_link_is_no_order() {
    let link = fragment(&draft("example.com www.example.com *.example.com"));
    for length in 0..link.len() {
        let problem =
            if length < "certquote=".len() { FragmentProblem::None } else { FragmentProblem::Damaged };
        assert_eq!(decode(&link[..length]), Err(problem), "{}", &link[..length]);
    }
    for (from, to) in [("www", "ww"), ("y=1", "y=2"), ("ssl_basic", "ssl_ev_basic"), ("n=", "a=")] {
        assert_eq!(decode(&link.replacen(from, to, 1)), Err(FragmentProblem::Damaged), "{from}");
    }
    assert_eq!(decode(&link.replacen("=1;", "=2;", 1)), Err(FragmentProblem::Version));
    for text in ["", "#", "#top", "certquote", "a=certquote=1"] {
        assert_eq!(decode(text), Err(FragmentProblem::None), "{text}");
    }
}

/// A fragment with the right checksum, whatever is in it.
fn signed(content: &str) -> String {
    let hash = content
        .bytes()
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{content};x={hash:08X}")
}

#[test]
fn a_made_up_link_is_refused_or_bounded() {
    for field in [
        "y=-1",
        "y=",
        "y=99999999999",
        "d=1.5",
        "e=tomorrow",
        "r=2026-02-30",
        "n=%zz",
        "n=%F",
        "n=%",
        "n=%FF",
        "b=US",
        "b=a,b,c,d,e",
        "t=1",
        "t=1e9,USD,2026-11-21",
        "t=1.0,USD,soon",
        "t=1.0,ABCDEFGHIJKLMNOPQRST,2026-11-21",
        "y",
    ] {
        assert_eq!(
            decode(&signed(&["certquote=1;p=x;", field].concat())),
            Err(FragmentProblem::Damaged),
            "{field}"
        );
    }
    // Each name twice as long as the one before.
    let grows = ["certquote=1;n=", &["a"; 60].join(".."), &",a..".repeat(5_000)].concat();
    assert_eq!(decode(&signed(&grows)), Err(FragmentProblem::Damaged));
    assert_eq!(
        decode(&signed(&["certquote=1;n=", &"a,".repeat(MAX_LENGTH)].concat())),
        Err(FragmentProblem::Damaged)
    );
    let names = decode(&signed("certquote=1;n=.,..,a,.,..;zz=later")).unwrap().draft.dns_names;
    assert!(names.iter().map(String::len).sum::<usize>() < 40, "{names:?}");
}

#[test]
fn shows_the_drift_from_the_price_in_the_link() {
    let then = Price::of(&priced(&draft("a.test"), "782.10", "USD")).unwrap();
    let now = |total, currency| then.drift(&priced(&draft("a.test"), total, currency));
    assert_eq!(now("782.100", "usd"), Drift::Same);
    assert_eq!(now("790", "USD"), Drift::By(Amount::parse("7.90").unwrap()));
    assert_eq!(now("700", "USD"), Drift::By(Amount::parse("-82.10").unwrap()));
    assert_eq!(now("782.10", "EUR"), Drift::NotComparable);
    let mut unknown = priced(&draft("a.test"), "1", "USD");
    unknown.total = None;
    assert_eq!(then.drift(&unknown), Drift::NotComparable);
    assert_eq!(Price::of(&unknown), None);
    let before_tax = Quote { tax_error: true, ..priced(&draft("a.test"), "782.10", "USD") };
    assert_eq!(then.drift(&before_tax), Drift::NotComparable);
}

#[test]
fn kept_quotes_come_back_without_address_and_money() {
    let order = Draft {
        billing_address: Some(address()),
        addons: vec!["7".to_owned()],
        ..draft("a.test www.a.test")
    };
    let quote = priced(&order, "782.10", "USD");
    let mut kept = Kept::default();
    kept.keep(&quote, false);
    let text = kept.to_json();
    assert!(!text.contains("Washington") && !text.contains("454.00"), "{text}");
    let back = Kept::read(&text);
    assert_eq!(back, kept);
    let bare = Draft { billing_address: None, ..order.clone() };
    assert_eq!(*back.quotes()[0], Quote { draft: bare, account_balance: None, ..quote.clone() });
    kept.keep(&quote, true);
    assert_eq!(Kept::read(&kept.to_json()).quotes()[0].draft, order);
    assert_eq!(kept.quotes().len(), 1);
    kept.delete(7);
    kept.delete(0);
    assert_eq!(Kept::read(&kept.to_json()), Kept::default());
}

#[test]
fn an_unknown_price_is_kept_as_one() {
    let mut unknown = priced(&draft("a.test"), "0", "USD");
    unknown.lines.clear();
    (unknown.total, unknown.unknown, unknown.fqdns_counted) = (None, true, None);
    let mut kept = Kept::default();
    kept.keep(&unknown, false);
    let back = Kept::read(&kept.to_json());
    assert_eq!((back.quotes()[0].unknown, back.quotes()[0].total), (true, None));
}

#[test]
fn keeps_fifty_and_no_more_than_a_megabyte() {
    let mut kept = Kept::default();
    for number in 0..MAX_KEPT + 10 {
        kept.keep(&priced(&draft(&format!("host{number}.test")), "1.00", "USD"), false);
    }
    assert_eq!(kept.quotes().len(), MAX_KEPT);
    assert_eq!(kept.quotes()[0].draft.dns_names, ["host59.test"]);
    for number in 0..MAX_KEPT {
        let names: String =
            (0..250).map(|name| format!("{name}.{}{number}.test ", "long".repeat(50))).collect();
        kept.keep(&priced(&draft(&names), "1.00", "USD"), false);
    }
    let text = kept.to_json();
    assert!(text.len() <= 1_000_000, "{}", text.len());
    let back = Kept::read(&text);
    assert!(back.quotes().len() > 10 && back.quotes().len() < MAX_KEPT);
    assert_eq!(back.quotes()[0], kept.quotes()[0]);
}

#[test]
fn what_was_deleted_comes_back_to_its_place_and_drives_nothing_out() {
    let at = |minute: usize| Quote {
        priced_at: format!("2026-11-21T14:{minute:02}:00.000Z"),
        ..priced(&draft("example.com"), "100.00", "USD")
    };
    let moments = |kept: &Kept| {
        let minute = |quote: &Rc<Quote>| quote.priced_at[14..16].to_owned();
        kept.quotes().iter().map(minute).collect::<Vec<_>>()
    };
    let mut kept = Kept::default();
    for minute in [1, 2, 3] {
        kept.keep(&at(minute), false);
    }
    let deleted = vec![Rc::clone(&kept.quotes()[1])];
    kept.delete(1);
    // Another tab keeps one meanwhile.
    kept.keep(&at(4), false);
    kept.restore(&deleted);
    assert_eq!(moments(&kept), ["04", "03", "02", "01"]);
    kept.restore(&deleted);
    assert_eq!(kept.quotes().len(), 4, "it is there once");
    kept.delete(2);
    for minute in 0..MAX_KEPT {
        kept.keep(&at(minute + 5), false);
    }
    kept.restore(&deleted);
    assert_eq!((kept.quotes().len(), moments(&kept)[0].as_str()), (MAX_KEPT, "54"));
}

#[test]
fn garbage_in_the_storage_is_passed_over_and_the_rest_is_read() {
    let mut kept = Kept::default();
    kept.keep(&priced(&draft("a.test"), "1.00", "USD"), false);
    let text = kept.to_json();
    let quote = text.strip_prefix(r#"{"v":1,"quotes":["#).and_then(|text| text.strip_suffix("]}")).unwrap();
    for bad in [
        "null".to_owned(),
        "7".to_owned(),
        "[[]]".to_owned(),
        "{}".to_owned(),
        quote.replace("\"total\":\"1.00\"", "\"total\":\"2.00\""),
        quote.replace("\"total\":\"1.00\"", "\"total\":null"),
        quote.replace("\"total\":\"1.00\"", "\"total\":1e3"),
        quote.replace("\"base\"", "\"bribe\""),
        quote.replace("2026-11-21T", "yesterday"),
        quote.replace("\"years\":1", "\"years\":\"many\""),
        quote.replace("\"currency\":\"USD\"", "\"currency\":\"\""),
    ] {
        assert_ne!(bad, quote);
        let stored = [r#"{"v":1,"quotes":["#, &bad, ",", quote, "]}"].concat();
        assert_eq!(Kept::read(&stored), kept, "{bad}");
    }
    for text in [
        String::new(),
        "[]".to_owned(),
        "{".to_owned(),
        text.replace("\"v\":1", "\"v\":2"),
        text[1..].to_owned(),
        "[".repeat(99_999),
    ] {
        assert_eq!(Kept::read(&text), Kept::default(), "{text}");
    }
}

#[test]
fn the_text_says_what_it_rests_on() {
    let order = Draft {
        order_validity: OrderValidity::Years(2),
        is_out_of_contract: Some(true),
        addons: vec!["7".to_owned()],
        renewal_of_order_valid_till: Some("2026-12-20".parse().unwrap()),
        billing_address: Some(address()),
        ..draft("a.test www.a.test")
    };
    let text = handover::text(&priced(&order, "782.10", "USD"), &EN, &PlainFormats);
    assert_eq!(
        text,
        "Basic OV, 2 years\nNames: a.test, www.a.test\nAdd-ons: 7\nRenews an order valid until 2026-12-20\n\n\
         Base price: 782.10 USD\nFQDNs: 0 USD\nAdd-ons: 0 USD\nTax: 0.00 USD\nTotal with tax: 782.10 USD\n\n\
         List price, without the account’s contract\nTax estimated for the address given\n\
         Priced 2026-11-21T14:05:00.000Z. Tax may change when the order is placed.\n"
    );
    let mut before_tax = priced(&draft("a.test"), "782.10", "USD");
    (before_tax.tax_error, before_tax.sandbox) = (true, true);
    let text = handover::text(&before_tax, &EN, &PlainFormats);
    for part in [
        "Invented sandbox price\n",
        "Tax: Not available\n",
        "Total before tax: 782.10 USD\n",
        "Contract price",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let mut unknown = before_tax;
    unknown.lines.clear();
    (unknown.total, unknown.unknown) = (None, true);
    let text = handover::text(&unknown, &EN, &PlainFormats);
    assert!(text.contains("No estimate") && !text.contains("USD"), "{text}");
}

#[test]
fn the_json_is_the_public_quote_without_address_and_money() {
    let order = Draft { billing_address: Some(address()), ..draft("a.test") };
    let quote = priced(&order, "782.10", "USD");
    let value: serde_json::Value = serde_json::from_str(&handover::json(&quote, false)).unwrap();
    assert_eq!(value["total"], "782.10");
    assert!(value["account_balance"].is_null() && value["draft"].get("billing_address").is_none());
    let value: serde_json::Value = serde_json::from_str(&handover::json(&quote, true)).unwrap();
    assert_eq!(value["draft"]["billing_address"]["state"], "Washington");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9_]{1,12}", "\\PC{0,12}", "[.,;=&%~*#x-]{0,6}"]
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "(\\*\\.|www\\.)?([a-c]\\.){0,2}(example|xn--bcher-kva)\\.(com|test)",
        1 => any_text(),
        1 => "[a-b.]{0,6}",
        1 => (3_usize..6).prop_map(|labels| ["x".repeat(60), ".".to_owned()].concat().repeat(labels)),
    ]
}

fn any_date() -> impl Strategy<Value = Date> {
    (0_i32..60_000).prop_map(|day| Date::EPOCH.plus_days(day).unwrap())
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let validity = prop_oneof![
        any::<u32>().prop_map(OrderValidity::Years),
        any::<u32>().prop_map(OrderValidity::Days),
        any_date().prop_map(OrderValidity::CustomExpirationDate),
    ];
    let address = (any_text(), any_text(), any_text(), any_text())
        .prop_map(|(country, state, city, zip)| BillingAddress { country, state, city, zip });
    let names = prop::collection::vec(any_name(), 0..30);
    let addons = prop::collection::vec(any_text(), 0..4);
    let rest = (any::<Option<bool>>(), prop::option::of(any_date()), prop::option::of(address));
    (names, any_text(), validity, addons, rest).prop_map(
        |(dns_names, product_name_id, order_validity, addons, rest)| Draft {
            dns_names,
            product_name_id,
            order_validity,
            addons,
            is_out_of_contract: rest.0,
            renewal_of_order_valid_till: rest.1,
            billing_address: rest.2,
        },
    )
}

proptest! {
    #[test]
    fn any_draft_comes_through_a_link(draft in any_draft(), cents in any::<i64>(), tax_error: bool) {
        let price = Price {
            total: Amount::from_parts(i128::from(cents), 2).unwrap(),
            currency: "USD".to_owned(),
            tax_error,
            priced_at: "2026-11-21T14:05:00.000Z".to_owned(),
        };
        let link = encode(&draft, Some(&price), true).unwrap();
        prop_assert_eq!(decode(&link), Ok(Shared { draft, price: Some(price) }), "{}", link);
    }

    #[test]
    fn any_draft_comes_through_the_json_of_a_page(draft in any_draft()) {
        let loose: LooseDraft = json::decode(json::to_string(&draft).as_bytes()).unwrap();
        prop_assert_eq!(loose.strict(), Some(draft));
    }

    #[test]
    fn no_fragment_brings_it_down(content in "[a-z0-9.~,%;=&#]{0,60}|\\PC{0,40}", field in "[pydenalrbtuxz]=[a-c0-9.~,%-]{0,30}") {
        let _ = decode(&content);
        if let Ok(shared) = decode(&signed(&["certquote=1;", &field, ";", &content.replace('&', "")].concat())) {
            let length: usize = shared.draft.dns_names.iter().map(String::len).sum();
            prop_assert!(length <= 253 * 100);
        }
    }

    #[test]
    fn no_stored_text_brings_it_down(text in "\\PC{0,60}|([\\[\\]{}\",:v1a]|\"quotes\"|\"draft\"){0,40}") {
        let _ = Kept::read(&text);
    }
}
