// The page around the elements: its three places, and what `config.json` says of them. The elements of a place are made when
// it is first shown and stay; a place that is left is hidden.

import { preload } from "./certquote.js";

// Every place shows elements: the wasm module is under way while the settings are.
preload().catch(() => {});

const file = (name) => new URL(name, import.meta.url);
const byId = (id) => document.getElementById(id);
const append = (parent, name, text = "") => {
  const element = document.createElement(name);
  element.textContent = text;
  parent.append(element);
  return element;
};

// config.json: keys to attributes.

const isText = (value) => typeof value === "string";
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isAddon = (value) => isObject(value) && isText(value.id) && isText(value.label);

/** What a key takes, in words; which values fit; and such a value as an attribute, or `null` for none. */
const kind = (takes, fits, write = String) => ({ takes, fits, write });
const text = kind("text in quotes", isText);
const figure = kind("text in quotes or a whole number", (value) => isText(value) || isWhole(value));
// Whose money is shown has no default to fall back to: what stands there goes to the element, which refuses it and asks nothing.
const whose = { ...figure, refused: JSON.stringify };

const PAGE = {
  proxy: text,
  frontier_proxy: text,
  locale: text,
  theme: text,
  timeout_ms: kind("a whole number", isWhole),
  credentials: text,
  container_id: whose,
};
const QUOTE = {
  live: kind("true or false", (value) => typeof value === "boolean", (live) => (live ? "" : null)),
  products: kind("a list of product ids in quotes", (value) => Array.isArray(value) && value.every(isText), String),
  addons: kind('a list of {"id": "…", "label": "…"}', (value) => Array.isArray(value) && value.every(isAddon), JSON.stringify),
};
const BALANCE = {
  label: text,
  source: { ...text, refused: JSON.stringify },
  container_id: whose,
  subaccount_id: whose,
  org_id: whose,
  billing_id: whose,
  low_balance: figure,
};

/** The attributes of each element. What cannot be used is left out and told in `problems`. */
function settings(config, problems) {
  const within = (at, key) => (at ? `${at}.${key}` : key);
  const attributes = (object, at, kinds) => {
    const found = {};
    for (const [key, value] of Object.entries(object)) {
      if (value === null) continue;
      const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
      if (!kind) {
        problems.push(`${within(at, key)} is not a key that is known here.`);
        continue;
      }
      const fits = kind.fits(value);
      if (!fits) problems.push(`${within(at, key)} takes ${kind.takes}.`);
      const written = fits ? kind.write(value) : kind.refused?.(value);
      if (written !== null && written !== undefined) found[key] = written;
    }
    return found;
  };
  /** The value, or the default for one that is absent or does not fit. */
  const checked = (value, fits, name, takes, untouched) => {
    if (value === undefined || value === null) return untouched;
    if (fits(value)) return value;
    problems.push(`${name} takes ${takes}.`);
    return untouched;
  };

  const { quote, balances, ...rest } = checked(config, isObject, "The file", "an object in braces", {});
  const { frontier_proxy, ...common } = attributes(rest, "", PAGE);
  const { proxy, ...others } = common;
  return {
    theme: common.theme,
    quote: { ...common, ...attributes(checked(quote, isObject, "quote", "an object in braces", {}), "quote", QUOTE) },
    balances: checked(balances, Array.isArray, "balances", "a list of objects", [{}]).flatMap((balance, n) => {
      const at = `balances[${n}]`;
      const known = checked(balance ?? 0, isObject, at, "an object in braces", null);
      if (!known) return [];
      const own = attributes(known, at, BALANCE);
      return { ...others, proxy: own.source === "frontier" ? frontier_proxy : proxy, ...own };
    }),
    history: common,
  };
}

