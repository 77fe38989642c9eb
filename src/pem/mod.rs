//! The names in a pasted certificate request or certificate, so that nobody has to copy them out by hand.
//!
//! Two steps: `armour` finds the PEM blocks (RFC 7468) and decodes them, `walk` goes through the DER with the reader of the
//! crate `der`, straight to subject and subject alternative names; whatever lies elsewhere, keys and signatures included, is
//! passed over unread. DigiCert prices the names of the request for an estimate alone, never those of a CSR.

mod armour;
mod walk;

use crate::find::find;
use crate::json::clean;

/// The longest text that is looked at, in bytes: a chain of certificates with hundreds of names has a tenth of it.
const MAX_TEXT: usize = 256 * 1024;
/// The most names, good and left out, that are taken from one text.
const MAX_FOUND: usize = 2_000;
/// How many characters of what is left out are shown.
const MAX_SHOWN: usize = 80;

/// What a text holds, as far as it tells names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The names, common name first, each once, as they were written: to be judged like any typed name.
    pub names: Vec<String>,
    /// What stands where a name could, and is none that can be ordered.
    pub left_out: Vec<LeftOut>,
    /// How many certificate requests were read.
    pub requests: usize,
    /// How many certificates were read.
    pub certificates: usize,
    /// Whether the text holds a private key as well. It was not decoded, but it should not travel through clipboards.
    pub private_key: bool,
}

/// Something that is not taken for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it says, shortened, without characters that cannot be printed.
    pub text: String,
    /// Why it is left out.
    pub why: Why,
}

/// Why something in a certificate or a request is not taken for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A common name that is no host, such as a company's or a person's.
    NoHost,
    /// An e-mail address.
    Email,
    /// A URI.
    Uri,
    /// An IPv6 address or a range: DigiCert issues for IPv4 addresses alone.
    Address,
    /// A name of a kind that no TLS order takes: of a directory, of a user, of a registry.
    OtherKind,
    /// Its characters cannot be read as such a name.
    Unreadable,
    /// The name of a certificate authority, in the certificate that came along in a chain.
    Authority,
}

/// Why a text gives no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemProblem {
    /// No block in it that could hold names.
    NoBlock,
    /// A private key, and nothing else.
    PrivateKey,
    /// A block without its end: it was not copied whole.
    Unfinished,
    /// A block with characters that are no Base64.
    NotBase64,
    /// A block that is not what its label says, or was damaged.
    Malformed,
    /// More than such a text ever holds.
    TooLarge,
}

/// Whether a pasted text is one for [`read`].
#[must_use]
pub fn is_pem(text: &str) -> bool {
    find(text, armour::BEGIN).is_some()
}

/// Reads the names out of every request and certificate in a text.
///
/// Whatever the text is, nothing panics and the work is bounded. A damaged block gives no names at all rather than some of
/// them.
///
/// ```
/// use certquote::pem::{PemProblem, read};
///
/// assert_eq!(read("-----BEGIN CERTIFICATE REQUEST-----\nMIIC"), Err(PemProblem::Unfinished));
/// assert_eq!(read("www.example.com"), Err(PemProblem::NoBlock));
/// ```
///
/// # Errors
/// [`PemProblem`] with what is in the way.
pub fn read(text: &str) -> Result<Found, PemProblem> {
    if text.len() > MAX_TEXT {
        return Err(PemProblem::TooLarge);
    }
    let mut found = Found::default();
    let mut rest = text;
    while let Some(block) = armour::next(&mut rest)? {
        let is_request = match block.label {
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => true,
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => false,
            label => {
                found.private_key |= label.ends_with("PRIVATE KEY");
                continue;
            }
        };
        let der = armour::decode(block.body).ok_or(PemProblem::NotBase64)?;
        walk::read(&der, is_request, &mut found).ok_or(PemProblem::Malformed)?;
        if found.names.len() + found.left_out.len() > MAX_FOUND {
            return Err(PemProblem::TooLarge);
        }
        *(if is_request { &mut found.requests } else { &mut found.certificates }) += 1;
    }
    match found.requests + found.certificates {
        0 if found.private_key => Err(PemProblem::PrivateKey),
        0 => Err(PemProblem::NoBlock),
        _ => Ok(found),
    }
}

impl Found {
    /// Takes a name unless it is there; `false` when there are too many.
    fn add(&mut self, name: String) -> Option<()> {
        if !self.names.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
            self.names.push(name);
        }
        self.within()
    }

    fn leave_out(&mut self, text: &str, why: Why) -> Option<()> {
        self.left_out.push(LeftOut { text: clean(text, MAX_SHOWN), why });
        self.within()
    }

    /// Ends the reading soon after there are too many.
    fn within(&self) -> Option<()> {
        (self.names.len() + self.left_out.len() <= MAX_FOUND).then_some(())
    }
}
