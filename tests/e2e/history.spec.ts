// `<cert-history>`: what it asks, what it shows, and what becomes of it when the service fails or says odd things.
import { readFile } from "node:fs/promises";
import { expectAccessible } from "./support/axe.ts";
import { expect, failedToLoad, many, onlyHistory, pages, parseCsv, query, row, test } from "./support/history.ts";
import { link, paths, type Place } from "./support/page.ts";
import { sum } from "./support/quote.ts";
import { startServer } from "./support/server.ts";
import type { Asked } from "./support/upstream.ts";

const error = (status: number, code: string) => ({ status, json: { errors: [{ code, message: code }] } });

test("the first rows come newest first, with their hooks", async ({ open, history, upstream }) => {
  await open([
    row("5335328"),
    row("5533001", {
      debit: undefined,
      credit: "1000.00",
      transaction_type: "Credit Card Deposit",
      receipt_id: "0",
      transaction_date: "2026-01-21 15:20:18",
      balance_after: "9250.15",
      expiration_date: "2027-01-21 00:00:00",
      note: "Payment for invoice #100001",
    }),
  ]);
  expect(query(upstream.asked[0])).toBe("sort=-transaction_date,-id&limit=100&offset=0");
  expect(upstream.asked).toHaveLength(1);
  const charge = history.row("5335328");
  await expect(charge).toHaveAttribute("data-amount", "-750.00");
  await expect(charge).toHaveAttribute("data-balance-after", "8500.15");
  await expect(charge).toHaveAttribute("data-currency", "USD");
  await expect(charge).toContainText("2026-01-21 15:21:34");
  await expect(charge).toContainText("−$750.00");
  const deposit = history.row("5533001");
  await expect(deposit).toHaveAttribute("data-amount", "1000.00");
  await expect(deposit).toContainText("+$1,000.00");
  await expect(deposit).toContainText("2027-01-21");
  await expect(deposit).toContainText("Payment for invoice #100001");
  await expect(history.table).toHaveAttribute("aria-rowcount", "3");
  await expect(charge).toHaveAttribute("aria-rowindex", "2");
  await expect(history.status).toHaveText("2 adjustments");
  expect(await history.read("result")).toMatchObject({
    total: 2,
    offset: 0,
    limit: 100,
    adjustments: [{ id: "5335328", amount: "-750.00", type: "Charge" }, { id: "5533001", amount: "1000.00" }],
  });
  await expectAccessible(history.page);
});

test("filters are the API's own, each from the first row", async ({ open, history, upstream }) => {
  await open(many(3));
  const asked = async (part: string) => {
    await expect.poll(() => query(upstream.asked.at(-1))).toContain(part);
    expect(query(upstream.asked.at(-1))).toContain("offset=0");
    await expect.poll(() => history.read("state")).toBe("ready");
  };
  await history.field("Transaction type").selectOption({ label: "Account Funds Expiration" });
  await asked("filters[adjust_type]=27&");
  await history.field("From").fill("2026-01-05");
  await history.field("To").fill("2026-02-03");
  await asked("filters[transaction_date]=2026-01-05...2026-02-03&");
  await history.field("Funds expire").selectOption({ label: "Within 60 days" });
  await asked("filters[expiration_date]=");
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  expect(query(upstream.asked.at(-1))).toContain(`filters[expiration_date]=${day(0)}...${day(60)}`);
  await history.field("Period").selectOption({ label: "Last 30 days" });
  await asked(`filters[transaction_date]=${day(-30)}...${day(1)}`);
  const before = upstream.asked.length;
  await history.button("Clear filters").click();
  await expect(history.field("Transaction type")).toHaveValue("");
  await expect(history.row(3)).toBeVisible();
  expect(upstream.asked).toHaveLength(before);
});

test("a day that lies before the first is told at its field, and nothing is asked", async ({ open, history, upstream }) => {
  await open(many(3));
  await history.field("From").fill("2026-05-02");
  await expect.poll(() => upstream.asked.length).toBe(2);
  await history.field("To").fill("2026-05-01");
  const to = history.field("To");
  await expect(to).toHaveAttribute("aria-invalid", "true");
  await expect(history.element.locator("#h-to-problem")).toContainText("before the first one");
  await expectAccessible(history.page);
  expect(upstream.asked).toHaveLength(2);
});

