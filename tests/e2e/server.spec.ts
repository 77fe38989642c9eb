// What the server owes a browser: portals that are allowed, portals that are not, and its own strict pages.
import { draft, expect, failedToLoad, lastBody, QuoteForm, sample, test } from "./support/quote.ts";
import { htmlPage, startPortal } from "./support/portal.ts";
import { startServer } from "./support/server.ts";

const embed = (url: string, attributes = "") =>
  htmlPage(`<cert-quote proxy="${url}/api/digicert" ${attributes}></cert-quote><script type="module" src="${url}/certquote.js"></script>`);

test("a portal that is allowed embeds the element and gets a price and the wait it is asked for", async ({ page, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  const portal = await startPortal();
  const server = await startServer({ digicert: upstream.url, args: ["--allow-origin", portal.url] });
  portal.show(embed(server.url));
  await page.goto(portal.url);
  const quote = new QuoteForm(page, portal.url);
  await quote.price("example.com");
  expect(lastBody(upstream).certificate.dns_names).toEqual(["example.com"]);
  upstream.next({ status: 429, json: { errors: [{ code: "request_limit_exceeded" }] }, headers: { "Retry-After": "9" } });
  await quote.getQuote.click();
  await expect(quote.error("rate_limited")).toBeVisible();
  expect((await quote.read("error")).retry_after_ms).toBe(9000);
  await portal.stop();
  await server.stop();
});

for (const [credentials, cookie] of [["include", true], ["same-origin", false], ["omit", false]] as const) {
  test(`credentials ${credentials} ${cookie ? "sends" : "sends no"} cookies to another origin`, async ({ page, upstream }) => {
    // The same host on another port is another origin of the same site, so a Lax cookie may travel.
    const portal = await startPortal();
    const server = await startServer({ digicert: upstream.url, args: ["--allow-origin", portal.url] });
    await page.context().addCookies([{ name: "session", value: "1", url: server.url, sameSite: "Lax" }]);
    portal.show(embed(server.url, `credentials="${credentials}"`));
    await page.goto(portal.url);
    const quote = new QuoteForm(page, portal.url);
    const request = page.waitForRequest((request) => request.method() === "POST");
    await quote.price();
    const headers = await (await request).allHeaders();
    expect(headers.cookie ?? "").toBe(cookie ? "session=1" : "");
    await portal.stop();
    await server.stop();
  });
}

test("a portal that is not allowed gets no script", async ({ page, upstream, allowConsole }) => {
  allowConsole(failedToLoad, /CORS/);
  const portal = await startPortal();
  const server = await startServer({ digicert: upstream.url, args: ["--allow-origin", "https://portal.example"] });
  portal.show(embed(server.url));
  await page.goto(portal.url);
  expect(await page.evaluate(() => customElements.get("cert-quote") === undefined)).toBe(true);
  await portal.stop();
  await server.stop();
});

test("a portal that is not allowed cannot price an order", async ({ page, upstream, allowConsole }) => {
  allowConsole(failedToLoad, /CORS/);
  const portal = await startPortal();
  const server = await startServer({ digicert: upstream.url });
  portal.show(htmlPage(""));
  await page.goto(portal.url);
  const outcomes = await page.evaluate(async ({ url, draft }) => {
    const body = JSON.stringify({ certificate: { dns_names: draft.dns_names }, product_name_id: draft.product_name_id, validity_years: 1 });
    const ask = (type: string, mode: RequestMode) =>
      fetch(`${url}/api/digicert/finance/order-pricing`, { method: "POST", mode, headers: { "Content-Type": type }, body })
        .then((response) => `${response.type} ${response.status}`)
        .catch(() => "blocked");
    return [await ask("application/json", "cors"), await ask("text/plain", "cors"), await ask("text/plain", "no-cors")];
  }, { url: server.url, draft });
  expect(outcomes.slice(0, 2)).toEqual(["blocked", "blocked"]);
  expect(upstream.asked).toHaveLength(0);
  await portal.stop();
  await server.stop();
});

test("the page stands under its own policy, without unsafe-inline and unsafe-eval, with Trusted Types", async ({ page, quote }) => {
  const violations: string[] = [];
  await page.exposeFunction("violated", (text: string) => violations.push(text));
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", (event) => (window as any).violated(`${event.violatedDirective} ${event.blockedURI}`)),
  );
  const response = await page.goto(quote.url);
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy.replaceAll("'wasm-unsafe-eval'", "")).not.toMatch(/unsafe-(inline|eval)/);
  await quote.price();
  await quote.unfold();
  expect(violations).toEqual([]);
});

test("an answer of the API is never kept by the browser", async ({ page, quote, upstream }) => {
  upstream.next({ json: sample, headers: { "Cache-Control": "max-age=3600", "Set-Cookie": "a=b", "X-Inner": "host" } });
  await quote.open();
  const answered = page.waitForResponse(/order-pricing$/);
  await quote.price();
  const headers = await (await answered).allHeaders();
  expect(headers["cache-control"]).toContain("no-store");
  expect(headers).not.toHaveProperty("set-cookie");
  expect(headers).not.toHaveProperty("x-inner");
});
