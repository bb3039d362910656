import { createHash } from "node:crypto";

/** The place of one candidate. Step 1's slots have no parent. */
export interface Slot {
  readonly runId: number;
  readonly runStepId: number;
  readonly parentId: number | null;
  /** From 1. */
  readonly ordinal: number;
}

/**
 * S4: an unsigned 32-bit seed, the first four bytes of SHA-256 over `run|step|parent|ordinal`. A retried job keeps
 * its slot and so its seed; a replacement has a new ordinal. `SEED_SQL` is the same for the statement that fills slots.
 */
export function seedOf(slot: Slot): number {
  const text = `${slot.runId}|${slot.runStepId}|${slot.parentId ?? 0}|${slot.ordinal}`;
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}

/** `seedOf` as an SQL expression over the columns of a slot. */
export const SEED_SQL = `
  ('x' || left(encode(sha256(convert_to(
    concat_ws('|', slot.run_id, slot.run_step_id, coalesce(slot.parent_id, 0), slot.ordinal), 'UTF8')), 'hex'), 8)
  )::bit(32)::bigint`;
