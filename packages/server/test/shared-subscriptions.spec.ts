import { schema } from "@sluice/schema";
import { defaultFieldResolver, type GraphQLObjectType } from "graphql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { overWebSocket, type Reader, subscribe, type Transport } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, newRun, pairsOf, untilStep, vote } from "./kit/steps.ts";
import { type TailWatch, watchTail } from "./kit/watch-tail.ts";

const fieldOf = (type: string, field: string) => (schema.getType(type) as GraphQLObjectType).getFields()[field]!;

let kit: ServerKit;
let tail: TailWatch;
/** How often an approval preview was executed. */
let executions = 0;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  tail = watchTail(kit.server.engine.tail);
  const field = fieldOf("ApprovalPreview", "rankingVersion");
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (...args) => {
    executions += 1;
    return resolve(...args);
  };
});
afterAll(() => kit[Symbol.asyncDispose]());

let stepId: string;
let pairs: (readonly [string, string])[];
beforeEach(async () => {
  const run = await newRun(kit, [
    "{ name: A, type: generate, generator: echo, n: 6, gate: manual, config: { length: 100000 } }",
  ]);
  stepId = run.stepIds[0] as string;
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
  pairs = pairsOf(await candidatesOf(kit, stepId));
});

/** All readers of a test, which must leave nothing behind when they are gone. */
const opened: Reader<unknown>[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((reader) => reader.leave()));
  await tail.untilSilent();
});
function noted<R extends Reader<unknown>>(reader: R): R {
  opened.push(reader);
  return reader;
}

interface Preview {
  readonly approvalPreview: { readonly rankingVersion: number };
}
const PREVIEW =
  "subscription Preview($stepId: ID!, $topK: Int) { approvalPreview(stepId: $stepId, topK: $topK) { rankingVersion } }";

const transports: Transport[] = ["websocket", "sse"];
const join = async (transport: Transport, variables: object = {}, as = "ada"): Promise<Reader<Preview>> =>
  noted(await subscribe<Preview>(kit, transport, PREVIEW, { stepId, ...variables }, { as }));
const untilVersion = (reader: Reader<Preview>, version: number): Promise<Preview[]> =>
  reader.until(({ approvalPreview }) => approvalPreview.rankingVersion >= version);
const castVote = () => vote(kit, pairs.shift() as [string, string]);

/** Executions that `count` readers, who have their first value, cause with one vote. */
async function executionsOfOneVote(readers: readonly Reader<Preview>[]): Promise<number> {
  const values = await Promise.all(readers.map((reader) => reader.next()));
  const version = Math.max(...values.map(({ approvalPreview }) => approvalPreview.rankingVersion));
  executions = 0;
  await castVote();
  await Promise.all(readers.map((reader) => untilVersion(reader, version + 1)));
  return executions;
}

