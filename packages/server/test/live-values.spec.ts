import { changes, checkStalls } from "@sluice/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { type Reader, subscribe, type Transport } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, type NewRun, newRun, untilStep, vote } from "./kit/steps.ts";
import { type TailWatch, watchTail } from "./kit/watch-tail.ts";

let kit: ServerKit;
let tail: TailWatch;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  tail = watchTail(kit.server.engine.tail);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Subscribes, and waits until the server listens. */
async function listening<T>(transport: Transport, query: string): Promise<Reader<T>> {
  const begun = tail.nextListener();
  const reader = await subscribe<T>(kit, transport, query);
  await begun;
  return reader;
}

const STEPS = ["First", "Second"].map(
  (name) => `{ name: ${name}, type: generate, generator: echo, n: 3, k: 2, gate: manual }`,
);

async function waitingRun(): Promise<NewRun & { readonly first: string; readonly second: string }> {
  const run = await newRun(kit, STEPS);
  const [first, second] = run.stepIds as [string, string];
  await untilStep(kit, first, "AWAITING_APPROVAL");
  return { ...run, first, second };
}

interface Preview {
  readonly approvalPreview: {
    readonly rankingVersion: number;
    readonly ranked: readonly { readonly candidate: { readonly id: string; readonly voteCount: number } }[];
    readonly blockers: readonly string[];
    readonly canApprove: boolean;
  };
}
const PREVIEW = `subscription ($stepId: ID!, $topK: Int) { approvalPreview(stepId: $stepId, topK: $topK) {
  rankingVersion canApprove blockers ranked { candidate { id voteCount } } } }`;

const approve = (stepId: string) =>
  kit.graphql<{ approveStep: { __typename: string } }>(
    `mutation ($stepId: ID!) { approveStep(input: { stepId: $stepId }) { __typename ... on Error { message } } }`,
    { stepId },
  );

