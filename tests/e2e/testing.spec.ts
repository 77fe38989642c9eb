// `certquote/testing`, the transport that portals test against: no browser is needed for what it answers, records and calls off.
import { expect, test } from "@playwright/test";
import {
  balance, failure, frontier, hang, history, late, malformed, mockTransport, noEstimate, price, subaccount, transactionTypes,
  type FailureCode, type MockTransport,
} from "../../package/testing.js";

const base = "http://portal.example/api/digicert";
const paths = {
  quote: "finance/order-pricing",
  balance: "finance/balance",
  subaccount: "account/subaccount/7/balance",
  frontier: "v1beta1/organizations/8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e/billing/8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e/balance",
  history: "finance/balance-history",
} as const;
type Name = keyof typeof paths;

const request = (name: Name, query: Record<string, string> = {}, init: RequestInit = {}): Request => {
  const url = new URL(`${base}/${paths[name]}`);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return new Request(url, name === "quote" ? { method: "POST", body: '{"product_name_id":"ssl_basic"}', ...init } : init);
};
const ask = async (mock: MockTransport, name: Name, query?: Record<string, string>): Promise<any> => (await mock(request(name, query))).json();
const page = async (mock: MockTransport, query: Record<string, string> = {}) => ask(mock, "history", query);

test("without a script every endpoint answers with the sample of its reference", async () => {
  const mock = mockTransport();
  expect(await ask(mock, "quote")).toMatchObject({ base_price: 782, total_price: "782.00", currency: "USD", tax_error: false });
  expect(await ask(mock, "balance")).toEqual({
    balance: "454.00", currency: "USD", unpaid_invoice_balance: "0.00", negative_balance_limit: "2000.00",
    used_credit_from_other_containers: "0.00", total_available_funds: "2454.00",
  });
  expect(await ask(mock, "subaccount")).toEqual({ amount: 5000, currency: "USD" });
  expect(await ask(mock, "frontier")).toEqual({ balance: { amount: "1200", currency: "VC" } });
  expect((await page(mock)).adjustments.map(({ id }: { id: string }) => id)).toEqual(["5335328", "5533001"]);
  expect((await mock(new Request(`${base}/user/me`))).status).toBe(404);
});

test("a script is given in its order and its last answer stays", async () => {
  const mock = mockTransport().balance(balance({ balance: "1.00" }), balance({ balance: "2.00" }));
  const seen = [];
  for (let n = 0; n < 3; n += 1) seen.push((await ask(mock, "balance")).balance);
  expect(seen).toEqual(["1.00", "2.00", "2.00"]);
  // Another endpoint has its own.
  expect(await ask(mock, "subaccount")).toEqual({ amount: 5000, currency: "USD" });
});

test("what is queued comes first, once, wherever the next request goes", async () => {
  const mock = mockTransport().balance(balance({ balance: "1.00" })).next(failure("upstream"), subaccount({ amount: 3 }));
  expect((await mock(request("balance"))).status).toBe(500);
  expect(await ask(mock, "subaccount")).toMatchObject({ amount: 3 });
  expect(await ask(mock, "balance")).toMatchObject({ balance: "1.00" });
  mock.always(failure("forbidden"));
  expect((await mock(request("quote"))).status).toBe(403);
  expect(await ask(mock, "balance")).toMatchObject({ balance: "1.00" });
  mock.reset();
  expect(mock.requests).toEqual([]);
  expect(await ask(mock, "balance")).toMatchObject({ balance: "454.00" });
});

test("an answer may be made of the request, be a promise, or both", async () => {
  const mock = mockTransport().quote(
    ({ body }) => price({ currency: body.product_name_id === "ssl_basic" ? "EUR" : "USD" }),
    Promise.resolve(noEstimate()),
    async () => failure("not_found"),
    new Response("{}", { status: 418 }),
  );
  expect(await ask(mock, "quote")).toMatchObject({ currency: "EUR" });
  expect(await ask(mock, "quote")).toMatchObject({ base_price: 0, total_price: 0 });
  expect((await mock(request("quote"))).status).toBe(404);
  for (let n = 0; n < 2; n += 1) expect((await mock(request("quote"))).status).toBe(418);
});

test("requests are recorded with what a portal asserts on", async () => {
  const mock = mockTransport();
  await mock(request("quote", {}, { headers: { Authorization: "Bearer x", "Content-Type": "application/json" } }));
  await mock(request("history", { "filters[adjust_type]": "8", limit: "1000" }));
  expect(mock.requests).toMatchObject([
    {
      endpoint: "quote", method: "POST", path: "/api/digicert/finance/order-pricing", aborted: false,
      headers: { authorization: "Bearer x" }, body: { product_name_id: "ssl_basic" },
    },
    { endpoint: "history", method: "GET", query: { "filters[adjust_type]": "8", limit: "1000" }, body: null },
  ]);
});

