import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "../src/actor.ts";
import { abortRun } from "../src/commands/abort-run.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { decisionTimes } from "../src/queries/decision-times.ts";
import { type InboxFilter, type InboxPlace, inboxPage, whyNotDecide } from "../src/queries/inbox.ts";
import type { DecisionPolicy } from "../src/rules/decision-policy.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
  await kit.newPipeline("inbox", [{ gate: "MANUAL", maxChildren: 2 }]);
  await kit.newPipeline("other", [{ gate: "MANUAL", maxChildren: 2 }]);
});
afterAll(() => kit[Symbol.asyncDispose]());
beforeEach(async () => {
  const waiting = await kit.db.many<{ runId: number }>(
    `SELECT DISTINCT pipeline_run_id AS "runId" FROM approvals WHERE status = 'PENDING'`,
  );
  for (const { runId } of waiting) await abortRun(kit.engine, kit.actor, { runId });
});

interface Waiting {
  readonly runId: number;
  readonly runStepId: number;
  readonly approvalId: number;
}

/** A gate that has waited for so many minutes. */
async function waiting(
  minutes: number,
  set: { stalled?: boolean; pipeline?: string; policy?: DecisionPolicy; by?: Actor } = {},
): Promise<Waiting> {
  const runId = await kit.newRun([], { pipeline: set.pipeline ?? "inbox" });
  const { id: runStepId } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  await kit.db.query(`UPDATE pipeline_run_steps SET policy = $2 WHERE id = $1`, [
    runStepId,
    JSON.stringify(set.policy ?? {}),
  ]);
  if (set.by) await kit.db.query(`UPDATE pipeline_runs SET created_by_id = $2 WHERE id = $1`, [runId, set.by.id]);
  const { id: approvalId } = await kit.db.one<{ id: number }>(
    `UPDATE approvals SET requested_at = now() - make_interval(mins => $2), stalled = $3
     WHERE pipeline_run_step_id = $1 RETURNING id`,
    [runStepId, minutes, set.stalled ?? false],
  );
  return { runId, runStepId, approvalId };
}

const everything: InboxFilter = { includeAll: false, mineToDecide: false, stalledOnly: false, pipeline: null };

async function listed(filter: Partial<InboxFilter> = {}, actor = kit.actor): Promise<number[]> {
  const page = await inboxPage(kit.engine, actor, { ...everything, ...filter }, { first: 100, after: null });
  expect(page.totalCount).toBe(page.places.length);
  return page.places.map(({ id }) => id);
}

const ids = (...gates: readonly Waiting[]): number[] => gates.map(({ approvalId }) => approvalId);

describe("the order", () => {
  it("is what has stalled, then the longest wait", async () => {
    const young = await waiting(5);
    const old = await waiting(50);
    const stalled = await waiting(30, { stalled: true });
    const longStalled = await waiting(40, { stalled: true });
    expect(await listed()).toEqual(ids(longStalled, stalled, old, young));
    expect(await listed({ stalledOnly: true })).toEqual(ids(longStalled, stalled));
  });

  it("is one of its own where gates were asked for in the same moment", async () => {
    const gates = [await waiting(5), await waiting(5), await waiting(5)];
    await kit.db.query(`UPDATE approvals SET requested_at = '2026-01-01' WHERE id = ANY($1)`, [ids(...gates)]);
    expect(await listed()).toEqual(ids(...gates));
  });

  it("holds what is decided by its request's time, stalled or not, once all are asked for", async () => {
    const decided = await waiting(5, { stalled: true });
    await kit.approve(decided.runId, 1, 1);
    await kit.db.query(`UPDATE approvals SET stalled = true WHERE id = $1`, [decided.approvalId]);
    const open = await waiting(50);
    expect(await listed()).toEqual(ids(open));
    const all = (await listed({ includeAll: true })).filter((id) => ids(decided, open).includes(id));
    expect(all).toEqual(ids(open, decided));
    expect(await listed({ includeAll: true, stalledOnly: true })).toEqual([]);
  });
});

