// The examples, each started by its one command and used as a buyer would: `cargo xtask example NAME`.
import { execFile, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "./support/axe.ts";
import { overflow } from "./support/page.ts";
import { cleanEnv, dist } from "./support/paths.ts";
import { expect, failedToLoad, QuoteForm, tellAll, test } from "./support/quote.ts";

const root = dirname(dist);

type Example = { url: string; stop: () => Promise<unknown> };

/** Builds and serves an example; what it takes is the compiler's and npm's affair. */
async function start(name: string): Promise<Example> {
  const child = spawn("cargo", ["xtask", "example", name, "--port", "0"], {
    cwd: root,
    env: cleanEnv(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise((done) => child.once("close", done));
  const url = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`cargo xtask example ${name} ended (${code}):\n${said}`)));
    child.stderr.on("data", (chunk) => (said += chunk));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const address = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  // The command has become the server, so that the signal reaches it.
  return { url, stop: () => (child.kill("SIGTERM"), ended) };
}

// One worker for all of them: what is put together is put together once.
test.describe.configure({ mode: "default", timeout: 60_000 });

/** Tests of one example. */
function describe(name: string, tests: (desk: () => string) => void): void {
  test.describe(name, () => {
    let example: Example | undefined;
    test.beforeAll(async () => {
      test.setTimeout(300_000);
      example = await start(name);
    });
    test.afterAll(async () => {
      await example?.stop();
    });
    test.beforeEach(async ({ page }) => {
      await page.addInitScript(tellAll);
      await page.goto(`${example?.url}/`);
      await expect(page.getByRole("textbox", { name: "DNS names" })).toBeVisible();
    });
    tests(() => example?.url ?? "");

    test("fits a phone and a desk, and is accessible", async ({ page }) => {
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overflow(page), `${width} px`).toBe(0);
        await expectAccessible(page);
      }
    });
  });
}

/** What the host says of the order. */
const order = ".order";
const accept = "Order now";
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;

describe("plain", (desk) => {
  test("the script's draft is in the form, and the host says what it costs and that it was accepted", async ({ page }) => {
    const quote = new QuoteForm(page, desk());
    await expect(quote.names).toHaveValue("shop.example.com");
    await quote.price("shop.example.com www.shop.example.com");
    const { total, currency } = await quote.read("result");
    await expect(page.locator(order)).toHaveText(`${total} ${currency}`);
    await quote.element.getByRole("button", { name: accept }).click();
    await expect(page.locator(order)).toHaveText(new RegExp(`^Ordered for ${total} ${currency}\\. Reference ${uuid.source}$`));
  });

  test("all three elements have loaded, and a failure is told with its element", async ({ page, allowConsole }) => {
    allowConsole(failedToLoad);
    await expect(page.locator("cert-balance [data-field='balance']")).toBeVisible();
    await page.locator("cert-history").scrollIntoViewIfNeeded();
    await expect(page.locator("cert-history [data-adjustment]").first()).toBeVisible();
    const quote = new QuoteForm(page, desk());
    await quote.names.fill("denied.test");
    await quote.getQuote.click();
    await expect(page.locator(order)).toHaveText(/^cert-quote: ./);
  });
});

