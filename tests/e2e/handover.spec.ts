// What lies behind a price and what becomes of it: the length of the order, the basis, links, copies, print.
import { expectAccessible } from "./support/axe.ts";
import { htmlPage } from "./support/portal.ts";
import { draft, expect, full, noEstimate, price, QuoteForm, sample, test as base } from "./support/quote.ts";
import { shots } from "./support/shots.ts";
import type { Locator, Page } from "@playwright/test";

const test = base.extend<{ copied: () => Promise<string[]> }>({
  // The clipboard, played: a test's page is in the background and has none.
  copied: async ({ page }, use) => {
    await page.addInitScript(() => {
      const copied: string[] = ((window as any).copied = []);
      const clipboard = { writeText: async (text: string) => void copied.push(text) };
      Object.defineProperty(Navigator.prototype, "clipboard", { configurable: true, get: () => clipboard });
    });
    await use(() => page.evaluate(() => (window as any).copied));
  },
});

const fold = (quote: QuoteForm, name: string): Locator => quote.element.locator("details", { has: quote.page.locator("summary", { hasText: name }) }).first();
const open = async (quote: QuoteForm, name: string): Promise<Locator> => {
  await fold(quote, name).locator("summary").first().click();
  return fold(quote, name);
};
const press = (quote: QuoteForm, name: string) => quote.element.getByRole("button", { name, exact: true }).click();

/** The link of the quote that is shown. */
async function linkOf(quote: QuoteForm, copied: () => Promise<string[]>): Promise<string> {
  await open(quote, "Hand over");
  await press(quote, "Copy link");
  await expect.poll(async () => (await copied()).length).toBe(1);
  return (await copied())[0]!;
}

test("the length says what a year costs and how often the certificate is issued", async ({ quote, page }) => {
  await page.clock.setFixedTime("2026-11-21T14:05:00Z");
  await quote.open();
  await quote.write({ ...draft, order_validity: { years: 2 } });
  await quote.price();
  const coverage = await open(quote, "Coverage");
  await expect(coverage.locator("summary").first()).toHaveText("Coverage · $391.00 a year · issued 7 times");
  await expect(coverage.locator("[data-per-year]")).toHaveAttribute("data-per-year", "391.00");
  await expect(coverage).toContainText("731 days if ordered today, Nov 21, 2026 to Nov 21, 2028.");
  await expect(coverage).toContainText("DigiCert’s limits (199 days, 99 days from Mar 15, 2027");
  await expect(coverage.locator("li").first()).toHaveText("Nov 21, 2026 to Jun 8, 2027");
  await expect(coverage.locator("li").last()).toContainText("Nov 21, 2028");
});

test("what a renewal saves is asked on request, and never made up", async ({ quote, upstream }) => {
  await quote.open();
  await quote.write({ ...draft, renewal_of_order_valid_till: "2026-12-24" });
  await quote.price();
  const coverage = await open(quote, "Coverage");
  await expect(coverage).not.toContainText("saves $");
  expect(upstream.asked).toHaveLength(1);
  upstream.next(price("822.00"));
  await press(quote, "Ask what the renewal saves");
  await expect(coverage).toContainText("As a new order it costs $822.00: the renewal saves $40.00.");
  expect(JSON.parse(upstream.asked[1]!.body)).not.toHaveProperty("renewal_of_order_valid_till");
  await expect(quote.line("total"), "the price shown stays").toHaveAttribute("data-amount", "782");
});

test("the basis tells the assumptions and, line by line, what changed", async ({ quote, upstream }) => {
  upstream.next({ json: full });
  await quote.open();
  await quote.price("a.example.com b.example.com");
  const basis = await open(quote, "Basis");
  await expect(basis.locator("summary")).toHaveText("Basis · contract price, the account’s own address");
  await expect(basis).toContainText("a.example.com, b.example.com");
  await expect(basis).toContainText("USD, the account’s own");
  await expect(basis).not.toContainText("Since the price of");
  upstream.next({ json: { ...full, fqdns: { subtotal: "450.00", units: 3 }, addons_price: 0, addons_price_details: [], benefits_discount_total: "152.60", total_price: "1240.40" } });
  await quote.price("a.example.com b.example.com c.example.com");
  const since = basis.locator(".since li");
  await expect(since).toHaveText([
    "Changed in the order: c.example.com added.",
    "FQDNs: $450.00, $100.00 more than before",
    "Contract discount: −$152.60, $10.00 more than before",
    "Add-ons: not there any more, $40.00 before",
    "Total: $1,240.40, $50.00 more than before",
  ]);
  upstream.next({ json: { ...full, currency: "EUR" } });
  await quote.price("a.example.com b.example.com c.example.com");
  await expect(since).toContainText(["The figures cannot be compared"]);
});

