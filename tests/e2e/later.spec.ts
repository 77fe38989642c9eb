// The half of the wasm that is loaded when somebody turns to the form: when it is asked for, and what is there without it.
import type { Page } from "@playwright/test";
import { expect, failedToLoad, price, test } from "./support/quote.ts";

const LATER = "**/certquote-later-*_bg.wasm";

async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+V");
}

/** Holds it back until the function that comes back is called. */
async function held(page: Page): Promise<() => void> {
  let go = () => {};
  const gate = new Promise<void>((done) => (go = done));
  await page.route(LATER, async (route) => {
    await gate;
    await route.continue();
  });
  return go;
}

test.describe("the later half", () => {
  test("is not loaded by looking at the form, and once by turning to it", async ({ page, quote }) => {
    const asked: string[] = [];
    page.on("request", (request) => /certquote-later/.test(request.url()) && asked.push(request.url()));
    await quote.open();
    await expect(quote.names).toBeVisible();
    await expect(quote.element.getByText("Compare", { exact: true })).toBeVisible();
    expect(asked).toEqual([]);
    await quote.names.focus();
    await expect.poll(() => asked.length).toBe(1);
    await quote.price("example.com");
    await expect(quote.element.locator('[part~="evidence"]')).toBeVisible();
    expect(asked).toHaveLength(1);
  });

  test("opens what was unfolded before it came", async ({ page, quote }) => {
    const go = await held(page);
    await quote.open();
    await quote.element.locator('[part="comparison"] summary').click();
    await expect(quote.element.locator('[part="comparison"]')).toContainText("Loading…");
    go();
    await expect(quote.element.getByRole("button", { name: "Compare prices" })).toBeVisible();
  });

  test("takes what was pasted while it was on its way", async ({ page, quote }) => {
    const go = await held(page);
    await quote.open();
    await quote.names.focus();
    await paste(page, "a.example.com\nb.example.com ");
    // It is there at once, and goes into a price.
    await expect(quote.names).toHaveValue("a.example.com\nb.example.com ");
    await page.keyboard.type("c.example.com\n");
    await paste(page, "Host\tOwner\r\nd.example.com\tJane Roe\r\ne.example.com\tJohn Doe\r\n");
    await expect(quote.names).toHaveValue(/Jane Roe/);
    go();
    await expect(quote.names).toHaveValue("a.example.com\nb.example.com c.example.com\nd.example.com\ne.example.com");
    await expect(quote.element.locator("#names-tally")).toContainText("5 names");
  });

  test("a private key is never shown, whether what warns of it comes at once or later", async ({ page, quote, allowConsole }) => {
    allowConsole(failedToLoad, /certquote/);
    await page.route(LATER, (route) => route.abort());
    await quote.open();
    await quote.names.focus();
    await paste(page, "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n");
    const again = quote.element.getByRole("button", { name: "Load them again" });
    await expect(again).toBeVisible();
    await expect(quote.names).toHaveValue("");
    await page.unroute(LATER);
    await again.click();
    await expect(quote.element.locator("#names-said")).toContainText("private key");
    await expect(quote.names).toHaveValue("");
  });

  test("that does not come leaves prices as they are, is said, and can be loaded again", async ({ page, quote, upstream, allowConsole }) => {
    allowConsole(failedToLoad, /certquote/);
    upstream.always(price(100));
    await page.route(LATER, (route) => route.abort());
    await quote.open();
    await quote.names.focus();
    await paste(page, "a.example.com b.example.com");
    await expect(quote.names).toHaveValue("a.example.com b.example.com");
    await quote.getQuote.click();
    await expect(quote.status).toHaveText("Total $100.00");
    await expect(quote.element).toContainText("Prices are not affected.");
    await page.unroute(LATER);
    await quote.element.getByRole("button", { name: "Load them again" }).click();
    await expect(quote.element.locator('[part~="evidence"]')).toBeVisible();
    await expect(quote.element).not.toContainText("Prices are not affected.");
  });
});
