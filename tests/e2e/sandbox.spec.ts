// The reserved names under .test provoke trouble on the sandbox, as the README lists it.
import { expect, failedToLoad, QuoteForm, tellAll, test } from "./support/quote.ts";

test.beforeEach(async ({ page }) => page.addInitScript(tellAll));

for (const [name, code, status] of [
  ["rate-limited.test", "rate_limited", 429],
  ["denied.test", "unauthorized", 403],
  ["unavailable.test", "upstream", 502],
  ["garbled.test", "unreadable", 200],
] as const) {
  test(`${name} is ${code}, and taking it away gives a price`, async ({ page, baseURL, allowConsole }) => {
    allowConsole(failedToLoad);
    const quote = new QuoteForm(page, `${baseURL}/`);
    await quote.open();
    await quote.names.fill(`example.com ${name}`);
    await quote.getQuote.click();
    await expect(quote.error(code)).toBeVisible();
    expect(await quote.read("error")).toMatchObject({ code, status });
    await quote.price("example.com");
    await expect(quote.error()).toHaveCount(0);
  });
}

test("rate-limited.test says how long to wait", async ({ page, baseURL, allowConsole }) => {
  allowConsole(failedToLoad);
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.names.fill("rate-limited.test");
  await quote.getQuote.click();
  await expect(quote.error("rate_limited")).toContainText(/second/);
  expect((await quote.read("error")).retry_after_ms).toBeGreaterThan(0);
});

test("an error tells the id under which the server has it", async ({ page, baseURL, allowConsole }) => {
  allowConsole(failedToLoad);
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.names.fill("unavailable.test");
  const answer = page.waitForResponse((response) => response.url().endsWith("/finance/order-pricing"));
  await quote.getQuote.click();
  const id = (await answer).headers()["x-request-id"];
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{8}$/);
  await expect(quote.error("upstream")).toContainText(`Request ID ${id}`);
  expect((await quote.read("error")).request_id).toBe(id);
});

test("no-estimate.test is no estimate", async ({ page, baseURL }) => {
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.names.fill("no-estimate.test");
  await quote.getQuote.click();
  await expect(quote.element.getByText("No estimate", { exact: true })).toBeVisible();
  expect(await quote.state()).toBe("unknown");
});

test("tax-error.test leaves the tax unknown", async ({ page, baseURL }) => {
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.price("example.com tax-error.test");
  await expect(quote.line("tax")).toHaveText(/not available/i);
  expect((await quote.read("result")).tax_error).toBe(true);
});

test("slow.test takes its time and answers", async ({ page, baseURL }) => {
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.names.fill("slow.test");
  await quote.getQuote.click();
  await expect(quote.element.locator('[aria-busy="true"]')).toBeVisible();
  expect(await quote.state()).toBe("loading");
  await expect(quote.line("total")).toBeVisible({ timeout: 15_000 });
});

test("the same order has the same price each time; another has another", async ({ page, baseURL }) => {
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.price("example.com example.net");
  const first = await quote.line("total").getAttribute("data-amount");
  await quote.getQuote.click();
  await expect.poll(async () => (await quote.told("cert-quote")).length).toBe(2);
  expect(await quote.line("total").getAttribute("data-amount")).toBe(first);
  await quote.price("example.com example.net example.org");
  expect(await quote.line("total").getAttribute("data-amount")).not.toBe(first);
});

test("free twins are not counted", async ({ page, baseURL }) => {
  const quote = new QuoteForm(page, `${baseURL}/`);
  await quote.open();
  await quote.price("example.com");
  const alone = await quote.line("total").getAttribute("data-amount");
  await quote.price("example.com www.example.com");
  expect(await quote.line("total").getAttribute("data-amount")).toBe(alone);
});
