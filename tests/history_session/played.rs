//! A session, and a service that is played.

use std::rc::Rc;

use certquote::api::Endpoint;
use certquote::date::Date;
use certquote::error::CertError;
use certquote::history_session::{Effect, HistorySession, Intent};
use certquote::state::Ticket;
use certquote::transport::{Response, TransportError};
use certquote::words::{EN, PlainFormats, errors};

pub(super) fn today() -> Date {
    Date::new(2026, 11, 21).unwrap()
}

/// A session and the service that it asks: rows by their ids, the newest first.
pub(super) struct Played {
    pub(super) session: HistorySession,
    /// The request under way, and its query.
    pub(super) asked: Option<(Ticket, Vec<(String, String)>)>,
    /// How many requests there were.
    pub(super) requests: usize,
    pub(super) log: Vec<String>,
}

impl Played {
    pub(super) fn new() -> Self {
        let session = HistorySession::new(&EN, Rc::new(PlainFormats), today());
        Self { session, asked: None, requests: 0, log: Vec::new() }
    }

    pub(super) fn attached() -> Self {
        let mut played = Self::new();
        played.apply(Intent::Attach);
        played
    }

    pub(super) fn apply(&mut self, intent: Intent) {
        self.log.clear();
        for effect in self.session.apply(intent, today()) {
            self.log.push(match effect {
                Effect::Send(ticket, request) => {
                    assert!(self.asked.is_none(), "never two requests at once");
                    self.asked = Some((ticket, request.request().query));
                    self.requests += 1;
                    "send".to_owned()
                }
                Effect::Abort => {
                    assert!(self.asked.take().is_some(), "nothing to abort");
                    "abort".to_owned()
                }
                Effect::Settle(_, Ok(history)) => format!("settle {}", history.adjustments.len()),
                Effect::Settle(_, Err(error)) => format!("settle {}", error.code.as_str()),
                Effect::Show(place) => format!("show {place}"),
                Effect::Shift(rows) => format!("shift {rows}"),
                Effect::Write(file) => format!("write {file:?}"),
                Effect::TellState(state) => format!("state {}", state.name()),
                other => format!("{other:?}").split([' ', '(', '{']).next().unwrap().to_owned(),
            });
        }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.asked.as_ref().expect("a request");
        query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    pub(super) fn offset(&self) -> usize {
        self.parameter("offset").unwrap().parse().unwrap()
    }

    pub(super) fn answer_with(&mut self, body: String) {
        let (ticket, _) = self.asked.take().expect("a request");
        let response = Response { status: 200, body: body.into_bytes(), ..Response::default() };
        self.apply(Intent::Answered(ticket, Ok(response)));
    }

    pub(super) fn limit(&self) -> usize {
        self.parameter("limit").unwrap().parse().unwrap()
    }

    /// Answers from a list that has these rows by now, with as many of them as are asked for.
    pub(super) fn answer(&mut self, rows: &[String]) {
        let page = page(rows, self.offset(), self.limit(), &rows.len().to_string());
        self.answer_with(page);
    }

    pub(super) fn answer_all(&mut self, rows: &[String]) {
        for _ in 0..200 {
            if self.asked.is_none() {
                return;
            }
            self.answer(rows);
        }
        panic!("asks on and on");
    }

    /// Loads all from a service that answers each request with what `body` makes of it.
    pub(super) fn load_all_with(&mut self, body: impl Fn(&Self) -> String) {
        self.apply(Intent::LoadAll);
        while self.asked.is_some() {
            let body = body(self);
            self.answer_with(body);
        }
    }

    pub(super) fn fail(&mut self, error: CertError) {
        let (ticket, _) = self.asked.take().expect("a request");
        self.apply(Intent::Answered(ticket, Err(error)));
    }

    pub(super) fn ids(&self) -> Vec<String> {
        let session = &self.session;
        let ids = session.shown().rows().iter().map(|&row| session.ledger().get(row).unwrap().id.to_owned());
        ids.collect()
    }

    pub(super) fn loaded(rows: &[String]) -> Self {
        let mut played = Self::attached();
        played.apply(Intent::LoadAll);
        played.answer_all(rows);
        assert_eq!(played.ids(), ids(rows));
        played
    }
}

/// The row with an id; its money and its day follow from the id.
pub(super) fn row(id: usize) -> String {
    let (day, month) = (1 + id / 100 % 28, 1 + id / 2800 % 12);
    format!(
        r#"{{"id":"{id}","credit":"{}.00","transaction_type":"Refund","transaction_date":"2025-{month:02}-{day:02} 10:00:00","balance_after":"{id}.00","currency":"USD"}}"#,
        1 + id % 7,
    )
}

/// Rows from the newest id down to the oldest.
pub(super) fn rows(newest: usize, oldest: usize) -> Vec<String> {
    (oldest..=newest).rev().map(row).collect()
}

pub(super) fn ids(rows: &[String]) -> Vec<String> {
    rows.iter().map(|row| row.split('"').nth(3).unwrap().to_owned()).collect()
}

pub(super) fn page(rows: &[String], offset: usize, limit: usize, total: &str) -> String {
    let here: Vec<_> = rows.iter().skip(offset).take(limit).cloned().collect();
    format!(
        r#"{{"adjustments":[{}],"page":{{"total":{total},"limit":{limit},"offset":{offset}}}}}"#,
        here.join(",")
    )
}

/// Says where two lists part.
#[track_caller]
pub(super) fn same(found: &[String], wanted: &[String]) {
    assert_eq!(found.len(), wanted.len(), "length");
    for (place, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert_eq!(found, wanted, "at {place}");
    }
}

pub(super) fn broken() -> CertError {
    CertError::from_transport(
        "finance/balance-history",
        TransportError::Network { offline: false },
        &errors::EN,
    )
}
