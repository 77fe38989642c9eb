// Every way an answer can fail: one code, a sentence for a human, the draft and the last price kept, and a way on.
import { digicertError, expect, failedToLoad, QuoteForm, sample, test } from "./support/quote.ts";
import { htmlError, type Answer } from "./support/upstream.ts";

type Expected = {
  code: string;
  retryable: boolean;
  status: number | null;
  retry_after_ms?: number | null;
  upstream_codes?: string[];
  message?: RegExp;
};

const whole = JSON.stringify(sample);

const failures: [string, Answer, Expected][] = [
  ["400", digicertError(400, "invalid_value:validity_years"), { code: "invalid_request", retryable: false, status: 400, upstream_codes: ["invalid_value", "validity_years"] }],
  ["401", digicertError(401, "unauthorized"), { code: "unauthorized", retryable: false, status: 401, upstream_codes: ["unauthorized"] }],
  ["403 for a refused key", digicertError(403, "access_denied|access_denied_invalid_key"), { code: "unauthorized", retryable: false, status: 403, upstream_codes: ["access_denied", "access_denied_invalid_key"], message: /key/i }],
  ["403 for a missing permission", digicertError(403, "access_denied|missing_permission"), { code: "forbidden", retryable: false, status: 403, upstream_codes: ["access_denied", "missing_permission"] }],
  ["403 in a page of a firewall", { status: 403, text: "<html><body>Request unsuccessful.</body></html>", type: "text/html" }, { code: "forbidden", retryable: false, status: 403, upstream_codes: [] }],
  ["404", digicertError(404, "not_found|route"), { code: "not_found", retryable: false, status: 404, upstream_codes: ["not_found", "route"] }],
  ["422", { status: 422, json: { errors: { code: "unprocessable", message: "No." } } }, { code: "invalid_request", retryable: false, status: 422, upstream_codes: ["unprocessable"] }],
  ["429 with Retry-After", digicertError(429, "request_limit_exceeded", { "Retry-After": "7" }), { code: "rate_limited", retryable: true, status: 429, retry_after_ms: 7000, upstream_codes: ["request_limit_exceeded"] }],
  ["429 without it", digicertError(429, "request_limit_exceeded"), { code: "rate_limited", retryable: true, status: 429, retry_after_ms: null }],
  ["500", { status: 500, json: { errors: [{ code: "general_server_error", message: "x" }] } }, { code: "upstream", retryable: true, status: 500, upstream_codes: ["general_server_error"] }],
  ["502 with an HTML page", htmlError, { code: "upstream", retryable: true, status: 502, upstream_codes: [] }],
  ["503 with an empty body", { status: 503, empty: true }, { code: "upstream", retryable: true, status: 503 }],
  ["504", digicertError(504, "gateway_timeout"), { code: "timeout", retryable: true, status: 504 }],
  ["a reset", { reset: true }, { code: "upstream", retryable: true, status: 502 }],
  ["an answer that is cut off", { cutOff: whole }, { code: "upstream", retryable: true, status: 502 }],
  ["a redirect", { redirect: "https://example.com/login" }, { code: "upstream", retryable: true, status: 502 }],
  ["an empty 200", { empty: true }, { code: "unreadable", retryable: true, status: 200 }],
  ["HTML with 200", { text: "<!doctype html><title>Sign in</title>", type: "text/html" }, { code: "unreadable", retryable: true, status: 200 }],
  ["JSON that ends early", { text: whole.slice(0, -20) }, { code: "unreadable", retryable: true, status: 200 }],
  ["null", { text: "null" }, { code: "unreadable", retryable: true, status: 200 }],
  ["a list", { text: `[${whole}]` }, { code: "unreadable", retryable: true, status: 200 }],
  ["another object", { json: { balance: "5", currency: "USD" } }, { code: "unreadable", retryable: true, status: 200 }],
  ["a total that is null", { json: { ...sample, total_price: null } }, { code: "unreadable", retryable: true, status: 200 }],
  ["a total that is no amount", { json: { ...sample, total_price: "seven" } }, { code: "unreadable", retryable: true, status: 200 }],
  ["a total that is a boolean", { json: { ...sample, total_price: true } }, { code: "unreadable", retryable: true, status: 200 }],
  ["lines of the wrong type", { json: { ...sample, fqdns: [1, 2] } }, { code: "unreadable", retryable: true, status: 200 }],
  ["bytes that are no text", { text: "\u0000\ufffd\u0001" }, { code: "unreadable", retryable: true, status: 200 }],
];

