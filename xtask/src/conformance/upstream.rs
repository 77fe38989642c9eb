//! An upstream of the suite's own: notes what reaches it, and answers like the sandbox or as badly as it is asked to.
//!
//! What goes wrong is chosen by the `container_id` of a balance, or by the last group of Frontier's billing id: the only
//! things that every proxy passes on.

use super::http::Answer;
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Redirects to itself, below `/elsewhere`.
pub(crate) const REDIRECTS: &str = "91001";
/// Takes the request and says nothing.
pub(crate) const HANGS: &str = "91002";
/// Announces more than it sends.
pub(crate) const CUT_OFF: &str = "91003";
/// An ordinary answer among headers that are none of the browser's business.
pub(crate) const TALKS: &str = "91004";
/// A byte a second.
pub(crate) const TRICKLES: &str = "91005";
/// Closes without a word.
pub(crate) const CLOSES: &str = "91006";
/// An ordinary answer with a header of a name that nobody can have listed.
pub(crate) const INVENTS: &str = "91007";

/// The headers of [`TALKS`].
pub(crate) const TALK: [(&str, &str); 14] = [
    ("Set-Cookie", "sid=of-the-upstream"),
    ("Location", "http://elsewhere.invalid/"),
    ("WWW-Authenticate", "Basic"),
    ("Cache-Control", "public, max-age=600"),
    ("Expires", "Thu, 31 Dec 2099 00:00:00 GMT"),
    ("ETag", "\"1\""),
    ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ("Access-Control-Allow-Origin", "*"),
    ("Content-Security-Policy", "script-src *"),
    ("Strict-Transport-Security", "max-age=1"),
    ("X-Powered-By", "upstream"),
    ("X-CDN", "Imperva"),
    ("X-Accel-Redirect", "/index.html"),
    ("Via", "1.1 upstream"),
];

/// The header of [`INVENTS`].
pub(crate) const INVENTED: &str = "x-nobody-has-listed-this";

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `GET /services/v2/finance/balance HTTP/1.1`
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    pub(crate) fn query(&self) -> &str {
        self.target().split_once('?').map_or("", |(_, query)| query)
    }

    /// The id by which this request asks for trouble.
    fn id(&self) -> &str {
        let container = self.query().split('&').find_map(|pair| pair.strip_prefix("container_id="));
        let billing = || {
            let group = self.path().strip_suffix("/balance")?.rsplit('-').next()?;
            Some(group.trim_start_matches('0'))
        };
        container.or_else(billing).unwrap_or_default()
    }
}

pub(crate) struct Upstream {
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Upstream {
    pub(crate) fn listen(address: &str) -> Result<Self> {
        let listener = TcpListener::bind(address).with_context(|| format!("--upstream-listen {address}"))?;
        let address = listener.local_addr()?.to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, address) = (Arc::clone(&seen), address.clone());
                std::thread::spawn(move || {
                    // Whatever breaks here is the proxy's doing, and is seen in its answer.
                    let _ = serve(stream, &address, &seen);
                });
            }
        });
        Ok(Self { asked })
    }

    /// What `work` gives, and the requests that carry `mark` which reached the upstream in the meantime.
    pub(crate) fn during<T>(&self, mark: &str, work: impl FnOnce() -> Result<T>) -> Result<(T, Vec<Asked>)> {
        let before = lock(&self.asked).len();
        let result = work()?;
        // One that was called off may still be on its way.
        std::thread::sleep(Duration::from_millis(100));
        let all = lock(&self.asked);
        let asked = all.iter().skip(before).filter(|asked| asked.line.contains(mark)).cloned();
        Ok((result, asked.collect()))
    }
}

fn lock(asked: &Mutex<Vec<Asked>>) -> MutexGuard<'_, Vec<Asked>> {
    asked.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: TcpStream, address: &str, seen: &Mutex<Vec<Asked>>) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    while let Some(asked) = read(&mut stream)? {
        lock(seen).push(asked.clone());
        if !answer(&mut stream, &asked, address)? {
            break;
        }
    }
    Ok(())
}

/// Whether the connection is good for another request.
fn answer(stream: &mut TcpStream, asked: &Asked, address: &str) -> Result<bool> {
    let ordinary = ordinary(asked.path());
    let mut talk = String::new();
    match asked.id() {
        REDIRECTS => {
            let head =
                format!("HTTP/1.1 302 Found\r\nLocation: http://{address}/elsewhere/finance/balance\r\n");
            write!(stream, "{head}Content-Length: 0\r\n\r\n")?;
            return Ok(true);
        }
        HANGS => {
            let _ = stream.read(&mut [0; 1]);
            return Ok(false);
        }
        CUT_OFF => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"bal"
            )?;
            return Ok(false);
        }
        TRICKLES => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
            )?;
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(20) && stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_secs(1));
            }
            return Ok(false);
        }
        CLOSES => return Ok(false),
        "429" | "403" | "404" => {
            let status = asked.id();
            let body = r#"{"errors":[{"code":"refused","message":"Refused."}]}"#;
            write!(
                stream,
                "HTTP/1.1 {status} Refused\r\nContent-Type: application/json\r\nRetry-After: 5\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            )?;
            return Ok(true);
        }
        TALKS => TALK.iter().for_each(|(name, value)| talk.push_str(&format!("{name}: {value}\r\n"))),
        INVENTS => talk = format!("{INVENTED}: 1\r\n"),
        _ => {}
    }
    let head = asked.line.starts_with("HEAD ");
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{talk}Content-Length: {}\r\n\r\n{}",
        ordinary.len(),
        if head { "" } else { ordinary }
    )?;
    Ok(true)
}

/// What the sandbox answers, as far as the suite looks at it.
fn ordinary(path: &str) -> &'static str {
    if path.ends_with("/finance/order-pricing") {
        r#"{"base_price":"238.00","total_price":"238.00","currency":"USD"}"#
    } else if path.ends_with("/finance/balance-history") {
        r#"{"adjustments":[],"page":{"total":0,"limit":1000,"offset":0}}"#
    } else if path.contains("/account/subaccount/") {
        r#"{"amount":5000,"currency":"USD"}"#
    } else if path.contains("/organizations/") {
        r#"{"balance":{"amount":"1200","currency":"VC","updated_at":null}}"#
    } else {
        r#"{"balance":"8123.45","currency":"USD","total_available_funds":"9998.45"}"#
    }
}

/// The next request, or none where the other side has closed.
fn read(stream: &mut TcpStream) -> Result<Option<Asked>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 16_384]);
    loop {
        if let Some(asked) = parse(&bytes) {
            return Ok(Some(asked));
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            length => bytes.extend(buffer.iter().take(length)),
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Asked> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let (line, rest) = head.split_once("\r\n").unwrap_or((&head, ""));
    // The body is framed as in an answer.
    let framed = [b"HTTP/1.1 200 OK\r\n", rest.as_bytes(), b"\r\n\r\n", bytes.get(end + 4..)?].concat();
    let framed = Answer::parse(&framed, false)?;
    framed.whole.then(|| Asked { line: line.to_owned(), headers: framed.headers, body: framed.body })
}
