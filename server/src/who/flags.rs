//! The flags that say who may ask, and what they become.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::HeaderName;
use reqwest::Url;

use super::access::Rules;
use super::header::{Networks, Sso, network};
use super::jwks::{self, Jwks, KeySet};
use super::jwt::Tokens;
use super::{Access, Audit, Auth, Who};
use crate::origin::host_of;
use crate::watch::{self, Watch};

/// Who may ask.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Who may ask")]
pub struct WhoArgs {
    /// How askers say who they are: `header:NAME` (the portal's sign-on in front sets it), `jwt`, or `none`; needed where other
    /// machines reach the address
    #[arg(long, env = "CERTQUOTE_AUTH", value_name = "HOW")]
    pub auth: Option<String>,
    /// Network of the proxy whose header counts, e.g. `10.0.0.0/8` (repeatable)
    #[arg(long, env = "CERTQUOTE_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<String>,
    /// Header that holds the user's groups, separated by commas
    #[arg(long, env = "CERTQUOTE_AUTH_GROUPS_HEADER", value_name = "NAME")]
    pub auth_groups_header: Option<String>,
    /// `iss` of the tokens
    #[arg(long, env = "CERTQUOTE_JWT_ISSUER", value_name = "ISSUER")]
    pub jwt_issuer: Option<String>,
    /// `aud` of the tokens (repeatable: one of them)
    #[arg(long, env = "CERTQUOTE_JWT_AUDIENCE", value_name = "AUDIENCE", value_delimiter = ',')]
    pub jwt_audience: Vec<String>,
    /// Keys of the tokens: a JWK set, as a file or an https URL
    #[arg(long, env = "CERTQUOTE_JWT_JWKS", value_name = "FILE|URL")]
    pub jwt_jwks: Option<String>,
    /// Claim that names the user; dots lead deeper
    #[arg(long, env = "CERTQUOTE_JWT_USER_CLAIM", value_name = "CLAIM", default_value = "sub")]
    pub jwt_user_claim: String,
    /// Claim that lists the user's groups; dots lead deeper
    #[arg(long, env = "CERTQUOTE_JWT_GROUPS_CLAIM", value_name = "CLAIM", default_value = "groups")]
    pub jwt_groups_claim: String,
    /// Rules (TOML) for what each user or group may read; without a rule nothing
    #[arg(long, env = "CERTQUOTE_ACCESS", value_name = "FILE")]
    pub access: Option<PathBuf>,
    /// File that the audit lines are appended to, besides the log
    #[arg(long, env = "CERTQUOTE_AUDIT_LOG", value_name = "FILE")]
    pub audit_log: Option<PathBuf>,
    /// Name that the API answers to, whatever the port (repeatable); without it to any
    #[arg(long, env = "CERTQUOTE_HOST", value_name = "NAME", value_delimiter = ',')]
    pub host: Vec<String>,
}

/// Why it cannot be known who may ask.
#[derive(Debug)]
pub enum WhoError {
    /// Other machines reach the address, and nothing says who may ask.
    Open(SocketAddr),
    /// `--auth` with a value that it does not have.
    Auth(String),
    /// A flag that another one needs.
    Needs(&'static str, &'static str),
    /// A flag that means nothing without another one.
    Useless(&'static str, &'static str),
    /// A value that a flag cannot have, and what it can be.
    Value(&'static str, String, &'static str),
    /// A file that cannot be read or written.
    File(&'static str, PathBuf, std::io::Error),
    /// A file whose content cannot be used, and why.
    Content(&'static str, PathBuf, String),
    /// TLS cannot be set up for the issuer's URL.
    Tls(reqwest::Error),
}

impl fmt::Display for WhoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(address) => write!(
                f,
                "--listen {address} can be reached by other machines, and the key can spend money, so say who may ask:\n  \
                 --auth header:NAME with --trusted-proxy CIDR, for a portal whose sign-on in front sets the header NAME\n  \
                 --auth jwt with --jwt-issuer, --jwt-audience and --jwt-jwks, for tokens\n  \
                 --auth none, if everyone who can reach the address may ask"
            ),
            Self::Auth(text) => {
                write!(f, "--auth {text:?} is not known: write header:NAME, jwt or none")
            }
            Self::Needs(flag, needed) => write!(f, "{flag} needs {needed}"),
            Self::Useless(flag, without) => write!(f, "{flag} means nothing without {without}"),
            Self::Value(flag, text, rule) => write!(f, "{flag} {text:?} cannot be used: {rule}"),
            Self::File(flag, path, error) => write!(f, "{flag} {}: {error}", path.display()),
            Self::Content(flag, path, reason) => write!(f, "{flag} {}: {reason}", path.display()),
            Self::Tls(error) => write!(f, "--jwt-jwks: TLS cannot be set up: {error}"),
        }
    }
}

