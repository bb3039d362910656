import { afterAll, beforeAll, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { rawSocket } from "./kit/raw-socket.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, type NewRun, newRun, untilStep } from "./kit/steps.ts";

const SEARCH = `query ($id: ID!) {
  run(id: $id) { name candidates(first: 5, filter: { search: "words" }) { totalCount edges { node { id } } } }
}`;
/** A read by Prisma, where the search is a statement of our own. */
const ONE = `query ($id: ID!) { node(id: $id) { ... on Candidate { text } } }`;

let kit: ServerKit;
let run: NewRun;
let candidate: string;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  run = await newRun(kit, ["{ name: A, type: generate, generator: echo, gate: manual }"]);
  await untilStep(kit, run.stepIds[0] as string, "AWAITING_APPROVAL");
  [candidate] = (await candidatesOf(kit, run.stepIds[0] as string)) as [string];
  // As with more texts than can be looked through in time: whatever may take only so long, takes longer.
  await kit.db.query(`ALTER TABLE candidates RENAME TO many_candidates`);
  await kit.db.query(
    `CREATE VIEW candidates AS SELECT * FROM many_candidates
     WHERE current_setting('statement_timeout') = '0' OR pg_sleep(60) IS NOT NULL`,
  );
});
afterAll(() => kit[Symbol.asyncDispose]());

async function overHttp(query: string, id: string): Promise<unknown> {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${await kit.token()}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { id } }),
  });
  return await response.json();
}

async function overSocket(query: string, id: string): Promise<unknown> {
  using socket = await rawSocket(kit, { token: await kit.token() });
  socket.send({ id: "search", type: "subscribe", payload: { query, variables: { id } } });
  return (await socket.message((message) => message.id === "search")).payload;
}

it("a read that takes too long is stopped, says what to do, and takes nothing else with it", async () => {
  const stopped = {
    message: expect.stringMatching(/^This took the database more than 15 seconds and was stopped.*search within one/),
    extensions: { code: "TIMED_OUT", errorId: expect.any(String) },
  };
  const answers = await Promise.all([overHttp(SEARCH, run.id), overHttp(ONE, candidate), overSocket(SEARCH, run.id)]);
  for (const answer of answers) expect(answer).toMatchObject({ errors: [stopped] });

  expect(await kit.graphql("{ viewer { name } runs { totalCount } }")).toEqual({
    viewer: { name: "ada" },
    runs: { totalCount: 1 },
  });
  expect(kit.logged).toEqual([]);
});

it("exports, and what the server does by itself, take as long as they take", async () => {
  const headers = { authorization: `Bearer ${await kit.token()}` };
  const exported = await fetch(`${kit.url}/export/runs/${run.number}/candidates.zip`, { headers });
  expect(exported.status).toBe(200);
  expect((await exported.arrayBuffer()).byteLength).toBeGreaterThan(0);
  const { rows } = await kit.server.engine.pool.query(`SHOW statement_timeout`);
  expect(rows).toEqual([{ statement_timeout: "0" }]);
});
