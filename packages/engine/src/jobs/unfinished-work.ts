import type { RunTransaction } from "../db/run-transaction.ts";

/**
 * Forgets the picture and the text of these jobs' unfinished candidates: they are shown while an attempt runs, and go with
 * it, however it ends.
 */
export async function dropUnfinished(tx: Pick<RunTransaction, "query">, jobIds: readonly number[]): Promise<void> {
  if (jobIds.length === 0) return;
  await tx.query(
    `WITH gone AS (DELETE FROM job_previews WHERE job_id = ANY($1))
     UPDATE jobs SET text_so_far = NULL WHERE id = ANY($1) AND text_so_far IS NOT NULL`,
    [jobIds],
  );
}
