import { describe, expect, it } from "vitest";
import { roundsLeft } from "./rounds-left.ts";

describe("roundsLeft", () => {
  it.each([
    [{ round: 1, maxRounds: 3 }, 2, "This is round 1 of 3: it can be sent back 2 times."],
    [{ round: 2, maxRounds: 3 }, 1, "This is round 2 of 3: it can be sent back once."],
    [{ round: 3, maxRounds: 3 }, 0, "This is round 3 of 3: it cannot be sent back any more."],
  ])("%j leaves %d", (rounds, count, words) => {
    expect(roundsLeft(rounds)).toEqual({ count, words });
  });

  it("leaves none where there were more rounds than are allowed now", () => {
    expect(roundsLeft({ round: 4, maxRounds: 3 }).count).toBe(0);
  });
});