describe.each<Transport>(["websocket", "sse"])("live values over %s", (transport) => {
  it("approvalPreview: its value now, and anew with votes, rejections, the decision and arrivals", async () => {
    const { first, second } = await waitingRun();
    await using preview = await subscribe<Preview>(kit, transport, PREVIEW, { stepId: first });
    await using next = await subscribe<Preview>(kit, transport, PREVIEW, { stepId: second });
    const { approvalPreview: now } = await preview.next();
    expect(now).toMatchObject({ canApprove: true, blockers: [] });
    expect(now.ranked).toHaveLength(3);
    expect((await next.next()).approvalPreview).toMatchObject({ canApprove: false, ranked: [] });

    const [one, two, three] = (await candidatesOf(kit, first)) as [string, string, string];
    await vote(kit, [three, two]);
    const voted = (
      await preview.until(({ approvalPreview }) => approvalPreview.rankingVersion > now.rankingVersion)
    ).at(-1);
    expect(voted?.approvalPreview.ranked.map(({ candidate }) => candidate)).toEqual([
      { id: three, voteCount: 1 },
      { id: one, voteCount: 0 },
      { id: two, voteCount: 1 },
    ]);

    await kit.graphql(
      `mutation ($candidateId: ID!) { rejectCandidate(input: { candidateId: $candidateId, replace: false }) { __typename } }`,
      { candidateId: two },
    );
    await preview.until(({ approvalPreview }) => approvalPreview.ranked.length === 2);

    expect((await approve(first)).approveStep.__typename).toBe("ApproveStepSuccess");
    const decided = (await preview.until(({ approvalPreview }) => !approvalPreview.canApprove)).at(-1);
    expect(decided?.approvalPreview.blockers).toContain(
      "Approvals cannot be reverted. Create new run for different configuration.",
    );
    await next.until(({ approvalPreview }) => approvalPreview.ranked.length === 6 && approvalPreview.canApprove);
  });

  it("approvalPreview: is not worked out again for how far a job is", async () => {
    const run = await waitingRun();
    const [one, two, three] = (await candidatesOf(kit, run.first)) as [string, string, string];
    const seen = changes(kit.server.engine.tail, ({ runId, type }) => (runId === run.number ? [type] : []));
    const untilTold = async (type: string) => {
      while (!(await seen.next()).value?.includes(type)) {}
    };
    await seen.ready;
    await using preview = await subscribe<Preview>(kit, transport, PREVIEW, { stepId: run.first });
    const untilVotes = (votes: number) =>
      preview.until(({ approvalPreview: { ranked } }) => ranked.some(({ candidate }) => candidate.voteCount === votes));
    await vote(kit, [one, two]);
    await Promise.all([untilTold("vote_cast"), untilVotes(1)]);
    for (let time = 0; time < 20; time++) {
      await kit.db.query(
        `WITH run AS (UPDATE pipeline_runs SET event_seq = event_seq + 1 WHERE id = $1 RETURNING id, event_seq)
         INSERT INTO run_events (pipeline_run_id, seq, type, data)
         SELECT id, event_seq, 'job_progressed', jsonb_build_object('runStepId', 0, 'jobId', 0) FROM run`,
        [run.number],
      );
      await untilTold("job_progressed");
    }
    await vote(kit, [one, three]);
    // The last vote's, and what is left of the vote before.
    expect((await untilVotes(2)).length).toBeLessThan(5);
    await seen.return?.();
  });

  it("approvalPreview: says that there is no such step", async () => {
    await using reader = await subscribe<Preview>(kit, transport, PREVIEW, { stepId: "nothing" });
    const { value } = await reader.result();
    expect(value?.errors?.[0]).toMatchObject({ message: "There is no such step.", extensions: { code: "NOT_FOUND" } });
    expect((await reader.result()).done).toBe(true);
  });

  it("approvalChanged: each approval when it is requested, decided or cancelled", async () => {
    interface Changed {
      readonly approvalChanged: { readonly status: string; readonly run: { readonly id: string } };
    }
    await using reader = await listening<Changed>(
      transport,
      "subscription { approvalChanged { id status run { id } step { position } } }",
    );
    const statusOf = async (runId: string, status: string) =>
      await reader.until(({ approvalChanged: { run, ...each } }) => run.id === runId && each.status === status);

    const granted = await waitingRun();
    await statusOf(granted.id, "PENDING");
    await approve(granted.first);
    await statusOf(granted.id, "APPROVED");
    const rejected = await waitingRun();
    await kit.graphql(`mutation ($id: ID!) { rejectStep(input: { stepId: $id }) { __typename } }`, {
      id: rejected.first,
    });
    await statusOf(rejected.id, "REJECTED");
    const aborted = await waitingRun();
    await kit.graphql(`mutation ($id: ID!) { abortRun(input: { runId: $id }) { __typename } }`, { id: aborted.id });
    await statusOf(aborted.id, "CANCELLED");
  });

  it("alertChanged: L1, L2: when an alert is raised, and when it resolves itself", async () => {
    interface Changed {
      readonly alertChanged: {
        readonly kind: string;
        readonly resolvedAt: string | null;
        readonly run: { readonly id: string };
      };
    }
    await using reader = await listening<Changed>(
      transport,
      "subscription { alertChanged { kind resolvedAt run { id } message } }",
    );
    const run = await waitingRun();
    await checkStalls(kit.server.engine, new Date(Date.now() + 25 * 3_600_000));
    const ours = ({ alertChanged }: Changed) => alertChanged.run.id === run.id;
    const raised = (await reader.until(ours)).at(-1);
    expect(raised?.alertChanged).toMatchObject({ kind: "APPROVAL_STALLED", resolvedAt: null });
    await approve(run.first);
    await reader.until((value) => ours(value) && value.alertChanged.resolvedAt !== null);
  });

  it("runsChanged: every run whose status or steps changed, new ones included", async () => {
    interface Changed {
      readonly runsChanged: { readonly id: string; readonly status: string };
    }
    await using reader = await listening<Changed>(transport, "subscription { runsChanged { id status } }");
    const run = await waitingRun();
    await reader.until(({ runsChanged }) => runsChanged.id === run.id && runsChanged.status === "WAITING_FOR_APPROVAL");
    await kit.graphql(`mutation ($id: ID!) { abortRun(input: { runId: $id }) { __typename } }`, { id: run.id });
    await reader.until(({ runsChanged }) => runsChanged.id === run.id && runsChanged.status === "ABORTED");
  });
});

it("shows subscribers of one server what another one on the same database has written", async () => {
  const { first } = await waitingRun();
  const other = await kit.another();
  await using ours = await subscribe<Preview>(kit, "websocket", PREVIEW, { stepId: first });
  await using theirs = await subscribe<Preview>(kit, "sse", PREVIEW, { stepId: first }, { url: other.url });
  const before = (await ours.next()).approvalPreview.rankingVersion;
  await theirs.next();
  const [left, right] = (await candidatesOf(kit, first)) as [string, string];
  await vote(kit, [left, right]);
  for (const reader of [ours, theirs]) {
    const values = await reader.until(({ approvalPreview }) => approvalPreview.rankingVersion > before);
    expect(values.at(-1)?.approvalPreview.ranked[0]?.candidate).toEqual({ id: left, voteCount: 1 });
  }
});

it("leaves no listener behind", async () => {
  await tail.untilSilent();
  expect(kit.logged).toEqual([]);
});
