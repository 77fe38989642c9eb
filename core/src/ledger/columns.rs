//! The columns of a ledger, packed: forty bytes for each row, and its texts.

use super::entry::{Change, Entry, Pushed};
use super::pack::{Pool, Texts};
use crate::amount::Amount;
use crate::history::Adjustment;
use crate::index::{Index, hash};
use crate::json::Text;
use crate::ledger::Moment;
use crate::row::Row;

/// The number of a row: its place in the order of arrival, from 0.
pub type RowId = u32;

/// How many rows are kept together, so that a growing ledger moves none of them.
const BLOCK: usize = 1 << 10;

/// Rows in columns, in the order in which they came; a row is never removed.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    blocks: Vec<Vec<Packed>>,
    texts: Texts,
    ids: Index,
    kinds: Pool,
    containers: Pool,
    /// The currencies as the API wrote them.
    currencies: Pool,
    /// The place in `groups` of each of `currencies`.
    group_of: Vec<u32>,
    /// The currencies in upper case.
    groups: Pool,
    /// The most digits after the decimal mark that an amount of each group has.
    scales: Vec<u32>,
    /// Dates that their seconds alone would not bring back as they were written.
    odd: Vec<Odd>,
    /// Amounts that [`Figure`] has no room for.
    large: Vec<Amount>,
    /// Credit and debit of rows that have both.
    both: Vec<[Amount; 2]>,
}

/// A row.
#[derive(Clone, Copy, Debug)]
struct Packed {
    amount: Figure,
    balance: Figure,
    at: Stamp,
    expires: Stamp,
    kind: u32,
    container: u32,
    currency: u32,
    /// Its id, note, receipt and order.
    texts: u32,
}

/// An amount as a whole number shifted left by four, and in the four bits its digits after the decimal mark; or one of
/// the tags below, and a place in a list.
#[derive(Clone, Copy, Debug)]
struct Figure(i64);

/// Amounts of so many units and more are not clear to the computations; with fewer, three of them have room in 64 bits.
const MOST_UNITS: i64 = 1 << 61;

const MOST_DIGITS: i64 = 9;
const BOTH: i64 = 13;
const LARGE: i64 = 14;
const NONE: i64 = 15;

/// Seconds since 1970 of a date that is written like most; from [`ODD`] on a place in a list; or [`NO_DATE`].
#[derive(Clone, Copy, Debug)]
struct Stamp(u32);

const ODD: u32 = 0xF000_0000;
const NO_DATE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Odd {
    at: Option<Moment>,
    text: u32,
}

/// What the computations need of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    /// The place of its currency in [`Ledger::currencies`].
    pub(super) group: usize,
    /// When.
    pub(super) at: Option<Moment>,
    /// The signed amount in units of the currency's last digit, below [`MOST_UNITS`]; see [`Ledger::amount`].
    pub(super) amount: Option<i64>,
    /// The balance afterwards in the same units.
    pub(super) balance: Option<i64>,
}

impl Figures {
    /// The balance from which the row comes, as far as it says.
    pub(super) fn before(&self) -> Option<i64> {
        Some(self.balance? - self.amount?)
    }
}

impl Ledger {
    /// Adds a row, unless one with its id is there. Rows without an id are always new.
    pub fn push(&mut self, row: &Row<'_>) -> Pushed {
        let id = text(row.id.as_ref());
        let hash = hash(&[id]);
        if let Some(known) = self.ids.find(hash, &|row| self.id(row) == id) {
            return Pushed::Known(known);
        }
        let currency = self.currency(text(row.currency.as_ref()));
        let group = self.group_of.get(place(currency)).copied().unwrap_or_default();
        let container = row
            .container
            .as_ref()
            .map_or(["", ""], |container| [text(container.id.as_ref()), text(container.name.as_ref())]);
        let packed = Packed {
            amount: match (row.credit, row.debit) {
                (Some(credit), Some(debit)) => {
                    self.both.push([credit, debit]);
                    Figure::listed(BOTH, self.both.len())
                }
                _ => self.figure(row.signed_amount(), group),
            },
            balance: self.figure(row.balance_after, group),
            at: self.stamp(text(row.transaction_date.as_ref())),
            expires: self.stamp(text(row.expiration_date.as_ref())),
            kind: self.kinds.add(&mut self.texts, &[text(row.transaction_type.as_ref())]),
            container: self.containers.add(&mut self.texts, &container),
            currency,
            texts: self.texts.add(&[
                id,
                text(row.note.as_ref()),
                text(row.receipt_id.as_ref()),
                text(row.order_id.as_ref()),
            ]),
        };
        let number = RowId::try_from(self.len()).unwrap_or(RowId::MAX);
        match self.blocks.last_mut().filter(|block| block.len() < BLOCK) {
            Some(block) => block.push(packed),
            None => {
                let mut block = Vec::with_capacity(BLOCK);
                block.push(packed);
                self.blocks.push(block);
            }
        }
        if !id.is_empty() {
            self.ids.add(hash, number);
        }
        Pushed::New(number)
    }

