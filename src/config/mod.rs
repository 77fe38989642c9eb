//! The attributes of the elements, translated into strict settings: lenient outside, strict inside.
//!
//! An attribute that cannot be used leaves its setting at the default and is told of; everything else works on. What
//! says *whose* money is shown has no default to fall back to: without it nothing is asked.

use crate::api::NumericId;
use crate::error::{CertError, FieldError};
use crate::words::Words;

mod balance;
mod history;
mod quote;

pub use balance::{BalanceConfig, Subject};
pub use history::HistoryConfig;
pub use quote::{Addon, Config, is_addon_id};

/// How an element reaches its API: what all of them have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Base URL of the proxy, without a trailing slash.
    pub proxy: String,
    /// BCP 47 tag; the browser's own locale when absent.
    pub locale: Option<String>,
    /// Milliseconds until a request is given up.
    pub timeout_ms: u32,
    /// Whether cookies and the like go along.
    pub credentials: Credentials,
}

/// The credentials mode of `fetch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// To the page's own origin only.
    #[default]
    SameOrigin,
    /// To other origins too.
    Include,
    /// Never.
    Omit,
}

/// The attributes that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the attribute of its name")]
pub enum Attribute {
    Proxy,
    Locale,
    Theme,
    TimeoutMs,
    Credentials,
    ContainerId,
    Products,
    Addons,
    Source,
    SubaccountId,
    OrgId,
    BillingId,
    LowBalance,
    Share,
}

impl Attribute {
    /// The attribute as it is written in HTML.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Proxy => "proxy",
            Self::Locale => "locale",
            Self::Theme => "theme",
            Self::TimeoutMs => "timeout-ms",
            Self::Credentials => "credentials",
            Self::ContainerId => "container-id",
            Self::Products => "products",
            Self::Addons => "addons",
            Self::Source => "source",
            Self::SubaccountId => "subaccount-id",
            Self::OrgId => "org-id",
            Self::BillingId => "billing-id",
            Self::LowBalance => "low-balance",
            Self::Share => "share",
        }
    }
}

/// What is wrong with the attributes of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfit {
    /// Those with a value that cannot be used.
    pub unusable: Vec<Attribute>,
    /// Those that are required and missing.
    pub missing: Vec<Attribute>,
}

/// The error that says what is wrong with the attributes, if anything is. `endpoint` is what it would be about.
#[must_use]
pub fn misconfigured(endpoint: &'static str, unfit: &Unfit, words: &Words) -> Option<CertError> {
    let Unfit { unusable, missing } = unfit;
    let fields: Vec<_> = missing
        .iter()
        .chain(unusable)
        .map(|attribute| FieldError {
            field: attribute.name().to_owned(),
            message: words.attributes.about(*attribute).to_owned(),
        })
        .collect();
    let names = |attributes: &[Attribute]| {
        attributes
            .iter()
            .map(|attribute| attribute.name())
            .collect::<Vec<_>>()
            .join(words.errors.between_attributes)
    };
    let error = if missing.is_empty() {
        CertError::unusable_attribute(endpoint, &names(unusable), &words.errors)
    } else {
        CertError::missing_attribute(endpoint, &names(missing), &words.errors)
    };
    (!fields.is_empty()).then_some(CertError { fields, ..error })
}

/// Reads the attributes of one element through `attribute`, which gives `None` for those that are absent.
pub(crate) struct Attributes<'a> {
    attribute: &'a dyn Fn(&str) -> Option<String>,
    unfit: Unfit,
}

const DEFAULT_TIMEOUT_MS: u32 = 15_000;
const MAX_TIMEOUT_MS: u32 = 600_000;
/// Where `certquote-server` has the two APIs.
const DIGICERT_PROXY: &str = "/api/digicert";
const FRONTIER_PROXY: &str = "/api/frontier";

impl Default for Connection {
    fn default() -> Self {
        Self {
            proxy: DIGICERT_PROXY.to_owned(),
            locale: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            credentials: Credentials::default(),
        }
    }
}

impl<'a> Attributes<'a> {
    pub(crate) fn new(attribute: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { attribute, unfit: Unfit::default() }
    }

    /// The attribute as it is, even if it is empty.
    pub(crate) fn raw(&self, name: &str) -> Option<String> {
        (self.attribute)(name)
    }

    /// The attribute's value, if it has one.
    pub(crate) fn given(&self, attribute: Attribute) -> Option<String> {
        self.raw(attribute.name()).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn unusable(&mut self, attribute: Attribute) {
        self.unfit.unusable.push(attribute);
    }

    pub(crate) fn finish(self) -> Unfit {
        self.unfit
    }

    /// What `read` makes of the attribute's value. A value that it can make nothing of is noted.
    pub(crate) fn parsed<T>(&mut self, attribute: Attribute, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.given(attribute)?;
        let parsed = read(&value);
        if parsed.is_none() {
            self.unusable(attribute);
        }
        parsed
    }

    /// As [`parsed`](Self::parsed); that there is no value is noted too.
    pub(crate) fn required<T>(
        &mut self,
        attribute: Attribute,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if self.given(attribute).is_none() {
            self.unfit.missing.push(attribute);
        }
        self.parsed(attribute, read)
    }

    /// The division that is asked about, if one is; `None` when the attribute cannot be used.
    pub(crate) fn container(&mut self) -> Option<Option<NumericId>> {
        let container = self.parsed(Attribute::ContainerId, NumericId::parse);
        (container.is_some() || self.given(Attribute::ContainerId).is_none()).then_some(container)
    }

    /// What all elements have. `lang` stands for the language of the page around; `is_locale` knows a well-formed
    /// BCP 47 tag, which only a browser's `Intl` does in full.
    pub(crate) fn connection(&mut self, default_proxy: &str, is_locale: impl Fn(&str) -> bool) -> Connection {
        let proxy = self.parsed(Attribute::Proxy, base_url);
        let lang = self.raw("lang").filter(|lang| !lang.is_empty() && is_locale(lang));
        let locale = self.parsed(Attribute::Locale, |tag| is_locale(tag).then(|| tag.to_owned()));
        self.parsed(Attribute::Theme, |theme| matches!(theme, "auto" | "light" | "dark").then_some(()));
        let timeout = self.parsed(Attribute::TimeoutMs, |text| {
            text.parse::<u32>().ok().filter(|timeout| (1..=MAX_TIMEOUT_MS).contains(timeout))
        });
        let credentials = self.parsed(Attribute::Credentials, |mode| match mode {
            "same-origin" => Some(Credentials::SameOrigin),
            "include" => Some(Credentials::Include),
            "omit" => Some(Credentials::Omit),
            _ => None,
        });
        Connection {
            proxy: proxy.unwrap_or_else(|| default_proxy.to_owned()),
            locale: locale.or(lang),
            timeout_ms: timeout.unwrap_or(DEFAULT_TIMEOUT_MS),
            credentials: credentials.unwrap_or_default(),
        }
    }
}

/// A path of this origin, or an http(s) URL without query, fragment and credentials; trailing slashes cut.
fn base_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let clean = |part: &str| {
        !part.contains(['?', '#', '\\']) && !part.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    let usable = match rest {
        Some(rest) => {
            let host = rest.split('/').next().unwrap_or_default();
            !host.is_empty() && !host.contains('@')
        }
        None => !text.starts_with("//") && !text.split('/').next().unwrap_or_default().contains(':'),
    };
    (usable && clean(text)).then(|| text.trim_end_matches('/').to_owned())
}
