// `<cert-balance>`: each source, each state, and what it never does: show zero for unknown, or ask twice at once.
import { expectAccessible } from "./support/axe.ts";
import { account, asked, expect, failedToLoad, frontier, hold, test, unlimited, uuid, type BalanceCard } from "./support/balance.ts";
import { digicertError } from "./support/quote.ts";
import type { Answer } from "./support/upstream.ts";

const amount = (text: string) => ["data-amount", text] as const;

test.describe("an account", () => {
  test("shows the documented sum as a sum, and what can be spent largest", async ({ balance, open }) => {
    await open();
    await balance.settles("ready");
    for (const [field, value] of Object.entries(account).filter(([field]) => field !== "currency")) {
      await expect(balance.field(field)).toHaveAttribute(...amount(value));
    }
    await expect(balance.field("balance")).toHaveText("$454.00");
    await expect(balance.element.locator(".figure")).toHaveText("$2,454.00 USD");
    await expect(balance.element.locator("[data-currency]")).toHaveAttribute("data-currency", "USD");
    const terms = await balance.element.locator("dt").allInnerTexts();
    expect(terms.map((term) => term.replaceAll(/\s+/g, " ").trim())).toEqual([
      "Balance", "+ plus Credit limit", "− minus Unpaid invoices", "− minus Used by other divisions", "= equals Available funds",
    ]);
    expect(await balance.read("result")).toMatchObject({
      source: "account", amount: "454.00", currency: "USD", available: "2454.00", unlimited: false, updated_at: null,
    });
    expect(await balance.read("error")).toBeNull();
  });

  test("asks once, for its container, and tells the state before the balance", async ({ balance, open, upstream }) => {
    await open({ "container-id": "7" });
    await balance.settles("ready");
    expect(asked(upstream)).toEqual(["/services/v2/finance/balance?container_id=7"]);
    const told = await balance.told();
    expect(told.map(({ type, detail }) => [type, detail.state])).toEqual([
      ["cert-state", "loading"], ["cert-state", "ready"], ["cert-balance", undefined],
    ]);
    expect(told.at(-1)).toMatchObject({ bubbles: true, composed: true, detail: { amount: "454.00" } });
  });

  test("shows both sums when the API's own differs, and by how much", async ({ answer, balance, open }) => {
    answer({ json: { ...account, unpaid_invoice_balance: "125.50" } });
    await open();
    await expect(balance.field("total_available_funds")).toHaveAttribute(...amount("2454.00"));
    await expect(balance.element.locator(".sum dd")).toHaveAttribute(...amount("2328.50"));
    await expect(balance.element).toContainText("$125.50 more than the parts add up to");
    await expect(balance.element.locator(".figure")).toContainText("$2,454.00");
  });

  test("a part that the API does not state is no zero", async ({ answer, balance, open }) => {
    const { unpaid_invoice_balance: _, ...lacking } = account;
    answer({ json: lacking });
    await open();
    await expect(balance.element).toContainText("Not stated by DigiCert: Unpaid invoices.");
    await expect(balance.field("unpaid_invoice_balance")).toHaveCount(0);
    await expect(balance.field("total_available_funds")).toHaveAttribute(...amount("2454.00"));
  });

  test("without a stated total the balance stands in its place, and says so", async ({ answer, balance, open }) => {
    answer({ json: { balance: "454.00", currency: "EUR" } });
    await open();
    await expect(balance.element.locator(".figure")).toHaveText("€454.00 EUR");
    await expect(balance.element.locator(".top")).toContainText("Balance");
    await expect(balance.element).toContainText(/Not stated by DigiCert: .*Available funds/);
    expect((await balance.read("result")).available).toBeNull();
  });

  test("unlimited credit is said in words, beside what is owed", async ({ answer, balance, open }) => {
    answer({ json: unlimited });
    await open({ "low-balance": "500" });
    await expect(balance.element.locator(".figure")).toHaveText("Unlimited credit");
    await expect(balance.field("balance")).toHaveAttribute(...amount("-1000.70"));
    await expect(balance.field("balance")).toHaveText("−$1,000.70");
    await expect(balance.element).toContainText("Overdrawn by $1,000.70");
    await expect(balance.field("total_available_funds")).toHaveCount(0);
    await expect(balance.low).toHaveAttribute("data-low", "ok");
  });
});

