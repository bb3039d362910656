import { useEffect, useEffectEvent } from "react";
import { useQuery, useSubscription } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { useHasConnected } from "../../lib/connection-state.ts";
import { AlertsSignal } from "../../lib/refresh-signal.ts";
import { useLiveQuery, useRetry } from "../../lib/use-live-query.ts";

const OpenAlertsQuery = graphql(`
  query OpenAlerts {
    alerts {
      id
      acknowledgedAt
      resolvedAt
      ...AlertCard_Alert
    }
  }
`);

/** Alerts that are not over, newest first. The count in the header and the list are one query. */
export function useOpenAlerts() {
  return useLiveQuery({ query: OpenAlertsQuery, variables: {} }, AlertsSignal);
}

const AlertCursorQuery = graphql(`
  query AlertCursor {
    alertCursor
  }
`);

const AlertChangedSubscription = graphql(`
  subscription AlertChanged($after: String) {
    alertChanged(after: $after) {
      id
      cursor
      change
      acknowledgedAt
      resolvedAt
      ...AlertCard_Alert
    }
  }
`);

/**
 * Follows every change of every alert, and calls `onChange` after each, and once when it begins: what was read before
 * that may be old. The place to begin is read when the live connection is there, and before the lists are read again:
 * what happens in between is told again instead of lost.
 */
export function useAlertChanges(onChange: () => void): void {
  const [{ data: start, error }, askAgain] = useQuery({
    query: AlertCursorQuery,
    requestPolicy: "cache-first",
    pause: !useHasConnected(),
  });
  useRetry(error, () => askAgain({ requestPolicy: "network-only" }));
  const [{ data }] = useSubscription({
    query: AlertChangedSubscription,
    variables: { after: start?.alertCursor ?? null },
    pause: start === undefined,
  });
  const changed = useEffectEvent(onChange);
  useEffect(() => {
    if (start !== undefined) changed();
  }, [start]);
  useEffect(() => {
    if (data) changed();
  }, [data]);
}
