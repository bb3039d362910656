import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import type { AuditHead } from "./audit-entry.ts";

/** An entry as it is stored: the text that was hashed, and beside it what lists are filtered by. */
export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly runId: number;
  readonly runStepId: number;
  readonly approvalId: number | null;
  readonly type: string;
  readonly actorId: number | null;
  readonly actorName: string | null;
  readonly channel: string | null;
  /** `AuditEntryContent` as canonical JSON. */
  readonly entry: string;
  readonly hash: string;
  readonly previousHash: string;
}

/** An entry holds every candidate that was shown: a few hundred KB at the very most. */
const PAGE = 200;

/**
 * Walks the chain, or one run's part of it, in the order of the places; page by page, so that memory stays the same
 * however long it is. What is added meanwhile is not part of it.
 *
 * @param options.runId only the entries of this run
 * @param options.upTo the last place; the chain's end as it is now where it is left out
 */
export async function* readAudit(
  deps: Pick<EngineDeps, "pool">,
  options: { readonly runId?: number | undefined; readonly upTo?: number | undefined; readonly page?: number } = {},
): AsyncGenerator<AuditRow[], void> {
  const db = queryable(deps.pool);
  const upTo = options.upTo ?? (await auditHead(deps))?.id;
  if (upTo === undefined) return;
  const size = options.page ?? PAGE;
  // Below 1, where a chain that somebody tampered with might have something.
  for (let after = -2_147_483_648; ; ) {
    const rows = await db.many<AuditRow>(
      `SELECT id, at, pipeline_run_id AS "runId", pipeline_run_step_id AS "runStepId", approval_id AS "approvalId", type,
         actor_id AS "actorId", actor_name AS "actorName", channel, entry, hash, previous_hash AS "previousHash"
       FROM audit_entries
       WHERE id > $1 AND id <= $2 AND ($3::int IS NULL OR pipeline_run_id = $3) ORDER BY id LIMIT $4`,
      [after, upTo, options.runId ?? null, size],
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    after = last.id;
  }
}

/** The end of the chain; null while it has no entry. */
export async function auditHead(deps: Pick<EngineDeps, "pool">): Promise<AuditHead | null> {
  const last = await queryable(deps.pool).maybe<AuditHead>(
    `SELECT id, hash FROM audit_entries ORDER BY id DESC LIMIT 1`,
  );
  return last ?? null;
}
