import { describe, expect, it } from "vitest";
import { filesLink, preferencesLink } from "./download-links.ts";

describe("what can be downloaded", () => {
  it("is all of a run, a step's, those that advance, or some by their ids", () => {
    expect(filesLink({ runNumber: 7 })).toBe("/export/runs/7/candidates.zip");
    expect(filesLink({ runNumber: 7, step: 2, advancing: true })).toBe(
      "/export/runs/7/candidates.zip?step=2&advancing=true",
    );
    expect(filesLink({ runNumber: 7, ids: ["a=", "b="] })).toBe("/export/runs/7/candidates.zip?ids=a%3D,b%3D");
  });

  it("is the votes, of the run or of one step", () => {
    expect(preferencesLink({ runNumber: 7 })).toBe("/export/preferences.jsonl?run=7");
    expect(preferencesLink({ runNumber: 7, step: 2 })).toBe("/export/preferences.jsonl?run=7&step=2");
  });
});