test("a link holds the order, is priced where it is opened, and tells the drift", async ({ quote, upstream, page, copied }) => {
  await page.clock.setFixedTime("2026-11-03T14:05:00Z");
  await quote.open({ "container-id": "7" });
  await quote.write({ ...draft, dns_names: ["example.com", "*.example.com"], order_validity: { days: 300 }, addons: ["8025"] });
  await quote.price("example.com *.example.com");
  const link = await linkOf(quote, copied);
  await expect(quote.element.locator("[aria-live]").getByText("The link is copied.")).toBeVisible();
  await expect(quote.status, "the total is announced once").toHaveText("Total $782.00");
  expect(link).toMatch(new RegExp(`^${quote.url}#certquote=1;p=ssl_basic;d=300;n=example.com,~..;a=8025;t=782,USD,`));

  const asked = upstream.asked.length;
  for (const [answer, says] of [
    [price("822.00"), "$40.00 more than in the link of Nov 3, 2026."],
    [price("700"), "$82.00 less than in the link of Nov 3, 2026."],
    [price("782.00"), "The same as in the link of Nov 3, 2026."],
    [{ json: { ...sample, currency: "EUR" } }, "Not comparable with $782.00 in the link of Nov 3, 2026."],
    [{ json: noEstimate }, "Not comparable with $782.00 in the link of Nov 3, 2026."],
  ] as const) {
    upstream.next(answer);
    await page.goto("about:blank");
    await page.goto(link);
    await expect(quote.element.locator(".drift")).toHaveText(says);
    expect(page.url(), "the address is the page's").toBe(link);
  }
  expect(upstream.asked).toHaveLength(asked + 5);
  expect(upstream.asked.at(-1)!.body, "the same order").toBe(upstream.asked[0]!.body);
  await expect(quote.names).toHaveValue("example.com\n*.example.com");

  await quote.price("other.example");
  await expect(quote.element.locator(".drift"), "another order has no drift").toHaveCount(0);
});

test("a link that is pasted into the page's own address is taken too, once", async ({ quote, page, copied }) => {
  await quote.open();
  await quote.price();
  const link = await linkOf(quote, copied);
  await quote.price("other.example");
  await page.evaluate((link) => void (location.href = link), link);
  await expect(quote.names).toHaveValue("example.com");
  await expect(quote.element.locator(".drift")).toHaveText(/^The same/);
  await quote.price("other.example");
  await page.evaluate(() => void (location.hash = ""));
  await page.goBack();
  await expect(quote.names, "the way back is none to an order").toHaveValue("other.example");
});

test("the address is in a link only when it is ticked, and without it no price either", async ({ quote, page, copied }) => {
  await quote.open();
  await quote.write({ ...draft, billing_address: { country: "US", state: "Utah", city: "Lehi", zip: "84043" } });
  await quote.price();
  const link = await linkOf(quote, copied);
  expect(link).not.toContain("Lehi");
  expect(link).not.toContain("782");
  await press(quote, "Copy as JSON");
  await expect.poll(async () => (await copied())[1]).not.toContain("Lehi");
  await quote.element.getByRole("checkbox", { name: "with the billing address" }).check();
  await press(quote, "Copy link");
  await expect.poll(async () => (await copied())[2]).toContain("b=US,Utah,Lehi,84043;t=782,USD");
  await press(quote, "Copy as JSON");
  await expect.poll(async () => JSON.parse((await copied())[3] ?? "{}").draft?.billing_address?.city).toBe("Lehi");
  await press(quote, "Copy as text");
  await expect.poll(async () => (await copied())[4]).toContain("Base price: $782.00\n");
});

