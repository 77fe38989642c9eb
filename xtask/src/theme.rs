//! `package/theme.json`: every custom property, part and slot of the elements. The tables of `docs/theming.md` and the manifest are
//! made of it, and tests hold the style sheets and the views to it.

use crate::paths;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs;

/// What a page may set, style and fill.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Theme {
    pub(crate) css_properties: Vec<Property>,
    pub(crate) parts: Vec<Place>,
    pub(crate) slots: Vec<Place>,
}

/// A custom property that the style sheets read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) default: String,
    pub(crate) range: String,
    pub(crate) description: String,
}

/// A part or a slot, and the tags of the elements that have it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) elements: Vec<String>,
    pub(crate) description: String,
}

impl Theme {
    /// Reads the list.
    ///
    /// # Errors
    /// When it is not there or has another shape.
    pub(crate) fn read() -> Result<Self> {
        let text =
            fs::read_to_string(paths::root().join("package/theme.json")).context("package/theme.json")?;
        serde_json::from_str(&text).context("package/theme.json")
    }
}