/** Reads `config.json`; whatever comes of it, there are settings. */
async function configure() {
  const problems = [];
  let config;
  try {
    const response = await fetch(file("config.json"), { signal: AbortSignal.timeout(5000) });
    const body = await response.text();
    if (response.ok) config = JSON.parse(body);
    else problems.push(`The file could not be had: status ${response.status}.`);
  } catch (cause) {
    problems.push(cause instanceof SyntaxError ? `The file is not JSON: ${cause.message}.` : "The file could not be had.");
  }
  const found = settings(config, problems);
  if (problems.length > 0) {
    append(byId("notice"), "p", "This page is not set up as config.json asks. What cannot be used is left at its default:");
    const list = append(byId("notice"), "ul");
    for (const problem of problems) append(list, "li", problem);
  }
  return found;
}

/** Sets keys as attributes: `low_balance` as `low-balance`. */
function dress(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key.replaceAll("_", "-"), value);
  }
  return element;
}

// The places.

/** The sections that a place shows; the balance stands beside the quote, the very same elements as at its own place. */
const SECTIONS = { quote: ["quote", "balance"], balance: ["balance"], history: ["history"] };
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [placeAt(link), link]));
let configured;
let shown;

/** What fills a section, once. */
const fill = {
  quote: () => {
    byId("quote").append(dress(document.createElement("cert-quote"), configured.quote));
  },
  balance: () => {
    const cards = append(byId("balance"), "div");
    cards.className = "cards";
    for (const { label, ...attributes } of configured.balances) {
      const card = append(cards, "div");
      if (label) append(card, "h3", label);
      card.append(dress(document.createElement("cert-balance"), attributes));
    }
    if (configured.balances.length === 0) append(cards, "p", "No balance is set up for this page.");
  },
  history: () => {
    byId("history").append(dress(document.createElement("cert-history"), configured.history));
  },
};

/** The place of an address: its last segment, so that the page may stand below any path. */
function placeAt({ pathname }) {
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  return last === "balance" || last === "history" ? last : "quote";
}

function show(place) {
  shown = place;
  byId("main").dataset.place = place;
  for (const [name, link] of links) {
    if (name === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${links.get(place).textContent} · Certificates`;
  for (const name of Object.keys(SECTIONS)) {
    // Without a balance the quote has the whole width.
    const idle = name === "balance" && place === "quote" && configured?.balances.length === 0;
    byId(name).hidden = idle || !SECTIONS[place].includes(name);
    if (configured && !byId(name).hidden) {
      fill[name]?.();
      delete fill[name];
    }
  }
}

const heading = () => byId(`${shown}-heading`);

// Where each entry of the tab's history was scrolled to. The browser's own restoring would look before the place is shown; for
// a reload and a way back from another page it is the better one.
const scrolled = new Map();
const stamp = () => performance.timeOrigin + performance.now();
let entry;

function arrive() {
  entry = history.state?.entry;
  if (entry === undefined) {
    entry = stamp();
    history.replaceState({ entry }, "");
  }
}

document.querySelector("nav").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented) return;
  event.preventDefault();
  const place = placeAt(link);
  if (place !== shown) {
    scrolled.set(entry, scrollY);
    entry = stamp();
    history.pushState({ entry }, "", link.href);
    show(place);
  }
  heading().focus({ preventScroll: true });
  scrollTo(0, 0);
});

addEventListener("popstate", () => {
  scrolled.set(entry, scrollY);
  arrive();
  const place = placeAt(location);
  // Another fragment of the same place is the browser's affair.
  if (place === shown) return;
  show(place);
  heading().focus({ preventScroll: true });
  scrollTo(0, scrolled.get(entry) ?? 0);
});
addEventListener("pageshow", () => (history.scrollRestoration = "manual"));
addEventListener("pagehide", () => (history.scrollRestoration = "auto"));

arrive();
show(placeAt(location));
configured = await configure();
if (configured.theme === "light" || configured.theme === "dark") document.documentElement.dataset.theme = configured.theme;
show(shown);

// The server answers from its sandbox: the prices are invented.
try {
  const response = await fetch(file("healthz"), { cache: "no-store" });
  byId("sandbox").hidden = !response.headers.has("X-Certquote-Sandbox");
  // Until its body is read, the request counts as under way.
  await response.text();
} catch {
  // Without a server there are no prices to mark either.
}
