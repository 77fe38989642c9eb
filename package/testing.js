// Test doubles for pages that embed certquote's elements: a transport that answers from a script instead of the network. Plain
// JavaScript without dependencies, for browsers and Node alike; nothing in it is left to chance. See docs/testing.md.

// Amounts are added as whole numbers of 10^-12: a float would lose cents.

const SCALE = 12;
const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,12}))?$/;

function units(amount) {
  const [, sign, whole, fraction = ""] = DECIMAL.exec(String(amount)) ?? [];
  if (whole === undefined) throw new TypeError(`not a plain decimal: ${amount}`);
  const value = BigInt(whole + fraction.padEnd(SCALE, "0"));
  return sign ? -value : value;
}

/** As many decimals as the amount with the most has. */
function sum(amounts) {
  const places = Math.max(...amounts.map((amount) => DECIMAL.exec(String(amount))?.[3]?.length ?? 0));
  const total = amounts.reduce((total, amount) => total + units(amount), 0n);
  const digits = String(total < 0n ? -total : total).padStart(SCALE + 1, "0");
  const fraction = digits.slice(-SCALE).slice(0, places);
  return `${total < 0n ? "-" : ""}${digits.slice(0, -SCALE)}${fraction && "."}${fraction}`;
}

const negated = (amount) => (String(amount).startsWith("-") ? String(amount).slice(1) : `-${amount}`);
const magnitude = (amount) => String(amount).replace("-", "");

// Answers.

const json = (body) => ({ status: 200, json: body });

/** The sample of the reference of order-pricing. */
const PRICE = {
  base_price: 782, addons_price: 0, san_package_price: 0, benefits_discount_total: 0,
  fqdns: { subtotal: 0, units: 0 }, wildcards: { subtotal: 0, units: 0 },
  balance: 0, currency: "USD", tax: "0.00", tax_error: false,
};

export function price(given = {}) {
  const answer = { ...PRICE, ...given };
  const details = answer.addons_price_details;
  if (details && given.addons_price === undefined) answer.addons_price = sum(["0", ...details.map(({ subtotal }) => subtotal)]);
  const { base_price, addons_price, san_package_price, fqdns, wildcards, benefits_discount_total, tax } = answer;
  const parts = [base_price, addons_price, san_package_price, fqdns?.subtotal, wildcards?.subtotal, tax].map((part) => part ?? 0);
  answer.total_price ??= sum([...parts, negated(magnitude(benefits_discount_total ?? 0))]);
  return json(answer);
}

export const noEstimate = (given = {}) => price({ base_price: 0, total_price: 0, tax: 0, ...given });

/** The sample of the reference of the account's balance. */
const BALANCE = {
  balance: "454.00", currency: "USD", unpaid_invoice_balance: "0.00",
  negative_balance_limit: "2000.00", used_credit_from_other_containers: "0.00",
};

export function balance(given = {}) {
  const answer = { ...BALANCE, ...given };
  if (answer.unlimited_negative_balance) {
    // Neither is returned then.
    delete answer.negative_balance_limit;
    delete answer.total_available_funds;
  } else if (!("total_available_funds" in given)) {
    const { negative_balance_limit: limit, unpaid_invoice_balance: unpaid, used_credit_from_other_containers: used } = answer;
    answer.total_available_funds = sum([answer.balance ?? 0, limit ?? 0, negated(unpaid ?? 0), negated(used ?? 0)]);
  }
  return json(answer);
}

export const subaccount = (given = {}) => json({ amount: 5000, currency: "USD", ...given });

/** 64-bit integers travel as texts. */
export const frontier = ({ amount = 1200, currency = "VC", ...more } = {}) =>
  json({ balance: { amount: String(amount), currency, ...more } });

