import type { Queryable } from "../db/queryable.ts";
import type { AlertKind } from "../db/rows.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";
import type { FedEvent } from "./event-feed.ts";
import type { NotificationType, TEST_TYPE } from "./notification-types.ts";

/** What a receiver is told: the body of a webhook's request, and what an email is written from. */
export interface Message {
  readonly type: NotificationType | typeof TEST_TYPE;
  /** When it happened. */
  readonly timestamp: string;
  readonly data: MessageData;
}

/** Ids are those of the API. Objects are as they were when the message was made. */
export interface MessageData {
  readonly run?: {
    readonly id: string;
    readonly number: number;
    readonly name: string;
    readonly pipeline: string;
    readonly status: string;
    readonly reason: string | null;
    /** At the dashboard. */
    readonly url: string;
  };
  readonly step?: {
    readonly id: string;
    readonly position: number;
    readonly name: string;
    readonly status: string;
    readonly round: number;
  };
  readonly approval?: {
    readonly id: string;
    readonly status: string;
    readonly round: number;
    readonly requestedAt: string;
    readonly decidedAt: string | null;
    readonly decidedBy: string | null;
    readonly channel: string | null;
    readonly topK: number | null;
    readonly comment: string | null;
  };
  readonly alert?: {
    readonly id: string;
    readonly kind: AlertKind;
    readonly message: string;
    readonly raisedAt: string;
    readonly reminders: number;
    readonly acknowledgedAt: string | null;
    readonly resolvedAt: string | null;
  };
  /** Who did it; null when it happened by itself. */
  readonly actor?: string | null;
  /** What they said with it. */
  readonly comment?: string | null;
  /** A sentence for people. */
  readonly text: string;
}

/** What the server knows and the engine does not. */
export interface MessageLinks {
  /** Where people reach the dashboard, without a slash at its end. */
  readonly origin: string;
  /** The API's id of an object. */
  idOf(type: "Run" | "RunStep" | "Approval" | "Alert", id: number): string;
}

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
      })
    | null;
  readonly alert:
    | (Row & {
        kind: AlertKind;
        message: string;
        raisedAt: string;
        reminders: number;
        acknowledgedAt: string | null;
        resolvedAt: string | null;
        escalatedTo: readonly string[];
      })
    | null;
}

interface Row {
  readonly id: number;
}

/** The rows that events are about, in one statement. */
export async function factsOf(tx: Queryable, events: readonly EventToTell[]): Promise<EventFacts[]> {
  const asked = events.map(({ id, runId, data }) => ({
    id,
    run: runId,
    step: data.runStepId ?? null,
    approval: data.approvalId ?? null,
    alert: data.alertId ?? null,
  }));
  const rows = await tx.many<Omit<EventFacts, "event"> & { eventId: string }>(FACTS_SQL, [JSON.stringify(asked)]);
  const byEvent = new Map(rows.map((row) => [row.eventId, row]));
  // A run that was deleted in between is told of no more.
  return events.flatMap((event) => {
    const facts = byEvent.get(event.id);
    return facts ? [{ ...facts, event }] : [];
  });
}

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

/** The message that tells of an event. */
export function messageOf({ event, run, step, approval, alert }: EventFacts, links: MessageLinks): Message {
  const data: MessageData = {
    text: sentence({ event, run, step, approval, alert }),
    run: {
      id: links.idOf("Run", run.id),
      number: run.id,
      name: run.name,
      pipeline: run.pipeline,
      status: run.status,
      reason: cut(run.reason),
      url: `${links.origin}/runs/${links.idOf("Run", run.id)}`,
    },
    ...(step && {
      step: {
        id: links.idOf("RunStep", step.id),
        position: step.position,
        name: step.name,
        status: step.status,
        round: step.round,
      },
    }),
    ...(approval && {
      approval: { ...approval, id: links.idOf("Approval", approval.id), comment: cut(approval.comment) },
    }),
    ...(alert && {
      alert: {
        id: links.idOf("Alert", alert.id),
        kind: alert.kind,
        message: alert.message,
        raisedAt: alert.raisedAt,
        reminders: alert.reminders,
        acknowledgedAt: alert.acknowledgedAt,
        resolvedAt: alert.resolvedAt,
      },
    }),
    actor: event.actorName,
    ...(typeof event.data.comment === "string" && { comment: cut(event.data.comment) }),
  };
  return { type: event.tells, timestamp: event.at.toISOString(), data };
}

/** A comment may be long; receivers get the start of it, so that no message outgrows what they take. */
const MAX_TEXT = 2_000;

function cut(text: string | null): string | null {
  if (text === null || text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT).toWellFormed()}…`;
}

function sentence({ event, run, step, alert }: EventFacts): string {
  const place = step ? `Run #${run.id}, step ${step.position} (${step.name})` : `Run #${run.id}`;
  const by = event.actorName === null ? "" : ` by ${event.actorName}`;
  switch (event.tells) {
    case "approval.requested":
      return `${place} waits for approval.`;
    case "approval.signed_off":
      return `${place} was signed off${by}: ${event.data.signOffs} of ${event.data.required}.`;
    case "approval.granted":
      return `${place} was approved${by || " by its policy"}.`;
    case "approval.rejected":
      return `${place} was rejected${by}, which ended the run.`;
    case "approval.cancelled":
      return `${place} does not wait for approval any more.`;
    case "step.sent_back":
      return `${place} was sent back${by}.`;
    case "alert.raised":
    case "alert.reminded":
    case "alert.escalated":
      return alert?.message ?? `${place} needs attention.`;
    case "alert.acknowledged":
      return `${place}: the alert was acknowledged${by}.`;
    case "alert.resolved":
      return `${place}: the alert is over.`;
    case "run.finished":
      return `Run #${run.id} is ${String(event.data.status).toLowerCase()}.`;
    default:
      return event.tells satisfies never;
  }
}