describe("pages", () => {
  const pageAfter = (after: InboxPlace | null, first = 2) =>
    inboxPage(kit.engine, kit.actor, everything, { first, after });

  it("follow each other without a gap or a repetition", async () => {
    const gates = [
      await waiting(90, { stalled: true }),
      await waiting(80, { stalled: true }),
      await waiting(70, { stalled: true }),
      await waiting(60),
      await waiting(60),
    ];
    const seen: number[] = [];
    let after: InboxPlace | null = null;
    for (let more = true; more; ) {
      const page = await pageAfter(after);
      expect(page.totalCount).toBe(5);
      seen.push(...page.places.map(({ id }) => id));
      after = page.places.at(-1)!;
      more = page.hasNextPage;
    }
    expect(seen).toEqual(ids(...gates));
  });

  it("F11: leave nothing out when the row that they go on from is decided, or stalls, meanwhile", async () => {
    const [first, second, third, fourth] = [await waiting(40), await waiting(30), await waiting(20), await waiting(10)];
    const page = await pageAfter(null);
    expect(page.places.map(({ id }) => id)).toEqual(ids(first, second));
    await kit.approve(second.runId, 1, 1);
    const next = await pageAfter(page.places.at(-1)!);
    expect(next).toMatchObject({ totalCount: 3, hasNextPage: false });
    expect(next.places.map(({ id }) => id)).toEqual(ids(third, fourth));

    await kit.db.query(`UPDATE approvals SET stalled = true WHERE id = $1`, [third.approvalId]);
    const after = await pageAfter(next.places[0]!);
    expect(after.places.map(({ id }) => id)).toEqual(ids(fourth));
  });
});

describe("filters", () => {
  it("by the pipeline's name, whatever its version", async () => {
    const mine = await waiting(5);
    await waiting(5, { pipeline: "other" });
    expect(await listed({ pipeline: "inbox" })).toEqual(ids(mine));
    expect(await listed({ pipeline: "nothing" })).toEqual([]);
  });

  it("G12: mine to decide is what the one rule lets each role and person decide", async () => {
    const people = {
      viewer: await kit.newActor("vera", "VIEWER"),
      voter: await kit.newActor("vito", "VOTER"),
      approver: await kit.newActor("anna", "APPROVER"),
      named: await kit.newActor("nina", "APPROVER"),
      operator: await kit.newActor("olga", "OPERATOR"),
      owner: await kit.newActor("oscar", "OWNER"),
    };
    const open = await waiting(50);
    const forOperators = await waiting(40, { policy: { approvers: { roles: ["OPERATOR"], people: [] } } });
    const forNina = await waiting(30, { policy: { approvers: { roles: [], people: ["nina"] } } });
    const notByCreator = await waiting(20, { policy: { excludeCreator: true }, by: people.operator });
    const mine = (actor: Actor) => listed({ mineToDecide: true }, actor);

    expect(await mine(people.viewer)).toEqual([]);
    expect(await mine(people.voter)).toEqual([]);
    expect(await mine(people.approver)).toEqual(ids(open, notByCreator));
    expect(await mine(people.named)).toEqual(ids(open, forNina, notByCreator));
    expect(await mine(people.operator)).toEqual(ids(open, forOperators));
    expect(await mine(people.owner)).toEqual(ids(open, forOperators, notByCreator));
    // A key narrows what its person may do.
    expect(await mine({ ...people.owner, scopes: ["VIEW", "VOTE"] })).toEqual([]);
    // A list of all that was ever asked holds nothing that is decided when it is to be mine.
    expect(await listed({ mineToDecide: true, includeAll: true }, people.approver)).toEqual(ids(open, notByCreator));

    const reasons = await whyNotDecide(kit.engine, people.approver, ids(open, forOperators, forNina, notByCreator));
    expect([...reasons.values()].map((reason) => reason === null).sort()).toEqual([false, false, true, true]);
    expect(reasons.get(forNina.approvalId)).toContain("anna is not among those who may decide this gate.");
    await kit.approve(open.runId, 1, 1);
    const decided = await whyNotDecide(kit.engine, people.owner, ids(open));
    expect(decided.get(open.approvalId)).toBe("It is approved, and decisions are final.");
  });

  it("takes as many statements for many sign-offs as for one", async () => {
    const signed = async () => {
      const { runStepId } = await waiting(1, { policy: { quorum: 2 } });
      await approveStep(kit.engine, kit.actor, { runStepId });
    };
    const statements = async (): Promise<number> => {
      const query = vi.spyOn(kit.pool, "query");
      try {
        expect(await listed({ mineToDecide: true })).toEqual([]);
        // The event tail asks for news by itself, whenever it likes.
        return query.mock.calls.filter((call) => !JSON.stringify(call).includes("FROM run_events")).length;
      } finally {
        query.mockRestore();
      }
    };
    await signed();
    const forOne = await statements();
    expect(forOne).toBeGreaterThan(1);
    await signed();
    await signed();
    expect(await statements()).toBe(forOne);
  });

  it("leaves out what somebody has signed off, for as long as the cut is the same", async () => {
    const anna = await kit.newActor("anna", "APPROVER");
    const bert = await kit.newActor("bert", "APPROVER");
    const joint = await waiting(5, { policy: { quorum: 2 } });
    const [one, two] = await kit.rate(joint.runId, 1, [1_100, 1_000]);
    await approveStep(kit.engine, anna, { runStepId: joint.runStepId, topK: 1 });
    expect(await listed({ mineToDecide: true }, anna)).toEqual([]);
    expect(await listed({ mineToDecide: true }, bert)).toEqual(ids(joint));
    expect(await listed()).toEqual(ids(joint));
    await kit.db.query(`UPDATE candidates SET elo = $2 WHERE id = $1`, [two!.id, 1_200]);
    expect(await listed({ mineToDecide: true }, anna)).toEqual(ids(joint));
    await kit.db.query(`UPDATE candidates SET elo = $2 WHERE id = $1`, [one!.id, 1_300]);
    expect(await listed({ mineToDecide: true }, anna)).toEqual([]);
  });
});

