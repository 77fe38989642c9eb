// For everybody: no violation in any state and theme, names and roles of the contract, the keyboard alone, a small
// screen, large text, and what a screen reader is told.
import { expectAccessible } from "./support/axe.ts";
import { expect, failedToLoad, full, noEstimate, sample, test, type QuoteForm } from "./support/quote.ts";
import type { Upstream } from "./support/upstream.ts";
import type { Page } from "@playwright/test";

type Setting = { page: Page; quote: QuoteForm; upstream: Upstream };

const ask = async (quote: QuoteForm, names: string) => {
  await quote.names.fill(names);
  await quote.getQuote.click();
};

const states: [string, (setting: Setting) => Promise<void>][] = [
  ["idle, unfolded", async ({ quote }) => quote.unfold()],
  ["loading at first", async ({ quote, upstream }) => {
    upstream.next({ hang: true });
    await ask(quote, "example.com");
    await expect.poll(() => quote.state()).toBe("loading");
  }],
  ["ready with every line", async ({ quote, upstream }) => {
    upstream.next({ json: full });
    await quote.price("example.com *.example.org");
  }],
  ["loading again", async ({ quote, upstream }) => {
    await quote.price();
    upstream.next({ hang: true });
    await ask(quote, "example.net");
    await expect.poll(() => quote.state()).toBe("loading");
  }],
  ["stale", async ({ quote, upstream }) => {
    upstream.next({ json: full });
    await quote.price();
    await quote.names.fill("example.net");
  }],
  ["unknown", async ({ quote, upstream }) => {
    upstream.next({ json: noEstimate });
    await ask(quote, "example.com");
    await expect.poll(() => quote.state()).toBe("unknown");
  }],
  ["error", async ({ quote, upstream }) => {
    upstream.next({ status: 500, json: { errors: [{ code: "oops", message: "x" }] } });
    await ask(quote, "example.com");
    await expect(quote.error("upstream")).toBeVisible();
  }],
  ["failed after a price", async ({ quote, upstream }) => {
    await quote.price();
    upstream.next({ status: 429, json: {}, headers: { "Retry-After": "3" } });
    await ask(quote, "example.net");
    await expect(quote.error("rate_limited")).toBeVisible();
  }],
  ["invalid in every field", async ({ quote }) => {
    await quote.write({
      dns_names: ["bad_name.com"],
      product_name_id: "no such",
      order_validity: { days: 0 },
      addons: ["a b"],
      billing_address: { country: "US", state: "", city: "", zip: "" },
    });
    await quote.getQuote.click();
    await expect(quote.error("invalid_draft")).toBeVisible();
  }],
  ["tax unknown", async ({ quote, upstream }) => {
    upstream.next({ json: { ...sample, tax: 0, tax_error: true } });
    await quote.price();
  }],
  ["misconfigured", async ({ quote }) => {
    await quote.set({ theme: "purple" });
    await expect(quote.error("misconfigured")).toBeVisible();
  }],
  ["with add-ons and a typed product", async ({ quote }) => {
    await quote.set({ addons: '[{"id":"1","label":"Token"}]' });
    await quote.product.selectOption({ label: "Another product…" });
    await expect(quote.element.getByRole("checkbox", { name: "Token" })).toBeVisible();
  }],
];

