import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ForbiddenError, InvalidPipelineError, StalePipelineError } from "../errors.ts";
import { parsePipelines } from "../pipelines/parse-pipelines.ts";
import { type EngineKit, echoGenerator, engineKit } from "../testing/engine-kit.ts";
import { applyDefinitions, applyPipelines } from "./apply-pipelines.ts";
import { createRun } from "./create-run.ts";

const generators = new Map([["echo", echoGenerator()]]);

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const apply = (yaml: string) => applyPipelines({ ...kit.engine, generators }, kit.actor, { yaml });
const versions = (name: string) =>
  kit.db.many<{ id: number; version: number }>(`SELECT id, version FROM pipelines WHERE name = $1 ORDER BY version`, [
    name,
  ]);
const document = (name: string, ...steps: string[]) =>
  JSON.stringify({
    pipelines: [{ name, steps: steps.map((step) => ({ type: "generate", name: step, generator: "echo" })) }],
  });

describe("applying pipelines", () => {
  it("stores all that the document says", async () => {
    const { pipelineIds } = await apply(`
pipelines:
  - name: whole
    description: All of it
    defaults: { n: 4, k: 2 }
    ratings: elo
    steps:
      - { name: A, type: generate, generator: echo, config: { b: 1, a: [1.0, { z: 1, y: null }] }, description: First }
      - { name: B, type: generate, generator: echo, gate: open, n: 2, k: 1, stall_after: 2h, failure_budget: 3 }
      - { type: approval, description: Look, k: 5 }
`);
    expect(
      await kit.db.many(
        `SELECT version, description, default_n AS n, default_k AS k, rating_model AS model FROM pipelines WHERE id = $1`,
        [pipelineIds[0]],
      ),
    ).toEqual([{ version: 1, description: "All of it", n: 4, k: 2, model: "ELO" }]);
    expect(
      await kit.db.many(
        `SELECT position, name, kind, description, generator, config, gate, max_children AS n, top_k AS k,
                stall_after_seconds AS stall, failure_budget AS budget
         FROM pipeline_steps WHERE pipeline_id = $1 ORDER BY position`,
        [pipelineIds[0]],
      ),
    ).toEqual([
      {
        ...{ position: 1, name: "A", kind: "GENERATE", description: "First", generator: "echo" },
        ...{ config: { a: [1, { y: null, z: 1 }], b: 1 }, gate: null, n: null, k: null, stall: 86_400, budget: 12 },
      },
      {
        ...{ position: 2, name: "B", kind: "GENERATE", description: null, generator: "echo" },
        ...{ config: {}, gate: "OPEN", n: 2, k: 1, stall: 7_200, budget: 3 },
      },
      {
        ...{ position: 3, name: "Approval", kind: "APPROVAL", description: "Look", generator: null },
        ...{ config: {}, gate: null, n: null, k: 5, stall: 86_400, budget: 12 },
      },
    ]);
  });

  it("leaves a pipeline that is the same as it is, whatever the order of its keys", async () => {
    const text = (config: string) =>
      `pipelines: [{ name: same, steps: [{ type: generate, name: A, generator: echo, config: ${config} }] }]`;
    const first = await apply(text("{ b: 1.0, a: { y: 2, x: [1e3] } }"));
    expect(await apply(text("{ a: { x: [1000], y: 2 }, b: 1 }"))).toEqual(first);
    expect(await versions("same")).toHaveLength(1);
  });

  it("makes a new version of one that changed, and of no other of the document", async () => {
    const one = document("changing", "A");
    const first = await apply(one);
    const both = { pipelines: [...JSON.parse(document("steady", "A")).pipelines, ...JSON.parse(one).pipelines] };
    const [steady] = (await apply(JSON.stringify(both))).pipelineIds;
    both.pipelines[1].steps[0].config = { more: true };
    const changed = await apply(JSON.stringify(both));
    expect(changed.pipelineIds[0]).toBe(steady);
    expect(changed.pipelineIds[1]).not.toBe(first.pipelineIds[0]);
    expect(await versions("steady")).toHaveLength(1);
    expect(await versions("changing")).toEqual([
      { id: first.pipelineIds[0], version: 1 },
      { id: changed.pipelineIds[1], version: 2 },
    ]);
    // Only the newest version counts: going back is a change too.
    await apply(one);
    expect((await versions("changing")).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it.each<[string, { steps?: object[]; [key: string]: unknown }]>([
    ["the name of a step", { steps: [{ name: "Other" }] }],
    ["the gate of a step", { steps: [{ gate: "auto" }] }],
    ["a step's N", { steps: [{ n: 7 }] }],
    ["the default K", { defaults: { k: 7 } }],
    ["the ratings", { ratings: "elo" }],
    ["the description", { description: "Other" }],
  ])("sees a change of %s", async (what, change) => {
    const [pipeline] = JSON.parse(document(`change ${what}`, "A")).pipelines;
    await apply(JSON.stringify({ pipelines: [pipeline] }));
    const steps = [{ ...pipeline.steps[0], ...change.steps?.[0] }];
    await apply(JSON.stringify({ pipelines: [{ ...pipeline, ...change, steps }] }));
    expect(await versions(pipeline.name)).toHaveLength(2);
  });

  it("runs keep the version they began with", async () => {
    const old = (await apply(document("kept", "A", "B"))).pipelineIds[0];
    const before = await createRun(kit.engine, kit.actor, { pipeline: "kept", prompt: "" });
    const changed = (await apply(document("kept", "A", "B", "C"))).pipelineIds[0];
    const after = await createRun(kit.engine, kit.actor, { pipeline: "kept", prompt: "" });
    expect(
      await kit.db.many(`SELECT pipeline_id AS id FROM pipeline_runs WHERE id = ANY($1) ORDER BY id`, [
        [before.runId, after.runId],
      ]),
    ).toEqual([{ id: old }, { id: changed }]);
    expect(await kit.steps(before.runId)).toHaveLength(2);
    expect(await kit.steps(after.runId)).toHaveLength(3);
  });

  it("several at once neither collide nor store the same twice", async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => (await apply(document("raced", `Step ${i % 3}`))).pipelineIds[0]),
    );
    const stored = await versions("raced");
    expect(stored.map(({ version }) => version)).toEqual(stored.map((_, i) => i + 1));
    expect(stored.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ids)).toEqual(new Set(stored.map(({ id }) => id)));

    const same = await Promise.all(Array.from({ length: 8 }, () => apply(document("raced alike", "A"))));
    expect(new Set(same.map(({ pipelineIds }) => pipelineIds[0])).size).toBe(1);
    expect(await versions("raced alike")).toHaveLength(1);
  });

  it("applies nothing of a document that is wrong anywhere", async () => {
    const { pipelines } = JSON.parse(document("half", "A"));
    const wrong = { pipelines: [...pipelines, { name: "other half", steps: [{ agent: "nobody" }] }] };
    await expect(apply(JSON.stringify(wrong))).rejects.toThrow(InvalidPipelineError);
    expect(await versions("half")).toEqual([]);
  });

  it("is for those who may operate, and takes nothing of what is the operator's file's", async () => {
    const stranger = { ...kit.actor, role: "VIEWER" as const };
    const refused = applyPipelines({ ...kit.engine, generators }, stranger, { yaml: document("stranger", "A") });
    await expect(refused).rejects.toThrow(ForbiddenError);
    expect(await versions("stranger")).toEqual([]);
    await expect(apply("agents: [{ name: a, generator: echo }]\npipelines: []")).rejects.toThrow(/operator's file/);
  });

  it("A1, A2: an agent pipeline of the operator's file runs, and stops at its approval", async () => {
    const text = `
agents: [{ name: writer, generator: echo, system_prompt_additions: Be brief. }]
pipelines:
  - name: brief-to-text
    steps:
      - { agent: writer, description: Draft }
      - { type: approval, description: An editor reads the draft, remind_after_hours: 4 }
      - { agent: writer, description: Polish }
`;
    await applyDefinitions(kit.engine, parsePipelines(text, { source: "operator", generators }));
    await kit.worker();
    const runId = await kit.newRun([], { pipeline: "brief-to-text" });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(await kit.candidates(runId, 1)).toHaveLength(1);
    await kit.approve(runId, 2);
    await kit.untilRun(runId, "COMPLETED");
    expect(await kit.candidates(runId, 3)).toHaveLength(1);
  });
});

describe("pipelines that were made from a version", () => {
  const applyOver = (version: number, ...steps: string[]) =>
    applyPipelines({ ...kit.engine, generators }, kit.actor, {
      yaml: document("contested", ...steps),
      basedOn: [{ name: "contested", version }],
    });

  it("replace no newer one, and no pipeline whose name they only happen to have", async () => {
    await applyOver(0, "A");
    await applyOver(1, "A", "B");
    await expect(applyOver(1, "A", "C")).rejects.toThrow(
      'Version 2 of "contested" is newer than version 1, which this was made from.',
    );
    await expect(applyOver(0, "Z")).rejects.toThrow(StalePipelineError);
    expect((await versions("contested")).map(({ version }) => version)).toEqual([1, 2]);
  });
});
