//! Takes out of wasm-bindgen's glue what the elements do not use: the loader fetches, checks and compiles the wasm itself,
//! nobody frees an element by hand, and the browsers that run the wasm have `encodeInto` and `FinalizationRegistry`.

use anyhow::{Context, Result, ensure};

/// What stands in for the ways of loading: takes the compiled module, and later its other half, which is made of the exports of
/// the first.
const START: &str = "\
export default async function init(module) {
    __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}
export async function join(module) {
    await WebAssembly.instantiate(module, { a: wasm });
}
";
const EXPORTS: &str = "export { initSync, __wbg_init as default };";
const NO_REGISTRY: &str = "\
(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : ";
const DISPOSE: &str = "if (Symbol.dispose) Element2.prototype[Symbol.dispose] = Element2.prototype.free;\n";
/// From here up to there: by hand, and for browsers that lack it.
const FREE: (&str, &str) = ("    __destroy_into_raw() {", "    /**");
const SHIM: (&str, &str) = ("if (!('encodeInto' in cachedTextEncoder)) {", "\nlet ");

/// The glue whose default export starts a compiled module.
///
/// # Errors
/// When wasm-bindgen writes something else than what is known here.
pub(crate) fn trim(glue: &str) -> Result<String> {
    let (used, loading) = glue.split_once("async function __wbg_load(").context("the glue loads nothing")?;
    ensure!(loading.trim_end().ends_with(EXPORTS), "the glue does not end in {EXPORTS:?}");
    let used = without(&without(used, FREE)?, SHIM)?;
    ensure!(used.contains(NO_REGISTRY) && used.contains(DISPOSE), "the glue has another way of cleaning up");
    Ok(used.replace(NO_REGISTRY, "").replace(DISPOSE, "") + START)
}

fn without(glue: &str, (from, to): (&str, &str)) -> Result<String> {
    let (before, cut) = glue.split_once(from).with_context(|| format!("the glue has no {from:?}"))?;
    let end = cut.find(to).with_context(|| format!("what {from:?} begins does not end"))?;
    Ok([before, cut.get(end..).unwrap_or_default()].concat())
}

#[cfg(test)]
mod tests {
    use super::{DISPOSE, EXPORTS, NO_REGISTRY, START, trim};

    fn glue() -> String {
        let class = format!(
            "class A {{\n    __destroy_into_raw() {{}}\n    free() {{}}\n    /** b */\n    b() {{}}\n}}\n{DISPOSE}"
        );
        let shim = "if (!('encodeInto' in cachedTextEncoder)) {\n    x = {\n    };\n}\n\nlet wasm;\n";
        let cleaning = format!("const c = {NO_REGISTRY}new FinalizationRegistry(d);\n");
        format!("{class}{cleaning}{shim}async function __wbg_load(module) {{\n}}\n{EXPORTS}\n")
    }

    #[test]
    fn what_nobody_uses_goes_and_the_rest_stays() -> anyhow::Result<()> {
        let rest =
            "class A {\n    /** b */\n    b() {}\n}\nconst c = new FinalizationRegistry(d);\n\nlet wasm;\n";
        assert_eq!(trim(&glue())?, [rest, START].concat());
        Ok(())
    }

    #[test]
    fn a_glue_of_another_shape_is_an_error() {
        for part in
            ["async function __wbg_load", EXPORTS, DISPOSE, NO_REGISTRY, "__destroy_into_raw", "encodeInto"]
        {
            assert!(trim(&glue().replace(part, "")).is_err(), "{part}");
        }
    }
}
