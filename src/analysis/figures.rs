//! Amounts as whole numbers of a small unit, for what amounts themselves don't do: places on an axis, rounding.

use crate::amount::Amount;

/// The most digits after the decimal mark that an amount has.
const MOST_DIGITS: usize = 9;

/// How many digits an amount is written with after the decimal mark.
#[must_use]
pub fn digits(amount: Amount) -> usize {
    amount.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// How many units of `digits` digits after the decimal mark an amount is; what lies beyond them is cut off.
#[must_use]
pub fn units(amount: Amount, digits: usize) -> i128 {
    let text = amount.to_string();
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.bytes().chain(std::iter::repeat(b'0')).take(digits);
    let figures = integer.bytes().chain(fraction).filter(u8::is_ascii_digit);
    let value =
        figures.fold(0_i128, |value, digit| value.saturating_mul(10).saturating_add((digit - b'0').into()));
    if amount.is_negative() { -value } else { value }
}

/// The amount of so many units; `None` outside the exact range.
#[must_use]
pub fn amount(units: i128, digits: usize) -> Option<Amount> {
    let mut rest = units.unsigned_abs();
    let mut text = Vec::new();
    while rest > 0 || text.len() <= digits + usize::from(digits > 0) {
        if digits > 0 && text.len() == digits {
            text.push(b'.');
        }
        text.push(b'0' + u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
    }
    if units < 0 {
        text.push(b'-');
    }
    text.reverse();
    std::str::from_utf8(&text).ok().and_then(|text| Amount::parse(text).ok())
}

/// An average for people: rounded half away from zero to two digits less than it is written with.
#[must_use]
pub fn about(average: Amount) -> Amount {
    let digits = digits(average).min(MOST_DIGITS);
    let Some(fewer) = digits.checked_sub(2) else { return average };
    let units = units(average, digits);
    let half = if units < 0 { -50 } else { 50 };
    amount(units.saturating_add(half) / 100, fewer).unwrap_or(average)
}
