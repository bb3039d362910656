import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { resumeRuns } from "../src/jobs/recover-jobs.ts";
import { seedOf } from "../src/rules/seed.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { brittleGenerator, heldGenerator, recordingGenerator } from "./generators.ts";
import { bySlot, jobsOf, nextWork, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
const held = heldGenerator();
const brittle = brittleGenerator();
const recording = recordingGenerator();
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker([echoGenerator(), held, brittle, recording], { concurrency: 6 });
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("Requirement: Job Selection Respects Approval Gates", () => {
  it("Scenario: Unapproved step blocks progression", async () => {
    const held = heldGenerator("held at step 2");
    await using kit = await engineKit();
    await kit.worker([echoGenerator(), held]);
    const runId = await kit.newRun([{}, { generator: held.name }, {}]);
    await kit.untilStep(runId, 2, "GENERATING");
    expect(await nextWork(kit, runId)).toEqual({
      mode: "CHILD_GENERATION",
      message: `Run #${runId} generating Step 2 (0/9 candidates)`,
      openSlots: 9,
    });
    held.release();
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    // Whoever asks again, as a restart does, selects nothing for step 3.
    await resumeRuns(kit.engine);
    expect(await kit.step(runId, 3)).toMatchObject({ status: "BLOCKED" });
    expect(await jobsOf(kit, runId, 3)).toEqual([]);
  });

  it("Scenario: Approved step enables progression", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 4 });
    await kit.approve(runId, 2, 3);
    const advancing = (await kit.candidates(runId, 2)).filter(({ advancement }) => advancement === "ADVANCING");
    const jobs = await jobsOf(kit, runId, 3);
    expect(jobs).toHaveLength(9);
    expect(new Set(jobs.map(({ parentId }) => parentId))).toEqual(new Set(advancing.map(({ id }) => id)));
    expect(await kit.step(runId, 3)).toMatchObject({ approved: false });
  });

  it("Scenario: Only top-K candidates become parents", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 5 });
    const rows = await rateBySlot(kit, runId, 2, [1_050, 900, 1_100, 1_000, 1_200]);
    await kit.approve(runId, 2, 3);
    const parents = new Set((await jobsOf(kit, runId, 3)).map(({ parentId }) => parentId));
    expect(parents).toEqual(new Set([rows[0], rows[2], rows[4]].map((row) => row?.id)));
    // Nor can anything else write such a job.
    const skipped = rows[1]!;
    await expect(
      kit.db.query(
        `INSERT INTO jobs (pipeline_run_id, pipeline_run_step_id, parent_id, ordinal, seed) VALUES ($1, $2, $3, 1, 1)`,
        [runId, (await kit.step(runId, 3)).id, skipped.id],
      ),
    ).rejects.toThrow(`Candidate ${skipped.id} is no parent that an open gate let through.`);
  });

  it("Scenario: Run stalls at unapproved step", async () => {
    const runId = await kit.newRun([{}, {}], { reviewFirstStep: true });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toHaveLength(3);
    expect(await nextWork(kit, runId)).toEqual({
      mode: "WAITING_FOR_APPROVAL",
      message: `Run #${runId} waiting for Step 1 approval`,
      openSlots: 0,
    });
    expect(await jobsOf(kit, runId, 2)).toEqual([]);
  });
});

