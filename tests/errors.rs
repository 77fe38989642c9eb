//! From a status, a body or a broken connection to the error that a buyer reads and a program acts on.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use certquote::error::{CertError, ErrorCode, FieldError};
use certquote::transport::{Response, TransportError};
use certquote::words::errors::EN;
use proptest::prelude::*;
use serde_json::json;

const PRICING: &str = "finance/order-pricing";
const BALANCE: &str = "finance/balance";
const SUBACCOUNT: &str = "account/subaccount/{id}/balance";
const FRONTIER: &str = "v1beta1/organizations/{org_id}/billing/{id}/balance";

fn error(endpoint: &'static str, status: u16, body: &str) -> CertError {
    let response = Response { status, body: body.as_bytes().to_vec(), ..Response::default() };
    CertError::from_response(endpoint, &response, &EN)
}

fn digicert(code: &str) -> String {
    json!({"errors": [{"code": code, "message": "The API's own words."}]}).to_string()
}

#[test]
fn every_status_has_its_code() {
    use ErrorCode::{Forbidden, InvalidRequest, NotFound, RateLimited, Timeout, Unauthorized, Upstream};

    for (statuses, code) in [
        (&[401][..], Unauthorized),
        (&[403], Forbidden),
        (&[404], NotFound),
        (&[400, 402, 405, 406, 409, 410, 413, 415, 418, 422, 451, 499], InvalidRequest),
        (&[408, 504], Timeout),
        (&[429], RateLimited),
        (&[500, 501, 502, 503, 599], Upstream),
        (&[100, 101, 300, 301, 302, 304, 307, 308, 0, 600, 999], Upstream),
    ] {
        for &status in statuses {
            let error = error(BALANCE, status, "");
            assert_eq!(error.code, code, "{status}");
            assert_eq!(error.status, Some(status));
            assert_eq!(error.retryable, code.retryable());
        }
    }
}

#[test]
fn what_may_succeed_later_is_retryable() {
    use ErrorCode::{
        Cancelled, Forbidden, InvalidDraft, InvalidRequest, Misconfigured, Network, NotFound, RateLimited,
        Timeout, Unauthorized, Unreadable, Upstream,
    };

    for code in [Network, Timeout, Upstream, RateLimited, Unreadable] {
        assert!(code.retryable(), "{}", code.as_str());
    }
    for code in [Cancelled, Unauthorized, Forbidden, NotFound, InvalidRequest, Misconfigured, InvalidDraft] {
        assert!(!code.retryable(), "{}", code.as_str());
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
}

#[test]
fn a_recorded_invalid_key_is_unauthorized_though_it_is_a_403() {
    let body = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key","message":"Access denied due to access_denied_invalid_key."}]}"#;
    let error = error(PRICING, 403, body);
    assert_eq!(error.code, ErrorCode::Unauthorized);
    assert_eq!(error.upstream_codes, ["access_denied", "access_denied_invalid_key"]);
    assert_eq!(error.message, EN.invalid_key);
    assert_eq!(
        error.evidence.unwrap().detail.as_deref(),
        Some("Access denied due to access_denied_invalid_key.")
    );
}

#[test]
fn an_id_of_the_request_is_kept_short_and_clean() {
    let response = Response {
        status: 500,
        request_id: Some(format!("a\u{7}b{}", "c".repeat(500))),
        ..Response::default()
    };
    let id = CertError::from_response(BALANCE, &response, &EN).request_id.unwrap();
    assert!(id.starts_with('a') && id.len() < 90 && !id.contains(char::is_control), "{id}");
    assert_eq!(error(BALANCE, 500, "").request_id, None);
}

#[test]
fn serialises_to_the_public_type() {
    let response = Response {
        status: 429,
        retry_after: Some("5".to_owned()),
        request_id: Some("7fce94b8-00000081".to_owned()),
        body: digicert("request_limit_exceeded").into_bytes(),
        ..Response::default()
    };
    let error = CertError::from_response(BALANCE, &response, &EN);
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        json!({
            "code": "rate_limited", "message": EN.rate_limited, "endpoint": "finance/balance", "status": 429,
            "retryable": true, "retry_after_ms": 5000, "upstream_codes": ["request_limit_exceeded"], "fields": [],
            "request_id": "7fce94b8-00000081",
            "evidence": {
                "detail": "The API's own words.",
                "excerpt": "{\"errors\":[{\"code\":\"request_limit_exceeded\",\"message\":\"The API's own words.\"}]}"
            }
        })
    );
    let offline = CertError::from_transport(BALANCE, TransportError::Network { offline: true }, &EN);
    assert_eq!(
        serde_json::to_value(&offline).unwrap(),
        json!({
            "code": "network", "message": EN.offline, "endpoint": "finance/balance", "status": null,
            "retryable": true, "retry_after_ms": null, "upstream_codes": [], "fields": []
        })
    );
}

