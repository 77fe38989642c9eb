//! Exact amounts as the documents write them: now a JSON number, now a string.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Rounds to cents, half-up (away from zero): `3699.225` becomes `3699.23`.
#[must_use]
pub fn cents(amount: Decimal) -> Decimal {
    let mut amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    amount.rescale(2);
    amount
}

/// Whole cents as an amount: `12345` is `123.45`.
#[must_use]
pub fn from_cents(value: i64) -> Decimal {
    Decimal::new(value, 2)
}

/// Serialises as a JSON number, `782` or `782.10`, through its digits and no float.
///
/// # Errors
/// As the serializer.
pub fn as_number<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let text = if amount.fract().is_zero() { amount.trunc().to_string() } else { amount.to_string() };
    RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

/// Serialises as a string with two decimals: `"0.00"`.
///
/// # Errors
/// As the serializer.
pub fn as_text<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&cents(*amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_cent_goes_up() {
        for (exact, rounded) in [("3699.225", "3699.23"), ("0.004", "0.00"), ("0.005", "0.01"), ("7", "7.00")]
        {
            assert_eq!(exact.parse().map(|exact| cents(exact).to_string()).as_deref(), Ok(rounded));
        }
    }
}
