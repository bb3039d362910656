import { Tooltip } from "@mantine/core";
import { fullTime, timeAgo } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";

/** "2 hours ago", kept current, with the whole moment as a tooltip. `at` is an ISO date and time. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow();
  const then = Date.parse(at);
  return (
    <Tooltip label={<WholeMoment at={then} />}>
      <time dateTime={at}>{timeAgo(then, now)}</time>
    </Tooltip>
  );
}

/** Put in words when it is looked at: a browser's first formatted date takes as long as the rest of a small page. */
function WholeMoment({ at }: { readonly at: number }) {
  return fullTime(at);
}
