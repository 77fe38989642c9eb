// The names one by one, pasted requests and tables, the way back, and advice with what it costs.
import { readFileSync } from "node:fs";
import { expectAccessible } from "./support/axe.ts";
import { digicertError, expect, failedToLoad, lastBody, noEstimate, price, type QuoteForm, sample, test } from "./support/quote.ts";
import type { Page } from "@playwright/test";

const corpus = (file: string) => readFileSync(new URL(`../corpus/csr/${file}`, import.meta.url), "utf8");

/** Pastes with the real key, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+V");
}

/** Drops a file onto the box. */
async function drop(quote: QuoteForm, name: string, text: string): Promise<void> {
  const data = await quote.page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      return data;
    },
    [name, text] as const,
  );
  await quote.names.dispatchEvent("drop", { dataTransfer: data });
}

const names = async (quote: QuoteForm): Promise<string[]> => (await quote.read("draft")).dns_names;
const remove = (quote: QuoteForm, name: string) => quote.element.getByRole("button", { name: `Remove ${name}`, exact: true });
const undo = (quote: QuoteForm) => quote.element.getByRole("button", { name: "Undo", exact: true });
const said = (quote: QuoteForm) => quote.element.locator("#names-said");
const unfold = (quote: QuoteForm) => quote.element.locator("summary", { has: quote.page.locator("#names-tally") }).click();
const focused = (quote: QuoteForm) =>
  quote.element.evaluate((element) => {
    const active = element.shadowRoot?.activeElement;
    return active?.getAttribute("aria-label") ?? active?.id ?? null;
  });
const one = { json: { ...sample, base_price: "300.00", total_price: "300.00" } };
const hosts = "a.example.com b.example.com c.example.com d.example.com";

test("groups the names by what they cost, and says with what one is free and what is wrong", async ({ quote }) => {
  await quote.open();
  await quote.names.fill("example.com www.example.com *.example.org EXAMPLE.com bad_name.com 93.184.216.34");
  await unfold(quote);
  for (const [group, text] of [
    ["1 name", /^1 name\s*example\.com/],
    ["1 wildcard", /\*\.example\.org/],
    ["1 IP address", /93\.184\.216\.34/],
    ["1 free", /www\.example\.com\s*free with example\.com/],
    ["1 duplicate merged", /example\.com/],
    ["1 to correct", /bad_name\.com: an underscore/],
  ] as const) {
    await expect(quote.element.getByRole("group", { name: group, exact: true })).toContainText(text);
  }
  await expectAccessible(quote.page);
});

test("takes a name out by its button, and leaves the rest of the text and what is half typed", async ({ quote }) => {
  await quote.open();
  await quote.names.fill("a.com,  https://b.com/x\nc.com; half-ty");
  await unfold(quote);
  await remove(quote, "b.com").click();
  await expect(quote.names).toHaveValue("a.com\nc.com; half-ty");
  await expect(said(quote)).toHaveText("b.com removed");
  await expect.poll(() => focused(quote)).toBe("Remove c.com");
  await undo(quote).click();
  await expect(quote.names).toHaveValue("a.com,  https://b.com/x\nc.com; half-ty");
  await expect(undo(quote)).toHaveCount(0);
  await expect.poll(() => focused(quote)).toBe("names");
});

