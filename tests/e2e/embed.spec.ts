// The elements under everything that portals do to them: made early and late, moved, copied, put away and thrown away, by the
// thousand. Each page is a portal's own, on another origin than the files.
import type { CDPSession, Locator, Page } from "@playwright/test";
import { available } from "./support/balance.ts";
import { htmlPage, startPortal, type Portal } from "./support/portal.ts";
import { draft, expect, price, QuoteForm, sample, test as base } from "./support/quote.ts";
import { startServer, type Server } from "./support/server.ts";

type Setting = {
  portal: Portal;
  files: Server;
  /** Opens a portal page with this body. */
  open: (body: string, head?: string) => Promise<void>;
  script: string;
  proxy: string;
};

const elements = ["cert-quote", "cert-balance", "cert-history"] as const;

const test = base.extend<{ embed: Setting }>({
  embed: async ({ page, upstream }, use) => {
    const portal = await startPortal();
    const files = await startServer({ digicert: upstream.url, args: ["--allow-origin", portal.url] });
    upstream.always(({ path }) => ({
      json: path.includes("pricing") ? sample : path.includes("history") ? { adjustments: [], page: { total: 0, limit: 0, offset: 0 } } : available("5.00"),
    }));
    await use({
      portal,
      files,
      script: `<script type="module" src="${files.url}/certquote.js"></script>`,
      proxy: `locale="en" proxy="${files.url}/api/digicert"`,
      open: async (body, head) => {
        portal.show(htmlPage(body, head));
        await page.goto(portal.url);
      },
    });
    await page.goto("about:blank");
    await portal.stop();
    await files.stop();
  },
});

const form = (page: Page, selector = "cert-quote") => new QuoteForm(page, "", selector);
const nth = (page: Page, n: number) => form(page, `cert-quote >> nth=${n}`);

/** Lets everything run that is due. */
const settle = (page: Page) => page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done))));

test("properties and attributes set before the script is there are taken up", async ({ embed, page }) => {
  await embed.open(`<cert-quote id="early"></cert-quote><script>
    const element = document.getElementById("early");
    element.draft = ${JSON.stringify(draft)};
    element.transport = async (request) => { window.asked = request.url; return Response.json(${JSON.stringify(sample)}); };
    element.fetchHeaders = async () => { window.headers = true; return {}; };
    element.setAttribute("proxy", "/early");
    element.setAttribute("accept-label", "Order");
  </script>${embed.script}`);
  const quote = form(page);
  await expect(quote.names).toHaveValue("example.com");
  expect(await quote.call()).toMatchObject({ quote: { total: "782" } });
  expect(await page.evaluate(() => [(window as any).asked, (window as any).headers])).toEqual([`${embed.portal.url}/early/finance/order-pricing`, true]);
  await expect(quote.element.getByRole("button", { name: "Order" })).toBeVisible();
  await quote.set({ proxy: "/late" });
  await quote.call();
  expect(await page.evaluate(() => (window as any).asked)).toBe(`${embed.portal.url}/late/finance/order-pricing`);
});

test("an element that a script fills in and puts away before the files are there does no harm", async ({ embed, page }) => {
  await embed.open(`<main id="place"></main><script>
    const gone = document.createElement("cert-quote");
    document.body.append(gone);
    gone.draft = ${JSON.stringify(draft)};
    gone.remove();
  </script>${embed.script}<cert-quote ${embed.proxy}></cert-quote>`);
  await expect(form(page).names).toHaveValue("");
  await expect(page.locator("cert-quote")).toHaveCount(1);
});

