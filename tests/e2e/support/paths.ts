// Where the built things and the browser are, for the configuration and for tests that start a server of their own.
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../..");

/** The built page and library. */
export const dist = join(root, "dist");

/** The built server. */
export const serverPath = process.env.CERTQUOTE_SERVER ?? join(root, "target/release/certquote-server");

export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The system's Chromium or Chrome; `CHROME` names another. */
export function chromiumPath(): string {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((directory) => names.map((name) => join(directory, name)));
  const path = [process.env.CHROME ?? "", ...found].find((file) => file !== "" && existsSync(file));
  if (path === undefined) throw new Error("no Chromium on PATH: install it, or set CHROME to its path");
  return path;
}

/** The environment without what would configure the server: a test sets what it needs itself. */
export function cleanEnv(): Record<string, string> {
  const foreign = /^(CERTQUOTE_(LISTEN|ASSETS|DIGICERT_URL|FRONTIER_URL|ALLOW_ORIGIN)|DIGICERT_|FRONTIER_|RUST_LOG$)/;
  const entries = Object.entries(process.env).filter(([name, value]) => value !== undefined && !foreign.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}
