// The element as a page uses it: properties, events, promises, attributes, and its life in the document.
import { draft, expect, failedToLoad, full, noEstimate, price, QuoteForm, sample, tellAll, test } from "./support/quote.ts";
import { htmlPage, startPortal, type Portal } from "./support/portal.ts";
import { startServer } from "./support/server.ts";
import type { Page } from "@playwright/test";

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

test("quote() resolves with a Quote of the contract's shape, the same that the event and the property hold", async ({ quote, upstream }) => {
  upstream.next({ json: full });
  await quote.open();
  await quote.write(draft);
  const outcome = await quote.call();
  expect(outcome).toMatchObject({
    quote: {
      draft,
      lines: [
        { line: "base", amount: "238.00" },
        { line: "fqdns", amount: "350.00", units: 2 },
        { line: "wildcards", amount: "500.00", units: 1 },
        { line: "addons", amount: "40.00", units: 2 },
        { line: "san_package", amount: "100.00" },
        { line: "discount", amount: "-142.60" },
        { line: "tax", amount: "105.00" },
      ],
      total: "1190.40",
      currency: "USD",
      tax_error: false,
      unknown: false,
      account_balance: "878.00",
      priced_at: expect.stringMatching(RFC3339),
    },
  });
  const [told, ...more] = await quote.told("cert-quote");
  expect(more).toEqual([]);
  expect(told).toMatchObject({ bubbles: true, composed: true, at: "cert-quote" });
  expect(told?.detail).toEqual(await quote.read("result"));
  expect({ quote: told?.detail }).toEqual(outcome);
  expect(await quote.read("error")).toBeNull();
});

test("quote() rejects with a CertError of the contract's shape, the same that the event and the property hold", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next({ status: 500, json: { errors: [{ code: "general|oops", message: "x" }] } });
  await quote.open();
  await quote.write(draft);
  const outcome = await quote.call();
  expect(outcome).toMatchObject({
    error: {
      code: "upstream",
      message: expect.any(String),
      endpoint: expect.stringContaining("order-pricing"),
      status: 500,
      retryable: true,
      retry_after_ms: null,
      upstream_codes: ["general", "oops"],
      fields: [],
    },
  });
  const [told, ...more] = await quote.told("cert-error");
  expect(more).toEqual([]);
  expect(told).toMatchObject({ bubbles: true, composed: true, at: "cert-quote" });
  expect({ error: told?.detail }).toEqual(outcome);
  expect({ error: await quote.read("error") }).toEqual(outcome);
});

test("quote() resolves for an estimate that could not be determined", async ({ quote, upstream }) => {
  upstream.next({ json: noEstimate });
  await quote.open();
  await quote.write(draft);
  expect(await quote.call()).toMatchObject({ quote: { unknown: true, total: null } });
  expect(await quote.state()).toBe("unknown");
});

test("quote() of a draft that cannot be sent rejects with its fields and asks nobody", async ({ quote, upstream }) => {
  await quote.open();
  await quote.write({ ...draft, dns_names: ["example.com", "bad_name.com"], billing_address: { country: "US", state: "", city: "Seattle", zip: "" } });
  const { error } = (await quote.call()) as { error: any };
  expect(error).toMatchObject({ code: "invalid_draft", status: null, retryable: false });
  expect(error.fields.map(({ field }: { field: string }) => field).toSorted()).toEqual(["billing_address.state", "billing_address.zip", "dns_names[1]"]);
  for (const { field, message } of error.fields) await expect(quote.fieldError(field)).toHaveText(message);
  expect(upstream.asked).toHaveLength(0);
});

