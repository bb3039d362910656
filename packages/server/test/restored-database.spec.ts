import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AHEAD, asIfRestored } from "@sluice/db/testing";
import { acknowledgeAlert, formatAlertCursor, parseAlertCursor } from "@sluice/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startListener } from "./kit/listener.ts";
import { overWebSocket } from "./kit/readers.ts";
import { type Received, type Receiver, receiver } from "./kit/receiver.ts";
import { type ProcessKit, processKit, type ServerProcess } from "./kit/server-process.ts";
import { stalledGate } from "./kit/stalled-gate.ts";
import { applyTextPipeline, mutate } from "./kit/waiting-gate.ts";

let kit: ProcessKit;
let hooked: Receiver;
let folder: string;
beforeAll(async () => {
  kit = await processKit();
  hooked = await receiver();
  folder = await mkdtemp(join(tmpdir(), "sluice-restored-"));
});
afterAll(async () => {
  await kit?.[Symbol.asyncDispose]();
  await hooked?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const startServer = (): Promise<ServerProcess> =>
  kit.server({ worker: "embedded", environment: { SLUICE_WEBHOOKS_PRIVATE: "on" } });
const told = (type: string): Promise<Received> => hooked.until(({ message }) => message.type === type);

it("a database restored into a cluster that has counted less tells on: what waited and what is new, each once", async () => {
  const state = join(folder, "cursor");
  const token = await kit.people.token("pager", { role: "VIEWER", scopes: ["VIEW"] });
  const listen = () => startListener(kit, ["--alerts", "--state", state], { SLUICE_TOKEN: token });

  let server = await startServer();
  await applyTextPipeline(kit, server);
  const hook = { url: hooked.url, eventTypes: [] };
  expect(await mutate(kit, server, "createWebhook", hook)).toMatchObject({ __typename: "CreateWebhookSuccess" });
  const gate = await stalledGate(kit, server);
  await told("alert.raised");
  const before = listen();
  const { cursor } = await before.next();
  await expect.poll(async () => (await readFile(state, "utf8").catch(() => "")).trim()).not.toBe("");
  await before.end("SIGTERM");
  await server.end("SIGTERM");
  // Behind what anybody has been told when the backup is made.
  const ada = await kit.db.one<{ id: number }>(`SELECT id FROM actors WHERE name = 'ada'`);
  const actor = { ...ada, name: "ada", role: "OWNER", scopes: null, channel: "API" } as const;
  const { id: alertId } = await kit.db.one<{ id: number }>(`SELECT id FROM alerts`);
  await acknowledgeAlert(kit.engine, actor, { alertId });

  await asIfRestored(kit.databaseUrl);
  // As the old cluster gave it out.
  const { xid, id } = parseAlertCursor(cursor);
  await writeFile(state, formatAlertCursor({ xid: xid + BigInt(AHEAD), id }));

  server = await startServer();
  await told("alert.acknowledged");
  await using after = listen();
  expect(await after.next()).toMatchObject({ id: gate.alertId, change: "ACKNOWLEDGED" });
  const events = `subscription ($run: ID!, $after: String) {
    runEvents(runId: $run, after: $after) { events { __typename } cursor } }`;
  const { run } = await kit.graphql<{ run: { eventCursor: string } }>(
    server,
    `query ($id: ID!) { run(id: $id) { eventCursor } }`,
    { id: gate.runId },
  );
  const { url } = server;
  const asked = { run: gate.runId, after: run.eventCursor };
  await using reader = await overWebSocket({ url, token: kit.people.token }, events, asked);
  const next = reader.next();
  expect(await mutate(kit, server, "approveStep", { stepId: gate.stepId })).toMatchObject({
    __typename: "ApproveStepSuccess",
  });
  expect(JSON.stringify(await next)).toContain("ApprovalEvent");
  expect(await after.next()).toMatchObject({ id: gate.alertId, change: "RESOLVED" });
  await told("approval.granted");
  await told("alert.resolved");
  // The second step's gate: what the worker makes after a restore is told as well.
  await hooked.until(({ message }) => message.type === "approval.requested" && message.data.text.includes("step 2"));
  expect(hooked.received.map(({ message }) => message.type).toSorted()).toEqual(
    [
      "alert.acknowledged",
      "alert.raised",
      "alert.resolved",
      "approval.granted",
      "approval.requested",
      "approval.requested",
    ].toSorted(),
  );
  expect(await server.end("SIGTERM")).toBe(0);
});
