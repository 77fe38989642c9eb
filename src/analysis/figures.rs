//! Amounts as whole numbers of a small unit, for what amounts themselves don't do: places on an axis, rounding.

use crate::amount::Amount;

/// How many units of `digits` digits after the decimal mark an amount is, what lies beyond them cut off; `None` where
/// there is no room for it.
#[must_use]
pub fn units(amount: Amount, digits: u32) -> Option<i64> {
    let (mut units, mut scale) = amount.parts();
    while scale > digits {
        units /= 10;
        scale -= 1;
    }
    i64::try_from(units).ok()?.checked_mul(10_i64.checked_pow(digits - scale)?)
}

/// The amount of so many units, without the zeros that carry no value; `None` outside the exact range.
#[must_use]
pub fn amount(mut units: i64, mut digits: u32) -> Option<Amount> {
    while digits > 0 && units % 10 == 0 {
        units /= 10;
        digits -= 1;
    }
    Amount::from_parts(units.into(), digits)
}

/// An average for people: rounded half away from zero to two digits less than it is written with.
#[must_use]
pub fn about(average: Amount) -> Amount {
    let (units, digits) = average.parts();
    let rounded = i64::try_from(units).ok().and_then(|units| units.checked_add(units.signum() * 50));
    let fewer = digits.checked_sub(2);
    match (rounded, fewer) {
        (Some(rounded), Some(fewer)) => Amount::from_parts((rounded / 100).into(), fewer).unwrap_or(average),
        _ => average,
    }
}
