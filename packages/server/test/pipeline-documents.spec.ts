import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

interface PipelineData {
  readonly name: string;
  readonly version: number;
  readonly yaml: string;
}

const pipelines = async (): Promise<PipelineData[]> => {
  const data = await kit.graphql<{ pipelines: { edges: { node: PipelineData }[] } }>(
    "{ pipelines(first: 50) { edges { node { name version yaml } } } }",
  );
  return data.pipelines.edges.map(({ node }) => node);
};
const check = async (yaml: string, as?: string) =>
  await kit.graphql<{ checkPipelines: { problems: unknown[]; pipelines: string[] } }>(
    "query ($yaml: String!) { checkPipelines(yaml: $yaml) { problems { message line path } pipelines } }",
    { yaml },
    as === undefined ? {} : { as },
  );

it("a pipeline's document, applied, makes no new version of it", async () => {
  const before = await pipelines();
  expect(before.length).toBeGreaterThan(1);
  for (const { name, version, yaml } of before) {
    expect((await check(yaml)).checkPipelines).toEqual({ problems: [], pipelines: [name] });
    const { applyPipelines } = await kit.graphql<{ applyPipelines: unknown }>(
      `mutation ($yaml: String!) { applyPipelines(input: { yaml: $yaml }) {
         __typename ... on ApplyPipelinesSuccess { pipelines { name version } } ... on Error { message } } }`,
      { yaml },
    );
    expect(applyPipelines).toEqual({ __typename: "ApplyPipelinesSuccess", pipelines: [{ name, version }] });
  }
  expect(await pipelines()).toEqual(before);
});

it("a check says what is wrong and where, and applies nothing", async () => {
  const before = await pipelines();
  const yaml = "pipelines:\n  - name: new\n    steps:\n      - { type: generate, name: A, generator: cpn }\n";
  expect((await check(yaml)).checkPipelines).toEqual({
    problems: [
      {
        message: 'There is no generator named "cpn". Did you mean "cppn"?',
        line: 4,
        path: "pipelines[0].steps[0].generator",
      },
    ],
    pipelines: [],
  });
  expect((await check(yaml.replace("cpn", "cppn"))).checkPipelines).toEqual({ problems: [], pipelines: ["new"] });
  expect(await pipelines()).toEqual(before);
});

it("documents that come by the API have a JSON Schema, which editors fetch without signing in", async () => {
  const answer = await fetch(`${kit.url}/schemas/pipelines.json`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("application/schema+json");
  const schema = (await answer.json()) as { properties: object; required: string[] };
  expect(Object.keys(schema.properties)).toEqual(["pipelines"]);
  expect(schema.required).toEqual(["pipelines"]);
});
