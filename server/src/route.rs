//! The five endpoints: the whole of what reaches an upstream.

use axum::http::Method;

/// An upstream API; each has its own shape of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    /// DigiCert's Services API.
    DigiCert,
    /// Frontier's REST API.
    Frontier,
}

impl Api {
    /// The API that a path below `/api/` asks for; DigiCert's where it asks for none.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path.strip_prefix("/api/frontier") {
            Some("") => Self::Frontier,
            Some(rest) if rest.starts_with('/') => Self::Frontier,
            _ => Self::DigiCert,
        }
    }
}

/// An endpoint with its checked ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `POST finance/order-pricing`
    OrderPricing,
    /// `GET finance/balance`
    Balance,
    /// `GET finance/balance-history`
    History,
    /// `GET account/subaccount/{id}/balance`
    SubaccountBalance {
        /// Digits.
        id: String,
    },
    /// `GET v1beta1/organizations/{org_id}/billing/{id}/balance`
    FrontierBalance {
        /// A UUID.
        org_id: String,
        /// A UUID.
        id: String,
    },
}

/// Why a clean path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// No endpoint has this path.
    Unknown,
    /// A subaccount's id that is not digits.
    SubaccountId,
    /// An organisation's id that is no UUID.
    OrgId,
    /// A billing account's id that is no UUID.
    BillingId,
}

impl Endpoint {
    /// Finds the endpoint of a clean path.
    ///
    /// # Errors
    /// [`NoRoute`] for any other path and for an id of the wrong form.
    pub fn of(path: &str) -> Result<Self, NoRoute> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match segments.as_slice() {
            ["api", "digicert", "finance", "order-pricing"] => Ok(Self::OrderPricing),
            ["api", "digicert", "finance", "balance"] => Ok(Self::Balance),
            ["api", "digicert", "finance", "balance-history"] => Ok(Self::History),
            ["api", "digicert", "account", "subaccount", id, "balance"] => {
                if !is_number(id) {
                    return Err(NoRoute::SubaccountId);
                }
                Ok(Self::SubaccountBalance { id: (*id).to_owned() })
            }
            ["api", "frontier", "v1beta1", "organizations", org_id, "billing", id, "balance"] => {
                if !is_uuid(org_id) {
                    return Err(NoRoute::OrgId);
                }
                if !is_uuid(id) {
                    return Err(NoRoute::BillingId);
                }
                Ok(Self::FrontierBalance { org_id: (*org_id).to_owned(), id: (*id).to_owned() })
            }
            _ => Err(NoRoute::Unknown),
        }
    }

    /// The API it belongs to.
    #[must_use]
    pub fn api(&self) -> Api {
        if matches!(self, Self::FrontierBalance { .. }) { Api::Frontier } else { Api::DigiCert }
    }

    /// The method it is asked with.
    #[must_use]
    pub fn method(&self) -> Method {
        if matches!(self, Self::OrderPricing) { Method::POST } else { Method::GET }
    }

    /// The methods allowed, as the `Allow` header lists them.
    #[must_use]
    pub fn allow(&self) -> &'static str {
        if matches!(self, Self::OrderPricing) { "POST" } else { "GET, HEAD" }
    }

    /// The route for the log, without ids.
    #[must_use]
    pub fn template(&self) -> &'static str {
        match self {
            Self::OrderPricing => "/api/digicert/finance/order-pricing",
            Self::Balance => "/api/digicert/finance/balance",
            Self::History => "/api/digicert/finance/balance-history",
            Self::SubaccountBalance { .. } => "/api/digicert/account/subaccount/{id}/balance",
            Self::FrontierBalance { .. } => {
                "/api/frontier/v1beta1/organizations/{org_id}/billing/{id}/balance"
            }
        }
    }

    /// The path below the upstream's base URL; made of plain bytes only.
    #[must_use]
    pub fn upstream_path(&self) -> String {
        match self {
            Self::OrderPricing => "finance/order-pricing".to_owned(),
            Self::Balance => "finance/balance".to_owned(),
            Self::History => "finance/balance-history".to_owned(),
            Self::SubaccountBalance { id } => format!("account/subaccount/{id}/balance"),
            Self::FrontierBalance { org_id, id } => {
                format!("v1beta1/organizations/{org_id}/billing/{id}/balance")
            }
        }
    }
}

fn is_number(id: &str) -> bool {
    (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an id has the form of a UUID.
pub(crate) fn is_uuid(id: &str) -> bool {
    let mut groups = id.split('-');
    [8, 4, 4, 4, 12].into_iter().all(|length| {
        groups
            .next()
            .is_some_and(|group| group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit()))
    }) && groups.next().is_none()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn knows_the_five_endpoints() {
        for (path, below) in [
            ("/api/digicert/finance/order-pricing", "finance/order-pricing"),
            ("/api/digicert/finance/balance", "finance/balance"),
            ("/api/digicert/finance/balance-history", "finance/balance-history"),
            ("/api/digicert/account/subaccount/42/balance", "account/subaccount/42/balance"),
            (
                "/api/frontier/v1beta1/organizations/0b0c0d0e-0000-4000-8000-00000000000A/billing/11111111-2222-3333-4444-555555555555/balance",
                "v1beta1/organizations/0b0c0d0e-0000-4000-8000-00000000000A/billing/11111111-2222-3333-4444-555555555555/balance",
            ),
        ] {
            assert_eq!(Endpoint::of(path).unwrap().upstream_path(), below);
        }
    }

    #[test]
    fn ids_have_one_form() {
        for id in ["", "a", "1a", "-1", "+1", "1.0", "123456789012345678901"] {
            assert_eq!(
                Endpoint::of(&format!("/api/digicert/account/subaccount/{id}/balance")),
                Err(NoRoute::SubaccountId),
                "{id}"
            );
        }
        let good = "11111111-2222-3333-4444-555555555555";
        for id in
            ["", "1", "11111111222233334444555555555555", "11111111-2222-3333-4444-55555555555g", "my-org"]
        {
            let path = |org: &str, id: &str| {
                format!("/api/frontier/v1beta1/organizations/{org}/billing/{id}/balance")
            };
            assert_eq!(Endpoint::of(&path(id, good)), Err(NoRoute::OrgId), "{id}");
            assert_eq!(Endpoint::of(&path(good, id)), Err(NoRoute::BillingId), "{id}");
        }
    }

    #[test]
    fn knows_nothing_else() {
        for path in [
            "/api",
            "/api/",
            "/api/digicert",
            "/api/digicert/finance/balance/",
            "/api/digicert/finance",
            "/api/digicert/user/me",
            "/api/frontier/finance/balance",
            "/api/digicert/FINANCE/balance",
            "/api/x/finance/balance",
        ] {
            assert_eq!(Endpoint::of(path), Err(NoRoute::Unknown), "{path}");
        }
    }

    #[test]
    fn errors_take_the_shape_of_the_api_asked() {
        assert_eq!(Api::of("/api/frontier/x"), Api::Frontier);
        assert_eq!(Api::of("/api/frontierx"), Api::DigiCert);
        assert_eq!(Api::of("/api/other"), Api::DigiCert);
    }
}
