// The gallery: every state of every element, each in a figure with an anchor, answered by the package's own mock transport. The
// address says what is shown and how: ?theme=dark&width=360&locale=de-DE&only=quote-ready,cert-balance

import { balance, failure, frontier, hang, history, malformed, mockTransport, noEstimate, price, subaccount } from "./testing.js";

// What the quotes are of, and what they cost.

const ORDER = { dns_names: ["example.com", "www.example.com", "*.example.org"], product_name_id: "ssl_basic", order_validity: { years: 1 } };
const ADDRESS = { country: "US", state: "Washington", city: "Seattle", zip: "98101" };
const PRICED = {
  base_price: "238.00", fqdns: { subtotal: "178.00", units: 2 }, wildcards: { subtotal: "653.00", units: 1 },
  benefits_discount_total: "106.90", tax: "98.62", balance: "2454.00",
};
const LONG = Array.from({ length: 250 }, (_, n) => `very-long-host-name-number-${n + 1}.of-a-department-with-a-long-name.example.com`);

const quiet = (promise) => promise.catch(() => {});
const ask = (element) => void quiet(element.quote());
const askTwice = async (element) => {
  await quiet(element.quote());
  ask(element);
};

/** A quote: `script` is what its mock answers. */
const quote = (id, title, script, { draft = ORDER, act = ask, ...more } = {}) => ({
  id: `quote-${id}`, title, parts: [{ tag: "cert-quote", script, draft, act, ...more }], ...more,
});
/** A quote with the balance that it is compared with. */
const funded = (id, title, answer) => {
  const figure = quote(id, title, (mock) => mock.quote(price(PRICED)));
  return { ...figure, parts: [...figure.parts, { tag: "cert-balance", script: (mock) => mock.balance(balance(answer)) }] };
};
const refused = (code, title, options, more) => quote(code.replace("_", "-"), title, (mock) => mock.quote(failure(code, options)), more);

const QUOTES = [
  quote("idle", "Idle", () => {}, { draft: null, act: () => {} }),
  quote("loading", "Loading", (mock) => mock.quote(hang())),
  quote("ready", "Ready", (mock) => mock.quote(price(PRICED))),
  quote("every-line", "Every line", (mock) => mock.quote(price({
    ...PRICED, san_package_price: "100.00",
    addons_price_details: [{ product_id: 8025, units: 2, price: "20.00", subtotal: "40.00" }],
    total_price: "1230.72",
  })), { draft: { ...ORDER, addons: ["8025"] }, attributes: { addons: '[{"id":"8025","label":"Priority support"}]' } }),
  quote("stale-edited", "Stale: edited since", (mock) => mock.quote(price(PRICED)), {
    act: async (element) => {
      await quiet(element.quote());
      element.draft = { ...ORDER, dns_names: [...ORDER.dns_names, "shop.example.com"] };
    },
  }),
  quote("stale-failed", "Stale: pricing again failed", (mock) => mock.quote(price(PRICED), failure("upstream")), { act: askTwice }),
  quote("unknown", "Unknown", (mock) => mock.quote(noEstimate())),
  quote("tax-unknown", "Tax unknown", (mock) => mock.quote(price({ ...PRICED, tax: 0, tax_error: true }))),
  quote("free", "A discount explains zero", (mock) => mock.quote(price({ base_price: "782.00", benefits_discount_total: "782.00" }))),
  quote("accept", "With a button to accept", (mock) => mock.quote(price(PRICED)), { attributes: { "accept-label": "Order these certificates" } }),
  funded("funds-covered", "Funds: covered", {}),
  funded("funds-short", "Funds: short", { negative_balance_limit: "0.00" }),
  funded("funds-unlimited", "Funds: credit without a limit", { balance: "-1000.70", unlimited_negative_balance: true }),
  funded("funds-currency", "Funds: in another currency", { currency: "EUR" }),
  refused("network", "Error: network"),
  refused("timeout", "Error: timeout"),
  refused("unauthorized", "Error: unauthorized"),
  refused("forbidden", "Error: forbidden"),
  refused("not_found", "Error: not found"),
  refused("invalid_request", "Error: invalid request", { fields: ["order_validity", "billing_address.zip"] }, { draft: { ...ORDER, billing_address: ADDRESS } }),
  refused("rate_limited", "Error: rate limited", { retryAfter: 30 }),
  refused("upstream", "Error: upstream", { status: 503 }),
  quote("unreadable", "Error: unreadable", (mock) => mock.quote(malformed())),
  quote("misconfigured", "Error: misconfigured", () => {}, { act: () => {}, attributes: { "timeout-ms": "soon", products: "no such product" } }),
  quote("invalid-draft", "Error: invalid draft", () => {}, {
    draft: { dns_names: ["under_score.example.com", "10.0.0.1", "*.*.example.org"], product_name_id: "ssl_ev_basic", order_validity: { days: 0 }, billing_address: { ...ADDRESS, zip: "" } },
  }),
  quote("long", "250 long names", (mock) => mock.quote(price({ ...PRICED, fqdns: { subtotal: "22250.00", units: 250 }, wildcards: { subtotal: "0.00", units: 0 } })), { draft: { ...ORDER, dns_names: LONG } }),
  quote("rtl", "Right to left", (mock) => mock.quote(price(PRICED)), { dir: "rtl", locale: "ar-EG" }),
];

