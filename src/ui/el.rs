//! Elements built by a function instead of by `html!`.
//!
//! The macro writes out at every place how an element is put together; here a place hands over the parts and one function
//! does it. Over a hundred places that is a fifth of the module. Inputs and text areas stay with `html!`,
//! which knows what their values are.
//!
//! What is absent (`None`) keeps its place among the children, so that those behind it stay the elements that they were.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::prelude::*;
use yew::virtual_dom::{
    AttributeOrProperty, Attributes, Key, Listener, Listeners, VList, VNode, VTag, VText,
};

/// An element that is being put together.
pub(super) struct Node {
    tag: &'static str,
    key: Option<Key>,
    place: NodeRef,
    keys: &'static [&'static str],
    values: Vec<Option<AttributeOrProperty>>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<VNode>,
}

impl Node {
    /// In a box: a place that builds an element hands its address from call to call.
    #[inline(never)]
    pub(super) fn new(tag: &'static str, keys: &'static [&'static str]) -> Box<Self> {
        Box::new(Self {
            tag,
            key: None,
            place: NodeRef::default(),
            keys,
            values: Vec::new(),
            listeners: Vec::new(),
            children: Vec::new(),
        })
    }

    /// The name of the attribute whose value comes next.
    fn name(&self) -> &'static str {
        self.keys.get(self.values.len()).copied().unwrap_or_default()
    }

    #[inline(never)]
    fn value(&mut self, value: Option<AttributeOrProperty>) {
        self.values.push(value);
    }

    #[inline(never)]
    fn child(&mut self, child: VNode) {
        self.children.push(child);
    }

    #[inline(never)]
    fn listener(&mut self, listener: Rc<dyn Listener>) {
        self.listeners.push(Some(listener));
    }

    #[inline(never)]
    #[expect(clippy::boxed_local, reason = "see `new`")]
    pub(super) fn html(self: Box<Self>) -> VNode {
        let attributes = Attributes::Dynamic { keys: self.keys, values: self.values.into_boxed_slice() };
        let listeners = if self.listeners.is_empty() {
            Listeners::None
        } else {
            Listeners::Pending(self.listeners.into_boxed_slice())
        };
        VTag::__new_other(self.tag.into(), self.place, self.key, attributes, listeners, list(self.children))
            .into()
    }
}

/// What can be the value of an attribute.
pub(super) trait Value {
    fn put(self, node: &mut Node);
}

/// An empty class is none.
impl Value for &'static str {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        let given = !self.is_empty() || node.name() != "class";
        node.value(given.then_some(AttributeOrProperty::Static(self)));
    }
}

impl Value for String {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.value(Some(AttributeOrProperty::Attribute(self.into())));
    }
}

/// Present or not; its value is its name.
impl Value for bool {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        let name = node.name();
        node.value(self.then_some(AttributeOrProperty::Static(name)));
    }
}

/// A property, for a value that a reader changes too.
impl Value for JsValue {
    fn put(self, node: &mut Node) {
        node.value(Some(AttributeOrProperty::Property(self)));
    }
}

impl<T: Value> Value for Option<T> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        match self {
            Some(value) => value.put(node),
            None => node.value(None),
        }
    }
}

/// What an element can hold: other elements and texts; and its key, the place to find it by, and [listeners](on).
pub(super) trait Child {
    fn put(self, node: &mut Node);
}

impl Child for VNode {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(self);
    }
}

impl Child for Vec<VNode> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(list(self));
    }
}

impl Child for &mut dyn Iterator<Item = VNode> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(list(self.collect()));
    }
}

impl Child for &'static str {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(VText::new(self).into());
    }
}

impl Child for String {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(VText::new(self).into());
    }
}

impl<T: Child> Child for Option<T> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        match self {
            Some(child) => child.put(node),
            None => node.child(VNode::default()),
        }
    }
}

impl Child for Key {
    fn put(self, node: &mut Node) {
        node.key = Some(self);
    }
}

impl Child for &NodeRef {
    fn put(self, node: &mut Node) {
        node.place = self.clone();
    }
}

/// A listener, see [`on!`](on).
pub(super) struct On<L>(pub(super) L);

impl<L: Listener + 'static> Child for On<L> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.listener(Rc::new(self.0));
    }
}

/// Several as one.
pub(super) fn list(nodes: Vec<VNode>) -> VNode {
    VList::with_children(nodes, None).into()
}

/// `el!("p" "class": "hint"; text)`: an element, its attributes, and after a semicolon what it holds.
macro_rules! el {
    ($tag:tt $($key:literal : $value:expr),* $(; $($child:expr),* $(,)?)?) => {{
        let mut node = $crate::ui::el::Node::new($tag, &[$($key),*]);
        $($crate::ui::el::Value::put($value, &mut node);)*
        $($($crate::ui::el::Child::put($child, &mut node);)*)?
        node.html()
    }};
}
pub(super) use el;

/// `el!("button" "type": "button"; on!(onclick: callback), text)`: a listener among what an element holds.
macro_rules! on {
    ($event:ident : $callback:expr) => {
        $crate::ui::el::On(::yew::html::$event::Wrapper::new($callback))
    };
}
pub(super) use on;
