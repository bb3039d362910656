import type { AlertKind } from "../db/rows.ts";
import type { EventFacts } from "./event-facts.ts";
import type { NotificationType, TEST_TYPE } from "./notification-types.ts";
import { runUrl } from "./run-url.ts";
import { sentence } from "./sentence.ts";

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
    /** How many people have approved the cut on which most agree; counted where it takes several. */
    readonly signOffs: number;
    /** How many it takes. */
    readonly required: number;
  };
  readonly alert?: {
    readonly id: string;
    readonly kind: AlertKind;
    readonly message: string;
    readonly raisedAt: string;
    readonly reminders: number;
    readonly acknowledgedAt: string | null;
    readonly snoozedUntil: string | null;
    readonly escalatedTo: readonly string[];
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
      url: runUrl(links.origin, links.idOf("Run", run.id)),
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
        snoozedUntil: alert.snoozedUntil,
        escalatedTo: alert.escalatedTo,
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
