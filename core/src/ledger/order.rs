//! The order of time.

use super::sort::order_by;
use super::walk::Walk;
use super::{Ledger, RowId};

/// `rows` from the oldest to the newest. Rows of the same second are ordered so that each balance follows from the one
/// before as often as possible, each currency for itself; where that leaves a choice, the order of `rows` is taken at
/// its word: newest first, as the API has them, unless most of their dates ascend.
///
/// A row without a readable time counts as of the same second as the next older row in `rows` that has one (the next
/// newer if there is none), and comes after it unless the balances say otherwise.
#[must_use]
pub fn chronological(ledger: &Ledger, rows: &[RowId]) -> Vec<RowId> {
    let mut rows = rows.to_vec();
    if !mostly_ascends(ledger, &rows) {
        rows.reverse();
    }
    let mut time = rows.iter().find_map(|&row| ledger.seconds(row, false)).unwrap_or_default();
    let mut times = Vec::with_capacity(rows.len());
    for &row in &rows {
        time = ledger.seconds(row, false).unwrap_or(time);
        times.push(time);
    }
    let time = |place: u32| times.get(usize::try_from(place).ok()?).copied();
    let mut places: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
    order_by(&mut places, &time, false);

    let mut chron = Vec::with_capacity(rows.len());
    for &place in &places {
        chron.extend(usize::try_from(place).ok().and_then(|place| rows.get(place)));
    }
    // Where the rows of the same second end that begin at a place.
    let end = |from: usize| {
        let rest = places.get(from..).unwrap_or_default();
        let second = rest.first().and_then(|&place| time(place));
        from + rest.iter().take_while(|&&place| time(place) == second).count()
    };
    let mut balances = Balances { ledger, last: vec![None; ledger.currencies().len()] };
    let (mut from, mut to) = (0, end(0));
    while from < to {
        let after = end(to);
        let rows = chron.get_mut(from..after).unwrap_or_default();
        let Some((group, next)) = rows.split_at_mut_checked(to - from) else { break };
        if group.len() > 1 && !balances.hold(group) {
            balances.arrange(group, next);
        }
        balances.pass(group);
        (from, to) = (to, after);
    }
    chron
}

fn mostly_ascends(ledger: &Ledger, rows: &[RowId]) -> bool {
    let mut last = None;
    let mut balance = 0_i64;
    for time in rows.iter().filter_map(|&row| ledger.seconds(row, false)) {
        balance += last.map_or(0, |last| time.cmp(&last) as i64);
        last = Some(time);
    }
    balance > 0
}

/// The balance of each currency before the rows that are looked at.
struct Balances<'l> {
    ledger: &'l Ledger,
    last: Vec<Option<i64>>,
}

impl Balances<'_> {
    /// Whether the rows are of one currency, and each balance follows from the one before as they are.
    fn hold(&self, group: &[RowId]) -> bool {
        let mut figures = group.iter().filter_map(|&row| self.ledger.figures(row));
        let Some(first) = figures.next() else { return true };
        let mut before = self.last.get(first.group).copied().flatten();
        std::iter::once(first).chain(figures).all(|next| {
            let follows = next.group == first.group && before.is_some() && next.before() == before;
            before = next.balance;
            follows
        })
    }

    /// Puts the rows of one second in order, those of each currency among the places that they have together.
    fn arrange(&self, group: &mut [RowId], next: &[RowId]) {
        let before = group.to_vec();
        let figures_at = |place: u32| self.ledger.figures(*before.get(usize::try_from(place).ok()?)?);
        let currency = |place: u32| i64::try_from(figures_at(place)?.group).ok();
        let mut places: Vec<u32> = (0..u32::try_from(group.len()).unwrap_or(u32::MAX)).collect();
        order_by(&mut places, &currency, false);
        for places in places.chunk_by(|&a, &b| currency(a) == currency(b)) {
            let mut figures = Vec::with_capacity(places.len());
            for &place in places {
                figures.extend(figures_at(place));
            }
            let Some(currency) = figures.first().map(|first| first.group) else { continue };
            let mut ends = Vec::new();
            for &row in next {
                ends.extend(self.ledger.figures_in(currency, row).and_then(|next| next.before()));
            }
            let start = self.last.get(currency).copied().flatten();
            for (&place, from) in places.iter().zip(Walk::order(&figures, start, &ends)) {
                let from = places.get(from).and_then(|&from| before.get(usize::try_from(from).ok()?));
                let to = usize::try_from(place).ok().and_then(|place| group.get_mut(place));
                if let (Some(to), Some(from)) = (to, from) {
                    *to = *from;
                }
            }
        }
    }

    fn pass(&mut self, group: &[RowId]) {
        for figures in group.iter().filter_map(|&row| self.ledger.figures(row)) {
            if let Some(last) = self.last.get_mut(figures.group) {
                *last = figures.balance;
            }
        }
    }
}
