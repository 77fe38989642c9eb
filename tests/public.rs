//! The public values as the page gets them, beside what `serde_json` makes of them, which is the second opinion.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use certquote::amount::Amount;
use certquote::api::Endpoint;
use certquote::api::order_pricing::OrderPricing;
use certquote::balance::{AccountDetails, Balance, BalanceSource};
use certquote::date::Date;
use certquote::draft::{BillingAddress, Draft, OrderValidity};
use certquote::error::{CertError, ErrorCode, Evidence, FieldError};
use certquote::form::{Loose, LooseAddress, LooseDraft, LooseValidity};
use certquote::funds::Funds;
use certquote::history::{Adjustment, History};
use certquote::json::{self, ToJson};
use certquote::low::{Level, LowBalance};
use certquote::quote::{AddonLine, Line, LineKind, Quote};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

/// Whether both ways to write a value say the same.
fn agree<T: ToJson + Serialize>(value: &T) -> Result<(), TestCaseError> {
    let ours = json::to_string(value);
    let read: Value =
        serde_json::from_str(&ours).map_err(|error| TestCaseError::fail(format!("{error}: {ours}")))?;
    prop_assert_eq!(read, serde_json::to_value(value).unwrap());
    Ok(())
}

/// Any text, and those that a writer trips over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x20\"\\\\/\\x7F\\u2028\\u2029{}\\[\\]:,é😀]{0,12}",
        Just(String::new()),
        Just(":null".to_owned()),
        Just("null".to_owned()),
        Just(":[]".to_owned()),
        Just("{".to_owned()),
    ]
}

fn amount() -> impl Strategy<Value = Amount> {
    "-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,6})?".prop_map(|text| Amount::parse(&text).unwrap())
}

fn date() -> impl Strategy<Value = Date> {
    (1u16..10_000, 1u8..13, 1u8..29)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}").parse().unwrap())
}

fn option<T: Strategy>(value: T) -> impl Strategy<Value = Option<T::Value>>
where
    T::Value: Clone,
{
    prop::option::of(value)
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4)
}

fn draft() -> impl Strategy<Value = Draft> {
    let validity = prop_oneof![
        any::<u32>().prop_map(OrderValidity::Years),
        any::<u32>().prop_map(OrderValidity::Days),
        date().prop_map(OrderValidity::CustomExpirationDate),
    ];
    let address = [text(), text(), text(), text()].prop_map(|[country, state, city, zip]| BillingAddress {
        country,
        state,
        city,
        zip,
    });
    (texts(), text(), validity, texts(), any::<Option<bool>>(), option(date()), option(address)).prop_map(
        |(dns_names, product, order_validity, addons, list_price, renewal, billing_address)| Draft {
            dns_names,
            product_name_id: product,
            order_validity,
            addons,
            is_out_of_contract: list_price,
            renewal_of_order_valid_till: renewal,
            billing_address,
        },
    )
}

fn loose_draft() -> impl Strategy<Value = LooseDraft> {
    let loose = || prop_oneof![text(), " ?[0-9]{1,11}", Just("true".to_owned())].prop_map(Loose);
    let validity = [option(loose()), option(loose()), option(loose())].prop_map(
        |[years, days, custom_expiration_date]| LooseValidity { years, days, custom_expiration_date },
    );
    let address = [loose(), loose(), loose(), loose()].prop_map(|[country, state, city, zip]| LooseAddress {
        country,
        state,
        city,
        zip,
    });
    let addons = prop::collection::vec(loose(), 0..3);
    (texts(), text(), validity, addons, option(loose()), option(loose()), option(address)).prop_map(
        |(dns_names, product, order_validity, addons, list_price, renewal, billing_address)| LooseDraft {
            dns_names,
            product_name_id: product,
            order_validity,
            addons,
            is_out_of_contract: list_price,
            renewal_of_order_valid_till: renewal,
            billing_address,
        },
    )
}

