//! A hash table without keys: what its numbers stand for lies where it lies anyway. One for all that is looked up, as each
//! type that the standard library's is used with is a table of its own in the wasm.
//!
//! ```
//! use certquote_core::index::{Index, hash};
//!
//! let names = ["a.example", "b.example"];
//! let mut index = Index::default();
//! for (number, name) in (0..).zip(names) {
//!     index.add(hash(&[name]), number);
//! }
//! let find = |name| index.find(hash(&[name]), &|number| names.get(number as usize) == Some(&name));
//! assert_eq!((find("b.example"), find("c.example")), (Some(1), None));
//! ```

/// A number that differs for most groups of texts.
pub fn hash(group: &[&str]) -> u32 {
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
pub fn folded(word: u64) -> u32 {
    hash_in((word ^ (word >> 32)).wrapping_mul(FACTOR))
}

/// A hash table of numbers that stand for something kept elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// In the upper half the hash, so that what the numbers stand for is seldom looked at; in the lower half one more
    /// than the number. 0 is free. As many as a power of two.
    slots: Vec<u64>,
    used: usize,
}

impl Index {
    /// The number with this hash that `is` the one sought.
    pub fn find(&self, hash: u32, is: &dyn Fn(u32) -> bool) -> Option<u32> {
        let mut place = self.first(hash);
        loop {
            // There is always a free one.
            let slot = self.slots.get(place).copied().filter(|&slot| slot != 0)?;
            let number = (slot as u32).wrapping_sub(1);
            if hash_in(slot) == hash && is(number) {
                return Some(number);
            }
            place = self.after(place);
        }
    }

    /// Adds a number that is not there.
    pub fn add(&mut self, hash: u32, number: u32) {
        if self.used * 16 >= self.slots.len() * 13 {
            let slots = vec![0; (self.slots.len() * 2).max(16)];
            for slot in std::mem::replace(&mut self.slots, slots) {
                if slot != 0 {
                    self.place(slot);
                }
            }
        }
        self.place(u64::from(hash) << 32 | u64::from(number.saturating_add(1)));
        self.used += 1;
    }

    fn place(&mut self, slot: u64) {
        let mut place = self.first(hash_in(slot));
        while let Some(taken) = self.slots.get_mut(place) {
            if *taken == 0 {
                *taken = slot;
                return;
            }
            place = self.after(place);
        }
    }

    /// The slot to look at first.
    fn first(&self, hash: u32) -> usize {
        usize::try_from(hash).unwrap_or_default() & self.slots.len().wrapping_sub(1)
    }

    /// The slot to look at after another one.
    fn after(&self, place: usize) -> usize {
        (place + 1) & self.slots.len().wrapping_sub(1)
    }

    /// The bytes that it takes.
    pub fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }
}

fn hash_in(slot: u64) -> u32 {
    (slot >> 32) as u32
}
