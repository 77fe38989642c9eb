//! Where a ledger keeps its texts: all in few large blocks, the repeated ones once.

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
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let block = self.blocks.get(place / BLOCK).map_or("", String::as_str);
        let mut rest = block.get(place % BLOCK..).unwrap_or_default();
        [(); N].map(|()| {
            let (mut length, mut shift, mut read) = (0_usize, 0, 0);
            for byte in rest.bytes() {
                length |= usize::from(byte & 63) << shift;
                (shift, read) = (shift + 6, read + 1);
                if byte < 64 {
                    break;
                }
            }
            let (text, after) =
                rest.get(read..).and_then(|rest| rest.split_at_checked(length)).unwrap_or_default();
            rest = after;
            text
        })
    }

    /// The bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.blocks.iter().map(String::capacity).sum::<usize>() + self.blocks.capacity() * size_of::<String>()
    }
}

fn low_bits(length: usize) -> u8 {
    u8::try_from(length & 63).unwrap_or_default()
}

/// A number that differs for most groups of texts.
pub(super) fn hash(group: &[&str]) -> u32 {
    let mut hash = 0_u64;
    let mut mix =
        |word: [u8; 8]| hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    for text in group {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        words.iter().copied().for_each(&mut mix);
        let mut last = [0xFF; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        mix(last);
    }
    folded(hash)
}

const FACTOR: u64 = 0x517C_C1B7_2722_0A95;

/// A number to which all bits of a word contribute, in the high bits as in the low ones.
pub(super) fn folded(word: u64) -> u32 {
    u32::try_from((word ^ (word >> 32)).wrapping_mul(FACTOR) >> 32).unwrap_or_default()
}

/// A hash table of numbers that stand for something kept elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// In the upper half the hash, so that what the numbers stand for is seldom looked at; in the lower half one more
    /// than the number. 0 is free. As many as a power of two.
    slots: Vec<u64>,
    used: usize,
}

impl Index {
    /// The number with this hash that `is` the one sought.
    pub(super) fn find(&self, hash: u32, is: &dyn Fn(u32) -> bool) -> Option<u32> {
        let taken = self.probe(hash).map_while(|slot| self.slots.get(slot).filter(|&&slot| slot != 0));
        let alike = taken.filter(|&&slot| hash_in(slot) == hash);
        alike.filter_map(|&slot| number_in(slot)).find(|&number| is(number))
    }

    /// Adds a number that is not there.
    pub(super) fn add(&mut self, hash: u32, number: u32) {
        if self.used * 16 >= self.slots.len() * 13 {
            let slots = vec![0; (self.slots.len() * 2).max(16)];
            for slot in std::mem::replace(&mut self.slots, slots).into_iter().filter(|&slot| slot != 0) {
                self.place(slot);
            }
        }
        self.place(u64::from(hash) << 32 | u64::from(number.saturating_add(1)));
        self.used += 1;
    }

    fn place(&mut self, slot: u64) {
        let free = self.probe(hash_in(slot)).find(|&place| self.slots.get(place) == Some(&0));
        if let Some(free) = free.and_then(|free| self.slots.get_mut(free)) {
            *free = slot;
        }
    }

    /// The slots to look at, one after the other.
    fn probe(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let count = self.slots.len();
        let first = usize::try_from(hash).unwrap_or_default();
        (0..count).map(move |step| first.wrapping_add(step) & (count - 1))
    }

    /// The bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }
}

fn hash_in(slot: u64) -> u32 {
    u32::try_from(slot >> 32).unwrap_or_default()
}

fn number_in(slot: u64) -> Option<u32> {
    u32::try_from(slot & u64::from(u32::MAX)).ok()?.checked_sub(1)
}

/// Groups of texts that occur often, each kept once, numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    places: Vec<u32>,
    index: Index,
    last: u32,
}

impl Pool {
    /// The number of a group of `N` texts.
    pub(super) fn add<const N: usize>(&mut self, texts: &mut Texts, group: [&str; N]) -> u32 {
        if self.get(texts, self.last) == Some(group) {
            return self.last;
        }
        self.last = self.find(texts, group).unwrap_or_else(|| {
            let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
            self.places.push(texts.add(&group));
            self.index.add(hash(&group), number);
            number
        });
        self.last
    }

    /// The group with this number.
    pub(super) fn get<'t, const N: usize>(&self, texts: &'t Texts, number: u32) -> Option<[&'t str; N]> {
        let place = self.places.get(usize::try_from(number).ok()?)?;
        Some(texts.get(*place))
    }

    /// The number of a group, if it is there.
    pub(super) fn find<const N: usize>(&self, texts: &Texts, group: [&str; N]) -> Option<u32> {
        self.index.find(hash(&group), &|number| self.get(texts, number) == Some(group))
    }

    /// The first text of each.
    pub(super) fn all<'t>(&self, texts: &'t Texts) -> Vec<&'t str> {
        self.places.iter().map(|&place| texts.get::<1>(place)).map(|[text]| text).collect()
    }

    /// The bytes that it takes beyond its texts.
    pub(super) fn memory(&self) -> usize {
        self.places.capacity() * size_of::<u32>() + self.index.memory()
    }
}
