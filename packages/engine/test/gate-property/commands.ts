import fc from "fast-check";
import { abortRun } from "../../src/commands/abort-run.ts";
import { approveAllRemaining } from "../../src/commands/approve-all-remaining.ts";
import { approveStep } from "../../src/commands/approve-step.ts";
import { rejectCandidate } from "../../src/commands/reject-candidate.ts";
import { rejectStep } from "../../src/commands/reject-step.ts";
import { restoreCandidate } from "../../src/commands/restore-candidate.ts";
import { retryFailedJobs } from "../../src/commands/retry-failed-jobs.ts";
import { sendBackStep } from "../../src/commands/send-back-step.ts";
import { undoVote } from "../../src/commands/undo-vote.ts";
import type { VoteOutcome } from "../../src/db/rows.ts";
import { DomainError } from "../../src/errors.ts";
import { completeJob, failJob } from "../../src/jobs/finish-job.ts";
import { recoverJobs, resumeRuns } from "../../src/jobs/recover-jobs.ts";
import { type HeldJob, startJob } from "../../src/jobs/start-job.ts";
import type { EngineKit } from "../../src/testing/engine-kit.ts";

/** One thing that happens to a run. `pick` chooses among what is there at that moment. */
export type Command =
  | {
      readonly type: "start" | "complete" | "undo" | "retry" | "rejectStep" | "restoreCandidate";
      readonly pick: number;
    }
  | { readonly type: "work"; readonly jobs: number }
  | { readonly type: "fail"; readonly pick: number; readonly retryable: boolean }
  | { readonly type: "vote"; readonly pick: number; readonly other: number; readonly outcome: VoteOutcome }
  | { readonly type: "rejectCandidate"; readonly pick: number; readonly replace: boolean }
  | { readonly type: "approve"; readonly pick: number; readonly k: number }
  | { readonly type: "approveAll"; readonly k: number }
  | { readonly type: "sendBack"; readonly pick: number }
  | { readonly type: "abort" | "crash" | "resume" };

const pick = fc.nat(1_000);
const k = fc.integer({ min: 1, max: 4 });

/** Weighted so that most runs get past their first gates, and few end early. */
export const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("start" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("complete" as const), pick }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant("work" as const), jobs: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 7, arbitrary: fc.record({ type: fc.constant("fail" as const), pick, retryable: fc.boolean() }) },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant("vote" as const),
      pick,
      other: pick,
      outcome: fc.constantFrom<VoteOutcome>("LEFT", "RIGHT", "TIE", "BOTH_BAD", "SKIP"),
    }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant("undo" as const), pick: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("rejectCandidate" as const), pick, replace: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("restoreCandidate" as const), pick }) },
  { weight: 7, arbitrary: fc.record({ type: fc.constant("approve" as const), pick, k }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("retry" as const), pick }) },
  { weight: 3, arbitrary: fc.constant({ type: "crash" as const }) },
  { weight: 2, arbitrary: fc.constant({ type: "resume" as const }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("sendBack" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("approveAll" as const), k }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("rejectStep" as const), pick }) },
  { weight: 1, arbitrary: fc.constant({ type: "abort" as const }) },
);

/** A run under test, with the worker that a crash replaces. */
export interface Scene {
  readonly kit: EngineKit;
  readonly runId: number;
  workerId: number;
  /** Jobs that were started, those of dead workers too. */
  readonly held: (HeldJob & { readonly workerId: number })[];
}

/** A worker without a lock: whoever looks after dead ones takes it for dead. */
export async function newWorker(kit: EngineKit): Promise<number> {
  return (await kit.db.one<{ id: number }>(`INSERT INTO workers (name) VALUES ('property') RETURNING id`)).id;
}

