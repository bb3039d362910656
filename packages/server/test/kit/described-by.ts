import type { Locator } from "playwright-core";

/** What a screen reader says of a control after its name. */
export function describedBy(control: Locator): Promise<string> {
  return control.evaluate((element) => {
    const ids = element.getAttribute("aria-describedby")?.split(" ") ?? [];
    return ids.flatMap((id) => document.getElementById(id)?.textContent ?? []).join(" ");
  });
}
