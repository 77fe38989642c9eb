//! What an operator looks at: `/readyz`, `/metrics`, and how the server ends.
//!
//! `/healthz` says that the process lives, `/readyz` whether to send it requests. `/metrics` stands on a listener of its own
//! (`--metrics-listen`); on the main one only while that is a loopback address and there is no other.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, StatusCode, header};
use clap::Args;

use crate::files;
use crate::metrics::{Counter, Gauge, Histogram, Metrics};
use crate::proxy::is_read;
use crate::route::Api;
use crate::upstream::{Answer, Fault};

/// Flags of an operator.
#[derive(Args, Clone, Debug)]
pub struct OperateArgs {
    /// Address for /metrics, /readyz and /healthz alone; without it /metrics stands on the main one if that is loopback
    #[arg(long, env = "CERTQUOTE_METRICS_LISTEN", value_name = "ADDR")]
    pub metrics_listen: Option<String>,
    /// Seconds between SIGTERM and the end of listening, in which /readyz says so
    #[arg(long, env = "CERTQUOTE_DRAIN", value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub drain: u64,
    /// Seconds that requests in flight have to finish once nothing more is taken
    #[arg(long, env = "CERTQUOTE_GRACE", value_name = "SECONDS", default_value_t = 25, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub grace: u64,
}

/// How one part of the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As it should be.
    Well,
    /// It gets along without something, which the words name: requests are welcome.
    Limping(String),
    /// It cannot answer, and the words say why: requests had better go elsewhere.
    Down(String),
}

/// A part of the server, and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name, as an operator knows it.
    pub name: &'static str,
    /// How it is.
    pub condition: Condition,
}

type Probe = Box<dyn Fn() -> Component + Send + Sync>;
type Source = Box<dyn Fn(&Metrics) + Send + Sync>;

/// What the parts of a running server tell its operator. Clones share it.
#[derive(Clone, Default)]
pub struct Operate {
    /// What is counted.
    pub metrics: Metrics,
    /// Whether `/metrics` stands on the main listener.
    pub metrics_on_main: bool,
    draining: Arc<AtomicBool>,
    probes: Arc<Mutex<Vec<Probe>>>,
    sources: Arc<Mutex<Vec<Source>>>,
    found: Arc<Found>,
}

type Known<K> = Mutex<HashMap<K, (Counter, Histogram)>>;

/// What each request counts, so that it is found by its labels once and not each time.
#[derive(Default)]
struct Found {
    in_flight: OnceLock<Gauge>,
    /// By route, method and status.
    answered: Known<(&'static str, &'static str, StatusCode)>,
    /// By status or what went wrong.
    called: Known<(Api, Result<StatusCode, &'static str>)>,
}

impl std::fmt::Debug for Operate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operate").field("metrics_on_main", &self.metrics_on_main).finish_non_exhaustive()
    }
}

