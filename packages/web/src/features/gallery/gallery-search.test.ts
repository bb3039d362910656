import { describe, expect, it } from "vitest";
import { chosen, comparedIds, filterOf, filtersSet, parseGallerySearch, withoutFilters } from "./gallery-search.ts";

const steps = new Map([
  [1, "step-one"],
  [2, "step-two"],
]);

describe("parseGallerySearch", () => {
  it("leaves out what makes no sense", () => {
    expect(
      parseGallerySearch({ step: 0, state: "lost", sort: "random", size: 3, origin: "moon", q: " ", open: null }),
    ).toEqual({});
  });

  it("keeps what was chosen, a search for a number too", () => {
    const search = {
      step: 2,
      round: 1,
      state: "advancing",
      q: "7",
      sort: "best",
      size: "l",
      open: "x",
      view: "slider",
    };
    expect(parseGallerySearch({ ...search, q: 7 })).toEqual(search);
  });

  it("knows a round only of a step", () => {
    expect(parseGallerySearch({ round: 2 })).toEqual({});
  });
});

describe("filterOf", () => {
  it("asks for everything where nothing is chosen", () => {
    expect(filterOf({ sort: "best", size: "s" }, steps)).toBeUndefined();
  });

  it("names the step by its id, and finds nothing in a step that is not there", () => {
    expect(filterOf({ step: 2, round: 1 }, steps)).toEqual({ stepIds: ["step-two"], round: 1 });
    expect(filterOf({ step: 9 }, steps)).toEqual({ stepIds: [] });
  });

  it("takes only active ones for advancing: a rejected one goes nowhere", () => {
    expect(filterOf({ state: "advancing" }, steps)).toEqual({ advancement: ["ADVANCING"], status: ["ACTIVE"] });
    expect(filterOf({ origin: "made", model: "m" }, steps)).toEqual({ imported: false, models: ["m"] });
  });
});

describe("choices", () => {
  it("forget the round with its step", () => {
    expect(chosen({ step: 1, round: 2, q: "a" }, { step: 2 })).toEqual({ step: 2, q: "a" });
    expect(chosen({ step: 1, round: 2 }, { q: "a" })).toEqual({ step: 1, round: 2, q: "a" });
    expect(chosen({ step: 1, round: 2 }, { round: undefined })).toEqual({ step: 1 });
  });

  it("are cleared without the order and the size", () => {
    const search = { step: 1, state: "rejected", sort: "best", size: "l", open: "x" } as const;
    expect(filtersSet(search)).toBe(2);
    expect(withoutFilters(search)).toEqual({ sort: "best", size: "l", open: "x" });
  });
});

describe("comparedIds", () => {
  it("are six at most, each once", () => {
    expect(comparedIds({ compare: "a,b,,a" })).toEqual(["a", "b"]);
    expect(comparedIds({ compare: "a,b,c,d,e,f,g" })).toHaveLength(6);
    expect(comparedIds({})).toEqual([]);
  });
});
