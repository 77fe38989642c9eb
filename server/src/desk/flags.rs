//! The flags that say how little an upstream is asked, and what they come to.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::windows::Window;
use crate::secret::Secret;

/// The flags; every part of the desk takes its setting or `off`.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Asking little")]
pub struct AskArgs {
    /// Rolling windows in which an upstream key is asked at most so often, or `off` for no queue at all
    #[arg(long, env = "CERTQUOTE_LIMIT", value_name = "N/TIME,…", default_value = Windows::DEFAULT)]
    pub limit: Windows,
    /// Calls under way per key at a time
    #[arg(long, env = "CERTQUOTE_IN_FLIGHT", value_name = "N", default_value = "1", value_parser = in_flight)]
    pub in_flight: usize,
    /// Requests that may wait per key; further ones are 429
    #[arg(long, env = "CERTQUOTE_QUEUE", value_name = "N", default_value = "64", value_parser = queue)]
    pub queue: usize,
    /// The most of the queue and of each window that one known user may take, or `off`
    #[arg(long, env = "CERTQUOTE_PER_USER", value_name = "PERCENT", default_value = "50", value_parser = per_user)]
    pub per_user: Percent,
    /// For the whole of a request: waiting, tries and the answer
    #[arg(long, env = "CERTQUOTE_DEADLINE", value_name = "TIME", default_value = "10s", value_parser = deadline)]
    pub deadline: Duration,
    /// How long answers are served again, e.g. `balance=5s` (the others stay), or `off`
    #[arg(long, env = "CERTQUOTE_CACHE", value_name = "KIND=TIME,…", default_value = Keep::DEFAULT)]
    pub cache: Keep,
    /// The most that the answers kept for a key take
    #[arg(long, env = "CERTQUOTE_CACHE_MB", value_name = "MIB", default_value = "64", value_parser = cache_mb)]
    pub cache_mb: u64,
    /// How old an answer may be that stands in for a failure, or `off`
    #[arg(long, env = "CERTQUOTE_STALE", value_name = "TIME", default_value = "10m", value_parser = stale)]
    pub stale: Span,
    /// The longest that a key is left alone after 429 or 5xx, or `off`
    #[arg(long, env = "CERTQUOTE_BACKOFF", value_name = "TIME", default_value = "3m", value_parser = backoff)]
    pub backoff: Span,
    /// How often a call is tried again after a broken connection, 502, 503 or 504, or `off`
    #[arg(long, env = "CERTQUOTE_RETRY", value_name = "N", default_value = "2", value_parser = retry)]
    pub retry: u32,
    /// Redis that replicas share windows, back-off and answers through, e.g. `redis://redis:6379/0`; one with a password
    /// belongs in the environment
    #[arg(long, env = "CERTQUOTE_SHARED", value_name = "URL", hide_env_values = true)]
    pub shared: Option<SharedUrl>,
    /// Replicas among which the windows are divided while Redis is gone
    #[arg(long, env = "CERTQUOTE_REPLICAS", value_name = "N", default_value = "2", value_parser = replicas)]
    pub replicas: u32,
}

impl AskArgs {
    /// What the flags come to.
    ///
    /// # Errors
    /// Why `--shared` cannot be used, without its text, which may hold a password.
    pub fn asking(&self) -> Result<Asking, &'static str> {
        let given = self.shared.as_ref().filter(|url| !url.0.expose().trim().is_empty());
        let shared = match given {
            None => None,
            Some(url) => {
                let client = redis::Client::open(url.0.expose().trim())
                    .map_err(|_| "must be redis://HOST:PORT/DATABASE, rediss://… or redis+unix:///PATH")?;
                Some(Together { client, replicas: self.replicas })
            }
        };
        Ok(Asking {
            windows: self.limit.0.clone(),
            in_flight: self.in_flight,
            queue: self.queue,
            per_user: self.per_user.0,
            keep: self.cache,
            cache_bytes: self.cache_mb * 1024 * 1024,
            stale: self.stale.0,
            backoff: self.backoff.0,
            retries: self.retry,
            shared,
        })
    }
}

/// How an upstream is asked.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The rolling windows; none: no queue and no bound of calls under way either.
    pub windows: Vec<Window>,
    /// Calls under way at a time.
    pub in_flight: usize,
    /// Requests that may wait.
    pub queue: usize,
    /// What one user may take of the queue and of each window, in percent.
    pub per_user: Option<u32>,
    /// How long answers are served again. With all of them zero identical requests don't share a call either.
    pub keep: Keep,
    /// The most that answers kept in memory take.
    pub cache_bytes: u64,
    /// How old an answer may be that stands in for a failure.
    pub stale: Option<Duration>,
    /// The longest back-off.
    pub backoff: Option<Duration>,
    /// Tries after the first.
    pub retries: u32,
    /// What is shared with other replicas.
    pub shared: Option<Together>,
}

