import type { GateToDecide } from "../access.ts";
import { countingFor, countingNow, cutOf, isSameCut, loadSignOffs, type SignOff } from "../advance/sign-offs.ts";
import { SOURCE_STEP } from "../advance/source-step.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { type Rankable, rankCandidates } from "../rules/ranking.ts";
import type { ApprovalSnapshot } from "./approval-snapshot.ts";

/** A sign-off in force, and whether it counts. */
export interface CountedSignOff extends SignOff {
  /**
   * Of a request that waits: it is for the cut on which most agree, and the ranking still makes that cut. Of a gate that
   * was opened: it was for what was let through.
   */
  readonly counts: boolean;
}

/** The sign-offs of several approvals, the oldest first; of an approval without any, nothing. Three statements for all. */
export async function signOffsOf(
  { pool }: EngineDeps,
  approvalIds: readonly number[],
): Promise<Map<number, CountedSignOff[]>> {
  return await signOffsIn(queryable(pool), approvalIds);
}

/** The same within a transaction. */
export async function signOffsIn(
  db: Queryable,
  approvalIds: readonly number[],
): Promise<Map<number, CountedSignOff[]>> {
  const perApproval = Map.groupBy(await loadSignOffs(db, approvalIds), ({ approvalId }) => approvalId);
  if (perApproval.size === 0) return new Map();
  const gates = await loadGates(db, [...perApproval.keys()]);
  const waiting = gates.filter(({ status }) => status === "PENDING");
  const ranked = waiting.length === 0 ? new Map<number, Rankable[]>() : await loadRankings(db, waiting);
  return new Map(
    gates.map((gate) => {
      const signOffs = perApproval.get(gate.approvalId) ?? [];
      const counting = new Set(countingOf(gate, signOffs, ranked.get(gate.approvalId) ?? []));
      return [gate.approvalId, signOffs.map((signOff) => ({ ...signOff, counts: counting.has(signOff) }))];
    }),
  );
}

/**
 * Of requests that wait, those that somebody has signed off to a cut that the ranking still makes: others have to act, not
 * they. Three statements for all.
 */
export async function signedOffBy(
  db: Queryable,
  actorId: number,
  approvalIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const own = (await loadSignOffs(db, approvalIds)).filter((signOff) => signOff.actorId === actorId);
  if (own.length === 0) return new Set();
  const gates = await loadGates(
    db,
    own.map(({ approvalId }) => approvalId),
  );
  const ranked = await loadRankings(db, gates);
  const current = own.filter((signOff) =>
    isSameCut(signOff, cutOf(rankCandidates(ranked.get(signOff.approvalId) ?? []), signOff.topK)),
  );
  return new Set(current.map(({ approvalId }) => approvalId));
}

interface Gate extends GateToDecide {
  readonly approvalId: number;
  readonly status: string;
  readonly topK: number | null;
  readonly snapshot: Pick<ApprovalSnapshot, "ranked"> | null;
  /** The run step whose candidates the gate closes. */
  readonly sourceId: number;
  readonly isApprovalStep: boolean;
}

function countingOf(gate: Gate, signOffs: readonly SignOff[], ranked: readonly Rankable[]): SignOff[] {
  if (gate.status === "PENDING") return countingNow(signOffs, gate, rankCandidates(ranked));
  if (gate.status !== "APPROVED" || gate.topK === null) return [];
  return countingFor(signOffs, gate, cutOf(gate.snapshot?.ranked ?? [], gate.topK));
}

async function loadGates(db: Queryable, approvalIds: readonly number[]): Promise<Gate[]> {
  return await db.many(
    `SELECT a.id AS "approvalId", a.status, a.top_k AS "topK", a.snapshot, rs.policy, rs.id AS "runStepId",
            r.id AS "runId", r.created_by_id AS "createdById", s.kind = 'APPROVAL' AS "isApprovalStep", source.id AS "sourceId"
     FROM approvals a
     JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
     JOIN pipeline_runs r ON r.id = rs.pipeline_run_id
     CROSS JOIN LATERAL (${SOURCE_STEP}) source
     WHERE a.id = ANY($1)`,
    [approvalIds],
  );
}

/** What each of these gates ranks: for an APPROVAL step what came to it, as the approval itself takes it. */
async function loadRankings(db: Queryable, gates: readonly Gate[]): Promise<Map<number, Rankable[]>> {
  const rows = await db.many<Rankable & { approvalId: number }>(
    `SELECT gate."approvalId", c.id, c.elo, c.vote_count AS "voteCount", c.created_at AS "createdAt"
     FROM jsonb_to_recordset($1::jsonb) AS gate("approvalId" int, "sourceId" int, "isApprovalStep" boolean)
     JOIN candidates c ON c.pipeline_run_step_id = gate."sourceId"
     WHERE c.status = 'ACTIVE' AND (NOT gate."isApprovalStep" OR c.advancement = 'ADVANCING')`,
    [
      JSON.stringify(
        gates.map(({ approvalId, sourceId, isApprovalStep }) => ({ approvalId, sourceId, isApprovalStep })),
      ),
    ],
  );
  return Map.groupBy(rows, ({ approvalId }) => approvalId);
}
