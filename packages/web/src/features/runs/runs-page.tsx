import { Button, Container, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import type { RunStatus } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { useMay } from "../../lib/viewer.ts";
import { AttentionRows, AttentionRuns, useAlarmedRuns } from "./attention.tsx";
import { RowsSkeleton, RunsList, useHasRuns } from "./runs-list.tsx";
import { RunsLive } from "./runs-live.tsx";

const WAITING: RunStatus[] = ["WAITING_FOR_APPROVAL"];
const OTHERS: RunStatus[] = ["RUNNING", "COMPLETED", "REJECTED", "FAILED", "ABORTED"];

/** All runs: first those that something is wrong with, then those that wait for a person, then the rest. */
export function RunsPage() {
  return (
    <Container size="lg" py="lg">
      <PageTitle>Runs</PageTitle>
      <Stack gap="xl">
        <Title order={1} size="h2">
          Runs
        </Title>
        <RunsLive>
          <AttentionRuns>
            <AttentionRows
              frame={(rows, note) => (
                <Section title="Needs attention" note={note}>
                  {rows}
                </Section>
              )}
            />
            <WaitingRuns />
            <OtherRuns />
          </AttentionRuns>
        </RunsLive>
      </Stack>
    </Container>
  );
}

const RunsCountQuery = graphql(`
  query RunsCount {
    runs(first: 1) {
      totalCount
    }
  }
`);

/** An empty second list means little while runs wait above it; with no run at all it is the place to begin. */
function NoOtherRuns() {
  const [{ data }] = useQuery({ query: RunsCountQuery });
  const mayStart = useMay("OPERATE");
  if (!data) return null;
  if (data.runs.totalCount > 0) {
    return (
      <Text c="dimmed" size="sm">
        No other runs.
      </Text>
    );
  }
  return (
    <EmptyPanel
      title="No runs yet"
      action={
        mayStart && <Button renderRoot={(rootProps) => <Link to="/runs/new" {...rootProps} />}>Start a run</Button>
      }
    >
      {mayStart
        ? "Start one: choose a pipeline, describe what you are after, and Sluice makes the first candidates."
        : "They appear here by themselves once an operator starts one."}
    </EmptyPanel>
  );
}

/** Runs that wait for a person. One that has done so for too long stands above them. */
function WaitingRuns() {
  const alarmed = useAlarmedRuns();
  const above = [...alarmed.values()].filter((status) => status === "WAITING_FOR_APPROVAL").length;
  return (
    <RunsList
      status={WAITING}
      without={alarmed}
      empty={null}
      loading={null}
      frame={(rows, count) => (
        <Section title="Needs a decision" note={`${count - above} waiting`}>
          {rows}
        </Section>
      )}
    />
  );
}

/** Under the heading of the page they are simply the runs; they are "other" ones only where some stand above them. */
function OtherRuns() {
  const waiting = useHasRuns(WAITING);
  const alarmed = useAlarmedRuns();
  return (
    <RunsList
      status={OTHERS}
      without={alarmed}
      empty={<NoOtherRuns />}
      loading={<RowsSkeleton />}
      frame={(rows) => <Section {...(waiting || alarmed.size > 0 ? { title: "All other runs" } : {})}>{rows}</Section>}
    />
  );
}

interface SectionProps {
  readonly title?: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

function Section({ title, note, children }: SectionProps) {
  return (
    <section aria-label={title ?? "All runs"}>
      {title !== undefined && (
        <Group gap="sm" mb="xs" align="baseline">
          <Title order={2} size="h5">
            {title}
          </Title>
          {note !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {note}
            </Text>
          )}
        </Group>
      )}
      <Paper withBorder radius="lg" style={{ overflow: "hidden" }}>
        {children}
      </Paper>
    </section>
  );
}