impl std::error::Error for WhoError {}

impl WhoArgs {
    /// Checks the flags and reads the files; those that may change come into `watches`. Whoever `only_looks` leaves nothing
    /// behind.
    ///
    /// # Errors
    /// [`WhoError`], which says what to change.
    pub fn who(&self, only_looks: bool, watches: &mut Vec<Watch>) -> Result<Who, WhoError> {
        let auth = given(self.auth.as_deref());
        let header = auth.and_then(|auth| auth.strip_prefix("header:"));
        self.refuse_useless(header.is_some(), auth == Some("jwt"))?;
        let auth = match (auth, header) {
            (None | Some("none"), _) => Auth::None,
            (_, Some(name)) => Auth::Header(self.sso(name)?),
            (Some("jwt"), _) => Auth::Jwt(self.tokens(watches)?),
            (Some(other), None) => return Err(WhoError::Auth(other.to_owned())),
        };
        Ok(Who { auth, access: self.rules(watches)?, audit: self.audit(only_looks)?, hosts: self.hosts()? })
    }

    /// Refuses addresses that other machines reach while nothing says who may ask.
    ///
    /// # Errors
    /// [`WhoError::Open`]
    pub fn may_listen(&self, addresses: &[SocketAddr]) -> Result<(), WhoError> {
        let open = addresses.iter().find(|address| !address.ip().to_canonical().is_loopback());
        match (given(self.auth.as_deref()), open) {
            (None, Some(open)) => Err(WhoError::Open(*open)),
            _ => Ok(()),
        }
    }

    /// What somebody wrote for their safety must not be without effect.
    fn refuse_useless(&self, header: bool, jwt: bool) -> Result<(), WhoError> {
        let (one, list) = (|text: &Option<String>| given(text.as_deref()).is_some(), filled);
        for (flag, is_given) in [
            ("--trusted-proxy", list(&self.trusted_proxy).next().is_some()),
            ("--auth-groups-header", one(&self.auth_groups_header)),
        ] {
            if is_given && !header {
                return Err(WhoError::Useless(flag, "--auth header:NAME"));
            }
        }
        for (flag, is_given) in [
            ("--jwt-issuer", one(&self.jwt_issuer)),
            ("--jwt-audience", list(&self.jwt_audience).next().is_some()),
            ("--jwt-jwks", one(&self.jwt_jwks)),
        ] {
            if is_given && !jwt {
                return Err(WhoError::Useless(flag, "--auth jwt"));
            }
        }
        Ok(())
    }

    fn sso(&self, name: &str) -> Result<Sso, WhoError> {
        let header = |flag, text: &str| {
            text.parse::<HeaderName>()
                .map_err(|_| WhoError::Value(flag, text.to_owned(), "it is no name of a header"))
        };
        let trusted = filled(&self.trusted_proxy)
            .map(|text| {
                let rule = "write a network such as 10.0.0.0/8 or fd00::/8, or one address";
                network(text).ok_or_else(|| WhoError::Value("--trusted-proxy", text.to_owned(), rule))
            })
            .collect::<Result<Vec<_>, _>>()?;
        if trusted.is_empty() {
            return Err(WhoError::Needs(
                "--auth header:NAME",
                "--trusted-proxy CIDR: the network of the proxy that sets it, since anyone else could set it too",
            ));
        }
        if trusted.iter().any(|network| network.prefix_len() == 0) {
            tracing::warn!("--trusted-proxy trusts every address: whoever reaches this server can be anyone");
        }
        Ok(Sso {
            user: header("--auth header:", name)?,
            groups: given(self.auth_groups_header.as_deref())
                .map(|name| header("--auth-groups-header", name))
                .transpose()?,
            trusted: Networks::new(trusted),
        })
    }

