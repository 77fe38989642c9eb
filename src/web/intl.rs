//! Numbers, money, dates and plurals by the browser's `Intl`, money from its exact digits: `Intl.NumberFormat` takes
//! decimal strings, so nothing passes through a float.

use std::cell::RefCell;
use std::cmp::Ordering;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::amount::Amount;
use crate::date::Date;
use crate::words::Formats;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
    type NumberFormat;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = "NumberFormat")]
    fn new(locale: &JsValue, options: &Object) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(catch, method)]
    fn format(this: &NumberFormat, decimal: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn resolved_options(this: &NumberFormat) -> Object;

    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    type DateTimeFormat;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = "DateTimeFormat")]
    fn new(locale: &JsValue, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(catch, method, js_name = format)]
    fn format(this: &DateTimeFormat, date: &js_sys::Date) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = Intl, js_name = PluralRules)]
    type PluralRules;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = "PluralRules")]
    fn new(locale: &JsValue) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, count: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl, js_name = DisplayNames)]
    type DisplayNames;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = "DisplayNames")]
    fn new(locale: &JsValue, options: &Object) -> Result<DisplayNames, JsValue>;
    #[wasm_bindgen(catch, method)]
    fn of(this: &DisplayNames, code: &str) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(js_namespace = Intl, js_name = Collator)]
    type Collator;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl, js_class = "Collator")]
    fn new(locale: &JsValue) -> Result<Collator, JsValue>;
    #[wasm_bindgen(method)]
    fn compare(this: &Collator, a: &str, b: &str) -> f64;

    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(tag: &str) -> Result<JsValue, JsValue>;
}

/// Whether `tag` is a well-formed BCP 47 language tag.
#[must_use]
pub fn is_locale(tag: &str) -> bool {
    canonical_locales(tag).is_ok()
}

/// [`Formats`] of one locale.
pub struct IntlFormats {
    locale: JsValue,
    plurals: Option<PluralRules>,
    integers: Option<NumberFormat>,
    countries: Option<DisplayNames>,
    order: Option<Collator>,
    /// By currency and fraction digits; making a `NumberFormat` costs more than using it a thousand times.
    money: RefCell<Vec<(String, u32, Option<NumberFormat>)>>,
}

impl IntlFormats {
    /// The formats of `locale`, a BCP 47 tag; of the browser's own locale if there is none or it is malformed.
    #[must_use]
    pub fn new(locale: Option<&str>) -> Self {
        let locale = locale.filter(|tag| is_locale(tag)).map_or(JsValue::UNDEFINED, JsValue::from_str);
        Self {
            plurals: PluralRules::new(&locale).ok(),
            integers: NumberFormat::new(&locale, &Object::new()).ok(),
            countries: DisplayNames::new(&locale, &options(&[("type", "region".into())])).ok(),
            order: Collator::new(&locale).ok(),
            money: RefCell::default(),
            locale,
        }
    }

    fn format_currency(&self, amount: Amount, currency: &str, fraction: u32) -> Option<String> {
        let mut cache = self.money.borrow_mut();
        if !cache.iter().any(|(code, digits, _)| code == currency && *digits == fraction) {
            cache.push((currency.to_owned(), fraction, self.currency_format(currency, fraction)));
        }
        let (.., format) = cache.iter().find(|(code, digits, _)| code == currency && *digits == fraction)?;
        format.as_ref()?.format(&amount.to_string()).ok()
    }

    fn currency_format(&self, currency: &str, fraction: u32) -> Option<NumberFormat> {
        let mut wanted = vec![("style", "currency".into()), ("currency", currency.into())];
        let plain = NumberFormat::new(&self.locale, &options(&wanted)).ok()?;
        // The currency's own digits (2 for USD, 0 for JPY, 3 for BHD), unless the amount has more to say.
        let own = Reflect::get(&plain.resolved_options(), &"maximumFractionDigits".into()).ok()?.as_f64()?;
        if f64::from(fraction) <= own {
            return Some(plain);
        }
        wanted.push(("minimumFractionDigits", fraction.into()));
        NumberFormat::new(&self.locale, &options(&wanted)).ok()
    }

    fn format_decimal(&self, amount: Amount, fraction: u32) -> Option<String> {
        let wanted = options(&[
            ("minimumFractionDigits", fraction.into()),
            ("maximumFractionDigits", fraction.into()),
        ]);
        NumberFormat::new(&self.locale, &wanted).ok()?.format(&amount.to_string()).ok()
    }

    fn format_date(&self, text: &str, wanted: &[(&str, JsValue)]) -> Option<String> {
        let date = js_sys::Date::new(&text.into());
        DateTimeFormat::new(&self.locale, &options(wanted)).ok()?.format(&date).ok()
    }
}

impl Formats for IntlFormats {
    fn is_one(&self, count: usize) -> bool {
        self.plurals.as_ref().map_or(count == 1, |rules| rules.select(as_number(count)) == "one")
    }

    fn integer(&self, count: usize) -> String {
        let digits = count.to_string();
        self.integers.as_ref().and_then(|format| format.format(&digits).ok()).unwrap_or(digits)
    }

    fn money(&self, amount: Amount, currency: &str) -> String {
        let fraction = amount.significant_fraction_digits();
        let text = if currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            self.format_currency(amount, currency, fraction)
        } else {
            self.format_decimal(amount, fraction).map(|number| {
                if currency.is_empty() { number } else { [&number, "\u{a0}", currency].concat() }
            })
        };
        // `Intl` writes a hyphen in most locales; the minus sign is as wide as a digit and read as "minus".
        text.unwrap_or_else(|| [&amount.to_string(), " ", currency].concat()).replace('-', "−")
    }

    fn date(&self, date: Date) -> String {
        let text = date.to_string();
        self.format_date(&text, &[("dateStyle", "medium".into()), ("timeZone", "UTC".into())]).unwrap_or(text)
    }

    fn moment(&self, rfc3339: &str) -> String {
        self.format_date(rfc3339, &[("dateStyle", "medium".into()), ("timeStyle", "short".into())])
            .unwrap_or_else(|| rfc3339.to_owned())
    }

    fn country(&self, code: &str) -> String {
        let name = self.countries.as_ref().and_then(|names| names.of(code).ok().flatten());
        name.unwrap_or_else(|| code.to_owned())
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        self.order.as_ref().map_or_else(|| a.cmp(b), |order| order.compare(a, b).total_cmp(&0.0))
    }
}

/// A plain object of options. Setting a property of a fresh object cannot fail.
fn options(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Counts stay far below 2^53, where a JavaScript number is exact.
#[expect(clippy::cast_precision_loss, reason = "counts of names and days, far below 2^53")]
fn as_number(count: usize) -> f64 {
    count as f64
}
