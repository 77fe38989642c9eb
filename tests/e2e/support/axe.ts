// axe-core on a whole page, open shadow roots included.
import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Fails with the rule, the element and the reason of every violation of WCAG 2.2 A and AA. */
export async function expectAccessible(page: Page, what = "accessibility violations"): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (values) => {
    const engine = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await engine.run(document, { runOnly: { type: "tag", values } });
    return violations.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
    );
  }, tags);
  expect(violations, what).toEqual([]);
}
