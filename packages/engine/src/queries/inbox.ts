import { type GateToDecide, whyMayNotDecide } from "../access.ts";
import type { Actor } from "../actor.ts";
import { actorNow } from "../db/actor-now.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import { signedOffBy } from "./counted-sign-offs.ts";

/** Which requests are listed. */
export interface InboxFilter {
  /** Also those that are decided or cancelled. */
  readonly includeAll: boolean;
  /** Only those that wait for whoever asks: that they may decide, and have not signed off as it is now. */
  readonly mineToDecide: boolean;
  /** Only those that have waited longer than their step allows. */
  readonly stalledOnly: boolean;
  /** Only those of this pipeline, whatever its version. */
  readonly pipeline: string | null;
}

/** Where a request stands in the list: what has stalled first, then by the time it was asked. */
export interface InboxPlace {
  readonly stalled: boolean;
  readonly requestedAt: Date;
  readonly id: number;
}

export interface InboxPage {
  readonly places: readonly InboxPlace[];
  readonly hasNextPage: boolean;
  /** On all pages. */
  readonly totalCount: number;
}

/**
 * A page of the gates that wait, over all runs. The count and the page come from one statement, so they agree even
 * while gates open and close; and a page goes on from a place, not from a row, so it neither repeats nor leaves out
 * anything when the row that it goes on from is decided meanwhile.
 */
export async function inboxPage(
  deps: Pick<EngineDeps, "pool">,
  actor: Actor,
  filter: InboxFilter,
  page: { readonly first: number; readonly after: InboxPlace | null },
): Promise<InboxPage> {
  const db = queryable(deps.pool);
  const only = filter.mineToDecide ? await mineToDecide(db, actor) : null;
  const { after } = page;
  const { places, totalCount } = await db.one<{ places: StoredPlace[]; totalCount: number }>(
    `WITH listed AS (
       SELECT a.id, a.status = 'PENDING' AND a.stalled AS stalled, a.requested_at
       FROM approvals a
       WHERE ($1 OR a.status = 'PENDING') AND (NOT $2 OR (a.status = 'PENDING' AND a.stalled))
         AND ($3::text IS NULL OR EXISTS (
           SELECT 1 FROM pipeline_runs r JOIN pipelines p ON p.id = r.pipeline_id
           WHERE r.id = a.pipeline_run_id AND p.name = $3))
         AND ($4::int[] IS NULL OR a.id = ANY($4))
     ), page AS (
       SELECT * FROM listed
       WHERE $5::int IS NULL OR (NOT stalled, requested_at, id) > (NOT $6::boolean, $7::timestamptz, $5)
       ORDER BY NOT stalled, requested_at, id LIMIT $8
     )
     SELECT (SELECT count(*)::int FROM listed) AS "totalCount", coalesce((
       SELECT json_agg(json_build_object('id', id, 'stalled', stalled,
                'requestedAt', (extract(epoch FROM requested_at) * 1000)::float8)
              ORDER BY NOT stalled, requested_at, id) FROM page), '[]') AS places`,
    [
      filter.includeAll,
      filter.stalledOnly,
      filter.pipeline,
      only,
      after?.id ?? null,
      after?.stalled ?? null,
      after?.requestedAt ?? null,
      page.first + 1,
    ],
  );
  return {
    places: places.slice(0, page.first).map((place) => ({ ...place, requestedAt: new Date(place.requestedAt) })),
    hasNextPage: places.length > page.first,
    totalCount,
  };
}

interface StoredPlace {
  readonly id: number;
  readonly stalled: boolean;
  /** Milliseconds since 1970. */
  readonly requestedAt: number;
}

/**
 * Why somebody may not decide each of some requests, as sentences; null where they may. One statement for all.
 */
export async function whyNotDecide(
  deps: Pick<EngineDeps, "pool">,
  actor: Actor,
  approvalIds: readonly number[],
): Promise<Map<number, string | null>> {
  const db = queryable(deps.pool);
  const [decider, gates] = await Promise.all([actorNow(db, actor), askedGates(db, approvalIds)]);
  return new Map(
    gates.map(({ approvalId, status, ...gate }) => [
      approvalId,
      status === "PENDING" ? whyMayNotDecide(decider, gate) : NOT_ASKED[status],
    ]),
  );
}

const NOT_ASKED = {
  APPROVED: "It is approved, and decisions are final.",
  REJECTED: "It is rejected, and decisions are final.",
  SENT_BACK: "It was sent back. The step asks again when its new round is there.",
  CANCELLED: "Nobody is asked any more: the run ended, or the step makes candidates again.",
} as const;

interface AskedGate extends GateToDecide {
  readonly approvalId: number;
  readonly status: "PENDING" | keyof typeof NOT_ASKED;
}

/** @param approvalIds null for all that wait */
async function askedGates(db: Queryable, approvalIds: readonly number[] | null): Promise<AskedGate[]> {
  return await db.many(
    `SELECT a.id AS "approvalId", a.status, a.pipeline_run_id AS "runId", rs.id AS "runStepId", rs.policy,
       r.created_by_id AS "createdById"
     FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     JOIN pipeline_runs r ON r.id = a.pipeline_run_id
     WHERE CASE WHEN $1::int[] IS NULL THEN a.status = 'PENDING' ELSE a.id = ANY($1) END`,
    [approvalIds],
  );
}

/** Ids of the requests that wait for somebody, by the one rule that says who may decide (G12). */
async function mineToDecide(db: Queryable, actor: Actor): Promise<number[]> {
  const decider = await actorNow(db, actor);
  const gates = (await askedGates(db, null)).filter((gate) => whyMayNotDecide(decider, gate) === null);
  const joint = gates.filter(({ policy }) => quorumOf(policy) > 1).map(({ approvalId }) => approvalId);
  const signed = joint.length === 0 ? new Set<number>() : await signedOffBy(db, actor.id, joint);
  return gates.flatMap(({ approvalId }) => (signed.has(approvalId) ? [] : [approvalId]));
}
