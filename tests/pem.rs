//! Names out of requests and certificates: what OpenSSL writes with every key and every kind of text, and what is left of
//! it when it is cut off, damaged or made up.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failed test")]

use certquote::pem::{Found, PemProblem, Why, is_pem, read};
use proptest::prelude::*;

fn corpus(file: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/corpus/csr/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn found(file: &str) -> Found {
    let text = corpus(file);
    assert!(is_pem(&text), "{file}");
    read(&text).unwrap_or_else(|problem| unreachable!("{file}: {problem:?}"))
}

fn base64(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            text.push(match place <= group.len() {
                true => char::from(digits[(bits >> (18 - 6 * place) & 63) as usize]),
                false => '=',
            });
        }
    }
    text
}

fn armoured(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(der))
}

/// The DER of a file of the corpus, by another reader than the one tested.
fn der(file: &str) -> Vec<u8> {
    use rustls_pki_types::pem::PemObject;
    use rustls_pki_types::{CertificateDer, CertificateSigningRequestDer};
    let text = corpus(file);
    if file.contains("csr") {
        CertificateSigningRequestDer::from_pem_slice(text.as_bytes()).unwrap().to_vec()
    } else {
        CertificateDer::from_pem_slice(text.as_bytes()).unwrap().to_vec()
    }
}

/// One value in DER.
fn value(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut bytes = vec![tag];
    match length {
        0..128 => bytes.push(length as u8),
        128..256 => bytes.extend([0x81, length as u8]),
        256..65_536 => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
        _ => bytes.extend([0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8]),
    }
    bytes.extend(contents);
    bytes
}

/// A request without a subject and with these alternative names.
fn request(names: &[u8]) -> Vec<u8> {
    let extension = [value(0x06, &[0x55, 0x1D, 0x11]), value(0x04, &value(0x30, names))].concat();
    let extensions = value(0x31, &value(0x30, &value(0x30, &extension)));
    let id = value(0x06, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E]);
    let attributes = value(0xA0, &value(0x30, &[id, extensions].concat()));
    let info = [value(0x02, &[0]), value(0x30, &[]), value(0x30, &[]), attributes].concat();
    value(0x30, &value(0x30, &info))
}

#[test]
fn reads_requests_with_every_kind_of_key() {
    for key in ["rsa", "p256", "p256-explicit", "p384", "ed25519", "ed448", "dsa"] {
        let found = found(&format!("{key}.csr.pem"));
        assert_eq!(found.names, ["www.example.com", "*.example.com", "shop.example.com"], "{key}");
        assert_eq!((found.requests, found.certificates, found.private_key), (1, 0, false), "{key}");
        assert!(found.left_out.is_empty(), "{key}");
    }
    assert_eq!(found("new-label.csr.pem").names.len(), 3);
}

#[test]
fn reads_certificates_and_what_stands_around_them() {
    for file in ["self-signed.crt.pem", "trusted.crt.pem", "text.crt.pem", "chain-indented.crt.pem"] {
        let found = found(file);
        assert_eq!(found.names, ["www.example.com", "*.example.com", "shop.example.com"], "{file}");
        assert_eq!(found.requests, 0, "{file}");
    }
    let chain = found("chain-indented.crt.pem");
    assert_eq!(chain.certificates, 2);
    assert_eq!((chain.left_out[0].text.as_str(), chain.left_out[0].why), ("Example Root CA", Why::Authority));
}

#[test]
fn finds_the_common_name_in_every_kind_of_text() {
    for mask in ["default", "pkix", "utf8only", "nombstr", "mask-0x800", "mask-0x4"] {
        assert_eq!(found(&format!("mask-{mask}.csr.pem")).names, ["www.example.com"], "{mask}");
    }
    assert_eq!(found("utf8.csr.pem").names, ["bücher.example"]);
    assert_eq!(found("no-names.csr.pem").names, ["plain.example.com"]);
    assert_eq!(found("no-subject.csr.pem").names, ["only.example.com"]);
    assert_eq!(found("several-cns.csr.pem").names, ["first.example.com", "second.example.com"]);
    assert_eq!(found("several-values.csr.pem").names, ["first.example.com", "second.example.com"]);
}

