import { Tooltip } from "@mantine/core";
import { fullTime, timeAgo } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";

/** "2 hours ago", kept current, with the whole moment as a tooltip. `at` is an ISO date and time. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow();
  const then = Date.parse(at);
  return (
    <Tooltip label={fullTime(then)}>
      <time dateTime={at}>{timeAgo(then, now)}</time>
    </Tooltip>
  );
}
