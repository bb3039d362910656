import type { Queryable } from "../db/queryable.ts";
import { type AuditEntryContent, type AuditHead, type AuditRecord, auditHash, CHAIN_START } from "./audit-entry.ts";
import { canonicalJson } from "./canonical-json.ts";

/** Key of the advisory lock that whoever adds to the chain holds until its transaction ends. */
const CHAIN_LOCK = 7_583_003;

/**
 * Adds records to the end of the chain, within the transaction of the decision that they tell of: both are there, or
 * neither is.
 *
 * Whoever adds holds a lock of the whole installation until the commit. So this is the last thing a transaction does:
 * after the row lock of its run, which makes the order of locks the same for all, and after its work, which makes the
 * time short.
 */
export async function appendAudit(
  db: Queryable,
  run: { readonly id: number; readonly name: string },
  records: readonly AuditRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await db.query(`SELECT pg_advisory_xact_lock($1)`, [CHAIN_LOCK]);
  // A statement of its own: what it sees has to be newer than the lock.
  const end = await db.one<{ id: number | null; hash: string | null; at: Date }>(
    `SELECT last.id, last.hash, now()::timestamptz(3) AS at FROM (VALUES (1)) AS one
     LEFT JOIN LATERAL (SELECT id, hash FROM audit_entries ORDER BY id DESC LIMIT 1) last ON true`,
  );
  let head: AuditHead = end.id !== null && end.hash !== null ? { id: end.id, hash: end.hash } : CHAIN_START;
  for (const record of records) head = await append(db, contentOf(record, head.id + 1, end.at, run), head, end.at);
}

async function append(db: Queryable, content: AuditEntryContent, head: AuditHead, at: Date): Promise<AuditHead> {
  const entry = canonicalJson(content);
  const hash = auditHash(head.hash, entry);
  await db.query(
    `INSERT INTO audit_entries (id, at, pipeline_run_id, pipeline_run_step_id, approval_id, type, actor_id, actor_name,
       channel, entry, hash, previous_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      content.id,
      at,
      content.run.id,
      content.step.id,
      content.approvalId,
      content.type,
      content.actor?.id ?? null,
      content.actor?.name ?? null,
      content.channel,
      entry,
      hash,
      head.hash,
    ],
  );
  return { id: content.id, hash };
}

function contentOf(
  record: AuditRecord,
  id: number,
  at: Date,
  run: { readonly id: number; readonly name: string },
): AuditEntryContent {
  const { actor, requestedAt } = record;
  return {
    ...record,
    // Only what is said here: the chain is no place for whatever else a caller's objects carry.
    step: { id: record.step.id, position: record.step.position, name: record.step.name, round: record.step.round },
    actor: actor && { id: actor.id, name: actor.name, role: actor.role },
    id,
    at: at.toISOString(),
    run: { id: run.id, name: run.name },
    requestedAt: requestedAt?.toISOString() ?? null,
    waitedSeconds: requestedAt && Math.max(0, at.getTime() - requestedAt.getTime()) / 1_000,
  };
}
