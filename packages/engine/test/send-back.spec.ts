import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { approveAllRemaining } from "../src/commands/approve-all-remaining.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { forkRun } from "../src/commands/fork-run.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { retryFailedJobs } from "../src/commands/retry-failed-jobs.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import { undoVote } from "../src/commands/undo-vote.ts";
import {
  ApprovalFinalError,
  ForbiddenError,
  InvalidInputError,
  NoCandidatesError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StaleRankingError,
  StaleRoundError,
  StepClosedError,
  StillGeneratingError,
  TooManyRoundsError,
} from "../src/errors.ts";
import { nextPair } from "../src/queries/next-pair.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { votingProgress } from "../src/queries/voting-progress.ts";
import { type CandidateRow, type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { brittleGenerator, heldGenerator, recordingGenerator } from "./generators.ts";
import { eventsOf, jobsOf, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
const recording = recordingGenerator();
const held = heldGenerator();
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker([{ ...recording, name: "echo" }, recording, held]);
});
beforeEach(() => {
  recording.requests.length = 0;
});
afterAll(() => kit[Symbol.asyncDispose]());

const idOf = async (runId: number, position: number) => (await kit.step(runId, position)).id;

async function sendBack(runId: number, position: number, to: number, comment = "Warmer, please.") {
  return await sendBackStep(kit.engine, kit.actor, {
    runStepId: await idOf(runId, position),
    toRunStepId: await idOf(runId, to),
    comment,
  });
}

/** Resolves once the step waits in this round. */
async function untilRound(runId: number, position: number, round: number) {
  await kit.until(runId, async () => {
    const step = await kit.step(runId, position);
    return step.status === "AWAITING_APPROVAL" && step.round === round;
  });
}

const ofRound = async (runId: number, position: number, round: number): Promise<CandidateRow[]> =>
  (await kit.candidates(runId, position)).filter((candidate) => candidate.round === round);

const approvalsOf = (runId: number) =>
  kit.db.many<{ position: number; status: string; round: number; sentBackTo: number | null; comment: string | null }>(
    `SELECT rs.position, a.status, a.round, a.sent_back_to AS "sentBackTo", a.comment FROM approvals a
     JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id WHERE a.pipeline_run_id = $1 ORDER BY a.id`,
    [runId],
  );

const requestsOf = (runId: number, position: number) =>
  recording.requests.filter(({ run, step }) => run.id === runId && step.position === position);

