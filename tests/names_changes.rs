//! Changes of many names at once in the form: what was there stays, what is half typed stays, and all of it can be taken back.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use certquote::advice::{Topic, advise};
use certquote::config::Config;
use certquote::form::{Edit, Form, Loose, LooseDraft, LooseValidity, Paste, Said, Source};
use certquote::names::Layout;
use certquote::pem::PemProblem;

fn form(text: &str) -> Form {
    let mut form = Form::new(|host| idna::domain_to_ascii(host).ok(), &Config::default());
    form.edit(Edit::Names(text.to_owned()));
    form
}

fn corpus(file: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/corpus/csr/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn paste(form: &mut Form, text: &str, start: usize, end: usize) {
    let paste = form.paste(text.to_owned()).unwrap();
    form.edit(Edit::Paste(paste, start..end));
}

fn sent(form: &Form) -> Vec<String> {
    form.to_draft().dns_names
}

fn long() -> String {
    (0..1000).map(|number| format!("host{number}.example.com\n")).collect()
}

#[test]
fn a_paste_of_names_alone_is_the_browsers() {
    for text in ["a.test", "a.test\tb.test", "https://a.test/ b.te", ""] {
        assert_eq!(form("").paste(text.to_owned()), None, "{text}");
    }
}

#[test]
fn a_pasted_request_is_replaced_by_its_names_and_undo_brings_its_text() {
    let request = corpus("rsa.csr.pem");
    let mut form = form("shop.exa b.test");
    // Behind the half-typed name, in the place of the blank.
    paste(&mut form, &request, 8, 9);
    let names = form.names_text().to_owned();
    assert!(names.starts_with("shop.exa\n") && names.ends_with("\nb.test"), "{names}");
    assert!(!names.contains("BEGIN"), "{names}");
    let Said::Read(reading) = form.said() else { unreachable!("{:?}", form.said()) };
    assert_eq!(reading.names, sent(&form).len() - 2);
    assert!(matches!(reading.source, Source::Pem { requests: 1, certificates: 0, .. }));
    form.edit(Edit::Undo);
    assert_eq!(form.names_text(), ["shop.exa", &request, "b.test"].concat());
    // And once more, what was there before.
    form.edit(Edit::Undo);
    assert_eq!((form.names_text(), form.can_undo()), ("shop.exa b.test", false));
}

#[test]
fn nothing_of_a_private_key_is_kept() {
    let text = [&corpus("rsa.csr.pem"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"]
        .concat();
    let mut form = form("a.test");
    paste(&mut form, &text, 6, 6);
    assert!(
        matches!(form.said(), Said::Read(reading) if matches!(reading.source, Source::Pem { private_key: true, .. }))
    );
    form.edit(Edit::Undo);
    assert_eq!(form.names_text(), "a.test");
    paste(&mut form, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", 6, 6);
    assert_eq!(form.said(), &Said::Refused(PemProblem::PrivateKey));
    assert_eq!((form.names_text(), form.can_undo()), ("a.test", false));
}

#[test]
fn a_pasted_table_gives_its_names_and_says_what_it_leaves_out() {
    let mut form = form("");
    let table = "Host\tOwner\nwww.a.test\tJane Doe\nb.test\tWeb team\n";
    paste(&mut form, table, 0, 0);
    assert_eq!(form.names_text(), "www.a.test\nb.test");
    let Said::Read(reading) = form.said() else { unreachable!("{:?}", form.said()) };
    assert_eq!((reading.names, &reading.source), (2, &Source::Text(Layout::Table, 4)));
    form.edit(Edit::Undo);
    assert_eq!(form.names_text(), table);
}

#[test]
fn what_was_read_is_told_until_it_is_typed_over() {
    let mut form = form("");
    paste(&mut form, "Host\tOwner\nexample.com\tAnn\nexample.org\tBob\n", 0, 0);
    assert!(matches!(form.said(), Said::Read(_)));
    let text = [form.names_text(), " www.exam"].concat();
    form.edit(Edit::Names(text));
    assert!(matches!(form.said(), Said::Read(_)), "typing goes on beside it");
    form.edit(Edit::Names("example.net".to_owned()));
    assert_eq!(*form.said(), Said::Nothing);
    form.edit(Edit::File(None));
    assert_eq!(*form.said(), Said::NoText);
    form.edit(Edit::Names("example.net a".to_owned()));
    assert_eq!(*form.said(), Said::Nothing);
}

#[test]
fn a_paste_takes_the_place_of_what_is_selected_however_it_is_counted() {
    // Text boxes count in UTF-16: the face is two units.
    let mut form = form("\u{1f600}.test old.test b.test");
    paste(&mut form, "h\to\nn.test\tx\n", 8, 16);
    assert_eq!(form.names_text(), "\u{1f600}.test n.test b.test");
}

#[test]
fn a_long_paste_can_be_taken_back_before_and_after_it_is_unfolded() {
    for unfolds in [false, true] {
        let mut form = form("first.test");
        paste(&mut form, &long(), 10, 10);
        assert_eq!((form.names_text(), sent(&form).len()), ("first.test", 1001));
        form.edit(Edit::Names("first.test half.ty".to_owned()));
        if unfolds {
            form.edit(Edit::UnfoldBlock);
            assert_eq!(sent(&form).len(), 1002);
            form.edit(Edit::Undo);
        }
        form.edit(Edit::Undo);
        assert_eq!((form.names_block(), form.names_text()), (None, "first.test half.ty"));
    }
}

#[test]
fn a_removed_list_comes_back() {
    let mut form = form("");
    paste(&mut form, &long(), 0, 0);
    form.edit(Edit::RemoveBlock);
    assert_eq!(sent(&form).len(), 0);
    form.edit(Edit::Undo);
    assert_eq!(sent(&form).len(), 1000);
}

#[test]
fn one_name_is_taken_out_wherever_it_stands() {
    let mut form = form("last.test, half.ty");
    paste(&mut form, &long(), 0, 0);
    form.edit(Edit::RemoveName(1000));
    assert_eq!(form.names_text(), "half.ty");
    assert_eq!(form.said(), &Said::Removed("last.test".to_owned()));
    form.edit(Edit::RemoveName(0));
    assert_eq!(sent(&form).first().map(String::as_str), Some("host1.example.com"));
    form.edit(Edit::Undo);
    form.edit(Edit::Undo);
    assert_eq!((form.names_text(), sent(&form).len()), ("last.test, half.ty", 1002));
    // There is no such name.
    form.edit(Edit::RemoveName(5000));
    assert_eq!(sent(&form).len(), 1002);
}

#[test]
fn duplicates_go_and_nothing_else() {
    let mut form = form("a.test, A.test; b_ad https://a.test/ half.ty");
    form.edit(Edit::RemoveDuplicates);
    assert_eq!(form.names_text(), "a.test, b_ad half.ty");
    assert_eq!(form.said(), &Said::Duplicates(2));
    form.edit(Edit::Undo);
    assert_eq!(form.names_text(), "a.test, A.test; b_ad https://a.test/ half.ty");
}

#[test]
fn advice_changes_the_text_and_what_is_typed_since_outlives_its_undo() {
    let mut form = form("a.example.com b.example.com\nc.example.com d.example.com, half");
    let draft = form.check(&Config::default(), "2026-11-21".parse().unwrap()).draft;
    let advice =
        advise(&draft, &form.product()).into_iter().find(|one| one.topic == Topic::OneWildcard).unwrap();
    let set = form.names_set();
    form.edit(Edit::Follow(Box::new(advice)));
    assert_eq!(form.names_text(), "half\n*.example.com");
    assert!(form.names_set() > set, "the box has to be filled anew");
    form.edit(Edit::Names("half.test\n*.example.com".to_owned()));
    form.edit(Edit::Undo);
    // What was completed since does not come back half typed.
    assert_eq!(form.names_text(), "half.test\na.example.com\nb.example.com\nc.example.com\nd.example.com");
}

#[test]
fn a_file_joins_what_is_there() {
    let mut form = form("half.ty");
    form.edit(Edit::File(Some("a.test\nb.test\n".to_owned())));
    assert_eq!(form.names_text(), "half.ty\na.test\nb.test\n");
    form.edit(Edit::File(Some(corpus("rsa.csr.pem"))));
    assert!(matches!(form.said(), Said::Read(_)));
    form.edit(Edit::Undo);
    form.edit(Edit::Undo);
    assert_eq!(form.names_text(), "half.ty");
    for binary in [None, Some("0\u{0}1".to_owned())] {
        form.edit(Edit::File(binary));
        assert_eq!((form.said(), form.names_text(), form.can_undo()), (&Said::NoText, "half.ty", false));
    }
}

#[test]
fn another_draft_has_nothing_to_take_back() {
    let mut form = form("");
    form.edit(Edit::Paste(Paste::Long(long()), 0..0));
    assert!(form.can_undo());
    assert!(!form.cleared(&Config::default()).can_undo());
}

#[test]
fn another_order_leaves_names_that_are_the_same_and_the_others_can_be_brought_back() {
    let config = Config::default();
    let order = |names: &[&str], years: &str| LooseDraft {
        dns_names: names.iter().map(|name| (*name).to_owned()).collect(),
        product_name_id: "ssl_basic".to_owned(),
        order_validity: LooseValidity { years: Some(Loose(years.to_owned())), ..LooseValidity::default() },
        ..LooseDraft::default()
    };
    let typed = "https://a.test/,  B.test";
    let same = form(typed).with_order(order(&["a.test", "b.test"], "2"), &config);
    assert_eq!((same.names_text(), same.years.as_str(), same.can_undo()), (typed, "2", false));
    let mut other = form("a.test shop.exa").with_order(order(&["b.test"], "1"), &config);
    assert_eq!(other.names_text(), "b.test");
    other.edit(Edit::Undo);
    assert_eq!(other.names_text(), "a.test shop.exa");
}