fn quote() -> impl Strategy<Value = Quote> {
    let kind = prop::sample::select(vec![
        LineKind::Base,
        LineKind::Fqdns,
        LineKind::Wildcards,
        LineKind::Addons,
        LineKind::SanPackage,
        LineKind::Discount,
        LineKind::Other,
        LineKind::Tax,
    ]);
    let line =
        (kind, amount(), any::<Option<u64>>()).prop_map(|(line, amount, units)| Line { line, amount, units });
    let addon = (text(), any::<Option<u64>>(), option(amount()), option(amount()))
        .prop_map(|(product_id, units, price, subtotal)| AddonLine { product_id, units, price, subtotal });
    let funds = ([option(amount()), option(amount()), option(amount())], any::<bool>()).prop_map(
        |([available, after, shortfall], unlimited)| Funds { available, after, shortfall, unlimited },
    );
    let lists = (prop::collection::vec(line, 0..4), prop::collection::vec(addon, 0..3));
    (
        draft(),
        lists,
        [option(amount()), option(amount())],
        [text(), text()],
        any::<[bool; 3]>(),
        option(funds),
    )
        .prop_map(|(draft, (lines, addon_details), amounts, [currency, priced_at], flags, funds)| {
            let ([total, account_balance], [tax_error, unknown, sandbox]) = (amounts, flags);
            Quote {
                draft,
                lines,
                total,
                currency,
                tax_error,
                unknown,
                account_balance,
                funds,
                priced_at,
                addon_details,
                fqdns_counted: Some(1),
                wildcards_counted: None,
                sandbox,
            }
        })
}

fn balance() -> impl Strategy<Value = Balance> {
    let source = prop::sample::select(vec![
        BalanceSource::Account,
        BalanceSource::Subaccount,
        BalanceSource::Frontier,
    ]);
    let details =
        [option(amount()), option(amount()), option(amount()), option(amount())].prop_map(|figures| {
            let [unpaid, limit, used, available] = figures;
            AccountDetails {
                unpaid_invoice_balance: unpaid,
                negative_balance_limit: limit,
                used_credit_from_other_containers: used,
                total_available_funds: available,
            }
        });
    let figures = (amount(), option(amount()), any::<bool>());
    (source, figures, [text(), text()], option(text()), option(details)).prop_map(
        |(source, (amount, available, unlimited), [currency, fetched_at], updated_at, details)| Balance {
            source,
            amount,
            currency,
            fetched_at,
            available,
            unlimited,
            updated_at,
            details,
        },
    )
}

fn error() -> impl Strategy<Value = CertError> {
    let code = prop::sample::select(vec![
        ErrorCode::Network,
        ErrorCode::Timeout,
        ErrorCode::Cancelled,
        ErrorCode::Unauthorized,
        ErrorCode::Forbidden,
        ErrorCode::NotFound,
        ErrorCode::InvalidRequest,
        ErrorCode::RateLimited,
        ErrorCode::Upstream,
        ErrorCode::Unreadable,
        ErrorCode::Misconfigured,
        ErrorCode::InvalidDraft,
    ]);
    let field = [text(), text()].prop_map(|[field, message]| FieldError { field, message });
    let evidence = (option(text()), option(text()), text())
        .prop_map(|(path, detail, excerpt)| Box::new(Evidence { path, detail, excerpt }));
    let fields = prop::collection::vec(field, 0..3);
    (
        code,
        text(),
        any::<Option<u16>>(),
        any::<bool>(),
        any::<Option<u64>>(),
        texts(),
        fields,
        (option(text()), option(evidence)),
    )
        .prop_map(
            |(
                code,
                message,
                status,
                retryable,
                retry_after_ms,
                upstream_codes,
                fields,
                (request_id, evidence),
            )| {
                CertError {
                    code,
                    message,
                    endpoint: "finance/\"balance\"",
                    status,
                    retryable,
                    retry_after_ms,
                    upstream_codes,
                    fields,
                    request_id,
                    evidence,
                }
            },
        )
}