test("columns are sorted by the API, loaded rows at once", async ({ open, history, upstream }) => {
  const rows = [row(1, { balance_after: "5.00" }), row(2, { balance_after: "70.00" }), row(3, { balance_after: "6.00" })];
  await open(rows);
  upstream.always({ hang: true });
  await history.sort("Balance").click();
  await expect(history.rows.first()).toHaveAttribute("data-adjustment", "2");
  await expect(history.head("Balance")).toHaveAttribute("aria-sort", "descending");
  await expect.poll(() => query(upstream.asked.at(-1))).toContain("sort=-balance_after,-transaction_date,-id&");
  await history.sort("Balance").click();
  await expect(history.rows.first()).toHaveAttribute("data-adjustment", "1");
  await expect(history.head("Balance")).toHaveAttribute("aria-sort", "ascending");
  await history.sort("Amount").click();
  await expect.poll(() => query(upstream.asked.at(-1))).toContain("sort=-credit,debit,");
  await expect.poll(() => upstream.pending()).toBe(1);
  upstream.always(pages(rows));
  await history.sort("Type").click();
  await expect.poll(() => history.read("state")).toBe("ready");
  await expect(history.head("Balance")).not.toHaveAttribute("aria-sort", /./);
});

test("another filter calls off what is under way", async ({ open, history, upstream }) => {
  await open(many(3));
  upstream.always({ hang: true });
  await history.field("Transaction type").selectOption("1");
  await expect.poll(() => upstream.pending()).toBe(1);
  await history.field("Transaction type").selectOption("27");
  await expect.poll(() => upstream.asked.length).toBe(3);
  await expect.poll(() => upstream.pending()).toBe(1);
  upstream.always(pages([row(9)]));
  await history.field("Transaction type").selectOption("");
  await expect(history.row(3)).toBeVisible();
  await expect.poll(() => upstream.pending()).toBe(0);
});