#[test]
fn retry_after_is_taken_in_seconds_only() {
    for (header, expected) in [
        ("0", Some(0)),
        (" 120 ", Some(120_000)),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Sat, 21 Nov 2026 12:00:00 GMT", None),
        ("99999999999999999999", None),
        ("18446744073709551615", None),
    ] {
        let response = Response {
            status: 503,
            retry_after: Some(header.to_owned()),
            body: Vec::new(),
            ..Response::default()
        };
        assert_eq!(CertError::from_response(BALANCE, &response, &EN).retry_after_ms, expected, "{header:?}");
    }
}

#[test]
fn codes_are_found_in_every_shape_in_use() {
    for (body, codes) in [
        (digicert("not_found|order"), &["not_found", "order"][..]),
        (digicert("invalid_value:validity_years"), &["invalid_value", "validity_years"]),
        (digicert("a|b:c|a||"), &["a", "b", "c"]),
        (json!({"errors": [{"code": "a"}, {"code": "b|a"}, {"message": "m"}]}).to_string(), &["a", "b"]),
        (json!({"errors": {"code": "access_denied", "message": "m"}}).to_string(), &["access_denied"]),
        (json!({"errors": [{"code": "x", "description": "older"}]}).to_string(), &["x"]),
        (json!({"code": 16, "message": "not authenticated", "details": []}).to_string(), &["16"]),
        (json!({"code": "not_found", "message": "not found"}).to_string(), &["not_found"]),
        (json!({"code": 13, "message": "failed to marshal error message"}).to_string(), &["13"]),
        (json!({"error": {"code": "invalid_api_key", "message": "m"}}).to_string(), &["invalid_api_key"]),
        (json!({"error": "broken"}).to_string(), &[]),
        (json!({"errors": ["broken", 7, null, {"code": "x"}]}).to_string(), &["x"]),
        (json!({"errors": null, "code": null}).to_string(), &[]),
        (json!({"code": {"deep": []}, "message": []}).to_string(), &[]),
        ("<html><title>Request unsuccessful. Incapsula incident</title></html>".to_owned(), &[]),
        (String::new(), &[]),
        ("[]".to_owned(), &[]),
        ("{\"errors\":[{\"code\":\"cut".to_owned(), &[]),
    ] {
        let error = error(BALANCE, 400, &body);
        assert_eq!(error.upstream_codes, codes, "{body}");
        assert_eq!(error.code, ErrorCode::InvalidRequest);
        assert_eq!(error.message, EN.invalid_request);
    }
}

