//! The attributes of a `<cert-quote>`.

use super::{Attribute, Attributes, Connection, DIGICERT_PROXY, Unfit};
use crate::api::NumericId;
use crate::json::{self, Fault, FromJson, Reader, Scalar, optional, required, via};
use crate::products::{self, Product};

/// What the attributes of a `<cert-quote>` ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How it reaches its API.
    pub connection: Connection,
    /// The container whose balance the quote is compared with.
    pub container_id: Option<NumericId>,
    /// Whether the form prices itself while it is edited.
    pub live: bool,
    /// The only products offered; all of the catalogue, and any id, when absent.
    pub products: Option<Vec<Product>>,
    /// The add-ons offered by name.
    pub addons: Vec<Addon>,
    /// What the button says that accepts the quote; there is none when absent.
    pub accept_label: Option<String>,
    /// Whose quotes this browser keeps, for who keeps apart several people or accounts in it; none are kept when absent.
    pub keep: Option<String>,
    /// Whether links to the order are neither made nor taken.
    pub share_off: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            connection: Connection::default(),
            container_id: None,
            live: false,
            products: None,
            addons: Vec::new(),
            accept_label: None,
            keep: Some(String::new()),
            share_off: false,
        }
    }
}

/// An add-on that the page offers by name: `{"id":"…","label":"…"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addon {
    /// DigiCert's product id of the add-on.
    pub id: String,
    /// What the buyer reads; the id when absent.
    pub label: String,
}

impl Config {
    /// Reads the attributes through `attribute` (absent: `None`); `lang` stands for the language of the page around.
    /// `is_locale` knows a well-formed BCP 47 tag, which only a browser's `Intl` does in full.
    ///
    /// ```
    /// use certquote::config::{Attribute, Config};
    ///
    /// let (config, unfit) = Config::read(
    ///     &|name| (name == "timeout-ms").then(|| "soon".to_owned()),
    ///     |_| true,
    /// );
    /// assert_eq!(config, Config::default());
    /// assert_eq!(unfit.unusable, [Attribute::TimeoutMs]);
    /// ```
    #[must_use]
    pub fn read(
        attribute: &dyn Fn(&str) -> Option<String>,
        is_locale: impl Fn(&str) -> bool,
    ) -> (Self, Unfit) {
        let mut attributes = Attributes::new(attribute);
        let mut config = Self {
            connection: attributes.connection(DIGICERT_PROXY, is_locale),
            container_id: attributes.parsed(Attribute::ContainerId, NumericId::parse),
            // As with `disabled`, being there is enough; frameworks that write out a boolean mean what they write.
            live: attributes.raw("live").is_some_and(|value| value != "false"),
            accept_label: attributes
                .raw("accept-label")
                .map(|label| label.trim().to_owned())
                .filter(|label| !label.is_empty()),
            keep: Some(attributes.raw("keep").unwrap_or_default().trim().to_owned())
                .filter(|whose| whose != "off"),
            ..Self::default()
        };
        if let Some(list) = attributes.given(Attribute::Products) {
            let narrowed = products::narrow(&list);
            if !narrowed.invalid.is_empty() || narrowed.products.is_empty() {
                attributes.unusable(Attribute::Products);
            }
            config.products = (!narrowed.products.is_empty()).then_some(narrowed.products);
        }
        let addons = attributes.parsed(Attribute::Addons, |json| {
            let addons = json::decode::<Vec<Addon>>(json.as_bytes()).ok()?;
            addons.iter().all(|addon| is_addon_id(&addon.id)).then_some(addons)
        });
        let share_off = attributes.parsed(Attribute::Share, |share| match share {
            "on" => Some(false),
            "off" => Some(true),
            _ => None,
        });
        // What somebody wanted off in other words stays off.
        config.share_off = share_off.unwrap_or_else(|| attributes.given(Attribute::Share).is_some());
        config.addons = addons.unwrap_or_default();
        for addon in &mut config.addons {
            if addon.label.trim().is_empty() {
                addon.label.clone_from(&addon.id);
            }
        }
        (config, attributes.finish())
    }
}

/// Whether `id` can be the product id of an add-on: the API documents no list, so any short printable word can.
#[must_use]
pub fn is_addon_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
}