test.describe("the other sources", () => {
  test("a subaccount has one amount", async ({ answer, balance, open, upstream }) => {
    answer({ json: { amount: 5000, currency: "USD" } }, { json: { amount: "-350", currency: "USD" } });
    await open({ source: "subaccount", "subaccount-id": "42" });
    await expect(balance.field("amount")).toHaveAttribute(...amount("5000"));
    await expect(balance.field("amount")).toHaveText("$5,000.00");
    await balance.refreshButton.click();
    await expect(balance.field("amount")).toHaveText("−$350.00");
    await expect(balance.element).toContainText("Overdrawn by $350.00");
    expect(asked(upstream)[0]).toBe("/services/v2/account/subaccount/42/balance");
  });

  const credits: [string, object, string, string][] = [
    ["whole credits", { amount: "1200", currency: "VC", updated_at: null }, "1200", "1,200 credits"],
    ["a single one, in lower case", { amount: "1", currency: "vc" }, "1", "1 credit"],
    ["more than a float holds", { amount: "9007199254740993", currency: "VC" }, "9007199254740993", "9,007,199,254,740,993 credits"],
    ["what is owed", { amount: "-350", currency: "VC" }, "-350", "−350 credits"],
    ["a zero that is left out", { currency: "VC" }, "0", "0 credits"],
    ["money", { amount: "1200", currency: "EUR" }, "1200", "€1,200.00"],
    ["an unknown code", { amount: "1200", currency: "TOKENS" }, "1200", "1,200 TOKENS"],
    ["no code at all", { amount: "1200", currency: "" }, "1200", "1,200"],
  ];
  for (const [name, json, digits, text] of credits) {
    test(`Frontier: ${name}`, async ({ answer, balance, open, upstream }) => {
      answer({ json: { balance: json } });
      await open(frontier);
      await expect(balance.field("amount")).toHaveAttribute(...amount(digits));
      await expect(balance.field("amount")).toHaveText(text);
      await expect(balance.element).toContainText(/As of .*\(fetched\)/);
      expect(asked(upstream)).toEqual([`/v1beta1/organizations/${uuid}/billing/${uuid}/balance`]);
    });
  }

  test("Frontier: a time of its own is shown as one", async ({ answer, balance, open }) => {
    answer({ json: { balance: { amount: "5", currency: "VC", updated_at: "2024-07-13T09:54:48.253921Z" } } });
    await open(frontier);
    await expect(balance.element).toContainText("Updated Jul 13, 2024, 9:54 AM.");
    expect((await balance.read("result")).updated_at).toBe("2024-07-13T09:54:48.253921Z");
  });

  test("Frontier: an answer without a balance is unreadable", async ({ answer, balance, open }) => {
    answer({ json: {} });
    await open(frontier);
    await expect(balance.error("unreadable")).toBeVisible();
    await expect(balance.field("amount")).toHaveCount(0);
  });
});

