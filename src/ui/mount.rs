//! The inside of an element on its page: put into the shadow root, taken out again.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::AppHandle;

use super::part::{Part, PartProps, PartView};

/// A view that may be on a page.
#[derive(Default)]
pub(super) struct Mount(RefCell<Option<(AppHandle<PartView>, web_sys::Element)>>);

impl Mount {
    pub(super) fn is_mounted(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Puts the view at the end of `root`.
    pub(super) fn mount(&self, root: &web_sys::Node, part: Rc<dyn Part>) {
        let place = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|page| page.create_element("div").ok());
        let Some(place) = place else { return };
        if root.append_child(&place).is_err() {
            return;
        }
        let app =
            yew::Renderer::<PartView>::with_root_and_props(place.clone(), PartProps::new(part)).render();
        self.0.replace(Some((app, place)));
    }

    /// Takes the view out.
    pub(super) fn unmount(&self) {
        let mounted = self.0.take();
        if let Some((app, place)) = mounted {
            app.destroy();
            place.remove();
        }
    }
}

/// Reads the attributes that the page's script gathered: an object of texts; one that is absent is not in it.
pub(super) fn attribute(attributes: &Object, name: &str) -> Option<String> {
    Reflect::get(attributes, &JsValue::from_str(name)).ok().and_then(|value| value.as_string())
}
