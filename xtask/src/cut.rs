//! Where the wasm is [cut in two](crate::split): along what lies behind the form and its price.

use crate::split::Cut;

/// What a buyer turns to after the first glance. The names are those of Rust's own mangling, written out.
pub(crate) const CUT: Cut = Cut {
    gates: &[
        "<certquote::form::Form>::follow",
        "<certquote::form::Form>::reading",
        "<certquote::form::Form>::remove_duplicates",
        "<certquote::form::Form>::remove_name",
        "<certquote::kept::Kept>::read",
        "<certquote::ui::aside::Aside>::know",
        "<certquote::ui::store::Store>::ask_aside",
        "certquote::fragment::decode",
        "certquote::ui::compare::view",
        "certquote::ui::editor::said",
        "certquote::ui::editor::view",
        "certquote::ui::evidence::coverage",
        "certquote::ui::evidence::view",
        "certquote::ui::kept::view",
        "certquote::ui::share::drift",
        "certquote::ui::share::view",
    ],
    later: &[
        "certquote::advice::",
        "certquote::comparison::",
        "certquote::difference::",
        "certquote::evidence::",
        "certquote::fragment::",
        "certquote::handover::",
        "certquote::kept::",
        "certquote::pem::",
        "certquote::reissue::",
        "certquote::ui::advice::",
        "certquote::ui::compare::",
        "certquote::ui::editor::",
        "certquote::ui::evidence::",
        "certquote::ui::kept::",
        "certquote::ui::share::",
        "certquote::ui::store::Store>::send_aside",
        "certquote::ui::variants::",
        "certquote::variants::",
        "der::",
    ],
};