    fn tokens(&self, watches: &mut Vec<Watch>) -> Result<Tokens, WhoError> {
        let needs = |flag| WhoError::Needs("--auth jwt", flag);
        let issuer = given(self.jwt_issuer.as_deref())
            .ok_or(needs("--jwt-issuer ISSUER: the iss that tokens must have"))?;
        let audience: Vec<String> = filled(&self.jwt_audience).map(str::to_owned).collect();
        if audience.is_empty() {
            return Err(needs("--jwt-audience AUDIENCE: the aud that tokens must have"));
        }
        let source = given(self.jwt_jwks.as_deref())
            .ok_or(needs("--jwt-jwks FILE|URL: the keys that tokens are verified with"))?;
        let keys = if source.contains("://") { issuer_at(source)? } else { keys_in(source, watches)? };
        Ok(Tokens {
            issuer: issuer.to_owned(),
            audience,
            user_claim: self.jwt_user_claim.clone(),
            groups_claim: self.jwt_groups_claim.clone(),
            keys,
        })
    }

    fn rules(&self, watches: &mut Vec<Watch>) -> Result<Option<Arc<Access>>, WhoError> {
        const FLAG: &str = "--access";
        let Some(path) = self.access.as_deref() else { return Ok(None) };
        let text = read(FLAG, path)?;
        let rules = Rules::read(&text).map_err(|reason| WhoError::Content(FLAG, path.to_owned(), reason))?;
        let access = Access::new(rules);
        if watch::is_lasting(path) {
            let used = Arc::clone(&access);
            watches.push(Watch::new("the access rules", path, &text, move |text| {
                Rules::read(text).map(|rules| used.replace(rules))
            }));
        }
        Ok(Some(access))
    }

    fn audit(&self, only_looks: bool) -> Result<Audit, WhoError> {
        let Some(path) = self.audit_log.as_deref() else { return Ok(Audit::default()) };
        // Whoever checks the configuration may be another user than the one who is to write the file.
        let opened = if only_looks { Audit::could_be(path) } else { Audit::to(path) };
        opened.map_err(|error| WhoError::File("--audit-log", path.to_owned(), error))
    }

    fn hosts(&self) -> Result<Vec<String>, WhoError> {
        filled(&self.host)
            .map(|text| {
                // A port here would be a promise that is not kept.
                let bare = host_of(text).filter(|host| host.len() == text.len());
                bare.ok_or_else(|| {
                    WhoError::Value("--host", text.to_owned(), "write a name or an address without a port")
                })
            })
            .collect()
    }
}

fn keys_in(source: &str, watches: &mut Vec<Watch>) -> Result<Arc<Jwks>, WhoError> {
    const FLAG: &str = "--jwt-jwks";
    let path = Path::new(source);
    let text = read(FLAG, path)?;
    let keys =
        KeySet::read(&text).map_err(|reason| WhoError::Content(FLAG, path.to_owned(), reason.to_string()))?;
    let jwks = Jwks::fixed(keys);
    if watch::is_lasting(path) {
        let used = Arc::clone(&jwks);
        watches.push(Watch::new("the keys of tokens", path, &text, move |text| {
            KeySet::read(text).map(|keys| used.replace(keys)).map_err(|error| error.to_string())
        }));
    }
    Ok(jwks)
}

fn issuer_at(source: &str) -> Result<Arc<Jwks>, WhoError> {
    // The URL itself may hold a secret, so it is not repeated.
    let refused = |rule| WhoError::Value("--jwt-jwks", "URL".to_owned(), rule);
    let url = Url::parse(source).map_err(|_| refused("it is no URL"))?;
    let local = url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    if !(url.scheme() == "https" || url.scheme() == "http" && local) {
        return Err(refused(
            "keys come over https (http from this machine alone), or whoever is in between could send their own",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("keys are public, so the URL must hold no credentials"));
    }
    let client = jwks::client(&url).map_err(WhoError::Tls)?;
    Ok(Jwks::at(url, client))
}

fn read(flag: &'static str, path: &Path) -> Result<Vec<u8>, WhoError> {
    watch::read(path).map_err(|error| WhoError::File(flag, path.to_owned(), error))
}

/// An empty variable counts as none.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn filled(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(|text| text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
#[path = "flags_tests.rs"]
mod tests;
