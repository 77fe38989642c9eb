//! Tax by address: a few rates, **invented** for the sandbox.

use rust_decimal::Decimal;

use super::number::cents;

/// Hundredths of a percent by country and, where it has them, state.
const RATES: [(&str, &str, i64); 10] = [
    ("us", "washington", 1025),
    ("us", "wa", 1025),
    ("us", "utah", 725),
    ("us", "ut", 725),
    ("de", "", 1900),
    ("fr", "", 2000),
    ("gb", "", 2000),
    ("ie", "", 2300),
    ("jp", "", 1000),
    ("ch", "", 810),
];

/// The tax on an amount, half-up to cents; other places have none.
#[must_use]
pub fn on(amount: Decimal, country: &str, state: &str) -> Decimal {
    let (country, state) = (country.to_ascii_lowercase(), state.trim().to_ascii_lowercase());
    let rate = RATES
        .into_iter()
        .find(|(of, within, _)| *of == country && (within.is_empty() || *within == state))
        .map_or(0, |(_, _, rate)| rate);
    cents(amount * Decimal::new(rate, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_rounded_half_up_like_the_documented_sample() {
        assert_eq!(on(Decimal::from(36090), "us", "Washington").to_string(), "3699.23");
    }

    #[test]
    fn goes_by_country_and_state() {
        let tax = |country, state| on(Decimal::from(100), country, state).to_string();
        assert_eq!(tax("DE", "Berlin"), "19.00");
        assert_eq!(tax("us", "Oregon"), "0.00");
        assert_eq!(tax("br", ""), "0.00");
    }
}
