//! The inside of an element on its page: put into the shadow root, taken out again.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::{AppHandle, Html};

use super::part::{Part, PartProps, PartView};

thread_local! {
    /// Apps that show nothing now. Yew never lets go of the listeners of an app, and of what they hold (2.2 KB each), so an app
    /// is not destroyed but goes to the next element. It does not wait inside its own: held from here, its place would hold
    /// the element.
    static IDLE: RefCell<Vec<App>> = const { RefCell::new(Vec::new()) };
}

/// One of Yew's apps, and the element that it draws in.
struct App {
    handle: AppHandle<PartView>,
    place: web_sys::Element,
}

/// A view that may be on a page.
#[derive(Default)]
pub(super) struct Mount(RefCell<Option<App>>);

impl Mount {
    pub(super) fn is_mounted(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Puts the view at the end of `root`.
    pub(super) fn mount(&self, root: &web_sys::Node, part: Rc<dyn Part>) {
        let props = PartProps::new(part);
        let idle = IDLE.with_borrow_mut(Vec::pop);
        let app = match idle {
            Some(mut app) => {
                app.handle.update(props);
                app
            }
            None => {
                let place = web_sys::window()
                    .and_then(|window| window.document())
                    .and_then(|page| page.create_element("div").ok());
                let Some(place) = place else { return };
                let app = yew::Renderer::<PartView>::with_root_and_props(place.clone(), props);
                App { handle: app.render(), place }
            }
        };
        // A shadow root takes any element.
        let _ = root.append_child(&app.place);
        self.0.replace(Some(app));
    }

    /// Takes the view out.
    pub(super) fn unmount(&self) {
        let mounted = self.0.take();
        if let Some(mut app) = mounted {
            app.place.remove();
            let nothing = Rc::new(Nothing::default());
            app.handle.update(PartProps::new(Rc::clone(&nothing) as Rc<dyn Part>));
            nothing.0.replace(Some(app));
        }
    }
}

/// What an app shows between two elements: nothing of the first is left for the second. It holds the app until then.
#[derive(Default)]
struct Nothing(RefCell<Option<App>>);

impl Part for Nothing {
    fn show_in(&self, _redraw: Option<yew::Callback<()>>) {}

    fn draw(self: Rc<Self>) -> Html {
        Html::default()
    }

    fn rendered(&self, _first: bool) {
        let app = self.0.take();
        IDLE.with_borrow_mut(|idle| idle.extend(app));
    }
}

/// Reads the attributes that the page's script gathered: an object of texts; one that is absent is not in it.
pub(super) fn attribute(attributes: &Object, name: &str) -> Option<String> {
    Reflect::get(attributes, &JsValue::from_str(name)).ok().and_then(|value| value.as_string())
}