test("a failed page keeps what is loaded and resumes there", async ({ open, history, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  await open(many(2500));
  await history.ahead(upstream);
  upstream.always(error(503, "unavailable"));
  await history.button("Load all").click();
  await expect(history.error("upstream")).toBeVisible();
  expect(await history.read("state")).toBe("stale");
  await expect(history.row(2500)).toBeVisible();
  await expect(history.button("Load all adjustments")).toBeVisible();
  await expect(history.element).not.toContainText("Loading the others");
  upstream.always(pages(many(2500)));
  const before = upstream.asked.length;
  await history.button("Try again").click();
  await expect(history.element.locator(".totals")).toContainText("of 2,500 adjustments");
  expect(query(upstream.asked[before])).toContain("offset=1000");
  await expect(history.error("upstream")).toHaveCount(0);
});

test("all adjustments are not offered to be loaded where only those of a filter would be", async ({ open, history, upstream }) => {
  await open(many(2500));
  const all = history.button("Load all adjustments");
  await expect(all).toBeVisible();
  upstream.always(pages(many(3)));
  await history.field("Transaction type").selectOption("1");
  await expect(history.row(3)).toBeVisible();
  await expect(all).toHaveCount(0);
  upstream.always(pages(many(2500)));
  await history.button("Clear filters").click();
  await all.click();
  await expect(history.element.locator(".totals")).toContainText("of 2,500 adjustments");
});

test("a failed first page shows an error and no zero", async ({ open, history, allowConsole }) => {
  allowConsole(failedToLoad);
  await open(error(403, "access_denied|missing_permission"));
  expect(await history.read("state")).toBe("error");
  await expect(history.error("forbidden")).toContainText("role");
  await expect(history.element.locator(".head .tally")).toHaveText("—");
  await expect(history.element.locator(".nothing")).toHaveCount(0);
  await expectAccessible(history.page);
});

test("an account with several divisions is told where to set one", async ({ open, history, allowConsole }) => {
  allowConsole(failedToLoad);
  await open(error(400, "invalid_request"));
  await expect(history.error("invalid_request")).toContainText("container-id");
});

test("a container that is no number is misconfigured, and nothing is asked", async ({ open, history, upstream }) => {
  await open(many(3), 'container-id="12a"');
  expect(await history.read("state")).toBe("error");
  await expect(history.error("misconfigured")).toBeVisible();
  expect(upstream.asked).toHaveLength(0);
});

test("an empty history says so", async ({ open, history }) => {
  await open([]);
  await expect(history.element.locator(".nothing")).toContainText("No adjustments yet");
  await expect(history.status).toHaveText("No adjustments yet");
  expect(await history.read("state")).toBe("ready");
  await expectAccessible(history.page);
});

test("hostile texts stay text", async ({ open, history }) => {
  const evil = `<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>&amp;`;
  await open([row(1, { note: evil, transaction_type: evil, container: { id: 1, name: evil, is_active: true } })]);
  await expect(history.row(1)).toContainText(evil);
  await history.row(1).getByRole("button", { name: "Details" }).click();
  await expect(history.dialog.getByText(evil).first()).toBeVisible();
  expect(await history.page.evaluate(() => (window as any).hurt)).toBeUndefined();
});

test("odd rows are said to be odd, and currencies are summed apart", async ({ open, history }) => {
  await open([
    row(1, { credit: "10.00", debit: "4.00" }),
    row(2, { debit: undefined }),
    row(3, { currency: "EUR", debit: "5.50" }),
    row(4, { currency: undefined, debit: "7.25", balance_after: undefined }),
    row(5, { transaction_type: "Credit", debit: undefined, credit: "100.00" }),
    row(6, { currency: "GBP", debit: undefined }),
  ]);
  await expect(history.row(1)).toContainText("Both credit and debit given");
  await expect(history.row(1)).not.toHaveAttribute("data-amount", /./);
  await expect(history.row(2)).toContainText("No amount given");
  await expect(history.row(4)).toContainText("no currency stated");
  await expect(history.row(4)).toContainText("not stated");
  await expect(history.row(5)).toContainText("Credit");
  await expect(history.sum("net")).toHaveAttribute("data-amount", "100.00");
  await expect(history.sum("net", "EUR")).toHaveAttribute("data-amount", "-5.50");
  await expect(history.sum("out", "")).toHaveAttribute("data-amount", "-7.25");
  await expect(history.element.locator('.sums[data-currency="USD"]')).toContainText("2 without a clear amount");
  await expect(history.element.locator('.sums[data-currency="GBP"]')).toContainText("1 without a clear amount");
  await expect(history.sum("net", "GBP"), "no sum of nothing").toHaveCount(0);
});

test("a balance that does not follow is marked, counted and found", async ({ open, history }) => {
  const rows = many(400);
  rows[300] = { ...rows[300], balance_after: "1000005.00" };
  await open(rows);
  const line = history.element.locator("[data-breaks]");
  await expect(line).toHaveAttribute("data-breaks", "2");
  await expect(line).toContainText("in 400 adjustments");
  await history.button("Show next").click();
  await expect(history.element.locator("td.broken").first()).toContainText("Balance does not follow: off by $");
  expect(["100", "101"]).toContain(await history.focused());
});

test("an export holds all rows, and its sum is the panel's", async ({ open, history, page, upstream }) => {
  const rows = many(2300);
  rows[3] = row("odd", { note: '=1+1,"quoted"\r\nline', debit: "0.10", balance_after: "1.00" });
  await open(rows);
  const saved = page.waitForEvent("download");
  await history.button("Export CSV").click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^balance-history-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...lines] = parseCsv(await readFile((await file.path())!, "utf8"));
  expect(lines).toHaveLength(2300);
  const amount = head!.indexOf("amount");
  const total = sum(lines.map((line) => line[amount]!));
  const panel = await history.sum("net").getAttribute("data-amount");
  expect(sum([panel!])).toBe(total);
  expect(lines[3]![head!.indexOf("note")]).toBe(`'=1+1,"quoted"\r\nline`);
  expect(upstream.asked).toHaveLength(4);
  const json = page.waitForEvent("download");
  await history.button("Export JSON").click();
  const parsed = JSON.parse(await readFile((await (await json).path())!, "utf8"));
  expect(parsed.total).toBe(2300);
  expect(parsed.adjustments).toHaveLength(2300);
});

test("an export says how far it is and can be cancelled", async ({ open, history, upstream }) => {
  await open(many(5000));
  await history.ahead(upstream);
  upstream.always({ hang: true });
  await history.button("Export CSV").click();
  await expect(history.element.getByText("1,000 of 5,000 loaded").first()).toBeVisible();
  await history.button("Cancel").click();
  await expect(history.button("Cancel")).toHaveCount(0);
});

