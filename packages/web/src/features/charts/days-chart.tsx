import { durationWords } from "../../lib/duration.ts";
import { BarChart } from "./bar-chart.tsx";
import { type Day, durationUnit, everyDay } from "./days.ts";

/** How long people took to decide, day by day. Days are of UTC, as the server counts them. */
export function DaysChart({ days }: { readonly days: readonly Day[] }) {
  const all = everyDay(days);
  return (
    <BarChart
      title="Time to decide, by day"
      description="Half of the day's decisions took less than the bar is high, from the request to the decision (days in UTC)."
      head={["Day", "Half within", "Decisions"]}
      unit={durationUnit(Math.max(0, ...all.map(({ medianSeconds }) => medianSeconds)))}
      words={durationWords}
      bars={all.map(({ day, decisions, medianSeconds }) => ({
        key: day,
        name: dayWords(day, { day: "numeric", month: "short", year: "numeric" }),
        short: dayWords(day, { day: "numeric", month: "short" }),
        value: medianSeconds,
        cells: [decisions === 0 ? "–" : durationWords(medianSeconds), `${decisions}`],
      }))}
    />
  );
}

function dayWords(day: string, parts: Intl.DateTimeFormatOptions): string {
  return new Date(day).toLocaleDateString("en-GB", { ...parts, timeZone: "UTC" });
}
