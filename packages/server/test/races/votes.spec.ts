import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { applyTextPipeline, mutate, tally, type WaitingGate, waitingGate } from "../kit/waiting-gate.ts";

let kit: ProcessKit;
let servers: [ServerProcess, ServerProcess];

beforeAll(async () => {
  kit = await processKit();
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

/** One ballot per pair of candidates, over and over, each round by another person. */
function ballots(candidates: readonly string[], count: number): { leftId: string; rightId: string; as: string }[] {
  const pairs = candidates.flatMap((leftId, index) =>
    candidates.slice(index + 1).map((rightId) => ({ leftId, rightId })),
  );
  return Array.from({ length: count }, (_, index) => ({
    ...pairs[index % pairs.length]!,
    as: `voter ${Math.floor(index / pairs.length)}`,
  }));
}

const cast = (index: number, { as, ...pair }: { leftId: string; rightId: string; as: string }, outcome = "LEFT") =>
  mutate(kit, server(index), "castVote", { ...pair, outcome }, as);

/** The advancing candidates, and the top K of what was stored with the decision. */
async function frozen(run: number): Promise<{ advancing: number[]; shown: number[]; votes: number; counted: number }> {
  return await kit.db.one(
    `SELECT
       (SELECT json_agg(id ORDER BY id) FROM candidates WHERE pipeline_run_step_id = a.pipeline_run_step_id AND advancement = 'ADVANCING') AS advancing,
       (SELECT json_agg((c->>'id')::int ORDER BY (c->>'id')::int) FROM jsonb_array_elements(a.snapshot->'ranked') WITH ORDINALITY AS r(c, place)
         WHERE place <= a.top_k) AS shown,
       (SELECT count(*)::int FROM votes v WHERE v.pipeline_run_step_id = a.pipeline_run_step_id AND v.revoked_at IS NULL) AS votes,
       (SELECT (sum((c->>'votes')::int) / 2)::int FROM jsonb_array_elements(a.snapshot->'ranked') c) AS counted
     FROM approvals a WHERE a.pipeline_run_id = $1 AND a.status = 'APPROVED'`,
    [run],
  );
}

describe("votes and decisions at once, from two server processes", () => {
  it("G3, V2: of 30 votes against an approval those before it count, the others are refused", async () => {
    for (let round = 0; round < 3; round++) {
      const gate = await scene(5);
      const approval = 5 + round * 10;
      const votes = ballots(gate.candidates, 30).map(
        (ballot, index) => () => cast(index, ballot, index % 3 ? "RIGHT" : "LEFT"),
      );
      const calls = votes.toSpliced(approval, 0, () =>
        mutate(kit, server(round), "approveStep", { stepId: gate.stepId, topK: 2 }),
      );
      const answers = await Promise.all(calls.map((call) => call()));
      const { ApproveStepSuccess, CastVoteSuccess = 0, StepClosedError = 0, ...others } = tally(answers);
      expect(others).toEqual({});
      expect(ApproveStepSuccess).toBe(1);
      expect(CastVoteSuccess + StepClosedError).toBe(30);
      const set = await frozen(gate.run);
      expect(set.advancing).toEqual(set.shown);
      expect(set.votes).toBe(CastVoteSuccess);
      // Every vote that was accepted is in the ranking that was frozen.
      expect(set.counted).toBe(CastVoteSuccess);
    }
  });

  it("G7: an approval of what was seen against votes: exactly that, or StaleRankingError", async () => {
    for (let round = 0; round < 4; round++) {
      const gate = await scene(4);
      const approve = (index: number, rankingVersion: number) =>
        mutate(kit, server(index), "approveStep", { stepId: gate.stepId, topK: 2, rankingVersion });
      const [first, second] = ballots(gate.candidates, 2);
      const [approved, ...votes] = await Promise.all([
        approve(round, gate.rankingVersion),
        cast(0, first!),
        cast(1, second!),
      ]);
      if (approved.__typename === "ApproveStepSuccess") {
        // Nothing came between: no vote was accepted.
        expect(tally(votes)).toEqual({ StepClosedError: 2 });
      } else {
        expect(approved.__typename).toBe("StaleRankingError");
        expect(tally(votes)).toEqual({ CastVoteSuccess: 2 });
        expect(await approve(round, gate.rankingVersion + 2)).toMatchObject({ __typename: "ApproveStepSuccess" });
      }
      const set = await frozen(gate.run);
      expect(set.advancing).toEqual(set.shown);
    }
  });

  it("V3, G3: a vote taken back against an approval: it is out of the frozen ranking, or stays for good", async () => {
    for (let round = 0; round < 3; round++) {
      const gate = await scene(3);
      const [ballot] = ballots(gate.candidates, 1);
      const { vote } = await cast(0, ballot!, "RIGHT");
      const undo = () => mutate(kit, server(round), "undoVote", { voteId: vote!.id }, ballot!.as);
      const approve = () => mutate(kit, server(round + 1), "approveStep", { stepId: gate.stepId, topK: 1 });
      const [undone, approved] = await Promise.all([undo(), approve()]);
      expect(approved.__typename).toBe("ApproveStepSuccess");
      const set = await frozen(gate.run);
      expect(set.advancing).toEqual(set.shown);
      expect(["UndoVoteSuccess", "StepClosedError"]).toContain(undone.__typename);
      expect(set.counted).toBe(undone.__typename === "UndoVoteSuccess" ? 0 : 1);
    }
  });

  it("V2: of one person's votes on one pair at once, either way round, one counts", async () => {
    const gate = await scene(2);
    const [left, right] = gate.candidates;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        cast(
          index,
          index % 4 < 2 ? { leftId: left!, rightId: right!, as: "eve" } : { leftId: right!, rightId: left!, as: "eve" },
        ),
      ),
    );
    expect(tally(answers)).toEqual({ CastVoteSuccess: 1, DuplicateVoteError: 19 });
  });

  it("V2: a vote taken back twice at once is taken back once", async () => {
    const gate = await scene(2);
    const [ballot] = ballots(gate.candidates, 1);
    const { vote } = await cast(0, ballot!);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => mutate(kit, server(index), "undoVote", { voteId: vote!.id }, ballot!.as)),
    );
    expect(tally(answers)).toEqual({ UndoVoteSuccess: 1, NotFoundError: 7 });
  });
});
