import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import {
  applyTextPipeline,
  mutate,
  runOf,
  settled,
  tally,
  type WaitingGate,
  waitingGate,
} from "../kit/waiting-gate.ts";

let kit: ProcessKit;
/** Two processes on one database; the second makes the candidates too. */
let servers: [ServerProcess, ServerProcess];

beforeAll(async () => {
  kit = await processKit();
  // One after the other: the first migrates.
  const first = await kit.server();
  servers = [first, await kit.server({ worker: "embedded" })];
  await applyTextPipeline(kit, first);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

const server = (index: number): ServerProcess => servers[index % 2]!;
const scene = (n?: number): Promise<WaitingGate> => waitingGate(kit, servers[0], n);

/** Every job of the run's second step, which only an approval may have made. */
async function childJobs(run: number): Promise<{ jobs: number; slots: number; parents: number }> {
  return await kit.db.one(
    `SELECT count(*)::int AS jobs, count(DISTINCT (parent_id, ordinal))::int AS slots, count(DISTINCT parent_id)::int AS parents
     FROM jobs WHERE pipeline_run_id = $1 AND parent_id IS NOT NULL`,
    [run],
  );
}

describe("simultaneous decisions, from two server processes", () => {
  it("G11: of 50 approvals one succeeds, 49 get a typed error; one event, each job once", async () => {
    const gate = await scene();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        mutate(kit, server(index), "approveStep", { stepId: gate.stepId, topK: 2 }, `approver ${index % 5}`),
      ),
    );
    expect(tally(answers)).toEqual({ ApproveStepSuccess: 1, ApprovalFinalError: 49 });
    for (const { message } of answers.filter(({ __typename }) => __typename === "ApprovalFinalError")) {
      expect(message).toBe("Approvals cannot be reverted. Create new run for different configuration.");
    }
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    expect((await runOf(kit, gate.run)).events).toMatchObject({ approval_granted: 1, gate_opened: 1 });
    expect(await childJobs(gate.run)).toEqual({ jobs: 8, slots: 8, parents: 2 });
  });

  it("G11: approvals with different K: the one that won decides how many advance", async () => {
    const gate = await scene();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        mutate(kit, server(index), "approveStep", { stepId: gate.stepId, topK: 1 + (index % 4) }),
      ),
    );
    expect(tally(answers)).toEqual({ ApproveStepSuccess: 1, ApprovalFinalError: 19 });
    const winner = 1 + (answers.findIndex(({ __typename }) => __typename === "ApproveStepSuccess") % 4);
    expect(await childJobs(gate.run)).toMatchObject({ jobs: 4 * winner, parents: winner });
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
  });

  it("G11: approvals against rejections: one decision, and the run is what it says", async () => {
    for (let round = 0; round < 4; round++) {
      const gate = await scene(2);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          mutate(kit, server(index), (index + round) % 2 ? "approveStep" : "rejectStep", { stepId: gate.stepId }),
        ),
      );
      const { ApprovalFinalError, ...won } = tally(answers);
      expect(ApprovalFinalError).toBe(9);
      const approved = "ApproveStepSuccess" in won;
      expect(await settled(kit, gate.run)).toBe(approved ? "WAITING_FOR_APPROVAL" : "REJECTED");
      expect(await childJobs(gate.run)).toMatchObject({ jobs: approved ? 4 : 0 });
    }
  });

  it("G11, A5: approvals against an abort: either comes first, and nothing is in flight afterwards", async () => {
    for (let round = 0; round < 4; round++) {
      const gate = await scene(2);
      const abort = (index: number) => mutate(kit, server(index), "abortRun", { runId: gate.runId });
      const approve = (index: number) => mutate(kit, server(index), "approveStep", { stepId: gate.stepId });
      const [aborted, ...approvals] = await Promise.all(
        round % 2 ? [abort(0), approve(1), approve(0)] : [abort(1), approve(0), approve(1)],
      );
      expect(aborted!.__typename).toBe("AbortRunSuccess");
      for (const { __typename } of approvals) {
        expect(["ApproveStepSuccess", "ApprovalFinalError", "RunNotActiveError"]).toContain(__typename);
      }
      expect(await settled(kit, gate.run)).toBe("ABORTED");
    }
  });

  it("G9, G11: approve all remaining against approve: each gate is decided once, and the run ends", async () => {
    const gate = await scene(2);
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, (_, index) => mutate(kit, server(index), "approveStep", { stepId: gate.stepId })),
      mutate(kit, server(1), "approveAllRemaining", { runId: gate.runId, topK: 1 }),
      mutate(kit, server(0), "approveAllRemaining", { runId: gate.runId, topK: 1 }),
    ]);
    const counts = tally(answers);
    expect(counts.ApproveAllRemainingSuccess).toBe(1);
    expect(await settled(kit, gate.run)).toBe("COMPLETED");
    expect((await runOf(kit, gate.run)).events).toMatchObject({ approval_granted: 2, gate_opened: 2 });
  });

  it("G13: a restored candidate against rejections and the decision: each comes wholly before or after the others", async () => {
    for (let round = 0; round < 4; round++) {
      const gate = await scene(3);
      const candidateId = gate.candidates[round % 3];
      const change = (index: number, name: "rejectCandidate" | "restoreCandidate") =>
        mutate(kit, server(index), name, { candidateId, ...(name === "rejectCandidate" && { replace: false }) });
      await change(0, "rejectCandidate");
      const [approved, ...restored] = await Promise.all([
        mutate(kit, server(round), "approveStep", { stepId: gate.stepId, topK: 3 }),
        ...[0, 1, 2, 3].map((index) => change(index + round, "restoreCandidate")),
      ]);
      expect(approved!.__typename).toBe("ApproveStepSuccess");
      await settled(kit, gate.run);
      const { parents } = await childJobs(gate.run);
      // Who came before the decision had the candidate taken in; who came after it was refused, unless it was in already.
      const outcomes = tally(restored);
      expect(parents).toBe(outcomes.StepClosedError === 4 ? 2 : 3);
      expect((outcomes.RestoreCandidateSuccess ?? 0) + (outcomes.StepClosedError ?? 0)).toBe(4);
      expect((await runOf(kit, gate.run)).events.candidate_restored ?? 0).toBe(parents - 2);
    }
  });

  it("G13: a rejected candidate against the decision: it frees its slot before it, and only then", async () => {
    for (let round = 0; round < 4; round++) {
      const gate = await scene(3);
      const out = gate.candidates[round % 3];
      const rejectCandidate = (index: number) => mutate(kit, server(index), "rejectCandidate", { candidateId: out });
      const approve = (index: number) => mutate(kit, server(index), "approveStep", { stepId: gate.stepId, topK: 3 });
      const [rejected, approved] = await Promise.all(
        round % 2 ? [rejectCandidate(0), approve(1)] : [rejectCandidate(1), approve(0)],
      );
      expect(rejected!.__typename).toBe("RejectCandidateSuccess");
      await settled(kit, gate.run);
      const { made } = await kit.db.one<{ made: number }>(
        `SELECT count(*)::int AS made FROM candidates WHERE pipeline_run_id = $1 AND parent_id IS NULL`,
        [gate.run],
      );
      switch (approved!.__typename) {
        case "ApproveStepSuccess":
          // The decision came first: nothing takes the place of the candidate.
          expect(made).toBe(3);
          break;
        case "StillGeneratingError":
          expect(made).toBe(4);
          break;
        default:
          throw new Error(`Not to be answered: ${approved!.__typename}`);
      }
    }
  });
});
