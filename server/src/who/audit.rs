//! The record of who read what: a line for each quote and each read of a balance or a history, answered or refused. It holds
//! no amounts, no names of domains and nothing else of what was asked or answered.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::{Asker, access};
use crate::route::Endpoint;

/// How many containers a line names.
const MOST: usize = 32;

/// Where the record goes besides the log.
#[derive(Debug, Default)]
pub struct Audit(Option<Mutex<Record>>);

impl Audit {
    /// Appends to a file, which nobody else may read where it is new.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn to(path: &Path) -> std::io::Result<Self> {
        let file = open(path)?;
        Ok(Self(Some(Mutex::new(Record { path: path.to_owned(), file }))))
    }

    /// Whether it could be opened, as far as that can be known without making the file; nothing is written to this one.
    ///
    /// # Errors
    /// Where it could not.
    pub fn could_be(path: &Path) -> std::io::Result<Self> {
        match File::options().append(true).open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                folder.unwrap_or(Path::new(".")).read_dir().map(|_| Self::default())
            }
            other => other.map(|_| Self::default()),
        }
    }

    /// Begins a line; it is written when the entry is [ended](Entry::end) or dropped.
    #[must_use]
    pub fn entry(&self, request: &str, endpoint: &Endpoint) -> Entry<'_> {
        let mut line = Line { id: request.to_owned(), route: endpoint.template(), ..Line::default() };
        match endpoint {
            Endpoint::SubaccountBalance { id } => line.subaccount = Some(id.clone()),
            Endpoint::FrontierBalance { org_id, id } => {
                (line.org, line.billing) = (Some(org_id.clone()), Some(id.clone()));
            }
            Endpoint::OrderPricing | Endpoint::Balance | Endpoint::History => {}
        }
        Entry { audit: self, line }
    }
}

/// A file, and the name that it was opened by.
#[derive(Debug)]
struct Record {
    path: PathBuf,
    file: File,
}

impl Record {
    /// In one piece, so that lines of several processes do not mix.
    fn write(&mut self, text: &str) -> std::io::Result<()> {
        // Whoever rotates it gives it another name.
        if !self.is_by_its_name() {
            match open(&self.path) {
                Ok(file) => self.file = file,
                Err(error) => {
                    tracing::error!(%error, "the audit log has another name by now; it goes on there")
                }
            }
        }
        self.file.write_all(text.as_bytes())
    }

    fn is_by_its_name(&self) -> bool {
        let own = self.file.metadata();
        own.is_ok_and(|own| std::fs::metadata(&self.path).is_ok_and(|named| is_same(&own, &named)))
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Files cannot be told from each other here, nor renamed while they are open.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[derive(Debug, Default, Serialize)]
struct Line {
    time: String,
    id: String,
    /// `null`: anonymous, or not known.
    user: Option<String>,
    route: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    containers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subaccount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing: Option<String>,
    /// `null`: the client left before the answer.
    status: Option<u16>,
}

/// A line in the making.
#[derive(Debug)]
pub struct Entry<'a> {
    audit: &'a Audit,
    line: Line,
}

impl Entry<'_> {
    /// Who asks.
    pub fn asker(&mut self, asker: &Asker) {
        self.line.user = asker.user().map(ToString::to_string);
    }

    /// Which containers are asked for.
    pub fn query(&mut self, query: &[(String, String)]) {
        let number = |id: &str| id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit());
        // Anything could stand where a number is expected.
        self.line.containers = access::containers(query)
            .take(MOST)
            .map(|id| if number(id) { id } else { "other" }.to_owned())
            .collect();
    }

    /// How it ended.
    pub fn end(mut self, status: u16) {
        self.line.status = Some(status);
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let line = &mut self.line;
        tracing::info!(
            target: "audit",
            id = line.id,
            user = line.user,
            route = line.route,
            containers = (!line.containers.is_empty()).then(|| line.containers.join(",")),
            subaccount = line.subaccount,
            org = line.org,
            billing = line.billing,
            status = line.status,
            "access"
        );
        let Some(record) = &self.audit.0 else { return };
        line.time = now();
        let mut text = on_one_line(&serde_json::to_string(line).unwrap_or_default());
        text.push('\n');
        let written = record.lock().unwrap_or_else(PoisonError::into_inner).write(&text);
        if let Err(error) = written {
            tracing::error!(%error, "a line of the audit log could not be written");
        }
    }
}

