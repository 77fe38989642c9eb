// Quotes that this browser keeps: for this account, without what nobody asked for, and read whatever stands there.
import { expectAccessible } from "./support/axe.ts";
import { expect, price, test, type QuoteForm } from "./support/quote.ts";
import type { Page } from "@playwright/test";

const address = { country: "US", state: "Utah", city: "Lehi", zip: "84043" };

const fold = (quote: QuoteForm) => quote.element.locator("details[part=kept]");
const items = (quote: QuoteForm) => fold(quote).locator("li");
const button = (quote: QuoteForm, name: string) => fold(quote).getByRole("button", { name, exact: true });
const open = (quote: QuoteForm) => fold(quote).locator("summary").click();
const stored = (page: Page): Promise<Record<string, string>> => page.evaluate(() => ({ ...localStorage }));

test("keeps the quote on the screen, opens it again, and says how its price moved", async ({ page, quote, upstream }) => {
  upstream.always(price(100));
  await quote.open();
  await expect(fold(quote).locator("summary")).toContainText("none");
  await open(quote);
  await expect(button(quote, "Keep")).toHaveAttribute("aria-disabled", "true");
  await quote.price("example.com shop.example.com");
  await button(quote, "Keep").click();
  await expect(fold(quote).locator("summary")).toContainText("Kept quotes · 1");
  await expect(fold(quote)).toContainText("Kept.");
  upstream.always(price(130));
  await page.reload();
  await open(quote);
  await expect(items(quote)).toHaveCount(1);
  await expect(items(quote)).toContainText("example.com, shop.example.com");
  await button(quote, "Reopen").click();
  await expect(quote.status).toHaveText("Total $130.00");
  await expect(quote.names).toHaveValue("example.com\nshop.example.com");
  await expect(items(quote)).toContainText("Now $130.00: $30.00 more than when it was kept.");
  await expectAccessible(page);
  await button(quote, "Add to the comparison").click();
  await expect(quote.element.locator("[data-variant=priced]")).toHaveCount(1);
});

test("keeps no address and no balance unless the address is asked for", async ({ page, quote, upstream }) => {
  upstream.always({ json: { base_price: 100, total_price: 100, balance: "878.00", currency: "USD", tax: "0.00", tax_error: false } });
  await quote.open();
  await quote.write({ dns_names: ["example.com"], product_name_id: "ssl_basic", order_validity: { years: 1 }, billing_address: address });
  await quote.call();
  await open(quote);
  await button(quote, "Keep").click();
  const text = () => stored(page).then((all) => Object.values(all).join());
  await expect.poll(text).toContain("example.com");
  expect(await text()).not.toMatch(/Lehi|84043|878/);
  await fold(quote).getByRole("checkbox", { name: "with the billing address" }).check();
  await button(quote, "Keep").click();
  await expect.poll(text).toContain("Lehi");
});

test("deletes one or all, and takes that back", async ({ page, quote, upstream }) => {
  await quote.open();
  await open(quote);
  for (const [name, amount] of [["a.example", 1], ["b.example", 2]] as const) {
    upstream.always(price(amount));
    await quote.price(name);
    await button(quote, "Keep").click();
  }
  await expect(items(quote)).toHaveCount(2);
  await expect(items(quote).nth(0)).toContainText("b.example");
  await items(quote).nth(0).getByRole("button", { name: "Delete" }).click();
  await expect(items(quote)).toHaveCount(1);
  await button(quote, "Undo").click();
  await expect(items(quote)).toHaveCount(2);
  await button(quote, "Delete all").click();
  await expect(items(quote)).toHaveCount(0);
  expect(await stored(page)).toEqual({});
  await button(quote, "Undo").click();
  await expect(items(quote).nth(0)).toContainText("b.example");
});

