// `<cert-balance>`, alone or beside a `<cert-quote>`, on a page of a server of the test's own, whose upstream the test plays.
import { type Locator, type Page } from "@playwright/test";
import { htmlPage } from "./portal.ts";
import { sample as priceSample, type Told } from "./quote.ts";
import { startServer, type Server } from "./server.ts";
import { expect, test as base } from "./test.ts";
import { startUpstream, type Answer, type Upstream } from "./upstream.ts";

export { expect, failedToLoad } from "./test.ts";

/** The answers that DigiCert's reference pages print. */
export const account = {
  balance: "454.00",
  currency: "USD",
  unpaid_invoice_balance: "0.00",
  negative_balance_limit: "2000.00",
  used_credit_from_other_containers: "0.00",
  total_available_funds: "2454.00",
};
export const unlimited = {
  balance: "-1000.70",
  currency: "USD",
  unpaid_invoice_balance: "0.00",
  used_credit_from_other_containers: "0.00",
  unlimited_negative_balance: true,
};

/** An account with so much available. */
export const available = (total_available_funds: string, currency = "USD") => ({ ...account, total_available_funds, currency });

export const uuid = "8d2e7b52-3f7e-4a53-9d0c-0a9b7b1c2d3e";
export const frontier = { source: "frontier", "org-id": uuid, "billing-id": uuid };

/** The element. */
export class BalanceCard {
  readonly element: Locator;

  constructor(
    readonly page: Page,
    selector = "cert-balance",
  ) {
    this.element = page.locator(selector);
  }

  get refreshButton() {
    return this.element.getByRole("button", { name: "Refresh", exact: true });
  }

  get tryAgain() {
    return this.element.getByRole("button", { name: "Try again", exact: true });
  }

  get status() {
    return this.element.getByRole("status");
  }

  get low() {
    return this.element.locator("[data-low]");
  }

  field(name: string) {
    return this.element.locator(`[data-field="${name}"]`);
  }

  error(code?: string) {
    return this.element.locator(code === undefined ? "[data-error]" : `[data-error="${code}"]`);
  }

  /** A property of the element. */
  read(property: string): Promise<any> {
    return this.element.evaluate((element, property) => (element as any)[property], property);
  }

  state(): Promise<string> {
    return this.read("state");
  }

  async settles(state: string): Promise<void> {
    await expect.poll(() => this.state()).toBe(state);
  }

  async set(name: string, value: string | null): Promise<void> {
    await this.element.evaluate((element, [name, value]) => {
      if (value === null) element.removeAttribute(name as string);
      else element.setAttribute(name as string, value as string);
    }, [name, value]);
  }

  /** Calls `refresh()` and gives what came of it. */
  refresh(): Promise<{ balance: any } | { error: any }> {
    return this.element.evaluate((element) =>
      (element as any).refresh().then(
        (balance: unknown) => ({ balance }),
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
}

/** Remembers the elements' events as they arrive at the window. */
function tellAll(): void {
  (window as any).told = [];
  for (const type of ["cert-quote", "cert-balance", "cert-low-balance", "cert-error", "cert-state"]) {
    window.addEventListener(type, (event) => {
      const { detail, bubbles, composed, target } = event as CustomEvent;
      const at = (target as Element).localName;
      const funds = (document.querySelector("cert-quote") as any)?.result?.funds;
      (window as any).told.push({ type, detail: structuredClone(detail), bubbles, composed, at, funds });
    });
  }
}

export const tag = (name: string, attributes: Record<string, string> = {}): string => {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value.replaceAll('"', "&quot;")}"`);
  return `<${name}${written.join("")}></${name}>`;
};

type Fixtures = {
  /** DigiCert and Frontier, played: the documented samples until told otherwise. */
  upstream: Upstream;
  server: Server;
  balance: BalanceCard;
  /** What is asked for balances from now on. */
  answer: (...answers: Answer[]) => void;
  /** Shows a page of this body, at the server's origin. */
  show: (body: string) => Promise<void>;
  /** Shows one balance of these attributes. */
  open: (attributes?: Record<string, string>) => Promise<void>;
};

/** Holds requests for the account's balance back until what it gives is called. */
export async function hold(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  await page.route("**/finance/balance*", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** How often balances were asked for. */
export const asked = (upstream: Upstream): string[] =>
  upstream.asked.filter(({ method }) => method === "GET").map(({ path }) => path);

export const test = base.extend<Fixtures & { queue: Answer[] }>({
  queue: async ({}, use) => use([]),
  answer: async ({ queue }, use) => use((...answers) => void queue.push(...answers)),
  upstream: async ({ queue }, use) => {
    const upstream = await startUpstream();
    let last: Answer = { json: account };
    upstream.always(({ method }) => {
      if (method !== "GET") return { json: priceSample };
      last = queue.shift() ?? ("hang" in last ? { json: account } : last);
      return last;
    });
    await use(upstream);
    await upstream.stop();
  },
  server: async ({ upstream }, use) => {
    const server = await startServer({ digicert: `${upstream.url}/services/v2`, frontier: upstream.url });
    await use(server);
    await server.stop();
  },
  show: async ({ page, server }, use, info) => {
    await page.addInitScript(tellAll);
    await use(async (body) => {
      const head = '<script type="module" src="/certquote.js"></script><meta name="color-scheme" content="light dark">';
      await page.route(`${server.url}/portal`, (route) =>
        route.fulfill({ contentType: "text/html; charset=utf-8", body: htmlPage(body, head) }),
      );
      await page.goto(`${server.url}/portal`);
    });
    // Calls off what still hangs: the server would wait for it before it stops.
    if (info.status === info.expectedStatus) await page.goto("about:blank");
  },
  open: async ({ show }, use) => use((attributes = {}) => show(tag("cert-balance", attributes))),
  balance: async ({ page }, use) => use(new BalanceCard(page)),
});
