// What the history says above its table: the chart by pointer and keyboard, its words and its table, the warning of
// expiry, the runway, and on how many rows it all rests.
import { expectAccessible } from "./support/axe.ts";
import { adjustments, daysFromNow, history, HistoryPanel, inWords, type Movement } from "./support/insights.ts";
import { htmlPage, startPortal, type Portal } from "./support/portal.ts";
import { startServer, type Server } from "./support/server.ts";
import { shots } from "./support/shots.ts";
import { expect, test as base } from "./support/test.ts";
import { startUpstream, type Upstream } from "./support/upstream.ts";

type Fixtures = { upstream: Upstream; server: Server; portal: Portal; panel: HistoryPanel; open: (rows: Movement[], most?: number) => Promise<void> };

const test = base.extend<Fixtures>({
  upstream: async ({}, use) => {
    const upstream = await startUpstream();
    await use(upstream);
    await upstream.stop();
  },
  portal: async ({}, use) => {
    const portal = await startPortal();
    await use(portal);
    await portal.stop();
  },
  server: async ({ upstream, portal }, use) => {
    const server = await startServer({ digicert: upstream.url, args: ["--allow-origin", portal.url] });
    await use(server);
    await server.stop();
  },
  panel: async ({ page }, use) => use(new HistoryPanel(page)),
  open: async ({ page, upstream, server, portal }, use) =>
    use(async (movements, most) => {
      upstream.always(history(adjustments(movements), most));
      // A policy as strict as the page's own: nothing inline but what comes through the style sheet.
      const policy = `default-src 'none'; script-src ${server.url} 'wasm-unsafe-eval'; style-src ${server.url}; connect-src ${server.url}`;
      portal.show(
        htmlPage(
          `<cert-history proxy="${server.url}/api/digicert"></cert-history>`,
          `<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width"><script type="module" src="${server.url}/certquote.js"></script>`,
        ),
        { "Content-Security-Policy": `${policy}; img-src data:` },
      );
      await page.goto(portal.url);
    }),
});

/** 41 days: a deposit, purchases, an expiry, a refund. */
const month: Movement[] = [
  { day: -41, amount: 300, expires: 324 },
  { day: -40, amount: 200, expires: -9 },
  { day: -20, amount: -240, type: "Charge" },
  { day: -12, amount: 1000, type: "Credit Card Deposit", expires: 50 },
  { day: -9, amount: -200, type: "Account Funds Expiration" },
  { day: -5, amount: 30, type: "Refund" },
  { day: -1, amount: -90 },
];
const reading = (day: number, amount: string) => `${inWords(daysFromNow(day))}: ${amount}`;

test("the keyboard reads the balance of each point, and the line that says it keeps its place", async ({ open, panel }) => {
  await open(month);
  await expect(panel.readout).toHaveText(reading(-1, "$1,000.00"));
  const place = await panel.readout.boundingBox();
  await panel.slider.focus();
  await panel.page.keyboard.press("Home");
  await expect(panel.readout).toHaveText(reading(-41, "$300.00"));
  await expect(panel.slider).toHaveAttribute("aria-valuetext", reading(-41, "$300.00"));
  await panel.page.keyboard.press("ArrowRight");
  await expect(panel.readout).toHaveText(reading(-40, "$500.00"));
  await panel.page.keyboard.press("PageUp");
  await expect(panel.readout).not.toHaveText(reading(-40, "$500.00"));
  await panel.page.keyboard.press("End");
  await expect(panel.readout).toHaveText(reading(-1, "$1,000.00"));
  expect(await panel.readout.boundingBox()).toEqual(place);
});

test("the pointer reads the balance that held at its place", async ({ open, panel }) => {
  await open(month);
  const box = await panel.element.locator(".hit").boundingBox();
  if (box === null) throw new Error("there is no drawing");
  // 40 days from the first point to the last: day -15 lies at 65 %.
  await panel.page.mouse.move(box.x + box.width * 0.65, box.y + 20);
  await expect(panel.readout).toHaveText(reading(-20, "$260.00"));
  await panel.page.mouse.move(box.x + box.width * 0.95, box.y + box.height - 5);
  await expect(panel.readout).toHaveText(reading(-5, "$1,090.00"));
  await panel.page.mouse.move(0, 0);
  await expect(panel.readout).toHaveText(reading(-1, "$1,000.00"));
});

test("a sentence and a table say what the drawing shows", async ({ open, panel }) => {
  await open(month);
  const [from, to, high] = [-41, -1, -12].map((day) => inWords(daysFromNow(day)));
  await expect(panel.chart.getByText(/^From /)).toHaveText(
    `From ${from} to ${to}: lowest $260.00 on ${inWords(daysFromNow(-20))}, highest $1,260.00 on ${high}, now $1,000.00.`,
  );
  await expect(panel.chart.getByText("3 deposits")).toBeVisible();
  await expect(panel.chart.getByText("Funds expired 1 time")).toBeVisible();
  await panel.chart.getByText("Month by month").click();
  const table = panel.chart.getByRole("table");
  await expect(table.getByRole("columnheader")).toHaveText(["Until", "Balance", "In", "Out"]);
  await expect(table.getByRole("row").nth(1)).toContainText("$1,000.00");
});

test("what expires within 60 days is warned of in words, and which deposit it is of", async ({ open, panel }) => {
  await open(month);
  const warning = panel.expiring.locator("[data-expiring]");
  await expect(warning).toHaveAttribute("data-expiring", "1");
  await expect(warning).toHaveAttribute("data-amount", "970.00");
  await expect(warning).toContainText("$970.00 expires within 60 days");
  const lot = panel.expiring.locator("[data-lot]").first();
  await expect(lot).toHaveAttribute("data-lot", daysFromNow(50));
  await expect(lot).toContainText("in 50 days");
  await expect(lot).toContainText(`of $1,000.00 deposited ${inWords(daysFromNow(-12))}`);
  await expect(panel.expiring).toContainText("$30.00 has no expiry date");
  await expect(panel.expiring).toContainText("DigiCert does not say which deposit a purchase uses");
});

