//! The price list of the sandbox: **every price is invented.** Product ids are DigiCert's.

/// What names a product takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// None; a list is ignored.
    None,
    /// One name, which the base price covers.
    One,
    /// Any number of names, each charged.
    Many,
    /// Any mix of names and wildcards, each charged.
    Flex,
    /// One wildcard and names below it; the base price covers the first wildcard.
    Wildcard,
}

/// A product and its invented prices per year, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// `product_name_id`.
    pub id: &'static str,
    /// What it takes.
    pub names: Names,
    /// The certificate itself.
    pub base: i64,
    /// One FQDN.
    pub fqdn: i64,
    /// One wildcard.
    pub wildcard: i64,
    /// Whether names past the tenth come in packages.
    pub packages: bool,
}

/// An add-on that only the sandbox knows, with its invented price in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addon {
    /// Its id on a request.
    pub id: &'static str,
    /// The price per order.
    pub price: i64,
}

const fn product(id: &'static str, names: Names, base: i64, fqdn: i64, wildcard: i64) -> Product {
    Product { id, names, base, fqdn, wildcard, packages: false }
}

const fn packaged(product: Product) -> Product {
    Product { packages: true, ..product }
}

/// The price of a package of 25 names of a multi-domain product per year, in cents.
pub const PACKAGE: i64 = 49_900;
/// How many names a package holds.
pub const PACKAGE_SIZE: usize = 25;
/// How many names are charged one by one before the packages begin.
pub const BEFORE_PACKAGES: usize = 10;

/// The add-ons.
pub const ADDONS: [Addon; 4] = [
    Addon { id: "sandbox-token", price: 12_000 },
    Addon { id: "sandbox-keylocker", price: 9_050 },
    Addon { id: "sandbox-expedited", price: 5_000 },
    Addon { id: "9001", price: 2_599 },
];

/// Every product that the sandbox prices.
pub const PRODUCTS: [Product; 56] = [
    product("ssl_basic", Names::Flex, 19_900, 8_900, 54_900),
    product("ssl_ev_basic", Names::Many, 31_900, 14_900, 0),
    product("ssl_securesite_flex", Names::Flex, 37_900, 18_900, 119_900),
    product("ssl_ev_securesite_flex", Names::Many, 91_900, 45_900, 0),
    product("ssl_securesite_pro", Names::Flex, 94_900, 47_450, 189_900),
    product("ssl_ev_securesite_pro", Names::Many, 141_900, 70_950, 0),
    product("ssl_geotrust_truebizid", Names::Flex, 18_900, 7_975, 47_900),
    product("ssl_ev_geotrust_truebizid", Names::Many, 29_900, 13_900, 0),
    product("ssl_thawte_webserver", Names::Flex, 18_400, 7_900, 46_900),
    product("ssl_ev_thawte_webserver", Names::Many, 28_900, 13_400, 0),
    product("ssl_dv_geotrust_flex", Names::Flex, 13_900, 5_900, 38_900),
    product("ssl_dv_thawte", Names::Flex, 13_400, 5_700, 37_900),
    product("ssl_dv_ee", Names::Flex, 9_900, 4_900, 29_900),
    product("ssl_dv_geotrust", Names::One, 14_900, 0, 0),
    product("ssl_dv_rapidssl", Names::One, 5_999, 0, 0),
    product("wildcard_dv_geotrust", Names::Wildcard, 48_800, 0, 48_800),
    product("wildcard_dv_rapidssl", Names::Wildcard, 24_900, 0, 24_900),
    product("cloud_dv_geotrust", Names::Flex, 15_900, 6_450, 41_900),
    product("ssl_plus", Names::One, 21_800, 0, 0),
    packaged(product("ssl_multi_domain", Names::Many, 29_900, 9_975, 0)),
    product("ssl_wildcard", Names::Wildcard, 65_800, 0, 65_800),
    product("ssl_ev_plus", Names::One, 34_400, 0, 0),
    packaged(product("ssl_ev_multi_domain", Names::Many, 48_900, 16_975, 0)),
    product("ssl_cloud_wildcard", Names::Flex, 67_500, 12_900, 67_500),
    product("ssl_securesite", Names::Flex, 39_900, 19_900, 124_900),
    product("ssl_ev_securesite", Names::Many, 99_500, 49_750, 0),
    product("eu_qwac", Names::Many, 79_900, 24_900, 0),
    product("eu_qwac_psd2", Names::Many, 89_900, 24_900, 0),
    product("grid_host_ssl", Names::One, 9_900, 0, 0),
    product("grid_robot_ssl", Names::One, 9_900, 0, 0),
    product("grid_host_ssl_multi_domain", Names::Many, 12_900, 3_900, 0),
    product("grid_robot_ssl_multi_domain", Names::Many, 12_900, 3_900, 0),
    product("private_ssl_flex", Names::Flex, 15_900, 4_450, 29_900),
    product("private_ssl_plus", Names::One, 15_900, 0, 0),
    product("private_ssl_wildcard", Names::Wildcard, 39_900, 0, 39_900),
    packaged(product("private_ssl_multi_domain", Names::Many, 19_900, 4_450, 0)),
    product("code_signing", Names::None, 45_900, 0, 0),
    product("code_signing_ev", Names::None, 62_900, 0, 0),
    product("secure_email_mailbox", Names::None, 2_995, 0, 0),
    product("secure_email_sponsor", Names::None, 4_995, 0, 0),
    product("secure_email_organization", Names::None, 9_995, 0, 0),
    product("client_premium", Names::None, 3_995, 0, 0),
    product("client_digital_signature_plus", Names::None, 2_595, 0, 0),
    product("client_email_security_plus", Names::None, 2_595, 0, 0),
    product("class1_smime", Names::None, 1_995, 0, 0),
    product("client_authentication_plus", Names::None, 2_195, 0, 0),
    product("client_grid_private_premium", Names::None, 2_195, 0, 0),
    product("ds_individual", Names::None, 24_900, 0, 0),
    product("ds_org", Names::None, 54_900, 0, 0),
    product("ds_org_individual", Names::None, 34_900, 0, 0),
    product("document_signing_org_1", Names::None, 49_900, 0, 0),
    product("document_signing_org_2", Names::None, 89_900, 0, 0),
    product("eu_eseal_psd2", Names::None, 99_900, 0, 0),
    product("vmc_basic", Names::Many, 129_900, 99_900, 0),
    product("mark_certificate", Names::Many, 99_900, 79_900, 0),
    product("pkio_organisation_person", Names::None, 18_900, 0, 0),
];

/// The product with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}
