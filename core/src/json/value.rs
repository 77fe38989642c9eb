//! What the values of a document become: types that forgive how a value is written, and objects by their members.

use std::borrow::Cow;

use super::reader::{Fault, Reader, Scalar};
use crate::amount::{Amount, AmountError};

/// The largest whole number that JavaScript holds exactly.
const MAX_COUNT: u64 = (1 << 53) - 1;

/// A type that is read from one value of a document.
pub trait FromJson<'a>: Sized {
    /// Takes the value that is next.
    ///
    /// # Errors
    /// [`Fault`] when it is none of this type.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault>;
}

/// A place that one member of an object fills: any [`FromJson`], or a function as [`via`] takes it.
pub trait Slot<'a> {
    /// Takes the value of the member.
    ///
    /// # Errors
    /// [`Fault`] when it does not fit.
    fn fill(&mut self, reader: &mut Reader<'a>) -> Result<(), Fault>;
}

impl<'a, T: FromJson<'a>> Slot<'a> for T {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Result<(), Fault> {
        *self = T::read(reader)?;
        Ok(())
    }
}

/// A [`Slot`] that is a function.
#[derive(Clone, Copy, Debug)]
pub struct Via<F>(F);

impl<'a, F: FnMut(&mut Reader<'a>) -> Result<(), Fault>> Slot<'a> for Via<F> {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Result<(), Fault> {
        (self.0)(reader)
    }
}

/// A [`Slot`] for an amount, or nothing for `null` and `""`.
#[derive(Debug)]
pub struct AmountOrBlank<'s>(pub &'s mut Option<Amount>);

impl<'a> Slot<'a> for AmountOrBlank<'_> {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Result<(), Fault> {
        *self.0 = reader.amount_or_blank()?;
        Ok(())
    }
}

/// Gives the value of a member to `read`.
pub fn via<'a, F: FnMut(&mut Reader<'a>) -> Result<(), Fault>>(read: F) -> Via<F> {
    Via(read)
}

/// A member that an object is known to have.
#[expect(missing_debug_implementations, reason = "a slot may be a function")]
pub struct Member<'s, 'a> {
    name: &'static str,
    required: bool,
    seen: bool,
    slot: &'s mut dyn Slot<'a>,
}

/// A member without which the object is of no use.
pub fn required<'s, 'a>(name: &'static str, slot: &'s mut dyn Slot<'a>) -> Member<'s, 'a> {
    Member { name, required: true, seen: false, slot }
}

/// A member that may be missing; the slot then keeps what it holds.
pub fn optional<'s, 'a>(name: &'static str, slot: &'s mut dyn Slot<'a>) -> Member<'s, 'a> {
    Member { name, required: false, seen: false, slot }
}

impl<'a> Reader<'a> {
    /// Takes an object by the members it is known to have, in any order; fastest in theirs. Others are ignored.
    ///
    /// ```
    /// use certquote_core::amount::Amount;
    /// use certquote_core::json::{Count, Reader, optional, required};
    ///
    /// let (mut price, mut units) = (Amount::ZERO, None::<Count>);
    /// let mut reader = Reader::new(r#"{"price": "40.50", "colour": "blue"}"#);
    /// reader.members(&mut [required("price", &mut price), optional("units", &mut units)])?;
    /// assert_eq!((price.to_string().as_str(), units), ("40.50", None));
    /// # Ok::<(), certquote_core::json::Fault>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`] when it is no object, when a member does not fit, occurs twice or is required and missing.
    pub fn members(&mut self, known: &mut [Member<'_, 'a>]) -> Result<(), Fault> {
        self.begin()?;
        let start = self.began();
        let mut next = 0;
        self.object(&mut |name, reader| {
            if known.get(next).is_none_or(|member| member.name != name) {
                match known.iter().position(|member| member.name == name) {
                    Some(position) => next = position,
                    None => return reader.skip(),
                }
            }
            let Some(member) = known.get_mut(next) else { return reader.skip() };
            next += 1;
            if member.seen {
                reader.begin()?;
                return Err(reader.unfit("given twice"));
            }
            member.seen = true;
            member.slot.fill(reader)
        })?;
        match known.iter().find(|member| member.required && !member.seen) {
            None => Ok(()),
            Some(member) => Err(self.missing(start, member.name)),
        }
    }