/** What the two APIs send with each code; Frontier's codes are gRPC's. */
const FAILURES = {
  timeout: [504, "gateway_timeout", 4, "The service did not answer in time."],
  unauthorized: [403, "access_denied|access_denied_invalid_key", 16, "Access denied due to access_denied_invalid_key."],
  forbidden: [403, "access_denied|missing_permission", 7, "Access denied due to missing_permission."],
  not_found: [404, "not_found", 5, "The requested resource was not found."],
  invalid_request: [400, "bad_request_format", 3, "The request could not be read."],
  rate_limited: [429, "request_limit_exceeded", 8, "Service unavailable, please limit request volume"],
  upstream: [500, "internal_error", 13, "An internal error occurred."],
};

/** What DigiCert calls the fields of a draft. */
const FIELDS = { order_validity: "validity_years" };

export function failure(code, { status, retryAfter, fields, message, codes } = {}) {
  if (code === "network") return { network: true };
  if (code === "cancelled") return { cancelled: true };
  if (code === "unreadable") return malformed();
  if (!Object.hasOwn(FAILURES, code)) {
    throw new TypeError(`${code} does not come from an answer: misconfigured comes from attributes, invalid_draft from the draft`);
  }
  return ({ endpoint }) => {
    const ofFrontier = endpoint === "frontier";
    const [usual, text, number, says] = FAILURES[code];
    const refused = fields?.map((field) => {
      const name = FIELDS[field] ?? field;
      return { code: `invalid_value:${name}`, message: `${name} contains an invalid value.` };
    });
    const errors = refused ?? (codes ?? [text]).map((code) => ({ code, message: message ?? says }));
    return {
      status: status ?? (ofFrontier && code === "unauthorized" ? 401 : usual),
      headers: retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) },
      json: ofFrontier ? { code: number, message: message ?? says, details: [] } : { errors },
    };
  };
}

export const malformed = (text = '{"base_price":782,"balance":"454.0') => ({ status: 200, text });
export const hang = () => ({ hang: true });
export const late = (latency, answer) => ({ latency, answer });

// The history: rows are made when they are asked for.

/** Types by their numbers in the reference's table. */
export const transactionTypes = Object.freeze({
  1: "Charge", 4: "Sale from Account Balance", 8: "Credit Card Deposit", 9: "Wire Deposit", 11: "Deposit from Check",
  12: "Deposit from PO", 13: "Credit for Commission Payment", 15: "Purchase Order Payment", 16: "Additional Name Purchase",
  18: "Credit for a revoked certificate", 19: "Transfer of funds to another unit in the account",
  20: "Transfer of funds from another unit in the account", 22: "Charge for Subaccount Order",
  23: "Refund for Subaccount Order", 26: "Refund", 27: "Account Funds Expiration", 28: "Charge for unit order",
  29: "Refund for unit order",
});

/** What goes in and out of a made-up account, again and again: cents, and types of the table. */
const PATTERN = [[250000, 8], [-23800, 1], [-78200, 4], [-9950, 16], [9950, 26], [-34000, 1], [-68000, 22], [-31500, 1]];
const ROUND = PATTERN.reduce((total, [cents]) => total + cents, 0);
const HOURS = 7;

const cents = (amount) => `${amount < 0 ? "-" : ""}${Math.trunc(Math.abs(amount) / 100)}.${String(Math.abs(amount) % 100).padStart(2, "0")}`;
const moment = (time) => new Date(time).toISOString().slice(0, 19).replace("T", " ");

/** The adjustment at this place of `count`, the newest at 0. Its balance follows from the one before. */
function made(place, count, until) {
  const age = count - 1 - place;
  const step = age % PATTERN.length;
  const before = Math.trunc(age / PATTERN.length) * ROUND;
  const after = PATTERN.slice(0, step + 1).reduce((total, [amount]) => total + amount, before);
  const [amount, type] = PATTERN[step];
  const time = until - place * HOURS * 3_600_000;
  const row = {
    id: String(5_300_000 + age),
    container: { id: 123456, name: "Example Company", is_active: true },
    [amount < 0 ? "debit" : "credit"]: cents(Math.abs(amount)),
    transaction_type: transactionTypes[type],
    receipt_id: amount < 0 ? String(700_000 + age) : "0",
    transaction_date: moment(time),
    balance_after: cents(after),
    currency: "USD",
  };
  return type === 8 ? { ...row, expiration_date: moment(time + 365 * 86_400_000) } : row;
}

