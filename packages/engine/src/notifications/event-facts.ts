import type { Queryable } from "../db/queryable.ts";
import type { AlertKind } from "../db/rows.ts";
import { signOffsIn } from "../queries/counted-sign-offs.ts";
import { type DecisionPolicy, quorumOf } from "../rules/decision-policy.ts";
import type { FedEvent } from "./event-feed.ts";
import type { NotificationType } from "./notification-types.ts";

export interface EventToTell extends FedEvent {
  readonly tells: NotificationType;
}

/** An event with the rows that it is about. */
export interface EventFacts {
  readonly event: EventToTell;
  readonly run: Row & {
    name: string;
    pipeline: string;
    status: string;
    reason: string | null;
    createdById: number | null;
  };
  readonly step:
    | (Row & { position: number; name: string; status: string; round: number; policy: DecisionPolicy })
    | null;
  /** The request that it is about; for an alert, the one that waits at its step. */
  readonly approval:
    | (Row & {
        status: string;
        round: number;
        requestedAt: string;
        decidedAt: string | null;
        decidedBy: string | null;
        channel: string | null;
        topK: number | null;
        comment: string | null;
        /** How many people have approved the cut on which most agree, where it takes several. */
        signOffs: number;
        /** How many it takes. */
        required: number;
      })
    | null;
  readonly alert:
    | (Row & {
        kind: AlertKind;
        message: string;
        raisedAt: string;
        reminders: number;
        acknowledgedAt: string | null;
        snoozedUntil: string | null;
        resolvedAt: string | null;
        escalatedTo: readonly string[];
      })
    | null;
}

interface Row {
  readonly id: number;
}

/** The rows that events are about, in as many statements for all of them as for one. */
export async function factsOf(tx: Queryable, events: readonly EventToTell[]): Promise<EventFacts[]> {
  const asked = events.map(({ id, runId, data }) => ({
    id,
    run: runId,
    step: data.runStepId ?? null,
    approval: data.approvalId ?? null,
    alert: data.alertId ?? null,
  }));
  const rows = await tx.many<FactsRow>(FACTS_SQL, [JSON.stringify(asked)]);
  const byEvent = new Map(rows.map((row) => [row.eventId, row]));
  const signOffs = await signOffsIn(
    tx,
    rows.flatMap(({ approval }) => (approval ? [approval.id] : [])),
  );
  // A run that was deleted in between is told of no more.
  return events.flatMap((event) => {
    const facts = byEvent.get(event.id);
    if (!facts) return [];
    const approval = facts.approval && {
      ...facts.approval,
      signOffs: (signOffs.get(facts.approval.id) ?? []).filter(({ counts }) => counts).length,
      required: quorumOf(facts.step?.policy ?? {}),
    };
    return [{ ...facts, approval, event }];
  });
}

type FactsRow = Omit<EventFacts, "event" | "approval"> & {
  readonly eventId: string;
  readonly approval: Omit<NonNullable<EventFacts["approval"]>, "signOffs" | "required"> | null;
};

const time = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const FACTS_SQL = `
  SELECT asked.id AS "eventId",
    jsonb_build_object('id', r.id, 'name', r.name, 'pipeline', p.name, 'status', r.status, 'reason', r.status_reason,
      'createdById', r.created_by_id) AS run,
    CASE WHEN rs.id IS NOT NULL THEN jsonb_build_object('id', rs.id, 'position', rs.position, 'name', s.name,
      'status', rs.status, 'round', rs.round, 'policy', rs.policy) END AS step,
    CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('id', a.id, 'status', a.status, 'round', a.round,
      'requestedAt', ${time("a.requested_at")}, 'decidedAt', ${time("a.decided_at")}, 'decidedBy', by.name,
      'channel', a.channel, 'topK', a.top_k, 'comment', a.comment) END AS approval,
    CASE WHEN al.id IS NOT NULL THEN jsonb_build_object('id', al.id, 'kind', al.kind, 'message', al.message,
      'raisedAt', ${time("al.raised_at")}, 'reminders', al.reminders, 'acknowledgedAt', ${time("al.acknowledged_at")},
      'snoozedUntil', ${time("al.snoozed_until")},
      'resolvedAt', ${time("al.resolved_at")}, 'escalatedTo', al.escalated_to) END AS alert
  FROM jsonb_to_recordset($1::jsonb) AS asked(id text, run int, step int, approval int, alert int)
  JOIN pipeline_runs r ON r.id = asked.run
  JOIN pipelines p ON p.id = r.pipeline_id
  LEFT JOIN alerts al ON al.id = asked.alert
  LEFT JOIN pipeline_run_steps rs ON rs.id = coalesce(asked.step, al.pipeline_run_step_id)
  LEFT JOIN pipeline_steps s ON s.id = rs.pipeline_step_id
  LEFT JOIN LATERAL (
    SELECT * FROM approvals a
    WHERE a.id = asked.approval
       OR (asked.approval IS NULL AND asked.alert IS NOT NULL AND a.pipeline_run_step_id = rs.id AND a.status = 'PENDING')
    LIMIT 1
  ) a ON true
  LEFT JOIN actors by ON by.id = a.decided_by_id`;
