// Defines certquote's custom elements. A thin class each: lifecycle and attributes here, behaviour in the wasm module,
// which is fetched once, when the first element of the page is connected.

const file = (name) => new URL(name, import.meta.url);

let engine;
/** The wasm module, ready for use, and the style sheet that all elements share. A failed load is tried again at the next call. */
const load = () =>
  (engine ??= (async () => {
    const module = await import(file("{{widget-js}}").href);
    await module.default({ module_or_path: file("{{widget-wasm}}") });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.styles());
    return { module, sheet };
  })().catch((cause) => {
    engine = undefined;
    throw cause;
  }));

// Shown only when the catalogue in the wasm module could not be had.
const NOT_LOADED = "This part of the page could not be loaded. Reload the page to try again.";

const FUNCTIONS = ["transport", "fetchHeaders"];
const COMMON = ["proxy", "locale", "theme", "timeout-ms", "credentials", "container-id"];

class CertElement extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #core;
  #failure = null;
  #scheduled = false;
  #early = new Map();
  #given = {};

  connectedCallback() {
    for (const name of this.constructor.settable) {
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
    this.write(name, this.#given[name]);
  }

  /** A property that may be set before the wasm module is there. */
  read(name, untouched) {
    return this.#core ? this.#core.read(name) : (this.#early.get(name) ?? untouched);
  }

  write(name, value) {
    if (this.#core) this.#core.write(name, value);
    else this.#early.set(name, value);
  }

  /** Asks the wasm side: at once where it is loaded, so that what is set afterwards comes afterwards. */
  ask() {
    const go = (core) => {
      core.configure(this.#attributes());
      return core.ask();
    };
    return this.#core ? go(this.#core) : this.#ready().then(go);
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

  async #update() {
    if (!this.#core) {
      if (!this.isConnected) return;
      try {
        await this.#ready();
      } catch {
        return;
      }
    }
    if (this.isConnected) {
      this.#core.configure(this.#attributes());
      this.#core.attach(this.#root);
      document.addEventListener("visibilitychange", this);
    } else {
      document.removeEventListener("visibilitychange", this);
      this.#core.detach();
    }
  }

  /** The tab came back. */
  handleEvent() {
    if (!document.hidden) this.#core.shown();
  }

  async #ready() {
    if (this.#core) return this.#core;
    try {
      const { module, sheet } = await load();
      if (!this.#core) {
        this.#failure = null;
        this.#root.replaceChildren();
        this.#root.adoptedStyleSheets = [sheet];
        // Held by the wasm side for good, which must not keep the element alive.
        const element = new WeakRef(this);
        const core = new module.Element(this.localName, (type, detail) => element.deref()?.#emit(type, detail));
        core.configure(this.#attributes());
        const early = [...this.#early];
        this.#early.clear();
        this.#core = core;
        for (const [name, value] of early) {
          try {
            core.write(name, value);
          } catch (cause) {
            // The setter of the page's own call is long over.
            reportError(cause);
          }
        }
      }
      return this.#core;
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  #fail(cause) {
    if (!this.#failure) {
      this.#failure = {
        code: "network", message: NOT_LOADED, endpoint: "", status: null, retryable: true,
        retry_after_ms: null, upstream_codes: [], fields: [],
      };
      const notice = document.createElement("p");
      notice.setAttribute("role", "alert");
      notice.dataset.error = "network";
      notice.textContent = NOT_LOADED;
      this.#root.replaceChildren(notice);
      console.error("certquote:", cause);
      this.#emit("cert-state", { state: "error" });
      this.#emit("cert-error", this.#failure);
    }
    return this.#failure;
  }

  #attributes() {
    const attributes = {};
    for (const name of this.constructor.observedAttributes) {
      const value = this.getAttribute(name);
      if (value !== null) attributes[name] = value;
    }
    attributes.lang = (this.closest("[lang]") ?? document.documentElement).lang;
    return attributes;
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

class CertQuote extends CertElement {
  static settable = [...FUNCTIONS, "draft"];
  static observedAttributes = [...COMMON, "live", "products", "addons", "accept-label"];

  get draft() {
    return this.read("draft", { dns_names: [], product_name_id: "", order_validity: { years: 1 } });
  }

  set draft(draft) {
    this.write("draft", draft);
  }

  quote() {
    return this.ask();
  }
}

class CertBalance extends CertElement {
  static settable = FUNCTIONS;
  static observedAttributes = [...COMMON, "source", "subaccount-id", "org-id", "billing-id", "low-balance"];

  refresh() {
    return this.ask();
  }
}

class CertHistory extends CertElement {
  static settable = FUNCTIONS;
  static observedAttributes = COMMON;

  refresh() {
    return this.ask();
  }
}

const define = (name, element) => customElements.get(name) ?? customElements.define(name, element);
define("cert-quote", CertQuote);
define("cert-balance", CertBalance);
define("cert-history", CertHistory);
