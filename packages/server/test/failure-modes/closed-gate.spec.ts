import { checkStalls } from "@sluice/engine";
import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { textWorker } from "../kit/text-worker.ts";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, runOf, settled, type WaitingGate, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers({ worker: "off" });
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

interface Found {
  readonly status: string;
  readonly statusReason: string | null;
  readonly nextWork: { readonly mode: string; readonly message: string };
  /** Those that are open. */
  readonly alerts: readonly { readonly kind: string }[];
}

/** What the other server than the one that acts says of a run. */
async function found(runId: string): Promise<Found> {
  const { run } = await kit.graphql<{ run: Found }>(
    kit.servers[1],
    `query ($id: ID!) { run(id: $id) { status statusReason nextWork { mode message } alerts { kind } } }`,
    { id: runId },
  );
  return run;
}

async function newRun(input: object): Promise<{ id: string; number: number; steps: readonly { id: string }[] }> {
  const { createRun } = await kit.graphql<{
    createRun: { run: { id: string; number: number; steps: { id: string }[] } };
  }>(
    kit.servers[0],
    `mutation ($input: CreateRunInput!) { createRun(input: $input) { ... on CreateRunSuccess { run { id number steps { id } } } } }`,
    { input: { pipeline: "Text", prompt: "a bakery", maxChildrenPerNode: 2, ...input } },
  );
  return createRun.run;
}

const beyond = async ({ run }: Pick<WaitingGate, "run">): Promise<number> =>
  (
    await kit.db.one<{ jobs: number }>(
      `SELECT count(*)::int AS jobs FROM jobs WHERE pipeline_run_id = $1 AND parent_id IS NOT NULL`,
      [run],
    )
  ).jobs;

describe("a gate that is closed", { timeout: 120_000 }, () => {
  it("F4: lets nothing through: not a retry, a replacement, a second start, nor a worker that dies", async () => {
    let failures = 1;
    await using _worker = await textWorker(kit, ({ ordinal }) => {
      if (ordinal === 2 && failures-- > 0) throw new Error("not this time");
      return `text ${ordinal}`;
    });
    const gate = await waitingGate(kit, kit.servers[0], 3);
    expect(await beyond(gate)).toBe(0);

    const ways: readonly (() => Promise<unknown>)[] = [
      () => mutate(kit, kit.servers[1], "retryFailedJobs", { stepId: gate.stepId }),
      () => mutate(kit, kit.servers[0], "rejectCandidate", { candidateId: gate.candidates[0] }),
      // Each start looks at every run and takes it as far as it goes.
      async () => void (await (await kit.server({ worker: "embedded" })).end("SIGTERM")),
      async () => void (await (await kit.worker()).end("SIGKILL")),
      async () => void (await (await kit.worker()).end("SIGTERM")),
      () => mutate(kit, kit.servers[1], "createRun", { pipeline: "Text", prompt: "another" }),
    ];
    for (const way of ways) {
      await way();
      expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
      expect(await beyond(gate)).toBe(0);
      const { events } = await runOf(kit, gate.run);
      expect(events).not.toHaveProperty("gate_opened");
    }
    expect((await mutate(kit, kit.servers[0], "approveStep", { stepId: gate.stepId, topK: 1 })).__typename).toBe(
      "ApproveStepSuccess",
    );
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    expect(await beyond(gate)).toBe(3);
  });

  it("F4: stays closed for good once it was rejected, whatever is tried or started", async () => {
    await using _worker = await textWorker(kit);
    const gate = await waitingGate(kit, kit.servers[0], 2);
    expect((await mutate(kit, kit.servers[0], "rejectStep", { stepId: gate.stepId })).__typename).toBe(
      "RejectStepSuccess",
    );
    const tried = [
      await mutate(kit, kit.servers[1], "approveStep", { stepId: gate.stepId }),
      await mutate(kit, kit.servers[1], "approveAllRemaining", { runId: gate.runId }),
      await mutate(kit, kit.servers[1], "retryFailedJobs", { stepId: gate.stepId }),
      await mutate(kit, kit.servers[1], "rejectCandidate", { candidateId: gate.candidates[0] }),
    ];
    expect(tried.filter(({ __typename }) => __typename.endsWith("Success"))).toEqual([]);
    await (await kit.server({ worker: "embedded" })).end("SIGTERM");
    expect(await found(gate.runId)).toMatchObject({ status: "REJECTED" });
    expect(await beyond(gate)).toBe(0);
  });
});

