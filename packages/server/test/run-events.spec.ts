import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { overWebSocket, type Reader, subscribe, type Transport } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, type NewRun, newRun, pairsOf, untilStep, vote } from "./kit/steps.ts";
import { type TailWatch, watchTail } from "./kit/watch-tail.ts";

interface Batch {
  readonly runEvents: {
    readonly events: readonly { readonly seq: number; readonly type: string }[];
    readonly cursor: string;
    readonly hasMore: boolean;
  };
}

const EVENTS = `subscription ($runId: ID!, $after: String) {
  runEvents(runId: $runId, after: $after) { cursor hasMore events { __typename seq type } } }`;

let kit: ServerKit;
let tail: TailWatch;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  tail = watchTail(kit.server.engine.tail);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** A run whose first step waits for approval, with so many candidates. */
async function waitingRun(candidates: number, config = "{}"): Promise<NewRun & { readonly candidates: string[] }> {
  const step = (name: string) =>
    `{ name: ${name}, type: generate, generator: echo, n: ${candidates}, gate: manual, config: ${config} }`;
  const run = await newRun(kit, [step("First"), step("Second")]);
  const [first] = run.stepIds;
  await untilStep(kit, first as string, "AWAITING_APPROVAL");
  return { ...run, candidates: await candidatesOf(kit, first as string) };
}

async function eventCursor(runId: string): Promise<number> {
  const { run } = await kit.graphql<{ run: { eventCursor: string } }>(
    `query ($id: ID!) { run(id: $id) { eventCursor } }`,
    { id: runId },
  );
  return Number(run.eventCursor);
}

const events = (transport: Transport, runId: string, after: string | null = null): Promise<Reader<Batch>> =>
  subscribe<Batch>(kit, transport, EVENTS, { runId, after });
const seqsOf = (batches: readonly Batch[]): number[] =>
  batches.flatMap(({ runEvents }) => runEvents.events.map(({ seq }) => seq));
const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe.each<Transport>(["websocket", "sse"])("runEvents over %s", (transport) => {
  it("replays from the first event, then follows", async () => {
    const run = await waitingRun(4);
    await using reader = await events(transport, run.id);
    const last = await eventCursor(run.id);
    expect(seqsOf(await reader.until(({ runEvents }) => Number(runEvents.cursor) === last))).toEqual(upTo(last));

    const [pair] = pairsOf(run.candidates);
    await vote(kit, pair as [string, string]);
    const { runEvents } = await reader.next();
    expect(runEvents.events[0]).toEqual({ __typename: "VoteEvent", seq: last + 1, type: "vote_cast" });
  });

  it("begins behind the cursor that it is given, without a replay", async () => {
    const run = await waitingRun(3);
    const last = await eventCursor(run.id);
    await using middle = await events(transport, run.id, String(last - 2));
    expect(seqsOf(await middle.until(({ runEvents }) => Number(runEvents.cursor) === last))).toEqual([last - 1, last]);
  });

  it("gives every event once and in order, however often the connection is cut", async () => {
    const run = await waitingRun(12);
    // A vote is one event, and nothing else happens to a run that waits.
    const last = (await eventCursor(run.id)) + 2 * pairsOf(run.candidates).length;
    const producing = Promise.all(
      ["ada", "grace"].map(async (as) => {
        for (const pair of pairsOf(run.candidates)) await vote(kit, pair, { as });
      }),
    );
    const received: Batch[] = [];
    let connections = 0;
    for (let cursor = 0; cursor < last; connections += 1) {
      const reader = await events(transport, run.id, String(cursor));
      for (let batches = 0; batches < 1 + (connections % 4) && cursor < last; batches += 1) {
        const batch = await reader.next();
        received.push(batch);
        cursor = Number(batch.runEvents.cursor);
      }
      await reader.cut();
    }
    await producing;
    expect(seqsOf(received)).toEqual(upTo(last));
    expect(connections).toBeGreaterThan(5);
    await tail.untilSilent();
  });

  it("pages a long replay, and says that more is there", async () => {
    const run = await waitingRun(12);
    for (const as of ["ada", "grace", "edsger"]) {
      await Promise.all(pairsOf(run.candidates).map((pair) => vote(kit, pair, { as })));
    }
    const last = await eventCursor(run.id);
    expect(last).toBeGreaterThan(200);
    await using reader = await events(transport, run.id);
    const batches = await reader.until(({ runEvents }) => !runEvents.hasMore);
    expect(batches.map(({ runEvents }) => runEvents.events.length)).toEqual([200, last - 200]);
    expect(seqsOf(batches)).toEqual(upTo(last));
  });

  it.each([
    ["no cursor", "abc", "BAD_CURSOR"],
    ["a negative one", "-1", "BAD_CURSOR"],
    ["one with a fraction", "1.5", "BAD_CURSOR"],
    ["one ahead of the run", "900000000", "BAD_CURSOR"],
  ])("refuses %s", async (_what, after, code) => {
    const run = await newRun(kit, ["{ name: A, type: generate, generator: echo }"]);
    await using reader = await events(transport, run.id, after);
    const { value } = await reader.result();
    expect(value?.errors?.[0]?.extensions).toEqual({ code });
    expect((await reader.result()).done).toBe(true);
  });

  it.each(["x", "", "UnVuOjk5OTk5", "UnVuU3RlcDox"])("says that there is no run %j", async (runId) => {
    await using reader = await events(transport, runId);
    const { value } = await reader.result();
    expect(value?.errors?.[0]).toMatchObject({ message: "There is no such run.", extensions: { code: "NOT_FOUND" } });
  });

  it.each(["leave", "cut"] as const)("lets go of the tail at once when the reader does %s", async (way) => {
    const run = await waitingRun(2);
    await tail.untilSilent();
    const readers = await Promise.all(upTo(5).map(() => events(transport, run.id)));
    await Promise.all(readers.map((reader) => reader.next()));
    expect(tail.listening).toBe(5);
    // No event follows: what is let go of here does not wait for one.
    await Promise.all(readers.map((reader) => reader[way]()));
    await tail.untilSilent();
  });
});

