import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Reader, subscribe, type Transport } from "./kit/readers.ts";
import type { ServerProcess } from "./kit/server-process.ts";
import { stalledGate } from "./kit/stalled-gate.ts";
import { textWorker } from "./kit/text-worker.ts";
import { type TwoServers, twoServers } from "./kit/two-servers.ts";
import { applyTextPipeline, mutate } from "./kit/waiting-gate.ts";

interface Changed {
  readonly alertChanged: { readonly id: string; readonly change: string; readonly cursor: string };
}
interface Alert {
  readonly id: string;
  readonly change: string;
  readonly cursor: string;
  readonly reminders: number;
  readonly escalatedTo: readonly string[];
  readonly acknowledgedBy: { readonly name: string } | null;
  readonly changedBy: { readonly name: string } | null;
}

const CHANGES = `subscription ($after: String) { alertChanged(after: $after) { id change cursor } }`;

let kit: TwoServers;
let worker: AsyncDisposable;
beforeAll(async () => {
  kit = await twoServers({ worker: "off" });
  worker = await textWorker(kit);
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await kit?.[Symbol.asyncDispose]();
});

const follow = (server: ServerProcess, transport: Transport, after: string | null): Promise<Reader<Changed>> =>
  subscribe<Changed>({ url: server.url, token: kit.token }, transport, CHANGES, { after }, { url: server.url });
const next = async (reader: Reader<Changed>): Promise<Changed["alertChanged"]> => (await reader.next()).alertChanged;
const end = async (): Promise<string> =>
  (await kit.graphql<{ alertCursor: string }>(kit.servers[0], "{ alertCursor }")).alertCursor;
const alertOf = async (id: string): Promise<Alert> =>
  (
    await kit.graphql<{ node: Alert }>(
      kit.servers[0],
      `query ($id: ID!) { node(id: $id) { ... on Alert { id change cursor reminders escalatedTo acknowledgedBy { id role name } changedBy { id role name } } } }`,
      { id },
    )
  ).node;

describe.each<Transport>(["websocket", "sse"])("alertChanged over %s", (transport) => {
  it("L2: a listener that was away, over kill -9 of its server, gets each change once and in order", async () => {
    const [first, second] = kit.servers;
    const doomed = await kit.server();
    const start = await end();
    const reader = await follow(doomed, transport, start);
    const one = await stalledGate(kit, first);
    const two = await stalledGate(kit, second);
    // Both servers, and the doomed one, look for stalls: each is raised once.
    const seen = [await next(reader), await next(reader)];
    await reader.cut();
    await doomed.end("SIGKILL");

    const done = [
      mutate(kit, first, "acknowledgeAlert", { alertId: one.alertId }),
      mutate(kit, second, "snoozeAlert", { alertId: two.alertId, minutes: 30 }),
    ];
    for (const answer of done) expect((await answer).__typename).toMatch(/Success$/);
    await mutate(kit, second, "approveStep", { stepId: one.stepId, topK: 1 });
    const restarted = await kit.server();
    await using again = await follow(restarted, transport, seen.at(-1)!.cursor);
    while (seen.length < 5) seen.push(await next(again));
    await mutate(kit, first, "escalateAlert", { alertId: two.alertId, to: ["ada"] });
    seen.push(await next(again));

    const of = (id: string): string[] => seen.filter((each) => each.id === id).map(({ change }) => change);
    expect(of(one.alertId)).toEqual(["RAISED", "ACKNOWLEDGED", "RESOLVED"]);
    expect(of(two.alertId)).toEqual(["RAISED", "SNOOZED", "ESCALATED"]);
    expect(new Set(seen.map(({ cursor }) => cursor)).size).toBe(6);

    // The whole of it again, from the first cursor, in the same order.
    await using replay = await follow(first, transport, start);
    const replayed: Changed["alertChanged"][] = [];
    while (replayed.length < 6) replayed.push(await next(replay));
    expect(replayed).toEqual(seen);
    await mutate(kit, first, "approveStep", { stepId: two.stepId, topK: 1 });
    expect(await next(replay)).toMatchObject({ id: two.alertId, change: "RESOLVED" });
    await restarted.end("SIGTERM");
    // Three servers start in it.
  }, 120_000);

  it("begins with what follows where no cursor is given", async () => {
    const gate = await stalledGate(kit, kit.servers[0]);
    await using reader = await follow(kit.servers[1], transport, null);
    // The change is made until it hears it: what comes first may be a little of what was just before.
    const heard = reader.until(({ alertChanged }) => alertChanged.change === "SNOOZED");
    let told = false;
    void heard.finally(() => {
      told = true;
    });
    while (!told) {
      await mutate(kit, kit.servers[0], "snoozeAlert", { alertId: gate.alertId, minutes: 60 });
    }
    expect((await heard).at(-1)?.alertChanged).toMatchObject({ id: gate.alertId, change: "SNOOZED" });
    await mutate(kit, kit.servers[0], "rejectStep", { stepId: gate.stepId });
  });

  it.each([
    ["no cursor", "abc"],
    ["a cursor of a run's events", "12"],
  ])("refuses %s", async (_what, after) => {
    await using reader = await follow(kit.servers[0], transport, after);
    const { value } = await reader.result();
    expect(value?.errors?.[0]?.extensions).toEqual({ code: "BAD_CURSOR" });
    expect((await reader.result()).done).toBe(true);
  });
});

