//! What keeps a draft from being sent: which field, why, and that as a sentence.

use crate::address::{AddressField, AddressProblem};
use crate::form::LengthFault;
use crate::names::{ListProblem, NameProblem};
use crate::validity::ValidityProblem;
use crate::words::{Formats, Words, fill};

/// A field of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `dns_names` as a whole.
    Names,
    /// One of `dns_names`, by its place.
    Name(usize),
    /// `product_name_id`.
    Product,
    /// `order_validity`.
    OrderValidity,
    /// `addons`.
    Addons,
    /// `renewal_of_order_valid_till`.
    Renewal,
    /// A part of `billing_address`.
    Address(AddressField),
}

/// A part of the form whose problems are shown together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The names.
    Names,
    /// The product.
    Product,
    /// The length.
    Length,
    /// The add-ons.
    Addons,
    /// The renewal date.
    Renewal,
    /// The billing address.
    Address,
}

impl Group {
    /// How many there are.
    pub const COUNT: usize = 6;
}

impl Field {
    /// The key of `Draft`, with an index where it has one: `dns_names[1]`, `billing_address.zip`.
    #[must_use]
    pub fn key(&self) -> String {
        let key = match self {
            Self::Names => "dns_names",
            Self::Name(index) => return ["dns_names[", &index.to_string(), "]"].concat(),
            Self::Product => "product_name_id",
            Self::OrderValidity => "order_validity",
            Self::Addons => "addons",
            Self::Renewal => "renewal_of_order_valid_till",
            Self::Address(part) => part.key(),
        };
        key.to_owned()
    }

    /// The part of the form it belongs to.
    #[must_use]
    pub fn group(&self) -> Group {
        match self {
            Self::Names | Self::Name(_) => Group::Names,
            Self::Product => Group::Product,
            Self::OrderValidity => Group::Length,
            Self::Addons => Group::Addons,
            Self::Renewal => Group::Renewal,
            Self::Address(_) => Group::Address,
        }
    }
}

/// Why a field keeps the draft from being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A name, as typed.
    Name(String, NameProblem),
    /// The names as a whole.
    Names(ListProblem),
    /// No product.
    ProductMissing,
    /// No id of a product.
    ProductMalformed,
    /// Not one of the products that the page offers.
    ProductNotOffered,
    /// A length that the product does not allow.
    Length(ValidityProblem),
    /// No length, or several.
    LengthFault(LengthFault),
    /// No expiration date.
    DateMissing,
    /// No id of an add-on.
    Addon(String),
    /// No date.
    RenewalDate,
    /// A part of the address.
    Address(AddressProblem),
}

/// One thing that keeps a draft from being sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub field: Field,
    /// Why.
    pub reason: Reason,
}

impl Problem {
    /// The problem as a sentence: what is wrong, and what would be right.
    #[must_use]
    pub fn sentence(&self, words: &Words, formats: &dyn Formats) -> String {
        let draft = &words.draft;
        let sentence = match &self.reason {
            Reason::Name(name, problem) => return name_sentence(name, problem, words, formats),
            Reason::Names(problem) => return list_sentence(*problem, words, formats),
            Reason::ProductMissing => draft.product_missing,
            Reason::ProductMalformed => draft.product_malformed,
            Reason::ProductNotOffered => draft.product_not_offered,
            Reason::Length(ValidityProblem::Years { max: 1 }) => draft.years_one,
            Reason::Length(ValidityProblem::Years { max }) => {
                return fill(draft.years_range, &[("max", &formats.integer(*max as usize))]);
            }
            Reason::Length(ValidityProblem::Days { max }) => {
                return fill(draft.days_range, &[("max", &formats.integer(*max as usize))]);
            }
            Reason::Length(ValidityProblem::DateNotAfterToday { .. }) => draft.date_past,
            Reason::Length(ValidityProblem::DateTooLate { latest }) => {
                return fill(draft.date_late, &[("date", &formats.date(*latest))]);
            }
            Reason::LengthFault(LengthFault::Missing) => draft.length_missing,
            Reason::LengthFault(LengthFault::Ambiguous) => draft.length_ambiguous,
            Reason::DateMissing => draft.date_missing,
            Reason::Addon(id) => return fill(draft.addon_malformed, &[("id", id)]),
            Reason::RenewalDate => draft.renewal_malformed,
            Reason::Address(AddressProblem::Missing) => match self.field {
                Field::Address(AddressField::State) => draft.state_missing,
                Field::Address(AddressField::City) => draft.city_missing,
                Field::Address(AddressField::Zip) => draft.zip_missing,
                _ => draft.country_missing,
            },
            Reason::Address(AddressProblem::UnknownCountry) => draft.country_unknown,
            Reason::Address(AddressProblem::TooLong { max, .. }) => {
                return fill(draft.address_too_long, &[("max", &formats.integer(*max))]);
            }
            Reason::Address(AddressProblem::ControlCharacter) => draft.address_control,
        };
        sentence.to_owned()
    }
}

