//! The connections of clients: served one by one, and ended when nothing more is to be expected of them.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// For a client to send the head of a request. A kept-alive connection may idle as long: longer than reverse proxies keep
/// theirs (nginx: 60 s), so that none of them sends a request into a connection that is being closed.
const HEAD: Duration = Duration::from_secs(75);
/// What is read before a head must have ended, in bytes: some times what a browser with a long token sends. A client that does
/// not end its head holds twice this at most.
const LONGEST_HEAD: usize = 64 * 1024;
/// For a client to take any byte at all of an answer that waits for it; else its answer would stay in memory for as long as
/// it likes.
const STALLED: Duration = Duration::from_secs(75);
/// How long nothing may happen after the signal before clients that neither ask nor read are left behind.
const QUIET: Duration = Duration::from_secs(1);

/// Every open connection.
#[derive(Default)]
pub(crate) struct Connections {
    graceful: GracefulShutdown,
    work: Arc<Work>,
}

impl Connections {
    /// Serves a connection in a task of its own. Without a router, which would have nothing to choose from and boxes all
    /// that passes.
    pub(crate) fn take<F>(&self, stream: TcpStream, answer: impl Fn(Request) -> F + Clone + Send + 'static)
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let _ = stream.set_nodelay(true);
        let work = Arc::clone(&self.work);
        let service = service_fn(move |request: Request<hyper::body::Incoming>| {
            let (asked, answer) = (Asked::new(&work), answer.clone());
            async move {
                // Made here, where it stays: it is large.
                let answer = answer(request.map(Body::new)).await;
                drop(asked);
                Ok::<_, Infallible>(answer)
            }
        });
        let stream = TokioIo::new(Watched { stream, work: Arc::clone(&self.work), stalled: None });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(LONGEST_HEAD)
            .serve_connection(stream, service);
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
        });
    }

    /// Lets what is in flight finish: until every connection has ended, or nothing happens on those that are left.
    pub(crate) async fn finish(self) {
        tokio::select! {
            () = self.graceful.shutdown() => {}
            () = self.work.quiet() => tracing::info!("leaving clients behind that neither ask nor read"),
        }
    }
}

/// What goes on, over all connections.
#[derive(Default)]
struct Work {
    in_flight: AtomicUsize,
    written: AtomicUsize,
}

impl Work {
    /// Returns once no request has been in flight and no byte of an answer has left for [`QUIET`].
    async fn quiet(&self) {
        let (mut written, mut since) = (self.written.load(Ordering::Relaxed), Instant::now());
        while since.elapsed() < QUIET {
            sleep(QUIET / 10).await;
            let now = self.written.load(Ordering::Relaxed);
            if self.in_flight.load(Ordering::Relaxed) > 0 || now != written {
                (written, since) = (now, Instant::now());
            }
        }
    }
}

/// A request in flight; dropped with its answer, or when its client leaves.
struct Asked(Arc<Work>);

impl Asked {
    fn new(work: &Arc<Work>) -> Self {
        work.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(work))
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that tells when bytes leave, and ends when for too long none can.
struct Watched {
    stream: TcpStream,
    work: Arc<Work>,
    /// Runs while bytes wait to leave.
    stalled: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Watched {
    fn left(&mut self, sent: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if sent.is_pending() {
            let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALLED)));
            return stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()));
        }
        self.stalled = None;
        if let Poll::Ready(Ok(length)) = sent {
            self.work.written.fetch_add(length, Ordering::Relaxed);
        }
        sent
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.left(sent, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.left(sent, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::time::advance;

    use super::*;

    const LARGE: usize = 64 * 1024 * 1024;

    /// A client, and the server's end of a large answer to it.
    async fn answering() -> (TcpStream, impl Future<Output = io::Result<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let mut watched = Watched { stream, work: Arc::default(), stalled: None };
        (client, async move { watched.write_all(&vec![0; LARGE]).await })
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_takes_is_not_kept_for_ever() {
        let (_client, answer) = answering().await;
        assert_eq!(answer.await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_its_answer_slowly_gets_all_of_it() {
        // As long as something blocks, the clock goes on only where it is told to; else it would run while the system moves
        // bytes. What is taken at a time is more than the system holds back on its way, so that some leave each time.
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let holding = tokio::task::spawn_blocking(move || held.recv());
        let (mut client, answer) = answering().await;
        let answer = tokio::spawn(answer);
        let mut part = vec![0; LARGE / 4];
        for _ in 0..4 {
            client.read_exact(&mut part).await.unwrap();
            advance(STALLED / 3).await;
        }
        answer.await.unwrap().unwrap();
        drop(hold);
        let _ = holding.await;
    }
}
