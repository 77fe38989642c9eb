// What a page may change of the look, and what it cannot: properties, parts and slots as package/theme.json lists them, the color
// scheme, the reader's own settings, direction and width. On pages of the test's own, answered by the sandbox.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/axe.ts";
import { overflow } from "./support/page.ts";
import { htmlPage } from "./support/portal.ts";
import { expect, failedToLoad, test } from "./support/test.ts";

type Place = { name: string; elements: string[] };
const theme: { cssProperties: { name: string }[]; parts: Place[]; slots: Place[] } = JSON.parse(
  readFileSync(new URL("../../package/theme.json", import.meta.url), "utf8"),
);

const ALL = `<cert-quote accept-label="Order"></cert-quote><cert-balance low-balance="99999999"></cert-balance><cert-history></cert-history>`;

/** Opens a page that holds `body`, and waits for what its elements load. */
async function open(page: Page, body = ALL, head = ""): Promise<void> {
  const script = `<meta name="viewport" content="width=device-width"><script type="module" src="certquote.js"></script>`;
  await page.route("**/themed", (route) => route.fulfill({ contentType: "text/html", body: htmlPage(body, script + head) }));
  await page.goto("themed");
  for (const tag of ["cert-balance", "cert-history"]) {
    for (const element of await page.locator(tag).all()) {
      await expect.poll(() => element.evaluate((element: any) => element.state)).toBe("ready");
    }
  }
  for (const quote of await page.locator("cert-quote").all()) await expect(quote.locator("#names")).toBeVisible();
}

/** Prices an order. */
async function price(page: Page): Promise<void> {
  const quote = page.locator("cert-quote").first();
  await quote.locator("#names").fill("example.com *.example.org");
  await quote.getByRole("button", { name: "Get quote" }).click();
  await expect.poll(() => quote.evaluate((element: any) => element.state)).toBe("ready");
}

/** One property of the computed style of the first match in an element's inside. */
const style = (page: Page, tag: string, selector: string, property: string): Promise<string> =>
  page
    .locator(tag)
    .first()
    .evaluate((element, [selector, property]) => {
      const found = element.shadowRoot!.querySelector(selector!);
      if (found === null) throw new Error(`no ${selector}`);
      return getComputedStyle(found).getPropertyValue(property!);
    }, [selector, property] as const);

const Q = "cert-quote";
const COLOUR = "rgb(1, 2, 3)";
/** Of each property: a value, where it shows, and as what. */
const shows: Record<string, [value: string, tag: string, selector: string, property: string, computed?: string]> = {
  "--cq-text": [COLOUR, Q, ".form", "color"],
  "--cq-muted": [COLOUR, Q, ".hint", "color"],
  "--cq-surface": [COLOUR, Q, ".card", "background-color"],
  "--cq-field": [COLOUR, Q, "textarea", "background-color"],
  "--cq-border": [COLOUR, Q, ".card", "border-top-color"],
  "--cq-control-border": [COLOUR, Q, "select", "border-top-color"],
  "--cq-accent": [COLOUR, Q, "button[type=submit]", "background-color"],
  "--cq-on-accent": [COLOUR, Q, "button[type=submit]", "color"],
  "--cq-accent-soft": [COLOUR, Q, ".segments label:has(:checked)", "background-color"],
  "--cq-good": [COLOUR, "cert-history", ".credit", "color"],
  "--cq-warn": [COLOUR, Q, ".sandbox", "color"],
  "--cq-warn-soft": [COLOUR, "cert-balance", ".notice", "background-color"],
  "--cq-bad": [COLOUR, Q, ".invalid", "color"],
  "--cq-bad-soft": [COLOUR, Q, ".notice.error", "background-color"],
  "--cq-chart": [COLOUR, "cert-history", ".line", "stroke"],
  "--cq-font": ["Georgia, serif", Q, ".form", "font-family"],
  "--cq-font-mono": ["Georgia, serif", Q, "textarea", "font-family"],
  "--cq-font-size": ["18px", Q, ".form", "font-size"],
  "--cq-line-height": ["2", Q, ".form", "line-height", "30px"],
  "--cq-font-weight-bold": ["800", Q, ".label", "font-weight"],
  "--cq-figure-font": ["Georgia, serif", Q, ".figure", "font-family"],
  "--cq-figure-size": ["50px", Q, ".figure", "font-size"],
  "--cq-figure-weight": ["300", Q, ".figure", "font-weight"],
  "--cq-density": ["0.75", Q, ".card", "padding-top", "18px"],
  "--cq-gap": ["32px", Q, ".grid", "column-gap"],
  "--cq-padding": ["32px", Q, ".card", "padding-top"],
  "--cq-control-height": ["50px", Q, "select", "min-height"],
  "--cq-price-width": ["300px", Q, ".price", "width"],
  "--cq-table-height": ["300px", "cert-history", ".scroll", "max-height"],
  "--cq-max-width": ["900px", Q, ".grid", "width"],
  "--cq-radius": ["3px", Q, "select", "border-top-left-radius"],
  "--cq-card-radius": ["3px", Q, ".card", "border-top-left-radius"],
  "--cq-border-width": ["2px", Q, ".card", "border-top-width"],
  "--cq-control-border-width": ["2px", Q, "select", "border-top-width"],
  "--cq-focus": [COLOUR, Q, ":focus-visible", "outline-color"],
  "--cq-focus-width": ["5px", Q, ":focus-visible", "outline-width"],
  "--cq-focus-offset": ["4px", Q, ":focus-visible", "outline-offset"],
  "--cq-shadow": ["rgb(1, 2, 3) 0px 1px 2px 0px", Q, ".card", "box-shadow"],
};

