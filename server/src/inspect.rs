//! For those who run it: `--check` and `--print-config`.

use std::fmt::Write as _;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory as _};

use crate::config::Args;

/// Looking at the configuration.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Looking at it")]
pub struct InspectArgs {
    /// Read and check everything that the server would start with, say so, and end
    #[arg(long)]
    pub check: bool,
    /// Print the settings in effect and where each comes from, secrets left out, and end
    #[arg(long)]
    pub print_config: bool,
}

impl InspectArgs {
    /// Whether it is only to look: nothing is to be made or changed.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        self.check || self.print_config
    }
}

/// The variables that hold secrets: told to be set, never shown.
const SECRETS: [&str; 3] = ["DIGICERT_API_KEY", "FRONTIER_CLIENT_ID", "FRONTIER_CLIENT_SECRET"];

/// The flags that are URLs; without a scheme none of them can be used, yet it may hold a password.
const URLS: [&str; 3] = ["digicert_url", "frontier_url", "shared"];

/// The settings in effect, a line for each flag; `env` looks up an environment variable.
#[must_use]
pub fn effective(matches: &ArgMatches, env: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    for flag in Args::command().get_arguments() {
        let (id, Some(long)) = (flag.get_id().as_str(), flag.get_long()) else { continue };
        if matches!(id, "help" | "version" | "check" | "print_config") {
            continue;
        }
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "flag".to_owned(),
            Some(ValueSource::EnvVariable) => {
                flag.get_env().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
            }
            Some(_) => "default".to_owned(),
            None => "not set".to_owned(),
        };
        let values: Vec<String> = matches
            .get_raw(id)
            .into_iter()
            .flatten()
            .map(|value| value.to_string_lossy().into_owned())
            .map(|value| if URLS.contains(&id) { redacted_url(&value) } else { redacted(&value) })
            .collect();
        let values = if values.is_empty() { String::new() } else { format!(" = {}", values.join(", ")) };
        let _ = writeln!(text, "--{long}{values}  # {source}");
    }
    for name in SECRETS {
        let set = env(name).is_some_and(|value| !value.trim().is_empty());
        let _ = writeln!(text, "{name}  # {}", if set { "set, not shown" } else { "not set" });
    }
    text
}

/// A value that should be a URL.
fn redacted_url(value: &str) -> String {
    if value.contains("://") || !value.contains('@') { redacted(value) } else { "\"redacted\"".to_owned() }
}

/// A value as it may be shown: of a URL neither what stands before the host nor what follows the path. On one line, whatever
/// it holds.
fn redacted(value: &str) -> String {
    let shown = match value.split_once("://") {
        None => value.to_owned(),
        Some((scheme, rest)) => {
            let (rest, more) = match rest.find(['?', '#']).and_then(|end| rest.split_at_checked(end)) {
                Some((rest, _)) => (rest, "?redacted"),
                None => (rest, ""),
            };
            // The last `@` of all: a password may hold one, and a slash too where it was not encoded.
            match rest.rsplit_once('@') {
                Some((_, host)) => format!("{scheme}://redacted@{host}{more}"),
                None => format!("{scheme}://{rest}{more}"),
            }
        }
    };
    format!("{shown:?}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn shown(flags: &[&str], env: &[(&str, &str)]) -> String {
        let all = std::iter::once("certquote-server").chain(flags.iter().copied());
        effective(&Args::command().try_get_matches_from(all).unwrap(), |name| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn each_flag_has_a_line_with_its_source() {
        let text = shown(&["--listen", "127.0.0.1:1", "--trusted-proxy", "10.0.0.0/8,::1"], &[]);
        for line in [
            "--listen = \"127.0.0.1:1\"  # flag",
            "--trusted-proxy = \"10.0.0.0/8\", \"::1\"  # flag",
            "--grace = \"25\"  # default",
            "--access  # not set",
            "DIGICERT_API_KEY  # not set",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} in\n{text}");
        }
        let flags = Args::command().get_arguments().filter(|flag| flag.get_long().is_some()).count();
        assert_eq!(text.lines().count(), flags - 2 + SECRETS.len(), "{text}");
    }

    #[test]
    fn no_secret_is_shown() {
        let text = shown(
            &[
                "--digicert-url",
                "https://user:hunter2@a/v2",
                "--jwt-jwks",
                "https://a/keys?code=hunter2",
                "--frontier-url",
                "redis://:hun/ter@2hunter2@a:1/0#hunter2",
            ],
            &[("DIGICERT_API_KEY", "hunter2"), ("FRONTIER_CLIENT_SECRET", "hunter2")],
        );
        assert!(!text.contains("hunter2") && !text.contains("hun/"), "{text}");
        for (flag, value) in [
            ("--shared", ":hunter2@redis:6379/0"),
            ("--shared", "redis:hunter2@redis"),
            ("--digicert-url", "user:hunter2@a/v2"),
        ] {
            let text = shown(&[flag, value], &[]);
            assert!(!text.contains("hunter2") && text.contains(&format!("{flag} = \"redacted\"")), "{text}");
        }
        assert!(
            text.contains("\"https://redacted@a/v2\"")
                && text.contains("\"redis://redacted@a:1/0?redacted\"")
        );
        assert!(text.contains("DIGICERT_API_KEY  # set, not shown"));
    }
}
