//! An order desk in Yew that takes certquote's elements as components: a quote is a `Rc<Quote>`, an amount an `Amount`.

#[cfg(target_arch = "wasm32")]
mod desk;

fn main() {
    #[cfg(target_arch = "wasm32")]
    yew::Renderer::<desk::Desk>::new().render();
}
