// The page around the elements: its places, its configuration, and what it asks the server.
import { type Page } from "@playwright/test";

export const places = ["Quote", "Balance", "History"] as const;
export type Place = (typeof places)[number];

/** The element that a place is about. */
export const elements = { Quote: "cert-quote", Balance: "cert-balance", History: "cert-history" } as const;
export const paths = { Quote: "/", Balance: "/balance", History: "/history" } as const;

/** Answers for `config.json`: with an object as JSON, or with any text and status. */
export async function configure(page: Page, config: object | string, status = 200): Promise<void> {
  const body = typeof config === "string" ? config : JSON.stringify(config);
  await page.route("**/config.json", (route) => route.fulfill({ status, contentType: "application/json", body }));
}

/** The paths below `/api/` that are asked from now on. */
export function asked(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) paths.push(pathname);
  });
  return paths;
}

export const link = (page: Page, place: Place) => page.getByRole("navigation").getByRole("link", { name: place, exact: true });
export const heading = (page: Page, place: Place) => page.getByRole("heading", { name: place, exact: true, level: 2 }).first();
export const notice = (page: Page) => page.locator("#notice");

/** How far the page can be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