export function history({ count, adjustments, until = "2021-01-21 15:21:34", row } = {}) {
  const newest = Date.parse(`${until.replace(" ", "T")}Z`);
  const rows = adjustments ?? (count === undefined ? SAMPLE : undefined);
  const plain = (place) => made(place, count, newest);
  const source = rows
    ? { count: rows.length, at: (place) => rows[place], ordered: false }
    : { count, at: row ? (place) => row(plain(place), place) : plain, ordered: !row };
  let last = {};
  return ({ query }) => {
    const { limit: most, offset: skipped, ...wanted } = query;
    const offset = Number(skipped ?? 0);
    const limit = Math.min(Number(most ?? 1000), 1000);
    const key = JSON.stringify(wanted);
    // The pages of one listing come one after the other.
    if (last.key !== key) last = { key, listing: listing(source, wanted) };
    const { listing: found } = last;
    const page = Array.from({ length: Math.max(0, Math.min(limit, found.count - offset)) }, (_, n) => found.at(offset + n));
    return json({ adjustments: page, page: { total: found.count, limit, offset } });
  };
}

const SAMPLE = [
  {
    id: "5335328", container: { id: 123456, name: "Example Company", is_active: true }, debit: "750.00",
    transaction_type: "Charge", transaction_date: "2021-01-21 15:21:34", balance_after: "8500.15", currency: "USD",
  },
  {
    id: "5533001", container: { id: 123456, name: "Example Company", is_active: true }, credit: "1000.00",
    transaction_type: "Credit Card Deposit", transaction_date: "2021-01-21 15:20:18", balance_after: "9250.15",
    expiration_date: "2022-01-21 00:00:00", currency: "USD",
  },
];

/** The rows that the filters of a query leave, in its order. */
function listing(source, query) {
  const tests = filters(query);
  const keys = (query.sort ?? "").split(",").filter(Boolean);
  // Made-up rows are in the order of time as they are; a hundred thousand need not be made to be sorted by it.
  const [first = "-transaction_date"] = keys;
  if (source.ordered && tests.length === 0 && /^-?transaction_date$/.test(first)) {
    return first.startsWith("-") ? source : { count: source.count, at: (place) => source.at(source.count - 1 - place) };
  }
  const places = [];
  const columns = keys.map(() => []);
  for (let place = 0; place < source.count; place += 1) {
    const row = source.at(place);
    if (!tests.every((test) => test(row))) continue;
    places.push(place);
    keys.forEach((key, n) => (columns[n][place] = sortable(row, key.replace("-", ""))));
  }
  places.sort((a, b) => {
    for (const [n, key] of keys.entries()) {
      const [x, y] = [columns[n][a], columns[n][b]];
      // Ascending, rows without a value come first.
      const order = x === y ? 0 : x === null || (y !== null && x < y) ? -1 : 1;
      if (order !== 0) return key.startsWith("-") ? -order : order;
    }
    return a - b;
  });
  return { count: places.length, at: (place) => source.at(places[place]) };
}

function sortable(row, key) {
  const value = row[key];
  if (value === undefined || value === null || value === "") return null;
  if (["credit", "debit", "balance_after"].includes(key)) return DECIMAL.test(String(value)) ? units(value) : null;
  return /^\d{1,15}$/.test(String(value)) ? Number(value) : String(value);
}

function filters(query) {
  const tests = [];
  for (const [name, wanted] of Object.entries(query)) {
    const property = /^filters\[(\w+)\]$/.exec(name)?.[1];
    if (property === "container_id") tests.push((row) => String(row.container?.id) === wanted);
    else if (property === "adjust_type") tests.push((row) => row.transaction_type === transactionTypes[wanted]);
    else if (property) tests.push((row) => within(row[property]?.slice(0, 10), wanted));
  }
  return tests;
}

/** `day`, `<day`, `>day`, or `day...day` with both ends. */
function within(day, wanted) {
  if (!day) return false;
  if (wanted.startsWith(">")) return day > wanted.slice(1);
  if (wanted.startsWith("<")) return day < wanted.slice(1);
  const [from, to = from] = wanted.split("...");
  return from <= day && day <= to;
}