describe("identical subscriptions", () => {
  it("are executed once, whoever asks and over whatever transport", async () => {
    const readers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => join(transports[i % 2] as Transport, {}, `reader ${i % 3}`)),
    );
    expect(await executionsOfOneVote(readers)).toBe(1);
    expect(tail.listening).toBe(1);
  });

  it("are those with the same variables, rights and text", async () => {
    const readers = await Promise.all([
      join("websocket"),
      join("websocket", { topK: 2 }),
      join("sse", { topK: 2 }),
      subscribe<Preview>(kit, "sse", `${PREVIEW} `, { stepId }).then(noted),
    ]);
    expect(await executionsOfOneVote(readers)).toBe(3);
  });

  it("are one for each person where something that is selected depends on the person", async () => {
    const personal = `subscription { approvalChanged { run { id } step { id votingProgress { yourVotes } } } }`;
    interface Changed {
      readonly approvalChanged: {
        readonly run: { readonly id: string };
        readonly step: { readonly id: string; readonly votingProgress: { readonly yourVotes: number } };
      };
    }
    const readers: Reader<Changed>[] = [];
    for (const as of ["ada", "ada", "grace", "grace"]) {
      const begun = tail.nextListener();
      readers.push(noted(await subscribe<Changed>(kit, "websocket", personal, {}, { as })));
      await begun;
    }
    await castVote();
    await kit.graphql(`mutation ($id: ID!) { approveStep(input: { stepId: $id }) { __typename } }`, { id: stepId });
    const votes = await Promise.all(
      readers.map(async (reader) => {
        const values = await reader.until(({ approvalChanged }) => approvalChanged.step.id === stepId);
        return values.at(-1)?.approvalChanged.step.votingProgress.yourVotes;
      }),
    );
    expect(votes).toEqual([1, 1, 0, 0]);
    expect(tail.listening).toBe(2);
  });

  it("fail, rather than show one person's to another, where a field forgets to say that it depends on the person", async () => {
    const field = fieldOf("RunStep", "votingProgress");
    const { extensions } = field;
    field.extensions = {};
    try {
      const begun = tail.nextListener();
      await using reader = await subscribe<unknown>(
        kit,
        "websocket",
        "subscription Forgetful { approvalChanged { id step { votingProgress { yourVotes } } } }",
      );
      const result = reader.result();
      await begun;
      await kit.graphql(`mutation ($id: ID!) { approveStep(input: { stepId: $id }) { __typename } }`, { id: stepId });
      const { value } = await result;
      expect(value?.errors?.[0]?.extensions?.code).toBe("INTERNAL_SERVER_ERROR");
      expect(kit.logged.join()).toContain("VIEWER_SPECIFIC");
    } finally {
      field.extensions = extensions;
    }
    await tail.untilSilent();
  });

  it("show whoever joins the value of that moment at once", async () => {
    const first = await join("websocket");
    await first.next();
    const late = await join("sse");
    const { approvalPreview } = await late.next();
    expect(approvalPreview).toEqual(
      (
        await kit.graphql<{ node: { approvalPreview: object } }>(
          `query ($id: ID!) { node(id: $id) { ... on RunStep { approvalPreview { rankingVersion } } } }`,
          { id: stepId },
        )
      ).node.approvalPreview,
    );
  });

  it("go on for those who stay, end with the last who leaves, and begin anew with the next", async () => {
    const readers = await Promise.all([join("websocket"), join("sse"), join("websocket")]);
    const [first, second, third] = readers as [Reader<Preview>, Reader<Preview>, Reader<Preview>];
    expect(await executionsOfOneVote(readers)).toBe(1);
    await first.cut();
    await second.leave();
    await castVote();
    await third.next();
    expect(tail.listening).toBe(1);
    await third.leave();
    await tail.untilSilent();
    const again = await join("sse");
    await again.next();
  });

  it("are not held up by a reader that has stopped reading, who gets the newest when it goes on", async () => {
    const texts = `subscription ($stepId: ID!) { approvalPreview(stepId: $stepId) { rankingVersion ranked { candidate { text } } } }`;
    const slow = noted(await overWebSocket<Preview>(kit, texts, { stepId }));
    const quick = noted(await subscribe<Preview>(kit, "websocket", texts, { stepId }));
    let version = (await slow.next()).approvalPreview.rankingVersion;
    slow.socket.pause();
    for (const as of ["ada", "grace", "edsger", "barbara"]) {
      for (const pair of pairs) {
        await vote(kit, pair, { as });
        version += 1;
        await untilVersion(quick, version);
      }
    }
    slow.socket.resume();
    // 60 values of 0.6 MB each were pushed; those that the sockets' own buffers did not take were replaced by newer ones.
    expect((await untilVersion(slow, version)).length).toBeLessThan(40);
  });
});

it("logged nothing else as an error", () => {
  expect(kit.logged.filter((line) => !line.includes("VIEWER_SPECIFIC"))).toEqual([]);
});
