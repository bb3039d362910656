import { rollback } from "@sluice/db";
import { asIfRestored } from "@sluice/db/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { acknowledgeAlert } from "../src/commands/acknowledge-alert.ts";
import { checkStalls } from "../src/commands/check-stalls.ts";
import { createWebhook } from "../src/commands/create-webhook.ts";
import { snoozeAlert } from "../src/commands/snooze-alert.ts";
import {
  type AlertCursor,
  alertCursorOf,
  alertLogEnd,
  followAlertLog,
  formatAlertCursor,
  parseAlertCursor,
} from "../src/events/alert-log.ts";
import { continueLog } from "../src/events/continue-log.ts";
import { beginFeed, feedHasNews } from "../src/notifications/event-feed.ts";
import { FEED_OF, writeDeliveries } from "../src/notifications/write-deliveries.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
beforeEach(async () => {
  kit = await engineKit();
  await beginFeed(kit.engine, FEED_OF.WEBHOOK);
});
afterEach(() => kit[Symbol.asyncDispose]());

const newWebhook = async (): Promise<number> =>
  (
    await createWebhook({ ...kit.engine, receivers: { check: async (url: string) => url } }, kit.actor, {
      url: "https://example.com/hook",
      eventTypes: ["run.finished"],
    })
  ).webhookId;

async function finishedRun(): Promise<number> {
  const runId = await kit.newRun([{}]);
  await abortRun(kit.engine, kit.actor, { runId });
  return runId;
}

const links = { origin: "https://sluice.example", idOf: (type: string, id: number) => `${type}:${id}` };