/// JSON in ASCII alone: no character of a name can be taken for the end of a line or turn the order of the others round.
fn on_one_line(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            text.push(c);
        } else {
            let mut units = [0; 2];
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

/// The time as the log writes it (RFC 3339).
fn now() -> String {
    use tracing_subscriber::fmt::{
        format::Writer,
        time::{FormatTime as _, SystemTime},
    };
    let mut text = String::new();
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn lines(write: impl FnOnce(&Audit)) -> Vec<Value> {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(&Audit::to(file.path()).unwrap());
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(text.is_ascii() && text.ends_with('\n'), "{text:?}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_says_who_what_when_and_how_it_ended() {
        let query = [("container_id", "5"), ("filters[container_id][0]", "drop table"), ("limit", "7")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let lines = lines(|audit| {
            let mut entry = audit.entry("r-1", &Endpoint::History);
            entry.asker(&Asker::known("alice", &[]).unwrap());
            entry.query(&query);
            entry.end(200);
            drop(audit.entry("r-2", &Endpoint::SubaccountBalance { id: "42".into() }));
        });
        assert!(lines[0]["time"].as_str().is_some_and(|time| time.ends_with('Z') && time.contains('T')));
        let without_time = |line: &Value| {
            let mut line = line.clone();
            line.as_object_mut().unwrap().remove("time");
            line
        };
        assert_eq!(
            without_time(&lines[0]),
            json!({"id": "r-1", "user": "alice", "route": "/api/digicert/finance/balance-history",
                   "containers": ["5", "other"], "status": 200})
        );
        assert_eq!(
            without_time(&lines[1]),
            json!({"id": "r-2", "user": null, "route": "/api/digicert/account/subaccount/{id}/balance",
                   "subaccount": "42", "status": null})
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_rotated_is_begun_anew_and_no_line_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let named = |name: &str| folder.path().join(name);
        let audit = Audit::to(&named("audit")).unwrap();
        let write = |request| drop(audit.entry(request, &Endpoint::Balance));
        let ids = |name| {
            let text = std::fs::read_to_string(named(name)).unwrap();
            let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone());
            lines.collect::<Vec<_>>()
        };
        write("1");
        std::fs::rename(named("audit"), named("audit.1")).unwrap();
        write("2");
        write("3");
        // What rotates may make the new file itself.
        std::fs::rename(named("audit"), named("audit.2")).unwrap();
        File::create(named("audit")).unwrap();
        write("4");
        // Nothing can be opened by that name: the old file goes on.
        std::fs::rename(named("audit"), named("audit.3")).unwrap();
        std::fs::create_dir(named("audit")).unwrap();
        write("5");
        assert_eq!(
            [ids("audit.1"), ids("audit.2"), ids("audit.3")],
            [vec!["1"], vec!["2", "3"], vec!["4", "5"]]
        );
    }

    #[test]
    fn a_hostile_name_forges_no_line() {
        for name in ["a\",\"status\":200}", "a\\", "ä\u{202e}b", "𝕏", "{\"id\":1}"] {
            let lines = lines(|audit| {
                let mut entry = audit.entry("r-1", &Endpoint::Balance);
                entry.asker(&Asker::known(name, &[]).unwrap());
                entry.end(403);
            });
            assert_eq!(lines.len(), 1);
            assert_eq!((&lines[0]["user"], &lines[0]["status"]), (&json!(name), &json!(403)));
        }
    }
}
