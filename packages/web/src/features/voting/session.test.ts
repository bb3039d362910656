import { describe, expect, it } from "vitest";
import {
  mayUndo,
  mayVote,
  type PairLike,
  reduceSession,
  type Session,
  type SessionAction,
  samePair,
  startSession,
} from "./session.ts";

const AB = { leftId: "a", rightId: "b" };
const CD = { leftId: "c", rightId: "d" };
const start = startSession<PairLike>();
const play = (from: Session<PairLike>, ...actions: SessionAction<PairLike>[]) => actions.reduce(reduceSession, from);
const ready = (candidateId: string) => ({ type: "media", candidateId, state: "ready" }) as const;
const judging = play(start, { type: "pair", pair: AB }, ready("a"), ready("b"));

describe("V4: a voting session", () => {
  it("takes no vote until both candidates are on the screen", () => {
    const half = play(start, { type: "pair", pair: AB }, ready("a"));
    expect(mayVote(half, "LEFT")).toBe(false);
    expect(mayVote(half, "SKIP")).toBe(false);
    expect(play(half, { type: "submit", outcome: "LEFT" })).toBe(half);
    expect(mayVote(play(half, ready("b")), "LEFT")).toBe(true);
  });

  it("ignores a late image of the pair before", () => {
    const next = play(start, { type: "pair", pair: CD }, ready("a"), ready("b"));
    expect(mayVote(next, "LEFT")).toBe(false);
  });

  it("waits anew for a candidate that stays on its side", () => {
    const next = play(
      judging,
      { type: "submit", outcome: "LEFT" },
      { type: "voted", voteId: "v1" },
      {
        type: "pair",
        pair: { leftId: "a", rightId: "c" },
      },
    );
    expect(next.turn).toBe(judging.turn + 1);
    expect(mayVote(next, "LEFT")).toBe(false);
  });

  it("takes one vote for a pair, however often the key is pressed", () => {
    const sent = play(judging, { type: "submit", outcome: "LEFT" });
    expect(sent).toMatchObject({ phase: "submitting", chosen: "LEFT" });
    expect(play(sent, { type: "submit", outcome: "RIGHT" })).toBe(sent);
  });

  it("lets a pair that cannot be shown be skipped, and nothing else", () => {
    const broken = play(start, { type: "pair", pair: AB }, ready("a"), {
      type: "media",
      candidateId: "b",
      state: "failed",
    });
    expect([mayVote(broken, "SKIP"), mayVote(broken, "LEFT"), mayVote(broken, "BOTH_BAD")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is done when there is no pair left", () => {
    expect(play(judging, { type: "pair", pair: undefined })).toMatchObject({ phase: "done", pair: undefined });
  });

  it("V3: undo shows the pair of the last vote again, and then the one before it", () => {
    const two = play(
      judging,
      { type: "submit", outcome: "LEFT" },
      { type: "voted", voteId: "v1" },
      { type: "pair", pair: CD },
      ready("c"),
      ready("d"),
      { type: "submit", outcome: "TIE" },
      { type: "voted", voteId: "v2" },
    );
    expect(two.past.map(({ voteId }) => voteId)).toEqual(["v1", "v2"]);
    const once = play(two, { type: "undo" }, { type: "undone" });
    expect(once).toMatchObject({ phase: "judging", pair: CD });
    const twice = play(once, { type: "undo" }, { type: "undone" });
    expect(twice).toMatchObject({ phase: "judging", pair: AB, past: [] });
    expect(mayUndo(twice)).toBe(false);
  });

  it("does not undo while a vote is on its way", () => {
    const sent = play(judging, { type: "submit", outcome: "LEFT" });
    expect(play({ ...sent, past: [{ voteId: "v0", pair: CD }] }, { type: "undo" }).phase).toBe("submitting");
  });

  it("keeps the pair and says why when a vote was refused", () => {
    const refused = play(
      judging,
      { type: "submit", outcome: "LEFT" },
      { type: "refused", words: "You have judged this pair." },
    );
    expect(refused).toMatchObject({ phase: "judging", pair: AB, words: "You have judged this pair." });
    expect(mayVote(refused, "LEFT")).toBe(true);
  });
});

describe("samePair", () => {
  it("does not mind the sides", () => {
    expect(samePair(AB, { leftId: "b", rightId: "a" })).toBe(true);
    expect(samePair(AB, CD)).toBe(false);
    expect(samePair(AB, undefined)).toBe(false);
  });
});
