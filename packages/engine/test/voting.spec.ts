import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../src/actor.ts";
import { nextPair } from "../src/queries/next-pair.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { votesOverTime } from "../src/queries/votes-over-time.ts";
import { votingProgress } from "../src/queries/voting-progress.ts";
import { seededRandom } from "../src/ratings/seeded-random.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A run that waits at its first step, with so many candidates and K. */
async function ballot(candidates: number, topK: number) {
  const runId = await kit.newRun([{ maxChildren: candidates, topK }, {}], { reviewFirstStep: true });
  const { id: stepId } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  return { runId, stepId, ids: (await kit.candidates(runId, 1)).map(({ id }) => id) };
}

/** Judges so many of the pairs that a person is asked about: the older candidate is the better one. */
async function judge(voter: Actor, stepId: number, votes: number, random: () => number): Promise<void> {
  for (let cast = 0; cast < votes; cast++) {
    const pair = await nextPair(kit.engine, voter, stepId, { random });
    if (!pair) throw new Error("There is no pair left.");
    await kit.engine.castVote(voter, { ...pair, outcome: pair.leftId < pair.rightId ? "LEFT" : "RIGHT" });
  }
}

describe("V5: the next pair", () => {
  it("V5: is about the cut, once each candidate has two votes", async () => {
    const random = seededRandom(5);
    const { stepId, ids } = await ballot(12, 3);
    await judge(kit.actor, stepId, 66, random);
    const ben = await kit.newActor("ben");
    const places: number[] = [];
    for (let asked = 0; asked < 40; asked++) {
      const pair = await nextPair(kit.engine, ben, stepId, { random });
      places.push(...Object.values(pair ?? {}).map((id) => ids.indexOf(id) + 1));
    }
    // Chosen evenly, half of them would be the seventh or worse.
    expect(places.filter((place) => place <= 6).length).toBeGreaterThan(0.9 * 80);
  });

  it("V5: gives each candidate two votes first", async () => {
    const { runId, stepId } = await ballot(8, 2);
    await judge(kit.actor, stepId, 8, seededRandom(1));
    expect((await kit.candidates(runId, 1)).map(({ voteCount }) => voteCount)).toEqual(Array(8).fill(2));
  });

  it("V5: is never the pair that is on the screen, so that the one after it can be loaded ahead", async () => {
    const { stepId, ids } = await ballot(3, 1);
    const random = seededRandom(2);
    for (let asked = 0; asked < 20; asked++) {
      const pair = await nextPair(kit.engine, kit.actor, stepId, { besides: ids.slice(0, 2), random });
      expect([pair?.leftId, pair?.rightId]).toContain(ids[2]);
    }
    await judge(kit.actor, stepId, 2, random);
    const last = await nextPair(kit.engine, kit.actor, stepId);
    expect(last).not.toBeNull();
    expect(await nextPair(kit.engine, kit.actor, stepId, { besides: Object.values(last ?? {}) })).toBeNull();
  });
});