describe("Sending a step back to itself", () => {
  it("makes its candidates anew from the same parents, and asks again", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 2, children: 2 });
    const first = await kit.candidates(runId, 2);
    const seen = await kit.step(runId, 2);
    const { eventSeq } = await sendBack(runId, 2, 2);
    expect(await kit.status(runId)).toBe("RUNNING");
    await untilRound(runId, 2, 2);

    const [old, fresh] = [await ofRound(runId, 2, 1), await ofRound(runId, 2, 2)];
    expect(old.map(({ id, status }) => [id, status])).toEqual(first.map(({ id }) => [id, "SUPERSEDED"]));
    expect(fresh).toHaveLength(4);
    const places = ({ parentId, ordinal }: CandidateRow) => `${parentId}/${ordinal}`;
    const parents = (await kit.candidates(runId, 1))
      .filter(({ advancement }) => advancement === "ADVANCING")
      .map(({ id }) => id);
    expect(fresh.map(places).sort()).toEqual(parents.flatMap((id) => [`${id}/3`, `${id}/4`]).sort());
    // S4: other ordinals, other seeds.
    const seeds = (await jobsOf(kit, runId, 2)).map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(8);
    // The first step is as it was.
    expect(await kit.step(runId, 1)).toMatchObject({ round: 1, status: "APPROVED" });
    expect((await kit.candidates(runId, 1)).map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
    expect(await approvalsOf(runId)).toEqual([
      { position: 2, status: "SENT_BACK", round: 1, sentBackTo: 2, comment: "Warmer, please." },
      { position: 2, status: "PENDING", round: 2, sentBackTo: null, comment: null },
    ]);
    expect((await kit.step(runId, 2)).rankingVersion).toBeGreaterThan(seen.rankingVersion);
    const event = await kit.db.one<{ data: unknown; seq: number }>(
      `SELECT data, seq FROM run_events WHERE pipeline_run_id = $1 AND type = 'step_sent_back'`,
      [runId],
    );
    expect(event.data).toMatchObject({
      runStepId: seen.id,
      toRunStepId: seen.id,
      round: 1,
      comment: "Warmer, please.",
      approvalId: expect.any(Number),
    });
    expect(event.seq).toBeLessThanOrEqual(eventSeq);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("G10: the run then goes on from the new round alone", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await sendBack(runId, 2, 2);
    await untilRound(runId, 2, 2);
    await kit.approve(runId, 2, 1);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    const parents = new Set((await kit.candidates(runId, 3)).map(({ parentId }) => parentId));
    const advancing = (await kit.candidates(runId, 2)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(advancing).toMatchObject([{ round: 2, status: "ACTIVE" }]);
    expect([...parents]).toEqual(advancing.map(({ id }) => id));
    await kit.approve(runId, 3);
    expect(await kit.status(runId)).toBe("COMPLETED");
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("works for the first step, whose slots have no parent", async () => {
    const runId = await kit.newRun([{ maxChildren: 3 }], { reviewFirstStep: true });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await sendBack(runId, 1, 1);
    await untilRound(runId, 1, 2);
    expect((await ofRound(runId, 1, 2)).map(({ ordinal }) => ordinal).sort()).toEqual([4, 5, 6]);
    await kit.approve(runId, 1, 2);
    expect(await kit.status(runId)).toBe("COMPLETED");
  });

  it("is a way out where everything was rejected", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    for (const { id } of await kit.candidates(runId, 2)) {
      await rejectCandidate(kit.engine, kit.actor, { candidateId: id, replace: false });
    }
    await sendBack(runId, 2, 2);
    await untilRound(runId, 2, 2);
    expect(await ofRound(runId, 2, 2)).toHaveLength(2);
    expect((await ofRound(runId, 2, 1)).map(({ status }) => status)).toEqual(["REJECTED", "REJECTED"]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });
});

describe("Sending a step back over others", () => {
  it("repeats all from the named step on; what was decided there is undecided again, and on record", async () => {
    const runId = await kit.newRun([{ maxChildren: 2 }, { maxChildren: 2 }, { maxChildren: 1 }, {}]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await approveStep(kit.engine, kit.actor, { runStepId: await idOf(runId, 2), topK: 2, comment: "These two." });
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    const frozen = (await kit.candidates(runId, 2)).map(({ id, advancement }) => [id, advancement]);
    await sendBack(runId, 3, 2);
    await untilRound(runId, 2, 2);

    expect((await ofRound(runId, 2, 1)).map(({ id, advancement }) => [id, advancement])).toEqual(frozen);
    expect(await kit.step(runId, 2)).toMatchObject({ approved: false, approvedAt: null, gate: "MANUAL" });
    expect(await kit.step(runId, 3)).toMatchObject({ status: "BLOCKED", round: 2 });
    expect(await ofRound(runId, 2, 2)).toHaveLength(4);
    await kit.approve(runId, 2, 3);
    await untilRound(runId, 3, 2);
    expect(await ofRound(runId, 3, 2)).toHaveLength(3);
    expect(await approvalsOf(runId)).toMatchObject([
      { position: 2, status: "APPROVED", round: 1, comment: "These two." },
      { position: 3, status: "SENT_BACK", round: 1, sentBackTo: 2 },
      { position: 2, status: "APPROVED", round: 2, comment: null },
      { position: 3, status: "PENDING", round: 2 },
    ]);
    // The old comment led to the old candidates; the new ones come without it.
    expect(requestsOf(runId, 3).map(({ notes, feedback }) => ({ notes, feedback: feedback.length }))).toEqual([
      { notes: ["These two."], feedback: 0 },
      { notes: ["These two."], feedback: 0 },
      ...Array(3).fill({ notes: [], feedback: 1 }),
    ]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("opens automatic and open gates in between by themselves again", async () => {
    const runId = await kit.newRun([
      { maxChildren: 3, topK: 1 },
      { kind: "AGENT", maxChildren: 2 },
      { maxChildren: 1, gate: "MANUAL" },
    ]);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    await sendBack(runId, 3, 1);
    await untilRound(runId, 3, 2);
    expect(await kit.steps(runId)).toMatchObject([
      { gate: "AUTO", status: "APPROVED", approved: true, round: 2 },
      { gate: "OPEN", status: "APPROVED", approved: true, round: 2 },
      { gate: "MANUAL", status: "AWAITING_APPROVAL", approved: false, round: 2 },
    ]);
    for (const [position, count] of [
      [1, 3],
      [2, 2],
      [3, 2],
    ] as const) {
      expect(await ofRound(runId, position, 2)).toHaveLength(count);
    }
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("A3: from an approval step, the comment reaches the agent that writes again", async () => {
    const runId = await kit.newRun([
      { kind: "AGENT", generator: recording.name },
      { kind: "APPROVAL" },
      { kind: "AGENT", generator: recording.name },
    ]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await sendBack(runId, 2, 1, "Shorter.");
    await untilRound(runId, 2, 2);
    await sendBack(runId, 2, 1, "Shorter still.");
    await untilRound(runId, 2, 3);
    expect(requestsOf(runId, 1).map(({ feedback }) => feedback)).toEqual([
      [],
      [{ round: 1, comment: "Shorter." }],
      [
        { round: 1, comment: "Shorter." },
        { round: 2, comment: "Shorter still." },
      ],
    ]);
    await kit.approve(runId, 2);
    await kit.untilRun(runId, "COMPLETED");
    // What was said about the first step's drafts is none of the third step's business.
    expect(requestsOf(runId, 3)).toMatchObject([{ feedback: [], parent: { id: (await ofRound(runId, 1, 3))[0]?.id } }]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("a job that is tried again is given the same", async () => {
    await using own = await engineKit();
    const brittle = brittleGenerator();
    const asked: object[] = [];
    await own.worker([
      {
        ...brittle,
        async generate(request, context) {
          if (request.feedback.length > 0) asked.push({ seed: request.seed, feedback: request.feedback });
          if (request.feedback.length > 0 && brittle.broken) return await brittle.generate(request, context);
          return { assets: [], text: "made", meta: {} };
        },
      },
    ]);
    const runId = await own.newRun([{ generator: brittle.name, maxChildren: 1 }], { reviewFirstStep: true });
    const { id } = await own.untilStep(runId, 1, "AWAITING_APPROVAL");
    await sendBackStep(own.engine, own.actor, { runStepId: id, toRunStepId: id, comment: "Bluer." });
    // G16: the round made nothing, and failed jobs of it can be retried.
    await own.untilRun(runId, "FAILED");
    brittle.broken = false;
    await retryFailedJobs(own.engine, own.actor, { runStepId: id });
    await own.untilStep(runId, 1, "AWAITING_APPROVAL");
    const { seed } = (await jobsOf(own, runId)).at(-1) ?? {};
    expect(asked).toEqual(Array(2).fill({ seed, feedback: [{ round: 1, comment: "Bluer." }] }));
    expect(await brokenRunRules(own.db)).toEqual([]);
  });

  it("jobs that failed in an earlier round are not tried again", async () => {
    await using own = await engineKit();
    const brittle = brittleGenerator();
    await own.worker([
      {
        ...brittle,
        generate: async (request, context) =>
          request.ordinal === 1 ? await brittle.generate(request, context) : { assets: [], text: "made", meta: {} },
      },
    ]);
    const runId = await own.newRun([{ generator: brittle.name, maxChildren: 2 }], { reviewFirstStep: true });
    const { id } = await own.untilStep(runId, 1, "AWAITING_APPROVAL");
    await sendBackStep(own.engine, own.actor, { runStepId: id, toRunStepId: id, comment: "Again." });
    await own.until(runId, async () => {
      const { status, round } = await own.step(runId, 1);
      return round === 2 && status === "AWAITING_APPROVAL";
    });
    brittle.broken = false;
    await expect(retryFailedJobs(own.engine, own.actor, { runStepId: id })).rejects.toThrow(
      new InvalidInputError("No job of step 1 has failed.", "stepId"),
    );
    expect((await own.candidates(runId, 1)).map(({ round }) => round)).toEqual([1, 2, 2]);
  });
});

describe("F15: a round leaves nothing of the one before in force", () => {
  it("V1: votes of an earlier round do not rate, cannot be cast and stay as they are", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    const [a, b] = await kit.candidates(runId, 2);
    const { voteId } = await kit.engine.castVote(kit.actor, { leftId: b!.id, rightId: a!.id, outcome: "LEFT" });
    const rated = (await kit.candidates(runId, 2)).map(({ elo, voteCount }) => [elo, voteCount]);
    expect(rated[1]?.[0]).toBeGreaterThan(1_000);
    await sendBack(runId, 2, 2);
    await untilRound(runId, 2, 2);

    const stepId = await idOf(runId, 2);
    expect((await ofRound(runId, 2, 2)).map(({ elo, voteCount }) => [elo, voteCount])).toEqual(
      Array(3).fill([1_000, 0]),
    );
    expect(await votingProgress(kit.engine, kit.actor, stepId)).toMatchObject({
      yourVotes: 0,
      pairsLeft: 3,
      candidates: 3,
    });
    const fresh = (await ofRound(runId, 2, 2)).map(({ id }) => id);
    const pair = await nextPair(kit.engine, kit.actor, stepId);
    expect(fresh).toEqual(expect.arrayContaining([pair?.leftId, pair?.rightId]));

    await expect(
      kit.engine.castVote(kit.actor, { leftId: a!.id, rightId: fresh[0] as number, outcome: "LEFT" }),
    ).rejects.toThrow(StepClosedError);
    await expect(undoVote(kit.engine, kit.actor, { voteId })).rejects.toThrow(StepClosedError);
    await expect(rejectCandidate(kit.engine, kit.actor, { candidateId: a!.id })).rejects.toThrow(StepClosedError);

    // A vote in the new round rates the new round alone.
    await kit.engine.castVote(kit.actor, { leftId: fresh[2] as number, rightId: fresh[0] as number, outcome: "LEFT" });
    const preview = await previewApproval(kit.engine, stepId, 1);
    expect(preview.ranked.map(({ id }) => id).sort()).toEqual([...fresh].sort());
    expect(preview.ranked[0]?.id).toBe(fresh[2]);
    expect((await ofRound(runId, 2, 1)).map(({ elo, voteCount }) => [elo, voteCount])).toEqual(rated);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("F6, G7: what was seen in an earlier round cannot be approved, rejected or sent back any more", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const seen = await kit.step(runId, 2);
    await sendBack(runId, 2, 2);
    await untilRound(runId, 2, 2);
    const stale = { runStepId: seen.id, rankingVersion: seen.rankingVersion };
    await expect(approveStep(kit.engine, kit.actor, stale)).rejects.toThrow(StaleRankingError);
    await expect(
      sendBackStep(kit.engine, kit.actor, { ...stale, toRunStepId: seen.id, comment: "Again." }),
    ).rejects.toThrow(StaleRankingError);
    await expect(rejectStep(kit.engine, kit.actor, stale)).rejects.toThrow(StaleRankingError);
    const late = { runStepId: seen.id, round: 1 };
    await expect(approveStep(kit.engine, kit.actor, late)).rejects.toThrow(new StaleRoundError(2, 1, 2));
    await expect(rejectStep(kit.engine, kit.actor, late)).rejects.toThrow(StaleRoundError);
    await expect(
      sendBackStep(kit.engine, kit.actor, { ...late, toRunStepId: seen.id, comment: "Again." }),
    ).rejects.toThrow(StaleRoundError);
    expect(await kit.step(runId, 2)).toMatchObject({ status: "AWAITING_APPROVAL", round: 2 });
    await approveStep(kit.engine, kit.actor, { runStepId: seen.id, round: 2 });
  });

  it("K is again what the run was created with, whatever was decided in the round before", async () => {
    const runId = await kit.newRun([{ maxChildren: 3 }, { maxChildren: 2, topK: 4 }, { maxChildren: 1 }, { topK: 7 }], {
      reviewFirstStep: true,
    });
    const ks = async (id: number) => (await kit.steps(id)).map(({ topKCount }) => topKCount);
    const planned = await ks(runId);
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await kit.approve(runId, 1, 2);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await kit.approve(runId, 2, 1);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    expect(await ks(runId)).toEqual([2, 1, ...planned.slice(2)]);
    const { runId: fork } = await forkRun(kit.engine, kit.actor, { runStepId: await idOf(runId, 3) });
    await sendBack(runId, 3, 2);
    // The first step begins no round: what was decided there is in force.
    expect(await ks(runId)).toEqual([2, ...planned.slice(1)]);
    await untilRound(runId, 2, 2);
    expect(
      (await previewApproval(kit.engine, await idOf(runId, 2))).ranked.map(({ willAdvance }) => willAdvance),
    ).toEqual(Array(4).fill(true));
    await kit.approve(runId, 2, 3);
    await untilRound(runId, 3, 2);
    await sendBack(runId, 3, 1);
    expect(await ks(runId)).toEqual(planned);
    // Where the decision was taken over from another run, too.
    expect((await ks(fork)).slice(0, 2)).toEqual([2, 1]);
    await sendBack(fork, 3, 1);
    expect(await ks(fork)).toEqual(planned);
    await untilRound(fork, 1, 2);
    await approveAllRemaining(kit.engine, kit.actor, { runId: fork, topK: 1 });
    await kit.untilRun(fork, "COMPLETED");
    expect(await ks(fork)).toEqual([1, 1, 1, 1]);
    expect(await brokenRunRules(kit.db)).toEqual([]);
  });

  it("alerts of the steps that are repeated are over", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    const stepId = await idOf(runId, 2);
    await kit.db.query(
      `INSERT INTO alerts (kind, pipeline_run_id, pipeline_run_step_id, message) VALUES ('APPROVAL_STALLED', $1, $2, 'waits')`,
      [runId, stepId],
    );
    await sendBack(runId, 2, 2);
    expect(await eventsOf(kit, runId, "alert_resolved")).toBe(1);
  });
});

describe("Refusals: nothing changes", () => {
  it("G12, A6: it takes the right to decide this gate", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    const voter = await kit.newActor("voter", "VOTER");
    const [from, to] = [await idOf(runId, 2), await idOf(runId, 1)];
    await expect(
      sendBackStep(kit.engine, voter, { runStepId: from, toRunStepId: to, comment: "Warmer." }),
    ).rejects.toThrow(ForbiddenError);
    await kit.db.query(`UPDATE pipeline_run_steps SET policy = '{"excludeCreator": true}' WHERE id = $1`, [from]);
    await expect(sendBack(runId, 2, 1)).rejects.toThrow(ForbiddenError);
    const approver = await kit.newActor("approver", "APPROVER");
    await sendBackStep(kit.engine, approver, { runStepId: from, toRunStepId: to, comment: "Warmer." });
    expect(await kit.step(runId, 1)).toMatchObject({ round: 2 });
  });

  it("F13: it takes a comment that says something", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await expect(sendBack(runId, 2, 2, " \n ")).rejects.toThrow(
      new InvalidInputError("Say in a comment what should be different.", "comment"),
    );
    expect(await kit.step(runId, 2)).toMatchObject({ round: 1, status: "AWAITING_APPROVAL" });
  });

  it("only to a step of the run, that makes something, at or before the one that waits", async () => {
    const runId = await kit.newRun([{ kind: "AGENT", name: "Draft" }, { kind: "APPROVAL", name: "Editor" }, {}]);
    const other = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    const { id: runStepId } = await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const to = (toRunStepId: number) =>
      sendBackStep(kit.engine, kit.actor, { runStepId, toRunStepId, comment: "Again." });
    await expect(to(await idOf(other, 1))).rejects.toThrow("a step of its own run");
    await expect(to(await idOf(runId, 3))).rejects.toThrow("Step 3 comes after step 2.");
    await expect(to(runStepId)).rejects.toThrow(
      "Step 2 (Editor) makes nothing. Send it back to a step that does, such as step 1 (Draft).",
    );
    expect(await kit.step(runId, 2)).toMatchObject({ round: 1, status: "AWAITING_APPROVAL" });
  });

  it("G5, G6: not while it generates, before it is reached, after it is decided or once the run has ended", async () => {
    const waiting = await kit.newRun([{ generator: held.name, maxChildren: 1 }, {}], { reviewFirstStep: true });
    await expect(sendBack(waiting, 1, 1)).rejects.toThrow(StillGeneratingError);
    await expect(sendBack(waiting, 2, 1)).rejects.toThrow(PreviousStepUnapprovedError);
    await abortRun(kit.engine, kit.actor, { runId: waiting });
    await expect(sendBack(waiting, 1, 1)).rejects.toThrow(RunNotActiveError);

    const decided = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await expect(sendBack(decided, 1, 1)).rejects.toThrow(ApprovalFinalError);
    await kit.approve(decided, 2);
    await expect(sendBack(decided, 2, 1)).rejects.toThrow(ApprovalFinalError);
    const rejected = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await rejectStep(kit.engine, kit.actor, { runStepId: await idOf(rejected, 2) });
    await expect(sendBack(rejected, 2, 1)).rejects.toThrow(ApprovalFinalError);
  });

  it("not to a step whose parents were all rejected", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    const [parent] = await kit.candidates(runId, 1);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: parent!.id });
    await expect(sendBack(runId, 2, 2)).rejects.toThrow(NoCandidatesError);
    expect(await kit.step(runId, 2)).toMatchObject({ round: 1, status: "AWAITING_APPROVAL" });
    await sendBack(runId, 2, 1);
    await untilRound(runId, 2, 2);
  });

  it("rounds are capped, by default at three", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    for (const round of [2, 3]) {
      await sendBack(runId, 2, 2);
      await untilRound(runId, 2, round);
    }
    await expect(sendBack(runId, 2, 2)).rejects.toThrow(new TooManyRoundsError(2, 3));
    await kit.db.query(`UPDATE pipeline_run_steps SET policy = '{"maxRounds": 4}' WHERE pipeline_run_id = $1`, [runId]);
    await sendBack(runId, 2, 2);
    await untilRound(runId, 2, 4);
    await expect(sendBack(runId, 2, 2)).rejects.toThrow(new TooManyRoundsError(2, 4));
  });

  it("G12: what others decided under a policy is undone by those alone who may decide it", async () => {
    const bob = await kit.newActor("bob", "APPROVER");
    const runId = await kit.newRun([
      { maxChildren: 1, gate: "MANUAL", policy: { excludeCreator: true } },
      { maxChildren: 1 },
    ]);
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await approveStep(kit.engine, bob, { runStepId: await idOf(runId, 1) });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    // The creator may decide step 2, and not step 1.
    await expect(sendBack(runId, 2, 1)).rejects.toThrow(ForbiddenError);
    expect(await kit.step(runId, 1)).toMatchObject({ round: 1, status: "APPROVED" });
    await sendBack(runId, 2, 2);
    await untilRound(runId, 2, 2);
    const [runStepId, toRunStepId] = [await idOf(runId, 2), await idOf(runId, 1)];
    await sendBackStep(kit.engine, bob, { runStepId, toRunStepId, comment: "From the start." });
    await untilRound(runId, 1, 2);
  });

  it("rounds are capped for every step that would begin one, and the one that is at its end is named", async () => {
    const cap = (maxRounds: number) => ({ maxChildren: 1, gate: "MANUAL", policy: { maxRounds } }) as const;
    const runId = await kit.newRun([cap(3), cap(1), cap(9)]);
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await sendBack(runId, 1, 1);
    await untilRound(runId, 1, 2);
    await sendBack(runId, 1, 1);
    await untilRound(runId, 1, 3);
    await kit.approve(runId, 1);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await kit.approve(runId, 2);
    await kit.untilStep(runId, 3, "AWAITING_APPROVAL");
    // Of two that are at their end, the later one says from where on there is a way.
    await expect(sendBack(runId, 3, 1)).rejects.toThrow(new TooManyRoundsError(2, 1, 3));
    await expect(sendBack(runId, 3, 2)).rejects.toThrow(
      "Step 2 has had all 1 of its rounds. Send step 3 back to a step after that one, approve it, reject it, or fork",
    );
    await kit.db.query(`UPDATE pipeline_run_steps SET policy = '{}' WHERE id = $1`, [await idOf(runId, 2)]);
    await expect(sendBack(runId, 3, 1)).rejects.toThrow(new TooManyRoundsError(1, 3, 3));
    expect((await kit.steps(runId)).map(({ round }) => round)).toEqual([3, 1, 1]);
    await sendBack(runId, 3, 3);
    await untilRound(runId, 3, 2);
  });

  it("G11: of an approval and a sending back at the same time, one takes place", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    const [to, runStepId] = [await idOf(runId, 1), await idOf(runId, 2)];
    // Bound to the round: without it, one that comes late enough would decide about the next, and may.
    const seen = { runStepId, round: 1 };
    const outcomes = await Promise.allSettled([
      sendBackStep(kit.engine, kit.actor, { ...seen, toRunStepId: runStepId, comment: "Again." }),
      approveStep(kit.engine, kit.actor, seen),
      sendBackStep(kit.engine, kit.actor, { ...seen, toRunStepId: to, comment: "Again." }),
      rejectStep(kit.engine, kit.actor, seen),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await approvalsOf(runId)).filter(({ round, status }) => round === 1 && status !== "PENDING")).toHaveLength(
      1,
    );
  });
});

describe("The database itself", () => {
  it("G6: lets a decision be taken back by a new round alone, which begins undecided and follows the last", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await kit.approve(runId, 2);
    const id = await idOf(runId, 2);
    const update = (set: string) => kit.db.query(`UPDATE pipeline_run_steps SET ${set} WHERE id = $1`, [id]);
    await expect(update("frozen_at = NULL")).rejects.toThrow("What advances is frozen once");
    await expect(update("round = round + 2, approved = false, frozen_at = NULL, status = 'BLOCKED'")).rejects.toThrow(
      "Rounds follow each other one by one",
    );
    await expect(update("round = round + 1")).rejects.toThrow("A round begins with nothing decided");
    await expect(update("round = round - 1, approved = false, frozen_at = NULL, status = 'BLOCKED'")).rejects.toThrow();
  });
});

describe("Who ended a run", () => {
  const endedBy = async (runId: number) =>
    (await kit.db.one<{ id: number | null }>(`SELECT ended_by_id AS id FROM pipeline_runs WHERE id = $1`, [runId])).id;

  it("A6: is who aborted or rejected it; of one that was completed, nobody", async () => {
    const operator = await kit.newActor("operator", "OPERATOR");
    const aborted = await kit.newRun([{ generator: held.name }]);
    await abortRun(kit.engine, operator, { runId: aborted });
    expect(await endedBy(aborted)).toBe(operator.id);
    const rejected = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await rejectStep(kit.engine, operator, { runStepId: await idOf(rejected, 2) });
    expect(await endedBy(rejected)).toBe(operator.id);
    const completed = await runWaitingAtStep2(kit, { parents: 1, children: 1 });
    await approveAllRemaining(kit.engine, operator, { runId: completed });
    await kit.untilRun(completed, "COMPLETED");
    expect(await endedBy(completed)).toBeNull();
  });
});
