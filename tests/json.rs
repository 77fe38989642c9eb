//! The reader of JSON beside `serde_json`, which is the second opinion on every document; and where it finds a fault.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use std::collections::BTreeMap;

use certquote::form::{Loose, LooseDraft};
use certquote::json::{
    self, Count, DecodeError, DecodeErrorKind, Fault, FromJson, Reader, Scalar, Text, optional, required,
};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

/// A document as both implementations can tell it: numbers as they are written, of two members of a name the last.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl<'a> FromJson<'a> for Tree {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        if reader.next_is(b'[') {
            return Vec::read(reader).map(Self::Array);
        }
        if reader.next_is(b'{') {
            let mut members = BTreeMap::new();
            reader.object(&mut |name, reader| {
                members.insert(name.to_owned(), Self::read(reader)?);
                Ok(())
            })?;
            return Ok(Self::Object(members));
        }
        Ok(match reader.scalar()? {
            Scalar::Null => Self::Null,
            Scalar::Bool(flag) => Self::Bool(flag),
            Scalar::Number(text) => Self::Number(text.to_owned()),
            Scalar::Text(text) => Self::Text(text.into_owned()),
        })
    }
}

/// Numbers compare as `serde_json` reads them, everything else as it is.
fn same(tree: &Tree, value: &Value) -> bool {
    match (tree, value) {
        (Tree::Null, Value::Null) => true,
        (Tree::Bool(one), Value::Bool(other)) => one == other,
        (Tree::Number(text), Value::Number(_)) => {
            serde_json::from_str::<Value>(text).is_ok_and(|number| number == *value)
        }
        (Tree::Text(one), Value::String(other)) => one == other,
        (Tree::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Tree::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        _ => false,
    }
}

fn skipped(text: &str) -> Result<(), DecodeError> {
    json::decode_with(text.as_bytes(), Reader::skip)
}

/// Fails unless both implementations take the document, and for the same; or both do not.
fn agree(text: &str) -> Result<(), TestCaseError> {
    // A byte order mark is let by here and refused there.
    if text.starts_with('\u{FEFF}') {
        return Ok(());
    }
    let ours = json::decode::<Tree>(text.as_bytes());
    let skipped = skipped(text);
    prop_assert_eq!(ours.as_ref().err(), skipped.as_ref().err(), "{}", text);
    match serde_json::from_str::<Value>(text) {
        Ok(theirs) => prop_assert!(ours.as_ref().is_ok_and(|ours| same(ours, &theirs)), "{text}: {ours:?}"),
        // No number is too large for a text. What ignores its size ignores halves of surrogate pairs as well.
        Err(error) if error.to_string().starts_with("number out of range") => {
            let theirs = serde_json::from_str::<IgnoredAny>(text);
            prop_assert!(text.contains('\\') || ours.is_ok() == theirs.is_ok(), "{text}: {ours:?}");
        }
        Err(error) => prop_assert!(ours.is_err(), "{text}: {error}"),
    }
    Ok(())
}

#[test]
fn agrees_with_serde_json_about_the_corners_of_the_grammar() {
    for text in [
        "",
        " ",
        "\u{A0}",
        "null",
        " true\n",
        "false ",
        "nul",
        "nulll",
        "True",
        "tru e",
        "0",
        "-0",
        "-",
        "00",
        "01",
        "-01",
        "1.",
        ".5",
        "1.5",
        "1.e1",
        "1e",
        "1e+",
        "1e5",
        "1E-05",
        "1e400",
        "+1",
        "0x1",
        "NaN",
        "Infinity",
        "1 2",
        "1,",
        "[]",
        "[",
        "]",
        "[,]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,2]",
        "[1}",
        "{}",
        "{",
        "}",
        "{]",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1,"b":[2]}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"\u0061":1,"a":2}"#,
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        r#""""#,
        r#"""#,
        r#""\"#,
        r#""\""#,
        r#""\x""#,
        r#""\/\b\f\n\r\t\\\"""#,
        "\"\t\"",
        "\"\u{7F}\"",
        "\"\0\"",
        r#""\u00e9""#,
        r#""\u00E9""#,
        r#""\u00""#,
        r#""\u00g0""#,
        r#""\u+123""#,
        r#""\uD83D\uDE00""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u0041""#,
        r#""\ud83d\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u"#,
        r#""\uFFFF""#,
        r#""\u0000""#,
        "\"é€😀\"",
        "/* c */ 1",
        "1 // c",
        "[1]\u{0}",
        "\u{C}1",
        "\u{2028}1",
        "18446744073709551616",
        "-9223372036854775809",
    ] {
        agree(text).unwrap();
    }
    for depth in [126, 127, 128, 129, 100_000] {
        agree(&["[".repeat(depth), "]".repeat(depth)].concat()).unwrap();
        agree(&[&r#"{"a":"#.repeat(depth), "1", &"}".repeat(depth)].concat()).unwrap();
        agree(&"[{\"a\":".repeat(depth)).unwrap();
    }
}

/// Any document, written with any white space and in any of the ways to write a character.
fn document() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-zé€😀 ]{0,8}",
        r#"(\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|\\ud83d\\ude0[0-9]|[a-z]){0,4}"#,
        Just("id".to_owned()),
    ];
    let string = text.prop_map(|text| ["\"", &text, "\""].concat());
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?",
        string.clone(),
    ];
    scalar.prop_recursive(5, 40, 5, move |inner| {
        let array =
            ("[ \\n\\r\\t]{0,2}", prop::collection::vec(inner.clone(), 0..5)).prop_map(|(blank, items)| {
                [&blank, "[", &items.join(&[&blank, ","].concat()), &blank, "]"].concat()
            });
        let members = prop::collection::vec((string.clone(), inner), 0..5);
        let object = ("[ \\n\\r\\t]{0,2}", members).prop_map(|(blank, members)| {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| [&blank, name, &blank, ":", &blank, value].concat())
                .collect();
            ["{", &members.join(","), &blank, "}", &blank].concat()
        });
        prop_oneof![array, object]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn any_document_is_read_as_serde_json_reads_it(text in document()) {
        agree(&text)?;
    }

    #[test]
    fn any_mutilated_document_is_refused_exactly_when_serde_json_refuses_it(
        text in document(),
        at: prop::sample::Index,
        to: prop::sample::Index,
        patch in "[\\[\\]{}:,\"\\\\0-9eE+.a-fnrtu \\n\\x00-\\x20é-]{0,3}",
    ) {
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        let rest = &text[at..];
        let to = rest.floor_char_boundary(to.index(rest.len() + 1).min(4));
        agree(&[&text[..at], &patch, &rest[to..]].concat())?;
    }

    #[test]
    fn any_document_that_is_cut_short_breaks_off(text in document(), at: prop::sample::Index) {
        let cut = &text[..text.floor_char_boundary(at.index(text.len()))];
        agree(cut)?;
        if skipped(&text).is_ok() && let Err(error) = skipped(cut) {
            prop_assert!(matches!(error.kind, DecodeErrorKind::Truncated | DecodeErrorKind::Empty), "{cut}: {error}");
        }
    }

    #[test]
    fn any_text_is_refused_exactly_when_serde_json_refuses_it(
        text in prop_oneof!["\\PC{0,30}", "[\\[\\]{}:,\"\\\\0-9eE+.a-fnrtu \\n-]{0,30}"],
    ) {
        agree(&text)?;
    }

    #[test]
    fn any_string_and_any_number_come_through_whole(text: String, number: f64) {
        let written = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(json::decode::<String>(written.as_bytes()), Ok(text));
        let written = serde_json::to_string(&number).unwrap();
        let read = json::decode::<Option<Text<'_>>>(written.as_bytes()).unwrap();
        prop_assert_eq!(read.map(Text::into_string), number.is_finite().then_some(written));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let ours = json::decode::<Tree>(&bytes);
        if let (Ok(ours), Ok(theirs)) = (ours, serde_json::from_slice::<Value>(&bytes)) {
            prop_assert!(same(&ours, &theirs));
        }
    }
}