test("a damaged or newer link says so and changes nothing", async ({ quote, upstream, page }) => {
  for (const [fragment, says] of [
    ["certquote=1;p=ssl_basic;y=1;n=exam", "cut off or changed on its way"],
    ["certquote=2;whatever", "made by a newer version"],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(`${quote.url}#${fragment}`);
    await expect(quote.element.getByText(says)).toBeVisible();
    await expect(quote.names).toHaveValue("");
    expect(await quote.state()).toBe("idle");
  }
  expect(upstream.asked).toHaveLength(0);
  await quote.price();
  await expect(quote.element.getByText("made by a newer version")).toHaveCount(0);
});

test("a damaged link that comes while a price is shown says so, until there is another price", async ({ quote, page }) => {
  await quote.open();
  await quote.price();
  await page.evaluate(() => (location.hash = "certquote=1;p=ssl_basic;y=1;n=exam"));
  await expect(quote.element.getByText("cut off or changed on its way")).toBeVisible();
  await quote.names.fill("other.example.com");
  await quote.getQuote.click();
  await expect(quote.element.getByText("cut off or changed on its way")).toHaveCount(0);
});

test("a link that could be read only after the form was changed is offered, and replaces nothing by itself", async ({ quote, page, copied }) => {
  await quote.open();
  await quote.price("link.example.com");
  const fragment = new URL(await linkOf(quote, copied)).hash;
  let go = () => {};
  const gate = new Promise<void>((done) => (go = done));
  await page.route("**/certquote-later-*_bg.wasm", async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto("about:blank");
  await page.goto(`${quote.url}${fragment}`);
  await quote.names.fill("typed.example.com");
  go();
  const open = quote.element.getByRole("button", { name: "Open the order of the link" });
  await expect(open).toBeVisible();
  await expect(quote.names).toHaveValue("typed.example.com");
  await open.click();
  await expect(quote.names).toHaveValue("link.example.com");
  await expect(quote.element.locator(".drift")).toContainText("The same as in the link");
  await expect(open).toHaveCount(0);
  // What was typed is not lost by that.
  await quote.element.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(quote.names).toHaveValue("typed.example.com");
});

test("a link is taken once, wherever the page goes in between, and however its marks are written", async ({ quote, page, copied }) => {
  await quote.open();
  await quote.price("link.example.com");
  const fragment = new URL(await linkOf(quote, copied)).hash;
  await page.goto("about:blank");
  await page.goto(`${quote.url}#${encodeURIComponent(fragment.slice(1))}`);
  await expect(quote.names).toHaveValue("link.example.com");
  await quote.names.fill("typed.example.com");
  for (const hash of ["#/help", `#/help&${fragment.slice(1)}`, fragment]) {
    await page.evaluate((hash) => (location.hash = hash), hash);
  }
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(quote.names).toHaveValue("typed.example.com");
});

test("a copy that is refused late is told of the quote it was of, and takes the focus from nobody", async ({ quote, page, upstream }) => {
  await page.addInitScript(() => {
    const clipboard = { writeText: () => new Promise((_, refuse) => ((window as any).refuse = refuse)) };
    Object.defineProperty(Navigator.prototype, "clipboard", { configurable: true, get: () => clipboard });
  });
  await quote.open();
  await quote.price();
  await open(quote, "Hand over");
  await press(quote, "Copy as text");
  await quote.names.focus();
  await page.evaluate(() => (window as any).refuse(new Error("refused")));
  await expect(quote.element.getByRole("textbox", { name: "To copy" })).toBeVisible();
  await expect(quote.names).toBeFocused();

  await press(quote, "Copy as text");
  upstream.always(price("200"));
  await quote.names.fill("new.example.com");
  await quote.getQuote.click();
  await expect(quote.status).toHaveText("Total $200.00");
  await page.evaluate(() => (window as any).refuse(new Error("refused")));
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(quote.element.getByRole("textbox", { name: "To copy" })).toHaveCount(0);
});

/** Opens a page of two elements. */
async function pair(page: Page, quote: QuoteForm, attributes = "", fragment = ""): Promise<void> {
  await page.route("**/pair", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: htmlPage(`<nav>The portal’s own</nav><main><div class="cards"><cert-quote id="one" ${attributes}></cert-quote><cert-quote id="two" ${attributes}></cert-quote></div></main>`, `<script type="module" src="certquote.js"></script><style>body { padding: 80px } .cards { display: grid; grid-template-columns: 1fr 1fr }</style>`),
    }),
  );
  await page.goto(`${quote.url}pair${fragment}`);
  await expect(page.getByRole("textbox", { name: "DNS names" })).toHaveCount(2);
}