    fn currency(&mut self, text: &str) -> u32 {
        let number = self.currencies.add(&mut self.texts, &[text]);
        if place(number) == self.group_of.len() {
            let group = self.groups.add(&mut self.texts, &[&text.to_ascii_uppercase()]);
            self.group_of.push(group);
            if place(group) == self.scales.len() {
                self.scales.push(0);
            }
        }
        number
    }

    fn figure(&mut self, amount: Option<Amount>, group: u32) -> Figure {
        let Some(amount) = amount else { return Figure(NONE) };
        let scale = amount.scale();
        match amount.units(scale).and_then(|units| units.checked_mul(16)) {
            Some(shifted) if i64::from(scale) <= MOST_DIGITS => {
                if let Some(most) = self.scales.get_mut(place(group)) {
                    *most = scale.max(*most);
                }
                Figure(shifted | i64::from(scale))
            }
            _ => {
                self.large.push(amount);
                Figure::listed(LARGE, self.large.len())
            }
        }
    }

    fn stamp(&mut self, text: &str) -> Stamp {
        if text.is_empty() {
            return Stamp(NO_DATE);
        }
        let at = Moment::parse(text);
        let seconds = at.and_then(|at| u32::try_from(at.0).ok()).filter(|&seconds| seconds < ODD);
        match seconds {
            Some(seconds) if text.len() == 19 && text.as_bytes().get(10) == Some(&b' ') => Stamp(seconds),
            _ => {
                let number = u32::try_from(self.odd.len()).unwrap_or(NO_DATE);
                self.odd.push(Odd { at, text: self.texts.add(&[text]) });
                Stamp(ODD.saturating_add(number))
            }
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let full = self.blocks.len().saturating_sub(1) * BLOCK;
        full + self.blocks.last().map_or(0, Vec::len)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The bytes that the ledger holds on to, those kept ready for more rows among them.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.blocks.iter().map(|block| block.capacity() * size_of::<Packed>()).sum::<usize>()
            + self.blocks.capacity() * size_of::<Vec<Packed>>()
            + [&self.kinds, &self.containers, &self.currencies, &self.groups]
                .map(Pool::memory)
                .iter()
                .sum::<usize>()
            + (self.group_of.capacity() + self.scales.capacity()) * size_of::<u32>()
            + self.texts.memory()
            + self.ids.memory()
            + self.odd.capacity() * size_of::<Odd>()
            + self.large.capacity() * size_of::<Amount>()
            + self.both.capacity() * size_of::<[Amount; 2]>()
    }

    fn packed(&self, row: RowId) -> Option<&Packed> {
        self.blocks.get(place(row) / BLOCK)?.get(place(row) % BLOCK)
    }

    fn id(&self, row: RowId) -> &str {
        let [id] = self.packed(row).map_or([""], |packed| self.texts.get(packed.texts));
        id
    }

    /// The row with this number.
    #[must_use]
    pub fn get(&self, row: RowId) -> Option<Entry<'_>> {
        let packed = self.packed(row)?;
        let [id, note, receipt_id, order_id] = self.texts.get(packed.texts);
        let [container_id, container_name] = self.containers.get(&self.texts, packed.container);
        let [currency] = self.currencies.get(&self.texts, packed.currency);
        Some(Entry {
            id,
            at: self.moment(packed.at),
            date: self.written(packed.at).unwrap_or_default(),
            kind: self.kind(row),
            change: self.change(packed.amount),
            balance_after: self.unpacked(packed.balance),
            currency: filled(currency),
            expires: self.moment(packed.expires),
            expiration_date: self.written(packed.expires),
            note: filled(note),
            receipt_id: filled(receipt_id),
            container_id: filled(container_id),
            container_name: filled(container_name),
            order_id: filled(order_id),
        })
    }