for (const [state, reach] of states) {
  test(`no violation in light and dark: ${state}`, async ({ page, quote, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await quote.open();
    await reach({ page, quote, upstream });
    await expectAccessible(page, `${state}, light`);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await expectAccessible(page, `${state}, dark`);
  });
}

test("every control has the role and the name of the contract", async ({ quote }) => {
  await quote.open({ addons: '[{"id":"1","label":"Token"}]' });
  await quote.unfold();
  const { element } = quote;
  await expect(element.getByRole("textbox", { name: "DNS names", exact: true })).toBeVisible();
  await expect(element.getByRole("combobox", { name: "Product", exact: true })).toBeVisible();
  await expect(element.getByRole("radiogroup", { name: "Order length", exact: true })).toBeVisible();
  for (const name of ["Years", "Days", "Expiration date"] as const) await expect(quote.length(name)).toBeAttached();
  await expect(element.getByRole("group", { name: "Add-ons", exact: true })).toBeVisible();
  await expect(element.getByRole("combobox", { name: "Country", exact: true })).toBeVisible();
  // A country that has both.
  await element.getByRole("combobox", { name: "Country", exact: true }).selectOption("US");
  for (const name of ["State or province", "City", "ZIP or postal code"]) {
    await expect(element.getByLabel(name, { exact: true }), name).toBeVisible();
    await expect(element.getByLabel(name, { exact: true }), name).toHaveAccessibleName(name);
  }
  await expect(element.getByLabel("Renews an order valid until", { exact: true })).toBeVisible();
  await expect(element.getByRole("checkbox", { name: "Use list price", exact: true })).toBeVisible();
  await expect(element.getByRole("button", { name: "Get quote", exact: true })).toBeVisible();
});

test("no two things of a form share an id", async ({ quote }) => {
  await quote.open({ addons: '[{"id":"1","label":"Token"}]' });
  await quote.unfold();
  const ids = await quote.element.evaluate((element) => [...(element.shadowRoot?.querySelectorAll("[id]") ?? [])].map(({ id }) => id));
  expect(ids).toEqual([...new Set(ids)]);
});

test.describe("with the keyboard alone", () => {
  const active = (quote: QuoteForm) =>
    quote.element.evaluate((element) => {
      const focused = element.shadowRoot?.activeElement;
      return focused ? `${focused.localName} ${focused.id || (focused as HTMLInputElement).value || focused.textContent}` : "";
    });

  test("an order is filled in, priced and changed", async ({ page, quote, upstream }) => {
    await quote.open();
    await quote.names.focus();
    await page.keyboard.type("example.com");
    // The names one by one.
    const names = quote.element.locator("summary", { hasText: "1 name" });
    await expect(names).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(names).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(quote.product).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect(quote.length("Years")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(quote.length("Days")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(quote.element.getByRole("spinbutton", { name: "Days", exact: true })).toBeFocused();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("90");
    await page.keyboard.press("Enter");
    await expect.poll(() => quote.state()).toBe("ready");
    expect(JSON.parse(upstream.asked[0]?.body ?? "").order_validity).toEqual({ days: 90 });
    await expect(quote.element.getByRole("spinbutton", { name: "Days", exact: true })).toBeFocused();
  });

  test("every control is reached in the order of the page, and the focus shows", async ({ page, quote }) => {
    await quote.open();
    await quote.unfold();
    await quote.names.focus();
    const visited: string[] = [];
    for (let i = 0; i < 32 && !visited.at(-1)?.includes("Get quote"); i += 1) {
      visited.push(await active(quote));
      const outline = await quote.element.evaluate((element) => {
        const focused = element.shadowRoot?.activeElement;
        const shows = (node: Element | null | undefined) => node && getComputedStyle(node).outlineStyle !== "none";
        // Inside a date field Chromium's own parts take the focus and show it.
        const parts = focused instanceof HTMLInputElement && focused.type === "date";
        return Boolean(parts || shows(focused) || shows(focused?.closest("label")));
      });
      expect(outline, `focus ring of ${visited.at(-1)}`).toBe(true);
      await page.keyboard.press("Tab");
    }
    expect(visited.at(-1)).toContain("Get quote");
    expect(visited.length).toBeGreaterThan(8);
  });

  test("a fold opens with Enter", async ({ page, quote }) => {
    await quote.open();
    await quote.element.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    await expect(quote.element.getByRole("combobox", { name: "Country", exact: true })).toBeVisible();
  });

  test("the summary of what is wrong leads to each field", async ({ page, quote }) => {
    await quote.open();
    await quote.write({
      dns_names: ["bad_name.com"],
      product_name_id: "ssl_basic",
      order_validity: { days: 0 },
      billing_address: { country: "US", state: "", city: "Seattle", zip: "98101" },
    });
    await quote.getQuote.click();
    const links = quote.error("invalid_draft").getByRole("link");
    await expect(links).toHaveCount(3);
    for (const [n, control] of [
      quote.names,
      quote.element.getByRole("spinbutton", { name: "Days", exact: true }),
      quote.element.getByLabel("State or province", { exact: true }),
    ].entries()) {
      await links.nth(n).focus();
      await page.keyboard.press("Enter");
      await expect(control).toBeFocused();
    }
    expect(page.url()).toBe(quote.url);
  });

  test("the summary leads into a fold that was closed", async ({ quote }) => {
    await quote.open();
    await quote.write({ dns_names: ["example.com"], product_name_id: "ssl_basic", order_validity: { years: 1 }, billing_address: { country: "US", state: "", city: "Seattle", zip: "98101" } });
    await quote.element.evaluate((element) => element.shadowRoot?.querySelectorAll("details").forEach((fold) => (fold.open = false)));
    await quote.getQuote.click();
    await quote.error("invalid_draft").getByRole("link").click();
    await expect(quote.element.getByLabel("State or province", { exact: true })).toBeFocused();
  });
});

test.describe("a screen reader", () => {
  test("hears the settled total once for each settled quote", async ({ quote, upstream }) => {
    await quote.open();
    await expect(quote.status).toHaveCount(1);
    await expect(quote.status).toHaveText("");
    await quote.element.evaluate((element) => {
      const status = element.shadowRoot?.querySelector('[role="status"]');
      const heard: string[] = ((window as any).heard = []);
      const note = () => {
        const text = status?.textContent?.trim() ?? "";
        if (text !== "" && heard.at(-1) !== text) heard.push(text);
      };
      if (status) new MutationObserver(note).observe(status, { childList: true, characterData: true, subtree: true });
    });
    await quote.price("example.com");
    await expect(quote.status).toContainText("$782.00");
    upstream.next({ json: full });
    await quote.names.fill("example.net");
    await quote.getQuote.click();
    await expect(quote.status).toContainText("$1,190.40");
    upstream.next({ json: noEstimate });
    await quote.names.fill("example.org");
    await quote.getQuote.click();
    await expect(quote.status).toContainText(/no estimate/i);
    const heard: string[] = await quote.page.evaluate(() => (window as any).heard);
    expect(heard).toHaveLength(3);
  });

  test("hears the same total again when a second quote settles at it", async ({ quote }) => {
    await quote.open();
    await quote.price("example.com");
    await quote.element.evaluate((element) => {
      const status = element.shadowRoot?.querySelector('[role="status"]');
      (window as any).changes = 0;
      if (status) new MutationObserver(() => ((window as any).changes += 1)).observe(status, { childList: true, characterData: true, subtree: true });
    });
    await quote.names.fill("example.net");
    await quote.getQuote.click();
    await expect.poll(async () => (await quote.told("cert-quote")).length).toBe(2);
    await expect(quote.status).toContainText("$782.00");
    expect(await quote.page.evaluate(() => (window as any).changes)).toBeGreaterThan(0);
  });

  test("does not hear typing", async ({ quote }) => {
    await quote.open();
    await quote.names.pressSequentially("example.com www.example.com");
    await expect(quote.status).toHaveText("");
  });

  test("is told that the panel is busy", async ({ quote, upstream }) => {
    upstream.next({ hang: true });
    await quote.open();
    await ask(quote, "example.com");
    await expect(quote.element.locator('[aria-busy="true"]')).toBeVisible();
  });

  test("hears a minus sign before a discount, not a hyphen", async ({ quote, upstream }) => {
    upstream.next({ json: full });
    await quote.open();
    await quote.price();
    await expect(quote.line("discount")).toHaveText(/^−/);
  });
});

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const width of [360, 320]) {
  test(`${width} px wide nothing scrolls sideways, whatever is shown`, async ({ page, quote, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    await page.setViewportSize({ width, height: 740 });
    await quote.open({ addons: '[{"id":"1","label":"A rather long label of a hardware token for code signing"}]' });
    await quote.unfold();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    upstream.next({ text: '{"base_price": 12345678901234.56, "total_price": 12345678901234.56, "tax": 0, "currency": "USD"}' });
    await quote.price(`${"long-label-".repeat(5)}x.${"another-long-label-".repeat(3)}y.example.com`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    upstream.next({ status: 500, json: { errors: [{ code: `${"very".repeat(30)}|long_code`, message: "x" }] } });
    await ask(quote, "example.net");
    await expect(quote.error("upstream")).toBeVisible();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await ask(quote, `${"_".repeat(200)}.example.com`);
    await expect(quote.fieldError("dns_names[0]")).toBeVisible();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
}

test("text at 200 % stays whole", async ({ page, quote, upstream }) => {
  upstream.next({ json: full });
  await page.setViewportSize({ width: 1280, height: 900 });
  await quote.open();
  await quote.price("example.com *.example.org");
  // The browser's zoom: half the CSS pixels.
  await page.setViewportSize({ width: 640, height: 450 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await expect(quote.line("total")).toBeVisible();
  // Text alone.
  await page.setViewportSize({ width: 1280, height: 900 });
  await quote.element.evaluate((element) => element.style.setProperty("--cq-font-size", "30px"));
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  const clipped = await quote.element.evaluate((element) =>
    [...(element.shadowRoot?.querySelectorAll("button, dd, dt, label") ?? [])]
      .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline")
      .map((node) => node.textContent),
  );
  expect(clipped).toEqual([]);
});

test("with reduced motion nothing moves", async ({ page, quote, upstream }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await quote.open();
  await quote.price();
  upstream.next({ hang: true });
  await ask(quote, "example.net");
  await expect.poll(() => quote.state()).toBe("loading");
  const moving = await quote.element.evaluate((element) =>
    (element.shadowRoot?.getAnimations() ?? [])
      .filter((animation) => {
        const { iterations, duration } = animation.effect?.getComputedTiming() ?? {};
        return animation.playState === "running" && (iterations === Infinity || Number(duration) > 100);
      })
      .flatMap((animation) => (animation.effect as KeyframeEffect).getKeyframes())
      .flatMap((frame) => Object.keys(frame))
      .filter((name) => /transform|translate|scale|rotate|left|right|top|margin|width|background-?position/i.test(name)),
  );
  expect(moving).toEqual([]);
});

test("in forced colours a chosen order length is still told apart", async ({ page, quote }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await quote.open();
  const looks = await quote.element.getByRole("radiogroup", { name: "Order length" }).locator("label").evaluateAll((labels) =>
    labels.map((label) => {
      const { color, backgroundColor, borderColor, outlineStyle, fontWeight, textDecorationLine } = getComputedStyle(label);
      return [color, backgroundColor, borderColor, outlineStyle, fontWeight, textDecorationLine].join();
    }),
  );
  expect(looks[0]).not.toBe(looks[1]);
});
