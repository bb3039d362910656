import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { LoadState } from "../../components/load-state.tsx";
import { Paged } from "../../components/paged.tsx";
import type { RunStatus, RunsQuery as RunsQueryResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useRefreshOn } from "../../lib/refresh-signal.ts";
import { needsSomebody } from "../alerts/alert-words.ts";
import { RunRow } from "./run-row.tsx";
import { RunsSignal } from "./runs-live.tsx";

const RunsQuery = graphql(`
  query Runs($status: [RunStatus!], $needsAttention: Boolean!, $first: Int!, $after: String) {
    runs(status: $status, needsAttention: $needsAttention, first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node {
          id
          status
          alerts {
            id
            acknowledgedAt
            resolvedAt
          }
          ...RunRow_Run
          ...RunReason_Run
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Which runs a list shows. */
export interface RunsFilter {
  /** Those of any status where it is left out. */
  readonly status?: RunStatus[];
  /** Those with an alert that nobody looks after, or those without. */
  readonly needsAttention: boolean;
  readonly pageSize?: number;
}

const PAGE_SIZE = 20;

interface RunsListProps {
  readonly filter: RunsFilter;
  /** Wraps the rows once there is at least one, e.g. in a titled section. */
  readonly frame: (rows: ReactNode, totalCount: number) => ReactNode;
  readonly empty?: ReactNode;
  readonly loading?: ReactNode;
  /** Another list of the page says so where the runs cannot be loaded. */
  readonly silent?: boolean;
}

/**
 * Runs, newest first, a page at a time. Each page asks with the end cursor of the page
 * before it, so when new runs push the first page down, the pages after it follow without a gap or a double.
 */
export function RunsList({ filter, frame, empty = null, loading = null, silent = false }: RunsListProps) {
  const { data, error, reload } = useRunsPage(filter, null);
  if (error && !data) return silent ? null : <LoadState what="runs" error={error} onRetry={reload} />;
  if (!data) return loading;
  if (!hasRuns(data, filter)) return empty;
  const rows = <Paged page={(after, next) => <RunsPart filter={filter} after={after} next={next} />} />;
  return frame(rows, data.runs.totalCount);
}

/** Whether such a list has anything to show; undefined until it is known. */
export function useHasRuns(filter: RunsFilter): boolean | undefined {
  const { data } = useRunsPage(filter, null);
  return data && hasRuns(data, filter);
}

function hasRuns(data: RunsQueryResult, filter: RunsFilter): boolean {
  return data.runs.pageInfo.hasNextPage || nodesOf(data.runs).some((run) => belongs(run, filter));
}

interface ListedRun {
  readonly status: RunStatus;
  /** Those that are not over. */
  readonly alerts: readonly { readonly acknowledgedAt: string | null; readonly resolvedAt: string | null }[];
}

/** The cache knows a run's new status, and what became of its alerts, before the list is read again. */
function belongs(run: ListedRun, { status, needsAttention }: RunsFilter): boolean {
  return (status === undefined || status.includes(run.status)) && run.alerts.some(needsSomebody) === needsAttention;
}

function useRunsPage({ status, needsAttention, pageSize = PAGE_SIZE }: RunsFilter, after: string | null) {
  const variables = { status: status ?? null, needsAttention, first: pageSize, after };
  const [{ data, error }, refetch] = useQuery({ query: RunsQuery, variables });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(RunsSignal, reload);
  return { data, error, reload };
}

interface RunsPartProps {
  readonly filter: RunsFilter;
  readonly after: string | null;
  readonly next: (end: RunsQueryResult["runs"]["pageInfo"]) => ReactNode;
}

function RunsPart({ filter, after, next }: RunsPartProps) {
  const { data, error, reload } = useRunsPage(filter, after);
  if (!data) return error ? <LoadState what="next runs" error={error} onRetry={reload} /> : <RowsSkeleton />;
  return (
    <>
      {nodesOf(data.runs)
        .filter((run) => belongs(run, filter))
        .map((node) => (
          <RunRow key={node.id} run={node} reason={node} />
        ))}
      {next(data.runs.pageInfo)}
    </>
  );
}

export function RowsSkeleton() {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading runs">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={52} />
      ))}
    </Stack>
  );
}
