import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acknowledgeAlert } from "../src/commands/acknowledge-alert.ts";
import { checkStalls } from "../src/commands/check-stalls.ts";
import { escalateAlert } from "../src/commands/escalate-alert.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { snoozeAlert } from "../src/commands/snooze-alert.ts";
import { createEngine, type Engine } from "../src/engine.ts";
import {
  type AlertChange,
  alertLogEnd,
  followAlertLog,
  formatAlertCursor,
  isBefore,
  lastAlertChanges,
  parseAlertCursor,
} from "../src/events/alert-log.ts";
import type { DecisionPolicy } from "../src/rules/decision-policy.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

const HOUR = 3_600;
/** A moment so many hours after a run's gate began to wait. */
type Clock = (hours: number) => Date;

interface AlertRow {
  id: number;
  kind: string;
  message: string;
  since: Date;
  raisedAt: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  snoozedUntil: Date | null;
  reminders: number;
  escalatedTo: string[];
  resolvedAt: Date | null;
}

const alertsOf = (runId: number): Promise<AlertRow[]> =>
  kit.db.many(
    `SELECT a.id, a.kind, message, since, raised_at AS "raisedAt", acknowledged_at AS "acknowledgedAt", by.name AS "acknowledgedBy",
       snoozed_until AS "snoozedUntil", reminders, escalated_to AS "escalatedTo", resolved_at AS "resolvedAt"
     FROM alerts a LEFT JOIN actors by ON by.id = a.acknowledged_by_id WHERE pipeline_run_id = $1 ORDER BY a.id`,
    [runId],
  );

/** What happened to a run's alerts, in order, without `alert_`. */
const eventsOf = async (runId: number): Promise<string[]> =>
  (
    await kit.db.many<{ type: string }>(
      `SELECT type FROM run_events WHERE pipeline_run_id = $1 AND type LIKE 'alert\\_%' ORDER BY seq`,
      [runId],
    )
  ).map(({ type }) => type.slice("alert_".length));

/** A run whose first gate waits, with 2 hours allowed. */
async function waitingRun(policy: DecisionPolicy = {}): Promise<{ runId: number; at: Clock }> {
  const runId = await kit.newRun([{ maxChildren: 2, stallAfterSeconds: 2 * HOUR }], { reviewFirstStep: true });
  const step = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  await kit.db.query(`UPDATE pipeline_run_steps SET policy = $2 WHERE id = $1`, [step.id, JSON.stringify(policy)]);
  const { since } = await kit.db.one<{ since: Date }>(
    `SELECT requested_at AS since FROM approvals WHERE pipeline_run_id = $1 AND status = 'PENDING'`,
    [runId],
  );
  return { runId, at: (hours) => new Date(since.getTime() + hours * HOUR * 1_000) };
}

/** The same with its alert raised. */
async function stalledRun(policy: DecisionPolicy = {}) {
  const run = await waitingRun(policy);
  await checkStalls(kit.engine, run.at(2.1));
  const [alert] = await alertsOf(run.runId);
  if (!alert) throw new Error("No alert was raised.");
  return { ...run, alert };
}

const stalledFlag = async (runId: number): Promise<boolean> =>
  (
    await kit.db.one<{ stalled: boolean }>(
      `SELECT bool_or(stalled) AS stalled FROM approvals WHERE pipeline_run_id = $1`,
      [runId],
    )
  ).stalled;

describe("L2: one alert per stall", () => {
  it("L1: says since when, and how long is allowed, and puts the gate first in the inbox until it is over", async () => {
    const { runId, at, alert } = await stalledRun();
    expect(alert.since).toEqual(at(0));
    expect(alert.raisedAt).toEqual(at(2.1));
    expect(alert.message).toBe(
      `Run #${runId}, step 1 (Step 1) has waited for approval since ${at(0).toISOString()}; 2 hours are allowed. Somebody has to approve or reject it.`,
    );
    expect(await stalledFlag(runId)).toBe(true);
    await kit.approve(runId, 1);
    expect(await stalledFlag(runId)).toBe(false);
    expect(await eventsOf(runId)).toEqual(["raised", "resolved"]);
  });

  it("L2: a new stall of the same gate is a new alert, counted from its own beginning", async () => {
    const { runId, alert } = await stalledRun();
    const [candidate] = await kit.candidates(runId, 1);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: candidate!.id, replace: true });
    await kit.until(runId, async () => (await kit.candidates(runId, 1)).length === 3);
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect(await alertsOf(runId)).toMatchObject([{ id: alert.id, resolvedAt: expect.any(Date) }]);
    expect(await stalledFlag(runId)).toBe(false);

    await checkStalls(kit.engine, new Date(Date.now() + 2.1 * HOUR * 1_000));
    const [, second] = await alertsOf(runId);
    expect(second).toMatchObject({ resolvedAt: null, reminders: 0 });
    expect(second!.since.getTime()).toBeGreaterThan(alert.since.getTime());
    expect(await eventsOf(runId)).toEqual(["raised", "resolved", "raised"]);
  });

  it("L2: resolves what is over though nobody did, at the next look", async () => {
    const { runId, at } = await stalledRun();
    // As a change would leave it that knows nothing of alerts.
    await kit.db.query(`UPDATE approvals SET requested_at = now() + interval '1 hour' WHERE pipeline_run_id = $1`, [
      runId,
    ]);
    await checkStalls(kit.engine, at(2.2));
    expect(await alertsOf(runId)).toMatchObject([{ resolvedAt: expect.any(Date) }]);
    expect(await eventsOf(runId)).toEqual(["raised", "resolved"]);
  });

  it("F5: says so where the policy leaves nobody who may decide", async () => {
    const { alert } = await stalledRun({ approvers: { people: ["nobody at all"], roles: [] } });
    expect(alert.message).toContain(
      "Nobody who is active may decide step 1 (Step 1). It is for nobody at all. An owner can ",
    );
  });
});

