//! Files that are read again when they change: keys, access rules, key sets. What cannot be used is told in the log, and what
//! was in use stays in use.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often the files are looked at.
pub const EVERY: Duration = Duration::from_secs(1);

/// The largest file that is read.
const LARGEST: u64 = 1024 * 1024;

/// Puts new content to use, or says why it cannot be used, without any secret in the words.
type Take = Box<dyn Fn(&[u8]) -> Result<(), String> + Send + Sync>;

/// One file, and what is to be done with its content.
pub struct Watch {
    what: &'static str,
    path: PathBuf,
    take: Take,
    hashes: RandomState,
    /// Of the content that was last put to use or refused; the content itself may be a secret.
    settled: u64,
    changed: Option<u64>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watch({}, {})", self.what, self.path.display())
    }
}

impl Watch {
    /// Watches a file whose content `first` is in use.
    #[must_use]
    pub fn new(
        what: &'static str,
        path: &Path,
        first: &[u8],
        take: impl Fn(&[u8]) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        let hashes = RandomState::new();
        let settled = hashes.hash_one(Ok::<&[u8], io::ErrorKind>(first));
        Self { what, path: path.to_owned(), take: Box::new(take), hashes, settled, changed: None }
    }

    /// Looks at the file. A change counts once it was seen twice the same, so that no half of a file is put to use.
    pub fn look(&mut self) {
        let content = read(&self.path);
        let seen = self.hashes.hash_one(content.as_deref().map_err(io::Error::kind));
        if seen == self.settled {
            self.changed = None;
            return;
        }
        if self.changed != Some(seen) {
            self.changed = Some(seen);
            return;
        }
        (self.settled, self.changed) = (seen, None);
        let (file, what) = (self.path.display(), self.what);
        match content.map_err(|error| error.to_string()).and_then(|content| (self.take)(&content)) {
            Ok(()) => tracing::info!(%file, "{what} changed and is in use"),
            Err(error) => tracing::error!(%file, %error, "{what} cannot be used; the old one stays"),
        }
    }
}

/// Looks at all of them, for ever.
pub async fn keep_looking(mut watches: Vec<Watch>) {
    while !watches.is_empty() {
        tokio::time::sleep(EVERY).await;
        // A file may lie on a disk that takes its time.
        let looked = tokio::task::spawn_blocking(move || {
            watches.iter_mut().for_each(Watch::look);
            watches
        });
        let Ok(back) = looked.await else { return };
        watches = back;
    }
}

/// Reads a whole file that is no larger than a key, a rule book or a set of keys can be.
///
/// # Errors
/// Those of the file, and one for a file that is too large.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    std::fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than a mebibyte"));
    }
    Ok(content)
}

/// Whether a file can be read more than once, which a pipe cannot.
#[must_use]
pub fn is_lasting(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| data.is_file())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn takes_a_change_that_has_settled_and_only_once() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&taken);
        let mut watch = Watch::new("the note", file.path(), b"", move |content| {
            notes.lock().unwrap().push(String::from_utf8_lossy(content).into_owned());
            Ok(())
        });
        let seen = |watch: &mut Watch| {
            watch.look();
            taken.lock().unwrap().join(" ")
        };
        assert_eq!(seen(&mut watch), "");
        std::fs::write(file.path(), "half").unwrap();
        assert_eq!(seen(&mut watch), "");
        std::fs::write(file.path(), "whole").unwrap();
        assert_eq!(seen(&mut watch), "");
        for _ in 0..3 {
            assert_eq!(seen(&mut watch), "whole");
        }
    }

    #[test]
    fn a_file_that_went_away_and_came_back_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("note");
        let count = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&count);
        let mut watch = Watch::new("the note", &path, b"first", move |_| {
            *counted.lock().unwrap() += 1;
            Ok(())
        });
        let mut look = |times| (0..times).for_each(|_| watch.look());
        look(3);
        assert_eq!(*count.lock().unwrap(), 0);
        std::fs::write(&path, "second").unwrap();
        look(3);
        assert_eq!(*count.lock().unwrap(), 1);
    }

    #[test]
    fn a_file_that_is_far_too_large_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), vec![b' '; 2 << 20]).unwrap();
        assert_eq!(read(file.path()).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
