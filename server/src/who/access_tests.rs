//! Rules against requests: what is granted, and that nothing else is.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use super::*;

const ORG: &str = "11111111-2222-3333-4444-55555555555a";
const BILLING: &str = "aaaaaaaa-2222-3333-4444-555555555555";

const RULES: &str = r#"
[everyone]
quote = true

[users.alice]
containers = ["5"]
subaccounts = ["42"]

[users.whole]
containers = ["none"]

[users.named]
containers = ["*"]
subaccounts = ["*"]

[users.all]
containers = ["none", "*"]
frontier = ["*"]

[groups.finance]
containers = ["none", "7"]
frontier = ["11111111-2222-3333-4444-55555555555A/*"]

[groups.one]
frontier = ["11111111-2222-3333-4444-55555555555a/AAAAAAAA-2222-3333-4444-555555555555"]
"#;

fn permits(rules: &str, who: &str, endpoint: &Endpoint, raw: &str) -> bool {
    let names: Vec<&str> = who.split(' ').collect();
    let asker = Asker::known(names[0], &names[1..]).unwrap_or(Asker::anonymous());
    let query = query::documented(endpoint, Some(raw)).unwrap();
    Access::new(Rules::read(rules.as_bytes()).unwrap()).permits(&asker, endpoint, &query)
}

fn table(endpoint: &Endpoint, granted: &[(&str, &str)], refused: &[(&str, &str)]) {
    for (who, raw) in granted {
        assert!(permits(RULES, who, endpoint, raw), "{who}: {raw}");
    }
    for (who, raw) in refused {
        assert!(!permits(RULES, who, endpoint, raw), "{who}: {raw}");
    }
}

#[test]
fn balances_of_containers_are_granted_one_by_one() {
    table(
        &Endpoint::Balance,
        &[
            ("alice", "container_id=5"),
            ("whole", ""),
            ("named", "container_id=5"),
            ("named", "container_id=99999999999999999999"),
            ("all", "container_id=5"),
            ("all", ""),
            ("all", "container_id="),
            ("all", "container_id=x"),
            ("bob finance", ""),
            ("bob finance", "container_id=7"),
            ("alice finance", "container_id=5"),
            ("alice finance", "container_id=7"),
        ],
        &[
            ("alice", ""),
            ("alice", "container_id=6"),
            ("alice", "container_id=55"),
            ("alice", "container_id=05"),
            ("alice", "container_id=+5"),
            ("alice", "container_id=5,6"),
            ("alice", "container_id=*"),
            ("alice", "container_id=none"),
            ("alice", "container_id="),
            ("alice", "container_id=%35%36"),
            ("alice", "Container_id=5"),
            ("alice", "filters[container_id]=5"),
            ("whole", "container_id=5"),
            ("whole", "container_id="),
            ("named", ""),
            ("named", "container_id="),
            ("named", "container_id=0"),
            ("named", "container_id=05"),
            ("named", "container_id=-1"),
            ("named", "container_id=null"),
            ("named", "container_id=5,6"),
            ("finance", ""),
            ("bob", "container_id=5"),
            ("Alice", "container_id=5"),
            ("alice@example.com", "container_id=5"),
            ("bob finances", ""),
            ("bob alice", "container_id=5"),
            (" ", ""),
        ],
    );
}

#[test]
fn the_history_is_held_to_the_rules_in_its_filters_too() {
    table(
        &Endpoint::History,
        &[
            ("alice", "container_id=5"),
            ("alice", "container_id=5&filters[container_id]=5&limit=10"),
            ("alice", "container_id=5&filters[adjust_type]=9"),
            ("whole", "limit=10&sort=-id"),
            ("all", "filters[container_id]=5"),
            ("all", "filters[container_id]=>5"),
            ("bob finance", "filters[container_id]=7"),
            ("bob finance", "container_id=7&filters[container_id][]=7"),
        ],
        &[
            ("alice", ""),
            ("alice", "filters[container_id]=5"),
            ("alice", "filters%5Bcontainer_id%5D=6"),
            ("alice", "container_id=5&filters[container_id]=6"),
            ("alice", "container_id=5&filters%5Bcontainer_id%5D=6"),
            ("alice", "container_id=5&filters[container_id][]=5&filters[container_id][]=6"),
            ("alice", "container_id=5&filters[container_id][0]=5&filters[container_id][7]=6"),
            ("alice", "container_id=5&filters[container_id]=>0"),
            ("alice", "container_id=5&filters[container_id]="),
            ("alice", "container_id=6&filters[container_id]=5"),
            ("whole", "filters[container_id]=5"),
            ("named", "filters[container_id]=5"),
            ("named", "container_id=5&filters[container_id]=>5"),
            ("bob finance", "filters[container_id]=8"),
        ],
    );
}

