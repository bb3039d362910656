import { checkStalls } from "@sluice/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeProblemsInBoth, settled } from "../kit/axe.ts";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { routesOfDashboard } from "../kit/routes-of-dashboard.ts";
import { waitingRun } from "../kit/run-page.ts";
import { approve, mutate, stepOf } from "../kit/spec-runs.ts";

const HOUR = 3_600_000;

let kit: BrowserKit;
let ada: Page;
/** What stands in addresses for "$…". */
const parts: Record<string, string> = {};

beforeAll(async () => {
  kit = await browserKit({ webhooksPrivate: "on" });
  const run = await waitingRun(kit, 3);
  const other = await waitingRun(kit, 3);
  await approve(kit, other, 1, { topK: 2 });
  await checkStalls(kit.server.engine, new Date(Date.now() + 25 * HOUR));
  await mutate(kit, "createWebhook", { url: "http://127.0.0.1:9/hook", description: "chat", eventTypes: [] });
  await mutate(kit, "invitePerson", { role: "VOTER", email: "eve@example.org" });
  await mutate(kit, "createApiKey", { name: "nightly" });
  const hook = await kit.graphql<{ webhooks: readonly { id: string }[] }>("{ webhooks { id } }");
  parts.runId = run.id;
  parts.stepId = (await stepOf(kit, run, 1)).id;
  parts.webhookId = hook.webhooks[0]?.id ?? "";
  const { pipelines } = await kit.graphql<{ pipelines: { edges: readonly { node: { id: string; name: string } }[] } }>(
    "{ pipelines(first: 1) { edges { node { id name } } } }",
  );
  parts.pipelineId = pipelines.edges[0]?.node.id ?? "";
  parts.name = pipelines.edges[0]?.node.name ?? "";
  ada = await kit.window("ada");
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("every page", async () => {
  it.for(await routesOfDashboard())("%s: axe finds nothing, light or dark, and it fits a phone", async (path) => {
    const address = path.replaceAll(/\$(\w+)/g, (_, name: string) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`Say in this test what $${name} of ${path} may be.`);
      return encodeURIComponent(part);
    });
    await ada.goto(kit.url + address);
    await settled(ada);
    expect(await ada.title()).toMatch(/^(\(\d+\) )?.+ · Sluice$/);
    expect(await axeProblemsInBoth(ada)).toEqual([]);
    await ada.setViewportSize({ width: 390, height: 800 });
    expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await ada.setViewportSize({ width: 1280, height: 900 });
  });
});

describe("a dialog with a warning button", () => {
  it("has words that can be read on it, light and dark", async () => {
    await ada.goto(`${kit.url}/runs/${parts.runId}`);
    await ada.getByRole("button", { name: "Abort run…" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Abort run" }).waitFor();
    expect(await axeProblemsInBoth(ada)).toEqual([]);
  });
});
