import { describe, expect, it } from "vitest";
import { breed } from "./breed.ts";
import { type Genome, parseGenome } from "./genome.ts";
import { renderGenome } from "./render.ts";
import { orderFor } from "./test-orders.ts";

const genome = breed(orderFor());
const problemOf = (value: unknown) => {
  const parsed = parseGenome(value);
  return "problem" in parsed ? parsed.problem : undefined;
};
const withNodes = (nodes: Genome["nodes"], out: Genome["out"] = [16, 16, 16]) => ({ ...genome, nodes, out });

describe("genome", () => {
  it("is read back as it was", () => {
    expect(parseGenome(JSON.parse(JSON.stringify(genome)))).toEqual({ genome });
  });

  it.each([
    ["nothing", null],
    ["a text", "genome"],
    ["another version", { ...genome, v: 2 }],
    ["an unknown key", { ...genome, extra: 1 }],
    ["an unknown palette", { ...genome, colour: { ...genome.colour, palette: "rainbow" } }],
    ["a number that is not finite", { ...genome, view: { ...genome.view, zoom: Number.POSITIVE_INFINITY } }],
  ])("is refused with a sentence when it is %s", (_, value) => {
    expect(problemOf(value)).toMatch(/^The genome's .* is not valid: .+\.$/);
  });

  it("is refused when a node reads what comes after it, itself, or nothing", () => {
    const node = (id: number, source: number) => ({
      id,
      act: "sin" as const,
      bias: 0,
      in: [[source, 1]] as [number, number][],
    });
    expect(problemOf(withNodes([node(16, 17), node(17, 1)]))).toContain("Node 16 reads 17");
    expect(problemOf(withNodes([node(16, 16)]))).toContain("Node 16 reads 16");
    expect(problemOf(withNodes([node(16, 12)]))).toContain("Node 16 reads 12");
    expect(problemOf(withNodes([node(16, 1), node(16, 1)]))).toContain("two nodes");
    expect(problemOf(withNodes([node(16, 1)], [16, 16, 99]))).toContain("output 99");
  });

  it("is refused beyond 64 nodes or 16 inputs", () => {
    const node = (id: number, inputs: number) => ({
      id,
      act: "id" as const,
      bias: 0,
      in: Array.from({ length: inputs }, () => [1, 1] as [number, number]),
    });
    expect(problemOf(withNodes(Array.from({ length: 64 }, (_, i) => node(16 + i, 1))))).toBeUndefined();
    expect(problemOf(withNodes(Array.from({ length: 65 }, (_, i) => node(16 + i, 1))))).toContain("nodes");
    expect(problemOf(withNodes([node(16, 16)]))).toBeUndefined();
    expect(problemOf(withNodes([node(16, 17)]))).toContain("nodes.0.in");
  });

  it("draws even where a valid but hostile network grows without end", () => {
    const growing: Genome["nodes"] = Array.from({ length: 64 }, (_, i) => ({
      id: 16 + i,
      act: "mul",
      bias: 50,
      in:
        i === 0
          ? [
              [1, 100],
              [2, 100],
            ]
          : [
              [15 + i, 100],
              [15 + i, 100],
            ],
    }));
    const { rgb } = renderGenome(withNodes(growing, [79, 79, 79]) as Genome, { size: 16 });
    expect(rgb).toHaveLength(16 * 16 * 3);
  });
});
