//! What an error says to a buyer: what happened, and what to do about it.

/// The sentences of [`CertError`](crate::error::CertError) in one language. `{name}` is replaced by the name of an
/// attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorWords {
    /// No connection, and the browser knows why.
    pub offline: &'static str,
    /// No connection.
    pub network: &'static str,
    /// No answer in time.
    pub timeout: &'static str,
    /// Called off.
    pub cancelled: &'static str,
    /// Not signed in.
    pub unauthorized: &'static str,
    /// What the page gives as request headers cannot be sent.
    pub bad_headers: &'static str,
    /// The API key is not valid.
    pub invalid_key: &'static str,
    /// Not allowed.
    pub forbidden: &'static str,
    /// The role of the API key does not reach to finances.
    pub missing_permission: &'static str,
    /// The role of the API key does not reach to prices.
    pub missing_permission_pricing: &'static str,
    /// The billing account is not one of this organisation.
    pub wrong_organization: &'static str,
    /// Nothing is there.
    pub not_found: &'static str,
    /// No such subaccount.
    pub subaccount_not_found: &'static str,
    /// No such billing account.
    pub billing_not_found: &'static str,
    /// The signed-in user does not exist any more.
    pub user_gone: &'static str,
    /// The service refused what was sent.
    pub invalid_request: &'static str,
    /// The service refused some of the fields.
    pub invalid_fields: &'static str,
    /// The service refused what was sent without a division, which an account with several of them needs.
    pub several_divisions: &'static str,
    /// Too many requests.
    pub rate_limited: &'static str,
    /// The service failed.
    pub upstream: &'static str,
    /// The answer is unusable.
    pub unreadable: &'static str,
    /// An attribute has a value that cannot be used.
    pub unusable_attribute: &'static str,
    /// Between the names of two attributes of one kind of mistake.
    pub between_attributes: &'static str,
    /// A required attribute is missing.
    pub missing_attribute: &'static str,
    /// The draft has mistakes that can be seen without asking anyone.
    pub invalid_draft: &'static str,
    /// The service refused the value of this field.
    pub refused_field: &'static str,
}

/// English.
pub const EN: ErrorWords = ErrorWords {
    offline: "You are offline. Check your internet connection, then try again.",
    network: "The service could not be reached. Check your internet connection, then try again.",
    timeout: "The service took too long to answer. Please try again.",
    cancelled: "The request was cancelled.",
    unauthorized: "You are not signed in, or your sign-in has expired. Sign in again; if that does not help, tell the people who run this page.",
    bad_headers: "The request headers of this page (“fetchHeaders”) cannot be sent. Please tell the people who run this page.",
    invalid_key: "The service does not accept the API key that this page uses. Please tell the people who run it that the key needs to be replaced.",
    forbidden: "This account may not do that. Please ask your account's administrator for access.",
    missing_permission: "The API key that this page uses may not see the account's finances. It needs the role Administrator, Manager or Finance manager; please tell the people who run this page.",
    missing_permission_pricing: "The API key that this page uses may not ask for prices. It needs the role Administrator, Manager or Finance manager, and a View Only key cannot ask for prices at all; please tell the people who run this page.",
    wrong_organization: "This billing account does not belong to this organization. Please tell the people who run this page to check both identifiers.",
    not_found: "The service does not know what was asked for. Please tell the people who run this page to check its settings.",
    subaccount_not_found: "There is no subaccount with this number, or this account may not see it. Please tell the people who run this page to check the number.",
    billing_not_found: "There is no billing account with this identifier. Please tell the people who run this page to check it.",
    user_gone: "The user you are signed in as no longer exists. Sign out, then sign in again.",
    invalid_request: "The service did not accept the request. Check what you entered, then try again.",
    invalid_fields: "The service did not accept some of what you entered. Correct the marked fields, then try again.",
    several_divisions: "The service did not accept the request. If the account has several divisions, it has to be asked about one of them: please tell the people who run this page to set the attribute “container-id” to the number of that division.",
    rate_limited: "Too many requests were made in a short time. Wait a moment, then try again.",
    upstream: "The service has a problem of its own at the moment. Please try again in a few minutes.",
    unreadable: "The service gave an answer that cannot be read, so nothing is shown that might be wrong. Please try again; if it happens again, tell the people who run this page.",
    unusable_attribute: "A value that cannot be used: attribute “{name}”. Please tell the people who run this page.",
    between_attributes: "”, attribute “",
    missing_attribute: "Missing, so that nothing can be shown: attribute “{name}”. Please tell the people who run this page.",
    invalid_draft: "Some of what you entered cannot be sent yet. Correct the marked fields, then try again.",
    refused_field: "The service does not accept this value. Choose another one.",
};
