// `<cert-history>` on a server whose upstream the test plays: rows of the test's own making, at days counted from today.
import { type Locator, type Page } from "@playwright/test";
import type { Answer, Asked } from "./upstream.ts";

const DAY = 86_400_000;

/** A day so many days from today (UTC), as `YYYY-MM-DD`. */
export const daysFromNow = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

/** A day as an English reader finds it: `Nov 12, 2026`. */
export const inWords = (date: string): string =>
  new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));

export type Movement = {
  /** Days from today; the past is negative. */
  day: number;
  /** Signed. */
  amount: number;
  type?: string;
  /** Days from today on which it expires. */
  expires?: number;
  currency?: string;
};

/** Adjustments as the API sends them, newest first; `movements` are oldest first and start from nothing. */
export function adjustments(movements: Movement[]): Record<string, unknown>[] {
  const balances: Record<string, number> = {};
  const rows = movements.map(({ day, amount, type, expires, currency = "USD" }, index) => {
    balances[currency] = (balances[currency] ?? 0) + amount;
    return {
      id: String(7000 + index),
      container: { id: 1, name: "Example Company", is_active: true },
      ...(amount < 0 ? { debit: (-amount).toFixed(2) } : { credit: amount.toFixed(2) }),
      transaction_type: type ?? (amount < 0 ? "Charge" : "Wire Deposit"),
      transaction_date: `${daysFromNow(day)} 12:00:00`,
      balance_after: balances[currency].toFixed(2),
      ...(expires === undefined ? {} : { expiration_date: `${daysFromNow(expires)} 00:00:00` }),
      currency,
    };
  });
  return rows.reverse();
}

/** Answers a request for the history with its page of `rows`. */
export const history =
  (rows: Record<string, unknown>[], most = 1000) =>
  ({ path }: Asked): Answer => {
    const query = new URL(path, "http://upstream").searchParams;
    const offset = Number(query.get("offset") ?? 0);
    const limit = Math.min(Number(query.get("limit") ?? most), most);
    return {
      json: { adjustments: rows.slice(offset, offset + limit), page: { total: rows.length, limit, offset } },
    };
  };

/** The element and what stands above its table. */
export class HistoryPanel {
  readonly element: Locator;

  constructor(readonly page: Page) {
    this.element = page.locator("cert-history");
  }

  get chart() {
    return this.element.locator('[part~="chart"]');
  }

  get expiring() {
    return this.element.locator('[part~="expiring"]');
  }

  get runway() {
    return this.element.locator('[part~="runway"]');
  }

  get readout() {
    return this.element.locator(".readout");
  }

  get slider() {
    return this.element.getByRole("slider", { name: "Balance on a day" });
  }
}