test("each property on the page's root shows inside, and goes back to its default without it", async ({ page }) => {
  expect(Object.keys(shows).sort()).toEqual(theme.cssProperties.map(({ name }) => name).sort());
  await open(page);
  await price(page);
  const names = page.locator("cert-quote #names");
  await names.fill("bad_name.com");
  await names.press("Enter");
  await page.getByRole("button", { name: "Get quote" }).click();
  await expect(page.locator("cert-quote .notice.error")).toBeVisible();
  await names.focus();
  const wrong = await page.evaluate((shows) => {
    const root = document.documentElement.style;
    return Object.entries(shows).flatMap(([name, [value, tag, selector, property, computed = value]]) => {
      const node = document.querySelector(tag)!.shadowRoot!.querySelector(selector)!;
      const now = () => getComputedStyle(node).getPropertyValue(property);
      const before = now();
      root.setProperty(name, value);
      const set = now();
      root.removeProperty(name);
      return before !== computed && set === computed && now() === before ? [] : [`${name}: ${before}, ${set}, ${now()}`];
    });
  }, shows);
  expect(wrong).toEqual([]);
});

test("a property on an ancestor changes the elements below it and no others", async ({ page }) => {
  await open(page, `<div style="--cq-accent: rgb(1, 2, 3)"><cert-quote id="a"></cert-quote></div><cert-quote id="b"></cert-quote>`);
  expect(await style(page, "#a", "button[type=submit]", "background-color")).toBe(COLOUR);
  expect(await style(page, "#b", "button[type=submit]", "background-color")).not.toBe(COLOUR);
});

test("a page styles each part, and each part that there is is listed for its element", async ({ page, allowConsole }) => {
  allowConsole(failedToLoad);
  const rules = theme.parts.map(({ name, elements }) => elements.map((tag) => `${tag}::part(${name})`).join()).join();
  await open(page, ALL, `<style>${rules} { outline: 7px solid rgb(1, 2, 3) }</style>`);
  await price(page);
  for (const fold of await page.locator("cert-quote summary").all()) await fold.click();
  await page.locator("cert-quote").getByRole("button", { name: "Compare prices" }).click();
  // With advice on the one and a problem of the other.
  await page.locator("cert-quote #names").fill("example.com bad_name.com");
  await page.getByRole("button", { name: "Get quote" }).click();
  await page.route("**/finance/balance*", (route) => route.fulfill({ status: 500, json: {} }));
  await page.locator("cert-balance").getByRole("button", { name: "Refresh" }).click();
  await expect(page.locator("cert-balance [data-error]")).toBeVisible();
  const row = page.locator("cert-history tr[data-adjustment]").first();
  await row.focus();
  await row.press("Enter");
  await expect(page.locator("cert-history dialog")).toBeVisible();
  const found = await page.evaluate(() =>
    ["cert-quote", "cert-balance", "cert-history"].flatMap((tag) =>
      [...document.querySelector(tag)!.shadowRoot!.querySelectorAll("[part]")].flatMap((node) =>
        [...node.part].map((part) => ({ tag, part, styled: getComputedStyle(node).outlineWidth === "7px" })),
      ),
    ),
  );
  const listed = (tag: string) => theme.parts.filter(({ elements }) => elements.includes(tag)).map(({ name }) => name);
  for (const { tag, part, styled } of found) {
    expect(listed(tag), `parts of ${tag}`).toContain(part);
    expect(styled, `${tag}::part(${part})`).toBe(true);
  }
  // What no state of this page has: rare notices, and what stands for an empty table.
  const rare = ["busy", "empty", "level", "check"];
  const seen = new Set(found.map(({ part }) => part));
  expect(theme.parts.map(({ name }) => name).filter((name) => !seen.has(name) && !rare.includes(name))).toEqual([]);
});

