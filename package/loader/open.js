// Fetches, checks and starts the wasm module and its glue, and the module's later half when the wasm side asks for it. The build
// fills in the names in capitals.

import { sheet } from "./sheet.js";

// Named in full, so that bundlers find the files and copy them.
const WASM = new URL(WIDGET_WASM, import.meta.url);
const LATER = new URL(WIDGET_LATER, import.meta.url);
const GLUE = new URL(WIDGET_JS, import.meta.url);

let tries = 0;

/** Compiles while the file arrives, where browser and server allow it, and gives nothing out that has not the hash. */
const compile = async (address, integrity) => {
  // Not by `fetch` itself, if it can be had otherwise: that would hold the file back until it is whole, and pass over a preload.
  const subtle = globalThis.crypto?.subtle;
  const answer = await fetch(address, { integrity: subtle ? "" : integrity });
  const bytes = answer.clone().arrayBuffer();
  const [module, hash] = await Promise.all([
    WebAssembly.compileStreaming && answer.headers.get("Content-Type") === "application/wasm"
      ? WebAssembly.compileStreaming(answer)
      : bytes.then((bytes) => WebAssembly.compile(bytes)),
    subtle && bytes.then((bytes) => subtle.digest("SHA-384", bytes)),
  ]);
  if (hash && `sha384-${btoa(String.fromCharCode(...new Uint8Array(hash)))}` !== integrity) {
    throw new Error(`${address} has not the integrity that it was built with`);
  }
  return module;
};

const glue = () => {
  // The browser remembers an address that failed.
  const address = tries++ ? `${GLUE}?${tries}` : GLUE.href;
  // `import()` checks nothing, but takes what this has checked.
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = address;
  // webpack minifies the file once more, and Vite's development server adds a source map: then it is not what was hashed.
  link.integrity = import.meta.webpack || import.meta.hot ? "" : WIDGET_JS_INTEGRITY;
  document.head.append(link);
  return import(/* webpackIgnore: true */ /* @vite-ignore */ address).finally(() => link.remove());
};

/** The wasm module, ready for use, and what dresses a loaded element. */
export const open = async () => {
  const [module, wasm] = await Promise.all([glue(), compile(WASM, WIDGET_WASM_INTEGRITY)]);
  await module.default(wasm);
  module.later(async () => {
    try {
      await module.join(await compile(LATER, WIDGET_LATER_INTEGRITY));
    } catch (cause) {
      console.error("certquote:", cause);
      throw cause;
    }
  });
  return { module, dress: sheet(module.styles()) };
};