test("states are told in order, with what is true when they are", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  await quote.open();
  await quote.element.evaluate((element: any) => {
    (window as any).seen = [];
    element.addEventListener("cert-state", (event: CustomEvent) => (window as any).seen.push([event.detail.state, element.state]));
  });
  await quote.price();
  await quote.names.fill("example.net");
  upstream.next({ status: 500, json: {} });
  await quote.getQuote.click();
  await expect(quote.error("upstream")).toBeVisible();
  upstream.next({ json: noEstimate });
  await quote.tryAgain.click();
  await expect.poll(() => quote.state()).toBe("unknown");
  const states = ["loading", "ready", "stale", "loading", "stale", "loading", "unknown"];
  expect(await quote.page.evaluate(() => (window as any).seen)).toEqual(states.map((state) => [state, state]));
  const told = await quote.told("cert-state");
  expect(told.map(({ detail }) => detail)).toEqual(states.map((state) => ({ state })));
  expect(told.every(({ bubbles, composed }) => bubbles && composed)).toBe(true);
});

test("a listener that reads the element sees the new result and state", async ({ quote }) => {
  await quote.open();
  await quote.element.evaluate((element: any) =>
    element.addEventListener("cert-quote", (event: CustomEvent) => {
      (window as any).then = [element.state, element.result.total, event.detail.total];
    }),
  );
  await quote.price();
  expect(await quote.page.evaluate(() => (window as any).then)).toEqual(["ready", "782", "782"]);
});

test("a listener that throws or prices again does no harm", async ({ quote, upstream, allowConsole }) => {
  allowConsole(/listener failed/);
  upstream.next(price(1), price(2));
  await quote.open();
  await quote.element.evaluate((element: any) => {
    element.addEventListener("cert-quote", () => { throw new Error("listener failed"); }, { once: true });
    element.addEventListener("cert-quote", () => void element.quote(), { once: true });
  });
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.line("total")).toHaveAttribute("data-amount", "2");
  await expect.poll(() => quote.state()).toBe("ready");
});

test.describe("draft", () => {
  const drafts: [string, any][] = [
    ["the least", draft],
    ["days", { ...draft, order_validity: { days: 90 } }],
    ["a date", { ...draft, order_validity: { custom_expiration_date: "2027-03-01" } }],
    ["everything", {
      dns_names: ["example.com", "*.example.org"],
      product_name_id: "ssl_securesite_pro",
      order_validity: { years: 2 },
      addons: ["8025", "free_one"],
      is_out_of_contract: true,
      renewal_of_order_valid_till: "2026-12-24",
      billing_address: { country: "US", state: "Washington", city: "Seattle", zip: "98101" },
    }],
    ["a product of no list", { ...draft, product_name_id: "my_new_product" }],
    ["bad names", { ...draft, dns_names: ["bad_name.com", "example.com"] }],
    ["no names", { ...draft, dns_names: [], product_name_id: "code_signing" }],
  ];
  test("comes back as it was set, and the form shows it", async ({ quote }) => {
    await quote.open();
    for (const [what, value] of drafts) {
      await test.step(what, async () => {
        await quote.write(value);
        expect(await quote.read("draft")).toEqual(value);
        for (const name of value.dns_names) await expect(quote.names).toHaveValue(new RegExp(name.replace(/[.*]/g, "\\$&")));
      });
    }
  });

  test("of the untouched form is a draft", async ({ quote }) => {
    await quote.open();
    expect(await quote.read("draft")).toMatchObject({ dns_names: [], product_name_id: expect.any(String), order_validity: { years: 1 } });
  });

  test("is set whole: what it leaves out is empty again", async ({ quote }) => {
    await quote.open();
    await quote.write({ ...draft, addons: ["8025"], is_out_of_contract: true, billing_address: { country: "DE", state: "", city: "Berlin", zip: "10115" } });
    await quote.write(draft);
    expect(await quote.read("draft")).toEqual(draft);
  });

  test("follows what is typed", async ({ quote }) => {
    await quote.open();
    await quote.names.fill("a.example.com b.example.com");
    await quote.length("Days").check();
    await quote.element.getByRole("spinbutton", { name: "Days", exact: true }).fill("30");
    expect(await quote.read("draft")).toMatchObject({ dns_names: ["a.example.com", "b.example.com"], order_validity: { days: 30 } });
  });

  test("that is no draft is refused with an exception, and the form stays", async ({ quote }) => {
    await quote.open();
    await quote.write(draft);
    const outcomes = await quote.element.evaluate((element: any) =>
      [5, "text", { dns_names: "example.com" }, { ...element.draft, order_validity: 5 }].map((value) => {
        try {
          element.draft = value;
          return "taken";
        } catch (error) {
          return error instanceof Error ? "refused" : "odd";
        }
      }),
    );
    expect(outcomes).toEqual(["refused", "refused", "refused", "refused"]);
    expect(await quote.read("draft")).toEqual(draft);
  });

  test("set while a price is shown makes it stale", async ({ quote }) => {
    await quote.open();
    await quote.price();
    await quote.write({ ...draft, dns_names: ["example.net"] });
    expect(await quote.state()).toBe("stale");
  });
});

