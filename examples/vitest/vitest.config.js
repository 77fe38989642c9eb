// The elements run in a browser: they are wasm and custom elements, of which jsdom and happy-dom have no whole picture. The system's
// Chromium is used; CHROME names another, and without either Playwright's own is (`npx playwright install chromium`).
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const executablePath = [process.env.CHROME, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));

export default defineConfig({
  // In a portal the package is installed and needs no alias; here it is the one that was just built.
  resolve: { alias: { "certquote/testing": `${dist}/testing.js`, certquote: `${dist}/certquote.js` } },
  server: { fs: { allow: [".", dist] } },
  test: {
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: ["--no-sandbox"] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