describe("L2: the ladder", () => {
  it("L2: reminds at twice and at four times what is allowed, once each, however many look", async () => {
    const { runId, at } = await stalledRun();
    const look = (hours: number) => Promise.all([1, 2, 3].map(() => checkStalls(kit.engine, at(hours))));
    await look(3.9);
    expect(await eventsOf(runId)).toEqual(["raised"]);
    await look(4.1);
    await look(7.9);
    expect(await eventsOf(runId)).toEqual(["raised", "reminded"]);
    await look(8.1);
    await look(100);
    expect(await eventsOf(runId)).toEqual(["raised", "reminded", "reminded"]);
    expect(await alertsOf(runId)).toMatchObject([{ reminders: 2 }]);
    // Never does a timeout approve anything by itself.
    expect(await kit.step(runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL", approved: false });
  });

  it("L2: rungs that passed while no server ran are one reminder, and a restart repeats none", async () => {
    const { runId, at } = await stalledRun();
    await using restarted = otherEngine();
    await checkStalls(restarted, at(50));
    await checkStalls(restarted, at(51));
    expect(await eventsOf(runId)).toEqual(["raised", "reminded"]);
  });

  it("L2: whoever is late already when it is raised is not reminded of it at once", async () => {
    const { runId, at } = await waitingRun();
    await checkStalls(kit.engine, at(9));
    await checkStalls(kit.engine, at(10));
    expect(await eventsOf(runId)).toEqual(["raised"]);
  });

  it("L2: does not remind once it is acknowledged, and keeps who was first", async () => {
    const { runId, at, alert } = await stalledRun();
    const bob = await kit.newActor("bob", "APPROVER");
    await acknowledgeAlert(kit.engine, bob, { alertId: alert.id });
    await acknowledgeAlert(kit.engine, kit.actor, { alertId: alert.id });
    await checkStalls(kit.engine, at(9));
    expect(await alertsOf(runId)).toMatchObject([{ acknowledgedBy: "bob", resolvedAt: null, reminders: 0 }]);
    expect(await eventsOf(runId)).toEqual(["raised", "acknowledged"]);
    const { actor } = await kit.db.one<{ actor: string }>(
      `SELECT actor_name AS actor FROM run_events WHERE pipeline_run_id = $1 AND type = 'alert_acknowledged'`,
      [runId],
    );
    expect(actor).toBe("bob");
  });

  it("L2: a snooze holds reminders back, and its end is one reminder, not one for each rung", async () => {
    const { runId, at, alert } = await stalledRun();
    await snoozeAlert(kit.engine, kit.actor, { alertId: alert.id, until: at(9) });
    await checkStalls(kit.engine, at(8.9));
    expect(await eventsOf(runId)).toEqual(["raised", "snoozed"]);
    await checkStalls(kit.engine, at(9.1));
    await checkStalls(kit.engine, at(9.2));
    expect(await eventsOf(runId)).toEqual(["raised", "snoozed", "reminded"]);
  });

  it("L2: a snooze after the acknowledgement asks to be reminded, and an acknowledgement after it does not", async () => {
    const { runId, at, alert } = await stalledRun();
    await acknowledgeAlert(kit.engine, kit.actor, { alertId: alert.id });
    await snoozeAlert(kit.engine, kit.actor, { alertId: alert.id, until: at(2.5) });
    await checkStalls(kit.engine, at(3));
    expect(await eventsOf(runId)).toEqual(["raised", "acknowledged", "snoozed", "reminded"]);
    await acknowledgeAlert(kit.engine, kit.actor, { alertId: alert.id });
    await checkStalls(kit.engine, at(100));
    expect(await eventsOf(runId)).toEqual(["raised", "acknowledged", "snoozed", "reminded", "acknowledged"]);
  });
});

describe("L2: escalation", () => {
  const escalateTo = { people: ["carol"], roles: ["OPERATOR" as const] };

  it("L2: tells whom the policy names at twice what is allowed, once", async () => {
    const { runId, at } = await stalledRun({ escalateTo });
    await checkStalls(kit.engine, at(3.9));
    expect(await alertsOf(runId)).toMatchObject([{ escalatedTo: [] }]);
    await Promise.all([1, 2].map(() => checkStalls(kit.engine, at(4.1))));
    await checkStalls(kit.engine, at(20));
    expect(await alertsOf(runId)).toMatchObject([{ escalatedTo: ["carol", "role:operator"] }]);
    expect(await eventsOf(runId)).toEqual(["raised", "reminded", "escalated", "reminded"]);
  });

  it("L2: does so too where the server was away until then, and not while it is snoozed", async () => {
    const { runId, at } = await waitingRun({ escalateTo });
    await checkStalls(kit.engine, at(5));
    expect(await eventsOf(runId)).toEqual(["raised", "escalated"]);

    const other = await stalledRun({ escalateTo });
    await snoozeAlert(kit.engine, kit.actor, { alertId: other.alert.id, until: other.at(10) });
    await checkStalls(kit.engine, other.at(5));
    expect(await eventsOf(other.runId)).toEqual(["raised", "snoozed"]);
  });

  it("L2: a person escalates to people and roles, with a comment, and the policy adds only who is missing", async () => {
    await kit.newActor("carol", "APPROVER");
    const { runId, at, alert } = await stalledRun({ escalateTo });
    await escalateAlert(kit.engine, kit.actor, {
      alertId: alert.id,
      to: ["role:Operator", " ada ", "ada"],
      comment: "Please.",
    });
    await checkStalls(kit.engine, at(4.1));
    expect(await alertsOf(runId)).toMatchObject([{ escalatedTo: ["ada", "role:operator", "carol"] }]);
    const told = await kit.db.many(
      `SELECT actor_name AS by, data -> 'to' AS to, data -> 'comment' AS comment FROM run_events
       WHERE pipeline_run_id = $1 AND type = 'alert_escalated' ORDER BY seq`,
      [runId],
    );
    expect(told).toEqual([
      { by: "ada", to: ["ada", "role:operator"], comment: "Please." },
      { by: null, to: ["carol"], comment: null },
    ]);
  });

  it.each([
    [[], "Say whom to tell"],
    [["  "], "Say whom to tell"],
    [["role:king"], 'There is no role "king".'],
    [["nobody here"], 'There is nobody called "nobody here".'],
    [["a\0b"], "null character"],
    [Array.from({ length: 51 }, (_, i) => `p${i}`), "At most 50"],
  ])("refuses to escalate to %j", async (to, message) => {
    const { alert } = await stalledRun();
    await expect(escalateAlert(kit.engine, kit.actor, { alertId: alert.id, to })).rejects.toMatchObject({
      name: "InvalidInputError",
      field: "to",
      message: expect.stringContaining(message),
    });
  });
});

describe("who may look after an alert, and when", () => {
  const commands = [
    ["acknowledge", (as: EngineKit["actor"], alertId: number) => acknowledgeAlert(kit.engine, as, { alertId })],
    ["snooze", (as: EngineKit["actor"], alertId: number) => snoozeAlert(kit.engine, as, { alertId, minutes: 5 })],
    ["escalate", (as: EngineKit["actor"], alertId: number) => escalateAlert(kit.engine, as, { alertId, to: ["ada"] })],
  ] as const;

  it.each(commands)("F17: an approver may %s, a voter may not", async (_name, command) => {
    const { alert } = await stalledRun();
    await expect(command(await kit.newActor("vic", "VOTER"), alert.id)).rejects.toMatchObject({
      name: "ForbiddenError",
    });
    await expect(command(await kit.newActor("bob", "APPROVER"), alert.id)).resolves.toMatchObject({
      alertId: alert.id,
    });
  });

  it.each(commands)("L2: %s is refused once the alert is over", async (_name, command) => {
    const { runId, alert } = await stalledRun();
    await kit.approve(runId, 1);
    await expect(command(kit.actor, alert.id)).rejects.toMatchObject({ name: "AlertResolvedError" });
    await expect(command(kit.actor, 2_000_000_000)).rejects.toMatchObject({ name: "NotFoundError" });
    expect(await eventsOf(runId)).toEqual(["raised", "resolved"]);
  });

  it.each([
    [{}, "minutes"],
    [{ minutes: 0 }, "minutes"],
    [{ minutes: 43_201 }, "minutes"],
    [{ until: new Date(0) }, "until"],
    [{ until: new Date(Date.now() + 40 * 86_400_000) }, "until"],
    [{ minutes: 5, until: new Date(Date.now() + 60_000) }, "until"],
  ])("refuses a snooze of %j", async (span, field) => {
    const { alert } = await stalledRun();
    await expect(snoozeAlert(kit.engine, kit.actor, { alertId: alert.id, ...span })).rejects.toMatchObject({
      name: "InvalidInputError",
      field,
    });
  });
});

describe("the log of alerts", () => {
  it("gives each change once and in order, replayed and then live, with two servers writing", async () => {
    await using other = otherEngine();
    const start = await alertLogEnd(kit.engine);
    const runs = [await stalledRun(), await stalledRun()];
    const [first, second] = runs.map(({ alert }) => alert.id) as [number, number];
    await acknowledgeAlert(other, kit.actor, { alertId: second });

    const log = followAlertLog(other, start);
    const ours = async (): Promise<AlertChange> => {
      for (;;) {
        const { value } = await log.next();
        if (value?.alertId === first || value?.alertId === second) return value;
      }
    };
    const replayed = [await ours(), await ours(), await ours()];
    expect(replayed.map(({ alertId, change }) => [alertId, change])).toEqual([
      [first, "RAISED"],
      [second, "RAISED"],
      [second, "ACKNOWLEDGED"],
    ]);
    const pending = ours();
    await snoozeAlert(kit.engine, kit.actor, { alertId: first, minutes: 5 });
    expect(await pending).toMatchObject({ alertId: first, change: "SNOOZED" });
    expect((await lastAlertChanges(kit.engine, [first, second])).get(first)?.change).toBe("SNOOZED");

    // Whoever comes back with a cursor goes on right behind it.
    const again = followAlertLog(kit.engine, parseAlertCursor(replayed[1]!.cursor));
    expect((await again.next()).value).toEqual(replayed[2]);
    // What is pending settles at once, without an event.
    const silent = log.next();
    await Promise.all([log.return?.(), again.return?.()]);
    expect((await silent).done).toBe(true);
  });

  it("does not skip a change whose transaction ends late", async () => {
    const { runId: elsewhere } = await waitingRun();
    const { alert } = await stalledRun();
    const start = await alertLogEnd(kit.engine);
    await using other = otherEngine();
    const late = await kit.pool.connect();
    await late.query("BEGIN");
    await late.query("SELECT pg_current_xact_id()");
    const log = followAlertLog(other, start);
    const next = log.next();
    await acknowledgeAlert(kit.engine, kit.actor, { alertId: alert.id });
    // The late one writes what happened to another run, with a smaller transaction id and a larger row id.
    await late.query(
      `INSERT INTO run_events (pipeline_run_id, seq, type, data) VALUES ($1, 9999, 'alert_raised', '{"alertId": 4242}')`,
      [elsewhere],
    );
    await late.query("COMMIT");
    late.release();
    expect((await next).value).toMatchObject({ alertId: 4242 });
    expect((await log.next()).value).toMatchObject({ alertId: alert.id, change: "ACKNOWLEDGED" });
    await log.return?.();
  });

  it("replays more than a page", async () => {
    const { alert, runId } = await stalledRun();
    // On the way their ids get longer by a digit.
    await kit.db.query(`SELECT setval('run_events_id_seq', 99800)`);
    const start = await alertLogEnd(kit.engine);
    await kit.db.query(
      `INSERT INTO run_events (pipeline_run_id, seq, type, data)
       SELECT $1, 1000 + n, 'alert_reminded', json_build_object('alertId', $2::int) FROM generate_series(1, 450) n`,
      [runId, alert.id],
    );
    const log = followAlertLog(kit.engine, start);
    const cursors: string[] = [];
    while (cursors.length < 450) cursors.push((await log.next()).value!.cursor);
    await log.return?.();
    expect(new Set(cursors).size).toBe(450);
    const places = cursors.map(parseAlertCursor);
    expect(places.every((place, i) => i === 0 || isBefore(places[i - 1]!, place))).toBe(true);
  });

  it.each([
    "",
    "abc",
    "YWxlcnQ6eDox",
    formatAlertCursor({ xid: 2n ** 64n, id: 0n }),
    formatAlertCursor({ xid: 1n, id: 2n ** 63n }),
  ])("refuses %j as a cursor", (cursor) => {
    expect(() => parseAlertCursor(cursor)).toThrow("This is no cursor of alerts.");
  });
});

/** Another server on the same database. */
function otherEngine(): Engine {
  return createEngine({
    pool: kit.pool,
    gates: "on",
    onError: (error) => {
      throw error;
    },
  });
}