// The balances.

const UUID = "8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e";
const OF_FRONTIER = { source: "frontier", "org-id": UUID, "billing-id": UUID };
const OF_SUBACCOUNT = { source: "subaccount", "subaccount-id": "184001" };

const shown = (id, title, script, attributes = {}, more = {}) => ({
  id: `balance-${id}`, title, parts: [{ tag: "cert-balance", script, attributes, ...more }], ...more,
});
const account = (id, title, answer, attributes) => shown(id, title, (mock) => mock.balance(balance(answer)), attributes);
const failed = (code, title, options) => shown(code.replace("_", "-"), title, (mock) => mock.always(failure(code, options)));
const refresh = async (element) => {
  await quiet(element.refresh());
  quiet(element.refresh());
};

const BALANCES = [
  shown("loading", "Loading", (mock) => mock.always(hang())),
  account("account", "Account", {}),
  account("division", "One division", { used_credit_from_other_containers: "120.50" }, { "container-id": "123456" }),
  shown("subaccount", "Subaccount", (mock) => mock.subaccount(subaccount()), OF_SUBACCOUNT),
  shown("frontier", "Frontier", (mock) => mock.frontier(frontier({ amount: 12840 })), OF_FRONTIER),
  shown("frontier-zero", "Frontier: none left", (mock) => mock.frontier(frontier({ amount: 0 })), OF_FRONTIER),
  shown("frontier-negative", "Frontier: overdrawn", (mock) => mock.frontier(frontier({ amount: -230 })), OF_FRONTIER),
  shown("frontier-large", "Frontier: beyond 2^53", (mock) => mock.frontier(frontier({ amount: 9007199254740993n })), OF_FRONTIER),
  account("negative", "Negative, within its limit", { balance: "-1250.00" }),
  account("overdrawn", "Overdrawn", { balance: "-2300.00", unpaid_invoice_balance: "310.25" }),
  account("unlimited", "Unlimited", { balance: "-1000.70", unlimited_negative_balance: true }),
  account("differs", "The parts don’t add up", { total_available_funds: "2400.00" }),
  account("partly", "Parts that are not stated", { negative_balance_limit: undefined, used_credit_from_other_containers: undefined, total_available_funds: "454.00" }),
  account("ok", "Threshold: well above", {}, { "low-balance": "200" }),
  account("approaching", "Threshold: getting low", {}, { "low-balance": "400" }),
  account("low", "Threshold: low", {}, { "low-balance": "500" }),
  shown("stale", "Stale: a refresh failed", (mock) => mock.balance(balance(), failure("network")), { "low-balance": "200" }, { act: refresh }),
  failed("network", "Error: network"),
  failed("unauthorized", "Error: unauthorized"),
  failed("forbidden", "Error: forbidden"),
  shown("not-found", "Error: not found", (mock) => mock.always(failure("not_found")), OF_SUBACCOUNT),
  failed("invalid_request", "Error: invalid request"),
  failed("rate_limited", "Error: rate limited", { retryAfter: 30 }),
  shown("unreadable", "Error: unreadable", (mock) => mock.balance({ json: { currency: "USD" } })),
  shown("misconfigured", "Error: misconfigured", () => {}, { source: "subaccount" }),
  shown("rtl", "Right to left", (mock) => mock.balance(balance({ balance: "-1250.00" })), { "low-balance": "3000" }, { dir: "rtl", locale: "ar-EG" }),
];

