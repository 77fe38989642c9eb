// Defines certquote's custom elements. A thin class each: lifecycle, attributes and a place holder here, behaviour in the wasm
// module, which is fetched once, when an element comes near the viewport or is asked for something.
//
// The build fills in the names in capitals that nothing here declares.

import heights from "./heights.json";
import { open } from "./open.js";
import { sheet } from "./sheet.js";

export const version = VERSION;

const NOT_LOADED = "This part of the page could not be loaded.";
const TOO_OLD = "This browser is too old for this part of the page.";
const TRY_AGAIN = "Try again";

const FUNCTIONS = ["transport", "fetchHeaders"];
const COMMON = ["proxy", "locale", "theme", "timeout-ms", "credentials", "container-id"];
const ELEMENTS = [
  ["cert-quote", ["live", "products", "addons", "accept-label", "keep", "share"]],
  ["cert-balance", ["source", "subaccount-id", "org-id", "billing-id", "low-balance"]],
  ["cert-history", []],
];

/** How far from the viewport an element starts the download. */
const NEAR = "600px";

/** Elements on the page that start with the download, each with how it does. */
const waiting = new Map();
let observer;
let engine;

/** The wasm module, ready for use, and what dresses a loaded element. After a failure the next call tries again. */
const load = () => {
  if (!engine) {
    engine = open().catch((cause) => {
      engine = undefined;
      console.error("certquote:", cause);
      throw {
        code: "network", message: globalThis.WebAssembly ? NOT_LOADED : TOO_OLD, endpoint: "", status: null, retryable: true,
        retry_after_ms: null, upstream_codes: [], fields: [],
      };
    });
    observer?.disconnect();
    for (const start of waiting.values()) start();
  }
  return engine;
};

/** Calls `start`, now or when `element` comes near: not while it is hidden. */
const watch = (element, start) => {
  waiting.set(element, start);
  if (engine || !globalThis.IntersectionObserver) start();
  else {
    observer ??= new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && load().catch(() => {}), {
      rootMargin: NEAR,
      scrollMargin: NEAR,
    });
    observer.observe(element);
  }
};

/** The style sheet of an element that is not loaded: as high as it will be, by the width that it has. */
const skeleton = (steps) =>
  sheet(
    `:host{display:block;container-type:inline-size;font:15px/1.5 system-ui,sans-serif}:host([hidden]){display:none}` +
      `div{box-sizing:border-box;padding:24px;border-radius:14px;background:color-mix(in srgb,currentColor 5%,#0000)}p{margin:0 0 12px}button{min-height:44px;padding:0 16px;font:inherit}` +
      steps.map(([width, height]) => `@container(min-width:${width}px){div{height:${height}px}}`).join(""),
  );

