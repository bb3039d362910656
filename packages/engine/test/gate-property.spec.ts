import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rejectStep } from "../src/commands/reject-step.ts";
import type { GatePolicy, StepKind } from "../src/db/rows.ts";
import { isActive } from "../src/db/rows.ts";
import { NoCandidatesError } from "../src/errors.ts";
import { type EngineKit, engineKit, type StepSpec } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { commands, newWorker, perform, type Scene } from "./gate-property/commands.ts";
import { frozenLog } from "./gate-property/frozen-log.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const step: fc.Arbitrary<StepSpec> = fc.record({
  kind: fc.constantFrom<StepKind>("GENERATE", "GENERATE", "AGENT", "APPROVAL"),
  gate: fc.constantFrom<GatePolicy>("MANUAL", "MANUAL", "AUTO", "OPEN"),
  maxChildren: fc.integer({ min: 1, max: 4 }),
  topK: fc.integer({ min: 1, max: 4 }),
  failureBudget: fc.integer({ min: 1, max: 6 }),
});

/** Pipelines that begin with something to judge, and that a test can run to their end. */
const pipelines = fc
  .array(step, { minLength: 1, maxLength: 4 })
  .map((steps) =>
    steps.map((spec, index): StepSpec => {
      const { gate: _, ...approval } = spec;
      return spec.kind !== "APPROVAL" ? spec : index === 0 ? { ...spec, kind: "GENERATE" } : approval;
    }),
  )
  .filter((steps) => widest(steps) <= 40);

/** Candidates that a pipeline makes at the most. */
function widest(steps: readonly StepSpec[]): number {
  let parents = 1;
  let made = 0;
  for (const { kind, gate, maxChildren = 1, topK = 1 } of steps) {
    if (kind !== "APPROVAL") made += parents *= maxChildren;
    // A person may ask for up to 4.
    if (gate !== "OPEN") parents = Math.min(parents, gate === "AUTO" ? topK : 4);
  }
  return made;
}

it("G2, G3, G11, S2: whatever happens, nothing passes a closed gate, what is frozen stays, and the run comes to an end", {
  timeout: 240_000,
}, async () => {
  let sample = 0;
  const happened = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      pipelines,
      fc.boolean(),
      fc.array(commands, { minLength: 8, maxLength: 32, size: "max" }),
      async (steps, reviewFirstStep, sequence) => {
        await kit.db.query(`TRUNCATE pipelines, workers CASCADE`);
        await kit.db.query(`DELETE FROM graphile_worker._private_jobs`);
        await kit.newPipeline(`sample ${++sample}`, steps);
        const runId = await kit.newRun([], { pipeline: `sample ${sample}`, reviewFirstStep });
        const scene: Scene = { kit, runId, workerId: await newWorker(kit), held: [] };
        const log = frozenLog(kit.db);
        const check = async (): Promise<void> => {
          expect([...(await log.look()), ...(await brokenRunRules(kit.db))]).toEqual([]);
        };
        await check();
        for (const command of sequence) {
          await perform(scene, command);
          await check();
        }
        await finish(scene, check);
        for (const { what } of await kit.db.many<{ what: string }>(HAPPENED_SQL)) {
          happened.set(what, (happened.get(what) ?? 0) + 1);
        }
      },
    ),
    { numRuns: 60, seed: 20_261_121, endOnFailure: false },
  );
  // The samples reach what they are for.
  for (const what of MUST_HAPPEN) expect(happened.get(what) ?? 0, what).toBeGreaterThanOrEqual(2);
  expect(happened.get("COMPLETED")).toBeGreaterThanOrEqual(15);
});

const HAPPENED_SQL = `SELECT status::text AS what FROM pipeline_runs UNION SELECT type FROM run_events`;
const MUST_HAPPEN = [
  ...["ABORTED", "COMPLETED", "FAILED", "REJECTED"],
  ...[
    "step_sent_back",
    "approval_granted",
    "approval_cancelled",
    "gate_opened",
    "candidate_rejected",
    "candidate_restored",
    "vote_cast",
    "vote_undone",
  ],
  ...["job_failed", "jobs_retried", "jobs_cancelled", "alert_raised"],
];

/** Takes a run to its end as a worker and a person would; one that cannot be ended is stuck. */
async function finish(scene: Scene, check: () => Promise<void>): Promise<void> {
  const { engine, actor } = kit;
  for (let round = 0; round < 20; round++) {
    if (!isActive(await kit.status(scene.runId))) return;
    await perform(scene, { type: "crash" });
    await perform(scene, { type: "work", jobs: 60 });
    const waiting = (await kit.steps(scene.runId)).find((candidate) => candidate.status === "AWAITING_APPROVAL");
    if (waiting) {
      try {
        await kit.approve(scene.runId, waiting.position);
      } catch (error) {
        if (!(error instanceof NoCandidatesError)) throw error;
        await rejectStep(engine, actor, { runStepId: waiting.id });
      }
    }
    await check();
  }
  throw new Error(`Run ${scene.runId} is stuck: ${JSON.stringify(await kit.steps(scene.runId))}`);
}
