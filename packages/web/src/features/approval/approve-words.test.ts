import { describe, expect, it } from "vitest";
import { approveWords } from "./approve-words.ts";

const one = { topK: 3, required: 1, signedOff: 0, mine: false, override: false };
const two = { ...one, required: 2 };

describe("approveWords", () => {
  it.each([
    [one, "Approve with K=3"],
    [{ ...one, topK: undefined }, "Approve"],
    [{ ...one, override: true }, "Override and approve"],
    [two, "Sign off (1 of 2)"],
    [{ ...two, topK: undefined }, "Sign off"],
    [{ ...two, signedOff: 1 }, "Approve with K=3 (2 of 2)"],
    [{ ...two, signedOff: 1, mine: true }, "Signed off (1 of 2)"],
    [{ ...two, override: true }, "Override and sign off (1 of 2)"],
    [{ ...two, signedOff: 1, override: true }, "Override and approve (2 of 2)"],
  ])("%j reads %s", (input, words) => {
    expect(approveWords(input)).toBe(words);
  });
});
