//! The certificate products that can be priced: a static catalogue with what each of them takes.
//!
//! Assembled from DigiCert's order pages ("Order Basic OV", "Order DV SSL", "Order Private SSL", "Order code signing
//! certificate", "Order client certificate", …), its list of flex certificates and its price-list samples. The account's own
//! product list is the authority, so a rule refuses only what those pages refuse; where they are silent the catalogue allows.
//! The pseudo product `ssl` (a type hint of the order endpoint) is left out: it has no price.

use std::borrow::Cow;

/// The longest identifier that [`normalise_id`] takes.
const MAX_ID_LENGTH: usize = 64;

/// What a product is for. Products are grouped by it, in the order of [`Kind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Publicly trusted TLS.
    Tls,
    /// TLS from a private CA, bound by no rule of the browsers.
    PrivateTls,
    /// Code signing.
    CodeSigning,
    /// S/MIME and client authentication.
    SecureEmail,
    /// Document signing and electronic seals.
    DocumentSigning,
    /// Verified and common mark certificates.
    Mark,
    /// An identifier that the catalogue does not know.
    Unlisted,
}

impl Kind {
    /// Every kind, in the order in which a form lists them.
    pub const ALL: [Self; 7] = [
        Self::Tls,
        Self::PrivateTls,
        Self::CodeSigning,
        Self::SecureEmail,
        Self::DocumentSigning,
        Self::Mark,
        Self::Unlisted,
    ];
}

/// How thoroughly the holder of a TLS certificate is validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Domain.
    Dv,
    /// Organization.
    Ov,
    /// Extended.
    Ev,
    /// Qualified (eIDAS).
    Qualified,
}

/// How many names a product takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NamesRule {
    /// None: whatever was typed is left out of the request.
    None,
    /// Any number, none included: nothing is known about the product.
    Optional,
    /// One, with its free `www` twin.
    One,
    /// One or more.
    Many,
    /// One or more, at least one of them a wildcard.
    WithWildcard,
}

/// A product and what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// DigiCert's identifier, `product_name_id`.
    pub name_id: Cow<'static, str>,
    /// DigiCert's name for it, a proper noun that is never translated; empty for an unlisted product.
    pub name: &'static str,
    /// What it is for.
    pub kind: Kind,
    /// Validation level of a TLS product.
    pub level: Option<Level>,
    /// How many names it takes.
    pub names: NamesRule,
    /// Whether a name may be a wildcard.
    pub wildcards: bool,
    /// Whether a name may be an IPv4 address.
    pub ipv4: bool,
    /// Whether names and addresses that mean something only inside a network are fine.
    pub private_names: bool,
    /// The longest order in years; the shortest is 1.
    pub max_years: u32,
    /// Sold only through DigiCert's European platform, whose API has a base URL of its own.
    pub eu_only: bool,
    /// Superseded by a product higher up; still priced for accounts that have it.
    pub legacy: bool,
}

impl Product {
    const fn row(name_id: &'static str, name: &'static str, kind: Kind, names: NamesRule) -> Self {
        Self {
            name_id: Cow::Borrowed(name_id),
            name,
            kind,
            level: None,
            names,
            wildcards: true,
            ipv4: true,
            private_names: false,
            // "End of 4-6 year Multi-year Plans": three years since 2023-10-31; S/MIME and document signing 1 to 3.
            max_years: 3,
            eu_only: false,
            legacy: false,
        }
    }

    const fn tls(level: Level, name_id: &'static str, name: &'static str) -> Self {
        let mut product = Self::row(name_id, name, Kind::Tls, NamesRule::Many);
        product.level = Some(level);
        // CA/Browser Forum EV Guidelines 7.1.2.1: no wildcards.
        product.wildcards = !matches!(level, Level::Ev);
        product
    }

    const fn private(name_id: &'static str, name: &'static str) -> Self {
        let mut product = Self::row(name_id, name, Kind::PrivateTls, NamesRule::Many);
        product.private_names = true;
        product
    }

    const fn nameless(kind: Kind, name_id: &'static str, name: &'static str) -> Self {
        let mut product = Self::row(name_id, name, kind, NamesRule::None);
        if matches!(kind, Kind::CodeSigning) {
            // "End of 2- and 3-year code signing certificates", 2026-02-24.
            product.max_years = 1;
        }
        product
    }

    const fn no_wildcards(mut self) -> Self {
        self.wildcards = false;
        self
    }

    const fn takes(mut self, names: NamesRule) -> Self {
        self.names = names;
        self
    }

    const fn legacy(mut self) -> Self {
        self.legacy = true;
        self
    }

    const fn eu_only(mut self) -> Self {
        self.eu_only = true;
        self
    }

    /// A product that the catalogue does not know: it allows everything, for up to six years.
    ///
    /// # Errors
    /// [`BadProductId`] if `id` cannot be the identifier of a product.
    pub fn unlisted(id: &str) -> Result<Self, BadProductId> {
        Ok(Self { name_id: Cow::Owned(normalise_id(id)?), ..Self::default() })
    }

