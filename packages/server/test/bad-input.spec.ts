import { encodeNodeId, schema } from "@sluice/schema";
import type { GraphQLObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { subscribe } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { newRun, untilStep } from "./kit/steps.ts";

interface Answer {
  readonly data?: { readonly [field: string]: { readonly __typename: string; readonly [key: string]: unknown } | null };
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly [key: string]: unknown } }[];
}

let kit: ServerKit;
let stepId: string;
let runId: string;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  const run = await newRun(kit, ["{ name: A, type: generate, generator: echo, gate: manual }"]);
  runId = run.id;
  stepId = run.stepIds[0] as string;
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
});
afterAll(() => kit[Symbol.asyncDispose]());

async function post(body: string, headers: { [name: string]: string } = {}) {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${await kit.token()}`, "content-type": "application/json", ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, answer: (text.startsWith("{") ? JSON.parse(text) : {}) as Answer };
}

const ask = async (query: string, variables: unknown = {}): Promise<Answer> =>
  (await post(JSON.stringify({ query, variables }))).answer;

/** What a mutation answers to an input. */
async function mutate(name: string, input: object) {
  const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await ask(
    `mutation ($input: ${capital}Input!) { result: ${name}(input: $input) {
       __typename ... on Error { message } ${name === "createRun" ? "... on InvalidInputError { field }" : ""} } }`,
    { input },
  );
  return { errors, result: data?.result };
}

const GARBAGE = [
  "",
  "x",
  "💥",
  "UnVu",
  encodeNodeId("Pipeline", 1),
  encodeNodeId("Run", "99999999999999999999"),
  "' OR 1=1 --",
];

it.each(['{ approvals(pipeline: "a\\u0000b") { totalCount } }', '{ decisionTimes(pipeline: "a\\u0000b") { count } }'])(
  "a name with a null character is no name: %s",
  async (query) => {
    const { errors } = await ask(query);
    expect(errors).toMatchObject([
      { message: "No name has a null character in it.", extensions: { code: "BAD_INPUT" } },
    ]);
  },
);

describe("an id that is none", () => {
  const inputs: [string, (id: string) => object][] = [
    ["approveStep", (id) => ({ stepId: id })],
    ["rejectStep", (id) => ({ stepId: id })],
    ["retryFailedJobs", (id) => ({ stepId: id })],
    ["cancelJob", (id) => ({ jobId: id })],
    ["approveAllRemaining", (id) => ({ runId: id })],
    ["abortRun", (id) => ({ runId: id })],
    ["castVote", (id) => ({ leftId: id, rightId: id, outcome: "LEFT" })],
    ["undoVote", (id) => ({ voteId: id })],
    ["rejectCandidate", (id) => ({ candidateId: id })],
    ["restoreCandidate", (id) => ({ candidateId: id })],
  ];
  it.each(inputs)("%s says that there is no such thing", async (name, input) => {
    for (const id of GARBAGE) {
      const { result, errors } = await mutate(name, input(id));
      expect([id, errors, result?.__typename]).toEqual([id, undefined, "NotFoundError"]);
    }
  });

  it("finds nothing in queries", async () => {
    for (const id of GARBAGE) {
      expect((await ask("query ($id: ID!) { run(id: $id) { id } }", { id })).data).toEqual({ run: null });
      if (id !== encodeNodeId("Pipeline", 1)) {
        expect(await ask("query ($id: ID!) { node(id: $id) { id } }", { id })).toEqual({ data: { node: null } });
      }
    }
    for (const typename of ["Viewer", "Query", "Node", "Nothing", "__Schema", "constructor"]) {
      const answer = await ask("query ($id: ID!) { node(id: $id) { id } }", { id: encodeNodeId(typename, 1) });
      expect([typename, answer]).toEqual([typename, { data: { node: null } }]);
    }
  });
});

describe("K and N", () => {
  it.each([0, -1, -2_147_483_648])("G4: K = %d is refused in words, and nothing changes", async (topK) => {
    for (const [name, input] of [
      ["approveStep", { stepId, topK }],
      ["approveAllRemaining", { runId, topK }],
    ] as const) {
      const { result } = await mutate(name, input);
      expect(result).toEqual({ __typename: "InvalidTopKError", message: "K must be at least 1" });
    }
    expect((await mutate("createRun", { pipeline: "Taglines", defaultTopK: topK })).result?.__typename).toMatch(
      /^Invalid/,
    );
    const { data } = await ask("query ($id: ID!) { node(id: $id) { ... on RunStep { status __typename } } }", {
      id: stepId,
    });
    expect(data?.node).toMatchObject({ status: "AWAITING_APPROVAL" });
  });

  it.each([2 ** 31, 1.5, "3", Number.MAX_SAFE_INTEGER])("K = %s is no number that GraphQL takes", async (topK) => {
    const { errors, result } = await mutate("approveStep", { stepId, topK });
    expect(errors?.[0]?.message).toContain("Int cannot represent");
    expect(result).toBeUndefined();
  });

  it.each([0, -3, 101, 2_147_483_647])("N = %d is refused, and names its field", async (maxChildrenPerNode) => {
    const { result } = await mutate("createRun", { pipeline: "Taglines", maxChildrenPerNode });
    expect(result).toMatchObject({ __typename: "InvalidInputError", field: "maxChildrenPerNode" });
  });
});

describe("text", () => {
  it.each([
    ["prompt", { prompt: "a\u0000b" }],
    ["prompt", { prompt: "x".repeat(20_001) }],
    ["name", { name: "a\u0000b" }],
    ["name", { name: "x".repeat(201) }],
    ["variables", { variables: { a: "b\u0000c" } }],
    ["variables", { variables: [1, 2] }],
    ["variables", { variables: "text" }],
    ["pipeline", { pipeline: "There is none of this name" }],
    ["pipeline", { pipeline: "a\u0000b" }],
  ])("createRun refuses a bad %s", async (field, input) => {
    const { result, errors } = await mutate("createRun", { pipeline: "Taglines", ...input });
    expect([errors, result]).toEqual([undefined, expect.objectContaining({ __typename: "InvalidInputError", field })]);
  });

  it.each([
    ["approveStep", () => ({ stepId, comment: "a\u0000b" })],
    ["rejectStep", () => ({ stepId, comment: "a\u0000b" })],
    ["abortRun", () => ({ runId, reason: "a\u0000b" })],
    ["approveAllRemaining", () => ({ runId, comment: "a\u0000b" })],
  ] as const)("%s refuses a comment with a null character, and nothing changes", async (name, input) => {
    const { result, errors } = await mutate(name, input());
    expect([errors, result?.__typename]).toEqual([undefined, "InvalidInputError"]);
  });

  it("a lone surrogate does not break anything", async () => {
    const { result, errors } = await mutate("createRun", { pipeline: "Taglines", prompt: "\ud800" });
    expect(errors).toBeUndefined();
    expect(result?.__typename).toMatch(/CreateRunSuccess|InvalidInputError/);
  });
});

it("a pipeline of an impossible name is not there", async () => {
  expect(await ask("query ($name: String!) { pipeline(name: $name) { id } }", { name: "a\u0000b" })).toEqual({
    data: { pipeline: null },
  });
});

const CURSORS = [
  "",
  "garbage",
  "GPC:S:x",
  "GPC:N:NaN",
  "GPC:N:-1",
  "GPC:N:1.5",
  "GPC:N:99999999999999",
  "GPC:N:2147483648",
  "GPC:D:1",
  "GPC:I:1",
  "GPC:Z:",
  "GPC:J:[1,2]",
  'GPC:J:{"id":{"gt":0}}',
];

describe("pages", () => {
  it.each([
    ["runs", ["after", "before"]],
    ["approvals", ["after"]],
    ["pipelines", ["after", "before"]],
  ])("%s says of a cursor that is none of its own that it is none", async (field, places) => {
    for (const cursor of CURSORS) {
      for (const place of places) {
        const { errors } = await ask(`query ($cursor: String) { ${field}(${place}: $cursor) { edges { cursor } } }`, {
          cursor: Buffer.from(cursor).toString("base64"),
        });
        expect([cursor, errors?.map(({ extensions }) => extensions)]).toEqual([cursor, [{ code: "BAD_CURSOR" }]]);
      }
    }
  });

  it("candidates take no cursor of another list for one of theirs", async () => {
    const query = `query ($id: ID!, $after: String) {
      node(id: $id) { ... on RunStep { candidates(after: $after) { totalCount } } } }`;
    for (const after of ["", "garbage", Buffer.from("GPC:N:1").toString("base64")]) {
      const { errors } = await ask(query, { id: stepId, after });
      expect([after, errors?.[0]?.extensions]).toEqual([after, { code: "BAD_CURSOR" }]);
    }
  });

  it("goes on behind a cursor of its own", async () => {
    const page =
      "query ($after: String) { pipelines(first: 1, after: $after) { totalCount edges { cursor node { name } } } }";
    interface Page {
      readonly pipelines: {
        readonly totalCount: number;
        readonly edges: { readonly cursor: string; readonly node: { readonly name: string } }[];
      };
    }
    const [{ names } = { names: 0 }] = await kit.db.many<{ names: number }>(
      "SELECT count(DISTINCT name)::int AS names FROM pipelines",
    );
    const at = async (after: string | null) => {
      const { pipelines } = await kit.graphql<Page>(page, { after });
      expect(pipelines.totalCount).toBe(names);
      return pipelines.edges[0];
    };
    const first = await at(null);
    const second = await at(first?.cursor ?? "");
    expect(second?.node.name).not.toBe(first?.node.name);
    expect(second?.node.name).toEqual(expect.any(String));
  });

  it.each(["runs", "approvals", "pipelines"])(
    "%s takes no page of a nonsense size or place for a bug",
    async (field) => {
      for (const args of [
        "first: -1",
        "first: 0",
        "first: 2147483647",
        'after: "garbage"',
        'after: ""',
        "first: 1, last: 1",
      ]) {
        const { errors } = await ask(`{ ${field}(${args}) { edges { cursor } } }`);
        for (const error of errors ?? [])
          expect([args, error.extensions?.code]).not.toEqual([args, "INTERNAL_SERVER_ERROR"]);
      }
    },
  );

  it("gives at most 100, whatever is asked for", async () => {
    const { data } = await ask(
      "query ($id: ID!) { node(id: $id) { ... on RunStep { candidates(first: 1000000) { totalCount } } } }",
      {
        id: stepId,
      },
    );
    expect(data?.node).toEqual({ candidates: { totalCount: 3 } });
    const { errors } = await ask(`{ run(id: "${runId}") { events(first: -5, after: "-1") { cursor } } }`);
    expect(errors?.[0]?.extensions).toEqual({ code: "BAD_CURSOR" });
  });
});

describe("a request that is none", () => {
  it.each([
    ["a body that is no JSON", "{ query", 400],
    ["no body", "", 400],
    ["JSON that is no object", "[1]", 400],
    ["no query", "{}", 200],
    ["a query that is no text", '{"query": 7}', 400],
    ["variables that are no object", '{"query": "{ viewer { name } }", "variables": "x"}', 400],
    ["variables that are a list", '{"query": "{ viewer { name } }", "variables": [1]}', 400],
    ["a body that is too large", JSON.stringify({ query: `{ viewer { name } } # ${"x".repeat(2_100_000)}` }), 413],
  ])("%s", async (_what, body, status) => {
    const response = await post(body);
    expect([response.status, response.text]).toEqual([status, expect.not.stringContaining("node_modules")]);
  });

  it.each(["text/plain", "application/graphql", "application/x-www-form-urlencoded", "multipart/form-data", ""])(
    "of the type %j, which pages of others may send, is not run",
    async (type) => {
      const { status, text } = await post('{"query":"{ viewer { name } }"}', { "content-type": type });
      expect([status, text]).toEqual([415, expect.stringContaining("application/json")]);
    },
  );

  it("may name its charset", async () => {
    const { status } = await post('{"query":"{ viewer { name } }"}', {
      "content-type": "application/json; charset=utf-8",
    });
    expect(status).toBe(200);
  });

  it.each([
    ["{ viewer { name", /Syntax Error/],
    ["{ nothing }", /Cannot query field "nothing"/],
    ["query ($a: Int!) { viewer { name } }", /never used|not provided/],
    ["{ viewer { name { x } } }", /must not have a selection/],
    ["mutation { createRun(input: { pipeline: 7 }) { __typename } }", /String cannot represent/],
  ])("%s says what is wrong with it", async (query, message) => {
    const { errors } = await ask(query);
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions?.code).not.toBe("INTERNAL_SERVER_ERROR");
  });

  it("leaves the socket open for what else it carries", async () => {
    await using good = await subscribe<{ approvalPreview: { topK: number } }>(
      kit,
      "websocket",
      "subscription ($id: ID!) { approvalPreview(stepId: $id) { topK } }",
      { id: stepId },
    );
    expect((await good.next()).approvalPreview.topK).toBe(3);
    const socket = await kit.socket();
    for (const query of ["{ viewer { name", "{ nothing }", `{ ${"viewer { name } ".repeat(3_000)} }`]) {
      await expect(socket.iterate({ query }).next()).rejects.toMatchObject([{ message: expect.any(String) }]);
    }
    expect((await socket.iterate({ query: "{ viewer { name } }" }).next()).value?.data).toEqual({
      viewer: { name: "ada" },
    });
  });
});

