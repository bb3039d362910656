import { Anchor, Group, Select, Stack, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Paged } from "../../components/paged.tsx";
import { Rows } from "../../components/rows.tsx";
import type { AuditEntriesQuery as AuditEntriesResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { ApprovalsSignal, useRefreshOn } from "../../lib/refresh-signal.ts";
import { runTitle } from "../../lib/run-title.ts";
import { useEvery } from "../../lib/use-every.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { AuditEntryRow } from "./audit-entry-row.tsx";
import { ChainCheck } from "./chain-check.tsx";

const LOOK_AGAIN_MS = 30_000;

const route = getRouteApi("/records/");

const AuditEntriesQuery = graphql(`
  query AuditEntries($runId: ID, $after: String) {
    auditEntries(runId: $runId, first: 20, after: $after) {
      totalCount
      edges {
        cursor
        node {
          id
          ...AuditEntryRow_AuditEntry
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const RunsToFilterQuery = graphql(`
  query RunsToFilter {
    runs(first: 100) {
      edges {
        node {
          id
          number
          name
          prompt
          pipeline {
            id
            name
          }
        }
      }
    }
  }
`);

const FilteredRunQuery = graphql(`
  query FilteredRun($id: ID!) {
    run(id: $id) {
      id
      number
      name
      prompt
      pipeline {
        id
        name
      }
    }
  }
`);

/** Every decision about a gate, the newest first, over all runs or in one. */
export function DecisionsPage() {
  const { run } = route.useSearch();
  const suffix = run === undefined ? "" : `?run=${encodeURIComponent(run)}`;
  return (
    <Stack gap="lg">
      <PageTitle>Records</PageTitle>
      <Group justify="space-between" align="end">
        <RunFilter run={run} />
        <Group gap="md">
          <Text size="sm" c="dimmed">
            Export {run === undefined ? "all" : "this run"}:
          </Text>
          <Anchor size="sm" href={`/export/approvals.csv${suffix}`} download>
            CSV
          </Anchor>
          <Anchor size="sm" href={`/export/approvals.jsonl${suffix}`} download>
            JSON lines
          </Anchor>
        </Group>
      </Group>
      <ChainCheck />
      <Paged
        key={run ?? ""}
        page={(after, next) => <EntriesPart {...(run === undefined ? {} : { run })} after={after} next={next} />}
      />
    </Stack>
  );
}

/** The latest runs to choose from, and the chosen one wherever it comes from. */
function RunFilter({ run }: { readonly run: string | undefined }) {
  const navigate = route.useNavigate();
  const [{ data }] = useQuery({ query: RunsToFilterQuery });
  const [{ data: filtered }] = useQuery({ query: FilteredRunQuery, variables: { id: run ?? "" }, pause: !run });
  const runs = data ? nodesOf(data.runs) : [];
  const chosen = run !== undefined && filtered?.run?.id === run ? filtered.run : undefined;
  const all = chosen === undefined || runs.some(({ id }) => id === run) ? runs : [chosen, ...runs];
  return (
    <Select
      label="Run"
      placeholder="All runs"
      w={{ base: "100%", xs: 320 }}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Show all runs" }}
      nothingFoundMessage="No such run"
      data={all.map((each) => ({ value: each.id, label: `#${each.number}: ${runTitle(each)}` }))}
      value={run ?? null}
      onChange={(value) => void navigate({ search: value === null ? {} : { run: value } })}
    />
  );
}

interface EntriesPartProps {
  readonly run?: string;
  readonly after: string | null;
  readonly next: (end: AuditEntriesResult["auditEntries"]["pageInfo"]) => ReactNode;
}

function EntriesPart({ run, after, next }: EntriesPartProps) {
  const variables = { runId: run ?? null, after };
  const [{ data, error }, refetch] = useQuery({ query: AuditEntriesQuery, variables });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useRefreshOn(ApprovalsSignal, reload);
  // Of what else is recorded, such as imports and budgets, nothing tells.
  useOnReturn(reload);
  useEvery(LOOK_AGAIN_MS, reload);
  if (!data) return <LoadState what="decisions" error={error} onRetry={reload} />;
  const nodes = nodesOf(data.auditEntries);
  if (nodes.length === 0) {
    return (
      <EmptyPanel title="Nothing was decided yet">
        Each decision about a gate is recorded here as it is made.
      </EmptyPanel>
    );
  }
  return (
    <>
      <Rows label="Decisions">
        {nodes.map((node) => (
          <AuditEntryRow key={node.id} entry={node} />
        ))}
      </Rows>
      {next(data.auditEntries.pageInfo)}
    </>
  );
}
