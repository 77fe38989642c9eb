// The latest input wins: what is shown, asked and told never belongs to an earlier order without saying so.
import { draft, expect, failedToLoad, lastBody, price, sample, test } from "./support/quote.ts";

/** An answer that comes when the test has seen what it wants to see before. */
const late = (amount: number, delayMs: number) => ({ ...price(amount), delayMs });

test("a change of the form marks the shown price stale at once", async ({ quote }) => {
  await quote.open();
  await quote.price();
  await quote.names.press("End");
  await quote.names.press("x");
  expect(await quote.state()).toBe("stale");
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  await expect(quote.element.getByText(/before your last change/)).toBeVisible();
});

test("a change taken back makes the price fit again", async ({ quote }) => {
  await quote.open();
  await quote.price("example.com");
  await quote.names.fill("example.net");
  expect(await quote.state()).toBe("stale");
  await quote.names.fill("example.com");
  expect(["ready", "stale"]).toContain(await quote.state());
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
});

test("a change during a request aborts it all the way to the upstream", async ({ quote, upstream }) => {
  upstream.next({ hang: true });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect.poll(() => upstream.pending()).toBe(1);
  expect(await quote.state()).toBe("loading");
  await quote.names.fill("example.net");
  await expect.poll(() => upstream.pending()).toBe(0);
  expect(await quote.state()).toBe("idle");
  expect(await quote.read("error")).toBeNull();
  await expect(quote.error()).toHaveCount(0);
});

test("an answer to an earlier order never shows", async ({ quote, upstream }) => {
  upstream.next(late(111, 600), price(222));
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect.poll(() => upstream.asked.length).toBe(1);
  await quote.names.fill("example.net");
  await quote.getQuote.click();
  await expect(quote.line("total")).toHaveAttribute("data-amount", "222");
  // The late answer has had its chance when a third, later one is here.
  upstream.next(late(333, 700));
  await quote.getQuote.click();
  await expect(quote.line("total")).toHaveAttribute("data-amount", "333");
  const told = await quote.told("cert-quote");
  expect(told.map(({ detail }) => detail.total)).toEqual(["222", "333"]);
});

test("old figures stay while a new quote loads", async ({ quote, upstream }) => {
  await quote.open();
  await quote.price();
  upstream.next(late(900, 500));
  await quote.names.fill("example.net");
  await quote.getQuote.click();
  await expect.poll(() => upstream.pending()).toBe(1);
  expect(await quote.state()).toBe("loading");
  await expect(quote.line("total")).toHaveText("$782.00");
  expect((await quote.read("result")).total).toBe("782");
  await expect(quote.line("total")).toHaveText("$900.00");
  expect(await quote.state()).toBe("ready");
});

test("two clicks on Get quote are one request", async ({ quote, upstream }) => {
  upstream.always(late(782, 300));
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.dblclick();
  await expect.poll(() => quote.state()).toBe("ready");
  expect(upstream.asked).toHaveLength(1);
});

test("editing an order with a failure under way does not show the failure", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next({ status: 500, json: {}, delayMs: 400 }, price(5));
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect.poll(() => upstream.pending()).toBe(1);
  await quote.names.fill("example.net");
  await quote.getQuote.click();
  await expect(quote.line("total")).toHaveAttribute("data-amount", "5");
  expect(await quote.told("cert-error")).toEqual([]);
});

test("without live nothing is asked while the form is edited", async ({ page, quote, upstream }) => {
  await page.clock.install();
  await quote.open();
  await quote.names.pressSequentially("example.com");
  await page.clock.runFor(5_000);
  expect(upstream.asked).toHaveLength(0);
});

