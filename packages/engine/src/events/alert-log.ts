import { type Queryable, queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import type { EventTail } from "./event-tail.ts";
import type { RunEventType } from "./event-types.ts";
import { live } from "./live.ts";

type AlertEventType = Extract<RunEventType, `alert_${string}`>;

/** What happened to an alert. */
export const ALERT_CHANGES = ["RAISED", "REMINDED", "ACKNOWLEDGED", "SNOOZED", "ESCALATED", "RESOLVED"] as const;
export type AlertChangeKind = (typeof ALERT_CHANGES)[number];

/** One change of one alert, anywhere. */
export interface AlertChange {
  readonly alertId: number;
  readonly change: AlertChangeKind;
  readonly at: Date;
  /** Who did it, by the name of then; null when it happened by itself. */
  readonly actorName: string | null;
  /** What they said with it. */
  readonly comment: string | null;
  /** Its place in the log, as clients hold it. */
  readonly cursor: string;
}

/** A place in the log of all runs: the order in which changes can be seen by nobody too late. */
export interface AlertCursor {
  readonly xid: bigint;
  readonly id: bigint;
}

interface Row {
  alertId: number;
  type: AlertEventType;
  at: Date;
  actorName: string | null;
  comment: string | null;
  xid: string;
  id: string;
}

const PAGE = 200;

const COLUMNS = `(data ->> 'alertId')::int AS "alertId", type, at, actor_name AS "actorName",
  data ->> 'comment' AS comment, xid::text AS xid, id::text AS id`;
// As the condition of the index says it.
const OF_ALERTS = `type LIKE 'alert\\_%'`;

/**
 * Changes of alerts behind a place in the log, over all runs, in order: of the numbers, which the bare names would not
 * be, since these mean the text that is selected. Rows are read below `log_xmin()`, as the tail does: nothing can
 * appear there later.
 */
async function readAlertLog(db: Queryable, after: AlertCursor): Promise<Row[]> {
  return await db.many<Row>(
    `SELECT ${COLUMNS} FROM run_events
     WHERE ${OF_ALERTS} AND (xid, id) > ($1::text::xid8, $2::bigint) AND xid < log_xmin()
     ORDER BY run_events.xid, run_events.id LIMIT ${PAGE}`,
    [String(after.xid), String(after.id)],
  );
}

/**
 * Replays the changes of all alerts behind a place in the log, then follows: each exactly once, in order. Rows are read
 * a page at a time when the reader asks for more, so one that is slow or far behind costs no memory.
 */
export function followAlertLog(
  deps: EngineDeps & { readonly tail: EventTail },
  after: AlertCursor,
): AsyncIterableIterator<AlertChange> {
  const db = queryable(deps.pool);
  let cursor = after;
  let page: Row[] = [];
  let more = false;
  const take = (): AlertChange | undefined => {
    const row = page.shift();
    if (!row) return undefined;
    cursor = { xid: BigInt(row.xid), id: BigInt(row.id) };
    return changeOf(row);
  };
  const read = async (): Promise<AlertChange | undefined> => {
    page = await readAlertLog(db, cursor);
    more = page.length === PAGE;
    return take();
  };
  const feed = live(deps.tail, ({ type }) => type.startsWith("alert_"), read);
  return {
    async next() {
      const value = take() ?? (more ? await read() : undefined);
      return value ? { value, done: false } : await feed.next();
    },
    return: async () => (await feed.return?.()) ?? { value: undefined, done: true },
    throw: async (error) => (await feed.throw?.(error)) ?? { value: undefined, done: true },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The present end of the log: what is committed from now on comes behind it, and perhaps a little of what just was. */
export async function alertLogEnd(deps: EngineDeps): Promise<AlertCursor> {
  const { xid } = await queryable(deps.pool).one<{ xid: string }>(`SELECT log_xmin()::text AS xid`);
  return { xid: BigInt(xid), id: 0n };
}

/** The last change of each of these alerts. */
export async function lastAlertChanges(
  deps: EngineDeps,
  alertIds: readonly number[],
): Promise<Map<number, AlertChange>> {
  const rows = await queryable(deps.pool).many<Row>(
    `SELECT last.* FROM unnest($1::int[]) AS wanted(id) CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM run_events WHERE ${OF_ALERTS} AND (data ->> 'alertId')::int = wanted.id
       ORDER BY run_events.id DESC LIMIT 1) last`,
    [alertIds],
  );
  return new Map(rows.map((row) => [row.alertId, changeOf(row)]));
}

function changeOf({ type, xid, id, ...row }: Row): AlertChange {
  const change = type.slice("alert_".length).toUpperCase() as AlertChangeKind;
  return { ...row, change, cursor: formatAlertCursor({ xid: BigInt(xid), id: BigInt(id) }) };
}

/** A cursor as clients hold it: opaque. */
export function formatAlertCursor({ xid, id }: AlertCursor): string {
  return Buffer.from(`alert:${xid}:${id}`).toString("base64url");
}

/** The largest numbers that the columns hold. */
const MAX_XID = 2n ** 64n - 1n;
const MAX_ID = 2n ** 63n - 1n;

/**
 * Reads a client's cursor.
 *
 * @throws InvalidInputError
 */
export function parseAlertCursor(cursor: string): AlertCursor {
  const [, xid, id] = /^alert:(\d{1,20}):(\d{1,19})$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  const parsed = xid && id ? { xid: BigInt(xid), id: BigInt(id) } : null;
  if (parsed && parsed.xid <= MAX_XID && parsed.id <= MAX_ID) return parsed;
  throw new InvalidInputError(
    "This is no cursor of alerts. Leave `after` out to begin with what happens next.",
    "after",
  );
}

/**
 * A client's cursor as a place in this log. One that names what is not in it was given out by a later state of the
 * database, which an older backup has replaced since: what has happened here after the backup may have ids that
 * the client knows. So whatever comes behind its cursor's id is told, and whatever alerts that are open have come
 * through, once more rather than never.
 *
 * @throws InvalidInputError when it is no cursor
 */
export async function alertCursorOf(deps: EngineDeps, cursor: string): Promise<AlertCursor> {
  const db = queryable(deps.pool);
  const place = parseAlertCursor(cursor);
  const { known } = await db.one<{ known: boolean }>(
    `SELECT CASE WHEN $2::bigint = 0 THEN $1::text::xid8 <= log_xmax()
                 ELSE EXISTS (SELECT 1 FROM run_events WHERE id = $2 AND xid = $1::text::xid8) END AS known`,
    [String(place.xid), String(place.id)],
  );
  if (known) return place;
  const last = await db.maybe<{ xid: string; id: string }>(
    `SELECT xid::text AS xid, id FROM run_events
     WHERE ($1::bigint = 0 OR id <= $1) AND id < coalesce((
       SELECT min(e.id) FROM alerts a JOIN run_events e ON e.${OF_ALERTS} AND (e.data ->> 'alertId')::int = a.id
       WHERE a.resolved_at IS NULL), ${MAX_ID})
     ORDER BY id DESC LIMIT 1`,
    [String(place.id)],
  );
  return last ? { xid: BigInt(last.xid), id: BigInt(last.id) } : { xid: 0n, id: 0n };
}

/** Whether one place in the log comes before another. */
export function isBefore(a: AlertCursor, b: AlertCursor): boolean {
  return a.xid < b.xid || (a.xid === b.xid && a.id < b.id);
}
