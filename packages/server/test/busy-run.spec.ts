import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { type NewRun, newRun, untilStep } from "./kit/steps.ts";

const STEPS = ["{ name: A, type: generate, generator: echo, gate: manual }"];
const APPROVE = `mutation ($id: ID!) { result: approveStep(input: { stepId: $id }) { __typename } }`;

let kit: ServerKit;
let stuck: NewRun;
let other: NewRun;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  stuck = await newRun(kit, STEPS);
  other = await newRun(kit, STEPS);
  for (const { stepIds } of [stuck, other]) await untilStep(kit, stepIds[0] as string, "AWAITING_APPROVAL");
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Answer {
  readonly data?: { readonly result: { readonly __typename: string } };
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function approve({ stepIds }: NewRun): Promise<Answer> {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${await kit.token()}`, "content-type": "application/json" },
    body: JSON.stringify({ query: APPROVE, variables: { id: stepIds[0] } }),
  });
  return (await response.json()) as Answer;
}

it("a run that somebody holds stops nobody else, and who waits for it is told after a while", async () => {
  const holder = new pg.Client(kit.databaseUrl);
  await holder.connect();
  try {
    await holder.query("BEGIN");
    await holder.query("UPDATE pipeline_runs SET event_seq = event_seq WHERE id = $1", [stuck.number]);
    // More than the server has connections.
    const waiting = Array.from({ length: 40 }, () => approve(stuck));
    const answered = Promise.race(waiting).then(() => "answered");

    expect((await fetch(`${kit.url}/readyz`)).status).toBe(200);
    expect(await kit.graphql("{ viewer { name } runs { totalCount } }")).toMatchObject({ viewer: { name: "ada" } });
    expect(await approve(other)).toMatchObject({ data: { result: { __typename: "ApproveStepSuccess" } } });
    // All of that while none of them has come through.
    expect(await Promise.race([answered, Promise.resolve("waiting")])).toBe("waiting");

    for (const { data, errors } of await Promise.all(waiting)) {
      expect(data?.result).toBeUndefined();
      expect(errors).toMatchObject([{ message: expect.stringContaining("try again"), extensions: { code: "BUSY" } }]);
    }
  } finally {
    await holder.end();
  }
  // Whatever failed to get the run has changed nothing, and left nothing locked.
  const answers = await Promise.all([1, 2, 3].map(() => approve(stuck)));
  expect(answers.map(({ data }) => data?.result.__typename).toSorted()).toEqual([
    "ApprovalFinalError",
    "ApprovalFinalError",
    "ApproveStepSuccess",
  ]);
}, 30_000);

it("nobody waits for ever: not for a lock, and not for a transaction whose owner hangs in the middle", async () => {
  const { rows } = await kit.server.engine.pool.query(
    `SELECT current_setting('lock_timeout') AS lock, current_setting('idle_in_transaction_session_timeout') AS idle`,
  );
  expect(rows).toEqual([{ lock: "10s", idle: "15s" }]);
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});
