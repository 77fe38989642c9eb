// The page stands: served, defined, without a word on the console, reachable with the keyboard.
import { expectAccessible } from "./support/axe.ts";
import { expect, test } from "./support/test.ts";

test("the page shows a form that takes names", async ({ page }) => {
  await page.goto("/");
  const names = page.getByRole("textbox", { name: "DNS names" });
  await names.fill("example.com www.example.com");
  await expect(names).toHaveValue(/www\.example\.com/);
});

test("wasm arrives as wasm, compressed, and once", async ({ page }) => {
  const wasm: string[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".wasm")) {
      const { "content-type": type, "content-encoding": encoding } = response.headers();
      wasm.push(`${response.status()} ${type} ${encoding}`);
    }
  });
  await page.goto("/");
  await expect(page.getByRole("textbox", { name: "DNS names" })).toBeVisible();
  expect(wasm).toEqual(["200 application/wasm br"]);
});

test("the untouched page has no accessibility violations", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("textbox", { name: "DNS names" })).toBeVisible();
  await expectAccessible(page);
});