test.describe("loading and failing", () => {
  test("the figures come without moving anything", async ({ balance, open, page }) => {
    const release = await hold(page);
    await open();
    await balance.settles("loading");
    await expect(balance.refreshButton).toHaveAttribute("aria-busy", "true");
    const height = () => balance.element.evaluate((element) => element.getBoundingClientRect().height);
    const before = await height();
    await expect(balance.element.locator("[data-field]")).toHaveCount(0);
    release();
    await balance.settles("ready");
    expect(await height()).toBe(before);
  });

  test("a first failure is a dash and a way on, never a zero", async ({ answer, allowConsole, balance, open }) => {
    allowConsole(failedToLoad);
    answer({ status: 500, json: { errors: [] } }, { json: account });
    await open();
    await expect(balance.error("upstream")).toHaveAttribute("role", "alert");
    expect(await balance.state()).toBe("error");
    await expect(balance.element.locator(".figure")).toHaveText("— Not available");
    await expect(balance.element.locator("[data-amount]")).toHaveCount(0);
    expect(await balance.read("result")).toBeNull();
    await balance.tryAgain.click();
    await balance.settles("ready");
    await expect(balance.error()).toHaveCount(0);
  });

  test("a failed refresh keeps the figures, with their age", async ({ answer, allowConsole, balance, open, page }) => {
    allowConsole(failedToLoad);
    await page.clock.install({ time: new Date("2026-11-21T14:05:00Z") });
    answer({ json: account }, { status: 503, json: {} }, { json: { ...account, balance: "10" } });
    await open();
    await balance.settles("ready");
    await page.clock.setFixedTime(new Date("2026-11-21T14:17:30Z"));
    const outcome = await balance.refresh();
    expect(outcome).toMatchObject({ error: { code: "upstream", status: 503 } });
    expect(await balance.state()).toBe("stale");
    await expect(balance.field("balance")).toHaveAttribute(...amount("454.00"));
    await expect(balance.element).toContainText("Balance of Nov 21, 2026, 2:05 PM, 12 minutes ago.");
    expect(await balance.read("result")).toMatchObject({ amount: "454.00" });
    await balance.tryAgain.click();
    await balance.settles("ready");
    await expect(balance.field("balance")).toHaveAttribute(...amount("10"));
    expect(await balance.read("error")).toBeNull();
  });

  test("any number of refreshes are one request", async ({ answer, balance, open, page, upstream }) => {
    await open();
    await balance.settles("ready");
    const release = await hold(page);
    answer({ json: { ...account, balance: "7.00" } });
    const outcomes = Promise.all([balance.refresh(), balance.refresh()]);
    await balance.settles("loading");
    await expect(balance.field("balance")).toHaveAttribute(...amount("454.00"));
    await balance.refreshButton.click();
    release();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ balance: { amount: "7.00" } });
    expect(asked(upstream)).toHaveLength(2);
  });

  test("another account drops the figures of the one before", async ({ answer, balance, open }) => {
    answer({ json: account }, { hang: true }, { json: { ...account, balance: "9.00" } });
    await open({ "container-id": "7" });
    await balance.settles("ready");
    await balance.set("container-id", "8");
    await balance.settles("loading");
    await expect(balance.element.locator("[data-field]")).toHaveCount(0);
    expect(await balance.read("result")).toBeNull();
    await balance.set("container-id", "9");
    await expect(balance.field("balance")).toHaveAttribute(...amount("9.00"));
  });

  test("the tab that comes back asks again after five minutes, not before", async ({ balance, open, page, upstream }) => {
    await page.clock.install({ time: new Date("2026-11-21T14:05:00Z") });
    await open();
    await balance.settles("ready");
    const back = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.clock.setFixedTime(new Date("2026-11-21T14:09:00Z"));
    await back();
    await page.clock.setFixedTime(new Date("2026-11-21T14:12:00Z"));
    await back();
    await expect.poll(() => asked(upstream).length).toBe(2);
    await balance.settles("ready");
  });

  test("taken out and put back it keeps what it has and asks nothing", async ({ balance, open, upstream }) => {
    await open();
    await balance.settles("ready");
    await balance.element.evaluate(async (element) => {
      const place = element.parentElement!;
      element.remove();
      await new Promise((done) => setTimeout(done));
      place.append(element);
    });
    await expect(balance.field("balance")).toHaveAttribute(...amount("454.00"));
    expect(await balance.state()).toBe("ready");
    expect(asked(upstream)).toHaveLength(1);
  });

  test("a settled balance is announced once", async ({ answer, balance, open }) => {
    answer({ json: account, delayMs: 100 });
    await open({ "low-balance": "500" });
    await expect(balance.status).toHaveText("Available funds $2,454.00. Low balance: at or below the threshold of $500.00 USD.");
  });
});

