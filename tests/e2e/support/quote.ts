// `<cert-quote>` on a page of a server of the test's own, whose upstream the test plays: what a buyer sees of it, what a
// page reads of it, and what the upstream is asked.
import { type Locator, type Page } from "@playwright/test";
import { configure } from "./page.ts";
import { startServer, type Server } from "./server.ts";
import { expect, test as base } from "./test.ts";
import { startUpstream, type Answer, type Upstream } from "./upstream.ts";

export { expect } from "./test.ts";
export { failedToLoad } from "./test.ts";

/** The answer that DigiCert's reference page prints. */
export const sample = {
  base_price: 782,
  total_price: 782,
  addons_price: 0,
  san_package_price: 0,
  benefits_discount_total: 0,
  fqdns: { subtotal: 0, units: 0 },
  wildcards: { subtotal: 0, units: 0 },
  balance: 0,
  currency: "USD",
  tax: "0.00",
  tax_error: false,
};

/** An answer with every line but `other`: it adds up. */
export const full = {
  base_price: "238.00",
  total_price: "1190.40",
  addons_price: "40.00",
  addons_price_details: [{ product_id: 8025, units: 2, price: "20.00", subtotal: "40.00" }],
  san_package_price: "100.00",
  benefits_discount_total: "142.60",
  fqdns: { subtotal: "350.00", units: 2 },
  wildcards: { subtotal: "500.00", units: 1 },
  balance: "878.00",
  currency: "USD",
  tax: "105.00",
  tax_error: false,
};

/** What the API sends when it cannot determine a price. */
export const noEstimate = { ...sample, base_price: 0, total_price: 0, balance: "878.00" };

/** An answer with another price, that adds up. */
export const price = (amount: number | string): Answer => ({
  json: { ...sample, base_price: amount, total_price: amount },
});

export const digicertError = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  json: { errors: [{ code, message: `Upstream says ${code}.` }] },
});

export const draft = {
  dns_names: ["example.com"],
  product_name_id: "ssl_basic",
  order_validity: { years: 1 },
};

export type Told = { type: string; detail: any; bubbles: boolean; composed: boolean; at: string };

/** The element and its form. */
export class QuoteForm {
  readonly element: Locator;

  constructor(
    readonly page: Page,
    readonly url: string,
    selector = "cert-quote",
  ) {
    this.element = page.locator(selector);
  }

  get names() {
    return this.element.getByRole("textbox", { name: "DNS names", exact: true });
  }

  get product() {
    return this.element.getByRole("combobox", { name: "Product", exact: true });
  }

  get getQuote() {
    return this.element.getByRole("button", { name: "Get quote", exact: true });
  }

  get tryAgain() {
    return this.element.getByRole("button", { name: "Try again", exact: true });
  }

  get status() {
    return this.element.getByRole("status");
  }

  get lines() {
    return this.element.locator("[data-line]");
  }

  line(name: string) {
    return this.element.locator(`[data-line="${name}"]`);
  }

  /** The line with its name and notes. */
  row(name: string) {
    return this.line(name).locator("..");
  }

  error(code?: string) {
    return this.element.locator(code === undefined ? "[data-error]" : `[data-error="${code}"]`);
  }

  fieldError(field: string) {
    return this.element.locator(`[data-field-error="${field}"]`);
  }

  length(name: "Years" | "Days" | "Expiration date") {
    return this.element.getByRole("radiogroup", { name: "Order length" }).getByRole("radio", { name, exact: true });
  }

  /** Opens the page, with these attributes on its element, and waits for the form. */
  async open(attributes: Record<string, string> = {}): Promise<void> {
    await this.page.goto(this.url);
    await this.set(attributes);
    await expect(this.names).toBeVisible();
  }

  async set(attributes: Record<string, string | null>): Promise<void> {
    await this.element.evaluate((element, attributes) => {
      for (const [name, value] of Object.entries(attributes)) {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
      }
    }, attributes);
  }

  /** Unfolds what is folded away. */
  async unfold(): Promise<void> {
    for (const fold of await this.element.locator("details").all()) {
      if ((await fold.getAttribute("open")) === null) await fold.locator("> summary").click();
    }
  }

