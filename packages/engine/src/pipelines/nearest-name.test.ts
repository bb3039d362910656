import { describe, expect, it } from "vitest";
import { didYouMean, nearestName } from "./nearest-name.ts";

describe("the name that was meant", () => {
  const names = ["generate", "agent", "approval", "stall_after"];

  it.each([
    ["generat", "generate"],
    ["aproval", "approval"],
    ["agnet", "agent"],
    ["Agent", "agent"],
    ["stallafter", "stall_after"],
  ])("%s was %s", (wanted, meant) => {
    expect(nearestName(wanted, names)).toBe(meant);
  });

  it.each(["", "x", "approvers_and_more", "zzzzz", "a".repeat(100_000)])("nothing is near to %.20s", (wanted) => {
    expect(nearestName(wanted, names)).toBeUndefined();
    expect(didYouMean(wanted, names)).toBe("");
  });
});