test.describe("with a price shown before", () => {
  for (const [what, answer, expected] of failures) {
    test(`${what} is ${expected.code}`, async ({ quote, upstream, allowConsole }) => {
      allowConsole(failedToLoad);
      await quote.open();
      await quote.price("example.com");
      // On a connection that was kept a reset is taken for its end, and the server asks once more on a new one.
      upstream.next(answer, ...("reset" in answer ? [answer] : []));
      await quote.names.fill("example.net");
      await quote.getQuote.click();
      const alert = quote.error();
      await expect(alert).toHaveAttribute("data-error", expected.code);
      await expect(alert).toHaveAttribute("role", "alert");
      await expect(alert).toBeVisible();
      await expect(quote.tryAgain).toHaveCount(expected.retryable ? 1 : 0);

      const error = await quote.read("error");
      const { message: words, ...rest } = expected;
      expect(error).toMatchObject(rest);
      expect(error.endpoint).toContain("order-pricing");
      // A sentence for a human: the API's own words and codes are kept elsewhere.
      expect(error.message).toMatch(/^[A-Z].*\.$/s);
      expect(error.message).not.toMatch(/Upstream says|[a-z]_[a-z]|undefined|null|serde|JSON|[{}<>]/);
      if (words !== undefined) expect(error.message).toMatch(words);
      await expect(alert).toContainText(error.message);
      for (const code of rest.upstream_codes ?? []) await expect(alert).toContainText(code);
      if (typeof rest.retry_after_ms === "number") await expect(alert).toContainText(/7 seconds/);

      expect(await quote.state()).toBe("stale");
      await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
      await expect(quote.names).toHaveValue("example.net");
      expect((await quote.read("result")).draft.dns_names).toEqual(["example.com"]);
      const [told, ...more] = await quote.told("cert-error");
      expect(more).toEqual([]);
      expect(told?.detail).toEqual(error);
    });
  }
});

test("a failure without an earlier price is the state error, and no figure is shown", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next({ status: 500, json: {} });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("upstream")).toBeVisible();
  expect(await quote.state()).toBe("error");
  expect(await quote.read("result")).toBeNull();
  await expect(quote.lines).toHaveCount(0);
  await expect(quote.element.getByText(/\$\s?0/)).toHaveCount(0);
});

test("Try again asks again, as often as it takes", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next(htmlError, { status: 503, empty: true });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("upstream")).toContainText("502");
  await quote.tryAgain.click();
  await expect(quote.error("upstream")).toContainText("503");
  await quote.tryAgain.click();
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  await expect(quote.error()).toHaveCount(0);
  expect(upstream.asked).toHaveLength(3);
});

test("an upstream that never answers is a timeout after timeout-ms, and is hung up on", async ({ quote, upstream }) => {
  upstream.next({ hang: true });
  await quote.open({ "timeout-ms": "400" });
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("timeout")).toBeVisible();
  expect(await quote.read("error")).toMatchObject({ code: "timeout", retryable: true, status: null, retry_after_ms: null });
  await expect.poll(() => upstream.pending()).toBe(0);
  await quote.tryAgain.click();
  await expect(quote.line("total")).toBeVisible();
});

test("an answer of 5 MB is refused and the form lives on", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next({ bytes: 5_000_000 });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error()).toBeVisible();
  const error = await quote.read("error");
  expect(["unreadable", "upstream"]).toContain(error.code);
  expect(JSON.stringify(error).length).toBeLessThan(2_000);
  await quote.tryAgain.click();
  await expect(quote.line("total")).toBeVisible();
});

test("a good answer with 5 MB of something else still is a price, or an error that says so", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  upstream.next({ json: { ...sample, filler: "x".repeat(5_000_000) } });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.line("total").or(quote.error())).toBeVisible();
});

test("offline is said as offline, keeps the price and can be tried again", async ({ context, quote, allowConsole }) => {
  allowConsole(failedToLoad);
  await quote.open();
  await quote.price();
  await context.setOffline(true);
  await quote.getQuote.click();
  await expect(quote.error("network")).toContainText(/offline/i);
  expect(await quote.read("error")).toMatchObject({ code: "network", retryable: true, status: null, upstream_codes: [] });
  await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
  expect(await quote.state()).toBe("stale");
  await context.setOffline(false);
  await quote.tryAgain.click();
  await expect(quote.error()).toHaveCount(0);
  expect(await quote.state()).toBe("ready");
});

test("a server that is gone is a network error, not called offline", async ({ page, quote, allowConsole }) => {
  allowConsole(failedToLoad);
  await page.route("**/api/**", (route) => route.abort("connectionrefused"));
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("network")).toBeVisible();
  expect((await quote.read("error")).message).not.toMatch(/you are offline/i);
});

test("an answer from another proxy that passes text of its own is not shown as it is", async ({ quote, upstream, allowConsole }) => {
  allowConsole(failedToLoad);
  const html = "<img src=x onerror=alert(1)>";
  upstream.next({ status: 400, json: { errors: [{ code: html, message: html }] } });
  await quote.open();
  await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect(quote.error("invalid_request")).toBeVisible();
  await expect(quote.element.locator("img")).toHaveCount(0);
});

test("a failed load of the module is said, and nothing else breaks", async ({ page, server, allowConsole }) => {
  allowConsole(failedToLoad, /certquote:/, /preload/);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${server.url}/`);
  const quote = new QuoteForm(page, `${server.url}/`);
  await expect(quote.error("network")).toBeVisible();
  expect(await quote.state()).toBe("error");
});
