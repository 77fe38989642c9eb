//! The rows of one query as they come, page by page: always a beginning of all that match, without a hole.
//!
//! The list on the other side may change between two pages. Rows that were added push the rest down: what comes twice is
//! dropped by its number. Rows that were removed pull the rest up: the part that slipped past is asked for once more.

use crate::api::balance_history::Page;
use crate::ledger::RowId;

/// So many pages in a row may bring nothing new while a part is asked for once more.
const MAX_BARREN: u32 = 128;

/// How far a list is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// No page came yet.
    #[default]
    Unasked,
    /// There is more.
    Open,
    /// This is all.
    Complete,
    /// More was announced than the service gives.
    Short,
}

/// The rows of one query, as far as they are loaded.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    rows: Vec<RowId>,
    /// One bit for each row of the ledger: whether it is in the list.
    has: Vec<u64>,
    total: Option<u64>,
    end: End,
    /// Everything before this place was asked for.
    frontier: u64,
    gap: Option<Gap>,
    /// What the page at the frontier held, and whether it held as many as were to be had.
    tail: (u64, bool),
    shrunk: bool,
    newer: bool,
    barren: u32,
}

/// What has to be asked for once more, because rows before it were removed meanwhile.
#[derive(Clone, Copy, Debug)]
struct Gap {
    from: u64,
    to: u64,
    /// Where in the list its rows belong.
    at: usize,
}

impl Listing {
    /// A list that is loaded whole.
    pub(super) fn whole(rows: Vec<RowId>) -> Self {
        let mut whole = Self { frontier: rows.len() as u64, ..Self::default() };
        whole.merge(0, &rows);
        whole.total = Some(whole.frontier);
        whole.end = End::Complete;
        whole
    }

    /// The rows in their order.
    #[must_use]
    pub fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// How many there are in all, if it is known: as many as came once these are all, and nothing less than what came.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        let loaded = self.rows.len() as u64;
        match self.end {
            End::Complete => Some(loaded),
            _ => self.total.filter(|total| *total >= loaded),
        }
    }

    /// How far it is loaded.
    #[must_use]
    pub fn end(&self) -> End {
        self.end
    }

    /// Whether rows were added on the other side since the first page.
    #[must_use]
    pub fn has_newer(&self) -> bool {
        self.newer
    }

    pub(super) fn set_newer(&mut self) {
        self.newer = true;
    }

    /// Whether a row is in the list.
    #[must_use]
    pub fn contains(&self, row: RowId) -> bool {
        let (word, bit) = place(row);
        self.has.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Where the next page begins; `None` when there is none.
    pub(super) fn next(&self) -> Option<u64> {
        match self.end {
            End::Unasked => Some(0),
            End::Open => Some(self.gap.map_or(self.frontier, |gap| gap.from)),
            End::Complete | End::Short => None,
        }
    }

    /// Goes on after a list that turned out short, unless what it lacks lies in between.
    pub(super) fn reopen(&mut self) {
        if self.end == End::Short && self.total.is_some_and(|total| self.frontier < total) {
            (self.end, self.barren) = (End::Open, 0);
        }
    }

    /// Takes in the page that begins at `offset`, of which `asked` rows were asked for. `repeated` says that it is the last
    /// page once more.
    pub(super) fn take(&mut self, offset: u64, asked: u32, page: Page, rows: &[RowId], repeated: bool) {
        let before = self.rows.len();
        let again = self.gap.filter(|gap| gap.from == offset);
        let mut at = again.map_or(before, |gap| gap.at);
        if !repeated {
            at = self.merge(at, rows);
        }
        let fresh = self.rows.len() > before;
        let came = rows.len() as u64;
        let announced = page.total.map(|count| count.0);
        let (grew, shrank) = match (self.total, announced) {
            (Some(old), Some(new)) => (new.saturating_sub(old), old.saturating_sub(new)),
            _ => (0, 0),
        };
        self.total = announced.or(self.total);
        self.newer |= grew > 0;
        self.shrunk |= shrank > 0;
        self.barren = if fresh { 0 } else { self.barren.saturating_add(1) };
        match again {
            Some(Gap { to, .. }) => {
                self.frontier = self.frontier.saturating_sub(shrank);
                let passed = if shrank > 0 { 0 } else { came };
                let from = offset.saturating_sub(shrank).saturating_add(passed);
                self.gap = (came > 0 && from < to).then_some(Gap { from, to, at });
            }
            None => {
                let limit = page.limit.map(|count| count.0).filter(|limit| *limit > 0);
                let full = came >= limit.unwrap_or(u64::from(asked)).min(u64::from(asked));
                self.tail = (came, full);
                self.frontier = offset.saturating_add(came);
                let to = self.total.map_or(offset, |total| offset.min(total));
                let from = offset.saturating_sub(shrank);
                self.gap = (shrank > 0 && from < to).then_some(Gap { from, to, at: before });
            }
        }
        self.end = self.judge(again.is_some(), grew > 0);
    }

    fn judge(&self, again: bool, grew: bool) -> End {
        if self.gap.is_some() {
            return if self.barren > MAX_BARREN { End::Short } else { End::Open };
        }
        let (came, full) = self.tail;
        let loaded = self.rows.len() as u64;
        let ends = came == 0
            || match self.total {
                // A total that shrank, or is another one than what came, is not believed as long as full pages come.
                Some(total) => self.frontier >= total && !(full && (self.shrunk || loaded != total)),
                None => !full,
            };
        // Rows that were added lie on top, where they are not asked for.
        let missing = self.total.is_some_and(|total| if self.newer { self.frontier } else { loaded } < total);
        // Rows that were added may fill one page with old acquaintances.
        let stuck = !again && self.barren > u32::from(grew);
        match (ends, stuck) {
            (true, _) | (_, true) if missing => End::Short,
            (true, _) | (_, true) => End::Complete,
            (false, false) => End::Open,
        }
    }

    /// Puts the rows of a page to where they belong: those that are there already say where that is, otherwise it is `at`.
    /// Gives the place after the last of them.
    fn merge(&mut self, at: usize, rows: &[RowId]) -> usize {
        let anchor = rows.iter().find(|&&row| self.contains(row));
        let anchor = anchor.and_then(|anchor| self.rows.iter().rposition(|row| row == anchor));
        let below = self.rows.split_off(anchor.unwrap_or(at).min(self.rows.len()));
        let mut rest = below.as_slice();
        for &row in rows {
            if !self.contains(row) {
                self.add(row);
            } else if let Some(known) = rest.iter().position(|&known| known == row) {
                let (passed, left) = rest.split_at(known + 1);
                self.rows.extend_from_slice(passed);
                rest = left;
            }
        }
        let after = self.rows.len();
        self.rows.extend_from_slice(rest);
        after
    }

    fn add(&mut self, row: RowId) {
        let (word, bit) = place(row);
        if word >= self.has.len() {
            self.has.resize(word + 1, 0);
        }
        if let Some(word) = self.has.get_mut(word) {
            *word |= bit;
        }
        self.rows.push(row);
    }

    /// Puts new rows on top; the rest stays as far as it is loaded.
    pub(super) fn put_on_top(&mut self, rows: &[RowId], total: Option<u64>) {
        self.merge(0, rows);
        self.frontier = self.frontier.saturating_add(rows.len() as u64);
        self.total = total.or(self.total);
        self.newer = false;
    }
}

/// The place of a row's bit.
fn place(row: RowId) -> (usize, u64) {
    (row as usize / 64, 1 << (row % 64))
}
