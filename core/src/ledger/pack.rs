//! Where a ledger keeps its texts: all in few large blocks, the repeated ones once.

use crate::index::{Index, hash};

/// A block is given up for a new one where the next texts would take it beyond this.
const BLOCK: usize = 1 << 15;

/// Groups of texts, each found again by a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    blocks: Vec<String>,
}

impl Texts {
    /// Keeps a group of texts.
    pub(super) fn add(&mut self, group: &[&str]) -> u32 {
        // A length takes at most six characters: 36 bits.
        let most = group.iter().map(|text| text.len() + 6).sum::<usize>();
        if self.blocks.last().is_none_or(|block| block.len() + most > BLOCK) {
            self.blocks.push(String::with_capacity(BLOCK.max(most)));
        }
        let number = self.blocks.len().saturating_sub(1);
        let Some(block) = self.blocks.last_mut() else { return u32::MAX };
        let place = number.saturating_mul(BLOCK).saturating_add(block.len());
        for text in group {
            let mut length = text.len();
            while length >= 64 {
                block.push(char::from(64 | low_bits(length)));
                length >>= 6;
            }
            block.push(char::from(low_bits(length)));
            block.push_str(text);
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The first texts of a group.
    pub(super) fn get<const N: usize>(&self, place: u32) -> [&str; N] {
        let mut group = [""; N];
        self.read(place, &mut group);
        group
    }

    fn read<'t>(&'t self, place: u32, group: &mut [&'t str]) {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let block = self.blocks.get(place / BLOCK).map_or("", String::as_str);
        let mut rest = block.get(place % BLOCK..).unwrap_or_default();
        for text in group {
            let (mut length, mut shift, mut read) = (0_usize, 0, 0);
            for byte in rest.bytes() {
                length |= usize::from(byte & 63) << shift;
                (shift, read) = (shift + 6, read + 1);
                if byte < 64 {
                    break;
                }
            }
            (*text, rest) =
                rest.get(read..).and_then(|rest| rest.split_at_checked(length)).unwrap_or_default();
        }
    }

    /// The bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.blocks.iter().map(String::capacity).sum::<usize>() + self.blocks.capacity() * size_of::<String>()
    }
}

fn low_bits(length: usize) -> u8 {
    u8::try_from(length & 63).unwrap_or_default()
}

/// Groups of one text or two that occur often, each kept once, numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    places: Vec<u32>,
    index: Index,
    last: u32,
}

impl Pool {
    /// The number of a group.
    pub(super) fn add(&mut self, texts: &mut Texts, group: &[&str]) -> u32 {
        if self.is(texts, self.last, group) {
            return self.last;
        }
        self.last = self.find(texts, group).unwrap_or_else(|| {
            let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
            self.places.push(texts.add(group));
            self.index.add(hash(group), number);
            number
        });
        self.last
    }

    fn place(&self, number: u32) -> Option<u32> {
        self.places.get(usize::try_from(number).ok()?).copied()
    }

    /// The group with this number; empty texts if there is none.
    pub(super) fn get<'t, const N: usize>(&self, texts: &'t Texts, number: u32) -> [&'t str; N] {
        self.place(number).map_or([""; N], |place| texts.get(place))
    }

    fn is(&self, texts: &Texts, number: u32, group: &[&str]) -> bool {
        let mut pair = [""; 2];
        let (Some(place), Some(held)) = (self.place(number), pair.get_mut(..group.len())) else {
            return false;
        };
        texts.read(place, held);
        held == group
    }

    /// The number of a group, if it is there.
    pub(super) fn find(&self, texts: &Texts, group: &[&str]) -> Option<u32> {
        self.index.find(hash(group), &|number| self.is(texts, number, group))
    }

    /// The first text of each.
    pub(super) fn all<'t>(&self, texts: &'t Texts) -> Vec<&'t str> {
        let mut all = Vec::with_capacity(self.places.len());
        for &place in &self.places {
            let [text] = texts.get(place);
            all.push(text);
        }
        all
    }

    /// The bytes that it takes beyond its texts.
    pub(super) fn memory(&self) -> usize {
        self.places.capacity() * size_of::<u32>() + self.index.memory()
    }
}