it("sends a reader that has stopped reading nothing more, and all of it when it goes on", async () => {
  const run = await waitingRun(8, "{ length: 200000 }");
  const texts = `subscription ($runId: ID!) { runEvents(runId: $runId) { cursor hasMore
    events { seq type ... on VoteEvent { left { text } right { text } } } } }`;
  const reader = await overWebSocket<Batch>(kit, texts, { runId: run.id });
  await reader.next();
  reader.socket.pause();
  for (const as of ["ada", "grace"]) for (const pair of pairsOf(run.candidates)) await vote(kit, pair, { as });
  const last = await eventCursor(run.id);
  reader.socket.resume();
  const batches = await reader.until(({ runEvents }) => Number(runEvents.cursor) === last);
  expect(seqsOf(batches)).toEqual(upTo(last).slice(-seqsOf(batches).length));
  // 56 votes were pushed at 0.4 MB each; what the sockets' own buffers did not take was read only now, together.
  expect(batches.length).toBeLessThan(30);
  await reader.leave();
  await tail.untilSilent();
});

it("pages events over queries too, in order, with a cursor", async () => {
  const run = await waitingRun(3);
  const last = await eventCursor(run.id);
  const seqs: number[] = [];
  for (let after = "0", more = true; more; ) {
    const { run: read } = await kit.graphql<{ run: { events: Batch["runEvents"] } }>(
      `query ($id: ID!, $after: String) { run(id: $id) { events(after: $after, first: 4) { cursor hasMore events { seq } } } }`,
      { id: run.id, after },
    );
    seqs.push(...read.events.events.map(({ seq }) => seq));
    ({ cursor: after, hasMore: more } = read.events);
  }
  expect(seqs).toEqual(upTo(last));
});

it("names who did something by the name of then, and whom that name meant, whoever has it now", async () => {
  const run = await waitingRun(3);
  const person = { role: "VOTER", kind: "PERSON" } as const;
  await kit.token("nora", person);
  const [first, second] = pairsOf(run.candidates);
  await vote(kit, first!, { as: "nora" });
  const { viewer } = await kit.graphql<{ viewer: { id: string } }>("{ viewer { id } }", {}, { as: "nora" });
  const rename = `mutation ($input: RenamePersonInput!) { renamePerson(input: $input) { __typename } }`;
  await kit.graphql(rename, { input: { personId: viewer.id, name: "eleonora" } });
  await vote(kit, second!, { as: "nora" });
  await kit.db.query(`INSERT INTO actors (name, name_key, role) VALUES ('nora', 'nora', 'OWNER')`);
  const { run: read } = await kit.graphql<{ run: { events: { events: { type: string; actor: object | null }[] } } }>(
    "query ($id: ID!) { run(id: $id) { events(first: 100) { events { type actor { id name role kind deactivatedAt } } } } }",
    { id: run.id },
  );
  const her = { id: viewer.id, ...person, deactivatedAt: null };
  expect(read.events.events.filter(({ type }) => type === "vote_cast").map(({ actor }) => actor)).toEqual([
    { ...her, name: "nora" },
    { ...her, name: "eleonora" },
  ]);
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});
