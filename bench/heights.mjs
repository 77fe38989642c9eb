// How high the elements are when they come up, by their width: what the loader keeps free for them. Written to
// `package/loader/heights.json`, for the next build. Run it when the look of an element changes.
// `cargo xtask bench heights`
import { writeFileSync } from "node:fs";
import { launch, url } from "./support/lib.mjs";

/** From the least width on, `[width, height]` wherever the height changes; in the page. */
async function measure(tag) {
  const { preload } = await import(new URL("/certquote.js", location.href).href);
  await preload();
  const element = document.createElement(tag);
  // What comes up first, for as long as it takes.
  element.transport = () => new Promise(() => {});
  document.body.replaceChildren(element);
  while (element.shadowRoot.querySelector("[part]") === null) await new Promise((done) => setTimeout(done));
  const steps = [];
  for (let width = 280; width <= 1440; width += 4) {
    element.style.width = `${width}px`;
    const height = element.offsetHeight;
    if (height !== steps.at(-1)?.[1]) steps.push([steps.length === 0 ? 0 : width, height]);
  }
  return steps;
}

const browser = await launch();
const page = await browser.newPage({ locale: "en-US" });
await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: '<!doctype html><html lang="en"><title>Empty</title>' }));
await page.goto(new URL("/empty", url).href);
const lines = [];
for (const tag of ["cert-quote", "cert-balance", "cert-history"]) lines.push(`  "${tag}": ${JSON.stringify(await page.evaluate(measure, tag))}`);
await browser.close();
writeFileSync(new URL("../package/loader/heights.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
console.log(lines.join("\n"));