test("totals are added exactly, and a discount of either sign is taken off", async () => {
  const of = async (given: object) => (await ask(mockTransport().quote(price(given)), "quote")).total_price;
  expect(await of({ base_price: "0.1", tax: "0.2" })).toBe("0.3");
  expect(await of({ base_price: "9007199254740993.01", tax: "0.02" })).toBe("9007199254740993.03");
  expect(await of({ base_price: "782.00", benefits_discount_total: "782.00" })).toBe("0.00");
  expect(await of({ base_price: "782.00", benefits_discount_total: "-82" })).toBe("700.00");
  expect(await of({ addons_price_details: [{ product_id: 1, units: 2, price: "20.00", subtotal: "40.00" }] })).toBe("822.00");
  expect(await of({ base_price: "5", total_price: "7" })).toBe("7");
  expect(() => price({ base_price: "1e3" })).toThrow(/plain decimal/);
});

test("available funds follow from their parts, and credit without a limit has none", async () => {
  const of = (given: object) => ask(mockTransport().balance(balance(given)), "balance");
  expect(await of({ balance: "-10.50", unpaid_invoice_balance: "4.25" })).toMatchObject({ total_available_funds: "1985.25" });
  const unlimited = await of({ unlimited_negative_balance: true });
  expect(unlimited).toMatchObject({ unlimited_negative_balance: true });
  expect(unlimited).not.toHaveProperty("negative_balance_limit");
  expect(unlimited).not.toHaveProperty("total_available_funds");
  expect(await of({ negative_balance_limit: undefined })).not.toHaveProperty("negative_balance_limit");
});

test("credits of 64 bits keep every digit", async () => {
  expect(await ask(mockTransport().frontier(frontier({ amount: 9007199254740993n })), "frontier")).toEqual({
    balance: { amount: "9007199254740993", currency: "VC" },
  });
});

test("failures have the status and the body of the API that is asked", async () => {
  const of = async (code: FailureCode, name: Name, options = {}) => {
    const response = await mockTransport().always(failure(code, options))(request(name));
    return [response.status, await response.json(), response.headers.get("Retry-After")];
  };
  expect(await of("unauthorized", "balance")).toMatchObject([403, { errors: [{ code: "access_denied|access_denied_invalid_key" }] }, null]);
  expect(await of("unauthorized", "frontier")).toMatchObject([401, { code: 16, details: [] }, null]);
  expect(await of("rate_limited", "quote", { retryAfter: 30 })).toMatchObject([429, { errors: [{ code: "request_limit_exceeded" }] }, "30"]);
  expect(await of("timeout", "history")).toMatchObject([504, {}, null]);
  expect(await of("upstream", "quote", { status: 503 })).toMatchObject([503, {}, null]);
  const [status, body] = await of("invalid_request", "quote", { fields: ["order_validity", "billing_address.zip"] });
  expect([status, body.errors.map(({ code }: { code: string }) => code)]).toEqual([400, ["invalid_value:validity_years", "invalid_value:billing_address.zip"]]);
  expect(() => failure("invalid_draft" as FailureCode)).toThrow(/from the draft/);
});

test("no connection, a call that is off and text that is no JSON are what fetch makes of them", async () => {
  const mock = mockTransport().balance(failure("network"), failure("cancelled"), malformed());
  await expect(mock(request("balance"))).rejects.toThrow(TypeError);
  await expect(mock(request("balance"))).rejects.toMatchObject({ name: "AbortError" });
  await expect(ask(mock, "balance")).rejects.toThrow(SyntaxError);
});

test("whatever takes its time is called off with the request", async () => {
  for (const answer of [hang(), late(600_000, price()), new Promise<never>(() => {})]) {
    const mock = mockTransport().quote(answer);
    const abort = new AbortController();
    const answered = mock(request("quote", {}, { signal: abort.signal }));
    expect(mock.pending).toBe(1);
    abort.abort();
    await expect(answered).rejects.toMatchObject({ name: "AbortError" });
    expect(mock.pending).toBe(0);
    expect(mock.requests[0]?.aborted).toBe(true);
  }
  await expect(mockTransport()(request("balance", {}, { signal: AbortSignal.abort() }))).rejects.toMatchObject({ name: "AbortError" });
});

