//! The attributes of a `<cert-balance>`.

use super::{Attribute, Attributes, Connection, DIGICERT_PROXY, FRONTIER_PROXY, Unfit};
use crate::amount::Amount;
use crate::api::billing_balance::BillingBalance;
use crate::api::finance_balance::FinanceBalance;
use crate::api::subaccount_balance::SubaccountBalance;
use crate::api::{Endpoint, NumericId, Uuid};
use crate::balance::BalanceSource;
use crate::transport::Request;

/// What the attributes of a `<cert-balance>` ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalanceConfig {
    /// How it reaches its API.
    pub connection: Connection,
    /// Which of the three sources; the default where the attribute cannot be used.
    pub source: BalanceSource,
    /// Whose balance is shown; `None` when the attributes don't say, and nothing may be asked then.
    pub subject: Option<Subject>,
    /// The balance from which on it is low, in the balance's own currency; more than zero.
    pub low_balance: Option<Amount>,
}

/// Whose balance it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A DigiCert account, or one division of it.
    Account(Option<NumericId>),
    /// A DigiCert subaccount.
    Subaccount(NumericId),
    /// A billing account in Frontier.
    Frontier {
        /// The organisation.
        org_id: Uuid,
        /// The billing account.
        id: Uuid,
    },
}

impl Subject {
    /// The name of the endpoint that knows it.
    #[must_use]
    pub const fn endpoint(&self) -> &'static str {
        match self {
            Self::Account(_) => BalanceSource::Account.endpoint(),
            Self::Subaccount(_) => BalanceSource::Subaccount.endpoint(),
            Self::Frontier { .. } => BalanceSource::Frontier.endpoint(),
        }
    }

    /// The request for its balance.
    #[must_use]
    pub fn request(&self) -> Request {
        match self {
            Self::Account(id) => FinanceBalance { container_id: id.clone() }.request(),
            Self::Subaccount(id) => SubaccountBalance { id: id.clone() }.request(),
            Self::Frontier { org_id, id } => {
                BillingBalance { org_id: org_id.clone(), id: id.clone() }.request()
            }
        }
    }
}

impl BalanceConfig {
    /// Reads the attributes as [`Config::read`](super::Config::read) does.
    #[must_use]
    pub fn read(
        attribute: &dyn Fn(&str) -> Option<String>,
        is_locale: impl Fn(&str) -> bool,
    ) -> (Self, Unfit) {
        let mut attributes = Attributes::new(attribute);
        let known = attributes.parsed(Attribute::Source, |source| match source {
            "account" => Some(BalanceSource::Account),
            "subaccount" => Some(BalanceSource::Subaccount),
            "frontier" => Some(BalanceSource::Frontier),
            _ => None,
        });
        let source = known.unwrap_or_default();
        let proxy = if source == BalanceSource::Frontier { FRONTIER_PROXY } else { DIGICERT_PROXY };
        let connection = attributes.connection(proxy, is_locale);
        let subject = match source {
            BalanceSource::Account => attributes.container().map(Subject::Account),
            BalanceSource::Subaccount => {
                attributes.required(Attribute::SubaccountId, NumericId::parse).map(Subject::Subaccount)
            }
            BalanceSource::Frontier => {
                let org_id = attributes.required(Attribute::OrgId, Uuid::parse);
                let id = attributes.required(Attribute::BillingId, Uuid::parse);
                org_id.zip(id).map(|(org_id, id)| Subject::Frontier { org_id, id })
            }
        };
        let low_balance = attributes.parsed(Attribute::LowBalance, |text| {
            Amount::parse(text).ok().filter(|amount| !amount.is_zero() && !amount.is_negative())
        });
        let unfit = attributes.finish();
        // Another source than the one that was asked for would show a stranger's money.
        let subject = subject.filter(|_| !unfit.unusable.contains(&Attribute::Source));
        (Self { connection, source, subject, low_balance }, unfit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: &[(&str, &str)]) -> (BalanceConfig, Unfit) {
        BalanceConfig::read(
            &|name| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
            |tag| tag.len() < 6,
        )
    }

    const UUID: &str = "0a3c5f6e-1111-4222-8333-444455556666";

    #[test]
    fn without_attributes_it_is_the_whole_account() {
        let (config, unfit) = read(&[]);
        assert_eq!(config.subject, Some(Subject::Account(None)));
        assert_eq!(config.connection, Connection::default());
        assert_eq!(unfit, Unfit::default());
    }

    #[test]
    fn each_source_names_what_it_misses_and_asks_nothing() {
        for (source, missing) in [
            ("subaccount", &[Attribute::SubaccountId][..]),
            ("frontier", &[Attribute::OrgId, Attribute::BillingId]),
        ] {
            let (config, unfit) = read(&[("source", source)]);
            assert_eq!(config.subject, None, "{source}");
            assert_eq!(unfit.missing, missing, "{source}");
            assert_eq!(unfit.unusable, [], "{source}");
        }
        let (config, unfit) = read(&[("source", "frontier"), ("org-id", UUID), ("billing-id", " ")]);
        assert_eq!((config.subject, unfit.missing), (None, vec![Attribute::BillingId]));
    }

    #[test]
    fn ids_that_cannot_be_used_never_lead_to_another_account() {
        for attributes in [
            &[("container-id", "12a")][..],
            &[("source", "subacount"), ("subaccount-id", "7")],
            &[("source", "subaccount"), ("subaccount-id", "x")],
            &[("source", "frontier"), ("org-id", "acme"), ("billing-id", UUID)],
        ] {
            let (config, unfit) = read(attributes);
            assert_eq!(config.subject, None, "{attributes:?}");
            assert_eq!(unfit.unusable.len(), 1, "{attributes:?}");
        }
    }

    #[test]
    fn frontier_has_a_proxy_of_its_own() {
        let attributes = [("source", "frontier"), ("org-id", UUID), ("billing-id", UUID)];
        assert_eq!(read(&attributes).0.connection.proxy, "/api/frontier");
        assert_eq!(read(&[attributes.as_slice(), &[("proxy", "/f")]].concat()).0.connection.proxy, "/f");
    }

    #[test]
    fn a_threshold_is_an_amount_above_zero() {
        assert_eq!(read(&[("low-balance", "500")]).0.low_balance, Amount::parse("500").ok());
        for given in ["0", "-5", "some", "1e3", "1,000"] {
            let (config, unfit) = read(&[("low-balance", given)]);
            assert_eq!(unfit.unusable, [Attribute::LowBalance], "{given}");
            assert_eq!((config.low_balance, config.subject), (None, Some(Subject::Account(None))), "{given}");
        }
    }
}