test("htmx: what is swapped in by innerHTML and outerHTML works, what is swapped out is quiet", async ({ embed, page, upstream }) => {
  await embed.open(`<div id="place"></div>${embed.script}`);
  const markup = elements.map((name) => `<${name} ${embed.proxy}></${name}>`).join("");
  for (const how of ["innerHTML", "outerHTML", "innerHTML"] as const) {
    await test.step(how, async () => {
      await page.evaluate(
        ([how, markup]) => {
          const place = document.getElementById("place");
          if (place) place[how] = how === "innerHTML" ? markup : `<div id="place">${markup}</div>`;
        },
        [how, markup] as const,
      );
      await form(page).price();
      for (const name of ["cert-balance", "cert-history"]) await expect.poll(() => page.locator(name).evaluate((element: any) => element.state)).toBe("ready");
    });
  }
  // A request of what goes is called off.
  upstream.next({ hang: true });
  await form(page).names.fill("example.net");
  await form(page).getQuote.click();
  await expect.poll(() => upstream.pending()).toBe(1);
  await page.evaluate(() => document.getElementById("place")?.replaceChildren());
  await expect.poll(() => upstream.pending()).toBe(0);
});

test("React: connected, disconnected and connected in one task is one element that asks once", async ({ embed, page, upstream }) => {
  await embed.open(`<div id="place"></div>${embed.script}`);
  await page.waitForFunction(() => customElements.get("cert-balance"));
  await page.evaluate((proxy) => {
    for (const name of ["cert-balance", "cert-quote"]) {
      const element = document.createElement(name);
      element.setAttribute("proxy", proxy);
      const place = document.getElementById("place");
      place?.append(element);
      element.remove();
      place?.append(element);
    }
  }, `${embed.files.url}/api/digicert`);
  await expect.poll(() => page.locator("cert-balance").evaluate((element: any) => element.state)).toBe("ready");
  await form(page).price();
  expect(upstream.asked.map(({ method }) => method)).toEqual(["GET", "POST"]);
  for (const name of ["cert-balance", "cert-quote"]) {
    expect(await page.locator(name).evaluate((element) => element.shadowRoot?.childElementCount), "one view").toBe(1);
  }
});

test("a tab that is hidden and shown keeps everything, and so does one that is taken out for good and put back", async ({ embed, page, upstream }) => {
  await embed.open(`<div id="tab"><cert-quote ${embed.proxy}></cert-quote></div>${embed.script}`);
  const quote = form(page);
  await quote.price("example.com");
  await quote.names.fill("half-typed.exa");
  for (const display of ["none", ""]) await page.evaluate((display) => void ((document.getElementById("tab") as HTMLElement).style.display = display), display);
  await expect(quote.names).toHaveValue("half-typed.exa");
  for (let times = 0; times < 3; times += 1) {
    await page.evaluate(() => {
      const tab = document.getElementById("tab") as any;
      tab.kept = tab.firstChild;
      tab.kept.remove();
    });
    await settle(page);
    expect(await page.evaluate(() => (document.getElementById("tab") as any).kept.state)).toBe("stale");
    await page.evaluate(() => {
      const tab = document.getElementById("tab") as any;
      tab.append(tab.kept);
    });
    await expect(quote.names).toHaveValue("half-typed.exa");
  }
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  expect(upstream.asked).toHaveLength(1);
});

test("a copy is an element of its own, with the attributes and nothing else", async ({ embed, page }) => {
  await embed.open(`<cert-quote ${embed.proxy} accept-label="Order"></cert-quote>${embed.script}`);
  await nth(page, 0).price("example.com");
  await page.evaluate(() => {
    const element = document.querySelector("cert-quote");
    for (const deep of [true, false]) if (element) document.body.append(element.cloneNode(deep));
  });
  for (const n of [1, 2]) {
    await expect(nth(page, n).names).toHaveValue("");
    await expect(nth(page, n).element.getByRole("button", { name: "Order" })).toBeVisible();
    expect(await nth(page, n).state()).toBe("idle");
  }
  await nth(page, 1).price("copy.example.com");
  expect((await nth(page, 0).read("result")).draft.dns_names).toEqual(["example.com"]);
});