    /// The product of the catalogue with this identifier, or else an unlisted one.
    ///
    /// ```
    /// use certquote::products::{Kind, Product};
    ///
    /// assert_eq!(Product::find(" SSL_Basic ")?.name, "Basic OV");
    /// assert_eq!(Product::find("ssl_of_tomorrow")?.kind, Kind::Unlisted);
    /// assert!(Product::find("ssl basic").is_err());
    /// # Ok::<(), certquote::products::BadProductId>(())
    /// ```
    ///
    /// # Errors
    /// [`BadProductId`] if `id` cannot be the identifier of a product.
    pub fn find(id: &str) -> Result<Self, BadProductId> {
        let id = normalise_id(id)?;
        match lookup(&id) {
            Some(product) => Ok(product.clone()),
            None => Self::unlisted(&id),
        }
    }

    /// What to call the product: its name, or the identifier where there is none.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.name_id } else { self.name }
    }

    /// Whether the product takes names at all.
    #[must_use]
    pub fn takes_names(&self) -> bool {
        self.names != NamesRule::None
    }
}

/// No product yet: everything is allowed, for up to six years.
impl Default for Product {
    fn default() -> Self {
        let mut product = Self::row("", "", Kind::Unlisted, NamesRule::Optional);
        product.private_names = true;
        product.max_years = 6;
        product
    }
}

/// A text that cannot be the identifier of a product: it is not 1 to 64 letters, digits and underscores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadProductId;

impl std::fmt::Display for BadProductId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a product identifier of 1 to 64 letters, digits and underscores")
    }
}

impl std::error::Error for BadProductId {}

/// The identifier in the API's spelling: lower-case, without blanks around it.
///
/// # Errors
/// [`BadProductId`] for anything but 1 to 64 ASCII letters, digits and underscores.
pub fn normalise_id(id: &str) -> Result<String, BadProductId> {
    let id = id.trim();
    let clean = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if id.is_empty() || id.len() > MAX_ID_LENGTH || !clean {
        return Err(BadProductId);
    }
    Ok(id.to_ascii_lowercase())
}

/// The whole catalogue: by kind in the order of [`Kind::ALL`], and within a kind current products before legacy ones.
#[must_use]
pub fn catalogue() -> &'static [Product] {
    &CATALOGUE
}

/// The products of one kind, in the order of the catalogue.
pub fn of_kind(kind: Kind) -> impl Iterator<Item = &'static Product> {
    CATALOGUE.iter().filter(move |product| product.kind == kind)
}

/// The product of the catalogue with exactly this identifier.
#[must_use]
pub fn lookup(name_id: &str) -> Option<&'static Product> {
    CATALOGUE.iter().find(|product| product.name_id == name_id)
}

/// A catalogue narrowed by an allow-list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The products, in the order of the list, each once.
    pub products: Vec<Product>,
    /// Entries that cannot be identifiers, as written.
    pub invalid: Vec<String>,
}

/// Reads an allow-list: identifiers separated by commas, those not in the catalogue included. Empty entries are skipped.
///
/// ```
/// let narrowed = certquote::products::narrow("ssl_basic, my_new_product, no-such id");
/// assert_eq!(narrowed.products.len(), 2);
/// assert_eq!(narrowed.invalid, ["no-such id"]);
/// ```
#[must_use]
pub fn narrow(allow_list: &str) -> Narrowed {
    let mut narrowed = Narrowed::default();
    for entry in allow_list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        match Product::find(entry) {
            Err(BadProductId) => narrowed.invalid.push(entry.to_owned()),
            Ok(product) if narrowed.products.contains(&product) => {}
            Ok(product) => narrowed.products.push(product),
        }
    }
    narrowed
}

use Kind::{CodeSigning, DocumentSigning, Mark, SecureEmail};
use Level::{Dv, Ev, Ov, Qualified};

