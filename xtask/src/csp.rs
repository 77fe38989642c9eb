//! Finds in a page what a Content-Security-Policy without `unsafe-inline` would block.

use anyhow::{Result, bail};
use html5gum::{Token, Tokenizer};

/// Checks one HTML file.
///
/// # Errors
/// The first inline script, inline style, event handler attribute or `javascript:` address, in words.
pub(crate) fn check(html: &str) -> Result<()> {
    for token in Tokenizer::new(html) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let mut has_src = false;
        for (attribute, value) in &tag.attributes {
            let attribute = String::from_utf8_lossy(attribute).into_owned();
            let value = String::from_utf8_lossy(value).trim_start().to_ascii_lowercase();
            has_src |= attribute == "src";
            if attribute == "style" || attribute.starts_with("on") {
                bail!("<{name}> has the inline attribute `{attribute}`");
            }
            if value.starts_with("javascript:") {
                bail!("<{name} {attribute}> is a script");
            }
        }
        if name == "style" || (name == "script" && !has_src) {
            bail!("<{name}> is inline");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn linked_scripts_and_styles_pass() {
        let page =
            r#"<link rel="stylesheet" href="page.css"><script type="module" src="a.js"></script><p>on=1</p>"#;
        assert!(check(page).is_ok());
    }

    #[test]
    fn whatever_the_policy_blocks_is_refused() {
        for page in [
            "<script>go()</script>",
            "<SCRIPT type=module>go()</SCRIPT>",
            "<style>p{}</style>",
            "<p style='color:red'>",
            "<body onload=go()>",
            "<a href=' JavaScript:go()'>x</a>",
        ] {
            assert!(check(page).is_err(), "{page}");
        }
    }
}
