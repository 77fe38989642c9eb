// The breakdown: every line in its order, digit for digit, and always adding up.
import { expect, full, noEstimate, price, sample, sum, test, value, type QuoteForm } from "./support/quote.ts";

const ORDER = ["base", "fqdns", "wildcards", "addons", "san_package", "discount", "other", "tax", "total"];

type Shown = { line: string; amount: string; units: string | null; text: string };

const shown = (quote: QuoteForm): Promise<Shown[]> =>
  quote.lines.evaluateAll((lines) =>
    lines.map((line) => ({
      line: line.getAttribute("data-line") ?? "",
      amount: line.getAttribute("data-amount") ?? "",
      units: line.getAttribute("data-units"),
      text: line.textContent ?? "",
    })),
  );

/** What is shown, and what the page reads, add up to `total` exactly and in order. */
async function expectToAddUp(quote: QuoteForm, total: string): Promise<Shown[]> {
  const lines = await shown(quote);
  const names = lines.map(({ line }) => line);
  expect(names).toEqual(ORDER.filter((line) => names.includes(line)));
  expect(names).toEqual(expect.arrayContaining(["base", "tax", "total"]));
  expect(lines.at(-1)?.amount).toBe(total);
  expect(sum(lines.slice(0, -1).map(({ amount }) => amount))).toBe(value(total));
  const result = await quote.read("result");
  expect(result.total).toBe(total);
  expect(result.lines.map(({ line, amount }: Shown) => [line, amount])).toEqual(
    lines.slice(0, -1).map(({ line, amount }) => [line, amount]),
  );
  return lines;
}

test("every line is shown in the API's order with its amount, its units and the localised text", async ({
  quote,
  upstream,
}) => {
  upstream.next({ json: full });
  await quote.open();
  await quote.price("example.com www.example.net *.example.org");
  const lines = await expectToAddUp(quote, "1190.40");
  expect(lines).toEqual([
    { line: "base", amount: "238.00", units: null, text: "$238.00" },
    { line: "fqdns", amount: "350.00", units: "2", text: "$350.00" },
    { line: "wildcards", amount: "500.00", units: "1", text: "$500.00" },
    { line: "addons", amount: "40.00", units: "2", text: "$40.00" },
    { line: "san_package", amount: "100.00", units: null, text: "$100.00" },
    { line: "discount", amount: "-142.60", units: null, text: "−$142.60" },
    { line: "tax", amount: "105.00", units: null, text: "$105.00" },
    { line: "total", amount: "1190.40", units: null, text: "$1,190.40" },
  ]);
  for (const line of await quote.lines.all()) await expect(line).toBeVisible();
});

test("a discount is negative whichever sign the API gives it", async ({ quote, upstream }) => {
  await quote.open();
  for (const discount of [350, -350, "350.00", "-350.00"]) {
    upstream.next({ json: { ...sample, base_price: 1000, benefits_discount_total: discount, total_price: 650 } });
    await quote.price();
    await expectToAddUp(quote, "650");
    await expect(quote.line("discount")).toHaveText("−$350.00");
  }
});

test("what the lines don't explain is one line of its own, of either sign", async ({ quote, upstream }) => {
  await quote.open();
  upstream.next({ json: { ...sample, base_price: "700.10", total_price: "782.00" } });
  await quote.price();
  await expectToAddUp(quote, "782.00");
  expect(value((await quote.line("other").getAttribute("data-amount")) ?? "")).toBe("81.9");
  upstream.next({ json: { ...sample, base_price: "800", total_price: "782.01" } });
  await quote.price("example.net");
  await expectToAddUp(quote, "782.01");
  expect(value((await quote.line("other").getAttribute("data-amount")) ?? "")).toBe("-17.99");
});

test("an answer that adds up has no line other", async ({ quote }) => {
  await quote.open();
  await quote.price();
  await expect(quote.line("other")).toHaveCount(0);
});

test("digits stay as the API wrote them", async ({ quote, upstream }) => {
  const bodies = [
    ["a whole number", `"base_price": 782, "total_price": 782`, "782"],
    ["zeros at the end of a number", `"base_price": 782.10, "total_price": 782.10`, "782.10"],
    ["a text", `"base_price": "782.00", "total_price": "782.00"`, "782.00"],
    ["cents beyond a float", `"base_price": 12345678901234.56, "total_price": 12345678901234.56`, "12345678901234.56"],
    ["a sum that floats get wrong", `"base_price": 0.1, "san_package_price": 0.2, "total_price": 0.3`, "0.3"],
    ["a tax of three decimals", `"base_price": 36090, "tax": 3699.225, "total_price": 39789.225`, "39789.225"],
  ] as const;
  await quote.open();
  for (const [what, body, total] of bodies) {
    await test.step(what, async () => {
      upstream.next({ text: `{${body}, "currency": "USD", "balance": 0${body.includes("tax") ? "" : `, "tax": 0`}}` });
      await quote.price();
      await expect(quote.line("total")).toHaveAttribute("data-amount", total);
      await expectToAddUp(quote, total);
    });
  }
});

