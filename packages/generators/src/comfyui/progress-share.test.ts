import { expect, it } from "vitest";
import { exampleNodes } from "../testing/comfyui-kit.ts";
import { progressShare } from "./progress-share.ts";

it("weighs a node by its steps, and never goes back", () => {
  // Seven nodes, of which the sampler has 20 steps.
  const read = progressShare(exampleNodes("portrait"));
  expect(read("execution_cached", { nodes: ["4", "5"] })!.share).toBeCloseTo(2 / 26);
  read("executing", { node: "3" });
  expect(read("progress", { node: "3", value: 10, max: 20 })).toEqual({ share: 12 / 26, message: "KSampler 10/20" });
  expect(read("progress", { node: "3", value: 2, max: 20 })!.share).toBeCloseTo(12 / 26);
  expect(read("executing", { node: "8" })).toEqual({ share: 22 / 26, message: "VAE Decode" });
});

it("reads the state of all nodes at once, and passes over those of an unfolded subgraph", () => {
  const read = progressShare(exampleNodes("portrait"));
  const nodes = {
    "4": { state: "finished", value: 1, max: 1 },
    "3": { state: "running", value: 5, max: 20 },
    "3:1": { state: "finished" },
  };
  expect(read("progress_state", { nodes })).toEqual({ share: 6 / 26, message: "KSampler 5/20" });
});

it("leaves the last hundredth for fetching the picture", () => {
  const read = progressShare(exampleNodes("portrait"));
  const done = read("execution_cached", { nodes: Object.keys(exampleNodes("portrait")) });
  expect(done!.share).toBe(0.99);
});

it.each(["status", "crystools.monitor"])("says nothing of %s", (event) => {
  expect(progressShare(exampleNodes("portrait"))(event, {})).toBeUndefined();
});