test("twenty on a page load the files once and do not meddle with each other", async ({ embed, page, upstream }) => {
  test.slow();
  const loads: string[] = [];
  page.on("request", (request) => loads.push(new URL(request.url()).pathname));
  upstream.always(({ path, body }) => {
    if (!path.includes("pricing")) return { json: available("5.00") };
    return price(/host(\d+)/.exec(body)?.[1] ?? 0);
  });
  await embed.open(`${`<cert-quote ${embed.proxy}></cert-quote>`.repeat(18)}${`<cert-balance ${embed.proxy}></cert-balance>`.repeat(2)}${embed.script}`);
  await expect(nth(page, 17).names).toBeVisible();
  const totals = await page.evaluate(
    (draft) =>
      Promise.all(
        [...document.querySelectorAll("cert-quote")].map(async (element: any, n) => {
          element.draft = { ...draft, dns_names: [`host${n + 1}.example.com`] };
          return (await element.quote()).total;
        }),
      ),
    draft,
  );
  expect(totals).toEqual(Array.from({ length: 18 }, (_, n) => String(n + 1)));
  for (const file of [/certquote\.js$/, /widget-[0-9a-f]+_bg\.wasm$/, /later-[0-9a-f]+_bg\.wasm$/, /widget-[0-9a-f]+\.js$/]) {
    expect(loads.filter((path) => file.test(path)), String(file)).toHaveLength(1);
  }
});

test.describe("in the document of an iframe", () => {
  /** How the submit button looks, which only the elements' own style sheet says. */
  const styled = (element: Locator) => element.evaluate((element) => getComputedStyle(element.shadowRoot!.querySelector("button[type=submit]")!).minHeight);

  test("an element that is adopted lives on with its look, there and back, more than once", async ({ embed, page }) => {
    await embed.open(`<cert-quote ${embed.proxy}></cert-quote><iframe></iframe>${embed.script}`);
    const quote = form(page);
    const inside = page.frameLocator("iframe").locator("cert-quote");
    await quote.price("example.com");
    const look = await styled(quote.element);
    expect(look).toBe("44px");
    for (let times = 0; times < 2; times += 1) {
      await page.evaluate(() => document.querySelector("iframe")!.contentDocument!.body.append(document.querySelector("cert-quote")!));
      await expect(inside.locator('[data-line="total"]')).toHaveAttribute("data-amount", "782");
      expect(await styled(inside)).toBe(look);
      expect(await inside.evaluate(async (element: any) => (await element.quote()).total)).toBe("782");
      await page.evaluate(() => document.body.append(document.querySelector("iframe")!.contentDocument!.querySelector("cert-quote")!));
      await expect(quote.names).toHaveValue("example.com");
      expect(await styled(quote.element)).toBe(look);
    }
    await quote.price("example.net");
  });

  test("elements that a script of the page around it puts there come up, and work", async ({ embed, page }) => {
    await embed.open(`<iframe width="1000" height="1600"></iframe>${embed.script}`);
    await page.waitForFunction(() => customElements.get("cert-history"));
    await page.evaluate((proxy) => {
      const frame = document.querySelector("iframe")!.contentDocument!;
      frame.documentElement.lang = "de";
      for (const name of ["cert-quote", "cert-balance", "cert-history"]) {
        const element = document.createElement(name);
        element.setAttribute("proxy", proxy);
        frame.body.append(element);
      }
    }, `${embed.files.url}/api/digicert`);
    const inside = (name: string) => page.frameLocator("iframe").locator(name);
    await inside("cert-quote").getByRole("textbox", { name: "DNS names" }).fill("example.com");
    await inside("cert-quote").getByRole("button", { name: "Get quote" }).click();
    await expect(inside("cert-quote").locator('[data-line="total"]')).toHaveText("782,00\u00a0$");
    expect(await styled(inside("cert-quote"))).toBe("44px");
    for (const name of ["cert-balance", "cert-history"]) {
      await expect.poll(() => inside(name).evaluate((element: any) => element.state)).toBe("ready");
      expect(await inside(name).evaluate((element) => getComputedStyle(element).display)).toBe("block");
    }
  });

  test("an element that waits for the files is as high as it will be, in either document", async ({ embed, page }) => {
    await page.route("**/*.wasm", () => {});
    await embed.open(`<iframe width="1000" height="900"></iframe><cert-quote ${embed.proxy}></cert-quote>${embed.script}`);
    await page.waitForFunction(() => customElements.get("cert-quote"));
    const height = (frame: boolean) => page.evaluate((frame) => (frame ? document.querySelector("iframe")!.contentDocument! : document).querySelector<HTMLElement>("cert-quote")!.offsetHeight, frame);
    await expect.poll(() => height(false)).toBeGreaterThan(500);
    await page.evaluate(() => document.querySelector("iframe")!.contentDocument!.body.append(document.querySelector("cert-quote")!));
    await expect.poll(() => height(true)).toBeGreaterThan(500);
    await page.evaluate(() => document.body.append(document.querySelector("iframe")!.contentDocument!.querySelector("cert-quote")!));
    await expect.poll(() => height(false)).toBeGreaterThan(500);
  });

  test("a document without a window is no page: nothing is shown or asked there", async ({ embed, page, upstream }) => {
    await embed.open(embed.script);
    await page.waitForFunction(() => customElements.get("cert-balance"));
    await page.evaluate((proxy) => {
      const element = document.createElement("cert-balance");
      element.setAttribute("proxy", proxy);
      (window as any).other = document.implementation.createHTMLDocument();
      (window as any).other.body.append(element);
    }, `${embed.files.url}/api/digicert`);
    await settle(page);
    expect(upstream.asked).toEqual([]);
    await page.evaluate(() => document.body.append((window as any).other.querySelector("cert-balance")));
    await expect.poll(() => page.locator("cert-balance").evaluate((element: any) => element.state)).toBe("ready");
  });
});