#[test]
fn passes_over_a_common_name_of_an_unknown_kind_and_tells_of_an_unreadable_one() {
    let bmp = der("mask-mask-0x800.csr.pem");
    let tag = bmp.windows(5).position(|window| window == [0x55, 0x04, 0x03, 0x1E, 30]).unwrap() + 3;
    let mut universal = bmp.clone();
    universal[tag] = 0x1C;
    assert_eq!(
        read(&armoured("CERTIFICATE REQUEST", &universal)).unwrap(),
        Found { requests: 1, ..Found::default() }
    );
    // Half of a pair of UTF-16.
    let mut half = bmp;
    half[tag + 2] = 0xD8;
    let found = read(&armoured("CERTIFICATE REQUEST", &half)).unwrap();
    assert_eq!(found.left_out.iter().map(|left| left.why).collect::<Vec<_>>(), [Why::Unreadable]);
}

#[test]
fn tells_what_is_left_out_and_why() {
    let found = found("every-kind.csr.pem");
    assert_eq!(found.names, ["192.0.2.17", "mail.example.com"]);
    let left: Vec<_> = found.left_out.iter().map(|left| (left.text.as_str(), left.why)).collect();
    assert_eq!(
        left,
        [
            ("Jane Doe", Why::NoHost),
            ("jane@example.com", Why::Email),
            ("https://example.com/a", Why::Uri),
            ("2001:0db8:0000:0000:0000:0000:0000:0001", Why::Address),
            ("", Why::OtherKind),
            ("", Why::OtherKind),
            ("", Why::OtherKind),
        ]
    );
}

#[test]
fn a_name_in_a_request_cannot_bring_in_others() {
    let names: Vec<u8> = ["a.test\nb.test", "c.test, d.test", "", "e.test\0", "f\u{202e}.test"]
        .iter()
        .flat_map(|name| value(0x82, name.as_bytes()))
        .collect();
    let found = read(&armoured("CERTIFICATE REQUEST", &request(&names))).unwrap();
    assert_eq!(found.names, [""; 0]);
    assert_eq!(found.left_out.len(), 5);
    assert!(found.left_out.iter().all(|left| left.why == Why::Unreadable && !left.text.contains('\n')));
}

#[test]
fn reads_a_full_order_and_refuses_what_no_order_holds() {
    assert_eq!(found("many.csr.pem").names.len(), 250);
    let names = |count: usize| -> Vec<u8> {
        (0..count).flat_map(|number| value(0x82, format!("host{number}.example.com").as_bytes())).collect()
    };
    assert_eq!(read(&armoured("CERTIFICATE REQUEST", &request(&names(1_999)))).unwrap().names.len(), 1_999);
    assert!(read(&armoured("CERTIFICATE REQUEST", &request(&names(2_001)))).is_err());
    let blanks = value(0x82, b"").repeat(60_000);
    assert!(read(&armoured("CERTIFICATE REQUEST", &request(&blanks))).is_err());
    assert_eq!(read(&"-----BEGIN CERTIFICATE-----".repeat(20_000)), Err(PemProblem::TooLarge));
}

#[test]
fn reads_the_ways_in_which_blocks_are_pasted() {
    let text = corpus("p256.csr.pem");
    let names = read(&text).unwrap().names;
    for pasted in [
        text.replace('\n', "\r\n"),
        text.replace('\n', " "),
        text.replace('\n', "\\n"),
        format!("{{\"csr\": \"{}\"}}", text.replace('\n', "\\n")),
        format!("Dear all,\nhere it is:\n\n{text}\nBest regards"),
        text.lines().map(|line| format!("\t{line}  \n")).collect(),
        text.replace('=', ""),
        format!("{text}{text}"),
    ] {
        assert_eq!(read(&pasted).unwrap().names, names, "{pasted}");
    }
}

#[test]
fn never_decodes_a_private_key_and_tells_of_it() {
    let key = armoured("PRIVATE KEY", b"not read at all").replace("\n", "\n!");
    assert_eq!(read(&key), Err(PemProblem::PrivateKey));
    let found = read(&[key.as_str(), &corpus("p256.csr.pem")].concat()).unwrap();
    assert!(found.private_key);
    assert_eq!(found.names.len(), 3);
}

