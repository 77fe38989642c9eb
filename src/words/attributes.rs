//! Attributes that cannot be used: for the portal engineer.

/// Words about attributes.
#[derive(Debug)]
#[expect(missing_docs, reason = "the English text beside each name says what it is")]
pub struct AttributeWords {
    pub proxy: &'static str,
    pub locale: &'static str,
    pub theme: &'static str,
    pub timeout: &'static str,
    pub credentials: &'static str,
    pub container_id: &'static str,
    pub products: &'static str,
    pub addons: &'static str,
}

pub(super) const EN: AttributeWords = AttributeWords {
    proxy: "proxy takes a path such as /api/digicert or an http(s) address.",
    locale: "locale takes a BCP 47 language tag such as en-GB.",
    theme: "theme takes auto, light or dark.",
    timeout: "timeout-ms takes whole milliseconds from 1 to 600000.",
    credentials: "credentials takes same-origin, include or omit.",
    container_id: "container-id takes the number of a container.",
    products: "products takes product ids separated by commas.",
    addons: "addons takes a JSON list such as [{\"id\":\"…\",\"label\":\"…\"}].",
};
