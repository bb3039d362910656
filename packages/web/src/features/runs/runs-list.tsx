import { Button, Group, Skeleton, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useQuery } from "urql";
import { ErrorPanel } from "../../components/error-panel.tsx";
import type { RunStatus, RunsQuery as RunsQueryResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { RunRow } from "./run-row.tsx";
import { useRefreshSignal } from "./runs-live.tsx";

const PAGE_SIZE = 20;
/** Runs by their ids. */
type RunIds = Pick<ReadonlySet<string>, "has">;

const NONE: RunIds = new Set();

const RunsQuery = graphql(`
  query Runs($status: [RunStatus!], $first: Int!, $after: String) {
    runs(status: $status, first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node {
          id
          status
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

interface RunsListProps {
  readonly status: RunStatus[];
  /** Runs that are shown elsewhere. */
  readonly without?: RunIds;
  /** Wraps the rows once there is at least one, e.g. in a titled section. */
  readonly frame: (rows: ReactNode, totalCount: number) => ReactNode;
  readonly empty: ReactNode;
  readonly loading: ReactNode;
}

/**
 * Runs of the given statuses, newest first, a page at a time. Each page asks with the end cursor of the page
 * before it, so when new runs push the first page down, the pages after it follow without a gap or a double.
 */
export function RunsList({ status, without = NONE, frame, empty, loading }: RunsListProps) {
  const [pages, setPages] = useState(1);
  const [{ data, error }, refetch] = useRunsPage(status, null);
  if (error && !data) {
    return (
      <ErrorPanel
        title="The runs could not be loaded"
        words={wordsForError(error)}
        onRetry={() => refetch({ requestPolicy: "network-only" })}
      />
    );
  }
  if (!data) return loading;
  if (!hasRuns(data, status, without)) return empty;
  const rows = (
    <Rows
      status={status}
      without={without}
      page={data.runs}
      pagesLeft={pages}
      onMore={() => setPages((count) => count + 1)}
    />
  );
  return frame(rows, data.runs.totalCount);
}

/** Whether a list of these statuses has anything to show; undefined until it is known. */
export function useHasRuns(status: RunStatus[]): boolean | undefined {
  const [{ data }] = useRunsPage(status, null);
  return data && hasRuns(data, status);
}

function hasRuns(data: RunsQueryResult, status: readonly RunStatus[], without = NONE): boolean {
  return data.runs.pageInfo.hasNextPage || nodesOf(data.runs).some(belongs(status, without));
}

/** The cache knows a run's new status before the list is read again. */
function belongs(status: readonly RunStatus[], without: RunIds) {
  return (run: { readonly id: string; readonly status: RunStatus }) =>
    status.includes(run.status) && !without.has(run.id);
}

function useRunsPage(status: RunStatus[], after: string | null) {
  const query = useQuery({ query: RunsQuery, variables: { status, first: PAGE_SIZE, after } });
  const [, refetch] = query;
  useRefreshSignal(() => refetch({ requestPolicy: "network-only" }));
  return query;
}

interface PageProps {
  readonly status: RunStatus[];
  readonly without: RunIds;
  readonly pagesLeft: number;
  readonly onMore: () => void;
}

function Rows({ page, ...props }: PageProps & { readonly page: RunsQueryResult["runs"] }) {
  const { status, without, pagesLeft, onMore } = props;
  return (
    <>
      {nodesOf(page)
        .filter(belongs(status, without))
        .map((node) => (
          <RunRow key={node.id} run={node} reason={node} />
        ))}
      {page.pageInfo.hasNextPage && pagesLeft > 1 && (
        <NextPage {...props} after={page.pageInfo.endCursor} pagesLeft={pagesLeft - 1} />
      )}
      {page.pageInfo.hasNextPage && pagesLeft <= 1 && (
        <Group justify="center" p="sm">
          <Button variant="default" onClick={onMore}>
            Load more
          </Button>
        </Group>
      )}
    </>
  );
}

function NextPage({ after, ...props }: PageProps & { readonly after: string | null }) {
  const [{ data, error }, refetch] = useRunsPage(props.status, after);
  if (data) return <Rows {...props} page={data.runs} />;
  if (!error) return <RowsSkeleton />;
  return (
    <ErrorPanel
      title="The next runs could not be loaded"
      words={wordsForError(error)}
      onRetry={() => refetch({ requestPolicy: "network-only" })}
    />
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
