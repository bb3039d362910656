/**
 * How long from a commit to its push. Run: `node bench/src/live-delivery.ts [votes]`.
 *
 * The clock starts when the writer knows that its transaction is committed and stops when the subscriber, on a real
 * WebSocket, has the frame. Votes are cast one after the other, each once the last one has arrived everywhere, so
 * nothing waits behind anything else. One server writes, and is woken by itself; another one on the same database
 * finds out from its tail, every 15 ms. Below stands the floor: how long the row takes to be seen by a connection that
 * does nothing but ask for it. It keeps a core busy, so it is measured in a round of its own, between the others.
 */
import { type Actor, approveStep, changes, checkStalls, createRun } from "@sluice/engine";
import { type Arrivals, polled, pushed } from "./live/arrivals.ts";
import { HEADER, row } from "./live/quantiles.ts";
import { setStage } from "./live/stage.ts";

const votes = Number(process.argv[2] ?? 300);
const ROUND = 50;

await using stage = await setStage();
const { engine } = stage.server;
const encode = (type: string, id: number): string => Buffer.from(`${type}:${id}`).toString("base64");

async function newActor(name: string): Promise<Actor> {
  const { rows } = await stage.pool.query<{ id: number }>("INSERT INTO actors (name) VALUES ($1) RETURNING id", [name]);
  return { id: rows[0]!.id, name, role: "OWNER", scopes: null, channel: "API" };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const seen = changes(engine.tail, () => [true]);
  await seen.ready;
  while (!(await holds())) await seen.next();
  await seen.return?.();
}

async function waitingRun(pipeline: string, actor: Actor): Promise<{ runId: number; stepId: number }> {
  const { runId } = await createRun(engine, actor, { pipeline, prompt: "a benchmark" });
  const step = async () =>
    (
      await stage.pool.query<{ id: number; status: string }>(
        "SELECT id, status FROM pipeline_run_steps WHERE pipeline_run_id = $1",
        [runId],
      )
    ).rows[0]!;
  await until(async () => (await step()).status === "AWAITING_APPROVAL");
  return { runId, stepId: (await step()).id };
}

/** Milliseconds from `commit`'s return to each arrival. */
async function measure(
  times: Map<string, number[]>,
  arrivals: readonly Arrivals[],
  commit: () => Promise<(arrival: Arrivals) => number>,
): Promise<void> {
  const wanted = await commit();
  const committed = performance.now();
  const when = await Promise.all(arrivals.map((arrival) => arrival.at(wanted(arrival))));
  for (const [index, arrival] of arrivals.entries()) {
    const all = times.get(arrival.name) ?? [];
    all.push(Math.max(0, when[index]! - committed));
    times.set(arrival.name, all);
  }
}