// The histories.

const DAY = 86_400_000;
const moment = (time) => new Date(time).toISOString().slice(0, 19).replace("T", " ");
const written = (cents) => `${cents < 0 ? "-" : ""}${Math.trunc(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, "0")}`;
const DEPOSIT = "Credit Card Deposit";

/** Adjustments, newest first, of movements, oldest first: `[days ago, cents, type, more]`. The balance of each currency goes on. */
function chain(movements) {
  const balances = {};
  const rows = movements.map(([ago, cents, transaction_type, { expires, ...more } = {}], n) => {
    const currency = more.currency ?? "USD";
    balances[currency] = (balances[currency] ?? 0) + cents;
    return {
      id: String(5_335_300 + n),
      container: { id: 123456, name: "Example Company", is_active: true },
      [cents < 0 ? "debit" : "credit"]: written(Math.abs(cents)),
      transaction_type,
      receipt_id: cents < 0 ? String(345_000 + n) : "0",
      transaction_date: moment(Date.now() - ago * DAY),
      balance_after: written(balances[currency]),
      currency,
      ...(expires === undefined ? {} : { expiration_date: moment(Date.now() + expires * DAY) }),
      ...more,
    };
  });
  return rows.reverse();
}

const YEAR = [
  [300, 500000, DEPOSIT, { expires: 65 }], [262, -78200, "Charge"], [214, -23800, "Charge"], [177, -9950, "Additional Name Purchase"],
  [150, 9950, "Refund"], [121, 250000, "Wire Deposit", { expires: 244 }], [96, -34000, "Charge"], [63, -119040, "Charge"],
  [31, -68000, "Charge for Subaccount Order"], [9, -23800, "Charge"], [2, -48000, "Sale from Account Balance"],
];
const HOSTILE = [
  "<img src=x onerror=alert(1)>", "</td></tr><script>alert(1)</script>", "=HYPERLINK(\"https://example.com\")", "gnp.\u202Egpj.exe",
  "Z\u0351\u036b\u0343a\u0338\u0322l\u0334g\u0321o\u0322", "x".repeat(300), "{{7*7}} ${7*7}", "\u0000\u0007\ufeff", "💳🧾", "مرحبا بالعالم",
];

const listed = (id, title, rows, more = {}) => ({
  id: `history-${id}`, title,
  parts: [{ tag: "cert-history", script: (mock) => mock.history(history({ adjustments: chain(rows) })), ...more }], ...more,
});
const scripted = (id, title, script) => listed(id, title, [], { script });
const broken = (code, title) => scripted(code, title, (mock) => mock.history(failure(code)));
const many = (count) => history({ count, until: moment(Date.now()) });

const HISTORIES = [
  scripted("loading", "Loading", (mock) => mock.history(hang())),
  listed("ready", "Ready", YEAR),
  listed("empty", "Empty", []),
  listed("currencies", "Mixed currencies", [
    ...YEAR.slice(0, 6), [80, 180000, DEPOSIT, { currency: "EUR", expires: 285 }], [44, -41250, "Charge", { currency: "EUR" }],
    [20, 9000000, "Wire Deposit", { currency: "JPY" }], ...YEAR.slice(9),
  ]),
  listed("break", "A balance that does not follow", YEAR.map((movement, n) => (n === 6 ? [...movement, { balance_after: "6140.00" }] : movement))),
  listed("unknown-types", "Types that nobody knows", [
    [40, 100000, "Crypto Deposit", { expires: 325 }], [30, -12000, "Charge for something new"], [20, -5000, undefined],
    [10, -7000, "Charge", { debit: undefined }], [5, 3000, "Refund", { currency: undefined }],
  ]),
  listed("hostile", "Hostile strings", HOSTILE.map((text, n) => [20 - n, 10000 + n, text, { note: text, container: { id: 7, name: text, is_active: true } }])),
  listed("expiring", "Funds that expire soon", [
    [360, 200000, DEPOSIT, { expires: 5 }], [340, 100000, DEPOSIT, { expires: 25 }], [90, 50000, DEPOSIT, { expires: 275 }], [12, -23800, "Charge"],
  ]),
  scripted("many", "100,000 adjustments", (mock) => mock.history(many(100_000))),
  broken("forbidden", "Error: the first page"),
  broken("unreadable", "Error: unreadable"),
  scripted("later", "Error: a later page", (mock) => {
    const short = many(5000);
    mock.history((request) => short({ ...request, query: { ...request.query, limit: "300" } }), failure("upstream"));
  }),
  listed("rtl", "Right to left", YEAR, { dir: "rtl", locale: "ar-EG" }),
];

