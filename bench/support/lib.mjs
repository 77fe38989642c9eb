// What the benchmarks share: the browser, the conditions, medians, and the machine they ran on.
import { cpus, totalmem } from "node:os";
import { chromium } from "playwright-core";

/** The address of a running server, without a slash at the end. */
export const url = (process.env.CERTQUOTE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");

/** `--name value` from the command line, as a number. */
export function option(name, fallback) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isFinite(value)) throw new Error(`--${name} needs a number`);
  return value;
}

/** A browser of its own, so that no cache of any kind is warm. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROME ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Rows of cells as aligned text: the first column to the left, the others to the right. */
export function table(rows) {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toFixed(cell % 1 ? 1 : 0) : cell)));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "));
  }
}

/** One line that says what the figures were measured on. */
export function machine(browser) {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Chromium ${browser.version()}, ${cpus().length} x ${first?.model.trim() ?? "CPU"}, ${memory} GB, Node ${process.version}`;
}

/** For `addInitScript`: `findNames()` gives the `DNS names` control of the page, or of the plain reference page. */
export function defineFindNames() {
  globalThis.findNames = () => {
    const root = document.querySelector("cert-quote")?.shadowRoot ?? document;
    return root.querySelector('textarea, [role="textbox"], input[type="text"]');
  };
}
