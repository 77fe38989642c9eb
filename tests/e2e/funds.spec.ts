// The verdict: a quote beside the balance of the same account says what is left, or exactly what is missing.
import { expectAccessible } from "./support/axe.ts";
import { account, available, BalanceCard, expect, tag, test, unlimited } from "./support/balance.ts";
import { QuoteForm } from "./support/quote.ts";
import type { Page } from "@playwright/test";

const both = (quote: Record<string, string> = {}, balance: Record<string, string> = {}) =>
  tag("cert-balance", balance) + tag("cert-quote", quote);

const verdict = (page: Page) => page.locator("cert-quote [data-funds]");

async function price(page: Page): Promise<QuoteForm> {
  const quote = new QuoteForm(page, "");
  await expect(quote.names).toBeVisible();
  await quote.price();
  return quote;
}

test("enough: what is available after the order", async ({ page, show, balance }) => {
  await show(both());
  await balance.settles("ready");
  const quote = await price(page);
  await expect(verdict(page)).toHaveAttribute("data-funds", "covered");
  await expect(verdict(page)).toHaveAttribute("data-amount", "1672.00");
  await expect(verdict(page)).toContainText("After this order: $1,672.00 available");
  await expect(verdict(page)).toContainText(/Balance as of /);
  const funds = { available: "2454.00", after: "1672.00", shortfall: null, unlimited: false };
  expect((await quote.read("result")).funds).toEqual(funds);
  expect((await balance.told("cert-quote"))[0]?.detail.funds).toEqual(funds);
  await expect(quote.status).toHaveText("Total $782.00");
});

test("short: exactly how much, said with the total in one announcement", async ({ answer, page, show, balance }) => {
  answer({ json: available("469.60") });
  await show(both());
  await balance.settles("ready");
  const quote = await price(page);
  await expect(verdict(page)).toHaveAttribute("data-funds", "short");
  await expect(verdict(page)).toHaveAttribute("data-amount", "312.40");
  await expect(verdict(page)).toContainText("Short by $312.40");
  await expect(verdict(page)).toContainText(/add funds/i);
  expect((await quote.read("result")).funds).toMatchObject({ shortfall: "312.40", after: null });
  await expect(quote.status).toHaveText("Total $782.00. Short by $312.40");
});

test("unlimited credit covers it", async ({ answer, page, show, balance }) => {
  answer({ json: unlimited });
  await show(both());
  await balance.settles("ready");
  const quote = await price(page);
  await expect(verdict(page)).toHaveAttribute("data-funds", "unlimited");
  await expect(verdict(page)).toContainText("Unlimited credit covers this order");
  expect((await quote.read("result")).funds).toEqual({ available: null, after: null, shortfall: null, unlimited: true });
});

test("other currencies are said not to be comparable", async ({ answer, page, show, balance }) => {
  answer({ json: available("2454.00", "EUR") });
  await show(both());
  await balance.settles("ready");
  const quote = await price(page);
  await expect(verdict(page)).toHaveAttribute("data-funds", "not-comparable");
  await expect(verdict(page)).toContainText("the balance is in EUR, the price in USD");
  expect((await quote.read("result")).funds).toBeNull();
});

test("without a known tax the verdict is one before tax", async ({ page, show, server, balance }) => {
  await page.route(`${server.url}/api/digicert/finance/order-pricing`, (route) =>
    route.fulfill({ json: { base_price: 782, total_price: 782, currency: "USD", tax: "0.00", tax_error: true } }),
  );
  await show(both());
  await balance.settles("ready");
  await price(page);
  await expect(verdict(page)).toContainText("before tax");
});

