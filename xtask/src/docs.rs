//! `cargo xtask docs`: writes the tables of `docs/theming.md` from `package/theme.json`, which tells of every custom property,
//! part and slot of the elements. The tests here hold the style sheets, the list and the tables to each other.

use crate::paths;
use crate::theme::{Place, Property, Theme};
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// Writes the tables.
///
/// # Errors
/// When `package/theme.json` is not of its form or `docs/theming.md` lacks the marks that a table stands between.
pub(crate) fn docs() -> Result<()> {
    let page = page();
    let text = filled(&fs::read_to_string(&page)?, &Theme::read()?)?;
    fs::write(&page, text)?;
    println!("{}", page.display());
    Ok(())
}

fn page() -> PathBuf {
    paths::root().join("docs/theming.md")
}

/// The page with its tables as the list gives them.
fn filled(page: &str, theme: &Theme) -> Result<String> {
    let mut properties = String::from("| property | default | range | meaning |\n|---|---|---|---|\n");
    for Property { name, default, range, description } in &theme.css_properties {
        writeln!(properties, "| `{name}` | `{default}` | {range} | {description} |")?;
    }
    let mut page = between(page, "properties", &properties)?;
    for (mark, places) in [("parts", &theme.parts), ("slots", &theme.slots)] {
        let mut table =
            String::from("| name | quote | balance | history | meaning |\n|---|---|---|---|---|\n");
        for Place { name, elements, description } in places {
            let has = |tag: &str| if elements.iter().any(|element| element == tag) { "●" } else { "" };
            let [quote, balance, history] = ["cert-quote", "cert-balance", "cert-history"].map(has);
            writeln!(table, "| `{name}` | {quote} | {balance} | {history} | {description} |")?;
        }
        page = between(&page, mark, &table)?;
    }
    Ok(page)
}

/// The text with another table between `<!-- MARK -->` and `<!-- /MARK -->`.
fn between(text: &str, mark: &str, table: &str) -> Result<String> {
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = text.split_once(&open).with_context(|| format!("no {open}"))?;
    let (_, after) = rest.split_once(&close).with_context(|| format!("no {close}"))?;
    Ok([before, &open, table, &close, after].concat())
}

#[cfg(test)]
mod tests {
    use super::{between, filled, page};
    use crate::paths;
    use crate::theme::Theme;
    use anyhow::{Context, Result, ensure};
    use std::collections::BTreeMap;
    use std::fs;

    fn styles() -> Result<String> {
        let mut styles = String::new();
        for sheet in ["quote", "accept", "evidence", "balance", "history", "insights"] {
            styles += &fs::read_to_string(paths::root().join(format!("src/ui/{sheet}.css")))?;
        }
        Ok(styles)
    }

    /// What stands before the bracket that closes one opened before `text`.
    fn to_bracket(text: &str) -> Option<&str> {
        let mut open = 1;
        for (at, character) in text.char_indices() {
            match character {
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return text.get(..at);
            }
        }
        None
    }

    /// Each `var(--cq-NAME, DEFAULT)` of the style sheets; a default that is one of their own variables is the property that this stands
    /// for.
    fn read_by_the_styles() -> Result<BTreeMap<String, String>> {
        let styles = styles()?;
        let mut own = BTreeMap::new();
        let mut read = BTreeMap::new();
        for (at, _) in styles.match_indices("var(--cq-") {
            let inside = styles.get(at + 4..).and_then(to_bracket).context("an open bracket")?;
            let (name, default) =
                inside.split_once(',').with_context(|| format!("{inside} has no default"))?;
            let before = styles.get(..at).unwrap_or_default();
            if let Some(variable) = before.strip_suffix(": ").and_then(|before| before.rsplit(' ').next()) {
                own.insert(format!("var({variable})"), format!("var({name})"));
            }
            let default = own.get(default.trim()).map_or(default.trim(), String::as_str).to_owned();
            let other = read.insert(name.to_owned(), default.clone());
            ensure!(other.is_none_or(|other| other == default), "{name} has two defaults");
        }
        Ok(read)
    }

    #[test]
    fn the_list_names_every_property_of_the_styles_with_its_default() -> Result<()> {
        let listed: BTreeMap<_, _> = Theme::read()?
            .css_properties
            .into_iter()
            .map(|property| (property.name, property.default))
            .collect();
        assert_eq!(listed, read_by_the_styles()?);
        Ok(())
    }

    #[test]
    fn nothing_is_listed_twice() -> Result<()> {
        let theme = Theme::read()?;
        let places =
            |places: Vec<super::Place>| places.into_iter().map(|place| place.name).collect::<Vec<_>>();
        let properties = theme.css_properties.into_iter().map(|property| property.name).collect();
        for names in [properties, places(theme.parts), places(theme.slots)] {
            let mut once = names.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), names.len(), "{names:?}");
        }
        Ok(())
    }

    /// The sources of the views, one after the other.
    fn views() -> Result<String> {
        let mut sources = String::new();
        for file in crate::dist::files(&paths::root().join("src/ui"))? {
            if file.extension().is_some_and(|extension| extension == "rs") {
                sources += &fs::read_to_string(file)?;
            }
        }
        Ok(sources)
    }

    #[test]
    fn the_views_have_every_part_and_slot_of_the_list_and_no_other() -> Result<()> {
        let theme = Theme::read()?;
        let sources = views()?;
        let texts: Vec<&str> =
            sources.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).collect();
        for place in theme.parts.iter().chain(&theme.slots) {
            assert!(texts.contains(&place.name.as_str()), "{} is nowhere", place.name);
        }
        for after in sources.split("\"part\": \"").skip(1) {
            for name in after.split('"').next().unwrap_or_default().split(' ') {
                assert!(theme.parts.iter().any(|part| part.name == name), "the part {name} is not listed");
            }
        }
        for after in sources.split("slot(\"").skip(1) {
            let name = after.split('"').next().unwrap_or_default();
            assert!(theme.slots.iter().any(|slot| slot.name == name), "the slot {name} is not listed");
        }
        Ok(())
    }

    #[test]
    fn the_tables_are_those_of_the_list() -> Result<()> {
        let text = fs::read_to_string(page())?;
        assert!(filled(&text, &Theme::read()?)? == text, "run `cargo xtask docs`");
        Ok(())
    }

    /// Physical sides would not turn with the direction of the page.
    #[test]
    fn the_styles_know_no_left_and_no_right() -> Result<()> {
        let mut styles = styles()?;
        while let Some((before, rest)) = styles.split_once("/*") {
            let after = rest.split_once("*/").context("an open comment")?.1;
            styles = [before, after].concat();
        }
        let words = styles.split(|character: char| !character.is_ascii_alphanumeric());
        assert_eq!(words.filter(|word| ["left", "right"].contains(word)).count(), 0);
        for declaration in styles.split([';', '{', '}']) {
            let Some((name, value)) = declaration.trim().split_once(": ") else { continue };
            let sides = ["margin", "padding", "inset", "border-width", "border-radius"].contains(&name);
            if let [_, start, _, end] = value.split(' ').collect::<Vec<_>>().as_slice()
                && sides
                && !value.contains('(')
            {
                assert_eq!(start, end, "{declaration}");
            }
        }
        Ok(())
    }

    #[test]
    fn what_stands_between_two_marks_is_replaced_and_a_missing_mark_refused() -> Result<()> {
        let text = "a\n<!-- x -->\nold\n<!-- /x -->\nb";
        assert_eq!(between(text, "x", "new\n")?, "a\n<!-- x -->\nnew\n<!-- /x -->\nb");
        assert!(between(text, "y", "").is_err());
        Ok(())
    }
}