impl Operate {
    /// Has `/readyz` ask this part too.
    pub fn watch(&self, probe: impl Fn() -> Component + Send + Sync + 'static) {
        self.probes.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(probe));
    }

    /// Has `/metrics` take over what is counted elsewhere.
    pub fn read(&self, source: impl Fn(&Metrics) + Send + Sync + 'static) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(source));
    }

    /// From now on `/readyz` sends requests elsewhere.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// The answer to one of the operator's paths; `None` for any other.
    #[must_use]
    pub fn answer(&self, request: &Request, with_metrics: bool) -> Option<Response<Body>> {
        match request.uri().path() {
            "/readyz" => Some(read_only(request, || readiness(self.is_draining(), &self.components()))),
            "/metrics" if with_metrics => Some(read_only(request, || self.scrape())),
            _ => None,
        }
    }

    /// The answer on the operator's own listener.
    #[must_use]
    pub fn answer_alone(&self, request: &Request) -> Response<Body> {
        self.answer(request, true).unwrap_or_else(|| {
            if request.uri().path() == "/healthz" {
                read_only(request, || files::plain(StatusCode::OK, "ok"))
            } else {
                files::plain(StatusCode::NOT_FOUND, "Here are /metrics, /readyz and /healthz.\n")
            }
        })
    }

    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    fn components(&self) -> Vec<Component> {
        let probes = self.probes.lock().unwrap_or_else(PoisonError::into_inner);
        probes.iter().map(|probe| probe()).collect()
    }

    fn scrape(&self) -> Response<Body> {
        measure_process(&self.metrics);
        for source in self.sources.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            source(&self.metrics);
        }
        let mut answer = text(StatusCode::OK, self.metrics.render());
        let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
        answer
    }

    /// Counts a request that was answered.
    pub fn answered(&self, route: &'static str, method: &'static str, status: StatusCode, took: Duration) {
        let mut found = self.found.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, times) = found.entry((route, method, status)).or_insert_with(|| {
            let labels = [("route", route), ("method", method), ("status", status.as_str())];
            let count = self.metrics.counter("certquote_requests_total", "Requests answered.", &labels);
            let help = "From the head of a request to the head of its answer.";
            (count, self.metrics.histogram("certquote_request_seconds", help, &[("route", route)]))
        });
        count.add_one();
        times.observe(took);
    }

    /// Counts a request whose client left before the answer.
    pub fn abandoned(&self) {
        let help = "Requests whose client left before the answer.";
        self.metrics.counter("certquote_requests_abandoned_total", help, &[]).add_one();
    }

    /// A request in flight, until it is dropped.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        let gauge = self
            .found
            .in_flight
            .get_or_init(|| self.metrics.gauge("certquote_requests_in_flight", "Requests under way.", &[]));
        gauge.add(1);
        InFlight(gauge.clone())
    }

    /// Counts a call of an upstream that began at `started`; no result is one that was not awaited to its end.
    pub fn called(&self, api: Api, result: Option<&Result<Answer, Fault>>, started: Instant) {
        let outcome = match result {
            Some(Ok(answer)) => Ok(answer.status),
            Some(Err(Fault::Unreachable)) => Err("unreachable"),
            Some(Err(Fault::Stale)) => Err("stale"),
            Some(Err(Fault::Unusable(_))) => Err("unusable"),
            None => Err("timeout"),
        };
        let mut found = self.found.called.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, times) = found.entry((api, outcome)).or_insert_with(|| {
            let api = match api {
                Api::DigiCert => "digicert",
                Api::Frontier => "frontier",
            };
            let outcome = outcome.as_ref().map_or_else(|word| *word, StatusCode::as_str);
            let help = "Calls of an upstream, by status or what went wrong.";
            let labels = [("api", api), ("outcome", outcome)];
            let count = self.metrics.counter("certquote_upstream_calls_total", help, &labels);
            let help = "Whole calls of an upstream.";
            (count, self.metrics.histogram("certquote_upstream_seconds", help, &[("api", api)]))
        });
        count.add_one();
        times.observe(started.elapsed());
    }
}

/// See [`Operate::in_flight`].
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.add(-1);
    }
}

/// `200 ready` with the words of whatever limps, or 503 with the words of what is down.
#[must_use]
pub fn readiness(draining: bool, components: &[Component]) -> Response<Body> {
    let down = components.iter().any(|component| matches!(component.condition, Condition::Down(_)));
    let ready = !draining && !down;
    let mut words = String::from(if ready { "ready\n" } else { "not ready\n" });
    if draining {
        words.push_str("server: ending, takes no new requests\n");
    }
    for Component { name, condition } in components {
        if let Condition::Limping(why) | Condition::Down(why) = condition {
            // A String takes whatever is written to it.
            let _ = writeln!(words, "{name}: {why}");
        }
    }
    text(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, words)
}

fn text(status: StatusCode, words: String) -> Response<Body> {
    let mut answer = files::plain(status, "");
    *answer.body_mut() = Body::from(words);
    answer
}

fn read_only(request: &Request, answer: impl FnOnce() -> Response<Body>) -> Response<Body> {
    if is_read(request.method()) { answer() } else { files::wrong_method() }
}

/// Memory and open files, where the system tells them.
fn measure_process(metrics: &Metrics) {
    let resident = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<i64>().ok()
    });
    if let Some(kilobytes) = resident {
        let help = "Resident memory size in bytes.";
        metrics.gauge("process_resident_memory_bytes", help, &[]).set(kilobytes * 1024);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        let open = i64::try_from(open.count()).unwrap_or(i64::MAX);
        metrics.gauge("process_open_fds", "Number of open file descriptors.", &[]).set(open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(condition: Condition) -> Component {
        Component { name: "redis", condition }
    }

    #[test]
    fn what_limps_is_told_and_what_is_down_is_not_ready() {
        for (draining, condition, status) in [
            (false, Condition::Well, 200),
            (false, Condition::Limping("gone".to_owned()), 200),
            (false, Condition::Down("gone".to_owned()), 503),
            (true, Condition::Well, 503),
        ] {
            let answer = readiness(draining, &[part(condition.clone())]);
            assert_eq!(answer.status(), status, "{condition:?}");
        }
    }
}
