import { describe, expect, it } from "vitest";
import { fieldOf } from "./field-errors.ts";

describe("fieldOf", () => {
  it.each([
    ["prompt", "prompt"],
    ["input.maxChildrenPerNode", "maxChildrenPerNode"],
    ["input.variables.season", "variables"],
    ["somethingElse", undefined],
    [null, undefined],
  ])("%s belongs to %s", (path, field) => {
    expect(fieldOf(path)).toBe(field);
  });
});