#[test]
fn says_what_is_wrong_with_a_block() {
    let text = corpus("p256.csr.pem");
    for (pasted, problem) in [
        (String::new(), PemProblem::NoBlock),
        (corpus("other-label.pem"), PemProblem::NoBlock),
        (text.replace("-----END", ""), PemProblem::Unfinished),
        (text[..text.len() / 2].to_owned(), PemProblem::Unfinished),
        ("-----BEGIN CERTIFICATE".to_owned(), PemProblem::Unfinished),
        (text.replacen("MII", "M!I", 1), PemProblem::NotBase64),
        (text.replacen("MII", "M=I", 1), PemProblem::NotBase64),
        (text.replacen("MII", "MI", 1), PemProblem::NotBase64),
        (text.replace("CERTIFICATE REQUEST", "CERTIFICATE"), PemProblem::Malformed),
        (corpus("self-signed.crt.pem").replace("CERTIFICATE", "CERTIFICATE REQUEST"), PemProblem::Malformed),
        (armoured("CERTIFICATE", b""), PemProblem::Malformed),
        (armoured("CERTIFICATE", b"\x30\x80\x00\x00"), PemProblem::Malformed),
    ] {
        assert_eq!(read(&pasted), Err(problem), "{pasted}");
    }
}

#[test]
fn nesting_without_end_does_no_harm() {
    let mut deep = Vec::new();
    for _ in 0..5_000 {
        deep = value(0x30, &deep);
    }
    assert_eq!(read(&armoured("CERTIFICATE", &deep)), Err(PemProblem::Malformed));
    // A directory's name in a name, which nobody looks into.
    let found = read(&armoured("CERTIFICATE REQUEST", &request(&value(0xA4, &deep)))).unwrap();
    assert_eq!(found.left_out[0].why, Why::OtherKind);
}

#[test]
fn what_is_cut_off_gives_no_names_at_all() {
    for file in ["p256.csr.pem", "every-kind.csr.pem", "self-signed.crt.pem"] {
        let label = if file.contains("csr") { "CERTIFICATE REQUEST" } else { "CERTIFICATE" };
        let whole = der(file);
        for length in 0..whole.len() {
            assert_eq!(
                read(&armoured(label, &whole[..length])),
                Err(PemProblem::Malformed),
                "{file} {length}"
            );
        }
    }
}

#[test]
fn no_damaged_byte_brings_it_down() {
    for file in
        ["every-kind.csr.pem", "several-values.csr.pem", "mask-mask-0x800.csr.pem", "self-signed.crt.pem"]
    {
        let label = if file.contains("csr") { "CERTIFICATE REQUEST" } else { "CERTIFICATE" };
        let mut bytes = der(file);
        for place in 0..bytes.len() {
            let whole = bytes[place];
            for damage in [0x00, 0x01, 0x7F, 0x80, 0x84, 0xFF, whole ^ 1, whole ^ 0x20] {
                bytes[place] = damage;
                let _ = read(&armoured(label, &bytes));
            }
            bytes[place] = whole;
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..400), is_request: bool) {
        let _ = read(&armoured(if is_request { "CERTIFICATE REQUEST" } else { "CERTIFICATE" }, &bytes));
        let _ = read(&armoured("CERTIFICATE REQUEST", &request(&bytes)));
    }

    #[test]
    fn no_text_brings_it_down(text in "(-----(BEGIN|END) (CERTIFICATE|X)-----|[A-Za-z=\\\\\n]{0,9}|\\PC{0,5}){0,12}") {
        let _ = read(&text);
    }

    #[test]
    fn every_name_comes_out_as_it_went_in(names in prop::collection::btree_set("(\\*\\.)?[a-z0-9-]{1,20}(\\.[a-z0-9]{1,12}){0,4}", 0..40)) {
        let encoded: Vec<u8> = names.iter().flat_map(|name| value(0x82, name.as_bytes())).collect();
        let found = read(&armoured("CERTIFICATE REQUEST", &request(&encoded)));
        prop_assert_eq!(found.map(|found| found.names), Ok(names.into_iter().collect()));
    }
}
