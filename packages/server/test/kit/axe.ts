import axe from "axe-core";
import type { Page } from "playwright-core";

export type Scheme = "light" | "dark";

/** A row or a tile that is a link as a whole is named by what it leads to, not by everything that stands in it. */
const NOT_MEANT: axe.RuleObject = { "label-content-name-mismatch": { enabled: false } };

/**
 * What axe finds wrong with the page as it stands, of any impact, a line each. In the dark only the colours are looked
 * at: everything else is as in the light.
 */
export async function axeProblems(page: Page, scheme: Scheme = "light"): Promise<string[]> {
  await page.emulateMedia({ colorScheme: scheme });
  // By the debugger, so the page's own content security policy stays as it is.
  await page.evaluate(axe.source);
  const options: axe.RunOptions =
    scheme === "dark" ? { runOnly: { type: "rule", values: ["color-contrast"] } } : { rules: NOT_MEANT };
  const { violations } = await page.evaluate(
    (chosen) =>
      (window as unknown as { axe: typeof axe }).axe.run(document, { ...chosen, resultTypes: ["violations"] }),
    options,
  );
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const why = failureSummary?.split("\n").slice(1).join(" ").replaceAll(/\s+/g, " ").trim();
      return `${scheme}: ${impact} ${id} at ${target.join(" ")}: ${why}`;
    }),
  );
}

/** Light and dark. */
export async function axeProblemsInBoth(page: Page): Promise<string[]> {
  const light = await axeProblems(page, "light");
  const dark = await axeProblems(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark];
}

/** Resolves once nothing on the page says that it is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null);
}
