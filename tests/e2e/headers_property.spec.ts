// `fetchHeaders`: a token of the page's own goes along with each request, and nowhere else.
import type { Page, Request } from "@playwright/test";
import { available } from "./support/balance.ts";
import { htmlPage, startPortal } from "./support/portal.ts";
import { digicertError, draft, expect, failedToLoad, price, QuoteForm, sample, test } from "./support/quote.ts";
import { startServer } from "./support/server.ts";

const API = "**/api/digicert/**";
/** Nobody else's word: wherever it is found, it is the token. */
const SECRET = "s3cr3t-token-4711-of-the-portal";

/** The requests to the API from now on. */
function requests(page: Page): Request[] {
  const seen: Request[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.startsWith("/api/")) seen.push(request);
  });
  return seen;
}

const header = (seen: Request[], name: string) => Promise.all(seen.map((request) => request.headerValue(name)));

/** Sets the property to a function of the page, given as text, which a policy against `eval` has nothing to say about. */
const give = (form: { page: Page }, source: string) =>
  form.page.evaluate(`void (document.querySelector("cert-quote").fetchHeaders = (${source}))`);

test("is called for each request, and what it gives goes along", async ({ quote, page }) => {
  const seen = requests(page);
  await quote.open();
  await give(quote, `async () => ({ Authorization: "Bearer " + (window.calls = (window.calls ?? 0) + 1), "X-CSRF-Token": "of-the-page" })`);
  await quote.price("example.com");
  await quote.price("example.net");
  expect(await header(seen, "authorization")).toEqual(["Bearer 1", "Bearer 2"]);
  expect(await header(seen, "x-csrf-token")).toEqual(["of-the-page", "of-the-page"]);
  await quote.element.evaluate((element: any) => (element.fetchHeaders = null));
  await quote.price("example.org");
  expect((await header(seen, "authorization")).at(-1)).toBeNull();
});

test("may be a function that gives the headers without a promise, and cannot change what the request is", async ({ quote, page, upstream }) => {
  const seen = requests(page);
  await quote.open();
  await give(quote, `() => ({ "content-type": "text/plain", ACCEPT: "text/html", "X-Portal": "a" })`);
  await quote.price();
  expect(await header(seen, "content-type")).toEqual(["application/json"]);
  expect(await header(seen, "accept")).toEqual(["application/json"]);
  expect(await header(seen, "x-portal")).toEqual(["a"]);
  expect(upstream.asked.map(({ headers }) => headers["x-portal"])).toEqual([undefined]);
});

test("is there for all three elements, set before they were defined", async ({ page, upstream }) => {
  const portal = await startPortal();
  const allowing = await startServer({ digicert: upstream.url, args: ["--allow-origin", portal.url] });
  upstream.always(({ path }) => ({ json: path.includes("pricing") ? sample : path.includes("history") ? { adjustments: [], page: { total: 0, limit: 0, offset: 0 } } : available("5.00") }));
  const elements = ["cert-quote", "cert-balance", "cert-history"];
  portal.show(
    htmlPage(`${elements.map((name) => `<${name} locale="en" proxy="${allowing.url}/api/digicert"></${name}>`).join("")}
      <script>for (const name of ${JSON.stringify(elements)}) document.querySelector(name).fetchHeaders = async () => ({ Authorization: "Bearer " + name });</script>
      <script type="module" src="${allowing.url}/certquote.js"></script>`),
  );
  const seen = requests(page);
  await page.goto(portal.url);
  const quote = new QuoteForm(page, portal.url);
  await expect(quote.names).toBeVisible();
  await quote.write(draft);
  expect(await quote.call()).toMatchObject({ quote: { total: "782" } });
  for (const name of elements) await expect.poll(() => page.locator(name).evaluate((element: any) => element.state)).toBe("ready");
  // From another origin the server has to allow the header first.
  const sent = seen.filter((request) => request.method() !== "OPTIONS");
  expect((await header(sent, "authorization")).toSorted()).toEqual(elements.map((name) => `Bearer ${name}`).toSorted());
  expect(upstream.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, undefined]);
  await portal.stop();
  await allowing.stop();
});

