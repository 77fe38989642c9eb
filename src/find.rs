//! Finding a short text in another. The standard library's search is built for long ones and costs the widget a kilobyte.

/// Where `needle`, which is not empty, first stands in `text`.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len().max(1)).position(|window| window == needle.as_bytes())
}

/// What stands before and behind the first `needle`.
pub(crate) fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let place = find(text, needle)?;
    Some((text.get(..place)?, text.get(place + needle.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_of_them() {
        assert_eq!(find("a--b--c", "--"), Some(1));
        assert_eq!(split_once("ü--b--c", "--"), Some(("ü", "b--c")));
        for text in ["", "-", "a-b-"] {
            assert_eq!(split_once(text, "--"), None, "{text}");
        }
    }
}
