import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from "react";
import { useSubscription } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { AlertsSignal, useRefreshOn } from "../../lib/refresh-signal.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";

const REFRESH_MS = 700;

const RunsChangedSubscription = graphql(`
  subscription RunsChanged {
    runsChanged {
      id
      ...RunRow_Run
    }
  }
`);

const RefreshContext = createContext(0);

/** Keeps the lists below it current: rows change through the cache, and the lists are read again for who belongs where. */
export function RunsLive({ children }: { readonly children: ReactNode }) {
  const [signal, setSignal] = useState(0);
  const refresh = useCoalesced(() => setSignal((count) => count + 1), REFRESH_MS);
  const [{ data }] = useSubscription({ query: RunsChangedSubscription });
  useEffect(() => {
    if (data) refresh();
  }, [data, refresh]);
  // Somebody looks after a run now: it stands elsewhere, and is otherwise as it was.
  useRefreshOn(AlertsSignal, refresh);
  return <RefreshContext value={signal}>{children}</RefreshContext>;
}

/** Calls `refetch` whenever the lists should be read again. */
export function useRefreshSignal(refetch: () => void): void {
  const signal = useContext(RefreshContext);
  const run = useEffectEvent(refetch);
  useEffect(() => {
    if (signal > 0) run();
  }, [signal]);
}