test("a large amount is written out to the cent", async ({ quote, upstream }) => {
  upstream.next({ text: `{"base_price": 12345678901234.56, "total_price": 12345678901234.56, "tax": 0, "currency": "USD"}` });
  await quote.open();
  await quote.price();
  await expect(quote.line("total")).toHaveText("$12,345,678,901,234.56");
});

test("each currency is written with its own digits, an unknown one as text", async ({ quote, upstream }) => {
  const currencies = [
    ["JPY", "78200", /^[¥￥]78,200$/],
    ["BHD", "1234.567", /^BHD\s1,234\.567$/],
    ["EUR", "782", /^€782\.00$/],
    ["usd", "782", /^\$782\.00$/],
    ["XQZ", "782", /^XQZ\s782\.00$/],
    ["CREDITS", "782", /^(CREDITS\s782(\.00)?|782(\.00)?\sCREDITS)$/],
    ["<b>", "782", /<b>/],
  ] as const;
  await quote.open();
  for (const [currency, amount, text] of currencies) {
    await test.step(currency, async () => {
      upstream.next({ json: { ...sample, base_price: amount, total_price: amount, currency } });
      await quote.price();
      await expect(quote.element.locator("[data-currency]").first()).toHaveAttribute("data-currency", currency);
      await expectToAddUp(quote, amount);
      await expect(quote.line("total")).toHaveText(text);
    });
  }
});

test("digits beyond the currency's own are shown, not rounded away", async ({ quote, upstream }) => {
  upstream.next(price("782.125"));
  await quote.open();
  await quote.price();
  await expect(quote.line("total")).toHaveText("$782.125");
});

test("each add-on is listed by the page's own label with units, price and subtotal", async ({ quote, upstream }) => {
  const addons_price_details = [
    { product_id: 8025, units: 2, price: "20.00", subtotal: 40 },
    { product_id: "keylocker", units: 1, additional_name_price: 90, subtotal: "90.00" },
  ];
  upstream.next({ json: { ...sample, base_price: 100, addons_price: 130, addons_price_details, total_price: 230 } });
  await quote.open({ addons: JSON.stringify([{ id: "8025", label: "Hardware token" }]) });
  await quote.price();
  await expectToAddUp(quote, "230");
  await expect(quote.line("addons")).toHaveAttribute("data-units", "3");
  const row = quote.row("addons");
  await expect(row).toContainText(/Hardware token.*2.*\$20\.00.*\$40\.00/);
  await expect(row).toContainText(/keylocker.*1.*\$90\.00.*\$90\.00/);
});

test("the API's count of names is compared with the names given", async ({ quote, upstream }) => {
  upstream.next({ json: { ...sample, fqdns: { subtotal: 0, units: 5 } } });
  await quote.open();
  await quote.price("example.com example.net");
  await expect(quote.line("fqdns")).toHaveAttribute("data-units", "5");
  await expect(quote.element).toContainText(/counts 5 \w+.*lists 2 \w+/s);
});

test.describe("a total of zero", () => {
  test("that nothing explains is no estimate, never free", async ({ quote, upstream }) => {
    upstream.next({ json: noEstimate });
    await quote.open();
    await quote.names.fill("example.com");
    await quote.getQuote.click();
    await expect(quote.element.getByText("No estimate", { exact: true })).toBeVisible();
    expect(await quote.state()).toBe("unknown");
    await expect(quote.lines).toHaveCount(0);
    await expect(quote.error()).toHaveCount(0);
    await expect(quote.element.getByText("$0.00")).toHaveCount(0);
    expect(await quote.read("result")).toMatchObject({ unknown: true, total: null });
    expect(await quote.read("error")).toBeNull();
  });

  test("takes the place of an earlier price", async ({ quote, upstream }) => {
    await quote.open();
    await quote.price();
    upstream.next({ json: { ...noEstimate, fqdns: { subtotal: 0, units: 1 } } });
    await quote.names.fill("example.net");
    await quote.getQuote.click();
    await expect.poll(() => quote.state()).toBe("unknown");
    await expect(quote.lines).toHaveCount(0);
    await expect(quote.element.getByText(/782/)).toHaveCount(0);
  });

  test("that a discount explains is a real zero", async ({ quote, upstream }) => {
    upstream.next({ json: { ...sample, base_price: 782, benefits_discount_total: 782, total_price: 0 } });
    await quote.open();
    await quote.price();
    await expectToAddUp(quote, "0");
    await expect(quote.line("total")).toHaveText("$0.00");
    await expect(quote.element.getByText("No estimate")).toHaveCount(0);
  });
});

test("a tax that failed is unknown, not zero, and the total is one before tax", async ({ quote, upstream }) => {
  upstream.next({ json: { ...sample, tax: 0, tax_error: true } });
  await quote.open();
  await quote.price();
  await expect(quote.line("tax")).toHaveText(/not available/i);
  await expect(quote.line("tax")).not.toHaveText(/0\.00/);
  await expect(quote.element.getByText(/before tax/i).first()).toBeVisible();
  expect(await quote.read("result")).toMatchObject({ tax_error: true, total: "782" });
  await expect(quote.status).toContainText(/before tax/i);
});