#[test]
fn descriptions_stand_in_for_messages() {
    let older =
        error(BALANCE, 400, r#"{"errors":[{"code":"x","description":"older"},{"message":"and more"}]}"#);
    assert_eq!(older.evidence.unwrap().detail.as_deref(), Some("older and more"));
}

#[test]
fn what_is_of_no_use_in_an_error_hides_nothing_else() {
    let body = r#"{"code":{"deep":[1]},"message":"m","errors":[{"code":"a\u007cb","message":null,"description":"d"},[]]}"#;
    let odd = error(BALANCE, 400, body);
    assert_eq!(odd.upstream_codes, ["a", "b"]);
    assert_eq!(odd.evidence.unwrap().detail.as_deref(), Some("d m"));
    let broken = error(BALANCE, 400, &[body, "}"].concat());
    assert_eq!((broken.upstream_codes, broken.evidence.unwrap().detail), (Vec::new(), None));
}

#[test]
fn each_trouble_says_what_to_do() {
    let frontier =
        |code: u8, message: &str| json!({"code": code, "message": message, "details": []}).to_string();
    for (endpoint, status, body, message) in [
        (PRICING, 403, digicert("access_denied|missing_permission"), EN.missing_permission_pricing),
        (BALANCE, 403, digicert("access_denied|missing_permission"), EN.missing_permission),
        (BALANCE, 403, digicert("access_denied"), EN.forbidden),
        (BALANCE, 404, digicert("not_found|route"), EN.not_found),
        (SUBACCOUNT, 404, digicert("not_found"), EN.subaccount_not_found),
        (FRONTIER, 404, frontier(5, "customer doesn't exist"), EN.billing_not_found),
        (FRONTIER, 404, frontier(5, "user doesn't exist"), EN.user_gone),
        (FRONTIER, 404, "404 page not found".to_owned(), EN.billing_not_found),
        (FRONTIER, 403, frontier(7, "invalid arguments"), EN.wrong_organization),
        (FRONTIER, 403, frontier(7, "not authorized"), EN.forbidden),
        (FRONTIER, 401, frontier(16, "not authenticated"), EN.unauthorized),
        (FRONTIER, 503, frontier(14, "dial tcp 10.0.0.7:8080"), EN.upstream),
        (FRONTIER, 504, frontier(4, "deadline"), EN.timeout),
        (BALANCE, 429, digicert("request_limit_exceeded"), EN.rate_limited),
    ] {
        assert_eq!(error(endpoint, status, &body).message, message, "{endpoint} {status} {body}");
    }
    assert_eq!(error(FRONTIER, 403, &frontier(7, "not authorized")).upstream_codes, ["7"]);
    assert!(EN.missing_permission_pricing.contains("View Only"));
    assert!(EN.offline.contains("offline"));
}

#[test]
fn without_an_answer_the_reason_is_in_the_code() {
    for (reason, code, message) in [
        (TransportError::Network { offline: true }, ErrorCode::Network, EN.offline),
        (TransportError::Network { offline: false }, ErrorCode::Network, EN.network),
        (TransportError::Timeout, ErrorCode::Timeout, EN.timeout),
        (TransportError::Cancelled, ErrorCode::Cancelled, EN.cancelled),
        (TransportError::NoHeaders, ErrorCode::Unauthorized, EN.unauthorized),
        (TransportError::BadHeaders, ErrorCode::Misconfigured, EN.bad_headers),
    ] {
        let error = CertError::from_transport(PRICING, reason, &EN);
        assert_eq!((error.code, error.message.as_str(), error.status), (code, message, None));
    }
}

#[test]
fn a_refused_value_is_tied_to_its_field() {
    for (code, field) in [
        ("invalid_value:validity_years", "order_validity"),
        ("invalid_value:validity_days", "order_validity"),
        ("invalid_value:custom_expiration_date", "order_validity"),
        ("invalid_value:product_name_id", "product_name_id"),
        ("invalid_value:dns_names", "dns_names"),
        ("invalid_value:zip", "billing_address.zip"),
        ("invalid_value:billing_address.state", "billing_address.state"),
    ] {
        let error = error(PRICING, 400, &digicert(code));
        let expected = FieldError { field: field.to_owned(), message: EN.refused_field.to_owned() };
        assert_eq!(error.fields, [expected], "{code}");
        assert_eq!(error.message, EN.invalid_fields);
    }
    assert_eq!(error(PRICING, 400, &digicert("invalid_value:shoe_size")).fields, []);
    assert_eq!(error(PRICING, 400, &digicert("not_found|zip")).fields, []);
    assert_eq!(error(BALANCE, 400, &digicert("invalid_value:zip")).fields, []);
}

#[test]
fn attributes_and_drafts_have_errors_of_their_own() {
    let unusable = CertError::unusable_attribute(BALANCE, "low-balance", &EN);
    assert_eq!(unusable.code, ErrorCode::Misconfigured);
    assert!(unusable.message.contains("“low-balance”"));
    assert!(CertError::missing_attribute(FRONTIER, "org-id", &EN).message.contains("“org-id”"));

    let field = FieldError { field: "dns_names[1]".to_owned(), message: "No underscores.".to_owned() };
    let draft = CertError::invalid_draft(vec![field], &EN);
    assert_eq!((draft.code, draft.endpoint), (ErrorCode::InvalidDraft, PRICING));
    assert_eq!(
        serde_json::to_value(&draft).unwrap()["fields"],
        json!([{"field": "dns_names[1]", "message": "No underscores."}])
    );
    assert_eq!(CertError::cancelled(PRICING, &EN).code, ErrorCode::Cancelled);
}

#[test]
fn nothing_of_the_upstream_reaches_the_sentence() {
    let html = "<html><script>alert(1)</script>\u{202E}\0\u{7}\r\n\t<b>502</b></html>".repeat(20);
    let error = error(PRICING, 502, &html);
    assert_eq!(error.message, EN.upstream);
    let excerpt = error.evidence.unwrap().excerpt;
    assert!(excerpt.chars().count() <= 120, "{excerpt}");
    assert!(!excerpt.contains(|character: char| character.is_control() || character == '\u{202E}'));
}

#[test]
fn a_400_without_a_division_says_where_to_set_one() {
    const HISTORY: &str = "finance/balance-history";
    let refused = |endpoint, status| error(endpoint, status, &digicert("any_code")).about_divisions(&EN);
    for endpoint in [BALANCE, HISTORY] {
        let refused = refused(endpoint, 400);
        assert_eq!(
            (refused.code, refused.message.as_str()),
            (ErrorCode::InvalidRequest, EN.several_divisions)
        );
        assert_eq!(refused.upstream_codes, ["any_code"]);
    }
    for (endpoint, status) in
        [(BALANCE, 403), (BALANCE, 404), (HISTORY, 422), (PRICING, 400), (SUBACCOUNT, 400)]
    {
        assert_eq!(refused(endpoint, status), error(endpoint, status, &digicert("any_code")));
    }
    let invalid_key = error(BALANCE, 400, &digicert("access_denied|access_denied_invalid_key"));
    assert_eq!(invalid_key.clone().about_divisions(&EN), invalid_key);
}

proptest! {
    #[test]
    fn any_body_of_any_status_becomes_an_error(status: u16, body in proptest::collection::vec(any::<u8>(), 0..120)) {
        let error = CertError::from_response(PRICING, &Response { status, body, ..Response::default() }, &EN);
        prop_assert!(!error.message.is_empty());
        prop_assert_eq!(error.status, Some(status));
    }

    #[test]
    fn any_code_is_split_cleanly(code in "[a-z|: \\u{0}-\\u{20}é]{0,40}") {
        let error = error(BALANCE, 400, &digicert(&code));
        for (position, part) in error.upstream_codes.iter().enumerate() {
            prop_assert!(!part.is_empty() && !part.contains(['|', ':']));
            prop_assert!(!error.upstream_codes.iter().take(position).any(|earlier| earlier == part));
        }
    }
}