describe("how far the voting is", () => {
  it("V6: is as sure of the cut as the preview of the approval, vote by vote", async () => {
    const { stepId } = await ballot(5, 2);
    const random = seededRandom(3);
    for (let cast = 0; cast < 10; cast++) {
      const { topKConfidence, confidenceLabel } = await previewApproval(kit.engine, stepId);
      const progress = await votingProgress(kit.engine, kit.actor, stepId);
      expect(await progress.confidence()).toEqual({ topKConfidence, confidenceLabel });
      await judge(kit.actor, stepId, 1, random);
    }
  });

  it("V6: says nothing is sure where there is nothing, and keeps its word once the gate is decided", async () => {
    const { runId, stepId } = await ballot(4, 2);
    await judge(kit.actor, stepId, 6, seededRandom(4));
    await kit.approve(runId, 1, 2);
    const progress = await votingProgress(kit.engine, kit.actor, stepId);
    expect(progress).toMatchObject({ candidates: 0, pairsLeft: 0, yourVotes: 6 });
    expect((await progress.confidence()).topKConfidence).toBeGreaterThan(0.5);
    expect(await (await votingProgress(kit.engine, kit.actor, 0)).confidence()).toEqual({
      topKConfidence: 0,
      confidenceLabel: "Provisional",
    });
  });

  it("draws away from the API's thread where there are many, and lets nobody wait for a pair", async () => {
    const { stepId, ids } = await ballot(4, 2);
    // As if they had been imported.
    await kit.db.query(
      `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, ordinal, text, vote_count)
       SELECT pipeline_run_id, pipeline_run_step_id, 100 + n, 'more', 2 FROM candidates, generate_series(1, 310) n WHERE id = $1`,
      [ids[0]],
    );
    await kit.db.query(`UPDATE candidates SET vote_count = 2 WHERE pipeline_run_step_id = $1`, [stepId]);
    await kit.db.query(`UPDATE pipeline_run_steps SET ranking_version = ranking_version + 1 WHERE id = $1`, [stepId]);
    // Nothing is there yet: the pair is chosen without draws.
    expect(await nextPair(kit.engine, kit.actor, stepId)).not.toBeNull();
    const progress = await votingProgress(kit.engine, kit.actor, stepId);
    const { topKConfidence } = await previewApproval(kit.engine, stepId);
    expect((await progress.confidence()).topKConfidence).toBe(topKConfidence);
    expect(await nextPair(kit.engine, kit.actor, stepId)).not.toBeNull();
  });
});

describe("votes over time", () => {
  const at = async (voteIds: readonly number[], times: readonly string[]) => {
    for (const [index, time] of times.entries()) {
      await kit.db.query(`UPDATE votes SET created_at = $2 WHERE id = $1`, [voteIds[index], time]);
    }
  };
  const votesIn = async (stepId: number) =>
    (
      await kit.db.many<{ id: number }>(`SELECT id FROM votes WHERE pipeline_run_step_id = $1 ORDER BY id`, [stepId])
    ).map(({ id }) => id);

  it("is in spans as short as fit, empty ones included, without votes that were taken back", async () => {
    const { stepId } = await ballot(4, 2);
    const none = await ballot(2, 1);
    await judge(kit.actor, stepId, 4, seededRandom(6));
    const ids = await votesIn(stepId);
    await at(ids, ["2026-03-01T10:00:05Z", "2026-03-01T10:00:09Z", "2026-03-01T10:00:31Z", "2026-03-01T10:00:40Z"]);
    await kit.db.query(`UPDATE votes SET revoked_at = now() WHERE id = $1`, [ids[3]]);
    const buckets = await votesOverTime(kit.engine, [stepId, none.stepId]);
    expect(buckets.get(none.stepId)).toBeUndefined();
    expect(buckets.get(stepId)?.map(({ at: begin, votes }) => [begin.toISOString(), votes])).toEqual([
      ["2026-03-01T10:00:00.000Z", 2],
      ["2026-03-01T10:00:10.000Z", 0],
      ["2026-03-01T10:00:20.000Z", 0],
      ["2026-03-01T10:00:30.000Z", 1],
    ]);
  });

  it.each([
    ["2026-03-01T10:09:59Z", 60],
    ["2026-03-01T12:30:00Z", 31],
    ["2026-03-08T10:00:00Z", 57],
    ["2046-03-01T10:00:00Z", 21],
  ])("takes at most 60 spans from 10:00 to %s", async (last, expected) => {
    const { stepId } = await ballot(3, 2);
    await judge(kit.actor, stepId, 2, seededRandom(7));
    await at(await votesIn(stepId), ["2026-03-01T10:00:00Z", last]);
    const buckets = (await votesOverTime(kit.engine, [stepId])).get(stepId) ?? [];
    expect(buckets.length).toBeLessThanOrEqual(60);
    expect(buckets.length).toBe(expected);
    expect(buckets.reduce((sum, { votes }) => sum + votes, 0)).toBe(2);
  });
});
