import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

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
