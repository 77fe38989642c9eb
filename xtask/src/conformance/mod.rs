//! `cargo xtask conformance --url URL`: the promises of a proxy that the elements rely on, held against any proxy.
//!
//! The proxy stands in front of the sandbox, or, with `--upstream-listen`, in front of an upstream that the suite starts
//! itself, which sees what comes through. [`recipes`] starts certquote-server, nginx and
//! Caddy for `cargo xtask test`. [`recipes`] starts certquote-server, nginx and Caddy for `cargo xtask test`.

mod cors;
mod http;
mod passage;
pub(crate) mod recipes;
mod requests;
mod target;
mod upstream;

use anyhow::{Context, Result, bail};
use http::Place;
use std::process::ExitCode;
use std::str::FromStr;
use target::Target;
use upstream::Upstream;

const USAGE: &str = "\
cargo xtask conformance --url URL [--origin ORIGIN] [--upstream-listen ADDR] [--profile PROFILE] [--header NAME:VALUE]

  --url URL               the proxy, http://HOST[:PORT][/PREFIX], in front of the sandbox
  --origin ORIGIN         a portal on another origin that the proxy allows
  --upstream-listen ADDR  start an upstream here; the proxy stands in front of it, for both APIs, instead of the sandbox.
                          Only then can be told what passes. Caches, limits, back-off and retries must be off
  --profile PROFILE       certquote-server (default), nginx or caddy: which documented exceptions hold
  --header NAME:VALUE     sent with every request, for a proxy that asks who is there (repeatable)
";

/// Whose documented exceptions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Server,
    Nginx,
    Caddy,
}

impl Profile {
    const ALL: [Self; 3] = [Self::Server, Self::Nginx, Self::Caddy];

    fn name(self) -> &'static str {
        match self {
            Self::Server => "certquote-server",
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
        }
    }
}

impl FromStr for Profile {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|profile| profile.name() == name);
        found.with_context(|| format!("`{name}` is no profile, but certquote-server, nginx and caddy are"))
    }
}

/// What a check cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    Origin,
    Upstream,
}

type Run = fn(&Target) -> Result<()>;

struct Check {
    name: &'static str,
    needs: Needs,
    run: Run,
    /// The proxies that cannot do this, why, and what they are held to instead.
    except: &'static [Exception],
}

struct Exception {
    profile: Profile,
    why: &'static str,
    instead: Option<Run>,
}

const fn check(name: &'static str, needs: Needs, run: Run) -> Check {
    Check { name, needs, run, except: &[] }
}

const STREAMS: &str = "it passes an answer on while it reads it, so one that breaks off breaks off here too";
const EACH_BYTE: &str = "its time limit is for each read, not for the whole answer";

/// In the order in which they run; the two at the end take more than ten seconds each.
const CHECKS: &[Check] = &[
    check("health", Needs::Nothing, requests::health),
    check("the five endpoints answer", Needs::Nothing, requests::answers),
    check("HEAD has no body", Needs::Nothing, requests::heads),
    check("other paths are 404", Needs::Nothing, requests::unknown_paths),
    check("other methods are 405 with Allow", Needs::Nothing, requests::wrong_methods),
    check("TRACE, CONNECT and no methods", Needs::Nothing, requests::trace),
    check("ids are checked", Needs::Nothing, requests::ids),
    check("unclean API paths are refused in shape", Needs::Nothing, requests::encoded_paths),
    check("no detour leads to the API or out of the files", Needs::Nothing, requests::detours),
    check("raw bytes in the path are refused", Needs::Nothing, requests::raw_bytes),
    check("parameters twice or with controls are 400", Needs::Nothing, requests::broken_queries),
    check("bodies above 256 KiB are 413", Needs::Nothing, requests::sizes),
    check("a POST that is not JSON is 415", Needs::Nothing, requests::media_types),
    check("a POST from another site is 403", Needs::Nothing, requests::sites),
    check("errors of the API pass, with Retry-After", Needs::Nothing, requests::upstream_errors),
    check("two framings are none", Needs::Nothing, requests::smuggling),
    check("CORS: the portal is let in", Needs::Origin, cors::allowed),
    check("CORS: no other is", Needs::Nothing, cors::others),
    check("paths, methods and bodies arrive as they are", Needs::Upstream, passage::paths),
    check("no header of the browser goes up but two", Needs::Upstream, passage::headers_up),
    check("our credential goes up, a forged one does not", Needs::Upstream, passage::credentials),
    check("only documented parameters go up", Needs::Upstream, passage::parameters),
    check("nothing that is refused goes up", Needs::Upstream, passage::refusals),
    check("known headers of the upstream stay out", Needs::Upstream, passage::headers_back),
    Check {
        name: "unknown headers of the upstream stay out",
        needs: Needs::Upstream,
        run: passage::invented_header,
        except: &[Exception {
            profile: Profile::Nginx,
            why: "stock nginx hides headers of an answer by name only",
            instead: None,
        }],
    },
    check("a redirect is 502 and not followed", Needs::Upstream, passage::redirects),
    check("an upstream that closes is 502", Needs::Upstream, passage::closes),
    Check {
        name: "an upstream that breaks off is 502",
        needs: Needs::Upstream,
        run: passage::cut_off,
        except: &[
            Exception { profile: Profile::Nginx, why: STREAMS, instead: Some(passage::cut_off_is_seen) },
            Exception { profile: Profile::Caddy, why: STREAMS, instead: Some(passage::cut_off_is_seen) },
        ],
    },
    check("an upstream that hangs is 504", Needs::Upstream, passage::hangs),
    Check {
        name: "an upstream that trickles is 504",
        needs: Needs::Upstream,
        run: passage::trickles,
        except: &[
            Exception { profile: Profile::Nginx, why: EACH_BYTE, instead: None },
            Exception { profile: Profile::Caddy, why: EACH_BYTE, instead: None },
        ],
    },
];