    /// The row with this number as the public type.
    #[must_use]
    pub fn adjustment(&self, row: RowId) -> Option<Adjustment> {
        let entry = self.get(row)?;
        Some(Adjustment {
            id: entry.id.to_owned(),
            amount: entry.amount(),
            date: entry.date,
            kind: entry.kind.to_owned(),
            balance_after: entry.balance_after,
            currency: entry.currency.map(str::to_owned),
            expiration_date: entry.expiration_date,
            note: entry.note.map(str::to_owned),
            receipt_id: entry.receipt_id.map(str::to_owned),
            container_id: entry.container_id.map(str::to_owned),
            container_name: entry.container_name.map(str::to_owned),
            order_id: entry.order_id.map(str::to_owned),
        })
    }

    /// The row with this id; no row for an empty one.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<RowId> {
        self.ids.find(hash(&[id]), &|row| self.id(row) == id)
    }

    /// The currencies, in the order in which they came, upper case; a row without one adds `""`.
    #[must_use]
    pub fn currencies(&self) -> Vec<&str> {
        self.groups.all(&self.texts)
    }

    /// The currencies of `rows`, which are in order of time, from that of the last row on, as in [`Ledger::currencies`].
    #[must_use]
    pub fn currencies_of(&self, rows: &[RowId]) -> Vec<&str> {
        let all = self.currencies();
        let mut seen = vec![false; all.len()];
        let mut found = Vec::new();
        for figures in rows.iter().rev().filter_map(|&row| self.figures(row)) {
            if let (Some(seen), Some(currency)) = (seen.get_mut(figures.group), all.get(figures.group))
                && !std::mem::replace(seen, true)
            {
                found.push(*currency);
            }
        }
        found
    }

    /// The types, in the order in which they came, each once.
    #[must_use]
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds = self.kinds.all(&self.texts);
        kinds.retain(|kind| !kind.is_empty());
        kinds
    }

    /// The text of a row's type.
    #[must_use]
    pub fn kind(&self, row: RowId) -> &str {
        let [kind] = self.packed(row).map_or([""], |packed| self.kinds.get(&self.texts, packed.kind));
        kind
    }

    /// The signed amount of a row as the API wrote it, where it is clear.
    pub(super) fn amount_of(&self, row: RowId) -> Option<Amount> {
        self.packed(row).and_then(|packed| self.unpacked(packed.amount))
    }

    /// The balance after a row as the API wrote it.
    pub(super) fn balance_of(&self, row: RowId) -> Option<Amount> {
        self.packed(row).and_then(|packed| self.unpacked(packed.balance))
    }

    /// When a row's money expires, if it can be read.
    pub(super) fn expires(&self, row: RowId) -> Option<Moment> {
        self.packed(row).and_then(|packed| self.moment(packed.expires))
    }

    /// What the computations need of a row.
    pub(super) fn figures(&self, row: RowId) -> Option<Figures> {
        let packed = self.packed(row)?;
        let group = place(*self.group_of.get(place(packed.currency))?);
        let scale = self.scale_of(group);
        Some(Figures {
            group,
            at: self.moment(packed.at),
            amount: packed.amount.units(scale),
            balance: packed.balance.units(scale),
        })
    }

    /// What the computations need of a row, if it is of that currency.
    pub(super) fn figures_in(&self, group: usize, row: RowId) -> Option<Figures> {
        self.figures(row).filter(|figures| figures.group == group)
    }

    /// The place of a currency in [`Ledger::currencies`].
    pub(super) fn group(&self, currency: &str) -> Option<usize> {
        self.groups.find(&self.texts, &[&currency.to_ascii_uppercase()]).map(place)
    }

    /// How many digits after the decimal mark the units of a currency are.
    pub(super) fn scale_of(&self, group: usize) -> u32 {
        self.scales.get(group).copied().unwrap_or_default()
    }

    /// The amount that so many units of a currency are; `None` for a sum that had no room, and was left at the end of 64 bits.
    pub(super) fn amount(&self, units: i64, group: usize) -> Option<Amount> {
        if units.saturating_abs() == i64::MAX {
            None
        } else {
            Amount::from_units(units, self.scale_of(group))
        }
    }

    /// The most digits after the decimal mark that any amount has.
    pub(super) fn common_scale(&self) -> u32 {
        self.scales.iter().copied().max().unwrap_or_default()
    }

    /// The signed amount of a row, or its balance, in units of so many digits after the decimal mark; those from
    /// [`MOST_UNITS`] on are all alike.
    pub(super) fn units_at(&self, row: RowId, scale: u32, of_balance: bool) -> Option<i64> {
        let packed = self.packed(row)?;
        let figure = if of_balance { packed.balance } else { packed.amount };
        let units = figure.units(scale);
        if units.is_some() {
            return units;
        }
        let beyond = self.unpacked(figure)?;
        Some(if beyond.is_negative() { -MOST_UNITS } else { MOST_UNITS })
    }

    /// The place of a row's type among all, empty ones included.
    pub(super) fn kind_number(&self, row: RowId) -> Option<u32> {
        self.packed(row).map(|packed| packed.kind)
    }

    /// All types by their numbers.
    pub(super) fn all_kinds(&self) -> Vec<&str> {
        self.kinds.all(&self.texts)
    }

    /// A row's date, or that of its expiry.
    pub(super) fn seconds(&self, row: RowId, of_expiry: bool) -> Option<i64> {
        let packed = self.packed(row)?;
        self.moment(if of_expiry { packed.expires } else { packed.at }).map(|at| at.0)
    }

    fn unpacked(&self, figure: Figure) -> Option<Amount> {
        match figure.tag() {
            NONE | BOTH => None,
            LARGE => self.large.get(figure.place()).copied(),
            digits => Amount::from_units(figure.0 >> 4, u32::try_from(digits).ok()?),
        }
    }

    fn change(&self, figure: Figure) -> Change {
        let both = if figure.tag() == BOTH { self.both.get(figure.place()) } else { None };
        match (both, self.unpacked(figure)) {
            (Some(&[credit, debit]), _) => Change::Both { credit, debit },
            (None, Some(amount)) => Change::By(amount),
            (None, None) => Change::Neither,
        }
    }

    fn odd(&self, stamp: Stamp) -> Option<&Odd> {
        self.odd.get(place(stamp.0.checked_sub(ODD)?))
    }

    fn moment(&self, stamp: Stamp) -> Option<Moment> {
        if stamp.0 < ODD { Some(Moment(i64::from(stamp.0))) } else { self.odd(stamp)?.at }
    }

    /// The date as the API wrote it.
    fn written(&self, stamp: Stamp) -> Option<String> {
        if stamp.0 < ODD {
            return Some(Moment(i64::from(stamp.0)).to_string());
        }
        let [text] = self.texts.get(self.odd(stamp)?.text);
        Some(text.to_owned())
    }
}

impl Figure {
    /// The last in a list of so many.
    fn listed(tag: i64, count: usize) -> Self {
        Self(i64::try_from(count.saturating_sub(1)).map_or(NONE, |place| place << 4 | tag))
    }

    fn tag(self) -> i64 {
        self.0 & 15
    }

    /// The amount in units of so many digits after the decimal mark; `None` from [`MOST_UNITS`] on.
    fn units(self, scale: u32) -> Option<i64> {
        let own = u32::try_from(self.tag()).ok().filter(|_| self.tag() <= MOST_DIGITS)?;
        let mut units = self.0 >> 4;
        for _ in own..scale {
            units = units.checked_mul(10)?;
        }
        Some(units).filter(|units| (1 - MOST_UNITS..MOST_UNITS).contains(units))
    }

    fn place(self) -> usize {
        usize::try_from(self.0 >> 4).unwrap_or(usize::MAX)
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn text<'t>(text: Option<&'t Text<'_>>) -> &'t str {
    text.map_or("", |text| &text.0)
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
