//! Flags, environment and files: read once at the start, refused in words where they cannot work.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, header};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use clap::{Parser, ValueEnum};

use crate::desk::AskArgs;
use crate::inspect::InspectArgs;
use crate::operate::{Operate, OperateArgs};
use crate::origin::{AllowedOrigins, Origin};
use crate::sandbox::Sandbox;
use crate::secret::Secret;
use crate::settings::{Limits, Settings};
use crate::upstream::{Credential, Remote, Upstream};
use crate::watch::{self, Watch};
use crate::who::{WhoArgs, WhoError};

/// Static files, the proxy to DigiCert and Frontier, and the sandbox that stands in for them.
///
/// Secrets come from files or from the environment only: DIGICERT_API_KEY, FRONTIER_CLIENT_ID, FRONTIER_CLIENT_SECRET.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Args {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, env = "CERTQUOTE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Folder of static files
    #[arg(long, env = "CERTQUOTE_ASSETS", value_name = "DIR", default_value = "dist")]
    pub assets: PathBuf,
    /// DigiCert's API, e.g. `https://www.digicert.com/services/v2`; without it the sandbox answers
    #[arg(long, env = "CERTQUOTE_DIGICERT_URL", value_name = "URL")]
    pub digicert_url: Option<String>,
    /// File that holds the API key; else DIGICERT_API_KEY
    #[arg(long, value_name = "PATH")]
    pub digicert_api_key_file: Option<PathBuf>,
    /// Frontier's API, e.g. `http://127.0.0.1:7400`; without it the sandbox answers
    #[arg(long, env = "CERTQUOTE_FRONTIER_URL", value_name = "URL")]
    pub frontier_url: Option<String>,
    /// File that holds the client secret; else FRONTIER_CLIENT_SECRET
    #[arg(long, value_name = "PATH")]
    pub frontier_client_secret_file: Option<PathBuf>,
    /// Portal on another origin that may embed the widgets (repeatable)
    #[arg(long, env = "CERTQUOTE_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,
    /// Form of the log on standard error; RUST_LOG sets its level
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// What an operator sets.
    #[command(flatten)]
    pub operate: OperateArgs,
    /// Adjustments in each history of the sandbox
    #[arg(long, hide = true, default_value_t = 3_000)]
    pub sandbox_adjustments: usize,
    /// Who may ask.
    #[command(flatten)]
    pub who: WhoArgs,
    /// Looking at the configuration.
    #[command(flatten)]
    pub inspect: InspectArgs,
    /// How little an upstream is asked; last, since its heading holds for whatever follows.
    #[command(flatten)]
    pub ask: AskArgs,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Why the server does not start.
