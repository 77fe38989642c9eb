//! The three balances, all invented.

use super::ledger::Account;
use super::number::from_cents;
use super::trouble::last_group;

/// The credit limit of the accounts that have one, in cents: the default that DigiCert documents.
const LIMIT: i64 = 200_000;
const UNPAID: i64 = 12_500;

/// `GET finance/balance`.
#[must_use]
pub fn account(account: Account) -> Vec<u8> {
    let balance = account.balance();
    let start = format!(r#"{{"balance":"{}","currency":"USD","#, from_cents(balance));
    match account {
        Account::Unlimited => format!(
            r#"{start}"unpaid_invoice_balance":"0.00","used_credit_from_other_containers":"0.00","unlimited_negative_balance":true}}"#
        ),
        Account::Main | Account::Overdrawn => {
            let unpaid = if account == Account::Main { UNPAID } else { 0 };
            format!(
                r#"{start}"unpaid_invoice_balance":"{}","negative_balance_limit":"{}","used_credit_from_other_containers":"0.00","total_available_funds":"{}"}}"#,
                from_cents(unpaid),
                from_cents(LIMIT),
                from_cents(balance + LIMIT - unpaid)
            )
        }
    }
    .into_bytes()
}

/// `GET account/subaccount/{id}/balance`.
#[must_use]
pub fn subaccount(id: &str) -> Vec<u8> {
    let (amount, currency) = match id {
        "2" => ("-350", "USD"),
        "3" => ("0", "USD"),
        "4" => ("1234.5", "EUR"),
        _ => ("5000", "USD"),
    };
    format!(r#"{{"amount":{amount},"currency":"{currency}"}}"#).into_bytes()
}

/// `GET v1beta1/organizations/{org_id}/billing/{id}/balance`, in both shapes that Frontier has had.
#[must_use]
pub fn frontier(id: &str) -> Vec<u8> {
    match last_group(id) {
        "2" => r#"{"balance":{"amount":"-350","currency":"VC","updated_at":null}}"#,
        "3" => r#"{"balance":{"currency":"VC"}}"#,
        "4" => r#"{"balance":{"amount":"9007199254740993","currency":"VC","updated_at":null}}"#,
        _ => r#"{"balance":{"amount":"1200","currency":"VC","updated_at":null}}"#,
    }
    .as_bytes()
    .to_vec()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_documented_one() {
        assert_eq!(
            String::from_utf8(account(Account::Main)).unwrap(),
            r#"{"balance":"8123.45","currency":"USD","unpaid_invoice_balance":"125.00","negative_balance_limit":"2000.00","used_credit_from_other_containers":"0.00","total_available_funds":"9998.45"}"#
        );
        assert_eq!(
            String::from_utf8(account(Account::Unlimited)).unwrap(),
            r#"{"balance":"-1000.70","currency":"USD","unpaid_invoice_balance":"0.00","used_credit_from_other_containers":"0.00","unlimited_negative_balance":true}"#
        );
    }
}
