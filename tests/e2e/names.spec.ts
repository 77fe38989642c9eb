// The names: any paste is understood, what is wrong with each is said beside the box, and no text is ever lost.
import { expect, lastBody, test } from "./support/quote.ts";
import type { Page } from "@playwright/test";

/** Pastes with the real key, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+V");
}

const MIXES = [
  ["lines, commas, semicolons, tabs and spaces", " a.com,b.com;\n\n c.com \t d.com\r\ne.com ,, ", ["a.com", "b.com", "c.com", "d.com", "e.com"]],
  ["web addresses", "https://www.example.com/path?q=1#x http://shop.example.net:8443/", ["www.example.com", "shop.example.net"]],
  ["capitals and a dot at the end", "EXAMPLE.com Www.Example.Org.", ["example.com", "www.example.org"]],
  ["international names", "bücher.de https://www.müller.com/ Straße.de", ["xn--bcher-kva.de", "www.xn--mller-kva.com", "xn--strae-oqa.de"]],
  ["an international wildcard", "*.bücher.de", ["*.xn--bcher-kva.de"]],
  ["wildcards", "*.example.com example.com", ["*.example.com", "example.com"]],
  ["a public IPv4 address", "example.com 93.184.216.34", ["example.com", "93.184.216.34"]],
  ["the order given", "z.com a.com m.com", ["z.com", "a.com", "m.com"]],
] as const;

test("understands any mix of separators, addresses, letters and names", async ({ quote, upstream }) => {
  await quote.open();
  for (const [what, text, names] of MIXES) {
    await test.step(what, async () => {
      await quote.price(text);
      expect(lastBody(upstream).certificate.dns_names).toEqual(names);
    });
  }
});

test("merges duplicates, whatever they were written like, and says so", async ({ quote, upstream }) => {
  await quote.open();
  await quote.price("example.com EXAMPLE.COM https://example.com/ bücher.de xn--bcher-kva.de");
  const names = lastBody(upstream).certificate.dns_names;
  expect(names).toEqual(["example.com", "xn--bcher-kva.de"]);
  await expect(quote.element.getByText(/3 duplicates/)).toBeVisible();
  expect((await quote.read("result")).draft.dns_names).toEqual(names);
});

test("the text stays as it was typed", async ({ quote }) => {
  const text = "EXAMPLE.com;  example.com\n\nhttps://bücher.de/ bad_name.com";
  await quote.open();
  await quote.names.fill(text);
  await quote.getQuote.click();
  await expect(quote.fieldError("dns_names[2]")).toBeVisible();
  await expect(quote.names).toHaveValue(text);
  await quote.names.fill("EXAMPLE.com ; example.com");
  await quote.getQuote.click();
  await expect.poll(() => quote.state()).toBe("ready");
  await expect(quote.names).toHaveValue("EXAMPLE.com ; example.com");
});

test.describe("a draft that cannot be sent", () => {
  test("is not sent; its one bad name has a message beside the box, tied to it", async ({ quote, upstream }) => {
    await quote.open();
    await quote.names.fill("example.com bad_name.com example.org");
    await quote.getQuote.click();
    const message = quote.fieldError("dns_names[1]");
    await expect(message).toBeVisible();
    await expect(message).toContainText("bad_name.com");
    await expect(message).toContainText(/underscore/i);
    expect(await quote.describedBy(quote.names)).toContain((await message.textContent()) ?? "?");
    await expect(quote.names).toHaveAttribute("aria-invalid", "true");
    await expect(quote.element.locator("[data-field-error]")).toHaveCount(1);
    await expect(quote.error("invalid_draft")).toBeVisible();
    await expect(quote.error("invalid_draft")).toHaveAttribute("role", "alert");
    await expect(quote.tryAgain).toHaveCount(0);
    expect(await quote.read("error")).toMatchObject({
      code: "invalid_draft",
      retryable: false,
      status: null,
      fields: [{ field: "dns_names[1]", message: await message.textContent() }],
    });
    expect(await quote.state()).toBe("error");
    expect(upstream.asked).toHaveLength(0);
  });

  const bad: [string, RegExp][] = [
    ["bad_name.com", /underscore/i],
    ["a..com", /two dots|empty/i],
    [`${"a".repeat(64)}.com`, /63/],
    [`${"a.".repeat(126)}com`, /253/],
    ["-edge.com", /hyphen/i],
    ["edge-.com", /hyphen/i],
    ["www.*.com", /\*/],
    ["w*.example.com", /\*/],
    ["*.*.example.com", /\*/],
    ["localhost", /full name|public/i],
    ["2001:db8::1", /IPv6/],
    ["[2001:db8::1]", /IPv6/],
    ["10.0.0.1", /private/i],
    ["300.1.1.1", /255|IPv4/],
    ["someone@example.com", /e-?mail/i],
    ["exa$mple.com", /\$/],
  ];
  test("says of each bad name what is wrong with it", async ({ quote, upstream }) => {
    await quote.open();
    for (const [name, reason] of bad) {
      await test.step(name, async () => {
        await quote.names.fill(`example.com ${name}`);
        await quote.names.blur();
        await expect(quote.fieldError("dns_names[1]")).toContainText(reason);
        await quote.getQuote.click();
        await expect(quote.error("invalid_draft")).toBeVisible();
      });
    }
    expect(upstream.asked).toHaveLength(0);
  });

  test("names each of a dozen bad names with its own message", async ({ quote }) => {
    await quote.open();
    const names = Array.from({ length: 12 }, (_, i) => `bad_${i}.com`);
    await quote.names.fill(names.join(" "));
    await quote.getQuote.click();
    for (const [i, name] of names.entries()) await expect(quote.fieldError(`dns_names[${i}]`)).toContainText(name);
    expect((await quote.read("error")).fields).toHaveLength(12);
  });

  test("without any name says that one is needed", async ({ quote, upstream }) => {
    await quote.open();
    await quote.getQuote.click();
    await expect(quote.fieldError("dns_names")).toBeVisible();
    expect(await quote.describedBy(quote.names)).toContain((await quote.fieldError("dns_names").textContent()) ?? "?");
    expect(upstream.asked).toHaveLength(0);
  });

  test("is free of its messages once it is corrected", async ({ quote }) => {
    await quote.open();
    await quote.names.fill("bad_name.com");
    await quote.getQuote.click();
    await expect(quote.fieldError("dns_names[0]")).toBeVisible();
    await quote.names.fill("good-name.com");
    await expect(quote.element.locator("[data-field-error]")).toHaveCount(0);
    await expect(quote.error()).toHaveCount(0);
    await expect(quote.names).not.toHaveAttribute("aria-invalid", "true");
    await quote.getQuote.click();
    await expect.poll(() => quote.state()).toBe("ready");
  });

  test("turns nothing red before it was touched", async ({ quote }) => {
    await quote.open();
    await expect(quote.element.locator("[data-field-error]")).toHaveCount(0);
    await quote.names.pressSequentially("bad_");
    await expect(quote.element.locator("[data-field-error]")).toHaveCount(0);
  });

  test("keeps the last price, as stale", async ({ quote, upstream }) => {
    await quote.open();
    await quote.price();
    await quote.names.fill("bad_name.com");
    await quote.getQuote.click();
    await expect(quote.error("invalid_draft")).toBeVisible();
    expect(await quote.state()).toBe("stale");
    await expect(quote.line("total")).toHaveAttribute("data-amount", "782");
    expect(upstream.asked).toHaveLength(1);
  });

  test("of more than 250 names says how many are allowed", async ({ quote, upstream }) => {
    await quote.open();
    const names = Array.from({ length: 251 }, (_, i) => `host-${i}.example.com`);
    await quote.names.fill(names.join("\n"));
    await quote.getQuote.click();
    await expect(quote.fieldError("dns_names")).toContainText("250");
    expect(upstream.asked).toHaveLength(0);
    await quote.price(names.slice(1).join("\n"));
    expect(lastBody(upstream).certificate.dns_names).toHaveLength(250);
  });
});

