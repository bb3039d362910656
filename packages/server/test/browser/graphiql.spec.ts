import { afterAll, beforeAll, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";

let kit: BrowserKit;
beforeAll(async () => {
  kit = await browserKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

it("GraphiQL at /graphql works offline, within its own content security policy", async () => {
  const page = await kit.window("ada");
  await page.goto(`${kit.url}/graphql?query=${encodeURIComponent("{ viewer { name } }")}`);
  await page.getByRole("button", { name: /execute/i }).click();
  await page
    .getByLabel("Operation Response")
    .or(page.getByRole("region", { name: "Result" }))
    .getByText('"ada"')
    .first()
    .waitFor();
  expect(kit.pageErrors).toEqual([]);
});