test("is one stop for the tab key; arrows, Home and End go from name to name, Delete takes one out", async ({ page, quote }) => {
  await quote.open();
  await quote.names.fill(Array.from({ length: 260 }, (_, i) => `host-${i}.com`).join("\n"));
  await unfold(quote);
  const buttons = quote.element.getByRole("button", { name: /^Remove host/ });
  await expect(buttons).toHaveCount(250);
  await expect(quote.element.getByText("10 more", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  for (const [key, at] of [
    ["", 0],
    ["ArrowRight", 1],
    ["ArrowDown", 2],
    ["ArrowLeft", 1],
    ["Home", 0],
    ["ArrowUp", 0],
    ["End", 249],
  ] as const) {
    if (key !== "") await page.keyboard.press(key);
    await expect.poll(() => focused(quote), key).toBe(`Remove host-${at}.com`);
  }
  await page.keyboard.press("Home");
  await page.keyboard.press("Delete");
  await expect.poll(() => focused(quote)).toBe("Remove host-1.com");
  expect(await names(quote)).toHaveLength(259);
  await page.keyboard.press("Tab");
  expect(await focused(quote)).not.toMatch(/^Remove/);
});

test("takes out all duplicates at once", async ({ quote }) => {
  await quote.open();
  await quote.names.fill("a.com A.com b.com https://a.com/");
  await unfold(quote);
  await quote.element.getByRole("button", { name: "Remove duplicates" }).click();
  await expect(quote.names).toHaveValue("a.com b.com");
  await undo(quote).click();
  await expect(quote.names).toHaveValue("a.com A.com b.com https://a.com/");
});

test("a pasted request is replaced by its names, and comes back by Undo", async ({ page, quote, upstream }) => {
  const request = corpus("every-kind.csr.pem");
  await quote.open();
  await quote.names.fill("half-ty");
  await quote.names.press("Control+End");
  await paste(page, request);
  await expect(said(quote)).toContainText(/\d+ names read from a certificate request\. Left out: /);
  await expect(quote.names).toHaveValue(/^half-ty\n[^]*example/);
  await expect(quote.names).not.toHaveValue(/BEGIN/);
  await undo(quote).click();
  await expect(quote.names).toHaveValue(`half-ty${request}`);
  await undo(quote).click();
  await expect(quote.names).toHaveValue("half-ty");
  await quote.names.fill("");
  await paste(page, corpus("rsa.csr.pem"));
  await quote.getQuote.click();
  await expect.poll(() => quote.state()).toBe("ready");
  expect(lastBody(upstream).certificate.dns_names).toEqual(await names(quote));
});

test("a private key does not get into the box", async ({ page, quote }) => {
  await quote.open();
  await quote.names.fill("a.com ");
  await paste(page, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  await expect(said(quote)).toContainText("private key");
  await expect(quote.names).toHaveValue("a.com ");
});

test("a pasted table gives its column of names", async ({ page, quote }) => {
  await quote.open();
  await quote.names.focus();
  await paste(page, "Host\tOwner\nwww.example.com\tJane Doe\nshop.example.com\tWeb team\n");
  await expect(quote.names).toHaveValue("www.example.com\nshop.example.com");
  await expect(said(quote)).toHaveText("2 names read from a table. 4 other entries left out.");
});

test("after a paste that was read, typing goes on behind what was pasted", async ({ page, quote }) => {
  await quote.open();
  await quote.names.fill("z1.example.com\nz2.example.com");
  await expect(quote.element.locator("details.named")).toBeVisible();
  await quote.names.evaluate((box) => (box as HTMLTextAreaElement).setSelectionRange(0, 0));
  await paste(page, "Host\tOwner\na.example.com\tJane Roe\nb.example.com\tJohn Doe\n");
  await expect(quote.names).toHaveValue("a.example.com\nb.example.com\nz1.example.com\nz2.example.com");
  await page.keyboard.type(" new.example.net");
  await expect(quote.names).toHaveValue("a.example.com\nb.example.com new.example.net\nz1.example.com\nz2.example.com");
});

test("a dropped file gives its names; one that is no text does not", async ({ quote }) => {
  await quote.open();
  await quote.names.fill("first.com");
  await drop(quote, "hosts.CSV", "a.com,web\nb.com,shop\n");
  await expect(quote.names).toHaveValue("first.com\na.com\nb.com");
  await drop(quote, "request.csr", corpus("rsa.csr.pem"));
  await expect(said(quote)).toContainText("read from a certificate request");
  await undo(quote).click();
  await expect(quote.names).toHaveValue("first.com\na.com\nb.com");
  await drop(quote, "logo.png", "\u0000PNG");
  await expect(said(quote)).toContainText(".csr");
  await expect(quote.names).toHaveValue("first.com\na.com\nb.com");
});

test("a long pasted list can be taken back", async ({ page, quote }) => {
  await quote.open();
  await quote.names.fill("first.com");
  await quote.names.press("Control+End");
  await paste(page, Array.from({ length: 5000 }, (_, i) => `host-${i}.example.com`).join("\n"));
  await expect.poll(async () => (await names(quote)).length).toBe(5001);
  await undo(quote).click();
  await expect.poll(() => names(quote)).toEqual(["first.com"]);
});

test.describe("advice", () => {
  const advice = (quote: QuoteForm, text: string) => quote.element.getByRole("listitem").filter({ hasText: text });
  const ask = "What would it cost?";

  test("asks for the price only on request, tells the difference, is applied and taken back", async ({ quote, upstream }) => {
    await quote.open();
    await quote.price(hosts);
    expect(upstream.asked).toHaveLength(1);
    await unfold(quote);
    const wildcard = advice(quote, "These 4 names or one wildcard");
    await expect(wildcard).toContainText("Keep the names if");
    expect(upstream.asked).toHaveLength(1);
    upstream.next(one);
    await wildcard.getByRole("button", { name: ask }).click();
    await expect(wildcard).toContainText("Saves $482.00: $300.00 instead of $782.00.");
    expect(lastBody(upstream).certificate.dns_names).toEqual(["*.example.com"]);
    expect(upstream.asked).toHaveLength(2);
    // Nothing was changed, and the price that is shown is the present order's.
    expect(await names(quote)).toEqual(hosts.split(" "));
    await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
    await wildcard.getByRole("button", { name: "Apply", exact: true }).click();
    await expect(quote.names).toHaveValue("*.example.com");
    expect(await quote.state()).toBe("stale");
    await expect.poll(() => focused(quote)).toBe("advice-undo");
    await expectAccessible(quote.page);
    await quote.element.getByRole("button", { name: "Take it back" }).click();
    await expect(quote.names).toHaveValue(hosts);
    expect(await quote.state()).toBe("ready");
    expect(upstream.asked).toHaveLength(2);
  });

  test("without a present price asks for both", async ({ quote, upstream }) => {
    await quote.open();
    await quote.names.fill(hosts);
    await unfold(quote);
    const wildcard = advice(quote, "These 4 names");
    upstream.next({ json: sample }, price(900));
    await wildcard.getByRole("button", { name: ask }).click();
    await expect(wildcard).toContainText("Costs $118.00 more: $900.00 instead of $782.00.");
    expect(await quote.state()).toBe("idle");
  });

  for (const [what, answer, says] of [
    ["an unknown price", { json: noEstimate }, "No estimate"],
    ["another currency", { json: { ...sample, currency: "EUR" } }, "Not comparable"],
    ["another tax estimate", { json: { ...sample, tax_error: true } }, "$782.00, before tax"],
    ["the same price", { json: sample }, "Costs the same: $782.00."],
  ] as const) {
    test(`says of ${what} what it is, and invents no figure`, async ({ quote, upstream }) => {
      await quote.open();
      await quote.price(hosts);
      await unfold(quote);
      const wildcard = advice(quote, "These 4 names");
      upstream.next(answer);
      await wildcard.getByRole("button", { name: ask }).click();
      await expect(wildcard).toContainText(says);
      await expect(wildcard).not.toContainText("Saves");
    });
  }

  test("says of a failed request what failed, and asks again", async ({ quote, upstream, allowConsole }) => {
    allowConsole(failedToLoad);
    await quote.open();
    await quote.price(hosts);
    await unfold(quote);
    const wildcard = advice(quote, "These 4 names");
    upstream.next(digicertError(403, "access_denied"));
    await wildcard.getByRole("button", { name: ask }).click();
    const again = wildcard.getByRole("button", { name: "Ask again" });
    await expect(again).toBeVisible();
    // The order itself has a price, and no error.
    expect(await quote.state()).toBe("ready");
    expect(await quote.read("error")).toBeNull();
    upstream.next(one);
    await again.click();
    await expect(wildcard).toContainText("Saves $482.00");
  });

  test("says what keeps the order from being priced", async ({ quote, upstream }) => {
    await quote.open();
    await quote.names.fill(`${hosts} bad_name.com`);
    await unfold(quote);
    await advice(quote, "These 4 names").getByRole("button", { name: ask }).click();
    await expect(quote.error("invalid_draft")).toBeVisible();
    expect(upstream.asked).toHaveLength(0);
  });

  test("there is none for a product that takes no names", async ({ quote }) => {
    await quote.open();
    await quote.names.fill(hosts);
    await expect(quote.element.getByText("1 suggestion", { exact: true })).toBeVisible();
    await quote.product.selectOption("code_signing");
    await expect(quote.element.getByText(/suggestion/)).toHaveCount(0);
  });
});
