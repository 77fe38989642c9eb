// `<cert-history>` with 100,000 adjustments, and its reading, sorting and memory beside the browser's own with the same
// rows. `cargo xtask bench history [-- --rows 100000 --runs 7]`
import { launch, machine, median, option, table } from "./support/lib.mjs";
import { defineAccount, defineRows } from "./support/account.mjs";
import { buildRows } from "./support/rows.mjs";
import { startServer } from "./support/server.mjs";
import { longestTask } from "./support/tasks.mjs";

const rows = option("rows", 100_000);
const runs = option("runs", 7);
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>History</title><link rel="icon" href="data:,">
<script type="module" src="/certquote.js"></script><cert-history></cert-history></html>`;
const BARE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Rows</title><link rel="icon" href="data:,"></html>';

const server = await startServer(["--sandbox-adjustments", String(rows)]);
const browser = await launch();

/** A page of the server's origin with this body; pages of the benchmark's own are under no policy. */
async function open(html, ...inits) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  await page.route("**/bench", (route) => route.fulfill({ contentType: "text/html", body: html }));
  for (const init of inits) await page.addInitScript(init);
  await page.goto(`${server.url}/bench`);
  return page;
}

/** From the end of the first answer to the frame that shows rows. */
async function firstRows() {
  const page = await open(PAGE, defineAccount);
  const ms = await page.evaluate(() => account.firstRows());
  await page.context().close();
  return ms;
}

/** The whole history in the element: loading, sorting, filtering, scrolling. */
async function element() {
  const page = await open(PAGE, defineAccount);
  await page.evaluate(() => account.firstRows());
  const before = await page.evaluate(() => account.wasmMemory());
  const loading = await longestTask(page, () => page.evaluate((rows) => account.loadAll(rows), rows));
  const growth = (await page.evaluate(() => account.wasmMemory())) - before;
  const sort = [];
  for (let i = 0; i < runs; i += 1) sort.push(await page.evaluate(() => account.sort("Amount")));
  const filter = [];
  for (let i = 0; i < runs; i += 1) filter.push(await page.evaluate((i) => account.filter(i), i));
  await page.evaluate(() => account.filter(-1));
  const scrolling = await longestTask(page, () => page.evaluate(() => account.scroll()));
  const memory = await page.evaluate(() => account.wasmMemory());
  const elements = await page.evaluate(() => account.rowElements());
  await page.context().close();
  return { loading, growth, sort, filter, scrolling, memory, elements };
}

/** The same bytes through the widget's reader and the browser's. */
async function reading(module) {
  const page = await open(BARE, defineRows);
  await page.evaluate((rows) => account.fetchAll(rows), rows);
  await page.evaluate((bytes) => account.instantiate(bytes), [...module]);
  const times = await page.evaluate((runs) => account.times(runs), runs);
  const devtools = await page.context().newCDPSession(page);
  const heap = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize;
  };
  await page.evaluate(() => account.forget());
  const before = await heap();
  await page.evaluate(() => account.keepObjects());
  const objects = (await heap()) - before;
  const ledger = await page.evaluate(() => account.keepLedger());
  await page.context().close();
  return { ...times, objects, ledger };
}

try {
  const module = buildRows();
  await firstRows(); // The first page of a browser pays for its start.
  const first = [];
  for (let i = 0; i < runs; i += 1) first.push(await firstRows());
  const whole = await element();
  const same = await reading(module);

  console.log(machine(browser));
  console.log(`${rows} rows, ${runs} runs, medians; ms unless said otherwise\n`);
  const ms = (value) => value.toFixed(1);
  const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  // By the clock a task is longer where other programs take the CPU.
  const task = ({ longest, cpu }) => `${ms(longest)} (CPU ${ms(cpu)})`;
  const ratio = (ours, theirs) => (ours / theirs).toFixed(2);
  table([
    ["", "figure", "aim"],
    ["first answer's end to rows painted", ms(median(first)), "50"],
    ["all rows loaded, from the click", ms(whole.loading.result), ""],
    ["longest task while loading", task(whole.loading), "50"],
    ["longest task while scrolling from top to bottom", task(whole.scrolling), "50"],
    ["click on a column to sorted rows painted", ms(median(whole.sort)), ""],
    ["choice of a type to filtered rows painted", ms(median(whole.filter)), ""],
    ["row elements in the table", whole.elements, "200"],
    ["wasm memory of the page", mb(whole.memory), ""],
  ]);
  console.log("");
  table([
    [`the same ${mb(same.bytes)} of JSON`, "widget", "browser", "ratio", "aim"],
    ["reading alone / JSON.parse", ms(same.decode), ms(same.parse), ratio(same.decode, same.parse), "1.2"],
    ["reading into the ledger / JSON.parse", ms(same.load), ms(same.parse), ratio(same.load, same.parse), "1.2"],
    ["sort by amount / Array.prototype.sort of numbers", ms(same.sort), ms(same.jsSort), ratio(same.sort, same.jsSort), "0.5"],
    ["memory of the ledger / of the objects", mb(same.ledger), mb(same.objects), ratio(same.ledger, same.objects), "1.5"],
    ["growth of the page's wasm memory / of the objects", mb(whole.growth), mb(same.objects), ratio(whole.growth, same.objects), "1.5"],
  ]);
} finally {
  await browser.close();
  await server.stop();
}
