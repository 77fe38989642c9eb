// Orders side by side: asked for one after another, each with what became of it.
import { readFile } from "node:fs/promises";
import { expectAccessible } from "./support/axe.ts";
import { available, BalanceCard, expect as expectBalance, tag, test as balanceTest } from "./support/balance.ts";
import { overflow } from "./support/page.ts";
import { digicertError, draft, expect, failedToLoad, noEstimate, price, QuoteForm, sample, test } from "./support/quote.ts";
import type { Asked, Answer, Upstream } from "./support/upstream.ts";
import type { Locator } from "@playwright/test";

const order = (asked: Asked) => JSON.parse(asked.body);

/** The price of a year, and less for each further one. */
const byYears = (asked: Asked): Answer => price([0, 100, 180, 300][order(asked).order_validity.years] ?? 50);

class Compare {
  readonly fold: Locator;
  readonly rows: Locator;

  constructor(readonly element: Locator) {
    this.fold = element.locator("details[part=comparison]");
    this.rows = this.fold.locator("tr[data-variant]");
  }

  button(name: string) {
    return this.fold.getByRole("button", { name, exact: true });
  }

  async open() {
    await this.fold.locator("summary").click();
    await expect(this.button("Compare prices")).toBeVisible();
  }

  /** What has become of each order. */
  states(): Promise<(string | null)[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-variant")));
  }

  cell(row: number, name: string) {
    return this.rows.nth(row).locator(`[data-name="${name}"]`);
  }
}

/** The comparison of an order that was priced, open. */
async function opened(quote: QuoteForm, names?: string): Promise<Compare> {
  await quote.open();
  await quote.price(names);
  const compare = new Compare(quote.element);
  await compare.open();
  return compare;
}

/** A comparison that has to wait for ten minutes after its first request. */
async function paused(quote: QuoteForm, upstream: Upstream): Promise<Compare> {
  await quote.page.clock.install();
  upstream.always(byYears);
  const compare = await opened(quote);
  upstream.next(digicertError(429, "request_limit_exceeded", { "Retry-After": "600" }));
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "waiting", "waiting"]);
  return compare;
}

test("other lengths: what each costs a year, which is the cheapest, and the difference", async ({ page, quote, upstream }) => {
  upstream.always(byYears);
  const compare = await opened(quote);
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  // The price on the screen is not asked for again.
  expect(upstream.asked.map((asked) => order(asked).order_validity.years)).toEqual([1, 2, 3]);
  await expect(compare.rows.nth(0)).toContainText("The present order");
  await expect(compare.cell(0, "Difference")).toBeEmpty();
  await expect(compare.cell(1, "Per year")).toHaveText("$90.00");
  await expect(compare.cell(1, "Difference")).toHaveText("$80.00 more");
  await expect(compare.rows.nth(1)).toContainText("Cheapest per year");
  await expect(compare.rows.filter({ hasText: "Cheapest per year" })).toHaveCount(1);
  // The lines of each price, in columns of their own.
  const lines = compare.fold.locator(".by-line").nth(1).locator("[data-of]");
  await expect(lines).toHaveText(["Base price$180.00", "Tax$0.00"]);
  await expect(lines.first()).toBeVisible();
  await expect(compare.cell(2, "Re-issues")).toHaveText(/at least \d+/);
  await expect(compare.fold.locator(".hidden[aria-live]")).toHaveText("3 orders compared. Cheapest per year: Basic OV, 2 years.");
  await expect(quote.status).toHaveText("Total $100.00");
  await expectAccessible(page);
});

