// What the server has kept: served with its age, and in place of a failure shown as old.
import { expect, test as base } from "@playwright/test";
import { account } from "./support/balance.ts";
import { startServer, type Server } from "./support/server.ts";
import { startUpstream, type Upstream } from "./support/upstream.ts";

const test = base.extend<{ upstream: Upstream; server: Server }>({
  upstream: async ({}, use) => {
    const upstream = await startUpstream();
    upstream.always({ json: account });
    await use(upstream);
    await upstream.stop();
  },
  server: async ({ upstream }, use) => {
    const server = await startServer({ digicert: `${upstream.url}/services/v2`, args: ["--cache=balance=60s"] });
    await use(server);
    await server.stop();
  },
});
const balances = (upstream: Upstream) => upstream.asked.filter(({ path }) => path.includes("/finance/balance?") || path.endsWith("/finance/balance"));

test("a page that is opened again is served what was kept, at its own time", async ({ page, server, upstream }) => {
  const element = page.locator("cert-balance");
  const fetched = () => element.evaluate((balance) => Date.parse((balance as unknown as { result: { fetched_at: string } }).result.fetched_at));
  await page.goto(`${server.url}/balance`);
  await expect(element).toHaveJSProperty("state", "ready");
  const first = await fetched();
  await page.reload();
  await expect(element).toHaveJSProperty("state", "ready");
  expect(balances(upstream)).toHaveLength(1);
  // The age is in whole seconds.
  expect(Math.abs((await fetched()) - first)).toBeLessThan(3000);
});

test("a refresh asks anew; where that fails the last answer is shown as old, until one succeeds", async ({ page, server, upstream }) => {
  const element = page.locator("cert-balance");
  const refresh = () => element.evaluate(async (balance) => (await (balance as unknown as { refresh(): Promise<unknown> }).refresh().catch(({ code, status }) => `${code} ${status}`)));
  await page.goto(`${server.url}/balance`);
  await expect(element).toHaveJSProperty("state", "ready");
  upstream.next({ status: 503, json: { errors: [] } });
  expect(await refresh()).toBe("upstream 503");
  expect(balances(upstream)).toHaveLength(2);
  await expect(element).toHaveJSProperty("state", "stale");
  await expect(element.locator("[data-error=upstream]")).toBeVisible();
  await expect(element.locator("[data-field=balance]")).toHaveAttribute("data-amount", account.balance);
  await element.getByRole("button", { name: "Try again" }).click();
  await expect(element).toHaveJSProperty("state", "ready");
  await expect(element.locator("[data-error]")).toHaveCount(0);
});