test.describe("in the document", () => {
  test("a moved element keeps draft, result and state, and works on", async ({ quote }) => {
    await quote.open();
    await quote.price("example.com");
    await quote.element.evaluate((element) => {
      const section = document.createElement("section");
      document.body.append(section);
      section.append(element);
    });
    await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
    expect(await quote.state()).toBe("ready");
    await expect(quote.names).toHaveValue("example.com");
    await quote.price("example.net");
    expect((await quote.read("result")).draft.dns_names).toEqual(["example.net"]);
  });

  test("an element taken out and put back later keeps draft, result and state", async ({ quote, page }) => {
    await quote.open();
    await quote.price("example.com");
    await quote.names.fill("EXAMPLE.net");
    const element = await quote.element.elementHandle();
    await element?.evaluate((element) => element.remove());
    await expect(page.locator("cert-quote")).toHaveCount(0);
    expect(await element?.evaluate((element: any) => [element.state, element.result.total, element.draft.dns_names])).toEqual(["stale", "782", ["example.net"]]);
    await element?.evaluate((element) => document.querySelector("main")?.append(element));
    await expect(quote.names).toHaveValue("EXAMPLE.net");
    await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
    expect(await quote.state()).toBe("stale");
    await quote.price("example.org");
  });

  test("an element that is moved during a request still gets its answer", async ({ quote, upstream }) => {
    upstream.next({ ...price(5), delayMs: 500 });
    await quote.open();
    await quote.names.fill("example.com");
    await quote.getQuote.click();
    await expect.poll(() => upstream.pending()).toBe(1);
    await quote.element.evaluate((element) => document.body.append(element));
    await expect(quote.line("total")).toHaveAttribute("data-amount", "5");
    expect(upstream.asked).toHaveLength(1);
  });

  test("several on a page are independent", async ({ quote, page, upstream }) => {
    upstream.next(price(1), price(2));
    await quote.open();
    await page.evaluate(() => document.querySelector("main")?.append(document.createElement("cert-quote")));
    const [first, second] = [0, 1].map((n) => new QuoteForm(page, quote.url, `cert-quote >> nth=${n}`)) as [QuoteForm, QuoteForm];
    await first.price("example.com");
    await second.price("example.net");
    await expect(first.line("total")).toHaveAttribute("data-amount", "1");
    await expect(second.line("total")).toHaveAttribute("data-amount", "2");
    expect((await first.read("draft")).dns_names).toEqual(["example.com"]);
    await second.names.fill("example.org");
    expect(await first.state()).toBe("ready");
    expect(await second.state()).toBe("stale");
    await second.length("Days").check();
    await expect(first.length("Years")).toBeChecked();
  });

  test("an element made and set up by script before it is connected works", async ({ quote, page }) => {
    await quote.open();
    const total = await page.evaluate(async (draft) => {
      const element: any = document.createElement("cert-quote");
      element.draft = draft;
      element.setAttribute("timeout-ms", "5000");
      document.body.append(element);
      return (await element.quote()).total;
    }, draft);
    expect(total).toBe("782");
  });
});