for (const totals of [[4400, 0, 9999, 1], [0, 0, 0, 0, 0]]) {
  test(`totals of ${totals.slice(0, 4).join(", ")} neither loop, lose rows nor show one twice`, async ({ open, history, page, upstream }) => {
    const rows = many(4400);
    const odd = (asked: Asked) => {
      const answer = pages(rows)(asked) as { json: { adjustments: unknown[]; page: object } };
      const total = totals[upstream.asked.length - 1] ?? 4400;
      return { json: { ...answer.json, page: { total, limit: 0, offset: 0 } } };
    };
    await open(odd);
    const saved = page.waitForEvent("download");
    await history.button("Export CSV").click();
    const [, ...lines] = parseCsv(await readFile((await (await saved).path())!, "utf8"));
    expect(lines.map(([id]) => id)).toEqual(rows.map(({ id }) => id));
    await expect(history.element.locator(".tally").first()).toHaveText("4,400 adjustments");
    await expect(history.table).toHaveAttribute("aria-rowcount", "4401");
    await expect(history.sum("net")).toHaveAttribute("data-amount", "-4400.00");
    expect(upstream.asked.length).toBeLessThan(10);
    await history.table.getByRole("row").nth(1).focus();
    await page.keyboard.press("End");
    await expect.poll(() => history.focused()).toBe("1");
    await expect(history.row(1)).toHaveAttribute("aria-rowindex", "4401");
  });
}

