//! Writes rows to a file for the reader to keep: some rows in each task, so that nothing holds the browser up.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use crate::csv;
use crate::date::Date;
use crate::history_session::FileKind;
use crate::ledger::{Ledger, RowId};
use crate::web::timer::Timer;

/// So many rows are written in one task.
const ROWS: usize = 1_000;
/// How long a file stays at hand for the browser to save it, in milliseconds.
pub(in crate::ui) const KEPT_MS: u32 = 60_000;

/// The kind of a file of comma-separated values.
pub(in crate::ui) const CSV: &str = "text/csv;charset=utf-8";

/// A file that is being written.
pub(super) struct Writer {
    file: FileKind,
    rows: Vec<RowId>,
    written: usize,
    parts: Array,
    next: Option<Timer>,
}

impl Writer {
    pub(super) fn new(file: FileKind, rows: Vec<RowId>) -> Self {
        Self { file, rows, written: 0, parts: Array::new(), next: None }
    }

    /// Keeps the timer of the next step, which is called off when the writer is dropped.
    pub(super) fn wait(&mut self, next: Timer) {
        self.next = Some(next);
    }

    /// Writes some rows. Whether these were the last.
    pub(super) fn step(&mut self, ledger: &Ledger) -> bool {
        let mut text = String::new();
        let first = self.written == 0;
        let rest = self.rows.get(self.written..).unwrap_or_default();
        let (now, later) = rest.split_at(rest.len().min(ROWS));
        match self.file {
            FileKind::Csv => {
                if first {
                    csv::write_header(&mut text);
                }
                csv::write(ledger, now, &mut text);
            }
            FileKind::Json => {
                text.push_str(match (first, now) {
                    (true, _) => "{\"adjustments\":[",
                    (false, []) => "",
                    (false, _) => ",",
                });
                csv::write_json(ledger, now, &mut text);
                if later.is_empty() {
                    text.push_str(&["],\"total\":", &self.rows.len().to_string(), "}"].concat());
                }
            }
        }
        self.written += now.len();
        self.parts.push(&JsValue::from_str(&text));
        self.written == self.rows.len()
    }

    /// Gives the file to the browser to save. It is at hand for a while.
    pub(super) fn save(self, today: Date) -> Option<Saved> {
        let (kind, ending) = match self.file {
            FileKind::Csv => (CSV, ".csv"),
            FileKind::Json => ("application/json", ".json"),
        };
        save(&self.parts, kind, &["balance-history-", &today.to_string(), ending].concat())
    }
}

/// Gives texts to the browser to save as one file of this kind and name.
pub(in crate::ui) fn save(parts: &Array, kind: &str, name: &str) -> Option<Saved> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(parts, &options).ok()?;
    let saved = Saved(Url::create_object_url_with_blob(&blob).ok()?);
    let link = web_sys::window()?.document()?.create_element("a").ok()?;
    link.set_attribute("href", &saved.0).ok()?;
    link.set_attribute("download", name).ok()?;
    link.unchecked_into::<HtmlElement>().click();
    Some(saved)
}

/// A file that the browser was given: its address, valid until this is dropped.
pub(in crate::ui) struct Saved(String);

impl Drop for Saved {
    fn drop(&mut self) {
        // It fails for no address of ours.
        let _ = Url::revoke_object_url(&self.0);
    }
}
