// `cert-accept`: the buyer accepts the price on the screen, after it was asked for once more.
import { expectAccessible } from "./support/axe.ts";
import { draft, expect, failedToLoad, full, noEstimate, price, QuoteForm, sample, test as base, type Told } from "./support/quote.ts";
import type { Locator } from "@playwright/test";

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LABEL = "Order this certificate";

type Accept = { quote: QuoteForm; button: Locator; change: Locator; told: () => Promise<Told[]> };

const test = base.extend<{ accept: Accept }>({
  accept: async ({ quote, page }, use) => {
    await page.addInitScript(() => {
      (window as any).accepted = [];
      window.addEventListener("cert-accept", (event) => {
        const { detail, bubbles, composed, target } = event as CustomEvent;
        (window as any).details = [...((window as any).details ?? []), detail];
        (window as any).accepted.push({ type: "cert-accept", detail: structuredClone(detail), bubbles, composed, at: (target as Element).localName });
      });
    });
    await use({
      quote,
      button: quote.element.getByRole("button", { name: LABEL, exact: true }),
      change: quote.element.locator("[data-change]"),
      told: () => page.evaluate(() => (window as any).accepted),
    });
  },
});

test("stands below the total only where the page gives it a label", async ({ accept: { quote, button } }) => {
  await quote.open();
  await quote.price();
  const buttons = () => quote.element.getByRole("button").allTextContents();
  const before = await buttons();
  await quote.set({ "accept-label": "  " });
  expect(await buttons()).toEqual(before);
  await quote.set({ "accept-label": LABEL });
  await expect(button).toBeVisible();
  const [total, place] = [await quote.line("total").boundingBox(), await button.boundingBox()];
  expect(place?.y).toBeGreaterThan((total?.y ?? Infinity) + (total?.height ?? 0) - 1);
  await quote.set({ "accept-label": "<b>Buy</b> & pay" });
  await expect(quote.element.getByRole("button", { name: "<b>Buy</b> & pay", exact: true })).toBeVisible();
  await quote.set({ "accept-label": null });
  await expect(quote.element.getByRole("button", { name: "Buy" })).toHaveCount(0);
});