for (const [name, title] of [
  ["react", "React"],
  ["vue", "Vue"],
] as const) {
  describe(name, (desk) => {
    test("a template is a property in, and a quote is state out", async ({ page }) => {
      await expect(page.getByText(`certquote in ${title}`)).toBeVisible();
      const quote = new QuoteForm(page, desk());
      await page.getByRole("button", { name: "Wildcard" }).click();
      await expect(quote.names).toHaveValue("*.example.com\nexample.com");
      await expect(quote.product).toHaveValue("ssl_securesite_pro");
      await quote.getQuote.click();
      await expect(quote.line("total")).toBeVisible();
      const { total, currency } = await quote.read("result");
      await expect(page.locator(order)).toContainText(`${total} ${currency}`);
      await expect(page.locator(order)).toContainText("*.example.com, example.com");
      // The same template once more, over what the buyer made of it.
      await quote.names.fill("elsewhere.example.net");
      await page.getByRole("button", { name: "Wildcard" }).click();
      await expect(quote.names).toHaveValue("*.example.com\nexample.com");
    });

    test("another place and back keeps what was typed, and the host's own words", async ({ page }) => {
      const quote = new QuoteForm(page, desk());
      await quote.price("kept.example.com");
      await quote.names.fill("kept.example.com typed.example.com");
      const said = await page.locator(order).innerText();
      await page.getByRole("tab", { name: "History" }).click();
      await expect(page.locator("cert-history [data-adjustment]").first()).toBeVisible();
      await expect(quote.names).toBeHidden();
      await page.getByRole("tab", { name: "Quote" }).click();
      await expect(quote.names).toHaveValue(/^kept\.example\.com\s+typed\.example\.com$/);
      expect(await page.locator(order).innerText()).toBe(said);
    });

    test("an accepted quote reaches the host with its key", async ({ page }) => {
      const quote = new QuoteForm(page, desk());
      await quote.price();
      await quote.element.getByRole("button", { name: accept }).click();
      await expect(page.locator(order)).toContainText(uuid);
    });

    if (name === "react") {
      test("the types agree with the package's", async () => {
        const tsc = join(root, "node_modules/typescript/bin/tsc");
        await promisify(execFile)(process.execPath, [tsc, "--project", join(root, "examples/react")]);
      });

    test("another key is another element, empty", async ({ page }) => {
      const quote = new QuoteForm(page, desk());
      await quote.price();
      await quote.element.evaluate((element) => ((window as any).before = element));
      await page.getByRole("button", { name: "Start over" }).click();
      await expect(quote.names).toHaveValue("");
      await expect(page.locator(order)).toHaveText("Nothing has been priced yet.");
      expect(await quote.element.evaluate((element) => element === (window as any).before)).toBe(false);
      // It prices like the first.
      await quote.price("again.example.com");
      await expect(page.locator(order)).toContainText("again.example.com");
    });

    test("each event is heard once, whatever StrictMode mounts twice", async ({ page }) => {
      const quote = new QuoteForm(page, desk());
      await quote.price();
      expect((await quote.told("cert-quote")).length).toBe(1);
      await expect(page.locator("cert-quote")).toHaveCount(1);
    });
    } else {
      test("a boolean that is bound is an attribute that comes and goes", async ({ page }) => {
        const quote = new QuoteForm(page, desk());
        await expect(quote.element).not.toHaveAttribute("live");
        await page.getByRole("checkbox", { name: "Price while typing" }).check();
        await expect(quote.element).toHaveAttribute("live");
        await quote.names.fill("live.example.com");
        await expect(page.locator(order)).toContainText("live.example.com");
      });
    }
  });
}

