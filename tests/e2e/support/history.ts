// `<cert-history>` on a server whose upstream the test plays: pages of rows of the test's own making.
import { type Locator, type Page } from "@playwright/test";
import { startServer, type Server } from "./server.ts";
import { expect, test as base } from "./test.ts";
import { startUpstream, type Answer, type Asked, type Upstream } from "./upstream.ts";

export { expect, failedToLoad } from "./test.ts";

export type Row = Record<string, unknown>;

/** A row as the API sends it; whatever is given replaces, `undefined` leaves out. */
export const row = (id: number | string, more: Row = {}): Row => ({
  id: String(id),
  container: { id: 123456, name: "Example Company", is_active: true },
  debit: "750.00",
  transaction_type: "Charge",
  receipt_id: "345",
  transaction_date: "2026-01-21 15:21:34",
  balance_after: "8500.15",
  currency: "USD",
  ...more,
});

/** So many rows, newest first, whose balances follow from each other: each takes one dollar. */
export const many = (count: number): Row[] =>
  Array.from({ length: count }, (_, place) => {
    const id = count - place;
    const at = new Date(Date.UTC(2024, 0, 1) + id * 3_600_000).toISOString();
    return row(id, {
      debit: "1.00",
      balance_after: `${1_000_000 - id}.00`,
      transaction_date: `${at.slice(0, 10)} ${at.slice(11, 19)}`,
    });
  });

/** Answers a request with its page of `rows`. */
export const pages =
  (rows: Row[]) =>
  ({ path }: Asked): Answer => {
    const query = new URL(path, "http://upstream").searchParams;
    const offset = Number(query.get("offset") ?? 0);
    const limit = Number(query.get("limit") ?? 1000);
    return { json: { adjustments: rows.slice(offset, offset + limit), page: { total: rows.length, limit, offset } } };
  };

/** The query of a request, decoded, in its order. */
export const query = (asked: Asked | undefined): string =>
  decodeURIComponent((asked?.path ?? "").split("?")[1] ?? "");

/** The element, its controls and its table. */
export class History {
  readonly element: Locator;

  constructor(readonly page: Page) {
    this.element = page.locator("cert-history");
  }

  /** The page after the first rows has come. */
  async ahead(upstream: { asked: Asked[] }) {
    await expect.poll(() => upstream.asked.length).toBe(2);
    await expect.poll(() => this.read("state")).toBe("ready");
  }

  row(id: number | string) {
    return this.element.locator(`tr[data-adjustment="${id}"]`);
  }

  get rows() {
    return this.element.locator("tr[data-adjustment]");
  }

  get table() {
    return this.element.getByRole("table", { name: "Adjustments" });
  }

  get status() {
    return this.element.getByRole("status");
  }

  get dialog() {
    return this.element.getByRole("dialog");
  }

  button(name: string) {
    return this.element.getByRole("button", { name, exact: true });
  }

  field(name: string) {
    return this.element.getByLabel(name, { exact: true });
  }

  sort(name: string) {
    return this.element.getByRole("columnheader", { name, exact: true }).getByRole("button");
  }

  head(name: string) {
    return this.element.getByRole("columnheader", { name, exact: true });
  }

  error(code: string) {
    return this.element.locator(`[data-error="${code}"]`);
  }

  sum(name: "in" | "out" | "net", currency = "USD") {
    return this.element.locator(`.sums[data-currency="${currency}"] [data-sum="${name}"]`);
  }

  read(property: string): Promise<any> {
    return this.element.evaluate((element, property) => (element as any)[property], property);
  }

  /** How many row elements the table has. */
  drawn(): Promise<number> {
    return this.element.evaluate((element) => element.shadowRoot!.querySelectorAll("tr").length);
  }

  /** Scrolls the table. */
  async scroll(top: number): Promise<void> {
    await this.element.evaluate((element, top) => {
      element.shadowRoot!.querySelector(".scroll")!.scrollTop = top;
    }, top);
  }

  /** The `data-adjustment` of the row that has the focus. */
  focused(): Promise<string | null> {
    return this.element.evaluate(
      (element) => element.shadowRoot!.activeElement?.getAttribute("data-adjustment") ?? null,
    );
  }
}

/** The page with nothing but a history on it, under the policy of the real one. */
export async function onlyHistory(page: Page, attributes = ""): Promise<void> {
  await page.route(
    (url) => url.pathname === "/",
    async (route) => {
      const response = await route.fetch();
      const html = (await response.text())
        .replace(/<script[^>]*page\.js[^>]*><\/script>/, "")
        .replace(/<link[^>]*config\.json[^>]*>/, "")
        .replace(/<main[\s\S]*<\/main>/, `<main id="main"><cert-history ${attributes}></cert-history></main>`);
      await route.fulfill({ response, body: html });
    },
  );
}

type Fixtures = {
  upstream: Upstream;
  server: Server;
  history: History;
  /** Opens the page on these rows and waits for the first of them. */
  open: (rows: Row[] | Answer | ((asked: Asked) => Answer), attributes?: string) => Promise<void>;
};

export const test = base.extend<Fixtures>({
  upstream: async ({}, use) => {
    const upstream = await startUpstream();
    await use(upstream);
    await upstream.stop();
  },
  server: async ({ upstream }, use) => {
    const server = await startServer({ digicert: upstream.url });
    await use(server);
    await server.stop();
  },
  history: async ({ page }, use) => use(new History(page)),
  open: async ({ page, history, server, upstream }, use, info) => {
    await use(async (rows, attributes) => {
      upstream.always(Array.isArray(rows) ? pages(rows) : rows);
      await onlyHistory(page, attributes);
      await page.goto(`${server.url}/`);
      await expect.poll(() => history.read("state")).not.toMatch(/idle|loading/);
    });
    // Calls off what still hangs: the server would wait for it before it stops.
    if (info.status === info.expectedStatus) await page.goto("about:blank");
  },
});

/** RFC 4180: rows of cells, quotes undone. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const end = () => {
    rows.at(-1)!.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === ",") end();
    else if (sign === "\r" && text[at + 1] === "\n") {
      end();
      rows.push([]);
      at += 1;
    } else cell += sign;
  }
  if (cell !== "" || rows.at(-1)!.length > 0) end();
  return rows.filter((row) => row.length > 0);
}
