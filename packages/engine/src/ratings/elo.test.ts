import { describe, expect, it } from "vitest";
import { expectedShare, rateByElo } from "./elo.ts";
import { votesOf } from "./test-votes.ts";

describe("V1: classic Elo", () => {
  it("moves 16 points when equals meet, and nothing when they tie", () => {
    expect(rateByElo([1, 2, 3], votesOf("1>2"))).toEqual([
      { id: 1, elo: 1016, voteCount: 1 },
      { id: 2, elo: 984, voteCount: 1 },
      { id: 3, elo: 1000, voteCount: 0 },
    ]);
    expect(rateByElo([1, 2], votesOf("1=2"))).toEqual([
      { id: 1, elo: 1000, voteCount: 1 },
      { id: 2, elo: 1000, voteCount: 1 },
    ]);
  });

  it("replays in vote order, with floats: a second win brings 32 · (1 − 1/(1 + 10^(−32/400))) = 14.530", () => {
    const [first, second] = rateByElo([1, 2], votesOf("1>2", "2<1"));
    expect(first!.elo).toBeCloseTo(1016 + 14.5305, 3);
    expect(second!.elo).toBeCloseTo(984 - 14.5305, 3);
    const forwards = rateByElo([1, 2, 3], votesOf("1>2", "2>3"));
    const backwards = rateByElo([1, 2, 3], votesOf("2>3", "1>2"));
    expect(forwards[0]!.elo).toBe(1016);
    expect(backwards[0]!.elo).toBeGreaterThan(1016.5);
  });

  it("lets a tie pull unequals together", () => {
    const [first, second] = rateByElo([1, 2], votesOf("1>2", "1=2"));
    expect(first!.elo).toBeCloseTo(1016 - 32 * (expectedShare(1016, 984) - 0.5), 9);
    expect(first!.elo + second!.elo).toBeCloseTo(2000, 9);
  });

  it("caps no difference", () => {
    expect(expectedShare(1400, 1000)).toBeCloseTo(10 / 11, 12);
    expect(expectedShare(2600, 1000)).toBeCloseTo(10_000 / 10_001, 12);
  });

  it("expects 2.88 of five for the player of 1613 in the usual textbook example", () => {
    const shares = [1609, 1477, 1388, 1586, 1720].map((opponent) => expectedShare(1613, opponent));
    expect(shares.map((share) => Math.round(share * 100) / 100)).toEqual([0.51, 0.69, 0.79, 0.54, 0.35]);
  });

  it("ignores BOTH_BAD and SKIP, and replays candidates that are not asked for", () => {
    expect(rateByElo([1, 2], votesOf("1x2", "1?2"))).toEqual(rateByElo([1, 2], []));
    expect(rateByElo([2], votesOf("1>3", "2>3"))[0]!.elo).toBeCloseTo(1000 + 32 * (1 - expectedShare(1000, 984)), 9);
  });

  it("refuses a candidate against itself", () => {
    expect(() => rateByElo([1], votesOf("1>1"))).toThrow("candidate 1 is on both sides");
  });
});