impl<'a> FromJson<'a> for Addon {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let (mut id, mut label) = (String::new(), String::new());
        // Ids are numbers or texts in the wild.
        let mut text_or_number = via(|reader| {
            id = match reader.scalar()? {
                Scalar::Text(text) => text.into_owned(),
                Scalar::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.to_owned(),
                _ => return Err(reader.unfit("an id is a text or a whole number")),
            };
            Ok(())
        });
        reader.members(&mut [required("id", &mut text_or_number), optional("label", &mut label)])?;
        Ok(Self { id, label })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: &[(&str, &str)]) -> (Config, Vec<Attribute>) {
        let (config, unfit) = Config::read(
            &|name| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
            |tag| tag.len() < 6,
        );
        assert_eq!(unfit.missing, []);
        (config, unfit.unusable)
    }

    #[test]
    fn without_attributes_everything_is_the_default() {
        assert_eq!(read(&[]), (Config::default(), Vec::new()));
    }

    #[test]
    fn every_attribute_that_cannot_be_used_is_named_and_the_rest_works_on() {
        let (config, unusable) = read(&[
            ("proxy", "javascript:alert(1)"),
            ("locale", "not a locale"),
            ("theme", "pink"),
            ("timeout-ms", "-1"),
            ("credentials", "yes"),
            ("container-id", "12a"),
            ("products", "ssl basic"),
            ("addons", "[{\"label\":\"no id\"}]"),
            ("live", ""),
            ("share", "no"),
        ]);
        assert_eq!(
            unusable,
            [
                Attribute::Proxy,
                Attribute::Locale,
                Attribute::Theme,
                Attribute::TimeoutMs,
                Attribute::Credentials,
                Attribute::ContainerId,
                Attribute::Products,
                Attribute::Addons,
                Attribute::Share
            ]
        );
        assert_eq!(config, Config { live: true, share_off: true, ..Config::default() });
    }

    #[test]
    fn a_proxy_is_a_path_or_an_http_address() {
        for (given, base) in [
            ("/api/digicert/", "/api/digicert"),
            ("https://proxy.example:8443/dc", "https://proxy.example:8443/dc"),
            ("api", "api"),
        ] {
            assert_eq!(read(&[("proxy", given)]).0.connection.proxy, base);
        }
        for given in [
            "//evil.example",
            "ftp://x",
            "https://",
            "https://key@host/",
            "/a?b",
            "/a#b",
            "data:,x",
            "/a b",
            "/a\\b",
        ] {
            assert_eq!(read(&[("proxy", given)]).1, [Attribute::Proxy], "{given}");
        }
    }

    #[test]
    fn usable_products_of_a_partly_bad_list_stay() {
        let (config, unusable) = read(&[("products", "ssl_basic, no way, SSL_EV_BASIC,")]);
        let ids: Vec<_> = config.products.iter().flatten().map(|product| product.name_id.as_ref()).collect();
        assert_eq!(ids, ["ssl_basic", "ssl_ev_basic"]);
        assert_eq!(unusable, [Attribute::Products]);
    }

    #[test]
    fn an_addon_without_a_label_shows_its_id_and_an_id_may_be_a_number() {
        let (config, unusable) =
            read(&[("addons", r#"[{"id":17},{"id":"token","label":"Hardware token"}]"#)]);
        assert_eq!(unusable, []);
        let labels: Vec<_> =
            config.addons.iter().map(|addon| (addon.id.as_str(), addon.label.as_str())).collect();
        assert_eq!(labels, [("17", "17"), ("token", "Hardware token")]);
    }

    #[test]
    fn addons_are_a_list_of_objects_with_an_id() {
        for given in [
            "17",
            "{}",
            "[17]",
            r#"["token"]"#,
            r#"[{"id":1.5}]"#,
            r#"[{"id":-1}]"#,
            r#"[{"id":null}]"#,
            r#"[{"id":"a b"}]"#,
            r#"[{"id":"token","label":7}]"#,
            r#"[{"id":"token"},]"#,
        ] {
            let (config, unusable) = read(&[("addons", given)]);
            assert_eq!(unusable, [Attribute::Addons], "{given}");
            assert_eq!(config.addons, [], "{given}");
        }
        let (config, unusable) = read(&[("addons", r#"[{"label":"\u00c4","more":[],"id":"a\u0062"}]"#)]);
        assert_eq!(unusable, []);
        assert_eq!(config.addons, [Addon { id: "ab".to_owned(), label: "Ä".to_owned() }]);
    }

    #[test]
    fn live_is_on_when_it_is_there_unless_it_says_false() {
        assert!(read(&[("live", "")]).0.live);
        assert!(read(&[("live", "true")]).0.live);
        assert!(!read(&[("live", "false")]).0.live);
    }

    #[test]
    fn links_are_made_and_taken_unless_the_page_says_off() {
        for (given, off) in [("", false), ("on", false), ("off", true)] {
            let (config, unusable) = read(&[("share", given)]);
            assert_eq!((config.share_off, unusable), (off, Vec::new()), "{given}");
        }
    }

    #[test]
    fn a_label_that_is_blank_makes_no_button() {
        assert_eq!(read(&[("accept-label", " Order now ")]).0.accept_label.as_deref(), Some("Order now"));
        assert_eq!(read(&[("accept-label", " ")]).0.accept_label, None);
    }

    #[test]
    fn quotes_are_kept_under_a_name_or_not_at_all() {
        assert_eq!(read(&[("keep", " customer-42 ")]).0.keep.as_deref(), Some("customer-42"));
        assert_eq!(read(&[("keep", "")]).0.keep.as_deref(), Some(""));
        assert_eq!(read(&[("keep", "off")]).0.keep, None);
    }

    #[test]
    fn the_language_of_the_page_stands_in_for_the_locale() {
        assert_eq!(read(&[("lang", "de")]).0.connection.locale.as_deref(), Some("de"));
        assert_eq!(read(&[("lang", "de"), ("locale", "fr")]).0.connection.locale.as_deref(), Some("fr"));
        assert_eq!(read(&[("lang", "no language")]), (Config::default(), Vec::new()));
    }
}