test("after a failed refresh what is there is exported nevertheless", async ({ open, history, page, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  await open(many(3));
  upstream.always(error(500, "down"));
  await history.button("Refresh").click();
  await expect(history.error("upstream")).toBeVisible();
  const saved = page.waitForEvent("download");
  await history.button("Export CSV").click();
  const lines = parseCsv(await readFile((await (await saved).path())!, "utf8"));
  expect(lines).toHaveLength(4);
  expect(await history.read("state")).toBe("stale");
});

test("promises settle and nothing of another account stays, whatever happens meanwhile", async ({ open, history, upstream }) => {
  await open(many(1500));
  upstream.always({ hang: true });
  const found = await history.element.evaluate(async (element: any) => {
    const told = () => element.refresh().then(() => "resolved", (error: any) => error.code);
    const pause = () => new Promise((done) => setTimeout(done, 100));
    const all = [told(), told()];
    element.setAttribute("container-id", "77");
    await pause();
    const { result } = element;
    all.push(told());
    const page = element.parentNode;
    // Out of the page again before the browser has drawn it.
    element.remove();
    await pause();
    page.append(element);
    await pause();
    all.push(told());
    element.setAttribute("container-id", "none");
    await pause();
    all.push(told());
    return { result, all: await Promise.all(all) };
  });
  expect(found.result).toBeNull();
  expect(found.all).toEqual(["cancelled", "cancelled", "cancelled", "cancelled", "misconfigured"]);
});

test("filtered before anything came, it does not look as if more were on its way", async ({ history, page, server, upstream }) => {
  upstream.next({ hang: true });
  upstream.always(pages([row(1)]));
  await onlyHistory(page);
  await page.goto(`${server.url}/`);
  await expect(history.element.locator('[aria-busy="true"]').first()).toBeVisible();
  await history.field("Transaction type").selectOption("1");
  await expect(history.row(1)).toBeVisible();
  await expect(history.element.locator('[aria-busy="true"]')).toHaveCount(0);
  await expectAccessible(page);
  await history.button("Clear filters").click();
  await expect(history.element.locator('[part~="chart"]')).toBeVisible();
});

test("rows that come while another place is shown are there when one comes back", async ({ history, page, server, upstream }) => {
  const go = (place: Place) => link(page, place).click();
  const settled = () => expect.poll(() => history.read("state")).toBe("ready");
  const top = () => history.element.evaluate((element) => element.shadowRoot!.querySelector(".scroll")!.scrollTop);
  upstream.always((asked) => ({ ...pages(many(3000))(asked), delayMs: 700 }));
  await page.goto(`${server.url}${paths.History}`);
  await expect.poll(() => history.read("state")).toBe("loading");
  await go("Quote");
  await settled();
  await go("History");
  await history.element.locator(".scroll").scrollIntoViewIfNeeded();
  await expect(history.row(2990), "all of the table is filled").toBeAttached();
  await expect.poll(async () => (await history.read("result")).offset).toBe(100);
  await settled();
  await history.scroll(38_000);
  await expect.poll(() => history.read("state")).toBe("loading");
  await go("Quote");
  await settled();
  await go("History");
  expect(await top()).toBe(38_000);
  // Row 678 lies at 37,968 px.
  await expect(history.row(3000 - 679)).toBeVisible();
});

test("a jump loads as far back as the date and focuses its row", async ({ open, history, upstream }) => {
  await open(many(4000));
  await history.field("Jump to date").fill("2024-03-01");
  await history.button("Go").click();
  // Row 1464 is of 2024-03-02 00:00.
  await expect.poll(() => history.focused()).toBe("1463");
  expect(upstream.asked).toHaveLength(4);
});

test("the table is walked and read with the keyboard alone", async ({ open, history, page }) => {
  await open(many(1500));
  await history.row(1500).focus();
  await page.keyboard.press("ArrowDown");
  expect(await history.focused()).toBe("1499");
  await page.keyboard.press("End");
  await expect.poll(() => history.focused()).toBe("1");
  await expect(history.row(1)).toBeInViewport();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowUp");
  const at = await history.focused();
  await history.scroll(0);
  await expect(history.row(1500)).toBeVisible();
  expect(await history.focused(), "the focus outlives scrolling").toBe(at);
  await page.keyboard.press("Enter");
  await expect(history.dialog).toBeVisible();
  await expect(history.dialog).toContainText(`Adjustment ${at}`);
  await expect(history.dialog).toContainText("Example Company");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(history.dialog).toHaveCount(0);
  await expect.poll(() => history.focused()).toBe(at);
  await page.keyboard.press("Home");
  await expect.poll(() => history.focused()).toBe("1500");
});

test("a refresh puts new rows on top; a failed one keeps the old", async ({ open, history, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  await open(many(5));
  upstream.always(pages(many(6)));
  const page = await history.element.evaluate((element) => (element as any).refresh());
  expect(page).toMatchObject({ total: 6 });
  await expect(history.row(6)).toBeVisible();
  upstream.always(error(500, "down"));
  const failed = await history.element.evaluate((element) => (element as any).refresh().catch((error: unknown) => error));
  expect(failed).toMatchObject({ code: "upstream" });
  expect(await history.read("state")).toBe("stale");
  await expect(history.row(6)).toBeVisible();
});

test("moved to another place it asks nothing again", async ({ open, history, upstream, page }) => {
  await open(many(1000));
  await history.scroll(5600);
  await expect(history.row(897)).toBeVisible();
  await page.evaluate(async () => {
    const element = document.querySelector("cert-history")!;
    const main = element.parentElement!;
    element.remove();
    await new Promise((done) => setTimeout(done, 50));
    main.append(element);
  });
  await history.element.locator(".scroll").scrollIntoViewIfNeeded();
  await expect(history.row(897)).toBeInViewport();
  expect(upstream.asked).toHaveLength(2);
});

for (const width of [320, 360, 768, 1280]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ open, history, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open([
      row(1, { note: "x".repeat(300), transaction_type: "A type of adjustment that nobody has ever heard of before" }),
      row(2, { debit: "12345678901234.56", balance_after: "-12345678901234.56" }),
      row("I".repeat(2000), { currency: "Z".repeat(300), transaction_date: "D".repeat(300) }),
      ...many(50),
    ]);
    const wide = () =>
      history.element.evaluate((element) => {
        const scroller = element.shadowRoot!.querySelector(".scroll")!;
        return [document.documentElement.scrollWidth, scroller.scrollWidth - scroller.clientWidth];
      });
    expect(await wide()).toEqual([width, 0]);
    await expectAccessible(page);
  });
}

test("100,000 rows are scrolled to their end with few of them drawn", async ({ history, page }) => {
  test.setTimeout(120_000);
  const server = await startServer({ args: ["--sandbox-adjustments", "100000"] });
  await onlyHistory(page);
  await page.goto(`${server.url}/`);
  await expect(history.table).toHaveAttribute("aria-rowcount", "100001");
  await history.scroll(1e9);
  await expect.poll(() => history.rows.last().getAttribute("aria-rowindex"), { timeout: 90_000 }).toBe("100001");
  expect(await history.drawn()).toBeLessThan(200);
  await page.goto("about:blank");
  await server.stop();
});
