#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use std::sync::LazyLock;

use serde_json::Value;

use super::*;

static LEDGER: LazyLock<Ledger> = LazyLock::new(|| Ledger::generate(Account::Main, 3_000));

fn ask(parameters: &[(&str, &str)]) -> Result<Value, Refusal> {
    let parameters: Vec<_> = parameters.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    answer(&LEDGER, Account::Main, &parameters).map(|bytes| serde_json::from_slice(&bytes).unwrap())
}

fn rows(parameters: &[(&str, &str)]) -> Vec<Value> {
    ask(parameters).unwrap()["adjustments"].as_array().unwrap().clone()
}

fn texts(parameters: &[(&str, &str)], field: &str) -> Vec<String> {
    rows(parameters).iter().map(|row| row[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_newest_come_first_and_end_at_the_balance() {
    let all = rows(&[]);
    assert_eq!(all.len(), 1_000);
    assert_eq!(all[0]["transaction_date"], "2026-11-20 17:03:12");
    assert_eq!(all[0]["balance_after"], "8123.45");
    assert_eq!(all[0]["currency"], "USD");
    assert!(
        all.windows(2)
            .all(|pair| pair[0]["transaction_date"].as_str() >= pair[1]["transaction_date"].as_str())
    );
}

#[test]
fn each_row_follows_from_the_one_before() {
    let mut all = Vec::new();
    for offset in ["0", "1000", "2000"] {
        all.extend(rows(&[("offset", offset)]));
    }
    assert_eq!(all.len(), 3_000);
    let amount = |value: &Value| value.as_str().map_or(Decimal::ZERO, |text| text.parse().unwrap());
    for pair in all.windows(2) {
        let expected =
            amount(&pair[1]["balance_after"]) + amount(&pair[0]["credit"]) - amount(&pair[0]["debit"]);
        assert_eq!(amount(&pair[0]["balance_after"]), expected);
        assert_ne!(pair[0]["credit"].is_null(), pair[0]["debit"].is_null());
    }
}

#[test]
fn pages_say_where_they_are() {
    let page = |parameters| ask(parameters).unwrap()["page"].to_string();
    assert_eq!(page(&[]), r#"{"limit":1000,"offset":0,"total":3000}"#);
    assert_eq!(page(&[("limit", "10"), ("offset", "2995")]), r#"{"limit":10,"offset":2995,"total":3000}"#);
    assert_eq!(page(&[("limit", "5000")]), r#"{"limit":1000,"offset":0,"total":3000}"#);
    assert_eq!(rows(&[("limit", "10"), ("offset", "2995")]).len(), 5);
    assert_eq!(rows(&[("offset", "99999")]).len(), 0);
    assert_eq!(rows(&[("limit", "0")]).len(), 0);
}

#[test]
fn filters_by_type_container_and_several_values() {
    assert!(
        texts(&[("filters[adjust_type]", "27")], "transaction_type")
            .iter()
            .all(|t| t == "Account Funds Expiration")
    );
    let several =
        texts(&[("filters[adjust_type][0]", "8"), ("filters[adjust_type][1]", "9")], "transaction_type");
    assert!(
        several.contains(&"Wire Deposit".to_owned()) && several.contains(&"Credit Card Deposit".to_owned())
    );
    assert!(several.iter().all(|text| text == "Wire Deposit" || text == "Credit Card Deposit"));
    assert!(rows(&[("filters[container_id]", "101")]).iter().all(|row| row["container"]["id"] == 101));
    assert_eq!(rows(&[("filters[adjust_type]", "99")]).len(), 0);
}

#[test]
fn filters_by_date() {
    let dates = |filter| {
        texts(&[("filters[transaction_date]", filter), ("sort", "transaction_date")], "transaction_date")
    };
    let day = dates("2026-11-20");
    assert!(!day.is_empty() && day.iter().all(|date| date.starts_with("2026-11-20")));
    assert!(dates(">2026-11-19").iter().all(|date| date.as_str() > "2026-11-19 00:00:00"));
    assert!(dates("<2023-01-01").iter().all(|date| date.as_str() < "2023-01-01 00:00:00"));
    let range = dates("2026-01-01...2026-01-31");
    assert!(range.len() > 20 && range.iter().all(|date| date.starts_with("2026-01-")));
    assert_eq!(dates("2026-11-20 17:03:12...2026-11-20 17:03:12").len(), 1);
    assert!(
        texts(&[("filters[expiration_date]", ">2026-11-20")], "expiration_date")
            .iter()
            .all(|date| !date.is_empty())
    );
}

#[test]
fn sorts_with_what_is_missing_first() {
    let dates = texts(&[("sort", "expiration_date")], "expiration_date");
    assert!(dates[0].is_empty() && dates.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(!texts(&[("sort", "-expiration_date")], "expiration_date")[0].is_empty());
    let sorted = rows(&[("sort", "transaction_type,-transaction_date")]);
    let key = |row: &Value| row["transaction_type"].as_str().unwrap().to_owned();
    assert!(sorted.windows(2).all(|pair| match key(&pair[0]).cmp(&key(&pair[1])) {
        Ordering::Equal => pair[0]["transaction_date"].as_str() >= pair[1]["transaction_date"].as_str(),
        order => order.is_lt(),
    }));
    for property in ["id", "credit", "debit", "receipt_id", "balance_after", "order_id"] {
        let (up, down) = (rows(&[("sort", property)]), rows(&[("sort", &format!("-{property}"))]));
        assert_ne!(up[0][property], down[0][property], "{property}");
    }
    let debits: Vec<Decimal> =
        texts(&[("sort", "-debit")], "debit").iter().map(|text| text.parse().unwrap()).collect();
    assert!(debits.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn refuses_what_is_not_documented() {
    for (name, value) in [
        ("limit", "-1"),
        ("limit", "x"),
        ("limit", ""),
        ("offset", "1.5"),
        ("offset", "99999999999999999999999"),
        ("sort", "note"),
        ("sort", ""),
        ("filters[adjust_type]", "Charge"),
        ("filters[transaction_date]", "yesterday"),
        ("filters[transaction_date]", ">"),
        ("filters[adjust_type]", "99999999999999999999"),
    ] {
        assert_eq!(ask(&[(name, value)]).unwrap_err().code, format!("invalid_value:{name}"), "{value}");
    }
}