test("only the first element takes a link, and none that has sharing off", async ({ quote, page, upstream, copied }) => {
  await quote.open();
  await quote.price();
  const fragment = new URL(await linkOf(quote, copied)).hash;
  const asked = upstream.asked.length;
  await pair(page, quote, "", fragment);
  const [one, two] = [new QuoteForm(page, "", "#one"), new QuoteForm(page, "", "#two")];
  await expect(one.line("total")).toBeVisible();
  await expect(two.names).toHaveValue("");
  expect(upstream.asked).toHaveLength(asked + 1);

  await page.goto("about:blank");
  const before = upstream.asked.length;
  await pair(page, quote, 'share="off"', fragment);
  await expect(one.names).toHaveValue("");
  await one.price();
  await open(one, "Hand over");
  await expect(one.element.getByRole("button", { name: "Copy as text" })).toBeVisible();
  await expect(one.element.getByRole("button", { name: "Copy link" })).toHaveCount(0);
  await expect(two.names).toHaveValue("");
  expect(upstream.asked.length).toBe(before + 1);
});

test("where the clipboard is denied the text is there, selected", async ({ quote, page }) => {
  await page.addInitScript(() => {
    const clipboard = { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) };
    Object.defineProperty(Navigator.prototype, "clipboard", { configurable: true, get: () => clipboard });
  });
  await quote.open();
  await quote.price();
  await open(quote, "Hand over");
  await press(quote, "Copy as text");
  const field = quote.element.getByRole("textbox", { name: "To copy" });
  await expect(field).toHaveValue(/Base price: \$782\.00\n/);
  await expect(field).toBeFocused();
  expect(await field.evaluate((field: HTMLTextAreaElement) => field.selectionEnd - field.selectionStart)).toBe((await field.inputValue()).length);
});

/** How many pages a print has, and its bytes. */
async function pdf(page: Page, path?: string): Promise<number> {
  const bytes = await page.pdf({ format: "A4", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" }, ...(path ? { path } : {}) });
  return bytes.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
}

test("prints one clean page of the one element", async ({ quote, page, upstream }, info) => {
  await page.addInitScript(() => (window.print = () => void ((window as any).printed = true)));
  upstream.always({ json: full });
  await pair(page, quote);
  const [one, two] = [new QuoteForm(page, "", "#one"), new QuoteForm(page, "", "#two")];
  await one.price("one.example *.one.example");
  await two.price("two.example");
  await open(one, "Hand over");
  await press(one, "Print");
  expect(await page.evaluate(() => (window as any).printed)).toBe(true);
  await page.emulateMedia({ media: "print" });
  for (const hidden of [page.getByText("The portal’s own"), two.line("total"), one.names, one.element.getByRole("button", { name: "Print" })]) await expect(hidden).toBeHidden();
  for (const seen of ["one.example, *.one.example", "Contract price, where", "Tax estimated for", "Asked"]) await expect(one.element.getByText(seen, { exact: false }).first()).toBeVisible();
  expect((await one.element.boundingBox())?.x, "the room of the page around it is given up").toBe(0);
  await page.screenshot({ path: info.outputPath("print.png"), fullPage: true });
  await page.emulateMedia({ media: null });
  expect(await pdf(page, info.outputPath("one.pdf"))).toBe(1);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(page.getByText("The portal’s own")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(two.line("total"), "a print of the page has both").toBeVisible();
});

test("a plain print of the page is one page", async ({ quote, page, upstream }, info) => {
  upstream.always({ json: full });
  await quote.open();
  await quote.price("example.com *.example.com shop.example.com");
  expect(await pdf(page, info.outputPath("plain.pdf"))).toBe(1);
});

test("is accessible unfolded, and works narrow, dark and from right to left", async ({ quote, page, upstream, copied }) => {
  test.slow();
  upstream.always({ json: full });
  await page.clock.setFixedTime("2026-11-21T14:05:00Z");
  await quote.open();
  await quote.write({ ...draft, order_validity: { years: 3 }, renewal_of_order_valid_till: "2026-12-24", billing_address: { country: "US", state: "Utah", city: "Lehi", zip: "84043" } });
  await quote.price();
  await shots(page, "handover-folded");
  upstream.next({ json: { ...full, total_price: "1200.40", base_price: "248.00" } });
  await quote.price("example.com www.example.com shop.example.com");
  for (const name of ["Coverage", "Basis", "Hand over"]) await open(quote, name);
  await press(quote, "Copy link");
  await expect.poll(async () => (await copied()).length).toBe(1);
  await press(quote, "Ask what the renewal saves");
  await expect(quote.element.getByText("As a new order it costs")).toBeVisible();
  await expectAccessible(page);
  await shots(page, "handover");
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await shots(page, "handover-rtl");
});