test("over a whole session nothing is asked but the proxy and the package's own files", async ({ embed, page, context }) => {
  const asked: string[] = [];
  context.on("request", (request) => asked.push(request.url()));
  context.on("page", (page) => asked.push(`a page: ${page.url()}`));
  page.on("websocket", (socket) => asked.push(`a socket: ${socket.url()}`));
  await page.addInitScript(() => {
    navigator.sendBeacon = (url) => (fetch(`/beacon?${url}`), true);
  });
  await embed.open(`<cert-quote ${embed.proxy} live accept-label="Order"></cert-quote><cert-balance ${embed.proxy} low-balance="500"></cert-balance><cert-history ${embed.proxy}></cert-history>${embed.script}`);
  const quote = form(page);
  await quote.price();
  await quote.unfold();
  await quote.element.getByRole("button", { name: "Order" }).click();
  await quote.set({ theme: "dark", locale: "de" });
  await page.locator("cert-balance").evaluate((element: any) => element.refresh());
  await page.locator("cert-history").evaluate((element: any) => element.refresh());
  await page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    for (const element of document.querySelectorAll("cert-quote, cert-balance, cert-history")) element.remove();
  });
  await settle(page);
  const own = new RegExp(`^${embed.files.url}/([\\w-]+\\.(js|wasm)|api/digicert/finance/(order-pricing|balance|balance-history)(\\?\\S*)?)$`);
  expect(asked.filter((url) => url !== `${embed.portal.url}/` && !own.test(url) && !url.startsWith("data:"))).toEqual([]);
  expect(asked.filter((url) => url.endsWith("order-pricing")).length).toBeGreaterThan(1);
});

