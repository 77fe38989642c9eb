//! Connections to one upstream, kept for the next call. Each serves one call at a time and is driven by that call alone.
//!
//! hyper's connection is a future of its own, which clients usually leave to a task of its own. Here the call polls it: its
//! answer takes no way through another task, and whoever drops the call drops the connection. One that idles has a bell: it
//! rings when anything happens to it, which can only be its end.

use std::error::Error;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

use axum::http::{Request, Response, Uri};
use bytes::{Bytes, BytesMut};
use futures_util::future::poll_fn;
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use tokio_util::io::InspectReader;
use tower::ServiceExt as _;

/// How many idle connections are kept for one upstream.
const MOST_KEPT: usize = 64;
/// And how long: less than upstreams keep them.
const KEPT: Duration = Duration::from_secs(30);

/// Why a call brought no answer.
#[derive(Debug)]
pub(crate) enum Broken {
    /// A kept connection ended before the first byte of an answer: most likely the upstream had closed it before it was asked.
    Stale(Cause),
    /// Not reached, or broken off.
    Off(Cause),
    /// The body is above the limit.
    TooLarge,
}

type Cause = Box<dyn Error + Send + Sync>;

/// The connections to one upstream.
#[derive(Debug)]
pub(crate) struct Pool {
    /// Scheme and authority.
    to: Uri,
    connector: HttpsConnector<HttpConnector>,
    idle: Arc<Idle>,
}

impl Pool {
    /// To the scheme and authority of `to`, none so far.
    pub(crate) fn new(to: Uri, tls: ClientConfig) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        Self { to, connector: HttpsConnector::from((http, tls)), idle: Arc::default() }
    }

    /// Sends a request, its URI the path alone, and takes the answer with a body of at most `limit` bytes; `anew` on a
    /// connection that nothing was sent on before. Dropping the future drops the connection.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        limit: usize,
        anew: bool,
    ) -> Result<Response<BytesMut>, Broken> {
        let (mut line, kept) = match if anew { None } else { self.idle.take() } {
            Some(line) => (line, true),
            // Boxed, so that the calls that need none carry no room for it.
            None => (Box::pin(self.connect()).await.map_err(Broken::Off)?, false),
        };
        line.heard.store(false, Ordering::Relaxed);
        let answer = match line.exchange(request).await {
            Ok(answer) => answer,
            Err(cause) if kept && !line.heard.load(Ordering::Relaxed) => return Err(Broken::Stale(cause)),
            Err(cause) => return Err(Broken::Off(cause)),
        };
        let (parts, body) = answer.into_parts();
        let body = line.read(body, limit).await?;
        self.idle.put(line);
        Ok(Response::from_parts(parts, body))
    }

    async fn connect(&self) -> Result<Line, Cause> {
        let stream = self.connector.clone().oneshot(self.to.clone()).await?;
        let heard = Arc::new(AtomicBool::new(false));
        let listener = Arc::clone(&heard);
        let stream: Listened = InspectReader::new(
            TokioIo::new(stream),
            Box::new(move |bytes: &[u8]| {
                if !bytes.is_empty() {
                    listener.store(true, Ordering::Relaxed);
                }
            }),
        );
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        Ok(Line { sender, connection, heard, since: Instant::now() })
    }
}

/// A stream, and what is called with the bytes that come.
type Listened =
    InspectReader<TokioIo<MaybeHttpsStream<TokioIo<tokio::net::TcpStream>>>, Box<dyn FnMut(&[u8]) + Send>>;

/// A connection.
struct Line {
    sender: SendRequest<Full<Bytes>>,
    connection: Connection<TokioIo<Listened>, Full<Bytes>>,
    /// Whether a byte came since this was last unset.
    heard: Arc<AtomicBool>,
    /// Since when it idles.
    since: Instant,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("since", &self.since).finish_non_exhaustive()
    }
}

