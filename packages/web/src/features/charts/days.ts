/** What happened on one day; `day` is its beginning in UTC, an ISO date and time. */
export interface Day {
  readonly day: string;
  readonly decisions: number;
  readonly medianSeconds: number;
}

const DAY_MS = 86_400_000;
/** More bars than this cannot be told apart. */
const MOST_DAYS = 92;

/**
 * The days from the first to the last with those between on which nothing happened, as long as that is no more than a
 * quarter of a year; otherwise the days as they are. Takes them oldest first.
 */
export function everyDay(days: readonly Day[]): readonly Day[] {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return days;
  const start = Date.parse(first.day);
  const count = Math.round((Date.parse(last.day) - start) / DAY_MS) + 1;
  if (count > MOST_DAYS) return days;
  const known = new Map(days.map((day) => [Date.parse(day.day), day]));
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * DAY_MS;
    return known.get(at) ?? { day: new Date(at).toISOString(), decisions: 0, medianSeconds: 0 };
  });
}

/** Seconds of the unit that a scale of durations up to this many seconds counts in. */
export function durationUnit(mostSeconds: number): number {
  if (mostSeconds > 2 * 86_400) return 86_400;
  if (mostSeconds > 2 * 3_600) return 3_600;
  return mostSeconds > 120 ? 60 : 1;
}
