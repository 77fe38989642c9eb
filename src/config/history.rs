//! The attributes of a `<cert-history>`.

use super::{Attributes, Connection, DIGICERT_PROXY, Unfit};
use crate::api::NumericId;

/// What the attributes of a `<cert-history>` ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryConfig {
    /// How it reaches its API.
    pub connection: Connection,
    /// The division whose history is shown, the account's own when the inner is `None`; the outer is `None` when the
    /// attribute cannot be used, and nothing may be asked then.
    pub container: Option<Option<NumericId>>,
}

impl HistoryConfig {
    /// Reads the attributes as [`Config::read`](super::Config::read) does.
    #[must_use]
    pub fn read(
        attribute: &dyn Fn(&str) -> Option<String>,
        is_locale: impl Fn(&str) -> bool,
    ) -> (Self, Unfit) {
        let mut attributes = Attributes::new(attribute);
        let connection = attributes.connection(DIGICERT_PROXY, is_locale);
        let container = attributes.container();
        (Self { connection, container }, attributes.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Attribute;
    use super::*;

    #[test]
    fn a_container_that_cannot_be_used_is_not_replaced_by_the_whole_account() {
        let read =
            |id: &str| HistoryConfig::read(&|name| (name == "container-id").then(|| id.to_owned()), |_| true);
        assert_eq!(read("").0.container, Some(None));
        assert_eq!(read("101").0.container, Some(NumericId::parse("101")));
        let (config, unfit) = read("12a");
        assert_eq!((config.container, unfit.unusable), (None, vec![Attribute::ContainerId]));
    }
}