fn history() -> impl Strategy<Value = History> {
    let texts = || (option(text()), option(text()), option(text()), option(text()));
    let adjustment = ([text(), text(), text()], [option(amount()), option(amount())], texts(), texts())
        .prop_map(|([id, date, kind], [amount, balance_after], texts, others)| {
            let (currency, expiration_date, note, receipt_id) = texts;
            let (container_id, container_name, order_id, _) = others;
            Adjustment {
                id,
                date,
                kind,
                amount,
                balance_after,
                currency,
                expiration_date,
                note,
                receipt_id,
                container_id,
                container_name,
                order_id,
            }
        });
    (prop::collection::vec(adjustment, 0..3), any::<[u64; 3]>())
        .prop_map(|(adjustments, [total, offset, limit])| History { adjustments, total, offset, limit })
}

/// The order that the reference documents, of any draft.
fn order(draft: &Draft) -> Value {
    let mut order = json!({
        "certificate": {"dns_names": draft.dns_names},
        "order_validity": draft.order_validity,
        "product_name_id": draft.product_name_id,
    });
    let mut add = |name: &str, value: Value| order[name] = value;
    if let OrderValidity::Years(years) = draft.order_validity {
        add("validity_years", years.into());
    }
    if !draft.addons.is_empty() {
        add("addons", json!(draft.addons));
    }
    if let Some(list_price) = draft.is_out_of_contract {
        add("is_out_of_contract", u8::from(list_price).into());
    }
    if let Some(date) = draft.renewal_of_order_valid_till {
        add("renewal_of_order_valid_till", json!(date));
    }
    if let Some(address) = &draft.billing_address {
        let mut sent = json!({"country": address.country, "city": address.city});
        for (name, value) in [("state", &address.state), ("zip", &address.zip)] {
            if !value.is_empty() {
                sent[name] = json!(value);
            }
        }
        add("billing_address", sent);
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_is_written_as_serde_json_reads_it(text in text(), more in texts()) {
        agree(&text)?;
        agree(&more)?;
    }

    #[test]
    fn any_number_and_any_flag_is_written_as_serde_json_writes_it(number: u64, small: u32, flag: Option<bool>) {
        prop_assert_eq!(json::to_string(&number), number.to_string());
        prop_assert_eq!(json::to_string(&small), small.to_string());
        prop_assert_eq!(json::to_string(&flag), serde_json::to_string(&flag).unwrap());
    }

    #[test]
    fn any_amount_and_any_day_is_a_text_of_its_digits(amount in amount(), date in date()) {
        prop_assert_eq!(json::to_string(&amount), format!("\"{amount}\""));
        prop_assert_eq!(json::to_string(&date), format!("\"{date}\""));
    }

    #[test]
    fn any_quote_is_what_serde_makes_of_it(quote in quote()) {
        agree(&quote)?;
    }

    #[test]
    fn any_draft_is_what_serde_makes_of_it(draft in draft(), loose in loose_draft()) {
        agree(&draft)?;
        agree(&loose)?;
    }

    #[test]
    fn any_balance_is_what_serde_makes_of_it(balance in balance(), threshold in amount()) {
        agree(&balance)?;
        for level in [Level::Ok, Level::Approaching, Level::Low] {
            let currency = balance.currency.clone();
            agree(&LowBalance { level, amount: balance.amount, threshold, currency })?;
        }
    }

    #[test]
    fn any_history_is_what_serde_makes_of_it(history in history()) {
        agree(&history)?;
    }

    #[test]
    fn any_error_is_what_serde_makes_of_it(error in prop::option::of(error())) {
        agree(&error)?;
    }

    #[test]
    fn any_order_is_sent_as_documented(draft in draft()) {
        let body = OrderPricing { draft: &draft }.request().body.unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), order(&draft));
    }
}

#[test]
fn control_characters_are_escaped_and_nothing_else_is() {
    assert_eq!(
        json::to_string(&"\u{0}\t\n\u{1f}\u{7f}\u{2028}\"\\/é"),
        "\"\\u0000\\u0009\\u000a\\u001f\u{7f}\u{2028}\\\"\\\\/é\""
    );
    assert_eq!(json::to_string(&[0, 7, 10, u64::MAX].map(Some).to_vec()), "[0,7,10,18446744073709551615]");
    assert_eq!(json::to_string(&vec![Vec::<String>::new(), vec![String::new()]]), "[[],[\"\"]]");
}