test.describe("what the product takes", () => {
  test("a product without names sends none, and keeps what was typed", async ({ quote, upstream }) => {
    await quote.open();
    await quote.names.fill("example.com");
    await quote.product.selectOption("code_signing");
    await quote.getQuote.click();
    await expect.poll(() => quote.state()).toBe("ready");
    expect(lastBody(upstream).certificate.dns_names).toEqual([]);
    await quote.product.selectOption("ssl_basic");
    expect((await quote.read("draft")).dns_names).toEqual(["example.com"]);
  });

  test("a product without names needs none", async ({ quote, upstream }) => {
    await quote.open();
    await quote.product.selectOption("code_signing");
    await quote.getQuote.click();
    await expect.poll(() => quote.state()).toBe("ready");
    expect(lastBody(upstream).certificate.dns_names).toEqual([]);
  });

  test("a product without wildcards refuses one in words", async ({ quote, upstream }) => {
    await quote.open();
    await quote.product.selectOption("ssl_ev_basic");
    await quote.names.fill("example.com *.example.com");
    await quote.getQuote.click();
    await expect(quote.fieldError("dns_names[1]")).toContainText(/wildcard/i);
    expect(upstream.asked).toHaveLength(0);
  });

  test("a private product takes internal names and addresses", async ({ quote, upstream }) => {
    await quote.open();
    await quote.product.selectOption("private_ssl_flex");
    await quote.price("intranet.local 10.0.0.1");
    expect(lastBody(upstream).certificate.dns_names).toEqual(["intranet.local", "10.0.0.1"]);
  });
});

