import { type Context, useEffect, useEffectEvent } from "react";
import { type AnyVariables, type CombinedError, type UseQueryArgs, useQuery } from "urql";
import { isTransient } from "./errors.ts";
import { type RefreshSignal, useRefreshOn } from "./refresh-signal.ts";

const RETRY_MS = 3_000;

/**
 * A query that reads itself again whenever the signal is given. Where that fails, it is asked again every 3 s, since the
 * signal will not come twice.
 */
export function useLiveQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
  signal: Context<RefreshSignal>,
) {
  const [{ data, error }, refetch] = useQuery(args);
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(signal, reload);
  useRetry(error, reload);
  return { data, error, reload };
}

/** Asks again every 3 s while the server cannot be reached, or is not up to it. */
export function useRetry(error: CombinedError | undefined, reload: () => void): void {
  const retry = useEffectEvent(reload);
  useEffect(() => {
    if (!error || !isTransient(error)) return;
    const timer = setTimeout(() => retry(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [error]);
}