/// Replicas that ask with one key.
#[derive(Clone)]
pub struct Together {
    /// Where they meet.
    pub client: redis::Client,
    /// How many they are.
    pub replicas: u32,
}

impl fmt::Debug for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Together({} replicas)", self.replicas)
    }
}

/// A URL that may hold a password. It is checked when it is used, so that no message quotes it.
#[derive(Clone, Debug)]
pub struct SharedUrl(pub Secret);

impl FromStr for SharedUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Secret::new(text.to_owned())))
    }
}

impl Asking {
    /// One call for each request, and nothing else.
    #[must_use]
    pub fn plainly() -> Self {
        Self {
            windows: Vec::new(),
            per_user: None,
            keep: Keep::OFF,
            stale: None,
            backoff: None,
            retries: 0,
            ..Self::default()
        }
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self {
            windows: Windows::default().0,
            in_flight: 1,
            queue: 64,
            per_user: Some(50),
            keep: Keep::default(),
            cache_bytes: 64 * 1024 * 1024,
            stale: Some(Duration::from_secs(600)),
            backoff: Some(Duration::from_secs(180)),
            retries: 2,
            shared: None,
        }
    }
}

/// Rolling windows, written `1000/3m,100/5s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows(pub Vec<Window>);

impl Windows {
    const DEFAULT: &str = "1000/3m,100/5s";
}

impl Default for Windows {
    /// DigiCert's: 1000 in 3 minutes and 100 in 5 seconds.
    fn default() -> Self {
        Self(vec![
            Window { calls: 1_000, length: Duration::from_secs(180) },
            Window { calls: 100, length: Duration::from_secs(5) },
        ])
    }
}

impl FromStr for Windows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Ok(Self::default()),
            "off" => Ok(Self(Vec::new())),
            text => text.split(',').map(window).collect::<Result<_, _>>().map(Self),
        }
    }
}

fn window(text: &str) -> Result<Window, String> {
    let words = || format!("{text:?} is no window; write calls/time, e.g. 100/5s");
    let (calls, length) = text.split_once('/').ok_or_else(words)?;
    let calls = calls.trim().parse().ok().filter(|calls| (1..=100_000).contains(calls)).ok_or_else(words)?;
    let length = time(length).map_err(|_| words())?;
    if length.is_zero() || length > Duration::from_secs(86_400) {
        return Err(words());
    }
    Ok(Window { calls, length })
}

/// How long the answers of each kind are served again; zero: not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Of `order-pricing`.
    pub quote: Duration,
    /// Of the three balances.
    pub balance: Duration,
    /// Of a page of the history.
    pub history: Duration,
}

impl Keep {
    const DEFAULT: &str = "quote=60s,balance=15s,history=60s";
    /// Nothing is kept.
    pub const OFF: Self = Self { quote: Duration::ZERO, balance: Duration::ZERO, history: Duration::ZERO };

    /// Whether anything is kept.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::OFF
    }

    /// The longest of them.
    #[must_use]
    pub fn longest(self) -> Duration {
        self.quote.max(self.balance).max(self.history)
    }
}

impl Default for Keep {
    fn default() -> Self {
        let (minute, quarter) = (Duration::from_secs(60), Duration::from_secs(15));
        Self { quote: minute, balance: quarter, history: minute }
    }
}

impl FromStr for Keep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut keep = Self::default();
        match text.trim() {
            "" => return Ok(keep),
            "off" => return Ok(Self::OFF),
            _ => {}
        }
        for part in text.split(',') {
            let words =
                || format!("{part:?} says nothing of quote, balance or history; write e.g. balance=15s");
            let (kind, length) = part.split_once('=').ok_or_else(words)?;
            let length = time(length)?;
            if length > Duration::from_secs(3_600) {
                return Err(format!("{part:?} is longer than an hour"));
            }
            *(match kind.trim() {
                "quote" => &mut keep.quote,
                "balance" => &mut keep.balance,
                "history" => &mut keep.history,
                _ => return Err(words()),
            }) = length;
        }
        Ok(keep)
    }
}

/// A time, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Option<Duration>);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("off"),
            Some(time) => humantime::format_duration(time).fmt(f),
        }
    }
}

/// Percent, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub Option<u32>);

/// `250ms`, `5s`, `3m`, `1h`.
fn time(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    humantime::parse_duration(text).map_err(|_| format!("{text:?} is no time; write e.g. 250ms, 15s or 3m"))
}

/// An empty variable counts as none.
fn span(text: &str, default: Duration) -> Result<Span, String> {
    match text.trim() {
        "" => Ok(Span(Some(default))),
        "off" => Ok(Span(None)),
        text => time(text).map(|time| Span(Some(time).filter(|time| !time.is_zero()))),
    }
}

