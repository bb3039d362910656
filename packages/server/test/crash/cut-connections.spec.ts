import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { type Answer, applyPipeline, mutate, runOf, settled, waitingGate } from "../kit/waiting-gate.ts";

let kit: ProcessKit;
let server: ServerProcess;
beforeAll(async () => {
  kit = await processKit();
  server = await kit.server({ worker: "embedded" });
});
afterAll(() => kit[Symbol.asyncDispose]());

it("A4: generation goes on when the database cuts every connection, again and again", async () => {
  const step = (name: string) => `{ name: ${name}, type: generate, generator: cppn, config: { size: 64 }, gate: auto }`;
  await applyPipeline(kit, server, "Pictures", [step("One"), step("Two")]);
  const started = kit.next("job_started");
  await mutate(kit, server, "createRun", {
    pipeline: "Pictures",
    prompt: "waves",
    maxChildrenPerNode: 6,
    defaultTopK: 4,
  });
  const { runId: run } = await started;
  const moments = [
    "job_started",
    "candidate_created",
    "job_started",
    "candidate_created",
    "candidate_created",
  ] as const;
  for (const moment of moments) {
    await kit.next(moment);
    // The test may hear of it when the connection it came by is cut already: the next one is meant.
    await kit.until(async () => (await kit.cutConnections()) > 0);
  }
  expect(await settled(kit, run)).toBe("COMPLETED");
  const { events } = await runOf(kit, run);
  // An outage is no failure of the generator.
  expect(events).toMatchObject({ candidate_created: 30, gate_opened: 2 });
  expect(events).not.toHaveProperty("job_failed");
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

it("A4: votes that were answered are kept when connections are cut, and the others can be cast again", async () => {
  await applyPipeline(kit, server, "Text", [
    "{ name: Draft, type: generate, generator: grammar }",
    "{ name: Refine, type: generate, generator: grammar }",
  ]);
  const gate = await waitingGate(kit, server, 6);
  const pairs = gate.candidates.flatMap((leftId, index) =>
    gate.candidates.slice(index + 1).map((rightId) => ({ leftId, rightId })),
  );
  for (let round = 0; round < 4; round++) {
    const voter = `voter ${round}`;
    const cast = (pair: object): Promise<Answer> =>
      mutate(kit, server, "castVote", { ...pair, outcome: "LEFT" }, voter);
    // Whoever gets an error instead of an answer casts the vote again: it counts once, whichever of the two it was.
    const recast = async (pair: object): Promise<string> => {
      for (;;) {
        try {
          return (await cast(pair)).__typename;
        } catch {
          // The answer was lost with the connection.
        }
      }
    };
    const cutting = kit.next("vote_cast").then(() => kit.cutConnections());
    const answers = await Promise.all(pairs.map(recast));
    await cutting;
    expect(answers.filter((name) => name !== "CastVoteSuccess" && name !== "DuplicateVoteError")).toEqual([]);
    const { votes } = await kit.db.one<{ votes: number }>(
      `SELECT count(*)::int AS votes FROM votes v JOIN actors a ON a.id = v.voter_id WHERE a.name = $1`,
      [voter],
    );
    expect(votes).toBe(pairs.length);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  }
  expect((await mutate(kit, server, "approveStep", { stepId: gate.stepId })).__typename).toBe("ApproveStepSuccess");
  expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
  expect(await brokenRunRules(kit.db)).toEqual([]);
  expect(await server.end("SIGTERM")).toBe(0);
  expect(await kit.db.many(`SELECT key FROM graphile_worker.jobs WHERE locked_at IS NOT NULL OR key IS NULL`)).toEqual(
    [],
  );
});
