// What `import "certquote"` and the script tag load: defines the elements at once.
import { defineElements } from "./elements.js";

export { defineElements, preload, version } from "./elements.js";

defineElements();