#[test]
fn subaccounts_are_granted_one_by_one() {
    let of = |id: &str| Endpoint::SubaccountBalance { id: id.into() };
    table(&of("42"), &[("alice", ""), ("named", "")], &[("bob", ""), ("all", ""), ("whole", "")]);
    table(&of("042"), &[("named", "")], &[("alice", "")]);
    table(&of("421"), &[("named", "")], &[("alice", "")]);
    table(&of("5"), &[], &[("alice", "")]);
}

#[test]
fn frontiers_accounts_are_granted_with_their_organisation() {
    let of = |org: &str, id: &str| Endpoint::FrontierBalance { org_id: org.into(), id: id.into() };
    let upper = (ORG.to_ascii_uppercase(), BILLING.to_ascii_uppercase());
    for endpoint in [of(ORG, BILLING), of(&upper.0, &upper.1)] {
        table(&endpoint, &[("all", ""), ("bob finance", ""), ("bob one", "")], &[("alice", ""), ("bob", "")]);
    }
    table(&of(ORG, ORG), &[("all", ""), ("bob finance", "")], &[("bob one", "")]);
    table(&of(BILLING, BILLING), &[("all", "")], &[("bob finance", ""), ("bob one", "")]);
}

#[test]
fn quoting_is_a_grant_of_its_own() {
    table(&Endpoint::OrderPricing, &[("bob", ""), (" ", "")], &[]);
    let rules = "[users.alice]\nquote = true\n[users.bob]\ncontainers = [\"*\", \"none\"]";
    assert!(permits(rules, "alice", &Endpoint::OrderPricing, ""));
    assert!(!permits(rules, "bob", &Endpoint::OrderPricing, ""));
    assert!(!permits(rules, "carol", &Endpoint::OrderPricing, ""));
}

#[test]
fn a_file_without_rules_grants_nothing() {
    for rules in ["", "# nobody yet", "[everyone]", "[users]\n[groups]"] {
        for endpoint in [
            Endpoint::OrderPricing,
            Endpoint::Balance,
            Endpoint::History,
            Endpoint::SubaccountBalance { id: "1".into() },
            Endpoint::FrontierBalance { org_id: ORG.into(), id: BILLING.into() },
        ] {
            assert!(!permits(rules, "alice", &endpoint, ""), "{rules:?} {endpoint:?}");
        }
    }
}

#[test]
fn a_file_that_is_not_understood_is_refused_with_its_line() {
    for (text, line, words) in [
        ("[users.alice]\ncontainer = [\"5\"]", 2, "unknown field `container`"),
        ("[user.alice]\nquote = true", 1, "unknown field `user`"),
        ("\n\nadmins = true", 3, "unknown field `admins`"),
        ("[users.alice]\ncontainers = [5]", 2, "expected a string"),
        ("[users.alice]\ncontainers = \"5\"", 2, "expected a sequence"),
        ("[users.alice]\n\ncontainers = [\"all\"]", 3, "\"all\" is no container"),
        ("[users.alice]\ncontainers = [\"05\"]", 2, "is no container"),
        ("[users.alice]\ncontainers = [\"\"]", 2, "is no container"),
        ("[users.alice]\nsubaccounts = [\"none\"]", 2, "is no subaccount"),
        ("[users.alice]\nfrontier = [\"a/b\"]", 2, "is no account of Frontier's"),
        ("[users.alice]\nfrontier = [\"*/*\"]", 2, "is no account of Frontier's"),
        ("[users.alice]\nquote = \"yes\"", 2, "expected a boolean"),
        ("[users.alice]\nquote = true\n[users.alice]", 3, "duplicate key"),
        ("[users.alice]\nquote = true\nquote = false", 3, "duplicate key"),
        ("[users.alice", 1, "TOML parse error"),
    ] {
        let error = Rules::read(text.as_bytes()).unwrap_err();
        assert!(error.contains(&format!("line {line}")) && error.contains(words), "{text:?}: {error}");
    }
    assert_eq!(Rules::read(b"\xff").unwrap_err(), "it is no UTF-8");
}

#[test]
fn the_examples_of_the_documentation_are_understood() {
    for source in [include_str!("access.rs"), include_str!("../../../docs/server.md")] {
        let example: String = source
            .lines()
            .map(|line| line.trim_start_matches("//!").trim())
            .skip_while(|line| *line != "```toml")
            .skip(1)
            .take_while(|line| *line != "```")
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(example.lines().count() > 8);
        assert_eq!(Rules::read(example.as_bytes()).map(|rules| rules.users.len()), Ok(1));
    }
}