    /// Takes a [`Text`] that says something.
    ///
    /// # Errors
    /// [`Fault`] when it does not, or is no text.
    pub fn filled(&mut self) -> Result<String, Fault> {
        let text = Text::read(self)?;
        if text.0.trim().is_empty() { Err(self.unfit("text: empty")) } else { Ok(text.into_string()) }
    }

    /// Takes an amount, or nothing for `null` and `""`.
    ///
    /// # Errors
    /// [`Fault`] when it is neither.
    pub fn amount_or_blank(&mut self) -> Result<Option<Amount>, Fault> {
        match self.plain()? {
            Some("" | "null") => Ok(None),
            text => self.amount(text).map(Some),
        }
    }

    /// Takes a scalar as it is written, without the quotation marks of a string; nothing where that has escapes,
    /// which no figure has.
    fn plain(&mut self) -> Result<Option<&'a str>, Fault> {
        Ok(match self.scalar()? {
            Scalar::Null => Some("null"),
            Scalar::Bool(true) => Some("true"),
            Scalar::Bool(false) => Some("false"),
            Scalar::Number(text) | Scalar::Text(Cow::Borrowed(text)) => Some(text),
            Scalar::Text(Cow::Owned(_)) => None,
        })
    }

    fn amount(&self, text: Option<&str>) -> Result<Amount, Fault> {
        Amount::parse(text.unwrap_or_default()).map_err(|error| {
            self.unfit(match error {
                AmountError::Malformed => "amount: not a decimal number",
                AmountError::TooLong => "amount: more digits than an amount can hold exactly",
            })
        })
    }
}

/// Nothing for `null`.
impl<'a, T: FromJson<'a>> FromJson<'a> for Option<T> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        if reader.next_is(b'n') { reader.skip().map(|()| None) } else { T::read(reader).map(Some) }
    }
}

/// From an array.
impl<'a, T: FromJson<'a>> FromJson<'a> for Vec<T> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let mut values = Vec::new();
        reader.array(&mut |reader| {
            values.push(T::read(reader)?);
            Ok(())
        })?;
        Ok(values)
    }
}

/// From a JSON string or a JSON number, the digits taken from the text of the document, never through a float.
impl<'a> FromJson<'a> for Amount {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let text = reader.plain()?;
        reader.amount(text)
    }
}

/// From a JSON string and nothing else.
impl<'a> FromJson<'a> for String {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        match reader.scalar()? {
            Scalar::Text(text) => Ok(text.into_owned()),
            Scalar::Null | Scalar::Bool(_) | Scalar::Number(_) => Err(reader.unfit("not a text")),
        }
    }
}

/// A text, or a number taken as the text it is written with; borrowed from the document where it has no escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Text<'_> {
    /// The text as a string of its own.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl<'a> FromJson<'a> for Text<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        match reader.scalar()? {
            Scalar::Text(text) => Ok(Self(text)),
            Scalar::Number(text) => Ok(Self(Cow::Borrowed(text))),
            Scalar::Null | Scalar::Bool(_) => Err(reader.unfit("text: neither a string nor a number")),
        }
    }
}

/// A whole number of things, from a JSON number or string; at most 2^53 − 1, so that JavaScript holds it exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u64);

impl<'a> FromJson<'a> for Count {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let digits = reader.plain()?.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits
            .and_then(|digits| digits.parse().ok())
            .filter(|&count| count <= MAX_COUNT)
            .map(Self)
            .ok_or_else(|| reader.unfit("count: not a whole number from 0 to 2^53 - 1"))
    }
}

/// A whole number with a sign, from a JSON string or number: the `int64` of Frontier, exact beyond 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int64(pub i64);

impl<'a> FromJson<'a> for Int64 {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        // `parse` would take a plus sign as well.
        let plain = reader.plain()?.filter(|text| !text.starts_with('+'));
        plain
            .and_then(|text| text.parse().ok())
            .map(Self)
            .ok_or_else(|| reader.unfit("amount: not a whole number of 64 bits"))
    }
}

/// Yes or no, however it is written: `true`, `1`, `"1"`, `"true"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'a> FromJson<'a> for Flag {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        match reader.plain()? {
            Some("true" | "1") => Ok(Self(true)),
            Some("false" | "0" | "") => Ok(Self(false)),
            _ => Err(reader.unfit("flag: neither true nor false")),
        }
    }
}
