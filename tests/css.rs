//! The style sheets that the build embeds.

#[path = "../build/css.rs"]
mod css;

use css::minified;

#[test]
fn comments_and_idle_white_space_go() {
    let css = "/* The * card. **/\n.card > p,\n.a .b {\n  color : red;\n  margin: 0 auto; /* centred */\n}\n\n@media print {\n  p { top: 0; }\n}\n";
    assert_eq!(minified(css), ".card>p,.a .b{color :red;margin:0 auto}@media print{p{top:0}}");
}

#[test]
fn strings_stay_as_they_are() {
    let css = r#"p::after { content: "a  /* b */ ; } \" c" ; quotes: '{ "' ">  ;" ; }"#;
    assert_eq!(minified(css), r#"p::after{content:"a  /* b */ ; } \" c";quotes:'{ "' ">  ;"}"#);
}

#[test]
fn blanks_that_mean_something_stay() {
    for css in [
        "a{width:min(520px,calc(100vw - 24px))}",
        "@media (width) and (height){a{top:0}}",
        "a :hover,a + b,:host(:dir(rtl)) details:not([open])>summary::before{top:0}",
        "a{font:15px/1.5 x;grid-template:\"kind amount\" 1fr / minmax(0,1fr) auto 36px;color:red !important}",
        "a{margin:calc(-1 * (1px + 2px)) -3px;transition:opacity .2s}",
    ] {
        assert_eq!(minified(css), css);
    }
    assert_eq!(minified("a/* and */b{c:d}"), "a b{c:d}");
}

#[test]
fn what_is_short_is_not_made_shorter() {
    for css in [include_str!("../src/ui/quote.css"), include_str!("../src/ui/history.css")] {
        let short = minified(css);
        assert!(short.len() < css.len() * 9 / 10);
        assert_eq!(minified(&short), short);
        assert_eq!(short.matches('{').count(), short.matches('}').count());
    }
}
