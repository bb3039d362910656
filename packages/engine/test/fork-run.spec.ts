import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { applyAutomaticPolicy } from "../src/commands/apply-automatic-policy.ts";
import { approveAllRemaining } from "../src/commands/approve-all-remaining.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { type ForkRunInput, forkRun } from "../src/commands/fork-run.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import { DuplicateVoteError, ForbiddenError, InvalidInputError, NotForkableError } from "../src/errors.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type CandidateRow, type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { brittleGenerator, heldGenerator, recordingGenerator } from "./generators.ts";
import { bySlot, eventsOf, jobsOf, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
const recording = recordingGenerator();
const held = heldGenerator();
const brittle = brittleGenerator();
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker([{ ...recording, name: "echo" }, held, brittle]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const idOf = async (runId: number, position: number) => (await kit.step(runId, position)).id;

async function fork(runId: number, position: number, input: Omit<ForkRunInput, "runStepId"> = {}) {
  return (await forkRun(kit.engine, kit.actor, { ...input, runStepId: await idOf(runId, position) })).runId;
}

/** All that is stored of a run, but for the order of writing. */
const everythingOf = (runId: number) =>
  kit.db.one(
    `SELECT to_jsonb(r) AS run,
       (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.id) FROM pipeline_run_steps s WHERE s.pipeline_run_id = r.id) AS steps,
       (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM candidates c WHERE c.pipeline_run_id = r.id) AS candidates,
       (SELECT jsonb_agg(to_jsonb(j) ORDER BY j.id) FROM jobs j WHERE j.pipeline_run_id = r.id) AS jobs,
       (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM approvals a WHERE a.pipeline_run_id = r.id) AS approvals,
       (SELECT count(*) FROM run_events e WHERE e.pipeline_run_id = r.id) AS events
     FROM pipeline_runs r WHERE r.id = $1`,
    [runId],
  );

const texts = (rows: readonly CandidateRow[]) => rows.map(({ text }) => text);
const advancing = (rows: readonly CandidateRow[]) => rows.filter(({ advancement }) => advancement === "ADVANCING");

describe("What a fork takes over", () => {
  it("candidates, parents and ratings up to the step, whose gate is then decided anew with other N and K", async () => {
    const runId = await kit.newRun([{ maxChildren: 3, topK: 2 }, { maxChildren: 2 }, { maxChildren: 2 }, {}]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const rated = await rateBySlot(kit, runId, 2, [1_000, 1_300, 1_100, 1_200]);
    await approveStep(kit.engine, kit.actor, { runStepId: await idOf(runId, 2), topK: 1, comment: "The best." });
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    const before = await everythingOf(runId);

    const copy = await fork(runId, 2, { name: "  Another way ", maxChildrenPerNode: 4, defaultTopK: 3 });
    expect(await everythingOf(runId)).toEqual(before);
    expect(
      await kit.db.one(
        `SELECT name, prompt, status, max_children_per_node AS n, default_top_k AS k, forked_from_id AS "from",
                forked_at_position AS at, created_by_id AS by FROM pipeline_runs WHERE id = $1`,
        [copy],
      ),
    ).toEqual({
      name: "Another way",
      prompt: "a test",
      status: "WAITING_FOR_APPROVAL",
      n: 4,
      k: 3,
      from: runId,
      at: 2,
      by: kit.actor.id,
    });
    expect(await kit.steps(copy)).toMatchObject([
      { status: "APPROVED", gate: "AUTO", topKCount: 2, approvedAt: (await kit.step(runId, 1)).approvedAt },
      { status: "AWAITING_APPROVAL", gate: "MANUAL", approved: false, topKCount: 3, round: 1 },
      { status: "BLOCKED", gate: "MANUAL", approved: false, topKCount: 3 },
      { status: "BLOCKED", gate: "MANUAL", approved: false, topKCount: 3 },
    ]);
    const [theirs, ours] = [await kit.candidates(runId), await kit.candidates(copy)];
    const upTo2 = theirs.filter(({ position }) => position <= 2);
    expect(texts(ours)).toEqual(texts(upTo2));
    expect(ours.map(({ elo, ordinal, position }) => [elo, ordinal, position])).toEqual(
      upTo2.map(({ elo, ordinal, position }) => [elo, ordinal, position]),
    );
    // Each has the copy of its parent.
    const placeOf = (rows: readonly CandidateRow[], id: number | null) => rows.findIndex((row) => row.id === id);
    expect(ours.map(({ parentId }) => placeOf(ours, parentId))).toEqual(
      upTo2.map(({ parentId }) => placeOf(upTo2, parentId)),
    );
    expect(new Set(ours.filter(({ position }) => position === 2).map(({ advancement }) => advancement))).toEqual(
      new Set(["UNDECIDED"]),
    );
    expect(await jobsOf(kit, copy)).toEqual([]);
    expect(await brokenRunRules(kit.db)).toEqual([]);

    await kit.approve(copy, 2);
    await kit.untilStep(copy, 3, "AWAITING_APPROVAL");
    const parents = advancing(await kit.candidates(copy, 2));
    expect(parents.map(({ elo }) => elo).sort()).toEqual([1_100, 1_200, 1_300]);
    expect(await kit.candidates(copy, 3)).toHaveLength(12);
    expect(await jobsOf(kit, copy)).toHaveLength(12);
    // The source goes on from its own decision.
    await kit.approve(runId, 3);
    await kit.untilStep(runId, 4, "AWAITING_APPROVAL");
    expect(advancing(await kit.candidates(runId, 2)).map(({ id }) => id)).toEqual([rated[1]?.id]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("V1, V2: votes go with it: ratings go on from them, and nobody judges a pair twice", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    const [a, b, c] = await kit.candidates(runId, 2);
    const vote = (left: CandidateRow, right: CandidateRow) =>
      kit.engine.castVote(kit.actor, { leftId: left.id, rightId: right.id, outcome: "LEFT" });
    await vote(b!, a!);
    const taken = await vote(c!, a!);
    await kit.db.query(`UPDATE votes SET revoked_at = now() WHERE id = $1`, [taken.voteId]);
    await kit.engine.castVote(kit.actor, { leftId: c!.id, rightId: b!.id, outcome: "SKIP" });
    await kit.db.query(`UPDATE candidates SET vote_count = 0, elo = 1000 WHERE id = $1`, [c!.id]);
    await kit.db.query(`UPDATE candidates SET vote_count = 1 WHERE id = $1`, [a!.id]);
    const copy = await fork(runId, 2);
    const [a2, b2, c2] = await kit.candidates(copy, 2);
    expect(b2!.elo).toBeGreaterThan(1_000);
    expect(await brokenRunRules(kit.db)).toEqual([]);
    await expect(vote(a2!, b2!)).rejects.toThrow(DuplicateVoteError);
    await expect(vote(b2!, c2!)).rejects.toThrow(DuplicateVoteError);
    // The one that was taken back does not count here either.
    await vote(c2!, a2!);
    const again = await kit.candidates(copy, 2);
    expect(again.map(({ voteCount }) => voteCount)).toEqual([2, 1, 1]);
    // The vote from before still rates: the loser of two is the last.
    expect(again[0]!.elo).toBeLessThan(again[1]!.elo);
    const preview = await previewApproval(kit.engine, await idOf(copy, 2), 1);
    expect(preview.ranked.at(-1)?.id).toBe(a2!.id);
    expect((await kit.candidates(runId, 2)).map(({ voteCount }) => voteCount)).toEqual([1, 1, 0]);
  });

  it("the current round alone, as its first", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const stepId = await idOf(runId, 2);
    await sendBackStep(kit.engine, kit.actor, { runStepId: stepId, toRunStepId: stepId, comment: "Again." });
    await kit.until(runId, async () => {
      const { status, round } = await kit.step(runId, 2);
      return status === "AWAITING_APPROVAL" && round === 2;
    });
    const copy = await fork(runId, 2);
    const fresh = (await kit.candidates(runId, 2)).filter(({ round }) => round === 2);
    expect((await kit.candidates(copy, 2)).map(({ text, round, status }) => ({ text, round, status }))).toEqual(
      fresh.map(({ text }) => ({ text, round: 1, status: "ACTIVE" })),
    );
    // It can be sent back in its turn, to a step that it took over.
    await sendBackStep(kit.engine, kit.actor, {
      runStepId: await idOf(copy, 2),
      toRunStepId: await idOf(copy, 1),
      comment: "From the start.",
    });
    await kit.until(copy, async () => (await kit.step(copy, 2)).status === "AWAITING_APPROVAL");
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("files, and what people rejected, whose slots can still be filled again", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [first, second] = await kit.candidates(runId, 2);
    const sha256 = "a".repeat(64);
    await kit.db.query(`INSERT INTO assets (sha256, media_type, bytes) VALUES ($1, 'image/png', 1)`, [sha256]);
    await kit.db.query(`INSERT INTO candidate_assets (candidate_id, position, sha256) VALUES ($1, 0, $2)`, [
      first!.id,
      sha256,
    ]);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: second!.id, replace: false });
    const copy = await fork(runId, 2);
    const [kept, rejected] = await kit.candidates(copy, 2);
    expect([kept?.status, rejected?.status]).toEqual(["ACTIVE", "REJECTED"]);
    expect(await kit.db.many(`SELECT sha256 FROM candidate_assets WHERE candidate_id = $1`, [kept?.id])).toEqual([
      { sha256 },
    ]);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: kept!.id });
    await kit.until(copy, async () => (await kit.step(copy, 2)).status === "AWAITING_APPROVAL");
    expect((await bySlot(kit, copy, 2)).map(({ ordinal, status }) => [ordinal, status])).toEqual([
      [1, "REJECTED"],
      [2, "REJECTED"],
      [3, "ACTIVE"],
    ]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("A3: comments of the decisions before it reach what is made in the fork", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await approveStep(kit.engine, kit.actor, { runStepId: await idOf(runId, 2), comment: "Keep the blue." });
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    const copy = await fork(runId, 3);
    expect(await kit.step(copy, 2)).toMatchObject({ status: "APPROVED", topKCount: 3 });
    const { comment, by } = await kit.db.one<{ comment: string; by: number }>(
      `SELECT comment, approved_by_id AS by FROM pipeline_run_steps WHERE id = $1`,
      [await idOf(copy, 2)],
    );
    expect([comment, by]).toEqual(["Keep the blue.", kit.actor.id]);
    const again = await idOf(copy, 3);
    await sendBackStep(kit.engine, kit.actor, { runStepId: again, toRunStepId: again, comment: "Bigger." });
    await kit.until(copy, async () => (await kit.step(copy, 3)).status === "AWAITING_APPROVAL");
    const asked = recording.requests.filter(({ run }) => run.id === copy);
    expect(new Set(asked.map(({ notes }) => notes.join()))).toEqual(new Set(["Keep the blue."]));
  });
});

describe("Where a run can be forked", () => {
  it.each(["rejected", "aborted", "completed", "failed"] as const)("one that was %s", async (how) => {
    const spec = how === "failed" ? [{}, {}, { generator: brittle.name, maxChildren: 1 }] : [{}, {}, {}];
    const runId = await kit.newRun(spec, { maxChildrenPerNode: 2 });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const runStepId = await idOf(runId, 2);
    if (how === "rejected") await rejectStep(kit.engine, kit.actor, { runStepId });
    if (how === "aborted") await abortRun(kit.engine, kit.actor, { runId });
    if (how === "completed") await approveAllRemaining(kit.engine, kit.actor, { runId, topK: 1 });
    if (how === "failed") await kit.approve(runId, 2);
    await kit.untilRun(runId, how.toUpperCase() as "REJECTED");
    const copy = await fork(runId, 2, { defaultTopK: 2 });
    expect(await kit.status(copy)).toBe("WAITING_FOR_APPROVAL");
    expect(await kit.steps(copy)).toMatchObject([
      { status: "APPROVED" },
      { status: "AWAITING_APPROVAL", gate: "MANUAL", topKCount: 2 },
      // G9 made it automatic there; here it is as in a new run.
      { status: "BLOCKED", gate: "MANUAL", approved: false },
    ]);
    await kit.approve(copy, 2, 1);
    expect(await jobsOf(kit, copy, 3)).not.toEqual([]);
    expect(await kit.status(runId)).toBe(how.toUpperCase());
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("where a policy decided: a person decides anew, even if the votes that come along would do for the policy", async () => {
    const automatic = { votes: 1, confidence: 0.01 };
    const pipeline = [{ gate: "MANUAL", maxChildren: 2, topK: 1, policy: { automatic, quorum: 1 } }, {}] as const;
    const runId = await kit.newRun([...pipeline, { policy: { automatic } }]);
    const { id: runStepId } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const [a, b] = await kit.candidates(runId, 1);
    await kit.engine.castVote(kit.actor, { leftId: a!.id, rightId: b!.id, outcome: "LEFT" });
    expect(await applyAutomaticPolicy(kit.engine, runStepId)).toMatchObject({ opened: true });
    const copy = await fork(runId, 1);
    expect(await kit.candidates(copy, 1)).toMatchObject([{ voteCount: 1 }, { voteCount: 1 }]);
    expect(await applyAutomaticPolicy(kit.engine, await idOf(copy, 1))).toEqual({ opened: false, missing: [] });
    expect(await kit.step(copy, 1)).toMatchObject({ status: "AWAITING_APPROVAL", approved: false });
    const policies = await kit.db.many<{ policy: unknown }>(
      `SELECT policy FROM pipeline_run_steps WHERE pipeline_run_id = $1 ORDER BY position`,
      [copy],
    );
    // The rest of the policy holds, and so do those of the steps that follow.
    expect(policies.map(({ policy }) => policy)).toEqual([{ quorum: 1 }, {}, { automatic }]);
  });

  it("any number of times, and a fork too", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const copies = await Promise.all([fork(runId, 2), fork(runId, 2)]);
    const third = await fork(copies[0], 1);
    for (const copy of [...copies, third]) expect(await kit.status(copy)).toBe("WAITING_FOR_APPROVAL");
    await kit.approve(copies[0], 2, 1);
    expect(await kit.step(copies[1], 2)).toMatchObject({ status: "AWAITING_APPROVAL" });
    expect(await kit.steps(third)).toMatchObject([{ status: "AWAITING_APPROVAL", gate: "MANUAL" }, {}, {}]);
    await kit.approve(third, 1, 1);
    await kit.untilStep(third, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(third, 2)).toHaveLength(2);
    expect(await eventsOf(kit, third, "run_forked")).toBe(1);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("A2: at an open gate of an agent, which a person then decides", async () => {
    const runId = await kit.newRun([{ kind: "AGENT", maxChildren: 2 }, { kind: "AGENT" }]);
    await kit.untilRun(runId, "COMPLETED");
    const copy = await fork(runId, 1);
    expect(await kit.steps(copy)).toMatchObject([{ gate: "MANUAL", status: "AWAITING_APPROVAL" }, { gate: "OPEN" }]);
    await kit.approve(copy, 1, 1);
    await kit.untilRun(copy, "COMPLETED");
    expect(await kit.candidates(copy, 2)).toHaveLength(1);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("A2: at an approval step: what came to it is there again, whatever it let through", async () => {
    const runId = await kit.newRun([
      { kind: "AGENT", maxChildren: 4 },
      { kind: "APPROVAL" },
      { kind: "AGENT", maxChildren: 2 },
    ]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await kit.approve(runId, 2, 1);
    await kit.untilRun(runId, "COMPLETED");
    const copy = await fork(runId, 2);
    expect((await previewApproval(kit.engine, await idOf(copy, 2), 2)).ranked).toHaveLength(4);
    // Votes count until it is decided.
    const [a, , c] = await kit.candidates(copy, 1);
    await kit.engine.castVote(kit.actor, { leftId: c!.id, rightId: a!.id, outcome: "LEFT" });
    expect(await brokenRunRules(kit.db)).toEqual([]);
    await kit.approve(copy, 2, 2);
    await kit.untilRun(copy, "COMPLETED");
    expect(advancing(await kit.candidates(copy, 1)).map(({ id }) => id)).toContain(c!.id);
    expect(await kit.candidates(copy, 3)).toHaveLength(4);
    expect(advancing(await kit.candidates(runId, 1))).toHaveLength(1);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("G13: behind a gate that cut, what came to the approval step is what that gate let through", async () => {
    const runId = await kit.newRun([{ maxChildren: 4 }, { kind: "APPROVAL" }, { kind: "APPROVAL" }, {}], {
      reviewFirstStep: true,
    });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const [best, second] = await rateBySlot(kit, runId, 1, [1_400, 1_300, 1_200, 1_100]);
    await kit.approve(runId, 1, 3);
    await kit.approve(runId, 2, 2);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: second!.id });
    await kit.approve(runId, 3, 1);
    const at2 = await fork(runId, 2);
    expect((await previewApproval(kit.engine, await idOf(at2, 2), 3)).ranked).toHaveLength(2);
    const at3 = await fork(runId, 3);
    expect((await previewApproval(kit.engine, await idOf(at3, 3), 3)).ranked).toMatchObject([{ rank: 1 }]);
    expect(advancing(await kit.candidates(at3, 1)).map(({ text }) => text)).toEqual([best?.text]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });
});

describe("Refusals", () => {
  it("it takes the right to operate, and sizes that a new run may have", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    const runStepId = await idOf(runId, 2);
    const approver = await kit.newActor("approver", "APPROVER");
    await expect(forkRun(kit.engine, approver, { runStepId })).rejects.toThrow(ForbiddenError);
    await expect(fork(runId, 2, { maxChildrenPerNode: 101 })).rejects.toThrow(InvalidInputError);
    await expect(fork(runId, 2, { defaultTopK: 0 })).rejects.toThrow(
      new InvalidInputError("K must be at least 1", "defaultTopK"),
    );
    await expect(fork(runId, 2, { approvalTemplate: "strict" })).rejects.toThrow(InvalidInputError);
    const operator = await kit.newActor("operator", "OPERATOR");
    const copy = await forkRun(kit.engine, operator, { runStepId });
    expect(copy.runId).toBeGreaterThan(runId);
  });

  it("not behind a closed gate, nor while or where nothing is there to decide about; it says where instead", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await expect(fork(runId, 3)).rejects.toThrow(
      new NotForkableError(
        `Step 2 of run #${runId} is not approved, so step 3 is not complete. Fork at step 2 instead.`,
      ),
    );
    for (const { id } of await kit.candidates(runId, 2)) {
      await rejectCandidate(kit.engine, kit.actor, { candidateId: id, replace: false });
    }
    await expect(fork(runId, 2)).rejects.toThrow("no candidate left to decide about. Fork at an earlier step.");
    const busy = await kit.newRun([{}, { generator: held.name, maxChildren: 1 }]);
    await kit.untilStep(busy, 2, "GENERATING");
    await expect(fork(busy, 2)).rejects.toThrow("is still generating. Fork it when that is done.");
    await abortRun(kit.engine, kit.actor, { runId: busy });
    await expect(fork(busy, 2)).rejects.toThrow("was never completed. Fork at step 1 instead.");
    expect(await kit.status(await fork(busy, 1))).toBe("WAITING_FOR_APPROVAL");
  });
});
