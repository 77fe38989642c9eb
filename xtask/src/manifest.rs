//! `custom-elements.json`, the Custom Elements Manifest (schema 2.1.0) by which editors and catalogues know the elements, of
//! `package/surface.json` and of the theme.

use crate::theme::{Place, Theme};
use anyhow::Result;
use serde::{Deserialize, Serialize};

/// `package/surface.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Surface {
    common: Common,
    elements: Vec<Element>,
}

/// What all elements have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Common {
    attributes: Vec<Attribute>,
    properties: Vec<Property>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Element {
    tag: String,
    class: String,
    description: String,
    attributes: Vec<Attribute>,
    properties: Vec<Property>,
    methods: Vec<Method>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    default: Option<String>,
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    readonly: bool,
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Method {
    name: String,
    returns: String,
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    name: String,
    detail: String,
    description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    schema_version: &'a str,
    readme: &'a str,
    modules: [Module<'a>; 1],
}

#[derive(Serialize)]
struct Module<'a> {
    kind: &'a str,
    path: &'a str,
    declarations: Vec<Declaration<'a>>,
    exports: Vec<Export<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Declaration<'a> {
    kind: &'a str,
    custom_element: bool,
    name: &'a str,
    tag_name: &'a str,
    description: &'a str,
    superclass: Superclass<'a>,
    attributes: Vec<Item<'a>>,
    members: Vec<Item<'a>>,
    events: Vec<Item<'a>>,
    slots: Vec<Item<'a>>,
    css_parts: Vec<Item<'a>>,
    css_properties: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Superclass<'a> {
    name: &'a str,
    package: &'a str,
}

#[derive(Serialize)]
struct Export<'a> {
    kind: &'a str,
    name: &'a str,
    declaration: Reference<'a>,
}

#[derive(Serialize)]
struct Reference<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Type {
    text: String,
}

/// Anything with a name that an element has.
#[derive(Default, Serialize)]
struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    name: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    type_of: Option<Type>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    readonly: bool,
    #[serde(rename = "return", skip_serializing_if = "Option::is_none")]
    returns: Option<Returns>,
    description: String,
}

#[derive(Serialize)]
struct Returns {
    #[serde(rename = "type")]
    type_of: Type,
}

/// The manifest of the surface that is written in `json` and of the theme.
///
/// # Errors
/// When the surface has another shape.
pub(crate) fn of(json: &str, theme: &Theme) -> Result<String> {
    let surface: Surface = serde_json::from_str(json)?;
    let manifest = Manifest {
        schema_version: "2.1.0",
        readme: "README.md",
        modules: [Module {
            kind: "javascript-module",
            path: "certquote.js",
            declarations: surface
                .elements
                .iter()
                .map(|element| declaration(&surface, theme, element))
                .collect(),
            exports: surface.elements.iter().map(export).collect(),
        }],
    };
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn export(element: &Element) -> Export<'_> {
    let declaration = Reference { name: &element.class };
    Export { kind: "custom-element-definition", name: &element.tag, declaration }
}

fn declaration<'a>(surface: &'a Surface, theme: &'a Theme, element: &'a Element) -> Declaration<'a> {
    let attributes = surface.common.attributes.iter().chain(&element.attributes);
    let events = surface.common.events.iter().chain(&element.events);
    let fields = surface.common.properties.iter().chain(&element.properties).map(|property| Item {
        kind: Some("field"),
        type_of: Some(Type { text: property.kind.clone() }),
        readonly: property.readonly,
        ..item(&property.name, &property.description)
    });
    let methods = element.methods.iter().map(|method| Item {
        kind: Some("method"),
        returns: Some(Returns { type_of: Type { text: method.returns.clone() } }),
        ..item(&method.name, &method.description)
    });
    let places = |all: &'a [Place]| {
        let own = all.iter().filter(|place| place.elements.contains(&element.tag));
        own.map(|place| item(&place.name, &place.description)).collect()
    };
    Declaration {
        kind: "class",
        custom_element: true,
        name: &element.class,
        tag_name: &element.tag,
        description: &element.description,
        superclass: Superclass { name: "HTMLElement", package: "global:" },
        attributes: attributes
            .map(|attribute| Item {
                type_of: Some(Type { text: attribute.kind.clone() }),
                default: attribute.default.as_deref(),
                ..item(&attribute.name, &attribute.description)
            })
            .collect(),
        members: fields.chain(methods).collect(),
        events: events
            .map(|event| Item {
                type_of: Some(Type { text: format!("CustomEvent<{}>", event.detail) }),
                ..item(&event.name, &event.description)
            })
            .collect(),
        slots: places(&theme.slots),
        css_parts: places(&theme.parts),
        css_properties: theme
            .css_properties
            .iter()
            .map(|property| Item {
                default: Some(&property.default),
                description: format!("{} Takes {}.", property.description, property.range),
                ..item(&property.name, "")
            })
            .collect(),
    }
}

fn item<'a>(name: &'a str, description: &str) -> Item<'a> {
    Item { name, description: description.to_owned(), ..Item::default() }
}

#[cfg(test)]
mod tests {
    use super::of;

    const SURFACE: &str = r#"{
        "common": { "attributes": [{ "name": "theme", "type": "string", "default": "auto", "description": "Its look." }],
                    "properties": [], "events": [{ "name": "x-error", "detail": "Fault", "description": "It failed." }] },
        "elements": [{ "tag": "x-one", "class": "One", "description": "The one.", "attributes": [], "properties": [],
                       "methods": [{ "name": "go", "returns": "Promise<void>", "description": "Goes." }], "events": [] }]
    }"#;
    const THEME: &str = r#"{
        "cssProperties": [{ "name": "--x-ink", "default": "black", "range": "a colour", "description": "Text." }],
        "parts": [{ "name": "all", "description": "A.", "elements": ["x-one", "x-two"] },
                  { "name": "other", "description": "B.", "elements": ["x-two"] }],
        "slots": []
    }"#;

    #[test]
    fn an_element_has_what_all_have_and_what_is_its_own() -> anyhow::Result<()> {
        let manifest: serde_json::Value = serde_json::from_str(&of(SURFACE, &serde_json::from_str(THEME)?)?)?;
        let at = |path: &str| manifest.pointer(&format!("/modules/0/declarations/0/{path}")).cloned();
        assert_eq!(at("attributes/0/default"), Some("auto".into()));
        assert_eq!(at("events/0/type/text"), Some("CustomEvent<Fault>".into()));
        assert_eq!(at("members/0/return/type/text"), Some("Promise<void>".into()));
        assert_eq!(at("cssProperties/0/description"), Some("Text. Takes a colour.".into()));
        assert_eq!((at("cssParts/0/name"), at("cssParts/1")), (Some("all".into()), None));
        Ok(())
    }

    #[test]
    fn a_key_that_is_not_known_is_refused() -> anyhow::Result<()> {
        let theme = serde_json::from_str(THEME)?;
        assert!(of(&SURFACE.replace("\"returns\"", "\"return\""), &theme).is_err());
        Ok(())
    }
}
