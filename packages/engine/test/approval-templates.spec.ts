import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyPipelines } from "../src/commands/apply-pipelines.ts";
import { createRun } from "../src/commands/create-run.ts";
import { InvalidInputError } from "../src/errors.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

const generators = new Map([["echo", { name: "echo", checkConfig: () => undefined }]]);

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
  await apply(document());
});
afterAll(() => kit[Symbol.asyncDispose]());

const document = ({ minVotes = 5, quorum = 2 } = {}) => `
pipelines:
  - name: posters
    defaults: { n: 2, k: 2 }
    steps:
      - { name: Form, type: generate, generator: echo }
      - { name: Colour, type: generate, generator: echo, k: 4, min_votes: ${minVotes}, exclude_creator: true }
      - { name: Finish, type: generate, generator: echo }
    approval_templates:
      - { name: strict, description: For print, steps: [{ step: Colour, k: 1, quorum: ${quorum} }, { step: 1, k: 1 }] }
      - { name: wide, steps: [{ step: Finish, k: 9 }] }
`;

const apply = async (yaml: string) =>
  (await applyPipelines({ ...kit.engine, generators }, kit.actor, { yaml })).pipelineIds[0]!;

/** K and policy of each step of a new run. */
async function stepsOf(input: { approvalTemplate?: string | null; defaultTopK?: number }) {
  const { runId } = await createRun(kit.engine, kit.actor, { pipeline: "posters", prompt: "a test", ...input });
  const steps = await kit.db.many<{ k: number; policy: unknown }>(
    `SELECT top_k_count AS k, policy FROM pipeline_run_steps WHERE pipeline_run_id = $1 ORDER BY position`,
    [runId],
  );
  const { template } = await kit.db.one<{ template: string | null }>(
    `SELECT approval_template AS template FROM pipeline_runs WHERE id = $1`,
    [runId],
  );
  return { runId, template, k: steps.map(({ k }) => k), policies: steps.map(({ policy }) => policy) };
}

describe("policies and approval templates of a run", () => {
  it("without a template, a run has its pipeline's policies", async () => {
    expect(await stepsOf({})).toMatchObject({
      template: null,
      k: [2, 4, 2],
      policies: [{}, { minVotes: 5, excludeCreator: true }, {}],
    });
    expect(await stepsOf({ approvalTemplate: " " })).toMatchObject({ template: null });
  });

  it("a template's K and policy replace the step's, and leave what they do not name", async () => {
    expect(await stepsOf({ approvalTemplate: "strict" })).toMatchObject({
      template: "strict",
      k: [1, 1, 2],
      policies: [{}, { quorum: 2 }, {}],
    });
    const { policies } = await stepsOf({ approvalTemplate: "strict" });
    // Replaced, not merged: a rule that the template does not name does not hold.
    expect(policies[1]).toEqual({ quorum: 2 });
    expect(await stepsOf({ approvalTemplate: "wide" })).toMatchObject({
      k: [2, 4, 9],
      policies: [{}, { minVotes: 5, excludeCreator: true }, {}],
    });
  });

  it("a template's K goes before the run's, which goes before the step's", async () => {
    expect(await stepsOf({ approvalTemplate: "strict", defaultTopK: 7 })).toMatchObject({ k: [1, 1, 7] });
    expect(await stepsOf({ defaultTopK: 7 })).toMatchObject({ k: [7, 7, 7] });
  });

  it("an unknown template is refused with the field and what there is, and no run is made", async () => {
    const count = async () => (await kit.db.one<{ n: number }>(`SELECT count(*)::int AS n FROM pipeline_runs`)).n;
    const before = await count();
    const refusal = await stepsOf({ approvalTemplate: "strickt" }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect(refusal).toMatchObject({
      field: "approvalTemplate",
      message: 'This pipeline has no approval template named "strickt". Did you mean "strict"?',
    });
    await expect(stepsOf({ approvalTemplate: "other" })).rejects.toThrow("It has: strict, wide.");
    expect(await count()).toBe(before);
  });

  it("a changed policy or template makes a new version; runs keep what they began with", async () => {
    const first = await apply(document());
    expect(await apply(document())).toBe(first);
    const running = await stepsOf({ approvalTemplate: "strict" });
    const second = await apply(document({ minVotes: 6 }));
    const third = await apply(document({ minVotes: 6, quorum: 3 }));
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await stepsOf({})).toMatchObject({ policies: [{}, { minVotes: 6, excludeCreator: true }, {}] });
    expect(await stepsOf({ approvalTemplate: "strict" })).toMatchObject({ policies: [{}, { quorum: 3 }, {}] });
    const { policy } = await kit.db.one<{ policy: unknown }>(
      `SELECT policy FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = 2`,
      [running.runId],
    );
    expect(policy).toEqual({ quorum: 2 });
    expect(await apply(document())).not.toBe(first);
  });
});