impl Line {
    /// Sends a request, and takes the head of the answer.
    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Cause> {
        let mut answer = pin!(self.sender.send_request(request));
        poll_fn(|context| {
            let over = Pin::new(&mut self.connection).poll(context);
            // It can only come of what the connection has just done, so nobody needs to be woken for it.
            match (answer.as_mut().poll(&mut Context::from_waker(Waker::noop())), over) {
                (Poll::Ready(answer), _) => Poll::Ready(answer.map_err(Into::into)),
                (Poll::Pending, over) => Poll::Ready(Err(ended(ready!(over)))),
            }
        })
        .await
    }

    /// Takes a body of at most `limit` bytes.
    async fn read(&mut self, mut body: Incoming, limit: usize) -> Result<BytesMut, Broken> {
        if body.size_hint().lower() > limit as u64 {
            return Err(Broken::TooLarge);
        }
        let mut taken = BytesMut::new();
        let mut over = None;
        poll_fn(|context| {
            // Whether the connection was asked since the last piece: it hands over one after the other, and goes on when that
            // is taken.
            let mut asked = false;
            loop {
                match Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(None) => return Poll::Ready(Ok(())),
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(Broken::Off(error.into()))),
                    Poll::Ready(Some(Ok(frame))) => {
                        let Ok(data) = frame.into_data() else { continue };
                        if taken.len() + data.len() > limit {
                            return Poll::Ready(Err(Broken::TooLarge));
                        }
                        taken.extend_from_slice(&data);
                        asked = false;
                        continue;
                    }
                    Poll::Pending if asked => return Poll::Pending,
                    Poll::Pending => {}
                }
                if let Some(over) = over.take() {
                    return Poll::Ready(Err(Broken::Off(ended(over))));
                }
                // Whatever comes of it, once more: what it has read by then is part of the body.
                match Pin::new(&mut self.connection).poll(context) {
                    Poll::Ready(end) => over = Some(end),
                    Poll::Pending => asked = true,
                }
            }
        })
        .await?;
        Ok(taken)
    }

    /// Whether it can serve another call; `waker` hears of anything that happens to it from now on.
    fn is_open(&mut self, waker: &Waker) -> bool {
        let over = Pin::new(&mut self.connection).poll(&mut Context::from_waker(waker));
        over.is_pending() && self.sender.is_ready()
    }
}

fn ended(over: hyper::Result<()>) -> Cause {
    over.err().map_or_else(|| "the connection ended".into(), Into::into)
}

/// The connections that wait for a call.
#[derive(Debug, Default)]
struct Idle {
    shelf: Mutex<Shelf>,
    bell: Arc<Bell>,
}

#[derive(Debug, Default)]
struct Shelf {
    /// The longest idle first.
    lines: Vec<Line>,
    /// Whether a task waits for the bell.
    tended: bool,
}

#[derive(Debug, Default)]
struct Bell(Notify);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

impl Idle {
    /// The one that was used last, if it is still open.
    fn take(&self) -> Option<Line> {
        loop {
            let mut line = self.shelf.lock().unwrap_or_else(PoisonError::into_inner).lines.pop()?;
            // From here on its bell is silent.
            if line.since.elapsed() < KEPT && line.is_open(Waker::noop()) {
                return Some(line);
            }
        }
    }

    fn put(self: &Arc<Self>, mut line: Line) {
        if !line.is_open(&Waker::from(Arc::clone(&self.bell))) {
            return;
        }
        line.since = Instant::now();
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.lines.len() < MOST_KEPT {
            shelf.lines.push(line);
        }
        if !shelf.tended {
            shelf.tended = true;
            tokio::spawn(Self::tend(Arc::downgrade(self), Arc::clone(&self.bell)));
        }
    }

    /// Drops what has ended or idled for too long, until nothing is left to look after.
    async fn tend(idle: Weak<Self>, bell: Arc<Bell>) {
        let waker = Waker::from(Arc::clone(&bell));
        loop {
            let _ = timeout(KEPT, bell.0.notified()).await;
            let Some(idle) = idle.upgrade() else { return };
            let mut shelf = idle.shelf.lock().unwrap_or_else(PoisonError::into_inner);
            shelf.lines.retain_mut(|line| line.since.elapsed() < KEPT && line.is_open(&waker));
            if shelf.lines.is_empty() {
                shelf.tended = false;
                return;
            }
        }
    }
}
