//! Elements built by a function instead of by `html!`.
//!
//! The macro writes out at every place how an element is put together; here a place hands over the parts and one function
//! does it. Over a hundred places that is a fifth of the module. Inputs and text areas stay with `html!`,
//! which knows what their values are.

use std::rc::Rc;

use yew::prelude::*;
use yew::virtual_dom::{AttributeOrProperty, Attributes, Listener, Listeners, VList, VNode, VTag, VText};

/// An element that is being put together.
pub(super) struct Node {
    tag: &'static str,
    keys: &'static [&'static str],
    values: Vec<Option<AttributeOrProperty>>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<VNode>,
}

impl Node {
    #[inline(never)]
    pub(super) fn new(tag: &'static str, keys: &'static [&'static str]) -> Self {
        Self { tag, keys, values: Vec::new(), listeners: Vec::new(), children: Vec::new() }
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
    pub(super) fn on(&mut self, listener: Rc<dyn Listener>) {
        self.listeners.push(Some(listener));
    }

    #[inline(never)]
    pub(super) fn html(self) -> VNode {
        let attributes = Attributes::Dynamic { keys: self.keys, values: self.values.into_boxed_slice() };
        let listeners = if self.listeners.is_empty() {
            Listeners::None
        } else {
            Listeners::Pending(self.listeners.into_boxed_slice())
        };
        VTag::__new_other(
            self.tag.into(),
            NodeRef::default(),
            None,
            attributes,
            listeners,
            list(self.children),
        )
        .into()
    }
}

/// What can be the value of an attribute.
pub(super) trait Value {
    fn put(self, node: &mut Node);
}

impl Value for &'static str {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.value(Some(AttributeOrProperty::Static(self)));
    }
}

impl Value for String {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.value(Some(AttributeOrProperty::Attribute(self.into())));
    }
}

impl Value for bool {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.value(self.then_some(AttributeOrProperty::Static("")));
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

/// What an element can hold.
pub(super) trait Child {
    fn put(self, node: &mut Node);
}

impl Child for VNode {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(self);
    }
}

impl Child for Option<VNode> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(self.unwrap_or_default());
    }
}

impl Child for Vec<VNode> {
    #[inline(never)]
    fn put(self, node: &mut Node) {
        node.child(list(self));
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

fn list(nodes: Vec<VNode>) -> VNode {
    VList::with_children(nodes, None).into()
}

/// `el!("p" "class": "hint"; text)`: an element, its attributes, and after a semicolon its children.
macro_rules! el {
    ($tag:literal $($key:literal : $value:expr),* $(; $($child:expr),* $(,)?)?) => {{
        let mut node = $crate::ui::el::Node::new($tag, &[$($key),*]);
        $($crate::ui::el::Value::put($value, &mut node);)*
        $($($crate::ui::el::Child::put($child, &mut node);)*)?
        node.html()
    }};
}
pub(super) use el;