describe("htmx", (desk) => {
  const go = (page: Page, place: string) => page.getByRole("navigation").getByRole("button", { name: place }).click();

  test("a preserved element is the same one in every fragment, with its form, its figures and its state", async ({ page }) => {
    const quote = new QuoteForm(page, desk());
    await quote.price("kept.example.com");
    await quote.names.fill("kept.example.com typed.example.com");
    await page.evaluate(() => ((window as any).before = [...document.querySelectorAll("cert-quote, cert-balance")]));
    const result = await quote.read("result");
    await go(page, "History");
    await expect(page.locator("cert-history [data-adjustment]").first()).toBeVisible();
    await expect(quote.names).toBeHidden();
    await go(page, "Quote");
    await expect(quote.names).toBeVisible();
    await expect(page.locator("cert-history")).toHaveCount(0);
    await expect(quote.names).toHaveValue("kept.example.com typed.example.com");
    expect([await quote.state(), await quote.read("result")]).toEqual(["stale", result]);
    const same = () =>
      [...document.querySelectorAll("cert-quote, cert-balance")].map((element, at) => element === (window as any).before[at]);
    expect(await page.evaluate(same)).toEqual([true, true]);
    // It is alive, not just there.
    await quote.price("after.example.com");
  });

  test("an element that the server replaces is a new one, with the server's draft", async ({ page }) => {
    const quote = new QuoteForm(page, desk());
    await quote.price("before.example.com");
    await page.getByRole("button", { name: "Wildcard" }).click();
    await expect(quote.names).toHaveValue("*.example.com\nexample.com");
    await expect(quote.lines).toHaveCount(0);
    await expect(page.locator("cert-quote")).toHaveCount(1);
    await quote.getQuote.click();
    await expect(quote.line("total")).toBeVisible();
  });

  test("a quote and its acceptance fetch the server's own words, which is told what they are about", async ({ page }) => {
    const asked: URL[] = [];
    page.on("request", (request) => asked.push(new URL(request.url())));
    const told = (fragment: string) => asked.filter(({ pathname }) => pathname === `/fragments/${fragment}.html`);
    const quote = new QuoteForm(page, desk());
    await quote.price();
    await expect(page.locator(order)).toContainText("The price is on file.");
    const { total, currency } = await quote.read("result");
    expect(told("priced").map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([{ total, currency }]);
    await quote.element.getByRole("button", { name: accept }).click();
    await expect(page.locator(order)).toContainText("Ordered.");
    const [ordered, ...more] = told("ordered").map(({ searchParams }) => Object.fromEntries(searchParams));
    expect(ordered).toEqual({ total, currency, idempotency_key: expect.stringMatching(uuid) });
    expect(more).toEqual([]);
  });

  test("swaps to and fro leave one element of each kind, at work", async ({ page }) => {
    const quote = new QuoteForm(page, desk());
    for (let round = 0; round < 3; round += 1) {
      await go(page, "History");
      await expect(page.locator("cert-history")).toHaveCount(1);
      await go(page, "Quote");
      await expect(page.locator("cert-history")).toHaveCount(0);
    }
    await expect(page.locator("cert-quote, cert-balance")).toHaveCount(2);
    await quote.price();
  });
});

describe("yew", () => {
  // A component's host is no custom element: what is seen of it is what it shows.
  const names = (page: Page) => page.getByRole("textbox", { name: "DNS names" });
  const getQuote = (page: Page) => page.getByRole("button", { name: "Get quote", exact: true });

  test("a draft goes in as a property, and a typed quote and balance come out", async ({ page }) => {
    await page.getByRole("button", { name: "Wildcard" }).click();
    await expect(names(page)).toHaveValue("*.example.com\nexample.com");
    await getQuote(page).click();
    const total = page.locator('[data-line="total"]');
    await expect(total).toBeVisible();
    await expect(page.locator(order)).toContainText(`${await total.getAttribute("data-amount")} USD`);
    await expect(page.locator(order)).toContainText("The account covers it.");
  });

  test("an accepted quote reaches the host with its key", async ({ page }) => {
    await page.getByRole("button", { name: "Wildcard" }).click();
    await getQuote(page).click();
    await page.getByRole("button", { name: accept }).click();
    await expect(page.locator(order)).toContainText(new RegExp(`Ordered\\. Reference ${uuid.source}`));
  });

  test("another place and back keeps what was typed; what is shown anew loads anew", async ({ page }) => {
    await names(page).fill("typed.example.com");
    for (let round = 0; round < 2; round += 1) {
      await page.getByRole("tab", { name: "History" }).click();
      await expect(page.locator("[data-adjustment]").first()).toBeVisible();
      await page.getByRole("tab", { name: "Quote" }).click();
      await expect(names(page)).toHaveValue("typed.example.com");
    }
    await getQuote(page).click();
    await expect(page.locator(order)).toContainText("typed.example.com");
  });

  test("the inside is styled, and the application's styles stay out of it", async ({ page }) => {
    const radius = (button: Locator) => button.evaluate((element) => getComputedStyle(element).minHeight);
    expect(await radius(getQuote(page))).toBe("44px");
    expect(await radius(page.getByRole("button", { name: "Wildcard" }))).toBe("40px");
  });
});
