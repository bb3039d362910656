import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyDefinitions } from "../commands/apply-pipelines.ts";
import { type EngineKit, echoGenerator, engineKit } from "../testing/engine-kit.ts";
import { examplePipelines, seedPipelines } from "./posters.ts";

let kit: EngineKit;
beforeEach(async () => {
  kit = await engineKit();
});
afterEach(() => kit[Symbol.asyncDispose]());

const names = async () =>
  (await kit.db.many<{ name: string }>(`SELECT name FROM pipelines ORDER BY id`)).map(({ name }) => name);

describe("the examples", () => {
  it("are added to a database without pipelines, once, and run", async () => {
    const seeded = await Promise.all([seedPipelines(kit.engine), seedPipelines(kit.engine)]);
    expect(seeded.map(({ pipelineIds }) => pipelineIds.length).toSorted()).toEqual([0, 2]);
    expect(await names()).toEqual(["Posters", "Taglines"]);

    await kit.worker([echoGenerator("cppn"), echoGenerator("grammar")]);
    const runId = await kit.newRun([], { pipeline: "Posters" });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 2)).toHaveLength(9);
  });

  it("are not added beside pipelines of the operator's own", async () => {
    await applyDefinitions(kit.engine, [{ ...examplePipelines[0]!, name: "Ours" }]);
    expect(await seedPipelines(kit.engine)).toEqual({ pipelineIds: [] });
    expect(await names()).toEqual(["Ours"]);
  });
});
