// The loader: what it fetches and when, what stands in an element's place meanwhile, and what is said when nothing comes.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { embed, fetched, GLUE, script, WASM } from "./support/embed.ts";
import { dist } from "./support/paths.ts";
import { htmlPage, startPortal } from "./support/portal.ts";
import { expect, failedToLoad, QuoteForm, test } from "./support/quote.ts";
import { startServer, type Server } from "./support/server.ts";

const far = '<div id="space" style="height: 5000px"></div>';
const file = (pattern: RegExp) => join(dist, readdirSync(dist).find((name) => pattern.test(name)) ?? "");
const wasmFile = () => file(/^certquote-widget-.*_bg\.wasm$/);

/** Two frames: an observer of the viewport has spoken by then. */
const drawn = (page: Page) => page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
const form = (page: Page, server: Server) => new QuoteForm(page, server.url);

test.describe("the download", () => {
  test("begins when the first element comes near the viewport", async ({ page, server }) => {
    const names = fetched(page);
    await embed(page, server, `${far}<cert-quote></cert-quote>`);
    await drawn(page);
    expect(names).toEqual(["certquote.js"]);
    expect(await form(page, server).state()).toBe("idle");
    await page.evaluate(() => scrollTo(0, 4000));
    await expect(form(page, server).names).toBeVisible();
    expect(names.toSorted()).toEqual([GLUE, WASM, "certquote.js"].toSorted());
  });

  test("begins before the element is in sight", async ({ page, server }) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await embed(page, server, `<div style="height: 1000px"></div><cert-quote></cert-quote>`);
    await expect(form(page, server).names).toBeAttached();
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test("begins before the element is in sight of what scrolls around it", async ({ page, server }) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await embed(page, server, `<div style="height: 300px; overflow: auto"><div style="height: 600px"></div><cert-quote></cert-quote></div>`);
    await expect(form(page, server).names).toBeAttached();
  });

  test("does not begin for a hidden element, until it is shown", async ({ page, server }) => {
    const names = fetched(page);
    await embed(page, server, `<div hidden><cert-quote></cert-quote></div><cert-balance hidden></cert-balance>`);
    await drawn(page);
    expect(names).toEqual(["certquote.js"]);
    await page.evaluate(() => document.querySelector("main > div")?.removeAttribute("hidden"));
    await expect(form(page, server).names).toBeVisible();
  });

  test("begins at once for quote() and refresh(), and all elements come with it", async ({ page, server }) => {
    await embed(page, server, `${far}<cert-quote></cert-quote><cert-history></cert-history>`);
    const draft = { dns_names: ["example.com"], product_name_id: "ssl_basic", order_validity: { years: 1 } };
    await form(page, server).write(draft);
    expect(await form(page, server).call()).toMatchObject({ quote: { draft, total: "782" } });
    await expect(page.locator("cert-history").getByRole("combobox", { name: "Transaction type" })).toBeAttached();
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test("begins at once in a browser that cannot tell what is near", async ({ page, server }) => {
    await page.addInitScript(() => delete (window as any).IntersectionObserver);
    await embed(page, server, `${far}<cert-quote></cert-quote>`);
    await expect(form(page, server).names).toBeAttached();
  });

  test("begins when the page asks for it", async ({ page, server }) => {
    const names = fetched(page);
    await embed(page, server, "", {}, "");
    await page.evaluate(async () => {
      const { preload } = await import(new URL("/certquote.js", location.href).href);
      await preload();
    });
    expect(names.toSorted()).toEqual([GLUE, WASM, "certquote.js"].toSorted());
    await page.evaluate(() => document.body.append(document.createElement("cert-quote")));
    await expect(form(page, server).names).toBeVisible();
    expect(names).toHaveLength(3);
  });

  test("is one for twenty elements", async ({ page, server }) => {
    const names = fetched(page);
    await embed(page, server, "<cert-balance></cert-balance>".repeat(20));
    await expect(page.locator('cert-balance [part~="balance"]')).toHaveCount(20);
    const ready = () => page.locator("cert-balance").evaluateAll((all: any[]) => all.filter(({ state }) => state === "ready").length);
    await expect.poll(ready).toBe(20);
    expect(names.toSorted()).toEqual([GLUE, WASM, "certquote.js"].toSorted());
  });

  test("works in a browser that compiles whole files only", async ({ page, server }) => {
    await page.addInitScript(() => {
      delete (WebAssembly as any).compileStreaming;
      delete (WebAssembly as any).instantiateStreaming;
    });
    await embed(page, server, "<cert-quote></cert-quote>");
    await expect(form(page, server).names).toBeVisible();
  });

  test("works with a server that does not know the type of wasm", async ({ page, server }) => {
    await page.route("**/certquote-widget-*_bg.wasm", (route) => route.fulfill({ contentType: "application/octet-stream", body: readFileSync(wasmFile()) }));
    await embed(page, server, "<cert-quote></cert-quote>");
    await expect(form(page, server).names).toBeVisible();
  });

  test("is checked where the page may not hash", async ({ page, server, allowConsole }) => {
    allowConsole(failedToLoad, /^certquote:/, /integrity/);
    await page.addInitScript(() => delete (Crypto.prototype as any).subtle);
    await embed(page, server, "<cert-quote></cert-quote>");
    await expect(form(page, server).names).toBeVisible();
    await page.route("**/certquote-widget-*_bg.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "" }));
    await page.reload();
    await expect(form(page, server).error("network")).toBeVisible();
  });

  test("leaves nothing behind of elements that go before it begins", async ({ page, server }) => {
    const names = fetched(page);
    await embed(page, server, far);
    await page.evaluate(async () => {
      for (let n = 0; n < 100; n += 1) {
        const element = document.createElement("cert-balance");
        document.body.append(element);
        await Promise.resolve();
        element.remove();
      }
    });
    await page.evaluate(() => scrollTo(0, 9000));
    await drawn(page);
    expect(names).toEqual(["certquote.js"]);
  });
});

test.describe("a failed download", () => {
  const failures: [string, (page: Page) => Promise<unknown>][] = [
    ["a wasm that is not there", (page) => page.route("**/certquote-widget-*_bg.wasm", (route) => route.fulfill({ status: 404, body: "" }))],
    ["a wasm that does not come", (page) => page.route("**/certquote-widget-*_bg.wasm", (route) => route.abort())],
    [
      "a wasm that was tampered with",
      (page) =>
        page.route("**/certquote-widget-*_bg.wasm", (route) => {
          const bytes = readFileSync(wasmFile());
          bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
          return route.fulfill({ contentType: "application/wasm", body: bytes });
        }),
    ],
    ["a wasm that is cut off", (page) => page.route("**/certquote-widget-*_bg.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: readFileSync(wasmFile()).subarray(0, 9999) }))],
    ["a glue that is not there", (page) => page.route("**/certquote-widget-*.js*", (route) => route.fulfill({ status: 404, body: "" }))],
    [
      "a glue that was tampered with",
      (page) =>
        page.route("**/certquote-widget-*.js*", (route) =>
          route.fulfill({ contentType: "text/javascript", body: `window.tampered = true;${readFileSync(file(/^certquote-widget-[0-9a-f]+\.js$/), "utf8")}` }),
        ),
    ],
  ];
  for (const [what, spoil] of failures) {
    test(`${what} is said plainly, told, and tried again`, async ({ page, server, allowConsole }) => {
      allowConsole(failedToLoad, /^certquote:/, /integrity/);
      await page.addInitScript(() => {
        (window as any).told = [];
        for (const type of ["cert-state", "cert-error"]) addEventListener(type, (event) => (window as any).told.push([type, (event as CustomEvent).detail]));
      });
      await spoil(page);
      await embed(page, server, "<cert-quote></cert-quote>");
      const quote = form(page, server);
      const error = quote.error("network");
      await expect(error).toBeVisible();
      await expect(error).toHaveAttribute("role", "alert");
      await expect(error).toContainText("This part of the page could not be loaded.");
      const failure = { code: "network", message: "This part of the page could not be loaded.", endpoint: "", status: null, retryable: true, retry_after_ms: null, upstream_codes: [], fields: [] };
      expect(await quote.read("error")).toEqual(failure);
      expect(await quote.state()).toBe("error");
      expect(await page.evaluate(() => (window as any).told)).toEqual([["cert-state", { state: "error" }], ["cert-error", failure]]);
      expect(await page.evaluate(() => (window as any).tampered)).toBeUndefined();
      await page.unrouteAll({ behavior: "wait" });
      await quote.tryAgain.click();
      await expect(quote.names).toBeVisible();
      expect(await quote.read("error")).toBeNull();
      await quote.price();
    });
  }

  test("a failure stays, and is told, as often as it is tried again", async ({ page, server, allowConsole }) => {
    allowConsole(failedToLoad, /^certquote:/, /integrity/);
    await page.route("**/certquote-widget-*_bg.wasm", (route) => route.abort());
    await embed(page, server, "<cert-quote></cert-quote><cert-balance></cert-balance>");
    const quote = form(page, server);
    await expect(quote.error("network")).toBeVisible();
    await expect(page.locator('cert-balance [data-error="network"]')).toBeVisible();
    expect(await quote.call()).toMatchObject({ error: { code: "network" } });
    await expect(quote.error("network")).toBeVisible();
    await page.unroute("**/certquote-widget-*_bg.wasm");
    await quote.tryAgain.click();
    await expect(quote.names).toBeVisible();
    await expect(page.locator("cert-balance [data-field]").first()).toBeVisible();
  });

  test("a wasm that the policy of the page blocks is said", async ({ page, server, allowConsole }) => {
    allowConsole(/^certquote:/, /Content Security Policy|unsafe-eval/);
    await embed(page, server, "<cert-quote></cert-quote>", { "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'" });
    await expect(form(page, server).error("network")).toHaveAttribute("role", "alert");
    await expect(form(page, server).tryAgain).toBeVisible();
    expect(await form(page, server).read("error")).toMatchObject({ code: "network", retryable: true });
  });

  test("a browser without WebAssembly is said to be too old", async ({ page, server, allowConsole }) => {
    allowConsole(/^certquote:/);
    await page.addInitScript(() => delete (window as any).WebAssembly);
    await embed(page, server, "<cert-quote></cert-quote>");
    await expect(form(page, server).error("network")).toContainText("This browser is too old for this part of the page.");
    await expect(form(page, server).tryAgain).toBeVisible();
  });
});

test.describe("two copies of the script", () => {
  const { version } = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));

  test("of two versions: the first one wins, and the second says so once", async ({ page, server, allowConsole }) => {
    allowConsole(/is not used/);
    const warnings: string[] = [];
    page.on("console", (message) => warnings.push(message.text()));
    await page.route("**/other.js*", (route) => route.fulfill({ contentType: "text/javascript", body: readFileSync(join(dist, "certquote.js"), "utf8").replaceAll(version, "99.0.0") }));
    const head = script + '<script type="module" src="/other.js"></script>';
    await embed(page, server, "<cert-quote></cert-quote><cert-balance></cert-balance>", {}, head);
    await expect(form(page, server).names).toBeVisible();
    expect(await page.evaluate(() => (customElements.get("cert-quote") as any).version)).toBe(version);
    expect(warnings).toEqual([`certquote 99.0.0 is not used, since this page has ${version} already.`]);
  });

  test("of one version are one", async ({ page, server }) => {
    await embed(page, server, "<cert-quote></cert-quote>", {}, script + script.replace(".js", ".js?again"));
    await expect(form(page, server).names).toBeVisible();
  });
});

test("a portal of another origin pins the loader by its hash", async ({ page, upstream }) => {
  const portal = await startPortal();
  const server = await startServer({ digicert: upstream.url, args: ["--allow-origin", portal.url] });
  const hashes = JSON.parse(readFileSync(join(dist, "integrity.json"), "utf8"));
  const tag = `<script type="module" src="${server.url}/certquote.js" integrity="${hashes["certquote.js"]}" crossorigin></script>`;
  portal.show(htmlPage(`<cert-quote proxy="${server.url}/api/digicert"></cert-quote>`, tag));
  await page.goto(portal.url);
  await form(page, server).price();
  await portal.stop();
  await server.stop();
});

test.describe("the place holder", () => {
  // Run `cargo xtask bench heights` when this fails because an element looks otherwise than before.
  for (const tag of ["cert-quote", "cert-balance", "cert-history"]) {
    test(`of <${tag}> is as high as what comes up in its place, at any width`, async ({ page, server }) => {
      await page.setViewportSize({ width: 1400, height: 800 });
      await embed(page, server, "", {}, "");
      const { free, taken } = await page.evaluate(async (tag) => {
        const { preload, defineElements } = await import(new URL("/pure.js", location.href).href);
        defineElements();
        const [element, box]: any[] = [document.createElement(tag), document.createElement("div")];
        element.transport = () => new Promise(() => {});
        document.body.replaceChildren(box);
        // Far away: nothing is loaded while its place holder is measured.
        document.body.style.paddingTop = "9000px";
        box.append(element);
        await new Promise((done) => setTimeout(done));
        const heights = () => [300, 328, 360, 480, 620, 768, 820, 900, 1024, 1200, 1280].map((width) => {
          box.style.width = `${width}px`;
          return [width, element.offsetHeight];
        });
        const free = heights();
        await preload();
        while (element.shadowRoot.querySelector("[part]") === null) await new Promise((done) => setTimeout(done));
        return { free, taken: heights() };
      }, tag);
      expect(free).toEqual(taken);
    });
  }

  test("keeps what follows where it is", async ({ page, server }) => {
    await page.setViewportSize({ width: 1280, height: 1400 });
    await page.addInitScript(() => {
      (window as any).shifts = [];
      new PerformanceObserver((list) => (window as any).shifts.push(...list.getEntries().map((entry: any) => entry.value))).observe({ type: "layout-shift", buffered: true });
    });
    // The wasm comes after the place holder was drawn, whatever the machine.
    let send = () => {};
    await page.route("**/certquote-widget-*_bg.wasm", async (route) => {
      await new Promise<void>((done) => (send = done));
      await route.continue();
    });
    // Without this the page may be drawn before the loader is there, and then nothing holds the place.
    const blocking = script.replace("<script", '<script blocking="render"');
    await embed(page, server, "<cert-quote></cert-quote><p id=after>After</p>", {}, blocking);
    await expect.poll(() => form(page, server).element.evaluate((element) => element.offsetHeight)).toBeGreaterThan(500);
    await drawn(page);
    const top = () => page.locator("#after").evaluate((after) => after.getBoundingClientRect().top);
    const before = await top();
    send();
    await expect(form(page, server).names).toBeVisible();
    await drawn(page);
    // Layout counts in 64ths of a pixel, a place holder in whole ones.
    expect(Math.abs((await top()) - before)).toBeLessThan(1);
    expect(await page.evaluate(() => (window as any).shifts)).toEqual([]);
  });
});
