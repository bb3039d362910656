import { describe, expect, it } from "vitest";
import { standsInWords, turned } from "./standing-vote.ts";

describe("a vote that stands on a pair", () => {
  it("is told as the pair is seen here", () => {
    expect([turned("LEFT"), turned("RIGHT"), turned("TIE"), turned("SKIP")]).toEqual(["RIGHT", "LEFT", "TIE", "SKIP"]);
    expect(standsInWords("RIGHT")).toMatch(/in another window: the right one is better\. That vote stands/);
  });
});
