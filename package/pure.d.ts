// As `certquote`, but nothing happens on import: call `defineElements()` where there is a browser.
export * from "./certquote.js";
