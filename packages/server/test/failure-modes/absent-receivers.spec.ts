import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, settled, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
/** Takes connections and never answers. */
let silent: Server;
beforeAll(async () => {
  silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  kit = await twoServers({
    environment: {
      SLUICE_WEBHOOKS_PRIVATE: "on",
      SLUICE_SMTP_URL: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      SLUICE_MAIL_FROM: "sluice@example.org",
    },
  });
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  silent.close();
});

describe("receivers that are not there", { timeout: 120_000 }, () => {
  it("F16: gates are decided all the same, and each delivery that does not arrive can be seen", async () => {
    const { port } = silent.address() as AddressInfo;
    for (const address of [`http://127.0.0.1:${port}/silent`, "http://127.0.0.1:1/closed"]) {
      const input = { url: address, eventTypes: ["APPROVAL_REQUESTED", "APPROVAL_GRANTED"] };
      const made = await mutate(kit, kit.servers[0], "createWebhook", input);
      expect(made.__typename, made.message).toBe("CreateWebhookSuccess");
    }
    for (let index = 0; index < 3; index++) {
      const gate = await waitingGate(kit, kit.servers[0], 2);
      const answer = await mutate(kit, kit.either(index), "approveStep", { stepId: gate.stepId, topK: 1 });
      expect(answer.__typename).toBe("ApproveStepSuccess");
      expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    }
    const failed = async (): Promise<readonly Delivery[]> => {
      const { webhooks } = await kit.graphql<{
        webhooks: { url: string; deliveries: { edges: { node: Delivery }[] } }[];
      }>(
        kit.servers[1],
        `{ webhooks { url deliveries(first: 100) { edges { node { status error attempts { error } } } } } }`,
      );
      const closed = webhooks.find(({ url }) => url.endsWith("/closed"));
      return (closed?.deliveries.edges ?? []).map(({ node }) => node).filter(({ attempts }) => attempts.length > 0);
    };
    // Requested twice and granted once, three times over; each has been tried, and says why it did not arrive.
    await expect.poll(async () => (await failed()).length).toBe(9);
    for (const { status, error } of await failed()) {
      expect(status).toBe("PENDING");
      expect(error).toMatch(/\S/);
    }
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });
});

interface Delivery {
  readonly status: string;
  readonly error: string | null;
  readonly attempts: readonly { readonly error: string | null }[];
}