/** The class of one element. Made late: a server has no `HTMLElement`. */
const create = (tag, attributes) => {
  const settable = tag === "cert-quote" ? [...FUNCTIONS, "draft"] : FUNCTIONS;
  const hold = skeleton(heights[tag]);

  return class extends HTMLElement {
    static version = VERSION;
    static observedAttributes = [...COMMON, ...attributes];

    #root = this.attachShadow({ mode: "open" });
    #core;
    #dress = hold;
    #failure = null;
    #scheduled = false;
    #early = new Map();
    #given = {};

    static {
      const quote = {
        get draft() {
          return this.#core ? this.#core.read("draft") : (this.#early.get("draft") ?? { dns_names: [], product_name_id: "", order_validity: { years: 1 } });
        },
        set draft(draft) {
          this.#write("draft", draft);
        },
        quote() {
          return this.#ask();
        },
      };
      const account = {
        refresh() {
          return this.#ask();
        },
      };
      Object.defineProperties(this.prototype, Object.getOwnPropertyDescriptors(tag === "cert-quote" ? quote : account));
    }

    connectedCallback() {
      for (const name of settable) {
        // Set on the bare element before this class was defined.
        if (Object.hasOwn(this, name)) {
          const value = this[name];
          delete this[name];
          this[name] = value;
        }
      }
      this.#schedule();
    }

    disconnectedCallback() {
      this.#schedule();
    }

    attributeChangedCallback() {
      this.#schedule();
    }

    get state() {
      return this.#core?.read("state") ?? (this.#failure ? "error" : "idle");
    }

    get error() {
      return this.#core?.read("error") ?? this.#failure;
    }

    get result() {
      return this.#core?.read("result") ?? null;
    }

    get transport() {
      return this.#given.transport ?? null;
    }

    set transport(transport) {
      this.#give("transport", transport);
    }

    get fetchHeaders() {
      return this.#given.fetchHeaders ?? null;
    }

    set fetchHeaders(fetchHeaders) {
      this.#give("fetchHeaders", fetchHeaders);
    }

    /** A function of the page. */
    #give(name, value) {
      this.#given[name] = typeof value === "function" ? value : null;
      this.#write(name, this.#given[name]);
    }

    /** A property that may be set before the wasm module is there. */
    #write(name, value) {
      if (this.#core) this.#core.write(name, value);
      else this.#early.set(name, value);
    }

    /** Asks the wasm side: at once where it is loaded, so that what is set afterwards comes afterwards. */
    #ask() {
      const go = () => {
        this.#core.configure(this.#attributes());
        return this.#core.ask();
      };
      return this.#core ? go() : this.#start().then(go);
    }

    // Any number of attribute changes, and a move (a disconnection and a connection in one task), are one update.
    #schedule() {
      if (this.#scheduled) return;
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        this.#update();
      });
    }

    #update() {
      // A document without a window is no page.
      if (!this.isConnected || !this.ownerDocument.defaultView) {
        waiting.delete(this);
        observer?.unobserve(this);
        document.removeEventListener("visibilitychange", this);
        removeEventListener("hashchange", this);
        this.#core?.detach();
        return;
      }
      // Undressed by the document that it came from.
      this.#dress(this.#root);
      if (this.#core) {
        this.#core.configure(this.#attributes());
        this.#core.attach(this.#root);
        document.addEventListener("visibilitychange", this);
        if (tag === "cert-quote") addEventListener("hashchange", this);
      } else {
        if (!this.#root.firstChild) this.#wait();
        watch(this, () => this.#start().catch(() => {}));
      }
    }

    /** The tab came back, or the page has another fragment. */
    handleEvent() {
      if (!document.hidden) this.#core.shown();
    }

    /** Resolves when the inside is there; rejects with a `CertError`. */
    #start() {
      return load().then(
        (engine) => this.#begin(engine),
        (failure) => {
          this.#fail(failure);
          throw failure;
        },
      );
    }

    #begin({ module, dress }) {
      if (this.#core) return;
      waiting.delete(this);
      this.#failure = null;
      this.#root.replaceChildren();
      this.#dress = dress;
      // Held by the wasm side for good, which must not keep the element alive.
      const element = new WeakRef(this);
      const core = new module.Element(tag, (type, detail) => element.deref()?.#emit(type, detail));
      core.configure(this.#attributes());
      this.#core = core;
      for (const [name, value] of this.#early) {
        try {
          core.write(name, value);
        } catch (cause) {
          // The setter of the page's own call is long over.
          reportError(cause);
        }
      }
      this.#early.clear();
      if (this.isConnected) this.#update();
    }

    /** Holds the place until the inside is there. */
    #wait() {
      this.#root.replaceChildren(document.createElement("div"));
    }

    #fail(failure) {
      if (this.#failure === failure) return;
      this.#failure = failure;
      this.#wait();
      const add = (parent, name, text) => {
        const child = document.createElement(name);
        child.textContent = text;
        parent.append(child);
        return child;
      };
      const notice = add(this.#root.firstChild, "section", "");
      notice.setAttribute("role", "alert");
      notice.dataset.error = failure.code;
      add(notice, "p", failure.message);
      add(notice, "button", TRY_AGAIN).onclick = () => {
        this.#wait();
        this.#start().catch(() => {});
      };
      this.#emit("cert-state", { state: "error" });
      this.#emit("cert-error", failure);
    }

    #attributes() {
      const attributes = {};
      for (const name of this.constructor.observedAttributes) {
        const value = this.getAttribute(name);
        if (value !== null) attributes[name] = value;
      }
      attributes.lang = (this.closest("[lang]") ?? this.ownerDocument.documentElement).lang;
      return attributes;
    }

    #emit(type, detail) {
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    }
  };
};

/** Starts the download now, whatever the elements do. */
export const preload = () => load().then(() => {});

let warned = false;

/** Defines the elements, unless another copy of this script did: the first one wins. Does nothing on a server. */
export const defineElements = () => {
  const registry = globalThis.customElements;
  for (const [tag, attributes] of registry ? ELEMENTS : []) {
    const first = registry.get(tag);
    if (!first) registry.define(tag, create(tag, attributes));
    else if (first.version !== VERSION && !warned) {
      warned = true;
      console.warn(`certquote ${VERSION} is not used, since this page has ${first.version ?? "another version"} already.`);
    }
  }
};
