//! Binding, printing the address, and ending well.

use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract;
use axum::serve::Listener;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::config::{Args, ConfigError, LogFormat};
use crate::connections::Connections;
use crate::envelope;
use crate::operate::Operate;
use crate::proxy::State;
use crate::settings::Settings;
use crate::watch;
use crate::who::Peer;

/// Why the server ended badly.
#[derive(Debug)]
pub enum ServeError {
    /// The configuration cannot work.
    Config(ConfigError),
    /// The address cannot be listened on.
    Listen(String, std::io::Error),
    /// The listener or the signals broke.
    Broken(std::io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Broken(error) => write!(f, "the server broke: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Runs the server until SIGTERM or SIGINT, then finishes what is in flight. Each further signal cuts short what it waits for.
///
/// # Errors
/// [`ServeError`] where it cannot start or breaks.
pub async fn run(args: Args) -> Result<(), ServeError> {
    start_log(args.log_format);
    let Ready { mut settings, addresses, metrics } = ready(&args).await?;
    let mut listener = bind(&args.listen, &addresses).await?;
    let address = listener.local_addr().map_err(ServeError::Broken)?;
    let own = match &metrics {
        None => None,
        Some((wanted, addresses)) => Some(bind(wanted, addresses).await?),
    };
    settings.operate.metrics_on_main = own.is_none() && address.ip().is_loopback();
    let mut signals = Signals::new().map_err(ServeError::Broken)?;
    // Nobody need be reading; the server works on all the same.
    let mut out = std::io::stdout();
    if let Some(listener) = own {
        let address = listener.local_addr().map_err(ServeError::Broken)?;
        let _ = writeln!(out, "metrics on http://{address}");
        tokio::spawn(serve_operator(listener, settings.operate.clone()));
    }
    let _ = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
    tracing::info!(%address, "listening");
    let operate = settings.operate.clone();

    let watching = tokio::spawn(watch::keep_looking(std::mem::take(&mut settings.watches)));
    let state = Arc::new(State::new(settings));
    let connections = Connections::default();
    // After the signal the server takes requests for as long as others need to hear that they belong elsewhere.
    let mut ending = std::pin::pin!(async {
        signals.next().await;
        operate.drain();
        tracing::info!("ending");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(args.operate.drain)) => {}
            () = signals.next() => tracing::warn!("another signal: no more requests are taken"),
        }
        signals
    });
    let mut signals = loop {
        tokio::select! {
            // The trait's, which outlasts a client that is gone and a shortage of descriptors.
            (stream, peer) = Listener::accept(&mut listener) => {
                let (state, peer) = (Arc::clone(&state), Peer::of(peer));
                // The answers are those of `app`.
                connections.take(stream, move |mut request| {
                    request.extensions_mut().insert(peer);
                    envelope::answer(extract::State(Arc::clone(&state)), request)
                });
            }
            signals = &mut ending => break signals,
        }
    };
    drop(listener);
    tokio::select! {
        () = connections.finish() => {}
        () = tokio::time::sleep(Duration::from_secs(args.operate.grace)) => {
            tracing::warn!("some clients did not finish; ending without them");
        }
        () = signals.next() => tracing::warn!("another signal: ending without those that did not finish"),
    }
    watching.abort();
    tracing::info!("stopped");
    Ok(())
}

/// Checks everything that the server would start with, but for whether the address is free and the issuer of tokens answers.
///
/// # Errors
/// [`ServeError`] where it could not start.
pub async fn check(args: Args) -> Result<(), ServeError> {
    start_log(args.log_format);
    ready(&args).await.map(|_| ())
}

/// What the server starts with.
struct Ready {
    settings: Settings,
    /// The addresses to listen on, which only those may reach who may ask.
    addresses: Vec<SocketAddr>,
    /// The operator's own, as they are written and as they are.
    metrics: Option<(String, Vec<SocketAddr>)>,
}

async fn ready(args: &Args) -> Result<Ready, ServeError> {
    let settings = args.settings(|name| std::env::var(name).ok()).map_err(ServeError::Config)?;
    let addresses = look_up(&args.listen).await?;
    args.who.may_listen(&addresses).map_err(|error| ServeError::Config(ConfigError::Who(error)))?;
    // An empty variable counts as none.
    let metrics = match args.operate.metrics_listen.as_deref().map(str::trim).filter(|text| !text.is_empty())
    {
        None => None,
        Some(wanted) => Some((wanted.to_owned(), look_up(wanted).await?)),
    };
    Ok(Ready { settings, addresses, metrics })
}

async fn look_up(address: &str) -> Result<Vec<SocketAddr>, ServeError> {
    let found = tokio::net::lookup_host(address).await;
    Ok(found.map_err(|error| ServeError::Listen(address.to_owned(), error))?.collect())
}

async fn bind(wanted: &str, addresses: &[SocketAddr]) -> Result<TcpListener, ServeError> {
    TcpListener::bind(addresses).await.map_err(|error| ServeError::Listen(wanted.to_owned(), error))
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Of a line that cannot be written it would tell on standard error too, and a panic comes of that: a full disk under the
    // log would end every request.
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    // A second start in one process keeps the first log.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}

/// The operator's own listener, for as long as the process lives.
async fn serve_operator(mut listener: TcpListener, operate: Operate) {
    let connections = Connections::default();
    loop {
        let (stream, _) = Listener::accept(&mut listener).await;
        let operate = operate.clone();
        connections.take(stream, move |request| std::future::ready(operate.answer_alone(&request)));
    }
}

/// SIGTERM and SIGINT, one after the other.
#[cfg(unix)]
struct Signals {
    term: tokio::signal::unix::Signal,
    int: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { term: signal(SignalKind::terminate())?, int: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}

/// Ctrl-C, again and again.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
