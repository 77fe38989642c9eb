//! Binding, printing the address, and ending well.

use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::config::{Args, ConfigError, LogFormat};
use crate::connections::Connections;
use crate::operate;
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

/// Runs the server until SIGTERM or SIGINT, then finishes what is in flight.
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
    let mut signals = std::pin::pin!(signals().map_err(ServeError::Broken)?);
    // Nobody need be reading; the server works on all the same.
    let mut out = std::io::stdout();
    if let Some(listener) = own {
        let address = listener.local_addr().map_err(ServeError::Broken)?;
        let _ = writeln!(out, "metrics on http://{address}");
        let router = operate::router(settings.operate.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let _ = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
    tracing::info!(%address, "listening");
    let operate = settings.operate.clone();

    let watching = tokio::spawn(watch::keep_looking(std::mem::take(&mut settings.watches)));
    let state = Arc::new(State::new(settings));
    let connections = Connections::default();
    // After the signal the server takes requests for as long as others need to hear that they belong elsewhere.
    let mut ending = std::pin::pin!(async {
        (&mut signals).await;
        operate.drain();
        tracing::info!("ending");
        tokio::time::sleep(Duration::from_secs(args.operate.drain)).await;
    });
    loop {
        tokio::select! {
            // The trait's, which outlasts a client that is gone and a shortage of descriptors.
            (stream, peer) = Listener::accept(&mut listener) => {
                connections.take(stream, Peer::of(peer), Arc::clone(&state));
            }
            () = &mut ending => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(Duration::from_secs(args.operate.grace), connections.finish()).await.is_err() {
        tracing::warn!("some clients did not finish; ending without them");
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

#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
