const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function ago(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

/**
 * "just now", "5 minutes ago", "2 hours ago", "3 days ago", and the date from a week on. Both arguments are
 * milliseconds since 1970. A moment in the future is clock skew between two machines and reads "just now".
 */
export function timeAgo(then: number, now: number): string {
  const passed = now - then;
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return ago(Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return ago(Math.floor(passed / HOUR), "hour");
  if (passed < 7 * DAY) return ago(Math.floor(passed / DAY), "day");
  return `on ${new Date(then).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}`;
}

/** "14:30" for a moment of today, "2 Dec, 09:00" for another day. Both arguments are milliseconds since 1970. */
export function clockTime(then: number, now: number): string {
  const at = new Date(then);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

const ISO_MOMENT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the server with each moment in it as a clock shows it here: "since 14:30" for "since 2026-12-02T13:30:00.000Z". */
export function withClockTimes(sentence: string, now: number): string {
  return sentence.replace(ISO_MOMENT, (moment) => clockTime(Date.parse(moment), now));
}

/** The whole moment, for a tooltip. */
export function fullTime(then: number): string {
  return new Date(then).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}
