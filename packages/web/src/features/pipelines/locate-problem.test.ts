import { describe, expect, it } from "vitest";
import { locate } from "./locate-problem.ts";

const TEXT = "pipelines:\n  - name: Posters\n    steps:\n      - type: generate\n        generator: gramar  \n\n";
const marked = (line: number | null, path: string | null) => {
  const { from, to } = locate(TEXT, { message: "", line, path });
  return TEXT.slice(from, to);
};

describe("where a problem is marked", () => {
  it("is the value at its path", () => {
    expect(marked(5, "pipelines[0].steps[0].generator")).toBe("gramar");
  });

  it("is its line, where the value runs over more or is not there", () => {
    expect(marked(4, "pipelines[0].steps[0]")).toBe("- type: generate");
    expect(marked(4, "pipelines[0].steps[0].name")).toBe("- type: generate");
    expect(marked(5, null)).toBe("generator: gramar");
  });

  it("is the nearest line, where there is none", () => {
    expect(marked(null, null)).toBe("pipelines:");
    expect(marked(99, null)).toBe("");
  });
});