test("is another shelf for another container, another name, and none when it is off", async ({ page, quote }) => {
  await quote.open();
  await quote.price();
  await open(quote);
  await button(quote, "Keep").click();
  await expect(items(quote)).toHaveCount(1);
  for (const other of [{ "container-id": "17" }, { keep: "customer-42" }]) {
    await quote.set(other);
    await expect(items(quote)).toHaveCount(0);
    await quote.set(Object.fromEntries(Object.keys(other).map((name) => [name, null])));
    await expect(items(quote)).toHaveCount(1);
  }
  const [key] = Object.keys(await stored(page));
  expect(key).toMatch(/^certquote\.kept\.1 http:\/\/127\.0\.0\.1:\d+\/api\/digicert\/ {2}$/);
  await quote.set({ keep: "off" });
  await expect(fold(quote)).toHaveCount(0);
});

test("off: the storage is not even looked at", async ({ page, quote }) => {
  await quote.open();
  await page.evaluate(() => {
    (window as any).looked = 0;
    for (const name of ["getItem", "setItem", "removeItem"] as const) {
      const own = Storage.prototype[name] as (...args: string[]) => unknown;
      Storage.prototype[name] = function (this: Storage, ...args: string[]) {
        (window as any).looked += 1;
        return own.apply(this, args);
      } as any;
    }
    const element = document.createElement("cert-quote");
    element.setAttribute("keep", "off");
    document.querySelector("cert-quote")?.replaceWith(element);
  });
  await quote.price();
  await expect(fold(quote)).toHaveCount(0);
  expect(await page.evaluate(() => (window as any).looked)).toBe(0);
});

test("another tab's quotes come in", async ({ context, page, quote }) => {
  await quote.open();
  await quote.price();
  await open(quote);
  const other = await context.newPage();
  await other.goto(quote.url);
  await expect(other.locator("cert-quote details[part=kept] summary")).toContainText("none");
  await button(quote, "Keep").click();
  await expect(other.locator("cert-quote details[part=kept] summary")).toContainText("· 1");
  await other.evaluate(() => localStorage.clear());
  await expect(items(quote)).toHaveCount(0);
  await other.close();
});

for (const [what, script] of [
  ["blocked", () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } })],
  ["full", () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; }],
] as const) {
  test(`storage that is ${what} is said, and nothing breaks`, async ({ page, quote }) => {
    await page.addInitScript(script);
    await quote.open();
    await quote.price();
    await open(quote);
    if (what === "full") await button(quote, "Keep").click();
    await expect(fold(quote)).toContainText(what === "full" ? "the browser stores nothing more for this page" : "its storage is blocked");
    await expect(items(quote)).toHaveCount(0);
  });
}

test("what stands there and is no quote is left alone, and what cannot be ordered is not asked for", async ({ page, quote, upstream }) => {
  await quote.open();
  await quote.price();
  await open(quote);
  await button(quote, "Keep").click();
  await expect(items(quote)).toHaveCount(1);
  await page.evaluate(() => {
    const [key] = Object.keys(localStorage) as [string];
    const text = localStorage.getItem(key) ?? "";
    const [kept] = JSON.parse(text).quotes;
    const odd = { ...kept, draft: { ...kept.draft, dns_names: ["<img src=x onerror=alert(1)>", "not a name"] } };
    const wrong = { ...kept, total: "1.00" };
    localStorage.setItem(key, JSON.stringify({ v: 1, quotes: [odd, wrong, 17, null, kept] }));
  });
  await page.reload();
  await open(quote);
  await expect(items(quote)).toHaveCount(2);
  await expect(items(quote).nth(0)).toContainText("<img src=x");
  const before = upstream.asked.length;
  await items(quote).nth(0).getByRole("button", { name: "Add to the comparison" }).click();
  await expect(fold(quote)).toContainText("It cannot be compared");
  await items(quote).nth(0).getByRole("button", { name: "Reopen" }).click();
  await expect(quote.error("invalid_draft")).toBeVisible();
  expect(upstream.asked.length).toBe(before);
  await page.evaluate(() => {
    const [key] = Object.keys(localStorage) as [string];
    localStorage.setItem(key, "no JSON");
  });
  await page.reload();
  await expect(fold(quote).locator("summary")).toContainText("none");
});
