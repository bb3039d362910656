import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { applyPipeline } from "./kit/spec-runs.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ worker: true });
});
afterAll(() => kit[Symbol.asyncDispose]());

it("creates a run of the example pipeline over HTTP", async () => {
  const { createRun } = await kit.graphql<{ createRun: { __typename: string; run: { number: number } } }>(
    `mutation { createRun(input: { pipeline: "Taglines", prompt: "a bakery" }) {
       __typename ... on CreateRunSuccess { run { number } } ... on Error { message } } }`,
  );
  expect(createRun).toEqual({ __typename: "CreateRunSuccess", run: { number: 1 } });
});

it("begins no run of another version than the one that was looked at", async () => {
  const step = "name: Draft, type: generate, generator: grammar, gate: manual";
  await applyPipeline(kit, "Changing", [`{ ${step} }`]);
  await applyPipeline(kit, "Changing", [`{ ${step}, n: 2 }`]);
  const create = async (pipelineVersion: number | null) => {
    const { createRun } = await kit.graphql<{ createRun: object }>(
      `mutation ($input: CreateRunInput!) { createRun(input: $input) { __typename
         ... on StalePipelineError { pipeline version message } ... on InvalidInputError { field } } }`,
      { input: { pipeline: "Changing", pipelineVersion } },
    );
    return createRun;
  };
  expect(await create(1)).toEqual({
    __typename: "StalePipelineError",
    pipeline: "Changing",
    version: 2,
    message: 'Version 2 of "Changing" is newer than version 1, which you looked at. Look at it, then start the run.',
  });
  expect(await create(3)).toEqual({ __typename: "InvalidInputError", field: "pipelineVersion" });
  for (const version of [2, null]) expect(await create(version)).toEqual({ __typename: "CreateRunSuccess" });
});
