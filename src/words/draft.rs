//! What is wrong with a draft, apart from its names, and what to do about it.

/// Words about drafts that cannot be sent.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct DraftWords {
    pub product_missing: &'static str,
    pub product_malformed: &'static str,
    pub product_not_offered: &'static str,
    pub years_range: &'static str,
    pub years_one: &'static str,
    pub days_range: &'static str,
    pub date_missing: &'static str,
    pub date_past: &'static str,
    pub date_late: &'static str,
    pub length_missing: &'static str,
    pub length_ambiguous: &'static str,
    pub renewal_malformed: &'static str,
    pub addon_malformed: &'static str,
    pub country_missing: &'static str,
    pub country_unknown: &'static str,
    pub state_missing: &'static str,
    pub city_missing: &'static str,
    pub zip_missing: &'static str,
    pub address_too_long: &'static str,
    pub address_control: &'static str,
}

pub(super) const EN: DraftWords = DraftWords {
    product_missing: "Choose a product, or type its id.",
    product_malformed: "A product id has letters, digits and underscores only, such as ssl_basic.",
    product_not_offered: "This product is not offered here. Choose one of the list.",
    years_range: "Choose between 1 and {max} years.",
    years_one: "This product is sold for 1 year at most.",
    days_range: "Give a whole number of days between 1 and {max}.",
    date_missing: "Give the date on which the order ends.",
    date_past: "The order has to end after today.",
    date_late: "This order can end on {date} at the latest.",
    length_missing: "Choose how long the order runs: years, days or an expiration date.",
    length_ambiguous: "Give only one of years, days and expiration date.",
    renewal_malformed: "Give the date until which the order being renewed is valid.",
    addon_malformed: "An add-on is given by its product id, without spaces; “{id}” is none.",
    country_missing: "Choose the country of this address, or leave the whole address empty.",
    country_unknown: "Choose a country of the list.",
    state_missing: "This country needs the state or province.",
    city_missing: "Give the city, or leave the whole address empty.",
    zip_missing: "This country needs the ZIP or postal code.",
    address_too_long: "At most {max} characters.",
    address_control: "Remove the characters that cannot be printed.",
};
