//! Attributes that cannot be used: for the portal engineer.

use crate::config::Attribute;

/// Words about attributes.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct AttributeWords {
    pub proxy: &'static str,
    pub locale: &'static str,
    pub theme: &'static str,
    pub timeout: &'static str,
    pub credentials: &'static str,
    pub container_id: &'static str,
    pub products: &'static str,
    pub addons: &'static str,
    pub source: &'static str,
    pub subaccount_id: &'static str,
    pub org_id: &'static str,
    pub billing_id: &'static str,
    pub low_balance: &'static str,
    pub share: &'static str,
}

impl AttributeWords {
    /// What an attribute takes.
    #[must_use]
    pub fn about(&self, attribute: Attribute) -> &'static str {
        match attribute {
            Attribute::Proxy => self.proxy,
            Attribute::Locale => self.locale,
            Attribute::Theme => self.theme,
            Attribute::TimeoutMs => self.timeout,
            Attribute::Credentials => self.credentials,
            Attribute::ContainerId => self.container_id,
            Attribute::Products => self.products,
            Attribute::Addons => self.addons,
            Attribute::Source => self.source,
            Attribute::SubaccountId => self.subaccount_id,
            Attribute::OrgId => self.org_id,
            Attribute::BillingId => self.billing_id,
            Attribute::LowBalance => self.low_balance,
            Attribute::Share => self.share,
        }
    }
}

pub(super) const EN: AttributeWords = AttributeWords {
    proxy: "proxy takes a path such as /api/digicert or an http(s) address.",
    locale: "locale takes a BCP 47 language tag such as en-GB.",
    theme: "theme takes auto, light or dark.",
    timeout: "timeout-ms takes whole milliseconds from 1 to 600000.",
    credentials: "credentials takes same-origin, include or omit.",
    container_id: "container-id takes the number of a container.",
    products: "products takes product ids separated by commas.",
    addons: "addons takes a JSON list such as [{\"id\":\"…\",\"label\":\"…\"}].",
    source: "source takes account, subaccount or frontier.",
    subaccount_id: "subaccount-id takes the number of a subaccount.",
    org_id: "org-id takes the UUID of an organization in Frontier.",
    billing_id: "billing-id takes the UUID of a billing account in Frontier.",
    low_balance: "low-balance takes an amount above zero, such as 500 or 99.50.",
    share: "share takes on or off.",
};
