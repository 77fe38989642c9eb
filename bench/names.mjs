// Pastes 5,000 names and types on, in the form and in a bare <textarea> for reference: time from the key to the frame
// that shows its effect. `cargo xtask bench names [-- --runs 7 --cpu 4]`
import { defineFindNames, launch, machine, median, option, table, url } from "./support/lib.mjs";

const runs = option("runs", 7);
const count = option("names", 5000);
const cpu = option("cpu", 1);
const keys = 8;

const bare = `<!doctype html><html lang="en"><meta charset="utf-8"><title>reference</title>
<label>DNS names <textarea rows="8" cols="60"></textarea></label></html>`;
const names = Array.from({ length: count }, (_, i) => `host-${i}.department-${i % 37}.example.com`).join("\n");

/** In the page: from the key's own time stamp to the first task after the frame that follows its event. */
function watchFrames() {
  globalThis.frames5k = [];
  let keyAt = 0;
  addEventListener("keydown", (event) => (keyAt = event.timeStamp), true);
  const measure = (event) => {
    const start = keyAt;
    const { type } = event;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.frames5k.push({ type, ms: performance.now() - start });
      channel.port2.postMessage(null);
    });
  };
  addEventListener("paste", measure, true);
  addEventListener("input", (event) => event.inputType !== "insertFromPaste" && measure(event), true);
  globalThis.slowest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.slowest = Math.max(globalThis.slowest, entry.duration);
  }).observe({ type: "event", durationThreshold: 16 });
}

async function measured(page, type, press) {
  const before = await page.evaluate(() => globalThis.frames5k.length);
  await page.evaluate(() => (globalThis.slowest = 0));
  await press();
  await page.waitForFunction((n) => globalThis.frames5k.length > n, before, { timeout: 60_000 });
  // Event Timing reports after the frame; it is the browser's own view of the same.
  await page.waitForTimeout(100);
  const [found, slowest] = await page.evaluate(() => [globalThis.frames5k.at(-1), globalThis.slowest]);
  if (found.type !== type) throw new Error(`expected ${type}, saw ${found.type}`);
  return { ms: found.ms, interaction: slowest };
}

async function run(browser, path) {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.route("**/reference-textarea", (route) => route.fulfill({ contentType: "text/html", body: bare }));
  await page.addInitScript(defineFindNames);
  await page.addInitScript(watchFrames);
  await page.goto(url + path);
  await page.waitForFunction(() => findNames() !== null);
  if (cpu > 1) {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  }
  await page.evaluate((text) => navigator.clipboard.writeText(text), names);
  await page.evaluate(() => findNames().focus());
  await page.waitForTimeout(300);
  const paste = await measured(page, "paste", () => page.keyboard.press("Control+V"));
  // The control may have been replaced by what shows a long list; typing goes on where a person would.
  await page.evaluate(() => findNames().focus());
  const typed = [];
  for (let i = 0; i < keys; i += 1) typed.push(await measured(page, "input", () => page.keyboard.press("x")));
  await context.close();
  return {
    paste: paste.ms,
    pasteInteraction: paste.interaction,
    type: median(typed.map(({ ms }) => ms)),
    typeWorst: Math.max(...typed.map(({ ms }) => ms)),
  };
}

const browser = await launch();
const form = [];
const reference = [];
await run(browser, "/reference-textarea"); // The first page of a browser pays for its start.
for (let i = 0; i < runs; i += 1) {
  form.push(await run(browser, "/"));
  reference.push(await run(browser, "/reference-textarea"));
}
console.log(machine(browser));
console.log(`${count} names, CPU slowed ${cpu} times, ${runs} runs, medians (min); ms from the key to the frame after it\n`);
await browser.close();

const figures = (results, key) => results.map((result) => result[key]);
const row = (name, key) => {
  const [ours, theirs] = [figures(form, key), figures(reference, key)];
  const difference = median(ours) - median(theirs);
  const both = (values) => `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)})`;
  return [name, both(ours), both(theirs), difference.toFixed(1), (median(ours) / median(theirs)).toFixed(2)];
};
table([
  ["", "form", "bare textarea", "difference", "ratio"],
  row("paste", "paste"),
  row("paste, Event Timing duration", "pasteInteraction"),
  row(`type on, median of ${keys} keys`, "type"),
  row("type on, slowest key", "typeWorst"),
]);
