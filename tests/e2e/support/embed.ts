// A page of a portal's own, on the server's origin: any HTML under any headers.
import type { Page } from "@playwright/test";
import { htmlPage } from "./portal.ts";
import type { Server } from "./server.ts";

export const script = '<script type="module" src="/certquote.js"></script>';

/** Opens a page with this body, and with the loader unless `head` is another. */
export async function embed(page: Page, server: Server, body: string, headers: Record<string, string> = {}, head = script): Promise<void> {
  const address = `${server.url}/portal`;
  await page.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: htmlPage(body, head).replace(/<link rel="icon"[^>]*>/, "") }));
  await page.goto(address);
}

/** The names of the package's files that are fetched from now on. */
export function fetched(page: Page): string[] {
  const names: string[] = [];
  page.on("request", (request) => {
    const name = new URL(request.url()).pathname.slice(1);
    if (/\.(js|wasm)$/.test(name)) names.push(name.replace(/-[0-9a-f]{12,}/, "-HASH"));
  });
  return names;
}

export const GLUE = "certquote-widget-HASH.js";
export const WASM = "certquote-widget-HASH_bg.wasm";