test.describe("slots", () => {
  const slots = (tag: string) => theme.slots.filter(({ elements }) => elements.includes(tag)).map(({ name }) => name);
  for (const tag of ["cert-quote", "cert-balance", "cert-history"]) {
    test(`${tag} has those that are listed; empty they take no space, filled they show in their order`, async ({ page }) => {
      await open(page, `<${tag}></${tag}>`);
      const element = page.locator(tag);
      const height = () => element.evaluate((element) => element.getBoundingClientRect().height);
      const names = await element.evaluate((element) => [...element.shadowRoot!.querySelectorAll("slot")].map(({ name }) => name));
      expect(names.sort()).toEqual(slots(tag).sort());
      // What the rows say is shown a while after them.
      await expect
        .poll(async () => {
          const early = await height();
          await page.waitForTimeout(500);
          return (await height()) - early;
        })
        .toBe(0);
      const before = await height();
      await element.evaluate((element) => element.shadowRoot!.querySelectorAll("slot").forEach((slot) => (slot.hidden = true)));
      expect(await height()).toBe(before);
      await element.evaluate((element, names) => {
        element.shadowRoot!.querySelectorAll("slot").forEach((slot) => (slot.hidden = false));
        for (const slot of names) {
          const mine = document.createElement("p");
          Object.assign(mine, { slot, textContent: `The page's ${slot}` });
          element.append(mine);
        }
      }, names);
      const box = async (name: string) => (await element.getByText(`The page's ${name}`).boundingBox())!;
      for (const name of names) await expect(element.getByText(`The page's ${name}`)).toBeVisible();
      expect(await height()).toBeGreaterThan(before);
      const body = (await element.locator(tag === "cert-quote" ? "form" : tag === "cert-balance" ? ".figure" : ".head").boundingBox())!;
      expect((await box("heading")).y + (await box("heading")).height).toBeLessThanOrEqual(body.y);
      expect((await box("help")).y).toBeGreaterThan(body.y);
      if (tag === "cert-quote") {
        const panel = (await element.locator(".price").boundingBox())!;
        const actions = await box("actions");
        expect(actions.x).toBeGreaterThan(panel.x);
        expect(actions.y).toBeGreaterThan((await element.locator(".figure").boundingBox())!.y);
      }
    });
  }

  test("what is in a slot takes the page's rules", async ({ page }) => {
    await open(page, `<cert-quote><h2 slot="heading">Mine</h2></cert-quote>`, `<style>h2 { margin: 33px; color: rgb(1, 2, 3) }</style>`);
    await expect(page.getByText("Mine")).toHaveCSS("margin-top", "33px");
    await expect(page.getByText("Mine")).toHaveCSS("color", COLOUR);
  });
});

