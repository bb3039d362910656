import { Anchor, Button, Container, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useMay } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";
import { RowsSkeleton, type RunsFilter, RunsList, useHasRuns } from "./runs-list.tsx";
import { RunsLive } from "./runs-live.tsx";

/** Short, however many there are: what waits for a decision is to be seen below it. */
const ALARMED: RunsFilter = { needsAttention: true, pageSize: 10 };
const WAITING: RunsFilter = { status: ["WAITING_FOR_APPROVAL"], needsAttention: false };
const OTHERS: RunsFilter = {
  status: ["RUNNING", "COMPLETED", "REJECTED", "FAILED", "ABORTED"],
  needsAttention: false,
};

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
          <AlarmedRuns />
          <WaitingRuns />
          <OtherRuns />
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

/** Runs with an alert that nobody has acknowledged. */
function AlarmedRuns() {
  return (
    <RunsList
      filter={ALARMED}
      silent
      frame={(rows, count) => (
        <Section
          title="Needs attention"
          note={
            <Anchor renderRoot={(rootProps) => <Link to="/alerts" {...rootProps} />} size="sm">
              {counted(count, "run")} with alerts
            </Anchor>
          }
        >
          {rows}
        </Section>
      )}
    />
  );
}

/** Runs that wait for a person. One that has done so for too long stands above them. */
function WaitingRuns() {
  return (
    <RunsList
      filter={WAITING}
      silent
      frame={(rows, count) => (
        <Section title="Needs a decision" note={`${count} waiting`}>
          {rows}
        </Section>
      )}
    />
  );
}

/** Under the heading of the page they are simply the runs; they are "other" ones only where some stand above them. */
function OtherRuns() {
  const alarmed = useHasRuns(ALARMED);
  const waiting = useHasRuns(WAITING);
  return (
    <RunsList
      filter={OTHERS}
      empty={<NoOtherRuns />}
      loading={<RowsSkeleton />}
      frame={(rows) => <Section {...(alarmed || waiting ? { title: "All other runs" } : {})}>{rows}</Section>}
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
