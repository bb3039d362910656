import { describe, expect, it } from "vitest";
import { createEventGate } from "./event-gate.ts";

const seqs = (...numbers: number[]) => numbers.map((seq) => ({ seq }));

describe("event gate", () => {
  it("passes a batch that came twice only once", () => {
    const pass = createEventGate();
    expect(pass(seqs(4, 5))).toEqual(seqs(4, 5));
    expect(pass(seqs(4, 5))).toEqual([]);
  });

  it("passes only the new part of an overlapping batch", () => {
    const pass = createEventGate();
    pass(seqs(4, 5, 6));
    expect(pass(seqs(5, 6, 7, 8))).toEqual(seqs(7, 8));
  });
});