/// What is to be tested and how.
pub(crate) struct Options {
    pub(crate) url: String,
    pub(crate) origin: Option<String>,
    pub(crate) upstream_listen: Option<String>,
    pub(crate) profile: Profile,
    pub(crate) headers: Vec<(String, String)>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut url = None;
        let mut options = Self {
            url: String::new(),
            origin: None,
            upstream_listen: None,
            profile: Profile::Server,
            headers: Vec::new(),
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (flag, inline) = match argument.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let mut value = || {
                inline
                    .clone()
                    .or_else(|| rest.next().cloned())
                    .with_context(|| format!("{flag} needs a value"))
            };
            match flag {
                "--url" => url = Some(value()?),
                "--origin" => options.origin = Some(value()?),
                "--upstream-listen" => options.upstream_listen = Some(value()?),
                "--profile" => options.profile = value()?.parse()?,
                "--header" => {
                    let text = value()?;
                    let (name, value) = text.split_once(':').context("--header is NAME:VALUE")?;
                    options.headers.push((name.trim().to_owned(), value.trim().to_owned()));
                }
                other => bail!("`{other}` is not a flag of `conformance`\n\n{USAGE}"),
            }
        }
        options.url = url.with_context(|| format!("--url is missing\n\n{USAGE}"))?;
        Ok(options)
    }
}

pub(crate) fn conformance(arguments: &[String]) -> Result<ExitCode> {
    if arguments.iter().any(|argument| argument == "--help") {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    let failed = hold(&Options::parse(arguments)?)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs every check, one line for each, and gives how many failed.
pub(crate) fn hold(options: &Options) -> Result<usize> {
    let upstream = options.upstream_listen.as_deref().map(Upstream::listen).transpose()?;
    let target = Target {
        place: Place::parse(&options.url)?,
        origin: options.origin.clone(),
        upstream,
        headers: options.headers.clone(),
    };
    target.get("/healthz").with_context(|| format!("{} does not answer", options.url))?;
    println!("{} as {}", options.url, options.profile.name());
    let (mut passed, mut failed, mut skipped, mut excepted) = (0, 0, 0, 0);
    for Check { name, needs, run, except } in CHECKS {
        let lacks = match needs {
            Needs::Origin if target.origin.is_none() => Some("--origin"),
            Needs::Upstream if target.upstream.is_none() => Some("--upstream-listen"),
            _ => None,
        };
        if let Some(flag) = lacks {
            skipped += 1;
            println!("  skipped   {name} (needs {flag})");
            continue;
        }
        let exception = except.iter().find(|exception| exception.profile == options.profile);
        let result = match exception {
            None => run(&target),
            Some(Exception { instead: Some(instead), .. }) => instead(&target),
            Some(_) => Ok(()),
        };
        match (result, exception) {
            (Err(error), _) => {
                failed += 1;
                println!("  FAILED    {name}: {error:#}");
            }
            (Ok(()), Some(exception)) => {
                excepted += 1;
                println!("  excepted  {name}: {}", exception.why);
            }
            (Ok(()), None) => {
                passed += 1;
                println!("  ok        {name}");
            }
        }
    }
    println!("{passed} passed, {failed} failed, {excepted} excepted, {skipped} skipped");
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::{Options, Profile};

    fn parse(line: &str) -> anyhow::Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn flags_take_their_value_with_and_without_an_equals_sign() -> anyhow::Result<()> {
        let options = parse("--url=http://a --origin https://b --profile nginx --header x-user:me")?;
        assert_eq!((options.url.as_str(), options.origin.as_deref()), ("http://a", Some("https://b")));
        assert_eq!(options.profile, Profile::Nginx);
        assert_eq!(options.headers, [("x-user".to_owned(), "me".to_owned())]);
        assert!(parse("").is_err() && parse("--url").is_err() && parse("--url http://a --nothing").is_err());
        Ok(())
    }
}