it("decision times: of people, per step, person and way; policies and unasked decisions apart", async () => {
  const since = new Date();
  const gina = await kit.newActor("gina", "APPROVER");
  const gates = [await waiting(10), await waiting(20), await waiting(60), await waiting(30, { pipeline: "other" })];
  for (const [place, { runStepId }] of gates.entries()) {
    await approveStep(kit.engine, place === 0 ? gina : kit.actor, { runStepId, topK: 1 });
  }
  const byPolicy = await waiting(500);
  await kit.approve(byPolicy.runId, 1, 1);
  await kit.db.query(`UPDATE approvals SET channel = 'POLICY', decided_by_id = NULL WHERE id = $1`, [
    byPolicy.approvalId,
  ]);
  const unasked = await waiting(1);
  await kit.approve(unasked.runId, 1, 1);
  await kit.db.query(`UPDATE approvals SET requested_at = decided_at WHERE id = $1`, [unasked.approvalId]);
  await waiting(90);

  const times = await decisionTimes(kit.engine, { since, pipeline: null });
  const minutes = (seconds: number | null) => Math.floor((seconds ?? -60) / 60);
  expect(times.count).toBe(4);
  expect([times.medianSeconds, times.p90Seconds, times.longestSeconds].map(minutes)).toEqual([25, 51, 60]);
  expect(
    times.byPipelineStep.map(({ pipeline, position, count, medianSeconds }) => [
      pipeline,
      position,
      count,
      minutes(medianSeconds),
    ]),
  ).toEqual([
    ["other", 1, 1, 30],
    ["inbox", 1, 3, 20],
  ]);
  expect(times.byPerson.map(({ name, count, longestSeconds }) => [name, count, minutes(longestSeconds)])).toEqual([
    ["ada", 3, 60],
    ["gina", 1, 10],
  ]);
  expect(times.byChannel.map(({ channel, count }) => [channel, count])).toEqual([
    ["API", 4],
    ["POLICY", 1],
  ]);
  expect(times.stillWaiting).toBe(1);
  expect(minutes(times.longestWaitingSeconds)).toBe(90);

  // Two days before, as the clock in Greenwich has it.
  await kit.db.query(
    `UPDATE approvals SET requested_at = requested_at - interval '2 days', decided_at = decided_at - interval '2 days' WHERE id = $1`,
    [gates[2]!.approvalId],
  );
  const { byDay } = await decisionTimes(kit.engine, { since: null, pipeline: "inbox" });
  expect(byDay.map(({ decisions, medianSeconds }) => [decisions, minutes(medianSeconds)]).at(0)).toEqual([1, 60]);
  expect(byDay.every(({ day }) => day.toISOString().endsWith("T00:00:00.000Z"))).toBe(true);
  expect(byDay.map(({ day }) => day.getTime())).toEqual(
    byDay.map(({ day }) => day.getTime()).toSorted((a, b) => a - b),
  );
  expect(byDay.length).toBeGreaterThan(1);

  const other = await decisionTimes(kit.engine, { since, pipeline: "other" });
  expect([other.count, other.stillWaiting, other.longestWaitingSeconds]).toEqual([1, 0, null]);
  const none = await decisionTimes(kit.engine, { since: new Date(Date.now() + 60_000), pipeline: null });
  expect(none).toMatchObject({ count: 0, medianSeconds: null, p90Seconds: null, longestSeconds: null, byPerson: [] });
});