#[derive(Debug)]
pub enum ConfigError {
    /// An upstream that is no URL the proxy can use; the text says which flag and why.
    Url(&'static str, &'static str),
    /// An upstream without its credentials; the text says what to set.
    Missing(&'static str, &'static str),
    /// A file that cannot be read.
    File(PathBuf, std::io::Error),
    /// A secret that cannot be sent; its source is named, never its text, and the rule it breaks.
    Secret(String, &'static str),
    /// An origin that is none.
    Origin(String),
    /// It cannot be known who may ask.
    Who(WhoError),
    /// TLS cannot be set up.
    Tls(rustls::Error),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(flag, reason) => write!(f, "{flag} {reason}"),
            Self::Missing(flag, what) => write!(f, "{flag} is given without its credentials: set {what}"),
            Self::File(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Secret(source, rule) => write!(f, "{source} {rule}"),
            Self::Origin(text) => {
                write!(f, "--allow-origin {text:?} cannot be used: {}", crate::origin::BadOrigin)
            }
            Self::Who(error) => error.fmt(f),
            Self::Tls(error) => {
                write!(f, "TLS cannot be set up (are the certificates of authorities installed?): {error}")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

impl Args {
    /// Checks everything and reads the secrets; `env` looks up an environment variable.
    ///
    /// # Errors
    /// [`ConfigError`], which says what to change and never holds a secret.
    pub fn settings(&self, env: impl Fn(&str) -> Option<String>) -> Result<Settings, ConfigError> {
        let mut watches = Vec::new();
        let who = self.who.who(self.inspect.only_looks(), &mut watches).map_err(ConfigError::Who)?;
        for (url, file, words) in [
            (
                &self.digicert_url,
                &self.digicert_api_key_file,
                "--digicert-api-key-file without --digicert-url",
            ),
            (
                &self.frontier_url,
                &self.frontier_client_secret_file,
                "--frontier-client-secret-file without --frontier-url",
            ),
        ] {
            if given(url.as_deref()).is_none() && file.is_some() {
                tracing::warn!("{words}: the key is not used, and the sandbox answers with what it invents");
            }
        }
        let sandbox = Arc::new(Sandbox::new(self.sandbox_adjustments));
        let allowed = self
            .allow_origin
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| text.trim().parse::<Origin>().map_err(|_| ConfigError::Origin(text.clone())))
            .collect::<Result<_, _>>()?;
        let asking = self.ask.asking().map_err(|reason| ConfigError::Url("--shared", reason))?;
        let digicert = match given(self.digicert_url.as_deref()) {
            None => Arc::new(Upstream::Sandbox(Arc::clone(&sandbox))),
            Some(url) => {
                let base = base("--digicert-url", url)?;
                let key =
                    secret(self.digicert_api_key_file.as_deref(), "DIGICERT_API_KEY", Rule::Header, &env)?
                        .ok_or(ConfigError::Missing(
                            "--digicert-url",
                            "--digicert-api-key-file PATH or DIGICERT_API_KEY",
                        ))?;
                let credential = Credential::new(HeaderName::from_static("x-dc-devkey"), key_header(&key)?);
                let file = self.digicert_api_key_file.as_deref();
                watches.extend(
                    file.and_then(|file| watch_key(file, &key, Rule::Header, &credential, key_header)),
                );
                remote(&base, credential)?
            }
        };
        let frontier = match given(self.frontier_url.as_deref()) {
            None => Arc::new(Upstream::Sandbox(sandbox)),
            Some(url) => {
                let base = base("--frontier-url", url)?;
                let missing = || {
                    ConfigError::Missing(
                        "--frontier-url",
                        "FRONTIER_CLIENT_ID, and --frontier-client-secret-file PATH or FRONTIER_CLIENT_SECRET",
                    )
                };
                let id = secret(None, "FRONTIER_CLIENT_ID", Rule::Basic, &env)?.ok_or_else(missing)?;
                if id.expose().contains(':') {
                    return Err(ConfigError::Secret(
                        "FRONTIER_CLIENT_ID".to_owned(),
                        "holds a colon, where the secret would begin",
                    ));
                }
                let secret = secret(
                    self.frontier_client_secret_file.as_deref(),
                    "FRONTIER_CLIENT_SECRET",
                    Rule::Basic,
                    &env,
                )?
                .ok_or_else(missing)?;
                let credential = Credential::new(header::AUTHORIZATION, basic(&id, &secret)?);
                let file = self.frontier_client_secret_file.as_deref();
                watches.extend(file.and_then(|file| {
                    watch_key(file, &secret, Rule::Basic, &credential, move |secret| basic(&id, secret))
                }));
                remote(&base, credential)?
            }
        };
        Ok(Settings {
            assets: self.assets.clone(),
            digicert,
            frontier,
            allowed: AllowedOrigins::new(allowed),
            limits: Limits { upstream: self.ask.deadline, ..Limits::default() },
            asking,
            who,
            watches,
            operate: Operate::default(),
        })
    }
}

/// An empty variable counts as none.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn remote(base: &str, credential: Credential) -> Result<Arc<Upstream>, ConfigError> {
    Ok(Arc::new(Upstream::Remote(Box::new(Remote::new(base, credential).map_err(ConfigError::Tls)?))))
}

fn base(flag: &'static str, text: &str) -> Result<String, ConfigError> {
    let url = reqwest::Url::parse(text).map_err(|_| ConfigError::Url(flag, "is not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(ConfigError::Url(flag, "must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ConfigError::Url(
            flag,
            "must hold no credentials; they come from a file or the environment",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(ConfigError::Url(flag, "must end with its path, without ? or #"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn secret(
    file: Option<&Path>,
    variable: &str,
    rule: Rule,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Option<Secret>, ConfigError> {
    let (text, source) = match file {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| ConfigError::File(path.to_owned(), error))?;
            (text, path.display().to_string())
        }
        None => match env(variable).filter(|text| !text.trim().is_empty()) {
            None => return Ok(None),
            Some(text) => (text, variable.to_owned()),
        },
    };
    usable(&text, source, rule).map(Some)
}

/// The secret that a text holds, where it can be sent.
fn usable(text: &str, source: String, rule: Rule) -> Result<Secret, ConfigError> {
    let (text, usable) = match rule {
        Rule::Header => {
            let text = text.trim();
            (text, text.bytes().all(|byte| byte.is_ascii_graphic()))
        }
        Rule::Basic => {
            let text = text.trim_end_matches(['\r', '\n']);
            (text, !text.chars().any(char::is_control))
        }
    };
    if text.trim().is_empty() || !usable {
        return Err(ConfigError::Secret(source, rule.words()));
    }
    Ok(Secret::new(text.to_owned()))
}

/// The file of a key that may be replaced while the server runs.
fn watch_key(
    file: &Path,
    first: &Secret,
    rule: Rule,
    credential: &Credential,
    header: impl Fn(&Secret) -> Result<HeaderValue, ConfigError> + Send + Sync + 'static,
) -> Option<Watch> {
    let (used, source) = (credential.clone(), file.display().to_string());
    let read = move |text: &[u8]| {
        let text = std::str::from_utf8(text).map_err(|_| rule.words().to_owned())?;
        usable(text, source.clone(), rule).map_err(|error| error.to_string())
    };
    // The file as it is where that is the key in use; what came in between is a change.
    let now = watch::read(file).ok().filter(|now| read(now).as_ref() == Ok(first)).unwrap_or_default();
    watch::is_lasting(file).then(|| {
        Watch::new("the key", file, &now, move |text| {
            used.replace(header(&read(text)?).map_err(|error| error.to_string())?);
            Ok(())
        })
    })
}

fn key_header(key: &Secret) -> Result<HeaderValue, ConfigError> {
    HeaderValue::from_str(key.expose())
        .map_err(|_| ConfigError::Secret("the API key".to_owned(), Rule::Header.words()))
}

/// What a secret may consist of.
#[derive(Clone, Copy)]
enum Rule {
    /// It stands in a header as it is.
    Header,
    /// It is encoded as base64 (RFC 7617), so blanks and letters beyond ASCII are part of it.
    Basic,
}

impl Rule {
    fn words(self) -> &'static str {
        match self {
            Self::Header => {
                "is empty or holds characters that no header can carry (only printable ASCII without spaces)"
            }
            Self::Basic => "is empty or holds control characters",
        }
    }
}

/// HTTP Basic (RFC 7617), base64 with padding.
fn basic(id: &Secret, secret: &Secret) -> Result<HeaderValue, ConfigError> {
    let text = format!("{}:{}", id.expose(), secret.expose());
    let encoded = BASE64_STANDARD.encode(text);
    HeaderValue::try_from(format!("Basic {encoded}"))
        .map_err(|_| ConfigError::Secret("Frontier's client id or secret".to_owned(), Rule::Basic.words()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn settings(flags: &[&str], env: &[(&str, &str)]) -> Result<Settings, String> {
        let args =
            Args::try_parse_from(std::iter::once("certquote-server").chain(flags.iter().copied())).unwrap();
        args.settings(|name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn without_upstreams_the_sandbox_answers() {
        let settings = settings(&[], &[]).unwrap();
        assert!(matches!(
            (&*settings.digicert, &*settings.frontier),
            (Upstream::Sandbox(_), Upstream::Sandbox(_))
        ));
    }

    #[test]
    fn an_upstream_without_credentials_is_refused_in_words() {
        for (flags, env, words) in [
            (["--digicert-url", "https://a/v2"], &[][..], "DIGICERT_API_KEY"),
            (["--digicert-url", "https://a/v2"], &[("DIGICERT_API_KEY", " ")][..], "DIGICERT_API_KEY"),
            (["--frontier-url", "http://a"], &[("FRONTIER_CLIENT_ID", "x")][..], "FRONTIER_CLIENT_SECRET"),
            (["--frontier-url", "http://a"], &[("FRONTIER_CLIENT_SECRET", "x")][..], "FRONTIER_CLIENT_ID"),
        ] {
            let error = settings(&flags, env).unwrap_err();
            assert!(error.contains(words) && error.contains("without its credentials"), "{error}");
        }
    }

    #[test]
    fn a_secret_that_no_header_can_carry_is_refused_without_showing_it() {
        for key in ["geheim\nX-Evil: 1", "geheim geheim", "geheimä", "geheim\0"] {
            let error = settings(&["--digicert-url", "https://a"], &[("DIGICERT_API_KEY", key)]).unwrap_err();
            assert!(!error.contains("geheim") && error.contains("DIGICERT_API_KEY"), "{error}");
        }
    }

    #[test]
    fn a_key_file_is_read_without_its_line_end_and_never_printed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\r\n").unwrap();
        let path = file.path().to_str().unwrap();
        let settings =
            settings(&["--digicert-url", "https://a/", "--digicert-api-key-file", path], &[]).unwrap();
        let debug = format!("{settings:?}");
        assert!(!debug.contains("hunter2") && debug.contains("redacted"), "{debug}");
        assert!(
            self::settings(&["--digicert-url", "https://a", "--digicert-api-key-file", "/nowhere/key"], &[])
                .unwrap_err()
                .contains("cannot read /nowhere/key")
        );
    }

    #[test]
    fn an_unusable_upstream_is_refused() {
        for url in
            ["a", "ftp://a", "https://user:pw@a", "https://a?x", "https://a#x", "file:///etc", "https://"]
        {
            assert!(settings(&["--digicert-url", url], &[("DIGICERT_API_KEY", "k")]).is_err(), "{url}");
        }
    }

    #[test]
    fn origins_come_repeated_and_separated_by_commas() {
        assert!(
            settings(&["--allow-origin", "https://a,https://b:8443", "--allow-origin", "http://c"], &[])
                .is_ok()
        );
        for origin in ["*", "null", "https://a/", "a"] {
            assert!(
                settings(&["--allow-origin", origin], &[]).unwrap_err().contains("--allow-origin"),
                "{origin}"
            );
        }
    }

    #[test]
    fn a_basic_secret_keeps_its_blanks_and_letters_but_no_line_end() {
        let read = |text: &str| {
            let env = |_: &str| Some(text.to_owned());
            secret(None, "FRONTIER_CLIENT_SECRET", Rule::Basic, env)
                .map(|secret| secret.unwrap().expose().to_owned())
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(" open sesamé \r\n"), Ok(" open sesamé ".to_owned()));
        for text in ["geheim\0", "geheim\tgeheim", "geheim\ngeheim"] {
            let error = read(text).unwrap_err();
            assert!(!error.contains("geheim") && error.contains("FRONTIER_CLIENT_SECRET"), "{error}");
        }
        let value = basic(&Secret::new("id".into()), &Secret::new(" é ".into())).unwrap();
        assert_eq!(value, "Basic aWQ6IMOpIA==");
    }

    #[test]
    fn basic_is_padded_base64() {
        let value = basic(&Secret::new("Aladdin".into()), &Secret::new("open sesame".into())).unwrap();
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
