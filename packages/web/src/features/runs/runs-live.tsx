import { createContext, type ReactNode, useContext, useEffect } from "react";
import { useSubscription } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { AlertsSignal, createRefreshSignal } from "../../lib/refresh-signal.ts";
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

/** Runs have changed: which there are, or how they stand. */
export const RunsSignal = createContext(createRefreshSignal());

/** Keeps the lists below it current: rows change through the cache, and the lists are read again for who belongs where. */
export function RunsLive({ children }: { readonly children: ReactNode }) {
  const runs = useContext(RunsSignal);
  const alerts = useContext(AlertsSignal);
  const changed = useCoalesced(runs.emit, REFRESH_MS);
  const [{ data }] = useSubscription({ query: RunsChangedSubscription });
  useEffect(() => {
    if (data) changed();
  }, [data, changed]);
  // Somebody looks after a run now: it stands elsewhere, and is otherwise as it was.
  useEffect(() => alerts.listen(() => changed()), [alerts, changed]);
  return children;
}
