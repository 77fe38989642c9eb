#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use serde_json::json;

use super::*;

const TODAY: i64 = 20_778;

fn ask(body: &Value, trouble: Option<Trouble>) -> Result<Value, Refusal> {
    let bytes = answer(body.to_string().as_bytes(), TODAY, 812_345, trouble)?;
    Ok(serde_json::from_slice(&bytes).unwrap())
}

fn order(product: &str, names: &[&str], more: Value) -> Value {
    let mut body = json!({
        "certificate": {"dns_names": names},
        "order_validity": {"years": 1},
        "product_name_id": product,
        "is_out_of_contract": 1,
        "billing_address": {"country": "br", "state": "", "city": "Recife", "zip": ""},
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn total(body: &Value) -> String {
    ask(body, None).unwrap()["total_price"].to_string()
}

fn refusal(body: &Value) -> String {
    ask(body, None).unwrap_err().code
}

#[test]
fn the_documented_request_gets_a_documented_answer() {
    let body = json!({
        "certificate": {"dns_names": ["example.com", "example.net", "example.org"]},
        "validity_years": 1,
        "product_name_id": "ssl_basic",
        "renewal_of_order_valid_till": "2024-06-20",
    });
    let bytes = answer(body.to_string().as_bytes(), TODAY, 812_345, None).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        r#"{"base_price":199,"total_price":452.11,"addons_price":0,"san_package_price":0,"benefits_discount_total":55.92,"fqdns":{"subtotal":267,"units":3},"wildcards":{"subtotal":0,"units":0},"balance":8123.45,"currency":"USD","tax":"42.03","tax_error":false,"sandbox":true}"#
    );
}

#[test]
fn flex_charges_each_name_and_wildcard() {
    assert_eq!(total(&order("ssl_basic", &["a.com", "*.b.com", "b.com", "www.a.com"], json!({}))), "837");
}

#[test]
fn products_for_one_name_have_it_in_their_price() {
    let answer = ask(&order("ssl_plus", &["a.com", "www.a.com"], json!({})), None).unwrap();
    assert_eq!((&answer["total_price"], &answer["fqdns"]["units"]), (&json!(218), &json!(1)));
    assert_eq!(total(&order("ssl_wildcard", &["*.a.com", "a.com"], json!({}))), "658");
    assert_eq!(total(&order("code_signing", &[], json!({}))), "459");
}

#[test]
fn many_names_of_multi_domain_come_in_packages() {
    let names: Vec<String> = (0..36).map(|index| format!("n{index}.com")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let answer = ask(&order("ssl_multi_domain", &names, json!({})), None).unwrap();
    assert_eq!(answer["san_package_price"], json!(998));
    assert_eq!(answer["fqdns"], json!({"subtotal": 997.5, "units": 36}));
    assert!(serde_json::to_string(&answer["total_price"]).unwrap().starts_with("2294.5"));
}

#[test]
fn private_addresses_take_a_private_certificate() {
    for name in ["10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.0.1"] {
        assert!(refusal(&order("ssl_basic", &["a.com", name], json!({}))).contains("dns_names"), "{name}");
        assert_eq!(total(&order("private_ssl_flex", &[name], json!({}))), "203.5");
    }
    assert_eq!(total(&order("ssl_basic", &["172.32.0.1"], json!({}))), "288");
}

#[test]
fn longer_orders_cost_more_but_less_per_year() {
    let priced =
        |validity: Value| total(&order("ssl_dv_rapidssl", &["a.com"], json!({"order_validity": validity})));
    assert_eq!(priced(json!({"years": 1})), "59.99");
    assert_eq!(priced(json!({"years": 2})), "113.98");
    assert_eq!(priced(json!({"years": 3})), "164.97");
    assert_eq!(priced(json!({"days": 365})), "59.99");
    assert_eq!(priced(json!({"days": 100})), "16.44");
    assert_eq!(priced(json!({"days": 730})), "113.98");
    assert_eq!(priced(json!({"days": 1096})), "164.97");
    assert_eq!(priced(json!({"custom_expiration_date": "2027-03-01"})), "16.44");
    assert_eq!(priced(json!({"custom_expiration_date": "2027-03-01", "days": 365, "years": 3})), "16.44");
}

#[test]
fn lengths_out_of_range_are_refused_by_their_unit() {
    let refused = |more: Value| refusal(&order("ssl_basic", &["a.com"], more));
    for years in [json!(0), json!(4), json!(-1), json!(1.5), json!("1")] {
        assert_eq!(refused(json!({"order_validity": {"years": years}})), "invalid_value:validity_years");
    }
    assert_eq!(refused(json!({"order_validity": {"days": 1097}})), "invalid_value:validity_days");
    assert_eq!(refused(json!({"order_validity": {}})), "invalid_value:validity_years");
    for date in ["2026-11-21", "2029-12-01", "01 MAR 2027", "2027-02-30"] {
        assert_eq!(
            refused(json!({"order_validity": {"custom_expiration_date": date}})),
            "invalid_value:custom_expiration_date",
            "{date}"
        );
    }
}

#[test]
fn add_ons_are_listed_when_asked_for() {
    let answer =
        ask(&order("code_signing", &[], json!({"addons": ["sandbox-token", "9001", "9001"]})), None).unwrap();
    assert_eq!(
        answer["addons_price_details"],
        json!([
            {"product_id": "sandbox-token", "units": 1, "subtotal": 120, "price": "120.00"},
            {"product_id": 9001, "units": 2, "subtotal": 51.98, "price": "25.99"},
        ])
    );
    assert_eq!(answer["addons_price"].to_string(), "171.98");
    assert_eq!(
        ask(&order("code_signing", &[], json!({"addons": []})), None).unwrap()["addons_price_details"],
        json!([])
    );
    assert!(ask(&order("code_signing", &[], json!({})), None).unwrap().get("addons_price_details").is_none());
    assert_eq!(refusal(&order("code_signing", &[], json!({"addons": ["x"]}))), "invalid_value:addons");
}

#[test]
fn the_lines_add_up_for_every_product_and_place() {
    for product in &catalogue::PRODUCTS {
        let names: &[&str] = match product.names {
            Names::None => &[],
            Names::One => &["a.com"],
            Names::Many => &["a.com", "b.com"],
            Names::Flex => &["a.com", "*.b.com"],
            Names::Wildcard => &["*.b.com"],
        };
        for (country, state) in [("us", "Washington"), ("DE", ""), ("gb", ""), ("ch", "")] {
            let body = order(
                product.id,
                names,
                json!({"is_out_of_contract": 0, "addons": ["sandbox-keylocker"], "order_validity": {"days": 399},
                       "billing_address": {"country": country, "state": state, "city": "x", "zip": "1"}}),
            );
            let answer = ask(&body, None).unwrap();
            let amount = |value: &Value| value.to_string().trim_matches('"').parse::<Decimal>().unwrap();
            let sum = amount(&answer["base_price"])
                + amount(&answer["fqdns"]["subtotal"])
                + amount(&answer["wildcards"]["subtotal"])
                + amount(&answer["addons_price"])
                + amount(&answer["san_package_price"])
                - amount(&answer["benefits_discount_total"])
                + amount(&answer["tax"]);
            assert_eq!(sum, amount(&answer["total_price"]), "{}", product.id);
            assert!(amount(&answer["tax"]) > Decimal::ZERO && amount(&answer["base_price"]) > Decimal::ZERO);
        }
    }
}

#[test]
fn no_estimate_is_all_zeros() {
    let zeros = |answer: Value| {
        ["base_price", "total_price", "addons_price", "san_package_price", "benefits_discount_total"]
            .iter()
            .all(|name| answer[name] == json!(0))
            && answer["tax"] == json!("0.00")
            && answer["fqdns"] == json!({"subtotal": 0, "units": 0})
    };
    assert!(zeros(ask(&order("ssl_basic", &["a.com"], json!({})), Some(Trouble::NoEstimate)).unwrap()));
    assert!(zeros(ask(&order("brand_new_product", &["a.com"], json!({})), None).unwrap()));
}

#[test]
fn a_tax_error_is_a_price_without_tax() {
    let body = order("ssl_basic", &["a.com"], json!({"billing_address": Value::Null}));
    let answer = ask(&body, Some(Trouble::TaxError)).unwrap();
    assert_eq!(
        (&answer["tax"], &answer["tax_error"], &answer["total_price"]),
        (&json!("0.00"), &json!(true), &json!(288))
    );
}

#[test]
fn bad_requests_name_their_field() {
    for (more, field) in [
        (json!({"product_name_id": "SSL Basic"}), "product_name_id"),
        (json!({"product_name_id": Value::Null}), "product_name_id"),
        (json!({"certificate": {}}), "dns_names"),
        (json!({"certificate": {"dns_names": [1]}}), "dns_names"),
        (json!({"certificate": {"dns_names": []}}), "dns_names"),
        (json!({"certificate": {"dns_names": ["a b"]}}), "dns_names"),
        (json!({"certificate": {"dns_names": vec!["a.com"; 251]}}), "dns_names"),
        (json!({"product_name_id": "ssl_ev_basic", "certificate": {"dns_names": ["*.a.com"]}}), "dns_names"),
        (json!({"is_out_of_contract": 2}), "is_out_of_contract"),
        (json!({"renewal_of_order_valid_till": "tomorrow"}), "renewal_of_order_valid_till"),
        (json!({"billing_address": {"country": "USA", "city": "x"}}), "billing_address.country"),
        (json!({"billing_address": {"country": "us"}}), "billing_address.city"),
    ] {
        assert_eq!(refusal(&order("ssl_basic", &["a.com"], more)), format!("invalid_value:{field}"));
    }
    for body in ["", "{", "[]", "\"x\"", "null"] {
        assert_eq!(answer(body.as_bytes(), TODAY, 0, None).unwrap_err().code, "bad_request_format", "{body}");
    }
}
