// The main job: names in, price out, and upstream exactly the documented request.
import { expect, failedToLoad, lastBody, QuoteForm, sample, test } from "./support/quote.ts";

test.describe("on the sandbox", () => {
  test("three pasted names and Get quote give a price", async ({ page, baseURL }) => {
    const quote = new QuoteForm(page, `${baseURL}/`);
    await quote.open();
    await quote.price("example.com\nwww.example.net\nexample.org");
    await expect(quote.line("total")).toHaveAttribute("data-amount", /^\d+(\.\d+)?$/);
    await expect(quote.line("total")).toHaveText(/^\$\d/);
    await expect(quote.line("base")).toBeVisible();
    await expect(quote.line("tax")).toBeVisible();
  });

  test("the page says that its prices are invented", async ({ page, baseURL }) => {
    const quote = new QuoteForm(page, `${baseURL}/`);
    await quote.open();
    await expect(page.getByText(/sandbox/i).first()).toBeVisible();
  });

  test("each press of Get quote asks anew, though nothing changed", async ({ page, baseURL }) => {
    const quote = new QuoteForm(page, `${baseURL}/`);
    await quote.open();
    await quote.price();
    const answered = page.waitForResponse(/order-pricing$/);
    await quote.getQuote.click();
    expect((await answered).status()).toBe(200);
  });
});

test("the page comes to rest once it is loaded", async ({ page, quote }) => {
  await page.goto(quote.url);
  await page.waitForLoadState("networkidle", { timeout: 5_000 });
});

test("the documented sample shows 782 on base and total", async ({ quote }) => {
  await quote.open();
  await quote.price("example.com example.net example.org");
  await expect(quote.line("base")).toHaveAttribute("data-amount", "782");
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  await expect(quote.line("tax")).toHaveAttribute("data-amount", /^0(\.00)?$/);
  await expect(quote.line("total")).toHaveText("$782.00");
  await expect(quote.element.locator("[data-currency]").first()).toHaveAttribute("data-currency", "USD");
  const result = await quote.read("result");
  expect(result).toMatchObject({ total: "782", currency: "USD", tax_error: false, unknown: false });
});

test("a real upstream's price is not called invented", async ({ page, quote }) => {
  await quote.open();
  await quote.price();
  await expect(page.getByText(/sandbox|invented/i).filter({ visible: true })).toHaveCount(0);
});

test("the upstream gets the documented request and nothing more", async ({ quote, upstream, context }) => {
  await context.addCookies([{ name: "session", value: "secret", url: quote.url }]);
  await quote.open();
  await quote.price("example.com, example.net, example.org");
  expect(upstream.asked).toHaveLength(1);
  const [asked] = upstream.asked;
  expect(`${asked?.method} ${asked?.path}`).toBe("POST /services/v2/finance/order-pricing");
  expect(asked?.headers["x-dc-devkey"]).toBe("test-key");
  expect(asked?.headers["content-type"]).toMatch(/^application\/json/);
  expect(asked?.headers.accept).toBe("application/json");
  for (const name of ["cookie", "origin", "referer", "authorization", "sec-fetch-mode", "accept-language"]) {
    expect(asked?.headers, name).not.toHaveProperty(name);
  }
  expect(lastBody(upstream)).toEqual({
    certificate: { dns_names: ["example.com", "example.net", "example.org"] },
    order_validity: { years: 1 },
    validity_years: 1,
    product_name_id: "ssl_basic",
  });
});

test("the key never reaches the browser", async ({ page, quote, upstream }) => {
  const seen: string[] = [];
  page.on("response", async (response) => {
    seen.push(JSON.stringify(response.headers()), await response.text().catch(() => ""));
  });
  upstream.next({ json: sample, headers: { "X-DC-DEVKEY": "test-key", "Set-Cookie": "a=test-key" } });
  await quote.open();
  await quote.price();
  await expect(quote.line("total")).toBeVisible();
  expect(seen.filter((text) => text.includes("test-key"))).toEqual([]);
});

test("Enter in a field asks for the price", async ({ quote, upstream }) => {
  await quote.open();
  await quote.names.fill("example.com");
  await quote.element.getByLabel("Add-ons").press("Enter");
  await expect.poll(() => quote.state()).toBe("ready");
  expect(upstream.asked).toHaveLength(1);
});

test("Enter in the names is a new line, not a request", async ({ quote, upstream }) => {
  await quote.open();
  await quote.names.pressSequentially("example.com");
  await quote.names.press("Enter");
  await quote.names.pressSequentially("example.net");
  await expect(quote.names).toHaveValue("example.com\nexample.net");
  expect(await quote.state()).toBe("idle");
  expect(upstream.asked).toHaveLength(0);
});

test("nothing is asked before the buyer asks", async ({ quote, upstream }) => {
  await quote.open();
  expect(upstream.asked).toHaveLength(0);
  expect(await quote.state()).toBe("idle");
  expect(await quote.read("result")).toBeNull();
  expect(await quote.read("error")).toBeNull();
  await expect(quote.lines).toHaveCount(0);
});

test("the balance of the answer is shown as what it is", async ({ quote, upstream }) => {
  upstream.next({ json: { ...sample, balance: "1234.5" } });
  await quote.open();
  await quote.price();
  await expect(quote.element).toContainText("$1,234.50");
  await expect(quote.element).toContainText(/balance/i);
  expect((await quote.read("result")).account_balance).toBe("1234.5");
});

test("an answer without a balance is a price with an unknown balance", async ({ quote, upstream }) => {
  const { balance: _, ...without } = sample;
  upstream.next({ json: without });
  await quote.open();
  await quote.price();
  expect((await quote.read("result")).account_balance).toBeNull();
});

test("a failed request and then a good one end in a clean price", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next({ status: 500, json: { errors: [] } });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("upstream")).toBeVisible();
  await quote.tryAgain.click();
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  await expect(quote.error()).toHaveCount(0);
  expect(await quote.read("error")).toBeNull();
});
