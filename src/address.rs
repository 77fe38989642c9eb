//! The billing address of a draft: as a whole or not at all, with what its country has.
//!
//! DigiCert publishes no list of countries and no rule beyond "optional for some countries" (page "Price estimate"), so only
//! what is certain is required. Which countries write addresses without a state or a postal code is taken from the address
//! formats of Google's libaddressinput, for the countries that it gives a format of their own.

use crate::draft::BillingAddress;

/// ISO 3166-1 alpha-2, all 249 officially assigned codes, sorted.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCO\
CRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJE\
JMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPA\
PEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZ\
VAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// Countries whose address format has no state or province.
const NO_STATE: &str = "ADAFAIALATAXAZBABDBEBFBGBHBLBMBNBTCHCICYCZDEDKDODZECEHETFIFKFOFRGBGEGFGGGIGLGNGPGRGSGTGUGWHRHTHUIL\
IMIOISJEJOKEKGKHKWLALBLILKLRLSLUMAMCMDMEMFMGMKMMMOMQMTMUMVMWNANCNENLNONPNZOMPKPLPMPNPRPTPYRERSSASDSESGSHSISJSKSMSNSZTCTJTMTN\
TZVAVCVGWFYTZAZM";

/// Countries whose address format has no postal code.
const NO_ZIP: &str = "AEBFBSCIHKJMKIKNMOMWNRPASCSRTV";

/// Countries where an address without state and postal code cannot be taxed.
const STATE_AND_ZIP: &str = "AUCAUS";

/// States of the USA by full name, with the district and the territories.
static US_STATES: [&str; 56] = [
    "Alabama",
    "Alaska",
    "American Samoa",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Guam",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Northern Mariana Islands",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Puerto Rico",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virgin Islands",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
];

static CANADIAN_PROVINCES: [&str; 13] = [
    "Alberta",
    "British Columbia",
    "Manitoba",
    "New Brunswick",
    "Newfoundland and Labrador",
    "Northwest Territories",
    "Nova Scotia",
    "Nunavut",
    "Ontario",
    "Prince Edward Island",
    "Quebec",
    "Saskatchewan",
    "Yukon",
];

static AUSTRALIAN_STATES: [&str; 8] = [
    "Australian Capital Territory",
    "New South Wales",
    "Northern Territory",
    "Queensland",
    "South Australia",
    "Tasmania",
    "Victoria",
    "Western Australia",
];

/// Whether a country's addresses have a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// An address without it is refused.
    Required,
    /// May be given or left out.
    Optional,
    /// The country has none: a form does not ask for it. A value that is there all the same is not refused.
    None,
}

/// What a country's addresses have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRule {
    /// State or province.
    pub state: Need,
    /// ZIP or postal code.
    pub zip: Need,
}

/// A part of the billing address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressField {
    /// The country.
    Country,
    /// State or province.
    State,
    /// The city.
    City,
    /// ZIP or postal code.
    Zip,
}

impl AddressField {
    /// Every part, in the order in which [`check`] reports them.
    pub const ALL: [Self; 4] = [Self::Country, Self::State, Self::City, Self::Zip];

    /// The key in `Draft`, as in `fields[].field`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Country => "billing_address.country",
            Self::State => "billing_address.state",
            Self::City => "billing_address.city",
            Self::Zip => "billing_address.zip",
        }
    }

    /// The longest value, in characters. City, state and ZIP as for the addresses of organizations, the only ones with
    /// published limits.
    #[must_use]
    pub fn max_length(self) -> usize {
        match self {
            Self::Country => 2,
            Self::State | Self::City => 64,
            Self::Zip => 40,
        }
    }

    /// This part of an address, without blanks around it.
    #[must_use]
    pub fn of(self, address: &BillingAddress) -> &str {
        match self {
            Self::Country => &address.country,
            Self::State => &address.state,
            Self::City => &address.city,
            Self::Zip => &address.zip,
        }
        .trim()
    }
}

/// What is wrong with a part of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is needed.
    Missing,
    /// No country has this ISO 3166-1 code.
    UnknownCountry,
    /// Longer than the API takes.
    TooLong {
        /// Characters given.
        length: usize,
        /// Characters possible.
        max: usize,
    },
    /// It holds a line break or another control character.
    ControlCharacter,
}

/// All countries by ISO 3166-1 alpha-2 code, upper-case, sorted by code. Their names come from the browser.
pub fn countries() -> impl Iterator<Item = &'static str> {
    codes(COUNTRIES)
}

/// Whether `code` is a country, in either case.
#[must_use]
pub fn is_country(code: &str) -> bool {
    contains(COUNTRIES, code)
}

/// What the addresses of a country have; for an unknown one everything is optional.
///
/// ```
/// use certquote::address::{Need, rule};
///
/// assert_eq!(rule("us").state, Need::Required);
/// assert_eq!(rule("DE").state, Need::None);
/// assert_eq!(rule("HK").zip, Need::None);
/// ```
#[must_use]
pub fn rule(country: &str) -> AddressRule {
    let need = |none: &'static str| {
        if contains(STATE_AND_ZIP, country) {
            Need::Required
        } else if contains(none, country) {
            Need::None
        } else {
            Need::Optional
        }
    };
    AddressRule { state: need(NO_STATE), zip: need(NO_ZIP) }
}

/// States or provinces to suggest, by the full names that the API wants; empty for most countries.
#[must_use]
pub fn states(country: &str) -> &'static [&'static str] {
    match country.trim().to_ascii_uppercase().as_str() {
        "US" => &US_STATES,
        "CA" => &CANADIAN_PROVINCES,
        "AU" => &AUSTRALIAN_STATES,
        _ => &[],
    }
}

/// Whether no part is filled in, so that no address is sent.
#[must_use]
pub fn is_blank(address: &BillingAddress) -> bool {
    AddressField::ALL.iter().all(|field| field.of(address).is_empty())
}

/// What keeps the address from being sent, at most one problem for each part; empty for a blank address.
#[must_use]
pub fn check(address: &BillingAddress) -> Vec<(AddressField, AddressProblem)> {
    if is_blank(address) {
        return Vec::new();
    }
    let rule = rule(&address.country);
    AddressField::ALL
        .iter()
        .filter_map(|&field| {
            let needed = match field {
                AddressField::Country | AddressField::City => true,
                AddressField::State => rule.state == Need::Required,
                AddressField::Zip => rule.zip == Need::Required,
            };
            problem(field, field.of(address), needed).map(|problem| (field, problem))
        })
        .collect()
}

fn problem(field: AddressField, value: &str, needed: bool) -> Option<AddressProblem> {
    if value.is_empty() {
        return needed.then_some(AddressProblem::Missing);
    }
    if field == AddressField::Country {
        return (!is_country(value)).then_some(AddressProblem::UnknownCountry);
    }
    if value.chars().any(char::is_control) {
        return Some(AddressProblem::ControlCharacter);
    }
    let (length, max) = (value.chars().count(), field.max_length());
    (length > max).then_some(AddressProblem::TooLong { length, max })
}

fn codes(list: &'static str) -> impl Iterator<Item = &'static str> {
    (0..list.len()).step_by(2).filter_map(move |start| list.get(start..start + 2))
}

fn contains(list: &'static str, code: &str) -> bool {
    let code = code.trim();
    codes(list).any(|listed| listed.eq_ignore_ascii_case(code))
}
