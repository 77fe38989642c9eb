//! The one component of all elements.
//!
//! Yew's machinery for a component is compiled anew for each type, some kilobytes each time. So there is one type, and what it
//! draws is a trait object that keeps its own state and says when it is to be drawn anew.

use std::rc::Rc;

use yew::prelude::*;

/// Something that is drawn by itself: a whole element, or a part of one that need not be drawn with the rest.
pub(super) trait Part {
    /// Takes what is called to have it drawn anew, as long as it is on a page.
    fn show_in(&self, redraw: Option<Callback<()>>);

    /// Draws it.
    fn draw(self: Rc<Self>) -> Html;

    /// It was drawn.
    fn rendered(&self, _first: bool) {}

    /// What it is made of, as numbers and addresses. A part that takes the place of one of the same make is not drawn: the one
    /// before stays, with its state.
    fn make(&self) -> Option<Make<'_>> {
        None
    }
}

/// See [`Part::make`]: a text, and numbers or addresses.
pub(super) type Make<'a> = (&'a str, [usize; 3]);

/// What the component shows.
#[derive(Clone, Properties)]
pub(super) struct PartProps {
    part: Rc<dyn Part>,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.part, &other.part)
            || self.part.make().is_some_and(|make| Some(make) == other.part.make())
    }
}

impl PartProps {
    pub(super) fn new(part: Rc<dyn Part>) -> Self {
        Self { part }
    }
}

/// A part on the page.
pub(super) struct PartView;

impl Component for PartView {
    type Message = ();
    type Properties = PartProps;

    fn create(ctx: &Context<Self>) -> Self {
        ctx.props().part.show_in(Some(ctx.link().callback(|()| ())));
        Self
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &PartProps) -> bool {
        ctx.props().part.show_in(Some(ctx.link().callback(|()| ())));
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        Rc::clone(&ctx.props().part).draw()
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        ctx.props().part.rendered(first);
    }
}

/// Draws a part by itself.
pub(super) fn part(part: Rc<dyn Part>) -> Html {
    html! { <PartView {part} /> }
}
