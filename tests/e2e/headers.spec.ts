// Under the strictest headers a portal may send: what the documentation names as the minimum is enough, for everything the
// elements do.
import { embed } from "./support/embed.ts";
import { htmlPage, startPortal } from "./support/portal.ts";
import { expect, failedToLoad, QuoteForm, test } from "./support/quote.ts";
import { startServer } from "./support/server.ts";
import type { Page } from "@playwright/test";

const MINIMUM = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types 'none'";
const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const ALL = "<cert-quote></cert-quote><cert-balance low-balance='500'></cert-balance><cert-history></cert-history>";

/** What the page's policies forbade so far. */
async function violations(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    (window as any).violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      (window as any).violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}`),
    );
  });
  return () => page.evaluate(() => (window as any).violations);
}

/** Uses all three elements. */
async function use(page: Page, at: string): Promise<void> {
  const quote = new QuoteForm(page, at);
  await quote.unfold();
  await quote.names.fill("example.com bad_name.com");
  await quote.getQuote.click();
  await expect(quote.fieldError("dns_names[1]")).toBeVisible();
  await quote.price("example.com");
  await expect(quote.line("total")).toBeVisible();
  const history = page.locator("cert-history");
  await expect(history.locator("[data-adjustment]").first()).toBeVisible();
  await history.getByRole("button", { name: /^Amount/ }).first().click();
  const download = page.waitForEvent("download");
  await history.getByRole("button", { name: "Export CSV" }).click();
  await (await download).cancel();
  await expect(page.locator("cert-balance [data-field]").first()).toBeVisible();
}

/** The size of the text of an element's button, which only the elements' own style sheet sets. */
const styled = (page: Page) =>
  page.locator("cert-quote").evaluate((element) => getComputedStyle(element.shadowRoot!.querySelector('[type="submit"]')!).minHeight);

for (const [what, headers] of [
  ["the documented minimum", { "Content-Security-Policy": MINIMUM }],
  ["Trusted Types", { "Content-Security-Policy": `${MINIMUM}; ${TRUSTED_TYPES}` }],
  ["cross-origin isolation", { "Content-Security-Policy": MINIMUM, ...ISOLATED }],
  ["all of it and a policy against everything else", { "Content-Security-Policy": `${MINIMUM}; ${TRUSTED_TYPES}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", ...ISOLATED }],
] as [string, Record<string, string>][]) {
  test(`all elements work under ${what}`, async ({ page }) => {
    const server = await startServer();
    const forbidden = await violations(page);
    await embed(page, server, ALL, headers);
    await use(page, server.url);
    expect(await forbidden()).toEqual([]);
    expect(await styled(page)).not.toBe("auto");
    if ("Cross-Origin-Embedder-Policy" in headers) expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.goto("about:blank");
    await server.stop();
  });
}

test("all elements work on an isolated portal of another origin", async ({ page }) => {
  const portal = await startPortal();
  const server = await startServer({ args: ["--allow-origin", portal.url] });
  const forbidden = await violations(page);
  portal.show(
    htmlPage(ALL.replaceAll("></", ` proxy="${server.url}/api/digicert"></`), `<script type="module" src="${server.url}/certquote.js"></script>`),
    { "Content-Security-Policy": `${MINIMUM.replaceAll("'self'", server.url)}; img-src data:; ${TRUSTED_TYPES}`, ...ISOLATED },
  );
  await page.goto(portal.url);
  await use(page, portal.url);
  expect(await forbidden()).toEqual([]);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.goto("about:blank");
  await portal.stop();
  await server.stop();
});

test.describe("in a sandboxed frame of another origin", () => {
  /** A portal that frames another one, which holds the element. */
  async function framed(sandbox: string) {
    const [outer, inner] = [await startPortal(), await startPortal()];
    const server = await startServer({ args: ["--allow-origin", inner.url] });
    const proxy = `proxy="${server.url}/api/digicert"`;
    inner.show(htmlPage(`<cert-quote ${proxy}></cert-quote><cert-history ${proxy}></cert-history>`, `<script type="module" src="${server.url}/certquote.js"></script>`));
    outer.show(htmlPage(`<iframe title="Quote" sandbox="${sandbox}" src="${inner.url}" width="900" height="900"></iframe>`));
    const stop = async (page: Page) => {
      await page.goto("about:blank");
      for (const one of [outer, inner, server]) await one.stop();
    };
    return { url: outer.url, stop };
  }

  test("that keeps its origin, an element works for a portal that is allowed", async ({ page }) => {
    const portal = await framed("allow-scripts allow-same-origin allow-forms");
    await page.goto(portal.url);
    const quote = page.frameLocator("iframe").locator("cert-quote");
    await quote.getByRole("textbox", { name: "DNS names" }).fill("example.com");
    await quote.getByRole("button", { name: "Get quote" }).click();
    await expect(quote.locator('[data-line="total"]')).toBeVisible();
    await portal.stop(page);
  });

  test("that may submit no form, the button and Enter price an order, and the history jumps and closes its details", async ({ page, allowConsole }) => {
    // The sandbox refuses the add-on that it does not know.
    allowConsole(failedToLoad);
    const portal = await framed("allow-scripts allow-same-origin");
    await page.goto(portal.url);
    const quote = page.frameLocator("iframe").locator("cert-quote");
    const announced = quote.getByRole("status");
    await quote.getByRole("textbox", { name: "DNS names" }).fill("example.com");
    await quote.getByRole("button", { name: "Get quote" }).click();
    await expect(quote.locator('[data-line="total"]')).toBeVisible();
    await expect(announced).not.toBeEmpty();
    await quote.getByRole("textbox", { name: "Add-ons" }).fill("an-addon");
    const asked = page.waitForRequest(/order-pricing/);
    await quote.getByRole("textbox", { name: "Add-ons" }).press("Enter");
    expect(JSON.parse((await asked).postData() ?? "")).toMatchObject({ addons: ["an-addon"] });

    const history = page.frameLocator("iframe").locator("cert-history");
    await history.getByLabel("Jump to date").fill("1999-01-01");
    await history.getByLabel("Jump to date").press("Enter");
    await expect(history.getByLabel("Jump to date")).toHaveAttribute("aria-invalid", "true");
    await history.locator("tr[data-adjustment]").first().focus();
    await page.keyboard.press("Enter");
    const details = history.getByRole("dialog");
    await expect(details).toBeVisible();
    await details.getByRole("button", { name: "Close" }).click();
    await expect(details).toBeHidden();
    await portal.stop(page);
  });

  test("without an origin, nothing is had: any site can make such a page", async ({ page, allowConsole }) => {
    allowConsole(failedToLoad, /CORS/);
    const portal = await framed("allow-scripts");
    const refused = page.waitForEvent("console", (message) => /CORS/.test(message.text()));
    await page.goto(portal.url);
    await refused;
    await portal.stop(page);
  });
});
