import { type Context, useEffect, useEffectEvent, useState } from "react";
import { type AnyVariables, type CombinedError, type UseQueryArgs, useQuery } from "urql";
import { type RefreshSignal, useRefreshOn } from "./refresh-signal.ts";

const RETRY_MS = 3_000;

/**
 * A query that reads itself again whenever the signal is given. The last answer stays while another is on its way, and
 * while the server cannot be reached; then it is asked again every 3 s, since the signal will not come twice.
 */
export function useLiveQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
  signal: Context<RefreshSignal>,
) {
  const [{ data: latest, error }, refetch] = useQuery(args);
  const [data, setData] = useState(latest);
  if (latest !== undefined && latest !== data) setData(latest);
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(signal, reload);
  useRetry(error, reload);
  return { data, error, reload };
}

/** Asks again every 3 s while the server cannot be reached. */
export function useRetry(error: CombinedError | undefined, reload: () => void): void {
  const retry = useEffectEvent(reload);
  useEffect(() => {
    if (!error?.networkError) return;
    const timer = setTimeout(() => retry(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [error]);
}
