import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../src/actor.ts";
import { abortRun } from "../src/commands/abort-run.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { GeneratorError } from "../src/jobs/generator.ts";
import { diagnose } from "../src/queries/diagnose.ts";
import type { Diagnosis } from "../src/queries/diagnosis.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import type { DecisionPolicy } from "../src/rules/decision-policy.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { brittleGenerator, heldGenerator } from "./generators.ts";
import { eventsOf, jobsOf } from "./scenes.ts";

const of = async (kit: EngineKit, runId: number): Promise<Diagnosis[]> => {
  const found = (await diagnose(kit.engine, [runId])).get(runId);
  if (!found) throw new Error(`Run ${runId} has no diagnosis.`);
  return found;
};
const codes = async (kit: EngineKit, runId: number): Promise<string[]> =>
  (await of(kit, runId)).map(({ code }) => code);

describe("gates", () => {
  let kit: EngineKit;
  let bob: Actor;
  beforeAll(async () => {
    kit = await engineKit();
    bob = await kit.newActor("bob", "APPROVER");
    await kit.newActor("vic", "VOTER");
    await kit.worker();
  });
  afterAll(() => kit[Symbol.asyncDispose]());

  /** A run that waits at step 1, as created by ada (an owner). */
  async function waiting(policy: DecisionPolicy = {}): Promise<number> {
    const runId = await kit.newRun([{ maxChildren: 3, stallAfterSeconds: 7_200 }, {}], { reviewFirstStep: true });
    const { id } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await kit.db.query(`UPDATE pipeline_run_steps SET policy = $2 WHERE id = $1`, [id, JSON.stringify(policy)]);
    return runId;
  }

  it("names who can open a gate that waits, and since when", async () => {
    const runId = await waiting();
    const [only, ...more] = await of(kit, runId);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      code: "WAITING_FOR_APPROVAL",
      action: "ada and bob can approve or reject it, or send it back.",
      runStepId: (await kit.step(runId, 1)).id,
    });
    expect(only?.message).toMatch(
      /^Step 1 \(Step 1\) has waited for approval for \d+ seconds?; an alert is raised after 2 hours\.$/,
    );
    expect(only?.since).toBeInstanceOf(Date);
  });

  it.each<[string, DecisionPolicy, string]>([
    [
      "people who are not there",
      { approvers: { people: ["zoe"], roles: [] } },
      "Nobody who is active may decide step 1 (Step 1). It is for zoe.",
    ],
    [
      "a quorum of more people than there are",
      { quorum: 2, approvers: { people: ["bob"], roles: [] } },
      "Step 1 (Step 1) takes 2 different people, and only bob may decide it. It is for bob.",
    ],
    [
      "anybody but the creator, who is the only one",
      { excludeCreator: true, approvers: { people: ["ada"], roles: [] } },
      "Nobody who is active may decide step 1 (Step 1). It is for ada, except whoever created the run.",
    ],
  ])("F5: finds a policy that asks for %s", async (_what, policy, message) => {
    const found = await of(kit, await waiting(policy));
    expect(found.map(({ code }) => code)).toEqual(["NOBODY_MAY_DECIDE", "WAITING_FOR_APPROVAL"]);
    expect(found[0]).toMatchObject({ message, action: expect.stringContaining("An owner can ") });
  });

  it("F5: says that a quorum asks for more people than there are, and does not count programs", async () => {
    await kit.newActor("robot", "OWNER", "INTEGRATION");
    const [found] = await of(kit, await waiting({ quorum: 3 }));
    expect(found).toMatchObject({
      code: "NOBODY_MAY_DECIDE",
      message:
        "Step 1 (Step 1) takes 3 different people, and only ada and bob may decide it. It is for anybody who is at least an approver.",
      action: expect.stringMatching(
        /^The quorum asks for more people than there are\. An owner can bring in 1 more: .*; programs do not count\./,
      ),
    });
    await kit.db.query(`UPDATE actors SET deactivated_at = now() WHERE name = 'robot'`);
  });

  it("F5: names no program whose keys let it decide nothing", async () => {
    const robot = await kit.newActor("robot", "OWNER", "INTEGRATION");
    await kit.db.query(`UPDATE actors SET deactivated_at = NULL WHERE id = $1`, [robot.id]);
    const policy: DecisionPolicy = { approvers: { people: ["robot"], roles: [] } };
    const codes = async () => (await of(kit, await waiting(policy))).map(({ code }) => code);
    expect(await codes()).toEqual(["WAITING_FOR_APPROVAL"]);
    const addKey = (permissions: string | null) =>
      kit.db.query(`INSERT INTO api_keys (actor_id, key, permissions) VALUES ($1, gen_random_uuid(), $2)`, [
        robot.id,
        permissions,
      ]);
    await addKey('{"sluice":["VIEW","VOTE"]}');
    expect(await codes()).toEqual(["NOBODY_MAY_DECIDE", "WAITING_FOR_APPROVAL"]);
    await addKey('{"sluice":["DECIDE"]}');
    expect(await codes()).toEqual(["WAITING_FOR_APPROVAL"]);
    await kit.db.query(`UPDATE actors SET deactivated_at = now() WHERE id = $1`, [robot.id]);
  });

  it("says of an alert that was raised that it was", async () => {
    const runId = await waiting();
    await kit.db.query(
      `UPDATE approvals SET stalled = true, requested_at = now() - interval '3 hours' WHERE pipeline_run_id = $1`,
      [runId],
    );
    expect((await of(kit, runId))[0]?.message).toBe(
      "Step 1 (Step 1) has waited for approval for 3 hours; an alert was raised after 2 hours.",
    );
  });

  it("F5: somebody who was deactivated counts no more", async () => {
    const carol = await kit.newActor("carol", "APPROVER");
    const runId = await waiting({ approvers: { people: ["carol"], roles: [] } });
    expect(await codes(kit, runId)).toEqual(["WAITING_FOR_APPROVAL"]);
    await kit.db.query(`UPDATE actors SET deactivated_at = now() WHERE id = $1`, [carol.id]);
    expect(await codes(kit, runId)).toEqual(["NOBODY_MAY_DECIDE", "WAITING_FOR_APPROVAL"]);
  });

  it("says how many of the people that a gate takes have approved, and who is left", async () => {
    const runId = await waiting({ quorum: 2 });
    await approveStep(kit.engine, bob, { runStepId: (await kit.step(runId, 1)).id });
    const [found] = await of(kit, runId);
    expect(found).toMatchObject({
      code: "WAITING_FOR_APPROVAL",
      action: "ada can approve or reject it, or send it back.",
    });
    expect(found?.message).toMatch(/ 1 of 2 have approved: bob\.$/);
  });

  it("says what evidence is missing", async () => {
    const found = await of(kit, await waiting({ minVotes: 2, minConfidence: 0.9 }));
    expect(found[1]?.code).toBe("POLICY_UNMET");
    expect(found[1]?.message).toMatch(
      /^Step 1 \(Step 1\) asks for more before it opens\. 3 of 3 candidates have fewer than 2 votes/,
    );
    const automatic = await of(kit, await waiting({ automatic: { votes: 2, elo: 1_200 } }));
    expect(automatic[1]).toMatchObject({
      code: "POLICY_UNMET",
      action: "Vote more on this step, or decide it yourself.",
    });
  });

  it("F5: finds a gate whose candidates were all rejected, which no vote and no approval can open", async () => {
    const runId = await waiting({ minVotes: 2, automatic: { votes: 2, elo: 900 } });
    const rows = await kit.candidates(runId, 1);
    for (const { id } of rows) await rejectCandidate(kit.engine, bob, { candidateId: id, replace: false });
    const message = "Step 1 has no candidate left: all were rejected.";
    expect(await of(kit, runId)).toMatchObject([
      {
        code: "NO_CANDIDATES",
        message,
        action: "Reject it, send it back to have new ones made, or abort the run.",
        runStepId: (await kit.step(runId, 1)).id,
      },
      { code: "WAITING_FOR_APPROVAL", action: "ada and bob can reject it, or send it back." },
    ]);
    const { blockers } = await previewApproval(kit.engine, (await kit.step(runId, 1)).id);
    expect(blockers).toEqual([message]);
  });

  it("says who ended a run, why, and what there is to do", async () => {
    const rejected = await waiting();
    await rejectStep(kit.engine, bob, { runStepId: (await kit.step(rejected, 1)).id, comment: "Too dull." });
    expect(await of(kit, rejected)).toMatchObject([
      { code: "REJECTED", message: "The run was rejected by bob: Too dull.", since: expect.any(Date), runStepId: null },
    ]);
    const aborted = await waiting();
    await abortRun(kit.engine, kit.actor, { runId: aborted });
    expect(await of(kit, aborted)).toMatchObject([{ code: "ABORTED", message: "The run was aborted by ada." }]);
  });

  it("finds nothing in a run that is completed, and answers for several runs at once", async () => {
    const completed = await kit.newRun([{}]);
    await kit.untilRun(completed, "COMPLETED");
    const stopped = await waiting();
    const found = await diagnose(kit.engine, [completed, stopped]);
    expect(found.get(completed)).toEqual([]);
    expect(found.get(stopped)).toMatchObject([{ code: "WAITING_FOR_APPROVAL" }]);
  });

  it("F16: tells of notifications that were given up, until they are replayed", async () => {
    const runId = await waiting();
    await kit.db.query(
      `INSERT INTO deliveries (channel, address, event_type, pipeline_run_id, payload, status, attempts, error)
       VALUES ('WEBHOOK', 'https://hooks.example.org', 'approval_requested', $1, '{}', 'FAILED', 8, 'It answered 500.')`,
      [runId],
    );
    expect(await of(kit, runId)).toMatchObject([
      { code: "WAITING_FOR_APPROVAL" },
      {
        code: "DELIVERIES_FAILING",
        message: "1 notification about this run did not arrive; the last with: It answered 500.",
      },
    ]);
    await kit.db.query(
      `INSERT INTO deliveries (channel, address, event_type, pipeline_run_id, payload, status, replay_of_id)
       SELECT channel, address, event_type, pipeline_run_id, payload, 'PENDING', id FROM deliveries`,
    );
    expect(await codes(kit, runId)).toEqual(["WAITING_FOR_APPROVAL"]);
  });
});

