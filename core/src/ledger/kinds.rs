//! The types of adjustments that the API documents; any other text may come as well.
//!
//! Reference: <https://dev.digicert.com/services-api/finance/list-balance-history/>

use crate::amount::Amount;

/// The number by which the API filters (`filters[adjust_type]`), and the text that its answers have.
pub const KINDS: [(u32, &str); 18] = [
    (1, "Charge"),
    (4, "Sale from Account Balance"),
    (8, "Credit Card Deposit"),
    (9, "Wire Deposit"),
    (11, "Deposit from Check"),
    (12, "Deposit from PO"),
    (13, "Credit for Commission Payment"),
    (15, "Purchase Order Payment"),
    (16, "Additional Name Purchase"),
    (18, "Credit for a revoked certificate"),
    (19, "Transfer of funds to another unit in the account"),
    (20, "Transfer of funds from another unit in the account"),
    (22, "Charge for Subaccount Order"),
    (23, "Refund for Subaccount Order"),
    (26, "Refund"),
    (27, "Account Funds Expiration"),
    (28, "Charge for unit order"),
    (29, "Refund for unit order"),
];

/// The number of a documented type.
#[must_use]
pub fn number(kind: &str) -> Option<u32> {
    KINDS.iter().find(|(_, text)| *text == kind).map(|(number, _)| *number)
}

/// Whether money was taken because it expired.
#[must_use]
pub fn is_expiry(kind: &str) -> bool {
    number(kind) == Some(27)
}

/// Whether money went from one unit of the account to another.
#[must_use]
pub fn is_transfer(kind: &str) -> bool {
    matches!(number(kind), Some(19 | 20))
}

/// Whether money came back: refunds, and credits for revoked certificates.
#[must_use]
pub fn is_refund(kind: &str) -> bool {
    matches!(number(kind), Some(18 | 23 | 26 | 29))
}

/// Whether money was paid in: a credit of any type, known or not, that is neither a refund nor a transfer.
#[must_use]
pub fn is_deposit(kind: &str, amount: Amount) -> bool {
    !amount.is_negative() && !amount.is_zero() && !is_refund(kind) && !is_transfer(kind)
}