test("one fails, one has no estimate, one is stopped: each says so, and can be asked for again", async ({ page, quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.always((asked) => {
    const { order_validity, product_name_id } = order(asked);
    if (product_name_id !== "ssl_basic") return { hang: true };
    if (order_validity.years === 2) return { status: 500, json: { errors: [] } };
    return order_validity.years === 3 ? { json: noEstimate } : price(100);
  });
  await quote.open();
  await quote.write(draft);
  const compare = new Compare(quote.element);
  await compare.open();
  await compare.fold.getByRole("checkbox", { name: "Basic EV", exact: true }).check();
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "failed", "unknown", "asking", "waiting", "waiting"]);
  await expect(compare.fold).toContainText("3 of 6");
  await expect(compare.cell(1, "Total")).toHaveText("Failed");
  await expect(compare.fold.locator(".by-line").nth(1)).toContainText("has a problem of its own");
  await expect(compare.cell(2, "Total")).toHaveText("No estimate");
  await expect(compare.cell(2, "Per year")).toBeEmpty();
  for (const row of [1, 2, 3, 4, 5]) await expect(compare.rows.nth(row)).not.toContainText("$0.00");
  await compare.button("Stop").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "failed", "unknown", "stopped", "stopped", "stopped"]);
  await expect.poll(() => upstream.pending()).toBe(0);
  await expectAccessible(page);
  const before = upstream.asked.length;
  upstream.always(byYears);
  await compare.button("Ask again").click();
  await expect.poll(() => compare.states()).toEqual(Array(6).fill("priced"));
  expect(upstream.asked.length - before, "only what lacked a price").toBe(5);
});

test("one request too many: it says how long it waits, asks once more, and goes on", async ({ page, quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  const compare = await paused(quote, upstream);
  await expect(compare.fold).toContainText("Too many requests: it goes on by itself after a pause of 600 seconds.");
  // Neither the rest of the queue nor a new start gets around the pause.
  await compare.button("Compare prices").click();
  await page.clock.runFor(599_000);
  await expect.poll(() => compare.states()).toEqual(["priced", "waiting", "waiting"]);
  expect(upstream.asked).toHaveLength(2);
  await page.clock.runFor(1_000);
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  expect(upstream.asked.map((asked) => order(asked).order_validity.years)).toEqual([1, 2, 2, 3]);
  await expect(compare.fold).not.toContainText("Too many requests");
});

test("a price that the form gets ends the pause, since nothing is refused any more", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  const compare = await paused(quote, upstream);
  await quote.getQuote.click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  expect(upstream.asked.map((asked) => order(asked).order_validity.years)).toEqual([1, 2, 1, 2, 3]);
});

test("orders that were added stay in their places whatever else is chosen, and are counted once", async ({ quote, upstream }) => {
  upstream.always(byYears);
  const compare = await opened(quote, "a.example.com");
  await compare.button("Compare prices").click();
  for (const name of ["b.example.com", "c.example.com"]) {
    await quote.names.fill(name);
    await compare.button("Add the present order").click();
  }
  for (const name of ["2 years", "3 years"]) await compare.fold.getByRole("checkbox", { name }).uncheck();
  await quote.names.fill("b.example.com");
  await expect(compare.fold).toContainText("2 orders, asked for one after another.");
  await quote.names.fill("d.example.com e.example.com");
  await compare.button("Add the present order").click();
  await quote.names.fill("e.example.com d.example.com");
  await expect(compare.fold).toContainText("3 orders, asked for one after another.");
});

test("what was chosen and is not on offer any more is neither asked nor counted", async ({ quote, upstream }) => {
  upstream.always(byYears);
  await quote.open();
  await quote.names.fill("example.com");
  const compare = new Compare(quote.element);
  await compare.open();
  await compare.fold.getByRole("checkbox", { name: "Basic EV", exact: true }).check();
  await expect(compare.fold).toContainText("6 orders, asked for one after another.");
  await quote.names.fill("*.example.com");
  await expect(compare.fold).toContainText("3 orders, asked for one after another.");
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  expect(upstream.asked.map((asked) => order(asked).product_name_id)).toEqual(Array(3).fill("ssl_basic"));
});