describe("alerts over the API", () => {
  it("shows who looks after an alert, and its last change with a cursor to go on from", async () => {
    const gate = await stalledGate(kit, kit.servers[0]);
    expect(await alertOf(gate.alertId)).toMatchObject({ change: "RAISED", acknowledgedBy: null, reminders: 0 });
    expect((await mutate(kit, kit.servers[1], "acknowledgeAlert", { alertId: gate.alertId }, "grace")).__typename).toBe(
      "AcknowledgeAlertSuccess",
    );
    const acknowledged = await alertOf(gate.alertId);
    expect(acknowledged).toMatchObject({ change: "ACKNOWLEDGED", acknowledgedBy: { name: "grace" } });
    expect(acknowledged.changedBy).toEqual(acknowledged.acknowledgedBy);
    await using reader = await follow(kit.servers[0], "websocket", acknowledged.cursor);
    await mutate(kit, kit.servers[0], "escalateAlert", { alertId: gate.alertId, to: ["role:owner"], comment: "Look." });
    expect(await next(reader)).toMatchObject({ id: gate.alertId, change: "ESCALATED" });
    expect((await alertOf(gate.alertId)).escalatedTo).toEqual(["role:owner"]);
    await mutate(kit, kit.servers[0], "rejectStep", { stepId: gate.stepId });
    for (const [name, input] of [
      ["acknowledgeAlert", {}],
      ["snoozeAlert", { minutes: 1 }],
      ["escalateAlert", { to: ["ada"] }],
    ] as const) {
      const answer = await mutate(kit, kit.servers[0], name, { alertId: gate.alertId, ...input });
      expect(answer.__typename).toBe("AlertResolvedError");
    }
  });

  it("answers with typed errors to what is not there or not allowed", async () => {
    const gate = await stalledGate(kit, kit.servers[0]);
    await kit.token("vic", { role: "VOTER" });
    const ask = (name: string, input: object) => mutate(kit, kit.servers[0], name, { alertId: gate.alertId, ...input });
    expect((await ask("acknowledgeAlert", { alertId: "nothing" })).__typename).toBe("NotFoundError");
    expect((await ask("snoozeAlert", {})).__typename).toBe("InvalidInputError");
    expect((await ask("escalateAlert", { to: ["role:king"] })).__typename).toBe("InvalidInputError");
    await mutate(kit, kit.servers[0], "rejectStep", { stepId: gate.stepId });
  });

  it("diagnoses a run that waits, with what to do", async () => {
    const gate = await stalledGate(kit, kit.servers[0]);
    const { run } = await kit.graphql<{
      run: { diagnosis: { code: string; action: string; step: { position: number } }[] };
    }>(
      kit.servers[1],
      `query ($id: ID!) { run(id: $id) { diagnosis { code message action since step { position } } } }`,
      { id: gate.runId },
    );
    expect(run.diagnosis).toMatchObject([{ code: "WAITING_FOR_APPROVAL", step: { position: 1 } }]);
    expect(run.diagnosis[0]?.action).toContain("can approve or reject it");
    await mutate(kit, kit.servers[0], "rejectStep", { stepId: gate.stepId });
  });
});