#[test]
fn what_has_no_escapes_is_borrowed() {
    use std::borrow::Cow;

    let text = |body: &'static str| json::decode::<Text<'_>>(body.as_bytes()).unwrap().0;
    assert!(matches!(text(r#""plain é""#), Cow::Borrowed("plain é")));
    assert!(matches!(text("-1.50"), Cow::Borrowed("-1.50")));
    assert!(matches!(text(r#""\u0041\n""#), Cow::Owned(text) if text == "A\n"));
}

/// An object of objects with one member that has to be there.
#[derive(Default)]
struct Node {
    count: Count,
    inner: Option<Box<Node>>,
    list: Vec<Node>,
}

impl<'a> FromJson<'a> for Box<Node> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        Node::read(reader).map(Self::new)
    }
}

impl<'a> FromJson<'a> for Node {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut node = Self::default();
        reader.members(&mut [
            required("count", &mut node.count),
            optional("inner", &mut node.inner),
            optional("list", &mut node.list),
        ])?;
        Ok(node)
    }
}

fn node(body: &str) -> Result<Node, DecodeError> {
    json::decode(body.as_bytes())
}

#[test]
fn members_come_in_any_order_and_unknown_ones_are_passed_over() {
    let read = node(
        r#"{"list":[{"count":"2","x":[{}]},{"list":[],"count":3}],"y":null,"inner":{"count":4},"count":1}"#,
    )
    .unwrap();
    assert_eq!((read.count.0, read.inner.unwrap().count.0), (1, 4));
    assert_eq!(read.list.iter().map(|node| node.count.0).collect::<Vec<_>>(), [2, 3]);
    assert!(node(r#"{"co\u0075nt":1}"#).is_ok());
}

#[test]
fn a_fault_is_where_the_path_leads() {
    use DecodeErrorKind::{Empty, NotText, Shape, Syntax, Truncated};

    for (body, kind, path) in [
        ("", Empty, "$"),
        ("<html>", Syntax, "$"),
        ("not found", Syntax, "$"),
        ("nu", Truncated, "$"),
        ("7", Shape, "$"),
        ("[7]", Shape, "$"),
        ("{}", Shape, "$.count"),
        ("{", Truncated, "$"),
        (r#"{"count""#, Truncated, "$"),
        (r#"{"count":"#, Truncated, "$.count"),
        (r#"{"count":1"#, Truncated, "$.count"),
        (r#"{"count":1,"#, Truncated, "$.count"),
        (r#"{"count":1,}"#, Syntax, "$.count"),
        (r#"{"count":1} {"#, Syntax, "$"),
        (r#"{"count":01}"#, Syntax, "$.count"),
        (r#"{"count":true}"#, Shape, "$.count"),
        (r#"{"count":null}"#, Shape, "$.count"),
        (r#"{"count":1,"count":1}"#, Shape, "$.count"),
        (r#"{"count":1,"inner":null,"inner":null}"#, Shape, "$.inner"),
        (r#"{"count":1,"inner":[]}"#, Shape, "$.inner"),
        (r#"{"count":1,"inner":{}}"#, Shape, "$.inner.count"),
        (
            r#"{"count":1,"inner":{"inner":{"list":[{"count":2},{"list":[]}]}}}"#,
            Shape,
            "$.inner.inner.list[1].count",
        ),
        (r#"{"count":1,"list":{}}"#, Shape, "$.list"),
        (r#"{"count":1,"list":[{"count":2} {"count":3}]}"#, Syntax, "$.list[0]"),
        (r#"{"count":1,"list":[{"count":2},]}"#, Syntax, "$.list[0]"),
        (r#"{"count":1,"list":[{"count":2},null]}"#, Shape, "$.list[1]"),
        (r#"{"count":1,"other":{"a b":[1,{"c":-}]}}"#, Syntax, r#"$.other["a b"][1].c"#),
        (r#"{"count":1,"":tru}"#, Syntax, r#"$[""]"#),
        (r#"{"count":1,"\u202e\n":"\ud800"}"#, Syntax, r#"$[""]"#),
        (r#"{"count":1,"other":["x","#, Truncated, "$.other[1]"),
    ] {
        let error = node(body).err().unwrap();
        assert_eq!((error.kind, error.path.as_str()), (kind, path), "{body}: {error}");
    }
    let error = json::decode::<Node>(b"{\"count\":1,\"other\":[0,\"\xFF\"]}").err().unwrap();
    assert_eq!((error.kind, error.path.as_str()), (NotText, "$.other[1]"));
}

#[test]
fn a_path_is_cut_where_it_would_be_too_long_to_read() {
    let error = node(&r#"{"inner":"#.repeat(100)).err().unwrap();
    assert_eq!(error.path, ["$", &".inner".repeat(32), "…"].concat());
    let error = node(&[r#"{""#, &"x".repeat(1000), r#"":-}"#].concat()).err().unwrap();
    assert_eq!(error.path, ["$.", &"x".repeat(40)].concat());
}

#[test]
fn an_excerpt_begins_shortly_before_the_value_at_fault() {
    let body =
        [r#"{"before":""#, &"b".repeat(500), r#"","count":"many","after":""#, &"a".repeat(500), r#""}"#]
            .concat();
    let error = node(&body).err().unwrap();
    assert_eq!(error.detail, "count: not a whole number from 0 to 2^53 - 1");
    assert_eq!(error.excerpt.chars().count(), 120);
    assert!(error.excerpt.contains(r#"bb","count":"many","after":"aa"#), "{}", error.excerpt);
}

fn draft(body: &str) -> Result<LooseDraft, DecodeError> {
    json::decode(body.as_bytes())
}

#[test]
fn a_draft_takes_any_scalar_where_the_form_can_judge_it() {
    let read = draft(
        r#"{"dns_names":["a.example"],"product_name_id":"ssl_basic","order_validity":{"years":2,"days":"x","custom_expiration_date":null},
            "addons":[17,"token",null],"is_out_of_contract":true,"billing_address":{"country":"US","zip":84043,"city":null},"more":[{}]}"#,
    )
    .unwrap();
    let loose = |text: &str| Loose(text.to_owned());
    assert_eq!(read.dns_names, ["a.example"]);
    assert_eq!(read.product_name_id, "ssl_basic");
    let validity = read.order_validity;
    assert_eq!((validity.years, validity.days), (Some(loose("2")), Some(loose("x"))));
    assert_eq!(validity.custom_expiration_date, None);
    assert_eq!(read.addons, [loose("17"), loose("token"), loose("")]);
    assert_eq!((read.is_out_of_contract, read.renewal_of_order_valid_till), (Some(loose("true")), None));
    let address = read.billing_address.unwrap();
    assert_eq!(
        [address.country, address.state, address.city, address.zip].map(|part| part.0),
        ["US", "", "", "84043"]
    );
    assert_eq!(draft("{}"), Ok(LooseDraft::default()));
}

#[test]
fn a_draft_of_the_wrong_shape_names_its_key() {
    for (body, path) in [
        ("[]", "$"),
        ("\"ssl_basic\"", "$"),
        (r#"{"dns_names":"a.example"}"#, "$.dns_names"),
        (r#"{"dns_names":["a.example",7]}"#, "$.dns_names[1]"),
        (r#"{"product_name_id":null}"#, "$.product_name_id"),
        (r#"{"order_validity":1}"#, "$.order_validity"),
        (r#"{"order_validity":{"years":[1]}}"#, "$.order_validity.years"),
        (r#"{"addons":null}"#, "$.addons"),
        (r#"{"addons":[{"id":1}]}"#, "$.addons[0]"),
        (r#"{"billing_address":"US"}"#, "$.billing_address"),
    ] {
        assert_eq!(draft(body).unwrap_err().path, path, "{body}");
    }
}
