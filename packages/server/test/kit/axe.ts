import axe from "axe-core";
import type { Page } from "playwright-core";

export type Scheme = "light" | "dark";

const OFF = { enabled: false };
/** A row or a tile that is a link as a whole is named by what it leads to, not by everything that stands in it. */
const NOT_MEANT: axe.RuleObject = { "label-content-name-mismatch": OFF };
/** The library gives a dialog a header of its own, which axe holds against the page behind it. */
const NOT_OF_DIALOGS: axe.RuleObject = { "landmark-no-duplicate-banner": OFF, "landmark-unique": OFF };
/** The editor's text takes the keyboard, and what scrolls around it need not. */
const EDITOR = ".cm-scroller";

/**
 * What axe finds wrong with the page as it stands, of any impact, a line each. In the dark only the colours are looked
 * at: everything else is as in the light. What lies behind an open dialog is not there for anybody, and not looked at;
 * nor is what lies around an open menu.
 */
export async function axeProblems(page: Page, scheme: Scheme = "light"): Promise<string[]> {
  await page.emulateMedia({ colorScheme: scheme });
  // By the debugger, so the page's own content security policy stays as it is; once for each page, as it is long.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const inDialog = (await page.getByRole("dialog").count()) > 0;
  const inMenu = !inDialog && (await page.getByRole("menu").count()) > 0;
  const rules = inDialog ? { ...NOT_MEANT, ...NOT_OF_DIALOGS } : NOT_MEANT;
  const options: axe.RunOptions =
    scheme === "dark" ? { runOnly: { type: "rule", values: ["color-contrast"] } } : { rules };
  const { violations } = await page.evaluate(
    ({ chosen, within, exclude }) => {
      const { axe: inPage } = window as unknown as { axe: typeof axe };
      return inPage.run({ include: [[within]], exclude: [[exclude]] }, { ...chosen, resultTypes: ["violations"] });
    },
    { chosen: options, within: inDialog ? '[role="dialog"]' : inMenu ? '[role="menu"]' : "html", exclude: EDITOR },
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