  /** Prices `names` and waits for the figures. */
  async price(names = "example.com"): Promise<void> {
    await this.names.fill(names);
    let told = false;
    const telling = this.element.evaluate(
      (element) => new Promise<void>((done) => element.addEventListener("cert-quote", () => done(), { once: true })),
    );
    // An element that leaves the page tells nothing any more.
    telling.then(() => (told = true)).catch(() => {});
    await this.getQuote.click();
    await expect.poll(() => told, "a quote is told").toBe(true);
    expect(await this.state()).toBe("ready");
  }

  state(): Promise<string> {
    return this.read("state");
  }

  /** A property of the element. */
  read(property: string): Promise<any> {
    return this.element.evaluate((element, property) => (element as any)[property], property);
  }

  async write(draft: unknown): Promise<void> {
    await this.element.evaluate((element, draft) => void ((element as any).draft = draft), draft);
  }

  /** Calls `quote()` and gives what came of it. */
  call(): Promise<{ quote: any } | { error: any }> {
    return this.element.evaluate((element) =>
      (element as any).quote().then(
        (quote: unknown) => ({ quote }),
        (error: unknown) => ({ error }),
      ),
    );
  }

  /** The events that reached the window so far. */
  told(type?: string): Promise<Told[]> {
    return this.page.evaluate(
      (type) => (window as any).told.filter((told: Told) => type === undefined || told.type === type),
      type,
    );
  }

  /** The texts that are tied to a control as its description. */
  describedBy(control: Locator): Promise<string> {
    return control.evaluate((element) =>
      (element.getAttribute("aria-describedby") ?? "")
        .split(/\s+/)
        .filter((id) => id !== "")
        .map((id) => (element.getRootNode() as ShadowRoot).getElementById(id)?.textContent ?? "")
        .join(" "),
    );
  }
}

/** Remembers the element's events as they arrive at the window. */
export function tellAll(): void {
  (window as any).told = [];
  for (const type of ["cert-quote", "cert-error", "cert-state"]) {
    window.addEventListener(type, (event) => {
      const { detail, bubbles, composed, target } = event as CustomEvent;
      const at = (target as Element).localName;
      (window as any).told.push({ type, detail: structuredClone(detail), bubbles, composed, at });
    });
  }
}

type Fixtures = {
  /** DigiCert, played: answers with the documented sample until told otherwise. */
  upstream: Upstream;
  server: Server;
  quote: QuoteForm;
};

export const test = base.extend<Fixtures>({
  upstream: async ({}, use) => {
    const upstream = await startUpstream({ json: sample });
    await use(upstream);
    await upstream.stop();
  },
  server: async ({ upstream }, use) => {
    const server = await startServer({ digicert: `${upstream.url}/services/v2` });
    await use(server);
    await server.stop();
  },
  quote: async ({ page, server }, use, info) => {
    await page.addInitScript(tellAll);
    // The quote alone: what the upstream is asked is a quote's.
    await configure(page, { balances: [] });
    await use(new QuoteForm(page, `${server.url}/`));
    // Calls off what still hangs: the server would wait for it before it stops.
    if (info.status === info.expectedStatus) await page.goto("about:blank");
  },
});

/** The body of the last request that the upstream saw. */
export function lastBody(upstream: Upstream): any {
  return JSON.parse(upstream.asked.at(-1)?.body ?? "null");
}

/** Adds decimal strings without a float, and writes the sum without zeros at its end. */
export function sum(amounts: string[]): string {
  const scale = 12;
  const total = amounts.reduce((sum, amount) => {
    if (!/^-?\d+(\.\d{1,12})?$/.test(amount)) throw new Error(`not a plain decimal: ${amount}`);
    const [whole = "", fraction = ""] = amount.replace("-", "").split(".");
    const units = BigInt(whole + fraction.padEnd(scale, "0"));
    return sum + (amount.startsWith("-") ? -units : units);
  }, 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, "0");
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, "");
  return total < 0n ? `-${text}` : text;
}

/** `amount` without what does not change its value. */
export const value = (amount: string): string => sum([amount]);