test("a price that moved is not compared with those from before", async ({ quote, upstream }) => {
  let yearly = 100;
  upstream.always((asked) => price(yearly * (order(asked).order_validity.years ?? 1)));
  const compare = await opened(quote);
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  yearly = 150;
  await quote.getQuote.click();
  await expect(compare.cell(1, "Difference")).toHaveText("$150.00 more");
  await expect(compare.cell(2, "Difference")).toHaveText("$300.00 more");
});

balanceTest("another proxy is asked for every price", async ({ answer, page, show, balance }) => {
  answer({ json: available("800.00") });
  await page.route("**/api/other/**", (route) => route.fulfill({ json: { ...sample, base_price: 999, total_price: 999 } }));
  await show(tag("cert-balance", {}) + tag("cert-quote", {}));
  await balance.settles("ready");
  const quote = new QuoteForm(page, "");
  await expectBalance(quote.names).toBeVisible();
  await quote.price();
  await expectBalance(quote.element).toContainText("After this order");
  await quote.set({ proxy: "/api/other" });
  const compare = new Compare(quote.element);
  await compare.open();
  await compare.button("Compare prices").click();
  await expectBalance.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  await expectBalance(compare.cell(0, "Total")).toHaveText("$999.00");
  await expectBalance(compare.cell(1, "Difference")).toHaveText("the same");
  // Nor is the first one's price kept with the quotes of the other.
  const kept = quote.element.locator("details[part=kept]");
  await kept.locator("summary").click();
  await expectBalance(kept.getByRole("button", { name: "Keep", exact: true })).toHaveAttribute("aria-disabled", "true");
});

test("the order of another row takes the form's place, and the names can be brought back", async ({ quote, upstream }) => {
  upstream.always(byYears);
  const compare = await opened(quote, "a.example.com");
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  await quote.names.fill("a.example.com\nnew.example.com\nshop.exa");
  await compare.rows.nth(1).getByRole("button", { name: "Use this order" }).click();
  await expect(quote.names).toHaveValue("a.example.com");
  await quote.element.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(quote.names).toHaveValue("a.example.com\nnew.example.com\nshop.exa");
});

test("the form goes on: the order before, the one of now, and back by a button", async ({ quote, upstream }) => {
  upstream.always((asked) => price(100 * order(asked).certificate.dns_names.length));
  const compare = await opened(quote, "example.com");
  await compare.fold.getByRole("checkbox", { name: "3 years" }).uncheck();
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced"]);
  await quote.names.fill("example.com shop.example.com");
  await expect(compare.rows.nth(0)).toContainText("The order that the others are compared with");
  await compare.button("Add the present order").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  await expect(compare.rows.nth(2)).toContainText("1 name added");
  await expect(compare.cell(2, "Difference")).toHaveText("$100.00 more");
  await compare.rows.nth(1).getByRole("button", { name: "Use this order" }).click();
  expect((await quote.read("draft")).order_validity).toEqual({ years: 2 });
  await expect(quote.names).toHaveValue("example.com");
  await compare.rows.nth(0).getByRole("button", { name: "Use this order" }).click();
  await expect(compare.rows.nth(0)).toContainText("The present order");
  await expect(compare.rows.nth(0).getByRole("button", { name: "In the form" })).toHaveAttribute("aria-disabled", "true");
  await compare.rows.nth(1).getByRole("button", { name: "Remove" }).click();
  await expect(compare.rows).toHaveCount(2);
  await expect(compare.rows.nth(1).getByRole("button", { name: "Remove" }), "the focus stays among the orders").toBeFocused();
  await expect(compare.rows.nth(1)).toContainText("1 name added");
});

test("more than twelve do not fit, and an order that cannot be priced cannot be compared", async ({ quote, upstream }) => {
  await quote.open();
  const compare = new Compare(quote.element);
  await compare.open();
  await expect(compare.button("Compare prices")).toHaveAttribute("aria-disabled", "true");
  await expect(compare.fold).toContainText("Complete the order above first.");
  await quote.names.fill("example.com");
  for (const name of ["Basic EV", "Secure Site OV", "Secure Site EV", "Secure Site Pro SSL"]) {
    await compare.fold.getByRole("checkbox", { name, exact: true }).check();
  }
  await expect(compare.fold).toContainText("These are 15 orders; at most 12 stand side by side.");
  await expect(compare.button("Compare prices")).toHaveAttribute("aria-disabled", "true");
  await compare.button("Compare prices").click({ force: true });
  expect(upstream.asked).toEqual([]);
});