// The transport.

const ENDPOINTS = [
  ["quote", /\/finance\/order-pricing$/],
  ["balance", /\/finance\/balance$/],
  ["history", /\/finance\/balance-history$/],
  ["subaccount", /\/account\/subaccount\/\d+\/balance$/],
  ["frontier", /\/v1beta1\/organizations\/[^/]+\/billing\/[^/]+\/balance$/],
];
const SAMPLES = { quote: price, balance, subaccount, frontier, history };
const unknownRoute = () => failure("not_found", { codes: ["not_found|route"] });

export function mockTransport({ latency = 0 } = {}) {
  const scripts = new Map();
  const queue = [];
  const requests = [];
  let fallback = null;
  let pending = 0;

  /** What is next for an endpoint: what was queued, its script, whose last answer stays, or the documented sample. */
  const next = (endpoint) => {
    if (queue.length > 0) return queue.shift();
    const script = scripts.get(endpoint);
    if (script) return script.length > 1 ? script.shift() : script[0];
    return fallback ?? (SAMPLES[endpoint] ?? unknownRoute)();
  };

  const transport = async (request) => {
    const { pathname, searchParams } = new URL(request.url, "http://mock.invalid");
    const asked = {
      endpoint: ENDPOINTS.find(([, path]) => path.test(pathname))?.[0] ?? null,
      method: request.method,
      url: request.url,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(request.headers),
      body: null,
      aborted: false,
    };
    requests.push(asked);
    // Chosen at once: a script is in the order of the requests, however long their bodies take to read.
    const answer = next(asked.endpoint);
    pending += 1;
    try {
      return await unlessAborted(request.signal, async () => {
        const text = await request.clone().text();
        asked.body = text === "" ? null : parsed(text);
        return give(await settled({ latency, answer }, asked));
      });
    } catch (cause) {
      asked.aborted = request.signal.aborted;
      throw cause;
    } finally {
      pending -= 1;
    }
  };

  const script = (endpoint) => (...answers) => {
    if (answers.length > 0) scripts.set(endpoint, answers);
    else scripts.delete(endpoint);
    return transport;
  };
  Object.defineProperties(transport, {
    requests: { value: requests },
    pending: { get: () => pending },
  });
  return Object.assign(transport, {
    quote: script("quote"),
    balance: script("balance"),
    subaccount: script("subaccount"),
    frontier: script("frontier"),
    history: script("history"),
    next: (...answers) => (queue.push(...answers), transport),
    always: (answer) => ((fallback = answer ?? null), transport),
    reset() {
      scripts.clear();
      queue.length = requests.length = 0;
      fallback = null;
      return transport;
    },
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Follows functions, promises and delays to the answer itself. */
async function settled(answer, asked) {
  let found = await answer;
  while (typeof found === "function" || "answer" in found) {
    if (typeof found === "function") {
      found = await found(asked);
      continue;
    }
    const { latency } = found;
    if (latency > 0) await new Promise((done) => setTimeout(done, latency));
    found = await found.answer;
  }
  return found;
}

function give(answer) {
  if (answer instanceof Response) return answer.clone();
  const { status = 200, headers = {}, text, json, network, cancelled, hang } = answer;
  if (hang) return new Promise(() => {});
  if (network) throw new TypeError("Failed to fetch");
  if (cancelled) throw aborted();
  // These have no body.
  const body = [204, 205, 304].includes(status) ? null : (text ?? JSON.stringify(json));
  return new Response(body, { status, headers: { "Content-Type": "application/json", ...headers } });
}

const aborted = () => new DOMException("The operation was aborted.", "AbortError");

/** Rejects as `fetch` does when the request is called off, whatever it waits for. */
function unlessAborted(signal, work) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted());
    const off = () => reject(aborted());
    signal.addEventListener("abort", off, { once: true });
    work().then(resolve, reject).finally(() => signal.removeEventListener("abort", off));
  });
}
