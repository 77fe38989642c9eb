//! The flags that say who may ask: what is refused at the start, and in which words.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use clap::Parser as _;

use super::*;

#[derive(clap::Parser)]
struct Alone {
    #[command(flatten)]
    who: WhoArgs,
}

fn args(flags: &str) -> WhoArgs {
    let all = std::iter::once("x").chain(flags.split_whitespace());
    Alone::try_parse_from(all).unwrap_or_else(|error| panic!("{error}")).who
}

fn refusal(flags: &str) -> String {
    args(flags).who(false, &mut Vec::new()).map(drop).unwrap_err().to_string()
}

#[test]
fn an_address_that_others_reach_needs_a_word_on_who_may_ask() {
    let refused = |flags: &str, address: &str| {
        args(flags).may_listen(&[address.parse().unwrap()]).map_err(|error| error.to_string())
    };
    for open in ["0.0.0.0:80", "[::]:80", "192.168.1.1:80", "[2001:db8::1]:80", "[::ffff:10.0.0.1]:80"] {
        let words = refused("", open).unwrap_err();
        for part in [open, "--auth header:NAME", "--trusted-proxy", "--auth jwt", "--auth none"] {
            assert!(words.contains(part), "{part} in {words}");
        }
        assert!(refused("--auth=", open).is_err());
        for said in ["--auth none", "--auth jwt", "--auth header:x-user"] {
            assert_eq!(refused(said, open), Ok(()), "{said}");
        }
    }
    for closed in ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
        assert_eq!(refused("", closed), Ok(()), "{closed}");
    }
    let both = ["127.0.0.1:80".parse().unwrap(), "10.0.0.1:80".parse().unwrap()];
    assert!(args("").may_listen(&both).is_err());
}

#[test]
fn what_a_way_of_authentication_needs_is_said() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}").unwrap();
    let keys = keys.path().display();
    for (flags, words) in [
        ("--auth sso", "write header:NAME, jwt or none"),
        ("--auth JWT", "write header:NAME, jwt or none"),
        ("--auth header:x-user", "needs --trusted-proxy CIDR"),
        ("--auth header:x-user --trusted-proxy ,", "needs --trusted-proxy CIDR"),
        ("--auth header:x-user --trusted-proxy 10.0.0.0/64", "write a network"),
        ("--auth header:x-user --trusted-proxy proxy.example", "write a network"),
        ("--auth header: --trusted-proxy ::1", "no name of a header"),
        ("--auth header:x:user --trusted-proxy ::1", "no name of a header"),
        ("--auth header:x-user --trusted-proxy ::1 --auth-groups-header a/b", "no name of a header"),
        ("--auth jwt", "needs --jwt-issuer"),
        ("--auth jwt --jwt-issuer i", "needs --jwt-audience"),
        ("--auth jwt --jwt-issuer i --jwt-audience a", "needs --jwt-jwks"),
        ("--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks /nowhere/keys", "/nowhere/keys"),
        (&format!("--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks {keys}"), "no key that can verify"),
        (
            "--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks http://issuer.example/k?s=geheim",
            "over https",
        ),
        ("--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks http://127.0.0.1.example/", "over https"),
        ("--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks ftp://127.0.0.1/k", "over https"),
        (
            "--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks http://u:geheim@localhost/",
            "no credentials",
        ),
        ("--trusted-proxy ::1", "means nothing without --auth header:NAME"),
        ("--auth jwt --trusted-proxy ::1", "means nothing without --auth header:NAME"),
        ("--auth none --auth-groups-header x", "means nothing without --auth header:NAME"),
        ("--jwt-issuer i", "means nothing without --auth jwt"),
        ("--auth header:x --trusted-proxy ::1 --jwt-jwks k", "means nothing without --auth jwt"),
        ("--access /nowhere/rules", "/nowhere/rules"),
        ("--audit-log /nowhere/audit", "/nowhere/audit"),
        ("--host q.example:80", "without a port"),
        ("--host https://q.example", "without a port"),
    ] {
        let refusal = refusal(flags);
        assert!(refusal.contains(words) && !refusal.contains("geheim"), "{flags}: {refusal}");
    }
}

#[test]
fn what_is_complete_is_taken() {
    for flags in [
        "",
        "--auth none",
        "--auth= --trusted-proxy= --jwt-issuer= --host=",
        "--auth header:Remote-User --trusted-proxy 10.0.0.0/8,::1 --trusted-proxy 127.0.0.1",
        "--auth jwt --jwt-issuer i --jwt-audience a,b --jwt-jwks http://127.0.0.1:1/k",
        "--auth jwt --jwt-issuer i --jwt-audience a --jwt-jwks http://[::1]:1/k",
        "--host q.example,[::1] --host 127.0.0.1",
    ] {
        assert!(args(flags).who(false, &mut Vec::new()).is_ok(), "{flags}");
    }
}

#[test]
fn rules_that_were_meant_but_not_named_are_not_left_out() {
    for flags in ["--access=", "--audit-log="] {
        assert!(Alone::try_parse_from(["x", flags]).is_err(), "{flags}");
    }
}

#[test]
fn a_broken_file_of_rules_refuses_the_start_with_its_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "[users.alice]\nquotes = true\n").unwrap();
    let refusal = refusal(&format!("--access {}", file.path().display()));
    assert!(refusal.contains("line 2") && refusal.contains("quotes"), "{refusal}");
}
