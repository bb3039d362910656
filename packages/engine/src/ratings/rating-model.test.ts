import { describe, expect, it } from "vitest";
import { rateByBradleyTerry } from "./bradley-terry.ts";
import { rateByElo } from "./elo.ts";
import { ratingModel } from "./rating-model.ts";
import { votesOf } from "./test-votes.ts";

describe("V1: the two rating models stand behind one interface", () => {
  const votes = votesOf("1>2", "2>3", "1=3");

  it("rates by the one that is named", () => {
    expect(ratingModel("BRADLEY_TERRY").rate([1, 2, 3], votes)).toEqual(rateByBradleyTerry([1, 2, 3], votes));
    expect(ratingModel("ELO").rate([1, 2, 3], votes)).toEqual(rateByElo([1, 2, 3], votes));
  });

  it("says which names there are", () => {
    expect(() => ratingModel("GLICKO" as "ELO")).toThrow('Unknown rating model "GLICKO": use BRADLEY_TERRY or ELO');
  });

  it.each(["BRADLEY_TERRY", "ELO"] as const)("refuses an outcome that is none: %s", (name) => {
    const bad = { leftId: 1, rightId: 2, outcome: "left" as "LEFT" };
    expect(() => ratingModel(name).rate([1, 2], [bad])).toThrow('Unknown vote outcome "left"');
  });
});