fn list_sentence(problem: ListProblem, words: &Words, formats: &dyn Formats) -> String {
    let names = &words.names;
    match problem {
        ListProblem::NoNames => names.missing.to_owned(),
        ListProblem::TooMany { count, max } => {
            fill(names.too_many, &[("count", &formats.integer(count)), ("max", &formats.integer(max))])
        }
        ListProblem::OnlyOne { count } => fill(names.one_only, &[("count", &formats.integer(count))]),
        ListProblem::NeedsWildcard => names.wildcard_needed.to_owned(),
    }
}

fn name_sentence(name: &str, problem: &NameProblem, words: &Words, formats: &dyn Formats) -> String {
    /// Pasted rubbish can be long; its beginning is enough to find it again.
    const SHOWN: usize = 80;
    let names = &words.names;
    let cut = name.char_indices().nth(SHOWN).and_then(|(end, _)| name.get(..end));
    let name = cut.map_or_else(|| name.to_owned(), |cut| [cut, "…"].concat());
    let with = |template, key, value: &str| fill(template, &[("name", &name), (key, value)]);
    let template = match problem {
        NameProblem::NoHost => names.no_host,
        NameProblem::Email => names.email,
        NameProblem::Underscore => names.underscore,
        NameProblem::EmptyLabel => names.empty_label,
        NameProblem::LabelTooLong { .. } => names.label_too_long,
        NameProblem::NameTooLong { length } => {
            return with(names.name_too_long, "length", &formats.integer(*length));
        }
        NameProblem::BadCharacter(character) => {
            return with(names.bad_character, "character", character.encode_utf8(&mut [0; 4]));
        }
        NameProblem::HyphenAtEdge { .. } => names.hyphen_at_edge,
        NameProblem::NumericTld { .. } => names.numeric_tld,
        NameProblem::BadIpv4 => names.malformed_ipv4,
        NameProblem::IpRange => names.ip_range,
        NameProblem::Ipv6 => names.ipv6,
        NameProblem::WildcardNotLeftmost => names.wildcard_not_leftmost,
        NameProblem::PartialWildcard => names.partial_wildcard,
        NameProblem::WildcardTooBroad => names.wildcard_too_broad,
        NameProblem::NotIdn => names.not_idn,
        NameProblem::BadPunycode { label } => return with(names.bad_punycode, "label", label),
        NameProblem::WildcardNotAllowed => names.wildcard_not_allowed,
        NameProblem::IpNotAllowed => names.ip_not_allowed,
        NameProblem::PrivateIpv4 => names.private_ipv4,
        NameProblem::SingleLabel => names.single_label,
        NameProblem::InternalName { suffix } => return with(names.internal_name, "suffix", suffix),
        NameProblem::ReservedLabel { label } => return with(names.bad_punycode, "label", label),
    };
    fill(template, &[("name", &name)])
}
