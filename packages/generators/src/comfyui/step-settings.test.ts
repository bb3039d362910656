import { describe, expect, it } from "vitest";
import { comfy, exampleNodes, portraitBindings } from "../testing/comfyui-kit.ts";

const url = "http://localhost:8188";
const check = (config: unknown, options: Partial<Parameters<typeof comfy>[0]> = {}) =>
  comfy({ url, ...options }).checkConfig(config);

describe("a step's settings", () => {
  it("may be left out, where there is one workflow", () => {
    expect(check(null)).toBeUndefined();
    expect(check({ workflow: "portrait", prompt: "{{prompt}}, {{var.style}}, {{notes}}" })).toBeUndefined();
  });

  it.each([
    [{ workflow: "portrat" }, 'has no workflow "portrat"; it has "portrait".'],
    [{ worfklow: "portrait" }, 'has no setting "worfklow"; it has workflow, prompt'],
    [{ width: 512 }, 'has no slot for "width"'],
    [{ negative: "blurry" }, 'has no slot for "negative"'],
    [{ values: { steps: 4 } }, 'no slot "steps" for "values"; it has none'],
    [{ prompt: "{{promt}}" }, "There is no {{promt}}"],
    [{ prompt: "{{parent_image}}" }, "There is no {{parent_image}}"],
    [{ values: { steps: [4] } }, 'The setting "values.steps"'],
    [{ width: 4.5 }, "must be a whole number of pixels"],
  ])("%o is refused", (config, words) => {
    expect(check(config)).toContain(words);
  });

  it("have to give what the file asks for", () => {
    const nodes = exampleNodes("portrait");
    nodes["5"]!.inputs = { width: "{{width}}", height: "{{height}}", batch_size: 1 };
    nodes["6"]!.inputs.text = "{{promt}} {{negative}}";
    expect(check({ width: 512 }, { nodes, bindings: {} })).toBe(
      'The workflow "portrait" needs the setting "height". The workflow "portrait" has the slot {{promt}}, which Sluice does not fill by itself: say values: { promt: … }.',
    );
    expect(check({ width: 512, height: 512, values: { promt: "x" } }, { nodes, bindings: {} })).toBeUndefined();
  });

  it("may give a value to a slot of the operator's own naming", () => {
    const bindings = { ...portraitBindings, steps: { node: "3", input: "steps" } };
    expect(check({ values: { steps: 4 } }, { bindings })).toBeUndefined();
    expect(check({}, { bindings })).toBeUndefined();
  });
});