/** Writes what can be written until nothing is left behind the feed's cursor. */
async function tell(runId: number): Promise<void> {
  await kit.until(runId, async () => {
    while (await feedHasNews(kit.engine, FEED_OF.WEBHOOK)) await writeDeliveries(kit.engine, "WEBHOOK", links);
    const { left } = await kit.db.one<{ left: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM run_events e, event_cursors c WHERE (e.xid, e.id) > (c.xid, c.id)) AS left`,
    );
    return !left;
  });
}

/** The runs of whose end a webhook is told, in the order in which it was written. */
async function toldOf(webhookId: number): Promise<number[]> {
  const rows = await kit.db.many<{ run: number }>(
    `SELECT pipeline_run_id AS run FROM deliveries WHERE webhook_id = $1 ORDER BY id`,
    [webhookId],
  );
  return rows.map(({ run }) => run);
}

const offset = async (): Promise<bigint> =>
  BigInt((await kit.db.one<{ offset: string }>(`SELECT log_offset()::text AS offset`)).offset);

it("a log that this cluster wrote stays as it is", async () => {
  await newWebhook();
  await finishedRun();
  expect(await continueLog(kit.engine)).toBe(false);
  expect(await offset()).toBe(0n);
});

it("so does one from a cluster that had counted less", async () => {
  const webhookId = await newWebhook();
  const waiting = await finishedRun();
  await asIfRestored(kit.url, -100);
  expect(await continueLog(kit.engine)).toBe(false);
  const after = await finishedRun();
  await tell(after);
  expect(await toldOf(webhookId)).toEqual([waiting, after]);
});

// With a few, new events would come among the old ones.
it.each([1_000_000_000, 40])("a log that is %i transactions ahead goes on: each event is told once", async (ahead) => {
  const webhookId = await newWebhook();
  const told = await finishedRun();
  await tell(told);
  const waiting = await finishedRun();
  await asIfRestored(kit.url, ahead);
  // However many start at once.
  const found = await Promise.all([1, 2, 3].map(() => continueLog(kit.engine)));
  expect(found.toSorted()).toEqual([false, false, true]);
  expect(await continueLog(kit.engine)).toBe(false);
  const after = await finishedRun();
  const younger = await newWebhook();
  const last = await finishedRun();
  await tell(last);
  expect(await toldOf(webhookId)).toEqual([told, waiting, after, last]);
  expect(await toldOf(younger)).toEqual([last]);
});

it("a log that was restored is restored again, into a cluster that has counted less or more", async () => {
  const webhookId = await newWebhook();
  const runs: number[] = [];
  const ahead = 1_000_000;
  for (const moved of [ahead, ahead, -ahead]) {
    runs.push(await finishedRun());
    await asIfRestored(kit.url, moved);
    expect(await continueLog(kit.engine)).toBe(moved > 0);
  }
  runs.push(await finishedRun());
  await tell(runs.at(-1)!);
  expect(await toldOf(webhookId)).toEqual(runs);
});

it("cursors and webhooks count where there are no events yet", async () => {
  const webhookId = await newWebhook();
  await asIfRestored(kit.url);
  await kit.db.query(`UPDATE event_cursors SET xid = '3'`);
  expect(await continueLog(kit.engine)).toBe(true);
  const after = await finishedRun();
  await tell(after);
  expect(await toldOf(webhookId)).toEqual([after]);
});

it("a webhook in a restored log is told of what was under way when it was made", async () => {
  await finishedRun();
  await asIfRestored(kit.url);
  await continueLog(kit.engine);
  const runId = await kit.newRun([{}]);
  const late = await kit.pool.connect();
  await late.query("BEGIN");
  await late.query(
    `INSERT INTO run_events (pipeline_run_id, seq, type, data) VALUES ($1, 9999, 'run_status_changed', '{"status": "ABORTED"}')`,
    [runId],
  );
  // Another that ends before, so that the open one is in the middle of what can be seen.
  await finishedRun();
  const webhookId = await newWebhook();
  await late.query("COMMIT");
  late.release();
  await tell(runId);
  expect(await toldOf(webhookId)).toEqual([runId]);
});

describe("a listener's place", () => {
  /** A run with an open alert. */
  async function stalledRun(): Promise<{ runId: number; alertId: number }> {
    const runId = await kit.newRun([{ maxChildren: 1, stallAfterSeconds: 60 }], { reviewFirstStep: true });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await checkStalls(kit.engine, new Date(Date.now() + 90_000));
    const { id } = await kit.db.one<{ id: number }>(`SELECT id FROM alerts WHERE pipeline_run_id = $1`, [runId]);
    return { runId, alertId: id };
  }
  const ahead = ({ xid, id }: AlertCursor): string => formatAlertCursor({ xid: xid + 1_000_000_000n, id });

  /** The next changes behind a client's cursor, and of which alerts. */
  async function changesAfter(cursor: string, count: number): Promise<[number, string][]> {
    const log = followAlertLog(kit.engine, await alertCursorOf(kit.engine, cursor));
    const seen: [number, string][] = [];
    while (seen.length < count) {
      const { alertId, change } = (await log.next()).value!;
      seen.push([alertId, change]);
    }
    await log.return?.();
    return seen;
  }

  it("is where it was after a restore: what came behind it is told, and nothing before", async () => {
    await kit.worker();
    const beginning = await alertLogEnd(kit.engine);
    const { alertId } = await stalledRun();
    const log = followAlertLog(kit.engine, beginning);
    const raised = parseAlertCursor((await log.next()).value!.cursor);
    await log.return?.();
    await snoozeAlert(kit.engine, kit.actor, { alertId, minutes: 5 });
    await asIfRestored(kit.url);
    await continueLog(kit.engine);
    await acknowledgeAlert(kit.engine, kit.actor, { alertId });
    const later = [
      [alertId, "SNOOZED"],
      [alertId, "ACKNOWLEDGED"],
    ];
    expect(await changesAfter(ahead(raised), 2)).toEqual(later);
    expect(await changesAfter(ahead(beginning), 3)).toEqual([[alertId, "RAISED"], ...later]);
  });

  it("that only a later state of the database knows begins with the alerts that are open", async () => {
    await kit.worker();
    const before = await stalledRun();
    await kit.approve(before.runId, 1);
    const { runId, alertId } = await stalledRun();
    // An event that happened after the backup, in the state that it replaced; and the end of the log there.
    const event = formatAlertCursor({ xid: 2n ** 40n, id: 1_000_000n });
    const end = formatAlertCursor({ xid: 2n ** 40n, id: 0n });
    // One whose id something else has here.
    const { id } = await kit.db.one<{ id: string }>(`SELECT max(id)::text AS id FROM run_events`);
    const another = formatAlertCursor({ xid: 5n, id: BigInt(id) });
    for (const cursor of [event, end, another]) expect(await changesAfter(cursor, 1)).toEqual([[alertId, "RAISED"]]);
    await kit.approve(runId, 1);
    const [pending, next] = [changesAfter(event, 1), await stalledRun()];
    expect(await pending).toEqual([[next.alertId, "RAISED"]]);
  });
});

it("the way back from a log of several clusters: followers go on behind what they had", async () => {
  const webhookId = await newWebhook();
  const told = await finishedRun();
  await tell(told);
  const waiting = await finishedRun();
  await asIfRestored(kit.url);
  await continueLog(kit.engine);
  const after = await finishedRun();
  const taken: string[] = [];
  const deps = { url: kit.url, log: () => undefined };
  while (!taken.at(-1)?.endsWith("_log_of_several_clusters")) taken.push((await rollback(deps)).rolledBack);
  const { ends } = await kit.db.one<{ ends: number[] }>(
    `SELECT array_agg(DISTINCT e.pipeline_run_id ORDER BY e.pipeline_run_id) AS ends
     FROM run_events e, event_cursors c, webhooks w
     WHERE (e.xid, e.id) > (c.xid, c.id) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
       AND NOT pg_visible_in_snapshot(e.xid, w.told_from) AND w.id = $1`,
    [webhookId],
  );
  expect(ends).toEqual([waiting, after]);
});
