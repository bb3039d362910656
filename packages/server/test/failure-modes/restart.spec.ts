import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { applyTextPipeline, mutate, runOf, settled, waitingGate } from "../kit/waiting-gate.ts";

let kit: ProcessKit;
beforeAll(async () => {
  kit = await processKit();
  // Migrates, so that two can start at once.
  await (await kit.server()).end("SIGTERM");
});
afterAll(() => kit[Symbol.asyncDispose]());

it.each(["SIGKILL", "SIGTERM"] as const)(
  "F8: %s of both servers while gates wait: the same requests wait afterwards, and nothing was done to their runs",
  async (signal) => {
    const start = (): Promise<[ServerProcess, ServerProcess]> =>
      Promise.all([kit.server({ worker: "embedded" }), kit.server({ worker: "embedded" })]);
    const before = await start();
    await applyTextPipeline(kit, before[0]);
    const gates = [await waitingGate(kit, before[0], 2), await waitingGate(kit, before[0], 3)];
    const first = await mutate(kit, before[0], "approveStep", { stepId: gates[0]!.stepId, topK: 1, comment: "Kept." });
    expect(first.__typename).toBe("ApproveStepSuccess");
    expect(await settled(kit, gates[0]!.run)).toBe("WAITING_FOR_APPROVAL");
    const [waiting, states] = [await inbox(before[0]), await logs()];
    expect(waiting.length).toBeGreaterThanOrEqual(2);
    await Promise.all(before.map((server) => server.end(signal)));

    const after = await start();
    // Both have looked at every run when they say that they are there; a run made now is made by their workers.
    const fresh = await waitingGate(kit, after[1], 2);
    await mutate(kit, after[1], "abortRun", { runId: fresh.runId });
    for (const server of after) expect(await inbox(server)).toEqual(waiting);
    expect((await logs()).filter(({ id }) => id !== fresh.run)).toEqual(states);
    const late = await mutate(kit, after[1], "approveStep", { stepId: gates[1]!.stepId, topK: 1 });
    expect(late.__typename).toBe("ApproveStepSuccess");
    expect(await settled(kit, gates[1]!.run)).toBe("WAITING_FOR_APPROVAL");
    expect((await runOf(kit, gates[1]!.run)).events).toMatchObject({ candidate_created: 6, gate_opened: 1 });
    expect(await brokenRunRules(kit.db)).toEqual([]);
    await Promise.all(after.map((server) => server.end("SIGTERM")));
  },
  // Each starts two servers twice.
  240_000,
);

async function inbox(server: ServerProcess): Promise<unknown[]> {
  const { approvals } = await kit.graphql<{ approvals: { edges: { node: unknown }[] } }>(
    server,
    `{ approvals(first: 100) { edges { node { id requestedAt step { id comment rankingVersion } run { id status } } } } }`,
  );
  return approvals.edges.map(({ node }) => node);
}

/** How far each run's log goes: nothing that is written to a run leaves it as it was. */
const logs = (): Promise<{ id: number }[]> =>
  kit.db.many(`SELECT id, status, event_seq AS "eventSeq" FROM pipeline_runs ORDER BY id`);
