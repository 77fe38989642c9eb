// The portal's code against the real elements, in a browser and without a server.
import "certquote";
import { failure, hang, mockTransport, noEstimate, price } from "certquote/testing";
import { beforeEach, expect, test, vi } from "vitest";
import { checkout } from "./checkout.js";

const draft = { dns_names: ["example.com", "*.example.org"], product_name_id: "ssl_basic", order_validity: { years: 1 } };
let mock, order, page;

beforeEach(() => {
  mock = mockTransport();
  order = vi.fn();
  page = checkout(document.body, { transport: mock, order });
  page.quote.draft = draft;
});

test("the price stands on the button, and the quote is what is ordered", async () => {
  mock.quote(price({ base_price: "238.00", wildcards: { subtotal: "653.00", units: 1 }, tax: "91.33" }));
  await page.quote.quote();
  expect(page.button.textContent).toBe("Order for 982.33 USD");
  page.button.click();
  expect(order).toHaveBeenCalledWith(expect.objectContaining({ total: "982.33", draft }));
  expect(mock.requests).toMatchObject([{ endpoint: "quote", method: "POST", body: { certificate: { dns_names: draft.dns_names } } }]);
});

test("nothing can be ordered while a price is under way", async () => {
  mock.quote(hang());
  page.quote.quote().catch(() => {});
  await expect.poll(() => page.quote.state).toBe("loading");
  expect(page.button.disabled).toBe(true);
});

test("without an estimate the buyer is sent to the sales desk", async () => {
  mock.quote(noEstimate());
  await page.quote.quote();
  expect(page.note.textContent).toMatch(/sales desk/);
  expect(page.button.disabled).toBe(true);
});

test.each(["network", "timeout", "unauthorized", "rate_limited", "upstream", "unreadable"])("%s leaves the order closed", async (code) => {
  mock.quote(failure(code), price());
  await expect(page.quote.quote()).rejects.toMatchObject({ code });
  expect(page.note.textContent).toBe(`No price: ${code}`);
  expect(page.button.disabled).toBe(true);
  // The script goes on: the second try succeeds.
  await page.quote.quote();
  expect(page.note.textContent).toBe("");
  expect(page.button.disabled).toBe(false);
});

test("a changed order is priced anew before it can be ordered", async () => {
  await page.quote.quote();
  page.quote.draft = { ...draft, dns_names: ["example.net"] };
  await expect.poll(() => page.button.disabled).toBe(true);
});
