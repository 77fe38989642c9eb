//! What the history says, above the table.

use yew::prelude::*;

use super::Scene;

pub(super) fn view(_scene: &Scene<'_>) -> Html {
    Html::default()
}