test.describe("a paste of 5,000 names", () => {
  const names = Array.from({ length: 5000 }, (_, i) => `host-${i}.department-${i % 37}.example.com`);

  test("loses none of them, and typing goes on after it", async ({ page, quote }) => {
    await quote.open();
    await quote.names.focus();
    await paste(page, names.join("\n"));
    await expect.poll(async () => (await quote.read("draft")).dns_names.length).toBe(5000);
    await quote.names.focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\ntyped-after.example.net ");
    await expect.poll(async () => (await quote.read("draft")).dns_names.length).toBe(5001);
    expect((await quote.read("draft")).dns_names.toSorted()).toEqual([...names, "typed-after.example.net"].toSorted());
  });

  test("is refused with the number allowed, and stays", async ({ page, quote, upstream }) => {
    await quote.open();
    await quote.names.focus();
    await paste(page, names.join(", "));
    await quote.getQuote.click();
    await expect(quote.fieldError("dns_names")).toContainText("250");
    await expect(quote.fieldError("dns_names")).toContainText("5,000");
    expect((await quote.read("draft")).dns_names).toEqual(names);
    expect(upstream.asked).toHaveLength(0);
  });

  test("replaces the text that was selected", async ({ page, quote }) => {
    await quote.open();
    await quote.names.fill("old.example.net");
    await quote.names.press("Control+A");
    await paste(page, names.join("\n"));
    await expect.poll(async () => (await quote.read("draft")).dns_names.length).toBeGreaterThan(1);
    expect((await quote.read("draft")).dns_names).toEqual(names);
  });

  test("joins the text that was there", async ({ page, quote }) => {
    await quote.open();
    await quote.names.fill("first.example.net\n");
    await quote.names.press("Control+End");
    await paste(page, names.join("\n"));
    await expect.poll(async () => (await quote.read("draft")).dns_names.length).toBe(5001);
    expect((await quote.read("draft")).dns_names).toContain("first.example.net");
  });

  test("twice keeps both pastes", async ({ page, quote }) => {
    await quote.open();
    await quote.names.focus();
    await paste(page, names.slice(0, 2500).join("\n"));
    await expect.poll(async () => (await quote.read("draft")).dns_names.length).toBe(2500);
    await quote.names.focus();
    await page.keyboard.press("Control+End");
    await paste(page, `\n${names.slice(2500).join("\n")}`);
    await expect.poll(async () => (await quote.read("draft")).dns_names.length).toBe(5000);
  });

  test("within the limit can be priced", async ({ page, quote, upstream }) => {
    await quote.open();
    await quote.names.focus();
    const long = Array.from({ length: 250 }, (_, i) => `${"long-".repeat(10)}${i}.department.example.com`);
    await paste(page, long.join("\n"));
    await quote.getQuote.click();
    await expect.poll(() => quote.state()).toBe("ready");
    expect(lastBody(upstream).certificate.dns_names).toEqual(long);
  });
});

test("a short paste lands in the box like any text", async ({ page, quote }) => {
  await quote.open();
  await quote.names.focus();
  await paste(page, "example.com\texample.net");
  await expect(quote.names).toHaveValue("example.com\texample.net");
  expect((await quote.read("draft")).dns_names).toEqual(["example.com", "example.net"]);
});
