// The gallery: every state of every element is what its figure says, in reach of everybody in both themes, and looks as it did. The
// pictures are kept in gallery/; `npx playwright test gallery --update-snapshots` takes them anew.
import { type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "./support/axe.ts";
import { writeInBoxes } from "./support/boxes.ts";
import { expect, test } from "./support/test.ts";

type State = "idle" | "loading" | "ready" | "stale" | "unknown" | "error";
/** The state that an element has, what is to be found in it, and what is not. */
type Claim = [State, string[], string[]?];

const priced = '[data-line="total"][data-amount="1060.72"]';
const failed = (code: string): Claim => ["error", [`[data-error="${code}"][role="alert"]`], ["[data-line]"]];
const noBalance = (code: string): Claim => ["error", [`[data-error="${code}"][role="alert"]`], ["[data-field]"]];
const available = (amount: string): Claim => ["ready", [`[data-field="total_available_funds"][data-amount="${amount}"]`]];
const credits = (amount: string): Claim => ["ready", [`[data-field="amount"][data-amount="${amount}"]`]];
const rows = "[data-adjustment]";

const claims: Record<string, Claim> = {
  "quote-idle": ["idle", [], ["[data-line]", "[data-error]"]],
  "quote-loading": ["loading", ['[aria-busy="true"]'], ["[data-line]"]],
  "quote-ready": ["ready", [priced, '[data-line="discount"][data-amount="-106.90"]']],
  "quote-every-line": ["ready", ['[data-line="addons"]', '[data-line="san_package"]', '[data-line="other"]']],
  "quote-stale-edited": ["stale", [priced], ["[data-error]"]],
  "quote-stale-failed": ["stale", [priced, '[data-error="upstream"]']],
  "quote-unknown": ["unknown", [], ["[data-line]", "[data-error]"]],
  "quote-tax-unknown": ["ready", ['[data-line="tax"]']],
  "quote-free": ["ready", ['[data-line="total"][data-amount="0.00"]', '[data-line="discount"][data-amount="-782.00"]']],
  "quote-accept": ["ready", [priced]],
  "quote-funds-covered": ["ready", [priced, 'cert-balance [data-amount="2454.00"]']],
  "quote-funds-short": ["ready", [priced, 'cert-balance [data-amount="454.00"]']],
  "quote-funds-unlimited": ["ready", [priced, 'cert-balance [data-amount="-1000.70"]']],
  "quote-funds-currency": ["ready", [priced, 'cert-balance [data-currency="EUR"]']],
  "quote-network": failed("network"),
  "quote-timeout": failed("timeout"),
  "quote-unauthorized": failed("unauthorized"),
  "quote-forbidden": failed("forbidden"),
  "quote-not-found": failed("not_found"),
  "quote-invalid-request": ["error", ['[data-error="invalid_request"]', '[data-field-error="order_validity"]', '[data-field-error="billing_address.zip"]']],
  "quote-rate-limited": failed("rate_limited"),
  "quote-upstream": failed("upstream"),
  "quote-unreadable": failed("unreadable"),
  "quote-misconfigured": ["idle", ['[data-error="misconfigured"]']],
  "quote-invalid-draft": ["error", ['[data-error="invalid_draft"]', '[data-field-error="dns_names[0]"]', '[data-field-error="billing_address.zip"]']],
  "quote-long": ["ready", ['[data-line="fqdns"][data-units="250"]']],
  "quote-rtl": ["ready", [priced]],
  "balance-loading": ["loading", ['[aria-busy="true"]'], ["[data-field]"]],
  "balance-account": available("2454.00"),
  "balance-division": available("2333.50"),
  "balance-subaccount": credits("5000"),
  "balance-frontier": credits("12840"),
  "balance-frontier-zero": credits("0"),
  "balance-frontier-negative": credits("-230"),
  "balance-frontier-large": credits("9007199254740993"),
  "balance-negative": available("750.00"),
  "balance-overdrawn": available("-610.25"),
  "balance-unlimited": ["ready", ['[data-field="balance"][data-amount="-1000.70"]'], ['[data-field="total_available_funds"]']],
  "balance-differs": available("2400.00"),
  "balance-partly": ["ready", ['[data-field="balance"]'], ['[data-field="negative_balance_limit"]']],
  "balance-ok": ["ready", ['[data-low="ok"]']],
  "balance-approaching": ["ready", ['[data-low="approaching"]']],
  "balance-low": ["ready", ['[data-low="low"]']],
  "balance-stale": ["stale", ['[data-field="total_available_funds"][data-amount="2454.00"]', '[data-error="network"]']],
  "balance-network": noBalance("network"),
  "balance-unauthorized": noBalance("unauthorized"),
  "balance-forbidden": noBalance("forbidden"),
  "balance-not-found": noBalance("not_found"),
  "balance-invalid-request": noBalance("invalid_request"),
  "balance-rate-limited": noBalance("rate_limited"),
  "balance-unreadable": noBalance("unreadable"),
  "balance-misconfigured": ["error", ['[data-error="misconfigured"]'], ["[data-field]"]],
  "balance-rtl": ["ready", ['[data-field="balance"][data-amount="-1250.00"]']],
  "history-loading": ["loading", [], [rows]],
  "history-ready": ["ready", [`${rows}[data-balance-after="3551.60"]`]],
  "history-empty": ["ready", [], [rows, "[data-error]"]],
  "history-currencies": ["ready", ["EUR", "JPY", "USD"].map((currency) => `.sums[data-currency="${currency}"]`)],
  "history-break": ["ready", [`${rows}[data-balance-after="6140.00"]`]],
  "history-unknown-types": ["ready", [rows]],
  "history-hostile": ["ready", [rows], ["img", "script"]],
  "history-expiring": ["ready", [rows]],
  "history-many": ["ready", [rows]],
  "history-forbidden": ["error", ['[data-error="forbidden"]'], [rows]],
  "history-unreadable": ["error", ['[data-error="unreadable"]'], [rows]],
  "history-later": ["stale", [rows, '[data-error="upstream"]']],
  "history-rtl": ["ready", [rows]],
};

const figure = (page: Page, id: string): Locator => page.locator(`#${id} .frame`);
const first = (page: Page, id: string): Locator => figure(page, id).locator("> *").first();
// A page of several elements takes its time on a slow machine.
const patient = { timeout: 30_000 };

async function open(page: Page, query: Record<string, string>): Promise<void> {
  await page.clock.setFixedTime("2026-11-20T12:00:00Z");
  await page.goto(`/gallery?${new URLSearchParams(query)}`);
}

async function reaches(page: Page, id: string): Promise<void> {
  const [state, present, absent = []] = claims[id]!;
  await expect.poll(() => first(page, id).evaluate((element) => (element as any).state), { ...patient, message: `the state of ${id}` }).toBe(state);
  for (const hook of present) await expect(figure(page, id).locator(hook).first(), `${id} has ${hook}`).toBeAttached(patient);
  for (const hook of absent) await expect(figure(page, id).locator(hook), `${id} has no ${hook}`).toHaveCount(0);
}

const ids = Object.keys(claims);
for (let from = 0; from < ids.length; from += 8) {
  const some = ids.slice(from, from + 8);
  test(`states ${from + 1} to ${from + some.length} are what they say, without a violation in light and dark`, async ({ page }) => {
    test.setTimeout(180_000);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await open(page, { only: some.join(","), theme: "light" });
    for (const id of some) await reaches(page, id);
    await expectAccessible(page, `${some}, light`);
    await page.getByLabel("Theme").selectOption("dark");
    await expectAccessible(page, `${some}, dark`);
    expect(asked.filter((path) => path.startsWith("/api/") || path.startsWith("/gallery/")), "nothing is asked of a server").toEqual([]);
  });
}

test("every figure has a claim, an anchor in the contents, and is made when it comes near", async ({ page }) => {
  test.setTimeout(180_000);
  await open(page, {});
  const found = await page.locator("figure").evaluateAll((figures) => figures.map(({ id }) => id));
  expect(found).toEqual(ids);
  const linked = await page.locator(".contents a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(linked).toEqual(ids.map((id) => `#${id}`));
  await expect(first(page, "quote-idle")).toBeAttached(patient);
  await expect(figure(page, "history-rtl").locator("> *")).toHaveCount(0);
  await page.locator('.contents a[href="#history-empty"]').click();
  await expect(page).toHaveURL(/#history-empty$/);
  await expect.poll(() => first(page, "history-empty").evaluate((element) => (element as any).state), patient).toBe("ready");
});

test("100,000 adjustments are announced, and only those near the top are drawn", async ({ page }) => {
  await open(page, { only: "history-many" });
  await reaches(page, "history-many");
  expect(await first(page, "history-many").evaluate((element) => (element as any).result.total)).toBe(100_000);
  expect(await figure(page, "history-many").locator(rows).count()).toBeLessThan(100);
});

test("theme, width and locale are chosen by controls, and kept in the address", async ({ page }) => {
  await open(page, { only: "balance-account" });
  const element = first(page, "balance-account");
  await reaches(page, "balance-account");
  await page.getByLabel("Theme").selectOption("dark");
  await page.getByLabel("Width").selectOption("360");
  await page.getByLabel("Locale").selectOption("de-DE");
  await expect(element).toHaveAttribute("theme", "dark");
  await expect(element).toHaveAttribute("locale", "de-DE");
  expect((await element.boundingBox())?.width).toBe(360);
  await expect(figure(page, "balance-account").locator('[data-field="total_available_funds"]')).toHaveText(/^2\.454,00/);
  await expect(page).toHaveURL("/gallery?theme=dark&width=360&locale=de-DE&only=balance-account");
  await page.reload();
  await expect(page.getByLabel("Theme")).toHaveValue("dark");
  await expect(page.getByLabel("Width")).toHaveValue("360");
  await expect(page.getByLabel("Locale")).toHaveValue("de-DE");
  await expect(element).toHaveAttribute("locale", "de-DE");
  await open(page, { only: "balance-account", locale: "pt-BR" });
  await expect(element).toHaveAttribute("locale", "pt-BR");
});

test("on a phone nothing is wider than the screen", async ({ page }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 360, height: 800 });
  for (const only of ["quote-long,quote-invalid-draft,quote-every-line", "balance-frontier-large,balance-differs,balance-stale", "history-hostile,history-currencies"]) {
    await open(page, { only });
    for (const id of only.split(",")) await reaches(page, id);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), only).toBe(360);
  }
});

/** Which states, how wide the screen is, and in which theme. */
const pictures: [string[], number, "light" | "dark"][] = [
  [["quote-idle", "quote-loading", "quote-ready", "quote-unknown"], 360, "light"],
  [["quote-stale-failed", "quote-invalid-draft", "quote-long", "quote-rtl"], 360, "dark"],
  [["quote-funds-short", "quote-tax-unknown"], 1280, "light"],
  [["balance-account", "balance-differs", "balance-stale", "balance-low", "balance-unlimited", "balance-frontier-negative"], 360, "light"],
  [["balance-overdrawn", "balance-forbidden", "balance-rtl"], 360, "dark"],
  [["history-ready", "history-empty", "history-forbidden"], 360, "light"],
  [["history-currencies", "history-later"], 1280, "dark"],
];

for (const [some, width, theme] of pictures) {
  test(`looks as it did, ${width} px, ${theme}: ${some.join(", ")}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page, { only: some.join(","), theme, locale: some.some((id) => id.endsWith("-rtl")) ? "" : "en-US" });
    for (const id of some) await reaches(page, id);
    await writeInBoxes(page);
    for (const id of some) await expect(figure(page, id)).toHaveScreenshot(`${id}-${width}-${theme}.png`);
  });
}