describe("a document of pipelines that is too much", () => {
  const yaml = (pipelines: string) => mutate("applyPipelines", { yaml: pipelines });
  it.each([
    ["brackets", `pipelines: ${"[".repeat(100_000)}`, /nested too deeply/],
    ["a size", `pipelines: [] # ${"x".repeat(128_000)}`, /larger than 128 kB/],
    [
      "steps",
      `pipelines: [{ name: p, steps: [${"{ name: A, type: generate, generator: echo },".repeat(51)}] }]`,
      /50 steps/,
    ],
  ])("is refused for its %s", async (_what, document, message) => {
    const { result, errors } = await yaml(document);
    expect(errors).toBeUndefined();
    expect(result).toEqual({ __typename: "InvalidPipelineError", message: expect.stringMatching(message) });
  });
});

describe("a request for too much", () => {
  const nested = (depth: number) =>
    `{ node(id: "x") { ... on Candidate { ${"parent { ".repeat(depth)} id ${"} ".repeat(depth)} } } }`;
  const fragments = Array.from(
    { length: 60 },
    (_, i) => `fragment F${i} on Candidate { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
  );
  it.each([
    ["deep", nested(200)],
    ["wide", `{ ${Array.from({ length: 1_200 }, (_, i) => `a${i}: __typename`).join(" ")} }`],
    ["of many words", `{ ${"viewer { name } ".repeat(2_000)} }`],
    [
      "with fragments that double each other",
      `{ node(id: "x") { ...F0 } } ${fragments.join(" ")} fragment F60 on Candidate { id }`,
    ],
    ["large", "{ runs(first: 100) { edges { node { steps { candidates(first: 100) { edges { node { id } } } } } } } }"],
  ])("%s is refused before it costs anything", async (_what, query) => {
    const { errors, data } = await ask(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toMatch(/asks for too much|more than 4000 tokens/);
  });
});

it("a bug is logged under an id, which is all that the client gets", async () => {
  const field = (schema.getType("Viewer") as GraphQLObjectType).getFields().name!;
  const { resolve } = field;
  field.resolve = () => {
    throw new Error("the secret of the database");
  };
  try {
    const { errors } = await ask("{ viewer { name } }");
    expect(errors?.[0]?.message).not.toContain("secret");
    const { code, errorId } = errors?.[0]?.extensions ?? {};
    expect([code, errorId]).toEqual(["INTERNAL_SERVER_ERROR", expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    const lines = kit.logged.filter((line) => line.includes(errorId as string));
    expect(lines).toEqual([expect.stringContaining("the secret of the database")]);
  } finally {
    if (resolve) field.resolve = resolve;
    else delete field.resolve;
  }
});

it("logged nothing else as an error", () => {
  expect(kit.logged.filter((line) => !line.includes("the secret of the database"))).toEqual([]);
});
