import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SluiceProcess } from "../kit/server-process.ts";
import { type TwoServers, twoServers, untilHeard } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, runOf, settled } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  // No worker: a step stays in the making until a test starts one.
  kit = await twoServers({ worker: "off" });
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

interface NewRun {
  readonly id: string;
  readonly number: number;
  readonly steps: readonly { readonly id: string }[];
}

async function newRun(): Promise<NewRun> {
  const { createRun } = await kit.graphql<{ createRun: { run: NewRun } }>(
    kit.servers[0],
    `mutation { createRun(input: { pipeline: "Text", prompt: "a bakery", defaultTopK: 2, reviewFirstStep: true }) {
       ... on CreateRunSuccess { run { id number steps { id } } } } }`,
  );
  return createRun.run;
}

/** Runs of this file are made one after the other, by a worker that ends with the test. */
async function makeCandidates(): Promise<AsyncDisposable> {
  const worker: SluiceProcess = await kit.worker();
  return { [Symbol.asyncDispose]: async () => void (await worker.end("SIGTERM")) };
}

describe("an answer that comes before it is asked for", { timeout: 120_000 }, () => {
  it("F7: an approval of a step that still generates is refused, and not applied later", async () => {
    const run = await newRun();
    const [first, second] = run.steps;
    for (const index of [0, 1, 0, 1]) {
      const early = await mutate(kit, kit.either(index), "approveStep", { stepId: first!.id, comment: "early" });
      expect(early).toMatchObject({ __typename: "StillGeneratingError" });
      expect(early.message).toContain("is still generating: 3 jobs are queued or running");
    }
    expect(await mutate(kit, kit.servers[1], "approveStep", { stepId: second!.id, comment: "earlier" })).toMatchObject({
      __typename: "PreviousStepUnapprovedError",
    });
    {
      await using _worker = await makeCandidates();
      expect(await settled(kit, run.number)).toBe("WAITING_FOR_APPROVAL");
      // Whatever was sent before the question is gone: the first gate waits, with no word from anybody.
      const { events } = await runOf(kit, run.number);
      expect(events).toMatchObject({ approval_requested: 1 });
      expect(events).not.toHaveProperty("approval_granted");
      const answer = await mutate(kit, kit.servers[0], "approveStep", { stepId: first!.id, topK: 1 });
      expect(answer.__typename).toBe("ApproveStepSuccess");
      expect(await settled(kit, run.number)).toBe("WAITING_FOR_APPROVAL");
      expect((await runOf(kit, run.number)).events).toMatchObject({ approval_requested: 2, approval_granted: 1 });
    }
    const kept = await kit.db.many(
      `SELECT position, comment FROM pipeline_run_steps WHERE pipeline_run_id = $1 ORDER BY position`,
      [run.number],
    );
    expect(kept).toEqual([
      { position: 1, comment: null },
      { position: 2, comment: null },
    ]);
  });

  it("F7: a request that is announced can be answered at once, on the other server too", async () => {
    await using _worker = await makeCandidates();
    await using announced = await kit.follow<{
      approvalChanged: { status: string; step: { id: string; position: number; run: { number: number } } };
    }>(kit.servers[0], `subscription { approvalChanged { status step { id position run { number } } } }`);
    await untilHeard(announced, newRun);
    for (let round = 0; round < 5; round++) {
      const run = await newRun();
      const [request] = (
        await announced.until(
          ({ approvalChanged: { status, step } }) => status === "PENDING" && step.run.number === run.number,
        )
      ).slice(-1);
      const { step } = request!.approvalChanged;
      expect(step.position).toBe(1);
      const answer = await mutate(kit, kit.servers[1], "approveStep", { stepId: step.id, topK: 1 });
      expect(answer.__typename).toBe("ApproveStepSuccess");
      await settled(kit, run.number);
    }
  });
});