test.describe("color scheme", () => {
  const dark = async (page: Page, tag = Q) => {
    const [, red] = /rgb\((\d+)/.exec(await style(page, tag, ".card", "background-color")) ?? [];
    return Number(red) < 128;
  };

  test("auto follows the root, an ancestor, and what the system prefers, live", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await open(page, `<div><cert-quote></cert-quote></div>`);
    expect(await dark(page), "a page that declares none").toBe(false);
    const scheme = (selector: string, value: string) =>
      page.locator(selector).first().evaluate((node, value) => ((node as HTMLElement).style.colorScheme = value), value);
    await scheme("html", "dark");
    expect(await dark(page)).toBe(true);
    await scheme("main div", "light");
    expect(await dark(page)).toBe(false);
    await scheme("main div", "");
    await scheme("html", "light dark");
    expect(await dark(page)).toBe(true);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await dark(page)).toBe(false);
  });

  test("light and dark force one, whatever the page says of the element itself", async ({ page }) => {
    await open(page, `<cert-quote theme="dark"></cert-quote><cert-balance theme="light"></cert-balance>`, `<style>* { color-scheme: light !important } cert-balance { color-scheme: dark !important }</style>`);
    expect(await dark(page)).toBe(true);
    expect(await dark(page, "cert-balance")).toBe(false);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`by default text, edges of fields and the focus stand out in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, ALL, `<meta name="color-scheme" content="light dark">`);
      await price(page);
      await page.locator("cert-quote #names").focus();
      const colours: Record<string, string> = {};
      for (const [name, selector, property] of [
        ["surface", ".card", "background-color"],
        ["field", "textarea", "background-color"],
        ["edge", "select", "border-top-color"],
        ["focus", "textarea", "outline-color"],
        ["tick", "button[type=submit]", "background-color"],
      ] as const) colours[name] = await style(page, Q, selector, property);
      const ratio = (one: string, other: string) => {
        const [bright, dim] = [one, other]
          .map((colour) => {
            const [r, g, b] = (colour.match(/\d+/g) ?? []).map((part) => {
              const share = Number(part) / 255;
              return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! + 0.05;
          })
          .sort((a, b) => b - a);
        return bright! / dim!;
      };
      for (const [one, other] of [["edge", "field"], ["edge", "surface"], ["focus", "surface"], ["tick", "surface"]] as const) {
        expect(ratio(colours[one]!, colours[other]!), `${one} on ${other}`).toBeGreaterThanOrEqual(3);
      }
      await expectAccessible(page, colorScheme);
    });
  }
});

test.describe("what a reader sets", () => {
  test("forced colours: notices and fields have edges, the choice, the sorting and the focus a sign", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
    await open(page);
    await price(page);
    const names = page.locator("cert-quote #names");
    await names.focus();
    const ground = await style(page, Q, ".card", "background-color");
    for (const [tag, selector, property] of [
      [Q, ".card", "border-top-color"],
      [Q, "textarea", "border-top-color"],
      [Q, "textarea", "outline-color"],
      [Q, "button[type=submit]", "border-top-color"],
      [Q, ".segments label:has(:checked)", "outline-color"],
      ["cert-balance", ".notice", "border-top-color"],
      ["cert-history", ".line", "stroke"],
    ] as const) {
      expect(await style(page, tag, selector, property), `${selector} ${property}`).not.toBe(ground);
    }
    expect(await style(page, Q, "textarea", "outline-style")).toBe("solid");
    const arrow = await page.locator("cert-history").evaluate((element) => {
      const sort = element.shadowRoot!.querySelector('[aria-sort="descending"] button')!;
      return [getComputedStyle(sort, "::after").backgroundColor, getComputedStyle(sort).textDecorationLine];
    });
    expect(arrow[0]).not.toBe(ground);
    expect(arrow[1]).toBe("underline");
  });

  test("more contrast: quiet text and lines take the colour of the text, whatever the page set", async ({ page }) => {
    await page.emulateMedia({ contrast: "more" });
    await open(page, `<cert-quote></cert-quote>`, `<style>:root { --cq-muted: #999; --cq-border: #eee }</style>`);
    const text = await style(page, Q, ".form", "color");
    expect(await style(page, Q, ".hint", "color")).toBe(text);
    expect(await style(page, Q, ".card", "border-top-color")).toBe(text);
    expect(await style(page, Q, "select", "border-top-color")).toBe(text);
  });

  test("reduced motion: nothing that loads moves", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.route("**/api/**", () => {});
    await page.route("**/themed", (route) => route.fulfill({ contentType: "text/html", body: htmlPage(ALL, `<script type="module" src="certquote.js"></script>`) }));
    await page.goto("themed");
    await expect(page.locator("cert-history .progress.busy")).toBeVisible();
    const moving = await page.evaluate(() => document.getAnimations().length + [...document.querySelectorAll("*")].flatMap((node) => node.shadowRoot?.getAnimations() ?? []).length);
    expect(moving).toBe(0);
  });

  test("print is black on white in any theme", async ({ page }) => {
    await open(page, `<cert-quote theme="dark"></cert-quote>`, `<style>:root { --cq-text: #fff }</style>`);
    await page.emulateMedia({ media: "print" });
    expect(await style(page, Q, ".price", "color")).toBe("rgb(0, 0, 0)");
    expect(await style(page, Q, ".price", "background-color")).toBe("rgba(0, 0, 0, 0)");
  });
});

