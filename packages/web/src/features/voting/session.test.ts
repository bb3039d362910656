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
const EF = { leftId: "e", rightId: "f" };
const start = startSession<PairLike>();
const play = (from: Session<PairLike>, ...actions: SessionAction<PairLike>[]) => actions.reduce(reduceSession, from);
const fetched = (pair: PairLike | undefined) => ({ type: "fetched", pair }) as const;
const ready = (turn: number, side: "left" | "right") => ({ type: "media", turn, side, state: "ready" }) as const;
const judge = (voteKey: string) => ({ type: "judge", voteKey }) as const;
const two = play(
  start,
  fetched(AB),
  fetched(CD),
  ...[1, 2].flatMap((turn) => [ready(turn, "left"), ready(turn, "right")]),
);

describe("V4: a voting session", () => {
  it("takes no vote until both candidates are loaded", () => {
    const half = play(start, fetched(AB), ready(1, "left"));
    expect(mayVote(half, "LEFT")).toBe(false);
    expect(mayVote(half, "SKIP")).toBe(false);
    expect(mayVote(play(half, ready(1, "right")), "LEFT")).toBe(true);
  });

  it("shows the pair that was prepared with the vote itself, loaded as it is", () => {
    const next = play(two, judge("v1"));
    expect(next.now?.pair).toBe(CD);
    expect(mayVote(next, "RIGHT")).toBe(true);
    expect(next.past).toEqual([{ voteKey: "v1", pair: AB }]);
  });

  it("waits where none is prepared, and is done when there is none left", () => {
    const waiting = play(start, fetched(AB), judge("v1"));
    expect(waiting).toMatchObject({ phase: "loading", now: undefined });
    expect(play(waiting, fetched(undefined))).toMatchObject({ phase: "done" });
    expect(play(waiting, fetched(CD))).toMatchObject({ phase: "judging", now: { pair: CD } });
    expect(play(two, fetched(undefined)).now?.pair).toBe(AB);
  });

  it("takes a pair once, however often it is proposed", () => {
    expect(play(two, fetched({ leftId: "d", rightId: "c" }))).toBe(two);
  });

  it("lets a pair that cannot be shown be skipped, and nothing else", () => {
    const broken = play(start, fetched(AB), ready(1, "left"), {
      type: "media",
      turn: 1,
      side: "right",
      state: "failed",
    });
    expect(["SKIP", "LEFT", "BOTH_BAD"].map((outcome) => mayVote(broken, outcome))).toEqual([true, false, false]);
  });

  it("V3: undo shows the pair of the last vote again, then the one before it; what was on the screen comes after", () => {
    const voted = play(two, judge("v1"), judge("v2"), fetched(EF));
    const once = play(voted, { type: "undo" });
    expect([once.now?.pair, once.ahead.map(({ pair }) => pair)]).toEqual([CD, [EF]]);
    expect(mayVote(once, "LEFT")).toBe(false);
    const twice = play(once, { type: "undo" });
    expect([twice.now?.pair, twice.ahead.map(({ pair }) => pair)]).toEqual([AB, [CD, EF]]);
    expect(mayUndo(twice)).toBe(false);
    expect(play(twice, { type: "undo" })).toBe(twice);
  });

  it("goes back to the pair of a refused vote, says why, and keeps the votes after it", () => {
    const voted = play(two, fetched(EF), judge("v1"), judge("v2"));
    const refused = play(voted, { type: "refused", voteKey: "v1", words: "You may not.", showAgain: true });
    expect(refused.now?.pair).toBe(AB);
    expect(refused.ahead.map(({ pair }) => pair)).toEqual([EF]);
    expect(refused.past).toEqual([{ voteKey: "v2", pair: CD }]);
    expect(refused.words).toBe("You may not.");
    expect(play(refused, judge("v3")).words).toBeUndefined();
  });

  it("stays where it is when the refused pair cannot be judged any more", () => {
    const voted = play(two, judge("v1"));
    const refused = play(voted, { type: "refused", voteKey: "v1", words: "It was rejected.", showAgain: false });
    expect(refused).toMatchObject({ now: { pair: CD }, past: [], words: "It was rejected." });
  });
});

describe("samePair", () => {
  it("does not mind the sides", () => {
    expect(samePair(AB, { leftId: "b", rightId: "a" })).toBe(true);
    expect(samePair(AB, CD)).toBe(false);
    expect(samePair(AB, undefined)).toBe(false);
  });
});