test("nothing that expires soon is no warning", async ({ open, panel }) => {
  await open([{ day: -50, amount: 300, expires: 61 }, { day: -1, amount: -10 }]);
  await expect(panel.expiring.locator("[data-lot]")).toHaveCount(1);
  await expect(panel.expiring.locator("[data-expiring]")).toHaveCount(0);
});

test("the runway tells pace and end, and what longer spans lack", async ({ open, panel }) => {
  await open(month);
  // 240 + 90 spent and 30 refunded in 30 days: 10 a day; the expiry is left out.
  const row = panel.runway.locator('[data-runway="30"]');
  await expect(row).toHaveAttribute("data-amount", "10.0000");
  await expect(row).toHaveAttribute("data-until", daysFromNow(100));
  await expect(row).toContainText("about $10.00");
  await expect(row).toContainText(inWords(daysFromNow(100)));
  await expect(panel.runway.locator('[data-runway="90"]')).toContainText("Needs 90 days of data; 41 days so far");
  await expect(panel.runway).toContainText("the balance after the newest adjustment ($1,000.00)");
});

test("nothing is claimed from less than 30 days", async ({ open, panel }) => {
  await open([{ day: -12, amount: 500 }, { day: -2, amount: -100 }]);
  await expect(panel.runway).toContainText("Nothing can be said from 12 days of data");
  await expect(panel.runway.locator("[data-runway]")).toHaveCount(0);
});

test("no spending is said in words", async ({ open, panel }) => {
  await open([{ day: -80, amount: -5 }, { day: -79, amount: 500 }]);
  await expect(panel.runway.locator('[data-runway="30"]')).toContainText("Nothing was spent in the last 30 days");
  await expect(panel.runway.locator("[data-until]")).toHaveCount(0);
});

for (const width of [320, 360, 800]) {
  test(`no day stands upon another or out of the card at ${width} px`, async ({ open, page, panel }) => {
    await page.setViewportSize({ width, height: 800 });
    await open([{ day: -62, amount: 1_000_000 }, { day: -2, amount: -0.01 }]);
    await expect(panel.readout).toBeVisible();
    const days = await panel.chart.locator(".days text:visible").evaluateAll((texts) =>
      texts.map((text) => text.getBoundingClientRect()).map(({ left, right }) => [left, right] as const),
    );
    expect(days.length).toBeGreaterThan(1);
    for (const [at, [left, right]] of days.entries()) {
      expect(left - (days[at - 1]?.[1] ?? 0), `day ${at}`).toBeGreaterThan(3);
      expect(right).toBeLessThan(width);
    }
  });
}

test("a part of the history says so until all of it is loaded", async ({ open, panel }) => {
  const many: Movement[] = Array.from({ length: 2500 }, (_, index) => ({ day: -1 - Math.floor((2499 - index) / 10), amount: index % 5 === 0 ? 50 : -10 }));
  await open(many);
  await expect(panel.chart).toContainText("The newest 1,000 of 2,500 adjustments, since ");
  await panel.chart.getByRole("button", { name: "Load all adjustments" }).click();
  await expect(panel.chart).toContainText(`All 2,500 adjustments, since ${inWords(daysFromNow(-250))}`);
  await expect(panel.chart.getByRole("button", { name: "Load all adjustments" })).toHaveCount(0);
});

test("currencies are never mixed", async ({ open, panel }) => {
  await open([
    { day: -40, amount: 500, expires: 20 },
    { day: -39, amount: 900, currency: "EUR", expires: 30 },
    { day: -3, amount: -100 },
  ]);
  await expect(panel.chart).toHaveCount(2);
  await expect(panel.element).toContainText("The history holds 2 currencies");
  await expect(panel.chart.first()).toContainText("Balance over time in USD");
  await expect(panel.chart.first()).toContainText(`All 2 adjustments in USD, since ${inWords(daysFromNow(-40))}`);
  await expect(panel.chart.last()).toContainText(`The only adjustment in EUR, since ${inWords(daysFromNow(-39))}`);
  const amounts = panel.expiring.locator("[data-expiring]");
  await expect(amounts.nth(0)).toHaveAttribute("data-amount", "400.00");
  await expect(amounts.nth(1)).toHaveAttribute("data-amount", "900.00");
});

test("a part of several currencies says how many of its rows are of each", async ({ open, panel }) => {
  await open(Array.from({ length: 1200 }, (_, n): Movement => ({ day: -1, amount: 1, currency: n % 4 === 0 ? "EUR" : "USD" })));
  await expect(panel.chart).toHaveCount(2);
  const since = inWords(daysFromNow(-1));
  await expect(panel.chart.first()).toContainText(`The newest 1,000 of 1,200 adjustments, 750 of them here, since ${since}`);
  await expect(panel.chart.last()).toContainText(`The newest 1,000 of 1,200 adjustments, 250 of them here, since ${since}`);
});

for (const width of [320, 360, 1280]) {
  test(`at ${width} px nothing is cut off, in both themes, without a violation`, async ({ open, panel, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(month);
    await expect(panel.readout).toBeVisible();
    await panel.chart.getByText("Month by month").click();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), "pixels too wide").toBeLessThanOrEqual(0);
      await expectAccessible(page, `${width} px, ${colorScheme}`);
    }
  });
}

test("pictures to look at", async ({ open, panel, page }) => {
  await open(month);
  await expect(panel.readout).toBeVisible();
  expect(await shots(page, "insights")).toHaveLength(4);
});