test.describe("with live", () => {
  test("the form asks once, 400 ms after the last edit", async ({ page, quote, upstream }) => {
    await page.clock.install();
    await quote.open({ live: "" });
    await page.clock.pauseAt(Date.now() + 60_000);
    for (const key of "example.com") {
      await quote.names.press(key);
      await page.clock.runFor(100);
    }
    await page.clock.runFor(250);
    expect(await quote.state()).toBe("idle");
    expect(upstream.asked).toHaveLength(0);
    await page.clock.runFor(60);
    await expect.poll(() => upstream.asked.length).toBe(1);
    await page.clock.resume();
    await expect.poll(() => quote.state()).toBe("ready");
    expect(lastBody(upstream).certificate.dns_names).toEqual(["example.com"]);
    expect(upstream.asked).toHaveLength(1);
  });

  test("Get quote at once takes the place of the pause", async ({ page, quote, upstream }) => {
    await page.clock.install();
    await quote.open({ live: "" });
    // However long the machine takes from the edit to the click, it is less than the pause.
    await page.clock.pauseAt(Date.now() + 60_000);
    await quote.names.fill("example.com");
    await quote.getQuote.click();
    await expect.poll(() => upstream.asked.length).toBe(1);
    await page.clock.resume();
    await expect.poll(() => quote.state()).toBe("ready");
    await page.clock.runFor(2_000);
    expect(upstream.asked).toHaveLength(1);
  });

  test("a draft that cannot be sent is not asked for, and nobody is scolded", async ({ page, quote, upstream }) => {
    await page.clock.install();
    await quote.open({ live: "" });
    await quote.names.pressSequentially("bad_name");
    await page.clock.runFor(2_000);
    expect(upstream.asked).toHaveLength(0);
    await expect(quote.error()).toHaveCount(0);
    expect(await quote.read("error")).toBeNull();
  });

  test("each choice re-quotes too", async ({ quote, upstream }) => {
    await quote.open({ live: "" });
    await quote.names.fill("example.com");
    await expect.poll(() => quote.state()).toBe("ready");
    await quote.product.selectOption("ssl_ev_basic");
    await expect.poll(() => upstream.asked.length).toBe(2);
    await quote.element.getByRole("combobox", { name: "Years", exact: true }).selectOption("2");
    await expect.poll(() => upstream.asked.length).toBe(3);
    await expect.poll(() => quote.state()).toBe("ready");
    expect(lastBody(upstream)).toMatchObject({ product_name_id: "ssl_ev_basic", order_validity: { years: 2 } });
  });

  test("a failure is not asked for again by itself", async ({ page, quote, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    await page.clock.install();
    upstream.always({ status: 500, json: {} });
    await quote.open({ live: "" });
    await quote.names.fill("example.com");
    await page.clock.runFor(500);
    await expect(quote.error("upstream")).toBeVisible();
    await page.clock.runFor(60_000);
    expect(upstream.asked).toHaveLength(1);
  });
});

test.describe("a script's quote()", () => {
  test("called twice for one draft is one request and one answer for both", async ({ quote, upstream }) => {
    upstream.always(late(782, 200));
    await quote.open();
    await quote.write(draft);
    const both = await quote.element.evaluate((element: any) =>
      Promise.all([element.quote(), element.quote()]).then((quotes: any[]) => quotes.map(({ total }) => total)),
    );
    expect(both).toEqual(["782", "782"]);
    expect(upstream.asked).toHaveLength(1);
  });

  test("is cancelled by a newer draft", async ({ quote, upstream }) => {
    upstream.next({ hang: true });
    await quote.open();
    await quote.write(draft);
    const settled = quote.call();
    await expect.poll(() => upstream.pending()).toBe(1);
    await quote.names.fill("example.net");
    expect(await settled).toMatchObject({ error: { code: "cancelled", retryable: false, status: null } });
    await expect.poll(() => upstream.pending()).toBe(0);
    await expect(quote.error()).toHaveCount(0);
    expect(await quote.read("error")).toBeNull();
  });
});

test("an element that leaves the page calls its request off", async ({ quote, upstream }) => {
  upstream.next({ hang: true });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect.poll(() => upstream.pending()).toBe(1);
  await quote.element.evaluate((element) => element.remove());
  await expect.poll(() => upstream.pending()).toBe(0);
});

test("a quick answer shows no progress line, a slow one does", async ({ quote, upstream }) => {
  await quote.open();
  await quote.price();
  upstream.next({ json: sample, delayMs: 3_000 });
  await quote.getQuote.click();
  await expect(quote.element.locator('[aria-busy="true"]')).toBeVisible();
  await expect.poll(() => quote.state()).toBe("ready");
  await expect(quote.element.locator('[aria-busy="true"]')).toHaveCount(0);
});
