//! A small fuzzer for stable Rust: inputs of the corpus, changed at random, until the time or the number is up.
//!
//! Each target has a folder in `tests/corpus/`. First every file in it is tried as it is, so that what once failed is tried for
//! ever; then come mutations of them. An input that fails is made shorter and left in that folder as `found-…`: it belongs
//! into the repository with its fix. `cargo xtask fuzz` sets `CERTQUOTE_FUZZ_SECONDS`, the time for each target, and with it the
//! random numbers differ from run to run; without it a run is short and always the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use std::hash::{BuildHasher as _, DefaultHasher, Hash as _, Hasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How many mutations the short run tries.
const SHORT: u32 = 4_000;
/// How many times a shorter input is looked for.
const SHRINKS: usize = 2_000;

/// Random numbers (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap_or_default() % end.max(1)
    }
}

/// Tries `check` with the inputs of `tests/corpus/<target>/` and mutations of them; `words` are pieces worth putting in.
pub(crate) fn fuzz(target: &str, words: &[&str], check: impl Fn(&[u8])) {
    let folder = folder(target);
    let mut corpus: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    corpus.sort();
    for (path, input) in &corpus {
        assert!(passes(&check, input), "{} fails", path.display());
    }
    let seconds = std::env::var("CERTQUOTE_FUZZ_SECONDS").ok().and_then(|text| text.parse::<u64>().ok());
    let mut random =
        Random(seconds.map_or(0x9E37_79B9_7F4A_7C15, |_| RandomState::new().hash_one(target) | 1));
    let (start, mut tried) = (Instant::now(), 0_u32);
    while seconds.map_or(tried < SHORT, |seconds| start.elapsed() < Duration::from_secs(seconds)) {
        let input = mutated(&corpus, words, &mut random);
        if !passes(&check, &input) {
            let input = shortened(&check, input);
            let mut hasher = DefaultHasher::new();
            input.hash(&mut hasher);
            let path = folder.join(format!("found-{:016x}", hasher.finish()));
            std::fs::write(&path, &input).unwrap();
            panic!("{target} fails with {:?}, now {}", String::from_utf8_lossy(&input), path.display());
        }
        tried += 1;
    }
    println!("{target}: {tried} inputs");
}

fn folder(target: &str) -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.ancestors().find(|place| place.join("tests/corpus").is_dir());
    root.unwrap_or(own).join("tests/corpus").join(target)
}

fn passes(check: &impl Fn(&[u8]), input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| check(input))).is_ok()
}

fn mutated(corpus: &[(PathBuf, Vec<u8>)], words: &[&str], random: &mut Random) -> Vec<u8> {
    let pick = |random: &mut Random| {
        let place = random.below(corpus.len());
        corpus.get(place).map(|(_, input)| input.clone()).unwrap_or_default()
    };
    let mut input = pick(random);
    // Large samples hold little that small pieces of them do not.
    if input.len() > 2_000 && random.below(4) > 0 {
        let from = random.below(input.len());
        input = input.into_iter().skip(from).take(2_000).collect();
    }
    for _ in 0..=random.below(6) {
        let (at, to) = (random.below(input.len() + 1), random.below(input.len() + 1));
        let (at, to) = (at.min(to), at.max(to).min(at.min(to) + 64));
        match random.below(7) {
            0 => drop(input.drain(at..to)),
            1 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            2 => input.insert(at, random.next().to_le_bytes()[0]),
            3 => {
                let word = words.get(random.below(words.len())).copied().unwrap_or_default();
                drop(input.splice(at..at, word.bytes()));
            }
            4 => {
                let other = pick(random);
                let from = random.below(other.len());
                let piece = other.into_iter().skip(from).take(1 + random.below(64));
                drop(input.splice(at..to, piece));
            }
            5 => {
                let piece: Vec<u8> = input.iter().copied().skip(at).take(to - at).collect();
                drop(input.splice(at..at, piece));
            }
            _ => {
                let digits = random.next().to_string();
                drop(input.splice(at..at, digits.bytes()));
            }
        }
    }
    input
}

/// A shorter input that fails as well.
fn shortened(check: &impl Fn(&[u8]), mut input: Vec<u8>) -> Vec<u8> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (mut piece, mut tries) = (input.len() / 2, 0);
    while piece > 0 && tries < SHRINKS {
        let mut at = 0;
        while at < input.len() && tries < SHRINKS {
            let shorter: Vec<u8> =
                input.iter().take(at).chain(input.iter().skip(at + piece)).copied().collect();
            tries += 1;
            if passes(check, &shorter) { at += piece } else { input = shorter }
        }
        piece /= 2;
    }
    std::panic::set_hook(hook);
    input
}
