//! HTTP/1.1 byte by byte: an ordinary client would tidy up the very paths that are to be sent.

use anyhow::{Context, Result, bail, ensure};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// Longer than the ten seconds that the contract gives an upstream.
const PATIENCE: Duration = Duration::from_secs(25);

/// Where the proxy is: `http://HOST[:PORT][/PREFIX]`.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) authority: String,
    pub(crate) prefix: String,
}

impl Place {
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let Some(rest) = url.strip_prefix("http://") else {
            bail!("--url must begin with http://: point the suite at the proxy behind its TLS");
        };
        let (authority, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        ensure!(!authority.is_empty(), "--url names no host");
        let authority = if authority.rsplit(']').next().is_some_and(|end| end.contains(':')) {
            authority.to_owned()
        } else {
            format!("{authority}:80")
        };
        let prefix = prefix.trim_end_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
        Ok(Self { authority, prefix })
    }

    fn connect(&self) -> Result<TcpStream> {
        let mut last = None;
        for address in self.authority.to_socket_addrs().with_context(|| self.authority.clone())? {
            match TcpStream::connect_timeout(&address, Duration::from_secs(5)) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Some(error),
            }
        }
        bail!("{} cannot be reached: {last:?}", self.authority)
    }

    /// Sends the bytes and reads until the other side closes. A reset after an answer is no failure: whoever refuses a
    /// body may close on it.
    pub(crate) fn exchange(&self, bytes: &[u8], then: Then) -> Result<Vec<u8>> {
        let mut stream = self.connect()?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut writer = stream.try_clone()?;
        let (bytes, start) = (bytes.to_vec(), Instant::now());
        // Beside the reading: an answer may come before the body is through.
        let sender = std::thread::spawn(move || {
            let sent = writer.write_all(&bytes);
            if then == Then::HalfClose {
                let _ = writer.shutdown(Shutdown::Write);
            }
            sent
        });
        let (mut answer, mut buffer) = (Vec::new(), [0; 16_384]);
        while start.elapsed() < PATIENCE {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => answer.extend(buffer.iter().take(length)),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
            if then == Then::Read && is_whole(&answer) {
                break;
            }
        }
        let _ = stream.shutdown(Shutdown::Both);
        let _ = sender.join();
        Ok(answer)
    }
}

/// What becomes of the connection once everything is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// It stays open for the answer.
    Read,
    /// Nothing more is sent, which is said.
    HalfClose,
}

/// Whether the answer is complete by its own `Content-Length`.
fn is_whole(answer: &[u8]) -> bool {
    Answer::parse(answer, false).is_some_and(|answer| {
        let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
        length.is_some_and(|length| answer.body.len() >= length)
    })
}

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body is as long as it was announced to be.
    pub(crate) whole: bool,
}

impl Answer {
    /// `None` where the bytes do not begin with a whole head. `head` tells that the request was one.
    pub(crate) fn parse(bytes: &[u8], head: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let text = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
        let mut lines = text.split("\r\n");
        let mut first = lines.next()?.split(' ');
        if !first.next()?.starts_with("HTTP/1.") {
            return None;
        }
        let status: u16 = first.next()?.parse().ok()?;
        let rest = bytes.get(end + 4..)?;
        if status == 100 {
            return Self::parse(rest, head);
        }
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut answer = Self { status, headers, body: rest.to_vec(), whole: true };
        if answer.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            (answer.body, answer.whole) = unchunk(rest);
        } else if let Some(length) =
            answer.header("content-length").and_then(|text| text.parse::<usize>().ok())
        {
            answer.whole = head || status == 304 || answer.body.len() == length;
        }
        Some(answer)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The content of chunks, and whether the last of them came.
fn unchunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|window| window == b"\r\n") else { return (body, false) };
        let line = String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned();
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else { return (body, false) };
        rest = rest.get(end + 2..).unwrap_or_default();
        if size == 0 {
            return (body, true);
        }
        body.extend(rest.iter().take(size));
        let Some(next) = rest.get(size + 2..) else { return (body, false) };
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Place};

    #[test]
    fn an_answer_knows_whether_it_is_whole() -> anyhow::Result<()> {
        for (bytes, body, whole) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "{}", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "{}", false),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "{}", false),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 No\r\n\r\nx", "x", true),
        ] {
            let answer = Answer::parse(bytes.as_bytes(), false);
            let answer = answer.ok_or_else(|| anyhow::anyhow!("{bytes:?} is no answer"))?;
            assert_eq!((answer.text().as_str(), answer.whole), (body, whole), "{bytes:?}");
        }
        assert!(Answer::parse(b"{\"balance\":1}", false).is_none());
        Ok(())
    }

    #[test]
    fn a_place_has_host_port_and_prefix() -> anyhow::Result<()> {
        for (url, authority, prefix) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080", ""),
            ("http://[::1]/", "[::1]:80", ""),
            ("http://portal.example/quotes/", "portal.example:80", "/quotes"),
        ] {
            let place = Place::parse(url)?;
            assert_eq!((place.authority.as_str(), place.prefix.as_str()), (authority, prefix));
        }
        assert!(Place::parse("https://portal.example").is_err());
        Ok(())
    }
}
