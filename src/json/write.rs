//! Writing JSON: texts, whole numbers, truth values, arrays and objects, straight into one text. Amounts are texts, digit
//! for digit, so that no float ever comes near them.

use crate::amount::Amount;
use crate::date::Date;
use crate::history::{Adjustment, History};

/// A value that can be written as JSON.
pub trait ToJson {
    /// Writes exactly one value.
    fn write(&self, out: &mut Writer);
}

/// A value as a JSON document.
///
/// ```
/// use certquote::json;
///
/// assert_eq!(json::to_string(&vec![Some("a \"b\""), None]), r#"["a \"b\"",null]"#);
/// ```
#[must_use]
pub fn to_string(value: &dyn ToJson) -> String {
    let mut out = Writer::default();
    value.write(&mut out);
    out.0
}

/// What was written so far.
#[derive(Default)]
pub struct Writer(String);

/// An object that is being written; it ends when this is dropped.
pub struct Object<'a>(&'a mut Writer);

/// An array that is being written; it ends when this is dropped.
pub struct Array<'a>(&'a mut Writer);

impl Writer {
    /// Writes a text.
    pub fn text(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..b' ')) {
            let (plain, special) = rest.split_at(at);
            self.0.push_str(plain);
            let (special, after) = special.split_at(1);
            match special.bytes().next().unwrap_or_default() {
                control @ ..b' ' => {
                    self.0.push_str(if control < 16 { "\\u000" } else { "\\u001" });
                    self.0.push(char::from_digit(u32::from(control & 15), 16).unwrap_or('0'));
                }
                _ => {
                    self.0.push('\\');
                    self.0.push_str(special);
                }
            }
            rest = after;
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    /// Writes a whole number.
    pub fn number(&mut self, number: u64) {
        if number > 9 {
            self.number(number / 10);
        }
        // One digit: it fits.
        self.0.push(char::from(b'0' + (number % 10) as u8));
    }

    /// Begins an object.
    pub fn object(&mut self) -> Object<'_> {
        self.0.push('{');
        Object(self)
    }

    /// Begins an array.
    pub fn array(&mut self) -> Array<'_> {
        self.0.push('[');
        Array(self)
    }

    /// A comma before all but the first of an object or an array. No value ends as one of these begins.
    fn separate(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }
}

impl Object<'_> {
    /// Writes a member.
    pub fn member(&mut self, name: &str, value: &dyn ToJson) -> &mut Self {
        self.0.separate();
        self.0.text(name);
        self.0.0.push(':');
        value.write(self.0);
        self
    }

    /// Writes a member unless it is `null` or an empty array.
    pub fn filled(&mut self, name: &str, value: &dyn ToJson) -> &mut Self {
        let before = self.0.0.len();
        self.member(name, value);
        // A text that reads so has a quotation mark before its end.
        if self.0.0.ends_with(":null") || self.0.0.ends_with(":[]") {
            self.0.0.truncate(before);
        }
        self
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        self.0.0.push('}');
    }
}

impl Array<'_> {
    /// Writes an element.
    pub fn item(&mut self, value: &dyn ToJson) -> &mut Self {
        self.0.separate();
        value.write(self.0);
        self
    }
}

impl Drop for Array<'_> {
    fn drop(&mut self) {
        self.0.0.push(']');
    }
}

impl ToJson for str {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl ToJson for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl ToJson for u64 {
    fn write(&self, out: &mut Writer) {
        out.number(*self);
    }
}

impl ToJson for u32 {
    fn write(&self, out: &mut Writer) {
        out.number(u64::from(*self));
    }
}

impl ToJson for bool {
    fn write(&self, out: &mut Writer) {
        out.0.push_str(if *self { "true" } else { "false" });
    }
}

impl ToJson for Amount {
    fn write(&self, out: &mut Writer) {
        out.text(&self.to_string());
    }
}

impl ToJson for Date {
    fn write(&self, out: &mut Writer) {
        out.text(&self.to_string());
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write(out),
            None => out.0.push_str("null"),
        }
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, out: &mut Writer) {
        let mut array = out.array();
        for value in self {
            array.item(value);
        }
    }
}

impl ToJson for History {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("adjustments", &self.adjustments)
            .member("total", &self.total)
            .member("offset", &self.offset)
            .member("limit", &self.limit);
    }
}

impl ToJson for Adjustment {
    fn write(&self, out: &mut Writer) {
        out.object()
            .member("id", &self.id)
            .member("date", &self.date)
            .member("type", &self.kind)
            .member("amount", &self.amount)
            .member("balance_after", &self.balance_after)
            .member("currency", &self.currency)
            .member("expiration_date", &self.expiration_date)
            .member("note", &self.note)
            .member("receipt_id", &self.receipt_id)
            .filled("container_id", &self.container_id)
            .filled("container_name", &self.container_name)
            .filled("order_id", &self.order_id);
    }
}
