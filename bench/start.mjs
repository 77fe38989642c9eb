// Cold start on a slow line and a slow machine: bytes over the wire, first contentful paint, and when the form has taken
// a key press. `cargo xtask bench start [-- --runs 7]`
import { defineFindNames, launch, machine, median, option, table, url } from "./support/lib.mjs";

const runs = option("runs", 7);
const cpu = option("cpu", 4);
const latency = option("latency", 150);
const bitsPerSecond = option("mbit", 1.6) * 1e6;

/** In the page: notes when the control exists, and when its value first changes. */
function watchForm() {
  globalThis.moments = {};
  const timer = setInterval(() => {
    const control = findNames();
    if (control === null) return;
    clearInterval(timer);
    globalThis.moments.exists = performance.now();
    control.addEventListener("input", () => (globalThis.moments.taken ??= performance.now()), { once: true });
    control.focus();
  }, 2);
}

async function run(browser) {
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
  await page.addInitScript(watchForm);

  await page.goto(`${url}/`, { waitUntil: "commit" });
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
  return { bytes, requests, painted, exists: moments.exists, taken: moments.taken };
}

const results = [];
let about = "";
for (let i = 0; i < runs; i += 1) {
  const browser = await launch();
  about = machine(browser);
  results.push(await run(browser));
  await browser.close();
}
console.log(about);
console.log(`${bitsPerSecond / 1e6} Mbit/s, ${latency} ms, CPU slowed ${cpu} times, empty cache, ${runs} runs\n`);
const row = (name, key) => {
  const values = results.map((result) => result[key] ?? Number.NaN);
  return [name, Math.min(...values), median(values), Math.max(...values)];
};
table([
  ["", "min", "median", "max"],
  row("bytes over the wire, headers included", "bytes"),
  row("requests", "requests"),
  row("first contentful paint, ms", "painted"),
  row("the control exists, ms", "exists"),
  row("a key press has changed it, ms", "taken"),
]);