test("a delay holds an answer back", async () => {
  const mock = mockTransport({ latency: 5 }).balance(late(5, balance()));
  const answered = mock(request("balance"));
  expect(mock.pending).toBe(1);
  expect((await answered).status).toBe(200);
});

test.describe("a history", () => {
  const cents = (text: string) => BigInt(text.replace(".", ""));
  const mock = () => mockTransport().history(history({ count: 100_000, until: "2026-11-20 12:00:00" }));

  test("of 100,000 adjustments has pages whose balances follow from each other", async () => {
    const all = mock();
    const first = await page(all, { sort: "-transaction_date,-id", limit: "1000", offset: "0" });
    expect(first.page).toEqual({ total: 100_000, limit: 1000, offset: 0 });
    expect(first.adjustments).toHaveLength(1000);
    const second = await page(all, { sort: "-transaction_date,-id", limit: "1000", offset: "1000" });
    const rows = [...first.adjustments, ...second.adjustments];
    expect(rows[0].transaction_date).toBe("2026-11-20 12:00:00");
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2000);
    const unfollowed = rows.slice(0, -1).filter((row, n) => {
      const change = row.credit === undefined ? -cents(row.debit) : cents(row.credit);
      const follows = cents(row.balance_after) === cents(rows[n + 1].balance_after) + change;
      return !follows || row.transaction_date <= rows[n + 1].transaction_date;
    });
    expect(unfollowed).toEqual([]);
    const last = await page(all, { sort: "-transaction_date,-id", limit: "1000", offset: "99999" });
    expect(last.adjustments).toHaveLength(1);
    const [oldest] = (await page(all, { sort: "transaction_date,id", limit: "1" })).adjustments;
    expect(oldest).toEqual(last.adjustments[0]);
    expect((await page(all, { offset: "200000" })).adjustments).toEqual([]);
  });

  test("is filtered and sorted by the parameters of the API", async () => {
    const all = mockTransport().history(history({ count: 8000, until: "2026-11-20 12:00:00" }));
    const deposits = await page(all, { "filters[adjust_type]": "8", limit: "2" });
    expect(deposits.page.total).toBe(1000);
    expect(deposits.adjustments.map((row: any) => row.transaction_type)).toEqual([transactionTypes[8], transactionTypes[8]]);
    const days = await page(all, { "filters[transaction_date]": "2026-11-18...2026-11-19", sort: "transaction_date" });
    const dates = days.adjustments.map((row: any) => row.transaction_date.slice(0, 10));
    expect([...new Set(dates)]).toEqual(["2026-11-18", "2026-11-19"]);
    expect((await page(all, { "filters[transaction_date]": ">2026-11-19" })).page.total).toBe(2);
    expect((await page(all, { "filters[container_id]": "5" })).page.total).toBe(0);
    const debits = (await page(all, { "filters[transaction_date]": "2026-11-01...2026-11-20", sort: "-debit,-transaction_date" })).adjustments;
    const amounts = debits.map((row: any) => (row.debit === undefined ? -1n : cents(row.debit)));
    expect(amounts).toEqual([...amounts].sort((a, b) => (a === b ? 0 : a > b ? -1 : 1)));
    const expiring = (await page(all, { sort: "expiration_date,id", limit: "1" })).adjustments[0];
    expect(expiring).not.toHaveProperty("expiration_date");
  });

  test("of given adjustments keeps them as they are, and one that is made up may be changed", async () => {
    const given = [{ id: "2", debit: "9.00" }, { id: "10", debit: "10.00" }, { id: "1" }];
    const of = mockTransport().history(history({ adjustments: given }));
    expect((await page(of)).adjustments).toEqual(given);
    const ids = async (sort: string) => (await page(of, { sort })).adjustments.map(({ id }: { id: string }) => id);
    expect(await ids("id")).toEqual(["1", "2", "10"]);
    expect(await ids("debit")).toEqual(["1", "2", "10"]);
    expect(await ids("-debit")).toEqual(["10", "2", "1"]);
    const changed = mockTransport().history(history({ count: 3, row: (row, place) => ({ ...row, note: `note ${place}` }) }));
    expect((await page(changed)).adjustments.map(({ note }: { note: string }) => note)).toEqual(["note 0", "note 1", "note 2"]);
  });

  test("fails at a later page where a script says so", async () => {
    const failing = mockTransport().history(history({ count: 3000 }), failure("upstream"));
    expect((await page(failing, { limit: "1000" })).adjustments).toHaveLength(1000);
    expect((await failing(request("history", { offset: "1000" }))).status).toBe(500);
  });
});