fn number<T: FromStr + PartialOrd>(text: &str, default: T, least: T, most: T) -> Result<T, String> {
    match text.trim() {
        "" => Ok(default),
        text => text
            .parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| format!("{text:?} is no number that can be used here")),
    }
}

fn stale(text: &str) -> Result<Span, String> {
    span(text, Duration::from_secs(600))
}

fn backoff(text: &str) -> Result<Span, String> {
    span(text, Duration::from_secs(180))
}

fn deadline(text: &str) -> Result<Duration, String> {
    let default = Duration::from_secs(10);
    let time = span(text, default)?.0.unwrap_or_default();
    let range = Duration::from_millis(100)..=Duration::from_secs(120);
    if range.contains(&time) { Ok(time) } else { Err("a deadline is between 100ms and 2m".to_owned()) }
}

fn in_flight(text: &str) -> Result<usize, String> {
    number(text, 1, 1, 1_000)
}

fn queue(text: &str) -> Result<usize, String> {
    number(text, 64, 0, 100_000)
}

fn per_user(text: &str) -> Result<Percent, String> {
    if text.trim() == "off" { Ok(Percent(None)) } else { number(text, 50, 1, 100).map(Some).map(Percent) }
}

fn cache_mb(text: &str) -> Result<u64, String> {
    number(text, 64, 1, 65_536)
}

fn replicas(text: &str) -> Result<u32, String> {
    number(text, 2, 1, 1_000)
}

fn retry(text: &str) -> Result<u32, String> {
    if text.trim() == "off" { Ok(0) } else { number(text, 2, 0, 5) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        ask: AskArgs,
    }

    fn asking(flags: &[&str]) -> Result<Asking, String> {
        Only::try_parse_from(std::iter::once("x").chain(flags.iter().copied()))
            .map_err(|error| error.to_string())
            .and_then(|only| only.ask.asking().map_err(str::to_owned))
    }

    #[test]
    fn without_flags_the_settings_are_the_defaults() {
        assert_eq!(format!("{:?}", asking(&[]).unwrap()), format!("{:?}", Asking::default()));
        let empty = [
            "--limit=",
            "--cache=",
            "--per-user=",
            "--stale=",
            "--backoff=",
            "--retry=",
            "--queue=",
            "--in-flight=",
        ];
        assert_eq!(format!("{:?}", asking(&empty).unwrap()), format!("{:?}", Asking::default()));
    }

    #[test]
    fn each_part_can_be_switched_off() {
        let off = asking(&[
            "--limit=off",
            "--per-user=off",
            "--cache=off",
            "--stale=off",
            "--backoff=off",
            "--retry=off",
        ])
        .unwrap();
        assert_eq!(format!("{off:?}"), format!("{:?}", Asking::plainly()));
    }

    #[test]
    fn what_is_not_named_stays() {
        let keep = asking(&["--cache", "balance=5s"]).unwrap().keep;
        assert_eq!(keep, Keep { balance: Duration::from_secs(5), ..Keep::default() });
        let windows = asking(&["--limit", "7/250ms, 9/2m"]).unwrap().windows;
        assert_eq!(
            windows,
            [
                Window { calls: 7, length: Duration::from_millis(250) },
                Window { calls: 9, length: Duration::from_secs(120) }
            ]
        );
    }

    #[test]
    fn the_password_of_the_shared_state_is_never_shown() {
        for url in ["redis://:hunter2@127.0.0.1/0", "hunter2://x", "redis://:hunter2@[/0"] {
            let only = Only::try_parse_from(["x", "--shared", url]).unwrap();
            let shown = format!("{:?} {:?}", only.ask, only.ask.asking());
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        assert!(asking(&["--shared", "http://redis"]).unwrap_err().contains("redis://"));
        assert!(asking(&["--shared="]).unwrap().shared.is_none());
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for (flag, words) in [
            ("--limit=100", "100/5s"),
            ("--limit=0/5s", "100/5s"),
            ("--limit=5/0s", "100/5s"),
            ("--limit=on", "100/5s"),
            ("--cache=quotes=5s", "quote"),
            ("--cache=quote=5 apples", "no time"),
            ("--cache=quote=2h", "longer than an hour"),
            ("--in-flight=0", "no number"),
            ("--queue=-1", "no number"),
            ("--per-user=0", "no number"),
            ("--per-user=101", "no number"),
            ("--retry=99", "no number"),
            ("--deadline=off", "between"),
            ("--deadline=1h", "between"),
            ("--backoff=soon", "no time"),
            ("--replicas=0", "no number"),
        ] {
            let error = asking(&[flag]).unwrap_err();
            assert!(error.contains(words), "{flag}: {error}");
        }
    }
}
