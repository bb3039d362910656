import type { AuditEntryContent, AuditRow } from "@sluice/engine";
import { stringify } from "csv-stringify/sync";

type Value = string | number | null;

/** The columns, in order. What is exported may gain columns at the end; those that are there keep name and meaning. */
const COLUMNS: Record<string, (entry: AuditEntryContent, row: AuditRow) => Value> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  type: ({ type }) => type,
  run: ({ run }) => run.id,
  run_name: ({ run }) => run.name,
  step: ({ step }) => step.position,
  step_name: ({ step }) => step.name,
  round: ({ step }) => step.round,
  approval: ({ approvalId }) => approvalId,
  person: ({ actor }) => actor?.name ?? null,
  role: ({ actor }) => actor?.role ?? null,
  channel: ({ channel }) => channel,
  k: ({ topK }) => topK,
  ranking_version: ({ rankingVersion }) => rankingVersion,
  confidence: ({ confidence }) => confidence,
  /** Ids, best first. */
  shown: ({ shown }) => shown?.map(({ id }) => id).join(" ") ?? null,
  advancing: ({ shown }) => shown?.flatMap(({ id, advances }) => (advances ? [id] : [])).join(" ") ?? null,
  comment: ({ comment }) => comment,
  override_reason: ({ overrideReason }) => overrideReason,
  requested_at: ({ requestedAt }) => requestedAt,
  waited_seconds: ({ waitedSeconds }) => waitedSeconds,
  sent_back_to: ({ sentBackTo }) => sentBackTo,
  policy: ({ policy }) => policy && JSON.stringify(policy),
  hash: (_entry, { hash }) => hash,
  previous_hash: (_entry, { previousHash }) => previousHash,
  /** Of `candidate_rejected` and `candidate_restored`: its id, whether another one takes or took its place, and whether the gate was decided by then. */
  candidate: ({ candidate }) => candidate?.id ?? null,
  candidate_replaced: ({ candidate }) => (candidate ? String(candidate.replaced) : null),
  candidate_after_decision: ({ candidate }) => (candidate ? String(candidate.afterDecision) : null),
  /** Of `candidates_imported`: their ids. */
  imported: ({ imported }) => imported?.map(({ id }) => id).join(" ") ?? null,
  /** Of `budget_changed`: what the run might spend before and may since; empty is without a limit. */
  max_jobs_before: ({ budget }) => budget?.before.maxJobs ?? null,
  max_jobs_after: ({ budget }) => budget?.after.maxJobs ?? null,
  max_cost_usd_before: ({ budget }) => budget?.before.maxCostUsd ?? null,
  max_cost_usd_after: ({ budget }) => budget?.after.maxCostUsd ?? null,
};

/** The line with the names of the columns. */
export function csvHeader(): string {
  return csv([Object.keys(COLUMNS)]);
}

/** A line for each entry. */
export function csvLines(rows: readonly AuditRow[]): string {
  return csv(
    rows.map((row) => {
      const entry = JSON.parse(row.entry) as AuditEntryContent;
      return Object.values(COLUMNS).map((value) => value(entry, row));
    }),
  );
}

/** RFC 4180. Text that a spreadsheet would take for a formula begins with an apostrophe, which makes it text. */
function csv(rows: readonly (readonly Value[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    // The library itself quotes a line break only where it is the delimiter's own.
    { record_delimiter: "windows", escape_formulas: true, quoted_match: /[\r\n]/ },
  );
}
