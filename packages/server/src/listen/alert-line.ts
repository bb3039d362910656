import { runUrl } from "@sluice/engine";

/** An alert as the listener asks for it. */
export interface ListenedAlert {
  readonly id: string;
  readonly cursor: string;
  readonly change: string | null;
  readonly changedAt: string | null;
  readonly changedBy: { readonly name: string } | null;
  readonly changeComment: string | null;
  readonly kind: string;
  readonly message: string;
  readonly since: string;
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: { readonly name: string } | null;
  readonly snoozedUntil: string | null;
  readonly reminders: number;
  readonly escalatedTo: readonly string[];
  readonly resolvedAt: string | null;
  readonly run: { readonly id: string; readonly number: number; readonly name: string };
  readonly step: { readonly position: number; readonly name: string } | null;
}

/** The selection that fills it. */
export const ALERT_FIELDS = `
  id cursor change changedAt changedBy { name } changeComment kind message since raisedAt acknowledgedAt
  acknowledgedBy { name } snoozedUntil reminders escalatedTo resolvedAt run { id number name } step { position name }`;

/** What a listener prints, one line each. Programs read it: names are added, never changed. */
export interface AlertLine {
  readonly cursor: string;
  readonly change: string | null;
  readonly changedAt: string | null;
  /** The name of who did it; null when it happened by itself. */
  readonly changedBy: string | null;
  /** What they said with it. */
  readonly comment: string | null;
  readonly id: string;
  readonly kind: string;
  readonly message: string;
  /** The run's number. */
  readonly run: number;
  readonly runName: string;
  /** The step's position. */
  readonly step: number | null;
  readonly stepName: string | null;
  /** Where the run is shown. */
  readonly url: string;
  readonly since: string;
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly snoozedUntil: string | null;
  readonly reminders: number;
  readonly escalatedTo: readonly string[];
  readonly resolvedAt: string | null;
}

/** @param origin where people reach the dashboard */
export function alertLine(alert: ListenedAlert, origin: string): AlertLine {
  const { cursor, change, changedAt, id, kind, message, since, raisedAt, acknowledgedAt, snoozedUntil } = alert;
  return {
    cursor,
    change,
    changedAt,
    changedBy: alert.changedBy?.name ?? null,
    comment: alert.changeComment,
    id,
    kind,
    message,
    run: alert.run.number,
    runName: alert.run.name,
    step: alert.step?.position ?? null,
    stepName: alert.step?.name ?? null,
    url: runUrl(origin, alert.run.id),
    since,
    raisedAt,
    acknowledgedAt,
    acknowledgedBy: alert.acknowledgedBy?.name ?? null,
    snoozedUntil,
    reminders: alert.reminders,
    escalatedTo: alert.escalatedTo,
    resolvedAt: alert.resolvedAt,
  };
}

/** The same for a command's environment. */
export function alertVariables(line: AlertLine): Record<string, string> {
  return {
    SLUICE_ALERT_CURSOR: line.cursor,
    SLUICE_ALERT_CHANGE: line.change ?? "",
    SLUICE_ALERT_BY: line.changedBy ?? "",
    SLUICE_ALERT_COMMENT: line.comment ?? "",
    SLUICE_ALERT_ID: line.id,
    SLUICE_ALERT_KIND: line.kind,
    SLUICE_ALERT_MESSAGE: line.message,
    SLUICE_ALERT_RUN: String(line.run),
    SLUICE_ALERT_STEP: line.step === null ? "" : String(line.step),
    SLUICE_ALERT_URL: line.url,
  };
}