describe("11. Tests - SelectNextJob", () => {
  it("11.1 respects approval state", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    expect(await jobsOf(kit, runId, 3)).toHaveLength(0);
    await kit.approve(runId, 2, 2);
    expect(await jobsOf(kit, runId, 3)).toHaveLength(6);
  });

  it("11.2 unapproved step blocks child generation", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [candidate] = await kit.candidates(runId, 2);
    await expect(
      kit.db.query(
        `INSERT INTO jobs (pipeline_run_id, pipeline_run_step_id, parent_id, ordinal, seed) VALUES ($1, $2, $3, 1, 1)`,
        [runId, (await kit.step(runId, 3)).id, candidate?.id],
      ),
    ).rejects.toThrow("is no parent that an open gate let through");
    await expect(kit.db.query(`UPDATE candidates SET open_slots = 1 WHERE id = $1`, [candidate?.id])).rejects.toThrow(
      "candidates_only_parents_have_slots",
    );
  });

  it("11.3 approved step with K=3 only uses top 3 as parents", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 5 });
    const rows = await rateBySlot(kit, runId, 2, [1, 2, 3, 4, 5]);
    await kit.approve(runId, 2, 3);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    const parents = new Set((await kit.candidates(runId, 3)).map(({ parentId }) => parentId));
    expect(parents).toEqual(new Set(rows.slice(2).map(({ id }) => id)));
  });

  it("11.4 `:waiting_for_approval` mode when blocked", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    expect(await nextWork(kit, runId)).toMatchObject({
      mode: "WAITING_FOR_APPROVAL",
      message: `Run #${runId} waiting for Step 2 approval`,
    });
    expect(await kit.status(runId)).toBe("WAITING_FOR_APPROVAL");
  });

  it("11.5 global top-K filtering (not per-parent)", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 3 });
    const rows = await rateBySlot(kit, runId, 2, [1_300, 1_200, 1_100, 1_000, 900, 800]);
    await kit.approve(runId, 2, 3);
    const parents = new Set((await jobsOf(kit, runId, 3)).map(({ parentId }) => parentId));
    // All three are siblings: the other parent has no descendant any more.
    expect(parents).toEqual(new Set(rows.slice(0, 3).map(({ id }) => id)));
  });

  it("11.6 K > candidate count approves all available", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await kit.approve(runId, 2, 2_147_483_647);
    expect(new Set((await jobsOf(kit, runId, 3)).map(({ parentId }) => parentId)).size).toBe(2);
  });

  it("S1: says what a run does first, and that it has nothing to do when it is over", async () => {
    const held = heldGenerator("held at step 1");
    await using kit = await engineKit();
    await kit.worker([held]);
    const runId = await kit.newRun([{ generator: held.name }]);
    expect(await nextWork(kit, runId)).toEqual({
      mode: "BASE_GENERATION",
      message: `Run #${runId} generating Step 1 (0/3 candidates)`,
      openSlots: 3,
    });
    held.release();
    await kit.untilRun(runId, "COMPLETED");
    expect(await nextWork(kit, runId)).toEqual({
      mode: "NO_WORK",
      message: `Run #${runId} is completed`,
      openSlots: 0,
    });
  });

  it("S3: a slot is filled once, however many look for work at the same time", async () => {
    const runId = await kit.newRun([{ generator: held.name }, {}]);
    await Promise.all(Array.from({ length: 8 }, () => resumeRuns(kit.engine)));
    expect((await jobsOf(kit, runId)).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    held.release();
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const slots = (await jobsOf(kit, runId)).map(
      ({ position, parentId, ordinal }) => `${position}/${parentId}/${ordinal}`,
    );
    expect(slots).toHaveLength(12);
    expect(new Set(slots).size).toBe(12);
  });
});

describe("S4: seeds", () => {
  it("S4: SQL gives every slot the seed that seedOf gives", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 2 });
    const jobs = await jobsOf(kit, runId);
    expect(jobs).toHaveLength(6);
    for (const job of jobs) expect(job.seed).toBe(seedOf({ ...job, runId }));
    expect(new Set(jobs.map(({ seed }) => seed)).size).toBe(6);
  });

  it("S4: a retried job keeps its seed, a replacement has another", async () => {
    const runId = await kit.newRun([{ generator: brittle.name, maxChildren: 2 }], { reviewFirstStep: true });
    await kit.untilRun(runId, "FAILED");
    const failed = await jobsOf(kit, runId);
    brittle.broken = false;
    await retryFailedJobs(kit.engine, kit.actor, { runStepId: (await kit.step(runId, 1)).id });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const made = await bySlot(kit, runId, 1);
    const seedIn = (text: string | null) => (JSON.parse(text ?? "") as { seed: number }).seed;
    expect(made.map(({ text }) => seedIn(text))).toEqual(failed.map(({ seed }) => seed));

    await rejectCandidate(kit.engine, kit.actor, { candidateId: made[0]!.id });
    await kit.until(runId, async () => (await kit.candidates(runId, 1)).length === 3);
    const replacement = (await bySlot(kit, runId, 1))[2]!;
    expect(replacement).toMatchObject({ ordinal: 3, status: "ACTIVE" });
    expect(failed.map(({ seed }) => seed)).not.toContain(seedIn(replacement.text));
  });

  it("S4: what a generator is asked for is the slot of its job", async () => {
    const runId = await kit.newRun([{ maxChildren: 1 }, { generator: recording.name, maxChildren: 2 }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const [parent] = await kit.candidates(runId, 1);
    const jobs = await jobsOf(kit, runId, 2);
    const asked = recording.requests.toSorted((a, b) => a.ordinal - b.ordinal);
    expect(asked.map(({ jobId, ordinal, seed, parent }) => ({ jobId, ordinal, seed, parentId: parent?.id }))).toEqual(
      jobs.map(({ id, ordinal, seed }) => ({ jobId: id, ordinal, seed, parentId: parent?.id })),
    );
  });
});

describe("S5: fair between runs", () => {
  it("S5: a large run that was first does not starve a small one", async () => {
    await using kit = await engineKit();
    const large = await kit.newRun([{}], { maxChildrenPerNode: 8 });
    const small = await kit.newRun([{}], { maxChildrenPerNode: 2 });
    await kit.worker([echoGenerator()], { concurrency: 1 });
    await kit.untilRun(large, "COMPLETED");
    await kit.untilRun(small, "COMPLETED");
    const order = await kit.db.many<{ run: number }>(`SELECT pipeline_run_id AS run FROM candidates ORDER BY id`);
    expect(order.map(({ run }) => (run === large ? "large" : "small"))).toEqual([
      ...["large", "small", "large", "small"],
      ...Array.from({ length: 6 }, () => "large"),
    ]);
  });
});