test.describe("a thousand elements, made and removed", () => {
  type Usage = { heap: number; nodes: number; listeners: number; wasm: number; freed: number; alive: number };

  /** Counts what wasm-bindgen frees, and keeps an eye on the wasm's memory. */
  function watch(): void {
    const page = window as any;
    page.freed = 0;
    page.made = [];
    const Registry = FinalizationRegistry;
    page.FinalizationRegistry = function (callback: (held: unknown) => void) {
      return new Registry((held) => {
        // Objects of a class are known by their address, closures by an object.
        if (typeof held === "number") page.freed += 1;
        callback(held);
      });
    };
    for (const name of ["instantiate", "instantiateStreaming"] as const) {
      const real = WebAssembly[name] as any;
      (WebAssembly as any)[name] = async (...args: any[]) => {
        const result = await real.apply(WebAssembly, args);
        page.memory = Object.values((result.instance ?? result).exports).find((item) => item instanceof WebAssembly.Memory);
        return result;
      };
    }
    // So many at a time, and hidden: what takes the time is laying them out.
    const AT_ONCE = 20;
    page.churn = async (name: string, times: number, proxy: string) => {
      const place = document.createElement("div");
      place.hidden = times > AT_ONCE;
      document.body.append(place);
      for (let n = 0; n < times; n += AT_ONCE) {
        for (let m = 0; m < AT_ONCE; m += 1) {
          const element = document.createElement(name);
          element.setAttribute("proxy", proxy);
          element.setAttribute("accept-label", "Order");
          page.made.push(new WeakRef(element));
          place.append(element);
        }
        while ([...place.children].some((element) => !element.shadowRoot?.querySelector("[part]"))) await new Promise((done) => setTimeout(done));
        place.replaceChildren();
        await new Promise((done) => setTimeout(done));
      }
      place.remove();
    };
  }

  async function usage(page: Page, cdp: CDPSession): Promise<Usage> {
    // What is freed by one collection lets go of what the next one frees.
    for (let times = 0; times < 4; times += 1) {
      await cdp.send("HeapProfiler.collectGarbage");
      await settle(page);
    }
    const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
    const { usedSize } = await cdp.send("Runtime.getHeapUsage");
    const own = await page.evaluate(() => {
      const { made, memory, freed } = window as any;
      return { wasm: memory.buffer.byteLength as number, freed: freed as number, alive: made.filter((ref: WeakRef<Element>) => ref.deref()).length as number };
    });
    return { heap: usedSize, nodes, listeners: jsEventListeners, ...own };
  }

  for (const name of elements) {
    test(`leave nothing behind: ${name}`, async ({ embed, page }) => {
      test.setTimeout(240_000);
      await page.addInitScript(watch);
      await embed.open(embed.script);
      await page.waitForFunction(() => customElements.get("cert-quote"));
      const cdp = await page.context().newCDPSession(page);
      const churn = (times: number) => page.evaluate(([name, times, proxy]) => (window as any).churn(name, times, proxy), [name, times, `${embed.files.url}/api/digicert`] as const);
      await churn(20);
      await churn(100);
      const before = await usage(page, cdp);
      for (let hundreds = 0; hundreds < 10; hundreds += 1) {
        await churn(100);
        // Freed only then: what waits for it is no growth.
        await cdp.send("HeapProfiler.collectGarbage");
      }
      await expect.poll(async () => (await usage(page, cdp)).alive, { timeout: 60_000 }).toBe(0);
      const after = await usage(page, cdp);
      const grown = { heap: after.heap - before.heap, nodes: after.nodes - before.nodes, listeners: after.listeners - before.listeners, wasm: after.wasm - before.wasm };
      test.info().annotations.push({ type: "grown", description: JSON.stringify(grown) });
      expect(after.freed, "objects freed in the wasm").toBe(1120);
      // Apps are used again; the next twenty may come before those of the last are free, with some fifteen listeners each.
      expect(grown.nodes).toBeLessThan(100);
      expect(grown.listeners, "less than one for each element").toBeLessThan(1000);
      expect(grown.heap).toBeLessThan(1_000_000);
      expect(grown.wasm, "four steps of 64 KiB at most").toBeLessThanOrEqual(262_144);
    });
  }
});
