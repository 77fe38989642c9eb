// Screenshots to look at: each state light and dark, on a phone and on a desk.
import { type Page } from "@playwright/test";
import { join } from "node:path";

const directory = process.env.CERTQUOTE_SHOTS ?? "test-results/shots";
const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };

/** Saves `NAME-phone-light.png` and its three siblings, and leaves the page as it was. */
export async function shots(page: Page, name: string): Promise<string[]> {
  const before = page.viewportSize();
  const files: string[] = [];
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const path = join(directory, `${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
      files.push(path);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before !== null) await page.setViewportSize(before);
  return files;
}