test.describe("what the portal engineer reads", () => {
  const missing: [Record<string, string>, string][] = [
    [{ source: "subaccount" }, "subaccount-id"],
    [{ source: "frontier", "org-id": uuid }, "billing-id"],
    [{ source: "frontier", "org-id": "acme", "billing-id": uuid }, "org-id"],
    [{ source: "acount" }, "source"],
    [{ "container-id": "12a" }, "container-id"],
  ];
  for (const [attributes, named] of missing) {
    test(`${JSON.stringify(attributes)} names ${named} and asks nothing`, async ({ balance, open, upstream }) => {
      await open(attributes);
      await expect(balance.error("misconfigured")).toContainText(named);
      expect(await balance.state()).toBe("error");
      expect(await balance.refresh()).toMatchObject({ error: { code: "misconfigured" } });
      expect((await balance.told("cert-error"))[0]?.detail).toMatchObject({ code: "misconfigured" });
      expect(asked(upstream)).toEqual([]);
    });
  }

  test("a number that is missing is said to be, of the source that was asked for", async ({ balance, open, page }) => {
    await open({ source: "subaccount" });
    await expect(balance.error("misconfigured")).toContainText("Missing, so that nothing can be shown: attribute “subaccount-id”.");
    await expect(page.locator("cert-balance")).toContainText("DigiCert subaccount");
  });

  test("a threshold that is none is named, and the rest works", async ({ balance, open }) => {
    await open({ "low-balance": "some" });
    await balance.settles("ready");
    await expect(balance.error("misconfigured")).toContainText("low-balance");
    await expect(balance.low).toHaveCount(0);
  });

  test("403 missing_permission says which role is needed", async ({ answer, allowConsole, balance, open }) => {
    allowConsole(failedToLoad);
    answer(digicertError(403, "access_denied|missing_permission"));
    await open();
    await expect(balance.error("forbidden")).toContainText("Administrator, Manager or Finance manager");
    await expect(balance.tryAgain).toHaveCount(0);
  });

  test("a refusal without a container says that there may be several", async ({ answer, allowConsole, balance, open }) => {
    allowConsole(failedToLoad);
    answer(digicertError(400, "invalid_request"));
    await open();
    await expect(balance.error("invalid_request")).toContainText("container-id");
    await balance.set("container-id", "7");
    await expect(balance.error("invalid_request")).not.toContainText("container-id");
  });
});

test("low-balance goes from ok to approaching to low and recovers only at twice the threshold", async ({ answer, balance, open }) => {
  const of = (balance: string): Answer => ({ json: { ...account, balance } });
  answer(of("5000"), of("700"), of("500.00"), of("999.99"), of("1000"));
  await open({ "low-balance": "500" });
  await expect(balance.low).toHaveAttribute("data-low", "ok");
  for (const level of ["approaching", "low", "approaching", "ok"]) {
    await balance.refresh();
    await expect(balance.low).toHaveAttribute("data-low", level);
    await expect(balance.low).toContainText("$500.00 USD");
  }
  const told = await balance.told("cert-low-balance");
  expect(told.map(({ detail }) => [detail.level, detail.amount])).toEqual([
    ["approaching", "700"], ["low", "500.00"], ["approaching", "999.99"], ["ok", "1000"],
  ]);
  expect(told[0]).toMatchObject({ bubbles: true, composed: true, detail: { threshold: "500", currency: "USD" } });
});

const states: [string, Record<string, string>, Answer[], string, (balance: BalanceCard) => Promise<unknown>][] = [
  ["loading", {}, [{ hang: true }], "loading", async () => {}],
  ["ready, low", { "low-balance": "500" }, [{ json: account }], "ready", async () => {}],
  ["ready, well", { "low-balance": "5" }, [{ json: account }], "ready", async () => {}],
  ["a sum that differs", {}, [{ json: { ...account, total_available_funds: "1.00" } }], "ready", async () => {}],
  ["unlimited", {}, [{ json: unlimited }], "ready", async () => {}],
  ["frontier", frontier, [{ json: { balance: { amount: "-9007199254740993", currency: "VC" } } }], "ready", async () => {}],
  ["failed at first", {}, [{ status: 500, json: {} }], "error", async () => {}],
  ["stale", {}, [{ json: account }, { status: 429, json: {}, headers: { "Retry-After": "9" } }], "stale", (balance) => balance.refresh()],
  ["misconfigured", { source: "frontier" }, [], "error", async () => {}],
];
for (const [name, attributes, answers, state, then] of states) {
  test(`everybody can read it: ${name}`, async ({ answer, allowConsole, balance, open, page }) => {
    allowConsole(failedToLoad);
    answer(...answers);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (colorScheme === "light") {
        await open(attributes);
        if (state === "stale") await balance.settles("ready");
        await then(balance);
        await balance.settles(state);
      }
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 700 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `sideways at ${width}`).toBeLessThanOrEqual(0);
      }
      await expectAccessible(page, `${name}, ${colorScheme}`);
    }
  });
}