test("tells of a frozen quote and a key, after one more request", async ({ accept: { quote, button, told }, page, upstream }) => {
  upstream.always({ json: full });
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  await expect(button).toBeEnabled();
  await button.click();
  await expect.poll(async () => (await told()).length).toBe(1);
  const [event] = await told();
  expect(event).toMatchObject({ bubbles: true, composed: true, at: "cert-quote" });
  expect(Object.keys(event?.detail)).toEqual(["quote", "idempotency_key"]);
  expect(event?.detail.idempotency_key).toMatch(UUID4);
  expect(event?.detail.quote).toEqual(await quote.read("result"));
  expect(event?.detail.quote).toMatchObject({ total: "1190.40", draft: { dns_names: ["example.com"] } });
  expect(upstream.asked).toHaveLength(2);
  expect(upstream.asked[1]?.body).toBe(upstream.asked[0]?.body);
  expect(await quote.told("cert-quote"), "it is no newer quote").toHaveLength(1);
  expect(await quote.describedBy(button)).toBe("Accepted at this price.");
  const thawed = await page.evaluate(() => {
    const thawed: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`);
    };
    look((window as any).details[0], "detail");
    return thawed;
  });
  expect(thawed).toEqual([]);
});

test("keeps its key while it is the same quote", async ({ accept: { quote, button, told } }) => {
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  for (const times of [1, 2]) {
    await button.click();
    await expect.poll(async () => (await told()).length).toBe(times);
  }
  await quote.price();
  await button.click();
  await expect.poll(async () => (await told()).length).toBe(3);
  const keys = (await told()).map(({ detail }) => detail.idempotency_key);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2], "a newer quote of the same price is another order").not.toBe(keys[0]);
  const quotes = (await told()).map(({ detail }) => detail.quote);
  expect(quotes[1], "one key never stands for two contents").toEqual(quotes[0]);
});

test("has a key on a page without TLS", async ({ accept: { quote, button, told }, page }) => {
  await page.addInitScript(() => delete (Crypto.prototype as any).randomUUID);
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  await button.click();
  await expect.poll(async () => (await told())[0]?.detail.idempotency_key).toMatch(UUID4);
});

test("a press does not move the focus, and a second one while the price is checked does nothing", async ({ accept: { quote, button, told }, upstream, page }) => {
  test.slow();
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  upstream.next({ hang: true });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => upstream.pending()).toBe(1);
  await expect(button).toBeDisabled();
  await expect(button).toBeFocused();
  expect(await quote.describedBy(button)).toBe("Checking that the price still holds…");
  await expect(quote.status, "the total is not announced again").toHaveText("Total $782.00");
  await page.keyboard.press("Enter");
  expect(upstream.asked).toHaveLength(2);
  expect(await told()).toEqual([]);
});

test("is refused in words for what is not the price of this order", async ({ accept: { quote, button, told }, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  await quote.open({ "accept-label": LABEL });
  const refused = async (reason: string) => {
    await expect(button, reason).toBeDisabled();
    await expect.poll(() => quote.describedBy(button)).toBe(reason);
    const before = upstream.asked.length;
    await button.dispatchEvent("click");
    await button.focus();
    await quote.page.keyboard.press("Enter");
    expect(upstream.asked).toHaveLength(before);
    expect(await told()).toEqual([]);
  };
  await refused("There is no price to accept yet.");
  upstream.next({ status: 500, json: {} });
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("upstream")).toBeVisible();
  await refused("There is no price to accept yet.");
  upstream.next({ json: noEstimate });
  await quote.getQuote.click();
  await expect.poll(() => quote.state()).toBe("unknown");
  await refused("An unknown price cannot be accepted.");
  await quote.price("example.com");
  await quote.names.fill("example.com b.example.com");
  await refused("This price is for another order.");
  upstream.next({ hang: true });
  await quote.getQuote.click();
  await expect.poll(() => upstream.pending()).toBe(1);
  await refused("Getting the price…");
});

test.describe("a price that moved", () => {
  const moved: [string, any, string, string][] = [
    ["up", { ...sample, base_price: "801.10", total_price: "801.10" }, "19.10", "The price rose by $19.10: it was $782.00, now it is $801.10."],
    ["down", { ...sample, base_price: "700.5", total_price: "700.5" }, "-81.5", "The price fell by $81.50: it was $782.00, now it is $700.50."],
    ["among its lines", { ...sample, base_price: "700.00", tax: "82.00" }, "0", "The total is still $782.00, but the lines that make it up changed."],
    ["to another currency", { ...sample, currency: "EUR" }, "", "The price changed: it was $782.00, now it is €782.00."],
    ["to one before tax", { ...sample, base_price: "750", total_price: "750", tax_error: true }, "", "The price changed: it was $782.00, now it is $750.00."],
  ];
  for (const [how, answer, by, says] of moved) {
    test(`${how} is shown with the difference, and accepted by a second press`, async ({ accept: { quote, button, change, told }, upstream }) => {
      await quote.open({ "accept-label": LABEL });
      await quote.price();
      upstream.always({ json: answer });
      await button.click();
      await expect(change).toContainText(says);
      await expect(change).toHaveAttribute("data-change", by);
      await expect(change).toContainText("Nothing was accepted.");
      expect(await change.getAttribute("role")).toBe("alert");
      expect(await quote.describedBy(button)).toContain(says);
      expect(await told()).toEqual([]);
      expect(await quote.told("cert-quote"), "it is a newer quote").toHaveLength(2);
      await expect(quote.line("total")).toHaveAttribute("data-amount", String(answer.total_price));
      await button.click();
      await expect.poll(async () => (await told()).length).toBe(1);
      expect((await told())[0]?.detail.quote).toMatchObject({ total: String(answer.total_price), currency: answer.currency });
      await expect(change).toHaveCount(0);
      expect(upstream.asked).toHaveLength(3);
    });
  }

  test("by less than a float can tell is told to the cent", async ({ accept: { quote, button, change }, upstream }) => {
    upstream.next(price("9007199254740992.01"), price("9007199254740992.02"));
    await quote.open({ "accept-label": LABEL });
    await quote.price();
    await button.click();
    await expect(change).toHaveAttribute("data-change", "0.01");
    await expect(change).toContainText("The price rose by $0.01: it was $9,007,199,254,740,992.01, now it is $9,007,199,254,740,992.02.");
  });

  test("stands in light and dark, narrow and wide, without a violation", async ({ accept: { quote, button, change }, page, upstream }) => {
    await quote.open({ "accept-label": LABEL });
    await quote.price();
    upstream.always(price("801.10"));
    for (const [colorScheme, width] of [["light", 1280], ["dark", 360]] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page, `open, ${colorScheme}`);
      await button.click();
      await expect(change).toBeVisible();
      await expectAccessible(page, `moved, ${colorScheme}`);
      await quote.names.fill("example.net");
      await expect(button).toBeDisabled();
      await expectAccessible(page, `refused, ${colorScheme}`);
      upstream.always(price("820.00"));
      await quote.names.fill("example.com");
    }
  });
});

test("a total before tax is named as one and can be accepted", async ({ accept: { quote, button, told }, upstream }) => {
  upstream.always({ json: { ...sample, tax_error: true } });
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  await expect(button).toBeEnabled();
  expect(await quote.describedBy(button)).toBe("You accept a total before tax; the tax is added when the order is placed.");
  await button.click();
  await expect.poll(async () => (await told())[0]?.detail.quote.tax_error).toBe(true);
});

test("a check that fails, or finds no price, accepts nothing", async ({ accept: { quote, button, told }, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  upstream.next({ status: 500, json: {} });
  await button.click();
  await expect(quote.error("upstream")).toBeVisible();
  await expect(button).toBeDisabled();
  expect(await quote.describedBy(button)).toBe("The price could not be confirmed, so it cannot be accepted.");
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  await quote.tryAgain.click();
  await expect(button).toBeEnabled();
  upstream.next({ json: noEstimate });
  await button.click();
  await expect.poll(() => quote.state()).toBe("unknown");
  await expect(button).toBeDisabled();
  expect(await told()).toEqual([]);
});

test("an edit, a removal and a withdrawn label while the price is checked accept nothing", async ({ accept: { quote, button, told }, upstream, page }) => {
  test.slow();
  await quote.open({ "accept-label": LABEL });
  const deeds: [string, () => Promise<unknown>][] = [
    ["edit", () => quote.names.fill("b.example.com")],
    ["draft", () => quote.write({ ...draft, dns_names: ["c.example.com"] })],
    ["emptied", () => quote.write(null)],
    ["removed", () => quote.element.evaluate((element) => { (window as any).kept = element; element.remove(); })],
  ];
  for (const [what, deed] of deeds) {
    await test.step(what, async () => {
      await quote.price();
      upstream.next({ hang: true });
      const before = upstream.asked.length;
      await button.click();
      await expect.poll(() => upstream.asked.length).toBe(before + 1);
      await deed();
      // Called off: the upstream hears of it.
      await expect.poll(() => upstream.pending()).toBe(0);
      await page.evaluate(() => { if ((window as any).kept) document.body.append((window as any).kept); });
      await expect(button).toBeVisible();
    });
  }
  await quote.price();
  upstream.next({ ...price(782), delayMs: 300 });
  await button.click();
  await quote.set({ "accept-label": null });
  await expect.poll(() => quote.state()).toBe("ready");
  expect(await told()).toEqual([]);
});

test("an element that is moved while the price is checked still tells", async ({ accept: { quote, button, told }, upstream }) => {
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  upstream.next({ ...price(782), delayMs: 300 });
  await button.click();
  await quote.element.evaluate((element) => document.body.append(element));
  await expect.poll(async () => (await told()).length).toBe(1);
});

test("what is typed but not yet read counts", async ({ accept: { quote, button, told }, upstream }) => {
  await quote.open({ "accept-label": LABEL });
  await quote.price();
  const before = upstream.asked.length;
  // In one task: nothing comes between the key and the press.
  await quote.element.evaluate((element, label) => {
    const box = element.shadowRoot?.querySelector("textarea");
    if (!box) throw new Error("no box");
    box.value = "typed.example.com";
    box.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    [...(element.shadowRoot?.querySelectorAll("button") ?? [])].find((button) => button.textContent === label)?.click();
  }, LABEL);
  await expect(button).toBeDisabled();
  expect(upstream.asked).toHaveLength(before);
  expect(await told()).toEqual([]);
});
