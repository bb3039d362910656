import { clockTime } from "../../lib/time.ts";
import { counted } from "../../lib/words.ts";
import { BarChart } from "./bar-chart.tsx";

interface VotesChartProps {
  /** Spans of equal length, the oldest first. */
  readonly buckets: readonly { readonly at: string; readonly votes: number }[];
}

/** When the votes of a step were cast. */
export function VotesChart({ buckets }: VotesChartProps) {
  const now = Date.now();
  const votes = buckets.reduce((sum, bucket) => sum + bucket.votes, 0);
  return (
    <BarChart
      title="Votes over time"
      description={`${counted(votes, "vote")}; each bar is a span of the same length, from the moment below it.`}
      head={["From", "Votes"]}
      words={(value) => (Number.isInteger(value) ? `${value}` : "")}
      bars={buckets.map((bucket) => ({
        key: bucket.at,
        name: clockTime(Date.parse(bucket.at), now),
        short: clockTime(Date.parse(bucket.at), now),
        value: bucket.votes,
        cells: [`${bucket.votes}`],
      }))}
    />
  );
}
