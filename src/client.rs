//! One method for each endpoint, over any [`Transport`]: out goes a request, back comes an answer or a [`CertError`].

use crate::api::balance_history::BalanceHistory;
use crate::api::billing_balance::{self, BillingBalance, Credits};
use crate::api::finance_balance::{self, AccountBalance, FinanceBalance};
use crate::api::order_pricing::{self, OrderPricing, PriceEstimate};
use crate::api::subaccount_balance::{self, SubaccountBalance, SubaccountFunds};
use crate::api::{Endpoint, NumericId, Uuid};
use crate::draft::Draft;
use crate::error::CertError;
use crate::history::History;
use crate::quote::Quote;
use crate::transport::{Request, Response, Transport};
use crate::words::errors::{EN, ErrorWords};

/// A client of one API behind one base URL, which its transport knows.
///
/// ```
/// use certquote::client::Client;
/// use certquote::transport::{Request, Response};
///
/// # async fn example() -> Result<(), certquote::error::CertError> {
/// let client = Client::new(|request: Request| async move {
///     assert_eq!(request.path, "finance/balance");
///     let body = br#"{"balance": "454.00", "currency": "USD"}"#.to_vec();
///     Ok(Response { status: 200, body, ..Response::default() })
/// });
/// let answer = client.finance_balance(None).await?;
/// assert_eq!(answer.balance.to_string(), "454.00");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client<T> {
    transport: T,
    words: ErrorWords,
}

impl<T: Transport> Client<T> {
    /// A client whose errors speak English.
    pub fn new(transport: T) -> Self {
        Self { transport, words: EN }
    }

    /// The same client with other words for its errors.
    #[must_use]
    pub fn with_words(self, words: ErrorWords) -> Self {
        Self { words, ..self }
    }

    /// The words of its errors.
    pub fn words(&self) -> &ErrorWords {
        &self.words
    }

    /// Asks `endpoint`.
    ///
    /// # Errors
    /// [`CertError`] when there is no answer, when it is no success, or when it cannot be read.
    pub async fn send<E: Endpoint>(&self, endpoint: &E) -> Result<E::Answer, CertError> {
        let response = self.fetch(endpoint.name(), endpoint.request()).await?;
        endpoint
            .decode(&response.body)
            .map_err(|error| CertError::unreadable(endpoint.name(), response.status, error, &self.words))
    }

    /// Sends a request and gives back the successful answer unread: for who decodes it in a way of their own.
    /// The status is looked at before the body.
    ///
    /// # Errors
    /// [`CertError`] when there is no answer, or when it is no success. `endpoint` is what the error calls it.
    pub async fn fetch(&self, endpoint: &'static str, request: Request) -> Result<Response, CertError> {
        let response = self
            .transport
            .send(request)
            .await
            .map_err(|error| CertError::from_transport(endpoint, error, &self.words))?;
        if (200..300).contains(&response.status) {
            Ok(response)
        } else {
            Err(CertError::from_response(endpoint, &response, &self.words))
        }
    }

    /// The price estimate for an order, as the API gives it.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn order_pricing(&self, draft: &Draft) -> Result<PriceEstimate, CertError> {
        self.send(&OrderPricing { draft }).await
    }

    /// Prices an order. `now` gives the time of the answer, as RFC 3339.
    ///
    /// # Errors
    /// As [`send`](Self::send); also `unreadable` when the figures are too large to be added exactly.
    pub async fn quote(&self, draft: &Draft, now: impl FnOnce() -> String) -> Result<Quote, CertError> {
        let response = self.fetch(order_pricing::NAME, OrderPricing { draft }.request()).await?;
        Quote::read(draft.clone(), &response, now(), &self.words)
    }

    /// The balance of the account, or of one division of it.
    ///
    /// # Errors
    /// As [`send`](Self::send); `misconfigured`, and nothing is sent, when the id is no number.
    pub async fn finance_balance(&self, container_id: Option<&str>) -> Result<AccountBalance, CertError> {
        let container_id = match container_id {
            Some(text) => Some(self.id(finance_balance::NAME, "container-id", NumericId::parse(text))?),
            None => None,
        };
        self.send(&FinanceBalance { container_id }).await
    }

    /// One page of the adjustments of the account's balance.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn balance_history(&self, request: &BalanceHistory) -> Result<History, CertError> {
        self.send(request).await
    }

    /// The balance of a subaccount.
    ///
    /// # Errors
    /// As [`send`](Self::send); `misconfigured`, and nothing is sent, when the id is no number.
    pub async fn subaccount_balance(&self, id: &str) -> Result<SubaccountFunds, CertError> {
        let id = self.id(subaccount_balance::NAME, "subaccount-id", NumericId::parse(id))?;
        self.send(&SubaccountBalance { id }).await
    }

    /// The balance of a billing account in Frontier.
    ///
    /// # Errors
    /// As [`send`](Self::send); `misconfigured`, and nothing is sent, when an id is no UUID.
    pub async fn billing_balance(&self, org_id: &str, id: &str) -> Result<Credits, CertError> {
        let org_id = self.id(billing_balance::NAME, "org-id", Uuid::parse(org_id))?;
        let id = self.id(billing_balance::NAME, "billing-id", Uuid::parse(id))?;
        self.send(&BillingBalance { org_id, id }).await
    }

    fn id<I>(&self, endpoint: &'static str, attribute: &str, id: Option<I>) -> Result<I, CertError> {
        id.ok_or_else(|| CertError::unusable_attribute(endpoint, attribute, &self.words))
    }
}
