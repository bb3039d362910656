import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { applyPipelines } from "../src/commands/apply-pipelines.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { resumeRuns } from "../src/jobs/recover-jobs.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { heldGenerator, recordingGenerator } from "./generators.ts";
import { advancingPlaces, bySlot, eventsOf, jobsOf, rateBySlot } from "./scenes.ts";

let kit: EngineKit;
const recording = recordingGenerator();
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker([echoGenerator(), recording]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const draftAndPolish = [{ kind: "AGENT" }, { kind: "APPROVAL" }, { kind: "AGENT", generator: recording.name }] as const;

const approvalsOf = (runId: number) =>
  kit.db.many<{ id: number; status: string; comment: string | null; by: number | null }>(
    `SELECT id, status, comment, decided_by_id AS by FROM approvals WHERE pipeline_run_id = $1 ORDER BY id`,
    [runId],
  );

describe("A1: pipelines.yaml", () => {
  it("A1: a pipeline of agents and an approval runs from its file to its end", async () => {
    const generators = new Map([["echo", echoGenerator()]]);
    const agents = new Map([["writer", { name: "writer", description: "", generator: "echo", config: {} }]]);
    const yaml = `
pipelines:
  - name: brief-to-text
    steps:
      - { agent: writer, description: Draft }
      - { type: approval, description: An editor reads the draft, remind_after_hours: 4 }
      - { type: agent, agent: writer, description: Polish }
`;
    await applyPipelines({ ...kit.engine, generators, agents }, kit.actor, { yaml });
    const runId = await kit.newRun([], { pipeline: "brief-to-text" });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await kit.approve(runId, 2);
    await kit.untilRun(runId, "COMPLETED");
    expect((await kit.candidates(runId)).map(({ position }) => position)).toEqual([1, 3]);
    const { seconds } = await kit.db.one<{ seconds: number }>(
      `SELECT s.stall_after_seconds AS seconds FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
       WHERE rs.pipeline_run_id = $1 AND rs.position = 2`,
      [runId],
    );
    expect(seconds).toBe(4 * 3_600);
  });

  it("A1: an unknown agent or generator is a load error that names path and line", async () => {
    const generators = new Map([["echo", echoGenerator()]]);
    const yaml = "pipelines:\n  - name: typo\n    steps:\n      - { agent: writter, description: Draft }\n";
    const agents = new Map([["writer", { name: "writer", description: "", generator: "echo", config: {} }]]);
    await expect(applyPipelines({ ...kit.engine, generators, agents }, kit.actor, { yaml })).rejects.toMatchObject({
      name: "InvalidPipelineError",
      line: 4,
      path: expect.stringContaining("pipelines[0].steps[0]"),
    });
  });
});

describe("A2: agent and approval steps", () => {
  it("A2: agent steps make one candidate and have an OPEN gate; an approval step makes none and is MANUAL", async () => {
    const runId = await kit.newRun(draftAndPolish);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect((await kit.steps(runId)).map(({ gate }) => gate)).toEqual(["OPEN", "MANUAL", "OPEN"]);
    expect(await kit.candidates(runId)).toMatchObject([{ position: 1 }]);
    expect(await jobsOf(kit, runId, 2)).toEqual([]);
    // G2: nothing passes the closed gate, though the one before it is open.
    expect(await jobsOf(kit, runId, 3)).toEqual([]);
  });

  it("A2: an approval step may cut what the step before it let through to K", async () => {
    const runId = await kit.newRun([
      { kind: "AGENT", maxChildren: 4 },
      { kind: "APPROVAL" },
      { kind: "AGENT", maxChildren: 2 },
    ]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const rows = await rateBySlot(kit, runId, 1, [1_000, 1_200, 900, 1_100]);
    await kit.approve(runId, 2, 2);
    expect(await advancingPlaces(kit, runId, 1)).toEqual([1, 3]);
    await kit.untilRun(runId, "COMPLETED");
    const parents = (await bySlot(kit, runId, 3)).map(({ parentId }) => parentId);
    expect(parents).toEqual([rows[1], rows[1], rows[3], rows[3]].map((row) => row?.id));
  });

  it("A2, V2: behind an OPEN step votes count until the approval step is decided", async () => {
    const runId = await kit.newRun([{ kind: "AGENT", maxChildren: 3 }, { kind: "APPROVAL" }, { kind: "AGENT" }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const [a, b, c] = await kit.candidates(runId, 1);
    await kit.engine.castVote(kit.actor, { leftId: c!.id, rightId: a!.id, outcome: "LEFT" });
    await kit.approve(runId, 2, 1);
    const advancing = (await kit.candidates(runId, 1)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(advancing.map(({ id }) => id)).toEqual([c!.id]);
    await expect(kit.engine.castVote(kit.actor, { leftId: a!.id, rightId: b!.id, outcome: "LEFT" })).rejects.toThrow(
      "votes no longer count",
    );
  });
});

describe("A3: the approval of a gate", () => {
  it("A3: reaching it asks for approval; granting it takes the run on, and the comment reaches the next agent", async () => {
    const runId = await kit.newRun(draftAndPolish);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.status(runId)).toBe("WAITING_FOR_APPROVAL");
    expect(await approvalsOf(runId)).toMatchObject([{ status: "PENDING", by: null }]);
    expect(await eventsOf(kit, runId, "approval_requested")).toBe(1);

    const editor = await kit.newActor("editor");
    const { id: runStepId } = await kit.step(runId, 2);
    await approveStep(kit.engine, editor, { runStepId, comment: "Shorter, please." });
    await kit.untilRun(runId, "COMPLETED");
    // A6: who decided is who was authenticated.
    expect(await approvalsOf(runId)).toMatchObject([
      { status: "APPROVED", by: editor.id, comment: "Shorter, please." },
    ]);
    expect(await eventsOf(kit, runId, "approval_granted")).toBe(1);
    const asked = recording.requests.find(({ run }) => run.id === runId);
    expect(asked?.notes).toEqual(["Shorter, please."]);
    const [draft] = await kit.candidates(runId, 1);
    expect(asked?.parent).toMatchObject({ id: draft?.id, text: draft?.text });
  });

  it("A3: rejecting it ends the run for good", async () => {
    const runId = await kit.newRun(draftAndPolish);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const { id: runStepId } = await kit.step(runId, 2);
    await rejectStep(kit.engine, kit.actor, { runStepId, comment: "Off topic." });
    expect(await kit.status(runId)).toBe("REJECTED");
    expect(await approvalsOf(runId)).toMatchObject([{ status: "REJECTED", comment: "Off topic.", by: kit.actor.id }]);
    expect(await eventsOf(kit, runId, "approval_rejected")).toBe(1);
    await resumeRuns(kit.engine);
    expect(await jobsOf(kit, runId, 3)).toEqual([]);
    await expect(kit.approve(runId, 2)).rejects.toThrow("Approvals cannot be reverted");
  });
});

describe("A4: restarts", () => {
  it("A4: what waits still waits after a restart, with the same request, and finished steps are not repeated", async () => {
    await using kit = await engineKit();
    const first = await kit.worker();
    const runId = await kit.newRun([{ kind: "AGENT" }, { kind: "APPROVAL" }, { kind: "AGENT" }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const before = { candidates: await kit.candidates(runId), seq: await eventsOf(kit, runId, "approval_requested") };
    await first[Symbol.asyncDispose]();
    await kit.worker();
    expect(await kit.candidates(runId)).toEqual(before.candidates);
    expect(await eventsOf(kit, runId, "approval_requested")).toBe(before.seq);
    await kit.approve(runId, 2);
    await kit.untilRun(runId, "COMPLETED");
    expect((await jobsOf(kit, runId)).map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED"]);
  });

  it("A4: a decision that was made while no worker ran is carried out by the next one", async () => {
    await using kit = await engineKit();
    const first = await kit.worker();
    const runId = await kit.newRun([{ kind: "AGENT" }, { kind: "APPROVAL" }, { kind: "AGENT" }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await first[Symbol.asyncDispose]();
    await kit.approve(runId, 2);
    await kit.worker();
    await kit.untilRun(runId, "COMPLETED");
  });

  it("A4: jobs whose queue entries are gone, and running ones without a worker, are queued again", async () => {
    await using kit = await engineKit();
    const lost = await kit.newRun([{ maxChildren: 2 }]);
    const [, second] = await jobsOf(kit, lost);
    await kit.db.query(`UPDATE jobs SET status = 'RUNNING' WHERE id = $1`, [second?.id]);
    await kit.db.query(`DELETE FROM graphile_worker._private_jobs`);
    await kit.worker();
    await kit.untilRun(lost, "COMPLETED");
    expect((await jobsOf(kit, lost)).map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED"]);
  });

  it("A4: a worker that ends gives back what it holds and what it was just handed", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    const first = await kit.worker([held], { concurrency: 2 });
    const runId = await kit.newRun([{ generator: held.name, maxChildren: 4 }]);
    await kit.until(runId, async () => (await jobsOf(kit, runId)).some(({ status }) => status === "RUNNING"));
    await first[Symbol.asyncDispose]();
    const entries = await kit.db.many<{ key: string }>(
      `SELECT key FROM graphile_worker.jobs WHERE locked_at IS NULL AND key IS NOT NULL`,
    );
    const jobs = await jobsOf(kit, runId);
    expect(entries.map(({ key }) => key).sort()).toEqual(jobs.map(({ id }) => `job:${id}`).sort());
    expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(["QUEUED"]));
    held.release();
    await kit.worker([held]);
    await kit.untilRun(runId, "COMPLETED");
    expect(await kit.db.many(`SELECT DISTINCT attempts FROM jobs WHERE pipeline_run_id = $1`, [runId])).toEqual([
      { attempts: 0 },
    ]);
  });
});

describe("A5: aborting", () => {
  it("A5: stops that run alone", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    await kit.worker([held], { concurrency: 2 });
    const stopped = await kit.newRun([{ generator: held.name, maxChildren: 2 }]);
    const other = await kit.newRun([{ generator: held.name, maxChildren: 2 }]);
    await kit.until(stopped, async () => (await jobsOf(kit, stopped)).some(({ status }) => status === "RUNNING"));
    await abortRun(kit.engine, kit.actor, { runId: stopped, reason: "Wrong prompt." });
    expect(await kit.status(stopped)).toBe("ABORTED");
    held.release();
    await kit.untilRun(other, "COMPLETED");
    expect(await kit.candidates(stopped)).toEqual([]);
    expect(new Set((await jobsOf(kit, stopped)).map(({ status }) => status))).toEqual(new Set(["CANCELLED"]));
    expect(await kit.candidates(other)).toHaveLength(2);
  });
});
