// What `import "certquote/pure"` loads: nothing happens until the page asks for it, and nothing is touched that a server lacks.
export { defineElements, preload, version } from "./elements.js";