/** Does it; a refusal in the domain's words is an answer like another. */
export async function perform(scene: Scene, command: Command): Promise<void> {
  try {
    await attempt(scene, command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

async function attempt(scene: Scene, command: Command): Promise<void> {
  const { kit, runId, held } = scene;
  const { engine, actor } = kit;
  switch (command.type) {
    case "start":
      return await start(scene, command.pick);
    case "work":
      for (let done = 0; done < command.jobs; done++) {
        await start(scene, 0);
        await complete(scene, held.length - 1);
      }
      return;
    case "complete":
      return await complete(scene, command.pick % Math.max(1, held.length));
    case "fail": {
      if (held.length === 0) await start(scene, command.pick);
      const [job] = held.splice(command.pick % Math.max(1, held.length), 1);
      if (!job) return;
      const failed = await failJob(engine, job, { message: "made to fail", retryable: command.retryable });
      if (failed && job.workerId !== scene.workerId) throw new Error("A dead worker failed a job.");
      return;
    }
    case "vote": {
      // Mostly where votes still count.
      const all = await kit.candidates(runId);
      const undecided = all.filter(({ advancement }) => advancement === "UNDECIDED");
      const candidates = command.pick % 5 === 0 ? all : undecided;
      const left = candidates[command.pick % Math.max(1, candidates.length)];
      const others = candidates.filter(({ id, runStepId }) => id !== left?.id && runStepId === left?.runStepId);
      const right = others[command.other % Math.max(1, others.length)];
      if (left && right) {
        await engine.castVote(actor, { leftId: left.id, rightId: right.id, outcome: command.outcome });
      }
      return;
    }
    case "undo": {
      const votes = await kit.db.many<{ id: number }>(`SELECT id FROM votes ORDER BY id DESC`);
      const vote = votes[command.pick % Math.max(1, votes.length)];
      if (vote) await undoVote(engine, actor, { voteId: vote.id });
      return;
    }
    case "rejectCandidate": {
      const candidates = await kit.candidates(runId);
      const candidate = candidates[command.pick % Math.max(1, candidates.length)];
      if (candidate) await rejectCandidate(engine, actor, { candidateId: candidate.id, replace: command.replace });
      return;
    }
    case "restoreCandidate": {
      const rejected = (await kit.candidates(runId)).filter(({ status }) => status === "REJECTED");
      const candidate = rejected[command.pick % Math.max(1, rejected.length)];
      if (candidate) await restoreCandidate(engine, actor, { candidateId: candidate.id });
      return;
    }
    case "approve": {
      // Mostly the gate that waits; sometimes any other, which is refused.
      const steps = await kit.steps(runId);
      const waiting = steps.find(({ status }) => status === "AWAITING_APPROVAL");
      const step = command.pick % 5 === 0 ? steps[command.pick % steps.length] : (waiting ?? steps[0]);
      if (step) await approveStep(engine, actor, { runStepId: step.id, topK: command.k });
      return;
    }
    case "approveAll":
      await approveAllRemaining(engine, actor, { runId, topK: command.k });
      return;
    case "sendBack": {
      // Mostly the gate that waits, to any step of the run; where that makes nothing, or comes later, it is refused.
      const steps = await kit.steps(runId);
      const waiting = steps.find(({ status }) => status === "AWAITING_APPROVAL");
      const step = command.pick % 5 === 0 ? steps[command.pick % steps.length] : waiting;
      const to = steps[command.pick % (step?.position ?? 1)];
      if (step && to) {
        await sendBackStep(engine, actor, { runStepId: step.id, toRunStepId: to.id, comment: "Once more." });
      }
      return;
    }
    case "rejectStep": {
      // Often a step that cannot be: a rejection ends the run.
      const steps = await kit.steps(runId);
      const waiting = steps.find(({ status }) => status === "AWAITING_APPROVAL" || status === "GENERATING");
      const step = command.pick % 2 ? waiting : steps[command.pick % steps.length];
      if (step) await rejectStep(engine, actor, { runStepId: step.id });
      return;
    }
    case "retry": {
      const failed = await kit.db.many<{ id: number }>(
        `SELECT DISTINCT pipeline_run_step_id AS id FROM jobs WHERE status = 'FAILED' ORDER BY 1`,
      );
      const step = failed[command.pick % Math.max(1, failed.length)];
      if (step) await retryFailedJobs(engine, actor, { runStepId: step.id });
      return;
    }
    case "crash":
      await recoverJobs(engine);
      scene.workerId = await newWorker(kit);
      return await bringLate(scene);
    case "resume":
      return await resumeRuns(engine);
    case "abort":
      await abortRun(engine, actor, { runId });
      return;
    default:
      command satisfies never;
  }
}

/** The worker that was taken for dead brings its last job while another has it: the fence refuses that. */
async function bringLate(scene: Scene): Promise<void> {
  const late = scene.held.at(-1);
  const again = late && (await taken(scene, late.jobId));
  if (!again) return;
  await complete(scene, scene.held.length - 1);
  scene.held.push({ ...again, workerId: scene.workerId });
}

async function taken({ kit, workerId }: Scene, jobId: number): Promise<HeldJob | null> {
  const held = await startJob(kit.engine, jobId, { workerId, concurrencyOf: () => null });
  if (held === "busy") throw new Error("No generator has a limit here.");
  return held;
}

async function start(scene: Scene, pick: number): Promise<void> {
  const queued = await scene.kit.db.many<{ id: number }>(`SELECT id FROM jobs WHERE status = 'QUEUED' ORDER BY id`);
  const job = queued[pick % Math.max(1, queued.length)];
  const held = job && (await taken(scene, job.id));
  if (held) scene.held.push({ ...held, workerId: scene.workerId });
}

/** What a dead worker brings is refused: its job was given to another, or waits for one. */
async function complete(scene: Scene, index: number): Promise<void> {
  const [job] = scene.held.splice(index, 1);
  if (!job) return;
  const candidateId = await completeJob(scene.kit.engine, job, { assets: [], text: `of job ${job.jobId}`, meta: {} });
  if (candidateId !== null && job.workerId !== scene.workerId) throw new Error("A dead worker completed a job.");
}
