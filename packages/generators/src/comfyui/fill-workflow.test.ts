import type { Json } from "@sluice/engine";
import { describe, expect, it } from "vitest";
import { fillWorkflow } from "./fill-workflow.ts";
import type { SlotValue } from "./slots.ts";
import type { Workflow } from "./workflow.ts";

const fill = (
  inputs: Record<string, Json>,
  values: Record<string, SlotValue>,
  bound: Record<string, string> = {},
): Record<string, Json> => {
  const nodes = { "1": { class_type: "{{prompt}}", inputs }, "2": { class_type: "B", inputs: {} } } as Workflow;
  const bindings = new Map(Object.entries(bound).map(([slot, input]) => [slot, [{ node: "1", input }]]));
  const filled = fillWorkflow(
    { name: "w", nodes, bindings, placeholders: new Set(), output: null },
    (slot) => values[slot],
    "sluice-7",
  );
  expect(filled["1"]!.class_type).toBe("{{prompt}}");
  return filled["1"]!.inputs as Record<string, Json>;
};

describe("filling a workflow", () => {
  it("keeps the type of a placeholder that is the whole text, and makes a text of one within a text", () => {
    expect(fill({ seed: "{{seed}}", text: "no. {{ seed }}!", on: "{{on}}" }, { seed: 9, on: true })).toEqual({
      seed: 9,
      text: "no. 9!",
      on: true,
    });
  });

  it("does not look at what is filled in again", () => {
    expect(fill({ text: "{{prompt}}" }, { prompt: "{{seed}} $& $1", seed: 3 })).toEqual({ text: "{{seed}} $& $1" });
    expect(fill({ text: "a {{prompt}}" }, { prompt: "{{seed}} $& $1", seed: 3 })).toEqual({ text: "a {{seed}} $& $1" });
  });

  it("goes into lists and mappings, and leaves links alone", () => {
    expect(
      fill({ model: ["2", 0], deep: [{ text: "{{prompt}}" }, 3], pair: ["{{prompt}}", 0] }, { prompt: "x" }),
    ).toEqual({
      model: ["2", 0],
      deep: [{ text: "x" }, 3],
      pair: ["x", 0],
    });
  });

  it("replaces bound inputs, which keep what the file says where there is no value", () => {
    expect(fill({ seed: 1, steps: 20 }, { seed: 4 }, { seed: "seed", steps: "steps" })).toEqual({ seed: 4, steps: 20 });
  });

  it("gives files a prefix of the job's, unless the operator has made one", () => {
    expect(fill({ filename_prefix: "ComfyUI" }, {})).toEqual({ filename_prefix: "sluice-7" });
    expect(fill({ filename_prefix: "mine/{{job_id}}" }, { job_id: 7 })).toEqual({ filename_prefix: "mine/7" });
    expect(fill({ filename_prefix: ["2", 0] }, {})).toEqual({ filename_prefix: ["2", 0] });
  });
});
