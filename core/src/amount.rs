//! Money, exactly: a decimal that keeps the digits it was written with (`782` stays `782`, `782.10` keeps its zero).
//!
//! At most 19 digits before the decimal mark and 9 after it, so that the sums made here are exact too.

use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

const MAX_INTEGER_DIGITS: usize = 19;
const MAX_FRACTION_DIGITS: usize = 9;

/// An exact amount of money (or of credits), in the major unit of its currency: `782.10` is 782 dollars and 10 cents.
///
/// Two amounts are equal when their values are: `782` equals `782.00`. [`Display`](fmt::Display) gives the digits as written.
///
/// ```
/// use certquote_core::amount::Amount;
///
/// let amount = Amount::parse("782.10")?;
/// assert_eq!(amount.to_string(), "782.10");
/// assert_eq!(amount.add(Amount::parse("0.9")?).map(|sum| sum.to_string()).as_deref(), Some("783.00"));
/// # Ok::<(), certquote_core::amount::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Not a plain decimal number such as `-12.50`.
    Malformed,
    /// More digits than an amount can hold exactly.
    TooLong,
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a decimal number",
            Self::TooLong => "more digits than an amount can hold exactly",
        })
    }
}

impl std::error::Error for AmountError {}

impl Amount {
    /// No money at all; an amount that is *unknown* is never this.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Reads a plain decimal: an optional minus sign, digits, and optionally a point and digits.
    ///
    /// # Errors
    /// [`AmountError::Malformed`] for anything else (signs, separators, exponents, blanks) and
    /// [`AmountError::TooLong`] past 19 integer or 9 fraction digits; nothing is ever rounded.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_negative = digits.len() < text.len();
        let (integer, fraction) = match digits.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (digits, None),
        };
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(integer) || !fraction.is_none_or(all_digits) {
            return Err(AmountError::Malformed);
        }
        if integer.trim_start_matches('0').len() > MAX_INTEGER_DIGITS
            || fraction.is_some_and(|fraction| fraction.len() > MAX_FRACTION_DIGITS)
        {
            return Err(AmountError::TooLong);
        }
        let digits = integer.bytes().chain(fraction.unwrap_or_default().bytes());
        let value = digits.fold(0_i128, |value, digit| value * 10 + i128::from(digit - b'0'));
        let scale = u32::try_from(fraction.map_or(0, str::len)).unwrap_or(u32::MAX);
        Self::from_parts(if is_negative { -value } else { value }, scale).ok_or(AmountError::TooLong)
    }

    /// The sum, or `None` where it would leave the exact range.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a sum that may not exist is no `Add`")]
    pub fn add(self, other: Self) -> Option<Self> {
        // Not `checked_add`: it rounds where the digits run out, and drops those of a `0.00`.
        let scale = self.0.scale().max(other.0.scale());
        Self::from_parts(self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?, scale)
    }

    /// The difference, or `None` where it would leave the exact range.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a sum that may not exist is no `Sub`")]
    pub fn sub(self, other: Self) -> Option<Self> {
        self.add(other.negated())
    }

    /// `mantissa` shifted by `scale` decimal places; `None` beyond 96 bits.
    #[must_use]
    pub fn from_parts(mantissa: i128, scale: u32) -> Option<Self> {
        Decimal::try_from_i128_with_scale(mantissa, scale).ok().map(Self)
    }

    /// All digits as one whole number, and how many of them stand after the decimal mark.
    #[must_use]
    pub fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// So many units of the last of `scale` decimal places.
    pub(crate) fn from_units(units: i64, scale: u32) -> Option<Self> {
        Self::from_parts(i128::from(units), scale)
    }

    /// How many units of the last of `scale` decimal places it is; `None` beyond 64 bits.
    pub(crate) fn units(self, scale: u32) -> Option<i64> {
        i64::try_from(self.at_scale(scale)?).ok()
    }

    /// How many digits stand after the decimal mark.
    pub(crate) fn scale(self) -> u32 {
        self.0.scale()
    }

    fn at_scale(self, scale: u32) -> Option<i128> {
        let missing = scale.checked_sub(self.0.scale())?;
        (0..missing).try_fold(self.0.mantissa(), |mantissa, _| mantissa.checked_mul(10))
    }

    /// The amount with its sign turned; zero stays zero.
    #[must_use]
    pub fn negated(self) -> Self {
        if self.0.is_zero() { self } else { Self(-self.0) }
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Whether the value is zero, however it is written.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether the value is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// How many digits after the decimal mark carry value: 1 for `782.10`, 0 for `782.00`.
    #[must_use]
    pub fn significant_fraction_digits(self) -> u32 {
        let text = self.to_string();
        let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction.trim_end_matches('0'));
        u32::try_from(fraction.len()).unwrap_or(u32::MAX)
    }
}

