//! Counters, gauges and histograms, told in the text format of Prometheus (version 0.0.4).
//!
//! Whoever counts something asks [`Metrics`] for it by name and labels, once or each time, and gets the same one back.
//! Labels are words of our own (a route without its ids, an API, a status): nothing of a user ever becomes one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds of the histograms, in milliseconds; an upstream has ten seconds.
const BOUNDS: [u64; 12] = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/// Everything that is counted. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Mutex<BTreeMap<&'static str, Family>>>);

#[derive(Debug)]
struct Family {
    help: &'static str,
    /// By their labels, as they are written.
    series: BTreeMap<String, Series>,
}

#[derive(Clone, Debug)]
enum Series {
    Counter(Counter),
    Gauge(Gauge),
    Histogram(Histogram),
}

/// A number that only grows.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// Counts one more.
    pub fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes over what is counted elsewhere.
    pub fn follow(&self, count: u64) {
        self.0.store(count, Ordering::Relaxed);
    }

    /// What was counted.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A number that goes up and down.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<AtomicI64>);

impl Gauge {
    /// Sets it.
    pub fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Adds to it, or takes away.
    pub fn add(&self, value: i64) {
        self.0.fetch_add(value, Ordering::Relaxed);
    }

    /// How much it is.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How long things took.
#[derive(Clone, Debug, Default)]
pub struct Histogram(Arc<Buckets>);

#[derive(Debug, Default)]
struct Buckets {
    /// One for each bound, and one for what is above all of them.
    counts: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

impl Histogram {
    /// Notes that something took `time`.
    pub fn observe(&self, time: Duration) {
        let place = BOUNDS.iter().position(|bound| time <= Duration::from_millis(*bound));
        if let Some(count) = self.0.counts.get(place.unwrap_or(BOUNDS.len())) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.microseconds.fetch_add(time, Ordering::Relaxed);
    }
}

impl Metrics {
    /// The counter of this name and these labels; `help` is told once for each name.
    pub fn counter(
        &self,
        name: &'static str,
        help: &'static str,
        labels: &[(&'static str, &str)],
    ) -> Counter {
        match self.series(name, help, labels, || Series::Counter(Counter::default())) {
            Series::Counter(counter) => counter,
            // A name of another kind is a slip of ours: it counts, but is not told.
            _ => Counter::default(),
        }
    }

    /// The gauge of this name and these labels.
    pub fn gauge(&self, name: &'static str, help: &'static str, labels: &[(&'static str, &str)]) -> Gauge {
        match self.series(name, help, labels, || Series::Gauge(Gauge::default())) {
            Series::Gauge(gauge) => gauge,
            _ => Gauge::default(),
        }
    }

    /// The histogram of this name and these labels; the name ends in `_seconds`.
    pub fn histogram(
        &self,
        name: &'static str,
        help: &'static str,
        labels: &[(&'static str, &str)],
    ) -> Histogram {
        match self.series(name, help, labels, || Series::Histogram(Histogram::default())) {
            Series::Histogram(histogram) => histogram,
            _ => Histogram::default(),
        }
    }

    fn series(
        &self,
        name: &'static str,
        help: &'static str,
        labels: &[(&'static str, &str)],
        make: impl FnOnce() -> Series,
    ) -> Series {
        let labels = written(labels);
        let mut families = self.lock();
        let family = families.entry(name).or_insert_with(|| Family { help, series: BTreeMap::new() });
        family.series.entry(labels).or_insert_with(make).clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Family>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of it, as Prometheus reads it.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = String::new();
        for (name, family) in self.lock().iter() {
            let kind = match family.series.values().next() {
                Some(Series::Gauge(_)) => "gauge",
                Some(Series::Histogram(_)) => "histogram",
                _ => "counter",
            };
            // A String takes whatever is written to it.
            let _ = writeln!(out, "# HELP {name} {}\n# TYPE {name} {kind}", family.help);
            for (labels, series) in &family.series {
                let _ = match series {
                    Series::Counter(counter) => line(&mut out, name, "", labels, counter.get()),
                    Series::Gauge(gauge) => line(&mut out, name, "", labels, gauge.get()),
                    Series::Histogram(histogram) => buckets(&mut out, name, labels, &histogram.0),
                };
            }
        }
        out
    }
}

fn line(
    out: &mut String,
    name: &str,
    suffix: &str,
    labels: &str,
    value: impl std::fmt::Display,
) -> std::fmt::Result {
    if labels.is_empty() {
        writeln!(out, "{name}{suffix} {value}")
    } else {
        writeln!(out, "{name}{suffix}{{{labels}}} {value}")
    }
}

fn buckets(out: &mut String, name: &str, labels: &str, buckets: &Buckets) -> std::fmt::Result {
    let comma = if labels.is_empty() { "" } else { "," };
    let mut sum = 0;
    for (index, count) in buckets.counts.iter().enumerate() {
        sum += count.load(Ordering::Relaxed);
        let bound = BOUNDS.get(index).map_or_else(|| "+Inf".to_owned(), |bound| seconds(bound * 1_000));
        line(out, name, "_bucket", &format!("{labels}{comma}le=\"{bound}\""), sum)?;
    }
    line(out, name, "_sum", labels, seconds(buckets.microseconds.load(Ordering::Relaxed)))?;
    line(out, name, "_count", labels, sum)
}

/// Microseconds as a decimal number of seconds.
fn seconds(microseconds: u64) -> String {
    let text = format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn written(labels: &[(&'static str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in labels {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(name);
        text.push_str("=\"");
        for character in value.chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                '"' => text.push_str("\\\""),
                '\n' => text.push_str("\\n"),
                other => text.push(other),
            }
        }
        text.push('"');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_and_labels_are_the_same_counter() {
        let metrics = Metrics::default();
        metrics.counter("a_total", "As.", &[("route", "/x")]).add_one();
        metrics.clone().counter("a_total", "As.", &[("route", "/x")]).add_one();
        metrics.counter("a_total", "As.", &[("route", "\"\\\n")]).add_one();
        metrics.gauge("b", "Bs.", &[]).set(-3);
        assert_eq!(
            metrics.render(),
            "# HELP a_total As.\n# TYPE a_total counter\na_total{route=\"/x\"} 2\na_total{route=\"\\\"\\\\\\n\"} 1\n\
             # HELP b Bs.\n# TYPE b gauge\nb -3\n"
        );
    }

    #[test]
    fn a_histogram_adds_up() {
        let metrics = Metrics::default();
        let histogram = metrics.histogram("t_seconds", "Times.", &[("api", "x")]);
        for milliseconds in [0, 1, 30, 60_000] {
            histogram.observe(Duration::from_millis(milliseconds));
        }
        let text = metrics.render();
        for line in [
            "t_seconds_bucket{api=\"x\",le=\"0.001\"} 2",
            "t_seconds_bucket{api=\"x\",le=\"0.025\"} 2",
            "t_seconds_bucket{api=\"x\",le=\"0.05\"} 3",
            "t_seconds_bucket{api=\"x\",le=\"10\"} 3",
            "t_seconds_bucket{api=\"x\",le=\"+Inf\"} 4",
            "t_seconds_sum{api=\"x\"} 60.031",
            "t_seconds_count{api=\"x\"} 4",
        ] {
            assert!(text.lines().any(|known| known == line), "{line} in {text}");
        }
    }

    #[test]
    fn a_name_has_one_kind() {
        let metrics = Metrics::default();
        metrics.counter("a", "A.", &[]).add_one();
        metrics.gauge("a", "A.", &[]).set(7);
        assert_eq!(metrics.render(), "# HELP a A.\n# TYPE a counter\na 1\n");
    }
}