test("is saved as a file with a line for each order", async ({ page, quote, upstream }) => {
  upstream.always(byYears);
  const compare = await opened(quote);
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  const saving = page.waitForEvent("download");
  await compare.button("Save as CSV").click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^certificate-orders-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^product_name_id,product,/);
  expect(lines[3]).toContain("3 years");
  expect(lines[3]).toContain(',300,"USD",');
});

test("fits a narrow column, light and dark", async ({ page, quote, upstream }) => {
  upstream.always((asked) => (order(asked).order_validity.years === 3 ? { json: noEstimate } : { json: { ...sample, tax_error: true } }));
  await page.setViewportSize({ width: 320, height: 900 });
  const compare = await opened(quote);
  await compare.button("Compare prices").click();
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "unknown"]);
  expect(await overflow(page)).toBe(0);
  // The head, three orders, and the lines of the two that have a price.
  await expect(compare.fold.getByRole("row")).toHaveCount(6);
  const lines = compare.fold.locator(".by-line").first();
  await expect(lines.locator("dl")).toBeHidden();
  await lines.getByText("Price lines").click();
  await expect(lines.locator('[data-of="tax"]')).toContainText("Not available");
  expect(await overflow(page)).toBe(0);
  await expect(compare.fold.getByRole("rowheader")).toHaveCount(3);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);
});

balanceTest("the verdict of the balance stands beside every total", async ({ answer, page, show, balance }) => {
  answer({ json: available("800.00") });
  await show(tag("cert-balance", {}) + tag("cert-quote", {}));
  await balance.settles("ready");
  const quote = new QuoteForm(page, "");
  await expectBalance(quote.names).toBeVisible();
  await quote.price();
  const compare = new Compare(quote.element);
  await compare.open();
  await compare.button("Compare prices").click();
  await expectBalance.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  await expectBalance(compare.cell(1, "Funds")).toHaveText("After this order: $18.00 available");
  // Of a kept quote, too.
  const kept = quote.element.locator("details[part=kept]");
  await kept.locator("summary").click();
  await kept.getByRole("button", { name: "Keep", exact: true }).click();
  await expectBalance(kept.locator("[data-verdict]")).toHaveText("After this order: $18.00 available");
  answer({ json: available("700.00") });
  await page.locator("cert-balance").evaluate((element) => (element as any).refresh());
  await expectBalance(compare.cell(1, "Funds")).toHaveText("Short by $82.00");
  await expectBalance(kept.locator("[data-verdict]")).toHaveText("Short by $82.00");
});

test("with the keyboard alone: the focus stays where it is needed when its button goes", async ({ page, quote, upstream }) => {
  upstream.always(byYears);
  await quote.open();
  await quote.price();
  const compare = new Compare(quote.element);
  await compare.fold.locator("summary").focus();
  await page.keyboard.press("Enter");
  await compare.button("Compare prices").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => compare.states()).toEqual(["priced", "priced", "priced"]);
  await expect(compare.button("Compare prices")).toBeFocused();
  const kept = quote.element.locator("details[part=kept]");
  await kept.locator("summary").focus();
  await page.keyboard.press("Enter");
  await kept.getByRole("button", { name: "Keep", exact: true }).focus();
  await page.keyboard.press("Enter");
  await kept.getByRole("button", { name: "Delete", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(kept.getByRole("button", { name: "Undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(kept.locator("li")).toHaveCount(1);
  await expect(kept.getByRole("button", { name: "Keep", exact: true })).toBeFocused();
});
