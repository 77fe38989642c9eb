// Cold start on a slow line and a slow machine: bytes over the wire, when the page and the place of the form are first painted, and
// when the form has taken a key press. `cargo xtask bench start [-- --runs 7 --mbit 4 --latency 40 --cpu 4]`
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineFindNames, launch, machine, median, option, table } from "./support/lib.mjs";
import { dist, startServer } from "./support/server.mjs";

const runs = option("runs", 7);
const cpu = option("cpu", 4);
const latency = option("latency", 40);
const bitsPerSecond = option("mbit", 4) * 1e6;

/** A page of a portal's own, as the documentation says how: nothing is preloaded. */
const PORTAL = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Portal</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><script type="module" src="certquote.js"></script></head>
<body><h1>Order a certificate</h1><cert-quote></cert-quote></body></html>`;

/** In the page: notes when the skeleton has been painted, when the control exists, and when its value first changes. */
function watch() {
  const moments = (globalThis.moments = {});
  const frame = () => {
    const inside = document.querySelector("cert-quote")?.shadowRoot?.firstElementChild;
    // What is there when a frame begins is in that frame; a task of its own comes after it was drawn.
    if (inside && moments.skeleton === undefined && !findNames()) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (moments.skeleton ??= performance.now());
      port2.postMessage(null);
    }
    const control = findNames();
    if (control === null) return requestAnimationFrame(frame);
    moments.exists = performance.now();
    control.addEventListener("input", () => (moments.taken ??= performance.now()), { once: true });
    control.focus();
  };
  requestAnimationFrame(frame);
}

async function run(browser, address) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  const throughput = bitsPerSecond / 8;
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  let bytes = 0;
  let requests = 0;
  devtools.on("Network.requestWillBeSent", ({ request }) => (requests += request.url.startsWith("http") ? 1 : 0));
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.addInitScript(defineFindNames);
  await page.addInitScript(watch);

  await page.goto(address, { waitUntil: "commit" });
  const deadline = Date.now() + 60_000;
  let moments = {};
  while (moments.taken === undefined) {
    if (Date.now() > deadline) throw new Error("the form has not taken a key in 60 s");
    // A key that finds nothing focused does nothing; the first that changes the control counts.
    await page.keyboard.press("a");
    await page.waitForTimeout(10);
    moments = await page.evaluate(() => globalThis.moments ?? {});
  }
  await page.waitForLoadState("networkidle");
  const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  await context.close();
  return { bytes, requests, painted, ...moments };
}

const assets = mkdtempSync(join(tmpdir(), "certquote-start-"));
cpSync(dist, assets, { recursive: true });
writeFileSync(join(assets, "portal.html"), PORTAL);
const server = await startServer(["--assets", assets]);
try {
  for (const [path, what] of [
    ["/portal.html", "a portal's page with the script and one <cert-quote>"],
    ["/", "the project's own page, which preloads"],
  ]) {
    const results = [];
    for (let i = 0; i < runs; i += 1) {
      const browser = await launch();
      if (i === 0) console.log(`${machine(browser)}\n${what}: ${bitsPerSecond / 1e6} Mbit/s, ${latency} ms, CPU slowed ${cpu} times, empty cache, ${runs} runs`);
      results.push(await run(browser, server.url + path));
      await browser.close();
    }
    const row = (name, key) => {
      const values = results.map((result) => result[key]);
      // A page that has the form before its first frame shows no skeleton.
      return [name, ...(values.includes(undefined) ? ["–", "–", "–"] : [Math.min(...values), median(values), Math.max(...values)])];
    };
    table([
      ["", "min", "median", "max"],
      row("bytes over the wire, headers included", "bytes"),
      row("requests", "requests"),
      row("first contentful paint of the page, ms", "painted"),
      row("the skeleton is painted, ms", "skeleton"),
      row("the control exists, ms", "exists"),
      row("a key press has changed it, ms", "taken"),
    ]);
    console.log();
  }
} finally {
  await server.stop();
  rmSync(assets, { recursive: true });
}