test("a balance that comes later changes the result and nothing is told or announced again", async ({ answer, page, show, balance }) => {
  answer({ json: available("469.60") });
  await show(tag("cert-quote"));
  const quote = await price(page);
  expect((await quote.read("result")).funds).toBeNull();
  await expect(verdict(page)).toHaveCount(0);
  await page.evaluate(() => {
    (window as any).before = (document.querySelector("cert-quote") as any).result;
    document.querySelector("main")!.append(document.createElement("cert-balance"));
  });
  await expect(verdict(page)).toHaveAttribute("data-amount", "312.40");
  expect(await page.evaluate(() => (window as any).before.funds)).toBeNull();
  const heard = (await balance.told("cert-balance"))[0] as any;
  expect(heard.funds, "the quote's result is there before the balance is told").toMatchObject({ shortfall: "312.40" });
  expect(await balance.told("cert-quote")).toHaveLength(1);
  await expect(quote.status).toHaveText("Total $782.00");

  answer({ json: account });
  await balance.refresh();
  await expect(verdict(page)).toHaveAttribute("data-funds", "covered");
  await page.evaluate(() => document.querySelector("cert-balance")!.remove());
  await expect(verdict(page)).toHaveCount(0);
  expect((await quote.read("result")).funds).toBeNull();
});

test("a balance that could not be refreshed still compares", async ({ answer, allowConsole, page, show, balance }) => {
  allowConsole(/^Failed to load resource/);
  answer({ json: account }, { status: 500, json: {} });
  await show(both());
  await balance.settles("ready");
  await price(page);
  await balance.refresh();
  expect(await balance.state()).toBe("stale");
  await expect(verdict(page)).toHaveAttribute("data-funds", "covered");
});

const strangers: [string, Record<string, string>, Record<string, string>][] = [
  ["another container", { "container-id": "7" }, { "container-id": "8" }],
  ["the whole account beside a container", { "container-id": "7" }, {}],
  ["a container that cannot be used", { "container-id": "x" }, {}],
  ["a subaccount", {}, { source: "subaccount", "subaccount-id": "1" }],
];
for (const [name, quoteAttributes, balanceAttributes] of strangers) {
  test(`nothing is said of ${name}`, async ({ answer, page, show, balance }) => {
    if (balanceAttributes.source === "subaccount") answer({ json: { amount: 5000, currency: "USD" } });
    await show(both(quoteAttributes, balanceAttributes));
    await balance.settles("ready");
    const quote = await price(page);
    expect((await quote.read("result")).funds).toBeNull();
    await expect(verdict(page)).toHaveCount(0);
  });
}

test("the same proxy is the same in any spelling, and each container has its own", async ({ answer, page, server, show }) => {
  answer({ json: available("100.00") }, { json: available("5000.00") });
  await show(
    tag("cert-balance", { id: "a", "container-id": "7", proxy: "/api/digicert/" }) +
      tag("cert-quote", { "container-id": "8", proxy: `${server.url}/api/digicert` }),
  );
  await new BalanceCard(page, "#a").settles("ready");
  await page.evaluate(() => {
    const element = document.createElement("cert-balance");
    element.id = "b";
    element.setAttribute("container-id", "8");
    document.querySelector("main")!.append(element);
  });
  await new BalanceCard(page, "#b").settles("ready");
  const quote = await price(page);
  expect((await quote.read("result")).funds).toMatchObject({ available: "5000.00" });
  await page.evaluate(() => document.querySelector("cert-quote")!.setAttribute("container-id", "7"));
  await expect(verdict(page)).toHaveAttribute("data-funds", "short");
  expect((await quote.read("result")).funds).toMatchObject({ available: "100.00" });
});

for (const [name, json] of Object.entries({ covered: account, short: available("5"), unlimited, "not-comparable": available("5", "EUR") })) {
  test(`everybody can read it: ${name}`, async ({ answer, page, show, balance }) => {
    answer({ json });
    await show(both());
    await balance.settles("ready");
    await price(page);
    await expect(verdict(page)).toHaveAttribute("data-funds", name);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 700 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `sideways at ${width}`).toBeLessThanOrEqual(0);
      }
      await expectAccessible(page, `${name}, ${colorScheme}`);
    }
  });
}
