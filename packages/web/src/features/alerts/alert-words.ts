import type { AlertKind } from "../../gql/generated/graphql.ts";

const TITLES = {
  APPROVAL_STALLED: "Approval has stalled",
  GENERATION_STALLED: "Generation has stalled",
  GENERATION_FAILING: "Generation has stopped",
} as const satisfies Record<AlertKind, string>;

export function alertTitle(kind: AlertKind): string {
  return TITLES[kind];
}

export interface Snooze {
  readonly label: string;
  readonly input: { readonly minutes: number } | { readonly until: string };
}

/** Nine in the morning: an alert that is put off until tomorrow is there when work begins. */
const MORNING = 9;

/** For how long an alert can be put off; `now` says when tomorrow is, in the browser's time zone. */
export function snoozes(now: Date): readonly Snooze[] {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(MORNING, 0, 0, 0);
  return [
    { label: "For 1 hour", input: { minutes: 60 } },
    { label: "For 4 hours", input: { minutes: 240 } },
    { label: "Until tomorrow, 9:00", input: { until: tomorrow.toISOString() } },
  ];
}

interface AlertState {
  readonly acknowledgedAt: string | null;
  readonly snoozedUntil: string | null;
  readonly resolvedAt: string | null;
}

/** Whether nobody has said anything to it yet. */
export function needsSomebody({ acknowledgedAt, resolvedAt }: Omit<AlertState, "snoozedUntil">): boolean {
  return acknowledgedAt === null && resolvedAt === null;
}

/** Whether it is put off at `now`, in milliseconds since 1970. */
export function isSnoozed({ snoozedUntil, resolvedAt }: AlertState, now: number): boolean {
  return resolvedAt === null && snoozedUntil !== null && Date.parse(snoozedUntil) > now;
}
