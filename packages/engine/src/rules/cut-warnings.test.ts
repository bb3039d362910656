import { describe, expect, it } from "vitest";
import { cutWarnings, LOW_VOTES_WARNING } from "./cut-warnings.ts";

const at = new Date(0);
/** Best first, each with so many votes. */
const ranked = (...votes: number[]) =>
  votes.map((voteCount, place) => ({ id: place + 1, elo: 1_100 - place, voteCount, createdAt: at }));

describe("cutWarnings", () => {
  it("V6: warns of few votes where the cut leaves somebody out", () => {
    expect(cutWarnings(ranked(5, 4, 9), 2)).toEqual([LOW_VOTES_WARNING]);
    expect(cutWarnings(ranked(5, 5, 5), 2)).toEqual([]);
  });

  it.each([
    ["one more than there are", ranked(0, 0, 0), 4],
    ["as many as there are", ranked(0, 0, 0), 3],
    ["one alone", ranked(0), 1],
    ["none at all", [], 3],
  ])("warns of nothing where all advance, so that no vote changes who does: %s", (_, candidates, k) => {
    expect(cutWarnings(candidates, k)).toEqual([]);
  });

  it("names a tie at the cut, and nowhere else", () => {
    const tied = ranked(5, 5, 5).map((each, place) => (place === 1 ? { ...each, elo: 1_100 } : each));
    expect(cutWarnings(tied, 1)).toEqual([expect.stringMatching(/^Tie at the cut line: #1 and #2/)]);
    expect(cutWarnings(tied, 2)).toEqual([]);
  });
});
