import { describe, expect, it } from "vitest";
import { decidedHow } from "./decided-how.ts";

const ada = { name: "ada" };

describe("decidedHow", () => {
  it.each([
    [{ decidedBy: ada, channel: "DASHBOARD" }, "by ada"],
    [{ decidedBy: ada, channel: null }, "by ada"],
    [{ decidedBy: ada, channel: "API" }, "by ada, through the API"],
    [{ decidedBy: ada, channel: "LINK" }, "by ada, by a decision link"],
    [{ decidedBy: null, channel: "POLICY" }, "by the step's policy"],
    [{ decidedBy: null, channel: null }, "automatically"],
  ] as const)("%j reads %s", (decision, words) => {
    expect(decidedHow(decision)).toBe(words);
  });
});
