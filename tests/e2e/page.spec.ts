// The page: three places by address, click, key and back button, and what config.json makes of them.
import { type Page } from "@playwright/test";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { expectAccessible } from "./support/axe.ts";
import { asked, configure, elements, heading, link, notice, overflow, paths, places, type Place } from "./support/page.ts";
import { expect, failedToLoad, test } from "./support/test.ts";

const BALANCE = "/api/digicert/finance/balance";
const HISTORY = "/api/digicert/finance/balance-history";
const names = (page: Page) => page.getByRole("textbox", { name: "DNS names", exact: true });
const attributes = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => all.map((one) => Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value]))));

const expectPlace = async (page: Page, place: Place) => {
  await expect(link(page, place)).toHaveAttribute("aria-current", "page");
  await expect(page.locator("nav [aria-current]")).toHaveCount(1);
  await expect(heading(page, place)).toBeVisible();
  await expect(page.locator(elements[place]).first()).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`^${place}\\b`));
};

/** The page and its elements have settled: nothing is being fetched. */
const settled = (page: Page) => page.waitForLoadState("networkidle");

test.describe("a place", () => {
  for (const [path, place] of [["/", "Quote"], ["/quote", "Quote"], ["/balance", "Balance"], ["/history", "History"], ["/history?a=1", "History"]] as const) {
    test(`has the address ${path}`, async ({ page }) => {
      await page.goto(path);
      await expectPlace(page, place);
      for (const other of places) {
        // The balance stands beside the quote, too.
        const here = other === place || (other === "Balance" && place === "Quote");
        await expect(page.locator(`section:has(> #${other.toLowerCase()}-heading)`)).toBeVisible({ visible: here });
      }
      expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    });
  }

  test("is gone to by click, and back and forward", async ({ page }) => {
    await page.goto("/");
    await expectPlace(page, "Quote");
    await link(page, "Balance").click();
    await expectPlace(page, "Balance");
    await expect(page).toHaveURL("/balance");
    await link(page, "History").click();
    await expectPlace(page, "History");
    await expect(page).toHaveURL("/history");
    await page.goBack();
    await expectPlace(page, "Balance");
    await page.goBack();
    await expectPlace(page, "Quote");
    await expect(page).toHaveURL("/");
    await page.goForward();
    await expectPlace(page, "Balance");
    await link(page, "Quote").click();
    await expectPlace(page, "Quote");
    await expect(page).toHaveURL("/");
  });

  test("is gone to without loading the page anew", async ({ page }) => {
    await page.goto("/");
    await page.evaluate(() => ((window as any).same = true));
    for (const place of ["History", "Balance", "Quote"] as const) await link(page, place).click();
    await page.goBack();
    await expectPlace(page, "Balance");
    expect(await page.evaluate(() => (window as any).same)).toBe(true);
  });

  test("that is shown already is no new step for the back button", async ({ page }) => {
    await page.goto("/quote");
    await link(page, "Balance").click();
    await link(page, "Balance").click();
    await expect(heading(page, "Balance")).toBeFocused();
    await page.goBack();
    await expectPlace(page, "Quote");
    await expect(page).toHaveURL("/quote");
  });

  test("is left by the browser's own ways", async ({ page, context }) => {
    await page.goto("/");
    const [opened] = await Promise.all([context.waitForEvent("page"), link(page, "History").click({ modifiers: ["ControlOrMeta"] })]);
    await expect(opened).toHaveURL("/history");
    const [middle] = await Promise.all([context.waitForEvent("page"), link(page, "Balance").click({ button: "middle" })]);
    await expect(middle).toHaveURL("/balance");
    await expectPlace(page, "Quote");
    await expectPlace(opened, "History");
  });

  test("is reached by keyboard, and its heading has the focus then", async ({ page }) => {
    await page.goto("/");
    await expectPlace(page, "Quote");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeInViewport();
    for (const place of places) {
      await page.keyboard.press("Tab");
      await expect(link(page, place)).toBeFocused();
    }
    await page.keyboard.press("Enter");
    await expectPlace(page, "History");
    await expect(heading(page, "History")).toBeFocused();
    expect(await heading(page, "History").evaluate((node) => getComputedStyle(node).outlineStyle)).toBe("solid");
    await page.goBack();
    await expect(heading(page, "Quote")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(names(page)).toBeFocused();
  });

  test("begins after the link that skips", async ({ page }) => {
    await page.goto("/");
    await expect(names(page)).toBeVisible();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect(names(page)).toBeFocused();
    await expectPlace(page, "Quote");
  });

  test("is where it was scrolled to when one comes back, and at its top when one goes there", async ({ page }) => {
    await page.setViewportSize({ width: 400, height: 500 });
    await page.goto("/");
    await expect(names(page)).toBeVisible();
    await settled(page);
    await page.evaluate(() => scrollTo(0, 320));
    // Not by a click of the mouse, which would scroll to the link first.
    await link(page, "Balance").evaluate((link: HTMLElement) => link.click());
    await expectPlace(page, "Balance");
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await expectPlace(page, "Quote");
    expect(await page.evaluate(() => scrollY)).toBe(320);
  });

  test("has the same address relative to wherever the page stands", async ({ page, baseURL, allowConsole }) => {
    allowConsole(failedToLoad);
    // A reverse proxy that has the server below a path of its own.
    const prefix = "/portal/certs";
    const proxy = createServer((incoming, outgoing) => {
      if (!incoming.url?.startsWith(prefix)) return void outgoing.writeHead(404).end();
      const onward = ask(`${baseURL}${incoming.url.slice(prefix.length)}`, { method: incoming.method, headers: { accept: incoming.headers.accept ?? "*/*" } }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`;
    await configure(page, { proxy: `${prefix}/api/digicert` });
    await page.goto(`${url}/history`);
    await expectPlace(page, "History");
    await link(page, "Quote").click();
    await expect(page).toHaveURL(`${url}/`);
    await expect(names(page)).toBeVisible();
    await link(page, "Balance").click();
    await expect(page).toHaveURL(`${url}/balance`);
    await expect.poll(() => page.locator("cert-balance").evaluate((element: any) => element.state)).toBe("ready");
    await expect(page.getByText("every price here is invented")).toBeVisible();
    await page.reload();
    await expectPlace(page, "Balance");
    await page.goto("about:blank");
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
  });
});

test.describe("the elements", () => {
  test("of a place ask nothing before it is shown, and once", async ({ page }) => {
    const requests = asked(page);
    await page.goto("/history");
    await expectPlace(page, "History");
    await settled(page);
    expect(new Set(requests)).toEqual(new Set([HISTORY]));
    await link(page, "Balance").click();
    await expectPlace(page, "Balance");
    await settled(page);
    await link(page, "Quote").click();
    await link(page, "History").click();
    await settled(page);
    expect(requests.filter((path) => path === BALANCE)).toHaveLength(1);
  });

  test("beside the quote and at the balance's own place are the same", async ({ page }) => {
    const requests = asked(page);
    await page.goto("/");
    await expectPlace(page, "Quote");
    await expect(page.locator("cert-balance")).toHaveCount(1);
    await settled(page);
    expect(requests).toEqual([BALANCE]);
    await page.locator("cert-balance").evaluate((element: any) => (element.mark = true));
    await link(page, "Balance").click();
    await expect(page.locator("cert-balance")).toHaveCount(1);
    expect(await page.locator("cert-balance").evaluate((element: any) => element.mark)).toBe(true);
    await settled(page);
    expect(requests).toEqual([BALANCE]);
  });

  test("keep their state while another place is shown", async ({ page }) => {
    await page.goto("/");
    await names(page).fill("example.com example.net");
    await page.getByRole("button", { name: "Get quote", exact: true }).click();
    await expect.poll(() => page.locator("cert-quote").evaluate((element: any) => element.state)).toBe("ready");
    const before = await page.locator("cert-quote").evaluate((element: any) => element.result);
    await link(page, "History").click();
    await expectPlace(page, "History");
    await expect(names(page)).toBeHidden();
    await page.goBack();
    await expect(names(page)).toHaveValue(/example\.net/);
    await expect(page.locator('[data-line="total"]')).toHaveAttribute("data-amount", before.total);
    expect(await page.locator("cert-quote").evaluate((element: any) => element.state)).toBe("ready");
  });
});

test.describe("on the screen", () => {
  for (const width of [320, 360, 1280]) {
    test(`${width} px wide no place scrolls sideways`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      for (const place of places) {
        await page.goto(paths[place]);
        await expectPlace(page, place);
        await settled(page);
        expect(await overflow(page), place).toBeLessThanOrEqual(0);
      }
    });
  }

  test("that is wide balance and quote stand side by side, on a narrow one below each other", async ({ page }) => {
    const boxes = async () => {
      const [quote, balance] = [await page.locator("cert-quote").boundingBox(), await page.locator("cert-balance").boundingBox()];
      if (!quote || !balance) throw new Error("not shown");
      return { quote, balance };
    };
    for (const width of [1200, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/");
      await expect(names(page)).toBeVisible();
      const { quote, balance } = await boxes();
      expect(balance.x, `${width}`).toBeGreaterThanOrEqual(quote.x + quote.width);
      expect(balance.y, `${width}`).toBe(quote.y);
      // The quote's own two columns stay.
      expect(quote.width, `${width}`).toBeGreaterThanOrEqual(820);
    }
    for (const width of [360, 1000]) {
      await page.setViewportSize({ width, height: 900 });
      const { quote, balance } = await boxes();
      expect(balance.y, `${width}`).toBeGreaterThanOrEqual(quote.y + quote.height);
    }
  });

  for (const place of places) {
    test(`no violation in light and dark: ${place}`, async ({ page }) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.goto(paths[place]);
        await expectPlace(page, place);
        await settled(page);
        await expectAccessible(page, `${place}, ${colorScheme}`);
      }
    });
  }

  test("in print there is the shown place alone", async ({ page }) => {
    await page.goto("/");
    await expectPlace(page, "Quote");
    await link(page, "Balance").click();
    await page.emulateMedia({ media: "print" });
    await expect(page.locator("cert-balance")).toBeVisible();
    for (const gone of ["cert-quote", "header", "#skip"]) await expect(page.locator(gone)).toBeHidden();
    await page.emulateMedia({ media: null });
    await link(page, "Quote").click();
    await page.emulateMedia({ media: "print" });
    await expect(page.locator("cert-balance")).toBeHidden();
  });
});

test.describe("config.json", () => {
  const uuid = (n: number) => `0a3c5f6e-1111-4222-8333-44445555666${n}`;

  test("as it is shipped asks for the account's balance, and is read once", async ({ page }) => {
    const read: string[] = [];
    page.on("request", (request) => request.url().endsWith("/config.json") && read.push(request.url()));
    await page.goto("/");
    await expectPlace(page, "Quote");
    expect(await attributes(page, "cert-quote")).toEqual([{}]);
    expect(await attributes(page, "cert-balance")).toEqual([{ source: "account" }]);
    await expect(notice(page)).toBeEmpty();
    // With the preload, which the script takes.
    expect(read).toHaveLength(1);
  });

  test("is revalidated each time and has no compressed sibling that could be older", async ({ request }) => {
    const response = await request.get("/config.json", { headers: { "Accept-Encoding": "br, gzip" } });
    expect(response.headers()["cache-control"]).toBe("no-cache");
    expect(response.headers()).not.toHaveProperty("content-encoding");
    expect(await response.json()).toEqual({ balances: [{ source: "account" }] });
  });

  test("sets every attribute, and values stay text", async ({ page }) => {
    await page.route("**/proxy/**", (route) => route.fulfill({ json: {} }));
    const hostile = '"><img src=x onerror=alert(1)>';
    await configure(page, {
      proxy: "/proxy/d", frontier_proxy: "/proxy/f", locale: "de-DE", theme: "dark", timeout_ms: 4000, credentials: "include", container_id: 101,
      quote: { live: true, products: ["ssl_basic", "ssl_ev_basic"], addons: [{ id: "9001", label: hostile }] },
      balances: [
        { label: hostile, low_balance: "500.50" },
        { source: "account", container_id: "102" },
        { source: "subaccount", subaccount_id: 7 },
        { source: "frontier", org_id: uuid(1), billing_id: uuid(2), low_balance: 20 },
      ],
    });
    await page.goto("/");
    const common = { locale: "de-DE", theme: "dark", "timeout-ms": "4000", credentials: "include" };
    await expect(page.locator("cert-quote")).toBeVisible();
    expect(await attributes(page, "cert-quote")).toEqual([{
      ...common, proxy: "/proxy/d", "container-id": "101", live: "", products: "ssl_basic,ssl_ev_basic", addons: JSON.stringify([{ id: "9001", label: hostile }]),
    }]);
    const balance = { ...common, proxy: "/proxy/d", "container-id": "101" };
    expect(await attributes(page, "cert-balance")).toEqual([
      { ...balance, "low-balance": "500.50" },
      { ...balance, source: "account", "container-id": "102" },
      { ...balance, source: "subaccount", "subaccount-id": "7" },
      { ...balance, source: "frontier", proxy: "/proxy/f", "org-id": uuid(1), "billing-id": uuid(2), "low-balance": "20" },
    ]);
    await link(page, "History").click();
    expect(await attributes(page, "cert-history")).toEqual([{ ...common, proxy: "/proxy/d", "container-id": "101" }]);
    await link(page, "Balance").click();
    await expect(page.getByRole("heading", { name: hostile, level: 3 })).toBeVisible();
    await expect(page.locator("img")).toHaveCount(0);
    await expect(notice(page)).toBeEmpty();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
  });

  test("with null and empty objects is as if nothing was set", async ({ page }) => {
    await configure(page, { proxy: null, locale: null, container_id: null, quote: null, balances: [{ label: null }] });
    await page.goto("/");
    await expectPlace(page, "Quote");
    expect(await attributes(page, "cert-quote")).toEqual([{}]);
    expect(await attributes(page, "cert-balance")).toEqual([{}]);
    await expect(notice(page)).toBeEmpty();
  });

  test("without balances leaves the whole width to the quote", async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await configure(page, { balances: [] });
    const requests = asked(page);
    await page.goto("/");
    await expect(names(page)).toBeVisible();
    await expect(page.locator("#balance")).toBeHidden();
    expect((await page.locator("cert-quote").boundingBox())?.width).toBeGreaterThan(1200);
    await link(page, "Balance").click();
    await expect(page.getByText("No balance is set up for this page.")).toBeVisible();
    await settled(page);
    expect(requests).toEqual([]);
  });

  for (const [what, body, status, said] of [
    ["is missing", "There is no such file.", 404, /status 404/],
    ["is an error page", "<!doctype html><h1>Bad gateway</h1>", 502, /status 502/],
    ["is no JSON", '{"proxy": ', 200, /not JSON/],
    ["is empty", "", 200, /not JSON/],
    ["is a list", "[]", 200, /The file takes an object/],
    ["is a number", "5", 200, /The file takes an object/],
    ["lists its balances as an object", '{"balances": {"source": "account"}}', 200, /^balances takes a list/],
    ["has a quote that is text", '{"quote": "live"}', 200, /^quote takes an object/],
  ] as const) {
    test(`that ${what} leaves the page at its defaults, and that is said`, async ({ page, allowConsole }) => {
      allowConsole(failedToLoad);
      await configure(page, body, status);
      await page.goto("/");
      await expectPlace(page, "Quote");
      await expect(notice(page)).toHaveRole("alert");
      await expect(notice(page).getByRole("listitem")).toHaveText([said]);
      expect(await attributes(page, "cert-quote")).toEqual([{}]);
      expect(await attributes(page, "cert-balance")).toEqual([{}]);
      await names(page).fill("example.com");
      await expectAccessible(page);
    });
  }

  test("that cannot be reached leaves the page at its defaults", async ({ page, allowConsole }) => {
    allowConsole(failedToLoad, /preload/);
    await page.route("**/config.json", (route) => route.abort());
    await page.goto("/");
    await expectPlace(page, "Quote");
    await expect(notice(page)).toContainText("The file could not be had.");
  });

  test("names each key that cannot be used, and the others count", async ({ page, allowConsole }) => {
    allowConsole(failedToLoad);
    await configure(page, '{"prox": "/x", "theme": 5, "__proto__": {}, "timeout_ms": 1.5, "locale": "en-GB", "quote": {"live": "yes", "products": "ssl_basic", "addons": [{"id": 1}], "speed": 2}, "balances": [{"source": "account", "low_balance": true, "low": 1}, 5, null]}');
    await page.goto("/");
    await expectPlace(page, "Quote");
    await expect(notice(page).getByRole("listitem")).toHaveText([
      /^prox is not a key/, /^theme takes text/, /^__proto__ is not a key/, /^timeout_ms takes a whole number/,
      /^quote\.live takes true or false/, /^quote\.products takes a list/, /^quote\.addons takes a list/, /^quote\.speed is not a key/,
      /^balances\[0\]\.low_balance takes/, /^balances\[0\]\.low is not a key/, /^balances\[1\] takes an object/, /^balances\[2\] takes an object/,
    ]);
    expect(await attributes(page, "cert-quote")).toEqual([{ locale: "en-GB" }]);
    expect(await attributes(page, "cert-balance")).toEqual([{ locale: "en-GB", source: "account" }]);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  test("that says unusably whose balance it is shows nobody's", async ({ page }) => {
    await configure(page, { balances: [{ container_id: [12] }, { source: ["subaccount"] }, { source: "subaccount", subaccount_id: false }, { source: "frontier", org_id: uuid(1) }] });
    const requests = asked(page);
    await page.goto("/balance");
    await expect(notice(page).getByRole("listitem")).toHaveCount(3);
    for (let n = 0; n < 4; n += 1) await expect(page.locator("cert-balance").nth(n).locator('[data-error="misconfigured"]')).toBeVisible();
    await settled(page);
    expect(requests).toEqual([]);
  });

  test("that comes late keeps nothing from being right", async ({ page }) => {
    const requests = asked(page);
    let answer = () => {};
    await page.route("**/config.json", async (route) => {
      await new Promise<void>((done) => (answer = done));
      await route.fulfill({ json: { quote: { products: ["ssl_ev_basic"] }, container_id: "101" } });
    });
    const wasm = page.waitForResponse(/\.wasm$/);
    await page.goto("/");
    await wasm;
    await expect(names(page)).toBeHidden();
    await link(page, "History").click();
    await expect(heading(page, "History")).toBeFocused();
    expect(requests).toEqual([]);
    answer();
    await expect(page.locator('cert-history[container-id="101"]')).toBeVisible();
    await link(page, "Quote").click();
    await expect(page.getByRole("combobox", { name: "Product", exact: true })).toHaveValue("ssl_ev_basic");
  });
});