const ELEMENTS = { "cert-quote": QUOTES, "cert-balance": BALANCES, "cert-history": HISTORIES };

// The page.

const main = document.getElementById("main");
const form = document.querySelector("form");
const address = new URLSearchParams(location.search);
const only = (address.get("only") ?? "").split(",").filter(Boolean);

const append = (parent, name, attributes = {}, text = "") => {
  const element = document.createElement(name);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  parent.append(element);
  return element;
};

/** What is chosen; `locale` is a figure's own unless another is. */
const chosen = () => Object.fromEntries(new FormData(form));

function dress(element, { theme, locale }) {
  element.setAttribute("theme", theme);
  const own = locale || element.closest("[data-locale]")?.dataset.locale;
  if (own) element.setAttribute("locale", own);
  else element.removeAttribute("locale");
}

/** Makes the elements of a figure. Each figure has a proxy of its own, so that none takes another's balance for its own. */
async function make(frame, { id, parts }) {
  if (frame.childElementCount > 0) return;
  const mock = mockTransport();
  for (const { tag, script, attributes = {}, draft, act } of parts) {
    const element = document.createElement(tag);
    script(mock);
    element.transport = mock;
    const fixed = { proxy: `/gallery/${id}`, "timeout-ms": "600000", ...attributes };
    for (const [name, value] of Object.entries(fixed)) element.setAttribute(name, value);
    if (draft) element.draft = draft;
    frame.append(element);
    dress(element, chosen());
    await customElements.whenDefined(tag);
    act?.(element);
  }
}

function show() {
  const { theme, width } = chosen();
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  main.dataset.width = width;
  for (const element of main.querySelectorAll(".frame > *")) dress(element, chosen());
}

const figures = new Map();
for (const [tag, states] of Object.entries(ELEMENTS)) {
  const wanted = states.filter(({ id }) => only.length === 0 || only.includes(id) || only.includes(tag));
  if (wanted.length === 0) continue;
  const section = append(main, "section", { "data-kind": tag, "aria-labelledby": tag });
  append(append(section, "h2", { id: tag }), "code", {}, `<${tag}>`);
  append(document.querySelector("nav"), "a", { href: `#${tag}` }, tag);
  const contents = only.length === 0 ? append(section, "ul", { class: "contents" }) : null;
  const list = append(section, "div", { class: "figures" });
  for (const state of wanted) {
    const { id, title, dir, locale } = state;
    if (contents) append(append(contents, "li"), "a", { href: `#${id}` }, title);
    const figure = append(list, "figure", { id, "aria-labelledby": `${id}-title` });
    const caption = append(figure, "figcaption");
    append(caption, "h3", { id: `${id}-title` }, title);
    const link = append(caption, "a", { href: `?only=${id}`, "aria-label": `${title}, alone` }, "alone");
    link.addEventListener("click", () => (link.search = new URLSearchParams({ ...chosen(), only: id })));
    const frame = append(figure, "div", { class: "frame", ...(dir ? { dir } : {}), ...(locale ? { "data-locale": locale } : {}) });
    figures.set(frame, state);
  }
}

for (const control of form.elements) {
  const value = address.get(control.name);
  // Any locale, also one that is not in the list.
  if (control.name === "locale" && value && ![...control.options].some((option) => option.value === value)) append(control, "option", { value }, value);
  if (value !== null && [...control.options].some((option) => option.value === value)) control.value = value;
}
form.addEventListener("change", () => {
  const kept = new URLSearchParams(Object.entries(chosen()).filter(([, value]) => value !== "" && value !== "auto" && value !== "full"));
  if (only.length > 0) kept.set("only", only.join(","));
  window.history.replaceState(null, "", `${location.pathname}${kept.size > 0 ? `?${kept}` : ""}${location.hash}`);
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
show();

// Elements are made shortly before they come into sight; those of a chosen figure at once.
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    make(target, figures.get(target));
  }
}, { rootMargin: "800px" });
for (const [frame, state] of figures) {
  if (only.length > 0) make(frame, state);
  else near.observe(frame);
}
// The figures were not there yet when the browser looked for it.
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