describe("a gate that nobody could ever open", { timeout: 120_000 }, () => {
  it("F5: all jobs of the step failed: the run ends with the reason, and an alert; retrying takes it up again", async () => {
    let broken = true;
    await using _worker = await textWorker(kit, ({ ordinal }) => {
      if (broken) throw new Error("the model is gone");
      return `text ${ordinal}`;
    });
    const run = await newRun({ reviewFirstStep: true });
    expect(await settled(kit, run.number)).toBe("FAILED");
    const failed = await found(run.id);
    expect(failed.statusReason).toContain("the model is gone");
    expect(failed.alerts).toEqual([{ kind: "GENERATION_FAILING" }]);

    broken = false;
    const retried = await mutate(kit, kit.servers[0], "retryFailedJobs", { stepId: run.steps[0]!.id });
    expect(retried.__typename).toBe("RetryFailedJobsSuccess");
    expect(await settled(kit, run.number)).toBe("WAITING_FOR_APPROVAL");
    expect((await found(run.id)).alerts).toEqual([]);
  });

  it("F5: K above what there is: all advance, and the run ends by itself with its last gate", async () => {
    await using _worker = await textWorker(kit);
    const run = await newRun({ reviewFirstStep: true });
    for (const { id } of run.steps) {
      expect(await settled(kit, run.number)).toBe("WAITING_FOR_APPROVAL");
      const answer = await mutate(kit, kit.servers[0], "approveStep", { stepId: id, topK: 1_000_000 });
      expect(answer.__typename).toBe("ApproveStepSuccess");
    }
    expect(await settled(kit, run.number)).toBe("COMPLETED");
  });

  it("F5: every candidate rejected: a person is asked, told why not to approve, and can end it", async () => {
    await using _worker = await textWorker(kit);
    const gate = await waitingGate(kit, kit.servers[0], 2);
    for (const candidateId of gate.candidates) {
      const rejected = await mutate(kit, kit.servers[1], "rejectCandidate", { candidateId, replace: false });
      expect(rejected.__typename).toBe("RejectCandidateSuccess");
    }
    expect(await found(gate.runId)).toMatchObject({
      status: "WAITING_FOR_APPROVAL",
      nextWork: { mode: "WAITING_FOR_APPROVAL" },
    });
    expect((await mutate(kit, kit.servers[0], "approveStep", { stepId: gate.stepId })).__typename).toBe(
      "NoCandidatesError",
    );
    expect((await mutate(kit, kit.servers[0], "rejectStep", { stepId: gate.stepId })).__typename).toBe(
      "RejectStepSuccess",
    );
  });

  it("F5: no worker makes the candidates: an alert tells what to look at", async () => {
    const run = await newRun({ reviewFirstStep: true });
    await kit.engine.pool.query(
      `UPDATE pipeline_run_steps SET last_progress_at = now() - interval '1 hour' WHERE pipeline_run_id = $1 AND position = 1`,
      [run.number],
    );
    // The servers look once a minute; what they would do is asked for now.
    await checkStalls(kit.engine);
    expect((await found(run.id)).alerts).toEqual([{ kind: "GENERATION_STALLED" }]);
    await using _worker = await textWorker(kit);
    expect(await settled(kit, run.number)).toBe("WAITING_FOR_APPROVAL");
    expect((await found(run.id)).alerts).toEqual([]);
  });
});