async function measureVotes(): Promise<Map<string, number[]>> {
  const { runId, stepId } = await waitingRun("Voting", await newActor("starter"));
  const { rows: candidates } = await stage.pool.query<{ id: number }>(
    "SELECT id FROM candidates WHERE pipeline_run_step_id = $1 ORDER BY id",
    [stepId],
  );
  const pairs = candidates.flatMap(({ id }, index) =>
    candidates.slice(index + 1).map((right) => [id, right.id] as const),
  );
  const { rows } = await stage.pool.query<{ seq: number; version: number }>(
    `SELECT r.event_seq AS seq, rs.ranking_version AS version FROM pipeline_runs r
     JOIN pipeline_run_steps rs ON rs.pipeline_run_id = r.id WHERE r.id = $1`,
    [runId],
  );
  let { seq, version } = rows[0]!;

  const servers = [
    ["the writer's server", stage.server.url],
    ["another server", stage.other.url],
  ] as const;
  const live = servers.flatMap(([name, url]) => {
    const client = stage.socket(url);
    return [
      pushed<{ approvalPreview: { rankingVersion: number } }>(
        `approvalPreview, ${name}`,
        client,
        "subscription ($id: ID!) { approvalPreview(stepId: $id) { rankingVersion ranked { candidate { id elo } } } }",
        { id: encode("RunStep", stepId) },
        ({ approvalPreview }) => approvalPreview.rankingVersion,
      ),
      pushed<{ runEvents: { cursor: string } }>(
        `runEvents, ${name}`,
        client,
        `subscription ($id: ID!) { runEvents(runId: $id) { cursor events { seq type ... on VoteEvent { left { id elo } right { id elo } } } } }`,
        { id: encode("Run", runId) },
        ({ runEvents }) => Number(runEvents.cursor),
      ),
    ];
  });
  const target = ({ name }: Arrivals): number => (name.startsWith("approvalPreview") ? version : seq);
  await Promise.all(live.map((arrival) => arrival.at(target(arrival))));

  const times = new Map<string, number[]>();
  const voters: Actor[] = [];
  for (let vote = 0; vote < 2 * votes; vote += 1) {
    const turn = Math.floor(vote / pairs.length);
    voters[turn] ??= await newActor(`voter ${turn}`);
    const [leftId, rightId] = pairs[vote % pairs.length]!;
    await using floor = vote % (2 * ROUND) < ROUND ? undefined : await polled(stage.url, runId);
    if (floor) await floor.at(seq);
    await measure(times, floor ? [floor] : live, async () => {
      await engine.castVote(voters[turn]!, { leftId, rightId, outcome: "LEFT" });
      seq += 1;
      version += 1;
      return target;
    });
    // The rounds of the floor are pushed too; the next one starts when they have arrived.
    await Promise.all(live.map((arrival) => arrival.at(target(arrival))));
  }
  return times;
}

async function measureDecisions(): Promise<Map<string, number[]>> {
  const actor = await newActor("approver");
  const times = new Map<string, number[]>();
  const query = "subscription { approvalChanged { status run { number } } }";
  type Changed = { approvalChanged: { status: string; run: { number: number } } };
  const numberOf = ({ approvalChanged: { status, run } }: Changed): number => (status === "APPROVED" ? run.number : -1);
  const live = [
    pushed<Changed>("approvalChanged, the writer's server", stage.socket(stage.server.url), query, {}, numberOf),
    pushed<Changed>("approvalChanged, another server", stage.socket(stage.other.url), query, {}, numberOf),
  ];
  for (let decision = 0; decision < votes / 3; decision += 1) {
    const { runId, stepId } = await waitingRun("Deciding", actor);
    await measure(times, live, async () => {
      await approveStep(engine, actor, { runStepId: stepId });
      return () => runId;
    });
  }
  return times;
}

async function measureAlerts(): Promise<Map<string, number[]>> {
  const actor = await newActor("latecomer");
  const times = new Map<string, number[]>();
  const query = "subscription { alertChanged { resolvedAt run { number } } }";
  type Changed = { alertChanged: { resolvedAt: string | null; run: { number: number } } };
  const numberOf = ({ alertChanged: { resolvedAt, run } }: Changed): number => (resolvedAt === null ? run.number : -1);
  const live = [
    pushed<Changed>("alertChanged, the writer's server", stage.socket(stage.server.url), query, {}, numberOf),
    pushed<Changed>("alertChanged, another server", stage.socket(stage.other.url), query, {}, numberOf),
  ];
  for (let alert = 0; alert < votes / 3; alert += 1) {
    const { runId, stepId } = await waitingRun("Deciding", actor);
    await measure(times, live, async () => {
      // As if two days had passed: the gate has waited for longer than it may.
      await checkStalls(engine, new Date(Date.now() + 2 * 86_400_000));
      return () => runId;
    });
    await approveStep(engine, actor, { runStepId: stepId });
  }
  return times;
}

console.log(
  `Milliseconds from commit to the subscriber; ${votes} votes, ${Math.ceil(votes / 3)} decisions and alerts.\n${HEADER}`,
);
for (const times of [await measureVotes(), await measureDecisions(), await measureAlerts()]) {
  for (const [name, all] of times) console.log(row(name, all));
}