describe("generation", () => {
  it("tells apart that no worker lives, that one works, and that it works for another run", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    const runId = await kit.newRun([{ generator: held.name, maxChildren: 1 }]);
    expect(await of(kit, runId)).toMatchObject([
      {
        code: "NO_WORKER",
        message: "Step 1 (Step 1) has 1 job to do, and no worker runs.",
        action: expect.stringContaining("-- worker"),
      },
    ]);
    // A row alone is no worker: only its lock says that it lives.
    await kit.db.query(`INSERT INTO workers (name) VALUES ('dead')`);
    expect(await codes(kit, runId)).toEqual(["NO_WORKER"]);

    const worker = await kit.worker([held, echoGenerator()], { concurrency: 1 });
    await kit.until(runId, async () => (await jobsOf(kit, runId)).some(({ status }) => status === "RUNNING"));
    expect(await of(kit, runId)).toEqual([]);
    const behind = await kit.newRun([{ maxChildren: 2 }]);
    expect(await of(kit, behind)).toMatchObject([
      {
        code: "WORKER_BUSY",
        message: `Step 1 (Step 1) has 2 jobs queued, while the worker makes 1 job of run #${runId}.`,
      },
    ]);
    held.release();
    await kit.untilRun(behind, "COMPLETED");
    await worker[Symbol.asyncDispose]();
    expect(await codes(kit, behind)).toEqual([]);
  });

  it("L1: finds a step that makes no progress", async () => {
    const held = heldGenerator();
    await using kit = await engineKit();
    await kit.worker([held], { concurrency: 1 });
    const runId = await kit.newRun([{ generator: held.name, maxChildren: 1 }]);
    await kit.until(runId, async () => (await jobsOf(kit, runId)).some(({ status }) => status === "RUNNING"));
    await kit.db.query(
      `UPDATE pipeline_run_steps SET last_progress_at = now() - interval '11 minutes' WHERE pipeline_run_id = $1`,
      [runId],
    );
    const [found] = await of(kit, runId);
    expect(found).toMatchObject({
      code: "GENERATION_STALLED",
      action: "Check that its generator held answers, and look at the worker's log.",
    });
    expect(found?.message).toMatch(/has made no progress for 11 minutes.*; 10 minutes are allowed\.$/);
    held.release();
    await kit.untilRun(runId, "COMPLETED");
  });

  it("finds jobs that failed, are tried again, or used the budget up, with what went wrong", async () => {
    let calls = 0;
    const partly = {
      ...echoGenerator("partly"),
      generate: async (...asked: Parameters<ReturnType<typeof echoGenerator>["generate"]>) => {
        calls += 1;
        if (calls === 1) throw new GeneratorError("The brush broke.", { retryable: false });
        return await echoGenerator().generate(...asked);
      },
    };
    const brittle = brittleGenerator();
    const tired = {
      ...echoGenerator("tired"),
      generate: async () => Promise.reject(new GeneratorError("Not now.", { retryable: true })),
    };
    await using kit = await engineKit();
    await kit.worker([partly, brittle, tired], { concurrency: 1 });

    const some = await kit.newRun([{ generator: partly.name, maxChildren: 2 }], { reviewFirstStep: true });
    await kit.untilStep(some, 1, "AWAITING_APPROVAL");
    expect(await of(kit, some)).toMatchObject([
      { code: "WAITING_FOR_APPROVAL" },
      { code: "FAILED_JOBS", message: "1 job of step 1 (Step 1) failed and was given up. The brush broke." },
    ]);

    const all = await kit.newRun([{ generator: brittle.name, maxChildren: 3, failureBudget: 1 }]);
    await kit.untilRun(all, "FAILED");
    expect(await of(kit, all)).toMatchObject([
      {
        code: "FAILED",
        message: expect.stringContaining("The model is out of paint."),
        action: expect.stringContaining("retry the failed jobs of step 1 (Step 1)"),
        runStepId: (await kit.step(all, 1)).id,
      },
    ]);

    const again = await kit.newRun([{ generator: tired.name, maxChildren: 1 }]);
    await kit.until(again, async () => (await eventsOf(kit, again, "job_failed")) > 0);
    expect(await of(kit, again)).toMatchObject([
      { code: "GENERATION_FAILING", message: "1 job of step 1 (Step 1) failed and is tried again by itself. Not now." },
    ]);
    await abortRun(kit.engine, kit.actor, { runId: again });
  });

  it("L1: finds a budget that is used up while the run goes on", async () => {
    const brittle = brittleGenerator();
    await using kit = await engineKit();
    await kit.worker([brittle, echoGenerator()], { concurrency: 1 });
    const runId = await kit.newRun([
      { generator: "echo", maxChildren: 1 },
      { generator: brittle.name, maxChildren: 3, failureBudget: 1 },
    ]);
    await kit.untilRun(runId, "FAILED");
    // The same step while its run is not over, as where another of its jobs still runs.
    await kit.db.query(`UPDATE pipeline_runs SET status = 'RUNNING', finished_at = NULL WHERE id = $1`, [runId]);
    expect(await of(kit, runId)).toMatchObject([
      {
        code: "BUDGET_EXHAUSTED",
        message:
          "Step 2 (Step 2) spends nothing more: 2 attempts failed, and its budget is 1. The model is out of paint.",
      },
    ]);
  });
});