static CATALOGUE: [Product; 56] = [
    Product::tls(Ov, "ssl_basic", "Basic OV"),
    Product::tls(Ev, "ssl_ev_basic", "Basic EV"),
    Product::tls(Ov, "ssl_securesite_flex", "Secure Site OV"),
    Product::tls(Ev, "ssl_ev_securesite_flex", "Secure Site EV"),
    Product::tls(Ov, "ssl_securesite_pro", "Secure Site Pro SSL"),
    Product::tls(Ev, "ssl_ev_securesite_pro", "Secure Site Pro EV SSL"),
    Product::tls(Ov, "ssl_geotrust_truebizid", "GeoTrust TrueBusiness ID OV"),
    Product::tls(Ev, "ssl_ev_geotrust_truebizid", "GeoTrust TrueBusiness ID EV"),
    Product::tls(Ov, "ssl_thawte_webserver", "Thawte SSL Webserver OV"),
    Product::tls(Ev, "ssl_ev_thawte_webserver", "Thawte SSL Webserver EV"),
    Product::tls(Dv, "ssl_dv_geotrust_flex", "GeoTrust DV SSL"),
    Product::tls(Dv, "ssl_dv_thawte", "Thawte SSL 123 DV"),
    Product::tls(Dv, "ssl_dv_ee", "Encryption Everywhere DV"),
    Product::tls(Dv, "ssl_dv_rapidssl", "RapidSSL Standard DV").no_wildcards(),
    Product::tls(Dv, "wildcard_dv_rapidssl", "RapidSSL Wildcard DV").takes(NamesRule::WithWildcard),
    Product::tls(Dv, "ssl_dv_geotrust", "GeoTrust Standard DV").no_wildcards(),
    Product::tls(Dv, "wildcard_dv_geotrust", "GeoTrust Wildcard DV").takes(NamesRule::WithWildcard),
    Product::tls(Dv, "cloud_dv_geotrust", "GeoTrust Cloud DV"),
    Product::tls(Ov, "ssl_cloud_wildcard", "Cloud Certificate"),
    Product::tls(Qualified, "eu_qwac", "EU Qualified Website Authentication").eu_only(),
    Product::tls(Qualified, "eu_qwac_psd2", "EU Qualified Website Authentication PSD2").eu_only(),
    Product::tls(Ov, "ssl_plus", "Standard SSL").no_wildcards().takes(NamesRule::One).legacy(),
    Product::tls(Ov, "ssl_multi_domain", "Multi-Domain SSL").no_wildcards().legacy(),
    Product::tls(Ov, "ssl_wildcard", "WildCard").takes(NamesRule::WithWildcard).legacy(),
    Product::tls(Ev, "ssl_ev_plus", "EV SSL").takes(NamesRule::One).legacy(),
    Product::tls(Ev, "ssl_ev_multi_domain", "EV Multi-Domain").legacy(),
    Product::tls(Ov, "ssl_securesite", "Secure Site SSL").legacy(),
    Product::tls(Ev, "ssl_ev_securesite", "Secure Site EV SSL").legacy(),
    Product::tls(Ov, "grid_host_ssl", "Grid Host SSL").legacy(),
    Product::tls(Ov, "grid_host_ssl_multi_domain", "Grid Host SSL Multi-Domain").legacy(),
    Product::tls(Ov, "grid_robot_ssl", "Grid Robot SSL").legacy(),
    Product::tls(Ov, "grid_robot_ssl_multi_domain", "Grid Robot SSL Multi-Domain").legacy(),
    Product::private("private_ssl_flex", "Private SSL OV"),
    Product::private("private_ssl_plus", "Private SSL Plus").legacy(),
    Product::private("private_ssl_wildcard", "Private SSL Wildcard").legacy(),
    Product::private("private_ssl_multi_domain", "Private SSL Multi-Domain").legacy(),
    Product::nameless(CodeSigning, "code_signing", "Code Signing"),
    Product::nameless(CodeSigning, "code_signing_ev", "EV Code Signing"),
    Product::nameless(SecureEmail, "secure_email_mailbox", "Secure Email for Individual"),
    Product::nameless(SecureEmail, "secure_email_sponsor", "Secure Email for Business"),
    Product::nameless(SecureEmail, "secure_email_organization", "Secure Email for Organization"),
    Product::nameless(SecureEmail, "client_premium", "Premium"),
    Product::nameless(SecureEmail, "client_digital_signature_plus", "Digital Signature Plus"),
    Product::nameless(SecureEmail, "client_email_security_plus", "Email Security Plus"),
    Product::nameless(SecureEmail, "client_authentication_plus", "Authentication Plus"),
    Product::nameless(SecureEmail, "class1_smime", "Class 1 S/MIME"),
    Product::nameless(SecureEmail, "pkio_organisation_person", "PKIoverheid Organisation Person")
        .takes(NamesRule::Optional),
    Product::nameless(SecureEmail, "client_grid_private_premium", "Grid Private Premium").legacy(),
    Product::nameless(DocumentSigning, "ds_individual", "Document Signing – Individual"),
    Product::nameless(DocumentSigning, "ds_org", "Document Signing – Organization"),
    Product::nameless(DocumentSigning, "ds_org_individual", "Document Signing – Business Employee"),
    Product::nameless(DocumentSigning, "eu_eseal_psd2", "EU eSeal PSD2").eu_only(),
    Product::nameless(DocumentSigning, "document_signing_org_1", "Document Signing – Organization 1")
        .legacy(),
    Product::nameless(DocumentSigning, "document_signing_org_2", "Document Signing – Organization 2")
        .legacy(),
    Product::row("vmc_basic", "Verified Mark Certificate", Mark, NamesRule::Many),
    Product::row("mark_certificate", "Common Mark Certificate", Mark, NamesRule::Many),
];
