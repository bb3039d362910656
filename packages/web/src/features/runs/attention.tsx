import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { createContext, type ReactNode, use, useMemo } from "react";
import type { AttentionQuery as AttentionResult, RunStatus } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { AlertsSignal } from "../../lib/refresh-signal.ts";
import { useLiveQuery } from "../../lib/use-live-query.ts";
import { counted } from "../../lib/words.ts";
import { needsSomebody } from "../alerts/alert-words.ts";
import { RunRow } from "./run-row.tsx";

const AttentionQuery = graphql(`
  query Attention {
    alerts {
      id
      acknowledgedAt
      resolvedAt
      run {
        id
        status
        ...RunRow_Run
        ...RunReason_Run
      }
    }
  }
`);

type AlarmedRun = AttentionResult["alerts"][number]["run"];

/** More than these are better looked through among the alerts. */
const MOST = 10;

const AttentionContext = createContext<readonly AlarmedRun[]>([]);

/** Runs with an alert that nobody has acknowledged. */
export function AttentionRuns({ children }: { readonly children: ReactNode }) {
  const { data } = useLiveQuery({ query: AttentionQuery, variables: {} }, AlertsSignal);
  const runs = useMemo(() => {
    const alarmed = (data?.alerts ?? []).filter(needsSomebody).map(({ run }) => run);
    const distinct = new Map(alarmed.map((run) => [run.id, run]));
    return [...distinct.values()].slice(0, MOST);
  }, [data]);
  return <AttentionContext value={runs}>{children}</AttentionContext>;
}

/** The statuses of the runs that are shown as those that need attention, and nowhere else, by their ids. */
export function useAlarmedRuns(): ReadonlyMap<string, RunStatus> {
  const runs = use(AttentionContext);
  return useMemo(() => new Map(runs.map(({ id, status }) => [id, status])), [runs]);
}

/** @param frame wraps the rows, if there are any */
export function AttentionRows({ frame }: { readonly frame: (rows: ReactNode, note: ReactNode) => ReactNode }) {
  const runs = use(AttentionContext);
  if (runs.length === 0) return null;
  return frame(
    runs.map((run) => <RunRow key={run.id} run={run} reason={run} />),
    <Anchor renderRoot={(rootProps) => <Link to="/alerts" {...rootProps} />} size="sm">
      {runs.length === MOST ? "All alerts" : `${counted(runs.length, "run")} with alerts`}
    </Anchor>,
  );
}