impl From<i64> for Amount {
    fn from(value: i64) -> Self {
        Self(Decimal::from(value))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    #[test]
    fn keeps_the_digits_of_the_documents() {
        for text in [
            "782",
            "782.00",
            "782.10",
            "12345678901234.56",
            "3699.23",
            "-350",
            "0",
            "0.00",
            "9223372036854775807",
        ] {
            assert_eq!(Amount::parse(text).map(|amount| amount.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in
            ["", "-", ".", "1.", ".5", "+1", "1e3", "1,234.50", " 1", "1 ", "--1", "0x1", "NaN", "١", "1.2.3"]
        {
            assert_eq!(Amount::parse(text), Err(AmountError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn refuses_rather_than_rounds() {
        assert_eq!(Amount::parse("12345678901234567890"), Err(AmountError::TooLong));
        assert_eq!(Amount::parse("0.1234567890"), Err(AmountError::TooLong));
    }

    #[test]
    fn has_no_negative_zero() {
        assert_eq!(Amount::parse("-0.00").map(|zero| zero.to_string()).as_deref(), Ok("0.00"));
        assert_eq!(Amount::ZERO.negated().to_string(), "0");
    }

    #[test]
    fn zero_adds_its_digits_and_nothing_else() {
        for (a, b, sum) in
            [("782", "0.00", "782.00"), ("0.00", "782", "782.00"), ("0", "0.0", "0.0"), ("0", "7.5", "7.5")]
        {
            let sum_of = Amount::parse(a).ok().zip(Amount::parse(b).ok()).and_then(|(a, b)| a.add(b));
            assert_eq!(sum_of.map(|sum| sum.to_string()).as_deref(), Some(sum), "{a} + {b}");
        }
    }

    #[test]
    fn reads_json_strings_and_numbers_alike() {
        for body in ["782.10", "\"782.10\""] {
            assert_eq!(
                json::decode::<Amount>(body.as_bytes()).map(|a| a.to_string()).ok().as_deref(),
                Some("782.10")
            );
        }
        for body in ["null", "true", "{}", "\"\"", "\"\\u0031\"", "\"1", "[1]", "1e2"] {
            assert!(json::decode::<Amount>(body.as_bytes()).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_amount_round_trips_digit_for_digit(text in "-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,9})?") {
            let amount = Amount::parse(&text)?;
            let expected = if amount.is_zero() { text.trim_start_matches('-') } else { &text };
            prop_assert_eq!(amount.to_string(), expected);
            prop_assert_eq!(json::decode::<Amount>(text.as_bytes()).ok(), Some(amount));
            prop_assert_eq!(serde_json::to_string(&amount).ok(), Some(format!("\"{expected}\"")));
        }

        #[test]
        fn sums_are_exact(a in -1_000_000_000_000_i64..1_000_000_000_000, b in -1_000_000_000_000_i64..1_000_000_000_000) {
            let cents = |value: i64| Amount::parse(&format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100));
            prop_assert_eq!(cents(a)?.add(cents(b)?), Some(cents(a + b)?));
            prop_assert_eq!(cents(a)?.sub(cents(b)?), Some(cents(a - b)?));
        }

        #[test]
        fn parsing_any_text_never_panics(text in "\\PC*") {
            let _ = Amount::parse(&text);
        }
    }
}