test.describe("attributes", () => {
  const unusable: [string, string][] = [
    ["theme", "purple"],
    ["timeout-ms", "soon"],
    ["timeout-ms", "-5"],
    ["credentials", "always"],
    ["locale", "not a locale"],
    ["addons", "{broken"],
    ["addons", '{"id":"1"}'],
    ["products", "no-such id!"],
    ["proxy", "javascript:alert(1)"],
    ["container-id", "abc"],
  ];
  test("that cannot be used are misconfigured by name, and the rest works", async ({ quote }) => {
    await quote.open();
    for (const [name, value] of unusable) {
      await quote.set({ [name]: value });
      await expect(quote.error("misconfigured"), `${name}=${value}`).toContainText(name);
      const error = await quote.read("error");
      expect(error, `${name}=${value}`).toMatchObject({ code: "misconfigured", retryable: false, status: null });
      expect(error.message).toContain(name);
      expect(error.fields.map(({ field }: { field: string }) => field)).toEqual([name]);
      await expect(quote.tryAgain).toHaveCount(0);
      await quote.price("example.com");
      await quote.names.fill("");
      await quote.set({ [name]: null });
      await expect(quote.error("misconfigured"), `${name} removed`).toHaveCount(0);
    }
    const told = await quote.told("cert-error");
    expect(told.map(({ detail }) => detail.code)).toEqual(unusable.map(() => "misconfigured"));
  });

  test("may come in any order, before or after the script", async ({ quote, page }) => {
    await quote.open();
    await page.evaluate(() => {
      for (const names of [["products", "locale", "addons"], ["addons", "locale", "products"]]) {
        const element = document.createElement("cert-quote");
        for (const name of names) {
          const values: Record<string, string> = { products: "ssl_ev_basic,code_signing", locale: "de", addons: '[{"id":"1","label":"One"}]' };
          element.setAttribute(name, values[name] ?? "");
        }
        document.querySelector("main")?.append(element);
      }
    });
    for (const n of [1, 2]) {
      const form = new QuoteForm(page, quote.url, `cert-quote >> nth=${n}`);
      await expect(form.product.locator("option")).toHaveCount(2);
      await expect(form.element.getByRole("checkbox", { name: "One" })).toBeVisible();
    }
  });

  test("proxy leads the request elsewhere", async ({ quote, page }) => {
    const asked = page.waitForRequest("**/elsewhere/finance/order-pricing");
    await page.route("**/elsewhere/**", (route) => route.fulfill({ json: { ...sample, total_price: 5, base_price: 5 } }));
    await quote.open({ proxy: "/elsewhere/" });
    await quote.price();
    expect((await asked).method()).toBe("POST");
    await expect(quote.line("total")).toHaveAttribute("data-amount", "5");
  });

  test("theme overrides what the system prefers", async ({ quote, page }) => {
    const background = () =>
      quote.element.evaluate((element) => {
        const panel = element.shadowRoot?.querySelector("section, form");
        return panel ? getComputedStyle(panel).backgroundColor : "";
      });
    await page.emulateMedia({ colorScheme: "light" });
    await quote.open();
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await background();
    expect(dark).not.toBe(light);
    await quote.set({ theme: "light" });
    expect(await background()).toBe(light);
    await page.emulateMedia({ colorScheme: "light" });
    await quote.set({ theme: "dark" });
    expect(await background()).toBe(dark);
    await quote.set({ theme: "auto" });
    expect(await background()).toBe(light);
  });

  test("locale writes money its own way", async ({ quote, upstream }) => {
    const locales = [
      ["de", "EUR", "1190.40", /^1\.190,40\s€$/],
      ["fr", "EUR", "1190.40", /^1\s190,40\s€$/],
      ["ja", "JPY", "1190", /^[¥￥]1,190$/],
      ["de-CH", "CHF", "1190.4", /^CHF\s?1[’']190\.40$/],
      ["en-IN", "INR", "12345678.9", /^₹1,23,45,678\.90$/],
      ["ar-EG", "USD", "1190.40", /١/],
    ] as const;
    await quote.open();
    for (const [locale, currency, amount, text] of locales) {
      await test.step(locale, async () => {
        upstream.next({ json: { ...sample, base_price: amount, total_price: amount, currency } });
        await quote.set({ locale });
        await quote.price();
        await expect(quote.line("total")).toHaveAttribute("data-amount", amount);
        await expect(quote.line("total")).toHaveText(text);
      });
    }
  });

  test("without a locale the page's language counts, and a change of locale redraws the price", async ({ quote, page, upstream }) => {
    upstream.next({ json: full });
    await quote.open();
    await page.evaluate(() => (document.documentElement.lang = "de"));
    await quote.set({ live: "" });
    await quote.set({ live: null });
    await quote.price();
    await expect(quote.line("total")).toHaveText(/^1\.190,40\s\$$/);
    await quote.set({ locale: "en-US" });
    await expect(quote.line("total")).toHaveText("$1,190.40");
    expect(await quote.state()).toBe("ready");
    expect(upstream.asked).toHaveLength(1);
  });
});

test.describe("on a portal of another origin", () => {
  type Setting = { portal: Portal; url: string; stop: () => Promise<void> };
  async function setting(digicert: string): Promise<Setting> {
    const portal = await startPortal();
    const server = await startServer({ digicert, args: ["--allow-origin", portal.url] });
    return {
      portal,
      url: server.url,
      stop: async () => {
        await portal.stop();
        await server.stop();
      },
    };
  }
  const price = async (page: Page, portal: Portal): Promise<QuoteForm> => {
    await page.addInitScript(tellAll);
    await page.goto(portal.url);
    const quote = new QuoteForm(page, portal.url);
    await expect(quote.names).toBeVisible();
    return quote;
  };

  test("a draft set before the script is there is taken up", async ({ page, upstream }) => {
    const { portal, url, stop } = await setting(upstream.url);
    portal.show(htmlPage(`<cert-quote locale="en" proxy="${url}/api/digicert"></cert-quote>
      <script>document.querySelector("cert-quote").draft = ${JSON.stringify({ ...draft, dns_names: ["early.example.com"] })};</script>
      <script type="module" src="${url}/certquote.js"></script>`));
    const quote = await price(page, portal);
    await expect(quote.names).toHaveValue("early.example.com");
    await quote.getQuote.click();
    await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
    await stop();
  });

  test("under a strict policy with Trusted Types the element stands without a violation", async ({ page, upstream }) => {
    const { portal, url, stop } = await setting(upstream.url);
    portal.show(
      htmlPage(`<cert-quote proxy="${url}/api/digicert"></cert-quote>`, `<script type="module" src="${url}/certquote.js"></script>`),
      {
        "Content-Security-Policy": `default-src 'none'; script-src ${url} 'wasm-unsafe-eval'; connect-src ${url}; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
    );
    const quote = await price(page, portal);
    await quote.price();
    await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
    const display = await quote.element.evaluate((element) => getComputedStyle(element).display);
    expect(display).toBe("block");
    await stop();
  });

  test("a page's own CSS and a second import change nothing", async ({ page, upstream }) => {
    const { portal, url, stop } = await setting(upstream.url);
    const script = `<script type="module" src="${url}/certquote.js"></script>`;
    portal.show(htmlPage(`<cert-quote proxy="${url}/api/digicert"></cert-quote>${script}${script.replace(".js", ".js?again")}`, "<style>dd,button,label{display:none!important}</style>"));
    const quote = await price(page, portal);
    await quote.price();
    await expect(quote.line("total")).toBeVisible();
    await stop();
  });
});