/** What is wider than its place and neither scrolls nor is meant to be cut. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    ["cert-quote", "cert-balance", "cert-history"].flatMap((tag) => {
      const host = document.querySelector(tag)!;
      const { left, right } = host.getBoundingClientRect();
      return [...host.shadowRoot!.querySelectorAll<HTMLElement>("*:not(svg, svg *)")]
        .filter((node) => node.closest(".scroll td, .wide, .hidden, option, datalist") === null && node.offsetParent !== null)
        .filter((node) => {
          const box = node.getBoundingClientRect();
          const { display, overflowX } = getComputedStyle(node);
          const wide = !["inline", "contents"].includes(display) && node.scrollWidth > node.clientWidth + 1;
          const clips = wide && (overflowX !== "visible" || node.matches("button, dt, dd, label, p, h2, h3"));
          return box.left < left - 1 || box.right > right + 1 || (clips && !node.matches("input, select, textarea"));
        })
        .map((node) => `${tag} ${node.localName}.${node.className} ${node.textContent?.slice(0, 40)}`);
    }),
  );

test.describe("width and direction", () => {
  for (const [what, size, css] of [
    ["at 400 % zoom", { width: 320, height: 256 }, ""],
    ["at 400 % zoom from right to left", { width: 320, height: 256 }, "dir"],
    ["in a column of 360 px on a wide screen", { width: 1280, height: 900 }, "main { width: 360px }"],
    ["with the largest text and the widest spacing", { width: 1280, height: 900 }, ":root { --cq-font-size: 20px; --cq-density: 1.5 }"],
    ["with the largest text on a phone", { width: 390, height: 844 }, ":root { --cq-font-size: 20px; --cq-density: 1.5 }"],
    ["with the smallest text and the least spacing", { width: 1280, height: 900 }, ":root { --cq-font-size: 12px; --cq-density: 0.75 }"],
  ] as const) {
    test(`nothing is cut off and nothing scrolls sideways ${what}`, async ({ page }) => {
      await page.setViewportSize(size);
      await open(page, ALL, css === "dir" ? "<script>document.documentElement.dir = 'rtl'</script>" : `<style>${css}</style>`);
      await price(page);
      for (const fold of await page.locator("cert-quote summary").all()) await fold.click();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await cut(page)).toEqual([]);
    });
  }

  test("the layout follows the element's width, not the window's", async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    const columns = (tag: string, selector: string) => style(page, tag, selector, "grid-template-columns").then((columns) => columns.split(" ").length);
    await open(page);
    expect([await columns(Q, ".grid"), await columns("cert-history", ".insight")]).toEqual([2, 2]);
    await page.addStyleTag({ content: "main { width: 360px }" });
    expect([await columns(Q, ".grid"), await columns("cert-history", ".insight")]).toEqual([1, 1]);
    expect(await columns("cert-history", ".filters")).toBe(2);
    await expect(page.locator("cert-history td.c-expires").first()).toBeHidden();
  });

  test("an ancestor's dir mirrors the layout; figures, names and codes keep their own direction", async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(page, `<div dir="rtl">${ALL}</div>`);
    await price(page);
    const box = async (selector: string) => (await page.locator(selector).first().boundingBox())!;
    const [form, panel] = [await box("cert-quote .form"), await box("cert-quote .price")];
    expect(panel.x + panel.width).toBeLessThanOrEqual(form.x);
    expect((await box("cert-quote button[type=submit]")).x).toBeGreaterThan(form.x + form.width / 2);
    const label = await box("cert-balance .lines dt");
    expect((await box("cert-balance .lines dd")).x).toBeLessThan(label.x);
    expect(await style(page, Q, "#names", "direction")).toBe("ltr");
    expect(await style(page, "cert-history", ".canvas", "direction")).toBe("ltr");
    // Amounts end where the one above ends, and are not turned around.
    const edges = await page.locator("cert-quote").evaluate((element) =>
      [...element.shadowRoot!.querySelectorAll("dd[data-line]")].map((amount) => {
        const range = document.createRange();
        range.selectNodeContents(amount);
        return Math.round(range.getBoundingClientRect().right);
      }),
    );
    expect(new Set(edges).size).toBe(1);
    const turned = await page.locator("cert-quote .figure").evaluate((figure) => {
      const at = (node: Element) => node.getBoundingClientRect().left;
      return at(figure.querySelector("small")!) < at(figure.querySelector("bdi")!);
    });
    expect(turned, "USD stands behind the amount").toBe(false);
  });
});

test.describe("the page and the inside", () => {
  const hostile = `* { color: red !important; font: italic 900 30px/3 fantasy !important; letter-spacing: 9px !important; word-spacing: 9px !important;
      text-transform: uppercase !important; text-align: right !important; text-indent: 40px !important; text-shadow: 1px 1px red !important;
      white-space: pre !important; word-break: break-all !important; line-break: anywhere !important; font-variant: small-caps !important; tab-size: 1 !important;
      list-style: square inside !important; cursor: wait !important; box-sizing: content-box !important; border-collapse: collapse !important;
      --ink: red !important; --s4: 99px !important; --card: red !important; --row: 9px !important; quotes: none !important; caret-color: red !important;
      font-kerning: none !important; hyphens: auto !important; writing-mode: horizontal-tb !important; accent-color: red !important }
    div, p, form, label, button, textarea, dl, dd, span, slot { display: none !important }
    ::placeholder { color: red !important } :focus-visible { outline: none !important }`;
  const look = (page: Page) =>
    page.locator("cert-quote").evaluate((element) => {
      const origin = element.getBoundingClientRect();
      return [...element.shadowRoot!.querySelectorAll("*:not(optgroup, option, datalist)")].map((node) => {
        const { x, y, width, height } = node.getBoundingClientRect();
        const box = width === 0 && height === 0 ? [] : [x - origin.x, y - origin.y, width, height];
        const computed = getComputedStyle(node);
        const values = [...computed].filter((name) => !name.startsWith("--")).map((name) => `${name}: ${computed.getPropertyValue(name)}`);
        return [`${node.localName}.${node.className}`, box.map(Math.round).join(), ...values];
      });
    });

  test("no rule of the page changes anything inside", async ({ page }) => {
    const body = `<section style="display: block !important; width: 1000px; height: 900px"><cert-quote></cert-quote></section>`;
    await open(page, body);
    const before = await look(page);
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    }, hostile);
    const after = await look(page);
    const changed = before.flatMap((was, at) => was.flatMap((value, place) => (after[at]?.[place] === value ? [] : [`${was[0]} ${value} → ${after[at]?.[place]}`])));
    expect(changed).toEqual([]);
  });

  test("a page that hides an ancestor hides the inside, and one that takes its pointer takes it inside", async ({ page }) => {
    await open(page, `<div style="visibility: hidden; pointer-events: none"><cert-balance></cert-balance></div>`).catch(() => {});
    await expect(page.locator("cert-balance .figure")).toBeHidden();
    expect(await style(page, "cert-balance", "button", "pointer-events")).toBe("none");
  });

  test("the inside adds no style, no id and nothing else to the page", async ({ page }) => {
    await open(page, `${ALL}<label for="names">Mine</label><input id="names"><p class="card hint" id="mine">Text</p>`);
    const plain = await page.evaluate(() => {
      const { color, fontSize, backgroundColor, margin } = getComputedStyle(document.querySelector("#mine")!);
      return {
        sheets: document.adoptedStyleSheets.length + document.styleSheets.length,
        head: [...document.head.children].map(({ localName }) => localName).sort().join(),
        light: [...document.querySelectorAll("cert-quote, cert-balance, cert-history")].reduce((sum, { childNodes }) => sum + childNodes.length, 0),
        named: document.querySelectorAll("#names").length,
        paragraph: { color, fontSize, backgroundColor, margin },
      };
    });
    expect(plain).toEqual({
      sheets: 0,
      head: "link,meta,meta,script,title",
      light: 0,
      named: 1,
      paragraph: { color: "rgb(0, 0, 0)", fontSize: "16px", backgroundColor: "rgba(0, 0, 0, 0)", margin: "16px 0px" },
    });
    await page.getByText("Mine").click();
    await expect(page.locator("input#names").last()).toBeFocused();
  });
});
