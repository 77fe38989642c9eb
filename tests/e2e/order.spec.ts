// What is ordered apart from its names, and how it is sent.
import { expect, lastBody, test, type QuoteForm } from "./support/quote.ts";
import type { Upstream } from "./support/upstream.ts";

async function body(quote: QuoteForm, upstream: Upstream): Promise<any> {
  if ((await quote.names.inputValue()) === "") await quote.names.fill("example.com");
  await quote.getQuote.click();
  await expect.poll(() => quote.state()).toBe("ready");
  return lastBody(upstream);
}

/** A day some days from now, as the browser writes it. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test.describe("product", () => {
  test("offers the catalogue by id, in groups", async ({ quote }) => {
    await quote.open();
    const values = await quote.product.locator("option").evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value));
    expect(values).toEqual(expect.arrayContaining(["ssl_basic", "ssl_ev_basic", "private_ssl_flex", "code_signing", "class1_smime", "ds_org", "vmc_basic"]));
    expect(new Set(values).size).toBe(values.length);
    const groups = await quote.product.locator("optgroup").evaluateAll((all) => all.map((o) => (o as HTMLOptGroupElement).label));
    expect(groups.length).toBeGreaterThanOrEqual(6);
  });

  test("sends the id that was chosen", async ({ quote, upstream }) => {
    await quote.open();
    await quote.product.selectOption("ssl_securesite_pro");
    expect((await body(quote, upstream)).product_name_id).toBe("ssl_securesite_pro");
  });

  test("can be an id of the account's own that no list knows", async ({ quote, upstream }) => {
    await quote.open();
    await quote.product.selectOption({ label: "Another product…" });
    await quote.element.getByRole("textbox", { name: "Product id" }).fill("my_new_product");
    expect((await body(quote, upstream)).product_name_id).toBe("my_new_product");
    expect((await quote.read("draft")).product_name_id).toBe("my_new_product");
  });

  test("typed with a blank in it is refused beside its field", async ({ quote, upstream }) => {
    await quote.open();
    await quote.names.fill("example.com");
    await quote.product.selectOption({ label: "Another product…" });
    const id = quote.element.getByRole("textbox", { name: "Product id" });
    await id.fill("ssl basic");
    await quote.getQuote.click();
    const message = quote.fieldError("product_name_id");
    await expect(message).toBeVisible();
    expect(await quote.describedBy(id)).toContain((await message.textContent()) ?? "?");
    expect(upstream.asked).toHaveLength(0);
  });

  test("is narrowed by the products attribute, ids outside the catalogue included", async ({ quote, upstream }) => {
    await quote.open({ products: "ssl_ev_basic, my_product" });
    await expect(quote.product.locator("option")).toHaveCount(2);
    await expect(quote.product).toHaveValue("ssl_ev_basic");
    await quote.product.selectOption("my_product");
    expect((await body(quote, upstream)).product_name_id).toBe("my_product");
  });

  test("is offered in full again when the products attribute goes", async ({ quote }) => {
    await quote.open({ products: "ssl_ev_basic" });
    await expect(quote.product.locator("option")).toHaveCount(1);
    await quote.set({ products: null });
    await expect.poll(() => quote.product.locator("option").count()).toBeGreaterThan(20);
  });
});

test.describe("order length", () => {
  test("is a radio group whose choice has a control of its name", async ({ quote }) => {
    await quote.open();
    await expect(quote.length("Years")).toBeChecked();
    await expect(quote.element.getByRole("combobox", { name: "Years", exact: true })).toBeVisible();
    await quote.length("Days").check();
    await expect(quote.element.getByRole("spinbutton", { name: "Days", exact: true })).toBeVisible();
    await expect(quote.element.getByRole("combobox", { name: "Years", exact: true })).toHaveCount(0);
    await quote.length("Expiration date").check();
    await expect(quote.element.locator('input[type="date"]').and(quote.element.getByLabel("Expiration date", { exact: true }))).toBeVisible();
    await expect(quote.length("Days")).not.toBeChecked();
  });

  test("in years sends years alone", async ({ quote, upstream }) => {
    await quote.open();
    await quote.element.getByRole("combobox", { name: "Years", exact: true }).selectOption("2");
    const sent = await body(quote, upstream);
    expect(sent.order_validity).toEqual({ years: 2 });
    expect(sent.validity_years ?? 2).toBe(2);
  });

  test("in days sends days alone", async ({ quote, upstream }) => {
    await quote.open();
    await quote.length("Days").check();
    await quote.element.getByRole("spinbutton", { name: "Days", exact: true }).fill("90");
    const sent = await body(quote, upstream);
    expect(sent.order_validity).toEqual({ days: 90 });
    expect(sent).not.toHaveProperty("validity_years");
  });

  test("until a date sends the date alone", async ({ quote, upstream }) => {
    await quote.open();
    await quote.length("Expiration date").check();
    const date = day(120);
    await quote.element.locator('input[type="date"]').and(quote.element.getByLabel("Expiration date", { exact: true })).fill(date);
    const sent = await body(quote, upstream);
    expect(sent.order_validity).toEqual({ custom_expiration_date: date });
    expect(sent).not.toHaveProperty("validity_years");
  });

  test("sends only the last of several that were filled in", async ({ quote, upstream }) => {
    await quote.open();
    await quote.length("Days").check();
    await quote.element.getByRole("spinbutton", { name: "Days", exact: true }).fill("90");
    await quote.length("Years").check();
    expect((await body(quote, upstream)).order_validity).toEqual({ years: 1 });
  });

  test("marks two and three years as needing a multi-year plan", async ({ quote }) => {
    await quote.open();
    const years = quote.element.getByRole("combobox", { name: "Years", exact: true }).locator("option");
    await expect(years).toHaveCount(3);
    await expect(years.nth(0)).not.toContainText(/multi-year/i);
    await expect(years.nth(1)).toContainText(/multi-year/i);
    await expect(years.nth(2)).toContainText(/multi-year/i);
  });

  test("says how long each certificate may live", async ({ quote }) => {
    await quote.open();
    await expect(quote.element.getByText(/certificate.*\d+ days/i)).toBeVisible();
  });

  test("that cannot be is refused with a message tied to the control", async ({ quote, upstream }) => {
    const lengths = [
      ["no days", "Days", ""],
      ["zero days", "Days", "0"],
      ["a fraction of days", "Days", "1.5"],
      ["days beyond three years", "Days", "5000"],
      ["no date", "Expiration date", ""],
      ["a day in the past", "Expiration date", "2020-01-01"],
      ["a day beyond three years", "Expiration date", day(2000)],
    ] as const;
    await quote.open();
    await quote.names.fill("example.com");
    for (const [what, kind, text] of lengths) {
      await test.step(what, async () => {
        await quote.length(kind).check();
        const control =
          kind === "Days"
            ? quote.element.getByRole("spinbutton", { name: "Days", exact: true })
            : quote.element.locator('input[type="date"]').and(quote.element.getByLabel("Expiration date", { exact: true }));
        await control.fill(text);
        await quote.getQuote.click();
        const message = quote.element.locator('[data-field-error^="order_validity"]');
        await expect(message).toBeVisible();
        expect(await quote.describedBy(control)).toContain((await message.textContent()) ?? "?");
      });
    }
    expect(upstream.asked).toHaveLength(0);
  });
});

test.describe("add-ons", () => {
  const addons = JSON.stringify([{ id: "8025", label: "Hardware token" }, { id: "8026", label: "KeyLocker" }]);

  test("are free ids", async ({ quote, upstream }) => {
    await quote.open();
    await quote.element.getByRole("textbox", { name: "Add-ons" }).fill("8025, extra_one");
    expect((await body(quote, upstream)).addons).toEqual(["8025", "extra_one"]);
  });

  test("of the attribute are offered by label, beside free ids", async ({ quote, upstream }) => {
    await quote.open({ addons });
    await quote.element.getByRole("checkbox", { name: "KeyLocker" }).check();
    await quote.element.getByRole("textbox").and(quote.element.locator("#addons")).fill("extra_one");
    expect((await body(quote, upstream)).addons).toEqual(["8026", "extra_one"]);
    await expect(quote.element.getByRole("group", { name: "Add-ons" })).toBeVisible();
  });

  test("that are not wanted are not sent at all", async ({ quote, upstream }) => {
    await quote.open({ addons });
    const token = quote.element.getByRole("checkbox", { name: "Hardware token" });
    await token.check();
    await token.uncheck();
    expect(await body(quote, upstream)).not.toHaveProperty("addons");
  });
});

test.describe("renewal and price list", () => {
  test("send nothing unless asked", async ({ quote, upstream }) => {
    await quote.open();
    const sent = await body(quote, upstream);
    expect(sent).not.toHaveProperty("renewal_of_order_valid_till");
    expect(sent).not.toHaveProperty("is_out_of_contract");
    expect(sent).not.toHaveProperty("billing_address");
  });

  test("send the date of the order being renewed", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await quote.element.getByLabel("Renews an order valid until").fill("2026-06-20");
    expect((await body(quote, upstream)).renewal_of_order_valid_till).toBe("2026-06-20");
  });

  test("send the list price as 1 and, once taken back, as 0 or not at all", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    const box = quote.element.getByRole("checkbox", { name: "Use list price" });
    await box.check();
    expect((await body(quote, upstream)).is_out_of_contract).toBe(1);
    await box.uncheck();
    expect((await body(quote, upstream)).is_out_of_contract ?? 0).toBe(0);
  });

  test("say 0 when the draft says contract price", async ({ quote, upstream }) => {
    await quote.open();
    await quote.write({ dns_names: ["example.com"], product_name_id: "ssl_basic", order_validity: { years: 1 }, is_out_of_contract: false });
    expect((await body(quote, upstream)).is_out_of_contract).toBe(0);
  });
});

test.describe("billing address", () => {
  const field = (quote: QuoteForm, name: string) => quote.element.getByLabel(name);

  test("says its present value while it is folded", async ({ quote }) => {
    await quote.open();
    await expect(quote.element.getByText("the account’s own", { exact: false }).first()).toBeVisible();
  });

  test("is sent whole", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await field(quote, "Country").selectOption("US");
    await field(quote, "State or province").fill("Washington");
    await field(quote, "City").fill(" Seattle ");
    await field(quote, "ZIP or postal code").fill("98101");
    const { billing_address } = await body(quote, upstream);
    expect({ ...billing_address, country: billing_address.country.toUpperCase() }).toEqual({
      country: "US",
      state: "Washington",
      city: "Seattle",
      zip: "98101",
    });
  });

  test("in part is not sent; each missing part is said", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await quote.names.fill("example.com");
    await field(quote, "Country").selectOption("US");
    await quote.getQuote.click();
    for (const [key, name] of [["state", "State or province"], ["city", "City"], ["zip", "ZIP or postal code"]] as const) {
      const message = quote.fieldError(`billing_address.${key}`);
      await expect(message).toBeVisible();
      expect(await quote.describedBy(field(quote, name))).toContain((await message.textContent()) ?? "?");
    }
    expect(upstream.asked).toHaveLength(0);
  });

  test("without a country asks for it", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await quote.names.fill("example.com");
    await field(quote, "City").fill("Berlin");
    await quote.getQuote.click();
    await expect(quote.fieldError("billing_address.country")).toBeVisible();
    expect(upstream.asked).toHaveLength(0);
  });

  test("in a country without states needs none", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await field(quote, "Country").selectOption("DE");
    await expect(field(quote, "State or province")).toHaveCount(0);
    await field(quote, "City").fill("Berlin");
    await field(quote, "ZIP or postal code").fill("10115");
    expect((await body(quote, upstream)).billing_address).toMatchObject({ city: "Berlin", zip: "10115" });
  });

  test("in a country without postal codes needs none", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await field(quote, "Country").selectOption("HK");
    await expect(field(quote, "ZIP or postal code")).toHaveCount(0);
    await field(quote, "City").fill("Hong Kong");
    expect((await body(quote, upstream)).billing_address).toMatchObject({ city: "Hong Kong" });
  });

  test("emptied again is not sent", async ({ quote, upstream }) => {
    await quote.open();
    await quote.unfold();
    await field(quote, "Country").selectOption("DE");
    await field(quote, "City").fill("Berlin");
    await field(quote, "City").fill("");
    await field(quote, "Country").selectOption("");
    expect(await body(quote, upstream)).not.toHaveProperty("billing_address");
  });

  test("offers every country by ISO 3166 code and by its name in the reader's language", async ({ quote }) => {
    await quote.open({ locale: "de" });
    await quote.unfold();
    const options = await quote.element.locator("select").filter({ has: quote.page.locator('option[value="US"]') })
      .locator("option").evaluateAll((all) => all.map((o) => [(o as HTMLOptionElement).value, o.textContent ?? ""]));
    const codes = options.map(([code]) => code).filter((code) => code !== "");
    expect(codes.length).toBeGreaterThan(240);
    expect(codes.every((code) => /^[A-Z]{2}$/.test(code ?? ""))).toBe(true);
    expect(Object.fromEntries(options)).toMatchObject({ DE: "Deutschland", AT: "Österreich" });
    const names = options.slice(1).map(([, name]) => name ?? "");
    expect(names).toEqual(names.toSorted(new Intl.Collator("de").compare));
  });
});
