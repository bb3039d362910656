import { afterAll, beforeAll, expect, it } from "vitest";
import { type AlertCursor, followAlertLog, parseAlertCursor } from "../src/events/alert-log.ts";
import { takeEvents } from "../src/notifications/event-feed.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

// The order of numbers and of their digits differ wherever a number gets longer.
const PLACES: readonly AlertCursor[] = [
  [9n, 1_000n],
  [10n, 99n],
  [10n, 100n],
  [99n, 9n],
  [100n, 998n],
].map(([xid, id]) => ({ xid, id }) as AlertCursor);

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  const runId = await kit.newRun([{}]);
  await kit.db.query(`DELETE FROM run_events`);
  for (const [n, { xid, id }] of PLACES.entries()) {
    await kit.db.query(
      `INSERT INTO run_events (pipeline_run_id, seq, type, data, xid, id)
       VALUES ($1, $2, 'alert_raised', '{"alertId": 1}', $3::text::xid8, $4)`,
      [runId, 1_000 + n, String(xid), String(id)],
    );
  }
});
afterAll(() => kit[Symbol.asyncDispose]());

it("followers that keep a cursor take events in the order of the log", async () => {
  await kit.db.query(`INSERT INTO event_cursors (name) VALUES ('test')`);
  const events = await takeEvents(kit.db, "test");
  expect(events?.map(({ id }) => BigInt(id))).toEqual(PLACES.map(({ id }) => id));
  expect(await kit.db.one(`SELECT xid::text AS xid, id FROM event_cursors WHERE name = 'test'`)).toEqual({
    xid: "100",
    id: "998",
  });
});

it("listeners for alerts are told in the order of the log", async () => {
  const log = followAlertLog(kit.engine, { xid: 0n, id: 0n });
  const seen: AlertCursor[] = [];
  while (seen.length < PLACES.length) seen.push(parseAlertCursor((await log.next()).value!.cursor));
  await log.return?.();
  expect(seen).toEqual(PLACES);
});
