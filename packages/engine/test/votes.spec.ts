import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { undoVote } from "../src/commands/undo-vote.ts";
import { DuplicateVoteError, InvalidInputError, StepClosedError } from "../src/errors.ts";
import { rateByBradleyTerry } from "../src/ratings/bradley-terry.ts";
import { rateByElo } from "../src/ratings/elo.ts";
import type { PairVote } from "../src/ratings/pair-vote.ts";
import { type CandidateRow, type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
let ballots = 0;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

const vote = (left: CandidateRow, right: CandidateRow, outcome: PairVote["outcome"] | "BOTH_BAD" | "SKIP" = "LEFT") =>
  kit.engine.castVote(kit.actor, { leftId: left.id, rightId: right.id, outcome });

/** A run that waits at its first step, with these candidates. */
async function ballot(ratingModel: "BRADLEY_TERRY" | "ELO", candidates: number) {
  ballots += 1;
  const pipeline = `ballot ${ballots}`;
  await kit.newPipeline(pipeline, [{ maxChildren: candidates }, {}], { ratingModel });
  const runId = await kit.newRun([], { pipeline, reviewFirstStep: true });
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  return { runId, rows: await kit.candidates(runId, 1) };
}

const ratingsOf = async (runId: number) =>
  (await kit.candidates(runId, 1)).map(({ id, elo, voteCount }) => ({ id, elo, voteCount }));

describe("V2: which votes count", () => {
  it("V2: not on a rejected candidate", async () => {
    const { rows } = await ballot("BRADLEY_TERRY", 3);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: rows[1]!.id, replace: false });
    await expect(vote(rows[0]!, rows[1]!)).rejects.toThrow(InvalidInputError);
    await vote(rows[0]!, rows[2]!);
  });

  it("V2: not on candidates of different steps or runs, nor on one candidate twice", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [parent] = await kit.candidates(runId, 1);
    const [child] = await kit.candidates(runId, 2);
    const { rows } = await ballot("BRADLEY_TERRY", 2);
    await expect(vote(parent!, child!)).rejects.toThrow(
      "Both candidates must belong to the same step of the same run.",
    );
    await expect(vote(rows[0]!, child!)).rejects.toThrow(
      "Both candidates must belong to the same step of the same run.",
    );
    await expect(vote(child!, child!)).rejects.toThrow("A candidate cannot be compared with itself.");
  });

  it("V2: not once the advancing set is frozen, nor can a vote be taken back then", async () => {
    const { runId, rows } = await ballot("BRADLEY_TERRY", 3);
    const { voteId } = await vote(rows[0]!, rows[1]!);
    await kit.approve(runId, 1, 2);
    const before = await ratingsOf(runId);
    await expect(vote(rows[1]!, rows[2]!)).rejects.toThrow(StepClosedError);
    await expect(undoVote(kit.engine, kit.actor, { voteId })).rejects.toThrow(StepClosedError);
    expect(await ratingsOf(runId)).toEqual(before);
  });

  it("V2: one valid vote per person and unordered pair", async () => {
    const { rows } = await ballot("BRADLEY_TERRY", 2);
    const [a, b] = rows as [CandidateRow, CandidateRow];
    const { voteId } = await vote(a, b);
    await expect(vote(a, b)).rejects.toThrow(DuplicateVoteError);
    await expect(vote(b, a, "SKIP")).rejects.toMatchObject({ name: "DuplicateVoteError", voteId });
    const ben = await kit.newActor("ben");
    await kit.engine.castVote(ben, { leftId: b.id, rightId: a.id, outcome: "LEFT" });
    await undoVote(kit.engine, kit.actor, { voteId });
    await vote(b, a);
  });
});

describe("V1: ratings are a function of the step's vote log", () => {
  it("V1: Bradley–Terry by default: what is stored is what the log gives", async () => {
    const { runId, rows } = await ballot("BRADLEY_TERRY", 3);
    const [a, b, c] = rows as [CandidateRow, CandidateRow, CandidateRow];
    await vote(a, b);
    await vote(b, c, "TIE");
    await vote(c, a, "RIGHT");
    const log: PairVote[] = [
      { leftId: a.id, rightId: b.id, outcome: "LEFT" },
      { leftId: b.id, rightId: c.id, outcome: "TIE" },
      { leftId: c.id, rightId: a.id, outcome: "RIGHT" },
    ];
    const wanted = rateByBradleyTerry([a.id, b.id, c.id], log);
    const stored = await ratingsOf(runId);
    for (const [place, { elo, voteCount }] of wanted.entries()) {
      expect(stored[place]?.elo).toBeCloseTo(elo, 6);
      expect(stored[place]?.voteCount).toBe(voteCount);
    }
    expect(stored[0]!.elo).toBeGreaterThan(1_000);
  });

  it("V1: BOTH_BAD and SKIP are recorded and change no rating", async () => {
    const { runId, rows } = await ballot("BRADLEY_TERRY", 3);
    await vote(rows[0]!, rows[1]!, "BOTH_BAD");
    await vote(rows[1]!, rows[2]!, "SKIP");
    for (const rating of await ratingsOf(runId)) expect(rating).toMatchObject({ elo: 1_000, voteCount: 0 });
    const { votes } = await kit.db.one<{ votes: number }>(
      `SELECT count(*)::int AS votes FROM votes WHERE pipeline_run_step_id = $1`,
      [rows[0]!.runStepId],
    );
    expect(votes).toBe(2);
  });

  it("V1: a pipeline may choose classic Elo (start 1000, K-factor 32, scale 400), replayed in vote order", async () => {
    const { runId, rows } = await ballot("ELO", 3);
    const [a, b, c] = rows as [CandidateRow, CandidateRow, CandidateRow];
    await vote(a, b);
    expect((await ratingsOf(runId)).map(({ elo }) => elo)).toEqual([1_016, 984, 1_000]);
    await vote(b, c, "RIGHT");
    const log: PairVote[] = [
      { leftId: a.id, rightId: b.id, outcome: "LEFT" },
      { leftId: b.id, rightId: c.id, outcome: "RIGHT" },
    ];
    expect(await ratingsOf(runId)).toEqual(rateByElo([a.id, b.id, c.id], log));
  });

  it("V3: taking a vote back leaves it in the log, and the ratings as if it had never been", async () => {
    for (const model of ["BRADLEY_TERRY", "ELO"] as const) {
      const { runId, rows } = await ballot(model, 2);
      const { voteId } = await vote(rows[0]!, rows[1]!);
      await undoVote(kit.engine, kit.actor, { voteId });
      for (const rating of await ratingsOf(runId)) expect(rating).toMatchObject({ elo: 1_000, voteCount: 0 });
      const { revoked } = await kit.db.one<{ revoked: boolean }>(
        `SELECT revoked_at IS NOT NULL AS revoked FROM votes WHERE id = $1`,
        [voteId],
      );
      expect(revoked).toBe(true);
    }
  });
});
