// End-to-end tests: the built page (`dist/`) and the built server on its sandbox, in the system's Chromium. Normally run
// by `cargo xtask test --only e2e`; alone with `npx playwright test` after `cargo xtask build`.
import { defineConfig, devices } from "@playwright/test";
import { chromiumArgs, chromiumPath, cleanEnv, dist, serverPath } from "./tests/e2e/support/paths.ts";

// The configuration is read again in every worker: the port is settled once and handed on by the environment.
const port = (process.env.CERTQUOTE_E2E_PORT ??= "4173");
const baseURL = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // Of hundreds one may meet a moment in which a shared machine stands still. The report lists it as flaky.
  retries: 1,
  timeout: 30_000,
  expect: {
    timeout: 10_000,
    toHaveScreenshot: { maxDiffPixelRatio: 0.01, pathTemplate: "{testDir}/gallery/{arg}{ext}" },
  },
  reporter: [["list"]],
  use: {
    baseURL,
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: chromiumPath(), args: chromiumArgs },
  },
  projects: [{ name: "chromium", use: { ...devices["Desktop Chrome"] } }],
  webServer: {
    command: `"${serverPath}" --listen 127.0.0.1:${port} --assets "${dist}"`,
    url: `${baseURL}/healthz`,
    env: { ...cleanEnv(), RUST_LOG: "warn" },
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
  },
});
