import { describe, expect, it } from "vitest";
import { childrenDiffer, childrenInWords } from "./children-words.ts";

const generate = (maxChildren: number) => ({ kind: "GENERATE", maxChildren }) as const;
const approval = { kind: "APPROVAL", maxChildren: 3 } as const;

describe("childrenInWords", () => {
  it.each([
    [[generate(3), approval, generate(3)], "N = 3"],
    [[{ kind: "AGENT", maxChildren: 1 } as const, approval], "N = 1"],
    [[generate(5), { kind: "AGENT", maxChildren: 1 } as const], "N = 1 to 5"],
    [[approval], "N = 4"],
  ])("%o reads %s", (steps, words) => {
    expect(childrenInWords(steps, 4).words).toBe(words);
  });

  it("explains one child as such", () => {
    expect(childrenInWords([generate(1)], 4).explained).toBe("N: each parent gets one child.");
  });
});

it("differs only between steps that make candidates", () => {
  expect(childrenDiffer([generate(3), approval])).toBe(false);
  expect(childrenDiffer([generate(3), generate(2)])).toBe(true);
});
