// The packed package in applications built by Vite and by webpack, neither of them told anything about it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dist } from "./support/paths.ts";
import { expect, QuoteForm, test } from "./support/quote.ts";
import { startServer } from "./support/server.ts";

const bundlers = fileURLToPath(new URL("../bundlers", import.meta.url));
const main = `import "certquote";
import { price } from "certquote/testing";
document.querySelector("output").textContent = price({ base_price: "5.00" }).json.total_price;`;
const page = (script: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Application</title>
<link rel="icon" href="data:,">${script}</head><body><output></output><cert-quote></cert-quote></body></html>`;

/** A directory with the packed package installed and an application's own files. */
let application = "";

test.beforeAll(() => {
  test.setTimeout(180_000);
  const npm = (cwd: string, ...args: string[]) => execFileSync("npm", args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (!existsSync(join(bundlers, "node_modules/webpack"))) npm(bundlers, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  application = mkdtempSync(join(tmpdir(), "certquote-bundled-"));
  const [{ filename }] = JSON.parse(npm(application, "pack", dist, "--json", "--ignore-scripts"));
  writeFileSync(join(application, "package.json"), JSON.stringify({ name: "application", private: true, type: "module" }));
  npm(application, "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${filename}`);
  writeFileSync(join(application, "main.js"), main);
  writeFileSync(join(application, "index.html"), page('<script type="module" src="/main.js"></script>'));
  writeFileSync(join(application, "webpack.html"), page('<script defer src="main.js"></script>'));
});
test.afterAll(() => rmSync(application, { recursive: true, force: true }));

test.describe.configure({ mode: "default", timeout: 90_000 });

for (const bundler of ["vite", "webpack"]) {
  test(`${bundler} finds the wasm and its script, and what it builds quotes under a strict policy`, async ({ page }) => {
    rmSync(join(application, "dist"), { recursive: true, force: true });
    execFileSync(process.execPath, [join(bundlers, "build.mjs"), bundler], { cwd: application, stdio: "pipe" });
    const built = readdirSync(join(application, "dist"), { recursive: true, encoding: "utf8" });
    expect(built.filter((name) => name.endsWith(".wasm")), "both halves").toHaveLength(2);
    const server = await startServer({ assets: join(application, "dist") });
    await page.goto(server.url);
    await new QuoteForm(page, server.url).price("example.com");
    await expect(page.locator("output")).toHaveText("5.00");
    await page.goto("about:blank");
    await server.stop();
  });
}