test("is no attribute", async ({ quote, page }) => {
  const seen = requests(page);
  await quote.open({ fetchheaders: '{"X-Portal":"a"}', "fetch-headers": '{"X-Portal":"a"}', "request-headers": '{"X-Portal":"a"}' });
  await quote.price();
  expect(await quote.read("fetchHeaders")).toBeNull();
  expect(await header(seen, "x-portal")).toEqual([null]);
});

test.describe("after a 401", () => {
  const counting = `async () => ({ Authorization: "Bearer " + (window.calls = (window.calls ?? 0) + 1) })`;

  test("a fresh token is asked for and the request is repeated", async ({ quote, page, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    const seen = requests(page);
    upstream.next(digicertError(401, "not_authenticated"), price(5));
    await quote.open();
    await give(quote, counting);
    await quote.write(draft);
    expect(await quote.call()).toMatchObject({ quote: { total: "5" } });
    expect(await header(seen, "authorization")).toEqual(["Bearer 1", "Bearer 2"]);
    expect(seen.map((request) => request.postData())).toEqual([seen[0]?.postData(), seen[0]?.postData()]);
    expect(await quote.told("cert-error")).toEqual([]);
  });

  test("it is repeated once and no more", async ({ quote, page, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    const seen = requests(page);
    upstream.always(digicertError(401, "not_authenticated"));
    await quote.open();
    await give(quote, counting);
    await quote.write(draft);
    expect(await quote.call()).toMatchObject({ error: { code: "unauthorized", status: 401, retryable: false } });
    expect(await header(seen, "authorization")).toEqual(["Bearer 1", "Bearer 2"]);
    expect(await page.evaluate(() => (window as any).calls)).toBe(2);
  });

  test("nothing is repeated without it, nor after another refusal with it", async ({ quote, page, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    const seen = requests(page);
    upstream.next(digicertError(401, "not_authenticated"), digicertError(403, "access_denied"));
    await quote.open();
    await quote.write(draft);
    expect(await quote.call()).toMatchObject({ error: { code: "unauthorized" } });
    expect(seen).toHaveLength(1);
    await give(quote, counting);
    expect(await quote.call()).toMatchObject({ error: { code: "forbidden" } });
    expect(seen).toHaveLength(2);
  });
});

test.describe("that cannot be used", () => {
  const failing: [string, string, string][] = [
    ["throws", `() => { throw new Error("${SECRET}") }`, "unauthorized"],
    ["throws no error", `() => { throw "${SECRET}" }`, "unauthorized"],
    ["rejects", `async () => { throw new Error("${SECRET}") }`, "unauthorized"],
    ["rejects with undefined", `() => Promise.reject()`, "unauthorized"],
    ["gives nothing", `() => {}`, "misconfigured"],
    ["gives null", `async () => null`, "misconfigured"],
    ["gives a text", `async () => "Bearer ${SECRET}"`, "misconfigured"],
    ["gives a number", `async () => 5`, "misconfigured"],
    ["gives a list", `async () => [["Authorization", "${SECRET}"]]`, "misconfigured"],
    ["gives a Headers", `async () => new Headers({ Authorization: "${SECRET}" })`, "misconfigured"],
    ["gives a value that is no text", `async () => ({ Authorization: undefined })`, "misconfigured"],
    ["gives a name that is none", `async () => ({ "not a name": "${SECRET}" })`, "misconfigured"],
    ["gives an empty name", `async () => ({ "": "${SECRET}" })`, "misconfigured"],
    ["gives a value of two lines", `async () => ({ Authorization: "${SECRET}\\r\\nX-Evil: 1" })`, "misconfigured"],
    ["gives a value beyond Latin-1", `async () => ({ Authorization: "${SECRET} €" })`, "misconfigured"],
    ["gives an object that throws", `async () => ({ get Authorization() { throw new Error("${SECRET}") } })`, "misconfigured"],
    ["gives a proxy that throws", `async () => new Proxy({}, { has() { throw 1 }, ownKeys() { throw 2 } })`, "misconfigured"],
  ];
  test("ends in an error in words, asks nobody, and the next request works", async ({ quote, page, upstream }) => {
    const seen = requests(page);
    await quote.open();
    await quote.write(draft);
    for (const [what, source, code] of failing) {
      await test.step(what, async () => {
        await give(quote, source);
        const { error } = (await quote.call()) as { error: any };
        expect(error).toMatchObject({ code, status: null, retryable: false, upstream_codes: [] });
        expect(error.message).toMatch(/[a-z] .*\.$/);
        expect(JSON.stringify(error)).not.toContain(SECRET);
        await expect(quote.error(code)).toContainText(error.message);
      });
    }
    expect(seen).toHaveLength(0);
    expect(upstream.asked).toHaveLength(0);
    await quote.element.evaluate((element: any) => (element.fetchHeaders = "no function"));
    expect(await quote.read("fetchHeaders")).toBeNull();
    expect(await quote.call()).toMatchObject({ quote: { total: "782" } });
  });

  test("and never settles runs into the time limit", async ({ quote, page }) => {
    const seen = requests(page);
    await quote.open({ "timeout-ms": "50" });
    await quote.write(draft);
    await give(quote, `() => new Promise(() => {})`);
    expect(await quote.call()).toMatchObject({ error: { code: "timeout", retryable: true } });
    expect(seen).toHaveLength(0);
  });

  test("and settles after an edit is too late", async ({ quote, page }) => {
    const seen = requests(page);
    await quote.open();
    await quote.write(draft);
    await give(quote, `() => new Promise((resolve) => { window.settle = resolve; })`);
    const outcome = quote.call();
    await expect.poll(() => page.evaluate(() => "settle" in window)).toBe(true);
    await quote.write({ ...draft, dns_names: ["example.net"] });
    expect(await outcome).toMatchObject({ error: { code: "cancelled" } });
    await page.evaluate(() => (window as any).settle({ "X-Portal": "late" }));
    await give(quote, `async () => ({ "X-Portal": "new" })`);
    expect(await quote.call()).toMatchObject({ quote: { draft: { dns_names: ["example.net"] } } });
    expect(await header(seen, "x-portal")).toEqual(["new"]);
  });
});

test("a transport that never settles runs into the time limit too", async ({ quote }) => {
  await quote.open({ "timeout-ms": "50" });
  await quote.write(draft);
  await quote.element.evaluate((element: any) => (element.transport = () => new Promise(() => {})));
  expect(await quote.call()).toMatchObject({ error: { code: "timeout" } });
});

test("may do to its element whatever it likes", async ({ quote, page }) => {
  await quote.open();
  const deeds = [
    `(element) => element.remove()`,
    `(element) => element.setAttribute("locale", "de")`,
    `(element) => element.setAttribute("proxy", "/elsewhere")`,
    `(element) => { element.draft = { ...element.draft, dns_names: ["b.example.com"] } }`,
    `(element) => { element.draft = null }`,
    `(element) => { element.fetchHeaders = null }`,
    `(element) => { element.fetchHeaders = null; element.quote().catch(() => {}) }`,
    `(element) => { element.fetchHeaders = null; element.draft = { ...element.draft, dns_names: ["c.example.com"] }; element.quote().catch(() => {}) }`,
    `(element) => document.body.append(element)`,
    `(element) => element.ownerDocument.querySelector("main").replaceChildren()`,
    `(element) => { void [element.state, element.result, element.error, element.draft] }`,
  ];
  for (const deed of deeds) {
    await test.step(deed, async () => {
      const settled = (await page.evaluate(`(async (deed, draft) => {
        const element = document.createElement("cert-quote");
        document.querySelector("main, body").append(element);
        element.draft = draft;
        element.fetchHeaders = () => (deed(element), {});
        const first = await element.quote().then(() => "quote", (error) => error.code);
        // Whatever became of it: with the function gone, it prices.
        element.fetchHeaders = null;
        element.removeAttribute("proxy");
        document.body.append(element);
        element.draft = draft;
        const { total } = await element.quote();
        element.remove();
        return [first, total];
      })(${deed}, ${JSON.stringify(draft)})`)) as [string, string];
      expect(settled[0]).toMatch(/^(quote|cancelled)$/);
      expect(settled[1]).toBe("782");
    });
  }
});

test("goes with the page's own transport", async ({ quote }) => {
  await quote.open();
  await quote.write(draft);
  const sent = await quote.element.evaluate(async (element: any, sample) => {
    const sent: (string | null)[] = [];
    element.fetchHeaders = async () => ({ Authorization: `Bearer ${sent.length}` });
    element.transport = async (request: Request) => {
      sent.push(request.headers.get("authorization"));
      return sent.length === 1 ? new Response("{}", { status: 401 }) : Response.json(sample);
    };
    await element.quote();
    return sent;
  }, sample);
  expect(sent).toEqual(["Bearer 0", "Bearer 1"]);
});

test("nothing of the token is found anywhere but in its header", async ({ quote, page, allowConsole }) => {
  allowConsole(failedToLoad);
  const messages: string[] = [];
  page.on("console", (message) => messages.push(message.text()));
  const seen = requests(page);
  // A proxy that repeats the header that it refuses, in every place that is read of an answer.
  const echo = { errors: [{ code: `invalid_token|${SECRET}`, message: `The token ${SECRET} of "Bearer ${SECRET}" is not valid` }] };
  const statuses = [400, 401, 401, 403, 404, 429, 500];
  await page.route(API, (route) => route.fulfill({ status: statuses.shift() ?? 200, json: statuses.length > 0 ? echo : sample }));
  await quote.open();
  await quote.write(draft);
  await give(quote, `async () => ({ Authorization: "Bearer ${SECRET}", "X-CSRF-Token": "${SECRET}" })`);
  const outcomes = [];
  for (let n = 0; n < 6; n += 1) {
    outcomes.push(await quote.call());
    outcomes.push(await page.evaluate(() => [...document.querySelectorAll("*")].map((element) => element.outerHTML + (element.shadowRoot?.innerHTML ?? ""))));
  }
  outcomes.push(await quote.read("error"), await quote.read("result"), await quote.told(), messages, seen.map((request) => request.url()), seen.map((request) => request.postData()));
  expect(outcomes.filter((outcome: any) => outcome?.error !== undefined).map((outcome: any) => outcome.error.status)).toEqual([400, 401, 403, 404, 429, 500]);
  expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  expect(await header(seen, "x-csrf-token"), "it was sent").toEqual(seen.map(() => SECRET));
  expect(await page.evaluate(() => [location.href, document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state)])).not.toContain(SECRET);
});

test("a success that repeats the token and cannot be read shows nothing of it", async ({ quote, page }) => {
  await page.route(API, (route) => route.fulfill({ status: 200, contentType: "application/json", body: `{"token": "${SECRET}", "base_price": }` }));
  await quote.open();
  await quote.write(draft);
  await give(quote, `async () => ({ Authorization: "Bearer ${SECRET}" })`);
  const outcome = await quote.call();
  expect(outcome).toMatchObject({ error: { code: "unreadable", status: 200, evidence: { excerpt: expect.stringContaining("*".repeat(SECRET.length)) } } });
  expect(JSON.stringify(outcome)).not.toContain(SECRET);
  expect(await page.locator("cert-quote").evaluate((element) => element.shadowRoot?.innerHTML)).not.toContain(SECRET);
});

test("what is short enough to be a figure or an id is left in an answer", async ({ quote, page }) => {
  await page.route(API, (route) => route.fulfill({ status: 200, json: { ...sample, total_price: 12345678, base_price: 12345678 } }));
  await quote.open();
  await quote.write(draft);
  await give(quote, `async () => ({ "X-Account": "12345678" })`);
  expect(await quote.call()).toMatchObject({ quote: { total: "12345678" } });
});
