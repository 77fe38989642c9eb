//! Style sheets without what no browser reads: comments, and white space that separates nothing.

/// The same style sheet, shorter. Strings stay as they are, and so does every blank that means something: between
/// compound selectors, before `:` and `(`, and around the operators of `calc()`.
pub(crate) fn minified(css: &str) -> String {
    let mut out = String::new();
    let mut rest = css.chars().peekable();
    let mut blank = false;
    while let Some(character) = rest.next() {
        if character == '/' && rest.next_if_eq(&'*').is_some() {
            let mut before = ' ';
            while let Some(inside) = rest.next()
                && (before, inside) != ('*', '/')
            {
                before = inside;
            }
            blank = true;
        } else if character.is_ascii_whitespace() {
            blank = true;
        } else {
            let separates =
                !out.ends_with(['{', '}', ';', ',', ':', '(', '[', '>']) && !"{};,)]>".contains(character);
            if blank && separates && !out.is_empty() {
                out.push(' ');
            }
            blank = false;
            if character == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(character);
            if matches!(character, '"' | '\'') {
                string(character, &mut rest, &mut out);
            }
        }
    }
    out
}

/// The rest of a string, to the quotation mark that ends it.
fn string(mark: char, rest: &mut impl Iterator<Item = char>, out: &mut String) {
    while let Some(character) = rest.next() {
        out.push(character);
        if character == mark {
            break;
        }
        if character == '\\' {
            out.extend(rest.next());
        }
    }
}
